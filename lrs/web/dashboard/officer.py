"""One person: the profile, its evidence, the trend, why a verdict is what it is; and the same on paper.

Agents in paths are agent keys, or pseudonyms where one sees those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from lrs.charts.chart import Chart
from lrs.charts.sensitivity import sensitivity_chart
from lrs.charts.tiers import tiers_chart
from lrs.charts.trend import trend_chart
from lrs.charts.waterfall import waterfall_chart
from lrs.cohort.roster import short_name
from lrs.competency.text_for_officer import text_for_officer
from lrs.errors import Detail, NotFound
from lrs.paper.evidence import given
from lrs.paper.profile import profile_csv, profile_pdf
from lrs.paper.words import encounter
from lrs.services.access.permissions import Action
from lrs.services.said import at_items
from lrs.web.dashboard.evidence import Readings, newest_first, readings, scored_weights, without_items
from lrs.web.dashboard.page import as_of, asked, asking, show
from lrs.web.dashboard.people import rater_name, user_name
from lrs.web.dashboard.printing import printed, served
from lrs.web.dashboard.words import named
from lrs.web.state import rapport
from lrs.xapi.timestamps import format_us

_Dict = Mapping[str, Any]
_Dicts = Sequence[_Dict]
LATEST = 30
"""Items of evidence that are shown unless all are asked for."""
_TRAIL = 60
"""Entries of the audit log: one look at a page leaves several."""


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/officer/<path:agent>", "officer", officer)
    pages.add_url_rule("/officer.pdf/<path:agent>", "officer_pdf", pdf)
    pages.add_url_rule("/officer.csv/<path:agent>", "officer_csv", csv)
    pages.add_url_rule("/why/<competency>/<path:agent>", "why", why)
    pages.add_app_template_filter(given, "given")
    pages.add_app_template_filter(encounter, "encounter")
    pages.add_app_template_filter(rater_name, "rater")
    pages.add_app_template_filter(user_name, "user_name")


@dataclass(frozen=True, slots=True)
class Record:
    """What is read of one person, each reading in the audit log."""

    who: _Dict
    profile: _Dict
    explanations: _Dicts

    @property
    def subject(self) -> str:
        """Agent key, or pseudonym."""
        return str(self.profile["subject"])

    def explanation(self, competency: str) -> _Dict | None:
        """Of one competency."""
        return next((one for one in self.explanations if one["competency"] == competency), None)


def officer(agent: str) -> tuple[str, int]:
    """The profile; `competency`: of which trend and evidence are shown; `date`: what the trend is compared around."""
    at_us, sight = as_of(), asking()
    record = _record(agent, at_us)
    parts = record.profile["competencies"]
    chosen = _chosen(parts, asked("competency"))
    evidence = rapport().records.evidence(sight, agent, at_us)
    wanted = [one for one in evidence if asked("competency") in (None, one["competency"])]
    items = newest_first(wanted, scored_weights(record.explanations))
    gone = rapport().records.voided_items(sight, agent, at_us)
    return show(
        "officer.html",
        title=named(record.who),
        record=record,
        parts=parts,
        own=sight.reaches(Action.CONTEST, record.subject),
        own_words=_own_words(record) if sight.reaches(Action.CONTEST, record.subject) else [],
        chosen=chosen,
        charts=[] if chosen is None else _charts(record, chosen, at_us),
        items=items if asked("all") else items[:LATEST],
        items_there=len(items),
        gone=gone,
        elsewhere=without_items(record.profile, [*evidence, *gone]),
        trail=_readings(record.subject, agent),
        today=format_us(rapport().records.as_of(None))[:10],
        names={one["competency"]: one["name"] for one in parts},
        indicators=_indicators(parts),
    )


def why(competency: str, agent: str) -> tuple[str, int]:
    """Why a verdict is what it is: every number that it was made of, and every item."""
    at_us, sight = as_of(), asking()
    [explanation] = rapport().records.explanations(sight, agent, at_us, competency)
    who = rapport().records.who(sight, agent)
    return show(
        "why.html",
        title=f"Why: {explanation['name']}, {named(who)}",
        e=explanation,
        who=who,
        own=sight.reaches(Action.CONTEST, explanation["subject"]),
        words=at_items(explanation),
        waterfall=waterfall_chart(explanation, name=named(who)),
        sensitivity=sensitivity_chart(explanation, name=named(who)),
        indicators=_indicators([explanation]),
        sources=_sources(explanation),
    )


def pdf(agent: str) -> Response:
    """The profile as PDF; `competency`: with pages of that one only."""
    record, given = _on_paper(agent)
    charts = {one["competency"]: _charts_on_paper(record, one) for one in given["explanations"]}
    data = profile_pdf(record.profile, charts=charts, **given)
    return served(data, _file_name(record), record.profile["as_of"], "pdf")


def csv(agent: str) -> Response:
    """The same as CSV."""
    record, given = _on_paper(agent)
    data = profile_csv(record.profile, **given)
    return served(data, _file_name(record), record.profile["as_of"], "csv")


def _record(agent: str, at_us: int) -> Record:
    records, sight = rapport().records, asking()
    return Record(
        profile=records.profile(sight, agent, at_us),
        who=records.who(sight, agent),
        explanations=records.explanations(sight, agent, at_us),
    )


def _chosen(parts: _Dicts, wanted: str | None) -> _Dict | None:
    """The competency that is drawn: the one asked for, or that with most encounters. Raises `NotFound`."""
    if wanted is None:
        scored = [one for one in parts if one["scored"] and one["statements"]]
        return max(scored, key=lambda one: int(one["counts"]["encounters"]), default=None)
    found = next((one for one in parts if one["competency"] == wanted), None)
    if found is None:
        raise NotFound(
            f"There is no competency {wanted[:100]} in this profile.",
            [Detail("competency", wanted[:100], ", ".join(one["competency"] for one in parts))],
        )
    return found


def _charts(record: Record, part: _Dict, at_us: int) -> list[Chart]:
    """What is known, shown and done of one competency, and how it went over time."""
    date = asked("date")
    trend = rapport().records.trend(
        asking(),
        _agent(record),
        at_us,
        part["competency"],
        date_us=None if date is None else rapport().records.as_of(date),
    )
    return [tiers_chart(part), trend_chart(trend)]


def _agent(record: Record) -> str:
    return str(record.who["officer"])


def _own_words(record: Record) -> list[tuple[str, str, str]]:
    """For the one whose record it is: of each competency the name, what it comes to, and all of it in words."""
    found = []
    shown = {part["competency"] for part in record.profile["competencies"]}
    for one in (each for each in record.explanations if each["competency"] in shown):
        _, verdict, *others = text_for_officer(one)
        found.append((one["name"], verdict.strip(), "\n".join(others)))
    return found


def _readings(subject: str, agent: str) -> Sequence[Readings] | None:
    """Who looked at this record, as far as one may see that; None: one may not."""
    if not asking().reaches(Action.READ_AUDIT, subject):
        return None
    return readings(rapport().records.trail(asking(), agent, _TRAIL))


def _on_paper(agent: str) -> tuple[Record, dict[str, Any]]:
    record = _record(agent, as_of())
    profile, wanted = record.profile, asked("competency")
    _chosen(profile["competencies"], wanted)
    may_see_log = asking().reaches(Action.READ_AUDIT, record.subject)
    explanations = [
        one
        for one in record.explanations
        if (one["competency"] == wanted if wanted else one["votes"] or one["shown"] or one["completed"])
    ]
    return record, {
        "explanations": explanations,
        "who": record.who,
        "contests": [
            {**one, "reason": one["reason_given"], "decided_by": user_name(one["decided_by"])}
            for one in profile["contests"]
        ],
        "rejoinders": profile["rejoinders"],
        "trail": rapport().records.trail(asking(), agent) if may_see_log else [],
        "printed": printed(),
    }


def _charts_on_paper(record: Record, explanation: _Dict) -> list[Chart]:
    if not explanation["votes"]:
        return []
    return [tiers_chart(explanation), waterfall_chart(explanation, name=named(record.who))]


def _file_name(record: Record) -> str:
    """With the name of the account; an address of e-mail would say who it is."""
    agent = _agent(record)
    short = short_name(agent)
    return f"profile-{short}" if short != agent or ":" not in agent else "profile"


def _indicators(parts: _Dicts) -> dict[str, str]:
    """What the rubrics call their indicators."""
    return {one["indicator"]: one["name"] for part in parts for one in part["indicators"]}


def _sources(explanation: _Dict) -> list[_Dict]:
    """Each statement that it rests on or that was left out, once, in order of id."""
    found: dict[str, _Dict] = {}
    for item in _items(explanation):
        found[item["statement_id"]] = item
    return [found[one] for one in sorted(found)]


def _items(explanation: _Dict) -> Iterator[_Dict]:
    for vote in (*explanation["votes"], *explanation["shown"]):
        yield from vote["ratings"]
    yield from explanation["completed"]
    yield from explanation["left_out"]
