"""Knows, shows, does: the tiers of one competency side by side, and never melted into one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import BLUE, INK, MUTED, OTHERS, depending, labelled_by, over, spec_of
from lrs.charts.words import TIERS, figure, id_of, listed, minute, sentence, several, short_day, times
from lrs.cohort.answer import Table

LEVELS = {"quiz": "knows", "role_play": "shows", "vr_automatic": "shows", "field": "does"}
"""What a tier says of an officer; the others say nothing of it, and stand beside."""
ROW_HEIGHT = 30
_SEEN = {
    "quiz": "in quizzes",
    "role_play": "in role-play",
    "vr_automatic": "in VR scored by the simulation",
    "field": "in the field",
}
_NONE = "— none recorded"


def tiers_chart(competency: Mapping[str, Any]) -> Chart:
    """The chart of one competency of `Profile.as_dict()`, or of `Explanation.as_dict()`. Means in [0, 1]."""
    rows = _rows(competency)
    some = any(row["votes"] for row in rows)
    return Chart(
        id=id_of("tiers", competency["competency"]),
        title=_title(competency, rows),
        subtitle=_subtitle(competency),
        summary=_summary(competency, rows),
        table=_table(competency, rows),
        spec=_spec(competency, rows) if some else None,
        empty=_empty(competency, some=some),
    )


def _rows(competency: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each tier that says knows, shows or does, there or not; then those beside that are there."""
    found = {one["tier"]: one for one in competency["tiers"]}
    beside = [tier for tier in found if tier not in LEVELS]
    return [_row(tier, found.get(tier)) for tier in (*LEVELS, *beside)]


def _row(tier: str, one: Mapping[str, Any] | None) -> dict[str, Any]:
    # A policy may give a tier no weight; what is scored nowhere is beside, whatever it is called.
    level = LEVELS.get(tier, "beside")
    row = {"level": level, "tier": tier, "name": f"{level}: {_short(tier)}"}
    if one is None:
        return {**row, "votes": 0, "raters": 0, "ratio": None, "scored": None, "newest": None, "label": _NONE}
    score = "" if one["ratio"] is None else f"{figure(one['ratio'])} · "
    # Short enough for a telephone: how many raters there were of what is not scored is in the table.
    beside = several(one["raters"], "rater") if one["scored"] else "not scored"
    label = f"{score}{several(one['votes'], 'vote')}, {beside}"
    return {
        **row,
        **{name: one[name] for name in ("votes", "raters", "ratio", "scored", "newest")},
        "label": label,
    }


def _short(tier: str) -> str:
    return "VR, automatic" if tier == "vr_automatic" else TIERS[tier]


def _title(competency: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    name = competency["name"]
    seen = [f"{times(row['votes'])} {_SEEN[row['tier']]}" for row in _levels(rows) if row["votes"]]
    missing = [_SEEN[row["tier"]] for row in _levels(rows) if not row["votes"]]
    if not seen:
        return f"{name} was rated neither in quizzes, nor in role-play or VR, nor in the field."
    title = f"{name} was rated {listed(seen)}"
    return sentence(f"{title}; never {listed(missing, 'or')}" if missing else title)


def _levels(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if row["tier"] in LEVELS)


def _subtitle(competency: Mapping[str, Any]) -> str:
    parts = [
        "A bar is the mean of one tier's votes, from 0 (lowest anchor) to 1 (highest), newer votes weighing more",
        "tiers are not averaged with each other here",
    ]
    if competency["estimate"]["cut"] is not None:
        parts.append(f"dashed: the cut, {figure(competency['estimate']['cut'])}")
    return sentence("; ".join(parts))


def _summary(competency: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"{row['name']}: {row['label'].removeprefix('— ')}." for row in rows]
    cut = competency["estimate"]["cut"]
    if cut is not None:
        lines.append(f"The cut is at {figure(cut)}.")
    return " ".join([*lines, "What is known or shown is not thereby done in the field."])


def _empty(competency: Mapping[str, Any], *, some: bool) -> str:
    if not some:
        return "Nothing is recorded at any tier."
    if not competency["scored"]:
        return "This competency is recorded and not scored: there are counts, and no means."
    return ""


def _table(competency: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Table:
    titles = ("Says", "Tier", "Mean, 0 to 1", "Votes", "Raters", "Counted in the score", "Newest (UTC)")
    words = {True: "yes", False: "no", None: None}
    cut = competency["estimate"]["cut"]
    line = () if cut is None else (("the cut", None, cut, None, None, None, None),)
    tiers = (
        (
            *(row["level"], TIERS[row["tier"]], row["ratio"], row["votes"], row["raters"]),
            *(words[row["scored"]], minute(row["newest"])),
        )
        for row in rows
    )
    return Table(titles, (*tiers, *line))


def _spec(competency: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    import altair as alt

    values = [
        {
            **{name: row[name] for name in ("name", "label", "ratio", "votes", "raters")},
            "at": 0,
            "kind": "none" if not row["votes"] else "scored" if row["scored"] else "beside",
            "newest": "none" if row["newest"] is None else short_day(row["newest"]),
        }
        for row in rows
    ]
    order = [row["name"] for row in rows]
    kinds = alt.Scale(domain=["scored", "beside", "none"], range=[BLUE, OTHERS, OTHERS])
    base = over(values).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, grid=False)),
        tooltip=[labelled_by("name", "Tier"), labelled_by("label", "Mean"), labelled_by("newest", "Newest")],
    )
    x = alt.X("ratio:Q", title="Mean of the tier, 0 to 1", scale=alt.Scale(domain=[0, 1]))
    bars = base.mark_bar(height=10, yOffset=6).encode(
        x=x, color=alt.Color("kind:N", scale=kinds, legend=None)
    )
    text = base.mark_text(align="left", dx=3, dy=-7).encode(
        x=alt.X("at:Q"),
        text=alt.Text("label:N"),
        color=depending(alt.ColorValue, alt.datum.kind == "none", alt.value(MUTED), alt.value(INK)),
    )
    return spec_of(*_cut(competency), bars, text, height=ROW_HEIGHT * len(rows))


def _cut(competency: Mapping[str, Any]) -> Iterator[Any]:
    import altair as alt

    cut = competency["estimate"]["cut"]
    if cut is not None:
        rule = over([{"ratio": cut}]).mark_rule(strokeDash=[5, 3], color=INK)
        yield rule.encode(x=alt.X("ratio:Q"))
