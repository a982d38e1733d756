from __future__ import annotations

import pytest

from lrs.demo.people import Character, cohort
from lrs.demo.vocabulary import COMMUNICATION, CULTURAL, DE_ESCALATION, LEADERSHIP


def of(character: Character):
    return next(recruit for recruit in cohort(1).recruits if recruit.character is character)


def test_the_full_academy_has_sixty_recruits_in_three_phases_and_twelve_raters():
    people = cohort(1)
    assert len(people.recruits) == 60
    assert {recruit.phase for recruit in people.recruits} == {1, 2, 3}
    assert len(people.raters) == 12
    assert len({rater.severity for rater in people.raters}) == 12


def test_a_quarter_of_the_academy_has_a_recruit_of_every_character():
    assert {recruit.character for recruit in cohort(1, 0.25).recruits} == set(Character)


def test_the_smallest_academy_has_one_recruit():
    assert [recruit.account for recruit in cohort(1, 0.001).recruits] == ["R-001"]


def test_a_recruit_is_plainly_invented():
    assert cohort(1).recruits[16].agent == {
        "objectType": "Agent",
        "name": "Recruit 017",
        "account": {"homePage": "https://academy.example", "name": "R-017"},
    }


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_a_scale_that_is_not_above_zero_is_refused(scale):
    with pytest.raises(ValueError, match="above 0"):
        cohort(1, scale)


@pytest.mark.parametrize("competency", [COMMUNICATION, CULTURAL, LEADERSHIP])
@pytest.mark.parametrize("character", Character)
def test_ability_stays_on_the_scale_from_one_to_seven(character, competency):
    assert all(1 <= of(character).ability(competency, step / 15) <= 7 for step in range(16))


def test_recruits_improve_decline_or_stay_as_their_character_says():
    def change(character: Character) -> float:
        recruit = of(character)
        return recruit.ability(COMMUNICATION, 1.0) - recruit.ability(COMMUNICATION, 0.0)

    assert change(Character.IMPROVING) > 1
    assert change(Character.REMEDIAL) > 1
    assert change(Character.DECLINING) < -1
    assert change(Character.SOLID) == 0


def test_the_one_without_leadership_has_no_indicator_of_it():
    assert of(Character.NO_LEADERSHIP).indicators(LEADERSHIP) == ()
    assert of(Character.NO_LEADERSHIP).indicators(COMMUNICATION)


def test_the_one_never_seen_to_de_escalate_lacks_that_indicator_alone():
    full, lacking = (of(c).indicators(COMMUNICATION) for c in (Character.SOLID, Character.NO_DE_ESCALATION))
    assert set(full) - set(lacking) == {DE_ESCALATION}
