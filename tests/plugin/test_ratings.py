from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.plugin import Alignment, Rubric, StatementView
from lrs.plugin.miss import Miss
from lrs.plugin.ratings import Ratings, completed
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import competency_iri
from tests.plugin.fakes import JUGGLING

Align = Callable[..., Alignment]
LIKERT = "http://adlnet.gov/expapi/activities/cmi.interaction"


def rated(
    result: Mapping[str, Any], scale: list[str] | None = None, verb: str | None = None
) -> StatementView:
    definition: dict[str, Any] = (
        {} if scale is None else {"type": LIKERT, "scale": [{"id": id_} for id_ in scale]}
    )
    target = {"id": competency_iri("juggling"), "definition": definition}
    parts = {} if verb is None else {"verb": verb}
    return StatementView(statement(object=target, result=result, **parts))


def rating(alignment: Alignment, view: StatementView) -> tuple[float | None, str]:
    (found,) = alignment.recognise(view)
    return found.rating, found.scale


def reasons(alignment: Alignment, view: StatementView) -> tuple[str, ...]:
    assert alignment.recognise(view) == ()
    (outcome,) = alignment.explain(view)
    assert not outcome.matched
    return outcome.reasons


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"raw": 5, "min": 1, "max": 7}, (5.0, "fto-7")),
        ({"raw": 4.5, "min": 1.0, "max": 7.0}, (4.5, "fto-7")),
        ({"raw": 2, "min": 1, "max": 5}, (2.0, "likert-5")),
        ({"raw": 0.25, "min": 0, "max": 1}, (0.25, "unit")),
        ({"raw": 70, "min": 0, "max": 100}, (0.7, "unit")),
        ({"raw": 0, "min": -1, "max": 1}, (0.5, "unit")),
        ({"scaled": -0.5}, (-0.5, "scaled")),
        ({"raw": 5, "min": 1, "max": 7, "scaled": 0.1}, (5.0, "fto-7")),
        ({"raw": 5, "scaled": 0.1}, (0.1, "scaled")),
    ],
)
def test_a_score_is_read_on_the_scale_that_its_range_is_of(
    align: Align, score: dict[str, float], expected: tuple[float, str]
) -> None:
    assert rating(align(), rated({"score": score})) == expected


@pytest.mark.parametrize(
    ("score", "words"),
    [
        ({"raw": 5}, "no min and max"),
        ({"raw": 8, "min": 1, "max": 7}, "outside of its range 1…7"),
        ({"raw": 1, "min": 1, "max": 1}, "is empty"),
        ({"raw": 10**400, "min": 0, "max": 1}, "too large"),
        ({"raw": 1, "min": 0, "max": float("inf")}, "too large"),
        ({"scaled": 1.5}, "must be in -1…1"),
        ({}, "result.score must be there"),
    ],
)
def test_a_score_that_cannot_be_read_is_no_evidence_and_says_why(
    align: Align, score: dict[str, Any], words: str
) -> None:
    (reason,) = reasons(align(), rated({"score": score}))
    assert words in reason


@given(
    low=st.integers(-1000, 1000),
    width=st.integers(1, 1000),
    part=st.fractions(0, 1, max_denominator=1000),
)
def test_whatever_its_range_a_score_stays_where_it_is_within_it(low: int, width: int, part: Any) -> None:
    rubric = Rubric.from_dict(JUGGLING)
    rule = {"id": "own", "verbs": ["http://id.tincanapi.com/verb/rated"], "rater": "system", "tier": "quiz"}
    alignment = Alignment.from_dict(
        {"competency": "juggling", "version": "1", "rules": [{**rule, "rating": ["score"], "scale": "unit"}]},
        rubric,
    )
    raw = min(max(float(low + part * width), low), low + width)
    (found,) = alignment.recognise(rated({"score": {"raw": raw, "min": low, "max": low + width}}))
    assert found.rating is not None
    assert rubric.scales[found.scale].normalise(found.rating) == pytest.approx(float(part), abs=1e-9)


def test_a_scale_of_the_rubrics_own_is_found_by_its_range(rubric: Rubric) -> None:
    levels = {"name": "levels", "version": "1", "points": [[0, 0], [4, 1]]}
    own = Rubric.from_dict({**rubric.as_dict(), "scales": [*rubric.as_dict()["scales"][:3], levels]})
    rule = {"id": "own", "verbs": ["http://id.tincanapi.com/verb/rated"], "rater": "system", "tier": "quiz"}
    file = {
        "competency": "juggling",
        "version": "1",
        "rules": [{**rule, "rating": ["score"], "scale": "unit"}],
    }
    alignment = Alignment.from_dict(file, own)
    assert rating(alignment, rated({"score": {"raw": 3, "min": 0, "max": 4}})) == (3.0, "levels")
    assert reasons(alignment, rated({"score": {"scaled": 0.5}})) == (
        "the rubric of juggling has no scale 'scaled'",
    )


