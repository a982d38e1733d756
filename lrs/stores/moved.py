"""What follows from what is moved, the same as when it first came in; and what contradicts what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lrs.errors import Conflict, Detail
from lrs.stores.audit import AuditEntry
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


def new_entries(entries: Sequence[AuditEntry], there: Mapping[int, AuditEntry]) -> list[AuditEntry]:
    """Those to be appended; `there` has what is here under their numbers, and under the one before the first.

    Raises `Conflict` when the chain here is another, or would have a gap.
    """
    for entry in entries:
        if there.get(entry.number, entry) != entry:
            raise Conflict(
                "The audit log here is another one.",
                [
                    Detail(
                        "number", f"another entry {entry.number} here", "a log that begins with what is here"
                    )
                ],
            )
    new = [entry for entry in entries if entry.number not in there]
    if not new:
        return new
    wanted = range(new[0].number, new[0].number + len(new))
    before = wanted[0] - 1
    if [entry.number for entry in new] != list(wanted) or (before and before not in there):
        raise Conflict(
            "The audit log would have a gap.",
            [Detail("number", f"entry {wanted[0]}, and not the one before", "entries without a gap")],
        )
    return new


def _told(generation: Generation) -> str:
    source = generation.source
    return f"{generation.kind} generation {generation.number} of {source.plugin} {source.version}"
