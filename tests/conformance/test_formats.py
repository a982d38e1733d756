"""`format=ids` and `format=canonical` in every answer: one statement, a page, the pages behind it, multipart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients import Xapi
from tests.conformance.samples import statement

MAP = {"en-US": "English", "fr": "français", "de": "deutsch"}
DEFINITION = {
    "name": MAP,
    "description": MAP,
    "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "interactionType": "choice",
    "choices": [{"id": "a", "description": MAP}],
}
ACTIVITY = {"objectType": "Activity", "id": "https://example.com/defined", "definition": DEFINITION}
PERSON = {"objectType": "Agent", "name": "Name", "mbox": "mailto:p@example.com"}
UNIT = {"objectType": "Group", "name": "Unit", "member": [PERSON, {**PERSON, "mbox": "mailto:q@example.com"}]}
NAMED_UNIT = {**UNIT, "mbox": "mailto:u@example.com"}
VERB = {"id": "https://example.com/verbs/did", "display": MAP}
CONTEXT = {
    "instructor": PERSON,
    "team": UNIT,
    "contextActivities": {"parent": [ACTIVITY], "category": ACTIVITY},
    "extensions": {"https://example.com/x": {"display": MAP}},
}


def rich(**parts: Any) -> dict[str, Any]:
    return statement(**{"actor": UNIT, "verb": VERB, "object": ACTIVITY, "context": CONTEXT, **parts})


def inside() -> dict[str, Any]:
    return rich(
        object={
            "objectType": "SubStatement",
            "actor": NAMED_UNIT,
            "verb": VERB,
            "object": ACTIVITY,
            "context": CONTEXT,
        }
    )


def shown(xapi: Xapi, format_: str, **headers: str) -> Iterator[dict[str, Any]]:
    """Statements as each kind of answer shows them: alone, on a page, on the next page, in multipart."""
    ids = xapi.ids(ascending="true")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    for one in ids:
        yield xapi.get(statementId=one, format=format_, headers=sent).json
    page = xapi.get(format=format_, limit="1", headers=sent).json
    while True:
        yield from page["statements"]
        if not page["more"]:
            break
        page = xapi.get(page["more"], headers=sent).json
    whole = xapi.get(format=format_, attachments="true", headers=sent)
    assert whole.content_type.startswith("multipart/mixed")
    yield from json.loads(whole.data.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0])["statements"]


def maps(node: Any) -> Iterator[dict[str, str]]:
    """Every language map of a statement, extensions apart."""
    if isinstance(node, list):
        for part in node:
            yield from maps(part)
    elif isinstance(node, dict):
        for name, part in node.items():
            if name in ("display", "description") or (name == "name" and isinstance(part, dict)):
                yield part
            elif name != "extensions":
                yield from maps(part)


def test_canonical_has_one_language_in_each_map_wherever_it_stands(either: Xapi) -> None:
    either.post([rich(), inside(), rich()])
    answers = list(shown(either, "canonical", Accept_Language="de, fr;q=0.9"))
    assert len(answers) == 9
    for one in answers:
        found = list(maps(one))
        assert len(found) >= 9
        assert all(each == {"de": "deutsch"} for each in found)
        assert one["context"]["extensions"]["https://example.com/x"] == {"display": MAP}


def test_canonical_keeps_agents_and_groups_whole(either: Xapi) -> None:
    either.post(inside())
    for one in shown(either, "canonical"):
        assert one["actor"] == UNIT
        assert one["object"]["actor"] == NAMED_UNIT
        assert one["context"]["instructor"] == PERSON
        assert one["authority"] == either.get(statementId=one["id"]).json["authority"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("fr", "français"),
        ("fr-CA, en;q=0.1", "français"),
        ("de;q=0.2, fr;q=0.8", "français"),
        ("en", "English"),
        ("en-GB", "English"),
        ("*", "English"),
        ("ja", "English"),
        ("ja, de;q=0.1", "deutsch"),
        ("en;q=0, de", "deutsch"),
    ],
)
def test_each_map_answers_the_language_that_was_asked_for(either: Xapi, asked: str, given: str) -> None:
    [one] = either.post(rich()).json
    answer = either.get(statementId=one, format="canonical", headers={"Accept-Language": asked}).json
    assert list(answer["verb"]["display"].values()) == [given]
    assert list(answer["object"]["definition"]["name"].values()) == [given]


def test_each_map_chooses_for_itself(either: Xapi) -> None:
    one = rich(verb={**VERB, "display": {"ja": "した"}})
    either.post(one)
    asked = {"Accept-Language": "fr"}
    answer = either.get(statementId=one["id"], format="canonical", headers=asked).json
    assert answer["verb"]["display"] == {"ja": "した"}
    assert answer["object"]["definition"]["name"] == {"fr": "français"}


def test_more_pages_answer_in_the_language_of_their_own_request(either: Xapi) -> None:
    either.post([rich(), rich()])
    first = either.get(format="canonical", limit="1", headers={"Accept-Language": "fr"}).json
    second = either.get(first["more"], headers={"Accept-Language": "de"}).json
    assert first["statements"][0]["verb"]["display"] == {"fr": "français"}
    assert second["statements"][0]["verb"]["display"] == {"de": "deutsch"}


def test_ids_leave_what_identifies_and_nothing_else(either: Xapi) -> None:
    either.post([rich(), inside(), rich(actor=NAMED_UNIT)])
    answers = list(shown(either, "ids"))
    assert len(answers) == 9
    for one in answers:
        parts = [one, one["object"]] if one["object"].get("objectType") == "SubStatement" else [one]
        for part in parts:
            assert part["verb"] == {"id": VERB["id"]}
            assert part["context"]["contextActivities"]["parent"] == [
                {"objectType": "Activity", "id": ACTIVITY["id"]}
            ] or part["context"]["contextActivities"]["parent"] == [{"id": ACTIVITY["id"]}]
            assert "name" not in part["actor"]
            assert "name" not in part["context"]["instructor"]
            assert part["context"]["instructor"]["mbox"] == PERSON["mbox"]
        assert "definition" not in json.dumps(one)
        assert list(maps(one)) == []


def test_ids_keep_the_members_of_an_anonymous_group_and_not_those_of_an_identified_one(either: Xapi) -> None:
    one, two = rich(), rich(actor=NAMED_UNIT)
    either.post([one, two])
    anonymous = either.get(statementId=one["id"], format="ids").json["actor"]
    assert [member["mbox"] for member in anonymous["member"]] == [
        "mailto:p@example.com",
        "mailto:q@example.com",
    ]
    assert all("name" not in member for member in anonymous["member"])
    identified = either.get(statementId=two["id"], format="ids").json["actor"]
    assert identified == {"objectType": "Group", "mbox": "mailto:u@example.com"}


def test_ids_shorten_the_agents_and_groups_of_2_0_too(xapi2: Xapi) -> None:
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": PERSON, "relevantTypes": ["x:role"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": NAMED_UNIT}],
    }
    [one] = xapi2.post(statement(context=context)).json
    kept = xapi2.get(statementId=one, format="ids").json["context"]
    assert "name" not in kept["contextAgents"][0]["agent"]
    assert kept["contextGroups"][0]["group"] == {"objectType": "Group", "mbox": "mailto:u@example.com"}


def test_exact_is_the_default_and_leaves_everything(either: Xapi) -> None:
    one = inside()
    either.post(one)
    exact = either.get(statementId=one["id"], format="exact")
    assert exact.data == either.get(statementId=one["id"]).data
    assert exact.json["object"]["actor"] == NAMED_UNIT
    assert exact.json["verb"] == VERB
