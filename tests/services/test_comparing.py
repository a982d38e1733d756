"""Who would have another verdict, and why: by other evidence, another rubric, another policy, another model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lrs.errors import ConfigError, Conflict, NotFound
from lrs.services.comparison import Comparison
from tests.services.agencies import Agency, Judge, key_of, plugin, rubric

STRICTER = rubric(version="2", cut={"scale": "fto-7", "rating": 4.5, "acceptable": 5})


def compared(agency: Agency, new: Any, **options: Any) -> Comparison:
    agency.install(juggling=new)
    agency.reprofile.run()
    return agency.comparing.compare("juggling", **options)


def transitions(found: Comparison) -> dict[tuple[str, str], int]:
    return {(old, new): number for (_, old, new), number in found.transitions.items()}


def cohort(agency: Agency) -> None:
    """Four officers: good, middling, weak, and one of whom little is known."""
    agency.rate("R-good", *[7] * 10)
    agency.rate("R-mid", *[4] * 40)
    agency.rate("R-weak", *[1] * 10)
    agency.rate("R-new", 5)


def test_verdicts_are_counted_by_what_they_were_and_would_be(agency: Agency) -> None:
    cohort(agency)
    found = compared(agency, plugin("2", Judge(), rubrics=(STRICTER,)))
    assert found.subjects == 4
    assert transitions(found) == {
        ("at_standard", "at_standard"): 1,
        ("at_standard", "below_standard"): 1,
        ("below_standard", "below_standard"): 1,
        ("insufficient", "insufficient"): 1,
    }
    [turned] = found.turned
    assert (turned.subject, turned.transition) == (key_of("R-mid"), ("at_standard", "below_standard"))
    assert not turned.pieces
    assert found.rules["juggling"] == ("cut 3.5 (acceptable 4) on fto-7 → 4.5 (acceptable 5) on fto-7",)


def test_each_side_is_judged_by_the_rubric_that_is_kept_with_it(agency: Agency) -> None:
    cohort(agency)
    [turned] = compared(agency, plugin("2", Judge(), rubrics=(STRICTER,))).turned
    before, after = turned.before, turned.after
    assert before is not None
    assert after is not None
    assert (before.rubric.version, after.rubric.version) == ("1", "2")
    shown = agency.profiles.profile(key_of("R-mid"), agency.now()).as_dict()["competencies"][0]
    assert shown["verdict"] == before.estimate.verdict


def test_pieces_that_change_come_or_go_are_named_with_their_statements(agency: Agency) -> None:
    ids = agency.rate("R-1", *[4] * 10)
    others = agency.rate("R-1", 7, 7)
    found = compared(agency, plugin("2", Judge(harder=3, most=6)))
    [turned] = found.turned
    assert turned.transition == ("at_standard", "below_standard")
    assert sorted(one.statement_id for one in turned.pieces.removed) == sorted(others)
    assert sorted(one.before.statement_id for one in turned.pieces.changed) == sorted(ids)
    assert {one.members for one in turned.pieces.changed} == {("rating",)}
    assert not turned.pieces.added
    assert any(line.endswith("rating 4 → 1") and ids[0] in line for line in turned.pieces.lines())


def test_a_piece_on_another_indicator_is_one_gone_and_one_come(agency: Agency) -> None:
    agency.rate("R-1", *[1] * 4, *[7] * 6)
    agency.install(juggling=plugin("2", Judge(most=6, indicator="throws")))
    agency.reprofile.run()
    [turned] = agency.comparing.compare("juggling").turned
    assert (len(turned.pieces.removed), len(turned.pieces.added)) == (10, 4)


def test_an_officer_of_whom_only_the_new_generation_knows_is_compared(agency: Agency) -> None:
    agency.install(juggling=plugin("1", Judge(most=6)))
    agency.rate("R-old", 5)
    agency.rate("R-1", *[7] * 10)
    found = compared(agency, plugin("2", Judge()))
    [turned] = found.turned
    assert (turned.subject, turned.transition) == (key_of("R-1"), ("insufficient", "at_standard"))


def test_scores_that_move_under_the_same_verdict_are_counted(agency: Agency) -> None:
    agency.rate("R-1", *[7] * 10)
    found = compared(agency, plugin("2", Judge(harder=1)))
    assert (found.turned, found.moved) == ((), {"juggling": 1})


def test_the_same_source_differs_in_nothing(agency: Agency) -> None:
    cohort(agency)
    agency.reprofile.run()
    found = agency.comparing.compare("juggling")
    assert (found.turned, found.moved, found.rules) == ((), {}, {"juggling": ()})
    assert sum(found.transitions.values()) == 4


def test_another_policy_is_compared_on_the_evidence_that_counts(agency: Agency) -> None:
    cohort(agency)
    found = agency.comparing.compare("juggling", scoring={"min_mass": 20})
    assert transitions(found)["at_standard", "insufficient"] == 1
    assert found.rules["juggling"] == ("min_mass 3 → 20",)
    assert all(not one.pieces for one in found.turned)


def test_another_model_is_compared_for_the_competencies_of_the_plugin(agency: Agency) -> None:
    cohort(agency)
    with pytest.raises(ConfigError):
        agency.comparing.compare("juggling", model="charm/1")
    found = agency.comparing.compare("juggling", model="decayed_beta/1")
    assert (found.turned, found.rules["juggling"]) == ((), ())


def test_an_older_generation_can_be_compared_by_its_number(agency: Agency) -> None:
    cohort(agency)
    agency.install(juggling=plugin("2", Judge(harder=3)))
    number = agency.reprofile.run().generations[0].number
    agency.install(juggling=plugin("3", Judge()))
    found = agency.comparing.compare("juggling", against=number)
    assert f"generation {number}" in found.after
    assert found.turned
    with pytest.raises(NotFound):
        agency.comparing.compare("juggling", against=1)


def test_without_a_generation_to_compare_with_it_says_what_to_do(agency: Agency) -> None:
    cohort(agency)
    with pytest.raises(Conflict) as caught:
        agency.comparing.compare("juggling")
    assert "lrs reprofile juggling" in caught.value.details[0].expected
    with pytest.raises(NotFound):
        agency.comparing.compare("charm")


def test_a_new_competency_and_one_that_goes_are_told_of(agency: Agency) -> None:
    agency.rate("R-1", *[7] * 10)
    walking = plugin("2", Judge(competency="walking"), rubrics=(rubric("walking"),))
    found = compared(agency, walking)
    assert {(one.competency, *one.transition) for one in found.turned} == {
        ("juggling", "at_standard", "none"),
        ("walking", "none", "at_standard"),
    }
    assert found.rules == {"juggling": ("no competency any more",), "walking": ("new competency",)}


def test_evidence_on_the_competency_of_another_plugin_is_compared_where_it_differs(agency: Agency) -> None:
    agency.install(scout=plugin("1", Judge(indicator="throws"), rubrics=()))
    agency.rate("R-1", *[7] * 10)
    agency.install(scout=plugin("2", Judge(indicator="throws", harder=6), rubrics=()))
    agency.reprofile.run(["scout"])
    found = agency.comparing.compare("scout")
    [turned] = found.turned
    assert turned.competency == "juggling"
    assert len(turned.pieces.changed) == 10


def test_a_comparison_is_json(agency: Agency) -> None:
    cohort(agency)
    found = compared(agency, plugin("2", Judge(harder=3)))
    whole = json.loads(json.dumps(found.as_dict()))
    assert whole["transitions"]
    one = whole["verdict_changes"][0]
    assert one["before"]["verdict"] != one["after"]["verdict"]
    assert one["evidence"]["changed"][0]["members"] == ["rating"]


def test_progress_ends_with_everyone(agency: Agency) -> None:
    cohort(agency)
    told: list[tuple[int, int]] = []
    agency.comparing.compare(
        "juggling", scoring={}, progress=lambda done, subjects: told.append((done, subjects))
    )
    assert told[-1] == (4, 4)
