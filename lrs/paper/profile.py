"""An officer's profile as paper to put on the table: what is recorded, why a verdict is what it is, what is missing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.tiers import tiers_chart
from lrs.charts.waterfall import waterfall_chart
from lrs.charts.words import agent_labels, figure, interval, named, percent, rater_labels
from lrs.paper.appendix import audit_trail, statements, versions, warnings
from lrs.paper.blocks import Block, code, heading, items, pairs, row, strong, table, text
from lrs.paper.competency import competency_pages
from lrs.paper.evidence import raters_of, statements_of
from lrs.paper.glyphs import clipped
from lrs.paper.profile_rows import COLUMNS, rows
from lrs.paper.remarks import Remarks
from lrs.paper.setting import LONGEST_TITLE, Paper
from lrs.paper.words import MEANINGS, called, instant, verdict
from lrs.services.spreadsheet import CsvWriter

_Dict = Mapping[str, Any]
_Dicts = Sequence[_Dict]

_WHAT_IT_IS_NOT = (
    "It does not say whether anybody is fit for duty, what their character is, whether they are biased, or what they "
    "will do. What nobody recorded is not in it. What an officer has to say to an item stands beside that item."
)


def profile_pdf(
    profile: _Dict,
    explanations: _Dicts,
    *,
    who: _Dict,
    contests: _Dicts,
    rejoinders: _Dicts,
    trail: _Dicts,
    printed: _Dict,
    charts: Mapping[str, Sequence[Chart]] | None = None,
) -> bytes:
    """The profile as PDF, tagged and archivable (PDF/UA-1, PDF/A-2a); the same arguments give the same bytes.

    Args:
        profile: `Profile.as_dict()`.
        explanations: `Explanation.as_dict()` of the competencies that get pages of their own; others of the profile
            are in the summary only, and those that the profile does not have are passed over.
        who: `lrs.cohort.roster.who` of the officer.
        contests: as `lrs.services.said.contest_as_dict` writes them.
        rejoinders: as `lrs.services.said.rejoinder_as_dict` writes them.
        trail: number, at, actor, action, sha256 of the latest entries of the audit log about the officer.
        printed: at (instant as `format_us` writes it), by, version.
        charts: by competency: the first is placed before its tables, the others before its evidence; None: tiers and
            waterfall of each that has scored evidence.

    Raises `ValueError` when any of these is about another officer.
    """
    paper = profile_paper(
        profile,
        explanations,
        who=who,
        contests=contests,
        rejoinders=rejoinders,
        trail=trail,
        printed=printed,
        charts=charts,
    )
    return paper.pdf()


def profile_csv(
    profile: _Dict,
    explanations: _Dicts,
    *,
    who: _Dict,
    contests: _Dicts,
    rejoinders: _Dicts,
    trail: _Dicts,
    printed: _Dict,
) -> bytes:
    """The same as CSV, UTF-8: a line for each competency, vote, piece of evidence, contest, rejoinder, audit entry.

    The column `kind` says which, see `lrs.paper.profile_rows`; nothing in it is a formula to a spreadsheet.
    """
    _check_officer(profile, explanations, who, contests, rejoinders)
    file = io.StringIO()
    writer = CsvWriter(file)
    writer.row(COLUMNS)
    for line in rows(profile, explanations, who, contests, rejoinders, trail, printed):
        writer.row([line.get(column) for column in COLUMNS])
    return file.getvalue().encode("utf-8", "replace")


def profile_paper(
    profile: _Dict,
    explanations: _Dicts,
    *,
    who: _Dict,
    contests: _Dicts,
    rejoinders: _Dicts,
    trail: _Dicts,
    printed: _Dict,
    charts: Mapping[str, Sequence[Chart]] | None = None,
) -> Paper:
    """What `profile_pdf` sets."""
    _check_officer(profile, explanations, who, contests, rejoinders)
    remarks = Remarks(contests, rejoinders)
    drawn = _charts(explanations, who) if charts is None else charts
    explained = {one["competency"]: one for one in explanations}
    parts = profile["competencies"]
    shown = [explained[part["competency"]] for part in parts if part["competency"] in explained]
    raters = rater_labels(sorted(raters_of(shown)))
    found = list(statements_of(shown))
    blocks: list[Block] = [
        *_first_page(profile, who, remarks, printed),
        *(
            block
            for part in parts
            if part["competency"] in explained
            for block in competency_pages(
                part,
                explained[part["competency"]],
                charts=drawn.get(part["competency"], ()),
                raters=raters,
                remarks=remarks,
                said=profile["warnings"],
            )
        ),
        *remarks.elsewhere(one["statement_id"] for one in found),
        *versions(
            product=printed["version"],
            model=profile["model"],
            rubrics=[
                {"name": part["name"], **part["rubric"], "policy": part["model"]["policy_digest"]}
                for part in parts
            ],
            plugins=profile["plugins"],
        ),
        *statements(found),
        *audit_trail(trail),
    ]
    return Paper(
        title=f"Competency profile of {called(who)}, as of {instant(profile['as_of'])}",
        left=called(who),
        right=f"as of {instant(profile['as_of'])}",
        printed_at=printed["at"],
        blocks=blocks,
    )


def _charts(explanations: _Dicts, who: _Dict) -> dict[str, list[Chart]]:
    return {
        one["competency"]: [tiers_chart(one), waterfall_chart(one, name=named(who))]
        for one in explanations
        if one["votes"]
    }


def _first_page(profile: _Dict, who: _Dict, remarks: Remarks, printed: _Dict) -> Iterator[Block]:
    trainer = agent_labels([who["trainer"]])[who["trainer"]] if who["trainer"] else ""
    yield {"block": "title", "text": clipped(f"Competency profile of {called(who)}", LONGEST_TITLE)}
    yield pairs(
        [
            ("Officer", called(who)),
            ("Account", code(who["officer"])),
            ("Unit", who["unit"] or "not said"),
            ("Phase of training", who["phase"] or "not said"),
            ("Training officer", trainer or "not said"),
            ("As recorded by", profile["as_of"]),
            ("Printed", f"{instant(printed['at'])}, by {printed['by']}"),
            ("Contests and rejoinders", remarks.count()),
        ]
    )
    yield heading("What this is, and what it is not")
    yield text(profile["about"], _WHAT_IT_IS_NOT)
    yield from warnings(profile["warnings"])
    yield heading("Summary")
    yield _summary(profile)
    verdicts = dict.fromkeys(part["verdict"] for part in profile["competencies"])
    yield heading("How to read it", 2)
    yield pairs((verdict(one), f"{MEANINGS[one]}.") for one in verdicts)
    yield from items("", _READING)


_READING = (
    "Score and interval run from 0 to 1. The interval is where the score of the same officer may well lie, given how "
    "much is recorded; the less there is, the wider it is.",
    "Evidence mass is the sum of all weights: an observation of today counts 1, and half after each half-life.",
    "A gap is an indicator of the rubric on which nothing that counts is recorded. N.O.: not observed, which is "
    "missing and not 0. NRT: not responding to training, a flag beside a rating.",
)


def _summary(profile: _Dict) -> Block:
    level = percent(profile["model"]["policy"]["interval"])
    titles = [
        *(("Competency", 1.3, "left"), ("Verdict", 1.1, "left"), ("Score", 0, "right")),
        *((f"{level} interval", 0, "right"), ("Counted plainly", 2.3, "left"), ("Raters", 0, "right")),
        *(("Mass", 0, "right"), ("Gaps", 0, "right")),
    ]
    return table(titles, (_in_short(part, level) for part in profile["competencies"]))


def _in_short(part: _Dict, level: str) -> _Dict:
    found = part["estimate"]
    bounds = "–"
    if found["interval"] is not None:
        own = percent(found["interval_level"])
        bounds = interval(found["interval"]) + ("" if own == level else f" ({own})")
    return row(
        part["name"],
        strong(verdict(part["verdict"])),
        "–" if found["score"] is None else figure(found["score"]),
        bounds,
        part["counts"]["text"],
        str(found["raters"]),
        "–" if found["mass"] is None else figure(found["mass"]),
        f"{len(part['gaps'])} of {len(part['indicators'])}",
    )


def _check_officer(
    profile: _Dict, explanations: _Dicts, who: _Dict, contests: _Dicts, rejoinders: _Dicts
) -> None:
    """People must not be mixed."""
    officer = profile["subject"]
    others = {
        who["officer"],
        *(one["subject"] for one in explanations),
        *(one["officer"] for one in (*contests, *rejoinders)),
    }
    for other in sorted(others - {officer}):
        raise ValueError(f"{other} in the profile of {officer}")
    if any(one["as_of"] != profile["as_of"] for one in explanations):
        raise ValueError("profile and explanations are of different instants")
