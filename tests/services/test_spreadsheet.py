from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.services.spreadsheet import CsvWriter, safe_text


def written(*cells: Any) -> str:
    file = io.StringIO(newline="")
    CsvWriter(file).row(cells)
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "|calc",
        "%0",
        "＝1",
        "＠SUM(A1)",
        "-",
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_is_written_as_text(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "R-001", "account:R-1@https://academy.example", "a=b", "7 of 9", " "])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_numbers_below_0_stay_numbers() -> None:
    assert written(-0.5, -3) == "-0.5,-3\n"


def test_nothing_and_truth_are_written_as_such() -> None:
    assert written(None, True, False) == ",true,false\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=5))
def test_every_cell_is_read_back_as_it_was_made_safe(cells: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(written(*cells), newline=""))
    assert row == [safe_text(cell) for cell in cells]


@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert safe_text(text).lstrip(" ")[:1] not in set("=+-@\t\r\n|%＝＋－＠")


def test_nul_which_no_reader_takes_is_left_out() -> None:
    assert safe_text("a\0b") == "ab"
    assert safe_text("\0=1") == "'=1"
