from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

from lrs.cohort.raters import RaterReport, Stand, rater_report
from lrs.competency.evidence import RecordedEvidence, Tier
from tests.cohort.cohorts import RUBRIC, key, seen


def academy(officers: int = 24) -> list[RecordedEvidence]:
    """Four raters: T-1 a point below what it saw, T-4 a point above; all saw the last encounter of each officer."""
    rng = np.random.default_rng(5)
    bias = {"T-1": -1, "T-2": 0, "T-3": 0, "T-4": 1}
    found = []
    for number in range(officers):
        level = rng.normal(4, 0.8)
        for age in (9.0, 5.0, 2.0):
            shown = level + rng.normal(0, 0.4)
            for rater, added in bias.items():
                for indicator in ("de-escalates", "lets-others-finish"):
                    rating = float(np.clip(round(shown + added + rng.normal(0, 0.5)), 1, 7))
                    where = "calibration" if age == 2.0 else f"{rater} {age}"
                    found.append(
                        seen(
                            f"R-{number:02}",
                            rating,
                            age,
                            rater=rater,
                            indicator=indicator,
                            encounter=where,
                        )
                    )
    return found


@pytest.fixture(scope="module")
def report() -> RaterReport:
    return rater_report(academy(), RUBRIC)


def test_the_severe_rater_comes_first_and_the_lenient_one_last(report: RaterReport) -> None:
    assert (report.raters[0].rater, report.raters[-1].rater) == (key("T-1"), key("T-4"))
    assert [row.stand for row in report.raters] == [Stand.SEVERE, Stand.WITHIN, Stand.WITHIN, Stand.LENIENT]


def test_the_plain_numbers_say_the_same_in_rating_points(report: RaterReport) -> None:
    severe = report.raters[0]
    assert severe.same_encounters is not None
    assert severe.same_officers is not None
    # A point below its own mark, and the others are a third of a point above theirs on average.
    assert severe.same_encounters.mean == pytest.approx(-4 / 3, abs=0.3)
    assert severe.same_officers.mean == pytest.approx(-4 / 3, abs=0.3)
    assert severe.same_encounters.n == severe.same_officers.n == 24


def test_each_row_counts_what_it_rests_on(report: RaterReport) -> None:
    for row in report.raters:
        assert (row.ratings, row.officers, row.encounters, row.network) == (24 * 6, 24, 24 * 3, 0)


def test_agreement_is_over_the_encounters_that_several_saw(report: RaterReport) -> None:
    assert (report.encounters.units, report.encounters.raters) == (24, 4)
    assert report.items.units == 48
    assert report.encounters.value is not None
    assert 0 < report.encounters.value < 1


def test_the_tiers_and_the_scale_are_said(report: RaterReport) -> None:
    written = report.as_dict()
    assert (written["tiers"], written["scale"]) == (["field", "role_play"], "fto-7")
    assert written["needed"] == {"ratings": 30, "officers": 10, "officers_shared_by_each_rater": 3}


def test_other_tiers_are_looked_at_when_they_are_asked_for() -> None:
    evidence = [*academy(12), seen("R-00", 4, tier=Tier.VR_AUTOMATIC, rater="simulator")]
    report = rater_report(evidence, RUBRIC, tiers=(Tier.VR_AUTOMATIC,))
    assert (report.tiers, report.ratings) == ((Tier.VR_AUTOMATIC,), 1)
    (row,) = report.raters
    assert row.why_not == "0 officers shared with other raters; 3 or more are needed"
    assert (row.severity, row.stand, row.same_encounters, row.same_officers) == (None, None, None, None)


def test_a_rater_without_a_severity_keeps_its_plain_numbers() -> None:
    evidence = [*academy(12), seen("R-00", 7, rater="new", encounter="calibration", indicator="de-escalates")]
    report = rater_report(evidence, RUBRIC)
    new = report.raters[-1]
    assert (new.rater, new.severity) == (key("new"), None)
    assert new.why_not == "1 officer shared with other raters; 3 or more are needed"
    assert new.same_encounters is not None


def test_ratings_between_two_steps_are_counted(report: RaterReport) -> None:
    found = rater_report([*academy(12), seen("R-00", 4.5, rater="T-1")], RUBRIC)
    assert (report.between_steps, found.between_steps) == (0, 1)


def test_the_order_of_the_evidence_changes_nothing() -> None:
    evidence = academy(12)
    shuffled = random.Random(1).sample(evidence, len(evidence))
    assert rater_report(shuffled, RUBRIC).as_dict() == rater_report(evidence, RUBRIC).as_dict()


def test_several_networks_are_said_in_the_notes(report: RaterReport) -> None:
    two = [
        seen(f"{side}-{n}", 2 + n % 4, rater=f"{side}{r}", encounter="s")
        for side in "ab"
        for n in range(5)
        for r in "xy"
    ]
    found = rater_report(two, RUBRIC)
    assert len(found.networks) == 2
    assert any("2 networks" in note for note in found.notes)
    assert not any("networks that no officer links" in note for note in report.notes)
    assert [row["not_estimated"] for row in found.as_dict()["raters"]] == [
        "5 officers rated by two raters or more; 10 or more are needed"
    ] * 4


def test_the_table_has_a_line_for_each_rater(report: RaterReport) -> None:
    table = report.table()
    assert [line[0] for line in table.rows] == [row.rater for row in report.raters]
    assert all(len(line) == len(table.titles) for line in table.rows)


def test_of_nothing_there_is_a_report_that_says_so() -> None:
    written = rater_report([], RUBRIC).as_dict()
    assert (written["raters"], written["networks"], written["agreement"]["encounters"]["alpha"]) == (
        [],
        [],
        None,
    )


def test_the_library_is_not_imported_before_it_is_asked_for() -> None:
    code = "import lrs.cohort.raters, sys; print('raschpy' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
