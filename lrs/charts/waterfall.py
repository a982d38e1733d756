"""Question 5: why a score is what it is. From the cut to the score, encounter by encounter in order of observation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.contributions import Step, contributions, refused_why
from lrs.charts.theme import BLUE, INK, LABEL, MUTED, ORANGE, OTHERS, labelled_by, over, row_id, spec_of
from lrs.charts.words import (
    TIERS,
    day,
    figure,
    id_of,
    listed,
    minute,
    sentence,
    several,
    short_day,
    signed,
)
from lrs.cohort.answer import Table
from lrs.cohort.roster import short_name
from lrs.competency.estimate import rounded

ROW_HEIGHT = 18


def waterfall_chart(explanation: Mapping[str, Any], *, name: str = "") -> Chart:
    """The chart of `Explanation.as_dict()`.

    Args:
        explanation: of one competency of one officer. Scores in [0, 1].
        name: what people call the officer; empty: the name of the account.
    """
    who = name or short_name(explanation["subject"])
    refused = refused_why(explanation)
    steps = [] if refused else contributions(explanation)
    return Chart(
        id=id_of("waterfall", explanation["competency"]),
        title=_title(explanation, who, steps) if steps else _title_of_nothing(explanation, who),
        subtitle=_subtitle(explanation, steps) if steps else sentence(f"Why there is no drawing: {refused}"),
        summary=_summary(explanation, steps) if steps else sentence(refused),
        table=_table(explanation, steps),
        spec=_spec(explanation, steps) if steps else None,
        empty=sentence(refused) if refused else "",
    )


def _title_of_nothing(explanation: Mapping[str, Any], who: str) -> str:
    name = explanation["name"]
    if not explanation["scored"]:
        return f"{name} of {who} is not scored."
    if not explanation["votes"]:
        return f"There is no score of {who} in {name}."
    return f"The score of {who} in {name} cannot be taken apart by encounter."


def _title(explanation: Mapping[str, Any], who: str, steps: Sequence[Step]) -> str:
    found = explanation["estimate"]
    above = round(found["score"], 2) - round(found["cut"], 2)
    where = f"{figure(abs(above))} {'above' if above > 0 else 'below'}" if round(above, 2) else "at"
    number = sum(step.encounters for step in steps)
    title = f"The score of {who} in {explanation['name']}, {figure(found['score'])}, lies {where} the cut"
    own = [step for step in steps if step.observed]
    most = max(own, key=lambda step: abs(step.moves), default=None)
    if number == 1 or most is None or round(most.moves, 2) == 0:
        return f"{title} and rests on {several(number, 'encounter')}."
    return (
        f"{title}; of {several(number, 'encounter')} the one of {day(most.observed)} "
        f"moves it most ({signed(most.moves)})."
    )


def _subtitle(explanation: Mapping[str, Any], steps: Sequence[Step]) -> str:
    others = [step for step in steps if not step.observed]
    parts = [
        "Score from 0 to 1; a bar is what one encounter adds to the score, starting at the cut: "
        "its weight (tier and age) as a share of all weight, times its distance from the cut",
        f"▲ raises, ▼ lowers; {several(sum(step.encounters for step in steps), 'encounter')}, "
        f"evidence mass {figure(explanation['estimate']['mass'])}",
    ]
    if others:
        parts.append(f"the {len(steps) - 1} that weigh most by themselves, the rest in one bar")
    return sentence("; ".join(parts))


def _summary(explanation: Mapping[str, Any], steps: Sequence[Step]) -> str:
    found = explanation["estimate"]
    up = [step.moves for step in steps if step.moves > 0]
    down = [step.moves for step in steps if step.moves < 0]
    return (
        f"From the cut of {figure(found['cut'])} the encounters rated above it add {signed(math.fsum(up))} in all, "
        f"those rated below it {signed(math.fsum(down))}; the score is {figure(found['score'])} "
        f"(interval {figure(found['interval'][0])} to {figure(found['interval'][1])}). "
        "Each encounter, oldest first, is in the table."
    )


def _table(explanation: Mapping[str, Any], steps: Sequence[Step]) -> Table:
    titles = (
        *("Step", "Observed (UTC)", "Tier", "Raters", "Encounters", "Weight", "Rated, 0 to 1"),
        *("Adds to the score", "From", "To"),
    )
    if not steps:
        return Table(titles, ())
    cut, score = explanation["estimate"]["cut"], explanation["estimate"]["score"]
    rows = (
        (
            *("encounter" if step.observed else _others(step), minute(step.observed or None), _tiers(step)),
            *(", ".join(step.raters), step.encounters, rounded(step.weight), rounded(step.s)),
            *(rounded(step.moves), rounded(start), rounded(end)),
        )
        for step, (start, end) in _along(explanation, steps)
    )
    nothing = (None,) * 7
    return Table(titles, (("cut", *nothing, None, cut), *rows, ("score", *nothing, None, score)))


def _along(
    explanation: Mapping[str, Any], steps: Sequence[Step]
) -> Iterator[tuple[Step, tuple[float, float]]]:
    """Each step with where it begins and ends."""
    moves = (step.moves for step in steps)
    return zip(steps, pairwise(accumulate(moves, initial=explanation["estimate"]["cut"])), strict=True)


def _others(step: Step) -> str:
    return several(step.encounters, "other")


def _tiers(step: Step) -> str:
    return listed([TIERS[tier] for tier in step.tiers])


def _values(explanation: Mapping[str, Any], steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The bars; the rows are numbered, for two encounters of a day have the same label."""
    values = []
    for number, (step, (start, end)) in enumerate(_along(explanation, steps), start=1):
        sign = "▲" if step.moves > 0 else "▼" if step.moves < 0 else "="
        label = f"{short_day(step.observed)} · {_tier(step)}" if step.observed else _others(step)
        values.append(
            {
                **{"row": row_id(number, label), "label": label, "from": rounded(start), "to": rounded(end)},
                "end": rounded(max(start, end)),
                "kind": "others" if not step.observed else "raises" if step.moves >= 0 else "lowers",
                "moves": f"{sign} {signed(step.moves, 3)}",
                "rated": figure(step.s),
                "weight": figure(step.weight),
                "raters": ", ".join(step.raters[:5]) + (" …" if len(step.raters) > 5 else ""),
                "tier": _tiers(step),
            }
        )
    return values


