"""Whom a statement is about, and who rated: the subject and the rater of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lrs.plugin.miss import Miss
from lrs.plugin.view import StatementView, is_identified
from lrs.plugin.vocabulary import OFFICER
from lrs.xapi.actors import Actor, agent_from_key, agent_key
from lrs.xapi.jsonpath import compile_path

SubjectOf = Callable[[StatementView], str]
"""Agent key of the subject of a statement. Raises `Miss`."""

RaterOf = Callable[[StatementView, str], str]
"""Agent key of the rater of a statement with this subject, or `system:…`. Raises `Miss`."""


def subject_reader(stated: str | Mapping[str, Any]) -> SubjectOf:
    """Finds the subject that a rule means by `officer`, `actor` or `unit`, or by a path.

    Raises `ValueError` for a path that is none.
    """
    if isinstance(stated, str):
        return {"officer": _officer, "actor": _the_actor, "unit": _unit}[stated]
    return _at(stated, "unit" if stated.get("is") == "unit" else "officer")


def rater_reader(stated: str | Mapping[str, Any]) -> RaterOf:
    """Finds the rater that a rule means by `person`, `system` or `self`, or by a path.

    Raises `ValueError` for a path that is none.
    """
    if isinstance(stated, str):
        return {"person": _another_person, "system": _system, "self": _oneself}[stated]
    find = _at(stated, "rater")
    return lambda view, subject: _not_oneself(find(view), subject)


def _officer(view: StatementView) -> str:
    # Most are about the actor, and nobody is named.
    if "contextAgents" in view.context or OFFICER in view.context_extensions:
        named = view.officers
        if named:
            return _one(named, "officer")
    return _actor(view, "officer")


def _the_actor(view: StatementView) -> str:
    return _actor(view, "officer")


def _unit(view: StatementView) -> str:
    if view.actor_type != "Group":
        raise Miss("the actor is an Agent; this speaks of a unit, so the actor is the unit, a Group")
    if view.actor_key is None:
        raise Miss("the Group has no identifier, so that it is not known which unit it is")
    return view.actor_key


def _system(view: StatementView, _subject: str) -> str:
    return f"system:{view.authority_key or 'unknown'}"


def _oneself(_view: StatementView, subject: str) -> str:
    return subject


def _another_person(view: StatementView, subject: str) -> str:
    if view.actor_key != subject:
        found = _actor(view, "rater")
    elif raters := view.raters:
        found = _one(raters, "rater")
    else:
        raise Miss(
            "nobody but the actor is named, so that it is not known who rated whom: name the rater in "
            "context.instructor, or the officer in context.contextAgents or the extension officer"
        )
    return _not_oneself(found, subject)


def _not_oneself(rater: str, subject: str) -> str:
    if rater == subject:
        raise Miss(
            "rater and officer are the same person; what people say of themselves is a self-report: "
            "give it the assessment-type 'self-report'"
        )
    return rater


def _actor(view: StatementView, who: str) -> str:
    key = view.actor_key
    if key is None or view.actor_type != "Agent":
        return _person(view.actor, who)
    return key


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


def _at(stated: Mapping[str, Any], who: str) -> SubjectOf:
    """Finds an agent at a path: an Agent (of a unit: a Group), an agent key, or the name of an account."""
    path: str = stated["path"]
    home_page: str | None = stated.get("home_page")
    find = compile_path(path)

    def read(view: StatementView) -> str:
        found = find(view.statement)
        if not found:
            raise Miss(f"the {who} is to stand at {path}, and there is nothing")
        keys = {_key(each, who, path, home_page) for each in found}
        if len(keys) > 1:
            raise Miss(f"{path} leads to {len(keys)} agents as {who}; it must be one")
        return keys.pop()

    return read


def _key(found: object, who: str, path: str, home_page: str | None) -> str:
    """The agent key that a value at a path stands for, as it is kept. Raises `Miss`."""
    if isinstance(found, Mapping):
        wanted = "Group" if who == "unit" else "Agent"
        if found.get("objectType", "Agent") != wanted:
            raise Miss(f"the {who} at {path} must be one {wanted}")
        text = agent_key(found) if is_identified(found) else None
    elif isinstance(found, str) or (isinstance(found, int) and not isinstance(found, bool)):
        name = str(found).strip()
        text = agent_key({"account": {"homePage": home_page, "name": name}}) if home_page and name else name
    else:
        text = None
    try:
        key = agent_key(agent_from_key(text or ""))
    except ValueError:
        key = None
    if key is None:
        wanted = "an account's name" if home_page else "an agent key"
        raise Miss(f"what stands at {path} is neither an agent with an identifier nor {wanted}")
    return key
