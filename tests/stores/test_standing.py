"""Where generations count; what follows for evidence is in the contract of stores."""

import pytest

from lrs.errors import Conflict, NotFound
from lrs.stores.base import Kind
from lrs.stores.standing import KnownGeneration, Limit, limits

LIVE = KnownGeneration(1, Kind.LIVE, None, "communication", "1.0")
REBUILT = KnownGeneration(2, Kind.REBUILT, 50, "communication", "2.0")
LATER = KnownGeneration(3, Kind.REBUILT, 70, "communication", "3.0")
HALF = KnownGeneration(4, Kind.REBUILT, None, "communication", "4.0")
MENDED = KnownGeneration(5, Kind.MENDED, None, "communication", "2.0")
OTHER = KnownGeneration(6, Kind.LIVE, None, "leadership", "1.0")
KNOWN = [LIVE, REBUILT, LATER, HALF, MENDED, OTHER]
LIVE_ONES = {"communication": (1, -1), "leadership": (6, -1)}


def nowhere(generation: int) -> Limit:
    return Limit(generation, until=None, after=None)


def test_while_the_live_one_is_in_force_rebuilt_ones_count_nowhere() -> None:
    assert limits(KNOWN, LIVE_ONES, {}) == [nowhere(2), nowhere(3), nowhere(4)]
    assert limits([LIVE, REBUILT], {}, {}) == [nowhere(2)]


def test_a_rebuilt_one_in_force_counts_until_it_was_switched_to_and_live_ones_after() -> None:
    in_force = LIVE_ONES | {"communication": (2, 40)}  # it has been extended since
    assert limits(KNOWN, in_force, {}) == [
        Limit(1, until=None, after=40),
        Limit(2, until=40, after=None),
        nowhere(3),
        nowhere(4),
    ]


def test_one_that_was_rebuilt_where_nothing_was_stored_has_its_limit_all_the_same() -> None:
    assert limits([LIVE, REBUILT], {"communication": (2, 0)}, {}) == [
        Limit(1, until=None, after=0),
        Limit(2, until=0, after=None),
    ]


def test_instead_of_the_one_in_force_another_is_looked_at_with_all_that_it_has() -> None:
    in_force = LIVE_ONES | {"communication": (2, 40)}
    assert limits(KNOWN, in_force, {"communication": 3}) == [
        Limit(1, until=None, after=70),
        nowhere(2),
        Limit(3, until=70, after=None),
        nowhere(4),
    ]
    assert in_force["communication"] == (2, 40)


@pytest.mark.parametrize(
    ("plugin", "number", "error"),
    [
        ("communication", 7, NotFound),
        ("leadership", 2, NotFound),
        ("communication", 4, Conflict),
        ("communication", 1, Conflict),
    ],
)
def test_what_the_plugin_does_not_have_or_is_not_complete_cannot_be_looked_at(
    plugin: str, number: int, error: type[Exception]
) -> None:
    with pytest.raises(error, match=str(number)):
        limits(KNOWN, LIVE_ONES, {plugin: number})
