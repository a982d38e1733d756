"""`lrs reprofile`: every stored statement is shown anew to plugins; what they find becomes generations of evidence.

Nothing that counts changes by it: what was found lies beside what counts until it is activated
(`lrs.services.generations`). The work is cut into parts, each kept whole or not at all, so that it can be broken off
at any instant and taken up again, and shared between processes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

from lrs.competency.evidence import Source
from lrs.errors import Conflict, Detail, LrsError, NotFound
from lrs.plugin.manager import PluginHost
from lrs.services.parts import Worker, spared_collector
from lrs.stores.base import Generation, GenerationStore, Kind, Rebuild, Store

Opener = Callable[[], tuple[Store, PluginHost]]
"""Opens the store and loads the plugins in another process; it travels there by pickle."""

PART_STATEMENTS = 4_000
LEASE_US = 5_000_000
_LOOK_EVERY_S = 0.1
_PATIENCE_S = 90.0  # longer than any lease


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is, in statements."""

    done: int
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run has come to."""

    generations: tuple[Generation, ...]
    """The rebuilt one of every plugin that was asked for, by plugin; also where there was nothing to do."""
    statements: int
    """Statements that were to be looked at, those that an earlier run had done included."""
    left: int
    """Of these, how many are not done: other processes have them, and have not finished."""
    workers_lost: int
    """Processes of this run that died; others did their parts."""


class Reprofile:
    """Makes rebuilt generations of what the loaded plugins find in all that is stored."""

    def __init__(
        self,
        store: GenerationStore,
        plugins: PluginHost,
        *,
        opener: Opener,
        new_id: Callable[[], str],
        part_statements: int = PART_STATEMENTS,
        lease_us: int = LEASE_US,
    ) -> None:
        """`opener` is asked in each further process; `new_id` answers what is unique among workers."""
        self._store = store
        self._plugins = plugins
        self._opener = opener
        self._new_id = new_id
        self._part_statements = part_statements
        self._lease_us = lease_us

    def run(
        self,
        plugins: Collection[str] = (),
        *,
        processes: int = 1,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> Outcome:
        """Show every statement that they have not seen to these plugins (none named: all), and keep what they find.

        Work that was broken off is taken up where it stood. `processes`: 1 is this one alone. `progress` is told after
        parts, at most ten times a second, and at the end.

        Raises `NotFound` for a plugin that is not loaded, `Conflict` when somebody else drops the work by reprofiling
        another version of a plugin, `StoreUnavailable`; then it can be run again.
        """
        sources = self._chosen(plugins)
        told = _Told(progress)
        with spared_collector():
            taken_up, left, lost = self._round(sources, processes, told)
            if taken_up and not left:
                # It ended where it was to end when it was begun; statements may have come since.
                _, left, more = self._round(sources, processes, told)
                lost += more
        digests = {source.digest for source in sources}
        return Outcome(
            generations=tuple(
                one for one in _rebuilt(self._store.generations()) if one.source.digest in digests
            ),
            statements=told.statements,
            left=left,
            workers_lost=lost,
        )

    def _round(self, sources: Sequence[Source], processes: int, told: _Told) -> tuple[bool, int, int]:
        """Up to what is stored now; or, where work was broken off, to its end.

        Whether there was such work, how many statements are left, and how many processes died.
        """
        groups = self._by_horizon(sources)
        begun = [self._store.begin_rebuild(one, part_statements=self._part_statements) for one in groups]
        rebuilds = [one for one in begun if one is not None]
        told.statements += sum(one.statements for one in rebuilds)
        lost = left = 0
        for rebuild in rebuilds:
            lost += self._work(rebuild, processes, told)
            done = self._done(rebuild.number)
            left += rebuild.statements - done
            told.finish(done)
        return any(one.done for one in rebuilds), left, lost

    def _chosen(self, names: Collection[str]) -> list[Source]:
        loaded = self._plugins.sources
        for name in names:
            if name not in loaded:
                known = ", ".join(sorted(loaded)) or "none"
                raise NotFound(f"There is no plugin {name}.", [Detail("plugin", name, f"loaded: {known}")])
        return [source for name, source in sorted(loaded.items()) if not names or name in names]

    def _by_horizon(self, sources: Iterable[Source]) -> list[list[Source]]:
        """Those that have seen statements up to the same instant can see the rest together."""
        through = {one.source.digest: one.through_us for one in _rebuilt(self._store.generations())}
        groups: dict[int, list[Source]] = {}
        for source in sources:
            groups.setdefault(through.get(source.digest) or -1, []).append(source)
        return list(groups.values())

    def _work(self, rebuild: Rebuild, processes: int, told: _Told) -> int:
        """Until nothing is left, or nobody has finished anything for a long time; how many processes died."""
        task = _Task(
            rebuild.number,
            {one.source.plugin: one.source.digest for one in rebuild.generations},
            self._lease_us,
        )
        worker = Worker(
            self._store,
            self._plugins.only(task.digests),
            task.rebuild,
            name=self._new_id(),
            lease_us=self._lease_us,
        )
        parts_left = -(-(rebuild.statements - rebuild.done) // self._part_statements)
        names = [self._new_id() for _ in range(min(processes, parts_left) - 1)]
        with _helpers(self._opener, task, names) as helpers:
            self._until_done(worker, rebuild, told)
        return sum(helper.exitcode != 0 for helper in helpers)

    def _until_done(self, worker: Worker, rebuild: Rebuild, told: _Told) -> None:
        seen, since = rebuild.done, time.monotonic()
        while time.monotonic() < since + _PATIENCE_S:
            worked = worker.do_part()
            if worked and not told.is_due():
                continue
            done = self._done(rebuild.number)
            told.tell(done)
            if done >= rebuild.statements:
                return
            if done != seen:
                seen, since = done, time.monotonic()
            if not worked:
                # Others have the last parts. Who died with one leaves it to us when its lease has ended.
                time.sleep(_LOOK_EVERY_S)

    def _done(self, number: int) -> int:
        """How many statements of a rebuild are done. Raises `Conflict` when it was dropped."""
        rebuild = self._store.rebuild(number)
        if rebuild is None:
            raise Conflict(
                "The work was dropped: another reprofile of one of these plugins was begun meanwhile.",
                [Detail("reprofile", "dropped", "one at a time; run it again when the other has ended")],
            )
        return rebuild.done


class _Told:
    """Tells of progress over all rebuilds of a run, not too often."""

    def __init__(self, progress: Callable[[Progress], None]) -> None:
        self._progress = progress
        self.statements = 0
        self._finished = 0
        self._next = 0.0

    def is_due(self) -> bool:
        """It is time to tell again."""
        return time.monotonic() >= self._next

    def tell(self, done: int) -> None:
        """So many statements of the rebuild at hand are done."""
        if self.is_due():
            self._next = time.monotonic() + _LOOK_EVERY_S
            self._progress(Progress(self._finished + done, self.statements))

    def finish(self, done: int) -> None:
        """The next rebuild begins."""
        self._finished += done
        self._next = 0.0
        self._progress(Progress(self._finished, self.statements))


@dataclass(frozen=True, slots=True)
class _Task:
    """What another process has to know."""

    rebuild: int
    digests: Mapping[str, str]
    """Of the sources, by plugin: those that are loaded there must be the same."""
    lease_us: int


@contextmanager
def _helpers(opener: Opener, task: _Task, names: Sequence[str]) -> Iterator[list[BaseProcess]]:
    """Further processes that work on a rebuild, ended at the end at the latest."""
    # Not forked: a fork would share threads' locks and the file handles of the store.
    context = multiprocessing.get_context("spawn")
    helpers: list[BaseProcess] = [
        context.Process(target=_help, args=(opener, task, name), daemon=True) for name in names
    ]
    try:
        for helper in helpers:
            helper.start()
        yield helpers
        for helper in helpers:
            helper.join()
    finally:
        for helper in helpers:
            if helper.is_alive():
                helper.terminate()
                helper.join()


def _help(opener: Opener, task: _Task, name: str) -> None:
    """The life of a further process. Its exit code is 0 unless it died."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches everybody; the first process ends the others
    parent = os.getppid()
    try:
        store, plugins = opener()
        try:
            chosen = plugins.only(task.digests)
            if {name: source.digest for name, source in chosen.sources.items()} != dict(task.digests):
                raise Conflict("A plugin was changed while the work began.")
            worker = Worker(store, chosen, task.rebuild, name=name, lease_us=task.lease_us)
            with spared_collector():
                # Work goes on only as long as somebody waits for it.
                while os.getppid() == parent and worker.do_part():
                    pass
        finally:
            store.close()
    except LrsError as exc:
        sys.exit(f"A worker of lrs reprofile ended: {exc.message}")


def _rebuilt(generations: Iterable[Generation]) -> Iterator[Generation]:
    """Those that are rebuilt, by plugin; of a source there is one."""
    return (
        one
        for one in sorted(generations, key=lambda one: (one.source.plugin, one.number))
        if one.kind is Kind.REBUILT
    )
