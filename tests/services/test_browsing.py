"""Who sees which statement; pages; what voided one; what stands in the audit log."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lrs.errors import Forbidden, InvalidParameter, NotFound
from lrs.plugin.host import PluginHost
from lrs.plugin.testing import host_with
from lrs.services.access.sight import Sight
from lrs.services.browsing import PAGE, Sought
from lrs.services.wiring import Rapport
from lrs.stores.users import Role
from tests.clients import Xapi
from tests.plugins.guests import ALL_GUESTS
from tests.services.academy import fill, gazed, key, post
from tests.services.agencies import plugin
from tests.services.pairs import PAIRED, Pairs
from tests.web.api.conftest import ACADEMY, rating

SightOf = Callable[[str], Sight]
PEOPLE: dict[str, tuple[Role, str, tuple[str, ...]]] = {
    "officer": (Role.OFFICER, key("R-001"), ()),
    "training officer": (Role.TRAINING_OFFICER, key("T-00"), ()),  # of
    "supervisor": (Role.SUPERVISOR, "", ("North",)),  # of
    "supervisor of all": (Role.SUPERVISOR, "", ("*",)),
    "auditor": (Role.AUDITOR, "", ()),
    "administrator": (Role.ADMINISTRATOR, "", ()),
    "nobody's trainer": (Role.TRAINING_OFFICER, key("T-77"), ()),
}
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
def plugins() -> PluginHost:
    """What is installed, and the agency's own."""
    return host_with(pairs=plugin("1", Pairs(), rubrics=()), **ALL_GUESTS)


@pytest.fixture
def academy(xapi2: Xapi, rapport: Rapport) -> Rapport:
    fill(xapi2, rapport)
    return rapport


@pytest.fixture
def sight(rapport: Rapport) -> SightOf:
    def of(name: str) -> Sight:
        role, agent, units = PEOPLE[name]
        user, _ = rapport.users.create(re.sub(r"[^a-z]+", "-", name), role.value, agent=agent, units=units)
        return rapport.sights.of_user(user)

    return of


def about_two(xapi: Xapi) -> str:
    """The id of a statement in which evidence on R-001 and R-002 is found."""
    [stored] = post(xapi, rating("R-001", 5, verb={"id": PAIRED}))
    return stored


def void(xapi: Xapi, statement_id: str) -> str:
    [stored] = post(
        xapi,
        {
            "actor": {"account": {"homePage": ACADEMY, "name": "S-01"}},
            "verb": {"id": VOIDED},
            "object": {"objectType": "StatementRef", "id": statement_id},
        },
    )
    return stored


def ids(rapport: Rapport, sight: Sight, **sought: Any) -> list[str]:
    return [one["id"] for one in rapport.browsing.page(sight, Sought(**sought)).statements]


def everything(rapport: Rapport, sight: Sight, **sought: Any) -> Iterator[Any]:
    after = None
    while True:
        page = rapport.browsing.page(sight, Sought(**sought, after=after))
        yield page
        after = page.next
        if after is None:
            return


def test_somebody_who_sees_everybody_sees_the_newest_first(
    academy: Rapport, sight: SightOf, xapi2: Xapi
) -> None:
    newest = post(xapi2, rating("R-002", 3), gazed("R-004"))
    found = ids(academy, sight("supervisor of all"))
    assert len(found) == 25
    assert set(found[:2]) == set(newest)
    assert found == xapi2.ids(limit=100)


@pytest.mark.parametrize("name", ["officer", "training officer", "supervisor"])
def test_others_have_to_name_an_officer_whom_they_may_see(
    academy: Rapport, sight: SightOf, name: str
) -> None:
    asking = sight(name)
    for agent in (None, key("R-004"), key("R-777")):
        with pytest.raises(Forbidden):
            academy.browsing.page(asking, Sought(agent=agent))
    assert len(ids(academy, asking, agent=key("R-001"))) == 13


@pytest.mark.parametrize("name", ["auditor", "administrator"])
def test_who_may_not_read_statements_sees_none(academy: Rapport, sight: SightOf, name: str) -> None:
    asking = sight(name)
    [statement_id, *_] = (one.id for one in academy.store.scan())
    with pytest.raises(Forbidden):
        academy.browsing.page(asking, Sought(agent=key("R-001")))
    with pytest.raises(Forbidden):
        academy.browsing.whole(asking, statement_id)
    with pytest.raises(Forbidden):
        academy.browsing.officers(asking)


@pytest.mark.parametrize(
    ("name", "officers"),
    [
        ("officer", ["R-001"]),
        ("training officer", ["R-001", "R-003"]),
        ("supervisor", ["R-001", "R-002"]),
        ("supervisor of all", ["R-001", "R-002", "R-003", "R-009"]),
        ("nobody's trainer", []),
    ],
)
def test_the_choice_is_of_those_whom_one_may_see(
    academy: Rapport, sight: SightOf, name: str, officers: list[str]
) -> None:
    found = academy.browsing.officers(sight(name))
    assert [one["officer"] for one in found] == [key(one) for one in officers]
    assert all(one["name"].startswith("Recruit ") for one in found)


def test_a_statement_about_two_is_seen_by_who_may_see_both(
    academy: Rapport, sight: SightOf, xapi2: Xapi
) -> None:
    both = about_two(xapi2)
    supervisor, trainer, officer = sight("supervisor"), sight("training officer"), sight("officer")
    assert both in ids(academy, supervisor, agent=key("R-001"))
    assert academy.browsing.whole(supervisor, both)["officers"] == [key("R-001"), key("R-002")]
    for asking in (trainer, officer):
        page = academy.browsing.page(asking, Sought(agent=key("R-001")))
        assert (both in [one["id"] for one in page.statements], page.beyond) == (False, 1)
        with pytest.raises(Forbidden):
            academy.browsing.whole(asking, both)


