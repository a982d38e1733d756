"""What a statement speaks to: the competency as a whole, or which of its indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from lrs.competency.rubric import Rubric
from lrs.plugin import vocabulary
from lrs.plugin.aliases import Names
from lrs.plugin.miss import Miss, either, short
from lrs.plugin.view import StatementView

Target = str | None
"""Id of an indicator; None for the competency as a whole."""

_ROLES = ("category", "grouping", "parent")


class Targets:
    """The activities that speak to one competency, by id, and the keys of its scores."""

    def __init__(self, rubric: Rubric, activities: Mapping[str, str | Iterable[str]], names: Names) -> None:
        """`activities` is that of an alignment file, found valid for the rubric."""
        self._rubric = rubric
        competency = rubric.competency
        self._exact: dict[str, tuple[Target, ...]] = {}
        prefixes: dict[str, tuple[Target, ...]] = {}
        for target in (None, *sorted(rubric.indicator_ids)):
            iri = (
                vocabulary.competency_iri(competency)
                if target is None
                else vocabulary.indicator_iri(competency, target)
            )
            for sent in names.sent(iri):
                self._exact[sent] = (target,)
        for activity, listed in activities.items():
            ids = (listed,) if isinstance(listed, str) else tuple(listed)
            targets = _most_specific(None if id_ == competency else id_ for id_ in ids)
            if activity.endswith("*"):
                prefixes[activity[:-1]] = targets
            else:
                self._exact[activity] = targets
        self._prefixes = tuple(sorted(prefixes.items(), key=lambda item: (-len(item[0]), item[0])))
        self._scores: dict[str, Target] = {competency: None}
        self._scores.update({f"{competency}/{id_}": id_ for id_ in rubric.indicator_ids})

    @property
    def keys(self) -> frozenset[str] | None:
        """What a statement must name, one or the other, to speak to anything here: see `StatementView.spoken_of`.

        None where beginnings of ids are listed, so that no finite number of names is enough.
        """
        return None if self._prefixes else frozenset((*self._exact, *self._scores))

    def aimed_at(self, view: StatementView) -> tuple[Target, ...]:
        """What the object speaks to; else the categories, else the groupings, else the parents."""
        # Statements speak to other competencies, too: one look at all activities settles it.
        if self._exact.keys().isdisjoint(view.activities) and not self._prefixes:
            return ()
        if view.object_id is not None:
            found = self._of(view.object_id)
            if found:
                return found
        for role in _ROLES:
            named = [found for id_ in view.activity_ids(role) if (found := self._of(id_))]
            if named:
                return _most_specific(chain.from_iterable(named)) if len(named) > 1 else named[0]
        return ()

    def scores(self, view: StatementView) -> Mapping[Any, Any]:
        """The scores that the statement names for this competency and its indicators, unchecked."""
        sent = view.competency_scores
        if not sent:
            return sent
        return {self._scores[key]: value for key, value in sent.items() if key in self._scores}

    def why_none(self, view: StatementView) -> str:
        """Why a statement speaks to nothing here."""
        competency = self._rubric.competency
        beginning = vocabulary.indicator_iri(competency, "")
        ids = [view.object_id or "", *view.categories, *view.groupings, *view.parents]
        unknown = [short(id_) for id_ in ids if id_.startswith(beginning) and id_ not in self._exact]
        if unknown:
            known = ", ".join(sorted(self._rubric.indicator_ids))
            return f"the rubric of {competency} has no indicator {either(unknown)}; it has {known}"
        return (
            f"nothing in it speaks to {competency}: neither object, category, grouping nor parent is "
            f"{vocabulary.competency_iri(competency)}, {beginning}…, or an activity that the alignment lists"
        )

    def unknown_scores(self, view: StatementView) -> tuple[str, ...]:
        """Keys of competency scores that name this competency and an indicator that it has not."""
        beginning = f"{self._rubric.competency}/"
        return tuple(
            key for key in view.competency_scores if key.startswith(beginning) and key not in self._scores
        )

    def _of(self, activity: str) -> tuple[Target, ...]:
        found = self._exact.get(activity)
        if found is not None:
            return found
        for prefix, targets in self._prefixes:
            if activity.startswith(prefix):
                return targets
        return ()


def score_in_unit(key: Target, value: object, competency: str) -> float:
    """A competency score, in [0, 1]. Raises `Miss` for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    name = competency if key is None else f"{competency}/{key}"
    raise Miss(f"competency-scores gives {name} as {value!r}; it must be a number in 0…1")


def _most_specific(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each target once, in order; the competency as a whole only where none of its indicators is named."""
    distinct = sorted({target for target in targets if target is not None})
    return tuple(distinct) if distinct else (None,)
