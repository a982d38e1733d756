"""The dry run: is a statement valid, who recognises it, what is it worth, and why not? Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lrs.competency.estimate import PLACES
from lrs.competency.evidence import Evidence
from lrs.competency.policy import Policy
from lrs.errors import Detail, MalformedJson
from lrs.plugin import Outcome
from lrs.plugin.manager import PluginHost
from lrs.services.access import Credential
from lrs.services.ingest import Limits
from lrs.xapi import strict_json
from lrs.xapi.incoming import Stamp
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a statement would come to. `rules` is empty for a statement that is not valid."""

    details: tuple[Detail, ...]
    rules: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: `{"valid", "recognised", "problems", "rules"}`."""
        return {
            "valid": not self.details,
            "recognised": any(rule["matched"] for rule in self.rules),
            "problems": [asdict(detail) for detail in self.details],
            "rules": list(self.rules),
        }


class Check:
    """Answers a vendor: did it count, and why not?"""

    def __init__(
        self,
        plugins: PluginHost,
        limits: Limits,
        *,
        policy: Policy,
        clock: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self._plugins = plugins
        self._limits = limits
        self._policy = policy
        self._clock = clock
        self._new_id = new_id

    def run(self, body: bytes, version: Version, credential: Credential) -> Verdict:
        """What one statement would come to if this credential posted it now.

        Bytes that are no JSON are a problem like any other.
        """
        if len(body) > self._limits.statement_bytes:
            most = f"at most {self._limits.statement_bytes} bytes"
            return Verdict((Detail("", f"{len(body)} bytes", most),), ())
        try:
            return self._run(body, version, credential)
        except MalformedJson as exc:
            return Verdict(exc.details, ())

    def _run(self, body: bytes, version: Version, credential: Credential) -> Verdict:
        statement = strict_json.parse(body)
        details = check_statement(statement, version)
        if details:
            return Verdict(tuple(details), ())
        stamp = Stamp(
            now_us=self._clock(),
            authority=credential.authority,
            version=version.stamp,
            new_id=self._new_id,
            trusted=credential.may_speak_for_others,
        )
        stamped = stamp.new_statement(statement, body).parsed
        return Verdict((), tuple(map(self._rule, self._plugins.explain(stamped))))

    def _rule(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "plugin": outcome.plugin,
            "rule": outcome.rule,
            "matched": outcome.matched,
            "reasons": list(outcome.reasons),
            "evidence": [self._worth(evidence) for evidence in outcome.evidence],
        }

    def _worth(self, evidence: Evidence) -> dict[str, Any]:
        """What a piece of evidence would weigh on the day it is observed."""
        rubric = self._plugins.rubrics[evidence.competency]
        policy = self._policy.for_competency(evidence.competency)
        rating = evidence.rating
        return {
            "subject": evidence.subject,
            "competency": evidence.competency,
            "indicator": evidence.indicator,
            "rating": rating,
            "scale": evidence.scale,
            "s": None if rating is None else round(rubric.scales[evidence.scale].normalise(rating), PLACES),
            "tier": evidence.tier.value,
            "weight": 0.0 if rating is None else policy.tiers.get(evidence.tier, 0.0),
            "rater": evidence.rater,
            "encounter": evidence.encounter,
            "flags": [flag.value for flag in evidence.flags],
        }
