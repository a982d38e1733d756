"""`python -m tests.benchmarks.scoring`: profiles, cohorts, `reprofile` and recognition beside their bare limits.

Nothing here goes over HTTP: it is what happens behind it, in this process (and, for `reprofile`, in its workers).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from lrs.cli.server import spare_the_collector
from lrs.competency.policy import Policy
from lrs.config import Config
from lrs.plugin.manager import load_plugins
from lrs.services.ingest import Body
from lrs.services.on_record import OnRecords
from lrs.services.profiles import Profiles
from lrs.services.remembering import Memory
from lrs.services.wiring import Rapport
from lrs.stores.sqlite.connections import connect
from lrs.xapi import strict_json
from lrs.xapi.versions import Version
from tests.benchmarks.cohort_store import COMPETENCIES, THOUSANDER, Size, cohort_store
from tests.benchmarks.marks import Mark
from tests.benchmarks.output import say
from tests.benchmarks.plan import Plan, full_plan, quick_plan
from tests.benchmarks.report import as_row, mark_line, marks_table, write_between
from tests.benchmarks.statements import batches, lines
from tests.benchmarks.stores import built_store, copied_file, remove

_FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
_BEGIN, _END = "<!-- scoring: written by make bench -->", "<!-- end of scoring -->"
# The store between of `make bench` has as many.
_REPROFILED = 100_000
_OF_SUBJECT = "SELECT * FROM evidence WHERE subject = ? AND stored <= ? ORDER BY subject, competency, stored"


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of the thing itself and of its bare limit, in each run."""

    took: list[float]
    bare: list[float]

    @property
    def ratios(self) -> tuple[float, ...]:
        """The thing's time in times of the limit."""
        return tuple(took / bare for took, bare in zip(self.took, self.bare, strict=True))


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for doing it, on average."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def alternating(runs: int, thing: Callable[[], object], limit: Callable[[], object], times: int = 1) -> Pair:
    """Both in turn, after one time each that does not count."""
    thing(), limit()
    pair = Pair([], [])
    for _ in range(runs):
        pair.bare.append(timed(limit, times))
        pair.took.append(timed(thing, times))
    return pair


def profile(folder: Path, runs: int, size: Size) -> Mark:
    """One officer with a thousand pieces of evidence: the profile, ready to be sent, beside reading the rows."""
    with _cohort(folder, size) as (rapport, connection):
        profiles = _forgetful(rapport)
        as_of = profiles.as_of(None)
        subject = _subject(connection, THOUSANDER)
        pair = alternating(
            runs,
            lambda: profiles.profile(THOUSANDER, as_of).as_dict(),
            lambda: connection.execute(_OF_SUBJECT, (subject, as_of)).fetchall(),
            times=20,
        )
    say(f"profile: {pair.took[-1] * 1e3:.2f} ms beside {pair.bare[-1] * 1e3:.2f} ms")
    return _most(
        "scoring-profile", "Profile from 1,000 pieces of evidence beside reading the rows", 5.0, pair
    )


def cohort(folder: Path, runs: int, size: Size) -> Mark:
    """Where everyone stands, beside reading all rows, officer by officer along the index."""
    with _cohort(folder, size) as (rapport, connection):
        profiles = _forgetful(rapport)
        as_of = profiles.as_of(None)
        officers = [
            one for one in rapport.store.officers(as_of, limit=size.officers + 1) if one != THOUSANDER
        ]
        numbers = [_subject(connection, officer) for officer in officers]

        def bare() -> int:
            return sum(len(connection.execute(_OF_SUBJECT, (one, as_of)).fetchall()) for one in numbers)

        if bare() != size.pieces:
            raise click.ClickException(
                f"The store has {bare():,} pieces of evidence; expected {size.pieces:,}."
            )
        pair = alternating(runs, lambda: profiles.standings(officers, as_of, COMPETENCIES), bare)
    say(f"cohort: {pair.took[-1]:.2f} s beside {pair.bare[-1]:.2f} s")
    title = f"{size.officers:,} officers x 3 competencies over {size.pieces:,} pieces beside reading the rows"
    return _most("scoring-cohort", title, 3.0, pair)


def recognition(plan: Plan, runs: int) -> Mark:
    """Batches of 500 with every built-in plugin beside none; processor time of this process, writer included."""
    bodies = list(islice(batches(lines(plan, 0, plan.large), 500), 8 if plan.large <= 10_000 else 30))
    on, off = [], []
    for _ in range(runs):
        off.append(_ingested(plan.folder, bodies, plugins_off=tuple(sorted(load_plugins().sources))))
        on.append(_ingested(plan.folder, bodies, plugins_off=()))
    count = 500 * len(bodies)
    say(f"recognition: {on[-1] / count * 1e6:.0f} µs a statement beside {off[-1] / count * 1e6:.0f} µs")
    title = "Batch ingest with all plugins beside none, processor time"
    return _most("recognition", title, 1.15, Pair(on, off))


