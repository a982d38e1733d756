"""What every chart is: a finding in words, a drawing of it, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lrs.cohort.answer import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One finding."""

    id: str
    """Of the place where it is drawn: letters, digits and hyphens, unique on a page."""
    title: str
    """The finding in one sentence, e.g. `18 of 20 recruits lack evidence of de-escalation.`"""
    subtitle: str
    """Units, n, and what an interval or band is."""
    summary: str
    """For who cannot see it: what is drawn, and what can be read off it; a few sentences."""
    table: Table
    """The numbers that are drawn, titles as people read them."""
    spec: Mapping[str, Any] | None
    """Vega-Lite, with its data, without title; None when there is nothing to draw."""
    empty: str = ""
    """Why nothing is drawn, or why the answer says too little: one sentence; empty when all is drawn."""
