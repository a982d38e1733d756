"""Contests and rejoinders: who may what, a grant that happens once whatever is cut off, values that cannot stand."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lrs.config import Config
from lrs.errors import Conflict, Forbidden, InvalidParameter, LrsError, NotFound
from lrs.plugin.manager import PluginHost
from lrs.plugin.testing import host_with
from lrs.services.access.permissions import Action
from lrs.services.access.sight import Sight
from lrs.services.contests import DAYS, LONGEST, Contests
from lrs.services.granting import CLAIM_US, Granting
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.said import at_items, contest_as_dict
from lrs.services.wiring import Rapport, new_id, now_us
from lrs.stores.contests import Contest, ContestState
from lrs.web import create_app
from lrs.xapi import strict_json
from lrs.xapi.statement import Statement
from tests.clients import Xapi
from tests.plugins.guests import ALL_GUESTS
from tests.services import agencies
from tests.services.academy import ROSTER, graded, key, post
from tests.services.pairs import PAIRED, Pairs
from tests.web.api.conftest import ACADEMY, rating

pytestmark = pytest.mark.engines("sqlite", "mongodb")
DAY_US = 86_400_000_000
LATE = "It was another recruit who spoke."
OFFICER, OTHER = key("R-001"), key("R-002")


class Clock:
    """The time, and some more."""

    def __init__(self) -> None:
        self.ahead_us = 0

    def __call__(self) -> int:
        return now_us() + self.ahead_us


@dataclass
class Academy:
    """R-001, assigned to T-00 in North; R-002, assigned to T-01; and who is who."""

    rapport: Rapport
    xapi: Xapi
    clock: Clock

    def sight(self, name: str, role: str, agent: str = "", units: tuple[str, ...] = ()) -> Sight:
        user, _ = self.rapport.users.create(
            name, role, agent=agent, units=units, sign_on=("https://sign-on.example", name)
        )
        return self.rapport.sights.of_user(user)

    def rated(self, statement: dict[str, Any] | None = None, xapi: Xapi | None = None) -> str:
        """Post a rating of R-001 with 5; its statement."""
        return post(xapi or self.xapi, statement or rating("R-001", 5, rater="T-03", days_ago=3))[0]

    def ratings(self, officer: str = OFFICER) -> list[float | None]:
        """What counts of somebody now."""
        found = self.rapport.profiles.evidence(self.rapport.profiles.as_of(None), subject=officer)
        return [one.evidence.rating for one in found]

    def statement(self, statement_id: str) -> Statement:
        found = self.rapport.store.get(statement_id)
        assert found is not None
        return strict_json.parse(found.raw)

    def actions(self) -> list[str]:
        return [one.happening.action for one in self.rapport.store.scan_audit()]

    def granting_by(self, kind: type[Ingest]) -> Contests:
        """Contests over another way in for statements."""
        rapport = self.rapport
        ingest = kind(
            rapport.store,
            rapport.plugins,
            clock=self.clock,
            new_id=new_id,
            limits=Limits(batch=10, json_bytes=100_000, statement_bytes=100_000),
        )
        granting = Granting(
            rapport.store,
            ingest,
            rapport.plugins,
            rapport.audit,
            clock=self.clock,
            new_id=new_id,
            home_page=rapport.config.home_page,
        )
        return Contests(rapport.store, rapport.audit, granting, clock=self.clock, new_id=new_id)


@contextlib.contextmanager
def academy_with(config: Config, plugins: PluginHost) -> Iterator[Academy]:
    """The academy, its evidence found by these plugins."""
    clock = Clock()
    rapport = Rapport.open(config, clock=clock, plugins=plugins)
    rapport.store.initialise()
    assert rapport.roster.import_csv(ROSTER, home_page=ACADEMY).stored
    vendor, secret = rapport.access.create_key("vendor", ["all"])
    xapi = Xapi(create_app(config, rapport).test_client(), vendor.id, secret, name=vendor.name)
    yield Academy(rapport, xapi, clock)
    rapport.store.close()


@pytest.fixture
def academy(config: Config, plugins: PluginHost) -> Iterator[Academy]:
    with academy_with(config, plugins) as made:
        yield made


@pytest.fixture
def officer(academy: Academy) -> Sight:
    return academy.sight("r-001", "officer", OFFICER)


@pytest.fixture
def trainer(academy: Academy) -> Sight:
    return academy.sight("t-00", "training_officer", key("T-00"))


@pytest.fixture
def supervisor(academy: Academy) -> Sight:
    return academy.sight("north", "supervisor", units=("North",))


def raised(academy: Academy, officer: Sight, statement_id: str | None = None) -> Contest:
    item = statement_id or academy.rated()
    return academy.rapport.contests.raise_contest(officer, item, OFFICER, LATE)


# Raising


def test_an_officer_contests_an_item_and_the_clock_of_30_days_runs(academy: Academy, officer: Sight) -> None:
    contest = raised(academy, officer)
    assert (contest.state, contest.reason) == (ContestState.OPEN, LATE)
    assert contest.due_us - contest.raised_us == DAYS * DAY_US
    assert not contest_as_dict(contest, contest.due_us)["overdue"]
    assert contest_as_dict(contest, contest.due_us + 1)["overdue"]
    assert "contest" in academy.actions()


def test_nobody_contests_for_somebody_else(academy: Academy, trainer: Sight, supervisor: Sight) -> None:
    item = academy.rated()
    others = (trainer, supervisor, academy.sight("r-002", "officer", OTHER))
    for sight in others:
        with pytest.raises(Forbidden):
            academy.rapport.contests.raise_contest(sight, item, OFFICER, LATE)
        with pytest.raises(Forbidden):
            academy.rapport.contests.rejoin(sight, item, OFFICER, "That was me.")


def test_what_says_nothing_of_the_officer_is_no_item_of_theirs(academy: Academy, officer: Sight) -> None:
    """And whether it is an item of somebody else's is told to nobody who may not see that."""
    about_another = academy.rated(rating("R-002", 4))
    everywhere = academy.sight("everywhere", "supervisor", units=("*",))
    for statement in (about_another, new_id()):
        with pytest.raises(Forbidden, match="not this one"):
            academy.rapport.contests.raise_contest(officer, statement, OFFICER, LATE)
        with pytest.raises(NotFound):
            academy.rapport.contests.item(everywhere, Action.DECIDE, statement, OFFICER)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * (LONGEST + 1)])
