"""Evidence: one observation of one subject on one competency, found in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """What kind of showing the evidence is. The weight of each is an agency's policy, not science."""

    FIELD = "field"  # observed on the street
    ROLE_PLAY = "role_play"  # role-play or VR, rated by an instructor
    VR_AUTOMATIC = "vr_automatic"  # VR, scored by the simulation
    QUIZ = "quiz"  # a knowledge check
    SELF_REPORT = "self_report"  # shown, never scored
    SURVEY = "survey"  # community survey; unit level only; shown, never scored
    CONTEXT = "context"  # complaints, incident counts; shown, never scored


class Flag(StrEnum):
    """What a rater said beside, or instead of, a number."""

    NOT_OBSERVED = "not_observed"  # N.O.: missing, never 0
    NOT_RESPONDING = "not_responding"  # NRT: not responding to training, beside a number


class SubjectType(StrEnum):
    """Whom the evidence is about. Surveys speak of a unit and never of one officer."""

    OFFICER = "officer"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a recogniser answers. Where it came from is added by the host (`RecordedEvidence`)."""

    subject: str
    """Agent key of the officer or unit, see `lrs.xapi.actors.agent_key`."""
    subject_type: SubjectType = SubjectType.OFFICER
    competency: str
    """Id of a competency that some rubric defines, e.g. `communication`."""
    indicator: str | None = None
    """Id of one indicator of that rubric; None for the competency as a whole."""
    rating: float | None
    """The number as it was given, on `scale`; None where there is none (N.O., a flag alone)."""
    scale: str
    """Name of the anchor table in the rubric that turns `rating` into s in [0, 1], e.g. `fto-7`."""
    tier: Tier
    rater: str
    """Agent key of the person, or `system:…` for an automatic scorer."""
    encounter: str
    """What it was seen in: a shift, an attempt, a scenario run. One encounter, one vote."""
    observed_us: int
    """When it was observed: microseconds since the epoch (the statement's `timestamp`)."""
    flags: tuple[Flag, ...] = ()
    rule: str
    """Id of the alignment rule, or a name of the recogniser's own, that found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvidence:
    """Evidence with its provenance, as a store keeps it."""

    evidence: Evidence
    statement_id: str
    statement_sha256: str
    """Lower-case hex SHA-256 of the statement's exact bytes."""
    stored_us: int
    """`stored` of that statement."""
    authority: str
    """Agent key of the authority of that statement: who supplied it; empty when it has none."""
    voided_us: int | None = None
    """`stored` of the statement that voided it: out of every profile from that instant on."""
    plugin: str
    plugin_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the plugin host saw in one new statement: evidence, or why a plugin failed on it."""

    plugin: str
    plugin_version: str
    evidence: tuple[Evidence, ...] = ()
    failure: str | None = None
    """The reason a plugin failed: the statement is stored all the same and the failure is quarantined."""
