from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import Detail, InvalidParameter
from lrs.xapi.actors import agent_key
from lrs.xapi.parameters import read_uuid, single
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement_parameters import KNOWN, Lookup, PageSizes, Rendering, Search, read
from tests.xapi.strategies import ACTORS

SIZES = PageSizes(usual=100, most=500)
ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
NOON_US = 1_442_318_400_000_000
AGENT = '{"mbox":"mailto:officer-17@academy.example"}'
TIMESTAMP = "an ISO 8601 timestamp such as 2026-11-23T06:10:00Z"


def query(**parameters: str) -> StatementQuery:
    found = read(parameters, SIZES)
    assert isinstance(found, Search)
    return found.query


def refusal(**parameters: str) -> Detail:
    with pytest.raises(InvalidParameter) as caught:
        read(parameters, SIZES)
    [detail] = caught.value.details
    assert detail.path in caught.value.message
    assert caught.value.message.encode()
    return detail


def test_no_parameter_asks_for_the_newest_page_of_everything() -> None:
    assert read({}, SIZES) == Search(StatementQuery(limit=100), Rendering(format="exact", attachments=False))


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("agent", AGENT, "agent", "mailto:officer-17@academy.example"),
        ("verb", "http://adlnet.gov/expapi/verbs/scored", "verb", "http://adlnet.gov/expapi/verbs/scored"),
        ("activity", "urn:x:é", "activity", "urn:x:é"),
        ("registration", ID.upper(), "registration", ID),
        ("related_agents", "true", "related_agents", True),
        ("related_agents", "false", "related_agents", False),
        ("related_activities", "true", "related_activities", True),
        ("related_activities", "false", "related_activities", False),
        ("since", "2015-09-15T12:00:00.5Z", "since_us", NOON_US + 500_000),
        ("until", "2015-09-15T14:00:00+02:00", "until_us", NOON_US),
        ("limit", "7", "limit", 7),
        ("limit", "007", "limit", 7),
        ("ascending", "true", "ascending", True),
        ("ascending", "false", "ascending", False),
    ],
)
def test_each_filter_is_read_into_its_own_field(name: str, text: str, field: str, value: Any) -> None:
    assert query(**{name: text}) == dataclasses.replace(StatementQuery(limit=100), **{field: value})


@pytest.mark.parametrize(
    ("name", "text", "rendering"),
    [
        ("format", "ids", Rendering(format="ids")),
        ("format", "exact", Rendering(format="exact")),
        ("format", "canonical", Rendering(format="canonical")),
        ("attachments", "true", Rendering(attachments=True)),
        ("attachments", "false", Rendering(attachments=False)),
    ],
)
def test_each_rendering_is_read_for_a_page_and_for_one_statement(
    name: str, text: str, rendering: Rendering
) -> None:
    assert read({name: text}, SIZES) == Search(StatementQuery(limit=100), rendering)
    assert read({name: text, "statementId": ID}, SIZES) == Lookup(ID, False, rendering)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("0", 500),
        ("00", 500),
        ("1", 1),
        ("500", 500),
        ("501", 500),
        ("9999999999", 500),
        ("9" * 5000, 500),
        ("0" * 5000 + "3", 3),
    ],
)
def test_a_limit_of_nothing_or_too_much_is_the_servers_most(text: str, limit: int) -> None:
    assert query(limit=text).limit == limit


@pytest.mark.parametrize(
    ("name", "voided"),
    [("statementId", False), ("voidedStatementId", True)],
)
def test_an_id_asks_for_one_statement(name: str, voided: bool) -> None:
    assert read({name: ID.upper()}, SIZES) == Lookup(ID, voided, Rendering())
    both = {name: ID, "format": "ids", "attachments": "true"}
    assert read(both, SIZES) == Lookup(ID, voided, Rendering(format="ids", attachments=True))


OTHERS = {
    "agent": AGENT,
    "verb": "https://x.example/v",
    "activity": "https://x.example/a",
    "registration": ID,
    "related_agents": "true",
    "related_activities": "false",
    "since": "2015-09-15T12:00:00Z",
    "until": "2015-09-15T12:00:00Z",
    "limit": "1",
    "ascending": "false",
}


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
@pytest.mark.parametrize("other", OTHERS)
def test_an_id_takes_no_other_parameter_beside_it(name: str, other: str) -> None:
    assert refusal(**{name: ID, other: OTHERS[other]}) == Detail(
        other, f"beside {name}", "no parameter but format and attachments beside it"
    )


