from __future__ import annotations

from typing import Any

import pytest

from lrs.errors import PluginError
from lrs.plugin import Alignment, Rubric, StatementView
from lrs.plugin.importing import COLUMNS, alignment_from_csv, sheet_text
from lrs.plugin.testing import statement
from tests.plugin.fakes import RATED

HOME = "https://a.example"
FIVE = {"score": {"raw": 5, "min": 1, "max": 7}}


def imported(rubric: Rubric, *rows: str) -> list[dict[str, Any]]:
    data, _ = alignment_from_csv("\n".join(rows), rubric)
    rules: list[dict[str, Any]] = data["rules"]
    return rules


def wrong(rubric: Rubric, *rows: str) -> dict[str, tuple[str, str]]:
    with pytest.raises(PluginError) as caught:
        alignment_from_csv("\n".join(rows), rubric)
    return {detail.path: (detail.found, detail.expected) for detail in caught.value.details}


def test_a_row_with_verb_and_tier_alone_is_a_rule_with_the_usual_of_its_tier(rubric: Rubric) -> None:
    assert imported(rubric, "verb,tier", "rated,field") == [
        {
            "id": "row-2",
            "verbs": [RATED],
            "subject": "officer",
            "rater": "person",
            "tier": "field",
            "rating": ["score"],
            "scale": "fto-7",
        }
    ]


