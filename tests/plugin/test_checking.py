"""What is plainly right is passed without a closer look, and nothing else is."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.evidence import Flag, SubjectType, Tier
from lrs.plugin import Evidence, Rubric
from lrs.plugin.checking import Checking, fault_of
from lrs.xapi.timestamps import FIRST_US, LAST_US
from tests.plugin.fakes import evidence, rubric_of


class Text(str):
    """Equal to a text, and of another type."""

    __slots__ = ()


OFFICER = evidence().subject
MEMBERS: dict[str, list[Any]] = {
    "subject": [
        "mailto:bob@A.EXAMPLE",
        "Bob",
        "",
        None,
        f"account:{'x' * 3000}@https://a.example",
        Text(OFFICER),
    ],
    "competency": ["chess", None, Text("juggling")],
    "indicator": [None, "drops", 7],
    "rating": [None, 1, 7.0, 7.5, float("nan"), float("inf"), True, "5"],
    "scale": ["stars", "likert-5", None],
    "tier": [*Tier, "field", "survey"],
    "rater": [OFFICER, "", "system:\0", "ü", "\ud800", "x" * 2001, None],
    "encounter": ["", "\0", "ü", "x" * 2001, 7],
    "observed_us": [FIRST_US, LAST_US, FIRST_US - 1, LAST_US + 1, 1.5, True],
    "rule": ["", "\0", None, Text("a-rule")],
    "subject_type": [*SubjectType, "unit"],
    "flags": [(Flag.NOT_OBSERVED,), (Flag.NOT_RESPONDING,), ("nrt",), [], None],
}
changes = st.fixed_dictionaries({}, optional={name: st.sampled_from(some) for name, some in MEMBERS.items()})


@given(parts=changes)
def test_what_is_passed_at_once_would_pass_the_closer_look(parts: dict[str, Any]) -> None:
    rubrics = {"juggling": rubric_of("juggling")}
    answered = evidence(**parts)
    assert Checking(rubrics).fault_of(answered) == fault_of(answered, rubrics)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in MEMBERS for value in MEMBERS[name]])
def test_one_member_that_is_wrong_is_found(rubric: Rubric, name: str, value: Any) -> None:
    answered = evidence(**{name: value})
    rubrics = {rubric.competency: rubric}
    assert Checking(rubrics).fault_of(answered) == fault_of(answered, rubrics)


@pytest.mark.parametrize("answered", [None, "evidence", tuple(evidence()), 7])
def test_what_is_no_evidence_at_all_is_not_passed(rubric: Rubric, answered: Any) -> None:
    assert "and not Evidence" in str(Checking({rubric.competency: rubric}).fault_of(answered))


def test_usual_evidence_needs_no_closer_look(rubric: Rubric) -> None:
    checking = Checking({rubric.competency: rubric})
    usual = [
        evidence(),
        evidence(indicator=None, rating=None),
        evidence(tier=Tier.SELF_REPORT, rater=OFFICER),
        evidence(tier=Tier.SURVEY, subject_type=SubjectType.UNIT),
    ]
    assert [checking.is_usual(each) for each in usual] == [True] * 4


def test_what_derives_from_evidence_gets_the_closer_look(rubric: Rubric) -> None:
    class Further(Evidence):
        __slots__ = ()

    checking = Checking({rubric.competency: rubric})
    further = Further(*evidence())
    assert not checking.is_usual(further)
    assert checking.fault_of(further) is None


def test_a_rubric_of_another_range_is_another_check(rubric: Rubric) -> None:
    scale = dataclasses.replace(rubric.scales["fto-7"], points=((1.0, 0.0), (4.0, 1.0)))
    narrow = dataclasses.replace(rubric, scales={**rubric.scales, "fto-7": scale})
    assert "fto-7 goes from 1 to 4" in str(Checking({rubric.competency: narrow}).fault_of(evidence()))
