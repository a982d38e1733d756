"""The contract of evidence, its dates and the quarantine."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType, Tier
from lrs.stores.base import EvidenceQuery, Store
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    VENDOR,
    agent,
    evidence,
    finding,
    new_id,
    reference,
    statement,
    submission,
    voiding,
)
from lrs.xapi.statement import StoredStatement, TermKind


def add_with(store: Store, *found: Any, **more: Any) -> StoredStatement:
    """Store a statement in which a plugin found this."""
    new = statement(**more)
    store.add(submission(new, findings={new.id: [finding(*found)]}))
    return kept(store, new.id)


def kept(store: Store, statement_id: str) -> StoredStatement:
    """The statement, which is there."""
    one = store.get(statement_id)
    assert one is not None
    return one


def found(store: Store, as_of_us: int = FOREVER, **query: Any) -> list[RecordedEvidence]:
    """The evidence asked for."""
    return list(store.evidence(EvidenceQuery(as_of_us=as_of_us, **query)))


def as_column_rows(records: list[RecordedEvidence]) -> list[tuple[Any, ...]]:
    """What columns hold of evidence, row by row."""
    return [
        (
            *(
                getattr(one.evidence, name)
                for name in ("subject", "competency", "indicator", "rating", "scale")
            ),
            one.evidence.tier.value,
            *(getattr(one.evidence, name) for name in ("rater", "encounter", "observed_us")),
            ",".join(one.evidence.flags),
            one.stored_us,
        )
        for one in records
    ]


class EvidenceContract(StoreFixtures):
    """What a profile rests on."""

    def test_columns_hold_the_same_evidence_on_officers(self, store: Store) -> None:
        add_with(store, evidence(), evidence(indicator=None, rating=None, flags=()))
        add_with(store, evidence(competency="leadership", tier=Tier.VR_AUTOMATIC, rating=0.5, scale="unit"))
        add_with(store, evidence(subject=OTHER, rater=VENDOR))
        add_with(store, evidence(subject=VENDOR, subject_type=SubjectType.UNIT, tier=Tier.SURVEY))
        last = add_with(store, evidence(encounter="later"))
        queries: tuple[dict[str, Any], ...] = (
            {},
            {"subjects": [RECRUIT]},
            {"competencies": ["leadership"]},
            {"as_of_us": last.stored_us - 1},
            {"subjects": ["mailto:nobody@academy.example"]},
        )
        for query in queries:
            wanted = EvidenceQuery(**{"as_of_us": FOREVER, **query})
            columns = store.columns(wanted)
            rows = list(zip(*(getattr(columns, name) for name in columns.__slots__), strict=True))
            officers = [
                one for one in store.evidence(wanted) if one.evidence.subject_type is SubjectType.OFFICER
            ]
            assert sorted(rows, key=repr) == sorted(as_column_rows(officers), key=repr)
            subjects = list(columns.subject)
            assert subjects == sorted(subjects)

    def test_evidence_comes_back_with_its_provenance(self, store: Store) -> None:
        given = evidence()
        source = add_with(store, given)
        expected = RecordedEvidence(
            evidence=given,
            statement_id=source.id,
            statement_sha256=source.sha256.hex(),
            stored_us=source.stored_us,
            authority=VENDOR,
            voided_us=None,
            plugin="communication",
            plugin_version="1.0",
        )
        assert found(store) == [expected]
        assert list(store.evidence_in(source.id)) == [expected]
        assert store.count_evidence() == 1

    @pytest.mark.parametrize(
        "different",
        [
            {"rating": None, "flags": (Flag.NOT_OBSERVED,)},
            {"flags": ()},
            {"flags": (Flag.NOT_OBSERVED, Flag.NOT_RESPONDING)},
            {"indicator": None},
            {"rating": 0.1 + 0.2},
            {"rating": -1.0},
            {"subject_type": SubjectType.UNIT, "tier": Tier.SURVEY},
            {"observed_us": -5},
            {"encounter": "a,b 'c' \U0001f46e"},
        ],
    )
    def test_every_member_of_evidence_comes_back(self, store: Store, different: dict[str, Any]) -> None:
        given = evidence(**different)
        add_with(store, given)
        assert [one.evidence for one in found(store)] == [given]

    def test_evidence_is_in_order_of_subject_competency_stored_rule_indicator(self, store: Store) -> None:
        places = [
            (subject, competency, rule, indicator)
            for subject in (RECRUIT, OTHER)
            for competency in ("leadership", "communication")
            for rule in ("b", "a")
            for indicator in ("y", None, "x")
        ]
        for _ in range(2):
            add_with(
                store,
                *[
                    evidence(subject=subject, competency=competency, rule=rule, indicator=indicator)
                    for subject, competency, rule, indicator in places
                ],
            )
        everything = found(store)
        assert len(everything) == 48
        assert everything == sorted(everything, key=_place)
        [first, second] = store.scan()
        assert list(store.evidence_in(second.id)) == [
            one for one in everything if one.statement_id == second.id
        ]
        assert first.stored_us < second.stored_us

    def test_the_order_of_plugins_does_not_show(self, store: Store) -> None:
        ways = [finding(evidence(rating=1.0), plugin="a"), finding(evidence(rating=2.0), plugin="b")]
        for order in (ways, ways[::-1]):
            new = statement()
            store.add(submission(new, findings={new.id: order}))
        assert [one.evidence.rating for one in found(store)] == [1.0, 2.0, 1.0, 2.0]

    def test_evidence_is_asked_for_by_subject_and_competency(self, store: Store) -> None:
        for subject in (RECRUIT, OTHER):
            for competency in ("communication", "leadership"):
                add_with(store, evidence(subject=subject, competency=competency))
        assert len(found(store)) == 4
        assert len(found(store, subjects=[RECRUIT])) == 2
        assert len(found(store, competencies=["leadership"])) == 2
        [one] = found(store, subjects=[RECRUIT], competencies=["leadership"])
        assert (one.evidence.subject, one.evidence.competency) == (RECRUIT, "leadership")
        assert found(store, subjects=[]) == found(store, competencies=[]) == []
        assert found(store, subjects=["mailto:nobody@academy.example"]) == []

    def test_a_subject_that_is_named_twice_is_answered_once(self, store: Store) -> None:
        add_with(store, evidence())
        assert len(found(store, subjects=[RECRUIT, RECRUIT], competencies=["communication"] * 2)) == 1

    def test_one_key_of_an_officer_and_of_a_unit_is_answered_in_order(self, store: Store) -> None:
        for kind in (SubjectType.UNIT, SubjectType.OFFICER, SubjectType.UNIT):
            add_with(store, evidence(subject_type=kind))
        everything = found(store, subjects=[RECRUIT])
        assert everything == sorted(everything, key=_place)
        assert len(everything) == 3

    @pytest.mark.parametrize("subjects", [None, [RECRUIT]])
    @pytest.mark.parametrize("kind", list(SubjectType))
    def test_evidence_on_officers_or_on_units_alone(
        self, store: Store, kind: SubjectType, subjects: list[str] | None
    ) -> None:
        sources = {one: add_with(store, evidence(subject_type=one)) for one in SubjectType}
        assert len(found(store, subjects=subjects)) == 2
        alone = found(store, subjects=subjects, subject_type=kind)
        assert [one.statement_id for one in alone] == [sources[kind].id]
        columns = store.columns(EvidenceQuery(as_of_us=FOREVER, subjects=subjects, subject_type=kind))
        assert list(columns.stored_us) == [sources[kind].stored_us]

    def test_evidence_stored_after_the_date_does_not_count(self, store: Store) -> None:
        first = add_with(store, evidence())
        second = add_with(store, evidence())
        assert found(store, first.stored_us - 1) == []
        assert [one.statement_id for one in found(store, first.stored_us)] == [first.id]
        assert [one.statement_id for one in found(store, second.stored_us)] == [first.id, second.id]

    def test_evidence_voided_after_the_date_still_counts_at_the_date(self, store: Store) -> None:
        source = add_with(store, evidence())
        before = found(store)
        store.add(submission(void := voiding(source.id)))
        instant = kept(store, void.id).stored_us
        assert found(store) == []
        assert found(store, instant) == []
        [then] = found(store, instant - 1)
        assert then.voided_us == instant
        assert then.evidence == before[0].evidence
        assert [one.voided_us for one in store.evidence_in(source.id)] == [instant]

    def test_evidence_of_a_statement_that_came_after_its_voiding_never_counts(self, store: Store) -> None:
        wanted = new_id()
        store.add(submission(voiding(wanted)))
        source = add_with(store, evidence(), statement_id=wanted)
        assert found(store) == found(store, source.stored_us) == []
        assert store.count_evidence() == 1

    def test_evidence_in_a_voiding_statement_cannot_be_voided(self, store: Store) -> None:
        void = voiding(new_id())
        store.add(submission(void, findings={void.id: [finding(evidence())]}))
        store.add(submission(voiding(void.id)))
        assert len(found(store)) == 1

    def test_evidence_in_an_unknown_statement_is_none(self, store: Store) -> None:
        add_with(store, evidence())
        assert list(store.evidence_in(new_id())) == []

    def test_evidence_names_the_authority_of_its_statement(self, store: Store) -> None:
        first = add_with(store, evidence(), authority="mailto:second@vr.example")
        second = add_with(store, evidence())
        # A term of the same text is no authority.
        third = statement(actor=VENDOR)
        third = replace(third, terms=tuple(term for term in third.terms if term[0] is not TermKind.AUTHORITY))
        store.add(submission(third, findings={third.id: [finding(evidence())]}))
        expected = {first.id: "mailto:second@vr.example", second.id: VENDOR, third.id: ""}
        assert {one.statement_id: one.authority for one in found(store)} == expected
        assert {
            one.statement_id: one.authority
            for one in found(store, subjects=[RECRUIT], competencies=["communication"])
        } == expected
        for source, authority in expected.items():
            assert [one.authority for one in store.evidence_in(source)] == [authority]

    def test_a_plugin_that_failed_is_in_quarantine_and_its_statement_stored(self, store: Store) -> None:
        new = statement()
        failed = finding(failure="ZeroDivisionError: division by zero", plugin="leadership")
        store.add(submission(new, findings={new.id: [finding(evidence()), failed]}))
        source = kept(store, new.id)
        [failure] = store.quarantined(as_of_us=FOREVER)
        assert (failure.statement_id, failure.stored_us) == (new.id, source.stored_us)
        assert (failure.plugin, failure.plugin_version) == ("leadership", "1.0")
        assert failure.reason == "ZeroDivisionError: division by zero"
        assert (store.count_quarantined(), store.count_evidence()) == (1, 1)

    def test_the_quarantine_is_newest_first_up_to_the_date_and_the_limit(self, store: Store) -> None:
        batch = [statement() for _ in range(4)]
        store.add(submission(*batch, findings={one.id: [finding(failure="broken")] for one in batch}))
        instants = [one.stored_us for one in store.scan()]
        newest = store.quarantined(as_of_us=FOREVER, limit=3)
        assert [one.stored_us for one in newest] == instants[:0:-1]
        assert [one.stored_us for one in store.quarantined(as_of_us=instants[1])] == instants[1::-1]

    @pytest.mark.parametrize("others_that_failed", [0, 40])
    @pytest.mark.parametrize("others_of_the_same", [0, 40])
    def test_the_quarantine_of_a_subject_is_that_of_statements_it_stands_in(
        self, store: Store, others_that_failed: int, others_of_the_same: int
    ) -> None:
        mine = statement(actor=OTHER, context={"instructor": agent(RECRUIT)})
        failed = [mine, *[statement(actor=OTHER) for _ in range(1 + others_that_failed)]]
        fine = [statement(actor=RECRUIT) for _ in range(others_of_the_same)]
        broken = {one.id: [finding(failure="broken")] for one in failed}
        store.add(submission(*failed, *fine, findings=broken))
        [failure] = store.quarantined(as_of_us=FOREVER, subject=RECRUIT)
        assert failure.statement_id == mine.id
        assert list(store.quarantined(as_of_us=failure.stored_us - 1, subject=RECRUIT)) == []
        assert list(store.quarantined(as_of_us=FOREVER, subject="mailto:nobody@academy.example")) == []

    @pytest.mark.parametrize("others_that_failed", [0, 3])
    def test_a_failure_on_a_reference_is_not_of_whom_its_target_is_about(
        self, store: Store, others_that_failed: int
    ) -> None:
        target = statement(actor=RECRUIT)
        failed = [
            reference(target.id, actor=OTHER),
            *[statement(actor=VENDOR) for _ in range(others_that_failed)],
        ]
        store.add(submission(*failed, findings={one.id: [finding(failure="broken")] for one in failed}))
        before = store.newest_stored()
        assert list(store.quarantined(as_of_us=before, subject=RECRUIT)) == []
        store.add(submission(target))
        for instant in (before, FOREVER):
            assert list(store.quarantined(as_of_us=instant, subject=RECRUIT)) == []
            assert len(store.quarantined(as_of_us=instant, subject=OTHER)) == 1

    @pytest.mark.parametrize("others_that_failed", [0, 3])
    def test_a_failure_on_a_voided_statement_counts_until_then(
        self, store: Store, others_that_failed: int
    ) -> None:
        new = statement()
        failed = [new, *[statement(actor=VENDOR) for _ in range(others_that_failed)]]
        store.add(submission(*failed, findings={one.id: [finding(failure="broken")] for one in failed}))
        store.add(submission(void := voiding(new.id)))
        since = kept(store, void.id).stored_us
        for instant, listed in ((since - 1, 1), (since, 0), (FOREVER, 0)):
            assert len(store.quarantined(as_of_us=instant)) == listed + others_that_failed
            assert len(store.quarantined(as_of_us=instant, subject=RECRUIT)) == listed

    def test_a_reference_brings_no_evidence_of_its_target(self, store: Store) -> None:
        source = add_with(store, evidence())
        store.add(submission(about := reference(source.id)))
        assert list(store.evidence_in(about.id)) == []
        assert len(found(store)) == 1


def _place(one: RecordedEvidence) -> tuple[Any, ...]:
    what = one.evidence
    return what.subject, what.competency, one.stored_us, one.statement_id, what.rule, what.indicator or ""
