"""A statement whose id is there already: which differences are none, and which are a conflict (xAPI-Data 2.3.1)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients import Xapi
from tests.conformance.samples import attached, error_of, multipart, raw_post, statement

ACTIVITY = {"objectType": "Activity", "id": "https://example.com/a", "definition": {"name": {"en": "A"}}}
MEMBERS = [{"mbox": "mailto:one@example.com", "name": "One"}, {"openid": "https://id.example/two"}]
FILE = attached(b"x", fileUrl="https://example.com/x")


def sample() -> dict[str, Any]:
    return statement(
        actor={"objectType": "Group", "name": "Unit", "member": MEMBERS},
        verb={"id": "https://example.com/did", "display": {"en": "did"}},
        object=ACTIVITY,
        timestamp="2026-01-02T03:04:05.500Z",
        result={
            "score": {"raw": 5, "min": 1, "max": 7, "scaled": 0.5},
            "success": True,
            "response": "yes",
            "duration": "PT1M30.25S",
            "extensions": {"https://example.com/x": {"a": 1, "b": [1, 2]}},
        },
        context={
            "registration": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
            "instructor": {"mbox": "mailto:Boss@Example.com"},
            "contextActivities": {"parent": [{"id": "https://example.com/p"}]},
            "language": "en-US",
            "extensions": {"https://example.com/y": "z"},
        },
        attachments=[FILE],
    )


Change = Callable[[dict[str, Any]], Any]


def setter(path: str, value: Any) -> Change:
    def change(one: dict[str, Any]) -> None:
        node: Any = one
        *parents, last = path.split("/")
        for name in parents:
            node = node[int(name) if isinstance(node, list) else name]
        node[int(last) if isinstance(node, list) else last] = value

    return change


def dropper(path: str) -> Change:
    def change(one: dict[str, Any]) -> None:
        node: Any = one
        *parents, last = path.split("/")
        for name in parents:
            node = node[int(name) if isinstance(node, list) else name]
        del node[last]

    return change


NO_DIFFERENCE: dict[str, Change] = {
    "nothing": lambda one: None,
    "an id in upper case": lambda one: one.update(id=one["id"].upper()),
    "another stored": setter("stored", "2020-01-01T00:00:00Z"),
    "another authority": setter("authority", {"mbox": "mailto:other@example.com"}),
    "another patch version": setter("version", "1.0.3"),
    "the timestamp in another time zone": setter("timestamp", "2026-01-02T04:04:05.5+01:00"),
    "another display of the verb": setter("verb/display", {"fr": "fit"}),
    "no display of the verb": dropper("verb/display"),
    "another definition": setter("object/definition", {"name": {"en": "B"}, "type": "https://e.example/t"}),
    "no definition": dropper("object/definition"),
    "no objectType where Activity is the default": dropper("object/objectType"),
    "the members in another order": setter("actor/member", MEMBERS[::-1]),
    "objectType Agent said of a member": setter("actor/member/0/objectType", "Agent"),
    "the domain in another case": setter("context/instructor/mbox", "mailto:Boss@EXAMPLE.COM"),
    "the registration in upper case": setter("context/registration", "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"),
    "the language in another case": setter("context/language", "EN-us"),
    "a lone context activity": setter("context/contextActivities/parent", {"id": "https://example.com/p"}),
    "numbers written otherwise": setter("result/score/raw", 5.0),
    "a duration finer than 0.01 s": setter("result/duration", "PT1M30.259S"),
    "the hash in upper case": lambda one: one["attachments"][0].update(sha2=FILE["sha2"].upper()),
}
DIFFERENCE: dict[str, Change] = {
    "actor": setter("actor", {"mbox": "mailto:a@example.com"}),
    "one member less": setter("actor/member", MEMBERS[:1]),
    "name of a member": setter("actor/member/0/name", "Uno"),
    "verb": setter("verb/id", "https://example.com/undid"),
    "case of the verb": setter("verb/id", "https://example.com/DID"),
    "object": setter("object/id", "https://example.com/b"),
    "timestamp": setter("timestamp", "2026-01-02T03:04:05.501Z"),
    "score": setter("result/score/raw", 6),
    "score by a hair": setter("result/score/scaled", 0.5000000001),
    "one score less": dropper("result/score/min"),
    "success": setter("result/success", False),
    "true for 1": lambda one: one["result"]["extensions"]["https://example.com/x"].update(a=True),
    "response": setter("result/response", "Yes"),
    "duration by 0.01 s": setter("result/duration", "PT1M30.26S"),
    "duration in other units": setter("result/duration", "PT90.25S"),
    "no result": dropper("result"),
    "registration": setter("context/registration", "6690e6c9-3ef0-4ed3-8b37-7f3964730bef"),
    "local part of an address": setter("context/instructor/mbox", "mailto:boss@Example.com"),
    "kind of a context activity": lambda one: one["context"].update(
        contextActivities={"grouping": [{"id": "https://example.com/p"}]}
    ),
    "language": setter("context/language", "en-GB"),
    "order of a list in an extension": lambda one: one["result"]["extensions"][
        "https://example.com/x"
    ].update(b=[2, 1]),
    "one extension less": dropper("context/extensions"),
    "title of an attachment": setter("attachments/0/display", {"en": "other"}),
    "no attachments": dropper("attachments"),
}


def changed(one: dict[str, Any], change: Change) -> dict[str, Any]:
    other = copy.deepcopy(one)
    change(other)
    return other


@pytest.mark.parametrize("name", NO_DIFFERENCE)
def test_what_means_the_same_is_taken_again_and_changes_nothing(anywhere: Xapi, name: str) -> None:
    one = sample()
    assert anywhere.post(one).status_code == 200
    kept = anywhere.get(statementId=one["id"]).data
    again = changed(one, NO_DIFFERENCE[name])
    posted = anywhere.post(again)
    assert (posted.status_code, [each.lower() for each in posted.json]) == (200, [one["id"]])
    assert anywhere.put(one["id"], again).status_code == 204
    assert anywhere.post([statement(), again]).status_code == 200
    assert anywhere.get(statementId=one["id"]).data == kept


@pytest.mark.parametrize("name", DIFFERENCE)
def test_what_means_something_else_is_a_conflict_and_changes_nothing(anywhere: Xapi, name: str) -> None:
    one = sample()
    assert anywhere.post(one).status_code == 200
    kept = anywhere.get(statementId=one["id"]).data
    other = changed(one, DIFFERENCE[name])
    beside = statement()
    for answer in (anywhere.post(other), anywhere.put(one["id"], other), anywhere.post([beside, other])):
        assert answer.status_code == 409
        assert error_of(answer)["code"] == "conflict"
    assert anywhere.get(statementId=beside["id"]).status_code == 404
    assert anywhere.get(statementId=one["id"]).data == kept


def test_a_timestamp_that_the_server_gave_is_no_difference(anywhere: Xapi) -> None:
    one = statement()
    anywhere.post(one)
    assert anywhere.post(one).status_code == 200
    kept = anywhere.get(statementId=one["id"]).json
    assert anywhere.post({**one, "timestamp": kept["timestamp"]}).status_code == 200


def test_the_answer_of_a_get_posted_again_is_the_same_statement(anywhere: Xapi) -> None:
    one = sample()
    anywhere.post(one)
    kept = anywhere.get(statementId=one["id"]).data
    assert raw_post(anywhere, kept).status_code == 200
    assert anywhere.get(statementId=one["id"]).data == kept


def test_the_order_of_members_and_blanks_are_no_difference(anywhere: Xapi) -> None:
    one = sample()
    anywhere.post(one)
    turned = json.dumps(dict(reversed(one.items())), indent=3).encode()
    assert raw_post(anywhere, turned).status_code == 200


def test_what_is_the_same_in_one_version_is_the_same_in_the_other(xapi: Xapi, xapi2: Xapi) -> None:
    one = sample()
    assert xapi.post(one).status_code == 200
    assert xapi2.post(one).status_code == 200
    assert xapi.get(statementId=one["id"]).json["version"] == "1.0.0"


def test_another_key_that_sends_the_same_changes_nothing(
    client_with: Callable[..., Xapi], xapi: Xapi
) -> None:
    one = sample()
    xapi.post(one)
    kept = xapi.get(statementId=one["id"]).data
    assert client_with("statements/write").post(one).status_code == 200
    assert xapi.get(statementId=one["id"]).data == kept


def test_raw_data_is_no_part_of_a_statement(anywhere: Xapi) -> None:
    content = b"x"
    one = statement(attachments=[attached(content, fileUrl="https://example.com/x")])
    assert anywhere.post(one).status_code == 200
    assert anywhere.request("POST", "/xapi/statements", **multipart(one, content)).status_code == 200


def test_order_of_context_agents_and_their_types_count_in_2_0(xapi2: Xapi) -> None:
    agents = [
        {"objectType": "contextAgent", "agent": {"mbox": f"mailto:{n}@example.com"}, "relevantTypes": ["x:r"]}
        for n in "ab"
    ]
    one = statement(context={"contextAgents": agents})
    assert xapi2.post(one).status_code == 200
    assert xapi2.post(one).status_code == 200
    less = statement(id=one["id"], context={"contextAgents": agents[:1]})
    assert xapi2.post(less).status_code == 409
