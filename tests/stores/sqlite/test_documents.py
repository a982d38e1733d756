"""Documents in one file: a law, several processes, and what `consistent_through` makes of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.stores.base import Document, DocumentScope
from lrs.stores.contract_samples import document, state_scope, statement, submission
from lrs.stores.group_commit import AddJob, Job
from lrs.stores.sqlite.documents import swapping
from lrs.stores.sqlite.in_flight import InFlight
from lrs.stores.sqlite.jobs import CallJob, DatedJob
from lrs.stores.sqlite.store import SqliteStore

SCRIPT = Path(__file__).with_name("swapping.py")
COUNTER = state_scope(registration="ec531277-b57b-4c15-8d91-d292c5b2b8f7"), "counter"
REGISTRATIONS = (None, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")

SCOPES = st.sampled_from([state_scope(registration=one) for one in REGISTRATIONS])
DOCUMENTS = st.none() | st.builds(document, st.sampled_from([b"", b"1", b"2"]), updated_us=st.integers(0, 3))
SWAPS = st.tuples(SCOPES, st.sampled_from("ab"), st.none() | st.sampled_from([b"", b"1", b"2"]), DOCUMENTS)


@settings(deadline=None, max_examples=40)
@given(st.lists(SWAPS | SCOPES, max_size=25), st.none() | st.integers(-1, 3))
def test_documents_behave_like_a_dict(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[DocumentScope, str, bytes | None, Document | None] | DocumentScope],
    since: int | None,
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("documents") / "rapport.db")
    store.initialise()
    kept: dict[tuple[str | None, str], Document] = {}
    for step in steps:
        if isinstance(step, DocumentScope):
            gone = [place for place in kept if step.registration in (None, place[0])]
            assert store.delete_documents(step) == len(gone)
            for place in gone:
                del kept[place]
            continue
        scope, name, content, new = step
        expected = None if content is None else document(content).etag
        old = kept.get((scope.registration, name))
        right = (old.etag if old else None) == expected
        assert store.swap_document(scope, name, expected, new) is right
        if right and new is not None:
            kept[scope.registration, name] = new
        elif right:
            kept.pop((scope.registration, name), None)
    for registration in REGISTRATIONS:
        scope = state_scope(registration=registration)
        assert {name: store.document(scope, name) for name in "ab"} == {
            name: kept.get((registration, name)) for name in "ab"
        }
        assert list(store.document_ids(scope, since)) == sorted(
            {
                name
                for (other, name), one in kept.items()
                if registration in (None, other) and (since is None or one.updated_us > since)
            }
        )
    store.close()


@contextmanager
def counting(path: Path, name: str, until: int) -> Iterator[subprocess.Popen[str]]:
    """A process that is ready to count; it begins at the first line."""
    command = [sys.executable, str(SCRIPT), str(path), name, str(until)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def numbers(process: subprocess.Popen[str]) -> Iterator[int]:
    assert process.stdout is not None
    return map(int, process.stdout)


def test_of_two_processes_that_swap_one_document_exactly_one_wins_each_round(
    store: SqliteStore, path: Path
) -> None:
    with counting(path, "a", 200) as one, counting(path, "b", 200) as other:
        begin(one)
        begin(other)
        won = [*numbers(one), *numbers(other)]
        assert (one.wait(), other.wait()) == (0, 0)
    assert sorted(won) == list(range(1, 201))
    kept = store.document(*COUNTER)
    assert kept is not None
    assert kept.content.startswith(b"200 ")


def test_a_swap_that_was_acknowledged_outlives_its_process(store: SqliteStore, path: Path) -> None:
    with counting(path, "a", 0) as process:
        begin(process)
        lines = numbers(process)
        acknowledged = [next(lines) for _ in range(30)]
        process.kill()
        # What was in the pipe was acknowledged as well.
        acknowledged += list(lines)
    kept = store.document(*COUNTER)
    assert kept is not None
    # One more may have been committed whose acknowledgement was never written.
    assert int(kept.content.split()[0]) - acknowledged[-1] in (0, 1)
    assert store.health()["integrity"] == "ok"


def test_a_swap_that_cannot_be_written_does_not_harm_the_others_in_its_group(
    store: SqliteStore, work: Callable[..., list[Job]]
) -> None:
    scope, new, ugly = state_scope(), statement(), document(updated_us=2**70)
    jobs = work(
        CallJob(swapping(scope, "a", None, document())),
        AddJob(submission(new)),
        CallJob(swapping(scope, "b", None, ugly)),
        CallJob(swapping(scope, "a", document().etag, document(b"later"))),
    )
    assert [jobs[place].outcome() for place in (0, 1, 3)] == [True, {new.id}, True]
    with pytest.raises(OverflowError):
        jobs[2].outcome()
    assert store.document(scope, "a") == document(b"later")
    assert list(store.document_ids(scope)) == ["a"]


@pytest.mark.parametrize("dated", [True, False])
def test_only_who_stores_statements_holds_up_what_is_consistent(
    store: SqliteStore, path: Path, work: Callable[..., list[Job]], dated: bool
) -> None:
    asker = InFlight(path)
    job = DatedJob(lambda *_: asker.nothing_until(1)) if dated else CallJob(lambda _: asker.nothing_until(1))
    [done] = work(job)
    assert done.outcome() is not dated
    asker.close()


def test_a_swap_beside_a_statement_is_in_flight_as_that_is(
    store: SqliteStore, path: Path, work: Callable[..., list[Job]]
) -> None:
    asker = InFlight(path)
    jobs = work(CallJob(lambda _: asker.nothing_until(1)), AddJob(submission(statement())))
    assert jobs[0].outcome() is False
    asker.close()
