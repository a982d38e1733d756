"""What follows from what is moved, the same as when it first came in; and what contradicts what is there."""

from __future__ import annotations

from lrs.errors import Conflict, Detail
from lrs.stores.base import Generation
from lrs.stores.moving import MovedStatement
from lrs.xapi.incoming import VOIDED
from lrs.xapi.statement import NewStatement
from lrs.xapi.strict_json import parse
from lrs.xapi.terms import terms_of
from lrs.xapi.timestamps import format_us, parse_us


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


def id_taken(statement_id: str, *, here_us: int, wanted_us: int) -> Conflict:
    """Its id is that of another statement, which was stored here at another instant or says something else."""
    found = f"another one, stored {format_us(here_us)}"
    return Conflict(
        f"The statement id {statement_id} is taken.",
        [Detail("id", found, f"the one stored {format_us(wanted_us)}, or none")],
    )


def too_early(statement_id: str, *, stored_us: int, newest_us: int) -> Conflict:
    """It would stand before, or in the place of, what is there."""
    return Conflict(
        f"Statement {statement_id} is not later than what is there.",
        [Detail("stored", format_us(stored_us), f"later than {format_us(newest_us)}")],
    )


def not_here(statement_id: str, found: str) -> Conflict:
    """The statement in which something was found; `found` is what is in its place."""
    return Conflict(
        f"Statement {statement_id} is not here, and evidence in it is to be taken in.",
        [Detail("statement", found, statement_id)],
    )


def check_generation(here: Generation, wanted: Generation) -> None:
    """Raise `Conflict` when a number would stand for two generations, or a generation have two numbers."""
    same = here.source.digest == wanted.source.digest and here.kind is wanted.kind
    if same is not (here.number == wanted.number):
        raise Conflict(
            f"Generation {wanted.number} cannot be taken in.",
            [Detail("generation", f"here, {_told(here)}", f"{_told(wanted)}, or neither")],
        )


def _told(generation: Generation) -> str:
    source = generation.source
    return f"{generation.kind} generation {generation.number} of {source.plugin} {source.version}"
