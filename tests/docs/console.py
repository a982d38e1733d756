"""Does what a page of the manual tells its reader to do, and holds the answers to what the page shows.

What is done, in order, in an empty folder:

- Fences of the language `console` (```` ```console ```` or ```` ```{code-block} console ````). A line that starts
  with `$ ` is a command, lines that start with `> ` go on with it; the lines up to the next command are what the
  page says is answered (both streams). Nothing there: only the exit code is looked at. It must be 0, unless the
  answer that is shown has a line that starts with `Error: `; then it must not be.
- A fence with `:caption: NAME`: a file of that name is written.
- A comment `% $ command` (`<!-- $ command -->`) on a line of its own: a command that readers do not see; `% $ ^C`
  stops the server.

Fences of other languages (`sh`, `text`, `json`) are only shown. `NAME=value` stays set for later commands. Of
`make TARGET` only the target is looked up: tests do not start the tests.
`lrs serve` and `lrs demo` go on in the background, once they are ready, until the next of them or the end of the
page; they listen on a free port, for which `127.0.0.1:8000` stands in the page.

`tests.docs.answers` says how answers are compared.
"""

from __future__ import annotations

import math
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.answers import TOKEN, pattern_of

MAKEFILE = Path(__file__).parents[2] / "Makefile"
PATIENCE_S = 60
GRACE_S = 5
SHOWN_ADDRESS = "127.0.0.1:8000"

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?::caption: *(?P<file>\S+)\n\n?)?(?P<body>.*?)^(?P=ticks)$"
    r"|^(?:%|<!--) \$ (?P<hidden>.*?)(?: *-->)?$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Step:
    """A command and what the page shows as its answer; or, with `file`, a file and its content."""

    text: str
    answer: str = ""
    file: str = ""


def steps_of(page: str) -> list[Step]:
    """Everything that a page has done. Empty when nothing in it is marked."""
    steps: list[Step] = []
    for fence in _FENCE.finditer(page):
        if fence["hidden"]:
            steps.append(Step(fence["hidden"]))
        elif fence["file"]:
            steps.append(Step(fence["body"], file=fence["file"]))
        elif fence["info"].strip() in ("console", "{code-block} console"):
            steps += _commands(fence["body"])
    return steps


def _commands(block: str) -> Iterator[Step]:
    command: list[str] = []
    answer: list[str] = []
    for line in [*block.splitlines(), "$ "]:
        if line.startswith("$ "):
            if command:
                yield Step("\n".join(command), "\n".join(answer))
            command, answer = [line[2:]], []
        elif line.startswith(">") and not answer:
            command.append(line[2:])
        else:
            answer.append(line)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Reader:
    """Somebody at a terminal, in a folder, who follows a page."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    real: dict[str, str] = field(default_factory=dict)
    """What was really answered, by what the page shows."""
    variables: list[str] = field(default_factory=list)

    def follow(self, step: Step) -> None:
        """Do what a step says. Raises `AssertionError` where the page is wrong."""
        text = self._own(step.text)
        if step.file:
            file = self.folder / step.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        elif text == "^C":
            self.close()
        elif target := re.match(r"make (\w+)", text):
            assert f"\n{target[1]}:" in MAKEFILE.read_text("utf-8"), (
                f"$ {step.text}\nThere is no such target."
            )
        elif re.match(r"lrs (serve|demo)\b", text):
            self._serve(text, step)
        else:
            self._run(text, step)

    def close(self) -> None:
        """Stop the server, if one runs."""
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)  # it leads its own group: itself and its workers
                self.server.wait(PATIENCE_S)
            self.server = None

    def _own(self, text: str) -> str:
        """The text of the page as this reader has to type it."""
        for shown in TOKEN.finditer(text):
            if shown.lastgroup not in ("blank", "dots", "bar"):
                self.real.setdefault(shown[0], shown[0])
        for shown_text, real in self.real.items():
            text = text.replace(shown_text, real)
        return text.replace(SHOWN_ADDRESS, f"127.0.0.1:{self.port}")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
        path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
        return {**kept, "PATH": path, "HOME": str(self.folder), "LRS_PORT": str(self.port)}

    def _run(self, text: str, step: Step) -> None:
        if re.fullmatch(r"[A-Z_]+=\S*", text):
            self.variables.append(text)
        done = subprocess.run(
            ["bash", "-c", "\n".join([*self.variables, text])],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
        answer = done.stdout.decode()
        fails = re.search(r"^Error: ", step.answer, re.MULTILINE) is not None
        assert (done.returncode != 0) is fails, f"$ {step.text}\nended with {done.returncode}:\n{answer}"
        if step.answer.strip():
            self._compare(step, answer)

    def _serve(self, text: str, step: Step) -> None:
        self.close()
        log = self.folder / ".server.log"
        with log.open("wb") as output:
            self.server = subprocess.Popen(
                ["bash", "-c", f"exec {text}"],
                cwd=self.folder,
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self.server.poll() is None, f"$ {step.text}\nended:\n{log.read_text()}"
            assert time.monotonic() < end, f"$ {step.text}\nis not ready:\n{log.read_text()}"
        if step.answer.strip():
            self._compare(Step(step.text, step.answer + "…"), log.read_text())

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=5):
                return True
        except OSError:
            time.sleep(0.02)  # between two looks; what ends the wait is the answer
            return False

    def _compare(self, step: Step, answer: str) -> None:
        answer = answer.replace(f"127.0.0.1:{self.port}", SHOWN_ADDRESS).strip()
        shown = step.answer.strip()
        pattern, tokens = pattern_of(shown)
        match = re.fullmatch(pattern, answer, re.DOTALL)
        assert match, f"$ {step.text}\nThe page shows:\n{shown}\n\nThe answer is:\n{answer}"
        for (kind, text), real in zip(tokens, match.groups(), strict=True):
            if kind == "number":
                assert math.isclose(float(text), float(real), abs_tol=0.01), (
                    f"$ {step.text}\n{text}, really {real}"
                )
            elif kind == "time":
                self.real[text] = real
            else:
                assert self.real.setdefault(text, real) == real, (
                    f"$ {step.text}\n{text} stands for two things"
                )
