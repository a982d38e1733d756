"""Plugins: what is loaded, what each found and since when it counts, what failed, what would be different."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint

from lrs.errors import Conflict, Detail, InvalidParameter
from lrs.services.access.permissions import Action
from lrs.services.generations import Listed
from lrs.services.quarantine import failure_as_dict
from lrs.stores.base import Kind
from lrs.web.dashboard.page import asked, asking, show
from lrs.web.state import rapport

_FAILURES = 100
_PIECES = 10
"""Pieces of evidence that are shown of each kind and person; `lrs plugin compare --json` has them all."""


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/plugins", "plugins", plugins)
    pages.add_url_rule("/plugins/<name>/comparison", "comparison", comparison)


def plugins() -> tuple[str, int]:
    """What is loaded, what counts, what failed."""
    services = rapport()
    listed = services.generations.listed()
    failures = services.quarantine.listed(limit=_FAILURES)
    return show(
        "plugins.html",
        title="Plugins",
        plugins=[one.as_dict() for one in services.plugins.plugins],
        others=_others(listed),
        generations=[one.as_dict() for one in listed],
        comparable=sorted({one.generation.source.plugin for one in listed if _comparable(one)}),
        failures=asking().shown(Action.READ_PLUGINS, [failure_as_dict(one) for one in failures]),
        failed=services.store.count_quarantined(),
    )


def comparison(name: str) -> tuple[str, int]:
    """What would be different if another generation counted: looked for when it is said which."""
    services = rapport()
    generations = [one for one in services.generations.listed(name) if _comparable(one)]
    against, found, error = None, None, None
    try:
        against = _against()
        if against is not None:
            found = _compared(name, against)
    except (Conflict, InvalidParameter) as exc:
        error = exc
    return show(
        "comparison.html",
        title=f"Comparison of plugin {name}",
        status=200 if error is None else 409 if isinstance(error, Conflict) else 400,
        name=name,
        generations=[one.as_dict() for one in generations],
        loaded=name in services.plugins.sources,
        against=against,
        found=found,
        error=error,
        most=_PIECES,
    )


def _compared(name: str, against: int) -> Mapping[str, Any]:
    """The comparison as one may see it, those whose verdict it shows written into the audit log."""
    services = rapport()
    found = services.comparing.compare(name, against=against)
    turned = {one.subject for one in found.turned}
    services.audit.read(asking(), "comparison", turned, plugin=name, against=against)
    return asking().shown(Action.READ_PLUGINS, found.as_dict())


def _against() -> int | None:
    text = asked("against")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**31:
        raise InvalidParameter(
            "The number of a generation is needed.", [Detail("against", text[:100], "a number ≥ 1")]
        )
    return int(text)


def _comparable(one: Listed) -> bool:
    """Rebuilt and complete: what a comparison can be made with."""
    return one.generation.kind is Kind.REBUILT and one.generation.through_us is not None


def _others(listed: Sequence[Listed]) -> dict[str, list[str]]:
    """By plugin: as what, other than as what it is loaded, it found evidence that counts."""
    loaded = {one.name: one.version for one in rapport().plugins.plugins}
    found: dict[str, set[str]] = {}
    for one in listed:
        source = one.generation.source
        if one.activation is not None and not one.loaded and one.generation.evidence:
            with_what = " with another configuration" if loaded.get(source.plugin) == source.version else ""
            found.setdefault(source.plugin, set()).add(f"version {source.version}{with_what}")
    return {name: sorted(versions) for name, versions in found.items()}
