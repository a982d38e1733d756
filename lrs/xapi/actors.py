"""Actors: the agent key that identifies one, and where agents stand in a statement.

An agent key is one line of text for an agent's inverse functional identifier (xAPI-Data 2.4.2.3), used as
index term, as subject of evidence and in the URLs of our API:

    mailto:officer-17@academy.example                    mbox
    mbox_sha1sum:ebd31e95054c018b10727ccffd2ef2ec3a016ee9
    openid:https://id.example/officer-17
    account:O-1017@https://academy.example               account: name, then homePage

In an account's name `%`, `@`, control characters and line ends are percent-encoded, so that the first `@`
always ends it. What has no case, the domain of an mbox and a hash, is in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

Actor = Mapping[str, Any]
"""An Agent or Group object, parsed."""

_ESCAPED = re.compile("[%@\x00-\x1f\x7f-\x9f\u2028\u2029]")


def agent_key(actor: Actor) -> str | None:
    """The agent key of an Agent or identified Group; None for an anonymous Group."""
    if "mbox" in actor:
        local, at, domain = actor["mbox"].rpartition("@")
        return f"{local}{at}{domain.lower()}"
    if "account" in actor:
        account = actor["account"]
        return f"account:{escape_name(account['name'])}@{account['homePage']}"
    if "mbox_sha1sum" in actor:
        return f"mbox_sha1sum:{actor['mbox_sha1sum'].lower()}"
    if "openid" in actor:
        return f"openid:{actor['openid']}"
    return None


def agent_from_key(key: str) -> dict[str, Any]:
    """The Agent object that an agent key stands for: the inverse of `agent_key`.

    Upper case where there is no case is taken: `agent_key(agent_from_key(text))` is the key that is kept.
    Raises `ValueError` when the text is no agent key.
    """
    scheme, colon, rest = key.partition(":")
    if colon and rest:
        if scheme == "mailto" and "@" in rest.strip("@"):
            return {"objectType": "Agent", "mbox": key}
        if scheme in ("mbox_sha1sum", "openid"):
            return {"objectType": "Agent", scheme: rest}
        escaped, at, home_page = rest.partition("@")
        name = _unescaped(escaped)
        if scheme == "account" and at and home_page and name is not None:
            return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}
    raise ValueError("not an agent key: mailto:…, account:NAME@HOMEPAGE, mbox_sha1sum:… or openid:…")


def is_key(text: str) -> bool:
    """Whether a text is an agent key."""
    try:
        agent_from_key(text)
    except ValueError:
        return False
    return True


def agent_keys(actor: Actor) -> list[str]:
    """The agent key of an actor and, for a Group, of each member."""
    key = agent_key(actor)
    keys = [] if key is None else [key]
    for member in actor.get("member", ()):
        keys += agent_keys(member)
    return keys


def escape_name(name: str) -> str:
    """An account's name as it stands in an agent key."""
    return _ESCAPED.sub(lambda match: quote(match[0]), name) if _ESCAPED.search(name) else name


def _unescaped(escaped: str) -> str | None:
    """The name that `escape_name` writes so; None when it writes nothing so."""
    if "%" not in escaped:
        name = escaped
    else:
        try:
            name = unquote(escaped, errors="strict")
        except UnicodeDecodeError:
            return None
    return name if escape_name(name) == escaped else None
