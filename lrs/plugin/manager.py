"""Load every installed plugin that is not turned off, or say which one cannot be loaded and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from importlib import metadata
from typing import Any

from lrs.errors import PluginError
from lrs.plugin import loading, spec
from lrs.plugin.host import LoadedPlugin, PluginHost, PluginInfo

__all__ = ["LoadedPlugin", "PluginHost", "PluginInfo", "load_plugins"]


def load_plugins(
    config: Mapping[str, Mapping[str, Any]] | None = None,
    off: Collection[str] = (),
    entry_points: Iterable[metadata.EntryPoint] | None = None,
) -> PluginHost:
    """The host of all plugins.

    Args:
        config: configuration table of each plugin that has one, by the plugin's name.
        off: names of plugins that are not to be loaded, nor even imported.
        entry_points: what to load; all of the group `lrs` that are installed when None.

    Raises `PluginError`, naming plugin, distribution and cause, when a plugin cannot be imported, implements
    no hook or one that does not exist, has an invalid rubric, alignment or configuration; when two have the
    same name or define the same competency; and when `config` or `off` names a plugin that is not installed.
    """
    points = list(metadata.entry_points(group=spec.PROJECT) if entry_points is None else entry_points)
    tables = {} if config is None else config
    _check_names({point.name for point in points}, tables, off)
    loaded = [loading.load(point, tables.get(point.name)) for point in loading.distinct(points, off)]
    _check_competencies(loaded)
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


def _check_competencies(loaded: Iterable[LoadedPlugin]) -> None:
    owner: dict[str, str] = {}
    for plugin in loaded:
        for rubric in plugin.rubrics:
            if rubric.competency in owner:
                raise PluginError(
                    f"The competency '{rubric.competency}' is defined twice: by the plugins "
                    f"'{owner[rubric.competency]}' and '{plugin.info.name}'."
                )
            owner[rubric.competency] = plugin.info.name
