"""What follows from the bytes of a statement that is moved: the same as when it first came in."""

from __future__ import annotations

from lrs.stores.moving import MovedStatement
from lrs.xapi.incoming import VOIDED
from lrs.xapi.statement import NewStatement
from lrs.xapi.strict_json import parse
from lrs.xapi.terms import terms_of
from lrs.xapi.timestamps import parse_us


def derived(moved: MovedStatement) -> NewStatement:
    """The statement as it would come in anew, but for `body`: its exact bytes, in which `stored` stands already."""
    statement = parse(moved.raw)
    target = statement["object"]
    refers = target["id"].lower() if target.get("objectType") == "StatementRef" else None
    return NewStatement(
        id=moved.id,
        body=moved.raw,
        parsed=statement,
        terms=terms_of(statement),
        timestamp_us=parse_us(statement["timestamp"]),
        timestamp_given=moved.timestamp_given,
        refers_to=refers,
        voids=refers is not None and statement["verb"]["id"] == VOIDED,
        voids_others=moved.voids_others,
    )
