"""The demo academy in any store, and whether two stores say the same of everybody in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lrs.competency.policy import Policy
from lrs.demo.academy import generate, roster
from lrs.plugin.host import PluginHost
from lrs.plugin.testing import host_with
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.profiles import Profiles
from lrs.services.wiring import new_id, now_us
from lrs.stores.base import Store
from lrs.xapi.versions import Version
from tests.plugins.guests import ALL_GUESTS
from tests.services.agencies import _VENDOR as VENDOR

UNTIL = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Filled:
    """An academy: who finds evidence, and instants on the way."""

    host: PluginHost
    instants: Sequence[int]


def fill(store: Store, *, scale: float) -> Filled:
    """Post the academy's statements, in batches, and put its roster."""
    host = host_with(*ALL_GUESTS.values())
    limits = Limits(batch=10_000, json_bytes=2**26, statement_bytes=2**20)
    ingest = Ingest(store, host, clock=now_us, new_id=new_id, limits=limits)
    postings = generate(until=UNTIL, scale=scale)
    instants: list[int] = []
    for start in range(0, len(postings), 100):
        for version in Version:
            batch = [one.statement for one in postings[start : start + 100] if one.version == version.value]
            if batch:
                ingest.post(Body("application/json", json.dumps(batch).encode()), version, VENDOR)
        instants.append(store.consistent_through())
    store.put_members(roster(until=UNTIL, scale=scale))
    return Filled(host, instants)


def assert_same_profiles(one: Store, other: Store, filled: Filled) -> None:
    """Profiles and explanations of all officers, at some instants, are the same to the byte."""
    instants = filled.instants
    stores = [Profiles(store, filled.host, policy=Policy()) for store in (one, other)]
    for instant in (*instants[:: max(1, len(instants) // 4)], instants[-1]):
        officers = list(one.officers(instant))
        assert officers == list(other.officers(instant))
        for officer in officers:
            first, second = (_told(profiles, officer, instant) for profiles in stores)
            assert first == second
    assert officers


def _told(profiles: Profiles, officer: str, instant: int) -> str:
    explained = [one.as_dict() for one in profiles.explanations(officer, instant)]
    return json.dumps([profiles.profile(officer, instant).as_dict(), explained])
