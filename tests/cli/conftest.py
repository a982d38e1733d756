"""Run commands as a user would, on a store of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from lrs.cli.main import main

Lrs = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lrs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Lrs:
    """Runs `lrs …` in an empty folder; answers (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LRS_STORE", f"sqlite:///{tmp_path / 'cli.db'}")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["lrs", *arguments])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as exc:
            code = int(exc.code or 0)
        except click.exceptions.Exit as exc:
            code = exc.exit_code
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.fixture
def ready(lrs: Lrs) -> Lrs:
    """The same, over a store that `lrs init` has made."""
    assert lrs("init")[0] == 0
    return lrs