def _ingested(folder: Path, bodies: Sequence[bytes], plugins_off: tuple[str, ...]) -> float:
    """Seconds of processor time that taking the batches into an empty store took."""
    file = folder / "recognition.db"
    remove(file)
    rapport = Rapport.open(Config(store=f"sqlite:///{file}", plugins_off=plugins_off))
    try:
        rapport.store.initialise()
        key, secret = rapport.access.create_key("vendor")
        vendor = rapport.access.authenticate(key.id, secret)
        began = 0.0
        for place, body in enumerate(bodies):
            if place == 1:  # the first one opens the file and compiles what is compiled once
                began = time.process_time()
            rapport.ingest.post(Body("application/json", body), Version.V2, vendor)
        return time.process_time() - began
    finally:
        rapport.store.close()
        remove(file)


def reprofile(plan: Plan, runs: int) -> list[Mark]:
    """All plugins anew over the large store, by one worker process and by two, beside scanning and parsing it."""
    built = built_store(plan, plan.large)
    file = plan.folder / "reprofile.db"
    bare, one, two = [], [], []
    for _ in range(runs):
        bare.append(timed(lambda: _scanned_and_parsed(Path(built.file))))
        one.append(_reprofiled(built.file, file, 1))
        two.append(_reprofiled(built.file, file, 2))
        say(f"reprofile: {one[-1]:.1f} s, with two workers {two[-1]:.1f} s, beside {bare[-1]:.1f} s")
    count = f"{plan.large:,} statements"
    return [
        Mark(
            name="reprofile",
            title=f"reprofile of {count} beside scanning and parsing them, speed of one process",
            wanted=0.5,
            at_least=True,
            ratios=tuple(limit / took for limit, took in zip(bare, one, strict=True)),
        ),
        Mark(
            name="reprofile-two",
            title=f"reprofile of {count} by two processes beside one",
            wanted=1.7,
            at_least=True,
            ratios=tuple(alone / both for alone, both in zip(one, two, strict=True)),
        ),
    ]


def _scanned_and_parsed(file: Path) -> int:
    with closing(connect(file, busy_ms=0)) as connection:
        rows = connection.execute("SELECT raw, dictionary FROM statement ORDER BY stored")
        return sum(bool(strict_json.parse(connection.unpacked(*row))) for row in rows)


def _reprofiled(built: str, file: Path, processes: int) -> float:
    """Seconds for all of it, the workers' start included."""
    copied_file(Path(built), file)
    rapport = Rapport.open(Config(store=f"sqlite:///{file}"))
    try:
        return timed(lambda: rapport.reprofile.run(processes=processes))
    finally:
        rapport.store.close()
        remove(file)


def _forgetful(rapport: Rapport) -> Profiles:
    """Profiles that remember nothing, so that each time is as the first one."""
    store, plugins = rapport.store, rapport.plugins
    on_record = OnRecords(store, Memory(store, most_bytes=0))
    policy = Policy.from_mapping({}, plugins.models)
    return Profiles(store, plugins, policy=policy, on_record=on_record)


@contextmanager
def _cohort(folder: Path, size: Size) -> Iterator[tuple[Rapport, sqlite3.Connection]]:
    """The services over the store of the cohort, and a connection for the bare read."""
    store = cohort_store(folder, size)
    store.close()
    file = store.url.removeprefix("sqlite:///")
    rapport = Rapport.open(Config(store=store.url))
    with closing(rapport.store), closing(sqlite3.connect(file)) as connection:
        yield rapport, connection


def _subject(connection: sqlite3.Connection, officer: str) -> int:
    query = "SELECT id FROM term WHERE kind = 'officer' AND text = ?"
    (number,) = connection.execute(query, (officer,)).fetchone()
    return int(number)


def _most(name: str, title: str, wanted: float, pair: Pair) -> Mark:
    return Mark(name=name, title=title, wanted=wanted, at_least=False, ratios=pair.ratios)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small stores: under a minute, and only a rough figure.")
@click.option(
    "--large",
    type=click.IntRange(1),
    help="Statements for reprofile (default: 100,000; with --quick 10,000).",
)
@click.option("--runs", type=click.IntRange(1, 100), default=3, help="Runs of each (default: 3).")
@click.option("--only", multiple=True, metavar="NAME", help="profile, cohort, recognition or reprofile.")
@click.option(
    "--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write the marks into this page."
)
def main(*, quick: bool, large: int | None, runs: int, only: tuple[str, ...], markdown: Path | None) -> None:
    """Measure profiles, cohorts, recognition and reprofile beside their bare limits."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    spare_the_collector()  # as in the workers of `lrs serve`
    plan = (
        quick_plan(_FOLDER, runs=runs, only=only, large=large)
        if quick
        else full_plan(_FOLDER, runs=runs, only=only, large=large or _REPROFILED)
    )
    size = Size(officers=50, forms=20) if quick else Size(officers=1_000, forms=100)
    loads: dict[str, Callable[[], list[Mark]]] = {
        "profile": lambda: [profile(plan.folder, runs, size)],
        "cohort": lambda: [cohort(plan.folder, runs, size)],
        "recognition": lambda: [recognition(plan, runs)],
        "reprofile": lambda: reprofile(plan, runs),
    }
    found = [mark for name, load in loads.items() if plan.wants(name) for mark in load()]
    click.echo("\n".join(map(mark_line, found)))
    (plan.folder / "scoring.json").write_text(
        json.dumps({"facts": [], "marks": list(map(as_row, found))}, indent=1) + "\n", "utf-8"
    )
    if markdown is not None:
        write_between(markdown, _BEGIN, _END, marks_table(found) + "\n")


if __name__ == "__main__":
    main()
