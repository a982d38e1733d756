"""Where officers stand says in short what their profiles say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import lrs_communication
import lrs_leadership
from lrs.competency.decayed_beta import DecayedBeta
from lrs.competency.policy import Policy
from lrs.errors import NotFound
from lrs.plugin import hookimpl
from lrs.plugin.testing import host_with
from lrs.services.ingest import Body
from lrs.services.profiles import Profiles
from lrs.services.wiring import Rapport
from lrs.xapi.versions import Version

R = "https://w3id.org/xapi/rapport/"
HOME = "https://academy.example"


def agent(name: str) -> dict[str, Any]:
    return {"account": {"homePage": HOME, "name": name}}


def rated(officer: str, raw: int, on: str, rater: str = "T-01") -> dict[str, Any]:
    return {
        "actor": agent(rater),
        "verb": {"id": "http://id.tincanapi.com/verb/rated"},
        "object": {"id": f"{R}indicators/{on}"},
        "result": {"score": {"raw": raw, "min": 1, "max": 7}},
        "context": {"extensions": {f"{R}extensions/officer": agent(officer)}},
    }


@pytest.fixture
def add(rapport: Rapport) -> Callable[..., None]:
    key, secret = rapport.access.create_key("app")
    vendor = rapport.access.authenticate(key.id, secret)

    def post(*statements: dict[str, Any]) -> None:
        rapport.ingest.post(Body("application/json", json.dumps(statements).encode()), Version.V2, vendor)

    return post


def key_of(name: str) -> str:
    return f"account:{name}@{HOME}"


def in_short(rapport: Rapport, officer: str, as_of: int) -> list[dict[str, Any]]:
    """The lines as the profile would have them."""
    return [
        {
            "competency": one["competency"],
            "verdict": one["verdict"],
            "score": one["estimate"]["score"],
            "interval": one["estimate"]["interval"],
            "mass": one["estimate"]["mass"],
            "counts": one["counts"]["text"],
            "gaps": one["gaps"],
            "unusable": len(one["unusable"]),
        }
        for one in rapport.profiles.profile(officer, as_of).as_dict()["competencies"]
        if one["scored"]
    ]


def test_a_page_says_in_short_what_the_profiles_say(rapport: Rapport, add: Callable[..., None]) -> None:
    add(
        rated("R-1", 5, "communication/offers-choices"),
        rated("R-1", 6, "communication/checks-understanding", "T-02"),
        rated("R-1", 2, "leadership/takes-ownership"),
        rated("R-2", 7, "cultural_competency/repairs-offence"),
    )
    as_of = rapport.profiles.as_of(None)
    page = rapport.profiles.in_short(as_of)
    assert list(page.standings) == [key_of("R-1"), key_of("R-2")]
    for officer, standings in page.standings.items():
        assert [one.as_dict() for one in standings] == in_short(rapport, officer, as_of)
    assert page.next is None


def test_pages_follow_one_another(rapport: Rapport, add: Callable[..., None]) -> None:
    add(*(rated(f"R-{number}", 4, "communication/offers-choices") for number in range(5)))
    as_of = rapport.profiles.as_of(None)
    first = rapport.profiles.in_short(as_of, limit=3)
    second = rapport.profiles.in_short(as_of, limit=3, after=first.next or "")
    assert [*first.standings, *second.standings] == [key_of(f"R-{number}") for number in range(5)]
    assert second.next is None


class Halved:
    """A model of an agency: the standard one, and half of its score."""

    id = "halved/1"

    def aggregate(self, votes: Any, policy: Any, cut: Any, as_of_us: int) -> Any:
        return replace(found := DecayedBeta().aggregate(votes, policy, cut, as_of_us), score=found.score / 2)


class Agency:
    @hookimpl
    def lrs_models(self) -> list[Halved]:
        return [Halved()]


def test_a_competency_under_another_model_stands_where_that_model_says(
    rapport: Rapport, add: Callable[..., None]
) -> None:
    add(rated("R-1", 5, "communication/offers-choices"), rated("R-1", 7, "leadership/takes-ownership"))
    as_of = rapport.profiles.as_of(None)
    plugins = host_with(
        communication=lrs_communication.plugin, leadership=lrs_leadership.plugin, agency=Agency()
    )
    table = {"competencies": {"communication": {"model": "halved/1"}}}
    profiles = Profiles(rapport.store, plugins, policy=Policy.from_mapping(table, plugins.models))
    [communication, leadership] = profiles.standings([key_of("R-1")], as_of)[key_of("R-1")]
    assert communication.score == pytest.approx(2 / 6)
    assert leadership.score == pytest.approx(1.0)


def test_an_unknown_competency_is_said(rapport: Rapport) -> None:
    with pytest.raises(NotFound, match="juggling"):
        rapport.profiles.standings([], rapport.profiles.as_of(None), ["juggling"])
