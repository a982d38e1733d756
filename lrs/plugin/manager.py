"""Load every installed plugin that is not turned off, or say which one cannot be loaded and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from lrs.competency.estimating import standard_models
from lrs.errors import PluginError
from lrs.plugin import loading, spec
from lrs.plugin.folders import folder_points
from lrs.plugin.host import LoadedPlugin, PluginHost, PluginInfo

__all__ = ["LoadedPlugin", "PluginHost", "PluginInfo", "load_plugins"]


def load_plugins(
    config: Mapping[str, Mapping[str, Any]] | None = None,
    off: Collection[str] = (),
    entry_points: Iterable[metadata.EntryPoint] | None = None,
    folders: Iterable[str | Path] = (),
) -> PluginHost:
    """The host of all plugins.

    Args:
        config: configuration table of each plugin that has one, by the plugin's name.
        off: names of plugins that are not to be loaded, nor even imported.
        entry_points: what to load; all of the group `lrs` that are installed when None.
        folders: plugins that are no package, loaded beside them, see `lrs.plugin.folders`.

    Raises `PluginError`, naming plugin, distribution and cause, when a plugin cannot be imported, implements
    no hook or one that does not exist, has an invalid rubric, alignment or configuration; when two have the
    same name, define the same competency or bring models of the same id; and when `config` or `off` names a plugin
    that is not installed.
    """
    points = list(metadata.entry_points(group=spec.PROJECT) if entry_points is None else entry_points)
    points += folder_points(folders)
    tables = {} if config is None else config
    _check_names({point.name for point in points}, tables, off)
    loaded = [loading.load(point, tables.get(point.name)) for point in loading.distinct(points, off)]
    _check_owners(
        "competency",
        "defined",
        ((each.info.name, rubric.competency) for each in loaded for rubric in each.rubrics),
    )
    _check_owners("model", "brought", _model_ids(loaded))
    return PluginHost(loaded)


def _check_names(installed: set[str], config: Mapping[str, Any], off: Collection[str]) -> None:
    known = ", ".join(sorted(installed)) or "none"
    for name in sorted(config):
        if name not in installed:
            raise PluginError(
                f"[plugins.{name}] configures a plugin that is not installed. Installed: {known}."
            )
    for name in sorted(off):
        if name not in installed:
            raise PluginError(
                f"plugins_off names '{name}', a plugin that is not installed. Installed: {known}."
            )


def _model_ids(loaded: Iterable[LoadedPlugin]) -> Iterator[tuple[str, str]]:
    for model in standard_models():
        yield "", model
    for plugin in loaded:
        for found in plugin.models:
            yield plugin.info.name, found.id


def _check_owners(what: str, verb: str, owned: Iterable[tuple[str, str]]) -> None:
    """Nothing has two owners. `owned`: name of a plugin (empty: Rapport itself) and id."""
    owners: dict[str, str] = {}
    for plugin, id_ in owned:
        by = f"the plugin '{plugin}'" if plugin else "Rapport itself"
        if id_ in owners:
            raise PluginError(f"The {what} '{id_}' is {verb} twice: by {owners[id_]} and {by}.")
        owners[id_] = by
