"""Is a plugin fit for use? What `lrs plugin check` asks, and says.

Its files and its configuration, its examples, what it does to any statement, whether it does the same every time,
what it must not do meanwhile, and how long it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lrs.errors import PluginError
from lrs.plugin import loading, spec
from lrs.plugin.examining_checks import BAD, GOOD, LOOK, Check, Subject, listed, looked_at
from lrs.plugin.folders import FolderPoint, folder_points
from lrs.plugin.manager import load_plugins
from lrs.xapi.statement import Statement

__all__ = ["BAD", "GOOD", "LOOK", "Check", "Settings", "examine"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What of an agency's settings concerns plugins."""

    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Configuration of each plugin that has one, by name."""
    off: Collection[str] = ()
    folders: Sequence[str | Path] = ()
    installed: Sequence[EntryPoint] | None = None
    """The plugins that there are beside those in folders; all that are installed when None."""


def examine(
    plugin: str | Path, settings: Settings | None = None, statements: Iterable[Statement] = ()
) -> tuple[Check, ...]:
    """Look at a plugin as a server would load it.

    Args:
        plugin: the name of one that is installed or in a folder of the settings, or the path of a folder.
        settings: those of the agency.
        statements: valid ones, beside the examples, to show it.

    Returns:
        What was found, the first `bad` one last when nothing after it could be looked at. Nothing in them is
        raised; `PluginError` is when there is no such plugin.
    """
    chosen = settings or Settings()
    point = _found(plugin, chosen)
    try:
        subject = _subject(point, chosen)
    except PluginError as exc:
        return (Check("files", BAD, exc.message, listed(exc.details)),)
    return tuple(looked_at(subject, tuple(statements)))


def _subject(point: EntryPoint, settings: Settings) -> Subject:
    # As a server would: beside all others, whose competencies and models it must not take.
    beside = [*_installed(settings), *folder_points(settings.folders)]
    points = [each for each in beside if not _is_same(each, point)] + [point]
    off = [name for name in settings.off if name != point.name]
    host = load_plugins(settings.tables, off, entry_points=points).only({point.name})
    loaded = loading.load(point, settings.tables.get(point.name))
    return Subject(host, loaded.recognisers, _folder_of(point))


def _found(plugin: str | Path, settings: Settings) -> EntryPoint:
    """The entry point of a name or a folder. Raises `PluginError` when there is none."""
    points = [*_installed(settings), *folder_points(settings.folders)]
    named = [point for point in points if point.name == str(plugin)]
    if named:
        return named[0]
    folder = Path(plugin)
    if not folder.is_dir():
        known = ", ".join(sorted(point.name for point in points)) or "none"
        raise PluginError(f"There is no plugin '{plugin}', and no folder. There are: {known}.")
    if (folder / "__init__.py").is_file() or (folder / "setup.cfg").is_file():
        raise PluginError(
            f"{plugin} is a package: install it, with pip install --editable, and check it by its name."
        )
    points = list(folder_points([folder]))
    if len(points) > 1:
        names = ", ".join(str(Path(point.value).relative_to(folder.absolute())) for point in points)
        raise PluginError(f"There are several plugins in {plugin}: {names}. Name one of them.")
    return points[0]


def _installed(settings: Settings) -> list[EntryPoint]:
    return list(entry_points(group=spec.PROJECT) if settings.installed is None else settings.installed)


def _is_same(one: EntryPoint, other: EntryPoint) -> bool:
    if isinstance(one, FolderPoint) and isinstance(other, FolderPoint):
        return Path(one.value).resolve() == Path(other.value).resolve()
    return (one.name, one.value) == (other.name, other.value)


def _folder_of(point: EntryPoint) -> Traversable | None:
    """Where the files of a plugin lie; None for one that is a module by itself."""
    if isinstance(point, FolderPoint):
        return Path(point.value)
    try:
        module = import_module(point.module)
        return files(module.__name__ if hasattr(module, "__path__") else module.__package__ or "")
    except (ImportError, ValueError, TypeError, AttributeError):
        return None
