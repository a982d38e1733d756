"""What a plugin failed on is listed with the reason, and tried again once the plugin is put right."""

from __future__ import annotations

import pytest

from lrs.errors import NotFound
from lrs.services.quarantine import Fate
from tests.services.agencies import Agency, Judge, plugin, rubric


@pytest.fixture
def failed(agency: Agency) -> dict[float, str]:
    """Ids by rating; the plugin failed on 6."""
    agency.install(juggling=plugin("1", Judge(fails_on=6)))
    return dict(zip((4.0, 5.0, 6.0), agency.rate("R-1", 4, 5, 6), strict=True))


def test_a_failure_is_listed_with_its_reason(agency: Agency, failed: dict[float, str]) -> None:
    [one] = agency.quarantine.listed()
    assert (one.statement_id, one.plugin, one.plugin_version) == (failed[6.0], "juggling", "1")
    assert "cannot make sense of 6" in one.reason


def test_a_plugin_that_was_put_right_finds_the_evidence(agency: Agency, failed: dict[float, str]) -> None:
    agency.install(juggling=plugin("1.1", Judge()))
    [tried] = agency.quarantine.rerun()
    assert (tried.fate, tried.pieces) == (Fate.MENDED, 1)
    assert agency.quarantine.listed() == []
    [record] = agency.profiles.evidence_in(failed[6.0])
    assert (record.plugin_version, record.evidence.rating) == ("1.1", 6)
    assert record.mended_us is not None


def test_a_statement_in_which_there_is_nothing_is_out_of_quarantine(
    agency: Agency, failed: dict[float, str]
) -> None:
    agency.install(juggling=plugin("1.1", Judge(most=5)))
    [tried] = agency.quarantine.rerun()
    assert (tried.fate, tried.pieces) == (Fate.NOTHING, 0)
    assert agency.quarantine.listed() == []


def test_what_still_fails_stays_and_says_why_now(agency: Agency, failed: dict[float, str]) -> None:
    [tried] = agency.quarantine.rerun()
    assert tried.fate is Fate.FAILS
    assert "cannot make sense" in (tried.reason or "")
    assert len(agency.quarantine.listed()) == 1


def test_the_failure_of_a_plugin_that_is_not_loaded_is_left_alone(
    agency: Agency, failed: dict[float, str]
) -> None:
    agency.plugins.clear()
    agency.install(walking=plugin("1", rubrics=(rubric("walking"),)))
    [tried] = agency.quarantine.rerun()
    assert tried.fate is Fate.NOT_LOADED
    assert len(agency.quarantine.listed()) == 1


def test_only_the_plugins_that_are_named_are_tried(agency: Agency, failed: dict[float, str]) -> None:
    agency.install(juggling=plugin("1.1", Judge()), walking=plugin("1", rubrics=(rubric("walking"),)))
    assert agency.quarantine.rerun(["walking"]) == []
    with pytest.raises(NotFound):
        agency.quarantine.rerun(["charm"])
    assert len(agency.quarantine.rerun(["juggling"])) == 1


def test_a_failure_that_came_with_an_activation_is_listed_and_mended(
    agency: Agency, failed: dict[float, str]
) -> None:
    agency.install(juggling=plugin("2", Judge(fails_on=5)))
    agency.reprofile.run()
    agency.generations.activate("juggling")
    [one] = agency.quarantine.listed()
    assert (one.statement_id, one.plugin_version) == (failed[5.0], "2")
    agency.install(juggling=plugin("2.1", Judge()))
    assert [tried.fate for tried in agency.quarantine.rerun()] == [Fate.MENDED]
    [found] = agency.profiles.cohort(agency.now()).profiles[0].as_dict()["competencies"]
    assert found["counts"]["encounters"] == 3


def test_the_quarantine_of_an_earlier_instant_is_as_it_was(agency: Agency, failed: dict[float, str]) -> None:
    then = agency.now()
    agency.install(juggling=plugin("1.1", Judge()))
    agency.quarantine.rerun()
    assert len(agency.quarantine.listed(then)) == 1
