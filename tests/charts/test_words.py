"""Words of charts."""

from __future__ import annotations

import pytest

from lrs.charts import words
from tests.cohort.cohorts import key


@pytest.mark.parametrize(("number", "text"), [(0, "0 recruits"), (1, "1 recruit"), (1200, "1,200 recruits")])
def test_a_number_agrees_with_its_noun(number: int, text: str) -> None:
    assert words.several(number, "recruit") == text


def test_an_irregular_plural_is_given() -> None:
    assert [words.several(n, "reply", "replies") for n in (1, 2)] == ["1 reply", "2 replies"]


def test_a_list_has_an_and_before_its_last() -> None:
    assert [words.listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_numbers_have_a_minus_sign_and_no_negative_zero() -> None:
    assert (words.figure(-0.251), words.figure(-0.0001), words.signed(0.004), words.signed(0.3)) == (
        "−0.25",
        "0.00",
        "0.00",
        "+0.30",
    )


def test_an_officer_is_called_by_name_or_else_by_account() -> None:
    assert words.named({"officer": key("R-017"), "name": ""}) == "R-017"
    assert words.named({"officer": key("R-017"), "name": "Recruit 17"}) == "Recruit 17"


def test_two_officers_of_one_name_have_two_labels() -> None:
    both = [{"officer": key(name), "name": "Kim"} for name in ("R-1", "R-2")]
    assert words.labels(both) == {
        key("R-1"): "Kim (R-1 at academy.example)",
        key("R-2"): "Kim (R-2 at academy.example)",
    }


def test_one_account_at_two_places_has_two_labels() -> None:
    keys = ["account:T-1@https://one.example", "account:T-1@https://two.example"]
    assert list(words.rater_labels(keys).values()) == ["T-1 (T-1 at one.example)", "T-1 (T-1 at two.example)"]


def test_an_automatic_rater_is_marked_as_such() -> None:
    assert words.rater_labels([f"system:{key('VR')}", key("VR")]) == {
        key("VR"): "VR",
        f"system:{key('VR')}": "VR (automatic)",
    }


def test_a_mailbox_is_shown_without_its_scheme() -> None:
    assert words.agent_labels(["mailto:unit@academy.example"]) == {
        "mailto:unit@academy.example": "unit@academy.example"
    }


def test_days_are_written_out_in_utc() -> None:
    assert words.day("2026-11-04T23:59:59.000000Z") == "4 November 2026"
    assert words.short_day("2026-11-04T23:59:59.000000Z") == "4 Nov 2026"


def test_a_timestamp_in_a_table_has_its_minute() -> None:
    assert (words.minute("2026-11-04T09:30:59.000000Z"), words.minute(None)) == ("2026-11-04 09:30", None)


def test_a_label_is_cut_to_leave_room() -> None:
    assert (words.shortened("R-001", 5), words.shortened("Recruit One", 9)) == ("R-001", "Recruit…")


def test_an_id_of_a_page_has_letters_digits_and_hyphens() -> None:
    assert words.id_of("impact", "Age band (ü)") == "impact-age-band----"
