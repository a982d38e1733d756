"""Every statement of the vendors' page, posted to the real server by a vendor."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lrs.plugin.shapes import standard_shapes
from tests.conftest import NewStore
from tests.serving import serving
from tests.xapi.page_examples import Example, examples

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Iterator[Ask]:
    """Asks a server as the vendor, who writes, or as the reader; answers the parsed body."""
    with new_store() as url, serving(tmp_path_factory.mktemp("vendor"), url) as server:
        keys = {"vendor": server.key("statements/write"), "reader": server.key("all/read")}

        def ask(who: str, path: str, body: str | None = None, version: str = "1.0.3") -> Any:
            credential = base64.b64encode(":".join(keys[who]).encode()).decode()
            request = urllib.request.Request(
                server.url + path,
                None if body is None else body.encode(),
                {
                    "Authorization": f"Basic {credential}",
                    "Content-Type": "application/json",
                    "X-Experience-API-Version": version,
                },
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())

        yield ask


@pytest.fixture(params=sorted(examples()))
def example(request: pytest.FixtureRequest) -> Example:
    return examples()[request.param]


def test_an_example_is_stored_and_is_evidence_by_a_rule_of_its_shape(ask: Ask, example: Example) -> None:
    id_ = example.statement["id"]
    assert ask("vendor", "/xapi/statements", example.text, example.version) == [id_]
    evidence = ask("reader", f"/api/v1/evidence?statement={id_}")
    assert evidence
    shape = standard_shapes().get(example.shape)
    if shape is not None:
        assert {piece["rule"] for piece in evidence} <= {rule["id"] for rule in shape.rules}


def test_the_dry_run_says_that_an_example_counts_and_which_template_it_matches(
    ask: Ask, example: Example
) -> None:
    found = ask("vendor", "/api/v1/check", example.text, example.version)
    assert (found["valid"], found["recognised"], found["problems"]) == (True, True, [])
    [named] = [each for each in found["templates"] if each["id"] == example.template]
    assert (named["matched"], named["reasons"]) == (True, [])


def test_the_officer_of_every_example_is_the_one_whom_the_page_names(ask: Ask) -> None:
    units = {"survey", "mentoring"}
    for name, example in examples().items():
        found = ask("vendor", "/api/v1/check", example.text, example.version)
        subjects = {piece["subject"] for rule in found["rules"] for piece in rule["evidence"]}
        assert subjects == {f"account:{'unit-north' if name in units else 'R-0417'}@https://academy.example"}


def test_no_rater_of_a_rating_is_the_officer(ask: Ask) -> None:
    for name in ("ride-along", "ride-along-by-rater", "ride-along-by-rater-2", "form-item", "role-play"):
        example = examples()[name]
        found = ask("vendor", "/api/v1/check", example.text, example.version)
        [rule] = [each for each in found["rules"] if each["matched"]]
        assert {piece["rater"] for piece in rule["evidence"]} == {"account:T-0031@https://academy.example"}
