"""The two shapes of a statement inside the server: on its way in, and as it is kept.

A statement's bytes are never re-printed. The members that the server sets are spliced in front of the
sender's own bytes: `id`, `timestamp`, `authority` and `version` before the store sees it
(`NewStatement.body`), and `stored` inside the store's write transaction (`with_stored`), so that order of
`stored` is order of commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from lrs.xapi.strict_json import with_members
from lrs.xapi.timestamps import format_us

Statement = Mapping[str, Any]
"""A parsed statement. Treat it as read-only: it is shared by everyone who looks at it."""


class TermKind(StrEnum):
    """What an index term says about a statement; each is one filter of `GET /statements`."""

    VERB = "verb"
    ACTIVITY = "activity"  # the object is this activity
    RELATED_ACTIVITY = "related_activity"  # the activity stands anywhere in the statement
    AGENT = "agent"  # actor or object is this agent, or a group with it as member
    RELATED_AGENT = "related_agent"  # the agent stands anywhere, authority included
    REGISTRATION = "registration"
    AUTHORITY = "authority"  # for credentials that may read only their own statements

    __hash__ = str.__hash__  # Enum's own is written in Python, and terms are hashed a dozen times a statement


Term = tuple[TermKind, str]
"""An index term. The text is an IRI, an agent key (see `lrs.xapi.actors`) or a lower-case UUID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A valid, stamped statement that is ready to be stored."""

    id: str
    """Lower-case UUID."""
    body: bytes
    """The JSON object with every member except `stored`; the first byte is `{`."""
    parsed: Statement
    """The same object parsed, for comparing meaning and recognising evidence."""
    terms: tuple[Term, ...]
    """Distinct index terms of this statement alone (a store adds those of a StatementRef's target)."""
    timestamp_us: int
    """When it happened: microseconds since 1970-01-01T00:00:00Z."""
    timestamp_given: bool = False
    """The sender gave `timestamp`. Otherwise the server set it, and it is no part of what the statement means
    when its id is sent again (xAPI-Data 2.3.1).
    """
    refers_to: str | None = None
    """Lower-case UUID of the statement that its object, a StatementRef, points at."""
    voids: bool = False
    """Its verb is `voided`: it asks to void `refers_to`."""
    voids_others: bool = False
    """If it voids: whatever the authority of its target. Otherwise only what has the same authority as itself."""


class StoredStatement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A statement as it is kept and as it leaves."""

    # No dataclass: a frozen one takes 4 µs to make, this one a fifth of that, and a page has fifty.

    id: str
    stored_us: int
    """When it was stored: microseconds since 1970-01-01T00:00:00Z."""
    raw: bytes
    """The exact JSON object, `stored` included."""
    sha256: bytes
    """SHA-256 of `raw`: what an explanation names as proof (32 bytes)."""
    voided_us: int | None = None
    """`stored` of the statement that voided it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Raw data of one attachment, addressed by the SHA-2 that its statement declares (lower-case hex)."""

    sha2: str
    content_type: str
    content: bytes


def with_stored(body: bytes, stored_us: int) -> bytes:
    """The bytes of a statement with its `stored` member put first."""
    if body[1:2] == b'"':  # what else is between them matters only in an object that nobody has stamped
        return b'{"stored":"%b",%b' % (format_us(stored_us).encode(), body[1:])
    return with_members(body, b'"stored":"%b"' % format_us(stored_us).encode())
