"""Plugins without a package: a folder with a rubric and an alignment is one, by the folder's name.

sara/
    rubric.yaml
    alignment.yaml
    vendor-profile.jsonld      if the alignment names it
    examples.json              for `lrs plugin check`, if you like
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from lrs.competency.rubric import Rubric
from lrs.errors import PluginError
from lrs.plugin.alignment import Alignment, configuration_schema
from lrs.plugin.authoring import rubric_of
from lrs.plugin.files import SUFFIXES, Document, find_document, names_of
from lrs.plugin.spec import PROJECT, hookimpl

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_PARTS = ("rubric", "alignment")


class FolderPlugin:
    """The plugin that a folder is. Its files are read once, when it is made. Raises `PluginError`."""

    def __init__(self, folder: Path) -> None:
        rubric, self._alignment = (find_document(folder, part) for part in _PARTS)
        self._rubric = rubric_of(rubric)
        self.__name__ = folder.name
        self.__doc__ = self._rubric.description
        self.__version__ = _version(self._alignment)

    @hookimpl
    def lrs_config_schema(self) -> Mapping[str, Any]:
        """An agency may add `activities` and leave out shapes (`shapes_off`)."""
        return configuration_schema()

    @hookimpl
    def lrs_rubrics(self) -> list[Rubric]:
        """The competency of the folder."""
        return [self._rubric]

    @hookimpl
    def lrs_recognisers(self, config: Mapping[str, Any]) -> list[Alignment]:
        """The alignment, with what the agency has added."""
        return [Alignment.from_document(self._alignment, self._rubric, config)]


class FolderPoint(EntryPoint):
    """An entry point that leads to a folder: name that of the folder, value its path, no distribution."""

    @classmethod
    def of(cls, folder: Path) -> FolderPoint:
        """The entry point of a folder. Nothing in it is read before `load`."""
        return cls(folder.name, str(folder), PROJECT)

    def load(self) -> Any:
        """The plugin. Raises `PluginError`."""
        return FolderPlugin(Path(self.value))


def folder_points(paths: Iterable[str | Path]) -> list[FolderPoint]:
    """The plugins in some folders, for `load_plugins` to load beside the installed ones.

    Each path is a folder with a rubric or an alignment, or a folder of such folders; there, what begins with `.`
    or `_` is passed over. Raises `PluginError` when a path is no folder, when there is nothing in it, and when a
    folder's name cannot be a plugin's. A folder that lacks one of the two files is told of when it is loaded.
    """
    return [FolderPoint.of(_named(folder)) for path in paths for folder in _plugins_in(Path(path))]


def _plugins_in(path: Path) -> list[Path]:
    whole = path.absolute()
    if not whole.is_dir():
        raise PluginError(f"plugin_folders names {path}, and there is no such folder.")
    if any(names_of(whole, part) for part in _PARTS):
        return [whole]
    inner = sorted(each for each in whole.iterdir() if each.is_dir() and each.name[0] not in "._")
    if not inner:
        wanted = ", ".join(f"{part}{suffix}" for part in _PARTS for suffix in SUFFIXES)
        raise PluginError(f"plugin_folders names {path}, in which there is no plugin: none of {wanted}.")
    return inner


def _named(folder: Path) -> Path:
    if not _NAME.fullmatch(folder.name):
        raise PluginError(
            f"The folder {folder} cannot be a plugin: its name is the plugin's, small letters, digits, "
            "- and _, a letter first."
        )
    return folder


def _version(alignment: Document) -> str:
    version = alignment.data.get("version")
    return version if isinstance(version, str) else "0"
