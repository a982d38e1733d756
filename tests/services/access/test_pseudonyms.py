"""Pseudonyms: whoever sees them sees records, and nothing that says whose they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lrs.config import Config
from lrs.errors import InvalidParameter, NotFound
from lrs.plugin.host import PluginHost
from lrs.services.access.permissions import Action
from lrs.services.access.pseudonyms import WITHHELD, Pseudonyms
from lrs.services.access.sight import Sight
from lrs.services.reports import Whom
from lrs.services.wiring import Rapport
from lrs.stores.audit import AuditQuery
from lrs.web import create_app
from tests.clients import Xapi
from tests.services.academy import fill, key
from tests.web.api.conftest import rating

SAID = "they confused me with the recruit behind me"
PEOPLE = ("R-001", "R-002", "R-003", "R-004", "R-009", "T-00", "T-01")
NAMES = tuple(f"Recruit {number}" for number in (1, 2, 3, 9))
LOGINS = ("jane.doe", "trainer.roe", "chief.poe")
PSEUDONYM = re.compile(r"P-[A-Z2-7]{8}")


@dataclass
class Academy:
    """The small academy, with what was said to an item and what was read."""

    rapport: Rapport
    auditor: Sight
    encounter: str


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory, plugins: PluginHost) -> Iterator[Academy]:
    """Made once: the tests here only read, and what they read is about people who are there before."""
    config = Config(store=f"sqlite:///{tmp_path_factory.mktemp('academy') / 'test.db'}", log_level="error")
    rapport = Rapport.open(config, plugins=plugins)
    rapport.store.initialise()
    key, secret = rapport.access.create_key("vendor", ["all"])
    yield told_and_read(Xapi(create_app(config, rapport).test_client(), key.id, secret), rapport)
    rapport.store.close()


def told_and_read(xapi: Xapi, rapport: Rapport) -> Academy:
    """Somebody contests, decides, reads; each leaves something that an auditor comes to see."""
    fill(xapi, rapport)
    known = rating("R-001", 2, rater="T-01")
    assert xapi.post([known]).status_code == 200
    officer, _ = rapport.users.create("jane.doe", "officer", agent=key("R-001"))
    trainer, _ = rapport.users.create("trainer.roe", "training_officer", agent=key("T-00"))
    chief, _ = rapport.users.create("chief.poe", "supervisor", units=("*",))
    auditor, _ = rapport.users.create("the-auditor", "auditor")
    own, theirs = rapport.sights.of_user(officer), rapport.sights.of_user(trainer)
    contest = rapport.contests.raise_contest(own, known["id"], key("R-001"), SAID)
    rapport.contests.refuse(theirs, contest.id, f"No: {SAID}")
    rapport.contests.rejoin(own, known["id"], key("R-001"), f"Still: {SAID}")
    now = rapport.records.as_of(None)
    everybody = rapport.sights.of_user(chief)
    rapport.records.cohort(everybody, now, Whom(trainer="T-00"))
    rapport.records.flat(everybody, now, Whom(trainer=key("T-00")))
    rapport.records.profile(theirs, "R-001", now)
    rapport.audit.note(everybody.actor, "refused", path="/dashboard/officers/R-009", why="You may not.")
    return Academy(rapport, rapport.sights.of_user(auditor), known["context"]["registration"])


def _of_first(ask: Callable[[Academy, str, int], Any]) -> Callable[[Academy, int], Any]:
    """Asked about R-001 by the pseudonym that an auditor knows them by."""
    return lambda one, now: ask(one, one.auditor.pseudonyms().of(key("R-001")), now)


ANSWERS: Mapping[str, Callable[[Academy, int], Any]] = {
    "profile": _of_first(lambda one, who, now: one.rapport.records.profile(one.auditor, who, now)),
    "explanations": _of_first(lambda one, who, now: one.rapport.records.explanations(one.auditor, who, now)),
    "evidence": _of_first(lambda one, who, now: one.rapport.records.evidence(one.auditor, who, now)),
    "who": _of_first(lambda one, who, _: one.rapport.records.who(one.auditor, who)),
    "trend": _of_first(
        lambda one, who, now: one.rapport.records.trend(one.auditor, who, now, "communication")
    ),
    "trail": _of_first(lambda one, who, _: one.rapport.records.trail(one.auditor, who)),
    "cohort": lambda one, now: one.rapport.records.cohort(one.auditor, now, Whom()),
    "listing": lambda one, now: {**one.rapport.records.listing(one.auditor, now), "next": None},
    "gaps": lambda one, now: one.rapport.records.gaps(one.auditor, now, Whom()),
    "stale": lambda one, now: one.rapport.records.stale(one.auditor, now, Whom()),
    "flat": lambda one, now: one.rapport.records.flat(one.auditor, now, Whom()),
    "raters": lambda one, now: one.rapport.records.raters(one.auditor, now, Whom(), "communication"),
    "vr and field": lambda one, now: one.rapport.records.vr_field(one.auditor, now, Whom()),
    "roster": lambda one, _: one.rapport.records.roster(one.auditor),
    "choices": lambda one, _: one.rapport.records.roster_choices(one.auditor, Action.READ_COHORT),
    "contests": lambda one, _: one.rapport.contests.listed(one.auditor),
    "audit log": lambda one, _: one.rapport.audit.page(one.auditor, AuditQuery(limit=1000)),
    "exported audit log": lambda one, _: list(one.rapport.audit.export(one.auditor)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_that_names_anybody_gets_through(academy: Academy, name: str) -> None:
    now = academy.rapport.records.as_of(None)
    text = json.dumps(ANSWERS[name](academy, now), ensure_ascii=False)
    assert len(text) > len("[{}]")
    for secret in (*PEOPLE, *NAMES, *LOGINS, academy.encounter, SAID, "academy.example"):
        assert secret not in text, f"{secret} in {text[max(0, text.find(secret) - 200) :][:400]}"


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in ("vr and field", "stale")])
def test_the_same_answer_has_pseudonyms(academy: Academy, name: str) -> None:
    answer = json.dumps(ANSWERS[name](academy, academy.rapport.records.as_of(None)))
    assert PSEUDONYM.search(answer)


def test_a_person_has_one_pseudonym_everywhere(academy: Academy) -> None:
    records, auditor = academy.rapport.records, academy.auditor
    now = records.as_of(None)
    known = auditor.pseudonyms().of(key("R-001"))
    assert known in {one["officer"] for one in records.cohort(auditor, now, Whom())["officers"]}
    assert known in {one["officer"] for one in records.roster(auditor)}
    assert records.profile(auditor, known, now)["subject"] == known


def test_what_was_said_is_there_and_its_words_are_not(academy: Academy) -> None:
    known = academy.auditor.pseudonyms().of(key("R-001"))
    profile = academy.rapport.records.profile(academy.auditor, known, academy.rapport.records.as_of(None))
    [contest], [rejoinder] = profile["contests"], profile["rejoinders"]
    assert contest["state"] == "refused"
    assert {contest["reason_given"], contest["reasons"], rejoinder["text"]} == {WITHHELD}


@pytest.mark.parametrize("asked", ["R-001", key("R-001"), "Recruit 1", "P-AAAAAAAA", ""])
def test_nobody_is_found_by_name_where_one_sees_pseudonyms(academy: Academy, asked: str) -> None:
    with pytest.raises(NotFound):
        academy.rapport.records.profile(academy.auditor, asked, academy.rapport.records.as_of(None))


def test_a_training_officer_is_asked_for_by_pseudonym(academy: Academy) -> None:
    records, auditor = academy.rapport.records, academy.auditor
    now = records.as_of(None)
    of = auditor.pseudonyms().of
    found = records.cohort(auditor, now, Whom(trainer=of(key("T-00"))))
    assert {one["officer"] for one in found["officers"]} == {of(key("R-001")), of(key("R-003"))}
    with pytest.raises(NotFound):
        records.cohort(auditor, now, Whom(trainer="T-00"))


def test_two_who_have_one_pseudonym_are_not_taken_for_each_other(academy: Academy) -> None:
    class Same(Pseudonyms):
        def of(self, key: str) -> str:
            return "P-AAAAAAAA"

    sight = Sight(
        actor="user:1",
        reach_of=academy.auditor.reach_of,
        roster=academy.rapport.store,
        pseudonyms=lambda: Same(b""),
    )
    with pytest.raises(InvalidParameter):
        academy.rapport.records.profile(sight, "P-AAAAAAAA", academy.rapport.records.as_of(None))


def test_a_pseudonym_hangs_on_the_secret_of_the_server() -> None:
    one, other = Pseudonyms(b"one"), Pseudonyms(b"other")
    assert one.of(key("R-001")) == one.of(key("R-001"))
    assert one.of(key("R-001")) != one.of(key("R-002"))
    assert one.of(key("R-001")) != other.of(key("R-001"))


@pytest.mark.parametrize(
    "agent",
    [
        "mailto:jo@academy.example",
        "mbox_sha1sum:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "openid:https://id.example/jo",
        "account:R-001@https://academy.example",
        "account:R 001, the tall one@https://academy.example/a;b",
    ],
)
def test_every_kind_of_agent_key_is_put_out_of_sight_wherever_it_stands(agent: str) -> None:
    of = Pseudonyms(b"secret")
    masked = of.masked({agent: [agent], "in": {"words": f"by {agent}."}, "kept": agent, "n": 1})
    assert masked[of.of(agent)] == [of.of(agent)]
    assert masked["n"] == 1
    if " " not in agent:
        assert agent.rpartition(":")[2] not in json.dumps(masked)


def test_what_is_nobodys_key_stays(academy: Academy) -> None:
    vendor = "account:VR vendor@https://academy.example"
    of = Pseudonyms(b"secret")
    assert of.masked({"authority": vendor}) == {"authority": vendor}
    assert of.masked({"competency": "communication", "url": "https://w3id.org/x"}) == {
        "competency": "communication",
        "url": "https://w3id.org/x",
    }