def test_both_ids_together_are_refused() -> None:
    assert refusal(statementId=ID, voidedStatementId=ID) == Detail(
        "voidedStatementId", "beside statementId", "no parameter but format and attachments beside it"
    )


def test_every_known_parameter_has_a_test_here() -> None:
    assert set(KNOWN) == {*OTHERS, "statementId", "voidedStatementId", "format", "attachments"}


@pytest.mark.parametrize("name", ["related_agents", "related_activities", "ascending", "attachments"])
@pytest.mark.parametrize("text", ["", "True", "TRUE", "1", "yes", " true", "true\0", "null"])
def test_a_boolean_is_true_or_false_as_in_json(name: str, text: str) -> None:
    assert refusal(**{name: text}) == Detail(name, text, "true or false")


@pytest.mark.parametrize("text", ["", "IDS", "id", "exact ", "ids,exact"])
def test_a_format_is_one_of_three(text: str) -> None:
    assert refusal(format=text) == Detail("format", text, "ids, exact, canonical")


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", "1e3", " 1", "1\n", "0x1", "\N{ARABIC-INDIC DIGIT TWO}", "x", "1\0"]
)
def test_a_limit_is_a_whole_number(text: str) -> None:
    assert refusal(limit=text) == Detail("limit", text, "a whole number ≥ 0")


@pytest.mark.parametrize("name", ["registration", "statementId", "voidedStatementId"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        ID[:-1],
        ID + "0",
        ID + "\n",
        ID + "\0",
        " " + ID,
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        ID.replace("-", ""),
        "g" + ID[1:],
        ID.replace("6", "\N{ARABIC-INDIC DIGIT SIX}"),
    ],
)
def test_an_id_is_a_uuid(name: str, text: str) -> None:
    assert refusal(**{name: text}) == Detail(name, text, "a UUID")


def test_a_uuid_is_read_in_lower_case() -> None:
    assert read_uuid("statementId", ID.upper()) == ID
    with pytest.raises(InvalidParameter):
        read_uuid("statementId", "x")


@pytest.mark.parametrize("name", ["verb", "activity"])
@pytest.mark.parametrize(
    "text",
    ["", "scored", "://x", "https://x.example/a b", "https://x.example/\0", "https://x.example/\n", "1:x"],
)
def test_a_verb_and_an_activity_are_iris(name: str, text: str) -> None:
    assert refusal(**{name: text}) == Detail(name, text, "an IRI with a scheme")


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a date and time as in RFC 3339"),
        ("yesterday", "not a date and time as in RFC 3339"),
        ("2015-09-15", "not a date and time as in RFC 3339"),
        ("2015-09-15T12:00:00Z\0", "not a date and time as in RFC 3339"),
        ("2015-09-15T12:00:00 02:00", "a blank stands where + should; in a URL, + is written %2B"),
        ("2015-09-15T12:00:00.5 0200", "a blank stands where + should; in a URL, + is written %2B"),
        ("2015-09-15T12:00:00-00:00", "an offset of minus zero says that the local time is unknown"),
        ("9999-12-31T23:59:59-01:00", "not in the years 1 to 9999 of UTC"),
    ],
)
def test_a_timestamp_is_refused_with_the_reason(name: str, text: str, reason: str) -> None:
    assert refusal(**{name: text}) == Detail(name, text, f"{TIMESTAMP} ({reason})")


