"""What a journey in JavaScript must have seen, wherever it ran.

The journeys are `javascript/xapi.mjs` and `javascript/tincan.mjs`. A subclass gives the fixture `seen`:
what the journey saw, by step.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest

XAPI_JS = (("1.0.3", "axios"), ("1.0.3", "fetch"), ("2.0.0", "axios"), ("2.0.0", "fetch"))
"""Versions and adapters that @xapi/xapi has."""

_FILE = "line one\nline two: Grüße"
_ETAG = '"{}"'.format(hashlib.sha1(b'{"slide":1}').hexdigest())


class Common:
    """What both clients do alike."""

    def test_about_names_both_versions(self, seen: dict[str, Any]) -> None:
        assert seen["about"] == ["1.0.3", "2.0.0"]

    def test_statements_of_an_agent_are_found(self, seen: dict[str, Any]) -> None:
        assert seen["byAgent"] == ["4", "2", "0"]

    def test_statements_with_a_verb_are_found(self, seen: dict[str, Any]) -> None:
        assert seen["byVerb"] == ["4", "3", "2"]

    def test_more_leads_to_the_end(self, seen: dict[str, Any]) -> None:
        assert seen["pages"] == [["0", "1"], ["2", "3"], ["4"]]

    def test_a_voided_statement_is_hidden_and_kept(self, seen: dict[str, Any]) -> None:
        assert seen["void"] == {"hidden": 404, "kept": True}

    def test_a_wrong_credential_is_told_so(self, seen: dict[str, Any]) -> None:
        assert seen["stranger"] == 401


class XapiJs(Common):
    """@xapi/xapi."""

    @pytest.fixture(params=XAPI_JS, ids="-".join)
    def speaks(self, request: pytest.FixtureRequest) -> tuple[str, str]:
        """Version and adapter."""
        return request.param

    def test_one_statement_goes_in_and_comes_out(self, seen: dict[str, Any]) -> None:
        assert seen["one"]["sent"] == [seen["one"]["read"]["id"]]
        assert seen["one"]["read"]["actor"]["name"] == "Agent 0"

    def test_a_batch_goes_in(self, seen: dict[str, Any]) -> None:
        assert len(set(seen["batch"])) == 5

    def test_statements_about_an_activity_are_found(self, seen: dict[str, Any]) -> None:
        assert seen["byActivity"] == ["0", "1", "2", "3", "4"]

    def test_nothing_is_found_about_another_activity(self, seen: dict[str, Any]) -> None:
        assert seen["nobody"] == []

    def test_the_headers_of_the_answer_can_be_read(
        self, seen: dict[str, Any], speaks: tuple[str, str]
    ) -> None:
        assert seen["headers"]["version"] == speaks[0]
        assert datetime.fromisoformat(seen["headers"]["through"]).tzinfo is not None

    def test_an_activity_is_what_statements_say_of_it(self, seen: dict[str, Any]) -> None:
        assert seen["activity"]["definition"]["name"] == {"en-GB": "Täuschung? 日本"}

    def test_an_agent_is_a_person(self, seen: dict[str, Any]) -> None:
        assert seen["agent"]["objectType"] == "Person"
        assert seen["agent"]["name"] == ["Agent 0"]

    def test_a_state_document_lives_and_dies(self, seen: dict[str, Any], speaks: tuple[str, str]) -> None:
        assert seen["state"] == {
            "put": 204,
            "read": {"slide": 1},
            "etag": _ETAG,
            "bare": 409 if speaks[0] == "2.0.0" else 204,
            "fresh": 204,
            "stale": 412,
            "merged": 204,
            "after": {"slide": 2, "volume": 7},
            "ids": ["bookmark"],
            "deleteStale": 412,
            "delete": 204,
            "gone": 404,
        }

    def test_profiles_are_kept(self, seen: dict[str, Any]) -> None:
        assert seen["profiles"] == {
            "created": 204,
            "twice": 412,
            "read": {"lang": "en"},
            "posted": 204,
            "course": {"level": 1},
            "ids": ["preferences"],
        }

    def test_an_attachment_comes_back(self, seen: dict[str, Any]) -> None:
        sha2 = hashlib.sha256(_FILE.encode()).hexdigest()
        assert seen["attachment"] == {"file": _FILE, "sha2": sha2, "id": True}

    def test_an_invalid_statement_is_refused(self, seen: dict[str, Any]) -> None:
        assert seen["invalid"] == 400

    def test_context_agents_are_of_version_2(self, seen: dict[str, Any], speaks: tuple[str, str]) -> None:
        assert seen["contextAgents"] == (200 if speaks[0] == "2.0.0" else 400)

    def test_its_cache_buster_is_an_unknown_parameter(self, seen: dict[str, Any]) -> None:
        assert seen["cacheBuster"] == 400


class TinCanJs(Common):
    """TinCanJS, which speaks 1.0.2 at most."""

    def test_one_statement_goes_in_and_comes_out(self, seen: dict[str, Any]) -> None:
        assert seen["one"] is True

    def test_a_batch_goes_in(self, seen: dict[str, Any]) -> None:
        assert seen["batch"] == 200

    def test_a_state_document_lives_and_dies(self, seen: dict[str, Any]) -> None:
        assert seen["state"] == {
            "read": {"slide": 1},
            "etag": _ETAG,
            "digest": _ETAG.strip('"'),
            "fresh": None,
            "stale": 412,
            "ids": ["bookmark"],
            "dropped": None,
            "gone": None,
        }

    def test_a_profile_is_created_and_replaced(self, seen: dict[str, Any]) -> None:
        assert seen["profile"] == {"lang": "de"}

    def test_an_attachment_comes_back(self, seen: dict[str, Any]) -> None:
        assert seen["attachment"] == _FILE
