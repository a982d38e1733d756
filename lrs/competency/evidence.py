"""Evidence: one observation of one subject on one competency, found in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


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
    COMPLETED = "completed"  # it was done; nothing is said of how well


class SubjectType(StrEnum):
    """Whom the evidence is about. Surveys speak of a unit and never of one officer."""

    OFFICER = "officer"
    UNIT = "unit"


class Evidence(NamedTuple):
    """What a recogniser answers, its members given by name. Where it came from is added by the host.

    A tuple, and not a dataclass: a profile is made of thousands, and a frozen dataclass takes five times as long to
    make. `_replace` makes a changed copy.
    """

    subject: str
    """Agent key of the officer or unit, see `lrs.xapi.actors.agent_key`."""
    competency: str
    """Id of a competency that some rubric defines, e.g. `communication`."""
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
    rule: str
    """Id of the alignment rule, or a name of the recogniser's own, that found it."""
    subject_type: SubjectType = SubjectType.OFFICER
    indicator: str | None = None
    """Id of one indicator of that rubric; None for the competency as a whole."""
    flags: tuple[Flag, ...] = ()


class RecordedEvidence(NamedTuple):
    """Evidence with its provenance, as a store keeps it."""

    evidence: Evidence
    statement_id: str
    statement_sha256: str
    """Lower-case hex SHA-256 of the statement's exact bytes."""
    stored_us: int
    """`stored` of that statement."""
    authority: str
    """Agent key of the authority of that statement: who supplied it; empty when it has none."""
    plugin: str
    plugin_version: str
    voided_us: int | None = None
    """`stored` of the statement that voided it: out of every profile from that instant on."""
    mended_us: int | None = None
    """When it was found, if that was later than `stored_us`: the plugin had failed on it, and was put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What finds evidence: a plugin in one version, configured in one way. Each has generations of its own."""

    plugin: str
    """Name of the plugin."""
    version: str
    digest: str
    """Lower-case hex SHA-256 of all that its evidence hangs on: version, configuration, rubrics, rules."""
    rubrics: str
    """Its rubrics as a JSON array, each as `Rubric.as_dict` writes it: what the evidence is held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the plugin host saw in one new statement: evidence, or why a plugin failed on it."""

    source: Source
    evidence: tuple[Evidence, ...] = ()
    failure: str | None = None
    """The reason a plugin failed: the statement is stored all the same and the failure is quarantined."""
