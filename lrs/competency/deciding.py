"""What would have to be seen for a verdict to be decided: the least there is to it, under stated assumptions.

It promises nothing and predicts nobody: it is the rule of the verdict, turned round.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lrs.competency.assessment import Assessment
from lrs.competency.decayed_beta import vote_weight
from lrs.competency.encounters import Vote
from lrs.competency.estimate import Verdict, number, rounded
from lrs.competency.evidence import Tier
from lrs.competency.gates import gates_of, verdict_of
from lrs.competency.models import ask
from lrs.competency.rubric import Cut

MOST = 200
"""More further encounters than this are not tried: nobody waits for them."""

_DECIDED = (Verdict.AT_STANDARD, Verdict.BELOW_STANDARD)
_ASSUMED = {
    "mean_so_far": "rated like the mean so far",
    "acceptable": "rated at the acceptable anchor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """The least number of further encounters after which the verdict would be decided, all rated alike."""

    rated: str
    """What they are rated: `mean_so_far` or `acceptable`."""
    s: float
    """The same in [0, 1]."""
    tier: Tier
    """What they are observed in."""
    new_raters: int
    """How many of their raters must be others than those so far. Each encounter has one rater."""
    encounters: int | None
    """None: not even `MOST` of them would decide it."""
    verdict: Verdict | None
    """What it would be."""
    probability: float | None
    """P(θ ≥ cut) then."""

    @property
    def text(self) -> str:
        """E.g. `2 more encounters in the tier field by another rater, each rated at …: at_standard.`."""
        what = f"{_ASSUMED[self.rated]} (s {number(self.s)})"
        if self.encounters is None:
            return (
                f"Not even {MOST} more encounters of today in the tier {self.tier}, {what}, would decide it."
            )
        encounters, each = ("encounter", "") if self.encounters == 1 else ("encounters", "each ")
        return (
            f"{self.encounters} more rated {encounters} of today in the tier {self.tier}, "
            f"{self._whose()}{each}{what}, would make it {self.verdict}."
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rated": self.rated,
            "s": rounded(self.s),
            "tier": self.tier.value,
            "most": MOST,
            "encounters": self.encounters,
            "new_raters": self.new_raters,
            "verdict": None if self.verdict is None else self.verdict.value,
            "probability_at_or_above_cut": rounded(self.probability),
            "text": self.text,
        }

    def _whose(self) -> str:
        if not self.new_raters:
            return ""
        if self.encounters == self.new_raters:
            return "by another rater, " if self.new_raters == 1 else f"by {self.new_raters} other raters, "
        return f"{self.new_raters} or more of them by {'another rater' if self.new_raters == 1 else 'other raters'}, "


def prospects(assessment: Assessment) -> tuple[Prospect, ...]:
    """What further evidence would decide the verdict: if rated like the mean so far, if at the acceptable anchor.

    The further encounters are of today, of the tier field (or the one that weighs most, where field weighs
    nothing), one rater in each. None when the verdict is decided, not scored, or the model has no answer.
    """
    found, cut = assessment.estimate, assessment.rubric.cut
    if cut is None or not found.known or found.verdict in _DECIDED:
        return ()
    tiers = assessment.policy.tiers
    tier = Tier.FIELD if tiers.get(Tier.FIELD, 0.0) > 0 else max(Tier, key=lambda each: tiers.get(each, 0.0))
    if tiers.get(tier, 0.0) <= 0:
        return ()
    so_far = [] if found.score is None else [("mean_so_far", found.score)]
    return tuple(_prospect(assessment, cut, tier, *one) for one in [*so_far, ("acceptable", cut.anchor_s)])


def to_decide(assessment: Assessment) -> Iterator[str]:
    """What is missing, in sentences: the gates that fail and by how much, else the probability.

    It promises nothing: evidence that comes moves the probability, too. Nothing when the verdict is decided.
    """
    found, policy = assessment.estimate, assessment.policy
    if not found.gates:
        return
    mass, raters, newest = found.gates
    if not newest.met:
        yield f"Scored evidence that is less than {newest.needed:g} days old."
    if not mass.met:
        weights = ", ".join(f"{tier.value} {w:g}" for tier, w in policy.tiers.items() if w > 0)
        yield (
            f"{number(mass.needed - found.mass)} more evidence mass, to reach {mass.needed:g}. "
            f"A vote of today adds: {weights}."
        )
    if not raters.met:
        missing = policy.min_raters - found.raters
        yield f"{missing} more {'rater' if missing == 1 else 'raters'}, beside the {found.raters} so far."
    if found.failure is not None:
        yield "An answer of the model, which failed."
    if found.verdict is Verdict.UNDETERMINED:
        p = found.probability
        yield (
            f"P(θ ≥ cut) is {number(p)}: {number(policy.decide_at - p)} more for at_standard, "
            f"{number(p - (1 - policy.decide_at))} less for below_standard."
        )


def _prospect(assessment: Assessment, cut: Cut, tier: Tier, rated: str, s: float) -> Prospect:
    policy = assessment.policy
    new_raters = max(0, policy.min_raters - assessment.estimate.raters)
    scored = list(assessment.scored)
    raters = {vote.rater for vote in scored}
    weights = [vote_weight(vote, policy, assessment.as_of_us) for vote in scored]
    for encounters in range(1, MOST + 1):
        further = _further(encounters, new_raters, scored, Vote("", "", tier, s, assessment.as_of_us))
        scored.append(further)
        raters.add(further.rater)
        weights.append(policy.tiers[tier])
        gates = gates_of(math.fsum(weights), len(raters), 0.0, policy)
        if not all(gate.met for gate in gates):
            continue
        answer, failure = ask(assessment.model, tuple(scored), policy, cut, assessment.as_of_us)
        verdict = verdict_of(gates, answer.probability, policy.decide_at)
        if failure is None and verdict in _DECIDED:
            return Prospect(
                rated=rated,
                s=s,
                tier=tier,
                new_raters=new_raters,
                encounters=encounters,
                verdict=verdict,
                probability=answer.probability,
            )
    return Prospect(
        rated=rated, s=s, tier=tier, new_raters=new_raters, encounters=None, verdict=None, probability=None
    )


def _further(number_of: int, new_raters: int, scored: list[Vote], like: Vote) -> Vote:
    """The vote of the next encounter: of another rater as long as one is missing, then of a known one."""
    # Names that no agent key and no encounter has: they start with a NUL.
    name = f"\0{number_of}"
    rater = name if number_of <= new_raters or not scored else scored[0].rater
    return like._replace(rater=rater, encounter=name)
