"""What is known of an agent and of an activity, from all statements together."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.clients import Xapi
from tests.web.xapi.test_statements import statement

ACTIVITY = "https://example.com/activities/1"


def test_a_person_has_arrays_of_what_is_known(xapi: Xapi) -> None:
    account = {"homePage": "https://example.com", "name": "o@1"}
    xapi.post([statement(actor={"account": account, "name": name}) for name in ("First", "Second", "First")])
    answer = xapi.get("/xapi/agents", agent=json.dumps({"account": account}))
    assert answer.json == {"objectType": "Person", "name": ["First", "Second"], "account": [account]}


def test_names_are_found_wherever_the_agent_stands(xapi: Xapi) -> None:
    mbox = "mailto:b@example.com"
    group = {"objectType": "Group", "member": [{"mbox": mbox, "name": "Member"}]}
    xapi.post(
        [statement(actor=group), statement(context={"instructor": {"mbox": mbox, "name": "Instructor"}})]
    )
    answer = xapi.get("/xapi/agents", agent=json.dumps({"mbox": mbox}))
    assert sorted(answer.json["name"]) == ["Instructor", "Member"]


def test_an_agent_that_nobody_mentioned_is_a_person_all_the_same(xapi: Xapi) -> None:
    answer = xapi.get("/xapi/agents", agent='{"mbox":"mailto:new@example.com","name":"New"}')
    assert answer.json == {"objectType": "Person", "name": ["New"], "mbox": ["mailto:new@example.com"]}


def test_an_agent_has_to_be_given_and_to_be_one(xapi: Xapi) -> None:
    for query in ({}, {"agent": "{"}, {"agent": "{}"}, {"agent": '{"mbox":"x"}'}, {"Agent": "{}"}):
        answer = xapi.get("/xapi/agents", **query)
        assert answer.status_code == 400
        assert answer.json["error"]["details"][0]["path"] in ("agent", "Agent")


def defined(**definition: Any) -> dict[str, Any]:
    return statement(object={"id": ACTIVITY, "definition": definition})


def test_an_activity_is_what_all_statements_say_of_it(xapi: Xapi) -> None:
    xapi.post(defined(name={"en": "One", "fr": "Un"}, type="https://example.com/types/a"))
    xapi.post(
        statement(
            context={
                "contextActivities": {
                    "parent": [{"id": ACTIVITY, "definition": {"name": {"de": "Eins", "en": "1"}}}]
                }
            }
        )
    )
    answer = xapi.get("/xapi/activities", activityId=ACTIVITY).json
    assert answer == {
        "objectType": "Activity",
        "id": ACTIVITY,
        "definition": {"name": {"en": "1", "fr": "Un", "de": "Eins"}, "type": "https://example.com/types/a"},
    }


def test_an_activity_that_nobody_defined_has_its_id_as_it_was_asked_for(xapi: Xapi, xapi2: Xapi) -> None:
    for client in (xapi, xapi2):
        answer = client.get("/xapi/activities", activityId="https://example.com/a/../b")
        assert answer.json == {"objectType": "Activity", "id": "https://example.com/a/../b"}


def test_an_activity_has_to_be_named_by_an_iri(xapi: Xapi) -> None:
    for query in ({}, {"activityId": "no iri"}, {"activityId": ACTIVITY, "extra": "1"}):
        assert xapi.get("/xapi/activities", **query).status_code == 400


def test_a_key_without_the_scope_defines_nothing(client_with: Callable[..., Xapi], xapi: Xapi) -> None:
    client_with("statements/write").post(defined(name={"en": "Vendor's"}))
    assert "definition" not in xapi.get("/xapi/activities", activityId=ACTIVITY).json
    client_with("statements/write", "define").post(defined(name={"en": "Trusted"}))
    assert xapi.get("/xapi/activities", activityId=ACTIVITY).json["definition"] == {"name": {"en": "Trusted"}}


def test_a_refused_statement_defines_nothing(xapi: Xapi) -> None:
    xapi.post([defined(name={"en": "x"}), {}])
    assert "definition" not in xapi.get("/xapi/activities", activityId=ACTIVITY).json
