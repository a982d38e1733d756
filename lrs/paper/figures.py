"""Charts on paper: drawn as SVG, their text in the fonts of the paper.

Not as PDF, which accessible and archived PDF may not contain. What draws them measures text in a font that is wider
than the one of the paper: nothing is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lrs.charts.chart import Chart
from lrs.charts.drawing import svg
from lrs.paper.blocks import Block
from lrs.paper.glyphs import printed

_FAMILY = re.compile(r'font-family="[^"]*"')
_FONT = 'font-family="Libertinus Serif"'


def figures(charts: Iterable[Chart], *, width: int = 720, share: float = 0.9) -> list[Block]:
    """A block for each chart.

    Args:
        charts: what is to be drawn.
        width: pixels of the drawing: the more, the smaller its text on the paper.
        share: of the width of the page, in (0, 1].
    """
    return [
        {
            "block": "figure",
            "title": chart.title,
            "subtitle": chart.subtitle,
            "alt": printed(chart.summary, whole=True),
            "svg": None
            if chart.spec is None
            else _FAMILY.sub(_FONT, printed(svg(chart, width=width), whole=True)),
            "empty": chart.empty,
            "share": share,
        }
        for chart in charts
    ]
