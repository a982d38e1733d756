"""Whether two statements mean the same (xAPI-Data 2.3.1, "Statement Immutability" and what follows it).

Ignored is every difference that the server, or a change elsewhere, may have caused: members that the server
sets, definitions of activities and display of verbs (no part of the statement), how an instant or a number is
written, the order of a group's members, upper and lower case where it does not count, a default `objectType`,
and a lone context activity beside the same one in an array (2.4.6.2). Everything else is meaning, spelling
included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lrs.xapi.durations import truncate
from lrs.xapi.statement import Statement
from lrs.xapi.timestamps import parse_us

_SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

_Object = Mapping[str, Any]


def same_meaning(a: Statement, b: Statement) -> bool:
    """Whether two valid statements mean the same.

    `id`, `authority`, `stored` and `version` never count: the server may have set them (2.3.1). `timestamp`
    counts, as an instant, when both have it; leave it out of a statement to which the server gave it.
    Headers of attachments are part of a statement, their raw data is not. The header of a signature is neither:
    what is signed is the statement before it was added (2.6).
    """
    left, right = _meaning(a), _meaning(b)
    if "timestamp" in left and "timestamp" in right and left["timestamp"] != right["timestamp"]:
        return False
    left.pop("timestamp", None)
    right.pop("timestamp", None)
    return left == right


def _meaning(statement: _Object) -> dict[str, Any]:
    """A form that is equal for statements, or SubStatements, of one meaning."""
    parts: dict[str, Callable[[Any], Any]] = {
        "actor": _agent,
        "verb": lambda verb: verb["id"],
        "object": _target,
        "result": _result,
        "context": _context,
        "timestamp": parse_us,
        "attachments": _attachments,
    }
    meaning = {name: parts[name](value) for name, value in statement.items() if name in parts}
    if meaning.get("attachments") == []:
        # Nothing was attached but a signature.
        del meaning["attachments"]
    return meaning


def _target(target: _Object) -> Any:
    """The object (2.4.4); without an objectType it is an Activity."""
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(target)
    if kind == "StatementRef":
        return kind, target["id"].lower()
    if kind == "SubStatement":
        return kind, _meaning(target)
    return _agent(target)


def _activity(activity: _Object) -> Any:
    """Its definition is kept and changed elsewhere (2.3.1)."""
    return "Activity", activity["id"]


def _agent(agent: _Object) -> Any:
    """An Agent or Group (2.4.2); without an objectType it is an Agent. Members have no order."""
    agent = {"objectType": "Agent", **agent}
    if "mbox" in agent:
        # The domain of an address has no case (2.3.1).
        local, _, domain = agent["mbox"].rpartition("@")
        agent["mbox"] = f"{local}@{domain.lower()}"
    if "mbox_sha1sum" in agent:
        agent["mbox_sha1sum"] = agent["mbox_sha1sum"].lower()
    if "member" in agent:
        agent["member"] = sorted((_agent(member) for member in agent["member"]), key=repr)
    # In one order, for members are sorted by their text.
    return {name: _in_order(value) for name, value in sorted(agent.items())}


def _in_order(value: Any) -> Any:
    return dict(sorted(value.items())) if isinstance(value, Mapping) else value


def _result(result: _Object) -> Any:
    parts = {"duration": truncate}
    return {name: parts.get(name, _value)(value) for name, value in result.items()}


def _context(context: _Object) -> Any:
    parts: dict[str, Callable[[Any], Any]] = {
        "registration": str.lower,
        "instructor": _agent,
        "team": _agent,
        "contextActivities": _context_activities,
        "contextAgents": lambda listed: [_with_agent(entry, "agent") for entry in listed],
        "contextGroups": lambda listed: [_with_agent(entry, "group") for entry in listed],
        "language": str.lower,
        "statement": _target,
    }
    return {name: parts.get(name, _value)(value) for name, value in context.items()}


def _context_activities(listed: _Object) -> Any:
    return {
        name: [_activity(one) for one in ([value] if isinstance(value, Mapping) else value)]
        for name, value in listed.items()
    }


def _with_agent(entry: _Object, name: str) -> Any:
    """An entry of contextAgents or contextGroups (2.0)."""
    return {key: _agent(value) if key == name else _value(value) for key, value in entry.items()}


def _attachments(listed: list[_Object]) -> Any:
    """Headers in their order: 2.4 calls it an ordered array. A hash in hex has no case."""
    return [
        {name: value.lower() if name == "sha2" else _value(value) for name, value in header.items()}
        for header in listed
        if header["usageType"] != _SIGNATURE
    ]


def _value(value: Any) -> Any:
    """Any other JSON value: numbers by value, true and 1 apart."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, int | float | Decimal):
        # By way of its text a float is the number that was written, not its nearest binary neighbour.
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if isinstance(value, Mapping):
        return {name: _value(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_value(member) for member in value]
    return value
