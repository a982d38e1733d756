"""A store full of evidence: a cohort with ratings on three competencies, and one officer who has a thousand of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from lrs.competency.evidence import Evidence, Finding, Source, Tier
from lrs.plugin.manager import load_plugins
from lrs.stores.base import Store, Submission
from lrs.stores.opening import open_store
from lrs.stores.sqlite.migrating import migrations
from lrs.xapi.statement import NewStatement
from lrs.xapi.terms import terms_of
from lrs.xapi.timestamps import format_us
from tests.benchmarks.output import say
from tests.benchmarks.stores import remove

COMPETENCIES = ("communication", "cultural_competency", "leadership")
THOUSANDER = "account:T-1000@https://academy.example"
"""Agent key of the officer with a thousand pieces of evidence on one competency."""

_DAY_US = 86_400_000_000
_FIRST_US = 1_767_225_600_000_000  # 2026-01-01
_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much evidence there is."""

    officers: int
    forms: int
    """Daily reports on each officer; each has one rating on each competency."""

    @property
    def pieces(self) -> int:
        """Of the cohort, without the one who has a thousand."""
        return self.officers * self.forms * len(COMPETENCIES)


def cohort_store(folder: Path, size: Size) -> Store:
    """The store, open; built once and kept while the schema stays the same."""
    schema = sha256("".join(migrations()).encode()).hexdigest()[:12]
    file = folder / f"cohort-{size.officers}-{size.forms}-{schema}.db"
    if not file.exists():
        say(f"Building a store with {size.pieces:,} pieces of evidence, once …")
        partial = folder / "cohort-partial.db"
        remove(partial)
        store = open_store(f"sqlite:///{partial}")
        store.initialise()
        for batch in batched_reports(size):
            store.add(batch)
        store.close()
        partial.replace(file)
        remove(partial)
    return open_store(f"sqlite:///{file}")


def batched_reports(size: Size) -> Iterator[Submission]:
    """Daily reports of the cohort, and a thousand shifts of one officer, ready to be stored."""
    sources = load_plugins().sources
    random = Random(1)
    reports = [
        (f"account:R-{officer:04d}@https://academy.example", day, COMPETENCIES)
        for day in range(size.forms)
        for officer in range(size.officers)
    ]
    reports += [(THOUSANDER, day % 120, COMPETENCIES[:1]) for day in range(1_000)]
    for place, some in enumerate(_in(reports, _BATCH)):
        made = [_report(random, who, day, spoken_to, sources) for who, day, spoken_to in some]
        say(f"  {place * _BATCH:,} of {len(reports):,} reports")
        yield Submission(statements=[each for each, _ in made], findings=[found for _, found in made])


def _in(
    reports: list[tuple[str, int, tuple[str, ...]]], size: int
) -> Iterator[list[tuple[str, int, tuple[str, ...]]]]:
    for start in range(0, len(reports), size):
        yield reports[start : start + size]


def _report(
    random: Random, officer: str, day: int, competencies: tuple[str, ...], sources: dict[str, Source]
) -> tuple[NewStatement, list[Finding]]:
    observed_us = _FIRST_US + day * _DAY_US + random.randrange(_DAY_US)
    rater = f"account:T-{random.randrange(40):02d}@https://academy.example"
    name = officer.removeprefix("account:").partition("@")[0]
    statement = {
        "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "actor": {"account": {"homePage": "https://academy.example", "name": name}},
        "verb": {"id": "http://id.tincanapi.com/verb/rated"},
        "object": {"id": "https://academy.example/daily-report"},
        "timestamp": format_us(observed_us),
        "authority": {"account": {"homePage": "https://academy.example", "name": "observation app"}},
        "version": "2.0.0",
    }
    new = NewStatement(
        id=statement["id"],
        body=json.dumps(statement).encode(),
        parsed=statement,
        terms=terms_of(statement),
        timestamp_us=observed_us,
        timestamp_given=True,
    )
    level = 3.5 + 2 * Random(officer).random()
    findings = [
        Finding(
            source=sources[competency],
            evidence=(
                Evidence(
                    subject=officer,
                    competency=competency,
                    indicator=None,
                    rating=float(min(7, max(1, round(random.gauss(level, 1))))),
                    scale="fto-7",
                    tier=Tier.FIELD,
                    rater=rater,
                    encounter=f"{day}|{random.randrange(10**6)}" if officer == THOUSANDER else f"shift-{day}",
                    observed_us=observed_us,
                    rule="ride-along",
                ),
            ),
        )
        for competency in competencies
    ]
    return new, findings
