"""What a browser is told with every answer, and that nothing of ours is in its way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lrs import web

pytestmark = pytest.mark.engines("sqlite")
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|application/json))", re.IGNORECASE)


@pytest.mark.parametrize("path", ["/", "/dashboard/sign-in", "/dashboard/nothing", "/api/v1/profiles"])
def test_a_browser_loads_nothing_from_elsewhere_and_runs_nothing_inline(http: FlaskClient, path: str) -> None:
    policy = http.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_no_template_has_anything_inline_that_the_policy_would_refuse() -> None:
    templates = sorted(Path(web.__file__).parent.rglob("templates/*.html"))
    assert len(templates) > 30
    assert {
        file.name: found[0] for file in templates if (found := INLINE.search(file.read_text("utf-8")))
    } == {}


def test_that_test_would_see_it() -> None:
    for bad in ("<style>", '<p style="x">', '<a onclick="x">', "<script>", '<script type="module">'):
        assert INLINE.search(bad)


def test_over_tls_a_browser_is_to_stay_there(http: FlaskClient) -> None:
    assert "max-age=" in http.get("/").headers["Strict-Transport-Security"]
    assert "Content-Security-Policy" not in http.get("/xapi/about").headers


def test_the_first_page_leads_to_the_dashboard(http: FlaskClient) -> None:
    assert 'href="/dashboard/"' in http.get("/").text
