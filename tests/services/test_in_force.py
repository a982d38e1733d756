"""A profile of an instant is the same bytes ever after, whatever is installed, reprofiled, activated or voided."""

from __future__ import annotations

from lrs.services.in_force import in_force
from tests.services.agencies import Agency, Judge, key_of, plugin, rubric

STRICTER = rubric(version="2", cut={"scale": "fto-7", "rating": 4.5, "acceptable": 5})


def version_2() -> object:
    return plugin("2", Judge(harder=1), rubrics=(STRICTER,))


def warnings(agency: Agency, officer: str = "R-1") -> str:
    return " ".join(agency.profiles.profile(key_of(officer), agency.now()).warnings)


def test_a_profile_of_before_an_activation_is_byte_for_byte_what_it_was(agency: Agency) -> None:
    agency.rate("R-1", 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)
    then = agency.now()
    before = agency.bytes_of("R-1", then)
    agency.install(juggling=version_2())
    assert agency.bytes_of("R-1", then) == before
    agency.rate("R-1", 5, 5)
    assert agency.bytes_of("R-1", then) == before
    agency.reprofile.run()
    assert agency.bytes_of("R-1", then) == before
    between = agency.now()
    mixed = agency.bytes_of("R-1", between)
    agency.generations.activate("juggling")
    assert agency.bytes_of("R-1", then) == before
    assert agency.bytes_of("R-1", between) == mixed
    assert agency.bytes_of("R-1", agency.now())[0] != before[0]


def test_an_activation_brings_evidence_rubric_and_version_into_force_together(agency: Agency) -> None:
    agency.rate("R-1", 5, 5, 5, 5, 5, 5)
    agency.install(juggling=version_2())
    agency.reprofile.run()
    [old] = agency.profiles.profile(key_of("R-1"), agency.now()).as_dict()["competencies"]
    agency.generations.activate("juggling")
    profile = agency.profiles.profile(key_of("R-1"), agency.now()).as_dict()
    [new] = profile["competencies"]
    assert (old["rubric"]["version"], new["rubric"]["version"]) == ("1", "2")
    assert (old["estimate"]["score"], new["estimate"]["score"]) == (round(4 / 6, 6), 0.5)
    assert profile["plugins"] == {"juggling": "2"}
    assert profile["warnings"] == []


def test_voiding_takes_evidence_out_from_that_moment_and_not_before(agency: Agency) -> None:
    first, *_ = agency.rate("R-1", 7, 4, 4, 4)
    then = agency.now()
    before = agency.bytes_of("R-1", then)
    agency.void(first)
    assert agency.bytes_of("R-1", then) == before
    [now] = agency.profiles.profile(key_of("R-1"), agency.now()).as_dict()["competencies"]
    assert first not in {one["id"] for one in now["statements"]}


def test_what_was_voided_before_a_rebuild_stays_out_and_what_is_voided_after_goes_out(agency: Agency) -> None:
    first, second, *_ = agency.rate("R-1", 7, 6, 4, 4)
    agency.void(first)
    agency.install(juggling=version_2())
    agency.reprofile.run()
    agency.generations.activate("juggling")
    then = agency.now()
    before = agency.bytes_of("R-1", then)
    assert first not in before[0].decode()
    assert second in before[0].decode()
    agency.void(second)
    assert second not in agency.bytes_of("R-1", agency.now())[0].decode()
    assert agency.bytes_of("R-1", then) == before


def test_evidence_of_a_version_that_is_not_in_force_is_told_of_with_what_to_do(agency: Agency) -> None:
    agency.rate("R-1", 5)
    agency.rate("R-2", 5)
    agency.install(juggling=version_2())
    assert warnings(agency) == ""
    agency.rate("R-1", 5)
    told = warnings(agency)
    for part in ("version 2", "version 1", "lrs reprofile juggling", "lrs plugin activate juggling"):
        assert part in told
    assert warnings(agency, "R-2") == ""
    agency.reprofile.run()
    agency.generations.activate("juggling")
    assert warnings(agency) == ""


def test_another_configuration_of_the_same_version_is_told_of_too(agency: Agency) -> None:
    agency.rate("R-1", 5)
    agency.install(juggling=plugin("1", Judge(harder=2)))
    assert warnings(agency) == ""
    agency.rate("R-1", 5)
    assert "other rules or settings" in warnings(agency)


def test_a_plugin_that_has_found_nothing_has_the_rubric_that_is_loaded(agency: Agency) -> None:
    agency.install(juggling=version_2())
    assert in_force(agency.store, agency.host, agency.now()).rubrics["juggling"].version == "2"


def test_a_competency_that_moved_belongs_to_the_plugin_that_defines_it_as_loaded(agency: Agency) -> None:
    agency.rate("R-1", 5)
    agency.install(
        juggling=plugin("2", Judge(), rubrics=(rubric("walking"),)), circus=plugin("1", rubrics=(STRICTER,))
    )
    found = in_force(agency.store, agency.host, agency.now())
    assert found.owners == {"juggling": "circus"}
    assert found.rubrics["juggling"].version == "2"


def test_a_plugin_that_is_not_loaded_has_no_competency(agency: Agency) -> None:
    agency.rate("R-1", 5)
    agency.plugins.clear()
    agency.install(circus=plugin("1", rubrics=(rubric("walking"),)))
    assert list(in_force(agency.store, agency.host, agency.now()).rubrics) == ["walking"]


def test_a_mended_failure_is_in_no_profile_of_before(agency: Agency) -> None:
    agency.install(juggling=plugin("1", Judge(fails_on=6)))
    agency.rate("R-1", 5, 6)
    then = agency.now()
    before = agency.bytes_of("R-1", then)
    assert b"cannot make sense of 6" in before[0]
    agency.install(juggling=plugin("1", Judge()))
    agency.quarantine.rerun()
    assert agency.bytes_of("R-1", then) == before
    assert b"cannot make sense of 6" not in agency.bytes_of("R-1", agency.now())[0]