def _tier(step: Step) -> str:
    short = {"vr_automatic": "VR", "role_play": "role-play"}
    return " + ".join(short.get(tier, TIERS[tier]) for tier in step.tiers)


def _ends(explanation: Mapping[str, Any], rows: int) -> list[dict[str, Any]]:
    found = explanation["estimate"]
    return [
        {"row": row_id(0, "cut"), "label": "cut", "to": found["cut"], "text": figure(found["cut"])},
        {
            "row": row_id(rows + 1, "score"),
            "label": "score",
            "to": found["score"],
            "text": figure(found["score"]),
        },
    ]


def _spec(explanation: Mapping[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    import altair as alt

    values = _values(explanation, steps)
    ends = _ends(explanation, len(values))
    order = [row["row"] for row in (*ends[:1], *values, *ends[1:])]
    axis = alt.Axis(labelExpr=LABEL, ticks=False, domain=False, grid=False, labelLimit=140)
    y = alt.Y("row:N", sort=order, title=None, axis=axis)
    low = min(min(row["from"], row["to"]) for row in values)
    high = max(max(row["from"], row["to"]) for row in values)
    room = max(0.01, (high - low) * 0.3)
    scale = alt.Scale(domain=[max(0.0, low - room / 4), min(1.25, high + room)], zero=False, nice=False)
    # The room for what is written beside the bars may reach beyond 1, where there is no score.
    within = alt.Axis(labelExpr="datum.value > 1.0001 ? '' : datum.label")
    x = alt.X("to:Q", title="Score, 0 to 1", scale=scale, axis=within)
    kinds = alt.Scale(domain=["raises", "lowers", "others"], range=[BLUE, ORANGE, OTHERS])
    tips = [
        labelled_by("label", "Encounter"),
        labelled_by("moves", "Adds"),
        labelled_by("rated", "Rated, 0 to 1"),
        labelled_by("weight", "Weight"),
        labelled_by("raters", "Raters"),
        labelled_by("tier", "Tier"),
    ]
    bars = over(values).encode(y=y, tooltip=tips)
    dots = over(ends).encode(y=y, x=x)
    cut = over(ends[:1]).mark_rule(strokeDash=[5, 3], color=INK).encode(x=x)
    return spec_of(
        cut,
        bars.mark_bar(height=11).encode(
            x=x, x2=alt.X2("from:Q"), color=alt.Color("kind:N", scale=kinds, legend=None)
        ),
        bars.mark_text(align="left", dx=4, fontSize=11, color=MUTED).encode(
            x=alt.X("end:Q"), text=alt.Text("moves:N")
        ),
        dots.mark_point(shape="diamond", size=90, filled=True, color=INK, opacity=1),
        dots.mark_text(align="left", dx=8, fontWeight="bold").encode(text=alt.Text("text:N")),
        height=ROW_HEIGHT * len(order),
    )
