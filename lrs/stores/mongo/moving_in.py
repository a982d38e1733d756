"""What is moved into the database, each call one unit; see `lrs.stores.moving.MovableStore`."""

from __future__ import annotations

from collections.abc import Sequence

from bson.binary import Binary

from lrs.cohort.roster import Member
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Generation, Key, Kind
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.mongo import access, audit, people, references
from lrs.stores.mongo.adding import definition_row
from lrs.stores.mongo.cluster import Row
from lrs.stores.mongo.generations import generation as as_generation
from lrs.stores.mongo.models import (
    NEVER,
    ActivationOf,
    ContestOf,
    Definition,
    Failed,
    Found,
    GenerationOf,
    KeyOf,
    Logged,
    MemberOf,
    RejoinderOf,
    Secret,
    SessionOf,
    Statement,
    StoredAttachment,
    StoredDocument,
    Subject,
    UserOf,
)
from lrs.stores.mongo.rows import (
    ORIGIN,
    Kept,
    Origin,
    evidence_row,
    failure_row,
    kept_statement,
    origin_of,
    packed,
    subjects_in,
    unpacked,
)
from lrs.stores.mongo.sources import activation_row
from lrs.stores.mongo.units import Unit
from lrs.stores.moved import check_generation, derived, id_taken, new_entries, not_here, too_early
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)
from lrs.stores.users import User
from lrs.xapi.timestamps import format_us


def statement_rows(statements: Sequence[MovedStatement]) -> list[Row]:
    """Statements with what follows from their bytes, as documents."""
    return [_statement_row(one) for one in statements]


def _statement_row(moved: MovedStatement) -> Row:
    new = derived(moved)
    return kept_statement(
        Kept(
            key=packed(moved.id),
            stored=moved.stored_us,
            raw=moved.raw,
            terms=new.terms,
            refers_to=new.refers_to,
            voiding=new.voids,
            voids_others=new.voids_others,
            timestamp_given=new.timestamp_given,
        )
    )


def take_statements(unit: Unit, rows: Sequence[Row]) -> None:
    """Do what `MovableStore.take_statements` says."""
    new = _not_there(unit, rows)
    if not new:
        return
    unit.insert(Statement, new)
    references.follow(unit, new)
    _go_on(unit, new[-1]["stored"])
    unit.tick({"$set": {"newest": new[-1]["stored"]}, "$inc": {"statements": len(new)}})


def _go_on(unit: Unit, instant: int) -> None:
    """Let the clock be at this instant, or where it is."""
    clock = unit.clock
    unit.tick({"$set": {name: max(int(clock[name]), instant) for name in ("last", "dated")}})


def _not_there(unit: Unit, rows: Sequence[Row]) -> list[Row]:
    """Those that are new. Raises `Conflict` for what contradicts what is there, or comes too late."""
    wanted = {"_id": {"$in": [row["_id"] for row in rows]}}
    there = {row["_id"]: row for row in unit.find(Statement, wanted, {"stored": 1, "sha256": 1})}
    last = int(unit.clock["newest"])
    new = []
    for row in rows:
        known = there.get(row["_id"])
        if known is not None:
            if (known["stored"], known["sha256"]) != (row["stored"], row["sha256"]):
                raise id_taken(unpacked(row["_id"]), here_us=known["stored"], wanted_us=row["stored"])
        elif row["stored"] <= last:
            raise too_early(unpacked(row["_id"]), stored_us=row["stored"], newest_us=last)
        else:
            last = row["stored"]
            new.append(row)
    return new


def take_attachments(unit: Unit, rows: Sequence[Row]) -> None:
    """Do what `MovableStore.take_attachments` says."""
    wanted = {"_id": {"$in": [row["_id"] for row in rows]}}
    there = {row["_id"] for row in unit.find(StoredAttachment, wanted, {"_id": 1})}
    unit.insert(StoredAttachment, [row for row in rows if row["_id"] not in there])


def take_definitions(unit: Unit, definitions: Sequence[MovedDefinition]) -> None:
    """Do what `MovableStore.take_definitions` says."""
    if not definitions:
        return
    rows: dict[bytes, Row] = {}
    for one in definitions:
        row = definition_row(one.activity, one.text, one.stored_us, 0)
        rows.setdefault(row["_id"], row)
    there = {row["_id"] for row in unit.find(Definition, {"_id": {"$in": list(rows)}}, {"_id": 1})}
    new = [row for key, row in rows.items() if key not in there]
    # Behind those of the same instant that are there.
    places: dict[int, int] = {}
    same = {"stored": {"$in": sorted({row["stored"] for row in new})}}
    for row in unit.find(Definition, same, {"stored": 1, "place": 1}):
        places[row["stored"]] = max(places.get(row["stored"], -1), row["place"])
    for row in new:
        row["place"] = places[row["stored"]] = places.get(row["stored"], -1) + 1
    unit.insert(Definition, new)
    _go_on(unit, max(one.stored_us for one in definitions))


def take_generations(
    unit: Unit, generations: Sequence[Generation], activations: Sequence[MovedActivation]
) -> None:
    """Do what `MovableStore.take_generations` says."""
    known = [as_generation(row) for row in unit.find(GenerationOf, {})]
    for one in generations:
        for here in known:
            check_generation(here, one)
    unit.update_each(GenerationOf, {one.number: _kept(one) for one in generations})
    rows = [activation_row(one.plugin, one.at_us, one.generation, one.through_us) for one in activations]
    unit.put(ActivationOf, rows)
    last = max((one.number for one in generations), default=0)
    unit.tick({"$set": {"generations": max(last, int(unit.clock["generations"]))}})


