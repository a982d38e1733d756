from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lrs.competency.estimate import number
from lrs.competency.policy import NEVER_SCORED, Policy
from tests.competency.demo_officer import explained, results, simpson_rows, vote_rows

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "scoring.md"


@pytest.fixture(scope="module")
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
    assert policy.for_competency("communication") == Policy()
    assert policy.for_competency("leadership") == Policy(half_life_days=365)


def test_the_weights_on_the_page_are_the_defaults(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d.]+)(, always)? \|$", page, re.MULTILINE)
    assert {name: float(weight) for name, weight, _ in rows} == {
        tier.value: weight for tier, weight in Policy().tiers.items()
    }
    assert {name for name, _, always in rows if always} == {tier.value for tier in NEVER_SCORED}


@pytest.fixture(scope="module")
def explanation() -> dict[str, Any]:
    return explained().as_dict()


def test_the_officer_of_the_demo_has_the_votes_and_sums_on_the_page(
    page: str, explanation: dict[str, Any]
) -> None:
    rows = list(vote_rows(explanation))
    assert len(rows) > 10
    assert "\n".join(rows) in page


def test_the_officer_of_the_demo_has_the_verdict_on_the_page(page: str, explanation: dict[str, Any]) -> None:
    assert "\n".join(results(explanation)) in page
    estimate = explanation["estimate"]
    assert f"TRUE)` = {number(estimate['probability_at_or_above_cut'])}." in page
    assert f"=\n{number(explanation['margins']['days_until_mass_gate'])} days" in page
    assert f"the newest is {explanation['gates'][2]['found']:.1f} days old" in page


def test_what_is_beside_the_officers_votes_is_as_the_page_says(
    page: str, explanation: dict[str, Any]
) -> None:
    assert len(explanation["votes"]) == 12
    assert [vote["tier"] for vote in explanation["shown"]] == ["self_report"] * 4
    assert [item["kind"] for item in explanation["left_out"]] == ["not_observed"] * 2


def test_simpsons_rule_comes_to_the_numbers_on_the_page(page: str, explanation: dict[str, Any]) -> None:
    estimate = explanation["estimate"]
    *rows, answer = simpson_rows(estimate["e"], estimate["mass"], estimate["cut"])
    assert "\n".join(rows) in page
    assert answer in page
    assert abs(float(answer.rpartition(" ")[2]) - estimate["probability_at_or_above_cut"]) < 0.001


def test_the_page_can_be_redone_from_its_own_table(page: str) -> None:
    """With nothing but what is printed, to the digits that are printed."""
    rows = re.findall(r"^\| \d+ \| 20.*\|$", page, re.MULTILINE)
    e = mass = 0.0
    for row in rows:
        s, tier, age, left, w, share = (float(cell) for cell in row.strip("| ").split(" | ")[4:])
        assert 2 ** (-age / 30) == pytest.approx(left, abs=1e-6)
        assert (tier * left, w * s) == pytest.approx((w, share), abs=1e-6)
        e, mass = e + share, mass + w
    printed = re.search(r"(?:\| ){9}\*\*M = ([\d.]+)\*\* \| \*\*E = ([\d.]+)\*\*", page)
    assert printed is not None
    assert (mass, e) == pytest.approx(tuple(map(float, printed.groups())), abs=1e-5)


def test_the_page_says_what_the_product_does_not_claim(page: str) -> None:
    section = page.split("## What the product does not claim")[1]
    for claim in (
        "an employment decision",
        "fitness for duty, bias or character",
        "a prediction of force or complaints",
        "does well in VR does well on the street",
        "training *caused* a survey to move",
    ):
        assert claim in section
