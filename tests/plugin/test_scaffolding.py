from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrs.errors import PluginError
from lrs.plugin.scaffolding import write_plugin

PACKAGE = {
    "README.md",
    "pyproject.toml",
    "setup.cfg",
    "lrs_juggling/__init__.py",
    "lrs_juggling/alignment.yaml",
    "lrs_juggling/examples.json",
    "lrs_juggling/rubric.yaml",
    "tests/test_juggling.py",
}


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_package_is_whole(tmp_path: Path) -> None:
    written = write_plugin("juggling", tmp_path)
    assert files_in(tmp_path / "juggling") == PACKAGE
    assert {path.relative_to(tmp_path / "juggling").as_posix() for path in written} == PACKAGE


def test_a_folder_of_data_has_the_three_files_alone(tmp_path: Path) -> None:
    write_plugin("juggling", tmp_path, data_only=True)
    assert files_in(tmp_path) == {
        f"juggling/{name}" for name in ("rubric.yaml", "alignment.yaml", "examples.json")
    }


@pytest.mark.parametrize("data_only", [True, False])
def test_no_place_is_left_unfilled(tmp_path: Path, data_only: bool) -> None:
    for path in write_plugin("street_craft", tmp_path, data_only=data_only):
        assert "@" not in path.read_text("utf-8").replace("@https://academy.example", "").replace(
            "@pytest.mark", ""
        ).replace("@hookimpl", "")


def test_the_tests_that_are_written_pass(tmp_path: Path) -> None:
    write_plugin("street_craft", tmp_path)
    folder = tmp_path / "street_craft"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "8 passed" in done.stdout


@pytest.mark.parametrize(
    "name",
    ["", "Juggling", "7up", "ball-game", "class", "a b", "../up", "ü", "_hidden", "a" * 61, "juggling\n"],
)
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PluginError, match="cannot be the name of a plugin"):
        write_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="already"):
        write_plugin("juggling", tmp_path, taken={"juggling"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_there_is_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "juggling").mkdir()
    with pytest.raises(PluginError, match="is there already"):
        write_plugin("juggling", tmp_path)
    assert list(tmp_path.rglob("*")) == [tmp_path / "juggling"]


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.write_text

    def full_disk(self: Path, text: str, encoding: str) -> int:
        if self.name == "setup.cfg":
            raise OSError(28, "No space left on device")
        return whole(self, text, encoding)

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(PluginError, match="No space left on device"):
        write_plugin("juggling", tmp_path)
    assert list(tmp_path.iterdir()) == []
