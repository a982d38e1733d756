"""An agency in miniature: a store, a plugin that changes its mind, and every service that a change goes through."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lrs.competency.policy import Policy
from lrs.plugin import Evidence, Rubric, StatementView, Tier, hookimpl
from lrs.plugin.manager import PluginHost
from lrs.plugin.testing import host_with
from lrs.services.access.keys import Credential
from lrs.services.comparing import Comparing
from lrs.services.generations import Generations
from lrs.services.ingest import Body, Ingest, Limits
from lrs.services.profiles import Profiles
from lrs.services.quarantine import Quarantine
from lrs.services.reprofile import Reprofile
from lrs.services.wiring import new_id, now_us
from lrs.stores.base import Store
from lrs.stores.opening import open_store
from lrs.xapi.versions import Version

RATED = "http://id.tincanapi.com/verb/rated"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
ITEM = "https://academy.example/items/catches"
ACADEMY = "https://academy.example"
_VENDOR = Credential("key", frozenset({"all"}), {"account": {"homePage": ACADEMY, "name": "vendor"}})


def key_of(name: str) -> str:
    """Agent key of an officer."""
    return f"account:{name}@{ACADEMY}"


def rubric(competency: str = "juggling", **parts: Any) -> Rubric:
    """A rubric of two indicators with its cut at 3.5 of 7, and what is different."""
    return Rubric.from_dict(
        {
            "competency": competency,
            "version": "1",
            "name": competency.title(),
            "description": "Keeps things in the air.",
            "scales": ["fto-7"],
            "cut": {"scale": "fto-7", "rating": 3.5, "acceptable": 4},
            "indicators": [
                {"id": "catches", "name": "Catches", "description": "What comes down."},
                {"id": "throws", "name": "Throws", "description": "What is to go up."},
            ],
            **parts,
        }
    )


@dataclass
class Judge:
    """A recogniser: a rating of the actor by the instructor becomes evidence, `harder` points lower."""

    competency: str = "juggling"
    harder: float = 0.0
    most: float = 7.0
    """Ratings above are passed over."""
    fails_on: float | None = None
    """The rating that it fails on."""
    indicator: str = "catches"
    name: str = "judge"
    verbs: frozenset[str] = frozenset({RATED})

    @property
    def digest(self) -> str:
        return repr(self)

    def recognise(self, view: StatementView) -> list[Evidence]:
        raw = float(view.result["score"]["raw"])
        if raw == self.fails_on:
            raise ValueError(f"cannot make sense of {raw:g}")
        if raw > self.most:
            return []
        return [
            Evidence(
                subject=view.actor_key or "",
                competency=self.competency,
                indicator=self.indicator,
                rating=max(1.0, raw - self.harder),
                scale="fto-7",
                tier=Tier.FIELD,
                rater=f"account:{view.context['instructor']['account']['name']}@{ACADEMY}",
                encounter=view.encounter,
                observed_us=view.timestamp_us,
                rule="rating",
            )
        ]


def plugin(version: str, *recognisers: Any, rubrics: tuple[Rubric, ...] | None = None) -> SimpleNamespace:
    """A plugin of this version with these recognisers and rubrics (default: that of juggling)."""
    defined = (rubric(),) if rubrics is None else rubrics

    @hookimpl
    def lrs_rubrics() -> list[Rubric]:
        return list(defined)

    @hookimpl
    def lrs_recognisers(config: Mapping[str, Any]) -> list[Any]:
        return list(recognisers)

    return SimpleNamespace(__version__=version, lrs_rubrics=lrs_rubrics, lrs_recognisers=lrs_recognisers)


def rating(officer: str, raw: float, *, rater: str = "T-0", **parts: Any) -> dict[str, Any]:
    """A statement: `rater` gave an officer this rating, today, in an encounter of its own."""
    return {
        "id": str(uuid.uuid4()),
        "actor": {"account": {"homePage": ACADEMY, "name": officer}},
        "verb": {"id": RATED},
        "object": {"id": ITEM},
        "result": {"score": {"raw": raw, "min": 1, "max": 7}},
        "context": {
            "registration": str(uuid.uuid4()),
            "instructor": {"account": {"homePage": ACADEMY, "name": rater}},
        },
        **parts,
    }


@dataclass
class Agency:
    """A store and the plugins that are loaded, by name. `install` changes them, as a restart would."""

    url: str
    plugins: dict[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    part_statements: int = 10
    lease_us: int = 1

    def __post_init__(self) -> None:
        self.store: Store = open_store(self.url)
        self.host: PluginHost = host_with(**self.plugins)

    def install(self, **plugins: Any) -> None:
        """These versions are loaded from now on; the others stay."""
        self.plugins.update(plugins)
        self.host = host_with(**self.plugins)

    def post(self, *statements: Mapping[str, Any]) -> list[str]:
        """Take statements in; their ids."""
        limits = Limits(batch=10_000, json_bytes=2**26, statement_bytes=2**20)
        ingest = Ingest(self.store, self.host, clock=now_us, new_id=new_id, limits=limits)
        body = Body("application/json", json.dumps(statements).encode())
        return ingest.post(body, Version.V1, _VENDOR)

    def rate(self, officer: str, *ratings: float) -> list[str]:
        """Ratings of an officer, by two raters in turn; the statements' ids."""
        return self.post(*(rating(officer, raw, rater=f"T-{place % 2}") for place, raw in enumerate(ratings)))

    def void(self, statement_id: str) -> None:
        """Void a statement."""
        target = {"objectType": "StatementRef", "id": statement_id}
        self.post(rating("vendor", 1, verb={"id": VOIDED}, object=target))

    @property
    def profiles(self) -> Profiles:
        return Profiles(self.store, self.host, policy=self.policy)

    @property
    def reprofile(self) -> Reprofile:
        return Reprofile(
            self.store,
            self.host,
            opener=partial(opened, self.url, dict(self.plugins)),
            new_id=new_id,
            part_statements=self.part_statements,
            lease_us=self.lease_us,
        )

    @property
    def generations(self) -> Generations:
        return Generations(self.store, self.host)

    @property
    def comparing(self) -> Comparing:
        return Comparing(self.store, self.host, policy=self.policy)

    @property
    def quarantine(self) -> Quarantine:
        return Quarantine(self.store, self.host)

    def bytes_of(self, officer: str, as_of_us: int) -> tuple[bytes, bytes]:
        """A profile and its explanations, as bytes."""
        subject = key_of(officer)
        profile = self.profiles.profile(subject, as_of_us).as_dict()
        explained = [one.as_dict() for one in self.profiles.explanations(subject, as_of_us)]
        return json.dumps(profile).encode(), json.dumps(explained).encode()

    def now(self) -> int:
        """An instant of which everything is known."""
        return self.profiles.as_of(None)

    def verdict(self, officer: str) -> str:
        """On the first competency, now."""
        return str(self.profiles.profile(key_of(officer), self.now()).as_dict()["competencies"][0]["verdict"])


def opened(url: str, plugins: Mapping[str, Any]) -> tuple[Store, PluginHost]:
    """What a further process works with."""
    return open_store(url), host_with(**plugins)


def agency_in(folder: Path, **plugins: Any) -> Agency:
    """An agency with an empty store."""
    agency = Agency(f"sqlite:///{folder / 'agency.db'}", plugins)
    agency.store.initialise()
    return agency
