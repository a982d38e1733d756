from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Sequence

import numpy as np
import pytest

from lrs.cohort.facets import MIN_OFFICERS, MIN_SHARED, severities
from lrs.cohort.votes import Mark
from lrs.errors import ConfigError

STEPS = 6


def simulated(
    severity: Sequence[float],
    *,
    seed: int = 7,
    officers: int = 40,
    raters_each: int = 3,
    encounters: int = 4,
    items: int = 3,
    prefix: str = "",
    together: bool = False,
) -> list[Mark]:
    """Ratings drawn from the model itself: officers differ, items differ, each rater has the severity given."""
    rng = np.random.default_rng(seed)
    difficulty = np.linspace(-0.4, 0.4, items)
    thresholds = np.linspace(-2.5, 2.5, STEPS)
    found = []
    for officer in range(officers):
        ability = rng.normal(0.3, 1)
        for rater in sorted(rng.choice(len(severity), raters_each, replace=False)):
            for encounter in range(encounters):
                for item in range(items):
                    logits = ability - difficulty[item] - severity[rater] - thresholds
                    odds = np.exp(np.concatenate([[0], np.cumsum(logits)]))
                    value = float(rng.choice(STEPS + 1, p=odds / odds.sum()))
                    name = f"{prefix}{officer}-{encounter}" + ("" if together else f"-{rater}")
                    found.append(
                        mark(f"{prefix}R{officer}", f"{prefix}T{rater}", name, value, f"i{item}", encounter)
                    )
    return found


def mark(officer: str, rater: str, encounter: str, value: float, item: str = "i", observed: int = 0) -> Mark:
    return Mark(
        officer=officer,
        rater=rater,
        encounter=encounter,
        item=item,
        value=value,
        observed_us=observed,
        statement_id=f"{rater} {officer} {encounter} {item}",
    )


TRUE = (-0.9, -0.5, -0.2, 0.0, 0.3, 0.5, 0.8)


@pytest.mark.parametrize("together", [False, True])
def test_known_severities_are_found_again(together: bool) -> None:
    (network,) = severities(simulated(TRUE, together=together), STEPS).networks
    found = {one.rater: one for one in network.severities}
    estimates = [found[f"T{number}"].logits for number in range(len(TRUE))]
    assert np.corrcoef(estimates, TRUE)[0, 1] > 0.97
    assert np.polyfit(TRUE, estimates, 1)[0] == pytest.approx(1, abs=0.15)
    assert sum(estimates) == pytest.approx(0, abs=1e-9)
    severe, lenient = found["T6"], found["T0"]
    assert severe.interval is not None
    assert lenient.interval is not None
    # Above 0 is severe, below 0 lenient, and the data are enough to tell.
    assert severe.interval[0] > 0 > lenient.interval[1]


def test_most_intervals_hold_the_true_severity() -> None:
    centred = np.array(TRUE) - np.mean(TRUE)
    held = total = 0
    for seed in range(6):
        (network,) = severities(simulated(TRUE, seed=seed, encounters=2), STEPS).networks
        for one in network.severities:
            assert one.interval is not None
            assert one.standard_error is not None
            held += one.interval[0] <= centred[int(one.rater[1:])] <= one.interval[1]
            total += 1
    assert held / total >= 0.85


def test_the_order_of_the_marks_changes_nothing() -> None:
    marks = simulated(TRUE, officers=15)
    shuffled = random.Random(3).sample(marks, len(marks))
    assert severities(shuffled, STEPS) == severities(marks, STEPS)


def test_raters_whom_no_officer_links_are_networks_of_their_own() -> None:
    west = simulated(TRUE[:4], officers=20, prefix="W", encounters=5)
    east = simulated(TRUE[3:], officers=20, prefix="E")
    first, second = severities(west + east, STEPS).networks
    assert first.raters == ("WT0", "WT1", "WT2", "WT3")
    assert second.raters == ("ET0", "ET1", "ET2", "ET3")
    # Each beside the mean of its own network: as if the other were not there.
    assert first.severities == severities(west, STEPS).networks[0].severities
    assert second.severities == severities(east, STEPS).networks[0].severities


def test_one_rater_who_knows_both_makes_them_one_network() -> None:
    west = simulated(TRUE[:4], officers=20, prefix="W")
    east = simulated(TRUE[3:], officers=20, prefix="E")
    bridge = [mark(one.officer, "both", one.encounter, one.value, one.item) for one in west + east]
    (network,) = severities(west + east + bridge, STEPS).networks
    assert len(network.raters) == 9


def test_with_few_officers_severity_is_refused_with_the_reason() -> None:
    (network,) = severities(simulated(TRUE[:3], officers=MIN_OFFICERS - 1), STEPS).networks
    assert network.severities == ()
    assert network.refused == "9 officers rated by two raters or more; 10 or more are needed"


def test_with_few_ratings_severity_is_refused_with_the_reason() -> None:
    marks = [
        mark(f"R{number}", rater, "shift", float(number % 3 + (rater == "b")))
        for number in range(12)
        for rater in "ab"
    ]
    (network,) = severities(marks, STEPS).networks
    assert network.refused == "24 ratings; 30 or more are needed"


def test_a_rater_who_shares_few_officers_is_left_out_and_disturbs_nobody() -> None:
    marks = simulated(TRUE, officers=20)
    few = [mark(f"R{number}", "new", "first day", 5.0, "i0") for number in range(MIN_SHARED - 1)]
    found = severities(marks + few, STEPS)
    assert found.left_out == {"new": "2 officers shared with other raters; 3 or more are needed"}
    assert found.networks == severities(marks, STEPS).networks


@pytest.mark.parametrize(("value", "which"), [(0.0, "lowest"), (6.0, "highest")])
def test_a_rater_who_only_ever_gave_one_end_of_the_scale_has_no_severity(value: float, which: str) -> None:
    always = [mark(f"R{number}", "always", "shift", value, "i0") for number in range(20)]
    found = severities(simulated(TRUE, officers=20) + always, STEPS)
    assert found.left_out == {"always": f"only the {which} rating was ever given"}


def test_ratings_between_two_steps_are_not_looked_at() -> None:
    marks = simulated(TRUE, officers=15)
    between = [mark(f"R{number}", "halves", "shift", 2.5, "i0") for number in range(15)]
    assert severities(marks + between, STEPS) == severities(marks, STEPS)


def test_of_several_ratings_in_one_place_the_newest_counts() -> None:
    marks = simulated(TRUE, officers=15, together=True)
    older = [mark(one.officer, one.rater, one.encounter, 6.0, one.item, -1) for one in marks[:40]]
    assert severities(marks + older, STEPS) == severities(marks, STEPS)


def test_no_marks_are_no_networks() -> None:
    found = severities([], STEPS)
    assert (found.networks, dict(found.left_out)) == ((), {})


def test_the_library_says_nothing_on_standard_output_and_warns_of_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The highest rating never occurs, and one category between: the library remarks on both.
        severities([one for one in simulated(TRUE, officers=15) if one.value not in (4.0, 6.0)], STEPS)
    assert capfd.readouterr() == ("", "")


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "raschpy", None)
    with pytest.raises(ConfigError, match=r"pip install 'rapport-lrs\[raters\]'"):
        severities([], STEPS)
