from __future__ import annotations

from typing import Any

import pytest

from lrs.competency.evidence import SubjectType
from lrs.competency.rubric import Cut, Rubric, standard_scales
from lrs.errors import PluginError


def paths(rubric_file: dict[str, Any]) -> list[str]:
    with pytest.raises(PluginError) as caught:
        Rubric.from_dict(rubric_file)
    assert all(detail.expected for detail in caught.value.details)
    return [detail.path for detail in caught.value.details]


def test_the_cut_of_three_and_a_half_of_seven_is_at_0_41667(rubric: Rubric) -> None:
    assert rubric.cut.s == pytest.approx(2.5 / 6)


def test_plain_counts_use_the_acceptable_anchor(rubric: Rubric) -> None:
    assert (rubric.cut.anchor, rubric.cut.anchor_s) == (4.0, 0.5)


def test_plain_counts_use_the_cut_where_no_acceptable_anchor_is_given() -> None:
    cut = Cut(standard_scales()["fto-7"], 3.5)
    assert (cut.anchor, cut.anchor_s) == (3.5, cut.s)


def test_a_rubric_reads_its_indicators(rubric: Rubric) -> None:
    assert [indicator.id for indicator in rubric.indicators] == ["lets-others-finish", "offers-choices"]
    assert rubric.indicators[1].anchors["4"] == "Offers one."


def test_a_rubric_written_out_is_the_same_rubric(rubric: Rubric) -> None:
    again = Rubric.from_dict(rubric.as_dict())
    assert again == rubric
    assert again.digest == rubric.digest


def test_the_digest_changes_with_the_cut_even_if_the_version_does_not(
    rubric: Rubric, rubric_file: dict[str, Any]
) -> None:
    rubric_file["cut"]["rating"] = 3.6
    assert Rubric.from_dict(rubric_file).digest != rubric.digest


def test_a_rubric_may_bring_a_scale_of_its_own(rubric_file: dict[str, Any]) -> None:
    own = {"name": "three", "version": "2", "points": [[0, 0], [1, 0.4], [2, 1]]}
    rubric_file["scales"].append(own)
    assert Rubric.from_dict(rubric_file).scales["three"].normalise(1) == pytest.approx(0.4)


def test_everything_that_breaks_the_schema_is_reported_at_once(rubric_file: dict[str, Any]) -> None:
    rubric_file["cut"]["rating"] = "4"
    rubric_file["competency"] = "No Id"
    rubric_file["indicators"][0]["id"] = "Bad_Id"
    rubric_file["scales"] = ["seven"]
    assert paths(rubric_file) == ["/competency", "/cut/rating", "/indicators/0/id", "/scales/0"]


def test_a_detail_says_what_was_found(rubric_file: dict[str, Any]) -> None:
    rubric_file["cut"]["rating"] = "four"
    with pytest.raises(PluginError) as caught:
        Rubric.from_dict(rubric_file)
    assert caught.value.details[0].found == '"four"'


def test_a_misspelt_member_is_reported(rubric_file: dict[str, Any]) -> None:
    rubric_file["indicator"] = []
    assert paths(rubric_file) == ["/indicator"]


def test_every_contradiction_is_reported_at_once(rubric_file: dict[str, Any]) -> None:
    rubric_file["indicators"].append(dict(rubric_file["indicators"][0]))
    rubric_file["scales"].append("unit")
    rubric_file["cut"]["rating"] = 8
    rubric_file["indicators"][1]["anchors"]["9"] = "Off the scale."
    assert paths(rubric_file) == [
        "/indicators/2/id",
        "/scales/3",
        "/cut/rating",
        "/indicators/1/anchors/9",
    ]


@pytest.mark.parametrize(
    ("cut", "path"),
    [
        ({"scale": "scaled", "rating": 0.5}, "/cut/scale"),
        ({"scale": "fto-7", "rating": 1}, "/cut/rating"),
        ({"scale": "fto-7", "rating": 7}, "/cut/rating"),
        ({"scale": "fto-7", "rating": 4, "acceptable": 3}, "/cut/acceptable"),
        ({"scale": "fto-7", "rating": 4, "acceptable": 7.5}, "/cut/acceptable"),
    ],
)
def test_a_cut_that_cannot_be_is_reported(
    rubric_file: dict[str, Any], cut: dict[str, Any], path: str
) -> None:
    rubric_file["cut"] = cut
    assert paths(rubric_file) == [path]


def test_a_scale_whose_points_do_not_rise_is_reported(rubric_file: dict[str, Any]) -> None:
    rubric_file["scales"].append({"name": "three", "version": "1", "points": [[2, 0], [1, 1]]})
    assert paths(rubric_file) == ["/scales/3/points"]


