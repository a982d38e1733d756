"""Colours that can be read, and symbols beside them."""

from __future__ import annotations

import pytest

from lrs.charts import theme


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("verdict", theme.VERDICTS)
def test_what_is_written_on_the_colour_of_a_verdict_can_be_read(verdict: str) -> None:
    mark = theme.VERDICTS[verdict]
    assert contrast(mark.colour, mark.text) >= 4.5


@pytest.mark.parametrize("ink", [theme.INK, theme.MUTED, theme.BLUE, theme.VERMILION])
def test_text_on_paper_can_be_read(ink: str) -> None:
    assert contrast(ink, theme.PAPER) >= 4.5


def test_each_verdict_and_each_rater_has_a_sign_of_its_own() -> None:
    marks = theme.VERDICTS.values()
    assert len({mark.symbol for mark in marks}) == len({mark.shape for mark in marks}) == len(theme.VERDICTS)
    assert len(set(theme.SHAPES)) == len(set(theme.PALETTE)) == len(theme.PALETTE) == len(theme.SHAPES)


def test_a_specification_is_as_wide_as_its_place_and_names_no_schema() -> None:
    spec = theme.spec_of(theme.over([{"a": 1}]).mark_point(), height=40)
    assert (spec["width"], spec["height"], spec["autosize"]["type"]) == ("container", 40, "fit-x")
    assert "$schema" not in spec
    assert spec["config"]["font"] == theme.FONT
