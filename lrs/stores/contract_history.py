"""The law of generations: at every instant every statement counts once, and no instant is ever told otherwise later."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.competency.evidence import Evidence, Finding
from lrs.stores.base import EvidenceQuery, EvidenceVersion, Kind, Store
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_rebuild import do_parts
from lrs.stores.contract_samples import evidence, finding, source, statement, submission, voiding
from lrs.xapi.statement import StoredStatement

PLUGIN = "communication"
VERSIONS = ("1", "2")
LIVE = "live"
PIECES = {"fails": None, "nothing": 0, "one": 1, "two": 2}
"""What a version makes of a statement: how many pieces of evidence; None: it fails."""

Counted = tuple[list[tuple[str, str, bool, int]], list[tuple[str, str]]]
"""Evidence: id of the statement, version, whether it was mended, number of the piece. Failures: id, version."""


@dataclass
class _One:
    """A statement: what each version makes of it, and what became of it."""

    id: str
    stored: int
    made_of_it: dict[str, str]
    live: str
    """The version that looked at it when it came."""
    voided: int | None = None
    mended: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """By whose failure it was, a rebuilt version's or `LIVE`: since when, by which version, what it makes of it."""


@dataclass
class _Model:
    """What should count, told as plainly as can be."""

    statements: list[_One] = field(default_factory=list)
    through: dict[str, int] = field(default_factory=dict)
    """By version: its rebuilt generation is complete up to here."""
    switches: list[tuple[int, str, int]] = field(default_factory=list)
    """Since when, which version, through what instant."""

    def counted(
        self, at: int, instead: tuple[str, int] | None = None, *, voided_too: bool = False
    ) -> Counted:
        """What counts at an instant; with `voided_too` failures on voided statements as well, which can be mended."""
        in_force = [(version, through) for since, version, through in self.switches if since <= at]
        version, through = instead or (in_force[-1] if in_force else ("", -1))
        pieces, failures = [], []
        for one in self.statements:
            if one.stored > at:
                continue
            looked = version if one.stored <= through else LIVE
            by = one.live if looked == LIVE else looked
            made, mended = one.made_of_it[by], False
            since = one.mended.get(looked)
            if since is not None and since[0] <= at:
                _, by, made = since
                mended = True
            number = PIECES[made]
            standing = one.voided is None or one.voided > at
            if number is None and (standing or voided_too):
                failures.append((one.id, by))
            elif number is not None and standing:
                pieces += [(one.id, by, mended, piece) for piece in range(number)]
        return pieces, failures[::-1]


