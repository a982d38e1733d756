"""The Python client of Ralph (`ralph.backends.data.lrs`) against a live server. It knows statements only."""

from __future__ import annotations

import json
import uuid
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ralph.backends.data.base import DataBackendStatus
from ralph.backends.data.lrs import LRSDataBackend, LRSDataBackendSettings, LRSHeaders
from ralph.backends.lrs.base import LRSStatementsQuery
from ralph.exceptions import BackendException

from tests.interop.endpoint import Endpoint

Connect = Callable[..., LRSDataBackend]


@pytest.fixture
def connect(vendor: Endpoint) -> Iterator[Connect]:
    """Makes a client, which is closed at the end."""
    made: list[LRSDataBackend] = []

    def connected(version: str = "1.0.3", password: str = vendor.password) -> LRSDataBackend:
        settings = LRSDataBackendSettings(
            BASE_URL=vendor.server.url,
            USERNAME=vendor.username,
            PASSWORD=password,
            HEADERS=LRSHeaders.model_validate({"X-Experience-API-Version": version}),
            STATUS_ENDPOINT="/health",
            STATEMENTS_ENDPOINT="/xapi/statements",
        )
        made.append(LRSDataBackend(settings))
        return made[-1]

    yield connected
    for client in made:
        client.close()


@pytest.fixture(params=["1.0.3", "2.0.0"])
def ralph(request: pytest.FixtureRequest, connect: Connect) -> LRSDataBackend:
    return connect(request.param)


@pytest.fixture
def activity() -> str:
    return f"https://vr.example/{uuid.uuid4().hex}"


def _answers(activity: str, count: int = 5) -> list[dict[str, Any]]:
    return [
        {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": f"mailto:agent{number % 2}@academy.example"},
            "verb": {"id": f"http://adlnet.gov/expapi/verbs/{'attempted' if number < 2 else 'answered'}"},
            "object": {"id": activity},
            "result": {"response": str(number)},
        }
        for number in range(count)
    ]


def _read(client: LRSDataBackend, chunk_size: int = 100, **query: Any) -> list[str]:
    found = client.read(LRSStatementsQuery(**query), chunk_size=chunk_size)
    return [statement["result"]["response"] for statement in found]


def test_the_server_is_there(ralph: LRSDataBackend) -> None:
    assert ralph.status() == DataBackendStatus.OK


def test_one_statement_goes_in_and_comes_out(ralph: LRSDataBackend, activity: str) -> None:
    assert ralph.write(_answers(activity, 1)) == 1
    assert _read(ralph, activity=activity) == ["0"]


def test_lines_of_json_are_pushed_in_chunks(ralph: LRSDataBackend, activity: str) -> None:
    lines = [json.dumps(answer).encode() for answer in _answers(activity)]
    assert ralph.write(lines, chunk_size=2) == 5
    assert _read(ralph, activity=activity, ascending=True) == ["0", "1", "2", "3", "4"]


def test_statements_of_an_agent_are_found(ralph: LRSDataBackend, activity: str) -> None:
    ralph.write(_answers(activity))
    agent = {"objectType": "Agent", "mbox": "mailto:agent1@academy.example"}
    # An agent that the client has validated leaves it as the text of a Python dict, which no server reads.
    query = LRSStatementsQuery.model_construct(
        _fields_set={"agent", "activity"}, agent=json.dumps(agent), activity=activity
    )
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        found = [statement["result"]["response"] for statement in ralph.read(query, chunk_size=100)]
    assert found == ["3", "1"]


def test_statements_with_a_verb_are_found(ralph: LRSDataBackend, activity: str) -> None:
    ralph.write(_answers(activity))
    verb = "http://adlnet.gov/expapi/verbs/attempted"
    assert _read(ralph, verb=verb, activity=activity) == ["1", "0"]


def test_more_leads_to_the_end(ralph: LRSDataBackend, activity: str) -> None:
    ralph.write(_answers(activity))
    assert _read(ralph, chunk_size=2, activity=activity) == ["4", "3", "2", "1", "0"]


def test_the_same_statements_again_change_nothing(ralph: LRSDataBackend, activity: str) -> None:
    answers = _answers(activity)
    assert [ralph.write(answers) for _ in range(2)] == [5, 5]
    assert len(_read(ralph, activity=activity)) == 5


def test_a_wrong_credential_is_told_so(connect: Connect, activity: str) -> None:
    with pytest.raises(BackendException, match="401"):
        _read(connect(password="wrong"), activity=activity)
