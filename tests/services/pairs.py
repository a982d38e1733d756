"""An agency's plugin that finds evidence on two officers in one statement."""

from __future__ import annotations

from lrs.competency.evidence import Evidence, Tier
from lrs.plugin.view import StatementView
from tests.services.academy import key

PAIRED = "https://academy.example/verbs/rated-as-a-pair"


class Pairs:
    """An agency's recogniser: a rating of a pair, R-001 and R-002, is evidence on both."""

    competency = "communication"
    name = "pairs"
    verbs = frozenset({PAIRED})
    digest = "pairs-1"

    def recognise(self, view: StatementView) -> list[Evidence]:
        return [
            Evidence(
                subject=key(officer),
                competency=self.competency,
                rating=float(view.result["score"]["raw"]),
                scale="fto-7",
                tier=Tier.FIELD,
                rater=key("T-05"),
                encounter=view.encounter,
                observed_us=view.timestamp_us,
                rule="pair",
            )
            for officer in ("R-001", "R-002")
        ]
