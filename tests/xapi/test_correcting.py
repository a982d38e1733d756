from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi.correcting import Correctable, correctable, corrected
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

NEW = "6e1f0e0e-0000-4000-8000-000000000002"
OLD = "6e1f0e0e-0000-4000-8000-000000000001"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"


def statement(result: dict[str, Any] | None, **parts: Any) -> dict[str, Any]:
    """As it is stored."""
    return {
        "id": OLD,
        "actor": {"objectType": "Agent", "account": {"homePage": "https://academy.example", "name": "R-001"}},
        "verb": {"id": "http://id.tincanapi.com/verb/rated"},
        "object": {"id": "https://academy.example/items/closes-the-contact"},
        **({} if result is None else {"result": result}),
        "timestamp": "2026-11-20T08:00:00Z",
        "stored": "2026-11-20T09:00:00.000000Z",
        "authority": {
            "objectType": "Agent",
            "account": {"homePage": "https://lrs.example", "name": "vendor"},
        },
        "version": "1.0.0",
        **parts,
    }


@pytest.mark.parametrize(
    ("result", "found", "expected"),
    [
        (
            {"score": {"raw": 5, "min": 1, "max": 7}},
            Correctable(member="raw", value="5", low=1.0, high=7.0),
            "a number from 1 to 7",
        ),
        ({"score": {"raw": 5.25}}, Correctable(member="raw", value="5.25"), "a number"),
        ({"score": {"raw": 5, "min": 1}}, Correctable(member="raw", value="5", low=1.0), "a number from 1"),
        ({"score": {"raw": 5, "max": 7}}, Correctable(member="raw", value="5", high=7.0), "a number to 7"),
        ({"score": {"raw": 1234567}}, Correctable(member="raw", value="1234567"), "a number"),
        (
            {"score": {"scaled": 0.4}, "success": True},
            Correctable(member="scaled", value="0.4", low=-1.0, high=1.0),
            "a number from -1 to 1",
        ),
        (
            {"response": "likert_2", "success": True},
            Correctable(member="response", value="likert_2"),
            "a response",
        ),
        ({"success": False}, Correctable(member="success", value="false"), "true or false"),
        ({"completion": True}, None, ""),
        ({"score": {"min": 1, "max": 7}}, None, ""),
        (None, None, ""),
    ],
)
def test_the_one_value_that_says_how_well_it_was_done(
    result: dict[str, Any] | None, found: Correctable | None, expected: str
) -> None:
    at = correctable(statement(result))
    assert at == found
    assert at is None or at.expected == expected


@pytest.mark.parametrize(
    ("result", "value", "after"),
    [
        ({"score": {"raw": 5, "min": 1, "max": 7}}, "6", {"score": {"raw": 6, "min": 1, "max": 7}}),
        ({"score": {"raw": 5, "min": 1, "max": 7}}, "4.5", {"score": {"raw": 4.5, "min": 1, "max": 7}}),
        (
            {"score": {"raw": 4, "min": 1, "max": 7, "scaled": 0.5}},
            "7",
            {"score": {"raw": 7, "min": 1, "max": 7, "scaled": 1.0}},
        ),
        (
            {"score": {"raw": 2, "min": 0, "max": 3, "scaled": 0.67}},
            "1",
            {"score": {"raw": 1, "min": 0, "max": 3, "scaled": 0.333333}},
        ),
        ({"score": {"scaled": 0.4}, "success": False}, "-0.5", {"score": {"scaled": -0.5}, "success": False}),
        ({"response": "likert_2"}, "likert_4", {"response": "likert_4"}),
        ({"success": False}, "true", {"success": True}),
        ({"success": True}, "false", {"success": False}),
    ],
)
def test_the_value_is_put_in_its_place_and_nothing_else_is_changed(
    result: dict[str, Any], value: str, after: dict[str, Any]
) -> None:
    original = statement(result, context={"registration": OLD, "platform": "observation sheet"})
    before = copy.deepcopy(original)
    new = corrected(original, value, new_id=NEW)
    assert original == before
    assert new["result"] == after
    assert new["id"] == NEW
    assert new["context"] == {
        **original["context"],
        "statement": {"objectType": "StatementRef", "id": OLD},
    }
    assert "stored" not in new
    assert "version" not in new
    for member in ("actor", "verb", "object", "timestamp", "authority"):
        assert new[member] == original[member]


