"""The training officer's questions: roster and evidence in few reads, then a pure function for each question.

Officers who are on no roster are in an answer as long as nothing of the roster was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lrs.cohort.answer import ABOUT, Answer
from lrs.cohort.assessed import Assessed, weighed
from lrs.cohort.flat import ENCOUNTERS, NRT_TIMES, flat
from lrs.cohort.gaps import gaps
from lrs.cohort.refused import refused
from lrs.cohort.roster import Member, matching, who
from lrs.cohort.smoothing import BANDWIDTH_DAYS
from lrs.cohort.stale import WITHIN_DAYS, stale
from lrs.cohort.trend import MIN_ENCOUNTERS, trend
from lrs.cohort.unit_survey import MIN_REPLIES, PERIOD_DAYS, unit_survey
from lrs.cohort.vr_field import MIN_ENCOUNTERS as MIN_VR_ENCOUNTERS
from lrs.cohort.vr_field import vr_field
from lrs.competency.assessment import Assessment, assess, recorded_by, weigh
from lrs.competency.evidence import RecordedEvidence, SubjectType
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, InvalidParameter, NotFound
from lrs.plugin.manager import PluginHost
from lrs.services.data_quality import Period, look_through
from lrs.services.on_record import OnRecords
from lrs.services.profiles import Profiles
from lrs.services.refusals import Refusals
from lrs.services.remembering import Memory
from lrs.stores.base import EvidenceQuery, Store
from lrs.xapi.timestamps import format_us, parse_us

if TYPE_CHECKING:
    from lrs.cohort.raters import RaterReport

_PAGE = 1000
_EVERYBODY = 1_000_000
_DAY_US = 86_400_000_000
QUALITY_DAYS = 30
MOST_STATEMENTS = 10_000
MOST_LINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Which officers a question is about; nothing: everybody with evidence or on the roster."""

    unit: str | None = None
    phase: str | None = None
    trainer: str | None = None
    """Agent key, or the name of an account."""
    only: frozenset[str] | None = None
    """Agent keys beyond which nobody is looked at, whatever else is asked for: how far one who asks may see."""

    @property
    def by_roster(self) -> bool:
        """Something of the roster is asked for: officers who are not on it are left out."""
        return not (self.unit is None and self.phase is None and self.trainer is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An answer as it leaves."""

    name: str
    as_of_us: int
    answer: Answer
    read: tuple[str, ...]
    """Agent keys of those whose record was read for it: each belongs into the log of reads."""
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "report": self.name,
            "as_of": format_us(self.as_of_us),
            "about": ABOUT,
            "notes": list(self.answer.notes),
            "warnings": list(self.warnings),
            **self.answer.as_dict(),
        }


class Reports:
    """Answers questions about many officers. Everything is computed on read."""

    def __init__(
        self,
        store: Store,
        plugins: PluginHost,
        profiles: Profiles,
        refusals: Refusals,
        *,
        policy: Policy,
        on_record: OnRecords,
        memory: Memory,
    ) -> None:
        self._store = store
        self._plugins = plugins
        self._profiles = profiles
        self._on_record = on_record
        self._memory = memory
        self._refusals = refusals
        self._policy = policy

    def gaps(
        self,
        as_of_us: int,
        whom: Whom,
        *,
        competency: str | None = None,
        indicator: str | None = None,
        lacking: bool = False,
    ) -> Report:
        """Question 1: which evidence is missing, by officer and indicator. See `lrs.cohort.gaps`."""
        rubrics = self._rubrics(as_of_us, competency)
        if indicator is not None:
            rubrics = _with_indicator(rubrics, indicator)
        cohort = self._cohort(as_of_us, whom, rubrics)
        answer = gaps(cohort.assessed, cohort.members, rubrics, indicator=indicator, lacking=lacking)
        return self._report("gaps", as_of_us, answer, cohort.officers)

    def trend(
        self,
        as_of_us: int,
        officer: str,
        competency: str,
        *,
        indicator: str | None = None,
        date_us: int | None = None,
        bandwidth_days: float = BANDWIDTH_DAYS,
        min_encounters: int = MIN_ENCOUNTERS,
        window_days: float | None = None,
    ) -> Report:
        """Question 2: one officer (agent key) around a date. See `lrs.cohort.trend`."""
        rubrics = self._rubrics(as_of_us, competency)
        if indicator is not None:
            _with_indicator(rubrics, indicator)
        rubric = rubrics[competency]
        found = self._on_record.of(officer, SubjectType.OFFICER, as_of_us).on(rubric)
        answer = trend(
            weigh(found, self._policy, as_of_us, models=self._plugins.models),
            who(officer, self._members()),
            date_us=date_us,
            indicator=indicator,
            bandwidth_days=bandwidth_days,
            min_encounters=min_encounters,
            window_days=window_days,
        )
        return self._report("trend", as_of_us, answer, [officer])

    def vr_field(
        self,
        as_of_us: int,
        whom: Whom,
        *,
        competency: str | None = None,
        min_encounters: int = MIN_VR_ENCOUNTERS,
    ) -> Report:
        """Question 3: VR beside the ride-along. See `lrs.cohort.vr_field`."""
        rubrics = self._rubrics(as_of_us, competency, scored=True)
        cohort = self._cohort(as_of_us, whom, rubrics)
        answer = vr_field(cohort.assessed, cohort.members, rubrics, min_encounters=min_encounters)
        return self._report("vr-field", as_of_us, answer, cohort.officers)

    def unit_survey(
        self,
        as_of_us: int,
        unit: str,
        competency: str,
        *,
        controls: Sequence[str] | None = None,
        date_us: int | None = None,
        period_days: int = PERIOD_DAYS,
        min_replies: int = MIN_REPLIES,
    ) -> Report:
        """Question 4: a unit's survey beside control units (agent keys). See `lrs.cohort.unit_survey`."""
        rubric = self._rubrics(as_of_us, competency, of=None)[competency]
        units = self.units(as_of_us) if controls is None else controls
        found = self._store.evidence(
            EvidenceQuery(subjects=sorted({unit, *units}), competencies=[competency], as_of_us=as_of_us)
        )
        rows = [row for row in found if row.evidence.subject_type is SubjectType.UNIT]
        by_unit = {key: list(group) for key, group in groupby(rows, key=lambda row: row.evidence.subject)}
        answer = unit_survey(
            {key: self._assess(by_unit.get(key, ()), rubric, as_of_us) for key in sorted({unit, *units})},
            unit,
            as_of_us=as_of_us,
            controls=controls,
            date_us=date_us,
            period_days=period_days,
            min_replies=min_replies,
        )
        return self._report("unit-survey", as_of_us, answer, ())

    def raters(self, as_of_us: int, whom: Whom, competency: str) -> Report:
        """Question 6: severity and agreement of raters. See `lrs.cohort.raters`."""
        from lrs.cohort.raters import rater_report

        rubrics = self._rubrics(as_of_us, competency, scored=True)
        officers, _ = self._whom(as_of_us, whom)
        rubric = rubrics[competency]

        def compared() -> RaterReport:
            sorted_out = self._on_record.of_cohort(officers, rubrics, as_of_us)
            return rater_report((record for _, [one] in sorted_out for record in one.records), rubric)

        # How long ago something was observed changes nothing here: while nothing happens, the answer is the same.
        answer = self._memory.of(
            as_of_us, ("raters", tuple(officers), competency, rubric.digest), compared, _rater_bytes
        )
        named = (row.rater for row in answer.raters)
        return self._report("raters", as_of_us, answer, sorted({*officers, *named}))

    def flat(
        self,
        as_of_us: int,
        whom: Whom,
        *,
        competency: str | None = None,
        encounters: int = ENCOUNTERS,
        nrt_times: int = NRT_TIMES,
    ) -> Report:
        """Question 7: who is flat below the cut, or was flagged NRT again. See `lrs.cohort.flat`."""
        rubrics = self._rubrics(as_of_us, competency, scored=True)
        cohort = self._cohort(as_of_us, whom, rubrics)
        answer = flat(cohort.assessed, cohort.members, encounters=encounters, nrt_times=nrt_times)
        return self._report("flat", as_of_us, answer, cohort.officers)

    def stale(
        self,
        as_of_us: int,
        whom: Whom,
        *,
        competency: str | None = None,
        within_days: float = WITHIN_DAYS,
    ) -> Report:
        """Question 8: whose evidence goes stale. See `lrs.cohort.stale`."""
        rubrics = self._rubrics(as_of_us, competency, scored=True)
        cohort = self._cohort(as_of_us, whom, rubrics)
        answer = stale(cohort.assessed, cohort.members, within_days=within_days)
        return self._report("stale", as_of_us, answer, cohort.officers)

    def quality(
        self,
        as_of_us: int,
        *,
        since_us: int | None = None,
        most: int = MOST_STATEMENTS,
        lines: int = MOST_LINES,
    ) -> Report:
        """Question 10: what was sent that cannot be used. See `lrs.cohort.quality`.

        It looks at statements stored later than `since_us` (default `QUALITY_DAYS` before `as_of_us`), at most `most`.
        What was refused is of every day of that period, however many statements are looked at.
        """
        since = as_of_us - QUALITY_DAYS * _DAY_US if since_us is None else since_us
        period = Period(since_us=since, until_us=as_of_us, most=most)
        rubrics = self._profiles.in_force(as_of_us).rubrics
        days = format_us(since)[:10], format_us(as_of_us)[:10]
        beside = refused(self._refusals.between(*days), *days)
        answer = look_through(
            self._store,
            self._plugins,
            rubrics,
            self._policy,
            period,
            refused=beside,
            lines=lines,
            memory=self._memory,
        )
        return self._report("quality", as_of_us, answer, ())

    def whom(self, as_of_us: int, whom: Whom) -> tuple[Sequence[str], Mapping[str, Member]]:
        """The officers that are meant, in order of agent key, and the roster by agent key."""
        return self._whom(as_of_us, whom)

    def units(self, as_of_us: int) -> Sequence[str]:
        """Agent keys of those with evidence who are no officers."""
        return sorted(set(self._store.subjects(limit=_EVERYBODY)) - set(self._officers(as_of_us)))

    def warnings(self, as_of_us: int) -> list[str]:
        """What every answer about a cohort has to say beside."""
        return list(self._warnings(as_of_us))

    def cohort(self, as_of_us: int, whom: Whom, competency: str) -> Iterator[Assessed]:
        """Each officer with the assessment of one scored competency: what the audit of impact starts from."""
        return self._cohort(as_of_us, whom, self._rubrics(as_of_us, competency, scored=True)).assessed

    def resolve(self, agent: str) -> str:
        """The agent key of an officer or unit, see `Profiles.resolve`."""
        return self._profiles.resolve(agent)

    def as_of(self, text: str | None) -> int:
        """The instant that a question is about, see `Profiles.as_of`."""
        return self._profiles.as_of(text)

    def _cohort(self, as_of_us: int, whom: Whom, rubrics: Mapping[str, Rubric]) -> _Cohort:
        officers, members = self._whom(as_of_us, whom)
        sorted_out = self._on_record.of_cohort(officers, rubrics, as_of_us)
        assessed = weighed(sorted_out, self._policy, as_of_us, models=self._plugins.models)
        return _Cohort(officers, members, assessed)

    def _whom(self, as_of_us: int, whom: Whom) -> tuple[Sequence[str], Mapping[str, Member]]:
        """The officers, in order, and the roster by agent key."""
        members = self._members()
        if whom.by_roster:
            chosen = matching(members.values(), unit=whom.unit, phase=whom.phase, trainer=whom.trainer)
            officers = [member.officer for member in chosen]
        else:
            officers = sorted({*self._officers(as_of_us), *members} if whom.only is None else whom.only)
        return [one for one in officers if whom.only is None or one in whom.only], members

    def _members(self) -> dict[str, Member]:
        return {member.officer: member for member in self._store.members()}

    def _officers(self, as_of_us: int) -> Iterator[str]:
        after = ""
        while page := self._store.officers(as_of_us, after=after, limit=_PAGE):
            yield from page
            after = page[-1]

    def _assess(self, evidence: Iterable[RecordedEvidence], rubric: Rubric, as_of_us: int) -> Assessment:
        standing = recorded_by(evidence, as_of_us)
        return assess(standing, rubric, self._policy, as_of_us, models=self._plugins.models)

    def _rubrics(
        self,
        as_of_us: int,
        competency: str | None,
        *,
        scored: bool = False,
        of: SubjectType | None = SubjectType.OFFICER,
    ) -> dict[str, Rubric]:
        """Those in force that a question can be asked of; the one of `competency`, if it is named.

        Raises `NotFound` for one that nobody defines, `InvalidParameter` for one that the question is not for.
        """
        known = self._profiles.in_force(as_of_us).rubrics
        if competency is not None and competency not in known:
            raise NotFound(
                f"No plugin defines the competency {competency}.",
                [Detail("competency", competency, ", ".join(known))],
            )
        fit = {
            name: rubric
            for name, rubric in known.items()
            if of in (None, rubric.subject) and (rubric.scored or not scored)
        }
        if competency is None:
            return fit
        if competency not in fit:
            raise InvalidParameter(
                f"The question cannot be asked of {competency}.",
                [Detail("competency", competency, f"one of {', '.join(fit)}")],
            )
        return {competency: fit[competency]}

    def _report(self, name: str, as_of_us: int, answer: Answer, read: Sequence[str]) -> Report:
        return Report(
            name=name,
            as_of_us=as_of_us,
            answer=answer,
            read=tuple(read),
            warnings=tuple(self._warnings(as_of_us)),
        )

    def _warnings(self, as_of_us: int) -> Iterator[str]:
        """A failure of a plugin is said, never a silent gap."""
        failures = self._store.quarantined(as_of_us=as_of_us, limit=_PAGE)
        if failures:
            names = ", ".join(sorted({failure.plugin for failure in failures}))
            number = f"{len(failures)} times" if len(failures) < _PAGE else f"{_PAGE} times or more"
            yield f"Plugins failed on statements {number} ({names}): evidence may be missing here."


@dataclass(frozen=True, slots=True)
class _Cohort:
    officers: Sequence[str]
    members: Mapping[str, Member]
    assessed: Iterator[Assessed]


def _rater_bytes(found: RaterReport) -> int:
    return 2_000 * (1 + len(found.raters)) + 200 * sum(len(one.raters) for one in found.networks)


def instant(name: str, text: str | None) -> int | None:
    """A parameter that is a date (its first instant, UTC) or timestamp, in microseconds; None as it is.

    Raises `InvalidParameter`.
    """
    if text is None:
        return None
    try:
        return parse_us(f"{text}T00:00:00Z" if len(text) == len("2026-11-23") else text)
    except ValueError as exc:
        raise InvalidParameter(
            f"{name} is {text!r}; expected a date or timestamp (ISO 8601).",
            [Detail(name, text, "a date or timestamp (ISO 8601)")],
        ) from exc


def _with_indicator(rubrics: Mapping[str, Rubric], indicator: str) -> dict[str, Rubric]:
    """Those that have it. Raises `NotFound` when none has."""
    found = {name: rubric for name, rubric in rubrics.items() if indicator in rubric.indicator_ids}
    if not found:
        known = sorted(one for rubric in rubrics.values() for one in rubric.indicator_ids)
        raise NotFound(
            f"No competency has an indicator {indicator}.", [Detail("indicator", indicator, ", ".join(known))]
        )
    return found
