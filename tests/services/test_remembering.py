"""What is remembered is what would be computed: whatever happens, in whatever order, in this process or in another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.cohort.roster import Member
from lrs.competency.evidence import RecordedEvidence
from lrs.plugin import Tier
from lrs.plugin.manager import PluginHost
from lrs.services.on_record import OnRecords
from lrs.services.profiles import Profiles
from lrs.services.refusals import Refusals
from lrs.services.remembering import MOST_BYTES, Memory
from lrs.services.reports import Reports, Whom
from lrs.services.wiring import now_us
from lrs.stores.base import EvidenceQuery, EvidenceVersion, Store
from lrs.stores.opening import open_store
from tests.conftest import NewStore
from tests.services.agencies import Agency, Judge, key_of, plugin, rating
from tests.services.test_whose_evidence import Surveyor, survey

OFFICERS = ("R-1", "R-2", "R-3")
FAILS = 3.0
VERSIONS: dict[str, Any] = {
    "1": plugin("1", Judge(fails_on=FAILS), Surveyor(tier=Tier.SURVEY)),
    "2": plugin("2", Judge(harder=1), Surveyor(tier=Tier.SURVEY)),
}
_OFFICER = st.sampled_from(OFFICERS)
_RATE = st.tuples(st.just("rate"), _OFFICER, st.lists(st.sampled_from([2.0, FAILS, 5.0, 6.0]), max_size=3))
_STEP = st.one_of(
    _RATE,
    st.tuples(st.just("survey"), _OFFICER),
    st.tuples(st.just("void"), st.integers(0, 9)),
    st.tuples(st.just("reissue"), st.integers(0, 9), _OFFICER),
    st.tuples(st.just("switch")),
    st.tuples(st.just("mend")),
    st.tuples(st.just("enrol"), _OFFICER, st.sampled_from(["North", "South"])),
    st.tuples(st.just("leave"), _OFFICER),
    st.tuples(st.just("look"), st.integers(0, 9)),
)
STEPS = st.builds(
    list.__add__, st.lists(_RATE, min_size=1, max_size=3), st.lists(_STEP, min_size=2, max_size=8)
)


class Office:
    """Who asks, in a process of its own: everything that can be asked, as the bytes that leave."""

    def __init__(self, store: Store, host: PluginHost, agency: Agency, *, most_bytes: int) -> None:
        self.memory = Memory(store, most_bytes=most_bytes)
        on_record = OnRecords(store, self.memory)
        self.profiles = Profiles(store, host, policy=agency.policy, on_record=on_record)
        self.reports = Reports(
            store,
            host,
            self.profiles,
            Refusals(store, clock=now_us),
            policy=agency.policy,
            on_record=on_record,
            memory=self.memory,
        )

    def answers(self, at: int) -> str:
        """All answers of an instant."""
        reports, everybody = self.reports, Whom()
        people = [key_of(one) for one in OFFICERS]
        asked = [
            *(self.profiles.profile(one, at).as_dict() for one in people),
            *(each.as_dict() for one in people for each in self.profiles.explanations(one, at)),
            *(one.as_dict() for one in self.profiles.cohort(at).profiles),
            [[one.as_dict() for one in own] for own in self.profiles.in_short(at).standings.values()],
            [[one.as_dict() for one in own] for own in self.profiles.standings(people, at).values()],
            [repr(self.profiles.evidence(at, subject=one)) for one in people],
            *(reports.trend(at, one, "juggling").as_dict() for one in people),
            *(
                reports.gaps(at, whom).as_dict()
                for whom in (everybody, Whom(unit="North"), Whom(only=frozenset(people[:1])))
            ),
            reports.stale(at, everybody).as_dict(),
            reports.flat(at, everybody).as_dict(),
            reports.vr_field(at, everybody).as_dict(),
            *(
                reports.raters(at, whom, "juggling").as_dict()
                for whom in (everybody, Whom(unit="North"), Whom(only=frozenset(people[:1])))
            ),
            *(
                reports.quality(at, since_us=since, most=most).as_dict()
                for since in (0, None)
                for most in (3, 99)
            ),
            reports.unit_survey(at, people[0], "juggling").as_dict(),
        ]
        return json.dumps(asked)


class Run:
    """An agency that lives, and two offices: one remembers, and its neighbour does not."""

    def __init__(self, url: str) -> None:
        self.agency = Agency(url, {"juggling": VERSIONS["1"]})
        self.agency.store.initialise()
        self._asked = open_store(url)
        self._posted: list[str] = []
        self.told: list[int] = []
        host = self.agency.host
        self.remembers = Office(self._asked, host, self.agency, most_bytes=MOST_BYTES)
        self._computes = Office(self._asked, host, self.agency, most_bytes=0)

    def close(self) -> None:
        self._asked.close()
        self.agency.store.close()

    def compare(self, at: int) -> None:
        assert self.remembers.answers(at) == self._computes.answers(at)

    def look(self, place: int = -1) -> None:
        """At now, or at an instant that was looked at before."""
        if place >= 0 and self.told:
            self.compare(self.told[place % len(self.told)])
            return
        self.told.append(self.remembers.profiles.as_of(None))
        self.compare(self.told[-1])

    def rate(self, officer: str, ratings: Sequence[float]) -> None:
        if ratings:
            self._posted += self.agency.rate(officer, *ratings)

    def survey(self, officer: str) -> None:
        self._posted.append(survey(self.agency, officer))

    def void(self, place: int) -> None:
        if self._posted:
            self.agency.void(self._posted[place % len(self._posted)])

    def reissue(self, place: int, officer: str) -> None:
        """What the grant of a contest does."""
        self.void(place)
        self._posted += self.agency.post(rating(officer, 6.0, rater="T-9"))

    def switch(self) -> None:
        """The other version is installed where statements come in, looks at all of them, and counts from now on."""
        loaded = self.agency.plugins["juggling"]
        self.agency.install(juggling=next(one for one in VERSIONS.values() if one is not loaded))
        self.agency.reprofile.run(["juggling"])
        self.agency.generations.activate("juggling")

    def mend(self) -> None:
        self.agency.quarantine.rerun()

    def enrol(self, officer: str, unit: str) -> None:
        self.agency.store.put_members([Member(officer=key_of(officer), unit=unit)])

    def leave(self, officer: str) -> None:
        self.agency.store.remove_members([key_of(officer)])


@contextmanager
def running(new_store: NewStore) -> Iterator[Run]:
    with new_store() as url:
        run = Run(url)
        try:
            yield run
        finally:
            run.close()


HISTORY: list[tuple[Any, ...]] = [
    ("rate", "R-1", [5.0, FAILS, 6.0]),
    ("rate", "R-2", [2.0, 6.0]),
    ("enrol", "R-1", "North"),
    ("void", 0),
    ("mend",),
    ("survey", "R-2"),
    ("switch",),
    ("reissue", 3, "R-1"),
    ("leave", "R-1"),
]


def live(run: Run, steps: list[tuple[Any, ...]]) -> None:
    """Take a run through all of it, comparing at each step, and at the end each instant again."""
    for name, *arguments in steps:
        getattr(run, name)(*arguments)
        run.look()
    for at in run.told:
        run.compare(at)


@pytest.mark.engines("sqlite", "mongodb")
def test_what_is_remembered_is_what_would_be_computed(new_store: NewStore) -> None:
    with running(new_store) as run:
        live(run, HISTORY)


def test_what_is_remembered_is_what_would_be_computed_whatever_happens(new_store: NewStore) -> None:
    @settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def whatever_happens(steps: list[tuple[Any, ...]]) -> None:
        with running(new_store) as run:
            live(run, steps)

    whatever_happens()


class Counting:
    """A store of evidence that says which version it has, and counts how often it was asked to compute."""

    def __init__(self) -> None:
        self.now: EvidenceVersion | None = EvidenceVersion(store="one", at_us=1, newest_us=1)
        self.made = 0

    def evidence_version(self, as_of_us: int) -> EvidenceVersion | None:
        return self.now

    def make(self) -> int:
        self.made += 1
        return self.made

    def at(self, instant: int, store: str = "one") -> None:
        self.now = EvidenceVersion(store=store, at_us=instant, newest_us=instant)


@pytest.fixture
def store() -> Counting:
    return Counting()


def memory_of(store: Counting, most_bytes: int = 1_000) -> Memory:
    return Memory(cast(Store, store), most_bytes=most_bytes)


def test_what_is_kept_is_not_computed_again_until_the_evidence_is_another(store: Counting) -> None:
    memory = memory_of(store)
    assert [memory.of(5, "key", store.make, lambda _: 1) for _ in range(3)] == [1, 1, 1]
    assert memory.of(5, "another", store.make, lambda _: 1) == 2
    store.at(2)
    assert memory.of(5, "key", store.make, lambda _: 1) == 3
    store.at(3, "replaced")
    assert memory.of(5, "key", store.make, lambda _: 1) == 4


def test_what_may_yet_change_is_not_kept(store: Counting) -> None:
    memory, store.now = memory_of(store), None
    assert [memory.of(5, "key", store.make, lambda _: 1) for _ in range(2)] == [1, 2]


def test_what_was_used_last_is_kept_as_far_as_there_is_room(store: Counting) -> None:
    memory = memory_of(store)
    for key in "abcde":
        memory.of(5, key, store.make, lambda _: 250)
        memory.of(5, "a", store.make, lambda _: 250)
    assert memory.of(5, "a", store.make) == 1
    assert [memory.get(store.now, key) is not None for key in "abcde"] == [True, False, True, True, True]


def test_what_would_push_out_too_much_is_not_kept(store: Counting) -> None:
    memory = memory_of(store)
    assert [memory.of(5, "large", store.make, lambda _: 251) for _ in range(2)] == [1, 2]


def test_nothing_is_kept_of_a_store_that_has_gone_back(store: Counting) -> None:
    memory = memory_of(store)
    store.at(9)
    memory.of(9, "key", store.make, lambda _: 1)
    store.at(5)
    memory.of(5, "other", store.make, lambda _: 1)
    store.at(9)
    assert memory.of(9, "key", store.make, lambda _: 1) == 3


def test_a_file_that_was_put_into_the_place_of_another_is_looked_at_anew(
    agency: Agency, tmp_path: Path
) -> None:
    agency.rate("R-1", 6, 6)
    other = Agency(f"sqlite:///{tmp_path / 'other.db'}", {"juggling": VERSIONS["1"]})
    other.store.initialise()
    other.rate("R-1", 2)
    office = Office(agency.store, agency.host, agency, most_bytes=MOST_BYTES)
    now = office.profiles.as_of(None)
    assert office.profiles.profile(key_of("R-1"), now).competencies[
        0
    ].assessment.estimate.score == pytest.approx(5 / 6)
    other.store.close()
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"agency.db{end}").unlink(missing_ok=True)
        if (tmp_path / f"other.db{end}").exists():
            (tmp_path / f"other.db{end}").rename(tmp_path / f"agency.db{end}")
    assert office.profiles.profile(key_of("R-1"), now).competencies[
        0
    ].assessment.estimate.score == pytest.approx(1 / 6)


def test_one_instant_is_read_once_for_all_that_is_asked_of_a_person(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency.rate("R-1", 6, 5, 6)
    office = Office(agency.store, agency.host, agency, most_bytes=MOST_BYTES)
    read: list[EvidenceQuery] = []
    evidence = agency.store.evidence

    def counted(query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        read.append(query)
        return evidence(query)

    monkeypatch.setattr(agency.store, "evidence", counted)
    now = office.profiles.as_of(None)
    office.profiles.profile(key_of("R-1"), now)
    office.profiles.explanations(key_of("R-1"), now)
    office.reports.trend(now, key_of("R-1"), "juggling")
    assert len(read) == 1
    agency.rate("R-1", 2)
    later = office.profiles.profile(key_of("R-1"), office.profiles.as_of(None))
    assert len(read) == 2
    assert later.competencies[0].assessment.estimate.counts.encounters == 4
