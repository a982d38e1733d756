from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from lrs.plugin import Evidence, Rubric, StatementView
from lrs.services import asserting as asserting_module
from lrs.services.access.keys import Credential
from lrs.services.asserting import ASSERTION, Asserted, Asserting
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.wiring import new_id, now_us
from lrs.stores.base import EvidenceQuery
from lrs.xapi import mom
from lrs.xapi.query import StatementQuery
from lrs.xapi.strict_json import parse
from lrs.xapi.timestamps import format_us
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.services.agencies import ACADEMY, Agency, Judge, key_of, plugin, rating, rubric

HOME = "https://lrs.example"
GOOD = (6, 6, 5, 6, 7, 6)
BAD = (1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1)


def asserting(agency: Agency) -> Asserting:
    limits = Limits(batch=1, json_bytes=1, statement_bytes=1)
    ingest = Ingest(agency.store, agency.host, clock=now_us, new_id=new_id, limits=limits)
    return Asserting(agency.store, agency.profiles, ingest, home_page=HOME)


def run(agency: Agency, **options: Any) -> Asserted:
    return asserting(agency).run(options.pop("as_of_us", agency.now()), **options)


def asserted(agency: Agency) -> list[dict[str, Any]]:
    """Every assertion in the store, oldest first."""
    found = agency.store.find(StatementQuery(verb=mom.ASSERTED, ascending=True))
    return [dict(parse(statement.raw)) for statement in found.statements]


def told(done: Asserted) -> list[tuple[str | None, str]]:
    return [(change.before, change.after) for change in done.changes]


def test_a_verdict_is_asserted_in_the_shape_of_the_master_object_model(agency: Agency) -> None:
    ids = agency.rate("R-1", *GOOD)
    moment = agency.now()
    run(agency, as_of_us=moment)
    (statement,) = asserted(agency)
    assert check_statement(statement, Version.V1) == []
    assert statement["actor"]["account"] == {"homePage": ACADEMY, "name": "R-1"}
    assert statement["verb"]["id"] == "https://w3id.org/xapi/tla/verbs/asserted"
    assert statement["object"]["id"] == "https://w3id.org/xapi/rapport/competencies/juggling"
    assert statement["object"]["definition"]["type"] == "https://w3id.org/xapi/tla/activity-types/competency"
    # The template excludes it.
    assert "result" not in statement
    said = statement["context"]["extensions"]
    assert said["https://w3id.org/xapi/tla/extensions/evidence"] == sorted(ids)
    assert statement["timestamp"] == format_us(moment)


