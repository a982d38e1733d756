from __future__ import annotations

import csv
import gzip
import json
import stat
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lrs.cohort.roster import Member
from lrs.errors import InvalidInput
from lrs.plugin import hookimpl
from lrs.services.exporting_profiles import COLUMNS, Format, ProfileExport, Selection
from tests.docs.pages import code_in, rows_of, sections_of
from tests.services.agencies import Agency, Judge, key_of, plugin, rubric


def export(agency: Agency, path: Path, form: Format = Format.CSV, **options: Any) -> int:
    made = ProfileExport(agency.profiles, agency.host, agency.store)
    return made.file(path, form=form, as_of_us=options.pop("as_of_us", agency.now()), **options)


def rows(agency: Agency, path: Path, **options: Any) -> list[dict[str, str]]:
    export(agency, path, **options)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "profiles.csv"


def test_a_row_says_what_the_profile_says(agency: Agency, out: Path) -> None:
    agency.rate("R-1", 6, 6, 5, 6, 7, 6)
    moment = agency.now()
    (row,) = rows(agency, out, as_of_us=moment)
    whole = agency.profiles.profile(key_of("R-1"), moment).as_dict()
    (part,) = whole["competencies"]
    assert list(row) == list(COLUMNS)
    assert (row["officer"], row["competency"], row["as_of"]) == (key_of("R-1"), "juggling", whole["as_of"])
    assert row["verdict"] == part["verdict"] == "at_standard"
    assert float(row["score"]) == part["estimate"]["score"]
    assert [float(row["interval_low"]), float(row["interval_high"])] == part["estimate"]["interval"]
    assert float(row["mass"]) == part["estimate"]["mass"]
    assert (row["raters"], row["encounters"], row["at_or_above"]) == ("2", "6", "6")
    assert row["counts"] == "6 of 6 encounters at or above 4 (fto-7), 2 raters"
    assert row["gaps"] == "throws"
    assert (row["rubric_version"], row["rubric_digest"]) == ("1", part["rubric"]["digest"])
    assert (row["model"], row["policy_digest"]) == ("decayed_beta/1", part["model"]["policy_digest"])
    assert row["plugins"] == "juggling 1"


def test_the_manual_describes_every_column_in_order() -> None:
    page = sections_of("how-to/export-profiles.md")["Export"]
    assert [name for row in rows_of(page) for name in code_in(row[0])] == list(COLUMNS)


def test_there_is_a_row_for_each_officer_and_competency(agency: Agency, out: Path) -> None:
    agency.install(climbing=plugin("1", rubrics=(rubric("climbing"),)))
    agency.rate("R-2", 5)
    agency.rate("R-1", 5)
    assert [(row["officer"], row["competency"]) for row in rows(agency, out)] == [
        (key_of(officer), competency) for officer in ("R-1", "R-2") for competency in ("climbing", "juggling")
    ]


def test_json_has_the_same_rows_with_lists_and_numbers(agency: Agency, out: Path, tmp_path: Path) -> None:
    agency.rate("R-1", 6, 6)
    moment = agency.now()
    (as_csv,) = rows(agency, out, as_of_us=moment)
    path = tmp_path / "profiles.json"
    assert export(agency, path, Format.JSON, as_of_us=moment) == 1
    whole = json.loads(path.read_text("utf-8"))
    (row,) = whole["rows"]
    assert "decides nothing" in whole["about"]
    assert list(row) == list(as_csv)
    assert (row["gaps"], row["mass"]) == (["throws"], float(as_csv["mass"]))


def test_of_an_empty_store_there_is_a_heading_and_nothing_else(agency: Agency, tmp_path: Path) -> None:
    assert export(agency, tmp_path / "p.csv") == export(agency, tmp_path / "p.json", Format.JSON) == 0
    assert (tmp_path / "p.csv").read_text().splitlines() == [",".join(COLUMNS)]
    assert json.loads((tmp_path / "p.json").read_text())["rows"] == []


def test_the_date_chooses_what_is_known(agency: Agency, out: Path, tmp_path: Path) -> None:
    agency.rate("R-1", 5)
    before = agency.now()
    first = rows(agency, out, as_of_us=before)
    agency.rate("R-1", 2)
    agency.rate("R-2", 2)
    assert rows(agency, tmp_path / "again.csv", as_of_us=before) == first
    assert len(rows(agency, tmp_path / "now.csv")) == 2


@pytest.fixture
def with_roster(agency: Agency) -> Agency:
    agency.rate("R-2", 5)
    agency.rate("R-4", 5)
    agency.store.put_members(
        [
            Member(officer=key_of("R-1"), unit="West", phase="2", trainer=key_of("T-1")),
            Member(officer=key_of("R-2"), name="Robin", unit="West", phase="1", trainer=key_of("T-2")),
            Member(officer=key_of("R-5"), unit="East", phase="2", trainer=key_of("T-1")),
        ]
    )
    return agency


