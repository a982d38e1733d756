"""What vendors sent and what became of it; and the dry run, which tells of a statement before it is sent.

The dry run stores nothing. Without a script its form shows its page anew; `static/check.js` sends the same form while
somebody types, asks for the result alone, and puts it in its place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from lrs.charts.quality import quality_chart
from lrs.errors import Detail, InvalidParameter
from lrs.services.reports import MOST_STATEMENTS, instant
from lrs.stores.refusals import OTHER
from lrs.web.dashboard.page import as_of, asked, asking, show
from lrs.web.state import rapport
from lrs.xapi.timestamps import format_us
from lrs.xapi.versions import SUPPORTED, negotiate

FRAGMENT_HEADER = "X-Fragment"
"""Asks for a part of a page by name, and names it in the answer."""
_RESULT = "result"
_NEAREST = 5
_MOST_REASONS = 10
_REFUSED = {
    "invalid_statement": "A statement breaks a rule of xAPI",
    "malformed_json": "The body cannot be read as JSON",
    "invalid_attachment": "An attachment does not fit its statement, or cannot be read",
    "invalid_parameter": "A parameter is unknown or wrong",
    "invalid_input": "The request is not formed as it should be",
    "bad_request": "The request broke off, or cannot be read",
    "unsupported_version": "The version of xAPI is missing, or one that is not spoken here",
    "conflict": "An id is taken by another statement",
    "too_large": "It is more than one request may bring",
    OTHER: "Other errors of several vendors",
}
"""What an error means, by its code."""
_MOST_LINES = 40
"""That are shown, the largest; the chart and the reasons are of more."""
_ALL_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A statement to begin with."""

    name: str
    label: str
    """The kind of source, as people call it."""
    version: str
    text: str


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/quality", "quality", quality)
    pages.add_url_rule("/check", "check", check)
    pages.add_url_rule("/check", "check_statement", check_statement, methods=["POST"])


def quality() -> tuple[str, int]:
    """Question 10: what was sent, recognised, and could not be used; with the form of the dry run."""
    answer, problem = None, None
    try:
        since_us = instant("since", asked("since"))
        answer = rapport().records.quality(asking(), as_of(), since_us=since_us, lines=_ALL_LINES)
    except InvalidParameter as exc:
        problem = exc
    return show(
        "quality.html",
        title="Data quality",
        status=400 if problem else 200,
        answer=answer,
        error=problem,
        chart=None if answer is None else quality_chart(answer),
        reasons=() if answer is None else _reasons(answer["lines"]),
        refusing=() if answer is None else _refusing(answer["refused"]),
        more_refusing=0 if answer is None else _more_refusing(answer["refused"]),
        most=MOST_STATEMENTS,
        lines=() if answer is None else answer["lines"][:_MOST_LINES],
        more_lines=0 if answer is None else answer["more_lines"] + len(answer["lines"][_MOST_LINES:]),
        today=format_us(rapport().records.as_of(None))[:10],
        **_form("", SUPPORTED[0]),
    )


def check() -> tuple[str, int]:
    """The form of the dry run, empty or with an example that is checked at once."""
    wanted = asked("example")
    example = None if wanted is None else _example(wanted)
    text, version = ("", SUPPORTED[0]) if example is None else (example.text, example.version)
    return _checked(text, version)


def check_statement() -> tuple[str, int] | Response:
    """What the statement of the form would come to, if it were posted now. Nothing is stored."""
    text, version = request.form.get("statement", ""), request.form.get("version", SUPPORTED[0])
    if request.headers.get(FRAGMENT_HEADER) != _RESULT:
        return _checked(text, version)
    response = make_response(render_template("check_result.html", **_result(text, version)))
    response.headers[FRAGMENT_HEADER] = _RESULT
    return response


def _checked(text: str, version: str) -> tuple[str, int]:
    return show("check.html", title="Check a statement", **_form(text, version))


def _form(text: str, version: str) -> dict[str, Any]:
    """What the form and its result are shown from. Raises `UnsupportedVersion`."""
    return {
        "text": text,
        "version": version,
        "versions": SUPPORTED,
        "examples": _examples(),
        **_result(text, version),
    }


def _result(text: str, version: str) -> dict[str, Any]:
    """What the statement would come to; `found` is None where there is none."""
    spoken = negotiate(version)
    if not text.strip():
        return {"found": None}
    verdict = rapport().check.run(text.encode(), spoken, rapport().access.speaking(asking())).as_dict()
    rules = verdict["rules"]
    missed = sorted((rule for rule in rules if not rule["matched"]), key=lambda rule: len(rule["reasons"]))
    rubrics = rapport().plugins.rubrics
    return {
        "found": verdict,
        "matched": [rule for rule in rules if rule["matched"]],
        "nearest": missed[:_NEAREST],
        "others": missed[_NEAREST:],
        "names": {name: one.name for name, one in rubrics.items()},
        "indicators": {
            (name, each.id): each.name for name, one in rubrics.items() for each in one.indicators
        },
    }


def _reasons(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Why statements came to nothing, the most frequent reasons of all lines first, with how often each was given."""
    told: Counter[str] = Counter()
    for line in lines:
        for why in (*line["why_not"]["reasons"], *line["why_unusable"]):
            told[why["reason"]] += why["times"]
    return told.most_common(_MOST_REASONS)


def _refusing(refused: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The errors for which most requests were refused, in words."""
    return [
        {
            **one,
            "what": _REFUSED.get(one["code"], one["code"].replace("_", " ")),
            "where": "several places" if one["path"] == OTHER else one["path"],
        }
        for one in refused["reasons"][:_MOST_REASONS]
    ]


def _more_refusing(refused: Mapping[str, Any]) -> int:
    """How many errors are left off."""
    return len(refused["reasons"][_MOST_REASONS:]) + int(refused["more_reasons"])


def _example(name: str) -> Example:
    for one in _examples():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in _examples())
    raise InvalidParameter(f"There is no example {name[:100]}.", [Detail("example", name[:100], known)])


@cache
def _examples() -> tuple[Example, ...]:
    """One of each kind of source, from the file that is installed beside the pages."""
    text = files(__package__).joinpath("static/examples.json").read_text("utf-8")
    return tuple(
        Example(
            name=one["name"],
            label=one["label"],
            version=one["version"],
            text=json.dumps(one["statement"], ensure_ascii=False, indent=2),
        )
        for one in json.loads(text)["examples"]
    )
