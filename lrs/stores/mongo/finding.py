"""Statements by id, by filter and in order: each question walks one index."""

from __future__ import annotations

from collections.abc import Sequence

from lrs.stores.base import Page
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import NEVER, Statement, by
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.rows import STATEMENT, packed, stored_statement, term_key
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import StoredStatement, Term, TermKind


def get(view: View, statement_id: str) -> StoredStatement | None:
    """The statement with this id, voided or not."""
    wanted = {"_id": packed(statement_id), "stored": by(view.visible)}
    row = view.find_one(Statement, wanted, STATEMENT)
    return None if row is None else stored_statement(row, view.visible)


def scan(view: View, after_us: int, limit: int, *, through_us: int = NEVER) -> list[StoredStatement]:
    """The next `limit` statements stored after `after_us` and by `through_us`, voided ones too."""
    wanted = {"stored": {"$gt": after_us, **by(min(through_us, view.visible))}}
    rows = view.find(Statement, wanted, STATEMENT, sort=[("stored", 1)], limit=limit)
    return [stored_statement(row, view.visible) for row in rows]


def find(view: View, wanted: StatementQuery) -> Page:
    """One page; a statement more than asked for is looked for, to know whether there is a next one."""
    order = [("stored", 1 if wanted.ascending else -1)]
    rows = list(view.find(Statement, filter_of(view, wanted), STATEMENT, sort=order, limit=wanted.limit + 1))
    page = tuple(stored_statement(row, view.visible) for row in rows[: wanted.limit])
    more = len(rows) > wanted.limit
    return Page(page, Cursor(page[-1].stored_us, page[-1].id) if more else None)


def filter_of(view: View, wanted: StatementQuery) -> Row:
    """What a query asks for, as a filter of MongoDB."""
    low, high = _bounds(wanted)
    found: Row = {
        "stored": {"$gt": low, **by(min(high, view.visible))},
        "voided": {"$gt": view.visible},
    }
    terms = [term_key(term) for term in terms_wanted(wanted)]
    if len(terms) == 1:
        found["terms"] = terms[0]
    elif terms:
        found["terms"] = {"$all": terms}
    if wanted.authority is not None:
        # Who may read the statements of one authority learns nothing of what they refer to.
        found["$or"] = [{"own": {"$exists": False}}, {"own": {"$all": terms}}]
    return found


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


def _bounds(wanted: StatementQuery) -> tuple[int, int]:
    """`stored` of what is wanted: later than the first, up to and including the second."""
    low = -1 if wanted.since_us is None else wanted.since_us
    high = NEVER if wanted.until_us is None else wanted.until_us
    if wanted.after is not None and wanted.ascending:
        low = max(low, wanted.after.stored_us)
    elif wanted.after is not None:
        high = min(high, wanted.after.stored_us - 1)
    return low, high
