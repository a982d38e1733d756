"""Group gaps (question 9): how the audit is run, and its result drawn.

Who belongs to which group never comes to this server. The audit is a job at the command line of whoever keeps the
store; what it answers, small cells withheld, is brought here by somebody, drawn for them, and not stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, request

from lrs.charts.chart import Chart
from lrs.charts.impact import impact_chart
from lrs.cohort.impact import ImpactAnswer
from lrs.cohort.rater_groups import RaterGroupAnswer
from lrs.cohort.suppression import MINIMUM
from lrs.errors import InvalidInput, TooLarge
from lrs.services.access.permissions import Action
from lrs.web.dashboard.impact_file import MOST_BYTES, read_impact
from lrs.web.dashboard.page import asking, show
from lrs.web.state import rapport


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/impact", "impact", impact)
    pages.add_url_rule("/impact", "show_impact", show_impact, methods=["POST"])


def impact() -> tuple[str, int]:
    """How to run the audit, and the form for its result."""
    return _page()


def show_impact() -> tuple[str, int]:
    """The result that was brought, drawn; or what is wrong with it."""
    data, pasted = _brought()
    try:
        report = read_impact(data)
    except (InvalidInput, TooLarge) as exc:
        return _page(error=exc, pasted=pasted, status=413 if isinstance(exc, TooLarge) else 400)
    return _page(report=report)


def _brought() -> tuple[bytes, str]:
    """What was brought, a file before what was pasted; and what was pasted."""
    pasted = request.form.get("result", "")
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.stream.read(MOST_BYTES + 1), pasted
    return pasted.encode(), pasted


def _page(
    *,
    report: dict[str, Any] | None = None,
    error: Exception | None = None,
    pasted: str = "",
    status: int = 200,
) -> tuple[str, int]:
    known = rapport().profiles.in_force(rapport().records.as_of(None)).rubrics
    offered = {name: one.name for name, one in known.items() if one.scored}
    shown: dict[str, Any] = {}
    if report is not None:
        raters = report["raters"]
        shown = {
            "charts": list(_charts(report)),
            # Raters are named in the file: to whom pseudonyms are shown elsewhere, they are here, too.
            "raters": None if raters is None else asking().shown(Action.READ_RATERS, raters),
            "notes_of": {"warnings": list(_warnings(report)), "notes": _notes(report)},
        }
    return show(
        "impact.html",
        title="Group gaps",
        status=status,
        report=report,
        error=error,
        pasted=pasted,
        competencies=offered,
        most_bytes=MOST_BYTES,
        minimum=MINIMUM,
        **shown,
    )


def _charts(report: Mapping[str, Any]) -> Iterator[Chart]:
    """One for each attribute. Their ids are ours: names of attributes may be written alike."""
    for number, one in enumerate(report["verdicts"]["attributes"]):
        yield replace(impact_chart(report, one["attribute"]), id=f"impact-{number}")


def _notes(report: Mapping[str, Any]) -> list[str]:
    """How to read it, in our words and not in those of the file."""
    found = list(ImpactAnswer(minimum=report["verdicts"]["smallest_cell_shown"], attributes=()).notes)
    if report["raters"] is not None:
        least = report["raters"]["smallest_cell_shown"]
        found += RaterGroupAnswer(minimum=least, attributes=()).notes
    return found


def _warnings(report: Mapping[str, Any]) -> Iterator[str]:
    least = report["verdicts"]["smallest_cell_shown"]
    if least < MINIMUM:
        yield (
            f"The audit was run to show cells of {least} people or more, where {MINIMUM} is usual: people may be told "
            "from it."
        )
    if report["rows_unknown"]:
        yield (
            f"{report['rows_unknown']} of {report['rows']} rows of the file of groups are on nobody in the cohort."
        )
