"""A cohort as paper: where every officer of a selection stands on every competency, and how many stand where."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import VERDICTS
from lrs.charts.verdicts import verdicts_chart
from lrs.charts.words import agent_labels, figure, interval, several, spoken
from lrs.cohort.roster import short_name
from lrs.competency.phrases import many
from lrs.paper.appendix import versions, warnings
from lrs.paper.blocks import Block, Cell, heading, items, pairs, row, stacked, table, text
from lrs.paper.figures import figures
from lrs.paper.setting import Paper
from lrs.paper.words import MEANINGS, called, instant, verdict
from lrs.services.spreadsheet import CsvWriter

_Dict = Mapping[str, Any]

COLUMNS = (
    *("as_of", "officer", "name", "unit", "phase", "trainer", "competency", "competency_name"),
    *("verdict", "score", "interval_low", "interval_high", "mass", "counts", "gaps", "unusable"),
    *("rubric_version", "rubric_digest", "model", "policy_digest", "plugins", "warnings"),
    *("filters", "printed_at", "printed_by", "version"),
)
"""Columns of the CSV, in order."""


def cohort_pdf(report: _Dict, *, printed: _Dict, charts: Sequence[Chart] | None = None) -> bytes:
    """The report as PDF, tagged and archivable (PDF/UA-1, PDF/A-2a); the same arguments give the same bytes.

    Args:
        report: as_of (instant); about; filters (value by name, None for what was not asked for); officers, in the
            order in which they are shown: `lrs.cohort.roster.who` and competencies, each `Standing.as_dict()`;
            warnings; versions: rubrics (by competency: version, digest, perhaps name), plugins (version by name),
            perhaps model (id, policy, policy_digest: as in a profile).
        printed: at (instant), by, version.
        charts: placed before the counts; None: how many stand where.
    """
    return cohort_paper(report, printed=printed, charts=charts).pdf()


def cohort_csv(report: _Dict, *, printed: _Dict) -> bytes:
    """The same as CSV, UTF-8: a line for each officer and competency, the numbers as they are."""
    file = io.StringIO()
    writer = CsvWriter(file)
    writer.row(COLUMNS)
    for line in _rows(report, printed):
        writer.row([line.get(column) for column in COLUMNS])
    return file.getvalue().encode("utf-8", "replace")


def cohort_paper(report: _Dict, *, printed: _Dict, charts: Sequence[Chart] | None = None) -> Paper:
    """What `cohort_pdf` sets."""
    names = _names(report)
    blocks = [
        *_first_page(report, printed),
        *figures(_charts(report) if charts is None else charts, width=900, share=0.8),
        *_counts(report),
        *_grid(report),
        *_gaps(report),
        *versions(
            product=printed["version"],
            model=report["versions"].get("model"),
            rubrics=[
                {**one, "name": names[competency]}
                for competency, one in report["versions"]["rubrics"].items()
            ],
            plugins=report["versions"]["plugins"],
        ),
    ]
    return Paper(
        title=f"Cohort report, as of {instant(report['as_of'])}",
        left=_selection(report),
        right=f"as of {instant(report['as_of'])}",
        printed_at=printed["at"],
        blocks=blocks,
        landscape=True,
    )


def _first_page(report: _Dict, printed: _Dict) -> Iterator[Block]:
    yield {"block": "title", "text": "Cohort report"}
    yield pairs(
        [
            ("Chosen", _selection(report)),
            ("Officers", str(len(report["officers"]))),
            ("As recorded by", report["as_of"]),
            ("Printed", f"{instant(printed['at'])}, by {printed['by']}"),
        ]
    )
    yield text(report["about"])
    yield from warnings(report["warnings"])


def _selection(report: _Dict) -> str:
    """The filters in words."""
    filters = [
        f"{spoken(name)} {short_name(value) if name == 'trainer' else value}"
        for name, value in report["filters"].items()
        if value
    ]
    return ", ".join(filters) or "everybody"


def _counts(report: _Dict) -> Iterator[Block]:
    yield heading("How many stand where")
    found: dict[str, Counter[str]] = {name: Counter() for name in _names(report)}
    for officer in report["officers"]:
        for one in officer["competencies"]:
            found.setdefault(one["competency"], Counter())[one["verdict"]] += 1
    said = [one for one in VERDICTS if any(one in counts for counts in found.values())]
    names = _names(report)
    titles = [("Competency", 1, "left"), *((verdict(one), 0, "right") for one in said)]
    yield table(
        titles,
        (
            row(names[competency], *(str(counts[one]) for one in said))
            for competency, counts in found.items()
            if counts
        ),
    )
    yield pairs((verdict(one), f"{MEANINGS[one]}.") for one in said)


def _grid(report: _Dict) -> Iterator[Block]:
    yield heading("Officer by officer")
    if not report["officers"]:
        yield text("Nobody is in this selection.")
        return
    yield text(
        "In each cell: the verdict; the score from 0 to 1 with its interval; the evidence mass, and how many "
        "indicators are without evidence that counts (gaps).",
        small=True,
    )
    names = _names(report)
    asked = {one["competency"]: None for officer in report["officers"] for one in officer["competencies"]}
    names_of = _called(report)
    titles = [
        ("Officer", 1, "left"),
        *((names[competency], 1, "left") for competency in asked),
    ]
    yield table(
        titles,
        (
            row(stacked(names_of[officer["officer"]], *_place(officer)), *_cells(officer, asked))
            for officer in report["officers"]
        ),
        small=True,
    )


def _place(officer: _Dict) -> Iterator[str]:
    if officer["unit"] or officer["phase"]:
        yield ", ".join(
            f"{what} {officer[name]}"
            for what, name in (("unit", "unit"), ("phase", "phase"))
            if officer[name]
        )
    if officer["trainer"]:
        yield f"with {agent_labels([officer['trainer']])[officer['trainer']]}"


def _cells(officer: _Dict, asked: Mapping[str, None]) -> Iterator[Cell]:
    own = {one["competency"]: one for one in officer["competencies"]}
    for competency in asked:
        one = own.get(competency)
        if one is None:
            yield "not asked"
            continue
        score = "no score" if one["score"] is None else figure(one["score"])
        left = f", {one['unusable']} unusable" if one["unusable"] else ""
        yield stacked(
            verdict(one["verdict"]),
            f"{score} ({interval(one['interval'])})",
            f"mass {figure(one['mass'])}, {many(len(one['gaps']), 'gap')}{left}",
        )


def _gaps(report: _Dict) -> Iterator[Block]:
    names, names_of = _names(report), _called(report)
    rows = [
        row(
            names_of[officer["officer"]],
            "; ".join(
                f"{names[one['competency']]}: {', '.join(map(spoken, one['gaps']))}"
                for one in officer["competencies"]
                if one["gaps"]
            ),
        )
        for officer in report["officers"]
        if any(one["gaps"] for one in officer["competencies"])
    ]
    if rows:
        yield heading("Gaps: indicators without evidence that counts")
        yield text(f"{several(len(rows), 'officer')} of {len(report['officers'])}.", small=True)
        yield table([("Officer", 1, "left"), ("Gaps", 7, "left")], rows, small=True)
    elif report["officers"]:
        yield from items("Gaps", ["Every indicator has evidence that counts, of every officer."])


def _names(report: _Dict) -> dict[str, str]:
    """What competencies are called, by id."""
    rubrics = report["versions"]["rubrics"]
    asked = (one["competency"] for officer in report["officers"] for one in officer["competencies"])
    return {
        id_: rubrics.get(id_, {}).get("name") or spoken(id_).capitalize()
        for id_ in sorted({*rubrics, *asked})
    }


def _charts(report: _Dict) -> list[Chart]:
    standings = [one for officer in report["officers"] for one in officer["competencies"]]
    return [verdicts_chart(standings, _names(report))] if standings else []


def _called(report: _Dict) -> dict[str, str]:
    """By agent key, how an officer is called; of two who are called the same, the key stands beside it."""
    found = {one["officer"]: called(one) for one in report["officers"]}
    times = Counter(found.values())
    return {key: f"{name}, {key}" if times[name] > 1 else name for key, name in found.items()}


def _rows(report: _Dict, printed: _Dict) -> Iterator[dict[str, Any]]:
    found = report["versions"]
    names, model = _names(report), found.get("model") or {}
    always = {
        "as_of": report["as_of"],
        "model": model.get("id"),
        "policy_digest": model.get("policy_digest"),
        "plugins": "; ".join(f"{name} {version}" for name, version in sorted(found["plugins"].items())),
        "warnings": " | ".join(report["warnings"]),
        "filters": _selection(report),
        "printed_at": printed["at"],
        "printed_by": printed["by"],
        "version": printed["version"],
    }
    for officer in report["officers"]:
        who = {name: officer[name] for name in ("officer", "name", "unit", "phase", "trainer")}
        for one in officer["competencies"]:
            rubric = found["rubrics"].get(one["competency"], {})
            low, high = one["interval"]
            yield {
                **always,
                **who,
                **one,
                "competency_name": names[one["competency"]],
                "interval_low": low,
                "interval_high": high,
                "gaps": "; ".join(one["gaps"]),
                "rubric_version": rubric.get("version"),
                "rubric_digest": rubric.get("digest"),
            }
