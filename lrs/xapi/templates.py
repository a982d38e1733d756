"""Statement templates of xAPI Profiles: does a statement match, and if not, why not?

The rules are those of the xAPI Profiles specification 1.0: part two, sections 8.0 and 8.1, and the algorithm of
part three, section 2.1. Where the two differ, the requirements of part two hold, for a validator has to validate
just those: a rule of presence `excluded` asks nothing further of its `any`, `all` and `none`; a rule of presence
`recommended` asks something only of values that can be matched; and a statement that is referred to has to match
one of the templates that are named, where the algorithm as it is written would also take one that fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from lrs import schemas
from lrs.wording import shown
from lrs.xapi.jsonpath import Find, compile_path
from lrs.xapi.statement import Statement

Lookup = Callable[[str], Statement | None]
"""The statement with an id (lower-case UUID), or None where it cannot be had."""

_UNMATCHABLE = object()
"""Stands for a place where a selector finds nothing."""

_CONTEXT_TYPES = {
    f"context{role.capitalize()}ActivityType": f"$.context.contextActivities.{role}[*].definition.type"
    for role in ("grouping", "parent", "other", "category")
}
_DETERMINING = {
    "verb": "$.verb.id",
    "objectActivityType": "$.object.definition.type",
    **_CONTEXT_TYPES,
    "attachmentUsageType": "$.attachments[*].usageType",
}
"""The determining properties of a template (part two, 8.0), and where in a statement their values stand."""

_REFERENCES = {
    "objectStatementRefTemplate": "$.object",
    "contextStatementRefTemplate": "$.context.statement",
}


@dataclass(frozen=True, slots=True)
class _Determining:
    """One determining property: all its values have to be in the statement."""

    location: str
    find: Find
    wanted: tuple[str, ...]

    def misses(self, statement: Statement) -> list[str]:
        found = self.find(statement)
        missing = [value for value in self.wanted if value not in found]
        if not missing:
            return []
        if not found:
            return [f"{self.location} is absent; it must be {_each(missing)}"]
        return [
            f"{self.location} is {_each(found)}; it must {'be' if len(found) == 1 else 'have'} {_each(missing)}"
        ]


@dataclass(frozen=True, slots=True)
class _Choice:
    """The values of a rule's `any`, `all` or `none`."""

    values: frozenset[Hashable]
    text: str

    @classmethod
    def of(cls, listed: Iterable[Any]) -> _Choice:
        values = list(listed)
        return cls(frozenset(map(_comparable, values)), _either(values))

    def has(self, value: Any) -> bool:
        return _comparable(value) in self.values


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a template (part two, 8.1)."""

    place: str
    """Location, with the selector where there is one, for people."""
    location: Find
    selector: Find | None
    presence: str | None
    any_of: _Choice | None
    all_of: _Choice | None
    none_of: _Choice | None

    def misses(self, statement: Statement) -> list[str]:
        """Why the statement does not follow the rule; empty when it does."""
        found = self._values(statement)
        values = [value for value in found if value is not _UNMATCHABLE]
        gap = len(values) < len(found)
        if self.presence == "excluded":
            return [f"{self.place} is {_each(values)}; it must be absent"] if values else []
        if self.presence == "recommended" and not values:
            return []
        if self.presence == "included" and not values:
            return [f"{self.place} is absent; {self._expected()}"]
        reasons = []
        if gap and (self.presence == "included" or self.all_of is not None):
            reasons.append(f"{self.place} is absent from one of {len(found)}; it must be in each")
        return reasons + self._wrong(values)

    def remarks(self, statement: Statement) -> list[str]:
        """What is recommended and not there."""
        if self.presence != "recommended" or (self.selector is not None and not self.location(statement)):
            return []
        if any(value is not _UNMATCHABLE for value in self._values(statement)):
            return []
        return [f"{self.place} is absent; it is recommended"]

    def _values(self, statement: Statement) -> list[Any]:
        found = self.location(statement)
        if self.selector is None:
            return found
        values = []
        for value in found:
            values += self.selector(value) or [_UNMATCHABLE]
        return values

    def _wrong(self, values: list[Any]) -> list[str]:
        reasons = []
        if self.any_of is not None and not any(map(self.any_of.has, values)):
            stands = f"is {_each(values)}" if values else "is absent"
            reasons.append(
                f"{self.place} {stands}; it must {'be' if len(values) < 2 else 'have'} {self.any_of.text}"
            )
        if self.all_of is not None and (others := [value for value in values if not self.all_of.has(value)]):
            reasons.append(f"{self.place} is {_each(others)}; only {self.all_of.text} may be there")
        if self.none_of is not None and (banned := [value for value in values if self.none_of.has(value)]):
            reasons.append(f"{self.place} is {_each(banned)}; it must not be")
        return reasons

    def _expected(self) -> str:
        choice = self.all_of or self.any_of
        return "it must be there" if choice is None else f"it must be {choice.text}"


@dataclass(frozen=True, slots=True)
class _Reference:
    """A place where a StatementRef has to stand that leads to a statement of certain templates."""

    location: str
    find: Find
    templates: tuple[str, ...]
    siblings: Mapping[str, Template]

    def misses(self, statement: Statement, lookup: Lookup | None, seen: frozenset[str]) -> list[str]:
        found = self.find(statement)
        named = _either(self.templates)
        if not found or not isinstance(found[0], Mapping) or found[0].get("objectType") != "StatementRef":
            stands = "is no StatementRef" if found else "is absent"
            return [f"{self.location} {stands}; it must be one to a statement of {named}"]
        id_ = str(found[0].get("id", "")).lower()
        target = None if lookup is None or id_ in seen else lookup(id_)
        if target is None:
            # Part three, 2.1: a statement that the checking system has not got cannot be held against this one.
            return []
        target = _normalised(target)
        candidates = [self.siblings[name] for name in self.templates if name in self.siblings]
        if any(not each._misses(target, lookup, seen | {id_}) for each in candidates):
            return []
        return [f"{self.location} refers to {id_}, which matches none of {named}"]


@dataclass(frozen=True, slots=True)
class Template:
    """A statement template, made ready. Get them from `templates_of`, or one alone from `template_of`."""

    id: str
    name: str
    """Its `prefLabel` in English, else in the first language there is; else the end of its id."""
    verb: str | None
    """Verb id; None when statements with any verb can match."""
    deprecated: bool
    _determining: tuple[_Determining, ...] = field(repr=False)
    _rules: tuple[_Rule, ...] = field(repr=False)
    _references: tuple[_Reference, ...] = field(repr=False)

    def is_meant(self, statement: Statement) -> bool:
        """Whether all its determining properties are in a valid statement: it then has to follow the rules."""
        statement = _normalised(statement)
        return not any(each.misses(statement) for each in self._determining)

    def misses(self, statement: Statement, lookup: Lookup | None = None) -> tuple[str, ...]:
        """Why a valid statement does not match, each reason with its path; empty when it matches.

        `lookup` finds the statements that this one refers to; what it does not find is not held against it.
        """
        return self._misses(_normalised(statement), lookup, frozenset())

    def remarks(self, statement: Statement) -> tuple[str, ...]:
        """What the template recommends and the statement has not. No reason not to match."""
        statement = _normalised(statement)
        return tuple(remark for rule in self._rules for remark in rule.remarks(statement))

    def _misses(self, statement: Statement, lookup: Lookup | None, seen: frozenset[str]) -> tuple[str, ...]:
        reasons = [reason for each in self._determining for reason in each.misses(statement)]
        for reference in self._references:
            reasons += reference.misses(statement, lookup, seen)
        for rule in self._rules:
            reasons += rule.misses(statement)
        return tuple(reasons)


def templates_of(profile: Mapping[str, Any]) -> Mapping[str, Template]:
    """The statement templates of an xAPI Profile (a parsed document) by their ids, in the document's order.

    Raises `ValueError` that names the template and what in it cannot be: a path, a rule that asks nothing,
    two templates with one id.
    """
    found: dict[str, Template] = {}
    for data in profile.get("templates", ()):
        template = template_of(data, found)
        if template.id in found:
            raise ValueError(f"The template '{template.id}' is there twice.")
        found[template.id] = template
    return MappingProxyType(found)


def template_of(data: Mapping[str, Any], siblings: Mapping[str, Template] | None = None) -> Template:
    """One statement template, as a profile writes it; of its members only `id` has to be there.

    `siblings` are the templates that it may name in its StatementRef properties; they may be added later.
    Raises `ValueError` like `templates_of`.
    """
    id_ = data["id"]
    try:
        rules = tuple(
            _rule(rule, f"rule {number}") for number, rule in enumerate(data.get("rules", ()), start=1)
        )
    except ValueError as exc:
        raise ValueError(f"The template '{id_}' cannot be used: {exc}") from exc
    return Template(
        id=id_,
        name=_name(data),
        verb=data.get("verb"),
        deprecated=data.get("deprecated", False) is True,
        _determining=tuple(
            _Determining(location, compile_path(location), _listed(data[name]))
            for name, location in _DETERMINING.items()
            if name in data
        ),
        _rules=rules,
        _references=tuple(
            _Reference(location, compile_path(location), _listed(data[name]), siblings or {})
            for name, location in _REFERENCES.items()
            if name in data
        ),
    )


@cache
def standard_templates() -> Mapping[str, Template]:
    """The statement templates of Rapport's own xAPI Profile, by their ids."""
    return templates_of(schemas.xapi_profile())