def test_confidence_is_that_of_the_profile(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    run(agency, as_of_us=moment)
    estimate = agency.profiles.profile(key_of("R-1"), moment).competencies[0].assessment.estimate
    (statement,) = asserted(agency)
    confidence = statement["context"]["extensions"][mom.CONFIDENCE]
    assert confidence == pytest.approx((2 * estimate.e - estimate.mass) / (estimate.mass + 2), abs=1e-6)
    assert -1 <= confidence <= 1


def test_the_verdict_comes_with_all_that_makes_it_repeatable(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    run(agency, as_of_us=moment)
    part = agency.profiles.profile(key_of("R-1"), moment).as_dict()["competencies"][0]
    said = asserted(agency)[0]["context"]["extensions"][ASSERTION]
    assert (said["verdict"], said["as_of"]) == ("at_standard", format_us(moment))
    assert (said["rubric"], said["model"], said["plugins"]) == (
        part["rubric"],
        part["model"],
        {"juggling": "1"},
    )
    assert "decides nothing about a person" in said["about"]


def test_the_authority_is_the_system_itself(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    run(agency)
    assert asserted(agency)[0]["authority"]["account"] == {"homePage": HOME, "name": "system"}


def test_what_has_not_changed_is_not_asserted_again(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    assert told(run(agency)) == [(None, "at_standard")]
    agency.rate("R-1", 6)
    again = run(agency)
    assert (told(again), again.unchanged) == ([], 1)
    assert len(asserted(agency)) == 1


def test_a_verdict_that_changes_is_asserted_anew(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    run(agency)
    agency.rate("R-1", *BAD)
    assert told(run(agency)) == [("at_standard", "below_standard")]
    assert [one["context"]["extensions"][ASSERTION]["verdict"] for one in asserted(agency)] == [
        "at_standard",
        "below_standard",
    ]


def test_with_too_little_evidence_nothing_is_asserted_for_the_first_time(agency: Agency) -> None:
    agency.rate("R-1", 6)
    done = run(agency)
    assert (told(done), done.not_yet) == ([], 1)


def test_but_an_assertion_that_no_longer_holds_is_taken_back(agency: Agency) -> None:
    ids = agency.rate("R-1", *GOOD)
    run(agency)
    for statement_id in ids:
        agency.void(statement_id)
    assert told(run(agency)) == [("at_standard", "insufficient")]


def test_run_again_for_the_same_instant_nothing_is_written(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    run(agency, as_of_us=moment)
    count = agency.store.count_statements()
    assert told(run(agency, as_of_us=moment)) == []
    assert agency.store.count_statements() == count


def test_two_runs_at_once_write_one_statement(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    first, second = run(agency, as_of_us=moment, dry=True), run(agency, as_of_us=moment)
    # The one that had looked before the other wrote would have written the same id.
    assert [c.statement_id for c in first.changes] == [c.statement_id for c in second.changes]
    assert uuid.UUID(first.changes[0].statement_id).version == 5


def test_the_id_tells_officers_and_instants_apart(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    early = agency.now()
    agency.rate("R-2", *GOOD)
    late = agency.now()
    ids = [c.statement_id for moment in (early, late) for c in run(agency, as_of_us=moment, dry=True).changes]
    assert len(ids) == len(set(ids)) == 3


def test_an_instant_before_the_last_assertion_is_left_alone(agency: Agency) -> None:
    agency.rate("R-1", *BAD)
    early = agency.now()
    agency.rate("R-1", *GOOD * 9)
    assert told(run(agency)) == [(None, "at_standard")]
    done = run(agency, as_of_us=early)
    assert (told(done), done.newer) == ([], 1)


def test_a_dry_run_says_it_and_writes_nothing(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    count = agency.store.count_statements()
    assert told(run(agency, dry=True)) == [(None, "at_standard")]
    assert agency.store.count_statements() == count


def test_what_others_assert_is_not_taken_for_ours(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    run(agency, dry=True)
    moment = agency.now()
    forged = {
        "actor": {"account": {"homePage": ACADEMY, "name": "R-1"}},
        "verb": {"id": mom.ASSERTED},
        "object": {"id": "https://w3id.org/xapi/rapport/competencies/juggling"},
        "context": {"extensions": {ASSERTION: {"verdict": "at_standard", "as_of": format_us(moment)}}},
    }
    agency.post(forged)
    assert told(run(agency)) == [(None, "at_standard")]


def test_a_voided_assertion_counts_no_more(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    (change,) = run(agency).changes
    agency.void(change.statement_id)
    assert told(run(agency)) == [(None, "at_standard")]


def test_what_was_voided_is_told_and_not_written_again_at_the_same_instant(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    (change,) = run(agency, as_of_us=moment).changes
    agency.void(change.statement_id)
    count = agency.store.count_statements()
    done = run(agency, as_of_us=moment)
    assert (done.changes, done.voided) == ([], [change])
    assert agency.store.count_statements() == count


@pytest.mark.parametrize(
    ("said", "its_own_id"),
    [
        ({"verdict": "at_standard"}, True),
        ({"verdict": "at_standard", "as_of": 7}, True),
        ({"verdict": "at_standard", "as_of": "soon"}, True),
        ({"verdict": ["at_standard"], "as_of": "2020-01-01T00:00:00Z"}, True),
        ({"verdict": "at_standard"}, False),
        ({"verdict": "at_standard", "as_of": "2020-01-01T00:00:00Z"}, False),
    ],
)
def test_what_only_bears_our_name_is_not_taken_for_ours(
    agency: Agency, said: dict[str, Any], *, its_own_id: bool
) -> None:
    agency.rate("R-1", *GOOD)
    forged: dict[str, Any] = {
        "actor": {"account": {"homePage": ACADEMY, "name": "R-1"}},
        "verb": {"id": mom.ASSERTED},
        "object": {"id": "https://w3id.org/xapi/rapport/competencies/juggling"},
        "context": {"extensions": {ASSERTION: said}},
    }
    if its_own_id:
        forged["id"] = asserting_module._id_of(key_of("R-1"), "juggling", said)
    limits = Limits(batch=1, json_bytes=2**20, statement_bytes=2**20)
    ingest = Ingest(agency.store, agency.host, clock=now_us, new_id=new_id, limits=limits)
    account = {"homePage": HOME, "name": "system"}
    vendor = Credential(
        "vendor", frozenset({"statements/write"}), {"objectType": "Agent", "account": account}
    )
    ingest.post(Body("application/json", json.dumps(forged).encode()), Version.V1, vendor)
    assert told(run(agency)) == [(None, "at_standard")]


def test_a_competency_that_is_never_scored_is_never_asserted(agency: Agency) -> None:
    members = {name: value for name, value in rubric("watching").as_dict().items() if name != "cut"}
    never = Rubric.from_dict({**members, "scored": False})
    agency.install(watching=plugin("1", Judge(competency="watching"), rubrics=(never,)))
    agency.rate("R-1", *GOOD)
    done = run(agency)
    assert ([change.competency for change in done.changes], done.unknown) == (["juggling"], 1)


def test_every_officer_is_looked_at_over_several_pages(agency: Agency) -> None:
    for number in range(103):
        agency.rate(f"R-{number:03}", *GOOD)
    seen: list[int] = []
    done = run(agency, progress=seen.append)
    assert (done.officers, len(done.changes), seen) == (103, 103, [100])
    again = run(agency)
    assert (again.unchanged, told(again)) == (103, [])


# Never evidence


class Anything:
    """A recogniser that wants every verb and takes whatever it is shown for the best there is."""

    name = "anything"

    def __init__(self, verbs: frozenset[str] | None = None) -> None:
        self.verbs = verbs

    def recognise(self, view: StatementView) -> list[Evidence]:
        made = Judge().recognise(StatementView(rating("R-1", 7)))[0]
        return [made._replace(encounter=view.id)]


@pytest.mark.parametrize("verbs", [None, frozenset({mom.ASSERTED})])
def test_an_assertion_is_never_evidence_whatever_a_plugin_would_like(agency: Agency, verbs: Any) -> None:
    agency.rate("R-1", *GOOD)
    agency.install(juggling=plugin("1", Anything(verbs)))
    before = agency.store.count_evidence()
    (change,) = run(agency).changes
    assert agency.store.evidence_in(change.statement_id) == []
    assert agency.store.count_evidence() == before
    agency.post({**rating("R-9", 7), "verb": {"id": mom.ASSERTED}})
    assert agency.store.count_evidence() == before


def test_neither_does_a_rebuild_find_any_in_it(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    run(agency)
    agency.install(juggling=plugin("2", Anything()))
    finding = [one for one in agency.host.recognise([parse(s.raw) for s in agency.store.scan()]) if one]
    assert len(finding) == len(GOOD)


def test_a_dry_run_of_the_check_says_why(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    run(agency)
    agency.install(juggling=plugin("2", Anything()))
    (outcome,) = agency.host.explain(asserted(agency)[0])
    assert not outcome.matched
    assert "never evidence" in outcome.reasons[0]


def test_profiles_are_the_same_after_asserting_as_before(agency: Agency) -> None:
    agency.rate("R-1", *GOOD)
    moment = agency.now()
    before = agency.bytes_of("R-1", moment)
    run(agency)
    assert agency.bytes_of("R-1", moment) == before
    rows = agency.store.evidence(EvidenceQuery(as_of_us=agency.now()))
    assert len(rows) == len(GOOD)
