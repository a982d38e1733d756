"""`lrs plugin new` and `lrs plugin check`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Lrs


def test_what_is_written_is_told_file_by_file(lrs: Lrs) -> None:
    code, out, err = lrs("plugin", "new", "juggling", "--data-only")
    assert code == 0
    assert out.splitlines() == [
        f"juggling/{name}" for name in ("alignment.yaml", "examples.json", "rubric.yaml")
    ]
    assert err == "Next: change these files, then lrs plugin check juggling.\n"


def test_a_plugin_of_data_is_good_as_it_is_written(lrs: Lrs) -> None:
    lrs("plugin", "new", "juggling", "--data-only")
    code, out, _ = lrs("plugin", "check", "juggling", "--json")
    assert code == 0
    assert {check["state"] for check in json.loads(out)} == {"good"}


def test_a_package_is_good_as_it_is_written_and_installed(lrs: Lrs, tmp_path: Path) -> None:
    lrs("plugin", "new", "juggling")
    target = tmp_path / "target"
    target.mkdir()
    build = ["build", "--build-lib", str(target), "egg_info", "--egg-base", str(target)]
    install = [sys.executable, "-c", "from setuptools import setup; setup()", "-q", *build]
    subprocess.run(install, cwd=tmp_path / "juggling", capture_output=True, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "lrs", "plugin", "check", "juggling", "--json"],
        env={"PYTHONPATH": str(target)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {check["state"] for check in json.loads(done.stdout)} == {"good"}


def test_the_name_of_a_plugin_that_is_installed_is_refused(lrs: Lrs, tmp_path: Path) -> None:
    code, _, err = lrs("plugin", "new", "communication")
    assert code == 1
    assert "There is a plugin 'communication' already." in err
    assert not (tmp_path / "communication").exists()


def test_what_is_bad_is_told_and_ends_with_1(lrs: Lrs, tmp_path: Path) -> None:
    lrs("plugin", "new", "juggling", "--data-only")
    file = tmp_path / "juggling" / "examples.json"
    file.write_text(file.read_text("utf-8").replace('"rating": 5,', '"rating": 6,'), "utf-8")
    code, out, _ = lrs("plugin", "check", "juggling")
    assert code == 1
    assert "bad   examples   1 of 5 are not as they must be." in out
    assert "→ a rating of a ride-along counts: rating of evidence 1: expected 6, found 5.0" in out


def test_the_folders_and_tables_of_the_settings_are_in_force(lrs: Lrs, tmp_path: Path) -> None:
    lrs("plugin", "new", "juggling", "--data-only")
    settings = 'plugin_folders = ["juggling"]\n[plugins.juggling]\nshapes_off = ["ride-along"]\n'
    (tmp_path / "rapport.toml").write_text(settings, "utf-8")
    code, out, _ = lrs("plugin", "check", "juggling", "--json")
    found = {check["check"]: check for check in json.loads(out)}
    assert code == 1
    assert found["examples"]["details"][0].startswith(
        "a rating of a ride-along counts: expected 1 of evidence, found 0"
    )
