from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, Tier
from lrs.competency.explanation import Explanation, explain
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.competency.rubric import Rubric

Make = Callable[..., RecordedEvidence]
Shifts = Callable[..., list[RecordedEvidence]]
Tell = Callable[..., Explanation]


@pytest.fixture
def tell(subject: str, rubric: Rubric, policy: Policy, now_us: int) -> Tell:
    """Explains some evidence."""

    def explanation(evidence: list[RecordedEvidence], **other: Any) -> Explanation:
        plugins = {"communication": "1.0"}
        return explain(subject, evidence, rubric, other.get("policy", policy), now_us, plugins)

    return explanation


def filled(explanation: Explanation) -> dict[str, str]:
    return {row["name"]: row["filled"] for row in explanation.as_dict()["formulae"]}


def test_an_explanation_says_what_the_profile_says(
    tell: Tell, shifts: Shifts, subject: str, rubric: Rubric, policy: Policy, now_us: int
) -> None:
    evidence = shifts([5, 4, 6, 3], ages=[0, 30, 60, 5])
    profile = build_profile(subject, evidence, {"communication": rubric}, policy, now_us, {})
    (competency,) = profile.as_dict()["competencies"]
    explanation = tell(evidence).as_dict()
    for part in ("verdict", "reasons", "estimate", "margins", "gates", "counts", "tiers", "rubric"):
        assert explanation[part] == competency[part]


def test_every_vote_shows_what_it_is_made_of(tell: Tell, shifts: Shifts) -> None:
    evidence = shifts([4], ages=[30])
    (vote,) = tell(evidence).as_dict()["votes"]
    assert vote == {
        "rater": "mailto:rater-0@academy.example",
        "encounter": "shift-0",
        "observed": "2024-09-04T00:00:00.000000Z",
        "tier": "field",
        "s": 0.5,
        "tier_weight": 1.0,
        "age_days": 30.0,
        "decay": 0.5,
        "weight": 0.5,
        "to_e": 0.25,
        "to_mass": 0.5,
        "ratings": [
            {
                "statement_id": evidence[0].statement_id,
                "indicator": None,
                "rating": 4,
                "scale": "fto-7",
                "flags": [],
                "s": 0.5,
                "sha256": evidence[0].statement_sha256,
                "authority": "account:observation-app@https://lrs.example",
                "rule": "daily-observation",
                "plugin": "communication",
                "plugin_version": "1.0",
            }
        ],
    }


def test_the_votes_add_up_to_the_estimate(tell: Tell, shifts: Shifts) -> None:
    found = tell(shifts([5, 4, 6, 7, 2], ages=[0, 11, 22, 33, 44])).as_dict()
    assert math.fsum(vote["to_e"] for vote in found["votes"]) == pytest.approx(
        found["estimate"]["e"], abs=5e-6
    )
    assert math.fsum(vote["to_mass"] for vote in found["votes"]) == pytest.approx(
        found["estimate"]["mass"], abs=5e-6
    )


def test_the_formulae_have_their_numbers_filled_in(tell: Tell, shifts: Shifts) -> None:
    rows = filled(tell(shifts([5, 4, 6], ages=[0, 30, 60])))
    assert rows["E"] == "0.208333 + 0.25 + 0.666667 = 1.125"
    assert rows["M"] == "0.25 + 0.5 + 1 = 1.75"
    assert rows["score"] == "1.125 / 1.75 = 0.642857"
    assert rows["posterior"] == "Beta(2.125, 1.625)"
    assert rows["posterior_mean"] == "2.125 / 3.75 = 0.566667"
    assert rows["interval"] == "0.175262 to 0.914009"
    assert rows["cut"] == "3.5 on fto-7 = 0.416667"
    assert rows["confidence"] == "(2.25 - 1.75) / 3.75 = 0.133333"


def test_a_long_sum_is_not_written_out(tell: Tell, shifts: Shifts) -> None:
    assert filled(tell(shifts([7] * 20)))["M"] == "20, the sum over 20 votes"


def test_without_evidence_there_is_an_explanation_all_the_same(tell: Tell) -> None:
    rows = filled(tell([]))
    assert rows["score"] == "there is no scored evidence"
    assert rows["verdict"] == "insufficient"


def test_what_is_never_scored_is_shown_apart(tell: Tell, evidence: Make, subject: str) -> None:
    found = tell([evidence(7, tier=Tier.SELF_REPORT, rater=subject)]).as_dict()
    assert found["votes"] == []
    assert [(vote["tier"], vote["s"], vote["weight"]) for vote in found["shown"]] == [("self_report", 1, 0)]


def test_everything_that_was_left_out_has_its_reason(tell: Tell, evidence: Make) -> None:
    items = [
        evidence(None, number=1, flags=(Flag.NOT_OBSERVED,)),
        evidence(None, number=2, flags=(Flag.NOT_RESPONDING,)),
        evidence(9, number=3),
    ]
    found = tell(items).as_dict()["left_out"]
    assert [(item["kind"], item["statement_id"]) for item in found] == [
        ("not_observed", items[0].statement_id),
        ("no_rating", items[1].statement_id),
        ("unusable", items[2].statement_id),
    ]
    assert all(item["reason"] and item["sha256"] and item["rule"] for item in found)


