"""Conditions of a rule: data in, a quick test and a sentence for the one who failed it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lrs.plugin.aliases import Names
from lrs.plugin.miss import either, short
from lrs.plugin.view import StatementView
from lrs.xapi.jsonpath import compile_path

Value = str | int | float | bool
Read = Callable[[StatementView], tuple[Value, ...]]
Facet = tuple[str, tuple[str, ...]]
"""What takes few different values over many statements: `("object-type", ())`, `("context-extension", (key, …))`."""

_READERS: Mapping[str, Read] = {
    "object-id": lambda view: () if view.object_id is None else (view.object_id,),
    "object-type": lambda view: () if view.object_type is None else (view.object_type,),
    "interaction-type": lambda view: () if view.interaction_type is None else (view.interaction_type,),
    "actor-type": lambda view: (view.actor_type,),
    "category": lambda view: view.categories,
    "grouping": lambda view: view.groupings,
    "parent": lambda view: view.parents,
    "other": lambda view: view.others,
    "context-type": lambda view: view.context_types,
    "authority": lambda view: () if view.authority_key is None else (view.authority_key,),
    "platform": lambda view: tuple(filter(None, (view.context.get("platform"),))),
}
_FACETS = ("object-type", "interaction-type", "actor-type")
_FREE = ("context-extension", "result-extension", "path")
"""What holds any value: text there is compared without regard to case, and no value is an IRI of ours."""


class Condition(Protocol):
    """Something in a statement that must be so."""

    def holds(self, view: StatementView) -> bool:
        """Whether it is so."""

    def why_not(self, view: StatementView) -> str:
        """Why it is not so, for a vendor. Only asked when it does not hold."""


@dataclass(frozen=True, slots=True)
class Values:
    """One of some values must be there, or none of them may."""

    label: str
    read: Read
    wanted: bool | None
    """True: one of the values must be there; False: none of them may; None: nothing may be there."""
    values: frozenset[Value]
    prefixes: tuple[str, ...]
    or_absent: bool
    shown: tuple[Value, ...]
    """The values for people."""
    facet: Facet | None = None
    """What is looked at, where that is a facet: then whether it holds depends on nothing else."""

    def holds(self, view: StatementView) -> bool:
        """Whether it is so."""
        found = self.read(view)
        if not found:
            return self.or_absent
        if self.wanted is None:
            return False
        among = not self.values.isdisjoint(found) or (bool(self.prefixes) and self._begins(found))
        return among is self.wanted

    def why_not(self, view: StatementView) -> str:
        """Why it is not so: `mode is 'guided'; only 'graded' counts`. Only asked when it does not hold."""
        found = self.read(view)
        if self.wanted is None:
            return f"{self.label} is {either(found)}; it must be absent here"
        verb = "counts" if len(self.shown) == 1 else "count"
        only = f"only {either(self.shown)} {verb}"
        if not found:
            return f"{self.label} is absent; {only if self.wanted else 'it must be there'}"
        return f"{self.label} is {either(found)}; {only if self.wanted else 'that does not count here'}"

    def _begins(self, found: tuple[Value, ...]) -> bool:
        return any(isinstance(value, str) and value.startswith(self.prefixes) for value in found)


@dataclass(frozen=True, slots=True)
class Satisfies:
    """One of the values at a path must pass a test of its own: lie in a range, match a pattern."""

    label: str
    read: Read
    test: Callable[[Value], bool]
    wanted: str
    """What the test asks, for people: `at least 3`."""
    or_absent: bool

    def holds(self, view: StatementView) -> bool:
        """Whether it is so."""
        found = self.read(view)
        return any(map(self.test, found)) if found else self.or_absent

    def why_not(self, view: StatementView) -> str:
        """Why it is not so: `$.result.score.raw is '2'; it must be at least 3`."""
        found = self.read(view)
        stands = f"is {either(found)}" if found else "is absent"
        return f"{self.label} {stands}; it must be {self.wanted}"


def condition(data: Mapping[str, Any], names: Names) -> Values:
    """The condition that a rule states on one of some values, see `schemas/alignment.json#/$defs/condition`.

    Raises `ValueError` for a path that is none.
    """
    looked_at = data["the"]
    free = looked_at in _FREE
    listed: list[Value] = data.get("is", data.get("is_not", []))
    exact = [value for value in listed if not _is_prefix(value)]
    prefixes = [str(value)[:-1] for value in listed if _is_prefix(value)]
    return Values(
        label=_label(data),
        read=_reader(data, names),
        wanted=None if "is_absent" in data else "is" in data,
        values=frozenset(_folded(exact) if free else _with_variants(exact, names)),
        prefixes=tuple(prefix.casefold() if free else prefix for prefix in prefixes),
        or_absent=bool(data.get("or_absent", False)) or "is_absent" in data,
        shown=tuple(
            short(value) if isinstance(value, str) and not _is_prefix(value) else value for value in listed
        ),
        facet=_facet(data, names),
    )


def values_at(path: str, *, folded: bool) -> Read:
    """Reads the values at a path: of arrays, their elements; text without regard to case when `folded`.

    Raises `ValueError` for a path that is none.
    """
    find = compile_path(path)
    as_text = _fold if folded else str

    def read(view: StatementView) -> tuple[Value, ...]:
        found = find(view.statement)
        return _scalars(found, as_text) if found else ()

    return read


def _label(data: Mapping[str, Any]) -> str:
    looked_at: str = data["the"]
    if looked_at == "path":
        return str(data["path"])
    return short(data["key"]) if looked_at.endswith("-extension") else looked_at.replace("-", " ")


def _reader(data: Mapping[str, Any], names: Names) -> Read:
    looked_at = data["the"]
    if looked_at == "path":
        return values_at(data["path"], folded=True)
    if looked_at.endswith("-extension"):
        return _extension(looked_at, names.seen(data["key"]))
    return _READERS[looked_at]


def _facet(data: Mapping[str, Any], names: Names) -> Facet | None:
    looked_at: str = data["the"]
    if looked_at == "context-extension":
        return looked_at, tuple(sorted(names.seen(data["key"])))
    return (looked_at, ()) if looked_at in _FACETS else None


def _extension(looked_at: str, keys: frozenset[str]) -> Read:
    in_context = looked_at == "context-extension"
    several = tuple(sorted(keys))

    def read(view: StatementView) -> tuple[Value, ...]:
        sent = view.context_extensions if in_context else view.result_extensions
        if not sent:
            return ()
        for key in several:
            if key in sent:
                return _scalars(sent[key], _fold)
        return ()

    return read


def _scalars(value: object, as_text: Callable[[str], str]) -> tuple[Value, ...]:
    if isinstance(value, str):
        return (as_text(value),)
    if isinstance(value, list):
        return tuple(part for each in value for part in _scalars(each, as_text)) or ("an empty array",)
    if isinstance(value, int | float):
        return (value,)
    return ("null" if value is None else "an object",)


def _fold(text: str) -> str:
    return text.strip().casefold()


def _folded(values: Iterable[Value]) -> Iterable[Value]:
    return (value.casefold() if isinstance(value, str) else value for value in values)


def _with_variants(values: Iterable[Value], names: Names) -> Iterable[Value]:
    for value in values:
        if isinstance(value, str):
            yield from names.sent(value)
        else:
            yield value


def _is_prefix(value: Value) -> bool:
    return isinstance(value, str) and value.endswith("*")
