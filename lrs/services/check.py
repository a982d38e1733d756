"""The dry run: is a statement valid, who recognises it, what is it worth, and why not? Nothing is stored.

Beside that: does it match a template of our xAPI Profile? That decides nothing; it tells a vendor how near a
statement is to the form in which such evidence is best sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from lrs.competency.estimate import PLACES
from lrs.competency.evidence import Evidence
from lrs.competency.policy import Policy
from lrs.errors import Detail, MalformedJson
from lrs.plugin import Outcome
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.manager import PluginHost
from lrs.services.access.keys import Credential
from lrs.services.ingest import Limits
from lrs.xapi import strict_json
from lrs.xapi.incoming import Stamp
from lrs.xapi.statement import Statement
from lrs.xapi.templates import standard_templates
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """How a statement compares with one template of our xAPI Profile."""

    id: str
    name: str
    matched: bool
    reasons: tuple[str, ...]
    """Not matched: each reason why not, with its path. Matched: what the template recommends beside."""


def template_matches(statement: Statement) -> tuple[TemplateMatch, ...]:
    """How a valid statement compares with the templates for its verb: matches first, then the nearest misses.

    The verb is what the alias table says is meant, so that a wrong IRI is named as the reason. A deprecated
    template is left out unless it matches.
    """
    verb = standard_aliases().right(statement["verb"]["id"])
    found = []
    for template in standard_templates().values():
        if template.verb not in (None, verb):
            continue
        reasons = template.misses(statement)
        if reasons and template.deprecated:
            continue
        found.append(
            TemplateMatch(template.id, template.name, not reasons, reasons or template.remarks(statement))
        )
    return tuple(sorted(found, key=lambda each: (not each.matched, len(each.reasons))))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a statement would come to. `rules` and `templates` are empty for one that is not valid."""

    details: tuple[Detail, ...]
    rules: tuple[dict[str, Any], ...] = ()
    templates: tuple[TemplateMatch, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: `{"valid", "recognised", "problems", "rules", "templates"}`."""
        return {
            "valid": not self.details,
            "recognised": any(rule["matched"] for rule in self.rules),
            "problems": [asdict(detail) for detail in self.details],
            "rules": list(self.rules),
            "templates": [{**asdict(each), "reasons": list(each.reasons)} for each in self.templates],
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
            return Verdict((Detail("", f"{len(body)} bytes", most),))
        try:
            return self._run(body, version, credential)
        except MalformedJson as exc:
            return Verdict(exc.details)

    def _run(self, body: bytes, version: Version, credential: Credential) -> Verdict:
        statement = strict_json.parse(body)
        details = check_statement(statement, version)
        if details:
            return Verdict(tuple(details))
        stamp = Stamp(
            now_us=self._clock(),
            authority=credential.authority,
            version=version.stamp,
            new_id=self._new_id,
            trusted=credential.may_speak_for_others,
        )
        stamped = stamp.new_statement(statement, body).parsed
        return Verdict(
            (),
            rules=tuple(map(self._rule, self._plugins.explain(stamped))),
            # As it was sent: what the server adds is nothing that the vendor has done right.
            templates=template_matches(statement),
        )

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
        tiers = self._policy.for_rubric(rubric).tiers
        rating = evidence.rating
        return {
            "subject": evidence.subject,
            "competency": evidence.competency,
            "indicator": evidence.indicator,
            "rating": rating,
            "scale": evidence.scale,
            "s": None if rating is None else round(rubric.scales[evidence.scale].normalise(rating), PLACES),
            "tier": evidence.tier.value,
            "weight": 0.0 if rating is None or not rubric.scored else tiers.get(evidence.tier, 0.0),
            "rater": evidence.rater,
            "encounter": evidence.encounter,
            "flags": [flag.value for flag in evidence.flags],
        }
