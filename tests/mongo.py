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
from collections.abc import Iterator, Sequence
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


def why_none() -> str:
    """Why there is no MongoDB at all to test on; empty where there is."""
    if _GIVEN or _COMMAND.exists():
        return ""
    return "no MongoDB to test on: set LRS_TEST_MONGO_URI, or install the extra `test`, which brings a server"


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
        if none := why_none():
            raise Missing(none)
        folder = self._folder / topology.replace(" ", "-")
        folder.mkdir()
        return OwnServer(folder, topology)

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


class OwnServer(Server):
    """A process that speaks MongoDB's wire protocol, on a free port of loopback, with a folder of its own."""

    def __init__(self, folder: Path, topology: str, *options: str) -> None:
        self.port = _free_port()
        super().__init__(f"mongodb://127.0.0.1:{self.port}/")
        self._folder = folder
        self._log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None
        self.options = ["--standalone", *options] if topology == TOPOLOGIES[1] else list(options)
        self.start()

    def start(self) -> None:
        """Start, on the same port and folder as ever, and wait until it answers."""
        # A file of settings, which is empty: else it looks for one on the machine.
        settings = self._folder / "settings.toml"
        settings.touch()
        command = [_COMMAND, "--config", settings, "--storage-path", self._folder / "data"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "ERROR"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self.options], cwd=self._folder, stdout=log, stderr=log
            )
        try:
            self._wait(self._process)
        except BaseException:
            self.close()
            raise

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _PATIENCE_S
        with MongoClient(self.uri, serverSelectionTimeoutMS=50) as client:
            while not _answers(client):
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"{_COMMAND.name} did not come up: {self._log.read_text()}")
                time.sleep(0.02)

    def kill(self) -> None:
        """Kill −9 it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_PATIENCE_S)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new database, which is dropped afterwards."""
        with super().database() as url:
            try:
                yield url
            finally:
                # It cannot drop what an unfinished transaction holds, and asks for it without end.
                forget_the_dead(url)

    @contextlib.contextmanager
    def refusing(self, code: int, commands: Sequence[str], **mode: int) -> Iterator[None]:
        """Meanwhile commands of these names that Rapport sends fail with this code; `mode` says which of them.

        By MongoDB's own means, for which it takes the option `--enable-test-commands`.
        """
        data = {"failCommands": list(commands), "errorCode": code, "appName": "rapport"}
        fail = {"configureFailPoint": "failCommand", "mode": mode or "alwaysOn", "data": data}
        self.client.admin.command(fail)
        try:
            yield
        finally:
            self.client.admin.command({**fail, "mode": "off"})

    def close(self) -> None:
        """End it. Nobody wants what it holds, and to put that away it would take seconds."""
        super().close()
        self.kill()


@contextlib.contextmanager
def own_server(folder: Path, topology: str, *options: str) -> Iterator[OwnServer]:
    """A server for tests that kill it, or worse. Raises `Missing` where none can be started."""
    if not _COMMAND.exists():
        raise Missing(
            "this takes a MongoDB that can be killed: install the extra `test`, which brings a server"
        )
    server = OwnServer(folder, topology, *options)
    try:
        yield server
    finally:
        server.client.close()
        server.kill()


def forget_the_dead(url: str) -> None:
    """Let it be over at once what processes that are dead now were writing into a store.

    In life that is so after a minute: transactions end then, and without them the time of who writes. On a server of
    yours nothing is done: a test takes the minute.
    """
    if not url.startswith("mongodb") or _GIVEN:
        return
    with MongoClient[dict[str, Any]](url) as client:
        client.admin.command("killAllSessions", [])
        client.get_default_database()["clock"].update_one({"_id": "clock"}, {"$set": {"until": 0}})


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
