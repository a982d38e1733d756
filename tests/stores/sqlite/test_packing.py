import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard

from lrs.errors import StoreUnavailable
from lrs.stores.contract_samples import statement, submission
from lrs.stores.sqlite import packing
from lrs.stores.sqlite.store import SqliteStore
from lrs.xapi.statement import NewStatement

FIRST = 40


@pytest.fixture(autouse=True)
def learns_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_FIRST", FIRST)


def fill(store: SqliteStore, count: int, *, about: str = "") -> list[NewStatement]:
    """Store statements that have much in common, each in a commit of its own."""
    texts = [f"{about}: said in so many words, again and again, {number}" for number in range(count)]
    new = [_saying(text) for text in texts]
    for one in new:
        store.add(submission(one))
    return new


def _saying(text: str) -> NewStatement:
    new = statement()
    result = {"response": text}
    body = new.body[:-1] + b',"result":' + json.dumps(result).encode() + b"}"
    return replace(new, body=body, parsed={**new.parsed, "result": result})


def rows(path: Path, text: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute(text).fetchall()
    connection.close()
    return found


def numbers(path: Path) -> list[object]:
    """By which dictionary each statement is compressed, in order."""
    return [number for (number,) in rows(path, "SELECT dictionary FROM statement ORDER BY stored")]


def bodies(store: SqliteStore) -> list[bytes]:
    """The bytes of all statements without `stored`, each held to its SHA-256."""
    found = list(store.scan())
    assert all(sha256(one.raw).digest() == one.sha256 for one in found)
    return [b"{" + one.raw.partition(b",")[2] for one in found]


def test_what_statements_have_in_common_is_learnt_once_there_are_enough(
    store: SqliteStore, path: Path
) -> None:
    new = fill(store, FIRST + 10)
    assert numbers(path) == [None] * FIRST + [1] * 10
    assert bodies(store) == [one.body for one in new]
    sizes = [length for (length,) in rows(path, "SELECT length(raw) FROM statement ORDER BY stored")]
    assert max(sizes[FIRST:]) < min(sizes[:FIRST]) / 2  # type: ignore[type-var, operator]


def test_what_is_compressed_can_be_read_with_zstandard_alone(store: SqliteStore, path: Path) -> None:
    new = fill(store, FIRST + 1)[-1]
    [(content,)] = rows(path, "SELECT content FROM dictionary")
    [(raw, digest)] = rows(path, "SELECT raw, sha256 FROM statement WHERE dictionary = 1")
    read = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(content)).decompress(raw)
    assert sha256(read).digest() == digest
    assert read.endswith(new.body[1:])


def test_it_is_learnt_anew_when_ten_times_as_many_are_stored(store: SqliteStore, path: Path) -> None:
    fill(store, FIRST * 10)
    new = fill(store, 5, about="another vendor")
    assert rows(path, "SELECT number, statements FROM dictionary") == [(1, FIRST), (2, FIRST * 10)]
    assert numbers(path)[-6:] == [1, 2, 2, 2, 2, 2]
    assert bodies(store)[-5:] == [one.body for one in new]


def test_statements_with_nothing_in_common_are_kept_as_they_are(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise zstandard.ZstdError("cannot train dict: nothing in common")

    with monkeypatch.context() as patch:
        patch.setattr(zstandard, "train_dictionary", refuse)
        fill(store, FIRST * 2)
    assert rows(path, "SELECT count(*) FROM dictionary") == [(0,)]
    fill(store, 1)
    assert numbers(path)[-2:] == [None, 1]


def test_a_dictionary_that_was_not_committed_is_not_used(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, FIRST)
    insert = packing.Packing.packed
    with monkeypatch.context() as patch:
        patch.setattr(packing.Packing, "packed", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.add(submission(statement()))
    assert packing.Packing.packed is insert
    assert rows(path, "SELECT count(*) FROM dictionary") == [(0,)]
    new = fill(store, 2)
    assert bodies(store)[-2:] == [one.body for one in new]
    assert numbers(path)[-2:] == [1, 1]


@pytest.fixture
def other(store: SqliteStore, path: Path) -> Iterator[SqliteStore]:
    """The same file, as another process has it open."""
    other = SqliteStore(path)
    yield other
    other.close()


def test_several_processes_compress_by_the_same_dictionary(
    store: SqliteStore, other: SqliteStore, path: Path
) -> None:
    fill(other, 1)
    fill(store, FIRST)
    new = fill(other, 3)
    assert numbers(path)[-5:] == [None, 1, 1, 1, 1]
    assert rows(path, "SELECT count(*) FROM dictionary") == [(1,)]
    assert bodies(store)[-3:] == bodies(other)[-3:] == [one.body for one in new]


def test_what_was_compressed_is_compared_by_its_meaning(store: SqliteStore) -> None:
    new = fill(store, FIRST + 1)[-1]
    assert store.add(submission(new)) == frozenset()
    assert store.count_statements() == FIRST + 1


def test_what_is_copied_is_compressed_as_well(store: SqliteStore, path: Path, tmp_path: Path) -> None:
    new = fill(store, FIRST * 2)
    target = SqliteStore(tmp_path / "copy.db")
    target.initialise()
    chunks = [list(chunk) for chunk in store.moved_statements(-1, 2**62)]
    for one in (one for chunk in chunks for one in chunk):
        target.take_statements([one])
    assert bodies(target) == [one.body for one in new]
    assert numbers(tmp_path / "copy.db") == [None] * FIRST + [1] * FIRST
    target.close()


@pytest.mark.parametrize(
    "harm", ["UPDATE statement SET raw = x'00' WHERE dictionary = 1", "DELETE FROM dictionary"]
)
def test_a_damaged_statement_is_said_to_be_damaged(store: SqliteStore, path: Path, harm: str) -> None:
    new = fill(store, FIRST + 1)[-1]
    connection = sqlite3.connect(path)
    connection.execute(harm)
    connection.commit()
    connection.close()
    with pytest.raises(StoreUnavailable, match="damaged") as caught:
        store.get(new.id)
    assert "lrs doctor" in caught.value.details[0].expected
