from __future__ import annotations

import pytest

from lrs.plugin.testing import host_with
from tests.plugins.guests import ALL_GUESTS, HERE

PAGE = (HERE.parents[1] / "docs" / "reference" / "competencies.md").read_text("utf-8")
RUBRICS = host_with(*ALL_GUESTS.values()).rubrics


def section(competency: str) -> str:
    """What the page says of a competency, from its name on."""
    return PAGE.split(f"({competency.replace('_', '-')})=\n## ")[1].split("\n## ")[0]


@pytest.mark.parametrize("competency", RUBRICS)
def test_each_competency_has_its_line_in_the_table_at_the_top(competency: str) -> None:
    rubric = RUBRICS[competency]
    (line,) = (row for row in PAGE.splitlines() if row.startswith(f"| [`{competency}`]"))
    of, scored, policy = (cell.strip() for cell in line.strip("|").split("|")[1:])
    assert of.endswith(rubric.subject)
    assert scored == ("yes" if rubric.scored else "no")
    numbers = {name: value for name, value in rubric.scoring.items() if name != "tiers"}
    tiers = {f"tiers.{tier}": weight for tier, weight in rubric.scoring.get("tiers", {}).items()}
    said = ", ".join(f"`{name}` {value:g}" for name, value in {**numbers, **tiers}.items())
    assert policy == said or (not said and policy.startswith("none"))


@pytest.mark.parametrize("competency", RUBRICS)
def test_each_competency_has_a_section_with_its_name_and_description(competency: str) -> None:
    text = section(competency)
    assert text.startswith(f"{RUBRICS[competency].name}\n")
    assert RUBRICS[competency].description in " ".join(text.split())


@pytest.mark.parametrize("competency", RUBRICS)
def test_the_table_of_a_competency_has_its_indicators_in_order_and_no_others(competency: str) -> None:
    rows = [line for line in section(competency).splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{one.id}` | {one.name} | {one.description} |" for one in RUBRICS[competency].indicators
    ]
