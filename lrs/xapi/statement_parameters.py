"""The parameters of `GET /statements`, read once into what they ask for (xAPI-Communication 2.1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lrs.xapi.parameters import agent, boolean, count, instant, iri, one_of, read_as, read_uuid, refused
from lrs.xapi.query import StatementQuery

FORMATS = ("ids", "exact", "canonical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How statements are shown."""

    format: str = "exact"
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question for one statement: by `statementId`, or by `voidedStatementId`."""

    statement_id: str
    voided: bool
    rendering: Rendering


@dataclass(frozen=True, slots=True)
class Search:
    """A question for a page of statements."""

    query: StatementQuery
    rendering: Rendering


@dataclass(frozen=True, slots=True)
class PageSizes:
    """Statements on a page: without `limit`, and at most (what `limit=0` means)."""

    usual: int
    most: int


def read(parameters: Mapping[str, str], sizes: PageSizes) -> Lookup | Search:
    """What the parameters of `GET /statements` ask for (xAPI-Communication 2.1.3).

    Raises `InvalidParameter` with the parameter, what was found and what was expected.
    """
    rendering = Rendering(
        format=read_as(parameters, "format", one_of(FORMATS), "exact"),
        attachments=read_as(parameters, "attachments", boolean, False),
    )
    ids = [name for name in ("statementId", "voidedStatementId") if name in parameters]
    if not ids:
        return Search(_query(parameters, sizes), rendering)
    others = sorted(parameters.keys() - {ids[0], "format", "attachments"})
    if others:
        expected = "no parameter but format and attachments beside it"
        raise refused(others[0], f"beside {ids[0]}", expected, is_value=False)
    return Lookup(read_uuid(ids[0], parameters[ids[0]]), ids[0] == "voidedStatementId", rendering)


def _query(parameters: Mapping[str, str], sizes: PageSizes) -> StatementQuery:
    limit = read_as(parameters, "limit", count, sizes.usual)
    registration = parameters.get("registration")
    return StatementQuery(
        agent=read_as(parameters, "agent", agent, None),
        related_agents=read_as(parameters, "related_agents", boolean, False),
        verb=read_as(parameters, "verb", iri, None),
        activity=read_as(parameters, "activity", iri, None),
        related_activities=read_as(parameters, "related_activities", boolean, False),
        registration=None if registration is None else read_uuid("registration", registration),
        since_us=read_as(parameters, "since", instant, None),
        until_us=read_as(parameters, "until", instant, None),
        ascending=read_as(parameters, "ascending", boolean, False),
        limit=min(limit or sizes.most, sizes.most),
    )


KNOWN = (
    *("statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_agents"),
    *("related_activities", "since", "until", "limit", "format", "attachments", "ascending"),
)
