"""Evidence as columns: many pieces at once, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceColumns:
    """Evidence that counts at one instant, a sequence per member of `Evidence`; all of one length.

    Pieces on one subject stand together; in which order is open.
    """

    subject: Sequence[str]
    competency: Sequence[str]
    indicator: Sequence[str | None]
    rating: Sequence[float | None]
    scale: Sequence[str]
    tier: Sequence[str]
    """Values of `Tier`."""
    rater: Sequence[str]
    encounter: Sequence[str]
    observed_us: Sequence[int]
    flags: Sequence[str]
    """Values of `Flag`, joined by commas."""
    stored_us: Sequence[int]
