"""How all charts look: one configuration, colours that colour-blind people tell apart, and a symbol beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

FONT = "system-ui, sans-serif"
SYMBOLS = "system-ui, DejaVu Sans, sans-serif"
"""Where symbols of verdicts stand: what draws for print has no system-ui, and picks any font that has the sign."""
INK = "#1f2933"
"""Text and lines that matter: 14.6 : 1 on white."""
MUTED = "#52606d"
"""Text of axes: 6.5 : 1 on white."""
FAINT = "#e4e7eb"
"""Grid."""
PAPER = "#ffffff"
BLUE = "#0072b2"
ORANGE = "#d55e00"
VERMILION = "#b34700"
"""Orange as dark as white text on it needs: 5.7 : 1."""
SKY = "#56b4e9"
BAND = "#9fb3c8"
"""An area behind dots."""
OTHERS = "#7b8794"
"""What is summed up."""
PALETTE = (BLUE, ORANGE, "#009e73", "#cc79a7", "#8a6d00", SKY, "#5b3d91", "#3d3d3d")
"""Okabe and Ito's, without its yellow, which white paper swallows; two dark ones more."""
SHAPES = (
    *("circle", "square", "triangle-up", "diamond", "cross", "triangle-down"),
    *("triangle-right", "triangle-left"),
)
"""One for each colour: whoever sees no colour tells by shape."""
ROW = 18
"""Height of a row of a list, in pixels."""
NAMES = 150
"""Most width of the names beside a list, in pixels; longer ones are cut, and whole in the tooltip and the table."""


LABEL = "slice(datum.value, indexof(datum.value, '|') + 1)"
"""The expression that shows the label of a row, see `row_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a verdict is drawn: never by colour alone."""

    label: str
    colour: str
    """Of the area."""
    text: str
    """Of what is written on that area: 4.5 : 1 or more."""
    symbol: str
    """One character."""
    shape: str
    """Vega-Lite's name of the point."""


VERDICTS: Mapping[str, Mark] = {
    "at_standard": Mark(label="at standard", colour=BLUE, text=PAPER, symbol="✓", shape="circle"),
    "undetermined": Mark(label="undetermined", colour="#c9d6df", text=INK, symbol="?", shape="diamond"),
    "below_standard": Mark(
        label="below standard", colour=VERMILION, text=PAPER, symbol="▼", shape="triangle-down"
    ),
    "insufficient": Mark(label="insufficient", colour="#f3e9d2", text=INK, symbol="○", shape="square"),
    "stale": Mark(label="stale", colour="#d9c58b", text=INK, symbol="◷", shape="cross"),
    "not_scored": Mark(label="not scored", colour=FAINT, text=INK, symbol="–", shape="stroke"),
}
"""By verdict, in the order in which they are shown."""


def config() -> dict[str, Any]:
    """Vega-Lite's configuration, the same for the screen and for print."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": MUTED, "titleColor": INK}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "font": FONT,
        "background": PAPER,
        "padding": {"left": 2, "right": 8, "top": 6, "bottom": 4},
        "view": {"stroke": None},
        "axis": {**text, **sizes, "gridColor": FAINT, "domainColor": OTHERS, "tickColor": OTHERS},
        "axisX": {"labelOverlap": "parity", "labelFlush": True, "tickCount": 6},
        "axisY": {"labelLimit": NAMES},
        "legend": {
            **text,
            **sizes,
            **{"orient": "bottom", "direction": "horizontal", "columns": 2, "symbolSize": 80},
            **{
                "labelLimit": 150,
                "titleLimit": 320,
                "titleOrient": "top",
                "rowPadding": 3,
                "columnPadding": 12,
            },
        },
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        "rule": {"color": INK},
        "point": {"size": 60},
        "locale": {
            "number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "−"}
        },
    }


def spec_of(*layers: alt.Chart, height: int) -> dict[str, Any]:
    """The specification of layers, each with its data, as wide as their place and so many pixels high.

    They have no selections: Altair counts up their names from chart to chart. The y axis of a list is as high as its
    rows together; given a height of each row, Vega-Lite would warn that it cannot fit the width alone.
    """
    import altair as alt

    whole = alt.layer(*layers).properties(width="container", height=height)
    spec: dict[str, Any] = whole.to_dict(validate=False)
    # The address of its schema, which nobody shall fetch; who draws it knows that it is Vega-Lite.
    spec.pop("$schema", None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"] = config()
    return spec


def over(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    """A chart over these rows, to be given a mark and an encoding."""
    import altair as alt
    from altair.utils.schemapi import disable_debug_mode

    # The tests hold each chart to the schema of Vega-Lite; to hold its parts to it again takes half of the time.
    disable_debug_mode()
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def depending(channel: type[Any], test: Any, then: Any, otherwise: Any) -> Any:
    """A channel, such as `alt.ColorValue`, with one value where the test of a row holds, and with another elsewhere.

    From `alt.condition` alone Altair would have to find out which channel it is, by looking through all of its schema;
    so it would from the text `"name:N"`, in the place of `alt.Text("name:N")`.
    """
    import altair as alt

    return channel(**alt.condition(test, then, otherwise))


def row_id(number: int, label: str) -> str:
    """What a row of a list is called in the data: two rows may have one label. `LABEL` shows it without the number."""
    return f"{number}|{label}"


def labelled_by(field: str, title: str) -> alt.Tooltip:
    """A line of a tooltip, from a field that holds text: numbers and days are written here, not by the browser."""
    import altair as alt

    return alt.Tooltip(f"{field}:N", title=title)
