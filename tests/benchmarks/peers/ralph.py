"""Ralph: installed once into an environment of its own, and served as its makers tell to, with one worker.

Nothing of it is changed but where its files are, which store it uses, and that its store of files appends
(`inside_ralph/on_files.py`). Passwords are hashed as it comes (bcrypt, 12 rounds), and who has signed in is remembered
as it comes (an hour).
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.output import say
from tests.benchmarks.server import Server, running

# Its API imports `requests`, which none of these extras brings.
REQUIREMENTS = ("ralph-malph[lrs,cli]==5.1.0", "requests>=2")
"""What is installed from the package registry."""
PATH = "/xAPI/statements/"
"""Where statements are posted to, and asked for."""
STORES = ("files", "dict")
"""On what its API stands: its own store of files, or a dictionary."""

_INSIDE = Path(__file__).with_name("inside_ralph")
_USER, _PASSWORD = "vendor", "of-a-benchmark-on-loopback"


class Ralph:
    """What is installed, and how to serve it."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes its environment and its files."""
        self._folder = folder
        self._bin = folder / ".venv" / "bin"

    def install(self) -> str:
        """Install it, unless it is there; its version and that of what serves it."""
        stamp = self._folder / ".venv" / "installed"
        wanted = " ".join(REQUIREMENTS)
        if not stamp.exists() or stamp.read_text("utf-8") != wanted:
            say(f"Installing {wanted} into {self._folder}, once …")
            self._folder.mkdir(parents=True, exist_ok=True)
            self._call(sys.executable, "-m", "venv", str(self._folder / ".venv"))
            pip = [
                str(self._bin / "python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]
            self._call(*pip, *REQUIREMENTS)
            stamp.write_text(wanted, "utf-8")
        self._make_user()
        told = "from importlib.metadata import version as v; import sys; " + (
            "print('Ralph', v('ralph-malph') + ', uvicorn', v('uvicorn') + ', FastAPI', v('fastapi')"
            " + ', CPython', sys.version.split()[0])"
        )
        return self._call(str(self._bin / "python"), "-c", told).strip()

    @contextmanager
    def serving(self, store: str, core: int | None) -> Iterator[Server]:
        """One worker over one of `STORES`, empty at first; it has a log line for each request, as ours."""
        files = self._folder / "store"
        files.mkdir(exist_ok=True)
        for one in (*files.iterdir(), self._folder / "history.json"):
            one.unlink(missing_ok=True)
        app = "in_dict:create_app" if store == "dict" else "on_files:create_app"
        command = [str(self._bin / "python"), "-m", "uvicorn", "--factory", app]
        command += ["--host", "127.0.0.1", "--workers", "1"]
        environment = {**self._environment(), "PYTHONPATH": str(_INSIDE)}
        if store == "dict":
            environment["RALPH_RUNSERVER_BACKEND"] = "dict"
        log = self._folder / f"{store}.log"
        with running([*command, "--port"], core, log, environment, ready="/__lbheartbeat__") as server:
            yield server

    def headers(self) -> Mapping[str, str]:
        """What every request brings."""
        token = base64.b64encode(f"{_USER}:{_PASSWORD}".encode()).decode()
        return {
            "Authorization": f"Basic {token}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        }

    def _make_user(self) -> None:
        (self._folder / "auth.json").unlink(missing_ok=True)
        command = [str(self._bin / "ralph"), "auth", "--username", _USER, "--password", _PASSWORD]
        command += ["--scope", "all", "--agent-ifi-mbox", "mailto:vendor@lrs.example", "--write-to-disk"]
        self._call(*command)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LRS_", "RALPH_", "PYTHON"))
        }
        return {
            **kept,
            "RALPH_APP_DIR": str(self._folder),
            "RALPH_RUNSERVER_BACKEND": "fs",
            "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(self._folder / "store"),
        }

    def _call(self, *command: str) -> str:
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchmarkError(
                f"{_shown(command)} failed ({done.returncode}):\n{done.stderr[-2000:]}{done.stdout[-2000:]}"
            )
        return done.stdout


def _shown(command: Sequence[str]) -> str:
    return " ".join(command[:3])
