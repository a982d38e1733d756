"""What evidence was seen in, where a rule says where that is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from lrs.plugin.miss import Miss
from lrs.plugin.view import StatementView
from lrs.xapi.jsonpath import compile_path

EncounterOf = Callable[[StatementView], str]
"""What a statement was seen in: one encounter, one vote. Raises `Miss`."""


def encounter_reader(stated: Mapping[str, Any] | None) -> EncounterOf:
    """Finds the encounter at the path that a rule states; what a view takes for it when it states none.

    Raises `ValueError` for a path that is none.
    """
    if stated is None:
        return attrgetter("encounter")
    path: str = stated["path"]
    or_default = bool(stated.get("or_default", False))
    find = compile_path(path)

    def read(view: StatementView) -> str:
        found = find(view.statement)
        if not found and or_default:
            return view.encounter
        names = {_name(each) for each in found}
        if len(names) != 1 or None in names:
            stands = "nothing" if not found else f"{len(found)} values" if len(found) > 1 else "no name"
            raise Miss(f"the encounter is to stand at {path} as text or a number, and there is {stands}")
        return str(names.pop())

    return read


def _name(found: object) -> str | None:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return str(found).strip() or None
