"""Index terms: what a statement can be found by, as the filters of `GET /statements` define it.

xAPI-Communication 2.1.3: `agent` speaks of actor and object; with `related_agents` also of authority,
instructor, team and the same places of a SubStatement (2.0: contextAgents and contextGroups). A group is
found by its members, too. `activity` speaks of the object; with `related_activities` also of context
activities and the same places of a SubStatement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.xapi.actors import agent_key, agent_keys
from lrs.xapi.statement import Statement, Term, TermKind

_ACTORS = ("Agent", "Group")
_NOTHING: Mapping[str, Any] = {}


def terms_of(statement: Statement) -> tuple[Term, ...]:
    """Distinct terms of a valid, stamped statement, in a fixed order."""
    # A dict keeps the order and drops repetitions.
    terms: dict[Term, None] = {(TermKind.VERB, statement["verb"]["id"]): None}
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    direct = agent_keys(statement["actor"])
    if kind in _ACTORS:
        direct += agent_keys(target)
    for key in direct:
        terms[TermKind.AGENT, key] = None
    if kind == "Activity":
        terms[TermKind.ACTIVITY, target["id"]] = None
    context = statement.get("context", _NOTHING)
    registration = context.get("registration")
    if registration is not None:
        terms[TermKind.REGISTRATION, registration.lower()] = None
    for key in direct:
        terms[TermKind.RELATED_AGENT, key] = None
    for key in _further_agents(statement, context):
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


def _further_agents(statement: Statement, context: Mapping[str, Any]) -> list[str]:
    """Agent keys from everywhere but its own actor and object."""
    found: list[str] = []
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        found += agent_keys(target["actor"])
        if target["object"].get("objectType") in _ACTORS:
            found += agent_keys(target["object"])
        found += _further_agents(target, target.get("context", _NOTHING))
    for name in ("instructor", "team"):
        if name in context:
            found += agent_keys(context[name])
    for entry in context.get("contextAgents", ()):
        found += agent_keys(entry["agent"])
    for entry in context.get("contextGroups", ()):
        found += agent_keys(entry["group"])
    if "authority" in statement:
        found += agent_keys(statement["authority"])
    return found


def _related_activities(statement: Statement) -> list[str]:
    """IRIs of the activities that stand anywhere in it."""
    found: list[str] = []
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        found.append(target["id"])
    elif kind == "SubStatement":
        found += _related_activities(target)
    for listed in statement.get("context", _NOTHING).get("contextActivities", _NOTHING).values():
        # One activity may stand alone, without its array.
        found += [listed["id"]] if isinstance(listed, dict) else [activity["id"] for activity in listed]
    return found
