"""Query strings: each parameter once, known, and read into what it means; anything else is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lrs.errors import Detail, InvalidParameter, MalformedJson
from lrs.xapi import strict_json
from lrs.xapi.actors import Actor, agent_key
from lrs.xapi.timestamps import parse_us
from lrs.xapi.validation import check_actor, is_iri

_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.ASCII | re.IGNORECASE
)


def read_uuid(name: str, text: str) -> str:
    """The value of parameter `name`, a UUID, in lower case. Raises `InvalidParameter`."""
    if not _UUID.match(text):
        raise refused(name, text, "a UUID")
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
            raise refused(name, found, expected, is_value=False)
        if name in values:
            raise refused(name, "the parameter twice", "each parameter once", is_value=False)
        values[name] = value
    return values


def required(parameters: Mapping[str, str], name: str, expected: str) -> str:
    """The parameter's text. Raises `InvalidParameter` when it is missing."""
    if name not in parameters:
        raise refused(name, "nothing", expected, is_value=False)
    return parameters[name]


def read_activity(parameters: Mapping[str, str]) -> str:
    """`activityId`, an IRI, which has to be there. Raises `InvalidParameter`."""
    required(parameters, "activityId", "the IRI of an activity")
    return str(read_as(parameters, "activityId", iri, None))


def read_agent(parameters: Mapping[str, str]) -> str:
    """The agent key of `agent`, which has to be there. Raises `InvalidParameter`."""
    required(parameters, "agent", "the JSON of an Agent")
    return str(read_as(parameters, "agent", agent, None))


def read_agent_object(parameters: Mapping[str, str]) -> Actor:
    """The Agent or identified Group that `agent` is, which has to be there. Raises `InvalidParameter`."""
    read_agent(parameters)
    actor: Actor = strict_json.parse(parameters["agent"].encode())
    return actor


def read_instant(parameters: Mapping[str, str], name: str) -> int | None:
    """A timestamp as microseconds since the epoch; None when it is missing. Raises `InvalidParameter`."""
    value: int | None = read_as(parameters, name, instant, None)
    return value


class Unfit(ValueError):
    """A value that its parameter does not take; the argument says what it takes."""


def read_as(parameters: Mapping[str, str], name: str, parse: Callable[[str], Any], default: Any) -> Any:
    """The parameter as `parse` reads it, else `default`. Raises `InvalidParameter` where `parse` raises `Unfit`."""
    text = parameters.get(name)
    if text is None:
        return default
    try:
        return parse(text)
    except Unfit as exc:
        raise refused(name, text, str(exc)) from exc


def boolean(text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise Unfit("true or false")
    return text == "true"


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """A reader of one of these words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise Unfit(", ".join(choices))
        return text

    return parse


def count(text: str) -> int:
    """A whole number ≥ 0."""
    if not re.fullmatch(r"[0-9]+", text):
        raise Unfit("a whole number ≥ 0")
    # Ten digits are more than any page holds, and Python refuses to read thousands of them.
    return int(text.lstrip("0")[:10] or "0")


def iri(text: str) -> str:
    """An IRI with a scheme."""
    if not is_iri(text):
        raise Unfit("an IRI with a scheme")
    return text


def instant(text: str) -> int:
    """A timestamp, as microseconds since the epoch."""
    try:
        return parse_us(text)
    except ValueError as exc:
        raise Unfit(f"an ISO 8601 timestamp such as 2026-11-23T06:10:00Z ({exc})") from exc


def agent(text: str) -> str:
    """The JSON of an Agent or identified Group, as its agent key."""
    wanted = "the JSON of an Agent or identified Group"
    try:
        actor = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except MalformedJson as exc:
        raise Unfit(f"{wanted} ({exc.details[0].found})") from exc
    problems = check_actor(actor)
    if problems:
        raise Unfit(f"{wanted} ({problems[0].path or 'the whole'}: {problems[0].expected})")
    key = agent_key(actor)
    if key is None:
        raise Unfit(f"{wanted}; an anonymous Group cannot be looked for")
    return key


def refused(name: str, found: str, expected: str, *, is_value: bool = True) -> InvalidParameter:
    """The error; `found` is the parameter's value, or else words about it."""
    name, found = _printable(name), _printable(found)
    said = repr(found) if is_value else found
    return InvalidParameter(
        f"Parameter {name}: {said}; expected {expected}.", [Detail(name, found, expected)]
    )


def _printable(text: str) -> str:
    """The text, not too long, and without the lone surrogates that no answer could carry."""
    return text[:200].encode("utf-8", "replace").decode()
