"""What stored statements came to, one after the other: the scan behind the question of data quality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lrs.cohort.quality import SAMPLE, Covered, Look, Quality, Tally
from lrs.cohort.refused import Refused
from lrs.competency.assessment import DAY_US, assess
from lrs.competency.evidence import Finding, Flag, RecordedEvidence
from lrs.competency.policy import Policy
from lrs.competency.rubric import Rubric
from lrs.plugin.manager import PluginHost
from lrs.plugin.view import StatementView
from lrs.services.remembering import Memory
from lrs.stores.base import Store
from lrs.xapi import strict_json
from lrs.xapi.statement import StoredStatement

_PAGE = 500
_MOST_QUARANTINED = 100_000
_LONGEST_REASON = 300
_LINE_BYTES = 4_000
"""About what a line takes that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Statements stored later than `since_us`, up to and with `until_us`; at most `most` of them, oldest first."""

    since_us: int
    until_us: int
    most: int


def look_through(
    store: Store,
    plugins: PluginHost,
    rubrics: Mapping[str, Rubric],
    policy: Policy,
    period: Period,
    *,
    refused: Refused,
    lines: int,
    memory: Memory | None = None,
) -> Quality:
    """Every statement of the period, as the loaded plugins see it, a page at a time.

    `rubrics`: those in force, that its evidence would be held against. `refused`: what was refused in the
    period, to stand beside. `lines`: most lines in the answer. `memory`: where what came of it is kept.
    """
    memory = Memory(store, most_bytes=0) if memory is None else memory
    # A period moves on with the clock. While nothing is stored, the statements in it are the same until one drops out.
    first = next((one.stored_us for one in _within(store, period)), None)
    found = memory.of(
        period.until_us,
        ("quality", first, period.most, tuple(rubric.digest for rubric in rubrics.values())),
        lambda: _looked(store, plugins, rubrics, policy, period),
        lambda looked: _LINE_BYTES * (1 + looked.tally.lines),
    )
    covered = Covered(
        since_us=period.since_us,
        until_us=period.until_us,
        through_us=period.until_us if found.complete else found.through_us,
        complete=found.complete,
    )
    return found.tally.answer(covered, refused, limit=lines)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What became of a period. The tally is not added to any more."""

    tally: Tally
    through_us: int
    """`stored` of the last that was looked at."""
    complete: bool


def _looked(
    store: Store, plugins: PluginHost, rubrics: Mapping[str, Rubric], policy: Policy, period: Period
) -> _Looked:
    quarantined = {
        one.statement_id for one in store.quarantined(as_of_us=period.until_us, limit=_MOST_QUARANTINED)
    }
    scan = _Scan(plugins, rubrics, policy, quarantined)
    within = _within(store, period)
    through_us, count = period.since_us, 0
    while page := list(islice(within, min(_PAGE, period.most - count))):
        scan.page(page, period.until_us)
        count += len(page)
        through_us = page[-1].stored_us
    return _Looked(scan.tally, through_us, complete=next(within, None) is None)


def _within(store: Store, period: Period) -> Iterator[StoredStatement]:
    for statement in store.scan(period.since_us):
        if statement.stored_us > period.until_us:
            return
        yield statement


class _Scan:
    """Adds pages of statements up."""

    def __init__(
        self,
        plugins: PluginHost,
        rubrics: Mapping[str, Rubric],
        policy: Policy,
        quarantined: AbstractSet[str],
    ) -> None:
        self.tally = Tally()
        self._plugins = plugins
        self._rubrics = rubrics
        self._policy = policy
        self._quarantined = quarantined

    def page(self, page: Sequence[StoredStatement], until_us: int) -> None:
        """Count these."""
        parsed: list[Any] = [strict_json.parse(one.raw) for one in page]
        found = self._plugins.recognise(parsed)
        records = [
            record for one, findings in zip(page, found, strict=True) for record in _records(one, findings)
        ]
        unusable = self._unusable(records)
        for stored, statement, findings in zip(page, parsed, found, strict=True):
            self._one(stored, StatementView(statement), findings, unusable.get(stored.id, ()), until_us)

    def _one(
        self,
        stored: StoredStatement,
        view: StatementView,
        findings: Sequence[Finding],
        unusable: Sequence[str],
        until_us: int,
    ) -> None:
        evidence = [piece for finding in findings for piece in finding.evidence]
        key = (
            view.authority_key or "",
            _platform(view),
            view.parents[0] if view.parents else view.object_id or "",
        )
        voided = stored.voided_us is not None and stored.voided_us <= until_us
        ask = not evidence and not voided and self.tally.sampled(*key) < SAMPLE
        self.tally.add(
            Look(
                authority=key[0],
                platform=key[1],
                activity=key[2],
                voided=voided,
                recognised=bool(evidence),
                quarantined=stored.id in self._quarantined,
                future=view.timestamp_us > stored.stored_us + DAY_US,
                evidence=len(evidence),
                not_observed=sum(Flag.NOT_OBSERVED in piece.flags for piece in evidence),
                unusable=tuple(unusable),
                why_not=self._why_not(view) if ask else None,
            )
        )

    def _why_not(self, view: StatementView) -> str:
        """The rule that came nearest, and what it missed."""
        verb = view.statement["verb"]["id"]
        for nearest in self._plugins.explain(view.statement):
            # Whatever does not look at the verb names it, and is near nothing.
            if not any(verb in reason for reason in nearest.reasons):
                return f"{nearest.plugin}, rule {nearest.rule}: {'; '.join(nearest.reasons)}"[
                    :_LONGEST_REASON
                ]
        return f"no rule is for the verb {verb}"[:_LONGEST_REASON]

    def _unusable(self, records: Sequence[RecordedEvidence]) -> dict[str, list[str]]:
        """Why pieces cannot be scored, by statement: each is judged by itself, whomever it is about."""
        found: dict[str, list[str]] = {}
        for name, rubric in self._rubrics.items():
            on_it = [record for record in records if record.evidence.competency == name]
            if on_it:
                newest_us = max(record.stored_us for record in on_it)
                sorted_out = assess(on_it, rubric, self._policy, newest_us, models=self._plugins.models)
                for left in sorted_out.unusable:
                    found.setdefault(left.record.statement_id, []).append(left.reason)
        return found


def _platform(view: StatementView) -> str:
    platform = view.context.get("platform", "")
    return platform if isinstance(platform, str) else ""


def _records(stored: StoredStatement, findings: Sequence[Finding]) -> Iterator[RecordedEvidence]:
    for finding in findings:
        for piece in finding.evidence:
            yield RecordedEvidence(
                evidence=piece,
                statement_id=stored.id,
                statement_sha256=stored.sha256.hex(),
                stored_us=stored.stored_us,
                authority="",
                plugin=finding.source.plugin,
                plugin_version=finding.source.version,
            )