@pytest.fixture
def hours_file(rubric_file: dict[str, Any]) -> dict[str, Any]:
    """A rubric that is never scored, of a unit."""
    del rubric_file["cut"]
    rubric_file |= {"scored": False, "subject": "unit", "scales": ["hours"]}
    for indicator in rubric_file["indicators"]:
        indicator.pop("anchors", None)
    return rubric_file


def test_what_a_file_does_not_say_is_scored_by_the_policy_and_of_officers(rubric: Rubric) -> None:
    assert (rubric.scored, dict(rubric.scoring), rubric.subject) == (True, {}, SubjectType.OFFICER)


def test_a_rubric_that_is_never_scored_needs_no_cut(hours_file: dict[str, Any]) -> None:
    rubric = Rubric.from_dict(hours_file)
    assert (rubric.scored, rubric.cut, rubric.subject) == (False, None, SubjectType.UNIT)


def test_a_rubric_that_is_never_scored_written_out_is_the_same_rubric(hours_file: dict[str, Any]) -> None:
    rubric = Rubric.from_dict(hours_file)
    assert Rubric.from_dict(rubric.as_dict()) == rubric


def test_a_rubric_that_is_scored_needs_a_cut(rubric_file: dict[str, Any]) -> None:
    del rubric_file["cut"]
    assert paths(rubric_file) == [""]
    assert paths({**rubric_file, "scored": True}) == [""]


def test_a_rubric_that_is_never_scored_has_neither_cut_nor_scoring(hours_file: dict[str, Any]) -> None:
    hours_file |= {"cut": {"scale": "hours", "rating": 9}, "scoring": {"min_mass": 1}}
    assert paths(hours_file) == ["/cut", "/scoring"]


def test_without_a_cut_anchors_are_on_the_first_scale(hours_file: dict[str, Any]) -> None:
    hours_file["scales"] = ["likert-5", "hours"]
    hours_file["indicators"][0]["anchors"] = {"5": "Fully."}
    assert Rubric.from_dict(hours_file).indicators[0].anchors == {"5": "Fully."}
    hours_file["indicators"][0]["anchors"] = {"6": "More than fully."}
    assert paths(hours_file) == ["/indicators/0/anchors/6"]


def test_a_rubric_may_bring_defaults_of_its_policy(rubric_file: dict[str, Any]) -> None:
    rubric_file["scoring"] = {"half_life_days": 365, "min_raters": 1, "tiers": {"quiz": 1}}
    rubric = Rubric.from_dict(rubric_file)
    assert rubric.as_dict()["scoring"] == {"half_life_days": 365.0, "min_raters": 1, "tiers": {"quiz": 1.0}}
    assert Rubric.from_dict(rubric.as_dict()).digest == rubric.digest


def test_the_digest_changes_with_the_defaults_and_not_with_how_a_number_is_written(
    rubric: Rubric, rubric_file: dict[str, Any]
) -> None:
    digests = [
        Rubric.from_dict({**rubric_file, "scoring": scoring}).digest
        for scoring in ({"min_mass": 1}, {"min_mass": 1.0}, {"min_mass": 2})
    ]
    assert digests[0] == digests[1]
    assert len({rubric.digest, *digests}) == 3


@pytest.mark.parametrize(
    ("scoring", "path"),
    [
        ({"half_life_days": 0}, "/scoring/half_life_days"),
        ({"min_raters": 1.5}, "/scoring/min_raters"),
        ({"tiers": {"survey": 0.5}}, "/scoring/tiers/survey"),
        ({"tiers": {"street": 1}}, "/scoring/tiers/street"),
        ({"model": "other/1"}, "/scoring"),
        ({"competencies": {}}, "/scoring"),
        ({}, "/scoring"),
    ],
)
def test_defaults_that_cannot_be_are_reported(
    rubric_file: dict[str, Any], scoring: dict[str, Any], path: str
) -> None:
    rubric_file["scoring"] = scoring
    assert set(paths(rubric_file)) == {path}


@pytest.mark.parametrize("change", [{"subject": "Unit"}, {"scored": "no"}])
def test_a_word_that_there_is_not_is_reported(rubric_file: dict[str, Any], change: dict[str, Any]) -> None:
    (member,) = change
    assert paths({**rubric_file, **change}) == [f"/{member}"]


def test_what_is_no_object_is_reported() -> None:
    with pytest.raises(PluginError) as caught:
        Rubric.from_dict([])  # type: ignore[arg-type]
    assert caught.value.details[0].path == ""
