"""The contract of mending: a plugin's failure on a statement, put right."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.competency.evidence import Finding, RecordedEvidence
from lrs.stores.base import Kind, Quarantined, Store
from lrs.stores.contract_concurrency import THREADS, together
from lrs.stores.contract_evidence import add_with, found, kept
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_rebuild import always, rebuilt
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    VENDOR,
    evidence,
    finding,
    new_id,
    source,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import StoredStatement

MENDED = source(version="1.1")
FOUND = finding(evidence(), evidence(indicator=None, rule="a"), version="1.1")


def add_failed(store: Store, *findings: Finding) -> StoredStatement:
    """Store a statement on which the usual plugin failed; others may have found something in it."""
    new = statement()
    store.add(submission(new, findings={new.id: [finding(failure="broken"), *findings]}))
    return kept(store, new.id)


def failures(store: Store, as_of_us: int = FOREVER) -> list[Quarantined]:
    """The failures that count and are not mended."""
    return list(store.quarantined(as_of_us=as_of_us))


def mend(store: Store, statement_id: str, found: Finding | None = FOUND) -> bool:
    """Put the failure of the usual plugin right."""
    return store.mend(statement_id, "communication", found, MENDED)


class MendingContract(StoreFixtures):
    """What stands in the place of a failure, since when."""

    def test_evidence_stands_in_the_place_of_the_failure(self, store: Store) -> None:
        failed = add_failed(store)
        assert mend(store, failed.id)
        assert failures(store) == []
        records = found(store)
        assert records == [
            RecordedEvidence(
                evidence=one,
                statement_id=failed.id,
                statement_sha256=failed.sha256.hex(),
                stored_us=failed.stored_us,
                authority=VENDOR,
                mended_us=records[0].mended_us,
                plugin="communication",
                plugin_version="1.1",
            )
            for one in reversed(FOUND.evidence)
        ]
        assert list(store.evidence_in(failed.id)) == records

    def test_an_earlier_instant_still_has_the_failure(self, store: Store) -> None:
        failed = add_failed(store)
        then = store.consistent_through()
        before = failures(store, then)
        assert mend(store, failed.id)
        mended = found(store)[0].mended_us
        assert mended is not None
        assert mended > then
        for instant in (failed.stored_us, then, mended - 1):
            assert failures(store, instant) == before
            assert found(store, instant) == []
            assert list(store.officers(instant)) == []
        assert failures(store, mended) == []
        assert len(found(store, mended)) == 2
        assert len(store.officers(mended)) == 1

    def test_a_mend_is_later_than_every_claim_and_earlier_than_what_is_stored_later(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        for _ in range(10):
            failed = add_failed(store)
            claimed = other.consistent_through()
            assert mend(store, failed.id)
            mended = max(one.mended_us or 0 for one in found(store))
            assert mended > claimed
            assert other.consistent_through() >= mended
            assert add_with(other, evidence()).stored_us > mended

    def test_where_nothing_is_found_any_more_there_is_neither(self, store: Store) -> None:
        failed, empty = add_failed(store), add_failed(store)
        then = store.consistent_through()
        assert mend(store, failed.id, None)
        assert mend(store, empty.id, finding(version="1.1"))
        assert failures(store) == []
        assert found(store) == []
        assert len(failures(store, then)) == 2

    def test_the_evidence_is_of_a_generation_of_its_own(self, store: Store) -> None:
        for _ in range(2):
            assert mend(store, add_failed(store).id)
        live, mended = store.generations()
        assert (live.kind, live.evidence, live.failures) == (Kind.LIVE, 0, 2)
        assert (mended.kind, mended.source) == (Kind.MENDED, MENDED)
        assert (mended.evidence, mended.failures, mended.through_us) == (4, 0, None)
        assert [one.generation for one in store.activations(FOREVER)] == [live]
        assert (store.count_evidence(), store.count_quarantined()) == (0, 0)

    def test_other_failures_are_left(self, store: Store) -> None:
        beside = finding(failure="worse", plugin="leadership")
        failed, other = add_failed(store, beside), add_failed(store)
        assert mend(store, failed.id)
        left = [(one.statement_id, one.plugin) for one in failures(store)]
        assert left == [(other.id, "communication"), (failed.id, "leadership")]
        assert store.count_quarantined() == 2

    def test_what_is_mended_is_not_mended_again(self, store: Store) -> None:
        failed = add_failed(store)
        assert mend(store, failed.id)
        before = found(store), store.generations()
        assert not mend(store, failed.id)
        assert (found(store), store.generations()) == before

    def test_whoever_mends_at_once_it_is_mended_once(self, store: Store, reopen: Callable[[], Store]) -> None:
        failed = add_failed(store)
        stores = [store, reopen()]
        answers = together(lambda number: mend(stores[number % 2], failed.id))
        assert sorted(map(bool, answers)) == [False] * (THREADS - 1) + [True]
        assert len(found(store)) == 2

    def test_where_there_is_no_failure_nothing_is_kept(self, store: Store) -> None:
        fine = add_with(store, evidence())
        failed = add_failed(store)
        before = found(store), store.generations()
        for statement_id in (fine.id, new_id()):
            assert not mend(store, statement_id)
        assert not store.mend(failed.id, "leadership", None, source("leadership"))
        assert (found(store), store.generations()) == before
        assert len(failures(store)) == 1

    def test_what_does_not_mend_is_refused(self, store: Store) -> None:
        failed = add_failed(store)
        for plugin, answer, by in (
            ("communication", finding(failure="again", version="1.1"), MENDED),
            ("communication", finding(evidence(), version="1.2"), MENDED),
            ("communication", None, source("leadership")),
        ):
            with pytest.raises(ValueError, match="mend"):
                store.mend(failed.id, plugin, answer, by)
        assert len(failures(store)) == 1

    def test_a_subject_that_was_never_known_is_known_then(self, store: Store) -> None:
        failed = add_failed(store)
        assert list(store.subjects()) == []
        assert mend(store, failed.id, finding(evidence(subject=OTHER), version="1.1"))
        assert list(store.subjects()) == list(store.officers(FOREVER)) == [OTHER]

    def test_evidence_is_in_order_wherever_it_was_mended(self, store: Store) -> None:
        beside = finding(evidence(rule="b"), evidence(rule="0"), plugin="leadership")
        batch = [add_failed(store, beside) for _ in range(3)]
        for one in reversed(batch):
            assert mend(store, one.id)
        expected = [(one.id, rule) for one in batch for rule in ("0", "a", "b", "ride-along")]
        assert [(one.statement_id, one.evidence.rule) for one in found(store)] == expected
        assert [one.evidence.rule for one in store.evidence_in(batch[0].id)] == ["0", "a", "b", "ride-along"]

    @pytest.mark.parametrize("voided_first", [True, False])
    def test_a_voided_statement_takes_what_was_mended_with_it(self, store: Store, voided_first: bool) -> None:
        failed = add_failed(store)
        void = submission(voiding(failed.id))
        if voided_first:
            store.add(void)
        assert mend(store, failed.id)
        if not voided_first:
            store.add(void)
        assert found(store) == []
        assert [one.voided_us for one in store.evidence_in(failed.id)] == [
            kept(store, failed.id).voided_us
        ] * 2
        mended = store.evidence_in(failed.id)[0].mended_us
        assert mended is not None
        assert len(found(store, mended)) == (0 if voided_first else 2)

    def test_what_was_mended_live_gives_way_to_what_was_rebuilt(self, store: Store) -> None:
        failed = add_failed(store)
        generation = rebuilt(store, "2.0")
        later = add_failed(store)
        for one in (failed, later):
            assert mend(store, one.id, finding(evidence(), version="1.1"))
        activation = store.activate(generation.number)
        expected = {failed.id: ["2.0"], later.id: ["1.1"]}
        for statement_id, versions in expected.items():
            assert [one.plugin_version for one in store.evidence_in(statement_id)] == versions
        assert [one.plugin_version for one in found(store)] == ["2.0", "1.1"]
        assert [one.plugin_version for one in found(store, activation.at_us - 1)] == ["1.1", "1.1"]

    def test_a_failure_that_does_not_count_cannot_be_mended(self, store: Store) -> None:
        new = add_with(store, evidence())
        generation = rebuilt(store, "2.0", always(finding(failure="broken", version="2.0")))
        assert not mend(store, new.id)
        store.activate(generation.number)
        assert mend(store, new.id)
        assert [one.plugin_version for one in found(store)] == ["1.1", "1.1"]
        store.activate(rebuilt(store, "3.0").number)
        assert not mend(store, new.id)
        assert [one.plugin_version for one in found(store)] == ["3.0"]

    def test_what_was_mended_stays_so_when_its_generation_is_extended_or_comes_back(
        self, store: Store
    ) -> None:
        first = add_failed(store)
        broken = always(finding(failure="still broken", version="2.0"))
        generation = rebuilt(store, "2.0", broken)
        store.activate(generation.number)
        assert mend(store, first.id, finding(evidence(), version="1.1"))
        mended = found(store)
        assert [one.reason for one in failures(store)] == []
        second = add_with(store, evidence())
        rebuilt(store, "2.0", broken)
        other = rebuilt(store, "3.0")
        for number in (generation.number, other.number, generation.number):
            activation = store.activate(number)
        assert found(store, activation.at_us) == found(store) == mended
        assert [one.statement_id for one in failures(store)] == [second.id]
        assert [one.plugin_version for one in found(store, activation.at_us - 1)] == ["3.0", "3.0"]
        assert failures(store, activation.at_us - 1) == []
