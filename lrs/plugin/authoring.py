"""For plugins that are made of files: a rubric and an alignment beside the plugin's `__init__.py`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError
from lrs.plugin.alignment import Alignment, configuration_schema
from lrs.plugin.files import SUFFIXES, Document, find_document, read_document
from lrs.plugin.spec import hookimpl


class DataPlugin:
    """A plugin that is a package of a rubric and an alignment, and no code.

    The whole `__init__.py` of such a package, whose entry point is `NAME = "package:plugin"`:

        \"\"\"What the competency is, in a line.\"\"\"

        from lrs.plugin import DataPlugin

        plugin = DataPlugin(__name__)
    """

    def __init__(self, package: str) -> None:
        """`package` is the name of the package; nothing is read before a hook is called."""
        self.__name__ = package
        self.__doc__ = getattr(sys.modules.get(package), "__doc__", None)

    @hookimpl
    def lrs_config_schema(self) -> Mapping[str, Any]:
        """An agency may add `activities` and leave out shapes (`shapes_off`)."""
        return configuration_schema()

    @hookimpl
    def lrs_rubrics(self) -> list[Rubric]:
        """The competency of the plugin."""
        return [packaged_rubric(self.__name__)]

    @hookimpl
    def lrs_recognisers(self, config: Mapping[str, Any]) -> list[Alignment]:
        """The alignment, with what the agency has added."""
        return [packaged_alignment(self.__name__, config)]


def packaged_json(package: str, name: str) -> dict[str, Any]:
    """The object in a file of an installed package, e.g. `packaged_json(__name__, "scenarios.yaml")`.

    Without `.yaml`, `.yml` or `.json` at the end of the name, that of the three which is there is read. Raises
    `PluginError` when there is no such file, or it holds no object.
    """
    folder = _folder(package)
    if name.endswith(SUFFIXES):
        return read_document(folder / name, folder).data
    return find_document(folder, name).data


def packaged_rubric(package: str) -> Rubric:
    """The rubric in `rubric.yaml`, `rubric.yml` or `rubric.json` of a package. Raises `PluginError`."""
    return rubric_in(_folder(package))


def packaged_alignment(package: str, config: Mapping[str, Any] | None = None) -> Alignment:
    """The alignment in `alignment.yaml`, `.yml` or `.json` of a package, for the rubric beside it.

    `config` is the agency's, valid by `configuration_schema()`. Raises `PluginError`.
    """
    return alignment_in(_folder(package), config)


def rubric_in(folder: Traversable) -> Rubric:
    """The rubric of a folder. Raises `PluginError` that names file, line and path."""
    return rubric_of(find_document(folder, "rubric"))


def rubric_of(document: Document) -> Rubric:
    """The rubric that a file describes. Raises `PluginError` that names file, line and path."""
    with document.placing():
        return Rubric.from_dict(document.data)


def alignment_in(folder: Traversable, config: Mapping[str, Any] | None = None) -> Alignment:
    """The alignment of a folder, for the rubric beside it. Raises `PluginError` that names file, line and path."""
    return Alignment.from_document(find_document(folder, "alignment"), rubric_in(folder), config)


def in_words(details: tuple[Detail, ...]) -> str:
    """Details as one line of text: `alignment.yaml:12 /rules/0/tier is "fild"; expected … · …`."""
    return " · ".join(
        f"{detail.path or '/'} is {detail.found}; expected {detail.expected}" for detail in details
    )


def _folder(package: str) -> Traversable:
    try:
        return files(package)
    except (ModuleNotFoundError, TypeError) as exc:
        raise PluginError(f"There is no package {package} with files in it: {exc}.") from exc
