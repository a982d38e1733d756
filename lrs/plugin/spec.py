"""The hooks: what the server asks a plugin, once, when it starts, each plugin by itself.

A plugin is any object (most often a module) that an entry point of the group `lrs` points at and that defines
some of these functions, marked with `lrs.plugin.hookimpl`. No hook sees another plugin's answer, so the order
in which plugins are installed or registered never changes a result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pluggy

from lrs.competency.additions import Explainer, ReportColumn
from lrs.competency.models import Model
from lrs.competency.rubric import Rubric
from lrs.plugin.recogniser import Recogniser

PROJECT: Final = "lrs"
"""Name of the pluggy project and of the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec(firstresult=True)
def lrs_config_schema() -> Mapping[str, Any] | None:
    """The JSON Schema of the plugin's own configuration, the table `[plugins.NAME]`.

    Called first, before the configuration is read. Without this hook, or with None, the plugin takes no
    configuration, and a table for it is an error.

    Returns:
        A JSON Schema, 2020-12 unless it says otherwise. It may refer to ours by their `$id`.
    """


@hookspec
def lrs_rubrics() -> Iterable[Rubric]:
    """The competencies that the plugin defines, one rubric each.

    Called after the configuration was found valid. A competency that two plugins define is an error.

    Returns:
        Rubrics; none for a plugin that only recognises evidence for competencies of other plugins.
    """
    raise NotImplementedError


@hookspec
def lrs_recognisers(config: Mapping[str, Any]) -> Iterable[Recogniser]:
    """What finds evidence in statements.

    Called after `lrs_rubrics`.

    Args:
        config: the plugin's configuration, valid by `lrs_config_schema`; empty when there is none. Leave it
            unchanged.

    Returns:
        Recognisers; none for a plugin that only defines competencies.
    """
    raise NotImplementedError


@hookspec
def lrs_models(config: Mapping[str, Any]) -> Iterable[Model]:
    """Models: other ways to turn votes into a probability than `decayed_beta`.

    Called after `lrs_recognisers`. A model is asked only where the table `[scoring]` or
    `[scoring.competencies.ID]` names its id; that it is installed changes nothing. Two models of one id are an
    error.

    Args:
        config: the plugin's configuration, as for `lrs_recognisers`.

    Returns:
        Models, each with an id of its own, `name/version`.
    """
    raise NotImplementedError


@hookspec
def lrs_explanations(config: Mapping[str, Any]) -> Iterable[Explainer]:
    """Sentences for explanations; they stand under `notes`, with the name of the plugin.

    Called after `lrs_models`. What an explainer says changes no number.

    Args:
        config: the plugin's configuration, as for `lrs_recognisers`.

    Returns:
        Explainers, each with a name of its own in the plugin.
    """
    raise NotImplementedError


@hookspec
def lrs_report_columns(config: Mapping[str, Any]) -> Iterable[ReportColumn]:
    """Columns for reports on several officers, each computed from one officer's profile.

    Called after `lrs_explanations`.

    Args:
        config: the plugin's configuration, as for `lrs_recognisers`.

    Returns:
        Columns, each with a name of its own in the plugin.
    """
    raise NotImplementedError
