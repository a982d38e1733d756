"""`draw.js` in Chromium under the policy of the dashboard: nothing is refused, nothing is written to the console."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from html import escape
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lrs.charts import drawing
from lrs.charts.chart import Chart
from lrs.charts.flat import flat_chart
from lrs.charts.gaps import gaps_chart
from lrs.charts.impact import impact_chart
from lrs.charts.quality import quality_chart
from lrs.charts.sensitivity import sensitivity_chart
from lrs.charts.stale import stale_chart
from lrs.charts.tiers import tiers_chart
from lrs.charts.trend import trend_chart
from lrs.charts.unit_survey import unit_survey_chart
from lrs.charts.verdicts import verdicts_chart
from lrs.charts.vr_field import vr_field_chart
from lrs.charts.waterfall import waterfall_chart
from tests.browser.chromium import chromium
from tests.charts import answers
from tests.charts.answers import shifts
from tests.interop import needs

needs.need(needs.chromium)

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  refused.push(event.violatedDirective + event.blockedURI);
});
"""
STYLE = "body { margin: 0 } figure { margin: 0 } .chart-drawing { width: 100% } .folded { display: none }"
BROKEN = """<figure data-chart id="broken"><script type="application/json">{"mark": 5</script>
<div class="chart-drawing">In words.</div></figure>"""


def charts() -> Iterator[Chart]:
    low = [*shifts("R-1", [2, 3, 2, 3, 3, 2, 3, 2]), *shifts("R-1", [5, 5, 5, 5, 5], 31)]
    explanation = answers.of_explanation(low)
    yield trend_chart(answers.of_trend(low))
    yield tiers_chart(explanation)
    yield waterfall_chart(explanation)
    yield sensitivity_chart(explanation)
    yield gaps_chart(answers.of_gaps([], *(f"R-{n}" for n in range(60))))
    yield stale_chart(answers.of_stale(shifts("R-1", [5] * 5)))
    yield flat_chart(answers.of_flat(low[:8]))
    yield vr_field_chart(answers.of_vr_field([(n / 40, 1 + n % 7 * 0.9) for n in range(30)]))
    yield unit_survey_chart(answers.of_unit_survey(answers.replies("U-1", [3, 4]), date_us=None))
    yield impact_chart(answers.of_impact({"a": (60, 40), "b": (45, 55), "c": (1, 1), "d": (9, 2)}))
    yield quality_chart(answers.of_quality([answers.look("VR")]))
    yield verdicts_chart(answers.of_standings(low), {})


def figure(chart: Chart, more: str = "") -> str:
    spec = json.dumps(chart.spec).replace("<", chr(92) + "u003c")
    return (
        f'<figure data-chart id="{chart.id}{more}" aria-labelledby="{chart.id}{more}-title">'
        f'<figcaption id="{chart.id}{more}-title">{escape(chart.title)}</figcaption>'
        f'<script type="application/json">{spec}</script><div class="chart-drawing">In words.</div></figure>'
    )


@pytest.fixture(scope="module")
def drawn() -> tuple[Chart, ...]:
    return tuple(charts())


@pytest.fixture(scope="module")
def origin(drawn: tuple[Chart, ...]) -> Iterator[str]:
    """A page with every chart, one of them folded away, and one that is broken."""
    scripts = "".join(f'<script src="/{name}.js" defer></script>' for name in ("watch", "vega", "draw"))
    head = f'<meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">{scripts}'
    folded = f'<div class="folded">{figure(drawn[0], "-folded")}</div>'
    page = f"<!doctype html><title>Charts</title>{head}{''.join(map(figure, drawn))}{folded}{BROKEN}"
    draw = resources.files("lrs.web.dashboard") / "static" / "draw.js"
    files = {
        "/": ("text/html", page.encode()),
        "/watch.js": ("text/javascript", WATCH.encode()),
        "/vega.js": ("text/javascript", drawing.javascript()),
        "/draw.js": ("text/javascript", draw.read_bytes()),
        "/page.css": ("text/css", STYLE.encode()),
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            kind, body = files[self.path]
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module", params=[390, 1100])
def said_and_page(
    request: pytest.FixtureRequest, browser: Browser, origin: str
) -> Iterator[tuple[list[str], Page]]:
    """What the page wrote to the console, and the page with its charts drawn; a phone, and a desk."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(origin)
    page.wait_for_function(
        "[...document.querySelectorAll('figure[data-chart]:not(.folded figure)')].every((one) => one.dataset.chart)",
        timeout=60_000,
    )
    yield said, page
    page.close()


@pytest.fixture
def page(said_and_page: tuple[list[str], Page]) -> Page:
    return said_and_page[1]


def test_every_chart_is_drawn_as_wide_as_its_place(page: Page, drawn: tuple[Chart, ...]) -> None:
    found = page.evaluate(
        "[...document.querySelectorAll('figure[data-chart=drawn] svg')].map((svg) => svg.getBoundingClientRect().width)"
    )
    assert len(found) >= len(drawn)
    assert set(found) == {page.viewport_size["width"]} if page.viewport_size else False
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def test_the_policy_refused_nothing_and_the_console_is_quiet(said_and_page: tuple[list[str], Page]) -> None:
    said, page = said_and_page
    assert page.evaluate("refused") == []
    assert [line for line in said if not line.startswith("The chart broken is not drawn: ")] == []


def test_a_chart_that_cannot_be_drawn_leaves_the_words(page: Page) -> None:
    broken = page.locator("#broken")
    assert broken.get_attribute("data-chart") == "failed"
    assert broken.locator(".chart-drawing").inner_text() == "In words."


def test_a_drawing_is_one_picture_with_the_name_of_its_figure(page: Page) -> None:
    place = page.locator("#trend .chart-drawing")
    assert (place.get_attribute("role"), place.get_attribute("aria-labelledby")) == ("img", "trend-title")
    assert place.locator("svg").get_attribute("aria-hidden") == "true"
    assert "In words." not in place.inner_text()


def test_a_tooltip_says_what_a_dot_is_and_goes_with_escape(page: Page) -> None:
    page.locator("#trend .mark-symbol path").first.hover()
    tip = page.locator(".chart-tooltip")
    assert tip.inner_text().startswith("Observed: 30 Aug 2024\nRating: 5.00\nRater: T-1\nTier: field")
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_what_is_folded_away_is_drawn_when_it_is_unfolded(page: Page) -> None:
    assert page.locator("#trend-folded").get_attribute("data-chart") == ""
    page.evaluate("document.querySelector('.folded').className = ''")
    page.wait_for_function("document.getElementById('trend-folded').dataset.chart === 'drawn'")
    assert page.evaluate("refused") == []
