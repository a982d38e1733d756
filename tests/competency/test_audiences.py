from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, Tier
from lrs.competency.explanation import Explanation, explain
from lrs.competency.explanation_text import AUDIENCES
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric

Make = Callable[..., RecordedEvidence]
Shifts = Callable[..., list[RecordedEvidence]]
Tell = Callable[..., Explanation]


@pytest.fixture
def tell(subject: str, rubric: Rubric, now_us: int) -> Tell:
    """Explains some evidence."""

    def explanation(evidence: list[RecordedEvidence], policy: Policy | None = None) -> Explanation:
        plugins = {"communication": "1.0"}
        return explain(subject, evidence, rubric, policy or Policy(), now_us, plugins)

    return explanation


@pytest.fixture
def mixed(evidence: Make, subject: str) -> list[RecordedEvidence]:
    """Some of everything."""
    return [
        evidence(5, number=1, age=30, indicator="offers-choices"),
        evidence(4, number=2, age=3, rater="mailto:rater-2@academy.example", flags=(Flag.NOT_RESPONDING,)),
        evidence(None, number=3, flags=(Flag.NOT_OBSERVED,), indicator="lets-others-finish"),
        evidence(7, number=4, tier=Tier.SELF_REPORT, rater=subject),
        evidence(9, number=5),
    ]


def test_the_text_is_for_an_arbitrator_unless_it_is_said(tell: Tell, mixed: list[RecordedEvidence]) -> None:
    found = tell(mixed)
    assert found.as_text() == found.as_text("arbitrator")


def test_each_audience_has_a_text_of_its_own(tell: Tell, mixed: list[RecordedEvidence]) -> None:
    texts = {tell(mixed).as_text(audience) for audience in AUDIENCES}
    assert len(texts) == 3
    assert all(text.endswith("\n") for text in texts)


def test_another_audience_is_refused(tell: Tell) -> None:
    with pytest.raises(ValueError, match="the press is none of officer, trainer, arbitrator"):
        tell([]).as_text("the press")


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("ratings", [[], [6] * 8, [2] * 9, [4] * 8, [5]])
def test_every_text_says_what_the_product_does_not_claim(
    tell: Tell, shifts: Shifts, audience: str, ratings: list[float]
) -> None:
    text = tell(shifts(ratings)).as_text(audience)
    assert "It decides nothing about a person." in text
    for word in ("fitness", "unfit", "bias", "character", "employ", "dismiss", "terminate", "hire"):
        assert word not in text.lower()


# The officer


@pytest.mark.parametrize(
    ("ratings", "ages", "words"),
    [
        ([6] * 8, None, "is at the standard of this rubric."),
        ([2] * 9, None, "is below the standard of this rubric."),
        ([4] * 8, None, "it does not say clearly whether you are at the standard."),
        ([6] * 2, None, "There is not enough yet to say whether you are at the standard."),
        ([6] * 8, [200] * 8, "is too old to say whether you are at the standard now."),
    ],
)
def test_the_officer_reads_each_verdict_in_plain_words(
    tell: Tell, shifts: Shifts, ratings: list[float], ages: list[float] | None, words: str
) -> None:
    assert words in tell(shifts(ratings, ages=ages)).as_text("officer")


def test_the_officer_reads_no_formula(tell: Tell, mixed: list[RecordedEvidence]) -> None:
    text = tell(mixed).as_text("officer")
    for sign in ("θ", "Σ", "Beta(", "SHA-256", "2^", "evidence mass", "at_standard", "insufficient", "s 0."):
        assert sign not in text


def test_the_officer_reads_what_it_rests_on_with_the_number_of_each_statement(
    tell: Tell, mixed: list[RecordedEvidence]
) -> None:
    text = tell(mixed).as_text("officer")
    assert "2 looks at your work by 2 raters, from 2024-09-04 to 2024-10-01." in text
    assert "2024-09-04, at work, by mailto:rater-1@academy.example\n" in text
    for record in mixed:
        assert f"statement {record.statement_id}" in text


def test_the_officer_reads_what_was_left_out_and_why(tell: Tell, mixed: list[RecordedEvidence]) -> None:
    text = tell(mixed).as_text("officer")
    assert "not observed (N.O.): missing, not 0" in text
    assert "9 is not on the scale fto-7, 1 to 7" in text


def test_the_officer_reads_why_nothing_is_decided_in_plain_words(
    tell: Tell, shifts: Shifts, evidence: Make
) -> None:
    text = tell(shifts([5], raters=1)).as_text("officer")
    assert "There are too few encounters, or they were too long ago to count for much." in text
    assert "It comes from 1 rater; 2 or more are needed." in text
    assert "The newest is 200 days old; less than 180 is needed." in tell([evidence(age=200)]).as_text(
        "officer"
    )
    assert "Nothing that counts is recorded." in tell([]).as_text("officer")


