"""The standard statement shapes: rules that most competencies share, as data (`shapes.json`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """Statements from one kind of source, as an alignment names them."""

    name: str
    title: str
    summary: str
    rules: tuple[Mapping[str, Any], ...]
    """Rules as an alignment file writes them, see `schemas/alignment.json#/$defs/rule`; in order."""


@cache
def standard_shapes() -> Mapping[str, Shape]:
    """Every standard shape by its name."""
    table = json.loads((files("lrs.plugin") / "shapes.json").read_text("utf-8"))
    shapes = (
        Shape(entry["name"], entry["title"], entry["summary"], tuple(entry["rules"]))
        for entry in table["shapes"]
    )
    return MappingProxyType({shape.name: shape for shape in shapes})
