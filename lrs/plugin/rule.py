"""A compiled rule: whether a statement counts, and the evidence that is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.rubric import Rubric
from lrs.plugin.aliases import Names
from lrs.plugin.conditions import condition
from lrs.plugin.miss import Miss
from lrs.plugin.people import rater_of, subject_of
from lrs.plugin.ratings import Ratings
from lrs.plugin.recogniser import Outcome
from lrs.plugin.targets import Target, Targets, score_in_unit
from lrs.plugin.view import StatementView

SHOWN_ONLY = frozenset({Tier.SELF_REPORT, Tier.SURVEY, Tier.CONTEXT})
"""Tiers that are shown and never scored."""

_NO_FLAGS: frozenset[Flag] = frozenset()

_Found = tuple[tuple[Target, float | None, str], ...]
"""(indicator, rating, scale) of each piece of evidence."""


class Rule:
    """One entry of an alignment's rules, or of a shape's, made ready for one rubric."""

    def __init__(self, data: Mapping[str, Any], rubric: Rubric, targets: Targets, names: Names) -> None:
        """`data` is valid by `schemas/alignment.json#/$defs/rule`, and for the rubric."""
        self.id: str = data["id"]
        self.verbs = frozenset(
            seen for verb in data["verbs"] for seen in names.seen(names.shared.right(verb))
        )
        self.fixed: tuple[Target, ...] = tuple(
            None if id_ == rubric.competency else id_ for id_ in sorted(data.get("indicators", ()))
        )
        self._conditions = tuple(condition(entry, names) for entry in data.get("when", ()))
        self._competency = rubric.competency
        self._targets = targets
        self._subject: str = data.get("subject", "officer")
        self._rater: str = data.get("rater", "person")
        self._tier = Tier(data["tier"])
        self._ratings = Ratings(rubric, data["scale"], tuple(data["rating"]))
        self._takes_scores = "competency-scores" in data["rating"]
        self._a_person_rates = self._rater == "person"

    def concerns(self, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]) -> bool:
        """Whether a statement that speaks to these can be evidence here at all."""
        return bool(aimed_at or self.fixed or (scores and self._takes_scores))

    def recognise(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> tuple[Evidence, ...]:
        """The evidence in a statement with one of the verbs; empty when the rule does not match."""
        for each in self._conditions:
            if not each.holds(view):
                return ()
        try:
            subject = subject_of(view, self._subject)
            rater = rater_of(view, self._rater, subject)
            found = self._found(view, aimed_at, scores)
        except Miss:
            return ()
        return self._evidence(view, subject, rater, found)

    def explain(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> Outcome:
        """The same, with every reason why not, or with remarks."""
        reasons = [each.why_not(view) for each in self._conditions if not each.holds(view)]
        subject = rater = ""
        found: _Found = ()
        try:
            subject = subject_of(view, self._subject)
            rater = rater_of(view, self._rater, subject)
        except Miss as miss:
            reasons.append(str(miss))
        try:
            found = self._found(view, aimed_at, scores)
        except Miss as miss:
            reasons.append(str(miss))
        if reasons:
            return Outcome(self.id, matched=False, reasons=tuple(reasons))
        evidence = self._evidence(view, subject, rater, found)
        return Outcome(self.id, matched=True, evidence=evidence, reasons=self._remarks(view))

    def _found(
        self, view: StatementView, aimed_at: tuple[Target, ...], scores: Mapping[Target, Any]
    ) -> _Found:
        flags = self._flags(view)
        if scores and self._takes_scores and Flag.NOT_OBSERVED not in flags:
            ratings = self._ratings
            return tuple(
                (target, *ratings.on_unit(score_in_unit(target, scores[target], self._competency)))
                for target in sorted(scores, key=lambda target: target or "")
            )
        targets = self.fixed or aimed_at
        if not targets:
            raise Miss(self._targets.why_none(view))
        if Flag.NOT_OBSERVED in flags:
            return tuple((target, None, self._ratings.scale) for target in targets)
        rating = self._ratings.of(view)
        if rating is not None:
            return tuple([(target, rating.value, rating.scale) for target in targets])
        if flags:
            return tuple((target, None, self._ratings.scale) for target in targets)
        raise Miss(self._ratings.why_none(view))

    def _evidence(self, view: StatementView, subject: str, rater: str, found: _Found) -> tuple[Evidence, ...]:
        said = self._flags(view)
        flags = tuple(sorted(said)) if said else ()
        kind = SubjectType.UNIT if self._subject == "unit" else SubjectType.OFFICER
        return tuple(
            [
                Evidence(
                    subject=subject,
                    subject_type=kind,
                    competency=self._competency,
                    indicator=target,
                    rating=rating,
                    scale=scale,
                    tier=self._tier,
                    rater=rater,
                    encounter=view.encounter,
                    observed_us=view.timestamp_us,
                    flags=flags,
                    rule=self.id,
                )
                for target, rating, scale in found
            ]
        )

    def _remarks(self, view: StatementView) -> tuple[str, ...]:
        remarks = []
        if self._tier in SHOWN_ONLY:
            remarks.append(f"{str(self._tier).replace('_', ' ')} is shown, never scored")
        if Flag.NOT_OBSERVED in self._flags(view):
            remarks.append("not observed is missing, never 0")
        unknown = self._targets.unknown_scores(view) if self._takes_scores else ()
        remarks += [
            f"competency-scores names '{key}', which the rubric has not; it is left out" for key in unknown
        ]
        return tuple(remarks)

    def _flags(self, view: StatementView) -> frozenset[Flag]:
        if "response" not in view.result and "extensions" not in view.result:
            return _NO_FLAGS
        return view.spoken_flags if self._a_person_rates else view.flags