@given(ACTORS)
def test_an_agent_is_whatever_actor_has_an_identifier(actor: dict[str, Any]) -> None:
    text = json.dumps(actor)
    key = agent_key(actor)
    if key is None:
        expected = "the JSON of an Agent or identified Group; an anonymous Group cannot be looked for"
        assert refusal(agent=text).expected == expected
    else:
        assert query(agent=text).agent == key


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing"),
        ("officer-17", "expected value at line 1, column 1"),
        ('{"mbox":"mailto:a@x.example"', "EOF while parsing an object at line 1, column 28"),
        (
            '{"mbox":"mailto:a@x.example","mbox":"mailto:a@x.example"}',
            'Detected duplicate key "mbox" at line 1, column 37',
        ),
        ('{"mbox":"mailto:a@x.example"}{}', "trailing characters at line 1, column 30"),
    ],
)
def test_an_agent_that_is_no_strict_json_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert refusal(agent=text) == Detail(
        "agent", text, f"the JSON of an Agent or identified Group ({reason})"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("null", "the whole"),
        ("[]", "the whole"),
        ('"mailto:a@x.example"', "the whole"),
        ("{}", "the whole"),
        ('{"name":"Rivera"}', "the whole"),
        ('{"mbox":"a@x.example"}', "/mbox"),
        ('{"mbox":"mailto:a@x.example\\u0000"}', "/mbox"),
        ('{"mbox":5}', "/mbox"),
        ('{"Mbox":"mailto:a@x.example"}', "the whole"),
        ('{"account":{"name":"x"}}', "/account"),
        ('{"objectType":"Activity","mbox":"mailto:a@x.example"}', "/objectType"),
    ],
)
def test_an_agent_that_breaks_a_rule_is_refused_where_it_does(text: str, place: str) -> None:
    detail = refusal(agent=text)
    assert (detail.path, detail.found) == ("agent", text)
    assert detail.expected.startswith(f"the JSON of an Agent or identified Group ({place}")


@pytest.mark.parametrize("name", sorted(set(KNOWN)))
def test_a_lone_surrogate_is_refused_in_words_that_can_be_sent(name: str) -> None:
    detail = refusal(**{name: "\ud800"})
    assert (detail.path, detail.found) == (name, "?")
    assert detail.expected.encode()


def test_what_was_found_is_told_in_at_most_two_hundred_characters() -> None:
    assert refusal(verb="x" * 1000).found == "x" * 200


@given(st.dictionaries(st.sampled_from(KNOWN), st.text(st.characters(), max_size=8), max_size=3))
def test_any_values_are_read_or_refused_by_name(parameters: dict[str, str]) -> None:
    try:
        read(parameters, SIZES)
    except InvalidParameter as exc:
        [detail] = exc.details
        refused = detail.path
    else:
        refused = None
    assert refused is None or refused in parameters


def given_twice(*pairs: tuple[str, str]) -> Detail:
    with pytest.raises(InvalidParameter) as caught:
        single(pairs, KNOWN)
    [detail] = caught.value.details
    return detail


def test_parameters_are_known_and_stand_once() -> None:
    assert single([("limit", "1"), ("verb", "")], KNOWN) == {"limit": "1", "verb": ""}
    assert single([], ()) == {}


@pytest.mark.parametrize("second", ["1", "2"])
def test_a_repeated_parameter_is_refused(second: str) -> None:
    detail = given_twice(("limit", "1"), ("verb", "x"), ("limit", second))
    assert detail == Detail("limit", "the parameter twice", "each parameter once")


@pytest.mark.parametrize("name", KNOWN)
def test_a_parameter_in_the_wrong_case_is_refused_and_the_right_one_named(name: str) -> None:
    wrong = name[0].upper() + name[1:]
    assert given_twice((wrong, "x")) == Detail(wrong, "a parameter that this resource does not have", name)


@pytest.mark.parametrize(
    ("name", "path"),
    [("foo", "foo"), ("", ""), ("limit\0", "limit\0"), ("\ud800", "?"), ("x" * 300, "x" * 200)],
)
def test_an_unknown_parameter_is_refused_and_the_known_ones_named(name: str, path: str) -> None:
    assert given_twice((name, "x")) == Detail(
        path, "a parameter that this resource does not have", ", ".join(KNOWN)
    )


def test_a_resource_without_parameters_says_so() -> None:
    with pytest.raises(InvalidParameter) as caught:
        single([("limit", "1")], ())
    assert caught.value.details[0].expected == "no parameter"


def test_the_message_quotes_values_only() -> None:
    with pytest.raises(InvalidParameter) as caught:
        read({"limit": "x"}, SIZES)
    assert caught.value.message == "Parameter limit: 'x'; expected a whole number ≥ 0."
    with pytest.raises(InvalidParameter) as caught:
        single([("Limit", "1")], KNOWN)
    assert caught.value.message == (
        "Parameter Limit: a parameter that this resource does not have; expected limit."
    )
