from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from lrs.competency.assessment import Assessment, assess, recorded_by
from lrs.competency.encounters import Vote
from lrs.competency.estimate import Verdict
from lrs.competency.estimating import standard_models
from lrs.competency.evidence import RecordedEvidence, Tier
from lrs.competency.explanation import explain
from lrs.competency.models import Model, Step, is_model_id
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.competency.rubric import Cut, Rubric
from lrs.errors import ConfigError

Make = Callable[..., RecordedEvidence]
Shifts = Callable[..., list[RecordedEvidence]]
Assess = Callable[..., Assessment]

FIXED = Policy(model="fixed/1")


@pytest.fixture
def assessed(rubric: Rubric, now_us: int, models: Callable[..., Mapping[str, Model]]) -> Assess:
    """Assesses evidence by a model."""

    def by(model: Any, evidence: list[RecordedEvidence], policy: Policy = FIXED) -> Assessment:
        return assess(recorded_by(evidence, now_us), rubric, policy, now_us, models=models(model))

    return by


def test_the_default_model_comes_through_the_same_door() -> None:
    (model,) = standard_models().values()
    assert isinstance(model, Model)
    assert model.id == Policy().model


def test_the_policy_names_the_model_that_is_asked(assessed: Assess, shifts: Shifts, fixed: Any) -> None:
    found = assessed(fixed(score=0.25), shifts([7] * 4)).estimate
    assert (found.score, found.probability, found.verdict) == (0.25, 0.99, Verdict.AT_STANDARD)


def test_a_model_that_is_not_named_is_not_asked(assessed: Assess, shifts: Shifts, fixed: Any) -> None:
    model = fixed()
    assessed(model, shifts([2] * 9), Policy())
    assert model.shown == []


def test_one_competency_may_have_a_model_of_its_own(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any, fixed: Any
) -> None:
    policy = Policy.from_mapping({"competencies": {"communication": {"model": "fixed/1"}}})
    profile = build_profile(
        subject, shifts([2] * 9), {"communication": rubric}, policy, now_us, {}, models=models(fixed())
    ).as_dict()
    assert profile["model"]["id"] == "decayed_beta/1"
    assert profile["competencies"][0]["model"] == {"id": "fixed/1", "policy_digest": FIXED.digest}
    assert profile["competencies"][0]["verdict"] == "at_standard"


def test_a_model_that_there_is_not_is_an_error_that_names_those_that_there_are(
    rubric: Rubric, now_us: int
) -> None:
    with pytest.raises(ConfigError) as caught:
        assess([], rubric, FIXED, now_us)
    assert [detail.expected for detail in caught.value.details] == ["one of decayed_beta/1"]


@pytest.mark.parametrize(
    ("ratings", "ages", "raters", "verdict"),
    [
        ([7, 7], [0, 0], 2, Verdict.INSUFFICIENT),
        ([7] * 9, [0] * 9, 1, Verdict.INSUFFICIENT),
        ([7] * 900, [181] * 900, 3, Verdict.STALE),
        ([], [], 1, Verdict.INSUFFICIENT),
    ],
)
def test_no_model_can_skip_a_gate(
    assessed: Assess,
    shifts: Shifts,
    fixed: Any,
    ratings: list[float],
    ages: list[float],
    raters: int,
    verdict: Verdict,
) -> None:
    found = assessed(fixed(probability=1.0), shifts(ratings, ages=ages, raters=raters)).estimate
    assert found.verdict is verdict


def test_a_model_never_sees_what_is_never_scored(
    assessed: Assess, evidence: Make, fixed: Any, subject: str
) -> None:
    model = fixed()
    items = [
        evidence(5, number=1),
        evidence(7, number=2, tier=Tier.SELF_REPORT, rater=subject),
        evidence(1, number=3, tier=Tier.CONTEXT),
    ]
    assessed(model, items)
    assert [[vote.tier for vote in votes] for votes in model.shown] == [[Tier.FIELD]]


def test_a_model_sees_the_votes_oldest_first_whatever_order_they_came_in(
    assessed: Assess, shifts: Shifts, fixed: Any
) -> None:
    model = fixed()
    items = shifts([5, 4, 6], ages=[0, 60, 30])
    for order in (items, items[::-1]):
        assessed(model, order)
    first, second = model.shown
    assert first == second
    assert [vote.encounter for vote in first] == ["shift-1", "shift-2", "shift-0"]


