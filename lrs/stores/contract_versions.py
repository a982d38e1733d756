"""The contract of the version of evidence: what stands for all that counts at an instant."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable

from lrs.stores.base import EvidenceVersion, Store
from lrs.stores.contract_evidence import add_with
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_mending import add_failed, mend
from lrs.stores.contract_rebuild import rebuilt
from lrs.stores.contract_samples import FOREVER, evidence, submission, voiding


def version(store: Store, as_of_us: int | None = None) -> EvidenceVersion:
    """The version at an instant, or now, which there is."""
    found = store.evidence_version(store.consistent_through() if as_of_us is None else as_of_us)
    assert found is not None
    return found


class VersionsContract(StoreFixtures):
    """When it changes, and when it stays."""

    def test_the_version_stays_while_nothing_happens(self, store: Store) -> None:
        add_with(store, evidence())
        first = version(store)
        assert store.evidence_version(store.consistent_through()) == first == version(store)

    def test_evidence_a_voiding_a_switch_and_a_mend_each_change_the_version(self, store: Store) -> None:
        seen = {version(store)}
        source = add_with(store, evidence())
        seen.add(version(store))
        store.add(submission(voiding(source.id)))
        seen.add(version(store))
        store.activate(rebuilt(store, "2.0").number)
        seen.add(version(store))
        again = add_failed(store)
        seen.add(version(store))
        assert mend(store, again.id)
        seen.add(version(store))
        assert len(seen) == 6

    def test_what_happens_later_leaves_the_version_of_an_earlier_instant(self, store: Store) -> None:
        source = add_with(store, evidence())
        then = store.consistent_through()
        add_with(store, evidence())
        before = version(store, source.stored_us), version(store, then)
        store.add(submission(voiding(source.id)))
        store.activate(rebuilt(store, "2.0").number)
        assert (version(store, source.stored_us), version(store, then)) == before
        assert version(store) not in before

    def test_an_instant_that_may_still_get_evidence_has_no_version(self, store: Store) -> None:
        add_with(store, evidence())
        assert store.evidence_version(FOREVER) is None

    def test_what_another_has_stored_is_in_the_version(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        other = reopen()
        add_with(store, evidence())
        now = store.consistent_through()
        first = version(store, now)
        assert version(other, now) == first
        add_with(other, evidence())
        assert version(store) == version(other) != first
