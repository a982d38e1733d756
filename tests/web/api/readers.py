"""The record of readers, kept in memory."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest


def record_readers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(subject, what) of every line that is written from now on."""
    lines: list[tuple[str, str]] = []

    def info(_event: str, *, subject: str, what: str, **_: Any) -> None:
        lines.append((subject, what))

    monkeypatch.setattr("lrs.web.api.base.audit_log", lambda: SimpleNamespace(info=info))
    return lines
