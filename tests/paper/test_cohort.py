"""A cohort as PDF and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter

from lrs.charts.chart import Chart
from lrs.charts.verdicts import verdicts_chart
from lrs.cohort.answer import Table
from lrs.paper.cohort import COLUMNS, cohort_csv, cohort_pdf
from lrs.services.reports import Whom
from lrs.services.wiring import Rapport
from tests.paper.conftest import PRINTED, Answers, kept_standards, words
from tests.web.api.conftest import ACADEMY


def test_every_officer_stands_in_the_grid_with_verdict_score_interval_mass_and_gaps(cohort: Answers) -> None:
    pdf = cohort_pdf(cohort, printed=PRINTED)
    found = words(pdf)
    assert kept_standards(pdf)
    [one] = [each for each in cohort["officers"] if each["name"] == "Recruit 1"]
    [standing] = [each for each in one["competencies"] if each["competency"] == "communication"]
    low, high = standing["interval"]
    assert standing["verdict"] == "at_standard"
    for officer in cohort["officers"]:
        assert f"{officer['name']} (R-0" in found
    # Cells of a row come one after the other, each line by line.
    assert f"{standing['score']:.2f} ({low:.2f} to {high:.2f})" in found
    assert f"mass {standing['mass']:.2f}, {len(standing['gaps'])} gaps" in found
    assert "unit North, phase 2" in found


def test_verdicts_are_counted_for_each_competency(cohort: Answers) -> None:
    found = words(cohort_pdf(cohort, printed=PRINTED))
    counts = Counter(
        one["verdict"]
        for officer in cohort["officers"]
        for one in officer["competencies"]
        if one["competency"] == "communication"
    )
    assert counts["at_standard"] == 1
    assert counts.total() == len(cohort["officers"])
    begin = found.index("How many stand where")
    line = found[found.index("Communication", begin) :].split()[1:4]
    said = [
        counts[verdict] for verdict in ("at_standard", "below_standard", "insufficient") if counts[verdict]
    ]
    assert Counter(map(int, line[: len(said)])) == Counter(said)


def test_gaps_are_named(cohort: Answers) -> None:
    found = words(cohort_pdf(cohort, printed=PRINTED))
    assert "Communication: lets others finish" in found


def test_selection_instant_warnings_and_versions_are_on_it(cohort: Answers) -> None:
    found = words(cohort_pdf(cohort, printed=PRINTED))
    assert "Chosen unit North" in found
    assert cohort["as_of"] in found
    assert "Printed 2026-11-28 17:00 UTC, by T-00" in found
    assert "Read this first." in found
    assert cohort["versions"]["model"]["policy_digest"] in found
    for one in cohort["versions"]["rubrics"].values():
        assert one["digest"] in found
    cohort["filters"] = {"phase": "2", "trainer": f"account:T-00@{ACADEMY}"}
    assert "Chosen phase 2, trainer T-00" in words(cohort_pdf(cohort, printed=PRINTED))
    cohort["filters"] = {}
    assert "Chosen everybody" in words(cohort_pdf(cohort, printed=PRINTED))


def test_two_officers_of_one_name_are_told_apart(cohort: Answers) -> None:
    one, other = cohort["officers"][:2]
    other |= {"name": one["name"], "officer": one["officer"] + ".other"}
    found = words(cohort_pdf(cohort, printed=PRINTED)).replace(" ", "")
    assert one["officer"] in found
    assert other["officer"] in found


def test_a_chart_is_drawn(cohort: Answers) -> None:
    spec = {
        "data": {"values": [{"a": "one", "b": 1}]},
        "mark": "bar",
        "encoding": {"x": {"field": "b", "type": "quantitative"}},
    }
    chart = Chart(
        id="x", title="One of them.", subtitle="n = 1", summary="A bar.", table=Table(("a",), ()), spec=spec
    )
    pdf = cohort_pdf(cohort, printed=PRINTED, charts=[chart])
    assert kept_standards(pdf)
    assert "One of them. n = 1" in words(pdf)
    assert len(pdf) > len(cohort_pdf(cohort, printed=PRINTED, charts=()))


def test_how_many_stand_where_is_drawn_unless_other_charts_are_given(cohort: Answers) -> None:
    standings = [one for officer in cohort["officers"] for one in officer["competencies"]]
    names = {id_: one["name"] for id_, one in cohort["versions"]["rubrics"].items()}
    title = " ".join(verdicts_chart(standings, names).title.split())
    assert title in words(cohort_pdf(cohort, printed=PRINTED))
    assert title not in words(cohort_pdf(cohort, printed=PRINTED, charts=()))


def test_the_cohort_as_the_service_tells_of_it_is_printed(filled: Rapport) -> None:
    records = filled.records
    answer = records.cohort(filled.sights.of_system(), records.as_of(None), Whom(unit="North"))
    pdf = cohort_pdf(answer, printed=PRINTED)
    assert kept_standards(pdf)
    found = words(pdf)
    assert "Chosen unit North" in found
    assert "Cultural competency" in found
    assert answer["versions"]["rubrics"]["communication"]["digest"] in found
    assert cohort_csv(answer, printed=PRINTED).count(b"account:R-002@") == len(
        answer["officers"][1]["competencies"]
    )


def test_an_empty_selection_says_so(cohort: Answers) -> None:
    cohort["officers"] = []
    pdf = cohort_pdf(cohort, printed=PRINTED)
    assert kept_standards(pdf)
    assert "Nobody is in this selection." in words(pdf)
    assert cohort_csv(cohort, printed=PRINTED).decode().splitlines() == [",".join(COLUMNS)]


def test_an_officer_who_was_not_asked_about_something_says_so(cohort: Answers) -> None:
    cohort["officers"][0]["competencies"].pop()
    assert "not asked" in words(cohort_pdf(cohort, printed=PRINTED))


def test_nothing_that_people_write_is_markup_or_fails(cohort: Answers) -> None:
    hostile = '#panic("x") $ * @ 😀 \u202e' + "x" * 5000
    for officer in cohort["officers"]:
        officer |= {"name": hostile, "unit": hostile, "phase": hostile, "trainer": hostile}
    cohort["filters"] = {"unit": hostile}
    pdf = cohort_pdf(cohort, printed=PRINTED)
    assert kept_standards(pdf)
    assert '#panic("x") $ * @ □' in words(pdf)


def test_the_csv_has_a_line_for_each_officer_and_competency(cohort: Answers) -> None:
    lines = list(csv.DictReader(io.StringIO(cohort_csv(cohort, printed=PRINTED).decode(), newline="")))
    expected = [
        (
            officer["officer"],
            one["competency"],
            one["verdict"],
            str(one["interval"][0]),
            "; ".join(one["gaps"]),
        )
        for officer in cohort["officers"]
        for one in officer["competencies"]
    ]
    assert expected
    found = [
        (one["officer"], one["competency"], one["verdict"], one["interval_low"], one["gaps"]) for one in lines
    ]
    assert found == expected
    digests = {id_: one["digest"] for id_, one in cohort["versions"]["rubrics"].items()}
    for line in lines:
        assert line["as_of"] == cohort["as_of"]
        assert line["filters"] == "unit North"
        assert line["rubric_digest"] == digests[line["competency"]]


def test_nothing_in_the_csv_is_a_formula(cohort: Answers) -> None:
    for officer in cohort["officers"]:
        officer |= {"name": "=1+1", "unit": "@x", "phase": "+1", "trainer": "-1"}
    for line in csv.reader(io.StringIO(cohort_csv(cohort, printed=PRINTED).decode())):
        assert not any(cell.startswith(("=", "+", "@", "-")) for cell in line)


def test_the_same_arguments_give_the_same_bytes(cohort: Answers) -> None:
    assert cohort_pdf(cohort, printed=PRINTED) == cohort_pdf(cohort, printed=PRINTED)
    assert cohort_csv(cohort, printed=PRINTED) == cohort_csv(cohort, printed=PRINTED)
