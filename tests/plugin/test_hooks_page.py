from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lrs import plugin
from lrs.competency.additions import cells_of
from lrs.competency.explanation import explain
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.plugin import spec
from lrs.plugin.host import PluginHost
from lrs.plugin.testing import host_with
from tests.plugin import fakes

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


def example(hook: str) -> PluginHost:
    """A host of juggling and of the plugin that stands in the section of a hook."""
    (code,) = (
        block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if f"def {hook}(" in block
    )
    found: dict[str, Any] = {}
    exec(compile(code, "hooks.md", "exec"), found)
    return host_with(home=fakes.plugin(competency="juggling"), ours=SimpleNamespace(**{hook: found[hook]}))


def test_the_model_on_the_page_works_and_shows_its_working() -> None:
    host = example("lrs_models")
    told = explain(
        "mailto:officer@academy.example",
        [],
        host.rubrics["juggling"],
        Policy(model="weighted-share/1"),
        0,
        {},
        models=host.models,
    )
    assert told.assessment.estimate.failure is None
    rows = {row["name"]: row["filled"] for row in told.as_dict()["formulae"]}
    assert rows["probability"] == "0.500000"


def test_the_explainer_on_the_page_works() -> None:
    (one,) = example("lrs_explanations").explainers
    assert list(one.explainer.explain({"verdict": "stale"})) == [
        "A refresher course is offered every first Monday."
    ]
    assert list(one.explainer.explain({"verdict": "at_standard"})) == []


def test_the_column_on_the_page_works() -> None:
    host = example("lrs_report_columns")
    profile = build_profile("mailto:officer@academy.example", [], host.rubrics, Policy(), 0, {})
    assert cells_of(profile.as_dict(), host.report_columns) == ({"ours.gaps": 2}, ())