def test_the_officer_reads_what_would_make_it_clear(tell: Tell, shifts: Shifts) -> None:
    text = tell(shifts([6] * 5, raters=1)).as_text("officer")
    assert (
        "1 more encounter at work, with 1 rater who has not rated you yet, "
        "rated as you were so far: it would then be at the standard."
    ) in text


def test_the_officer_reads_when_nothing_would_make_it_clear(tell: Tell, shifts: Shifts) -> None:
    text = tell(shifts([3.5] * 10)).as_text("officer")
    assert "If you are rated as you were so far, even 200 more encounters would not make it clear." in text


def test_the_officer_reads_what_to_do_if_something_is_wrong(tell: Tell) -> None:
    text = tell([]).as_text("officer")
    assert "If something is wrong\n  If an entry is wrong, tell your training officer which one" in text


# The training officer


def test_the_trainer_reads_verdict_margins_gaps_and_raters(tell: Tell, shifts: Shifts) -> None:
    text = tell(shifts([4] * 8)).as_text("trainer")
    assert "Verdict: undetermined. 8 of 8 encounters at or above 4 (fto-7), 3 raters." in text
    assert (
        "probability of the cut (0.42) or more 0.70: 0.10 from at_standard, 0.50 from below_standard" in text
    )
    assert "without new evidence, too little in 42 days" in text
    assert "without new evidence, stale in 180 days" in text
    assert "Offers choices (offers-choices)" in text
    assert "mailto:rater-0@academy.example: 3 votes, mean 0.50, newest 2024-10-04" in text
    assert "the most lenient is 0.00 above the most severe" in text


def test_the_trainer_reads_of_flags_and_of_what_was_left_out(
    tell: Tell, mixed: list[RecordedEvidence]
) -> None:
    text = tell(mixed).as_text("trainer")
    assert "not observed: 1" in text
    assert "unusable: 1" in text
    assert "Lets others finish (lets-others-finish), 1 time not observed" in text
    assert "not responding to training: 1 time" in text


def test_the_trainer_reads_what_would_decide_it(tell: Tell, shifts: Shifts) -> None:
    found = tell(shifts([5, 5], raters=1))
    text = found.as_text("trainer")
    for line in found.as_dict()["to_decide"]:
        assert line in text
    for prospect in found.prospects:
        assert prospect.text in text


def test_the_trainer_reads_whether_the_verdict_hangs_on_the_policy(tell: Tell, shifts: Shifts) -> None:
    assert "any weight or of the half-life: the same verdict" in tell(shifts([6] * 20)).as_text("trainer")
    assert "tiers.field 0.5 (0.5 times): insufficient" in tell(shifts([6] * 4)).as_text("trainer")


def test_a_decided_verdict_has_a_margin_inside_of_it(tell: Tell, shifts: Shifts) -> None:
    assert re.search(r"0\.\d\d inside of at_standard", tell(shifts([6] * 20)).as_text("trainer"))


# The arbitrator


def numbers_in(value: Any) -> set[str]:
    """Every digest and id in a JSON value, and every number of an estimate."""
    if isinstance(value, dict):
        return {text for member in value.values() for text in numbers_in(member)}
    if isinstance(value, list):
        return {text for member in value for text in numbers_in(member)}
    return {value} if isinstance(value, str) and re.fullmatch(r"[0-9a-f-]{36}|[0-9a-f]{64}", value) else set()


def test_the_arbitrator_reads_every_digest_and_every_statement(
    tell: Tell, mixed: list[RecordedEvidence]
) -> None:
    found = tell(mixed)
    wanted = numbers_in(found.as_dict())
    assert len(wanted) == 2 * len(mixed) + 2  # id and SHA-256 of each, rubric and policy
    text = found.as_text("arbitrator")
    assert [digest for digest in wanted if digest not in text] == []


def test_the_arbitrator_reads_every_formula_with_its_numbers(
    tell: Tell, mixed: list[RecordedEvidence]
) -> None:
    found = tell(mixed)
    text = found.as_text("arbitrator")
    for row in found.as_dict()["formulae"]:
        assert f"{row['name']} = {row['formula']}\n    {row['filled']}\n" in text


def test_the_arbitrator_reads_the_policy_the_scales_and_the_versions(
    tell: Tell, mixed: list[RecordedEvidence]
) -> None:
    text = tell(mixed).as_text("arbitrator")
    assert "model decayed_beta/1, half_life_days 30, min_mass 3, stale_after_days 180" in text
    assert "tiers: field 1, role_play 0.6, vr_automatic 0.4, quiz 0.2, self_report 0" in text
    assert "scale fto-7 1: 1 → 0, 7 → 1" in text
    assert "plugin communication 1.0" in text


def test_the_arbitrator_reads_every_margin(tell: Tell, shifts: Shifts) -> None:
    found = tell(shifts([4] * 8))
    text = found.as_text("arbitrator")
    assert "days until M falls below its gate, without new evidence: 42.451125" in text
    assert "what P is short of at_standard: 0.10233" in text