def _kept(one: Generation) -> Row:
    source = one.source
    return {
        "$set": {
            "plugin": source.plugin,
            "version": source.version,
            "digest": source.digest,
            "rubrics": source.rubrics,
            "kind": one.kind.value,
            "begun": one.begun_us,
            "through": one.through_us,
            "evidence": one.evidence,
            "failures": one.failures,
        },
        "$setOnInsert": {"dirty": False},
    }


def take_evidence(unit: Unit, generation: int, evidence: Sequence[MovedEvidence]) -> None:
    """Do what `MovableStore.take_evidence` says."""
    origins = _origins(unit, {one.statement_id: one.stored_us for one in evidence})
    stored = sorted({one.stored_us for one in evidence})
    unit.delete(Found, {"generation": generation, "stored": {"$in": stored}})
    rows = []
    places: dict[int, int] = {}
    for one in evidence:
        place = places[one.stored_us] = places.get(one.stored_us, -1) + 1
        rows.append(
            evidence_row(
                one.evidence,
                generation,
                place,
                origins[one.statement_id],
                mended=one.mended_us or 0,
                mends=one.mends,
            )
        )
    unit.insert(Found, rows)
    unit.update_each(Subject, subjects_in(rows))


def _origins(unit: Unit, wanted: dict[str, int]) -> dict[str, Origin]:
    """The statements with these ids and `stored`. Raises `Conflict` when one is not there."""
    keys: list[Binary] = [packed(statement_id) for statement_id in wanted]
    found = {
        unpacked(row["_id"]): origin_of(row) for row in unit.find(Statement, {"_id": {"$in": keys}}, ORIGIN)
    }
    for statement_id, stored in wanted.items():
        one = found.get(statement_id)
        if one is None or one.stored != stored:
            here = "none" if one is None else f"one stored {format_us(one.stored)}"
            raise not_here(statement_id, here)
    return found


def take_failures(unit: Unit, failures: Sequence[MovedFailure]) -> None:
    """Do what `MovableStore.take_failures` says."""
    origins = _origins(unit, {one.statement_id: one.stored_us for one in failures})
    rows = [
        failure_row(
            one.generation,
            one.place,
            one.reason,
            origins[one.statement_id],
            mended=NEVER if one.mended_us is None else one.mended_us,
        )
        for one in failures
    ]
    unit.put(Failed, rows)


def take_documents(unit: Unit, rows: Sequence[Row]) -> list[bytes]:
    """Do what `MovableStore.take_documents` says; the files that no document names any more."""
    wanted = {"_id": {"$in": [row["_id"] for row in rows]}, "file": {"$exists": True}}
    old = [row["file"] for row in unit.find(StoredDocument, wanted, {"file": 1})]
    unit.put(StoredDocument, rows)
    return old


def take_access(unit: Unit, keys: Sequence[Key], secrets: Sequence[tuple[str, bytes]]) -> None:
    """Do what `MovableStore.take_access` says."""
    for model in (KeyOf, Secret):
        unit.delete(model, {})
    unit.insert(KeyOf, [access.key_row(key) for key in keys])
    unit.insert(Secret, [{"_id": name, "value": value} for name, value in secrets])


def take_roster(unit: Unit, members: Sequence[Member]) -> None:
    """Do what `MovableStore.take_roster` says."""
    unit.delete(MemberOf, {})
    unit.insert(MemberOf, access.member_rows(members))


def take_users(unit: Unit, users: Sequence[User]) -> None:
    """Do what `MovableStore.take_users` says."""
    for model in (UserOf, SessionOf):
        unit.delete(model, {})
    unit.insert(UserOf, [people.user_row(one) for one in users])


def take_contests(unit: Unit, contests: Sequence[Contest], rejoinders: Sequence[Rejoinder]) -> None:
    """Do what `MovableStore.take_contests` says."""
    for model in (ContestOf, RejoinderOf):
        unit.delete(model, {})
    unit.insert(ContestOf, [people.contest_row(one) for one in contests])
    unit.insert(RejoinderOf, [people.rejoinder_row(one) for one in rejoinders])


def take_audit(unit: Unit, entries: Sequence[AuditEntry]) -> None:
    """Do what `MovableStore.take_audit` says."""
    if not entries:
        return
    numbers = [entries[0].number - 1, *(one.number for one in entries)]
    there = {row["_id"]: audit.entry_of(row) for row in unit.find(Logged, {"_id": {"$in": numbers}})}
    unit.insert(Logged, [audit.entry_row(one) for one in new_entries(entries, there)])


def take_counts(unit: Unit, last_us: int) -> None:
    """Do what `MovableStore.take_counts` says."""
    # Statements were counted as they came, and evidence is counted in its generation: there may be very many.
    live = {
        row["_id"]: row["evidence"]
        for row in unit.find(GenerationOf, {"kind": Kind.LIVE.value}, {"evidence": 1})
    }
    failures = {"generation": {"$in": list(live)}, "mended": NEVER}
    counts = {"evidence": sum(live.values()), "quarantined": unit.count(Failed, failures)}
    unit.tick({"$set": counts})
    _go_on(unit, last_us)
