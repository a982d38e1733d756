"""Statements as they were sent: to look through, newest first, and one whole with the evidence found in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lrs.errors import Detail, InvalidParameter, NotFound
from lrs.services.access.permissions import Action
from lrs.services.browsing import Browsed, Sought
from lrs.services.reports import instant
from lrs.web.dashboard.page import asked, asking, back, show
from lrs.web.state import rapport
from lrs.xapi.parameters import iri, read_as
from lrs.xapi.query import Cursor

_DAY_US = 86_400_000_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACE = re.compile(r"([0-9]{1,17})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/statements", "statements", statements)
    pages.add_url_rule("/statement/<statement>", "statement", statement)


def statements() -> tuple[str, int] | Response:
    """A page of statements; before that, where one does not see everybody, the choice of whose.

    With `id`: that statement, on its own page.
    """
    if (wanted := asked("id")) is not None:
        return back("statement", statement=wanted)
    people = rapport().browsing.officers(asking())
    everybody = asking().officers(Action.READ_STATEMENTS) is None
    agent = asked("agent") or (people[0]["officer"] if len(people) == 1 and not everybody else None)
    found, problem, status = None, None, 200
    try:
        if agent is not None:
            agent = rapport().records.officer(asking(), agent, Action.READ_STATEMENTS)
        if agent is not None or everybody:
            found = rapport().browsing.page(asking(), _sought(agent))
    except (InvalidParameter, NotFound) as exc:
        problem, status = exc, 404 if isinstance(exc, NotFound) else 400
    return show(
        "statements.html",
        title="Statements",
        status=status,
        people=people,
        everybody=everybody,
        agent=agent,
        found=found,
        error=problem,
        older=_older(found, agent),
    )


def statement(statement: str) -> tuple[str, int]:
    """One statement, voided or not: its exact text, its hash, and what was found in it and said to that."""
    whole = rapport().browsing.whole(asking(), statement)
    evidence = rapport().records.evidence_in(asking(), whole["id"])
    rubrics = rapport().profiles.in_force(rapport().records.as_of(None)).rubrics
    return show(
        "statement.html",
        title="Statement",
        whole=whole,
        pretty=json.dumps(whole["statement"], ensure_ascii=False, indent=2),
        evidence=evidence,
        said={**_said(evidence), "statement_id": whole["id"]},
        names={name: one.name for name, one in rubrics.items()},
        indicators={(name, each.id): each.name for name, one in rubrics.items() for each in one.indicators},
    )


def _sought(agent: str | None) -> Sought:
    """What the query asks for. Raises `InvalidParameter`."""
    return Sought(
        agent=agent,
        verb=_read("verb", iri),
        activity=_read("activity", iri),
        since_us=_since(asked("since")),
        until_us=_until(asked("until")),
        after=_place(asked("after")),
    )


def _read(name: str, reader: Callable[[str], str]) -> str | None:
    text = asked(name)
    found: str | None = None if text is None else read_as({name: text}, name, reader, None)
    return found


def _since(text: str | None) -> int | None:
    """Stored after this: of a day, from its first instant on."""
    moment = instant("since", text)
    return moment - 1 if text is not None and moment is not None and _DATE.fullmatch(text) else moment


def _until(text: str | None) -> int | None:
    """Stored at or before this: of a day, up to its last instant."""
    moment = instant("until", text)
    return (
        moment + _DAY_US - 1 if text is not None and moment is not None and _DATE.fullmatch(text) else moment
    )


def _place(text: str | None) -> Cursor | None:
    """Where the page starts. It grants nothing: what is behind it is asked for anew."""
    if text is None:
        return None
    match = _PLACE.fullmatch(text)
    if match is None:
        raise InvalidParameter(
            "after is no place in the statements.",
            [Detail("after", text[:100], "what the link to older statements says, unchanged")],
        )
    return Cursor(int(match[1]), match[2])


def _older(found: Browsed | None, agent: str | None) -> Mapping[str, str] | None:
    """The query of the next page."""
    if found is None or found.next is None:
        return None
    query = {name: value for name, value in request.args.items() if value}
    if agent is not None:
        query["agent"] = agent
    return {**query, "after": f"{found.next.stored_us}.{found.next.id}"}


def _said(evidence: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """What was said to the statement: each contest and rejoinder once, though it stands at every piece of evidence."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {"contests": {}, "rejoinders": {}}
    for item in evidence:
        for kind, those in found.items():
            those.update({one["id"]: one for one in item[kind]})
    return {kind: list(those.values()) for kind, those in found.items()}
