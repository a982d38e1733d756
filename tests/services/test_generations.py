"""From found to counting: what may be activated, what is refused and why, what may be forgotten."""

from __future__ import annotations

import pytest

from lrs.errors import Conflict, NotFound
from tests.services.agencies import Agency, Judge, plugin


def reprofiled(agency: Agency) -> Agency:
    agency.rate("R-1", 5, 5, 5)
    agency.install(juggling=plugin("2", Judge(harder=1)))
    agency.reprofile.run()
    return agency


def test_what_is_loaded_and_was_reprofiled_counts_once_it_is_activated(agency: Agency) -> None:
    activation = reprofiled(agency).generations.activate("juggling")
    assert activation.generation.source.version == "2"
    [counting] = [one for one in agency.generations.listed() if one.activation is not None]
    assert (counting.generation.number, counting.loaded, counting.counts_as_it_is) == (
        activation.generation.number,
        True,
        True,
    )


def test_activating_twice_changes_nothing(agency: Agency) -> None:
    first = reprofiled(agency).generations.activate("juggling")
    assert agency.generations.activate("juggling") == first


def test_without_a_rebuilt_generation_it_says_what_to_do_first(agency: Agency) -> None:
    agency.rate("R-1", 5)
    with pytest.raises(Conflict) as caught:
        agency.generations.activate("juggling")
    assert "lrs reprofile juggling" in caught.value.details[0].expected


def test_a_generation_of_another_version_is_not_activated(agency: Agency) -> None:
    reprofiled(agency).install(juggling=plugin("3", Judge()))
    with pytest.raises(Conflict, match="version 3"):
        agency.generations.activate("juggling")


def test_an_unknown_plugin_is_named_with_those_that_are_loaded(agency: Agency) -> None:
    for ask in (agency.generations.activate, agency.generations.listed):
        with pytest.raises(NotFound) as caught:
            ask("charm")
        assert "juggling" in caught.value.details[0].expected


def test_statements_that_another_version_looked_at_have_to_be_reprofiled_first(agency: Agency) -> None:
    agency.rate("R-1", 5)
    new = plugin("2", Judge(harder=1))
    old = agency.plugins["juggling"]
    agency.install(juggling=new)
    agency.reprofile.run()
    agency.install(juggling=old)  # the server was not restarted yet
    agency.rate("R-1", 5, 5)
    agency.install(juggling=new)
    with pytest.raises(Conflict, match="2 statements were stored after"):
        agency.generations.activate("juggling")
    agency.reprofile.run()
    agency.generations.activate("juggling")


def test_it_can_be_activated_anyway(agency: Agency) -> None:
    reprofiled(agency).install(juggling=plugin("1", Judge()))
    agency.rate("R-1", 5)
    agency.install(juggling=plugin("2", Judge(harder=1)))
    activation = agency.generations.activate("juggling", anyway=True)
    assert activation.through_us < agency.store.newest_stored()


def test_what_was_posted_while_the_plugin_was_off_has_to_be_reprofiled_first(agency: Agency) -> None:
    agency.rate("R-1", 5)  # found live by what is reprofiled next: which proves nothing of what comes later
    agency.reprofile.run()
    on = agency.plugins["juggling"]
    agency.install()
    agency.rate("R-1", 5, 5)
    agency.install(juggling=on)
    with pytest.raises(Conflict, match="2 statements were stored after"):
        agency.generations.activate("juggling")
    agency.reprofile.run()
    agency.generations.activate("juggling")
    [profile] = agency.profiles.cohort(agency.now()).profiles
    assert profile.as_dict()["competencies"][0]["counts"]["encounters"] == 3


def test_what_the_same_version_found_as_it_came_in_counts_anyway(agency: Agency) -> None:
    reprofiled(agency)
    agency.rate("R-1", 5, 5)  # the server runs the new version by now
    agency.generations.activate("juggling", anyway=True)
    [profile] = agency.profiles.cohort(agency.now()).profiles
    [found] = profile.as_dict()["competencies"]
    assert (found["counts"]["encounters"], profile.warnings) == (5, ())


def test_every_statement_counts_once_after_a_second_activation(agency: Agency) -> None:
    reprofiled(agency).generations.activate("juggling")
    agency.rate("R-1", 5, 5)
    agency.reprofile.run()
    agency.generations.activate("juggling")
    [profile] = agency.profiles.cohort(agency.now()).profiles
    assert profile.as_dict()["competencies"][0]["counts"]["encounters"] == 5


def test_what_nobody_wants_is_forgotten_and_what_ever_counted_is_not(agency: Agency) -> None:
    [unwanted] = [
        one.generation.number for one in reprofiled(agency).generations.listed() if one.activation is None
    ]
    assert agency.generations.forget(unwanted) == 3
    assert unwanted not in [one.generation.number for one in agency.generations.listed()]
    agency.reprofile.run()
    kept = agency.generations.activate("juggling").generation.number
    for number in (kept, 1):
        with pytest.raises(Conflict):
            agency.generations.forget(number)
    with pytest.raises(NotFound):
        agency.generations.forget(99)
