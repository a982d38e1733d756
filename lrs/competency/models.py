"""Models: what turns votes into a probability. An agency may bring its own, and the core keeps the rest.

Weights, evidence mass, gates, the rule of the verdict, plain counts, tiers and agreement are the same under every
model (`lrs.competency.estimating`): no model can let a verdict pass that rests on too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lrs.competency.encounters import Vote
from lrs.competency.failures import in_one_line
from lrs.competency.policy import Policy
from lrs.competency.rubric import Cut
from lrs.errors import ConfigError, Detail

_ID = re.compile(r"[a-z][a-z0-9_.-]{0,63}/[A-Za-z0-9._+-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """What a model makes of votes. Every number is in [0, 1]."""

    score: float | None
    """One number for what was seen; None when nothing was."""
    posterior_mean: float
    interval: tuple[float, float]
    """Lower and upper bound of the interval that holds `Policy.interval` of the probability."""
    probability: float
    """P(θ ≥ cut)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation, for a reader with a calculator."""

    name: str
    formula: str
    filled: str
    """The formula with its numbers filled in."""


@runtime_checkable
class Model(Protocol):
    """Any object with these two. It keeps no state, and asks no clock and nobody else.

    It may have a third, `working(votes, policy, cut, as_of_us) -> Iterable[Step]`, which explanations ask.
    """

    @property
    def id(self) -> str:
        """`name/version`. It changes whenever the same votes could come to another number."""

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Aggregate:
        """What the votes say of the cut, as of an instant (microseconds since the epoch).

        Args:
            votes: those that are scored, oldest first; never one of a tier whose weight is 0.
            policy: the one in force for the competency. `lrs.plugin.vote_weight` is what a vote weighs by it.
            cut: of the rubric.
            as_of_us: the instant.
        """


NOTHING_KNOWN = Aggregate(score=None, posterior_mean=0.5, interval=(0.0, 1.0), probability=0.5)
"""What stands in the place of the answer of a model that failed."""


class _NoAggregate(Exception):
    """A model answered something that is none."""


def is_model_id(text: object) -> bool:
    """Is it `name/version`, as `schemas/scoring.json` has it?"""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def chosen(policy: Policy, models: Mapping[str, Model]) -> Model:
    """The model that a policy names. Raises `ConfigError`, naming those that there are, for an unknown one."""
    model = models.get(policy.model)
    if model is None:
        raise ConfigError(
            f"There is no model {policy.model}.",
            [Detail("/model", policy.model, f"one of {', '.join(sorted(models))}")],
        )
    return model


def ask(
    model: Model, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int
) -> tuple[Aggregate, str | None]:
    """What a model answers, checked; else `NOTHING_KNOWN`, and why. Nothing is raised."""
    try:
        return _checked(model.aggregate(votes, policy, cut, as_of_us)), None
    except KeyboardInterrupt:
        raise
    # sys.exit(), or a cancelled task, in a plugin must not stop the server either.
    except BaseException as exc:
        return NOTHING_KNOWN, _why(model, exc)


def working(
    model: Model, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int
) -> tuple[tuple[Step, ...], str | None]:
    """The steps of a model that shows its working, and why it failed to; no steps of one that does not."""
    show = getattr(model, "working", None)
    if show is None:
        return (), None
    try:
        return _steps(show(votes, policy, cut, as_of_us)), None
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        return (), _why(model, exc)


def _why(model: Model, exc: BaseException) -> str:
    said = str(exc) if isinstance(exc, _NoAggregate) else in_one_line(exc)
    return f"the model {model.id} failed: {said}"


def _checked(answer: object) -> Aggregate:
    if not isinstance(answer, Aggregate):
        raise _NoAggregate(f"it answered a {type(answer).__name__}, which is no Aggregate")
    low, high = answer.interval
    bounds = _share("interval", low), _share("interval", high)
    if bounds[0] > bounds[1]:
        raise _NoAggregate(f"its interval is {bounds[0]!r} to {bounds[1]!r}")
    return Aggregate(
        score=None if answer.score is None else _share("score", answer.score),
        posterior_mean=_share("posterior_mean", answer.posterior_mean),
        interval=bounds,
        probability=_share("probability", answer.probability),
    )


def _share(name: str, value: object) -> float:
    """A number in [0, 1]; NaN is in no range."""
    if isinstance(value, bool) or not isinstance(value, float | int) or not 0 <= value <= 1:
        raise _NoAggregate(f"its {name} is {value!r}, and not a number from 0 to 1")
    return float(value)


def _steps(answer: Iterable[object]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for step in answer:
        if not isinstance(step, Step) or not all(
            isinstance(text, str) for text in (step.name, step.formula, step.filled)
        ):
            raise _NoAggregate("its working has something that is no Step of texts")
        steps.append(step)
    return tuple(steps)
