"""Generations and failures of plugins over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lrs.plugin import hookimpl, testing
from tests.clients import Xapi
from tests.web.api.conftest import rating

GENERATIONS = "/api/v1/plugins/communication/generations"
QUARANTINE = "/api/v1/quarantine"


class _Recogniser:
    name, verbs = "failing", None

    def recognise(self, view: Any) -> None:
        raise ValueError("a defect of the plugin")


class _Plugin:
    @hookimpl
    def lrs_recognisers(self, config: Any) -> list[_Recogniser]:
        return [_Recogniser()]


def failed(xapi: Xapi, rapport: Any) -> str:
    """A statement that a plugin failed on."""
    rapport.ingest._plugins = testing.host_with(failing=_Plugin())
    one = rating("R-001", 5)
    assert xapi.post(one).status_code == 200
    rapport.ingest._plugins = rapport.plugins
    return str(one["id"])


def test_generations_say_what_found_evidence_and_since_when_it_counts(
    xapi: Xapi, rated: Callable[..., list[str]], rapport: Any
) -> None:
    rated("R-001", 5, 4)
    [live] = xapi.get(GENERATIONS).json
    assert (live["kind"], live["evidence"], live["loaded"]) == ("live", 2, True)
    assert live["in_force"] == {"since": None, "through": None}
    rapport.reprofile.run(["communication"])
    activation = rapport.generations.activate("communication")
    old, new = xapi.get(GENERATIONS).json
    assert (old["in_force"], new["generation"]) == (None, activation.generation.number)
    assert new["in_force"]["through"] == new["through"]


def test_nothing_of_a_generation_is_lost_on_its_way_out(
    xapi: Xapi, rated: Callable[..., list[str]], rapport: Any
) -> None:
    rated("R-001", 5)
    assert xapi.get(GENERATIONS).json == [
        one.as_dict() for one in rapport.generations.listed("communication")
    ]


def test_a_plugin_that_is_not_there_is_not_found(xapi: Xapi) -> None:
    answer = xapi.get("/api/v1/plugins/charm/generations")
    assert answer.status_code == 404
    assert "communication" in answer.json["error"]["details"][0]["expected"]


def test_a_plugin_that_has_found_nothing_has_no_generation(xapi: Xapi) -> None:
    assert xapi.get(GENERATIONS).json == []


def test_failures_are_listed_with_statement_and_reason(xapi: Xapi, rapport: Any) -> None:
    one = failed(xapi, rapport)
    other = failed(xapi, rapport)
    listed = xapi.get(QUARANTINE).json
    assert [each["statement_id"] for each in listed] == [other, one]
    assert "a defect of the plugin" in listed[0]["reason"]
    assert len(xapi.get(QUARANTINE, limit="1").json) == 1


def test_the_quarantine_of_an_earlier_instant_is_as_it_was(xapi: Xapi, rapport: Any) -> None:
    assert xapi.get(QUARANTINE, as_of="2001-01-01").json == []
    failed(xapi, rapport)
    assert xapi.get(QUARANTINE, as_of="2001-01-01").json == []


def test_the_rubric_in_force_is_shown(xapi: Xapi, rated: Callable[..., list[str]], rapport: Any) -> None:
    rated("R-001", 5)
    shown = {one["competency"]: one["digest"] for one in xapi.get("/api/v1/competencies").json}
    now = rapport.profiles.in_force(rapport.profiles.as_of(None)).rubrics
    assert shown == {name: rubric.digest for name, rubric in now.items()}


def test_generations_and_failures_need_a_key_that_reads_everything(
    client_with: Callable[..., Xapi],
) -> None:
    for path in (GENERATIONS, QUARANTINE):
        assert client_with("statements/write", "statements/read").get(path).status_code == 403
        assert client_with("all/read").get(path).status_code == 200


def test_unknown_parameters_are_refused(xapi: Xapi) -> None:
    for path in (GENERATIONS, QUARANTINE):
        assert xapi.get(path, nonsense="1").status_code == 400
    for wrong in ("0", "1001", "many"):
        assert xapi.get(QUARANTINE, limit=wrong).status_code == 400
