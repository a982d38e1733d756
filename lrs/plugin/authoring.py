"""For plugins that are made of files: a rubric and an alignment beside the plugin's `__init__.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


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


def details_of(validator: Validator, instance: Any) -> list[Detail]:
    """Everything that is wrong in an author's file or table, in order; empty when it is valid."""
    errors = sorted(validator.iter_errors(instance), key=lambda error: list(map(str, error.absolute_path)))
    return [
        Detail(pointer(error.absolute_path), _short(error.instance), error.message[:300]) for error in errors
    ]


def pointer(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path of keys and indexes."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def in_words(details: tuple[Detail, ...]) -> str:
    """Details as one line of text: `/cut/rating is 9: expected …; …`."""
    return "; ".join(
        f"{detail.path or '/'} is {detail.found}: expected {detail.expected}" for detail in details
    )


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"
