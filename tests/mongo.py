"""MongoDB for tests: a server of yours (`LRS_TEST_MONGO_URI`), else one that the tests start for themselves.

A server of yours can be a cluster; the URI is one that `LRS_STORE` could be. Each test has a database of its own
there, with a random name, which is dropped afterwards; nothing else is touched.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

TOPOLOGIES = ("replica set", "standalone")
"""What we start for ourselves: a replica set of one, which has transactions, and a server that has none."""

_GIVEN = os.environ.get("LRS_TEST_MONGO_URI", "")
_COMMAND = Path(sys.executable).with_name("secantusd-py")
_PATIENCE_S = 60


class Missing(Exception):
    """There is no server of this kind to test on."""


class Servers:
    """One server of each topology, started when it is first asked for and stopped by `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Server] = {}

    def server(self, topology: str = "") -> Server:
        """The server that runs; any will do unless a topology is named. Raises `Missing` when there is no such."""
        wanted = topology or ("given" if _GIVEN else TOPOLOGIES[0])
        if wanted not in self._running:
            self._running[wanted] = self._started(wanted)
        return self._running[wanted]

    def _started(self, topology: str) -> Server:
        if _GIVEN:
            given = Server(_GIVEN)
            if topology in ("given", given.topology):
                return given
            given.close()
            raise Missing(f"LRS_TEST_MONGO_URI is a {given.topology}, and this is for a {topology}")
        if not _COMMAND.exists():
            raise Missing(
                "no MongoDB to test on: set LRS_TEST_MONGO_URI, or install the extra `test`, which brings a server"
            )
        folder = self._folder / topology.replace(" ", "-")
        folder.mkdir()
        return _OwnServer(folder, topology)

    def close(self) -> None:
        """Stop what was started."""
        for server in self._running.values():
            server.close()
        self._running.clear()


class Server:
    """A server that is there."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    @cached_property
    def client(self) -> MongoClient[dict[str, Any]]:
        """To look at databases, and to drop them."""
        return MongoClient(self.uri, serverSelectionTimeoutMS=_PATIENCE_S * 1000)

    @cached_property
    def topology(self) -> str:
        """One of `TOPOLOGIES`, or a sharded cluster."""
        hello = self.client.admin.command("hello")
        if hello.get("msg") == "isdbgrid":
            return "sharded cluster"
        return TOPOLOGIES[0 if "setName" in hello else 1]

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new database, which is dropped afterwards."""
        name = f"rapport_test_{uuid.uuid4().hex[:16]}"
        try:
            yield url_of(self.uri, name)
        finally:
            self.client.drop_database(name)

    def close(self) -> None:
        """Let go of it."""
        self.client.close()


class _OwnServer(Server):
    """A process that speaks MongoDB's wire protocol, on a free port of loopback, with a folder of its own."""

    def __init__(self, folder: Path, topology: str) -> None:
        port = _free_port()
        super().__init__(f"mongodb://127.0.0.1:{port}/")
        # A file of settings, which is empty: else it looks for one on the machine.
        settings = folder / "settings.toml"
        settings.touch()
        self._log = folder / "log.txt"
        command = [_COMMAND, "--config", settings, "--storage-path", folder / "data"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "ERROR"]
        command += ["--standalone"] if topology == TOPOLOGIES[1] else []
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    def _wait(self) -> None:
        end = time.monotonic() + _PATIENCE_S
        with MongoClient(self.uri, serverSelectionTimeoutMS=50) as client:
            while not _answers(client):
                if self._process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"{_COMMAND.name} did not come up: {self._log.read_text()}")
                time.sleep(0.02)

    def close(self) -> None:
        """Stop it."""
        super().close()
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_PATIENCE_S)


def url_of(uri: str, database: str) -> str:
    """A URI with another database; who logs in does so where they did."""
    scheme, _, rest = uri.partition("://")
    hosts, _, tail = rest.partition("/")
    before, _, options = tail.partition("?")
    if "@" in hosts and "authsource=" not in options.lower():
        options = "&".join(filter(None, [options, f"authSource={before or 'admin'}"]))
    return f"{scheme}://{hosts}/{database}{'?' if options else ''}{options}"


def _answers(client: MongoClient[dict[str, Any]]) -> bool:
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
