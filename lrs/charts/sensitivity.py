"""How a verdict hangs on the policy: P(θ ≥ cut) under ±50 % of the half-life and of the weight of each tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lrs.charts.chart import Chart
from lrs.charts.theme import INK, MUTED, VERDICTS, labelled_by, over, spec_of
from lrs.charts.words import TIERS, either, figure, id_of, sentence, several, spoken, verdict_words
from lrs.cohort.answer import Table
from lrs.cohort.roster import short_name

ROW_HEIGHT = 24
_AS_IT_IS = "as it is"


def sensitivity_chart(explanation: Mapping[str, Any], *, name: str = "") -> Chart:
    """The chart of `Explanation.as_dict()`. Probabilities in [0, 1].

    Args:
        explanation: of one competency of one officer.
        name: what people call the officer; empty: the name of the account.
    """
    variants = explanation["sensitivity"]["variants"]
    refused = _refused(explanation)
    return Chart(
        id=id_of("sensitivity", explanation["competency"]),
        title=_title(explanation, name or short_name(explanation["subject"])),
        subtitle=_subtitle(explanation),
        summary=_summary(explanation),
        table=_table(explanation),
        spec=None if refused else _spec(explanation),
        empty=refused or _partly(variants),
    )


def _refused(explanation: Mapping[str, Any]) -> str:
    if not explanation["scored"]:
        return "This competency is recorded and not scored: no number of the policy bears on it."
    if not explanation["votes"]:
        return "There is no scored evidence: no number of the policy bears on it."
    if explanation["estimate"]["probability_at_or_above_cut"] is None:
        return "The model has no answer: there is no probability to draw."
    return ""


def _partly(variants: Sequence[Mapping[str, Any]]) -> str:
    missing = sum(one["probability_at_or_above_cut"] is None for one in variants)
    if not missing:
        return ""
    they_are = either(missing, "it is", "they are")
    return f"Of {several(missing, 'variant')} the model has no answer: {they_are} not drawn."


def _title(explanation: Mapping[str, Any], who: str) -> str:
    verdict, variants = verdict_words(explanation["verdict"]), explanation["sensitivity"]["variants"]
    of = f"The verdict on {who} in {explanation['name']}, {verdict},"
    if not explanation["votes"] or not variants:
        return f"{of} hangs on no number of the policy."
    turned = sum(one["verdict"] != explanation["verdict"] for one in variants)
    if not turned:
        return f"{of} stays the same under all {several(len(variants), 'change')} tried."
    return f"{of} becomes another under {turned} of {several(len(variants), 'change')} tried."


def _subtitle(explanation: Mapping[str, Any]) -> str:
    decide = explanation["model"]["policy"]["decide_at"]
    return sentence(
        "Probability, by the model, that the level seen lies at or above the cut, when one number of the policy is "
        "half or one and a half times what it is; symbol: the verdict that it would be; "
        f"dashed: from {figure(decide)} on at standard, up to {figure(1 - decide)} below standard, "
        "where there is enough evidence"
    )


def _summary(explanation: Mapping[str, Any]) -> str:
    if _refused(explanation):
        return _refused(explanation)
    found = explanation["estimate"]["probability_at_or_above_cut"]
    lines = [
        f"{_name(one)}: {_probability(one)}, {verdict_words(one['verdict'])}."
        for one in explanation["sensitivity"]["variants"]
    ]
    return " ".join([f"As it is: {figure(found)}, {verdict_words(explanation['verdict'])}.", *lines])


def _probability(one: Mapping[str, Any]) -> str:
    value = one["probability_at_or_above_cut"]
    return "no answer" if value is None else figure(value)


def _name(one: Mapping[str, Any]) -> str:
    """`half-life × 0.5` and the like."""
    parameter = one["parameter"].removeprefix("tiers.")
    words = "half-life" if parameter == "half_life_days" else f"weight of {_tier(parameter)}"
    return f"{words} × {one['factor']:g}"


def _tier(tier: str) -> str:
    return "VR" if tier == "vr_automatic" else TIERS.get(tier, spoken(tier))


def _table(explanation: Mapping[str, Any]) -> Table:
    titles = (
        "Policy",
        "Value",
        "Probability at or above the cut",
        "Score, 0 to 1",
        "Evidence mass",
        "Verdict",
    )
    found = explanation["estimate"]
    decide = explanation["model"]["policy"]["decide_at"]
    if not explanation["scored"]:
        return Table(titles, ())
    first = (
        *(_AS_IT_IS, None, found["probability_at_or_above_cut"], found["score"], found["mass"]),
        verdict_words(explanation["verdict"]),
    )
    rows = (
        (
            *(_name(one), one["value"], one["probability_at_or_above_cut"], one["score"], one["mass"]),
            verdict_words(one["verdict"]),
        )
        for one in explanation["sensitivity"]["variants"]
    )
    rules = (
        ("at standard from", decide, decide, None, None, None),
        ("below standard up to", round(1 - decide, 6), round(1 - decide, 6), None, None, None),
    )
    return Table(titles, (first, *rows, *rules))


def _spec(explanation: Mapping[str, Any]) -> dict[str, Any]:
    import altair as alt

    found = explanation["estimate"]["probability_at_or_above_cut"]
    decide = explanation["model"]["policy"]["decide_at"]
    values = [
        _value(_AS_IT_IS, found, explanation["verdict"]),
        *(
            _value(_name(one), one["probability_at_or_above_cut"], one["verdict"])
            for one in explanation["sensitivity"]["variants"]
            if one["probability_at_or_above_cut"] is not None
        ),
    ]
    marks = {VERDICTS[value["id"]].label: VERDICTS[value["id"]] for value in values}
    shown = [mark for mark in VERDICTS.values() if mark.label in marks]
    labels = [mark.label for mark in shown]
    axis = alt.Axis(ticks=False, domain=False, grid=True, labelLimit=170)
    x = alt.X("p:Q", title="Probability at or above the cut", scale=alt.Scale(domain=[0, 1]))
    base = over(values).encode(
        x=x,
        y=alt.Y("row:N", sort=[value["row"] for value in values], title=None, axis=axis),
        tooltip=[
            labelled_by("row", "Policy"),
            labelled_by("text", "Probability"),
            labelled_by("verdict", "Verdict"),
        ],
    )
    legend = alt.Legend(title="Verdict", symbolStrokeColor=INK)
    points = base.mark_point(filled=True, size=110, stroke=INK, strokeWidth=1, opacity=1).encode(
        fill=alt.Fill(
            "verdict:N", scale=alt.Scale(domain=labels, range=[m.colour for m in shown]), legend=legend
        ),
        shape=alt.Shape(
            "verdict:N", scale=alt.Scale(domain=labels, range=[m.shape for m in shown]), legend=legend
        ),
    )
    text = base.mark_text(
        align=alt.expr("datum.p > 0.8 ? 'right' : 'left'"), dx=alt.expr("datum.p > 0.8 ? -9 : 9")
    )
    rules = [{"p": decide}, {"p": round(1 - decide, 6)}]
    return spec_of(
        over(rules).mark_rule(strokeDash=[5, 3], color=MUTED).encode(x=x),
        over([{"p": found}]).mark_rule(color=MUTED).encode(x=x),
        points,
        text.encode(text=alt.Text("text:N")),
        height=ROW_HEIGHT * len(values),
    )


def _value(row: str, probability: float, verdict: str) -> dict[str, Any]:
    return {
        **{"row": row, "p": probability, "text": figure(probability)},
        **{"id": verdict, "verdict": VERDICTS[verdict].label},
    }