def test_other_competencies_are_passed_over(tell: Tell, evidence: Make) -> None:
    items = [evidence(5), evidence(1, number=1, competency="leadership")]
    assert tell(items).as_dict() == tell(items[:1]).as_dict()


def test_people_are_never_mixed(tell: Tell, evidence: Make) -> None:
    with pytest.raises(ValueError, match="in the explanation of"):
        tell([evidence(subject="mailto:other@academy.example")])


def test_the_verdict_is_tried_under_half_and_one_and_a_half_of_each_number(
    tell: Tell, evidence: Make
) -> None:
    items = [evidence(5, number=1), evidence(5, number=2, tier=Tier.VR_AUTOMATIC, scale="fto-7")]
    variants = tell(items).as_dict()["sensitivity"]["variants"]
    assert [(one["parameter"], one["factor"], one["value"]) for one in variants] == [
        ("tiers.field", 0.5, 0.5),
        ("tiers.field", 1.5, 1.5),
        ("tiers.vr_automatic", 0.5, 0.2),
        ("tiers.vr_automatic", 1.5, 0.6),
        ("half_life_days", 0.5, 15.0),
        ("half_life_days", 1.5, 45.0),
    ]
    assert [one["mass"] for one in variants] == [0.9, 1.9, 1.2, 1.6, 1.4, 1.4]


def test_a_verdict_that_hangs_on_the_policy_says_so(tell: Tell, shifts: Shifts) -> None:
    assert not tell(shifts([6] * 4)).sensitivity.holds  # half the weight of field leaves a mass of 2


def test_a_verdict_that_does_not_hang_on_the_policy_says_so(tell: Tell, shifts: Shifts) -> None:
    assert tell(shifts([6] * 20)).sensitivity.holds


def test_what_is_missing_for_a_decision_is_said_with_its_amount(tell: Tell, shifts: Shifts) -> None:
    assert tell(shifts([5, 5], raters=1)).as_dict()["to_decide"] == [
        "1 more evidence mass, to reach 3. "
        "A vote of today adds: field 1, role_play 0.6, vr_automatic 0.4, quiz 0.2.",
        "1 more rater, beside the 1 so far.",
    ]


def test_an_undetermined_verdict_says_how_far_the_probability_is_away(tell: Tell, shifts: Shifts) -> None:
    assert tell(shifts([4] * 8)).as_dict()["to_decide"] == [
        "P(θ ≥ cut) is 0.69767: 0.10233 more for at_standard, 0.49767 less for below_standard."
    ]


def test_stale_evidence_asks_for_newer(tell: Tell, shifts: Shifts) -> None:
    lines = tell(shifts([5] * 8, ages=[200] * 8)).as_dict()["to_decide"]
    assert lines[0] == "Scored evidence that is less than 180 days old."


def test_a_decided_verdict_misses_nothing(tell: Tell, shifts: Shifts) -> None:
    assert tell(shifts([6] * 8)).as_dict()["to_decide"] == []


def test_the_text_has_the_verdict_each_statement_and_what_was_left_out(tell: Tell, evidence: Make) -> None:
    items = [
        evidence(5, number=1, indicator="offers-choices", flags=(Flag.NOT_RESPONDING,)),
        evidence(None, number=2, flags=(Flag.NOT_OBSERVED,)),
        evidence(9, number=3),
        evidence(6, number=4, tier=Tier.CONTEXT),
    ]
    text = tell(items).as_text()
    assert "Verdict: insufficient. 1 of 1 encounter at or above 4 (fto-7), 1 rater." in text
    for item in items:
        assert f"statement {item.statement_id}, SHA-256 {item.statement_sha256}" in text
    assert "offers-choices: 5 on fto-7, s 0.666667 [not_responding]" in text
    assert "not observed (N.O.): missing, not 0" in text
    assert "Warnings\n" in text


def test_the_text_says_who_posted_each_statement(tell: Tell, evidence: Make) -> None:
    items = [
        evidence(5, number=1, authority="account:vr-vendor@https://lrs.example"),
        evidence(9, number=2, authority="mailto:app@academy.example"),
    ]
    lines = tell(items).as_text().splitlines()
    for item in items:
        [line] = [line for line in lines if item.statement_id in line and "SHA-256" in line]
        assert line.endswith(f"rule daily-observation of communication 1.0, posted by {item.authority}")


def test_the_text_says_nothing_of_who_posted_a_statement_that_names_nobody(
    tell: Tell, evidence: Make
) -> None:
    explanation = tell([evidence(5, authority="")])
    [vote] = explanation.as_dict()["votes"]
    assert vote["ratings"][0]["authority"] == ""
    assert "posted by" not in explanation.as_text()


def test_an_explanation_is_ready_for_json_and_decides_nothing_about_a_person(
    tell: Tell, shifts: Shifts
) -> None:
    explanation = tell(shifts([2] * 9))
    text = (json.dumps(explanation.as_dict(), allow_nan=False) + explanation.as_text()).lower()
    for word in (
        "fit for",
        "fitness",
        "unfit",
        "bias",
        "character",
        "employ",
        "dismiss",
        "terminate",
        "hire",
    ):
        assert word not in text
