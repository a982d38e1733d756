"""The part of `MongoStore` that keeps generations of evidence, and the work of making them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from lrs.competency.evidence import Finding, Source
from lrs.stores.base import Activation, Generation, Part, Rebuild
from lrs.stores.later_work import check_mend, check_sources
from lrs.stores.mongo import finding as statements
from lrs.stores.mongo import generations, mending, rebuilding
from lrs.stores.mongo.one_database import OneDatabase
from lrs.stores.mongo.units import Unit
from lrs.xapi.statement import StoredStatement

_SCAN_ROWS = 500


def _nothing(_: Unit) -> None:
    """A unit all the same."""


class MongoGenerations(OneDatabase):
    """Implements `lrs.stores.base.GenerationStore`."""

    def generations(self) -> Sequence[Generation]:
        """See `lrs.stores.base.GenerationStore.generations`."""
        with self._viewing() as view:
            return generations.read_generations(view)

    def activations(self, as_of_us: int) -> Sequence[Activation]:
        """See `lrs.stores.base.GenerationStore.activations`."""
        with self._viewing() as view:
            return generations.read_activations(view, as_of_us)

    def activate(self, generation: int) -> Activation:
        """See `lrs.stores.base.GenerationStore.activate`."""
        return self._do(partial(generations.activate, number=generation, clock=self._own().clock))

    def begin_rebuild(self, sources: Sequence[Source], *, part_statements: int) -> Rebuild | None:
        """See `lrs.stores.base.GenerationStore.begin_rebuild`.

        Counting the statements reads an index once, while others go on writing.
        """
        check_sources(sources, part_statements)
        with self._asking() as hands:
            if not hands.cluster.transactions:
                # A reader sees what is not finished, too. A unit takes back what somebody had begun who died over it.
                hands.units.do(_nothing)
        while True:
            with self._viewing() as view:
                number = rebuilding.read_resumed(view, sources)
                if number is not None:
                    return rebuilding.read_rebuild(view, number)
            while self._do(partial(rebuilding.clear, sources=sources)):
                continue  # a unit for each stretch, so that nobody waits for long
            with self._viewing() as view:
                stretch = rebuilding.cut(view, sources, part_statements)
            begun = self._do(
                partial(rebuilding.begin, sources=sources, stretch=stretch, now=self._own().clock())
            )
            if begun.settled:
                return None if begun.rebuild is None else self.rebuild(begun.rebuild)

    def rebuild(self, number: int) -> Rebuild | None:
        """See `lrs.stores.base.GenerationStore.rebuild`."""
        with self._viewing() as view:
            return rebuilding.read_rebuild(view, number)

    def take_part(self, rebuild: int, worker: str, *, lease_us: int) -> Part | None:
        """See `lrs.stores.base.GenerationStore.take_part`."""
        with self._asking() as hands:
            return rebuilding.take_part(hands.cluster, rebuild, worker, lease_us=lease_us)

    def scan_part(self, part: Part) -> Iterator[StoredStatement]:
        """See `lrs.stores.base.GenerationStore.scan_part`."""
        after = part.after_us
        while True:
            with self._viewing() as view:
                chunk = statements.scan(view, after, _SCAN_ROWS, through_us=part.through_us)
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after = chunk[-1].stored_us

    def finish_part(self, part: Part, findings: Sequence[tuple[StoredStatement, Sequence[Finding]]]) -> bool:
        """See `lrs.stores.base.GenerationStore.finish_part`."""
        with self._asking() as hands, self._viewing() as view:
            return rebuilding.finish_part(hands.units, view, part, findings)

    def forget_generation(self, generation: int) -> int:
        """See `lrs.stores.base.GenerationStore.forget_generation`. What it has is deleted in several units.

        If the process ends between two of them, the generation is still listed, as one that is not complete.
        """
        self._do(partial(generations.begin_to_forget, number=generation))
        deleted = 0
        while (more := self._do(partial(generations.forget_some, number=generation))) is not None:
            deleted += more
        return deleted

    def mend(self, statement_id: str, plugin: str, finding: Finding | None, source: Source) -> bool:
        """See `lrs.stores.base.GenerationStore.mend`."""
        check_mend(plugin, finding, source)

        wanted = mending.Mend(statement_id=statement_id, plugin=plugin, finding=finding)

        def work(unit: Unit) -> bool:
            # Begun after the unit: nothing that it is to see changes until the unit is done.
            with self._viewing() as view:
                return mending.mend(unit, view, wanted, clock=self._own().clock)

        return self._do(work)
