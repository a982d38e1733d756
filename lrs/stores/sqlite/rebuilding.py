"""The work of a rebuild: begun, cut into parts, taken part by part, kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.competency.evidence import Source
from lrs.stores.base import Kind, Part, Rebuild
from lrs.stores.later_work import Beginning, Found, Stretch, check_found, one_instant
from lrs.stores.sqlite import generations, rows
from lrs.stores.sqlite.finding import last_stored
from lrs.stores.sqlite.ids import packed
from lrs.stores.sqlite.jobs import Work
from lrs.stores.sqlite.sources import generation_of
from lrs.stores.sqlite.sql import query
from lrs.stores.sqlite.terms import Name, Terms, known_ids


def cut(connection: sqlite3.Connection, sources: Sequence[Source], part_statements: int) -> Stretch:
    """What is to be looked at, walking all of it once. The connection has to be in a transaction.

    Raises `ValueError` when the sources have not been rebuilt up to the same instant.
    """
    begin = after = rebuilt_through(connection, sources)
    through = last_stored(connection)
    parts: list[tuple[int, int, int]] = []
    while True:
        bound = {"after": begin, "through": through, "most": part_statements}
        end, statements = connection.execute(query("next_statements"), bound).fetchone()
        if not statements:
            return Stretch(after, through, tuple(parts))
        parts.append((begin, end, statements))
        begin = end


def rebuilt_through(connection: sqlite3.Connection, sources: Sequence[Source]) -> int:
    """Up to when they all were rebuilt; -1: none was. Raises `ValueError` when they differ."""
    instants = set()
    for source in sources:
        row = connection.execute(query("rebuilt_through"), (source.digest,)).fetchone()
        instants.add(-1 if row is None or row[0] is None else int(row[0]))
    return one_instant(instants)


def resumed(connection: sqlite3.Connection, sources: Sequence[Source]) -> int | None:
    """The rebuild of the same sources that was not finished."""
    digests = {source.digest for source in sources}
    for rebuild, theirs in _unfinished(connection).items():
        if theirs.keys() == digests:
            return rebuild
    return None


def clearing(sources: Sequence[Source]) -> Work:
    """Drop what is in the way of a rebuild, and delete some of what it had found; whether there may be more."""
    plugins = {source.plugin for source in sources}

    def work(connection: sqlite3.Connection) -> bool:
        if resumed(connection, sources) is not None:
            return False
        for rebuild, theirs in _unfinished(connection).items():
            if plugins & set(theirs.values()):
                generations.drop(connection, rebuild)
        return generations.clear(connection)

    return work


def beginning(sources: Sequence[Source], stretch: Stretch, now: int) -> Work:
    """Begin the work, unless somebody has; answers a `Beginning`."""
    plugins = {source.plugin for source in sources}

    def work(connection: sqlite3.Connection) -> Beginning:
        rebuild = resumed(connection, sources)
        if rebuild is not None:
            return Beginning(rebuild, settled=True)
        in_the_way = any(plugins & set(theirs.values()) for theirs in _unfinished(connection).values())
        if (
            in_the_way
            or generations.clear(connection)
            or rebuilt_through(connection, sources) != stretch.after
        ):
            return Beginning(None, settled=False)
        if not stretch.parts and stretch.after >= 0:
            return Beginning(None, settled=True)
        return Beginning(_begin(connection, sources, stretch, now), settled=True)

    return work


def _unfinished(connection: sqlite3.Connection) -> dict[int, dict[str, str]]:
    """By number of a rebuild: the plugin of each source, by the source's digest."""
    found: dict[int, dict[str, str]] = {}
    for rebuild, plugin, digest in connection.execute(query("unfinished")):
        found.setdefault(rebuild, {})[digest] = plugin
    return found


def _begin(connection: sqlite3.Connection, sources: Sequence[Source], stretch: Stretch, now: int) -> int:
    rebuild = connection.execute(query("insert_rebuild"), (stretch.after, stretch.through)).lastrowid
    if rebuild is None:
        raise AssertionError("an INSERT has a row id")
    numbers = [generation_of(connection, source, Kind.REBUILT, now) for source in sources]
    connection.executemany(query("insert_rebuild_generation"), [(rebuild, number) for number in numbers])
    connection.executemany(
        query("insert_part"), [(rebuild, number, *part) for number, part in enumerate(stretch.parts)]
    )
    # Where no statement is, all are done.
    connection.execute(query("complete"), {"rebuild": rebuild})
    return rebuild


def read_rebuild(connection: sqlite3.Connection, number: int) -> Rebuild | None:
    """See `GenerationStore.rebuild`. The connection has to be in a transaction."""
    row = connection.execute(query("rebuild"), (number,)).fetchone()
    if row is None:
        return None
    statements, done = connection.execute(query("progress"), (number,)).fetchone()
    known = connection.execute(query("generations_of_rebuild"), (number,))
    return Rebuild(
        number=number,
        generations=tuple(map(generations.generation, known)),
        after_us=row[0],
        through_us=row[1],
        statements=statements,
        done=done,
    )


def taking(rebuild: int, worker: str, *, now: int, lease_us: int) -> Work:
    """Do what `GenerationStore.take_part` says; `now` is an instant."""

    def work(connection: sqlite3.Connection) -> Part | None:
        row = connection.execute(query("next_part"), {"rebuild": rebuild, "now": now}).fetchone()
        if row is None:
            return None
        number, after, through = row
        taken = {"worker": worker, "until": now + lease_us, "rebuild": rebuild, "number": number}
        connection.execute(query("take_part"), taken)
        return Part(rebuild=rebuild, number=number, after_us=after, through_us=through, worker=worker)

    return work


@dataclass(frozen=True, slots=True)
class _Rows:
    evidence: list[tuple[Any, ...]]
    quarantine: list[tuple[Any, ...]]


def finishing(connection: sqlite3.Connection, part: Part, found: Found) -> Work:
    """Do what `GenerationStore.finish_part` says.

    What can be looked up and made ready is, by a connection that reads: the writer's lock is held for as short as
    can be, for other workers wait for it. Raises `ValueError` for what is not of this part.
    """
    targets = dict(connection.execute(query("targets"), (part.rebuild,)).fetchall())
    if targets:
        check_found(part, found, targets)
    names = {name for _, findings in found for name in rows.subjects_of(findings)}
    known = known_ids(connection, names)
    missing = names - known.keys()
    # What is committed stays as it is; only the numbers of subjects that are new have to wait.
    ready = None if missing or not targets else _rows(found, targets, known)

    def work(connection: sqlite3.Connection) -> bool:
        mine = (part.rebuild, part.number, part.worker)
        if connection.execute(query("finish_part"), mine).rowcount == 0:
            return False
        kept = ready or _rows(found, targets, {**known, **Terms().ids(connection, missing)})
        connection.executemany(query("insert_evidence_later"), kept.evidence)
        connection.executemany(query("insert_quarantine"), kept.quarantine)
        connection.executemany(query("count_found"), rows.counted(kept.evidence, kept.quarantine))
        connection.execute(query("complete"), {"rebuild": part.rebuild})
        return True

    return work


def _rows(found: Found, targets: Mapping[str, int], ids: Mapping[Name, str]) -> _Rows:
    kept = _Rows([], [])
    for statement, findings in found:
        key, stored = packed(statement.id), statement.stored_us
        origin = (stored, None, None, key, statement.sha256)
        kept.evidence.extend(rows.evidence_rows(findings, targets, origin, ids))
        kept.quarantine.extend(rows.quarantine_rows(findings, targets, stored, key))
    return kept
