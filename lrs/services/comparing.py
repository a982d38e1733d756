"""Shadow comparison: who would have another verdict, and why, if other evidence counted or another policy did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from typing import Any

from lrs.competency.assessment import Assessment, assess, recorded_by
from lrs.competency.evidence import RecordedEvidence, SubjectType
from lrs.competency.models import Model
from lrs.competency.policy import Policy
from lrs.errors import Conflict, Detail, NotFound
from lrs.plugin.manager import PluginHost
from lrs.services.comparison import Comparison, Verdicts
from lrs.services.differences import Pieces, differing, policies_differ, rubrics_differ
from lrs.services.in_force import InForce, in_force
from lrs.stores.base import EvidenceQuery, EvidenceStore, Generation, Kind, Store
from lrs.xapi.timestamps import format_us

_PAGE = 100
_ALL = 2**62

Progress = Callable[[int, int], None]
"""Is told how many of how many subjects are done."""


class Comparing:
    """Compares what counts with what might. It only reads."""

    def __init__(self, store: Store, plugins: PluginHost, *, policy: Policy) -> None:
        self._store = store
        self._plugins = plugins
        self._policy = policy

    def compare(
        self,
        plugin: str,
        *,
        against: int | None = None,
        scoring: Mapping[str, Any] | None = None,
        model: str | None = None,
        progress: Progress | None = None,
    ) -> Comparison:
        """What would be different for everyone on the competencies that a plugin defines or has evidence on.

        Args:
            plugin: name of a loaded plugin.
            against: number of a complete rebuilt generation of it. None: the one of the plugin as it is loaded;
                or, with `scoring` or `model`, the evidence that counts now.
            scoring: a table `[scoring]` in the place of the one in force.
            model: id of a model for the plugin's competencies in the place of the one in force.
            progress: is told how many of how many subjects are done.

        Raises `NotFound` for a plugin that is not loaded or a generation that is not its own, `Conflict` for one that
        is not complete and when there is none, `ConfigError` for a policy that is not valid.
        """
        self._check_loaded(plugin)
        as_of_us = self._store.consistent_through()
        other = self._other(plugin, against, same=scoring is not None or model is not None)
        now = in_force(self._store, self._plugins, as_of_us)
        then = now if other is None else in_force(self._store, self._plugins, as_of_us, {plugin: other})
        own = {name for side in (now, then) for name, owner in side.owners.items() if owner == plugin}
        before = _Side(now, self._policy, {}, self._plugins.models)
        after = _Side(
            then,
            self._changed(scoring, model, own),
            {} if other is None else {plugin: other.number},
            self._plugins.models,
        )
        shadow = _Shadow(self._store, before, after, as_of_us, frozenset(own))
        shadow.run(progress)
        return Comparison(
            plugin=plugin,
            as_of_us=as_of_us,
            before=_described(now, plugin),
            after=_described(then, plugin) + _judged(scoring, model),
            rules={name: shadow.rules(name) for name in sorted(own)},
            subjects=shadow.subjects,
            transitions=dict(sorted(shadow.transitions.items())),
            moved=dict(sorted(shadow.moved.items())),
            turned=tuple(shadow.turned),
        )

    def _check_loaded(self, plugin: str) -> None:
        loaded = self._plugins.sources
        if plugin not in loaded:
            known = ", ".join(sorted(loaded)) or "none"
            raise NotFound(f"There is no plugin {plugin}.", [Detail("plugin", plugin, f"loaded: {known}")])

    def _other(self, plugin: str, against: int | None, *, same: bool) -> Generation | None:
        """The generation to compare with; None: the evidence that counts now."""
        if against is None and same:
            return None
        rebuilt = [
            one
            for one in self._store.generations()
            if one.source.plugin == plugin and one.kind is Kind.REBUILT
        ]
        digest = self._plugins.sources[plugin].digest
        wanted = [
            one
            for one in rebuilt
            if (one.source.digest == digest if against is None else one.number == against)
        ]
        if against is not None and not wanted:
            raise NotFound(
                f"{plugin} has no rebuilt generation {against}.",
                [Detail("against", str(against), ", ".join(str(one.number) for one in rebuilt) or "none")],
            )
        if not wanted or wanted[0].through_us is None:
            raise Conflict(
                f"There is no complete generation of plugin {plugin} to compare with.",
                [Detail("generation", "none that is complete", f"lrs reprofile {plugin}, first")],
            )
        return wanted[0]

    def _changed(self, scoring: Mapping[str, Any] | None, model: str | None, own: set[str]) -> Policy:
        table = self._policy.as_dict() if scoring is None else dict(scoring)
        if model is not None:
            tables = {name: dict(own_table) for name, own_table in table.get("competencies", {}).items()}
            for name in own:
                tables.setdefault(name, {})["model"] = model
            table["competencies"] = tables
        return Policy.from_mapping(table, self._plugins.models)


_ByPlace = Mapping[tuple[str, str], Sequence[RecordedEvidence]]
"""Evidence by subject and competency."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A way of finding and judging evidence."""

    found: InForce
    policy: Policy
    instead: Mapping[str, int]
    models: Mapping[str, Model]

    def evidence(self, store: EvidenceStore, page: Sequence[str], as_of_us: int) -> _ByPlace:
        """What counts of these subjects."""
        rows = store.evidence(EvidenceQuery(subjects=page, as_of_us=as_of_us, instead=self.instead))
        return {place: list(group) for place, group in groupby(_of_one_kind(rows), key=_place)}

    def judged(
        self, records: Sequence[RecordedEvidence], competency: str, as_of_us: int
    ) -> Assessment | None:
        """The assessment; None when there is no such competency on this side."""
        rubric = self.found.rubrics.get(competency)
        if rubric is None:
            return None
        return assess(recorded_by(records, as_of_us), rubric, self.policy, as_of_us, models=self.models)


