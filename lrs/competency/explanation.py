"""Explanations: why a verdict is what it is, with every number that it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.competency.additions import Explanatory, Note, notes_on
from lrs.competency.assessment import Assessment, recorded_by, weigh
from lrs.competency.coverage import coverage
from lrs.competency.decayed_beta import age_days, decay
from lrs.competency.deciding import Prospect, prospects, to_decide
from lrs.competency.encounters import Vote, mean
from lrs.competency.estimate import rounded
from lrs.competency.evidence import RecordedEvidence
from lrs.competency.formulae import formulae
from lrs.competency.items import completed_item, left_out_item, rating_item
from lrs.competency.models import Model
from lrs.competency.policy import Policy
from lrs.competency.profile import ABOUT, CompetencyProfile, OnRecord, heading, model, plugin_warnings
from lrs.competency.rubric import Rubric
from lrs.competency.sensitivity import Sensitivity, sensitivity
from lrs.xapi.timestamps import format_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one competency of one subject has its verdict."""

    subject: str
    assessment: Assessment
    sensitivity: Sensitivity
    prospects: tuple[Prospect, ...]
    notes: tuple[Note, ...]
    """What plugins say to it."""
    plugins: Mapping[str, str]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready. `votes` are scored, `shown` are not, `left_out` cannot be; sums run over `votes`.

        `completed` has what was done, where nothing is scored.
        """
        one = self.assessment
        covered = coverage(one)
        shown = [vote for vote in one.votes if one.weight_of(vote.tier) <= 0]
        return {
            "subject": self.subject,
            "as_of": format_us(one.as_of_us),
            "about": ABOUT,
            **heading(one),
            "model": model(one.policy),
            "scales": [scale.as_dict() for scale in one.rubric.scales.values()],
            "tiers": [tier.as_dict() for tier in one.estimate.tiers],
            "raters": _raters(one.scored),
            "indicators": [each.as_dict() for each in covered],
            "gaps": [each.indicator.id for each in covered if each.gap],
            "votes": [_vote(vote, one) for vote in one.scored],
            "shown": [_vote(vote, one) for vote in shown],
            "completed": [completed_item(record) for record in one.completed],
            "left_out": list(_left_out(one)),
            "formulae": formulae(one),
            "sensitivity": self.sensitivity.as_dict(),
            "to_decide": list(to_decide(one)),
            "prospects": [prospect.as_dict() for prospect in self.prospects],
            "notes": [note.as_dict() for note in self.notes],
            "plugins": dict(sorted(self.plugins.items())),
            "warnings": [*self.warnings, *one.warnings],
        }

    def as_text(self, audience: str = "arbitrator") -> str:
        """The same for people: plain text.

        Args:
            audience: `officer` (second person, no formula), `trainer` (margins, gaps, raters, what would decide it)
                or `arbitrator` (everything).

        Raises `ValueError` for another.
        """
        from lrs.competency.explanation_text import as_text

        return as_text(self.as_dict(), audience)


def explain(  # noqa: PLR0917 - the arguments of `build_profile`, in its order
    subject: str,
    evidence: Sequence[RecordedEvidence],
    rubric: Rubric,
    policy: Policy,
    as_of_us: int,
    plugins: Mapping[str, str],
    warnings: Sequence[str] = (),
    *,
    models: Mapping[str, Model] | None = None,
    explainers: Sequence[Explanatory] = (),
) -> Explanation:
    """Why the rubric's competency has its verdict in the profile of `subject` at an instant (microseconds).

    The arguments are those of `build_profile`; evidence on other competencies is passed over. `explainers` are
    those of the plugins: what one says becomes a note, and its failure a warning.
    Raises `ValueError` for evidence on somebody else, `ConfigError` when the policy names a model that there is not.
    """
    own = [r for r in recorded_by(evidence, as_of_us) if r.evidence.competency == rubric.competency]
    record = OnRecord(own)
    record.check_subject(subject, "the explanation")
    return explanation_of(
        subject,
        record,
        rubric,
        policy,
        as_of_us,
        plugins,
        warnings,
        models=models,
        explainers=explainers,
    )


def explanation_of(  # noqa: PLR0917 - the arguments of `explain`, in its order
    subject: str,
    record: OnRecord,
    rubric: Rubric,
    policy: Policy,
    as_of_us: int,
    plugins: Mapping[str, str],
    warnings: Sequence[str] = (),
    *,
    models: Mapping[str, Model] | None = None,
    explainers: Sequence[Explanatory] = (),
) -> Explanation:
    """`explain` from a record of that subject that was put in order before, of the same instant."""
    assessment = weigh(record.on(rubric), policy, as_of_us, models=models)
    part = CompetencyProfile(assessment, coverage(assessment)).as_dict() if explainers else {}
    notes, failures = notes_on(part, explainers)
    return Explanation(
        subject=subject,
        assessment=assessment,
        sensitivity=sensitivity(assessment),
        prospects=prospects(assessment),
        notes=notes,
        plugins=plugins,
        warnings=(*warnings, *plugin_warnings(assessment.records, plugins), *failures),
    )


def _raters(scored: Iterable[Vote]) -> list[dict[str, Any]]:
    """Each rater of scored votes, in order of key: how many, their plain mean, the newest."""
    raters: dict[str, list[Vote]] = {}
    for vote in scored:
        raters.setdefault(vote.rater, []).append(vote)
    return [
        {
            "rater": rater,
            "votes": len(votes),
            "mean": rounded(mean(vote.s for vote in votes)),
            "newest": format_us(max(vote.observed_us for vote in votes)),
        }
        for rater, votes in sorted(raters.items())
    ]


def _vote(vote: Vote, assessment: Assessment) -> dict[str, Any]:
    weight = assessment.weight_of(vote.tier)
    age = age_days(vote.observed_us, assessment.as_of_us)
    left = decay(age, assessment.policy.half_life_days)
    return {
        "rater": vote.rater,
        "encounter": vote.encounter,
        "observed": format_us(vote.observed_us),
        "tier": vote.tier.value,
        "s": rounded(vote.s),
        "tier_weight": rounded(weight),
        "age_days": rounded(age),
        "decay": rounded(left),
        "weight": rounded(weight * left),
        "to_e": rounded(weight * left * vote.s),
        "to_mass": rounded(weight * left),
        "ratings": [rating_item(rated) for rated in vote.ratings],
    }


def _left_out(assessment: Assessment) -> Iterable[dict[str, Any]]:
    for record in assessment.not_observed:
        yield left_out_item(record, "not_observed", "not observed (N.O.): missing, not 0")
    for record in assessment.unrated:
        yield left_out_item(record, "no_rating", "there is no rating, only what is said beside it")
    for left in assessment.unusable:
        yield left_out_item(left.record, "unusable", left.reason)
