from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

import lrs
from lrs.cohort.groups import read_groups
from lrs.errors import InvalidInput

ROOT = Path(lrs.__file__).parent
PEOPLE = {"R-1": "account:R-1@https://academy.example", "R-2": "account:R-2@https://academy.example"}


def test_each_attribute_stands_by_itself() -> None:
    groups = read_groups(["account,sex,age", "R-1,f,", "R-2,m,30+"], PEOPLE.get)
    assert groups.by_attribute == {
        "sex": {PEOPLE["R-1"]: "f", PEOPLE["R-2"]: "m"},
        "age": {PEOPLE["R-2"]: "30+"},
    }


def test_accounts_that_mean_nobody_are_counted_and_not_kept() -> None:
    groups = read_groups(["account,sex", "R-1,f", "X-9,m"], PEOPLE.get)
    assert (groups.rows, groups.unknown) == (2, 1)
    assert groups.by_attribute == {"sex": {PEOPLE["R-1"]: "f"}}


def test_blanks_byte_order_marks_and_empty_lines_are_forgiven() -> None:
    groups = read_groups(["\ufeffaccount , sex\n", " R-1 , f \n", "\n", ",\n"], PEOPLE.get)
    assert groups.by_attribute == {"sex": {PEOPLE["R-1"]: "f"}}


@pytest.mark.parametrize("header", ["", "account", "officer,sex", "account,", "account,sex,sex"])
def test_a_file_without_its_columns_is_refused(header: str) -> None:
    with pytest.raises(InvalidInput, match="header"):
        read_groups([header, "R-1,f"], PEOPLE.get)


def test_what_is_wrong_is_told_by_line_and_never_by_what_stood_there() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_groups(["account,sex", "R-1,f", "R-1,secret", "R-2", ",secret"], PEOPLE.get)
    assert [detail.path for detail in caught.value.details] == ["line 3", "line 4", "line 5"]
    told = str(caught.value.as_dict())
    assert "secret" not in told
    assert "R-1" not in told


@pytest.mark.parametrize(
    ("row", "line"),
    [('R-2,"secret', 3), ('R-2,"secret\nsecret', 3), ("R-2,sec\0ret", 3), ("R-2," + "secret" * 30_000, 3)],
)
def test_what_is_no_csv_is_refused_by_line(row: str, line: int) -> None:
    lines = ["account,sex\n", "R-1,f\n", *row.splitlines(keepends=True)]
    with pytest.raises(InvalidInput) as caught:
        read_groups(lines, PEOPLE.get)
    assert [detail.path for detail in caught.value.details] == [f"line {line}"]
    assert "secret" not in str(caught.value.as_dict())


def test_groups_say_how_many_they_are_and_nothing_of_anybody(caplog: pytest.LogCaptureFixture) -> None:
    groups = read_groups(["account,sex", "R-1,secret"], PEOPLE.get)
    logging.getLogger("audit").warning("%r %s", groups, groups)
    assert repr(groups) == str(groups) == "<Groups: 1 rows, 1 attributes>"
    assert "secret" not in caplog.text
    assert "R-1" not in caplog.text


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


GROUP_DATA = {"lrs.cohort.groups", "lrs.cohort.impact", "lrs.cohort.rater_groups"}
OF_A_RESULT = {"impact.py", "impact_file.py"}
"""The page that shows what the audit at the command line has counted and withheld: it is given nobody's group."""


@pytest.mark.parametrize("room", ["plugin", "competency", "stores", "web", "xapi", "demo"])
def test_no_plugin_no_model_no_store_and_no_endpoint_knows_of_group_data(room: str) -> None:
    files = [
        path
        for path in (ROOT / room).rglob("*.py")
        if not (path.parent.name == "dashboard" and path.name in OF_A_RESULT)
    ]
    assert files
    assert {str(path) for path in files if GROUP_DATA & set(_imports(path))} == set()


def test_that_test_would_see_it() -> None:
    assert "lrs.cohort.groups" in set(_imports(ROOT / "cohort" / "impact.py"))
