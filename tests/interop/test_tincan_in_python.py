"""The Python client `tincan` against a live server. It speaks 1.0.3 at most and sends no attachments."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tincan import Activity, Agent, RemoteLRS, Statement, StatementRef, Verb
from tincan.documents import AgentProfileDocument, StateDocument
from tincan.http_request import HTTPRequest

from tests.interop.endpoint import Endpoint

_ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
_ATTEMPTED = "http://adlnet.gov/expapi/verbs/attempted"


@pytest.fixture(params=["1.0.0", "1.0.1", "1.0.2", "1.0.3"])
def lrs(request: pytest.FixtureRequest, vendor: Endpoint) -> RemoteLRS:
    return RemoteLRS(
        version=request.param, endpoint=vendor.url, username=vendor.username, password=vendor.password
    )


@pytest.fixture
def activity() -> Activity:
    return Activity(id=f"https://vr.example/{uuid.uuid4().hex}")


@pytest.fixture
def agents() -> list[Agent]:
    run = uuid.uuid4().hex
    return [Agent(name=f"Agent {n}", mbox=f"mailto:agent{n}+{run}@academy.example") for n in range(2)]


@pytest.fixture
def answers(lrs: RemoteLRS, activity: Activity, agents: list[Agent]) -> list[Statement]:
    """Five statements that were sent as a batch: 0 and 1 attempted, the others answered, agents by turns."""
    batch = [
        Statement(
            actor=agents[number % 2],
            verb=Verb(id=_ATTEMPTED if number < 2 else _ANSWERED),
            object=activity,
            result={"response": str(number), "duration": timedelta(seconds=3.25)},
            timestamp=datetime.now(UTC),
        )
        for number in range(5)
    ]
    sent = lrs.save_statements(batch)
    assert sent.success, sent.data
    return list(sent.content)


def _responses(answer) -> list[str]:
    assert answer.success, answer.data
    return [statement.result.response for statement in answer.content.statements]


def _document(activity: Activity, agent: Agent) -> StateDocument:
    return StateDocument(
        id="bookmark", activity=activity, agent=agent, content='{"slide":1}', content_type="application/json"
    )


def test_about_names_a_version_that_the_client_does_not_know(lrs: RemoteLRS) -> None:
    # It cannot read what any server says that speaks 2.0, too; nothing else of it needs this.
    with pytest.raises(ValueError, match=r"'2\.0\.0' in \['1\.0\.3', '2\.0\.0'\]"):
        lrs.about()


def test_one_statement_gets_an_id(lrs: RemoteLRS, activity: Activity, agents: list[Agent]) -> None:
    sent = lrs.save_statement(Statement(actor=agents[0], verb=Verb(id=_ANSWERED), object=activity))
    assert sent.success, sent.data
    assert lrs.retrieve_statement(sent.content.id).content.object.id == activity.id


def test_one_statement_keeps_its_id(lrs: RemoteLRS, activity: Activity, agents: list[Agent]) -> None:
    statement = Statement(id=uuid.uuid4(), actor=agents[0], verb=Verb(id=_ANSWERED), object=activity)
    assert lrs.save_statement(statement).response.status == 204
    assert lrs.retrieve_statement(statement.id).content.id == statement.id


def test_a_batch_keeps_its_order(lrs: RemoteLRS, answers: list[Statement], activity: Activity) -> None:
    found = lrs.query_statements({"activity": activity, "ascending": "true"})
    assert [statement.id for statement in found.content.statements] == [answer.id for answer in answers]


def test_a_duration_comes_back(lrs: RemoteLRS, answers: list[Statement]) -> None:
    assert lrs.retrieve_statement(answers[0].id).content.result.duration == timedelta(seconds=3.25)


def test_statements_of_an_agent_are_found(
    lrs: RemoteLRS, answers: list[Statement], agents: list[Agent]
) -> None:
    assert _responses(lrs.query_statements({"agent": agents[1]})) == ["3", "1"]


def test_statements_with_a_verb_are_found(
    lrs: RemoteLRS, answers: list[Statement], activity: Activity
) -> None:
    query = {"verb": Verb(id=_ATTEMPTED), "activity": activity}
    assert _responses(lrs.query_statements(query)) == ["1", "0"]


def test_statements_since_an_instant_are_found(
    lrs: RemoteLRS, answers: list[Statement], activity: Activity
) -> None:
    stored = lrs.retrieve_statement(answers[2].id).content.stored
    # The client prints a datetime with a blank between date and time; the server reads it.
    assert _responses(lrs.query_statements({"activity": activity, "since": stored})) == ["4", "3"]


def test_more_leads_to_the_end(lrs: RemoteLRS, answers: list[Statement], activity: Activity) -> None:
    page = lrs.query_statements({"activity": activity, "limit": 2, "ascending": "true"})
    pages = [_responses(page)]
    while page.content.more and len(pages) < 10:
        page = lrs.more_statements(page.content)
        pages.append(_responses(page))
    assert pages == [["0", "1"], ["2", "3"], ["4"]]


def test_a_voided_statement_is_hidden_and_kept(lrs: RemoteLRS, answers: list[Statement]) -> None:
    voided = answers[0].id
    voiding = Statement(
        actor=answers[0].actor,
        verb=Verb(id="http://adlnet.gov/expapi/verbs/voided"),
        object=StatementRef(id=voided),
    )
    assert lrs.save_statement(voiding).success
    assert lrs.retrieve_statement(voided).response.status == 404
    assert lrs.retrieve_voided_statement(voided).content.id == voided


def test_a_state_document_lives_and_dies(lrs: RemoteLRS, activity: Activity, agents: list[Agent]) -> None:
    document = _document(activity, agents[0])
    assert lrs.save_state(document).success
    assert lrs.retrieve_state(activity, agents[0], "bookmark").content.content == b'{"slide":1}'
    assert lrs.retrieve_state_ids(activity, agents[0]).content == ["bookmark"]
    assert lrs.delete_state(document).success
    assert lrs.retrieve_state(activity, agents[0], "bookmark").response.status == 404


def test_a_state_document_is_not_deleted_under_a_stale_etag(
    lrs: RemoteLRS, activity: Activity, agents: list[Agent]
) -> None:
    document = _document(activity, agents[0])
    lrs.save_state(document)
    document.etag = f'"{"0" * 40}"'
    assert lrs.delete_state(document).response.status == 412
    # The client does not take over the ETag of what it reads: it looks for it where it is not.
    document.etag = lrs.retrieve_state(activity, agents[0], "bookmark").response.getheader("ETag")
    assert lrs.delete_state(document).response.status == 204


def test_a_profile_is_replaced_under_its_etag(lrs: RemoteLRS, agents: list[Agent]) -> None:
    profile = AgentProfileDocument(
        id="preferences", agent=agents[0], content='{"lang":"en"}', content_type="application/json"
    )
    # Neither condition: xAPI 1.0.3 does not let a client do this, and the client offers nothing else.
    assert lrs.save_agent_profile(profile).response.status == 400
    _created(lrs, profile)
    profile.etag = lrs.retrieve_agent_profile(agents[0], "preferences").response.getheader("ETag")
    profile.content = '{"lang":"de"}'
    assert lrs.save_agent_profile(profile).response.status == 204
    assert lrs.save_agent_profile(profile).response.status == 412


def _created(lrs: RemoteLRS, profile: AgentProfileDocument) -> None:
    request = HTTPRequest(
        method="PUT",
        resource="agents/profile",
        content=profile.content,
        headers={"Content-Type": "application/json", "If-None-Match": "*"},
        query_params={"profileId": profile.id, "agent": profile.agent.to_json()},
    )
    assert lrs._send_request(request).response.status == 204


def test_a_wrong_credential_is_told_so(vendor: Endpoint, activity: Activity) -> None:
    stranger = RemoteLRS(version="1.0.3", endpoint=vendor.url, username=vendor.username, password="wrong")
    answer = stranger.query_statements({"activity": activity})
    assert answer.response.status == 401
    assert answer.response.getheader("WWW-Authenticate").startswith("Basic ")
