"""The part of `SqliteStore` that keeps generations of evidence, and the work of making them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lrs.competency.evidence import Finding, Source
from lrs.stores.base import Activation, Generation, Part, Rebuild
from lrs.stores.later_work import Beginning, check_sources
from lrs.stores.sqlite import finding as statements
from lrs.stores.sqlite import generations, rebuilding
from lrs.stores.sqlite.jobs import CallJob, DatedJob
from lrs.stores.sqlite.mending import mending
from lrs.stores.sqlite.one_file import OneFile
from lrs.xapi.statement import StoredStatement

_SCAN_ROWS = 500


class SqliteGenerations(OneFile):
    """Implements `lrs.stores.base.GenerationStore`."""

    def generations(self) -> Sequence[Generation]:
        """See `lrs.stores.base.GenerationStore.generations`."""
        with self._reading() as connection:
            return generations.read_generations(connection)

    def activations(self, as_of_us: int) -> Sequence[Activation]:
        """See `lrs.stores.base.GenerationStore.activations`."""
        with self._snapshot() as connection:
            return generations.read_activations(connection, as_of_us)

    def activate(self, generation: int) -> Activation:
        """See `lrs.stores.base.GenerationStore.activate`."""
        activation: Activation = self._do(DatedJob(generations.activating(generation)))
        return activation

    def begin_rebuild(self, sources: Sequence[Source], *, part_statements: int) -> Rebuild | None:
        """See `lrs.stores.base.GenerationStore.begin_rebuild`.

        Counting the statements reads their table once, while others go on writing.
        """
        check_sources(sources, part_statements)
        while True:
            with self._snapshot() as connection:
                number = rebuilding.resumed(connection, sources)
                if number is not None:
                    return rebuilding.read_rebuild(connection, number)
                rebuilding.rebuilt_through(connection, sources)
            while self._do(CallJob(rebuilding.clearing(sources))):
                continue  # a transaction for each stretch, so that nobody waits for long
            with self._snapshot() as connection:
                stretch = rebuilding.cut(connection, sources, part_statements)
            begun: Beginning = self._do(CallJob(rebuilding.beginning(sources, stretch, self._clock())))
            if begun.settled:
                return None if begun.rebuild is None else self.rebuild(begun.rebuild)

    def rebuild(self, number: int) -> Rebuild | None:
        """See `lrs.stores.base.GenerationStore.rebuild`."""
        with self._snapshot() as connection:
            return rebuilding.read_rebuild(connection, number)

    def take_part(self, rebuild: int, worker: str, *, lease_us: int) -> Part | None:
        """See `lrs.stores.base.GenerationStore.take_part`."""
        job = CallJob(rebuilding.taking(rebuild, worker, now=self._clock(), lease_us=lease_us))
        part: Part | None = self._do(job)
        return part

    def scan_part(self, part: Part) -> Iterator[StoredStatement]:
        """See `lrs.stores.base.GenerationStore.scan_part`."""
        after = part.after_us
        while True:
            # A transaction per chunk: a long one would keep the log from being emptied.
            with self._reading() as connection:
                chunk = statements.scan(connection, after, _SCAN_ROWS, through_us=part.through_us)
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after = chunk[-1].stored_us

    def finish_part(self, part: Part, findings: Sequence[tuple[StoredStatement, Sequence[Finding]]]) -> bool:
        """See `lrs.stores.base.GenerationStore.finish_part`. On the disk when it returns."""
        with self._snapshot() as connection:
            work = rebuilding.finishing(connection, part, findings)
        return bool(self._do(CallJob(work)))

    def forget_generation(self, generation: int) -> int:
        """See `lrs.stores.base.GenerationStore.forget_generation`. What it has is deleted in several transactions.

        If the process ends between two of them, the generation is still listed, as one that is not complete.
        """
        deleted = self._do(CallJob(generations.forgetting(generation, begun=False)))
        while (more := self._do(CallJob(generations.forgetting(generation, begun=True)))) is not None:
            deleted += more
        return int(deleted)

    def mend(self, statement_id: str, plugin: str, finding: Finding | None, source: Source) -> bool:
        """See `lrs.stores.base.GenerationStore.mend`. On the disk when it returns."""
        return bool(self._do(DatedJob(mending(statement_id, plugin, finding, source))))
