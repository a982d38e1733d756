"""Two servers, as two machines are, over one store: what both are sent at once is stored once, in one meaning."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.faults.vendors import Client, batch, ids_of, integrity
from tests.serving import Server, serving

ROUNDS = 5
VENDORS = 8

pytestmark = pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")


@pytest.fixture
def two(tmp_path: Path, store_url: str) -> Iterator[tuple[Server, Server]]:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    store = store_url or f"sqlite:///{tmp_path / 'shared.db'}"
    with serving(folders[0], store) as one, serving(folders[1], store) as other:
        yield one, other


def at_once(servers: tuple[Server, Server], key: tuple[str, str], sent: Sequence[Any]) -> list[int]:
    """Each vendor posts one of these, at one instant, to the servers in turn: what they are answered."""
    answers = [0] * VENDORS
    start = threading.Barrier(VENDORS)

    def post(number: int) -> None:
        with Client(servers[number % 2], key) as client:
            start.wait()
            answers[number] = client.post(sent[number])

    vendors = [threading.Thread(target=post, args=(number,)) for number in range(VENDORS)]
    for vendor in vendors:
        vendor.start()
    for vendor in vendors:
        vendor.join()
    return answers


def test_of_one_id_one_meaning_wins_and_the_others_are_conflicts(two: tuple[Server, Server]) -> None:
    key = two[0].key("all")
    for _ in range(ROUNDS):
        [same] = batch(1)
        # Each meaning goes to both servers.
        meanings = [{**same, "verb": {"id": f"https://example.com/verbs/{number}"}} for number in range(4)]
        sent = [meanings[number // 2] for number in range(VENDORS)]
        answers = at_once(two, key, sent)
        for server in two:
            with Client(server, key) as client:
                _, body = client.request("GET", f"/xapi/statements?statementId={same['id']}")
            verb = json.loads(body)["verb"]["id"]
            assert answers == [200 if one["verb"]["id"] == verb else 409 for one in sent]
    assert integrity(two[0].store) == "ok"


def test_batches_that_disagree_in_one_statement_are_stored_whole_or_not_at_all(
    two: tuple[Server, Server],
) -> None:
    key = two[0].key("all")
    [same] = batch(1)
    batches = [
        [*batch(), {**same, "verb": {"id": f"https://example.com/verbs/{number}"}}]
        for number in range(VENDORS)
    ]
    answers = at_once(two, key, batches)
    assert sorted(answers) == [200] + [409] * (VENDORS - 1)
    for server in two:
        with Client(server, key) as client:
            assert client.ids() == set(ids_of(batches[answers.index(200)]))
    assert integrity(two[0].store) == "ok"