def test_a_contest_and_a_rejoinder_need_words(academy: Academy, officer: Sight, reason: str) -> None:
    item = academy.rated()
    with pytest.raises(InvalidParameter):
        academy.rapport.contests.raise_contest(officer, item, OFFICER, reason)
    with pytest.raises(InvalidParameter):
        academy.rapport.contests.rejoin(officer, item, OFFICER, reason)
    assert academy.rapport.contests.listed(officer) == []


def test_an_item_is_contested_once_at_a_time_and_again_after_a_withdrawal(
    academy: Academy, officer: Sight
) -> None:
    contest = raised(academy, officer)
    with pytest.raises(Conflict):
        raised(academy, officer, contest.statement_id)
    academy.rapport.contests.withdraw(officer, contest.id)
    assert raised(academy, officer, contest.statement_id).id != contest.id


def test_what_was_refused_is_not_contested_again_and_can_be_spoken_to(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    academy.rapport.contests.refuse(trainer, contest.id, "The recording shows them.")
    with pytest.raises(Conflict, match="rejoinder"):
        raised(academy, officer, contest.statement_id)
    academy.rapport.contests.rejoin(officer, contest.statement_id, OFFICER, "It shows my back.")
    told = academy.rapport.contests.told(officer, contest.id)
    assert told["reasons"] == "The recording shows them."
    assert [one["text"] for one in told["rejoinders"]] == ["It shows my back."]


def test_what_is_voided_cannot_be_contested(academy: Academy, officer: Sight) -> None:
    item = academy.rated()
    post(academy.xapi, _voiding(item))
    with pytest.raises(Conflict, match="voided"):
        raised(academy, officer, item)


# Deciding


def test_only_who_has_the_officer_assigned_or_in_their_unit_decides(
    academy: Academy, officer: Sight, supervisor: Sight
) -> None:
    contest = raised(academy, officer)
    beyond = (
        academy.sight("t-01", "training_officer", key("T-01")),
        academy.sight("south", "supervisor", units=("South",)),
        academy.sight("auditor", "auditor"),
        academy.sight("admin", "administrator"),
        officer,
    )
    for sight in beyond:
        with pytest.raises(Forbidden):
            academy.rapport.contests.grant(sight, contest.id, "Granted.", value="6")
        with pytest.raises(Forbidden):
            academy.rapport.contests.refuse(sight, contest.id, "Refused.")
    assert academy.ratings() == [5.0]
    assert academy.rapport.contests.refuse(supervisor, contest.id, "Seen.").state is ContestState.REFUSED


def test_nobody_decides_a_contest_of_their_own(academy: Academy, officer: Sight) -> None:
    contest = raised(academy, officer)
    # In the meantime they have become a supervisor of the unit that they are in.
    promoted = academy.sight("r-001-now", "supervisor", OFFICER, ("North",))
    with pytest.raises(Forbidden, match="their own"):
        academy.rapport.contests.refuse(promoted, contest.id, "No.")
    with pytest.raises(Forbidden, match="their own"):
        academy.rapport.contests.grant(promoted, contest.id, "Yes.", value="7")


def test_granted_with_a_value_the_statement_is_voided_and_stands_corrected(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    before = academy.rapport.profiles.as_of(None)
    decided = academy.rapport.contests.grant(trainer, contest.id, "Misread sheet.", value=" 6 ")
    assert academy.ratings() == [6.0]
    original, new = academy.statement(contest.statement_id), academy.statement(decided.reissued_id)
    assert new["result"]["score"] == {"raw": 6, "min": 1, "max": 7}
    assert new["context"]["statement"]["id"] == contest.statement_id
    for member in ("actor", "verb", "object", "timestamp", "authority", "version"):
        assert new[member] == original[member]
    voiding = academy.statement(decided.voiding_id)
    assert trainer.user is not None
    assert voiding["actor"]["account"]["name"] == f"user:{trainer.user.id}"
    earlier = academy.rapport.profiles.evidence(before, subject=OFFICER)
    assert [one.evidence.rating for one in earlier] == [5.0]
    assert academy.actions().count("grant contest") == 1


def test_granted_without_a_value_nothing_stands_in_its_place(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    decided = academy.rapport.contests.grant(trainer, contest.id, "Another recruit.", value=None)
    assert academy.ratings() == []
    assert (decided.state, decided.reissued_id) == (ContestState.GRANTED, "")


def test_what_is_decided_is_not_decided_again(academy: Academy, officer: Sight, trainer: Sight) -> None:
    service, contest = academy.rapport.contests, raised(academy, officer)
    service.refuse(trainer, contest.id, "Seen.")
    for again in (
        lambda: service.grant(trainer, contest.id, "Granted.", value="6"),
        lambda: service.refuse(trainer, contest.id, "Refused."),
        lambda: service.withdraw(officer, contest.id),
    ):
        with pytest.raises(Conflict, match="already"):
            again()
    assert academy.ratings() == [5.0]


def test_statements_of_both_versions_are_reissued_in_their_own(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    second = Xapi(academy.xapi.http, academy.xapi.key_id, academy.xapi.secret, "2.0.0", "vendor")
    for xapi, version in ((academy.xapi, "1.0.0"), (second, "2.0.0")):
        contest = raised(academy, officer, academy.rated(xapi=xapi))
        decided = academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="4.5")
        new = academy.statement(decided.reissued_id)
        assert (new["version"], new["result"]["score"]["raw"]) == (version, 4.5)
        assert academy.statement(decided.voiding_id)["version"] == version
    assert academy.ratings() == [4.5, 4.5]


def test_a_corrected_item_can_be_contested_and_all_that_was_said_stays_beside_it(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    service, first = academy.rapport.contests, raised(academy, officer)
    service.rejoin(officer, first.statement_id, OFFICER, "I was at the car.")
    middle = service.grant(trainer, first.id, "Misread.", value="4").reissued_id
    service.rejoin(officer, middle, OFFICER, "Still too low.")
    second = raised(academy, officer, middle)
    last = service.grant(trainer, second.id, "Misread again.", value="6").reissued_id
    said = at_items(service.beside(OFFICER, academy.rapport.profiles.as_of(None)))
    assert [one["id"] for one in said[last]["contests"]] == [first.id, second.id]
    assert [one["text"] for one in said[last]["rejoinders"]] == ["I was at the car.", "Still too low."]
    assert [one["id"] for one in said[first.statement_id]["contests"]] == [first.id]
    assert academy.ratings() == [6.0]


def test_a_contest_that_was_decided_later_is_open_at_an_earlier_instant(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    decided = academy.rapport.contests.refuse(trainer, contest.id, "Seen.")
    assert decided.decided_us is not None
    [then] = academy.rapport.contests.beside(OFFICER, decided.decided_us - 1)["contests"]
    [now] = academy.rapport.contests.beside(OFFICER, decided.decided_us)["contests"]
    assert academy.rapport.contests.beside(OFFICER, contest.raised_us - 1)["contests"] == []
    assert (then["state"], then["reasons"]) == ("open", "")
    assert (now["state"], now["reasons"]) == ("refused", "Seen.")


def test_all_whose_record_a_grant_changes_are_named_in_the_log(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="6")
    [entry] = [one for one in academy.rapport.store.scan_audit() if one.happening.action == "grant contest"]
    assert entry.happening.subjects == (OFFICER,)
    assert entry.happening.detail["statement"] == contest.statement_id


# Values


@pytest.mark.parametrize("value", ["8", "0", "five", "", "nan", "inf", "1_0", "4,5", "٥", "1e0", "5", "5.0"])
def test_a_value_that_cannot_stand_there_or_changes_nothing_is_refused_and_nothing_is_done(
    academy: Academy, officer: Sight, trainer: Sight, value: str
) -> None:
    contest = raised(academy, officer)
    with pytest.raises(InvalidParameter, match="cannot stand there"):
        academy.rapport.contests.grant(trainer, contest.id, "Misread.", value=value)
    assert academy.ratings() == [5.0]
    told = academy.rapport.contests.told(trainer, contest.id)
    assert (told["state"], told["voiding_id"]) == ("open", "")
    # Nobody has to wait for a claim that came to nothing.
    assert academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="6").settled


@pytest.mark.parametrize(
    ("judge", "reason"),
    [
        (agencies.Judge(most=99.0), "found before; juggling: .*fto-7 goes from"),
        (agencies.Judge(most=7.0), "found before"),
        (agencies.Judge(most=99.0, fails_on=50.0), "found before; juggling: .*cannot make sense"),
    ],
    ids=["off the scale", "passed over", "failed on"],
)
def test_a_value_that_the_plugins_make_nothing_of_is_refused(
    config: Config, judge: agencies.Judge, reason: str
) -> None:
    with academy_with(config, host_with(juggling=agencies.plugin("1", judge))) as academy:
        officer = academy.sight("r-001", "officer", OFFICER)
        trainer = academy.sight("t-00", "training_officer", key("T-00"))
        unbounded = {**agencies.rating("R-001", 5), "result": {"score": {"raw": 5}}}
        contest = raised(academy, officer, academy.rated(unbounded))
        with pytest.raises(InvalidParameter, match=reason):
            academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="50")
        academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="6")
        assert academy.ratings() == [6.0]


def test_a_score_that_the_record_does_not_rest_on_cannot_be_corrected_only_voided(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    """What counts of a VR attempt is in an extension; its score is beside."""
    attempt = graded("R-001", 0.4, 2)
    attempt["result"]["score"] = {"scaled": 0.4}
    contest = raised(academy, officer, academy.rated(attempt))
    item = academy.rapport.contests.item(trainer, Action.DECIDE, contest.statement_id, OFFICER)
    assert item.value is not None
    assert item.value.member == "scaled"
    before = academy.ratings()
    with pytest.raises(InvalidParameter, match="changes a rating"):
        academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="0.9")
    assert academy.ratings() == before
    academy.rapport.contests.grant(trainer, contest.id, "A trial run.", value=None)
    assert academy.ratings() == []


def test_what_was_voided_meanwhile_is_not_reissued(academy: Academy, officer: Sight, trainer: Sight) -> None:
    contest = raised(academy, officer)
    post(academy.xapi, _voiding(contest.statement_id))
    with pytest.raises(Conflict, match="voided meanwhile"):
        academy.rapport.contests.grant(trainer, contest.id, "Misread.", value="6")
    assert academy.ratings() == []
    granted = academy.rapport.contests.grant(trainer, contest.id, "So it is.", value=None)
    assert granted.state is ContestState.GRANTED


# Cut off, and at once


class CutOff(BaseException):
    """The server died."""


class DiesBefore(Ingest):
    """Stores nothing."""

    def post(self, body: Body, *others: Any) -> list[str]:
        raise CutOff


class DiesAfter(Ingest):
    """Stores the batch, and says so to nobody."""

    def post(self, body: Body, *others: Any) -> list[str]:
        super().post(body, *others)
        raise CutOff


def test_a_grant_cut_off_before_its_batch_leaves_the_contest_open_for_who_comes_later(
    academy: Academy, officer: Sight, trainer: Sight, supervisor: Sight
) -> None:
    contest = raised(academy, officer)
    with pytest.raises(CutOff):
        academy.granting_by(DiesBefore).grant(trainer, contest.id, "Misread.", value="6")
    told = academy.rapport.contests.told(trainer, contest.id)
    assert (told["state"], told["decided_by"], told["reasons"]) == ("open", "", "")
    assert academy.ratings() == [5.0]
    with pytest.raises(Conflict, match="Somebody else"):
        academy.rapport.contests.refuse(supervisor, contest.id, "No.")
    academy.clock.ahead_us = CLAIM_US
    decided = academy.rapport.contests.grant(supervisor, contest.id, "Misread indeed.", value="7")
    assert academy.ratings() == [7.0]
    assert supervisor.user is not None
    assert (decided.decided_by, decided.reasons) == (supervisor.user.id, "Misread indeed.")
    assert academy.actions().count("grant contest") == 1


def test_a_grant_cut_off_after_its_batch_is_granted_as_soon_as_anybody_looks(
    academy: Academy, officer: Sight, trainer: Sight, supervisor: Sight
) -> None:
    contest = raised(academy, officer)
    with pytest.raises(CutOff):
        academy.granting_by(DiesAfter).grant(trainer, contest.id, "Misread.", value="6")
    assert academy.ratings() == [6.0]
    [seen] = academy.rapport.contests.beside(OFFICER, academy.rapport.profiles.as_of(None))["contests"]
    assert trainer.user is not None
    assert (seen["state"], seen["decided_by"]) == ("granted", trainer.user.id)
    with pytest.raises(Conflict, match="already"):
        academy.rapport.contests.grant(supervisor, contest.id, "Granted.", value="7")
    assert academy.ratings() == [6.0]
    assert academy.actions().count("grant contest") == 1


def test_a_grant_that_came_in_late_after_all_is_not_stored_beside_the_next_one(
    academy: Academy, officer: Sight, trainer: Sight, supervisor: Sight
) -> None:
    """Its batch was on its way for longer than a claim lasts: the ids are the same, so one alone is stored."""
    contest = raised(academy, officer)
    held: list[tuple[Any, ...]] = []

    class Held(Ingest):
        def post(self, body: Body, *others: Any) -> list[str]:
            held.append((body, *others))
            raise CutOff

    with pytest.raises(CutOff):
        academy.granting_by(Held).grant(trainer, contest.id, "Misread.", value="6")
    academy.clock.ahead_us = CLAIM_US
    academy.rapport.contests.grant(supervisor, contest.id, "Misread.", value="7")
    with pytest.raises(Conflict):
        academy.rapport.ingest.post(*held[0])
    assert academy.ratings() == [7.0]


def test_of_many_who_decide_at_once_one_alone_does(
    academy: Academy, officer: Sight, trainer: Sight, supervisor: Sight
) -> None:
    contest = raised(academy, officer)
    start, answers = threading.Barrier(6), []

    def decide(sight: Sight, value: str) -> None:
        start.wait()
        try:
            answers.append(academy.rapport.contests.grant(sight, contest.id, "Misread.", value=value))
        except LrsError as exc:
            answers.append(exc)

    threads = [
        threading.Thread(target=decide, args=((trainer, supervisor)[number % 2], str(number + 1)))
        for number in range(4)
    ]
    threads += [
        threading.Thread(target=_looking, args=(start, academy, officer, contest.id, answers))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    granted = [one for one in answers if isinstance(one, Contest)]
    assert len(granted) == 1
    assert all(isinstance(one, Contest | Conflict) for one in answers), answers
    now = academy.rapport.store.contest(contest.id)
    assert now is not None
    assert (now.state, now.reissued_id) == (ContestState.GRANTED, granted[0].reissued_id)
    [left] = academy.ratings()
    assert left == academy.statement(granted[0].reissued_id)["result"]["score"]["raw"]
    assert academy.actions().count("grant contest") == 1


def _looking(
    start: threading.Barrier, academy: Academy, officer: Sight, contest: str, answers: list[Any]
) -> None:
    """Somebody who looks meanwhile is never told off for it; what fails there is an answer like any other."""
    start.wait()
    for _ in range(20):
        try:
            academy.rapport.contests.told(officer, contest)
        except BaseException as exc:
            answers.append(repr(exc))


# Telling


def test_contests_are_told_to_who_may_see_the_record_and_are_nothing_to_others(
    academy: Academy, officer: Sight, trainer: Sight, supervisor: Sight
) -> None:
    contest = raised(academy, officer)
    service = academy.rapport.contests
    for sight in (officer, trainer, supervisor):
        assert service.told(sight, contest.id)["reason_given"] == LATE
        assert [one["id"] for one in service.listed(sight)] == [contest.id]
    other = academy.sight("t-01", "training_officer", key("T-01"))
    assert service.listed(other) == []
    everywhere = academy.sight("everywhere", "supervisor", units=("*",))
    for unknown in (contest.id, new_id(), "no id"):
        with pytest.raises(Forbidden, match="not this one"):
            service.told(other, unknown)
    for unknown in (new_id(), "no id"):
        with pytest.raises(NotFound):
            service.told(everywhere, unknown)
    with pytest.raises(Forbidden):
        service.told(academy.sight("admin", "administrator"), contest.id)


def test_an_auditor_sees_that_something_was_said_and_neither_who_nor_what(
    academy: Academy, officer: Sight
) -> None:
    contest = raised(academy, officer)
    academy.rapport.contests.rejoin(officer, contest.statement_id, OFFICER, "Ask R-002 about it.")
    told = academy.rapport.contests.told(academy.sight("auditor", "auditor"), contest.id)
    assert told["officer"].startswith("P-")
    assert "R-00" not in str(told)
    assert LATE not in str(told)
    assert told["state"] == "open"


def test_contests_are_listed_by_state_and_a_state_that_there_is_not_is_refused(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    service, still = academy.rapport.contests, raised(academy, officer)
    over = raised(academy, officer)
    service.refuse(trainer, over.id, "Seen.")
    assert [one["id"] for one in service.listed(trainer, "open")] == [still.id]
    assert [one["id"] for one in service.listed(trainer, "refused")] == [over.id]
    with pytest.raises(InvalidParameter):
        service.listed(trainer, "lost")


def test_an_item_that_a_grant_took_out_is_still_told_of(
    academy: Academy, officer: Sight, trainer: Sight
) -> None:
    contest = raised(academy, officer)
    records = academy.rapport.records
    before = records.as_of(None)
    academy.rapport.contests.grant(trainer, contest.id, "Another recruit.", value=None)
    [gone] = records.voided_items(trainer, "R-001", records.as_of(None))
    assert (gone["statement_id"], gone["rating"]) == (contest.statement_id, 5.0)
    assert gone["contests"][0]["reasons"] == "Another recruit."
    assert records.voided_items(trainer, "R-001", before) == []
    with pytest.raises(Forbidden):
        records.voided_items(academy.sight("r-002", "officer", OTHER), "R-001", before)


def _voiding(statement_id: str) -> dict[str, Any]:
    return {
        "actor": {"account": {"homePage": ACADEMY, "name": "vendor"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": statement_id},
    }


# Statements that speak of several


@pytest.fixture
def pair(config: Config) -> Iterator[Academy]:
    """An academy in which a rating of a pair is evidence on R-001 and on R-002."""
    with academy_with(
        config, host_with(pairs=agencies.plugin("1", Pairs(), rubrics=()), **ALL_GUESTS)
    ) as made:
        yield made


def test_who_does_not_reach_everybody_in_a_statement_takes_nothing_from_the_others(pair: Academy) -> None:
    """Voided, it would be gone from the record of somebody whose trainer never heard of it."""
    officer = pair.sight("r-001", "officer", OFFICER)
    contest = raised(pair, officer, pair.rated(rating("R-001", 5, verb={"id": PAIRED})))
    trainer = pair.sight("t-00", "training_officer", key("T-00"))
    with pytest.raises(Forbidden, match="beyond your reach"):
        pair.rapport.contests.grant(trainer, contest.id, "Misread.", value=None)
    assert (pair.ratings(), pair.ratings(OTHER)) == ([5.0], [5.0])
    supervisor = pair.sight("north", "supervisor", units=("North",))
    assert pair.rapport.contests.grant(supervisor, contest.id, "Misread.", value=None).settled
    assert (pair.ratings(), pair.ratings(OTHER)) == ([], [])


def test_a_correction_that_would_rate_somebody_else_anew_is_refused(pair: Academy) -> None:
    officer = pair.sight("r-001", "officer", OFFICER)
    contest = raised(pair, officer, pair.rated(rating("R-001", 5, verb={"id": PAIRED})))
    supervisor = pair.sight("north", "supervisor", units=("North",))
    with pytest.raises(InvalidParameter, match="of others"):
        pair.rapport.contests.grant(supervisor, contest.id, "Misread.", value="6")
    assert pair.ratings(OTHER) == [5.0]
    assert pair.rapport.contests.refuse(supervisor, contest.id, "It stands.").state is ContestState.REFUSED
