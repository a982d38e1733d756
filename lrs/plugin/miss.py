"""Why a rule does not match a statement."""

from __future__ import annotations

from collections.abc import Iterable


class Miss(Exception):
    """Raised while a rule is tried; its text is the reason, for a vendor. It never leaves the host."""


def short(iri: str) -> str:
    """The last part of an IRI, which is what people call it: `checklist-item`."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] or iri


def either(values: Iterable[object]) -> str:
    """`'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`."""
    quoted = [f"'{str(value).lower() if isinstance(value, bool) else value}'" for value in values]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
