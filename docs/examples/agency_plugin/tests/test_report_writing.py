"""The plugin finds what it must find, and nothing else; and its model counts as the agency agreed."""

from typing import Any

import pytest

from lrs.plugin import PluginError, Policy, Tier, Vote, packaged_json, packaged_rubric
from lrs.plugin.testing import explain, host_with, recognise, statement
from lrs_report_writing import plugin
from lrs_report_writing.notes import ReportsAskedFor, ReportsReviewed
from lrs_report_writing.share import ShareAcceptable, at_least

EXAMPLES = packaged_json("lrs_report_writing", "examples")["examples"]
CUT = packaged_rubric("lrs_report_writing").cut


def plain(value: Any) -> Any:
    """A member of evidence, as a file has it."""
    return list(value) if isinstance(value, tuple) else value


def example(beginning: str) -> dict[str, Any]:
    """The statement of an example."""
    [found] = [each["statement"] for each in EXAMPLES if each["name"].startswith(beginning)]
    return statement(**found)


def votes(*ratings: int) -> list[Vote]:
    """A vote for each rating of 1 to 7."""
    return [
        Vote("T-3", f"C-{place}", Tier.FIELD, (rating - 1) / 6, place) for place, rating in enumerate(ratings)
    ]


def test_a_server_can_load_it_with_every_hook() -> None:
    [info] = host_with(report_writing=plugin).plugins
    assert info.competencies == ("report_writing",)
    assert info.recognisers == ("report_writing-alignment", "report_writing-rounds")
    assert info.models == ("share-acceptable/1-0.75",)
    assert info.explanations == ("reports-asked-for",)
    assert info.report_columns == ("reports-reviewed",)


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one["name"])
def test_an_example_gives_the_evidence_that_it_must(one: dict[str, Any]) -> None:
    found = recognise(plugin, statement(**one["statement"]))
    assert len(found) == len(one["evidence"])
    for piece, wanted in zip(found, one["evidence"], strict=True):
        assert {name: plain(getattr(piece, name)) for name in wanted} == wanted


def test_a_vendor_is_told_why_a_draft_does_not_count() -> None:
    reasons = [reason for outcome in explain(plugin, example("a draft")) for reason in outcome.reasons]
    assert any("https://review.example/draft" in reason for reason in reasons)


def test_a_vendor_is_told_which_number_is_missing() -> None:
    reasons = [reason for outcome in explain(plugin, example("acceptance")) for reason in outcome.reasons]
    assert any("https://review.example/rounds" in reason for reason in reasons)


def test_the_agency_says_how_many_rounds_are_the_most() -> None:
    host = host_with(report_writing=plugin, config={"report_writing": {"most_rounds": 2}})
    [[finding]] = host.recognise([example("one round")])
    assert finding.evidence[0].rating == 0.5


def test_a_setting_that_there_is_not_is_refused() -> None:
    with pytest.raises(PluginError, match="moat_rounds"):
        host_with(report_writing=plugin, config={"report_writing": {"moat_rounds": 2}})


def test_three_acceptable_reports_of_four_by_hand() -> None:
    # The sum over j = 0 … 3 of C(5, j) 0.75^j 0.25^(5 - j): all but j = 4 and j = 5.
    by_hand = 1 - 5 * 0.75**4 * 0.25 - 0.75**5
    found = ShareAcceptable(0.75).aggregate(votes(4, 5, 3, 7), Policy(), CUT, 0)
    assert found.probability == pytest.approx(by_hand)
    assert found.score == 0.75
    assert found.posterior_mean == pytest.approx(4 / 6)
    low, high = found.interval
    assert at_least(low, 3, 4) == pytest.approx(0.95)
    assert at_least(high, 3, 4) == pytest.approx(0.05)


def test_nothing_known_is_an_even_spread() -> None:
    found = ShareAcceptable(0.75).aggregate([], Policy(), CUT, 0)
    assert (found.score, found.posterior_mean, found.probability) == (None, 0.5, pytest.approx(0.25))
    assert found.interval == (pytest.approx(0.05), pytest.approx(0.95))


def test_the_working_of_the_model_ends_in_its_probability() -> None:
    *_, last = ShareAcceptable(0.75).working(votes(4, 5, 3, 7), Policy(), CUT, 0)
    assert last.filled == "k 3, n 4, c 0.75: 0.367188"


def test_the_academy_asks_until_there_are_enough_reports() -> None:
    asked = ReportsAskedFor(8)
    assert list(asked.explain({"counts": {"encounters": 8}})) == []
    [sentence] = asked.explain({"counts": {"encounters": 3}})
    assert "8" in sentence
    assert "there are 3" in sentence


def test_the_column_counts_the_cases_of_this_competency() -> None:
    parts = [{"competency": "other", "counts": {"encounters": 9}}]
    assert ReportsReviewed().value({"competencies": parts}) is None
    parts.append({"competency": "report_writing", "counts": {"encounters": 3}})
    assert ReportsReviewed().value({"competencies": parts}) == 3
