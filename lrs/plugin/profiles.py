"""The statement templates that an alignment may name: ours, and those of xAPI Profiles that lie beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from lrs.errors import Detail, PluginError
from lrs.plugin.files import document_of
from lrs.xapi.templates import Template, standard_templates, templates_of


@dataclass(frozen=True, slots=True)
class Profiles:
    """What an alignment's `profiles` are."""

    templates: Mapping[str, Template]
    """By id."""
    documents: Mapping[str, Any]
    """What is in each file, by its name: the alignment rests on them."""
    details: tuple[Detail, ...] = ()
    """What is wrong with them."""


def profiles_of(data: Mapping[str, Any], folder: Traversable | None) -> Profiles:
    """The templates that an alignment (valid by its schema) can name.

    `folder` is where it lies; None when it lies nowhere, and then it can name no file. Without a condition on
    templates nothing is read.
    """
    conditions = (entry for rule in data.get("rules", ()) for entry in rule.get("when", ()))
    templates = dict(standard_templates()) if any(each["the"] == "template" for each in conditions) else {}
    documents: dict[str, Any] = {}
    details: list[Detail] = []
    for index, name in enumerate(data.get("profiles", ())):
        path = f"/profiles/{index}"
        try:
            documents[name] = _read(folder, name)
            found = templates_of(documents[name])
        except PluginError as exc:
            details += exc.details or [Detail(path, name, exc.message)]
        # A profile is whatever a vendor wrote; templates_of takes it to be one.
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            details.append(
                Detail(path, name, f"an xAPI Profile that can be used ({type(exc).__name__}: {exc})")
            )
        else:
            details += [Detail(path, id_, "templates that no other has") for id_ in found if id_ in templates]
            templates.update(found)
    return Profiles(templates, documents, tuple(details))


def _read(folder: Traversable | None, name: str) -> dict[str, Any]:
    if folder is None:
        raise PluginError("a file beside the alignment, which does not lie in a folder")
    try:
        content = (folder / name).read_bytes()
    except OSError as exc:
        raise PluginError(f"a file beside the alignment ({exc.strerror or exc})") from exc
    return document_of(content, name).data