def test_every_column_is_read(rubric: Rubric) -> None:
    kind, category = f"{HOME}/types/toss", f"{HOME}/categories/1"
    row = (
        f"{HOME}/verbs/tossed,{kind},{HOME}/1,{category},,Throws,quiz,response | score,unit,actor,system,why"
    )
    assert imported(rubric, ",".join(COLUMNS), row) == [
        {
            "id": "row-2",
            "verbs": [f"{HOME}/verbs/tossed"],
            "when": [
                {"the": "object-id", "is": [f"{HOME}/1"]},
                {"the": "object-type", "is": [kind]},
                {"the": "category", "is": [category]},
            ],
            "indicators": ["throws"],
            "subject": "actor",
            "rater": "system",
            "tier": "quiz",
            "rating": ["response", "score"],
            "scale": "unit",
        }
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("before", ["", "\ufeff"])
def test_any_separator_and_a_byte_order_mark_are_taken(rubric: Rubric, separator: str, before: str) -> None:
    (rule,) = imported(rubric, before + f"Verb{separator}TIER", f"rated{separator}role-play")
    assert (rule["verbs"], rule["tier"]) == ([RATED], "role_play")


def test_the_line_in_which_a_spreadsheet_names_its_separator_is_passed_over(rubric: Rubric) -> None:
    (rule,) = imported(rubric, "sep=;", "verb;tier", "rated;quiz")
    assert rule["id"] == "row-3"


def test_quoted_cells_may_hold_separators_and_empty_rows_are_passed_over(rubric: Rubric) -> None:
    rows = ("verb;tier;comment;", 'rated;quiz;"one; two";', ";;;", "", "answered;quiz;;")
    assert [rule["id"] for rule in imported(rubric, *rows)] == ["row-2", "row-5"]


def test_several_values_stand_between_bars(rubric: Rubric) -> None:
    (rule,) = imported(
        rubric, "verb,tier,activity_type,indicator", f"rated | {HOME}/v,quiz,lesson|course,catches | Throws"
    )
    assert rule["verbs"] == [RATED, f"{HOME}/v"]
    assert rule["indicators"] == ["catches", "throws"]
    assert [kind.rpartition("/")[2] for kind in rule["when"][0]["is"]] == ["lesson", "course"]


def test_a_path_may_stand_for_rating_subject_and_rater(rubric: Rubric) -> None:
    (rule,) = imported(rubric, "verb,tier,rating,subject,rater", "rated,field,$.result.score.raw,$.a,$.b")
    assert (rule["rating"], rule["subject"], rule["rater"]) == (
        [{"path": "$.result.score.raw"}],
        {"path": "$.a"},
        {"path": "$.b"},
    )


def test_rows_that_differ_in_the_activity_alone_share_a_rule(rubric: Rubric) -> None:
    text = "\n".join(
        [
            "verb,tier,activity,indicator",
            *(f"rated,quiz,{HOME}/{i},throws" for i in range(50)),
            "rated,quiz,,catches",
        ]
    )
    data, report = alignment_from_csv(text, rubric)
    assert [len(rule["when"][0]["is"]) if "when" in rule else 0 for rule in data["rules"]] == [50, 0]
    assert (report.rows, report.rules) == (51, 2)


def test_rows_that_differ_in_the_indicator_alone_speak_to_several(rubric: Rubric) -> None:
    (rule,) = imported(rubric, "verb,tier,indicator", "rated,quiz,throws", "rated,quiz,catches")
    assert rule["indicators"] == ["catches", "throws"]


def test_what_a_row_says_of_fewer_statements_goes_before_what_is_said_of_more(rubric: Rubric) -> None:
    rules = imported(
        rubric,
        "verb,tier,activity,indicator",
        "rated,quiz,,juggling",
        f"rated,quiz,{HOME}/*,throws",
        f"rated,quiz,{HOME}/far/*,catches",
        f"rated,quiz,{HOME}/far/1,throws",
    )
    assert [rule["id"] for rule in rules] == ["row-5", "row-4", "row-3", "row-2"]


def test_what_was_imported_recognises_what_the_sheet_says(rubric: Rubric) -> None:
    data, _ = alignment_from_csv(f"verb,tier,activity,indicator\nrated,quiz,{HOME}/1,throws", rubric)
    alignment = Alignment.from_dict(data, rubric)
    (evidence,) = alignment.recognise(StatementView(statement(object=f"{HOME}/1", result=FIVE)))
    assert (evidence.indicator, evidence.rule, evidence.rating) == ("throws", "row-2", 5.0)
    assert alignment.recognise(StatementView(statement(object=f"{HOME}/2", result=FIVE))) == ()


def test_every_cell_that_is_wrong_is_named_at_once_with_what_would_be_right(rubric: Rubric) -> None:
    found = wrong(
        rubric,
        "verb;tier;activity;indicator;scale;rating;subject;rater;activity_type;template",
        "ratd;fild;foo;catchs;fto-8;scores;oficer;$.;checklist;https://a.example/t",
        "rated;quiz;;;;;;;;",
        ";;a b:c;;;;;;;",
    )
    assert {path for path in found if path.startswith("row 2")} == {
        f"row 2, column {name}"
        for name in (
            "verb",
            "tier",
            "activity",
            "indicator",
            "scale",
            "rating",
            "subject",
            "rater",
            "activity_type",
            "template",
        )
    }
    assert {path for path in found if path.startswith("row 4")} == {
        "row 4, column verb",
        "row 4, column tier",
        "row 4, column activity",
    }
    assert len(found) == 13
    assert found["row 2, column tier"][0] == '"fild"'
    assert found["row 2, column tier"][1].endswith('(did you mean "field"?)')
    assert found["row 2, column indicator"][1].startswith("one of catches, juggling, throws")


@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        ((), "row 1", "the column tier"),
        (("verb,tier",), "row 2", "a row that says which statements count"),
        (("verb,level", "rated,field"), "row 1", "the column tier"),
        (("verb,tier,tier", "rated,field,field"), "row 1", "each column once"),
        (("verb,tier,subjet", "rated,field,"), "row 1", '(did you mean "subject"?)'),
        (("verb,tier", "rated,field,person"), "row 2", "as many as headings"),
        (("verb,tier", 'rated,"fie'), "the sheet", "CSV"),
        (("verb,tier,subject", "rated,survey,officer"), "row 2 (as subject)", "never speaks of one officer"),
        (("verb,tier", "rated,field", "rated,quiz"), "row 3", "a statement counts once"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused_with_its_place(
    rubric: Rubric, rows: tuple[str, ...], place: str, expected: str
) -> None:
    assert expected in wrong(rubric, *rows)[place][1]


def test_a_sheet_in_another_encoding_is_told_how_to_be_saved() -> None:
    with pytest.raises(PluginError) as caught:
        sheet_text("verb;tier\nbewertet;fähig".encode("cp1252"))
    (detail,) = caught.value.details
    assert (detail.path, "UTF-8" in detail.expected) == ("row 2", True)
