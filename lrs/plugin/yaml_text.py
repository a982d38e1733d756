"""Authors' files as YAML text that says, read as YAML 1.2, just what was meant."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from lrs.plugin.yaml_core import is_text

_WIDTH = 100
_SHORT = 80
"""Characters of a list that stands on one line."""


class _Dumper(yaml.SafeDumper):
    """Lists indented below their names, as people write them, and no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_text(data: Mapping[str, Any], comments: Iterable[str] = ()) -> str:
    """The object as YAML, its members in their order, below these comments."""
    lines = [line for comment in comments for line in _wrapped(comment)]
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "".join(f"{line}\n" for line in lines) + text


def _wrapped(comment: str) -> list[str]:
    """A comment, however long and whatever is in it, as lines that all begin with `#`."""
    parts = [part for line in comment.splitlines() for part in textwrap.wrap(line, _WIDTH - 2) or [""]]
    printable = ["".join(char if char.isprintable() else "?" for char in part) for part in parts]
    return [f"# {part}".rstrip() for part in printable] or ["#"]


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """In quotes whatever YAML 1.2 would take for something else; PyYAML sees to all that YAML 1.1 would."""
    style = None if is_text(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    """A short list of words on one line."""
    words = not any(isinstance(each, list | dict) for each in value)
    short = words and sum(len(str(each)) + 2 for each in value) <= _SHORT
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
