"""A Person: what is known of an agent, as arrays (xAPI-Communication 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrs.stores.base import StatementStore
from lrs.xapi import strict_json
from lrs.xapi.actors import Actor, agent_key
from lrs.xapi.query import StatementQuery

_LATEST = 100
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


class People:
    """Answers what statements call an agent. Identifiers are never joined: two may be two people."""

    def __init__(self, store: StatementStore) -> None:
        self._store = store

    def get(self, agent: Actor) -> dict[str, Any]:
        """The Person object: the identifier that was asked for, and the names of the latest statements."""
        key = agent_key(agent)
        page = self._store.find(StatementQuery(agent=key, related_agents=True, limit=_LATEST))
        names = [agent["name"]] if "name" in agent else []
        for statement in page.statements:
            names += [name for name in _names(strict_json.parse(statement.raw), key) if name not in names]
        person: dict[str, Any] = {"objectType": "Person"}
        if names:
            person["name"] = names
        return person | {name: [agent[name]] for name in _IDENTIFIERS if name in agent}


def _names(node: Any, key: str | None) -> Iterator[str]:
    """The names of every actor with this key, wherever it stands but in extensions."""
    if isinstance(node, list):
        for part in node:
            yield from _names(part, key)
    elif isinstance(node, dict):
        if (
            isinstance(node.get("name"), str)
            and any(name in node for name in _IDENTIFIERS)
            and agent_key(node) == key
        ):
            yield node["name"]
        for name, part in node.items():
            if name != "extensions":
                yield from _names(part, key)
