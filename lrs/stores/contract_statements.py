"""The contract of adding statements and reading them one by one, and of their attachments."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from lrs.errors import Conflict
from lrs.stores.base import Store
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    evidence,
    finding,
    new_id,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import Attachment, with_stored

MAP = Attachment("a" * 64, "image/png", b"\x89PNG\r\n\x00\xff")
NOTES = Attachment("b" * 64, "text/plain; charset=utf-8", b"")


class StatementsContract(StoreFixtures):
    """Adding, once and again; reading by id and in order."""

    def test_a_statement_comes_back_as_its_own_bytes_with_stored(self, store: Store) -> None:
        new = statement()
        assert store.add(submission(new)) == {new.id}
        kept = store.get(new.id)
        assert kept is not None
        assert kept.id == new.id
        assert kept.raw == with_stored(new.body, kept.stored_us)
        assert kept.sha256 == hashlib.sha256(kept.raw).digest()
        assert kept.voided_us is None

    def test_an_unknown_id_has_no_statement(self, store: Store) -> None:
        store.add(submission(statement()))
        assert store.get(new_id()) is None

    def test_a_batch_is_stored_in_its_order(self, store: Store) -> None:
        batch = [statement() for _ in range(20)]
        assert store.add(submission(*batch)) == {new.id for new in batch}
        kept = list(store.scan())
        assert [one.id for one in kept] == [new.id for new in batch]
        instants = [one.stored_us for one in kept]
        assert instants == sorted(set(instants))

    def test_an_empty_submission_adds_nothing(self, store: Store) -> None:
        assert store.add(submission()) == frozenset()
        assert store.count_statements() == 0

    def test_an_emoji_and_a_long_integer_come_back_as_they_were(self, store: Store) -> None:
        new = statement()
        body = new.body[:-1] + ',"result":{"response":"\U0001f46e é","extensions":{"x:y":'.encode()
        body += b"1234567890123456789012345678901234567890}}}"
        store.add(submission(replace(new, body=body)))
        kept = store.get(new.id)
        assert kept is not None
        assert kept.raw.endswith(body[1:])

    def test_the_same_statement_again_changes_nothing(self, store: Store) -> None:
        new = statement()
        once = submission(new, findings={new.id: [finding(evidence())]})
        store.add(once)
        before = store.get(new.id)
        assert store.add(once) == frozenset()
        assert store.get(new.id) == before
        assert (store.count_statements(), store.count_evidence()) == (1, 1)

    def test_the_same_meaning_in_other_words_is_no_conflict(self, store: Store) -> None:
        new = statement(scaled=1, timestamp="2026-01-15T09:00:00+01:00")
        again = statement(statement_id=new.id, scaled=1.0, timestamp="2026-01-15T08:00:00Z")
        store.add(submission(new))
        assert store.add(submission(again)) == frozenset()

    def test_another_meaning_under_the_same_id_is_a_conflict(self, store: Store) -> None:
        new = statement()
        store.add(submission(new))
        before = store.get(new.id)
        with pytest.raises(Conflict) as caught:
            store.add(submission(statement(statement_id=new.id, actor=OTHER)))
        assert caught.value.details[0].found == new.id
        assert store.get(new.id) == before

    def test_a_timestamp_that_was_given_is_part_of_the_meaning(self, store: Store) -> None:
        new = statement(timestamp="2026-01-15T08:00:00Z")
        store.add(submission(new))
        with pytest.raises(Conflict):
            store.add(submission(statement(statement_id=new.id, timestamp="2026-01-16T08:00:00Z")))

    def test_a_timestamp_that_the_server_set_is_no_part_of_the_meaning(self, store: Store) -> None:
        new = statement()
        later = replace(new, parsed={**new.parsed, "timestamp": "2026-02-01T00:00:00Z"})
        store.add(submission(new))
        assert store.add(submission(later)) == frozenset()

    def test_a_batch_with_a_conflict_leaves_nothing_behind(self, store: Store) -> None:
        taken, new = statement(), statement()
        store.add(submission(taken))
        batch = submission(
            new,
            statement(statement_id=taken.id, actor=OTHER),
            findings={new.id: [finding(evidence()), finding(failure="broken", plugin="leadership")]},
            attachments=[MAP],
        )
        with pytest.raises(Conflict):
            store.add(batch)
        assert store.get(new.id) is None
        assert store.count_statements() == 1
        assert (store.count_evidence(), store.count_quarantined()) == (0, 0)
        assert store.attachments([MAP.sha2]) == {}

    def test_of_a_batch_only_what_is_new_is_answered_and_stored(self, store: Store) -> None:
        old, new = statement(), statement()
        store.add(submission(old))
        found = {one.id: [finding(evidence())] for one in (old, new)}
        assert store.add(submission(old, new, findings=found)) == {new.id}
        assert store.evidence_in(old.id) == []
        assert len(store.evidence_in(new.id)) == 1

    def test_an_id_twice_in_one_batch_is_stored_once_when_both_mean_the_same(self, store: Store) -> None:
        new = statement()
        assert store.add(submission(new, new)) == {new.id}
        assert store.count_statements() == 1

    def test_an_id_twice_in_one_batch_is_a_conflict_when_they_differ(self, store: Store) -> None:
        new = statement()
        with pytest.raises(Conflict):
            store.add(submission(new, statement(statement_id=new.id, actor=OTHER)))
        assert store.count_statements() == 0

    def test_a_batch_larger_than_any_list_in_a_query_is_stored_and_known(self, store: Store) -> None:
        batch = submission(*[statement() for _ in range(1_100)])
        assert len(store.add(batch)) == 1_100
        assert store.add(batch) == frozenset()

    def test_scan_meets_every_statement_once_voided_ones_too(self, store: Store) -> None:
        batch = [statement() for _ in range(1_005)]
        store.add(submission(*batch))
        store.add(submission(end := voiding(batch[3].id)))
        assert [one.id for one in store.scan()] == [*(one.id for one in batch), end.id]

    def test_scan_starts_behind_an_instant(self, store: Store) -> None:
        store.add(submission(*[statement() for _ in range(5)]))
        kept = list(store.scan())
        assert list(store.scan(kept[1].stored_us)) == kept[2:]
        assert list(store.scan(FOREVER)) == []

    def test_another_store_on_the_same_data_sees_the_same(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        new = statement()
        store.add(submission(new, findings={new.id: [finding(evidence())]}, attachments=[MAP]))
        other = reopen()
        assert other.get(new.id) == store.get(new.id)
        assert other.evidence_in(new.id) == store.evidence_in(new.id)
        assert other.attachments([MAP.sha2]) == {MAP.sha2: MAP}
        assert other.count_statements() == 1

    def test_initialising_again_changes_nothing(self, store: Store) -> None:
        store.add(submission(new := statement()))
        store.initialise()
        assert store.get(new.id) is not None

    def test_attachments_come_back_byte_for_byte(self, store: Store) -> None:
        store.add(submission(statement(), attachments=[MAP, NOTES]))
        assert store.attachments([NOTES.sha2, MAP.sha2]) == {MAP.sha2: MAP, NOTES.sha2: NOTES}

    def test_attachments_that_are_missing_are_left_out(self, store: Store) -> None:
        store.add(submission(statement(), attachments=[MAP]))
        assert store.attachments(["c" * 64, MAP.sha2]) == {MAP.sha2: MAP}
        assert store.attachments([]) == {}

    def test_an_attachment_may_be_sent_again(self, store: Store) -> None:
        store.add(submission(statement(), attachments=[MAP]))
        store.add(submission(statement(), attachments=[MAP]))
        assert store.attachments([MAP.sha2]) == {MAP.sha2: MAP}

    def test_ping_and_health_of_a_store_that_works(self, store: Store) -> None:
        store.ping()
        health = store.health()
        assert health["engine"]
        assert health["integrity"] == "ok"
