"""Charts of what the services answer over a real store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lrs.charts.chart import Chart
from lrs.charts.flat import flat_chart
from lrs.charts.gaps import gaps_chart
from lrs.charts.impact import impact_chart
from lrs.charts.quality import quality_chart
from lrs.charts.raters import raters_chart
from lrs.charts.sensitivity import sensitivity_chart
from lrs.charts.stale import stale_chart
from lrs.charts.tiers import tiers_chart
from lrs.charts.trend import trend_chart
from lrs.charts.unit_survey import unit_survey_chart
from lrs.charts.verdicts import verdicts_chart
from lrs.charts.vr_field import vr_field_chart
from lrs.charts.waterfall import waterfall_chart
from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.impact import audit_impact
from lrs.services.reports import Reports, Whom
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.charts.checks import check
from tests.clients import Xapi
from tests.conftest import NewStore
from tests.services.academy import fill, gazed, graded, key, post, surveys

EVERYBODY = Whom()
COMMUNICATION = "communication"


@pytest.fixture(scope="module")
def academy(new_store: NewStore, plugins: PluginHost) -> Iterator[Rapport]:
    """The small academy, with VR and surveys."""
    with new_store() as url, contextlib.ExitStack() as end:
        config = Config(store=url, log_level="error", base_url="https://lrs.example")
        rapport = Rapport.open(config, plugins=plugins)
        rapport.store.initialise()
        end.callback(rapport.store.close)
        name, secret = rapport.access.create_key("VR vendor", ("all",))
        xapi = Xapi(create_app(config, rapport).test_client(), name.id, secret)
        fill(xapi, rapport)
        post(xapi, *(graded("R-001", 0.7, n) for n in range(1, 4)), gazed("R-002"))
        post(xapi, *surveys("U-01", [3, 3, 4, 4]), *surveys("U-02", [3, 3, 3, 3]))
        yield rapport


Ask = Callable[[Reports, int], Any]
CHARTS: dict[str, tuple[Callable[[Any], Chart], Ask, str]] = {
    "gaps": (
        gaps_chart,
        lambda ask, now: ask.gaps(
            now, EVERYBODY, competency=COMMUNICATION, indicator="de-escalates-before-force"
        ),
        "4 of 5 recruits lack evidence of “De-escalates before force”.",
    ),
    "all gaps": (
        gaps_chart,
        lambda ask, now: ask.gaps(now, EVERYBODY),
        "5 of 5 recruits lack evidence of one or more",
    ),
    "trend": (
        trend_chart,
        lambda ask, now: ask.trend(now, key("R-001"), COMMUNICATION, date_us=now - 6 * 86_400_000_000),
        "Recruit 1 is rated ",
    ),
    "stale": (
        stale_chart,
        lambda ask, now: ask.stale(now, EVERYBODY, within_days=60),
        "1 recruit goes stale or loses",
    ),
    "flat": (
        flat_chart,
        lambda ask, now: ask.flat(now, EVERYBODY),
        "1 recruit shows no change below the cut; nobody",
    ),
    "vr-field": (
        vr_field_chart,
        lambda ask, now: ask.vr_field(now, EVERYBODY),
        "Whether VR and field ratings of",
    ),
    "raters": (raters_chart, lambda ask, now: ask.raters(now, EVERYBODY, COMMUNICATION), "How severe the "),
    "quality": (quality_chart, lambda ask, now: ask.quality(now), "1 statement of "),
    "unit-survey": (
        unit_survey_chart,
        lambda ask, now: ask.unit_survey(now, key("U-01"), COMMUNICATION),
        "The communication of U-01 goes from 3.00 to 4.00 over 4 periods (20 replies).",
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_each_report_is_drawn(academy: Rapport, name: str) -> None:
    draw, ask, title = CHARTS[name]
    answer = ask(academy.reports, academy.reports.as_of(None)).as_dict()
    chart = draw(answer)
    assert chart.title.startswith(title)
    check(chart)
    assert draw(answer) == chart


def test_a_profile_and_its_explanation_are_drawn(academy: Rapport) -> None:
    now = academy.profiles.as_of(None)
    for explanation in academy.profiles.explanations(key("R-001"), now):
        found = explanation.as_dict()
        for chart in (waterfall_chart(found), sensitivity_chart(found), tiers_chart(found)):
            check(chart)
    profile = academy.profiles.profile(key("R-001"), now).as_dict()
    charts = {chart.id: chart for chart in map(tiers_chart, profile["competencies"])}
    assert (
        "3 times in VR scored by the simulation and 13 times in the field"
        in charts["tiers-communication"].title
    )


def test_a_cohort_is_drawn_by_verdict(academy: Rapport) -> None:
    now = academy.profiles.as_of(None)
    found = academy.profiles.standings([key(f"R-00{n}") for n in (1, 2, 3)], now, [COMMUNICATION])
    chart = verdicts_chart(
        [one.as_dict() for own in found.values() for one in own], {COMMUNICATION: "Communication"}
    )
    assert chart.table.rows[0][0] == "Communication"
    assert chart.table.rows[0][-1] == 3
    check(chart)


def test_an_audit_of_a_small_cohort_withholds_everything(academy: Rapport, tmp_path: Any) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("account,sex\nR-001,f\nR-002,m\nR-003,f\n", encoding="utf-8")
    report = audit_impact(academy.reports, academy.reports.as_of(None), EVERYBODY, COMMUNICATION, file)
    chart = impact_chart(report.as_dict())
    assert chart.title == "Nothing can be shown of the groups' rates at standard in communication."
    assert (chart.spec, "f (sex) and m (sex)" in chart.empty) == (None, True)
    check(chart)
