"""The gates, and the rule of the verdict: the same under every model, so that no model can skip one."""

from __future__ import annotations

from collections.abc import Sequence

from lrs.competency.estimate import Gate, Verdict
from lrs.competency.policy import Policy


def gates_of(mass: float, raters: int, newest_days: float | None, policy: Policy) -> tuple[Gate, ...]:
    """The gates `mass`, `raters` and `newest`, in this order.

    Args:
        mass: evidence mass M.
        raters: how many raters there are of scored evidence.
        newest_days: age in days of the newest scored evidence; None when there is none.
        policy: the one in force for the competency.
    """
    fresh = newest_days is not None and newest_days < policy.stale_after_days
    age = "there is none" if newest_days is None else f"the newest is {newest_days:.1f} days old"
    return (
        Gate(
            "mass",
            mass,
            policy.min_mass,
            mass >= policy.min_mass,
            f"evidence mass {mass:.6f}; {policy.min_mass:g} or more is needed",
        ),
        Gate(
            "raters",
            raters,
            policy.min_raters,
            raters >= policy.min_raters,
            f"{raters} {'rater' if raters == 1 else 'raters'}; {policy.min_raters} or more are needed",
        ),
        Gate(
            "newest",
            newest_days,
            policy.stale_after_days,
            fresh,
            f"evidence less than {policy.stale_after_days:g} days old is needed; {age}",
        ),
    )


def verdict_of(gates: Sequence[Gate], probability: float, decide_at: float) -> Verdict:
    """The verdict by the gates, as `gates_of` returns them, and P(θ ≥ cut)."""
    mass, raters, newest = gates
    # First: what is that old has lost its mass as well, and it is its age that has to be said.
    if newest.found is not None and not newest.met:
        return Verdict.STALE
    if not (mass.met and raters.met and newest.met):
        return Verdict.INSUFFICIENT
    if probability >= decide_at:
        return Verdict.AT_STANDARD
    return Verdict.BELOW_STANDARD if probability <= 1 - decide_at else Verdict.UNDETERMINED
