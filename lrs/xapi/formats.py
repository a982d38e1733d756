"""The formats of `GET /statements`: `ids` and `canonical` as changes to a parsed statement.

xAPI-Communication 2.1.3. `ids`: only what identifies agents, activities, verbs and groups; an anonymous
group keeps its members. `canonical`: one language in each language map, chosen for the reader. `exact` needs
nothing: it is the statement's own bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.xapi.languages import choose

Json = dict[str, Any]

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_COMPONENTS = ("choices", "scale", "source", "target", "steps")


def as_ids(statement: Mapping[str, Any]) -> Json:
    """The statement in format `ids`."""
    return _changed(
        statement,
        actor=_actor_ids,
        verb=lambda verb: {"id": verb["id"]},
        activity=lambda activity: {"id": activity["id"]},
        attachment=lambda attachment: attachment,
    )


def as_canonical(statement: Mapping[str, Any], accept_language: str | None) -> Json:
    """The statement in format `canonical`, for a reader with this `Accept-Language` (RFC 4647)."""

    def one_language(node: Mapping[str, Any], *names: str) -> Json:
        copy = dict(node)
        for name in names:
            chosen = choose(copy[name], accept_language) if copy.get(name) else None
            if chosen is not None:
                copy[name] = dict([chosen])
        return copy

    def activity(node: Mapping[str, Any]) -> Json:
        if "definition" not in node:
            return dict(node)
        definition = one_language(node["definition"], "name", "description")
        for name in _COMPONENTS:
            if name in definition:
                definition[name] = [one_language(part, "description") for part in definition[name]]
        return {**node, "definition": definition}

    return _changed(
        statement,
        actor=dict,
        verb=lambda verb: one_language(verb, "display"),
        activity=activity,
        attachment=lambda attachment: one_language(attachment, "display", "description"),
    )


def _changed(statement: Mapping[str, Any], *, actor: Any, verb: Any, activity: Any, attachment: Any) -> Json:
    """A copy of a statement or SubStatement with each actor, verb, activity and attachment changed."""
    copy = dict(statement)
    copy["actor"] = actor(copy["actor"])
    copy["verb"] = verb(copy["verb"])
    target = copy["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        copy["object"] = activity(target)
    elif kind in ("Agent", "Group"):
        copy["object"] = actor(target)
    elif kind == "SubStatement":
        copy["object"] = _changed(target, actor=actor, verb=verb, activity=activity, attachment=attachment)
    if "context" in copy:
        copy["context"] = _context(copy["context"], actor=actor, activity=activity)
    if "authority" in copy:
        copy["authority"] = actor(copy["authority"])
    if "attachments" in copy:
        copy["attachments"] = [attachment(part) for part in copy["attachments"]]
    return copy


def _context(context: Mapping[str, Any], *, actor: Any, activity: Any) -> Json:
    copy = dict(context)
    for name in ("instructor", "team"):
        if name in copy:
            copy[name] = actor(copy[name])
    for name, member in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in copy:
            copy[name] = [{**entry, member: actor(entry[member])} for entry in copy[name]]
    if "contextActivities" in copy:
        copy["contextActivities"] = {
            name: [activity(part) for part in ([listed] if isinstance(listed, dict) else listed)]
            for name, listed in copy["contextActivities"].items()
        }
    return copy


def _actor_ids(actor: Mapping[str, Any]) -> Json:
    kept = _only(actor, "objectType", *_IDENTIFIERS)
    if not any(name in actor for name in _IDENTIFIERS):
        kept["member"] = [_actor_ids(member) for member in actor.get("member", ())]
    return kept


def _only(node: Mapping[str, Any], *names: str) -> Json:
    return {name: node[name] for name in names if name in node}
