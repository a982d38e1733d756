"""A question to `GET /statements`, checked once, and the place in its answer where the next page starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Cursor(NamedTuple):
    """The last statement of a page. The next page starts just behind it, in the direction of the query."""

    stored_us: int
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementQuery:
    """Which statements, in which order, how many. Filters are joined by *and*.

    A filter (verb, agent, activity, registration) also matches a statement whose object is a StatementRef to one
    that matches, at any depth, even where that target is voided (xAPI-Communication 2.1.3). With `authority` it looks
    at the statement itself only: who may read no others may not question them either.
    `since` and `until` always speak of the statement itself.
    """

    agent: str | None = None
    """Agent key, see `lrs.xapi.actors.agent_key`."""
    related_agents: bool = False
    verb: str | None = None
    activity: str | None = None
    related_activities: bool = False
    registration: str | None = None
    """Lower-case UUID."""
    since_us: int | None = None
    """Only statements stored after this instant (exclusive)."""
    until_us: int | None = None
    """Only statements stored at or before this instant."""
    ascending: bool = False
    """Oldest `stored` first; else newest first."""
    limit: int = 100
    """Page size, at least 1. `limit=0` on the wire was resolved to the server's maximum before this."""
    authority: str | None = None
    """Agent key of the credential, when it may read only its own statements."""
    after: Cursor | None = None
