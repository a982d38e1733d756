from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lrs.xapi.incoming import Stamp
from lrs.xapi.statement import TermKind
from lrs.xapi.terms import authority_key, terms_of
from lrs.xapi.versions import Version
from tests.xapi.strategies import statements

REGISTRATION = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"


def agent(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@x.example"}


def group(*members: str, name: str | None = None) -> dict[str, Any]:
    own = {"mbox": f"mailto:{name}@x.example"} if name else {}
    return {"objectType": "Group", **own, "member": [agent(member) for member in members]}


def activity(name: str) -> dict[str, Any]:
    return {"id": f"https://x.example/{name}"}


def event(where: str = "", **members: Any) -> dict[str, Any]:
    return {
        "actor": agent(f"{where}actor"),
        "verb": activity(f"{where}verb"),
        "object": activity(f"{where}object"),
        **members,
    }


def statement(**members: Any) -> dict[str, Any]:
    return {"authority": agent("authority"), **event(), **members}


def found(one: dict[str, Any], kind: TermKind) -> set[str]:
    """The short names of what a statement is found by."""
    texts = [text for term, text in terms_of(one) if term is kind]
    return {
        text.removeprefix("mailto:").removeprefix("https://x.example/").removesuffix("@x.example")
        for text in texts
    }


CONTEXT = {
    "instructor": agent("instructor"),
    "team": group("teammate", name="team"),
    "contextAgents": [{"objectType": "contextAgent", "agent": agent("officer")}],
    "contextGroups": [{"objectType": "contextGroup", "group": group("unit-member", name="unit")}],
    "contextActivities": {
        "parent": [activity("parent"), activity("parent-2")],
        "grouping": [activity("grouping")],
        "category": [activity("category")],
        "other": activity("lone"),
    },
    "statement": {"objectType": "StatementRef", "id": REGISTRATION},
}
AROUND = {"instructor", "team", "teammate", "officer", "unit", "unit-member"}
LISTED = {"parent", "parent-2", "grouping", "category", "lone"}


def test_a_statement_is_found_by_its_verb_actor_and_activity() -> None:
    one = statement()
    assert found(one, TermKind.VERB) == {"verb"}
    assert found(one, TermKind.AGENT) == {"actor"}
    assert found(one, TermKind.ACTIVITY) == {"object"}


def test_an_agent_that_is_the_object_is_found() -> None:
    one = statement(object=agent("object-agent"))
    assert found(one, TermKind.AGENT) == {"actor", "object-agent"}
    assert found(one, TermKind.RELATED_AGENT) == {"actor", "object-agent", "authority"}
    assert found(one, TermKind.ACTIVITY) == set()


def test_a_group_is_found_by_itself_and_its_members_in_both_places() -> None:
    one = statement(actor=group("a", "b", name="crew"), object=group("c"))
    assert found(one, TermKind.AGENT) == {"crew", "a", "b", "c"}
    assert found(one, TermKind.RELATED_AGENT) == {"crew", "a", "b", "c", "authority"}


def test_context_and_authority_are_found_as_related_only() -> None:
    one = statement(context=CONTEXT)
    assert found(one, TermKind.AGENT) == {"actor"}
    assert found(one, TermKind.RELATED_AGENT) == {"actor", "authority"} | AROUND
    assert found(one, TermKind.ACTIVITY) == {"object"}
    assert found(one, TermKind.RELATED_ACTIVITY) == {"object"} | LISTED


def test_a_substatement_is_found_as_related_only() -> None:
    inner = event("inner-", objectType="SubStatement", context={**CONTEXT, "registration": REGISTRATION})
    one = statement(object=inner)
    assert found(one, TermKind.VERB) == {"verb"}
    assert found(one, TermKind.AGENT) == {"actor"}
    assert found(one, TermKind.ACTIVITY) == set()
    assert found(one, TermKind.REGISTRATION) == set()
    assert found(one, TermKind.RELATED_AGENT) == {"actor", "authority", "inner-actor"} | AROUND
    assert found(one, TermKind.RELATED_ACTIVITY) == {"inner-object"} | LISTED


def test_an_agent_that_is_the_object_of_a_substatement_is_found_as_related() -> None:
    inner = event("inner-", objectType="SubStatement") | {"object": group("deep", name="deep-group")}
    assert found(statement(object=inner), TermKind.RELATED_AGENT) == {
        *("actor", "authority", "inner-actor", "deep", "deep-group"),
    }


def test_a_reference_to_a_statement_is_no_term_of_its_own() -> None:
    one = statement(
        object={"objectType": "StatementRef", "id": REGISTRATION}, context={"statement": CONTEXT["statement"]}
    )
    assert {kind for kind, _ in terms_of(one)} == {
        *(TermKind.VERB, TermKind.AGENT, TermKind.RELATED_AGENT, TermKind.AUTHORITY),
    }


def test_a_registration_is_found_in_lower_case() -> None:
    assert found(statement(context={"registration": REGISTRATION.upper()}), TermKind.REGISTRATION) == {
        REGISTRATION
    }


def test_a_term_stands_once_and_in_a_fixed_order() -> None:
    one = statement(actor=agent("same"), object=agent("same"), authority=agent("same"))
    assert terms_of(one) == (
        (TermKind.VERB, "https://x.example/verb"),
        (TermKind.AGENT, "mailto:same@x.example"),
        (TermKind.RELATED_AGENT, "mailto:same@x.example"),
        (TermKind.AUTHORITY, "mailto:same@x.example"),
    )


@pytest.mark.parametrize(
    ("authority", "key"),
    [
        (agent("key"), "mailto:key@x.example"),
        (group("application", "user"), "mailto:application@x.example"),
    ],
)
def test_an_authority_is_known_by_its_agent_or_its_application(authority: dict[str, Any], key: str) -> None:
    assert authority_key(authority) == key
    assert (TermKind.AUTHORITY, key) in terms_of(statement(authority=authority))


def test_both_members_of_an_authority_are_related_agents() -> None:
    one = statement(authority=group("application", "user"))
    assert found(one, TermKind.RELATED_AGENT) == {"actor", "application", "user"}


def test_agents_and_activities_in_extensions_are_only_content() -> None:
    extension = {"https://x.example/extensions/officer": {**agent("hidden"), **activity("hidden")}}
    one = statement(context={"extensions": extension}, result={"extensions": extension})
    assert "hidden" not in str(terms_of(one))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(statements(Version.V1) | statements(Version.V2))
def test_what_is_found_directly_is_found_as_related_too(one: dict[str, Any]) -> None:
    stamp = Stamp(
        now_us=0,
        authority=agent("authority"),
        version="1.0.3",
        new_id=lambda: REGISTRATION,
        trusted=True,
    )
    terms = stamp.new_statement(one, json.dumps(one).encode()).terms
    assert len(set(terms)) == len(terms)
    for direct, related in (
        (TermKind.AGENT, TermKind.RELATED_AGENT),
        (TermKind.ACTIVITY, TermKind.RELATED_ACTIVITY),
        (TermKind.AUTHORITY, TermKind.RELATED_AGENT),
    ):
        assert {text for kind, text in terms if kind is direct} <= {
            text for kind, text in terms if kind is related
        }
