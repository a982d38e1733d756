"""The servers that are driven: started, pinned, watched, and stopped by their id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.client import Address
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.processes import cpu_s, family, memory_bytes, pinned

_ROOT = Path(__file__).resolve().parents[2]
_HOST = "127.0.0.1"
_PATIENCE_S = 30.0
BASE_URL = "https://lrs.example"
"""What the server is called must not depend on its port: the authority of each statement holds it."""


class Server:
    """A server that runs: where it is, and what it has used."""

    def __init__(self, process: subprocess.Popen[bytes], address: Address) -> None:
        self.address = address
        self._process = process
        self._family = family(process.pid)

    @property
    def worker(self) -> int:
        """Id of the process that answers: of all that the server started, if any, the one with the most memory."""
        return max(self._family[1:] or self._family, key=lambda pid: memory_bytes(pid) or 0)

    def cpu_s(self) -> float:
        """Seconds of processor time that it has used."""
        return cpu_s(self._family)


@contextmanager
def rapport(store: Path, core: int | None, log: Path) -> Iterator[Server]:
    """`lrs serve` with one worker over this store, all other settings as they come; its log goes into a file."""
    environment = settings(store)
    command = [sys.executable, "-m", "lrs", "serve", "--workers", "1", "--port"]
    with running(command, core, log, environment) as it:
        yield it


@contextmanager
def bare_echo(core: int | None, log: Path, *, page_bytes: int = 0) -> Iterator[Server]:
    """The bare Flask views of `echo`."""
    command = [sys.executable, "-m", "tests.benchmarks.echo", str(page_bytes)]
    with running(command, core, log, settings(None)) as it:
        yield it


def settings(store: Path | None) -> dict[str, str]:
    """The environment of a process of ours: nothing of the caller's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
    # The modules of this package, and what they measure, are those of this checkout; settings must not be.
    kept["PYTHONPATH"] = str(_ROOT)
    if store is not None:
        kept |= {"LRS_STORE": f"sqlite:///{store.resolve()}", "LRS_BASE_URL": BASE_URL}
    return kept


@contextmanager
def running(
    command: Sequence[str],
    core: int | None,
    log: Path,
    environment: Mapping[str, str],
    *,
    ready: str = "/ready",
) -> Iterator[Server]:
    """A server that a command starts, to which a free port is added; it is there once `ready` is answered.

    Raises `BenchmarkError` when that takes too long.
    """
    port = free_port()
    # What is started stands on the core of who starts it.
    with log.open("ab") as file, pinned(core):
        process = subprocess.Popen(
            [*command, str(port)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            cwd=log.parent,
            env=environment,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://{_HOST}:{port}{ready}", process, log)
        yield Server(process, (_HOST, port))
    finally:
        _stop(process)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((_HOST, 0))
        return int(sock.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    said = log.read_text("utf-8", "replace")[-2000:]
    raise BenchmarkError(f"The server did not answer on {url}. It said:\n{said}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; when it does not, end the session that was started for it, and nothing else."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
