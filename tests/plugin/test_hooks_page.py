from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from lrs import plugin
from lrs.plugin import spec

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "hooks.md").read_text("utf-8")
HOOKS = sorted(name for name in vars(spec) if name.startswith("lrs_"))


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_its_section_with_every_parameter(hook: str) -> None:
    parameters = ", ".join(inspect.signature(getattr(spec, hook)).parameters)
    heading = f"## `{hook}({parameters})`\n"
    assert heading in PAGE
    section = PAGE.split(heading)[1].split("\n## ")[0]
    assert all(f"`{name}`\n: " in section for name in inspect.signature(getattr(spec, hook)).parameters)
    assert "Returns\n: " in section
    assert "Called\n: " in section


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_is_described_where_it_is_specified(hook: str) -> None:
    text = inspect.getdoc(getattr(spec, hook)) or ""
    assert "Called" in text
    assert "Returns:" in text


@pytest.mark.parametrize("name", plugin.__all__)
def test_everything_at_the_front_door_is_told_of_there(name: str) -> None:
    assert f"`{name}`" in (plugin.__doc__ or "")
