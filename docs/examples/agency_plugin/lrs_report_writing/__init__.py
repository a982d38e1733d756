"""Report writing: an agency's own competency, with everything that a plugin can have.

`rubric.yaml` says what the competency is made of, `alignment.yaml` which statements are evidence of it, and
`examples.json` what must be found in which statement. What files cannot say is code: a rating that has to be computed
(`rounds`), a model that the agency agreed upon (`share`), and what it wants to have shown (`notes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.plugin import DataPlugin, configuration_schema, hookimpl, packaged_alignment
from lrs_report_writing.notes import ReportsAskedFor, ReportsReviewed
from lrs_report_writing.rounds import MOST_ROUNDS, AcceptedEarly
from lrs_report_writing.share import REQUIRED_SHARE, ShareAcceptable

REPORTS = 8


class ReportWriting(DataPlugin):
    """The rubric, as `DataPlugin` reads it, and all other hooks."""

    @hookimpl
    def lrs_config_schema(self) -> Mapping[str, Any]:
        """What the table `[plugins.report_writing]` may hold."""
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "alignment": configuration_schema(),
                "most_rounds": {"type": "integer", "minimum": 1},
                "required_share": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                "reports": {"type": "integer", "minimum": 1},
            },
        }

    @hookimpl
    def lrs_recognisers(self, config: Mapping[str, Any]) -> list[Any]:
        """The alignment, and the one that computes."""
        return [
            packaged_alignment(__name__, config.get("alignment")),
            AcceptedEarly(config.get("most_rounds", MOST_ROUNDS)),
        ]

    @hookimpl
    def lrs_models(self, config: Mapping[str, Any]) -> list[ShareAcceptable]:
        """A model; it is used where `[scoring.competencies.report_writing]` names it."""
        return [ShareAcceptable(config.get("required_share", REQUIRED_SHARE))]

    @hookimpl
    def lrs_explanations(self, config: Mapping[str, Any]) -> list[ReportsAskedFor]:
        """How many reports the academy asks for."""
        return [ReportsAskedFor(config.get("reports", REPORTS))]

    @hookimpl
    def lrs_report_columns(self, config: Mapping[str, Any]) -> list[ReportsReviewed]:
        """How many there are."""
        return [ReportsReviewed()]


plugin = ReportWriting(__name__)
