"""Data quality for who may not see everybody: lines by vendor and origin, without what may be somebody's.

Activities may be named after people, reasons quote what was sent, and a line of one statement is somebody's statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lrs.cohort.quality import COUNTS

LEAST = 5
"""Lines of fewer statements are left out."""
NOTE = (
    "You do not see everybody by name: activities are shown by their origin, reasons by their rule, and lines of fewer "
    f"than {LEAST} statements are left out."
)


def coarse(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of `Reports.quality`, JSON-ready, with its lines put together and bared of details."""
    together: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for line in answer["lines"]:
        place = (line["authority"], line["platform"], _origin(line["activity"]))
        together.setdefault(place, []).append(line)
    lines = [_line(place, lines) for place, lines in together.items()]
    shown = [line for line in lines if line["statements"] >= LEAST]
    return {
        **answer,
        "notes": [*answer["notes"], NOTE],
        "lines": sorted(shown, key=lambda line: -line["statements"]),
    }


def _line(place: tuple[str, str, str], lines: list[Mapping[str, Any]]) -> dict[str, Any]:
    counts = {name: sum(line[name] for line in lines) for name in COUNTS}
    evidence = counts["evidence"]
    reasons = _added(one for line in lines for one in line["why_not"]["reasons"])
    return {
        **dict(zip(("authority", "platform", "activity"), place, strict=True)),
        **counts,
        "not_observed_share": round(counts["not_observed"] / evidence, 6) if evidence else None,
        "why_not": {"sampled": sum(line["why_not"]["sampled"] for line in lines), "reasons": reasons},
        "why_unusable": [{"reason": "ratings that cannot be used", "times": counts["unusable"]}]
        if counts["unusable"]
        else [],
    }


def _added(reasons: Any) -> list[dict[str, Any]]:
    times: Counter[str] = Counter()
    for one in reasons:
        times[_rule(one["reason"])] += one["times"]
    return [{"reason": reason, "times": number} for reason, number in times.most_common()]


def _rule(reason: str) -> str:
    """Which rule came nearest, without what it missed: that quotes the statement."""
    if reason.startswith("no rule is for the verb"):
        return "no rule is for the verb"
    return reason.partition(": ")[0]


def _origin(activity: str) -> str:
    """Scheme and host of an IRI; of another its scheme."""
    parts = urlsplit(activity)
    return (
        f"{parts.scheme}://{parts.netloc}/…" if parts.netloc else f"{parts.scheme}:…" if parts.scheme else ""
    )
