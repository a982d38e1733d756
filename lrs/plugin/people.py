"""Whom a statement is about, and who rated: the subject and the rater of evidence."""

from __future__ import annotations

from collections.abc import Sequence

from lrs.plugin.miss import Miss
from lrs.plugin.view import StatementView
from lrs.xapi.actors import Actor, agent_key


def subject_of(view: StatementView, subject: str) -> str:
    """Agent key of the subject that a rule means by `officer`, `actor` or `unit`. Raises `Miss`."""
    if subject == "unit":
        return _unit(view)
    if subject == "officer" and view.officers:
        return _one(view.officers, "officer")
    return _actor(view, "officer")


def rater_of(view: StatementView, rater: str, subject: str) -> str:
    """Agent key of the rater that a rule means by `person` or `self`, or `system:…`. Raises `Miss`."""
    if rater == "system":
        return f"system:{view.authority_key or 'unknown'}"
    if rater == "self":
        return subject
    if view.actor_key != subject:
        found = _actor(view, "rater")
    elif view.raters:
        found = _one(view.raters, "rater")
    else:
        raise Miss(
            "nobody but the actor is named, so that it is not known who rated whom: name the rater in "
            "context.instructor, or the officer in context.contextAgents or the extension officer"
        )
    if found == subject:
        raise Miss(
            "rater and officer are the same person; what people say of themselves is a self-report: "
            "give it the assessment-type 'self-report'"
        )
    return found


def _unit(view: StatementView) -> str:
    if view.actor_type != "Group":
        raise Miss("the actor is an Agent; this speaks of a unit, so the actor is the unit, a Group")
    if view.actor_key is None:
        raise Miss("the Group has no identifier, so that it is not known which unit it is")
    return view.actor_key


def _actor(view: StatementView, who: str) -> str:
    if view.actor_type != "Agent" or view.actor_key is None:
        return _person(view.actor, who)
    return view.actor_key


def _one(named: Sequence[Actor], who: str) -> str:
    if len(named) == 1:
        return _person(named[0], who)
    keys = {_person(actor, who) for actor in named}
    if len(keys) > 1:
        raise Miss(f"the context names {len(keys)} agents as {who}; it must be one")
    return keys.pop()


def _person(actor: Actor, who: str) -> str:
    if actor.get("objectType", "Agent") != "Agent":
        raise Miss(f"the {who} is a Group; it must be one person, an Agent")
    key = agent_key(actor)
    if key is None:
        raise Miss(f"the {who} has no identifier (mbox, account, mbox_sha1sum or openid)")
    return key