def test_the_evidence_mass_and_the_plain_counts_are_the_same_under_every_model(
    assessed: Assess, shifts: Shifts, fixed: Any
) -> None:
    items = shifts([5, 4, 6, 2], ages=[0, 30, 60, 90])
    other, ours = assessed(fixed(), items).estimate, assessed(fixed(), items, Policy()).estimate
    for member in ("e", "mass", "gates", "counts", "tiers", "agreement", "raters", "newest_us"):
        assert getattr(other, member) == getattr(ours, member)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"score": float("nan")}, "its score is nan, and not a number from 0 to 1"),
        ({"score": 1.1}, "its score is 1.1, and not a number from 0 to 1"),
        ({"score": "0.5"}, "its score is '0.5', and not a number from 0 to 1"),
        ({"score": True}, "its score is True, and not a number from 0 to 1"),
        ({"posterior_mean": None}, "its posterior_mean is None, and not a number from 0 to 1"),
        ({"probability": float("inf")}, "its probability is inf, and not a number from 0 to 1"),
        ({"probability": -0.01}, "its probability is -0.01, and not a number from 0 to 1"),
        ({"interval": (0.6, 0.4)}, "its interval is 0.6 to 0.4"),
        ({"interval": (0.4, float("nan"))}, "its interval is nan, and not a number from 0 to 1"),
        ({"interval": (0.4,)}, "ValueError: not enough values to unpack (expected 2, got 1)"),
        ({"interval": None}, "TypeError: cannot unpack non-iterable NoneType object"),
    ],
)
def test_rubbish_is_no_estimate_and_says_why(
    assessed: Assess, shifts: Shifts, fixed: Any, answer: dict[str, Any], why: str
) -> None:
    found = assessed(fixed(**answer), shifts([7] * 9))
    assert found.estimate.verdict is Verdict.INSUFFICIENT
    assert found.estimate.reasons == (f"the model fixed/1 failed: {why}",)


@pytest.mark.parametrize(
    ("raised", "why"),
    [
        (ValueError("no\nidea"), "ValueError: no idea"),
        (SystemExit(3), "SystemExit: 3"),
        (asyncio.CancelledError(), "CancelledError"),
        (GeneratorExit(), "GeneratorExit"),
        (RecursionError("deep"), "RecursionError: deep"),
        (ValueError("\ud800\0"), "ValueError: \\ud800\\0"),
    ],
)
def test_a_model_that_raises_is_no_estimate_and_says_why(
    assessed: Assess, shifts: Shifts, fixed: Any, raised: BaseException, why: str
) -> None:
    found = assessed(fixed(raised), shifts([7] * 9))
    assert found.estimate.reasons == (f"the model fixed/1 failed: {why}",)
    assert found.warnings == (f"There is no estimate of communication: the model fixed/1 failed: {why}.",)


def test_a_model_that_answers_something_else_says_what(assessed: Assess, shifts: Shifts, fixed: Any) -> None:
    found = assessed(fixed(lambda votes, cut: 0.9), shifts([7] * 9)).estimate
    assert found.failure == "the model fixed/1 failed: it answered a float, which is no Aggregate"


def test_an_interrupt_from_the_keyboard_is_not_swallowed(
    assessed: Assess, shifts: Shifts, fixed: Any
) -> None:
    with pytest.raises(KeyboardInterrupt):
        assessed(fixed(KeyboardInterrupt()), shifts([7]))


def test_stale_evidence_is_stale_even_if_the_model_fails(
    assessed: Assess, shifts: Shifts, fixed: Any
) -> None:
    found = assessed(fixed(ValueError("no")), shifts([7] * 9, ages=[200] * 9)).estimate
    assert found.verdict is Verdict.STALE
    assert len(found.reasons) == 2 + 1  # mass and newest, and the model


