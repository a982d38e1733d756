from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path

import pytest

from lrs.competency.policy import NEVER_SCORED, Policy

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "scoring.md"


@pytest.fixture
def page() -> str:
    return PAGE.read_text("utf-8")


def test_the_worked_example_comes_to_the_numbers_on_the_page(page: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    example = doctest.DocTestParser().get_doctest("".join(blocks), {}, PAGE.name, str(PAGE), 0)
    assert len(example.examples) >= 10
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


def test_the_settings_on_the_page_are_the_defaults(page: str) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    policy = Policy.from_mapping(tomllib.loads(block)["scoring"])
    assert policy.for_competency("communication") == Policy(competencies=policy.competencies)
    assert policy.for_competency("leadership") == Policy(half_life_days=365)


def test_the_weights_on_the_page_are_the_defaults(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d.]+)(, always)? \|$", page, re.MULTILINE)
    assert {name: float(weight) for name, weight, _ in rows} == {
        tier.value: weight for tier, weight in Policy().tiers.items()
    }
    assert {name for name, _, always in rows if always} == {tier.value for tier in NEVER_SCORED}
