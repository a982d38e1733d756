"""A compiled rule: whether a statement counts, and the evidence that is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.rubric import Rubric
from lrs.plugin.aliases import Names
from lrs.plugin.conditions import Condition, Facet, Values
from lrs.plugin.encounters import encounter_reader
from lrs.plugin.miss import Miss
from lrs.plugin.path_conditions import conditions_of, is_quick
from lrs.plugin.people import rater_reader, subject_reader
from lrs.plugin.ratings import Ratings, completed
from lrs.plugin.recogniser import Outcome
from lrs.plugin.targets import Target, Targets, score_in_unit
from lrs.plugin.view import StatementView
from lrs.xapi.templates import Template

SHOWN_ONLY = frozenset({Tier.SELF_REPORT, Tier.SURVEY, Tier.CONTEXT})
"""Tiers that are shown and never scored."""

_NO_FLAGS: frozenset[Flag] = frozenset()
_evidence_of = tuple.__new__
"""Makes evidence of its members in their order, in a third of the time that `Evidence(…)` takes for the same."""
_NO_TEMPLATES: Mapping[str, Template] = {}


_Found = tuple[Sequence[tuple[Target, float | None, str]], frozenset[Flag]]
"""What is in a statement, for whomever and by whomever: (indicator, rating, scale) of each piece; flags."""


class Rule:
    """One entry of an alignment's rules, or of a shape's, made ready for one rubric."""

    def __init__(
        self,
        data: Mapping[str, Any],
        rubric: Rubric,
        targets: Targets,
        names: Names,
        templates: Mapping[str, Template] = _NO_TEMPLATES,
    ) -> None:
        """`data` is valid by `schemas/alignment.json#/$defs/rule`, and for the rubric.

        `templates` are the statement templates that its conditions may name, by id.
        """
        self.id: str = data["id"]
        self.verbs = frozenset(
            seen for verb in data["verbs"] for seen in names.seen(names.shared.right(verb))
        )
        self.fixed: tuple[Target, ...] = tuple(
            None if id_ == rubric.competency else id_ for id_ in sorted(data.get("indicators", ()))
        )
        entries = data.get("when", ())
        self._conditions = conditions_of(entries, names, templates)
        """As they are listed."""
        self._on_facets = tuple(each for each in self._conditions if _facet_of(each) is not None)
        quick = [is_quick(entry) for entry in entries]
        in_order = sorted(zip(quick, self._conditions, strict=True), key=lambda one: not one[0])
        self._others = tuple(each for _, each in in_order if _facet_of(each) is None)
        """Those that are not on facets, and those that cost more after the others."""
        self._competency = rubric.competency
        self._targets = targets
        subject, rater = data.get("subject", "officer"), data.get("rater", "person")
        self._subject_of = subject_reader(subject)
        self._rater_of = rater_reader(rater)
        self._encounter_of = encounter_reader(data.get("encounter"))
        self._kind = SubjectType.UNIT if is_of_a_unit(data) else SubjectType.OFFICER
        self._tier = Tier(data["tier"])
        self._ratings = Ratings(rubric, data["scale"], tuple(data["rating"]))
        self._takes_scores = "competency-scores" in data["rating"]
        self._takes_completion = "completion" in data["rating"]
        self._a_person_rates = rater not in ("system", "self")

    @property
    def facets(self) -> tuple[Facet, ...]:
        """What its conditions on facets look at."""
        return tuple(facet for each in self._on_facets if (facet := _facet_of(each)) is not None)

    def fits(self, view: StatementView) -> bool:
        """Whether its conditions on facets hold."""
        return all(each.holds(view) for each in self._on_facets)

    def concerns(self, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]) -> bool:
        """Whether a statement that speaks to these can be evidence here at all."""
        return bool(aimed_at or self.fixed or (scores and self._takes_scores))

    def recognise(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> tuple[Evidence, ...]:
        """The evidence in a statement with one of the verbs that `fits`; empty when the rule does not match."""
        for each in self._others:
            if not each.holds(view):
                return ()
        try:
            subject = self._subject_of(view)
            rater = self._rater_of(view, subject)
            found = self._found(view, aimed_at, scores)
            encounter = self._encounter_of(view)
        except Miss:
            return ()
        return self._evidence(view, subject, rater, encounter, found)

    def explain(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> Outcome:
        """The same, with every reason why not, or with remarks."""
        reasons = [each.why_not(view) for each in self._conditions if not each.holds(view)]
        subject = rater = encounter = ""
        found: _Found = ((), _NO_FLAGS)
        try:
            subject = self._subject_of(view)
            rater = self._rater_of(view, subject)
        except Miss as miss:
            reasons.append(str(miss))
        try:
            found = self._found(view, aimed_at, scores)
        except Miss as miss:
            reasons.append(str(miss))
        try:
            encounter = self._encounter_of(view)
        except Miss as miss:
            reasons.append(str(miss))
        if reasons:
            return Outcome(self.id, matched=False, reasons=tuple(reasons))
        evidence = self._evidence(view, subject, rater, encounter, found)
        return Outcome(self.id, matched=True, evidence=evidence, reasons=self._remarks(view, found))

    def _found(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> _Found:
        result = view.result
        flags = self._flags(view) if "response" in result or "extensions" in result else _NO_FLAGS
        if scores and self._takes_scores and Flag.NOT_OBSERVED not in flags:
            ratings = self._ratings
            parts = [
                (target, *ratings.on_unit(score_in_unit(target, scores[target], self._competency)))
                for target in sorted(scores, key=lambda target: target or "")
            ]
            return parts, flags
        targets = self.fixed or aimed_at
        if not targets:
            raise Miss(self._targets.why_none(view))
        if Flag.NOT_OBSERVED in flags:
            return self._unrated(targets, flags)
        rating = self._ratings.of(view)
        if rating is not None:
            value, scale = rating
            return [(target, value, scale) for target in targets], flags
        if self._takes_completion and completed(view):
            return self._unrated(targets, flags | {Flag.COMPLETED})
        if flags:
            return self._unrated(targets, flags)
        raise Miss(self._ratings.why_none(view))

    def _unrated(self, targets: tuple[Target, ...], flags: frozenset[Flag]) -> _Found:
        return [(target, None, self._ratings.scale) for target in targets], flags

    def _evidence(
        self, view: StatementView, subject: str, rater: str, encounter: str, found: _Found
    ) -> tuple[Evidence, ...]:
        parts, spoken = found
        flags = tuple(sorted(spoken)) if spoken else ()
        competency, tier, kind, rule = self._competency, self._tier, self._kind, self.id
        observed = view.timestamp_us
        return tuple(
            [
                _evidence_of(
                    Evidence,
                    (
                        subject,
                        competency,
                        rating,
                        scale,
                        tier,
                        rater,
                        encounter,
                        observed,
                        rule,
                        kind,
                        target,
                        flags,
                    ),
                )
                for target, rating, scale in parts
            ]
        )

    def _remarks(self, view: StatementView, found: _Found) -> tuple[str, ...]:
        remarks = []
        _, flags = found
        if self._tier in SHOWN_ONLY:
            remarks.append(f"{str(self._tier).replace('_', ' ')} is shown, never scored")
        if Flag.NOT_OBSERVED in flags:
            remarks.append("not observed is missing, never 0")
        if Flag.COMPLETED in flags:
            remarks.append("it was completed; how well is not said, and nothing is rated")
        unknown = self._targets.unknown_scores(view) if self._takes_scores else ()
        remarks += [
            f"competency-scores names '{key}', which the rubric has not; it is left out" for key in unknown
        ]
        return tuple(remarks)

    def _flags(self, view: StatementView) -> frozenset[Flag]:
        return view.spoken_flags if self._a_person_rates else view.flags


def _facet_of(condition: Condition) -> Facet | None:
    return condition.facet if isinstance(condition, Values) else None


def is_of_a_unit(rule: Mapping[str, Any]) -> bool:
    """Whether a rule, as a file writes it, speaks of a unit and not of one officer."""
    subject = rule.get("subject", "officer")
    return subject == "unit" if isinstance(subject, str) else subject.get("is") == "unit"
