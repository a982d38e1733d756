"""What the reading loads ask: filters that many statements meet, chosen from the statements themselves.

The same questions are asked of both stores, and each filter is met by a full page of the small one already, so
that every answer has as many statements.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from tests.benchmarks.client import Address, fetch, request
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.plan import Plan
from tests.benchmarks.statements import lines
from tests.benchmarks.stores import BuiltStore
from tests.benchmarks.writing import STATEMENTS, xapi_headers

KINDS = (
    "get-latest",
    "get-agent",
    "get-verb-activity",
    "get-related-activity",
    "get-more",
    "get-id",
    "profile",
)
"""Kinds of questions, in the order in which they are asked."""

# So many different questions of each kind, asked in turn.
_VARIANTS = 20
_IDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Query strings, without a limit, for each kind of question."""

    agents: tuple[str, ...]
    verbs_and_activities: tuple[str, ...]
    related_activities: tuple[str, ...]
    ids: tuple[str, ...]


def choose_filters(plan: Plan) -> Filters:
    """Filters that the small store meets with a full page at least, the commonest first."""
    agents: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    related: Counter[str] = Counter()
    ids = []
    for line in lines(plan, 0, plan.small):
        statement = json.loads(line)
        ids.append(statement["id"])
        agents[json.dumps(statement["actor"], separators=(",", ":"))] += 1
        if "id" in statement["object"]:
            pairs[statement["verb"]["id"], statement["object"]["id"]] += 1
        related.update(set(_context_activities(statement)))
    return Filters(
        agents=_common(plan, agents, lambda agent: {"agent": agent}),
        verbs_and_activities=_common(plan, pairs, lambda pair: {"verb": pair[0], "activity": pair[1]}),
        related_activities=_common(
            plan, related, lambda one: {"activity": one, "related_activities": "true"}
        ),
        ids=tuple(f"statementId={one}" for one in ids[:: max(1, len(ids) // _IDS)]),
    )


def requests_for(name: str, plan: Plan, filters: Filters, built: BuiltStore, address: Address) -> list[bytes]:
    """The requests of one kind of question to the server of a store; each has been answered once."""
    headers = xapi_headers(built.key_id, built.secret)
    if name == "profile":
        asked = urlencode({"as_of": built.as_of})
        targets = [f"/api/v1/profiles/{quote(one, safe='')}?{asked}" for one in built.officers]
        return [request("GET", target, headers) for target in targets]
    if name == "get-id":
        return [request("GET", f"{STATEMENTS}?{one}", headers) for one in filters.ids]
    if name == "get-more":
        return [request("GET", target, headers) for target in _deep_pages(plan, built, address, headers)]
    queries = {
        "get-latest": ("",),
        "get-agent": filters.agents,
        "get-verb-activity": filters.verbs_and_activities,
        "get-related-activity": filters.related_activities,
    }[name]
    asked_for = [
        request("GET", f"{STATEMENTS}?limit={plan.limit}&{query}".rstrip("&"), headers) for query in queries
    ]
    for one in asked_for:
        _check_full(plan, fetch(address, one))
    return asked_for


def _context_activities(statement: Mapping[str, Any]) -> Iterator[str]:
    for listed in statement.get("context", {}).get("contextActivities", {}).values():
        for activity in (listed,) if isinstance(listed, dict) else listed:
            yield activity["id"]


def _common(plan: Plan, counted: Counter[Any], query: Callable[[Any], Mapping[str, str]]) -> tuple[str, ...]:
    common = [one for one, count in counted.most_common(_VARIANTS) if count >= plan.limit]
    if not common:
        raise BenchmarkError("No filter is met by a full page of the small store.")
    return tuple(urlencode(query(one)) for one in common)


def _deep_pages(plan: Plan, built: BuiltStore, address: Address, headers: Mapping[str, str]) -> Iterable[str]:
    """Links to pages in the middle of the store, found by following `more` from the newest statement on."""
    found = []
    target = f"{STATEMENTS}?limit={plan.limit}"
    for _ in range(built.statements // plan.limit // 2):
        answer = json.loads(fetch(address, request("GET", target, headers)))
        target = answer["more"]
        if not target:
            raise BenchmarkError("There is no further page, though half of the statements are to come.")
        found.append(target)
    return found[-_VARIANTS:]


def _check_full(plan: Plan, answer: bytes) -> None:
    count = len(json.loads(answer)["statements"])
    if count != plan.limit:
        raise BenchmarkError(f"A page has {count} statements; expected {plan.limit}.")
