"""Drawings for print, and the script of the browser."""

from __future__ import annotations

import dataclasses

import pytest

from lrs.charts import drawing
from lrs.charts.chart import Chart
from lrs.charts.gaps import gaps_chart
from lrs.charts.trend import trend_chart
from tests.charts.answers import of_gaps, of_trend, shifts


@pytest.fixture(scope="module")
def chart() -> Chart:
    return gaps_chart(of_gaps([], "R-1", "R-2"))


def test_an_svg_has_the_labels_in_it_and_the_width_that_was_asked_for(chart: Chart) -> None:
    found = drawing.svg(chart, width=390)
    assert found.startswith("<svg")
    assert all(
        f">{label}<" in found
        for label in ("Recruit 1", "Recruit 2", "Lets others finish", "De-escalates", "○")
    )
    assert 'width="390"' in found


def test_the_rows_of_a_list_have_their_whole_height(chart: Chart) -> None:
    def heights(number: int) -> float:
        found = drawing.svg(gaps_chart(of_gaps([], *(f"R-{n}" for n in range(number)))))
        return float(found.partition('height="')[2].partition('"')[0])

    assert heights(60) - heights(10) == pytest.approx(50 * 18, abs=1)


def test_a_png_has_as_many_dots_as_were_asked_for(chart: Chart) -> None:
    found = drawing.png(chart, 2, width=300)
    assert found.startswith(b"\x89PNG")
    assert int.from_bytes(found[16:20], "big") == 600


def test_a_pdf_is_one(chart: Chart) -> None:
    assert drawing.pdf(chart).startswith(b"%PDF")


def test_the_same_chart_is_the_same_drawing() -> None:
    report = of_trend(shifts("R-1", [4, 5, 4, 6]))
    assert drawing.svg(trend_chart(report)) == drawing.svg(trend_chart(report))


def test_a_drawing_leaves_the_specification_as_it_is(chart: Chart) -> None:
    before = dataclasses.replace(chart)
    drawing.svg(chart, width=200)
    assert chart.spec == before.spec
    assert chart.spec is not None
    assert chart.spec["width"] == "container"


@pytest.mark.parametrize("draw", [drawing.svg, drawing.png, drawing.pdf])
def test_what_has_nothing_to_draw_is_not_drawn(draw: object) -> None:
    with pytest.raises(ValueError, match="the chart gaps has nothing to draw: There is nobody to draw"):
        draw(gaps_chart(of_gaps([])))  # type: ignore[operator]


def test_the_script_is_made_once_and_sets_one_name() -> None:
    script = drawing.javascript()
    assert script is drawing.javascript()
    assert b"globalThis.vegaEmbed=" in script[-200:]
