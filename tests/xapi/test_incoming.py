from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.errors import MalformedJson
from lrs.xapi import strict_json
from lrs.xapi.incoming import VOIDED, Stamp
from lrs.xapi.statement import NewStatement, TermKind, with_stored
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import Version
from tests.xapi.strategies import statements

NOW_US = 1_763_877_600_123_456
NEW_ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://lrs.example", "name": 'key "Ä"'}}
SENT = {"objectType": "Agent", "mbox": "mailto:sent@academy.example"}
CORE: dict[str, Any] = {
    "actor": {"mbox": "mailto:officer-17@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/responded"},
    "object": {"id": "https://academy.example/scenarios/7"},
}
OWN: dict[str, Any] = {
    "id": NEW_ID,
    "timestamp": "2025-11-23T06:00:00.000123Z",
    "authority": SENT,
    "version": "1.0.0",
}

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stamp(*, trusted: bool = False) -> Stamp:
    return Stamp(
        now_us=NOW_US,
        authority=AUTHORITY,
        version="1.0.3",
        new_id=lambda: NEW_ID,
        trusted=trusted,
    )


def stamped(raw: str | bytes, *, trusted: bool = False) -> NewStatement:
    data = raw.encode() if isinstance(raw, str) else raw
    return stamp(trusted=trusted).new_statement(strict_json.parse(data), data)


def printed(statement: dict[str, Any]) -> str:
    return json.dumps(statement, ensure_ascii=False)


def added(new: NewStatement, raw: str) -> str:
    """What stands in front of the sender's own bytes."""
    inside = raw.strip()[1:]
    body = new.body.decode()
    assert body.endswith(inside)
    return body.removesuffix(inside)


def test_what_a_statement_lacks_is_put_in_front_of_the_senders_bytes() -> None:
    raw = printed(CORE)
    authority = json.dumps(AUTHORITY, ensure_ascii=False, separators=(",", ":"))
    assert added(stamped(raw), raw) == (
        f'{{"id":"{NEW_ID}","timestamp":"2025-11-23T06:00:00.123456Z","authority":{authority},"version":"1.0.3",'
    )


def test_a_statement_that_lacks_nothing_keeps_every_byte() -> None:
    raw = printed({**CORE, **OWN})
    assert stamped(raw, trusted=True).body == raw.encode()


@pytest.mark.parametrize("name", ["id", "timestamp", "version"])
def test_what_the_sender_gave_is_kept(name: str) -> None:
    new = stamped(printed({**CORE, name: OWN[name]}))
    assert new.parsed[name] == OWN[name]
    assert strict_json.parse(new.body)[name] == OWN[name]


def test_a_given_timestamp_is_read_as_an_instant_and_marked_as_given() -> None:
    given_one = stamped(printed({**CORE, "timestamp": "2025-11-23T07:00:00.5+01:00"}))
    assert (given_one.timestamp_given, given_one.timestamp_us) == (True, 1_763_877_600_500_000)
    own = stamped(printed(CORE))
    assert (own.timestamp_given, own.timestamp_us) == (False, NOW_US)


def test_an_authority_that_may_not_be_claimed_is_replaced_in_the_bytes() -> None:
    new = stamped(printed({**CORE, "authority": SENT}))
    assert new.parsed["authority"] == AUTHORITY
    assert strict_json.parse(new.body)["authority"] == AUTHORITY
    assert b"sent@academy" not in new.body


def test_an_authority_that_may_be_claimed_is_kept() -> None:
    new = stamped(printed({**CORE, "authority": SENT}), trusted=True)
    assert new.parsed["authority"] == SENT
    assert strict_json.parse(new.body)["authority"] == SENT


def test_who_may_claim_an_authority_and_does_not_gets_its_own() -> None:
    assert strict_json.parse(stamped(printed(CORE), trusted=True).body)["authority"] == AUTHORITY


def test_stored_is_the_servers_to_set() -> None:
    new = stamped(printed({**CORE, "stored": "2001-01-01T00:00:00Z"}))
    assert "stored" not in new.parsed
    assert b"2001" not in new.body
    assert strict_json.parse(with_stored(new.body, NOW_US))["stored"] == format_us(NOW_US)


