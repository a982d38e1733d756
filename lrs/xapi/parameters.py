"""The query string of `GET /statements`, read once into what it asks for; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lrs.errors import Detail, InvalidParameter, MalformedJson
from lrs.xapi import strict_json
from lrs.xapi.actors import agent_key
from lrs.xapi.query import StatementQuery
from lrs.xapi.timestamps import parse_us
from lrs.xapi.validation import check_actor, is_iri

FORMATS = ("ids", "exact", "canonical")
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How statements are shown."""

    format: str = "exact"
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question for one statement: by `statementId`, or by `voidedStatementId`."""

    statement_id: str
    voided: bool
    rendering: Rendering


@dataclass(frozen=True, slots=True)
class Search:
    """A question for a page of statements."""

    query: StatementQuery
    rendering: Rendering


@dataclass(frozen=True, slots=True)
class PageSizes:
    """Statements on a page: without `limit`, and at most (what `limit=0` means)."""

    usual: int
    most: int


def read_uuid(name: str, text: str) -> str:
    """The value of parameter `name`, a UUID, in lower case. Raises `InvalidParameter`."""
    if not _UUID.match(text):
        raise _refused(name, text, "a UUID")
    return text.lower()


def single(name_values: Iterable[tuple[str, str]], known: Iterable[str]) -> dict[str, str]:
    """The parameters of a query string, each once. Raises `InvalidParameter` for unknown and repeated ones.

    Upper and lower case count: `StatementId` is unknown.
    """
    names = tuple(known)
    values: dict[str, str] = {}
    for name, value in name_values:
        if name not in names:
            alike = [one for one in names if one.lower() == name.lower()]
            expected = ", ".join(alike or names) or "no parameter"
            found = "a parameter that this resource does not have"
            raise _refused(name, found, expected, is_value=False)
        if name in values:
            raise _refused(name, "the parameter twice", "each parameter once", is_value=False)
        values[name] = value
    return values


def read(parameters: Mapping[str, str], sizes: PageSizes) -> Lookup | Search:
    """What the parameters of `GET /statements` ask for (xAPI-Communication 2.1.3).

    Raises `InvalidParameter` with the parameter, what was found and what was expected.
    """
    rendering = Rendering(
        format=_read(parameters, "format", _one_of(FORMATS), "exact"),
        attachments=_read(parameters, "attachments", _boolean, False),
    )
    ids = [name for name in ("statementId", "voidedStatementId") if name in parameters]
    if not ids:
        return Search(_query(parameters, sizes), rendering)
    others = sorted(parameters.keys() - {ids[0], "format", "attachments"})
    if others:
        expected = "no parameter but format and attachments beside it"
        raise _refused(others[0], f"beside {ids[0]}", expected, is_value=False)
    return Lookup(read_uuid(ids[0], parameters[ids[0]]), ids[0] == "voidedStatementId", rendering)


def _query(parameters: Mapping[str, str], sizes: PageSizes) -> StatementQuery:
    limit = _read(parameters, "limit", _count, sizes.usual)
    registration = parameters.get("registration")
    return StatementQuery(
        agent=_read(parameters, "agent", _agent, None),
        related_agents=_read(parameters, "related_agents", _boolean, False),
        verb=_read(parameters, "verb", _iri, None),
        activity=_read(parameters, "activity", _iri, None),
        related_activities=_read(parameters, "related_activities", _boolean, False),
        registration=None if registration is None else read_uuid("registration", registration),
        since_us=_read(parameters, "since", _instant, None),
        until_us=_read(parameters, "until", _instant, None),
        ascending=_read(parameters, "ascending", _boolean, False),
        limit=min(limit or sizes.most, sizes.most),
    )


KNOWN = (
    *("statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_agents"),
    *("related_activities", "since", "until", "limit", "format", "attachments", "ascending"),
)


class _UnfitError(ValueError):
    """A value that its parameter does not take; the argument says what it takes."""


def _read(parameters: Mapping[str, str], name: str, parse: Callable[[str], Any], default: Any) -> Any:
    text = parameters.get(name)
    if text is None:
        return default
    try:
        return parse(text)
    except _UnfitError as exc:
        raise _refused(name, text, str(exc)) from exc


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise _UnfitError("true or false")
    return text == "true"


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise _UnfitError(", ".join(choices))
        return text

    return parse


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise _UnfitError("a whole number ≥ 0")
    # Ten digits are more than any page holds, and Python refuses to read thousands of them.
    return int(text.lstrip("0")[:10] or "0")


def _iri(text: str) -> str:
    if not is_iri(text):
        raise _UnfitError("an IRI with a scheme")
    return text


def _instant(text: str) -> int:
    try:
        return parse_us(text)
    except ValueError as exc:
        raise _UnfitError(f"an ISO 8601 timestamp such as 2026-11-23T06:10:00Z ({exc})") from exc


def _agent(text: str) -> str:
    wanted = "the JSON of an Agent or identified Group"
    try:
        actor = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except MalformedJson as exc:
        raise _UnfitError(f"{wanted} ({exc.details[0].found})") from exc
    problems = check_actor(actor)
    if problems:
        raise _UnfitError(f"{wanted} ({problems[0].path or 'the whole'}: {problems[0].expected})")
    key = agent_key(actor)
    if key is None:
        raise _UnfitError(f"{wanted}; an anonymous Group cannot be looked for")
    return key


def _refused(name: str, found: str, expected: str, *, is_value: bool = True) -> InvalidParameter:
    """The error; `found` is the parameter's value, or else words about it."""
    name, found = _printable(name), _printable(found)
    said = repr(found) if is_value else found
    return InvalidParameter(
        f"Parameter {name}: {said}; expected {expected}.", [Detail(name, found, expected)]
    )


def _printable(text: str) -> str:
    """The text, not too long, and without the lone surrogates that no answer could carry."""
    return text[:200].encode("utf-8", "replace").decode()
