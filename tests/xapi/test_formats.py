from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lrs.xapi import strict_json
from lrs.xapi.formats import as_canonical, as_ids
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.xapi.strategies import statements

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ACCOUNT = {"homePage": "https://academy.example", "name": "O-1017"}
AGENT = {"objectType": "Agent", "name": "Recruit 17", "account": ACCOUNT}
AGENT_ID = {"objectType": "Agent", "account": ACCOUNT}
MEMBER = {"name": "Recruit 18", "mbox": "mailto:r18@academy.example"}
ANONYMOUS = {"objectType": "Group", "name": "Crew", "member": [AGENT, MEMBER]}
ANONYMOUS_ID = {"objectType": "Group", "member": [AGENT_ID, {"mbox": "mailto:r18@academy.example"}]}
IDENTIFIED = {**ANONYMOUS, "openid": "https://academy.example/unit-3"}
IDENTIFIED_ID = {"objectType": "Group", "openid": "https://academy.example/unit-3"}
VERB = {"id": "http://adlnet.gov/expapi/verbs/responded", "display": {"en": "responded", "de": "antwortete"}}
COMPONENT = {"id": "a", "description": {"en": "An open question", "de": "Eine offene Frage"}}
ACTIVITY: dict[str, Any] = {
    "objectType": "Activity",
    "id": "https://academy.example/scenarios/7",
    "definition": {
        "name": {"en": "A talk", "de": "Ein Gespräch"},
        "description": {"de": "Worum es geht"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "choice",
        "correctResponsesPattern": ["a"],
        "choices": [COMPONENT, {"id": "b"}],
        "extensions": {"https://academy.example/e": {"name": {"en": "x", "de": "y"}}},
    },
}
ACTIVITY_ID = {"id": ACTIVITY["id"]}
ATTACHMENT = {
    "usageType": "https://academy.example/usage/note",
    "display": {"en": "A note", "de": "Eine Notiz"},
    "description": {"en": "What", "de": "Was"},
    "contentType": "text/plain",
    "length": 1,
    "sha2": "a" * 64,
}
CONTEXT = {
    "registration": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "instructor": AGENT,
    "team": ANONYMOUS,
    "contextActivities": {"parent": [ACTIVITY], "other": [ACTIVITY, ACTIVITY]},
    "contextAgents": [
        {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://x.example/t"]}
    ],
    "contextGroups": [{"objectType": "contextGroup", "group": IDENTIFIED}],
    "statement": {"objectType": "StatementRef", "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"},
    "extensions": {"https://academy.example/e": AGENT},
}
CONTEXT_IDS = {
    **CONTEXT,
    "instructor": AGENT_ID,
    "team": ANONYMOUS_ID,
    "contextActivities": {"parent": [ACTIVITY_ID], "other": [ACTIVITY_ID, ACTIVITY_ID]},
    "contextAgents": [
        {"objectType": "contextAgent", "agent": AGENT_ID, "relevantTypes": ["https://x.example/t"]}
    ],
    "contextGroups": [{"objectType": "contextGroup", "group": IDENTIFIED_ID}],
}
EVENT = {
    "actor": AGENT,
    "verb": VERB,
    "object": ACTIVITY,
    "result": {"success": True, "extensions": {"https://academy.example/e": AGENT}},
    "context": CONTEXT,
    "attachments": [ATTACHMENT],
}
EVENT_IDS = {
    **EVENT,
    "actor": AGENT_ID,
    "verb": {"id": VERB["id"]},
    "object": ACTIVITY_ID,
    "context": CONTEXT_IDS,
}
SUBSTATEMENT = {"objectType": "SubStatement", **EVENT}
STATEMENT = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "stored": "2026-11-23T06:10:00.000000Z",
    **EVENT,
    "object": SUBSTATEMENT,
    "authority": {"objectType": "Agent", "name": "VR", "mbox": "mailto:vr@vendor.example"},
}


def test_ids_keep_only_what_identifies_in_a_statement_and_its_substatement() -> None:
    assert as_ids(STATEMENT) == {
        **STATEMENT,
        **EVENT_IDS,
        "object": {"objectType": "SubStatement", **EVENT_IDS},
        "authority": {"objectType": "Agent", "mbox": "mailto:vr@vendor.example"},
    }


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        (AGENT, AGENT_ID),
        (MEMBER, {"mbox": "mailto:r18@academy.example"}),
        ({"name": "x", "mbox_sha1sum": "e" * 40}, {"mbox_sha1sum": "e" * 40}),
        (ANONYMOUS, ANONYMOUS_ID),
        (IDENTIFIED, IDENTIFIED_ID),
        ({"objectType": "Group", "member": []}, {"objectType": "Group", "member": []}),
    ],
)
@pytest.mark.parametrize("place", ["actor", "object"])
def test_ids_of_an_actor_are_its_identifier_and_of_an_anonymous_group_its_members(
    place: str, actor: dict[str, Any], shown: dict[str, Any]
) -> None:
    if place == "object":
        actor, shown = {"objectType": "Agent", **actor}, {"objectType": "Agent", **shown}
    assert as_ids({**STATEMENT, place: actor})[place] == shown


def test_a_statement_reference_is_shown_whole_in_every_format() -> None:
    one = {**STATEMENT, "object": CONTEXT["statement"]}
    assert as_ids(one)["object"] == CONTEXT["statement"]
    assert as_canonical(one, "de")["object"] == CONTEXT["statement"]


