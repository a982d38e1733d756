"""The contract of rebuilding: every stored statement is looked at again, even when the work is broken off."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from lrs.competency.evidence import Finding, Source
from lrs.stores.base import Generation, Kind, Part, Rebuild, Store
from lrs.stores.contract_evidence import add_with, found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_samples import evidence, finding, source, statement, submission, voiding
from lrs.xapi.statement import StoredStatement

Look = Callable[[StoredStatement], Sequence[Finding]]
"""What is found in a statement."""

LONG_US = 10**12
NEW, OTHER_PLUGIN = source(version="2.0"), source("leadership")


def nothing(_statement: StoredStatement) -> Sequence[Finding]:
    """There is none in any."""
    return ()


def always(*findings: Finding) -> Look:
    """The same in every statement."""

    def look(_statement: StoredStatement) -> Sequence[Finding]:
        return findings

    return look


def work_through(
    store: Store, sources: Sequence[Source], look: Look, *, part_statements: int = 2
) -> tuple[Generation, ...]:
    """Rebuild, from beginning to end; the generations, in the order of the sources."""
    begun = store.begin_rebuild(sources, part_statements=part_statements)
    if begun is not None:
        do_parts(store, begun.number, look)
    by_digest = {one.source.digest: one for one in store.generations() if one.kind is Kind.REBUILT}
    return tuple(by_digest[one.digest] for one in sources)


def do_parts(store: Store, rebuild: int, look: Look, *, worker: str = "worker", most: int = 10**6) -> int:
    """Do parts until there are no more, or so many are done; how many."""
    for done in range(most):
        part = store.take_part(rebuild, worker, lease_us=LONG_US)
        if part is None:
            return done
        assert store.finish_part(part, looked_at(store, part, look))
    return most


def looked_at(store: Store, part: Part, look: Look) -> list[tuple[StoredStatement, Sequence[Finding]]]:
    """What is found in a part."""
    pairs = [(one, look(one)) for one in store.scan_part(part)]
    return [pair for pair in pairs if pair[1]]


def rebuilt(store: Store, version: str, look: Look | None = None) -> Generation:
    """A complete generation of the usual plugin; without `look` it finds the usual evidence in every statement."""
    usual = always(finding(evidence(), version=version))
    [generation] = work_through(store, [source(version=version)], look or usual)
    return generation


def begin(store: Store, *sources: Source, part_statements: int = 2) -> Rebuild:
    """The work, which there is."""
    begun = store.begin_rebuild(sources or [NEW], part_statements=part_statements)
    assert begun is not None
    return begun


def take(store: Store, rebuild: Rebuild, worker: str, *, lease_us: int = LONG_US) -> Part:
    """A part, which there is."""
    part = store.take_part(rebuild.number, worker, lease_us=lease_us)
    assert part is not None
    return part


everywhere = always(finding(evidence(), version="2.0"))
"""The usual evidence in every statement."""


class RebuildContract(StoreFixtures):
    """Begun, left, taken up, dropped, extended."""

    def test_the_parts_are_all_statements_in_order_once_each(self, store: Store) -> None:
        target = statement()
        store.add(submission(target, *[statement() for _ in range(5)], voiding(target.id)))
        begun = begin(store, part_statements=3)
        everything = list(store.scan())
        assert (begun.after_us, begun.through_us) == (-1, everything[-1].stored_us)
        assert (begun.statements, begun.done) == (7, 0)
        [generation] = begun.generations
        assert (generation.source, generation.kind) == (NEW, Kind.REBUILT)
        assert (generation.through_us, generation.evidence, generation.failures) == (None, 0, 0)
        parts = [take(store, begun, f"worker {number}") for number in range(3)]
        assert store.take_part(begun.number, "late", lease_us=LONG_US) is None
        assert [one for part in parts for one in store.scan_part(part)] == everything
        assert [part.number for part in parts] == sorted(part.number for part in parts)
        assert max(len(list(store.scan_part(part))) for part in parts) == 3

    def test_what_was_found_is_complete_with_the_last_part(self, store: Store) -> None:
        for _ in range(4):
            add_with(store, evidence())
        begun = begin(store)
        for done in (0, 2):
            now = store.rebuild(begun.number)
            assert now is not None
            assert (now.done, now.generations[0].through_us) == (done, None)
            assert do_parts(store, begun.number, everywhere, most=1) == 1
        now = store.rebuild(begun.number)
        assert now is not None
        [generation] = now.generations
        assert (now.done, now.statements, generation.through_us) == (4, 4, begun.through_us)
        assert (generation.evidence, generation.failures) == (4, 0)

    def test_evidence_that_was_found_again_has_the_provenance_of_its_statement(self, store: Store) -> None:
        new = statement(authority="mailto:second@vr.example")
        found_live = [finding(evidence(), evidence(indicator=None, rule="a"))]
        store.add(submission(new, findings={new.id: found_live}))
        before = found(store)
        [generation] = work_through(store, [source()], always(*found_live))
        store.activate(generation.number)
        assert found(store) == before
        assert len(before) == 2

    def test_of_an_empty_store_a_generation_is_complete_at_once(self, store: Store) -> None:
        begun = begin(store)
        assert (begun.statements, begun.done) == (0, 0)
        assert store.take_part(begun.number, "worker", lease_us=LONG_US) is None
        [generation] = store.generations()
        activation = store.activate(generation.number)
        new = add_with(store, evidence())
        assert [one.statement_id for one in found(store)] == [new.id]
        assert activation.at_us < new.stored_us

    def test_where_everything_was_looked_at_there_is_nothing_to_do(self, store: Store) -> None:
        add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        assert store.begin_rebuild([NEW], part_statements=2) is None
        assert store.generations()[-1] == generation

    def test_a_complete_generation_is_extended_by_what_was_stored_since(self, store: Store) -> None:
        first = add_with(store, evidence())
        rebuilt(store, "2.0")
        second = add_with(store, evidence())
        begun = begin(store)
        assert (begun.after_us, begun.through_us) == (first.stored_us, second.stored_us)
        assert begun.statements == 1
        assert begun.generations[0].through_us == first.stored_us
        [one] = store.scan_part(take(store, begun, "worker"))
        assert one.id == second.id

    def test_statements_stored_meanwhile_are_not_looked_at(self, store: Store) -> None:
        before = [add_with(store, evidence()) for _ in range(3)]
        begun = begin(store)
        seen = []

        def look(one: StoredStatement) -> Sequence[Finding]:
            seen.append(one.id)
            add_with(store, evidence())
            return everywhere(one)

        do_parts(store, begun.number, look)
        assert seen == [one.id for one in before]
        store.activate(begun.generations[0].number)
        assert sorted(one.plugin_version for one in found(store)) == ["1.0"] * 3 + ["2.0"] * 3

    def test_several_sources_look_at_once_and_each_has_its_own(self, store: Store) -> None:
        add_with(store, evidence())
        look = always(
            finding(evidence(), evidence(indicator=None), version="2.0"),
            finding(failure="broken", plugin="leadership"),
        )
        first, second = work_through(store, [NEW, OTHER_PLUGIN], look)
        assert (first.evidence, first.failures) == (2, 0)
        assert (second.evidence, second.failures) == (0, 1)
        assert first.through_us == second.through_us is not None

    def test_sources_that_were_rebuilt_up_to_different_instants_are_refused(self, store: Store) -> None:
        add_with(store, evidence())
        rebuilt(store, "2.0")
        before = store.generations()
        with pytest.raises(ValueError, match="different"):
            store.begin_rebuild([NEW, OTHER_PLUGIN], part_statements=2)
        assert store.generations() == before

    @pytest.mark.parametrize(
        ("sources", "part_statements"), [([], 2), ([NEW, source(version="3.0")], 2), ([NEW], 0)]
    )
    def test_what_makes_no_sense_is_refused(
        self, store: Store, sources: list[Source], part_statements: int
    ) -> None:
        with pytest.raises(ValueError, match=r"source|statement"):
            store.begin_rebuild(sources, part_statements=part_statements)

    def test_work_that_was_left_is_taken_up_by_another_process(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        for _ in range(5):
            add_with(store, evidence())
        begun = begin(store, NEW, OTHER_PLUGIN, part_statements=1)
        do_parts(store, begun.number, everywhere, most=2)
        add_with(store, evidence())
        other = reopen()
        resumed = begin(other, OTHER_PLUGIN, NEW, part_statements=3)
        assert (resumed.number, resumed.statements, resumed.done) == (begun.number, 5, 2)
        assert resumed.through_us == begun.through_us
        assert do_parts(other, resumed.number, everywhere, worker="other") == 3
        assert [one.evidence for one in store.generations() if one.kind is Kind.REBUILT] == [5, 0]

    def test_a_rebuild_of_another_digest_drops_what_was_begun(self, store: Store) -> None:
        for _ in range(3):
            add_with(store, evidence())
        begun = begin(store, NEW, OTHER_PLUGIN, part_statements=1)
        do_parts(store, begun.number, everywhere, most=1)
        mine = take(store, begun, "slow")
        third = begin(store, source(version="3.0"), part_statements=1)
        assert third.number > begun.number
        assert store.rebuild(begun.number) is None
        assert store.take_part(begun.number, "worker", lease_us=LONG_US) is None
        assert not store.finish_part(mine, looked_at(store, mine, everywhere))
        assert [(one.source.version, one.evidence) for one in store.generations()] == [("1.0", 3), ("3.0", 0)]
        again = begin(store, NEW, OTHER_PLUGIN, part_statements=1)
        assert store.rebuild(third.number) is None
        assert again.number > third.number
        assert (again.done, do_parts(store, again.number, everywhere)) == (0, 3)
        generation = again.generations[0].number
        store.activate(generation)
        assert len(found(store)) == 3

    def test_a_rebuild_of_some_of_its_sources_drops_what_was_begun(self, store: Store) -> None:
        add_with(store, evidence())
        begun = begin(store, NEW, OTHER_PLUGIN)
        mine = take(store, begun, "slow")
        alone = begin(store, NEW)
        assert alone.number > begun.number
        assert not store.finish_part(mine, looked_at(store, mine, everywhere))
        assert do_parts(store, alone.number, everywhere) == 1
        assert [one.evidence for one in store.generations() if one.source == NEW] == [1]

    def test_rebuilds_of_different_plugins_go_on_side_by_side(self, store: Store) -> None:
        add_with(store, evidence())
        first, second = begin(store, NEW), begin(store, OTHER_PLUGIN)
        assert first.number != second.number
        assert do_parts(store, first.number, everywhere) == 1
        assert do_parts(store, second.number, nothing) == 1

    def test_dropping_an_extension_leaves_what_was_complete(self, store: Store) -> None:
        first = add_with(store, evidence())
        generation = rebuilt(store, "2.0")
        store.activate(generation.number)
        for _ in range(2):
            add_with(store, evidence())
        before = found(store)
        extension = begin(store, part_statements=1)
        do_parts(store, extension.number, everywhere, most=1)
        begin(store, source(version="3.0"))
        [left] = [one for one in store.generations() if one.source == NEW]
        assert left == generation
        assert found(store) == before
        again = begin(store)
        assert (again.after_us, again.done) == (first.stored_us, 0)
        do_parts(store, again.number, everywhere)
        store.activate(generation.number)
        assert [one.plugin_version for one in found(store)] == ["2.0"] * 3

    def test_subjects_that_were_never_known_are_found_too(self, store: Store) -> None:
        store.add(submission(*[statement() for _ in range(4)]))

        def look(one: StoredStatement) -> Sequence[Finding]:
            return [finding(evidence(subject=f"mailto:{one.id}@academy.example"), version="2.0")]

        store.activate(rebuilt(store, "2.0", look).number)
        expected = sorted(f"mailto:{one.id}@academy.example" for one in store.scan())
        assert list(store.officers(2**62)) == list(store.subjects()) == expected
