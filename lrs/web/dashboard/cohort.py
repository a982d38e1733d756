"""The cohort: recruits × competencies, with verdict, interval and gaps; and the same on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from lrs.charts.verdicts import verdicts_chart
from lrs.cohort.roster import short_name
from lrs.paper.cohort import cohort_csv, cohort_pdf
from lrs.web.dashboard.page import as_of, asked, asking, choices, show, whom
from lrs.web.dashboard.printing import printed, served
from lrs.web.dashboard.words import named
from lrs.web.state import rapport

_Row = Mapping[str, Any]
_URGENT = {"below_standard": 0, "stale": 1, "insufficient": 2, "undetermined": 3, "at_standard": 4}


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/cohort", "cohort", cohort)
    pages.add_url_rule("/cohort.pdf", "cohort_pdf", pdf)
    pages.add_url_rule("/cohort.csv", "cohort_csv", csv)


def cohort() -> tuple[str, int]:
    """The grid, sorted and searched as the query says."""
    answer = rapport().records.cohort(asking(), as_of(), whom())
    officers = _sought(answer["officers"], asked("q"))
    competencies = sorted({one["competency"] for officer in officers for one in officer["competencies"]})
    order, descending = asked("sort") or "name", asked("order") == "down"
    chart = verdicts_chart(
        [one for officer in officers for one in officer["competencies"]], _names(competencies)
    )
    return show(
        "cohort.html",
        title="Cohort",
        answer=answer,
        officers=sorted(officers, key=_key(order), reverse=descending),
        competencies=competencies,
        names=_names(competencies),
        chart=chart,
        choices=choices(),
        order=order,
        descending=descending,
    )


def pdf() -> Response:
    """The grid as it is filtered, as PDF."""
    answer = rapport().records.cohort(asking(), as_of(), whom())
    return served(cohort_pdf(_searched(answer), printed=printed()), "cohort", answer["as_of"], "pdf")


def csv() -> Response:
    """The same as CSV."""
    answer = rapport().records.cohort(asking(), as_of(), whom())
    return served(cohort_csv(_searched(answer), printed=printed()), "cohort", answer["as_of"], "csv")


def _searched(answer: _Row) -> dict[str, Any]:
    sought = asked("q")
    filters = {**answer["filters"], "search": sought}
    return {**answer, "officers": _sought(answer["officers"], sought), "filters": filters}


def _sought(officers: Sequence[_Row], text: str | None) -> list[_Row]:
    """Those in whose name or account it stands."""
    if text is None:
        return list(officers)
    wanted = text.casefold()
    return [one for one in officers if wanted in f"{one['name']} {short_name(one['officer'])}".casefold()]


def _key(order: str) -> Callable[[_Row], Any]:
    """How rows are put in order: by a column of the roster, or by how urgent a competency's verdict is."""
    if order in ("unit", "phase", "trainer"):
        return lambda row: (row[order], named(row))
    if order == "name":
        return named

    def urgency(row: _Row) -> tuple[int, float, str]:
        found = next((one for one in row["competencies"] if one["competency"] == order), None)
        if found is None:
            return (9, 0.0, named(row))
        score = found["score"]
        return (_URGENT.get(found["verdict"], 5), 1.0 if score is None else score, named(row))

    return urgency


def _names(competencies: Sequence[str]) -> dict[str, str]:
    """What the rubrics call them."""
    known = rapport().profiles.in_force(as_of()).rubrics
    return {one: known[one].name for one in competencies if one in known}
