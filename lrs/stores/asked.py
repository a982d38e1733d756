"""What a query of statements asks of an index, in every engine."""

from __future__ import annotations

from collections.abc import Sequence

from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Term, TermKind

LATEST = 2**63 - 1
"""An instant after every other."""


def terms_wanted(wanted: StatementQuery) -> Sequence[Term]:
    """The filters of a query as index terms, the rarer kinds first."""
    agent = TermKind.RELATED_AGENT if wanted.related_agents else TermKind.AGENT
    activity = TermKind.RELATED_ACTIVITY if wanted.related_activities else TermKind.ACTIVITY
    filters = (
        (TermKind.REGISTRATION, wanted.registration),
        (agent, wanted.agent),
        (activity, wanted.activity),
        (TermKind.VERB, wanted.verb),
        (TermKind.AUTHORITY, wanted.authority),
    )
    return [(kind, text) for kind, text in filters if text is not None]


def bounds(wanted: StatementQuery) -> tuple[int, int]:
    """`stored` of what is wanted: later than the first, up to and including the second."""
    low = -1 if wanted.since_us is None else wanted.since_us
    high = LATEST if wanted.until_us is None else wanted.until_us
    if wanted.after is not None and wanted.ascending:
        low = max(low, wanted.after.stored_us)
    elif wanted.after is not None:
        high = min(high, wanted.after.stored_us - 1)
    return low, high