def test_replacing_a_member_leaves_the_bytes_of_the_others() -> None:
    result = '{ "extensions" : {"https://x.example/e" : [1e2, 1.10,\t-0 , "\\u0041\\/"]} }'
    raw = f'{{"stored":"2001-01-01T00:00:00Z", "result" :  {result}, "authority":{{}},{printed({**CORE})[1:]}'
    body = stamped(raw).body
    assert result.encode() in body
    assert list(strict_json.members(body))[-4:] == ["result", "actor", "verb", "object"]


@pytest.mark.parametrize(
    "text",
    [
        "1e2",
        "1E+02",
        "1.10",
        "-0",
        "-0.0",
        "1e400",
        "9" * 40,
        "0.1000000000000000055511151231257827",
        '{"b": 1, "a": {"\\u0062" : null}, "": [ ]}',
        '"\\u0041\\/\\ud83d\\ude00 é\\n"',
        "[ 1 ,\r\n\t2 ]",
    ],
)
def test_extension_content_survives_byte_for_byte(text: str) -> None:
    extensions = f'{{"https://x.example/ext\\u0065nsion" : {text}}}'
    raw = f'{{ "context" : {{"extensions":{extensions}}}, {printed(CORE)[1:]}'
    new = stamped(raw)
    assert added(new, raw).startswith('{"id":')
    assert extensions.encode() in with_stored(new.body, NOW_US)


@pytest.mark.parametrize(("before", "after"), [(" ", " "), ("\r\n\t", "\n"), ("", "\n\n"), ("\n", "")])
def test_blanks_around_a_statement_are_left_out(before: str, after: str) -> None:
    for statement in (CORE, {**CORE, **OWN}, {**CORE, "stored": OWN["timestamp"]}):
        raw = json.dumps(statement, indent=2)
        new = stamped(before + raw + after, trusted=True)
        assert new.body.startswith(b"{")
        assert new.body.endswith(b"}")
        assert with_stored(new.body, NOW_US).startswith(b'{"stored":"2025-11-23T06:00:00.123456Z",')
        strict_json.parse(with_stored(new.body, NOW_US))


@pytest.mark.parametrize("body", [b"{}", b"{ \n}", b'{"a":1}', b'{ "a":1}'])
def test_stored_is_put_first_into_any_object(body: bytes) -> None:
    data = with_stored(body, NOW_US)
    assert data.startswith(b'{"stored":')
    assert strict_json.parse(data) == {"stored": format_us(NOW_US), **strict_json.parse(body)}


def test_keys_may_be_written_with_escapes() -> None:
    raw = printed({**CORE, "stored": OWN["timestamp"], "authority": SENT})
    raw = raw.replace('"stored"', '"s\\u0074ored"').replace('"authority"', '"\\u0061uthority"')
    new = stamped(raw.replace('"actor"', '"\\u0061ctor"'))
    assert strict_json.parse(new.body) == new.parsed
    assert new.parsed["authority"] == AUTHORITY


ACTIVITY = '{ "id" : "https://x.example/1", "definition": {"extensions": {"https://x.example/e": 1e2}} }'
LISTED = f"[{ACTIVITY}]"


@pytest.mark.parametrize("kind", ["parent", "grouping", "category", "other"])
def test_a_lone_context_activity_becomes_an_array_in_the_bytes_and_in_the_parsed_statement(kind: str) -> None:
    raw = f'{{"context": {{"contextActivities": {{"{kind}": {ACTIVITY}}}}}, {printed(CORE)[1:]}'
    new = stamped(raw)
    assert f'"{kind}":{LISTED}'.encode() in new.body
    assert new.parsed["context"]["contextActivities"][kind] == strict_json.parse(LISTED.encode())