def test_where_a_model_failed_its_numbers_are_null_and_the_cores_are_there(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any, fixed: Any
) -> None:
    found = explain(
        subject, shifts([7] * 4), rubric, FIXED, now_us, {}, models=models(fixed(ValueError("no")))
    ).as_dict()
    estimate = found["estimate"]
    for member in ("score", "posterior_mean", "interval", "probability_at_or_above_cut", "confidence"):
        assert estimate[member] is None
    assert (estimate["mass"], estimate["e"], found["margins"]) == (4, 4, None)
    assert found["counts"]["text"] == "4 of 4 encounters at or above 4 (fto-7), 3 raters"
    assert found["prospects"] == []
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("audience", ["officer", "trainer", "arbitrator"])
def test_a_failed_model_can_be_read_about(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any, fixed: Any, audience: str
) -> None:
    broken = models(fixed(ValueError("no idea")))
    text = explain(subject, shifts([7] * 4), rubric, FIXED, now_us, {}, models=broken).as_text(audience)
    assert "There is no estimate of communication: the model fixed/1 failed: ValueError: no idea." in text


def test_whole_numbers_become_the_floats_that_they_equal(
    assessed: Assess, shifts: Shifts, fixed: Any
) -> None:
    found = assessed(fixed(score=1, interval=(0, 1)), shifts([7] * 4)).estimate
    assert repr((found.score, found.interval)) == "(1.0, (0.0, 1.0))"


def test_a_model_may_know_no_score(assessed: Assess, shifts: Shifts, fixed: Any) -> None:
    found = assessed(fixed(score=None), shifts([7] * 4)).estimate
    assert (found.score, found.verdict) == (None, Verdict.AT_STANDARD)


class Counting:
    """The share of votes at or above the cut, sure of nothing but a clear majority."""

    id = "counting/1"

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Any:
        from tests.competency.conftest import aggregate

        share = sum(vote.s >= cut.s for vote in votes) / len(votes) if votes else None
        return aggregate(score=share, probability=0.5 if share is None else share)

    def working(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Iterator[Step]:
        above = sum(vote.s >= cut.s for vote in votes)
        yield Step("probability", "votes at or above the cut / votes", f"{above} / {len(votes)}")


COUNTING = Policy(model="counting/1")


def test_the_sensitivity_is_that_of_the_model_that_was_asked(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any
) -> None:
    found = explain(subject, shifts([6] * 20), rubric, COUNTING, now_us, {}, models=models(Counting()))
    assert {variant.probability for variant in found.sensitivity.variants} == {1.0}


def test_what_would_decide_is_that_of_the_model_that_was_asked(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any
) -> None:
    items = shifts([6, 6, 6, 1, 1])
    found = explain(subject, items, rubric, COUNTING, now_us, {}, models=models(Counting()))
    acceptable = next(one for one in found.prospects if one.rated == "acceptable")
    # (3 + n) / (5 + n) ≥ 0.8
    assert (acceptable.encounters, acceptable.verdict) == (5, Verdict.AT_STANDARD)


def test_a_model_that_shows_its_working_is_in_the_formulae(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any
) -> None:
    found = explain(subject, shifts([6, 1]), rubric, COUNTING, now_us, {}, models=models(Counting()))
    rows = {row["name"]: row["filled"] for row in found.as_dict()["formulae"]}
    assert rows["probability"] == "1 / 2"
    assert "posterior" not in rows
    assert rows["M"] == "1 + 1 = 2"


def test_a_model_that_does_not_show_its_working_has_its_answer_there(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any, fixed: Any
) -> None:
    found = explain(subject, shifts([6, 1]), rubric, FIXED, now_us, {}, models=models(fixed())).as_dict()
    rows = {row["name"]: (row["formula"], row["filled"]) for row in found["formulae"]}
    assert rows["probability"] == ("by the model fixed/1, which does not show its working", "0.99")


def test_a_model_that_fails_to_show_its_working_says_so(
    shifts: Shifts, subject: str, rubric: Rubric, now_us: int, models: Any, fixed: Any
) -> None:
    model = fixed()
    model.working = lambda *arguments: ["no step"]
    found = explain(subject, shifts([6, 1]), rubric, FIXED, now_us, {}, models=models(model)).as_dict()
    rows = {row["name"]: row["formula"] for row in found["formulae"]}
    assert rows["score"] == (
        "by the model fixed/1; its working is not shown: the model fixed/1 failed: "
        "its working has something that is no Step of texts"
    )


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a/1", True),
        ("a_b.c-d/2026-01+x", True),
        ("a", False),
        ("A/1", False),
        ("a/", False),
        ("a/1/2", False),
        ("a b/1", False),
        (7, False),
    ],
)
def test_an_id_is_a_name_and_a_version(text: object, good: bool) -> None:
    assert is_model_id(text) is good
