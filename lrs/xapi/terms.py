"""Index terms: what a statement can be found by, as the filters of `GET /statements` define it.

xAPI-Communication 2.1.3: `agent` speaks of actor and object; with `related_agents` also of authority,
instructor, team and the same places of a SubStatement (2.0: contextAgents and contextGroups). A group is
found by its members, too. `activity` speaks of the object; with `related_activities` also of context
activities and the same places of a SubStatement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lrs.xapi.actors import agent_key, agent_keys
from lrs.xapi.statement import Statement, Term, TermKind

_ACTORS = ("Agent", "Group")


def terms_of(statement: Statement) -> tuple[Term, ...]:
    """Distinct terms of a valid, stamped statement, in a fixed order."""
    # A dict keeps the order and drops repetitions.
    terms: dict[Term, None] = {(TermKind.VERB, statement["verb"]["id"]): None}
    target = statement["object"]
    for actor in (statement["actor"], target):
        if actor is not target or target.get("objectType") in _ACTORS:
            for key in agent_keys(actor):
                terms[TermKind.AGENT, key] = None
    if target.get("objectType", "Activity") == "Activity":
        terms[TermKind.ACTIVITY, target["id"]] = None
    registration = statement.get("context", {}).get("registration")
    if registration is not None:
        terms[TermKind.REGISTRATION, registration.lower()] = None
    for key in _related_agents(statement):
        terms[TermKind.RELATED_AGENT, key] = None
    for activity in _related_activities(statement):
        terms[TermKind.RELATED_ACTIVITY, activity] = None
    authority = authority_key(statement["authority"])
    if authority is not None:
        terms[TermKind.AUTHORITY, authority] = None
    return tuple(terms)


def authority_key(authority: Mapping[str, Any]) -> str | None:
    """The agent key of an authority; of two (3-legged OAuth) that of the application, the first."""
    key = agent_key(authority)
    if key is None and authority.get("member"):
        return agent_key(authority["member"][0])
    return key


def _related_agents(statement: Statement) -> Iterator[str]:
    yield from agent_keys(statement["actor"])
    target = statement["object"]
    kind = target.get("objectType")
    if kind in _ACTORS:
        yield from agent_keys(target)
    elif kind == "SubStatement":
        yield from _related_agents(target)
    context = statement.get("context", {})
    for name in ("instructor", "team"):
        if name in context:
            yield from agent_keys(context[name])
    for entry in context.get("contextAgents", ()):
        yield from agent_keys(entry["agent"])
    for entry in context.get("contextGroups", ()):
        yield from agent_keys(entry["group"])
    if "authority" in statement:
        yield from agent_keys(statement["authority"])


def _related_activities(statement: Statement) -> Iterator[str]:
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield target["id"]
    elif kind == "SubStatement":
        yield from _related_activities(target)
    for listed in statement.get("context", {}).get("contextActivities", {}).values():
        # One activity may stand alone, without its array.
        for activity in (listed,) if isinstance(listed, dict) else listed:
            yield activity["id"]
