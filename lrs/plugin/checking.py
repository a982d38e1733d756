"""Is what a recogniser answered evidence? Nothing else may reach the store."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.rubric import Rubric, Scale

_TEXTS = ("subject", "rater", "encounter", "rule", "competency", "scale")
_texts = attrgetter(*_TEXTS)
_LAST_US = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z
_OF_ONESELF = frozenset({Tier.SELF_REPORT, Tier.CONTEXT, Tier.SURVEY})


def fault_of(evidence: object, rubrics: Mapping[str, Rubric]) -> str | None:
    """Why this is not evidence that can be kept; None when it is.

    Args:
        evidence: whatever a recogniser answered.
        rubrics: every rubric of the host, by competency.
    """
    if not isinstance(evidence, Evidence):
        return f"it answered {_kind(evidence)}, and not Evidence"
    return _wrong_type(evidence) or _wrong_rubric(evidence, rubrics) or _wrong_sense(evidence)


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
    if type(observed) is not int or not -_LAST_US <= observed <= _LAST_US:
        return f"observed_us is {observed!r}; it must be whole microseconds since the epoch"
    return None


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
