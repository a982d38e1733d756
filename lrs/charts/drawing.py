"""Drawings of a chart for print, and the JavaScript with which a browser draws it. No network is touched."""

from __future__ import annotations

import copy
import functools
import subprocess
import sys
from typing import Any

from lrs.charts.chart import Chart

WIDTH = 680
"""Pixels of a drawing, unless another width is asked for; a pixel is 1/72 inch on paper."""
_SNIPPET = "globalThis.vegaEmbed = vegaEmbed;"
_BUNDLE = (
    "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle(sys.argv[1]).encode())"
)


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

    Made once in a process, which takes seconds: in another one, so that nobody here waits for it who does not ask.
    Raises `subprocess.CalledProcessError` when it cannot be made.
    """
    # -I: what lies in the folder where the server was started is not looked at.
    command = [sys.executable, "-I", "-c", _BUNDLE, _SNIPPET]
    return subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout  # noqa: S603 - ours


def _sized(chart: Chart, width: int) -> dict[str, Any]:
    """The specification with a width of its own: on paper nothing contains it."""
    if chart.spec is None:
        raise ValueError(f"the chart {chart.id} has nothing to draw: {chart.empty}")
    return {**copy.deepcopy(dict(chart.spec)), "width": width}
