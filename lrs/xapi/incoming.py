"""From a checked statement to one that is ready to be stored: what the server sets is stamped on.

The sender's bytes are kept: what the server adds is spliced in after the opening brace. Only where the sender
gave a member that is the server's to set (`stored`; an `authority` it may not claim), or a context activity
without its array, is an object put together anew, from the exact bytes of its other members; blanks between
those are lost, and a key that was written with escapes is written without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from lrs.xapi.statement import NewStatement, Statement
from lrs.xapi.strict_json import join_members, members, parse, with_members
from lrs.xapi.terms import terms_of
from lrs.xapi.timestamps import format_us, parse_again_us

_NOTHING: Mapping[str, Any] = {}

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class Stamp:
    """What one request stamps on each of its statements: one clock reading, one authority, one version."""

    def __init__(
        self,
        *,
        now_us: int,
        authority: Mapping[str, Any],
        version: str,
        new_id: Callable[[], str],
        trusted: bool,
    ) -> None:
        """`trusted`: the credential has the scope `all`, which means two things.

        It may speak for others: an authority that was sent is kept. And it may void others: a voiding statement
        takes effect whatever the authority of its target.
        """
        self._now_us = now_us
        self._timestamp = format_us(now_us)
        self._authority = authority
        self._version = version
        self._new_id = new_id
        self._trusted = trusted
        self._timestamp_json = f'"timestamp":"{self._timestamp}"'
        self._authority_json = '"authority":' + msgspec.json.encode(authority).decode()
        self._version_json = f'"version":"{version}"'

    def new_statement(self, statement: Statement, raw: bytes) -> NewStatement:
        """The statement ready to be stored.

        Args:
            statement: parsed and found valid; not changed.
            raw: its exact bytes, a JSON object.

        Raises `MalformedJson` when only an array that a lone context activity needs nests the statement too
        deeply to be read again.
        """
        if _lone_context_activities(statement):
            raw = _with_arrays(raw)
            statement = parse(raw)
        stamped = dict(statement)
        added: list[str] = []
        replaced: set[str] = set()
        if "id" not in stamped:
            stamped["id"] = self._new_id()
            added.append(f'"id":"{stamped["id"]}"')
        if "timestamp" not in stamped:
            stamped["timestamp"] = self._timestamp
            added.append(self._timestamp_json)
        if "authority" not in stamped or not self._trusted:
            if "authority" in stamped:
                replaced.add("authority")
            stamped["authority"] = self._authority
            added.append(self._authority_json)
        if "version" not in stamped:
            stamped["version"] = self._version
            added.append(self._version_json)
        if "stored" in stamped:
            replaced.add("stored")
            del stamped["stored"]
        timestamp = stamped["timestamp"]
        target = stamped["object"]
        refers = target["id"].lower() if target.get("objectType") == "StatementRef" else None
        return NewStatement(
            id=stamped["id"].lower(),
            body=_spliced(raw, ",".join(added), replaced),
            parsed=stamped,
            terms=terms_of(stamped),
            timestamp_given=timestamp is not self._timestamp,
            timestamp_us=self._now_us if timestamp is self._timestamp else parse_again_us(timestamp),
            refers_to=refers,
            voids=refers is not None and stamped["verb"]["id"] == VOIDED,
            voids_others=self._trusted,
        )


def _spliced(raw: bytes, added: str, replaced: set[str]) -> bytes:
    if replaced:
        raw = join_members({name: value for name, value in members(raw).items() if name not in replaced})
    body = raw if raw[:1] == b"{" and raw[-1:] == b"}" else raw.strip(b" \t\r\n")
    return with_members(body, added.encode()) if added else body


def _lone_context_activities(statement: Statement) -> bool:
    """Whether a context activity stands alone, without its array, here or in the SubStatement."""
    for activities in statement.get("context", _NOTHING).get("contextActivities", _NOTHING).values():
        if isinstance(activities, dict):
            return True
    target = statement["object"]
    return target.get("objectType") == "SubStatement" and _lone_context_activities(target)


def _with_arrays(raw: bytes) -> bytes:
    """The bytes of a statement with each lone context activity put into an array (xAPI-Data 2.4.6.2)."""
    parts = members(raw)
    if "context" in parts:
        context = members(parts["context"])
        if "contextActivities" in context:
            context["contextActivities"] = join_members(
                {
                    name: b"[%b]" % value if value.startswith(b"{") else value
                    for name, value in members(context["contextActivities"]).items()
                }
            )
            parts["context"] = join_members(context)
    # Of all objects only a SubStatement has a context.
    if "context" in members(parts["object"]):
        parts["object"] = _with_arrays(parts["object"])
    return join_members(parts)
