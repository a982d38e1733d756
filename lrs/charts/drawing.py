"""Drawings of a chart for print, and the JavaScript with which a browser draws it. No network is touched."""

from __future__ import annotations

import copy
import functools
from typing import Any

from lrs.charts.chart import Chart

WIDTH = 680
"""Pixels of a drawing, unless another width is asked for; a pixel is 1/72 inch on paper."""
_SNIPPET = "globalThis.vegaEmbed = vegaEmbed;"


def svg(chart: Chart, *, width: int = WIDTH) -> str:
    """As SVG, so many pixels wide. Raises `ValueError` when there is nothing to draw."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(_sized(chart, width), allowed_base_urls=[])
    return drawn


def png(chart: Chart, scale: float = 2.0, *, width: int = WIDTH) -> bytes:
    """As PNG: `scale` dots to a pixel. Raises `ValueError` when there is nothing to draw."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(_sized(chart, width), scale=scale, allowed_base_urls=[])
    return drawn


def pdf(chart: Chart, *, width: int = WIDTH) -> bytes:
    """As PDF of one page, as large as the drawing. Raises `ValueError` when there is nothing to draw."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_pdf(_sized(chart, width), allowed_base_urls=[])
    return drawn


@functools.cache
def javascript() -> bytes:
    """Vega, Vega-Lite and Vega-Embed in one script, UTF-8, that sets `globalThis.vegaEmbed`.

    Made once in a process, which takes seconds.
    """
    import vl_convert

    return str(vl_convert.javascript_bundle(_SNIPPET)).encode()


def _sized(chart: Chart, width: int) -> dict[str, Any]:
    """The specification with a width of its own: on paper nothing contains it."""
    if chart.spec is None:
        raise ValueError(f"the chart {chart.id} has nothing to draw: {chart.empty}")
    return {**copy.deepcopy(dict(chart.spec)), "width": width}
