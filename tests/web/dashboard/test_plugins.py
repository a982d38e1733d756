"""Plugins on their page: what is loaded, what counts, what failed, and the comparison with what might count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from lrs.config import Config
from lrs.plugin.testing import host_with
from lrs.services.access.keys import Credential
from lrs.services.ingest import Body
from lrs.services.wiring import Rapport
from lrs.xapi.versions import Version
from tests.services.agencies import ACADEMY, Judge, key_of, plugin, rating, rubric
from tests.web.dashboard.conftest import SignedIn, actions

_VENDOR = Credential("key", frozenset({"all"}), {"account": {"homePage": ACADEMY, "name": "vendor"}})
_STRICTER = rubric(version="2", cut={"scale": "fto-7", "rating": 4.5, "acceptable": 5})
PLUGINS = "/dashboard/plugins"
COMPARISON = "/dashboard/plugins/juggling/comparison"


@pytest.fixture
def rapport(config: Config) -> Iterator[Rapport]:
    """A server that was given version 2 of a plugin; what counts was found by version 1, which failed on a 6."""
    first = Rapport.open(config, plugins=host_with(juggling=plugin("1", Judge(fails_on=6))))
    first.store.initialise()
    given = {"R-good": [7] * 10, "R-mid": [4] * 40, "R-weak": [1] * 10, "R-odd": [6]}
    statements = [
        rating(officer, raw, rater=f"T-{place % 2}")
        for officer, ratings in given.items()
        for place, raw in enumerate(ratings)
    ]
    first.ingest.post(Body("application/json", json.dumps(statements).encode()), Version.V1, _VENDOR)
    first.store.close()
    second = Rapport.open(
        config, plugins=host_with(juggling=plugin("2", Judge(harder=0.25), rubrics=(_STRICTER,)))
    )
    yield second
    second.store.close()


@pytest.fixture
def rebuilt(rapport: Rapport) -> int:
    """The number of the generation that version 2 found."""
    rapport.reprofile.run()
    return max(one.generation.number for one in rapport.generations.listed("juggling"))


def main_of(text: str) -> str:
    """What a page says, without its frame."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.partition('<main id="main"')[2]))


def test_what_is_loaded_what_counts_and_what_failed_is_said(rapport: Rapport, signed_in: SignedIn) -> None:
    said = main_of(signed_in("administrator").get(PLUGINS).text)
    assert "1 plugin is loaded" in said
    assert "found in version 1 counts" in said
    assert "1 failure is in quarantine" in said
    assert "cannot make sense of 6" in said
    assert "from the beginning" in said
    assert COMPARISON not in signed_in("administrator").get(PLUGINS).text
    assert "no complete rebuilt generation" in main_of(signed_in("administrator").get(COMPARISON).text)
    assert rapport.store.count_quarantined() == 1


def test_nothing_is_amiss_once_what_is_loaded_counts(
    rapport: Rapport, rebuilt: int, signed_in: SignedIn
) -> None:
    browser = signed_in("administrator")
    assert COMPARISON in browser.get(PLUGINS).text
    rapport.generations.activate("juggling")
    said = main_of(browser.get(PLUGINS).text)
    assert "found in version 1" not in said
    assert "what it finds as it is loaded" in said
    assert "No plugin has failed" in said


def test_a_comparison_is_not_begun_before_it_is_asked_for(
    rapport: Rapport, rebuilt: int, signed_in: SignedIn
) -> None:
    browser = signed_in("auditor")
    before = actions(rapport)
    page = browser.get(COMPARISON)
    assert page.status_code == 200
    assert f'value="{rebuilt}"' in page.text
    assert "Would be" not in page.text
    assert actions(rapport) == before


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_who_would_have_another_verdict_is_shown_under_a_pseudonym_and_written_down(
    rapport: Rapport, rebuilt: int, signed_in: SignedIn, who: str
) -> None:
    browser = signed_in(who)
    answer = browser.get(COMPARISON, query_string={"against": str(rebuilt)})
    assert answer.status_code == 200
    pseudonym = rapport.sights.of_user(browser.user).pseudonyms().of(key_of("R-mid"))
    said = main_of(answer.text)
    assert "1 verdict would be another" in said
    assert f"{pseudonym} juggling ✓ at standard score 0.50, evidence mass 40.00" in said
    assert "▼ below standard score 0.46" in said
    assert "cut 3.5 (acceptable 4) on fto-7 → 4.5 (acceptable 5) on fto-7" in said
    assert "0 more, 0 fewer, 40 changed" in said
    for name in ("R-mid", "R-good", "T-0", "T-1", "academy.example"):
        assert name not in answer.text
    assert f"agent={pseudonym}" in answer.text or f"/{pseudonym}" in answer.text or who == "administrator"
    [entry] = [one for one in rapport.store.scan_audit() if one.happening.action == "read comparison"]
    assert entry.happening.actor == f"user:{browser.user.id}"
    assert entry.happening.subjects == (key_of("R-mid"),)
    assert entry.happening.detail.items() >= {"plugin": "juggling", "against": rebuilt}.items()


def test_a_comparison_that_finds_nothing_reads_nobody(
    rapport: Rapport, rebuilt: int, signed_in: SignedIn
) -> None:
    rapport.generations.activate("juggling")
    answer = signed_in("auditor").get(COMPARISON, query_string={"against": str(rebuilt)})
    assert "Nobody would have another verdict" in answer.text
    assert "read comparison" not in actions(rapport)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dashboard/plugins/knitting/comparison", 404),
        ("/dashboard/plugins/knitting/comparison?against=1", 404),
        (f"{COMPARISON}?against=99", 404),
        (f"{COMPARISON}?against=x", 400),
        (f"{COMPARISON}?against=0", 400),
    ],
)
def test_what_cannot_be_compared_is_said(
    rapport: Rapport, signed_in: SignedIn, path: str, status: int
) -> None:
    assert signed_in("auditor").get(path).status_code == status


@pytest.mark.parametrize("who", ["officer", "training_officer", "supervisor_of_all"])
def test_others_come_neither_to_plugins_nor_to_a_comparison(signed_in: SignedIn, who: str) -> None:
    assert signed_in(who).get(PLUGINS).status_code == 403
    assert signed_in(who).get(f"{COMPARISON}?against=1").status_code == 403
