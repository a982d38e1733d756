"""The real server, as an operator runs it: `lrs serve` in processes of its own, on a free port of loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_PATIENCE_S = 60


class Server:
    """A server over one store, a file in its folder unless a URL is given, which can be killed and started again."""

    def __init__(self, folder: Path, store: str = "", **settings: str) -> None:
        self.folder = folder
        self.store = store or f"sqlite:///{folder / 'served.db'}"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
        self.environ = {
            **kept,
            "LRS_STORE": self.store,
            "LRS_PORT": str(self.port),
            "LRS_LOG_LEVEL": "error",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def lrs(self, *arguments: str) -> str:
        """Run a command on the same store; its standard output."""
        command = [sys.executable, "-m", "lrs", *arguments]
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE_S,
        )
        return done.stdout

    def key(self, *scopes: str) -> tuple[str, str]:
        """A new key, as (id, secret)."""
        name = f"key {time.monotonic_ns()}"
        given = [part for scope in scopes for part in ("--scope", scope)]
        made = json.loads(self.lrs("key", "create", "--name", name, *given, "--json"))
        return made["id"], made["secret"]

    def start(self) -> None:
        """Start, and wait until it takes requests."""
        command = [sys.executable, "-m", "lrs", "serve"]
        # A session of its own, so that the whole of it can be killed at once.
        self._process = subprocess.Popen(command, env=self.environ, cwd=self.folder, start_new_session=True)
        end = time.monotonic() + _PATIENCE_S
        while not self.answers("/ready"):
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"lrs serve did not come up (exit code {self._process.poll()})")
            time.sleep(0.02)

    def answers(self, path: str) -> bool:
        """Whether it answers 200 there."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> list[int]:
        """It and its workers, where the system tells (`/proc`)."""
        assert self._process is not None
        first = self._process.pid
        workers = Path(f"/proc/{first}/task/{first}/children").read_text("ascii")
        return [first, *map(int, workers.split())]

    def stop(self) -> int:
        """Ask it to stop, as a service manager would; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(_PATIENCE_S)

    def kill(self) -> None:
        """Kill −9 it and its workers, wherever they are."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_PATIENCE_S)


@contextlib.contextmanager
def serving(folder: Path, store: str = "", **settings: str) -> Iterator[Server]:
    """An initialised store and a running server over it."""
    server = Server(folder, store, **settings)
    server.lrs("init")
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