def test_a_lone_context_activity_of_a_substatement_becomes_an_array() -> None:
    context = f'{{"platform": "VR", "contextActivities": {{"other": {LISTED}, "parent" : {ACTIVITY}}}}}'
    inner = f'{{"objectType": "S\\u0075bStatement", "context": {context}, {printed(CORE)[1:]}'
    raw = printed({**CORE, "object": "INNER"}).replace('"INNER"', inner)
    new = stamped(raw)
    assert new.body.count(LISTED.encode()) == 2
    activities = strict_json.parse(LISTED.encode())
    assert new.parsed["object"]["context"]["contextActivities"] == {"other": activities, "parent": activities}
    assert strict_json.parse(new.body) == new.parsed


def test_context_activities_in_arrays_stay_as_they_were_written() -> None:
    raw = f'{{"context" : {{ "contextActivities" :{{"parent" : {LISTED} }} }}, {printed(CORE)[1:]}'
    assert added(stamped(raw), raw)


@pytest.mark.parametrize(("levels", "fits"), [(193, True), (194, False)])
def test_a_statement_that_only_its_new_array_nests_too_deeply_is_refused(levels: int, fits: bool) -> None:
    # 200 levels are read: six down to the extension, and 194 in it.
    deep = "[" * levels + "1" + "]" * levels
    activity = (
        f'{{"id":"https://x.example/1","definition":{{"extensions":{{"https://x.example/e":{deep}}}}}}}'
    )
    raw = f'{{"context":{{"contextActivities":{{"parent":{activity}}}}},{printed(CORE)[1:]}'
    if fits:
        strict_json.parse(stamped(raw).body)
    else:
        with pytest.raises(MalformedJson, match="recursion"):
            stamped(raw)


def test_the_statement_that_was_given_is_not_changed() -> None:
    statement = {
        **CORE,
        "stored": OWN["timestamp"],
        "context": {"contextActivities": {"parent": CORE["object"]}},
    }
    before = copy.deepcopy(statement)
    stamp().new_statement(statement, printed(statement).encode())
    assert statement == before


def test_the_id_is_kept_in_lower_case_and_sent_back_as_it_came() -> None:
    new = stamped(printed({**CORE, "id": NEW_ID.upper()}))
    assert new.id == NEW_ID
    assert new.parsed["id"] == NEW_ID.upper()
    assert NEW_ID.upper().encode() in new.body


@pytest.mark.parametrize(
    ("verb", "refers_to", "voids"),
    [(VOIDED, NEW_ID, True), ("http://adlnet.gov/expapi/verbs/scored", NEW_ID, False), (VOIDED, None, False)],
)
def test_a_statement_voids_what_it_refers_to_by_its_verb(
    verb: str, refers_to: str | None, voids: bool
) -> None:
    target = {"objectType": "StatementRef", "id": NEW_ID.upper()} if refers_to else CORE["object"]
    new = stamped(printed({**CORE, "verb": {"id": verb}, "object": target}))
    assert (new.refers_to, new.voids) == (refers_to, voids)


def test_terms_speak_of_the_stamped_statement() -> None:
    terms = stamped(printed({**CORE, "authority": SENT})).terms
    assert (TermKind.AUTHORITY, 'account:key "Ä"@https://lrs.example') in terms
    assert (TermKind.RELATED_AGENT, "mailto:sent@academy.example") not in terms


@relaxed
@given(statements(Version.V1) | statements(Version.V2), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_bytes_and_parsed_statement_say_the_same(
    statement: dict[str, Any], trusted: bool, indent: int | str | None
) -> None:
    raw = json.dumps(statement, indent=indent, ensure_ascii=indent == 1).encode()
    new = stamped(raw, trusted=trusted)
    data = with_stored(new.body, NOW_US)
    assert strict_json.parse(data) == {**new.parsed, "stored": format_us(NOW_US)}
    assert next(iter(strict_json.members(data))) == "stored"
    kept = strict_json.members(raw)
    for name in set(kept) - {"stored", "context", "object"} - (set() if trusted else {"authority"}):
        assert strict_json.members(data)[name] == kept[name]
    assert new.parsed.keys() - statement.keys() <= {"id", "timestamp", "authority", "version"}
    assert re.fullmatch(r"[0-9a-f-]{36}", new.id)
