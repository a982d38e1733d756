"""How pages write things: instants, numbers, verdicts, tiers, people. Filters of the templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from lrs.cohort.roster import short_name
from lrs.competency.phrases import WHERE

VERDICTS: Mapping[str, tuple[str, str]] = {
    "at_standard": ("✓", "at standard"),
    "below_standard": ("▼", "below standard"),
    "undetermined": ("?", "undetermined"),
    "insufficient": ("○", "insufficient"),
    "stale": ("◷", "stale"),
    "not_scored": ("–", "not scored"),
}
"""Each verdict's symbol and words: never colour alone."""
TIERS: Mapping[str, str] = {
    "field": "field",
    "role_play": "role-play or VR, rated",
    "vr_automatic": "VR, scored automatically",
    "quiz": "quiz",
    "self_report": "self-report",
    "survey": "survey",
    "context": "context",
}


def init_app(app: Flask) -> None:
    """Give the templates of `app` these filters."""
    app.add_template_filter(day, "day")
    app.add_template_filter(minute, "minute")
    app.add_template_filter(number, "number")
    app.add_template_filter(short_name, "short")
    app.add_template_filter(symbol, "symbol")
    app.add_template_filter(verdict, "verdict")
    app.add_template_filter(tier, "tier")
    app.add_template_filter(spaced, "spaced")
    app.add_template_filter(named, "named")


def day(instant: str | None) -> str:
    """The date of an instant as `format_us` writes it, in UTC."""
    return "–" if not instant else instant[:10]


def minute(instant: str | None) -> str:
    """Date and minute of an instant, in UTC."""
    return "–" if not instant else f"{instant[:10]} {instant[11:16]} UTC"


def number(value: float | None, places: int = 2) -> str:
    """A number with so many decimals; a dash for none."""
    return "–" if value is None else f"{value:.{places}f}"


def symbol(name: str) -> str:
    """The symbol of a verdict."""
    return VERDICTS[name][0]


def verdict(name: str) -> str:
    """A verdict in words."""
    return VERDICTS[name][1]


def tier(name: str) -> str:
    """A tier in words."""
    return TIERS.get(name) or WHERE.get(name, name)


def spaced(name: str) -> str:
    """A name of the code for people: `not_responding` as `not responding`."""
    return name.replace("_", " ").replace("-", " ")


def named(who: Mapping[str, Any]) -> str:
    """A person as an answer names them: name, or else the name of their account."""
    return str(who.get("name") or short_name(str(who["officer"])))