def officers(found: list[dict[str, str]]) -> list[str]:
    return [row["officer"].removeprefix("account:").partition("@")[0] for row in found]


def test_everybody_on_the_roster_has_a_row_without_evidence_too(with_roster: Agency, out: Path) -> None:
    found = rows(with_roster, out)
    assert officers(found) == ["R-1", "R-2", "R-4", "R-5"]
    assert [row["verdict"] for row in found] == ["insufficient"] * 4
    assert [row["unit"] for row in found] == ["West", "West", "", "East"]
    assert (found[1]["name"], found[1]["phase"], found[1]["trainer"]) == ("Robin", "1", key_of("T-2"))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Selection(unit="West"), ["R-1", "R-2"]),
        (Selection(phase="2"), ["R-1", "R-5"]),
        (Selection(unit="West", phase="2"), ["R-1"]),
        (Selection(trainer="T-1"), ["R-1", "R-5"]),
        (Selection(trainer=key_of("T-2")), ["R-2"]),
        (Selection(unit="North"), []),
    ],
)
def test_the_roster_chooses_whose(
    with_roster: Agency, out: Path, chosen: Selection, expected: list[str]
) -> None:
    assert officers(rows(with_roster, out, chosen=chosen)) == expected


def test_a_name_that_is_a_formula_is_written_as_text(agency: Agency, out: Path) -> None:
    name = '=HYPERLINK("https://evil.example","click")'
    agency.store.put_members([Member(officer=key_of("R-1"), name=name, unit="@SUM(A1)")])
    (row,) = rows(agency, out)
    assert (row["name"], row["unit"]) == (f"'{name}", "'@SUM(A1)")


class Wins:
    """A column: how many competencies are at standard."""

    name = "wins"
    title = "Wins"

    def value(self, profile: Mapping[str, Any]) -> Any:
        return sum(part["verdict"] == "at_standard" for part in profile["competencies"])


class Broken:
    """A column that fails."""

    name = "broken"
    title = "Broken"

    def value(self, profile: Mapping[str, Any]) -> Any:
        raise ValueError("no such thing")


def test_the_columns_of_plugins_follow_and_one_that_fails_is_empty_and_says_so(
    agency: Agency, out: Path, tmp_path: Path
) -> None:
    made = plugin("1", Judge())

    @hookimpl
    def lrs_report_columns(config: Mapping[str, Any]) -> list[Any]:
        return [Wins(), Broken()]

    made.lrs_report_columns = lrs_report_columns
    agency.install(juggling=made)
    agency.rate("R-1", 6, 6, 5, 6, 7, 6)
    (row,) = rows(agency, out)
    assert list(row)[len(COLUMNS) :] == ["juggling.broken", "juggling.wins"]
    assert (row["juggling.wins"], row["juggling.broken"]) == ("1", "")
    assert "broken of the plugin juggling failed" in row["warnings"]
    path = tmp_path / "p.json"
    export(agency, path, Format.JSON)
    assert json.loads(path.read_text())["rows"][0]["juggling.wins"] == 1


def test_the_file_is_for_its_owner_alone_and_there_only_when_whole(agency: Agency, out: Path) -> None:
    agency.rate("R-1", 5)
    export(agency, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(out.parent.glob("*.partial")) == []
    with pytest.raises(InvalidInput, match="there already"):
        export(agency, out)
    assert export(agency, out, replace=True) == 1


def test_a_name_that_ends_in_gz_is_written_as_gzip(agency: Agency, tmp_path: Path) -> None:
    agency.rate("R-1", 5)
    export(agency, tmp_path / "p.csv.gz")
    with gzip.open(tmp_path / "p.csv.gz", "rt", encoding="utf-8") as file:
        assert next(file).startswith("as_of,officer,")


def test_it_goes_by_pages_and_says_how_far_it_is(agency: Agency, out: Path) -> None:
    for number in range(205):
        agency.rate(f"R-{number:03}", 5)
    told: list[int] = []
    assert export(agency, out, progress=told.append) == 205
    assert told == [100, 200]
    with out.open(newline="") as file:
        found = [row["officer"] for row in csv.DictReader(file)]
    assert found == [key_of(f"R-{number:03}") for number in range(205)]


def test_memory_does_not_grow_with_the_cohort(agency: Agency, tmp_path: Path) -> None:
    def peak(name: str) -> int:
        tracemalloc.start()
        export(agency, tmp_path / name)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    for number in range(200):
        agency.rate(f"R-{number:03}", 5, 5)
    peak("warm.csv")
    small = peak("small.csv")
    for number in range(200, 800):
        agency.rate(f"R-{number:03}", 5, 5)
    assert peak("large.csv") < 1.5 * small