@pytest.mark.parametrize("version", list(Version))
def test_it_is_a_valid_statement_of_either_version(version: Version) -> None:
    new = corrected(statement({"score": {"raw": 5, "min": 1, "max": 7}}), "6", new_id=NEW)
    assert list(check_statement(new, version)) == []


@pytest.mark.parametrize(
    ("result", "value", "expected"),
    [
        ({"score": {"raw": 5, "min": 1, "max": 7}}, "7.1", "a number from 1 to 7"),
        ({"score": {"raw": 5, "min": 1, "max": 7}}, "0", "a number from 1 to 7"),
        ({"score": {"raw": 5}}, "NaN", "a number"),
        ({"score": {"raw": 5}}, "Infinity", "a number"),
        ({"score": {"raw": 5}}, "1e400", "a number"),
        ({"score": {"raw": 5}}, "9" * 16, "a number"),
        ({"score": {"raw": 5}}, "0x5", "a number"),
        ({"score": {"raw": 5}}, "5 ", "a number"),
        ({"score": {"scaled": 0.4}}, "1.01", "a number from -1 to 1"),
        ({"response": "2"}, " ", "a response"),
        ({"success": True}, "yes", "true or false"),
        ({"completion": True}, "true", "a statement with a score, a response or a success"),
        ({"score": {"raw": 5, "scaled": 0.5}}, "6", "a statement whose scaled score"),
        ({"score": {"raw": 4, "min": 1, "max": 7, "scaled": 0.9}}, "6", "a statement whose scaled score"),
        ({"score": {"raw": 4, "min": 4, "max": 4, "scaled": 0.0}}, "4", "a statement whose scaled score"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_what_can(
    result: dict[str, Any], value: str, expected: str
) -> None:
    with pytest.raises(ValueError, match=f"^{expected}"):
        corrected(statement(result), value, new_id=NEW)


def test_of_attachments_those_with_an_address_stay_and_no_signature_does() -> None:
    def attachment(usage: str, **parts: Any) -> dict[str, Any]:
        kept = {
            "usageType": usage,
            "display": {"en": "it"},
            "contentType": "text/plain",
            "length": 1,
            "sha2": "0" * 64,
        }
        return {**kept, **parts}

    linked = attachment("https://academy.example/sheet", fileUrl="https://academy.example/sheets/1")
    signed = attachment(SIGNATURE, fileUrl="https://academy.example/signatures/1")
    original = statement(
        {"success": True}, attachments=[attachment("https://academy.example/sheet"), linked, signed]
    )
    assert corrected(original, "false", new_id=NEW)["attachments"] == [linked]
    bare = statement({"success": True}, attachments=[attachment(SIGNATURE)])
    assert "attachments" not in corrected(bare, "false", new_id=NEW)


@given(
    raw=st.integers(-100, 100),
    low=st.integers(-200, -100),
    high=st.integers(100, 200),
    scaled=st.booleans(),
)
def test_a_number_that_is_read_back_is_the_number_that_was_written(
    raw: int, low: int, high: int, scaled: bool
) -> None:
    score: dict[str, Any] = {"raw": 0, "min": low, "max": high}
    if scaled:
        score["scaled"] = (0 - low) / (high - low)
    new = corrected(statement({"score": score}), str(raw), new_id=NEW)
    at = correctable(new)
    assert at is not None
    assert (at.member, float(at.value)) == ("raw", raw)
    if scaled:
        assert new["result"]["score"]["scaled"] == pytest.approx((raw - low) / (high - low), abs=1e-6)