def test_of_two_scales_with_one_range_the_rules_own_wins(rubric: Rubric) -> None:
    falling = {"name": "marks", "version": "1", "points": [[1, 1], [5, 0]]}
    own = Rubric.from_dict({**rubric.as_dict(), "scales": [*rubric.as_dict()["scales"], falling]})
    rule = {"id": "own", "verbs": ["http://id.tincanapi.com/verb/rated"], "rater": "system", "tier": "quiz"}
    file = {
        "competency": "juggling",
        "version": "1",
        "rules": [{**rule, "rating": ["score"], "scale": "marks"}],
    }
    assert rating(Alignment.from_dict(file, own), rated({"score": {"raw": 2, "min": 1, "max": 5}})) == (
        2.0,
        "marks",
    )


@pytest.mark.parametrize(
    ("response", "steps", "expected"),
    [
        ("5", None, (5.0, "fto-7")),
        ("4.5", None, (4.5, "fto-7")),
        ("likert_3", [f"likert_{n}" for n in range(1, 6)], (3.0, "likert-5")),
        ("3", [f"likert_{n}" for n in range(1, 6)], (3.0, "likert-5")),
        ("3", [*map(str, range(7, 0, -1))], (3.0, "fto-7")),
        ("1", ["0", "1", "2"], (0.5, "unit")),
        ("2", ["1", "2", "3", "4", "5", "N.O.", "NRT"], (2.0, "likert-5")),
        ("3", [f"{'long_' * 100}{n}" for n in range(1, 6)], (3.0, "likert-5")),
    ],
)
def test_a_response_is_a_number_on_the_items_steps_or_on_the_rules_scale(
    align: Align, response: str, steps: list[str] | None, expected: tuple[float, str]
) -> None:
    assert rating(align(rating=["response"]), rated({"response": response}, steps)) == expected


@pytest.mark.parametrize(
    ("response", "steps", "words"),
    [
        ("8", None, "the response is 8, outside of its range 1…7"),
        ("well done", None, "the response 'well done' is no number"),
        ("no", None, "the response 'no' is no number"),
        ("-2", None, "the response '-2' is no number"),
        ("good", ["bad", "good"], "the step 'bad' of the item's scale has no number"),
        ("1", ["1"], "do not have numbers of their own"),
        ("2", ["-2", "-1", "1", "2"], "do not have numbers of their own"),
        ("likert_9", ["likert_1", "likert_2"], "is no number"),
        ("9", ["likert_1", "likert_2"], "the response is 9, outside of its range 1…2"),
    ],
)
def test_a_response_that_cannot_be_read_is_no_evidence_and_says_why(
    align: Align, response: str, steps: list[str] | None, words: str
) -> None:
    (reason,) = reasons(align(rating=["response"]), rated({"response": response}, steps))
    assert words in reason


PASSED = "http://adlnet.gov/expapi/verbs/passed"
FAILED = "http://adlnet.gov/expapi/verbs/failed"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"


@pytest.mark.parametrize(
    ("verb", "result", "expected"),
    [
        (PASSED, {}, 1.0),
        (FAILED, {}, 0.0),
        (FAILED, {"success": False}, 0.0),
        (COMPLETED, {"success": True}, 1.0),
    ],
)
def test_success_is_one_and_failure_nought(
    align: Align, verb: str, result: dict[str, Any], expected: float
) -> None:
    alignment = align(verbs=[PASSED, FAILED, COMPLETED], rating=["success"])
    assert rating(alignment, rated(result, verb=verb)) == (expected, "unit")


def test_a_verb_and_a_result_that_contradict_each_other_are_no_evidence(align: Align) -> None:
    alignment = align(verbs=[PASSED], rating=["success"])
    (reason,) = reasons(alignment, rated({"success": False}, verb=PASSED))
    assert reason == "the verb says passed and result.success says otherwise"


def test_completion_alone_is_no_evidence(align: Align) -> None:
    alignment = align(verbs=[COMPLETED], rating=["score", "success"])
    (reason,) = reasons(alignment, rated({"completion": True}, verb=COMPLETED))
    assert "completion alone says nothing of competency" in reason


def test_the_first_place_with_a_rating_is_taken(align: Align) -> None:
    result = {"score": {"raw": 2, "min": 1, "max": 7}, "response": "6"}
    assert rating(align(rating=["response", "score"]), rated(result)) == (6.0, "fto-7")
    assert rating(align(rating=["score", "response"]), rated(result)) == (2.0, "fto-7")


EARNED = "http://id.tincanapi.com/verb/earned"
POINTS = "https://vendor.example/extensions/points"


@pytest.fixture
def hours() -> Rubric:
    """Juggling by the hour."""
    return Rubric.from_dict({**JUGGLING, "scales": ["fto-7", "hours"]})


def of_path(rubric: Rubric, path: str) -> Ratings:
    return Ratings(rubric, "fto-7", [{"path": path}])