def test_an_authority_of_two_keeps_its_members_in_ids() -> None:
    assert as_ids({**STATEMENT, "authority": ANONYMOUS})["authority"] == ANONYMOUS_ID


def german(event: dict[str, Any]) -> dict[str, Any]:
    """The event with German in every language map, its object an activity."""
    definition = {
        **ACTIVITY["definition"],
        "name": {"de": "Ein Gespräch"},
        "choices": [{"id": "a", "description": {"de": "Eine offene Frage"}}, {"id": "b"}],
    }
    activity = {**ACTIVITY, "definition": definition}
    context = {**CONTEXT, "contextActivities": {"parent": [activity], "other": [activity, activity]}}
    return {
        **event,
        "verb": {**VERB, "display": {"de": "antwortete"}},
        "object": activity,
        "context": context,
        "attachments": [{**ATTACHMENT, "display": {"de": "Eine Notiz"}, "description": {"de": "Was"}}],
    }


def test_canonical_has_one_language_in_every_map_of_a_statement_and_its_substatement() -> None:
    inner = {"objectType": "SubStatement", **german(EVENT)}
    assert as_canonical(STATEMENT, "de") == {**german(STATEMENT), "object": inner}


def test_canonical_chooses_for_each_map_on_its_own() -> None:
    shown = as_canonical({**STATEMENT, "object": ACTIVITY}, "en")["object"]["definition"]
    assert shown["name"] == {"en": "A talk"}
    assert shown["description"] == {"de": "Worum es geht"}


@pytest.mark.parametrize("name", ["choices", "scale", "source", "target", "steps"])
def test_canonical_reaches_every_kind_of_component(name: str) -> None:
    activity = {"id": ACTIVITY["id"], "definition": {name: [COMPONENT]}}
    shown = as_canonical({**STATEMENT, "object": activity}, "de")
    assert shown["object"]["definition"] == {name: [{"id": "a", "description": {"de": "Eine offene Frage"}}]}


def test_canonical_without_a_header_still_has_one_language() -> None:
    assert len(as_canonical(STATEMENT, None)["verb"]["display"]) == 1


@pytest.mark.parametrize("display", [{}, None])
def test_canonical_leaves_an_empty_or_missing_map_as_it_is(display: dict[str, str] | None) -> None:
    verb = {"id": VERB["id"]} if display is None else {"id": VERB["id"], "display": display}
    assert as_canonical({**STATEMENT, "verb": verb}, "de")["verb"] == verb


def test_a_lone_context_activity_is_shown_in_an_array() -> None:
    one = {**STATEMENT, "context": {"contextActivities": {"parent": ACTIVITY}}}
    assert as_ids(one)["context"]["contextActivities"] == {"parent": [ACTIVITY_ID]}
    assert isinstance(as_canonical(one, "de")["context"]["contextActivities"]["parent"], list)


def test_the_statement_itself_is_not_changed() -> None:
    before = copy.deepcopy(STATEMENT)
    as_ids(STATEMENT)
    as_canonical(STATEMENT, "de")
    assert before == STATEMENT


def _maps(value: Any) -> list[Any]:
    """Every language map outside extensions."""
    if isinstance(value, list):
        return [found for part in value for found in _maps(part)]
    if not isinstance(value, dict):
        return []
    return [
        found
        for name, part in value.items()
        if name != "extensions"
        for found in (
            [part]
            if name in ("display", "description") or (name == "name" and isinstance(part, dict))
            else _maps(part)
        )
    ]


@relaxed
@given(statements(Version.V2))
def test_canonical_never_shows_two_languages_and_changes_nothing_else(statement: dict[str, Any]) -> None:
    shown = as_canonical(statement, "de, en;q=0.5")
    before, after = _maps(statement), _maps(shown)
    assert [len(chosen) for chosen in after] == [min(1, len(given)) for given in before]
    assert all(chosen.items() <= given.items() for chosen, given in zip(after, before, strict=True))
    assert check_statement(shown, Version.V2) == check_statement(statement, Version.V2)
    assert list(shown) == list(statement)


@relaxed
@given(statements(Version.V2))
def test_ids_are_a_valid_statement_and_need_no_second_pass(statement: dict[str, Any]) -> None:
    shown = as_ids(statement)
    assert check_statement(shown, Version.V2) == []
    assert as_ids(shown) == shown
    assert list(shown) == list(statement)


NUMBERS = '{"x":[1e2,1E+02,1.10,-0,-0.0,1e400,' + "9" * 40 + '],"a":0.1000000000000000055}'
WITH_NUMBERS = (
    f'{{"id":"{STATEMENT["id"]}","actor":{{"name":"x","mbox":"mailto:a@x.example"}},"verb":{{"id":"https://x.example/v"}},'
    f'"object":{{"id":"https://x.example/a"}},"result":{{"score":{{"raw":7.0,"max":1e1}},"extensions":{NUMBERS}}},'
    f'"context":{{"extensions":{NUMBERS}}}}}'
).encode()


@pytest.mark.parametrize("shown_as", [as_ids, lambda statement: as_canonical(statement, "de")])
def test_numbers_and_the_order_of_keys_keep_their_text_in_every_format(shown_as: Any) -> None:
    shown = strict_json.print_exactly(shown_as(strict_json.parse_exactly(WITH_NUMBERS)))
    assert shown.replace(b'"name":"x",', b"") == WITH_NUMBERS.replace(b'"name":"x",', b"")
