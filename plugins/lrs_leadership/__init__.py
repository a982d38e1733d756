"""Leadership: takes responsibility for the work and for the people in it, at any rank.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Recogniser, Rubric, configuration_schema, hookimpl, packaged_alignment, packaged_rubric


@hookimpl
def lrs_config_schema() -> Mapping[str, Any]:
    """An agency may add `activities` and leave out shapes (`shapes_off`)."""
    return configuration_schema()


@hookimpl
def lrs_rubrics() -> list[Rubric]:
    """The competency of this plugin."""
    return [packaged_rubric(__name__)]


@hookimpl
def lrs_recognisers(config: Mapping[str, Any]) -> list[Recogniser]:
    """The alignment, with what the agency has added."""
    return [packaged_alignment(__name__, config)]