class _Shadow:
    """One comparison, and what it has seen so far."""

    def __init__(
        self, store: EvidenceStore, before: _Side, after: _Side, as_of_us: int, own: frozenset[str]
    ) -> None:
        self._store = store
        self._before = before
        self._after = after
        self._as_of_us = as_of_us
        self._own = own
        self.rules = cache(self._rules)
        self.subjects = 0
        self.transitions: Counter[tuple[str, str, str]] = Counter()
        self.moved: Counter[str] = Counter()
        self.turned: list[Verdicts] = []

    def run(self, progress: Progress | None) -> None:
        """Look at everyone, a page at a time."""
        # Not `officers`: what is compared with may have evidence on somebody of whom nothing counts now.
        everyone = sorted(self._store.subjects(limit=_ALL))
        rest = iter(everyone)
        done = 0
        while page := list(islice(rest, _PAGE)):
            self._look_at(page)
            done += len(page)
            if progress is not None:
                progress(done, len(everyone))

    def _look_at(self, page: Sequence[str]) -> None:
        olds = self._before.evidence(self._store, page, self._as_of_us)
        news = self._after.evidence(self._store, page, self._as_of_us)
        seen = set()
        for subject, competency in sorted({*olds, *news}):
            place = subject, competency
            found = self._verdicts(place, olds.get(place, []), news.get(place, []))
            if found is not None:
                seen.add(subject)
                self._add(found)
        self.subjects += len(seen)

    def _verdicts(
        self, place: tuple[str, str], old: Sequence[RecordedEvidence], new: Sequence[RecordedEvidence]
    ) -> Verdicts | None:
        subject, competency = place
        pieces = differing(old, new) if old != new else Pieces()
        # A plugin may find evidence on the competency of another one.
        if competency not in self._own and not pieces:
            return None
        before = self._before.judged(old, competency, self._as_of_us)
        same = old == new and not self.rules(competency)
        return Verdicts(
            subject=subject,
            competency=competency,
            before=before,
            after=before if same else self._after.judged(new, competency, self._as_of_us),
            pieces=pieces,
        )

    def _add(self, one: Verdicts) -> None:
        self.transitions[one.competency, *one.transition] += 1
        if one.turns:
            self.turned.append(one)
        elif one.moves:
            self.moved[one.competency] += 1

    def _rules(self, competency: str) -> tuple[str, ...]:
        """What of rubric, policy and model differs, in words."""
        old, new = (side.found.rubrics.get(competency) for side in (self._before, self._after))
        told = rubrics_differ(old, new)
        if old is not None and new is not None:
            told += policies_differ(self._before.policy.for_rubric(old), self._after.policy.for_rubric(new))
        return tuple(told)


def _of_one_kind(rows: Sequence[RecordedEvidence]) -> list[RecordedEvidence]:
    """As in a profile: of a unit only where there is nothing on an officer of the same agent key."""
    officers = {one.evidence.subject for one in rows if one.evidence.subject_type is SubjectType.OFFICER}
    return [
        one
        for one in rows
        if one.evidence.subject_type is SubjectType.OFFICER or one.evidence.subject not in officers
    ]


def _place(record: RecordedEvidence) -> tuple[str, str]:
    return record.evidence.subject, record.evidence.competency


def _described(found: InForce, plugin: str) -> str:
    version = f"{plugin} {found.plugins[plugin]}"
    activation = found.activations.get(plugin)
    if activation is None:
        return f"{version}, which has found nothing yet"
    generation = activation.generation
    through = f", through {format_us(activation.through_us)}" if activation.through_us >= 0 else ""
    return f"{version}, generation {generation.number} ({generation.kind}{through})"


def _judged(scoring: Mapping[str, Any] | None, model: str | None) -> str:
    told = "" if scoring is None else ", under another table [scoring]"
    return told if model is None else f"{told}, by the model {model}"