def _rule(data: Mapping[str, Any], number: str) -> _Rule:
    presence = data.get("presence")
    if presence not in (None, "included", "excluded", "recommended"):
        raise ValueError(f"{number} has the presence {shown(presence)}, which is none.")
    if presence is None and not {"any", "all", "none"} & data.keys():
        raise ValueError(f"{number} asks nothing: it has no presence, any, all or none.")
    if not isinstance(data.get("location"), str):
        raise ValueError(f"{number} has no location.")
    selector = data.get("selector")
    any_of, all_of, none_of = (
        _Choice.of(data[name]) if name in data else None for name in ("any", "all", "none")
    )
    try:
        return _Rule(
            place=data["location"] if selector is None else f"{data['location']} › {selector}",
            location=compile_path(data["location"]),
            selector=None if selector is None else compile_path(selector),
            presence=presence,
            any_of=any_of,
            all_of=all_of,
            none_of=none_of,
        )
    except ValueError as exc:
        raise ValueError(f"{number}: {exc}") from exc


def _normalised(statement: Statement) -> Statement:
    """The statement with each context activity in an array (part two, 8.1), in its SubStatement, too."""
    target = statement.get("object")
    inner = (
        _normalised(target)
        if isinstance(target, Mapping) and target.get("objectType") == "SubStatement"
        else target
    )
    listed = statement.get("context", {}).get("contextActivities", {})
    alone = {role: [one] for role, one in listed.items() if isinstance(one, Mapping)}
    if not alone and inner is target:
        return statement
    normal = {**statement, "object": inner}
    if alone:
        normal["context"] = {**statement["context"], "contextActivities": {**listed, **alone}}
    return normal


def _comparable(value: Any) -> Hashable:
    """Equal for equal JSON values: numbers by value, true and 1 apart."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, Mapping):
        return ("object", frozenset((name, _comparable(member)) for name, member in value.items()))
    if isinstance(value, list | tuple):
        return ("array", tuple(map(_comparable, value)))
    found: Hashable = value
    return found


def _name(data: Mapping[str, Any]) -> str:
    labels: Mapping[str, str] = data.get("prefLabel", {})
    end = str(data["id"]).rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    return labels.get("en") or next(iter(labels.values()), end)


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _either(values: Iterable[Any]) -> str:
    """`"a"`, `"a" or "b"`, `"a", "b" or "c"`."""
    return _joined([shown(value) for value in values], "or")


def _each(values: Iterable[Any]) -> str:
    """`"a"`, `"a" and "b"`; each once."""
    return _joined(list(dict.fromkeys(shown(value) for value in values)), "and")


def _joined(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
