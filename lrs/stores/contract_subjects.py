"""The contract of those on whom there is evidence: officers by a date, and subjects that were ever known."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

import pytest

from lrs.competency.evidence import SubjectType, Tier
from lrs.errors import Conflict
from lrs.stores.base import Store
from lrs.stores.contract_evidence import add_with, found, kept
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    evidence,
    finding,
    statement,
    submission,
    voiding,
)


class SubjectsContract(StoreFixtures):
    """Whom profiles can be about."""

    def test_officers_are_in_order_once_each_and_units_are_not_among_them(self, store: Store) -> None:
        for name in ("c", "a", "b", "a"):
            add_with(store, evidence(subject=f"mailto:{name}@academy.example"))
        add_with(store, evidence(subject="mailto:unit@academy.example", subject_type=SubjectType.UNIT))
        expected = [f"mailto:{name}@academy.example" for name in "abc"]
        assert list(store.officers(FOREVER)) == expected

    def test_officers_are_paged(self, store: Store) -> None:
        keys = [f"account:O-{number:02}@https://academy.example" for number in range(10)]
        add_with(store, *[evidence(subject=key) for key in keys])
        first = list(store.officers(FOREVER, limit=4))
        assert first == keys[:4]
        assert list(store.officers(FOREVER, after=first[-1], limit=4)) == keys[4:8]
        assert list(store.officers(FOREVER, after=keys[-1])) == []

    @pytest.mark.parametrize(
        "prefix", ["account:O-1", "account:O-10@", "account:\ud7ff", "account:\U0010ffff"]
    )
    def test_officers_are_found_by_how_their_key_starts(self, store: Store, prefix: str) -> None:
        names = ["O-0", "O-1", "O-10", "O-2", "\ud7ff", "\ue000", "\U0010ffff", "\U0010ffff\U0010ffff"]
        keys = [f"account:{name}@https://academy.example" for name in names]
        add_with(store, *[evidence(subject=key) for key in keys])
        matching = sorted(key for key in keys if key.startswith(prefix))
        assert list(store.officers(FOREVER, prefix=prefix)) == matching
        assert list(store.officers(FOREVER, prefix=prefix, after=matching[0])) == matching[1:]

    def test_officers_are_those_with_evidence_by_the_date(self, store: Store) -> None:
        first = add_with(store, evidence(subject=OTHER))
        second = add_with(store, evidence(subject=RECRUIT))
        assert list(store.officers(first.stored_us - 1)) == []
        assert list(store.officers(first.stored_us)) == [OTHER]
        store.add(submission(void := voiding(first.id)))
        assert list(store.officers(second.stored_us)) == [OTHER, RECRUIT]
        assert list(store.officers(kept(store, void.id).stored_us)) == [RECRUIT]

    def test_subjects_are_officers_and_units_in_order_each_once(self, store: Store) -> None:
        both, unit = "account:both@https://academy.example", "account:a-unit@https://academy.example"
        of_a_unit = {"subject_type": SubjectType.UNIT, "tier": Tier.SURVEY}
        add_with(store, evidence(subject=unit, **of_a_unit), evidence(subject=both, **of_a_unit))
        add_with(store, evidence(), evidence(subject=both), evidence(competency="leadership"))
        assert list(store.subjects()) == [unit, both, RECRUIT]
        assert list(store.subjects(limit=2)) == [unit, both]

    def test_subjects_are_no_others_that_stand_in_statements(self, store: Store) -> None:
        new, failed = statement(actor=OTHER), statement(actor=OTHER)
        store.add(submission(new, failed, findings={failed.id: [finding(failure="broken")]}))
        assert list(store.subjects()) == []

    @pytest.mark.parametrize("target_first", [True, False])
    def test_subjects_are_known_when_their_evidence_is_voided(self, store: Store, target_first: bool) -> None:
        new = statement()
        given = submission(new, findings={new.id: [finding(evidence())]})
        void = submission(voiding(new.id))
        for one in (given, void) if target_first else (void, given):
            store.add(one)
        assert found(store) == []
        assert list(store.subjects()) == [RECRUIT]

    def test_subjects_of_a_submission_that_was_refused_are_not_known(self, store: Store) -> None:
        taken, new = statement(), statement()
        store.add(submission(taken))
        other = statement(statement_id=taken.id, actor=OTHER)
        with pytest.raises(Conflict):
            store.add(submission(new, other, findings={new.id: [finding(evidence())]}))
        assert list(store.subjects()) == []

    @pytest.mark.parametrize(
        "prefix", ["account:O-1", "account:O-10@", "account:\ud7ff", "account:\U0010ffff"]
    )
    def test_subjects_are_found_by_how_their_key_starts(self, store: Store, prefix: str) -> None:
        names = ["O-0", "O-1", "O-10", "O-2", "\ud7ff", "\ue000", "\U0010ffff", "\U0010ffff\U0010ffff"]
        keys = [f"account:{name}@https://academy.example" for name in names]
        kinds = [SubjectType.OFFICER, SubjectType.UNIT]
        add_with(store, *[evidence(subject=key, subject_type=kinds[n % 2]) for n, key in enumerate(keys)])
        matching = sorted(key for key in keys if key.startswith(prefix))
        assert list(store.subjects(prefix=prefix)) == matching
        assert list(store.subjects(prefix=prefix, limit=1)) == matching[:1]
