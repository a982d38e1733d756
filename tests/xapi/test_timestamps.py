from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs import schemas
from lrs.xapi.rules import broken_rules
from lrs.xapi.timestamps import FIRST_US, LAST_US, format_us, parse_again_us, parse_us

NOON_US = 1_442_318_400_000_000  # 2015-09-15T12:00:00Z


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2015-09-15T12:00:00Z", NOON_US),
        ("2015-09-15t12:00:00z", NOON_US),
        ("2015-09-15 12:00:00Z", NOON_US),
        ("2015-09-15T12:00:00", NOON_US),
        ("2015-09-15T12:00:00+00:00", NOON_US),
        ("2015-09-15T14:00:00+02:00", NOON_US),
        ("2015-09-15T14:00:00+0200", NOON_US),
        ("2015-09-15T14:00:00+02", NOON_US),
        ("2015-09-15T17:30:00+05:30", NOON_US),
        ("2015-09-15T11:30:00-00:30", NOON_US),
        ("2015-09-14T12:01:00-23:59", NOON_US),
        ("2015-09-15T12:00:00.5Z", NOON_US + 500_000),
        ("2015-09-15T12:00:00,5Z", NOON_US + 500_000),
        ("2015-09-15T12:00:00.000001Z", NOON_US + 1),
        ("2016-02-29T00:00:00Z", 1_456_704_000_000_000),
        ("0001-01-01T00:00:00Z", FIRST_US),
        ("0001-01-01T14:00:00+14:00", FIRST_US),
        ("9999-12-31T23:59:59.999999Z", LAST_US),
        ("9999-12-31T22:59:59.999999-01:00", LAST_US),
    ],
)
def test_an_instant_is_read_in_whatever_form_it_is_written(text: str, us: int) -> None:
    assert parse_us(text) == us
    assert parse_again_us(text) == us


@pytest.mark.parametrize("digits", ["9999999", "999999" + "9" * 1000])
def test_what_is_finer_than_a_microsecond_is_cut_and_never_rounded(digits: str) -> None:
    assert parse_us(f"2015-09-15T12:00:00.{digits}Z") == NOON_US + 999_999


@pytest.mark.parametrize("zone", ["Z", "+02:00", "-05:00", ""])
def test_a_leap_second_is_the_last_second_of_its_minute(zone: str) -> None:
    assert parse_us(f"2016-12-31T23:59:60.5{zone}") == parse_us(f"2016-12-31T23:59:59.5{zone}")


@pytest.mark.parametrize("zone", ["-00", "-0000", "-00:00"])
def test_minus_zero_is_no_offset(zone: str) -> None:
    with pytest.raises(ValueError, match="minus zero"):
        parse_us(f"2008-09-15T15:53:00.601{zone}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "should fail",
        "01/011/2015",
        "2015-09-15",
        "2015-09-15T12:00Z",
        "2015-09-15T12Z",
        "20150915T120000Z",
        "2015-09-15T120000Z",
        "2015-W38-2T12:00:00Z",
        "2015-258T12:00:00Z",
        "+2015-09-15T12:00:00Z",
        "02015-09-15T12:00:00Z",
        "2015-9-15T12:00:00Z",
        "2015-09-15T12:00:00.Z",
        "2015-09-15T12:00:00 Z",
        "2015-09-15T12:00:00UTC",
        "2015-09-15T12:00:00+2",
        "2015-09-15T12:00:00+02:",
        "2015-09-15T12:00:00\u221202:00",
        "2015-09-15T12:00:00Z\n",
        "2015-09-15T12:00:00Z\0",
        " 2015-09-15T12:00:00Z",
        "2015-09-15\n12:00:00Z",
        "\N{ARABIC-INDIC DIGIT TWO}015-09-15T12:00:00Z",
        "1442318400",
    ],
)
def test_what_is_not_written_as_a_timestamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date and time as in RFC 3339"):
        parse_us(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2015-02-29T00:00:00Z", "day"),
        ("2015-00-01T00:00:00Z", "month"),
        ("2015-13-01T00:00:00Z", "month"),
        ("2015-01-00T00:00:00Z", "day"),
        ("2015-04-31T00:00:00Z", "day"),
        ("2015-01-01T24:00:00Z", "hour"),
        ("2015-01-01T00:60:00Z", "minute"),
        ("2015-01-01T00:00:61Z", "second"),
        ("0000-01-01T00:00:00Z", "year"),
        ("2015-01-01T00:00:00+24:00", "no such offset"),
        ("2015-01-01T00:00:00-00:60", "no such offset"),
    ],
)
def test_a_date_time_or_offset_that_does_not_exist_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_us(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
def test_an_offset_that_leads_out_of_the_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="years 1 to 9999"):
        parse_us(text)


def test_a_plus_that_became_a_blank_on_its_way_is_named() -> None:
    with pytest.raises(ValueError, match="%2B"):
        parse_us("2015-09-15T12:00:00 02:00")


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (NOON_US + 120_000, "2015-09-15T12:00:00.120000Z"),
        (FIRST_US, "0001-01-01T00:00:00.000000Z"),
        (LAST_US, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_microseconds(us: int, text: str) -> None:
    assert format_us(us) == text


@given(st.integers(FIRST_US, LAST_US))
def test_parsing_undoes_formatting(us: int) -> None:
    text = format_us(us)
    assert parse_us(text) == us
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)


@given(st.integers(FIRST_US, LAST_US), st.integers(FIRST_US, LAST_US))
def test_written_instants_sort_as_text(one: int, other: int) -> None:
    assert (format_us(one) < format_us(other)) == (one < other)


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),  # noqa: DTZ001
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_it_agrees_with_python_on_every_offset(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_us(aware.isoformat()) == since // timedelta(microseconds=1)


NEARLY = st.builds(
    "{}-{}-{}{}{}:{}:{}{}{}".format,
    st.sampled_from(["2015", "2016", "0000", "0001", "9999", "1900"]),
    st.integers(0, 13).map("{:02}".format),
    st.integers(0, 32).map("{:02}".format),
    st.sampled_from(["T", "t", " ", ""]),
    st.integers(0, 25).map("{:02}".format),
    st.sampled_from(["00", "59", "60"]),
    st.sampled_from(["00", "59", "60", "61"]),
    st.sampled_from(["", ".5", ",5", ".", ".1234567"]),
    st.sampled_from(["Z", "z", "", "-00:00", "-00", "+00:00", "-00:01", "+24:00", "+2360", "+14", "-12:34"]),
)


@settings(max_examples=500)
@given(NEARLY)
def test_a_statement_may_have_exactly_the_timestamps_that_are_read(text: str) -> None:
    by_schema = schemas.compiled("xapi-1.0.3/types.json#/$defs/timestamp").is_valid(text)
    try:
        parse_us(text)
    except ValueError:
        assert not by_schema or broken_rules({"timestamp": text})
    else:
        assert by_schema
        assert not broken_rules({"timestamp": text})


@given(
    moment=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001
    digits=st.from_regex(r"(\.[0-9]{1,9})?", fullmatch=True),
    offset=st.sampled_from(["Z", "z", "", "+00:00", "+02:00", "-0930", "+14"]),
    between=st.sampled_from(["T", "t", " "]),
)
def test_what_was_accepted_is_read_again_as_the_same_instant(
    moment: datetime, digits: str, offset: str, between: str
) -> None:
    text = f"{moment.isoformat(timespec='seconds').replace('T', between)}{digits}{offset}"
    assert parse_again_us(text) == parse_us(text)
