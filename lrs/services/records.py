"""People's records as somebody may see them: permitted, written into the audit log, with pseudonyms where need be.

What is asked through the API and what is shown on a page goes through here, and nowhere else around it. Answers are
JSON-ready; what an officer said to an item stands in each of them beside the item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from lrs.cohort.answer import ABOUT
from lrs.cohort.roster import matching, who
from lrs.competency.policy import Policy
from lrs.competency.profile import ABOUT as ABOUT_PROFILES
from lrs.competency.profile import model
from lrs.errors import Detail, InvalidParameter
from lrs.services.access.permissions import Action, Reach
from lrs.services.access.sight import Sight
from lrs.services.audit import Audit
from lrs.services.coarse_quality import coarse
from lrs.services.contests import Contests
from lrs.services.meant import Meant
from lrs.services.profiles import Listing, Profiles, recorded_as_dict
from lrs.services.reports import Report, Reports, Whom
from lrs.services.roster import Roster, RosterImport
from lrs.services.said import at_items, behind
from lrs.stores.base import Store
from lrs.xapi.timestamps import format_us

_Answer = TypeVar("_Answer")


class Records:
    """Answers about people, to one who asks."""

    def __init__(
        self,
        store: Store,
        *,
        profiles: Profiles,
        reports: Reports,
        roster: Roster,
        contests: Contests,
        audit: Audit,
        policy: Policy,
    ) -> None:
        self._store = store
        self._profiles = profiles
        self._reports = reports
        self._roster = roster
        self._contests = contests
        self._audit = audit
        self._meant = Meant(store, profiles)
        self._policy = policy

    def as_of(self, text: str | None) -> int:
        """The instant that a question is about, see `Profiles.as_of`."""
        return self._profiles.as_of(text)

    def officer(self, sight: Sight, agent: str, action: Action = Action.READ_RECORD) -> str:
        """The agent key of somebody whom the action reaches, see `lrs.services.meant`."""
        return self._meant.officer(sight, agent, action)

    def on_record(self, key: str) -> bool:
        """Whether there is anything of an agent key: evidence, or a place on the roster."""
        on_roster = any(one.officer == key for one in self._store.members())
        return on_roster or key in self._store.subjects(prefix=key, limit=1)

    def profile(self, sight: Sight, agent: str, as_of_us: int) -> dict[str, Any]:
        """One person's profile, with `contests` and `rejoinders`. Raises as `officer`."""
        subject = self.officer(sight, agent)
        profile = self._profiles.profile(subject, as_of_us).as_dict()
        self._audit.read(sight, "profile", [subject], as_of=format_us(as_of_us))
        return self._shown(sight, {**profile, **self._contests.beside(subject, as_of_us)})

    def explanations(
        self, sight: Sight, agent: str, as_of_us: int, competency: str | None = None
    ) -> list[dict[str, Any]]:
        """Why the profile says what it says, each with what was said to its items. Raises as `officer`."""
        subject = self.officer(sight, agent)
        found = self._profiles.explanations(subject, as_of_us, competency)
        self._audit.read(sight, "explanation", [subject], as_of=format_us(as_of_us), competency=competency)
        said = self._contests.beside(subject, as_of_us)
        return [
            self._shown(sight, {**one, **_on_its_items(one, said)})
            for one in (each.as_dict() for each in found)
        ]

    def evidence(
        self, sight: Sight, agent: str, as_of_us: int, competency: str | None = None
    ) -> list[dict[str, Any]]:
        """The evidence on one person, oldest first, with what was said to each item. Raises as `officer`."""
        subject = self.officer(sight, agent)
        found = self._profiles.evidence(as_of_us, subject=subject, competency=competency)
        self._audit.read(sight, "evidence", [subject], as_of=format_us(as_of_us), competency=competency)
        said = at_items(self._contests.beside(subject, as_of_us))
        return [self._shown(sight, _with_said(recorded_as_dict(one), said)) for one in found]

    def evidence_in(self, sight: Sight, statement_id: str) -> list[dict[str, Any]]:
        """All evidence in one statement, on those whom one may see. Raises `Forbidden`."""
        reached = sight.officers(Action.READ_RECORD)
        found = [
            one
            for one in self._profiles.evidence_in(statement_id)
            if reached is None or one.evidence.subject in reached
        ]
        subjects = sorted({one.evidence.subject for one in found})
        self._audit.read(sight, "evidence", subjects, statement=statement_id)
        now_us = self._profiles.as_of(None)
        said = {one: at_items(self._contests.beside(one, now_us)) for one in subjects}
        return [
            self._shown(sight, _with_said(recorded_as_dict(one), said[one.evidence.subject])) for one in found
        ]

    def voided_items(self, sight: Sight, agent: str, as_of_us: int) -> list[dict[str, Any]]:
        """Evidence on one person that was contested, or spoken to, and voided by then, with what was said to it.

        Profiles rest on it no more; that it was there, and why it went, is shown all the same. Raises as `officer`.
        """
        subject = self.officer(sight, agent)
        beside = self._contests.beside(subject, as_of_us)
        said = at_items(beside)
        spoken_to = dict.fromkeys(
            one["statement_id"] for kind in ("contests", "rejoinders") for one in beside[kind]
        )
        gone = [
            one
            for statement_id in spoken_to
            for one in self._profiles.evidence_in(statement_id)
            if one.evidence.subject == subject and one.voided_us is not None and one.voided_us <= as_of_us
        ]
        if gone:
            self._audit.read(sight, "voided evidence", [subject], as_of=format_us(as_of_us))
        return [self._shown(sight, _with_said(recorded_as_dict(one), said)) for one in gone]

    def who(self, sight: Sight, agent: str) -> dict[str, Any]:
        """How answers name a person, see `lrs.cohort.roster.who`. Raises as `officer`."""
        subject = self.officer(sight, agent)
        members = {one.officer: one for one in self._store.members() if one.officer == subject}
        return self._shown(sight, who(subject, members))

    def listing(
        self, sight: Sight, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = ""
    ) -> dict[str, Any]:
        """A page of officers and their verdicts in short, in order of agent key; of pseudonym, who sees those.

        `after` is `next` of the page before; `prefix` is of agent keys, and not for who sees pseudonyms.
        Raises `Forbidden`, `InvalidParameter`.
        """
        reached = sight.officers(Action.READ_COHORT)
        if sight.reach_of(Action.READ_COHORT) is Reach.PSEUDONYMS:
            page = self._under_pseudonyms(sight, as_of_us, after, limit, prefix)
        elif reached is None:
            page = self._profiles.in_short(as_of_us, after=after, limit=limit, prefix=prefix)
        else:
            mine = sorted(one for one in reached if one > after and one.startswith(prefix))
            following = mine[limit - 1] if mine[limit:] else None
            page = self._profiles.in_short_of(mine[:limit], as_of_us, following=following)
        self._audit.read(sight, "profiles", page.standings, as_of=format_us(as_of_us))
        answer = {
            "as_of": format_us(as_of_us),
            "about": ABOUT_PROFILES,
            "profiles": [
                {
                    "subject": officer,
                    "competencies": [one.as_dict() for one in own],
                    "warnings": list(page.failures[officer]),
                }
                for officer, own in page.standings.items()
            ],
            "next": page.next,
        }
        return self._shown(sight, answer, Action.READ_COHORT)

    def _under_pseudonyms(self, sight: Sight, as_of_us: int, after: str, limit: int, prefix: str) -> Listing:
        """A page in the order of pseudonyms: that of agent keys would tell who is who."""
        if prefix:
            raise InvalidParameter(
                "People are shown under pseudonyms here, whatever their keys begin with.",
                [Detail("prefix", prefix[:100], "nothing")],
            )
        of = sight.pseudonyms().of
        officers = sorted((one for one in self._reports.whom(as_of_us, Whom())[0] if of(one) > after), key=of)
        following = officers[limit - 1] if officers[limit:] else None
        return self._profiles.in_short_of(officers[:limit], as_of_us, following=following)

    def cohort(self, sight: Sight, as_of_us: int, whom: Whom) -> dict[str, Any]:
        """Officers beside each other: what the roster says, and where they stand on each scored competency.

        Raises `Forbidden`.
        """
        officers, members = self._reports.whom(as_of_us, self._within(sight, Action.READ_COHORT, whom))
        standings = self._profiles.standings(officers, as_of_us)
        now = self._profiles.in_force(as_of_us)
        self._audit.read(sight, "cohort", officers, as_of=format_us(as_of_us), **_asked(whom))
        answer = {
            "as_of": format_us(as_of_us),
            "about": ABOUT,
            "filters": {"unit": whom.unit, "phase": whom.phase, "trainer": whom.trainer},
            "officers": [
                {**who(one, members), "competencies": [standing.as_dict() for standing in standings[one]]}
                for one in officers
            ],
            "warnings": self._reports.warnings(as_of_us),
            "versions": {
                "model": model(self._policy),
                "rubrics": {
                    name: {"name": one.name, "version": one.version, "digest": one.digest}
                    for name, one in now.rubrics.items()
                },
                "plugins": dict(sorted(now.plugins.items())),
            },
        }
        return self._shown(sight, answer, Action.READ_COHORT)

    def trend(self, sight: Sight, agent: str, as_of_us: int, competency: str, **asked: Any) -> dict[str, Any]:
        """Question 2, of one person. `asked`: see `Reports.trend`. Raises as `officer`."""
        officer = self.officer(sight, agent)
        return self._told(
            sight, Action.READ_RECORD, self._reports.trend(as_of_us, officer, competency, **asked)
        )

    def gaps(self, sight: Sight, as_of_us: int, whom: Whom, **asked: Any) -> dict[str, Any]:
        """Question 1, see `Reports.gaps`. Raises `Forbidden`."""
        within = self._within(sight, Action.READ_COHORT, whom)
        return self._told(sight, Action.READ_COHORT, self._reports.gaps(as_of_us, within, **asked), whom)

    def vr_field(self, sight: Sight, as_of_us: int, whom: Whom, **asked: Any) -> dict[str, Any]:
        """Question 3, see `Reports.vr_field`. Raises `Forbidden`."""
        within = self._within(sight, Action.READ_COHORT, whom)
        return self._told(sight, Action.READ_COHORT, self._reports.vr_field(as_of_us, within, **asked), whom)

    def unit_survey(
        self,
        sight: Sight,
        as_of_us: int,
        unit: str,
        competency: str,
        *,
        controls: Sequence[str] | None = None,
        **asked: Any,
    ) -> dict[str, Any]:
        """Question 4, of a unit, see `Reports.unit_survey`; it is about nobody. Raises `Forbidden`, `NotFound`."""
        sight.require(Action.READ_UNITS)
        keys = None if controls is None else [self._profiles.resolve(one) for one in controls]
        found = self._reports.unit_survey(
            as_of_us, self._profiles.resolve(unit), competency, controls=keys, **asked
        )
        return found.as_dict()

    def units(self, sight: Sight, as_of_us: int) -> Sequence[str]:
        """Agent keys of the units that there is evidence on. Raises `Forbidden`."""
        sight.require(Action.READ_UNITS)
        return self._reports.units(as_of_us)

    def raters(self, sight: Sight, as_of_us: int, whom: Whom, competency: str) -> dict[str, Any]:
        """Question 6, see `Reports.raters`. Raises `Forbidden`."""
        within = self._within(sight, Action.READ_RATERS, whom)
        found = self._reports.raters(as_of_us, within, competency)
        return self._told(sight, Action.READ_RATERS, found, whom)

    def flat(self, sight: Sight, as_of_us: int, whom: Whom, **asked: Any) -> dict[str, Any]:
        """Question 7, see `Reports.flat`. Raises `Forbidden`."""
        within = self._within(sight, Action.READ_COHORT, whom)
        return self._told(sight, Action.READ_COHORT, self._reports.flat(as_of_us, within, **asked), whom)

    def stale(self, sight: Sight, as_of_us: int, whom: Whom, **asked: Any) -> dict[str, Any]:
        """Question 8, see `Reports.stale`. Raises `Forbidden`."""
        within = self._within(sight, Action.READ_COHORT, whom)
        return self._told(sight, Action.READ_COHORT, self._reports.stale(as_of_us, within, **asked), whom)

    def quality(self, sight: Sight, as_of_us: int, **asked: Any) -> dict[str, Any]:
        """Question 10, see `Reports.quality`. Raises `Forbidden`.

        Who does not see everybody by name is answered coarsely: what was sent where, and nothing of anybody.
        """
        sight.require(Action.READ_QUALITY)
        answer = self._reports.quality(as_of_us, **asked).as_dict()
        return answer if sight.knows_everybody() else coarse(answer)

    def roster(
        self,
        sight: Sight,
        *,
        unit: str | None = None,
        phase: str | None = None,
        trainer: str | None = None,
    ) -> list[dict[str, Any]]:
        """Who is on the roster, as far as one may see, in order of agent key. Raises `Forbidden`."""
        reached = sight.officers(Action.READ_ROSTER)
        key = None if trainer is None else self._meant.trainer(sight, Action.READ_ROSTER, trainer)
        found = [
            one
            for one in matching(self._store.members(unit=unit, phase=phase), trainer=key)
            if reached is None or one.officer in reached
        ]
        self._audit.read(sight, "roster", [one.officer for one in found])
        rows = [one.as_dict() for one in found]
        if sight.reach_of(Action.READ_ROSTER) is Reach.PSEUDONYMS:
            # The day somebody started on, with unit and trainer, is as good as a name.
            rows = [{**row, "start": row["start"] and row["start"][:7]} for row in rows]
        return self._shown(sight, rows, Action.READ_ROSTER)

    def import_roster(self, sight: Sight, data: bytes, **how: Any) -> RosterImport:
        """Take in a roster, see `Roster.import_csv`; what it changed is in the audit log. Raises `Forbidden`."""
        sight.require(Action.CHANGE_ROSTER)
        done = self._roster.import_csv(data, **how)
        if done.stored:
            told = done.changes.as_dict()
            counts = {name: told[name] for name in ("added", "changed", "removed")}
            rows = [row["officer"] for row in told["rows"] if row["fate"] in ("added", "changed")]
            changed = {officer for officer in (*rows, *told["removed_officers"]) if officer}
            self._audit.note(sight.actor, "change roster", changed, **counts)
        return done

    def roster_choices(self, sight: Sight, action: Action) -> dict[str, list[str]]:
        """Units, phases and training officers of those whom an action reaches: what can be asked for."""
        reached = sight.officers(action)
        members = [one for one in self._store.members() if reached is None or one.officer in reached]
        found = {
            "units": sorted({one.unit for one in members if one.unit}),
            "phases": sorted({one.phase for one in members if one.phase}),
            "trainers": sorted({one.trainer for one in members if one.trainer}),
        }
        return {**found, "trainers": sorted(self._shown(sight, found["trainers"], action))}

    def trail(self, sight: Sight, agent: str, limit: int = 20) -> list[dict[str, Any]]:
        """The latest entries of the audit log about a person, for paper. Raises as `officer`."""
        subject = self.officer(sight, agent)
        return [self._shown(sight, one) for one in self._audit.trail(subject, limit)]

    def _told(self, sight: Sight, action: Action, report: Report, whom: Whom | None = None) -> dict[str, Any]:
        """A report as it may be seen, with everybody who was looked at for it written down."""
        asked = {} if whom is None else _asked(whom)
        self._audit.read(
            sight, f"report {report.name}", report.read, as_of=format_us(report.as_of_us), **asked
        )
        return self._shown(sight, report.as_dict(), action)

    def _shown(self, sight: Sight, answer: _Answer, action: Action = Action.READ_RECORD) -> _Answer:
        return sight.shown(action, answer)

    def _within(self, sight: Sight, action: Action, whom: Whom) -> Whom:
        """What is asked, no further than one may see."""
        reached = sight.officers(action)
        trainer = None if whom.trainer is None else self._meant.trainer(sight, action, whom.trainer)
        return replace(whom, trainer=trainer, only=reached)


def _asked(whom: Whom) -> dict[str, str | None]:
    return {"unit": whom.unit, "phase": whom.phase, "trainer": whom.trainer}


def _with_said(item: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    nothing: Mapping[str, Any] = {"contests": [], "rejoinders": []}
    return {**item, **said.get(item["statement_id"], nothing)}


def _on_its_items(
    explanation: Mapping[str, Any], said: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """What was said to items that an explanation rests on, or to those in the place of which they were reissued."""
    ids = {
        item["statement_id"]
        for part in ("votes", "shown")
        for vote in explanation[part]
        for item in vote["ratings"]
    }
    ids |= {item["statement_id"] for part in ("completed", "left_out") for item in explanation[part]}
    all_of_them = behind(ids, said)
    return {kind: [one for one in said[kind] if one["statement_id"] in all_of_them] for kind in said}
