"""Verdicts, tiers, instants and encounters as they stand on paper: readable in grey, without a code of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lrs.charts.theme import VERDICTS
from lrs.charts.words import TIERS, named
from lrs.cohort.roster import short_name
from lrs.competency.estimate import Verdict, number

MEANINGS: Mapping[str, str] = {
    Verdict.AT_STANDARD: "what is recorded is at or above the cut of this agency's rubric",
    Verdict.BELOW_STANDARD: "what is recorded is below the cut of this agency's rubric",
    Verdict.UNDETERMINED: "there is enough to look at, and it does not say clearly which",
    Verdict.INSUFFICIENT: "too little is recorded, or by too few raters, to say which",
    Verdict.STALE: "the newest that is recorded is too old to say which",
    Verdict.NOT_SCORED: "it is recorded that it was done; nothing is said of how well",
}
"""What each verdict says of the record."""

LEVELS: Mapping[str, str] = {
    "field": "does",
    "role_play": "shows",
    "vr_automatic": "shows",
    "quiz": "knows",
}
"""What a tier is evidence of; the others are shown beside it."""

GATES: Mapping[str, str] = {
    "mass": "evidence mass",
    "raters": "raters",
    "newest": "newest evidence",
}

FLAGS: Mapping[str, str] = {
    "not_responding": "NRT",
    "not_observed": "N.O.",
}
"""As raters write them: not responding to training, not observed."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = len("2026-11-28")


def verdict(value: str) -> str:
    """Symbol and word, e.g. `✓ at standard`."""
    mark = VERDICTS[value]
    return f"{mark.symbol} {mark.label}"


def instant(value: str | None) -> str:
    """An instant as `format_us` writes it, to the minute: `2026-11-28 16:51 UTC`; nothing for none."""
    if not value:
        return ""
    return f"{value[:_DAY]} {value[_DAY + 1 : _DAY + 6]} UTC" if len(value) > _DAY else value


def called(who: Mapping[str, Any]) -> str:
    """An officer by name and account, e.g. `Recruit 009 (R-009)`."""
    name, account = named(who), short_name(who["officer"])
    return name if name == account else f"{name} ({account})"


def encounter(key: str) -> str:
    """An encounter, short: the end of its activity's address, or the beginning of its UUID. In full in the CSV."""
    place = key.rpartition("|")[2]
    if _UUID.fullmatch(place):
        return place[:8]
    if "://" not in place:
        return place
    try:
        path = urlsplit(place).path
    except ValueError:
        return place
    return "/".join(path.strip("/").split("/")[-2:]) or place


def policy(one: Mapping[str, Any]) -> str:
    """A policy in words, from `Policy.as_dict()`."""
    weights = [f"{TIERS[tier]} {number(weight)}" for tier, weight in one["tiers"].items() if weight]
    return (
        f"half-life {number(one['half_life_days'])} days; evidence mass {number(one['min_mass'])} or more; "
        f"raters, {one['min_raters']} or more; newest evidence less than {number(one['stale_after_days'])} days old; "
        f"a verdict where the probability of the cut or more is {number(one['decide_at'])} or more, or "
        f"{number(1 - one['decide_at'])} or less; weights: {'; '.join(weights)}; of all others 0"
    )
