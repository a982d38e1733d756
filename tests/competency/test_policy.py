from __future__ import annotations

import re
from typing import Any

import pytest

from lrs.competency.evidence import Tier
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.errors import ConfigError


def test_the_defaults_are_those_of_field_training(policy: Policy) -> None:
    assert Policy.from_mapping({}) == policy
    assert (policy.half_life_days, policy.min_mass, policy.min_raters) == (30.0, 3.0, 2)
    assert (policy.stale_after_days, policy.decide_at, policy.interval) == (180.0, 0.8, 0.9)
    assert [policy.tiers[tier] for tier in Tier] == [1.0, 0.6, 0.4, 0.2, 0.0, 0.0, 0.0]


def test_a_tier_that_is_not_named_keeps_its_default() -> None:
    policy = Policy.from_mapping({"tiers": {"quiz": 0.1}})
    assert (policy.tiers[Tier.QUIZ], policy.tiers[Tier.ROLE_PLAY]) == (0.1, 0.6)


def test_a_competency_may_have_a_half_life_of_its_own() -> None:
    table = {"min_mass": 4, "tiers": {"quiz": 0.1}, "competencies": {"leadership": {"half_life_days": 365}}}
    policy = Policy.from_mapping(table)
    own = policy.for_competency("leadership")
    assert (own.half_life_days, own.min_mass, own.tiers[Tier.QUIZ]) == (365.0, 4.0, 0.1)
    assert policy.for_competency("communication").half_life_days == 30.0


def test_what_is_in_force_says_nothing_of_other_competencies() -> None:
    table = {"competencies": {"leadership": {"half_life_days": 365}}}
    policy = Policy.from_mapping(table)
    assert policy.for_competency("communication") == Policy()
    assert policy.for_competency("leadership") == Policy(half_life_days=365)


def with_scoring(rubric_file: dict[str, Any], **scoring: Any) -> Rubric:
    return Rubric.from_dict({**rubric_file, "scoring": scoring})


def test_a_rubric_has_a_say_above_the_general_table(rubric_file: dict[str, Any]) -> None:
    policy = Policy.from_mapping({"half_life_days": 60, "min_mass": 4})
    own = policy.for_rubric(with_scoring(rubric_file, half_life_days=365, tiers={"quiz": 1}))
    assert (own.half_life_days, own.min_mass, own.tiers[Tier.QUIZ]) == (365, 4, 1)


def test_an_agency_has_the_last_word_on_a_competency(rubric_file: dict[str, Any]) -> None:
    table = {"competencies": {"communication": {"half_life_days": 90, "tiers": {"field": 0.9}}}}
    own = Policy.from_mapping(table).for_rubric(
        with_scoring(rubric_file, half_life_days=365, min_raters=1, tiers={"quiz": 1})
    )
    assert (own.half_life_days, own.min_raters) == (90, 1)
    assert (own.tiers[Tier.QUIZ], own.tiers[Tier.FIELD]) == (1, 0.9)


def test_two_rubrics_of_one_competency_do_not_share_what_is_in_force(rubric_file: dict[str, Any]) -> None:
    policy = Policy()
    found = [
        policy.for_rubric(with_scoring(rubric_file, half_life_days=n)).half_life_days for n in (10, 20, 10)
    ]
    assert found == [10, 20, 10]


def test_a_rubric_without_a_say_is_under_the_policy_of_its_competency(rubric: Rubric) -> None:
    policy = Policy.from_mapping({"competencies": {"communication": {"min_mass": 2}}})
    assert policy.for_rubric(rubric) == policy.for_competency("communication")


def test_a_model_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    table = {"model": "guess/1", "competencies": {"leadership": {"model": "dream/2"}}}
    with pytest.raises(ConfigError) as caught:
        Policy.from_mapping(table, ["decayed_beta/1", "counting/1"])
    assert [(detail.path, detail.found, detail.expected) for detail in caught.value.details] == [
        ("/model", "guess/1", "one of counting/1, decayed_beta/1"),
        ("/competencies/leadership/model", "dream/2", "one of counting/1, decayed_beta/1"),
    ]


def test_a_model_that_there_is_is_taken() -> None:
    policy = Policy.from_mapping({"competencies": {"leadership": {"model": "counting/1"}}}, ["counting/1"])
    assert policy.for_competency("leadership").model == "counting/1"
    assert policy.for_competency("communication").model == "decayed_beta/1"


def test_a_policy_written_out_is_the_same_policy() -> None:
    table = {"decide_at": 0.9, "competencies": {"leadership": {"tiers": {"field": 0.9}, "min_raters": 3}}}
    policy = Policy.from_mapping(table)
    assert Policy.from_mapping(policy.as_dict()) == policy
    assert Policy.from_mapping(policy.as_dict()).digest == policy.digest


def test_the_digest_is_sha_256_in_hex(policy: Policy) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", policy.digest)


def test_the_digest_does_not_care_how_a_number_is_written(policy: Policy) -> None:
    assert Policy.from_mapping({"half_life_days": 30, "min_mass": 3}).digest == policy.digest


@pytest.mark.parametrize(
    "table",
    [
        {"half_life_days": 31},
        {"min_raters": 3},
        {"tiers": {"quiz": 0.21}},
        {"model": "other/1"},
        {"competencies": {"leadership": {"half_life_days": 365}}},
    ],
)
def test_the_digest_changes_with_every_number(policy: Policy, table: dict[str, Any]) -> None:
    assert Policy.from_mapping(table).digest != policy.digest


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"half_life": 30}, "/half_life"),
        ({"half_life_days": 0}, "/half_life_days"),
        ({"half_life_days": "30"}, "/half_life_days"),
        ({"min_raters": 1.5}, "/min_raters"),
        ({"decide_at": 0.5}, "/decide_at"),
        ({"decide_at": 1}, "/decide_at"),
        ({"interval": 1}, "/interval"),
        ({"tiers": {"field": 1.01}}, "/tiers/field"),
        ({"tiers": {"gaze": 0.1}}, "/tiers/gaze"),
        ({"competencies": {"leadership": {"min_mass": 0}}}, "/competencies/leadership/min_mass"),
        ({"competencies": {"leadership": {"competencies": {}}}}, "/competencies/leadership/competencies"),
        ({"model": "decayed_beta"}, "/model"),
        ({"competencies": {"leadership": {"model": 1}}}, "/competencies/leadership/model"),
    ],
)
def test_a_wrong_setting_is_named(table: dict[str, Any], path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Policy.from_mapping(table)
    assert [detail.path for detail in caught.value.details] == [path]


def test_every_wrong_setting_is_reported_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Policy.from_mapping({"half_life_days": 0, "min_raters": 0, "tiers": {"quiz": -1}})
    assert len(caught.value.details) == 3


@pytest.mark.parametrize("tier", ["self_report", "survey", "context"])
def test_no_setting_lets_self_report_surveys_or_complaints_be_scored(tier: str) -> None:
    with pytest.raises(ConfigError):
        Policy.from_mapping({"tiers": {tier: 0.1}})
    with pytest.raises(ValueError, match="never scored"):
        Policy(tiers={Tier(tier): 0.1})
