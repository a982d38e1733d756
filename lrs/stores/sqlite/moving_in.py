"""What is moved into the file, each call one transaction; see `lrs.stores.moving.MovableStore`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from lrs.cohort.roster import Member
from lrs.stores.audit import AuditEntry
from lrs.stores.base import Generation, Key
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.moved import check_generation, derived, id_taken, new_entries, not_here, too_early
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
)
from lrs.stores.sqlite import access, audit, contests, references, roster, users
from lrs.stores.sqlite.connections import Connection
from lrs.stores.sqlite.definitions import Definitions
from lrs.stores.sqlite.documents import place_of
from lrs.stores.sqlite.generations import read_generations
from lrs.stores.sqlite.ids import packed, unpacked
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.packing import Packing
from lrs.stores.sqlite.sql import in_lists, query
from lrs.stores.sqlite.terms import Name, Terms
from lrs.stores.users import User
from lrs.xapi.statement import Attachment, NewStatement, TermKind
from lrs.xapi.timestamps import format_us

_Ready = tuple[MovedStatement, NewStatement, bytes, bytes]
"""A statement, what follows from its bytes, its id in 16 bytes, its SHA-256."""


def taking_statements(statements: Sequence[MovedStatement]) -> Work:
    """Do what `take_statements` says."""
    # Parsed here, while others may write.
    ready: list[_Ready] = [
        (one, derived(one), packed(one.id), sha256(one.raw).digest()) for one in statements
    ]

    def work(connection: Connection) -> None:
        new = _not_there(connection, ready)
        if not new:
            return
        before = new[0][0].stored_us - 1
        ids = Terms().ids(connection, {term for one in new for term in one[1].terms})
        packing = Packing()
        _, statements, newest_dictionary = connection.execute(query("before_adding")).fetchone()
        packing.begin(connection, newest_dictionary, statements)
        rows = [_statement_row(one, ids, packing) for one in new]
        connection.executemany(query("insert_statement"), rows)
        connection.execute(query("insert_postings"), {"before": before})
        references.follow(connection, before)
        connection.execute(query("count_up"), (len(new), 0, 0))

    return work


def _not_there(connection: sqlite3.Connection, ready: Sequence[_Ready]) -> list[_Ready]:
    """Those that are new. Raises `Conflict` for what contradicts what is there, or comes too late."""
    keys = [key for _, _, key, _ in ready]
    there = {
        row[0]: row[1:]
        for text, values in in_lists("whose", keys)
        for row in connection.execute(text, values)
    }
    last = connection.execute(query("last_stored")).fetchone()[0] or 0
    new = []
    for one in ready:
        moved, _, key, digest = one
        if key in there:
            if there[key] != (moved.stored_us, digest):
                raise id_taken(moved.id, here_us=there[key][0], wanted_us=moved.stored_us)
        elif moved.stored_us <= last:
            raise too_early(moved.id, stored_us=moved.stored_us, newest_us=last)
        else:
            last = moved.stored_us
            new.append(one)
    return new


def _statement_row(one: _Ready, ids: Mapping[Name, str], packing: Packing) -> tuple[Any, ...]:
    moved, statement, key, digest = one
    authority = next((ids[term] for term in statement.terms if term[0] is TermKind.AUTHORITY), None)
    return (
        moved.stored_us,
        key,
        digest,
        authority,
        packed(statement.refers_to) if statement.refers_to else None,
        int(statement.voids),
        int(moved.voids_others),
        int(moved.timestamp_given),
        f"[{','.join([ids[term] for term in statement.terms])}]",
        *packing.packed(moved.raw),
    )


def taking_attachments(attachments: Sequence[Attachment]) -> Work:
    """Do what `take_attachments` says."""
    rows = [(one.sha2, one.content_type, one.content) for one in attachments]

    def work(connection: Connection) -> None:
        connection.executemany(query("insert_attachment"), rows)

    return work


def taking_definitions(definitions: Sequence[MovedDefinition]) -> Work:
    """Do what `take_definitions` says."""

    def work(connection: Connection) -> None:
        Definitions(Terms()).add(connection, [(one.activity, one.text, one.stored_us) for one in definitions])

    return work


def taking_generations(generations: Sequence[Generation], activations: Sequence[MovedActivation]) -> Work:
    """Do what `take_generations` says."""

    def work(connection: Connection) -> None:
        for generation in generations:
            _take_generation(connection, generation)
        connection.executemany(
            query("take_activation"),
            [(one.plugin, one.at_us, one.generation, one.through_us) for one in activations],
        )

    return work


def _take_generation(connection: sqlite3.Connection, generation: Generation) -> None:
    source = generation.source
    for one in read_generations(connection):
        check_generation(one, generation)
    if connection.execute(query("source"), (source.digest,)).fetchone() is None:
        values = source.plugin, source.version, source.digest, source.rubrics
        connection.execute(query("insert_source"), values)
    (number,) = connection.execute(query("source"), (source.digest,)).fetchone()
    row = (
        generation.number,
        number,
        generation.kind.value,
        generation.begun_us,
        generation.through_us,
        generation.evidence,
        generation.failures,
    )
    connection.execute(query("take_generation"), row)


def taking_evidence(generation: int, evidence: Sequence[MovedEvidence]) -> Work:
    """Do what `take_evidence` says."""
    whose = {one.stored_us: one.statement_id for one in evidence}

    def work(connection: Connection) -> None:
        digests = _digests(connection, whose)
        connection.executemany(query("delete_evidence_in"), [(stored, generation) for stored in whose])
        names: set[Name] = {(one.evidence.subject_type, one.evidence.subject) for one in evidence}
        ids = Terms().ids(connection, names)
        connection.executemany(
            query("insert_evidence_later"),
            [_evidence_row(generation, one, digests[one.stored_us], ids) for one in evidence],
        )

    return work


def _digests(connection: sqlite3.Connection, whose: Mapping[int, str]) -> dict[int, bytes]:
    """SHA-256 of statements by `stored`; `whose` has their ids. Raises `Conflict` when one is not there."""
    there = {
        stored: (unpacked(key), digest)
        for text, values in in_lists("stored_at", whose)
        for stored, key, digest in connection.execute(text, values)
    }
    for stored, statement_id in whose.items():
        found, _ = there.get(stored, ("none", b""))
        if found != statement_id:
            raise not_here(statement_id, f"{found}, stored {format_us(stored)}")
    return {stored: digest for stored, (_, digest) in there.items()}


def _evidence_row(
    generation: int, moved: MovedEvidence, digest: bytes, ids: Mapping[Name, str]
) -> tuple[Any, ...]:
    one = moved.evidence
    return (
        generation,
        moved.stored_us,
        moved.mended_us,
        moved.mends,
        packed(moved.statement_id),
        digest,
        ids[one.subject_type, one.subject],
        one.competency,
        one.indicator,
        one.rating,
        one.scale,
        str(one.tier),
        one.rater,
        one.encounter,
        one.observed_us,
        ",".join(one.flags),
        one.rule,
    )


def taking_failures(failures: Sequence[MovedFailure]) -> Work:
    """Do what `take_failures` says."""
    rows = [
        (one.stored_us, one.place, one.generation, packed(one.statement_id), one.mended_us, one.reason)
        for one in failures
    ]

    def work(connection: Connection) -> None:
        connection.executemany(query("take_failure"), rows)

    return work


def taking_documents(documents: Sequence[MovedDocument]) -> Work:
    """Do what `take_documents` says."""
    rows = [
        {
            **place_of(one.scope, one.id),
            "content": one.document.content,
            "content_type": one.document.content_type,
            "etag": one.document.etag,
            "updated": one.document.updated_us,
        }
        for one in documents
    ]

    def work(connection: Connection) -> None:
        connection.executemany(query("take_document"), rows)

    return work


def taking_access(keys: Sequence[Key], secrets: Sequence[tuple[str, bytes]]) -> Work:
    """Do what `take_access` says."""
    rows = [access.key_row(key) for key in keys]

    def work(connection: Connection) -> None:
        for name in ("delete_keys", "delete_secrets"):
            connection.execute(query(name))
        connection.executemany(query("insert_key"), rows)
        connection.executemany(query("insert_secret"), secrets)

    return work


def taking_roster(members: Sequence[Member]) -> Work:
    """Do what `take_roster` says."""
    putting = roster.putting(members)

    def work(connection: Connection) -> None:
        connection.execute(query("delete_members"))
        putting(connection)

    return work


def taking_users(users_: Sequence[User]) -> Work:
    """Do what `take_users` says."""
    rows = [users.user_row(one) for one in users_]

    def work(connection: Connection) -> None:
        for name in ("delete_users", "delete_sessions"):
            connection.execute(query(name))
        connection.executemany(query("insert_user"), rows)

    return work


def taking_contests(contests_: Sequence[Contest], rejoinders: Sequence[Rejoinder]) -> Work:
    """Do what `take_contests` says."""
    rows = [contests.contest_row(one) for one in contests_]
    answers = [contests.rejoinder_row(one) for one in rejoinders]

    def work(connection: Connection) -> None:
        for name in ("delete_contests", "delete_rejoinders"):
            connection.execute(query(name))
        connection.executemany(query("insert_contest"), rows)
        connection.executemany(query("insert_rejoinder"), answers)

    return work


def taking_audit(entries: Sequence[AuditEntry]) -> Work:
    """Do what `take_audit` says."""

    def work(connection: Connection) -> None:
        if not entries:
            return
        span = audit.scan(connection, entries[0].number - 2, len(entries) + 1, entries[-1].number)
        for entry in new_entries(entries, {one.number: one for one in span}):
            audit.insert(connection, entry)

    return work


def taking_counts(last: int) -> Work:
    """Do what `take_counts` says."""

    def work(connection: Connection) -> None:
        connection.execute(query("recount"), {"last": last})

    return work