class Run:
    """A store and the model of it, taken through the same."""

    def __init__(self, store: Store, part_statements: int) -> None:
        self.store = store
        self.model = _Model()
        self._part_statements = part_statements
        self._by_id: dict[str, _One] = {}

    def add(self, version: str, made_of_it: dict[str, str]) -> None:
        new = statement()
        self._by_id[new.id] = one = _One(new.id, 0, made_of_it, version)
        self.store.add(submission(new, findings={new.id: self._finds(one, version)}))
        one.stored = self._kept(new.id).stored_us
        self.model.statements.append(one)

    def void(self, place: int) -> None:
        if self.model.statements:
            one = self._at(place)
            self.store.add(submission(voiding(one.id)))
            one.voided = self._kept(one.id).voided_us

    def rebuild(self, version: str, most_parts: int) -> None:
        begun = self.store.begin_rebuild([source(PLUGIN, version)], part_statements=self._part_statements)
        if begun is None:
            return
        do_parts(
            self.store,
            begun.number,
            lambda kept: self._finds(self._by_id.get(kept.id), version),
            most=most_parts,
        )
        now = self.store.rebuild(begun.number)
        assert now is not None
        if now.done == now.statements:
            self.model.through[version] = now.through_us
        else:
            # Who was killed in the middle of a part leaves it to whoever comes after the lease.
            self.store.take_part(begun.number, "killed", lease_us=0)

    def activate(self, version: str) -> None:
        if version in self.model.through:
            activation = self.store.activate(self.number_of(version))
            assert activation.through_us == self.model.through[version]
            self.model.switches.append((activation.at_us, version, activation.through_us))

    def switch(self, version: str) -> None:
        self.rebuild(version, 100)
        self.activate(version)

    def mend(self, place: int, version: str, made: str) -> None:
        if not self.model.statements:
            return
        one, now = self._at(place), self.store.consistent_through()
        _, shown = self.model.counted(now)
        _, failures = self.model.counted(now, voided_too=True)
        answer = [finding(*_pieces(made), version=version)]
        done = self.store.mend(one.id, PLUGIN, answer[0], source(PLUGIN, version))
        assert done is (one.id in dict(failures))
        if done:
            # It shows from some instant on that nobody was told of before.
            assert self.told(now)[1] == shown
            since = self.store.consistent_through()
            _, in_force, through = self.model.switches[-1] if self.model.switches else (0, "", -1)
            looked = in_force if one.stored <= through else LIVE
            one.mended[looked] = (since, version, made)

    def told(self, at: int, instead: dict[str, int] | None = None) -> Counted:
        """What the store says counts at an instant."""
        found = self.store.evidence(EvidenceQuery(as_of_us=at, instead=instead or {}))
        pieces = [
            (
                one.statement_id,
                one.plugin_version,
                one.mended_us is not None,
                int(one.evidence.rule),
            )
            for one in found
        ]
        failures = self.store.quarantined(as_of_us=at, limit=1_000)
        return pieces, [(one.statement_id, one.plugin_version) for one in failures]

    def version(self, at: int) -> EvidenceVersion:
        """What stands for what counts at an instant that the store has answered."""
        version = self.store.evidence_version(at)
        assert version is not None
        return version

    def number_of(self, version: str) -> int:
        """The rebuilt generation of a version."""
        [number] = [
            one.number
            for one in self.store.generations()
            if one.kind is Kind.REBUILT and one.source.version == version
        ]
        return number

    def _at(self, place: int) -> _One:
        return self.model.statements[place % len(self.model.statements)]

    def _kept(self, statement_id: str) -> StoredStatement:
        kept = self.store.get(statement_id)
        assert kept is not None
        return kept

    @staticmethod
    def _finds(one: _One | None, version: str) -> Sequence[Finding]:
        made = one.made_of_it[version] if one else "nothing"
        if made == "nothing":
            return ()
        if made == "fails":
            return [finding(failure="broken", version=version)]
        return [finding(*_pieces(made), version=version)]


def _pieces(made: str) -> list[Evidence]:
    return [evidence(rule=str(number)) for number in range(PIECES[made] or 0)]


_VERSION = st.sampled_from(VERSIONS)
_MADE = st.sampled_from(sorted(PIECES))
_ADD = st.tuples(st.just("add"), _VERSION, st.fixed_dictionaries(dict.fromkeys(VERSIONS, _MADE)))
_STEP = st.one_of(
    _ADD,
    st.tuples(st.just("rebuild"), _VERSION, st.sampled_from([1, 100])),
    st.tuples(st.just("activate"), _VERSION),
    st.tuples(st.just("switch"), _VERSION),
    st.tuples(st.just("void"), st.integers(0, 5)),
    st.tuples(st.just("mend"), st.integers(0, 5), _VERSION, st.sampled_from(["nothing", "one", "two"])),
)
# Something to look at first, and enough steps for them to meet.
STEPS = st.builds(
    list.__add__, st.lists(_ADD, min_size=1, max_size=4), st.lists(_STEP, min_size=4, max_size=16)
)


class HistoryContract(StoreFixtures):
    """Any mix of versions, rebuilds, switches, voids and mends."""

    def test_every_statement_counts_once_at_every_instant(self, fresh: Callable[[], Store]) -> None:
        @settings(deadline=None, max_examples=self.histories, suppress_health_check=[HealthCheck.too_slow])
        @given(steps=STEPS, part_statements=st.integers(1, 4))
        def whatever_happens(steps: list[tuple[str, ...]], part_statements: int) -> None:
            run = Run(fresh(), part_statements)
            told = [(0, run.told(0))]
            by_version: dict[EvidenceVersion, Counted] = {}
            for name, *arguments in steps:
                getattr(run, name)(*arguments)
                instant = run.store.consistent_through()
                told.append((instant, run.told(instant)))
                assert by_version.setdefault(run.version(instant), told[-1][1]) == told[-1][1]
            for instant, then in told:
                assert run.told(instant) == then == run.model.counted(instant)
                assert by_version.setdefault(run.version(instant), then) == then
            now = told[-1][0]
            for version, through in run.model.through.items():
                pieces, _ = run.told(now, {PLUGIN: run.number_of(version)})
                assert pieces == run.model.counted(now, (version, through))[0]
            assert len({one for one in run.store.generations() if one.kind is Kind.LIVE}) <= len(VERSIONS)

        whatever_happens()
