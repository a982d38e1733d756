"""Is what a recogniser answered evidence? Nothing else may reach the store."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.rubric import Rubric, Scale
from lrs.xapi.actors import agent_from_key, agent_key
from lrs.xapi.timestamps import FIRST_US, LAST_US

_TEXTS = ("subject", "rater", "encounter", "rule", "competency", "scale")
_texts = attrgetter(*_TEXTS)
_LONGEST_NAME = 2000
_USUAL = frozenset(
    (str, str, rating, str, Tier, str, str, int, str, SubjectType, indicator, tuple)
    for rating in (float, type(None))
    for indicator in (str, type(None))
)
"""Types of the members of evidence that is as it should be."""
_OF_ONESELF = frozenset({Tier.SELF_REPORT, Tier.CONTEXT, Tier.SURVEY})


class Checking:
    """Checks what is answered against the rubrics of one host. Nothing in it changes."""

    def __init__(self, rubrics: Mapping[str, Rubric]) -> None:
        """`rubrics` by competency."""
        self._rubrics = rubrics
        self._ranges = {
            (competency, indicator, scale.name): (scale.lowest, scale.highest)
            for competency, rubric in rubrics.items()
            for indicator in (None, *rubric.indicator_ids)
            for scale in rubric.scales.values()
        }

    def fault_of(self, evidence: object) -> str | None:
        """Why this is not evidence that can be kept; None when it is."""
        return None if self.is_usual(evidence) else fault_of(evidence, self._rubrics)

    def is_usual(self, evidence: Any) -> bool:
        """Whether it is plainly right, as nearly all of it is; in a third of the time. False says nothing."""
        if type(evidence) is not Evidence or tuple(map(type, evidence)) not in _USUAL:
            return False
        subject, competency, rating, scale, tier, rater, encounter, observed, rule, kind, indicator, flags = (
            evidence
        )
        bounds = self._ranges.get((competency, indicator, scale))
        if flags or bounds is None or (rating is not None and not bounds[0] <= rating <= bounds[1]):
            return False
        if (subject == rater and tier not in _OF_ONESELF) or (
            tier is Tier.SURVEY and kind is not SubjectType.UNIT
        ):
            return False
        text = subject + rater + encounter + rule
        return (
            text.isascii()
            and "\0" not in text
            and len(text) <= _LONGEST_NAME
            and "" not in (rater, encounter, rule)
            and FIRST_US <= observed <= LAST_US
            and _is_kept(subject)
        )


def fault_of(evidence: object, rubrics: Mapping[str, Rubric]) -> str | None:
    """Why this is not evidence that can be kept; None when it is.

    Args:
        evidence: whatever a recogniser answered.
        rubrics: every rubric of the host, by competency.
    """
    if not isinstance(evidence, Evidence):
        return f"it answered {_kind(evidence)}, and not Evidence"
    return (
        _wrong_type(evidence)
        or _wrong_name(evidence)
        or _wrong_rubric(evidence, rubrics)
        or _wrong_sense(evidence)
    )


def _wrong_type(evidence: Any) -> str | None:
    # Any: a plugin need not keep to what the types of Evidence promise.
    for value in _texts(evidence):
        if not isinstance(value, str) or not value or not (value.isascii() or _is_unicode(value)):
            name = next(name for name in _TEXTS if getattr(evidence, name) is value)
            return f"{name} is {value!r}; it must be text"
    if not isinstance(evidence.tier, Tier):
        return f"tier is {evidence.tier!r}; it must be a Tier"
    if not isinstance(evidence.subject_type, SubjectType):
        return f"subject_type is {evidence.subject_type!r}; it must be a SubjectType"
    flags = evidence.flags
    if type(flags) is not tuple or (flags and not all(isinstance(flag, Flag) for flag in flags)):
        return f"flags is {flags!r}; it must be a tuple of Flag"
    observed = evidence.observed_us
    if type(observed) is not int or not FIRST_US <= observed <= LAST_US:
        return f"observed_us is {observed!r}; it must be whole microseconds since the epoch, in the years 1 to 9999"
    return None


def _wrong_name(evidence: Evidence) -> str | None:
    subject, rater, encounter = evidence.subject, evidence.rater, evidence.encounter
    # What is very long is worked out each time, so that the cache stays small.
    if not (_is_kept(subject) if len(subject) <= _LONGEST_NAME else _is_kept.__wrapped__(subject)):
        return f"subject is {_start(subject)}; it must be an agent key, as agent_key() writes it"
    if len(rater) > _LONGEST_NAME or "\0" in rater:
        return _unfit("rater", rater)
    if len(encounter) > _LONGEST_NAME or "\0" in encounter:
        return _unfit("encounter", encounter)
    return None


def _unfit(name: str, text: str) -> str:
    if "\0" in text:
        return f"{name} is {_start(text)}; there must be no NUL in it"
    return f"{name} has {len(text)} characters; at most {_LONGEST_NAME} are right"


# Asked of every piece of evidence, and there are far fewer people than pieces.
@lru_cache(maxsize=4096)
def _is_kept(key: str) -> bool:
    """Whether this is an agent key in the one form that is kept: any other would be a person of its own."""
    try:
        return agent_key(agent_from_key(key)) == key
    except ValueError:
        return False


def _start(text: str) -> str:
    """The text as it would be quoted, cut so that what is wrong with it can still be read."""
    return repr(text) if len(text) <= 100 else f"{text[:100]!r}…"


def _wrong_rubric(evidence: Evidence, rubrics: Mapping[str, Rubric]) -> str | None:
    rubric = rubrics.get(evidence.competency)
    if rubric is None:
        return f"no rubric defines the competency '{evidence.competency}'"
    if evidence.indicator is not None and evidence.indicator not in rubric.indicator_ids:
        return f"the rubric of {rubric.competency} has no indicator {evidence.indicator!r}"
    scale = rubric.scales.get(evidence.scale)
    if scale is None:
        return f"the rubric of {rubric.competency} has no scale '{evidence.scale}'"
    return None if evidence.rating is None else _wrong_rating(evidence.rating, scale)


def _wrong_rating(rating: object, scale: Scale) -> str | None:
    if not isinstance(rating, float | int) or isinstance(rating, bool):
        return f"rating is {rating!r}; it must be a number or None"
    if not scale.lowest <= rating <= scale.highest:
        return f"rating is {rating}; {scale.name} goes from {scale.lowest:g} to {scale.highest:g}"
    return None


def _wrong_sense(evidence: Evidence) -> str | None:
    if evidence.tier is Tier.SURVEY and evidence.subject_type is not SubjectType.UNIT:
        return "a survey speaks of a unit, never of one officer"
    if Flag.NOT_OBSERVED in evidence.flags and evidence.rating is not None:
        return "what was not observed has no rating"
    if evidence.rater == evidence.subject and evidence.tier not in _OF_ONESELF:
        return "rater and subject are the same; what people say of themselves has the tier self_report"
    return None


def _is_unicode(text: str) -> bool:
    """Whether a store can keep it: a lone surrogate cannot be written as UTF-8."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