@pytest.mark.parametrize("value", [5, 5.0, "5", " 5.0 "])
def test_a_number_at_a_path_is_on_the_rules_scale(rubric: Rubric, value: object) -> None:
    ratings = of_path(rubric, f"$.result.extensions['{POINTS}']")
    assert ratings.of(rated({"extensions": {POINTS: value}})) == (5.0, "fto-7")


def test_nothing_at_a_path_is_no_rating_and_the_next_place_is_looked_at(rubric: Rubric) -> None:
    ratings = Ratings(rubric, "fto-7", [{"path": f"$.result.extensions['{POINTS}']"}, "score"])
    assert ratings.of(rated({"score": {"raw": 3, "min": 1, "max": 7}})) == (3.0, "fto-7")
    view = rated({})
    assert ratings.of(view) is None
    assert ratings.why_none(view) == (
        f"there is no rating: $.result.extensions['{POINTS}'] or result.score must be there"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (8, "is 8, outside of the scale fto-7, 1…7"),
        ("good", "'good', is no number"),
        (True, "is no number"),
        (None, "is no number"),
        ([5], "is no number"),
        (10**400, "is too large a number"),
    ],
)
def test_what_stands_at_a_path_and_cannot_be_read_is_no_evidence_and_says_why(
    rubric: Rubric, value: object, words: str
) -> None:
    ratings = of_path(rubric, f"$.result.extensions['{POINTS}']")
    with pytest.raises(Miss, match=words):
        ratings.of(rated({"extensions": {POINTS: value}}))


def test_a_path_that_leads_to_several_values_says_so(rubric: Rubric) -> None:
    with pytest.raises(Miss, match=r"leads to 2 values; it must lead to one"):
        of_path(rubric, "$.result.score.*").of(rated({"score": {"raw": 3, "max": 7}}))


def test_a_path_that_is_none_is_refused_at_once(rubric: Rubric) -> None:
    with pytest.raises(ValueError, match="is wrong at character"):
        of_path(rubric, "$.result.score[")


@pytest.mark.parametrize(
    ("duration", "value"), [("PT1H30M", 1.5), ("PT45M", 0.75), ("P1DT6H", 30.0), ("PT0S", 0.0)]
)
def test_a_duration_is_read_in_hours(hours: Rubric, duration: str, value: float) -> None:
    assert Ratings(hours, "hours", ["duration"]).of(rated({"duration": duration})) == (value, "hours")


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        ("P1M", "of which nobody knows how many hours it is"),
        ("P1Y", "of which nobody knows how many hours it is"),
        ("P6W", "result.duration in hours is 1008, outside of the scale hours, 0…1000"),
    ],
)
def test_a_duration_that_is_no_number_of_hours_says_so(hours: Rubric, duration: str, words: str) -> None:
    with pytest.raises(Miss, match=words):
        Ratings(hours, "hours", ["duration"]).of(rated({"duration": duration}))


def test_a_rubric_without_the_scale_hours_cannot_take_a_duration(rubric: Rubric) -> None:
    with pytest.raises(Miss, match="the rubric of juggling has no scale 'hours'"):
        Ratings(rubric, "unit", ["duration"]).of(rated({"duration": "PT1H"}))


def test_without_a_duration_there_is_no_rating(hours: Rubric) -> None:
    ratings, view = Ratings(hours, "hours", ["duration"]), rated({})
    assert ratings.of(view) is None
    assert ratings.why_none(view) == "there is no rating: result.duration must be there"


@pytest.mark.parametrize(
    ("verb", "result", "expected"),
    [
        (COMPLETED, {}, True),
        (PASSED, {}, True),
        (EARNED, {}, True),
        (FAILED, {}, False),
        (FAILED, {"completion": True}, True),
        (COMPLETED, {"completion": False}, False),
        (COMPLETED, {"response": "not at all", "success": False, "score": {"scaled": -1}}, True),
    ],
)
def test_completed_is_what_the_result_says_or_else_the_verb(
    verb: str, result: dict[str, Any], expected: bool
) -> None:
    assert completed(rated(result, verb=verb)) is expected


def test_a_verb_spelt_wrongly_says_it_as_well() -> None:
    assert completed(rated({}, verb="https://adlnet.gov/expapi/verbs/completed"))


def test_completion_is_no_rating(rubric: Rubric) -> None:
    ratings = Ratings(rubric, "unit", ["completion"])
    view = rated({"response": "7"}, verb=FAILED)
    assert ratings.of(view) is None
    assert "result.completion must be true" in ratings.why_none(view)


def test_what_was_earned_was_passed(align: Align) -> None:
    alignment = align(verbs=[EARNED], rating=["success"])
    assert rating(alignment, rated({}, verb=EARNED)) == (1.0, "unit")
    (reason,) = reasons(alignment, rated({"success": False}, verb=EARNED))
    assert reason == "the verb says earned and result.success says otherwise"
