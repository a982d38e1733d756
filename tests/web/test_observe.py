"""Logs, metrics and probes: what operators see, and what they must not."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import structlog
from flask.testing import FlaskClient

from lrs.services.wiring import Rapport
from lrs.web import create_app
from lrs.web.observe import set_up_logging
from tests.clients import Xapi


@pytest.fixture
def log(rapport: Rapport, monkeypatch: pytest.MonkeyPatch):
    """Runs an application whose log lines go to memory; answers (client, key, reader of lines)."""
    stream = io.BytesIO()
    monkeypatch.setattr(
        "sys.stderr", SimpleNamespace(buffer=stream, write=lambda _: None, flush=lambda: None)
    )
    structlog.reset_defaults()
    config = replace(rapport.config, log_level="info")
    client = create_app(config, rapport).test_client()
    key, secret = rapport.access.create_key("logged", ["all"])
    yield client, key, secret, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    monkeypatch.undo()
    structlog.reset_defaults()
    set_up_logging(rapport.config)


def test_each_request_is_one_line_with_its_id_and_key_and_no_secret(log) -> None:
    client, key, secret, lines = log
    xapi = Xapi(client, key.id, secret)
    xapi.get(
        "/xapi/statements?agent=%7B%22mbox%22%3A%22mailto%3Aofficer%40example.com%22%7D",
        {"X-Request-ID": "r-1"},
    )
    [line] = lines()
    assert line["event"] == "request"
    assert (line["request_id"], line["key"], line["status"]) == ("r-1", key.id, 200)
    text = json.dumps(line)
    assert secret not in text
    assert "officer" not in text
    assert xapi.headers["Authorization"] not in text


def test_the_line_of_a_request_looks_like_every_other_line(log) -> None:
    client, key, secret, lines = log
    Xapi(client, key.id, secret).get()
    structlog.get_logger().info("request", request_id="r-1")
    ours, other = lines()
    assert list(ours)[-3:] == list(other)[-3:] == ["event", "level", "timestamp"]
    assert (ours["event"], ours["level"]) == (other["event"], other["level"])
    for line in (ours, other):
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
        assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"log_level": "info"}, True),
        ({"log_level": "debug"}, True),
        ({"log_level": "warning"}, False),
        ({"log_level": "info", "log_format": "text"}, True),
        ({"log_level": "error", "log_format": "text"}, False),
    ],
)
def test_a_request_is_told_from_the_level_info_on_in_either_form(
    rapport: Rapport, capfdbinary: pytest.CaptureFixture[bytes], settings: dict[str, str], told: bool
) -> None:
    with open(2, "w", closefd=False) as stderr, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", stderr)
        structlog.reset_defaults()
        create_app(replace(rapport.config, **settings), rapport).test_client().get("/health")
    structlog.reset_defaults()
    set_up_logging(rapport.config)
    assert (b"/health" in capfdbinary.readouterr().err) is told


def test_a_line_names_the_route_and_not_the_person(log) -> None:
    client, key, secret, lines = log
    Xapi(client, key.id, secret).get("/api/v1/profiles/mailto:officer@example.com")
    assert [line["path"] for line in lines() if line["event"] == "request"] == [
        "/api/v1/profiles/<path:agent>"
    ]


def test_a_defect_is_logged_whole_for_the_operator(log) -> None:
    client, _, _, lines = log

    def broken() -> str:
        raise ZeroDivisionError

    client.application.view_functions["probes.health"] = broken
    client.get("/health")
    defect = next(line for line in lines() if line["event"] == "unexpected_error")
    assert "ZeroDivisionError" in defect["exception"]


def test_a_request_id_that_is_no_id_is_replaced(http: FlaskClient) -> None:
    answer = http.get("/health", headers={"X-Request-ID": "a b <script>"})
    assert answer.headers["X-Request-ID"].isalnum()
    assert http.get("/health", headers={"X-Request-ID": "r-7"}).headers["X-Request-ID"] == "r-7"


def test_metrics_count_requests_by_endpoint_and_status(http: FlaskClient) -> None:
    for _ in range(3):
        http.get("/health")
    http.get("/nothing")
    text = http.get("/metrics").text
    assert 'lrs_requests_total{endpoint="probes.health",method="GET",status="200"} 3.0' in text
    assert 'lrs_requests_total{endpoint="unknown",method="GET",status="404"} 1.0' in text
    assert "lrs_request_seconds_bucket" in text


def test_an_invented_method_makes_no_metric_of_its_own(http: FlaskClient) -> None:
    http.open("/health", method="INVENTED")
    assert "INVENTED" not in http.get("/metrics").text


def test_health_and_ready_answer_without_a_key(http: FlaskClient) -> None:
    assert http.get("/health").json["status"] == "ok"
    assert http.get("/ready").json["status"] == "ready"


def test_the_home_page_links_what_there_is(http: FlaskClient, rapport: Rapport) -> None:
    page = http.get("/")
    assert page.content_type.startswith("text/html")
    for path in ("/xapi/about", "/api/v1/openapi.json", "/health", "/ready", "/metrics"):
        assert f'href="{path}"' in page.text
        assert http.get(path).status_code == 200
    for rubric in rapport.plugins.rubrics.values():
        assert rubric.name in page.text
