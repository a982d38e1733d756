"""Statements by id, by filter and in order: each question walks one index."""

from __future__ import annotations

from lrs.stores.asked import bounds, terms_wanted
from lrs.stores.base import Page
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.models import NEVER, Statement, by
from lrs.stores.mongo.reading import View
from lrs.stores.mongo.rows import STATEMENT, packed, stored_statement, term_key
from lrs.xapi.query import Cursor, StatementQuery
from lrs.xapi.statement import StoredStatement


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
    low, high = bounds(wanted)
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
