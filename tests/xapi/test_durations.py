from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.xapi.durations import is_duration, length_seconds, truncate


@pytest.mark.parametrize("text", ["P4W", "P3Y", "PT0S", "PT1H30M", "P3Y1M29DT4H35M59.14S", "P0.5D", "PT1,5H"])
def test_a_duration_is_one(text: str) -> None:
    assert is_duration(text)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P4W1D", "P1DT", "4W", "PT1.5H1M", "P1H", "PT1D", "-PT1S", "PT1S\n", "PT\u0661S"]
)
def test_what_is_no_duration(text: str) -> None:
    assert not is_duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1.509S", "PT1.5S"),
        ("PT1.999S", "PT1.99S"),
        ("PT1.50S", "PT1.5S"),
        ("PT1,5S", "PT1.5S"),
        ("PT1.004S", "PT1S"),
        ("PT1.00S", "PT1S"),
        ("P1DT2H3.14159S", "P1DT2H3.14S"),
        ("PT60S", "PT60S"),
        ("P0,5Y", "P0.5Y"),
        ("PT0.123456H", "PT0.123456H"),
    ],
)
def test_seconds_are_cut_to_hundredths_never_rounded(text: str, expected: str) -> None:
    assert truncate(text) == expected


def test_other_units_of_the_same_length_stay_apart() -> None:
    assert truncate("PT60S") != truncate("PT1M")


@pytest.mark.parametrize("text", ["x", "P4W1D", "1,5S"])
def test_what_is_no_duration_stays_as_it_is(text: str) -> None:
    assert truncate(text) == text


@settings(deadline=None)  # the first example compiles the schema
@given(st.integers(0, 10**6), st.text("0123456789", max_size=2), st.text("0123456789", max_size=9))
def test_digits_beyond_hundredths_never_matter(seconds: int, hundredths: str, finer: str) -> None:
    digits = hundredths.ljust(2, "0")
    assert truncate(f"PT{seconds}.{digits}S") == truncate(f"PT{seconds}.{digits}{finer}S")


@settings(deadline=None)  # the first example compiles the schema
@given(st.from_regex(r"P([0-9]{1,3}D)?T[0-9]{1,3}([.,][0-9]{1,9})?S", fullmatch=True))
def test_cutting_twice_is_cutting_once(text: str) -> None:
    text = text if text.isascii() else "PT0S"
    assert is_duration(truncate(text))
    assert truncate(truncate(text)) == truncate(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT0S", 0.0),
        ("PT1H30M", 5_400.0),
        ("P1DT2H", 93_600.0),
        ("P2W", 1_209_600.0),
        ("PT0,5H", 1_800.0),
        ("PT4H35M59.14S", 16_559.14),
        ("P0Y0M1D", 86_400.0),
    ],
)
def test_a_duration_without_years_and_months_has_a_length(text: str, seconds: float) -> None:
    assert length_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["P1Y", "P1M", "P1MT1H", "two hours", "PT", ""])
def test_years_months_and_what_is_no_duration_have_none(text: str) -> None:
    assert length_seconds(text) is None


@settings(deadline=None)  # the first example compiles the schema
@given(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_the_length_is_that_of_its_parts(days: int, hours: int, minutes: int, seconds: int) -> None:
    length = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert length_seconds(f"P{days}DT{hours}H{minutes}M{seconds}S") == length
