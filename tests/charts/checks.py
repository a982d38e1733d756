"""What holds for every chart."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import jsonschema_rs
import vl_convert

from lrs.charts.chart import Chart

_WRONG = re.compile(
    r"  |\.\.|\bundefined\b|\bnan\b|\b1 (recruits|ratings|raters|encounters|votes|dots|lines|periods|days|pairs)\b"
    r"|\b(?<!\.)(0|[2-9]|\d\d+) (recruit|rating|rater|encounter|vote|dot|line|period|day|pair)\b"
)
"""Grammar that a number has led astray, and values that came through."""
_ID = re.compile(r"[a-z0-9-]+")


def check(chart: Chart, *rules: float) -> None:
    """Its words are whole, its drawing compiles, and every number that is drawn is in the table.

    `rules`: numbers of lines that are the same whatever the data are, and stand in words.
    """
    assert _ID.fullmatch(chart.id)
    for text in (chart.title, chart.subtitle, chart.summary, chart.empty or "None."):
        assert re.fullmatch(r"\S.*[.]", text, re.DOTALL), text
        assert not _WRONG.search(text), text
        assert "{" not in text
    assert all(len(row) == len(chart.table.titles) for row in chart.table.rows)
    if chart.spec is None:
        assert chart.empty
        return
    written = json.dumps(chart.spec)
    assert "http" not in written
    assert '"url"' not in written
    assert "title" not in chart.spec
    _vega_lite().validate(chart.spec)
    vl_convert.vegalite_to_vega(dict(chart.spec))
    told = {cell for row in chart.table.rows for cell in row if isinstance(cell, int | float)} | {0, *rules}
    assert {number for number in drawn(chart.spec) if number not in told} == set()


@functools.cache
def _vega_lite() -> jsonschema_rs.Validator:
    """The schema of Vega-Lite that Altair carries."""
    whole = alt.load_schema()
    named = {_plain(name): part for name, part in whole["definitions"].items()}
    assert len(named) == len(whole["definitions"])
    return jsonschema_rs.validator_for(_referred({**whole, "definitions": named}))


def _plain(name: str) -> str:
    """Names of its definitions have signs that no reference may have."""
    return re.sub(r"[^\w#/.-]", lambda sign: f"-{ord(sign.group()):x}", name)


def _referred(part: Any) -> Any:
    if isinstance(part, list):
        return [_referred(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: _plain(one) if name == "$ref" else _referred(one) for name, one in part.items()}


def drawn(spec: Mapping[str, Any]) -> Iterator[float]:
    """The numbers in its data; of parts of a stacked bar their lengths."""
    for row in data(spec):
        if "middle" in row:
            yield row["to"] - row["from"]
            continue
        yield from (
            value for value in row.values() if isinstance(value, int | float) and not isinstance(value, bool)
        )


def data(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every row of its data."""
    for rows in spec["datasets"].values():
        yield from rows
