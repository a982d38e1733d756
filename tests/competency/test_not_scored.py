from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.explanation import Explanation, explain
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.competency.rubric import Rubric

Make = Callable[..., RecordedEvidence]
Tell = Callable[..., Explanation]
DONE = (Flag.COMPLETED,)


@pytest.fixture
def mentored(evidence: Make) -> Make:
    """Makes evidence of mentoring, in hours."""

    def make(rating: float | None = None, **other: Any) -> RecordedEvidence:
        return evidence(rating, competency="mentoring", scale=other.pop("scale", "hours"), **other)

    return make


@pytest.fixture
def only(subject: str, unscored: Rubric, now_us: int) -> Callable[..., dict[str, Any]]:
    """The one competency in the profile of some evidence."""

    def built(evidence: list[RecordedEvidence]) -> dict[str, Any]:
        profile = build_profile(subject, evidence, {"mentoring": unscored}, Policy(), now_us, {})
        (found,) = profile.as_dict()["competencies"]
        return json.loads(json.dumps(found, allow_nan=False))

    return built


@pytest.fixture
def tell(subject: str, unscored: Rubric, now_us: int) -> Tell:
    """Explains some evidence."""

    def explanation(evidence: list[RecordedEvidence]) -> Explanation:
        return explain(subject, evidence, unscored, Policy(), now_us, {"mentoring": "1.0"})

    return explanation


def test_what_is_not_scored_has_its_own_verdict_and_no_reasons_or_gates(mentored: Make, only: Any) -> None:
    found = only([mentored(2.5)])
    assert (found["scored"], found["verdict"]) == (False, "not_scored")
    assert (found["reasons"], found["gates"], found["margins"]) == ([], [], None)


def test_what_is_not_scored_has_no_estimate(mentored: Make, only: Any) -> None:
    estimate = only([mentored(2.5), mentored(3, number=1)])["estimate"]
    assert (estimate.pop("raters"), estimate.pop("newest")) == (1, "2024-10-04T00:00:00.000000Z")
    assert set(estimate.values()) == {None}


def test_completions_are_counted_by_encounter_with_the_last_date(mentored: Make, only: Any) -> None:
    items = [mentored(number=n, age=age, flags=DONE) for n, age in enumerate((40, 20, 3))]
    items.append(mentored(number=7, age=3, flags=DONE, encounter="shift-2"))
    counts = only(items)["counts"]
    assert counts["text"] == "completed 3 times, last on 2024-10-01"
    assert (counts["encounters"], counts["completed"], counts["raters"]) == (3, 3, 1)


def test_one_completion_is_said_in_the_singular(mentored: Make, only: Any) -> None:
    assert only([mentored(flags=DONE)])["counts"]["text"] == "completed once, on 2024-10-04"


def test_hours_are_added_up(mentored: Make, only: Any) -> None:
    items = [mentored(hours, number=n) for n, hours in enumerate((2, 1.5, 4))]
    counts = only(items)["counts"]
    assert counts["text"] == "recorded 3 times, last on 2024-10-04; hours: 7.5 in all, 2.5 on average of 3"
    assert counts["amounts"] == [{"scale": "hours", "ratings": 3, "total": 7.5, "mean": 2.5}]


def test_ratings_on_several_scales_are_never_added_to_each_other(mentored: Make, only: Any) -> None:
    items = [mentored(2, number=1), mentored(4, number=2, scale="likert-5")]
    assert [(one["scale"], one["total"]) for one in only(items)["counts"]["amounts"]] == [
        ("hours", 2),
        ("likert-5", 4),
    ]


def test_without_evidence_nothing_is_recorded(only: Any) -> None:
    found = only([])
    assert (found["verdict"], found["counts"]["text"]) == ("not_scored", "nothing recorded")
    assert found["gaps"] == ["lets-others-finish", "offers-choices"]


def test_what_was_not_observed_is_not_counted(mentored: Make, only: Any) -> None:
    found = only([mentored(flags=(Flag.NOT_OBSERVED,))])
    assert found["counts"]["encounters"] == 0
    assert len(found["flags"]["not_observed"]) == 1


def test_what_cannot_be_counted_is_listed_with_a_warning(mentored: Make, only: Any) -> None:
    late = mentored(2, age=-400)
    found = only([late])
    assert found["warnings"] == [
        f"{late.statement_id} is not counted on mentoring: it is dated more than a day after it was recorded."
    ]
    assert found["counts"]["amounts"] == []


def test_a_completion_dated_after_it_was_recorded_is_not_counted(mentored: Make, only: Any) -> None:
    found = only([mentored(flags=DONE, age=-400)])
    assert (found["counts"]["completed"], len(found["unusable"])) == (0, 1)


def test_an_indicator_that_was_done_is_no_gap(mentored: Make, only: Any) -> None:
    items = [mentored(flags=DONE, indicator="offers-choices")]
    assert only(items)["gaps"] == ["lets-others-finish"]


def test_the_tiers_have_no_ratio(mentored: Make, only: Any) -> None:
    assert [(one["tier"], one["scored"], one["ratio"]) for one in only([mentored(2)])["tiers"]] == [
        ("field", False, None)
    ]


def test_a_survey_of_a_unit_may_be_a_panel_that_is_never_scored(mentored: Make, only: Any) -> None:
    items = [
        mentored(n, number=n, scale="likert-5", tier=Tier.SURVEY, subject_type=SubjectType.UNIT)
        for n in (3, 4, 5)
    ]
    found = only(items)
    assert found["counts"]["text"].endswith("likert-5: 12 in all, 4 on average of 3")
    assert found["unusable"] == []


def test_an_explanation_computes_nothing(mentored: Make, tell: Tell) -> None:
    found = tell([mentored(2, number=1), mentored(number=2, flags=DONE)]).as_dict()
    assert found["formulae"] == found["to_decide"] == found["prospects"] == found["votes"] == []
    assert found["sensitivity"] == {"verdict_holds": True, "variants": []}
    assert len(found["shown"]) == 1
    assert [item["flags"] for item in found["completed"]] == [["completed"]]


def test_every_piece_is_in_the_explanation_once(mentored: Make, tell: Tell) -> None:
    items = [
        mentored(2, number=1),
        mentored(number=2, flags=DONE),
        mentored(number=3, flags=(Flag.NOT_OBSERVED,)),
        mentored(number=4, flags=(Flag.NOT_RESPONDING,)),
        mentored(2000, number=5),
    ]
    found = tell(items).as_dict()
    ids = [rating["statement_id"] for vote in found["shown"] for rating in vote["ratings"]]
    ids += [item["statement_id"] for item in [*found["completed"], *found["left_out"]]]
    assert sorted(ids) == [item.statement_id for item in items]


@pytest.mark.parametrize("audience", ["officer", "trainer", "arbitrator"])
def test_no_text_suggests_that_a_score_is_coming(mentored: Make, tell: Tell, audience: str) -> None:
    items = [mentored(2, number=1, indicator="offers-choices"), mentored(number=2, flags=DONE)]
    text = tell(items).as_text(audience)
    assert "ompleted once, on 2024-10-04; hours: 2 in all, 2 on average of 1" in text
    assert "offers-choices" in text or audience == "trainer"
    for word in ("needed", "missing for", "P(θ", "mass", "insufficient", "half_life", "would"):
        assert word not in text.replace(tell([]).as_dict()["about"], "")