def test_one_without_evidence_is_seen_by_who_may_see_its_actor(
    academy: Rapport, sight: SightOf, xapi2: Xapi
) -> None:
    [mine, others] = post(xapi2, gazed("R-001"), gazed("R-002"))
    officer = sight("officer")
    assert academy.browsing.whole(officer, mine)["officers"] == []
    with pytest.raises(Forbidden):
        academy.browsing.whole(officer, others)
    assert mine in ids(academy, officer, agent=key("R-001"))


def test_a_rating_is_not_the_raters_to_read(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    """Who rated is in the statement, and it is part of the record of who was rated."""
    [of_another] = post(xapi2, rating("R-002", 4, rater="R-001"))
    page = academy.browsing.page(sight("officer"), Sought(agent=key("R-001")))
    assert of_another not in [one["id"] for one in page.statements]
    assert page.beyond == 1


def test_a_voided_one_is_told_to_be_so_and_by_what_and_stays_as_private_as_it_was(
    academy: Rapport, sight: SightOf, xapi2: Xapi
) -> None:
    [mine, of_another] = post(xapi2, rating("R-001", 2), rating("R-002", 4, rater="R-001"))
    voiding, _ = void(xapi2, mine), void(xapi2, of_another)
    officer = sight("officer")
    assert mine not in ids(academy, officer, agent=key("R-001"))
    whole = academy.browsing.whole(officer, mine)
    assert whole["voided"] == whole["voided_by"]["stored"]
    assert (whole["voided_by"]["id"], whole["voided_by"]["actor"]) == (voiding, key("S-01"))
    assert whole["officers"] == [key("R-001")]
    with pytest.raises(Forbidden):
        academy.browsing.whole(officer, of_another)
    with pytest.raises(Forbidden):  # the actor of the voiding is beyond an officer's reach
        academy.browsing.whole(officer, voiding)


def test_several_voided_in_one_batch_are_each_told_by_their_own(
    academy: Rapport, sight: SightOf, xapi2: Xapi
) -> None:
    targets = post(xapi2, rating("R-001", 2), rating("R-001", 3))
    actor = {"account": {"homePage": ACADEMY, "name": "S-01"}}
    voidings = post(
        xapi2,
        *(
            {"actor": actor, "verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": one}}
            for one in targets
        ),
    )
    asking = sight("supervisor of all")
    assert [academy.browsing.whole(asking, one)["voided_by"]["id"] for one in targets] == voidings


def test_one_that_is_not_voided_says_so(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    [mine] = post(xapi2, rating("R-001", 2))
    whole = academy.browsing.whole(sight("officer"), mine)
    assert (whole["voided"], whole["voided_by"]) == (None, None)


def test_the_text_is_the_stored_one(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    [mine] = post(xapi2, rating("R-001", 2))
    stored = academy.store.get(mine)
    assert stored is not None
    whole = academy.browsing.whole(sight("officer"), mine.upper())
    assert whole["raw"].encode() == stored.raw
    assert whole["sha256"] == stored.sha256.hex()


def test_one_that_is_not_there_looks_like_one_beyond_reach(academy: Rapport, sight: SightOf) -> None:
    nothing = str(uuid.uuid4())
    with pytest.raises(Forbidden):
        academy.browsing.whole(sight("officer"), nothing)
    with pytest.raises(NotFound):
        academy.browsing.whole(sight("supervisor of all"), nothing)


def test_what_is_no_id_is_refused(academy: Rapport, sight: SightOf) -> None:
    with pytest.raises(InvalidParameter):
        academy.browsing.whole(sight("officer"), "no-id")


def test_pages_follow_each_other_without_a_gap(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    post(xapi2, *(rating("R-001", 4) for _ in range(2 * PAGE)))
    asking = sight("officer")
    pages = list(everything(academy, asking, agent=key("R-001")))
    assert [len(page.statements) for page in pages] == [PAGE, PAGE, 13]
    found = [one["id"] for page in pages for one in page.statements]
    assert len(set(found)) == len(found)
    stored = [one["stored"] for page in pages for one in page.statements]
    assert stored == sorted(stored, reverse=True)


def test_filters_leave_out_the_rest(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    [gaze] = post(xapi2, gazed("R-001"))
    asking, mine = sight("officer"), {"agent": key("R-001")}
    assert ids(academy, asking, **mine, verb="https://vr.example/verbs/gazed") == [gaze]
    assert ids(academy, asking, **mine, activity="https://vr.example/scenarios/traffic-stop") == [gaze]
    last = academy.store.get(gaze)
    assert last is not None
    assert ids(academy, asking, **mine, since_us=last.stored_us - 1) == [gaze]
    assert len(ids(academy, asking, **mine, until_us=last.stored_us - 1)) == 13


def test_every_look_is_in_the_audit_log(academy: Rapport, sight: SightOf, xapi2: Xapi) -> None:
    both = about_two(xapi2)
    supervisor = sight("supervisor")
    academy.browsing.page(supervisor, Sought(agent=key("R-001")))
    academy.browsing.whole(supervisor, both)
    looks = [
        entry.happening for entry in academy.store.scan_audit() if entry.happening.actor == supervisor.actor
    ]
    assert [(one.action, sorted(one.subjects)) for one in looks] == [
        ("read statements", [key("R-001"), key("R-002")]),
        ("read statement", [key("R-001"), key("R-002")]),
    ]
    assert looks[1].detail["statement"] == both


def test_choosing_an_officer_reads_no_record(academy: Rapport, sight: SightOf) -> None:
    supervisor = sight("supervisor")
    academy.browsing.officers(supervisor)
    assert not [entry for entry in academy.store.scan_audit() if entry.happening.actor == supervisor.actor]
