"""Which generations count in which statements at an instant; an engine makes terms of its queries of it.

What was found live or in a rebuild counts by its generation and by `stored`, as `lrs.stores.base.Activation` says.
What was mended counts where and when the failure does in whose place it stands: its own generation has no limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lrs.errors import Conflict, Detail, NotFound
from lrs.stores.base import Kind


@dataclass(frozen=True, slots=True)
class KnownGeneration:
    """What has to be known of a generation to say where it counts."""

    number: int
    kind: Kind
    through: int | None
    """Rebuilt and complete: up to which instant. Else None."""
    plugin: str
    version: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What a generation found, or failed on, counts only in some statements; at most one of these is not None."""

    generation: int
    until: int | None
    """Only in statements stored at or before this instant …"""
    after: int | None
    """… or only in those stored later than this one. Both None: in none."""


def limits(
    known: Sequence[KnownGeneration],
    in_force: Mapping[str, tuple[int, int]],
    instead: Mapping[str, int],
) -> list[Limit]:
    """Of the generations that do not always count, in the order in which they are known.

    Args:
        known: every generation that there is.
        in_force: by plugin, the generation that was activated last by the instant, and `through_us` of that.
        instead: see `lrs.stores.base.EvidenceQuery`. Raises `NotFound` and `Conflict` as that says.
    """
    standing = {**in_force, **_as_if(known, instead)}
    found = []
    for one in known:
        generation, through = standing.get(one.plugin, (None, -1))
        if one.kind == Kind.REBUILT:
            found.append(Limit(one.number, until=through if one.number == generation else None, after=None))
        elif one.kind == Kind.LIVE and through >= 0:
            found.append(Limit(one.number, until=None, after=through))
    return found


def _as_if(known: Iterable[KnownGeneration], instead: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The generations that are to be looked at as if they were in force."""
    by_number = {one.number: one for one in known}
    chosen = {}
    for plugin, number in instead.items():
        one = by_number.get(number)
        if one is None or one.plugin != plugin:
            raise NotFound(
                f"The plugin {plugin} has no generation {number}.",
                [Detail("generation", str(number), f"the number of a generation of {plugin}")],
            )
        if one.through is None:
            raise incomplete(number)
        chosen[plugin] = number, one.through
    return chosen


def incomplete(generation: int) -> Conflict:
    """What to raise when a generation cannot count: it is not a rebuilt one, or not a complete one."""
    return Conflict(
        f"Generation {generation} is not a complete rebuilt one.",
        [Detail("generation", str(generation), "a generation that `lrs reprofile` has finished")],
    )
