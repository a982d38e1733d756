"""For plugins that are made of files: a rubric and an alignment beside the plugin's `__init__.py`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError


def packaged_json(package: str, name: str) -> dict[str, Any]:
    """The JSON object in a file of an installed package, e.g. `packaged_json(__name__, "rubric.json")`.

    Raises `PluginError` when there is no such file, or it is no JSON object.
    """
    try:
        data = json.loads((files(package) / name).read_text("utf-8"))
    except (OSError, ModuleNotFoundError, ValueError) as exc:
        raise PluginError(f"{name} of {package} cannot be read: {exc}") from exc
    if not isinstance(data, dict):
        raise PluginError(f"{name} of {package} is no JSON object.")
    return data


def packaged_rubric(package: str) -> Rubric:
    """The rubric in `rubric.json` of a package. Raises `PluginError`."""
    return Rubric.from_dict(packaged_json(package, "rubric.json"))


def in_words(details: tuple[Detail, ...]) -> str:
    """Details as one line of text: `/cut/rating is 9: expected …; …`."""
    return "; ".join(
        f"{detail.path or '/'} is {detail.found}: expected {detail.expected}" for detail in details
    )
