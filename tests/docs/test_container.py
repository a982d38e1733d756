"""The container file is of this tree. There is no engine to build it with: what it says is held to what there is."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from lrs.cli.main import group
from lrs.config import load
from tests.serving import Server, serving

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "examples" / "container" / "Containerfile"


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name and what follows, continued lines joined."""

    name: str
    text: str

    @property
    def command(self) -> list[str]:
        """The words of a command in its form as JSON."""
        words: list[str] = json.loads(self.text[self.text.index("[") :])
        return words


def instructions() -> list[Instruction]:
    text = re.sub(r"^#.*\n", "", FILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def said(name: str) -> list[str]:
    return [one.text for one in instructions() if one.name == name]


def last(name: str) -> Instruction:
    return [one for one in instructions() if one.name == name][-1]


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def copied() -> set[str]:
    """What is copied from the checkout."""
    return {source for text in said("COPY") if "--from" not in text for source in text.split()[:-1]}


def variables() -> dict[str, str]:
    return dict(pair.split("=", 1) for text in said("ENV") for pair in shlex.split(text))


def test_everything_that_is_copied_is_there() -> None:
    assert copied()
    assert [source for source in copied() if not (ROOT / source).exists()] == []


def test_everything_that_installing_needs_is_copied() -> None:
    cfg = setup()
    named = {cfg["metadata"]["license_files"], cfg["metadata"]["long_description"].partition(": ")[2]}
    folders = {
        line.partition("= ")[2].split("/")[0] for line in cfg["options"]["package_dir"].split("\n") if line
    }
    assert named | folders | {"setup.cfg", "pyproject.toml"} <= copied()


def test_what_it_runs_is_a_command_of_ours() -> None:
    script, subcommand = last("CMD").command
    assert f"{script} = lrs.cli:main" in setup()["options.entry_points"]["console_scripts"]
    assert subcommand in group.list_commands(None)  # type: ignore[arg-type]
    # Where it is installed is where it is looked for.
    (folder,) = re.findall(r"-m venv (\S+)", " ".join(said("RUN")))
    assert any(text.split() == ["--from=build", folder, folder] for text in said("COPY"))
    assert variables()["PATH"].startswith(f"{folder}/bin:")


def test_it_does_not_run_as_root() -> None:
    user = last("USER").text.partition(":")[0]
    assert user.isdigit()
    assert int(user) > 0
    assert f"chown {last('USER').text} {last('VOLUME').text}" in " ".join(said("RUN"))


def test_its_settings_are_settings_and_the_store_is_on_the_volume() -> None:
    config = load({name: value for name, value in variables().items() if name.startswith("LRS_")})
    assert config.store.startswith(f"sqlite:///{last('VOLUME').text}/")
    assert str(config.port) == last("EXPOSE").text


def test_nothing_is_downloaded_after_it_is_built() -> None:
    stages = FILE.read_text("utf-8").split("\nFROM ")
    assert not re.search(r"\b(pip|apt-get|curl|wget)\b", stages[-1])


@pytest.mark.slow
def test_the_health_check_tells_whether_the_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert _checked(server) == 0
        server.kill()
        assert _checked(server) == 1


def _checked(server: Server) -> int:
    check = last("HEALTHCHECK")
    program, *arguments = check.command
    assert program == "python"
    here = [word.replace(f":{last('EXPOSE').text}/", f":{server.port}/") for word in arguments]
    assert here != arguments
    done = subprocess.run([sys.executable, *here], env=dict(os.environ), capture_output=True, check=False)
    return done.returncode
