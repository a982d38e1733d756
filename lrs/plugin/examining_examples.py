"""The examples of a plugin, `examples.json`: statements with the evidence that must be found in each.

{"examples": [
    {"name": "a rating counts", "statement": {...}, "evidence": [{"indicator": "…", "rating": 5, "tier": "field"}]},
    {"name": "a draft does not", "statement": {...}, "evidence": []}
]}

Of a statement only what matters need be there: the rest is filled in as by `lrs.plugin.testing.statement`. Of a piece
of evidence, the members that are given are compared. The pieces stand in the order in which they are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Final

from lrs.competency.evidence import Evidence
from lrs.errors import Detail, PluginError
from lrs.plugin.files import Document, find_document, names_of
from lrs.plugin.testing import statement
from lrs.wording import shown
from lrs.xapi.statement import Statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

FILE: Final = "examples"
"""Name of the file, before `.json`, `.yaml` or `.yml`."""

_MEMBERS: Final = frozenset(Evidence._fields)


@dataclass(frozen=True, slots=True)
class Example:
    """A statement, and what must be found in it."""

    name: str
    statement: Statement
    """Whole: what the file leaves out is filled in."""
    evidence: tuple[Mapping[str, Any], ...]
    """One for each piece that must be found, in order, with the members that are compared."""


def examples_in(folder: Traversable) -> tuple[Example, ...]:
    """The examples of a folder; none when there is no such file.

    Raises `PluginError` that names file, line and path of everything that is wrong with it.
    """
    if not names_of(folder, FILE):
        return ()
    document = find_document(folder, FILE)
    listed = document.data.get("examples")
    with document.placing():
        if not isinstance(listed, list) or not listed:
            found = shown(listed) if "examples" in document.data else "missing"
            raise _wrong(document, [Detail("/examples", found, "a list of examples")])
        problems = [problem for place, each in enumerate(listed) for problem in _problems(place, each)]
        if problems:
            raise _wrong(document, problems)
    return tuple(_example(each) for each in listed)


def difference(example: Example, found: Sequence[Evidence]) -> str | None:
    """In what the evidence that was found is not that which must be; None when it is."""
    if len(found) != len(example.evidence):
        pieces = "; ".join(_in_short(each) for each in found) or "nothing"
        return f"expected {len(example.evidence)} of evidence, found {len(found)}: {pieces}"
    differing = [
        f"{name} of evidence {place}: expected {shown(value)}, found {shown(_plain(getattr(each, name)))}"
        for place, (wanted, each) in enumerate(zip(example.evidence, found, strict=True), 1)
        for name, value in wanted.items()
        if not _same(_plain(getattr(each, name)), value)
    ]
    return "; ".join(differing) or None


def _problems(place: int, entry: object) -> list[Detail]:
    path = f"/examples/{place}"
    if not isinstance(entry, dict):
        return [Detail(path, shown(entry), "an object with name, statement and evidence")]
    kinds = {"name": (str, "text"), "statement": (dict, "a statement"), "evidence": (list, "a list")}
    wrong = [
        Detail(f"{path}/{name}", shown(entry[name]) if name in entry else "missing", wanted)
        for name, (kind, wanted) in kinds.items()
        if not isinstance(entry.get(name), kind)
    ]
    wrong += [
        Detail(f"{path}/{name}", "unknown", f"one of {', '.join(kinds)}")
        for name in entry
        if name not in kinds
    ]
    return wrong or [*_in_evidence(path, entry["evidence"]), *_in_statement(path, entry["statement"])]


def _in_evidence(path: str, listed: list[Any]) -> list[Detail]:
    wrong = []
    for place, piece in enumerate(listed):
        if not isinstance(piece, dict):
            wrong.append(Detail(f"{path}/evidence/{place}", shown(piece), "an object: members of evidence"))
            continue
        wrong += [
            Detail(f"{path}/evidence/{place}/{name}", "unknown", f"one of {', '.join(sorted(_MEMBERS))}")
            for name in piece
            if name not in _MEMBERS
        ]
    return wrong


def _in_statement(path: str, members: dict[str, Any]) -> list[Detail]:
    whole = statement(**members)
    version = Version.V1 if str(whole.get("version", "")).startswith("1.") else Version.V2
    return [
        Detail(f"{path}/statement{problem.path}", problem.found, problem.expected)
        for problem in check_statement(whole, version)
    ]


def _example(entry: Mapping[str, Any]) -> Example:
    return Example(entry["name"], statement(**entry["statement"]), tuple(entry["evidence"]))


def _wrong(document: Document, problems: list[Detail]) -> PluginError:
    return PluginError(f"{document.name} is not valid.", problems)


def _plain(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, tuple) else value


def _same(found: Any, wanted: Any) -> bool:
    # 5 and 5.0 are one rating; True is none.
    return bool(found == wanted) and isinstance(found, bool) is isinstance(wanted, bool)


def _in_short(piece: Evidence) -> str:
    about = f"{piece.competency}/{piece.indicator or '-'}"
    return f"{about} {piece.rating} on {piece.scale}, {piece.tier}, rule {piece.rule}"
