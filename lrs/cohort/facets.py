"""Many-facet Rasch: how severe each rater is, when officers, items and raters are told apart.

The model is Linacre's with rating-scale thresholds: the log odds of the next higher rating are θ (officer) - δ (item)
- λ (rater) - τ (step). λ is the severity, in logits: above 0 is more severe than the mean of the network. It is fitted
by `raschpy` (model `global`, estimation `cp-full-rcl`: pairs of ratings with the same total, in which the officer
cancels), which is imported when it is asked for and not before.

The officer, and not the shift, is the unit that may vary: standard errors are a jackknife over groups of officers.
(The library's own take shifts for independent, and are too small when a rater and an officer get on in a way of
their own.)
"""

from __future__ import annotations

import math
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lrs.cohort.votes import Mark
from lrs.errors import ConfigError, Detail

MIN_RATINGS = 30
"""Fewer ratings in a network: severity is not estimated."""
MIN_OFFICERS = 10
"""Fewer officers in a network whom two raters or more have rated: the same."""
MIN_SHARED = 3
"""A rater who shares fewer officers with other raters is left out of the model. (In the simulations of the library's
author, raters of one or two persons were the main source of badly wrong estimates.)"""
INTERVAL = 0.95
"""Probability inside of the intervals."""
_GROUPS = 20
"""Most groups of officers of the jackknife."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """One rater's place among those of the same network."""

    rater: str
    logits: float
    """λ; above 0 is more severe than the mean of the network."""
    standard_error: float | None
    """None: so few officers are this rater's that there is none without some of them."""
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Raters who are linked, directly or through others, by having rated the same officers on the same items."""

    raters: tuple[str, ...]
    officers: int
    """Those whom two raters of it or more have rated."""
    ratings: int
    severities: tuple[Severity, ...] = ()
    """In order of rater; empty when they are not estimated."""
    refused: str | None = None
    """Why they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Every network of a cohort, the one with most ratings first; raters of different ones cannot be compared."""

    networks: tuple[Network, ...]
    left_out: Mapping[str, str]
    """Why a rater is in none of them, by rater."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rating of one rater on one occasion on one item."""

    rater: str
    officer: str
    occasion: str
    item: str
    steps: int


def severities(marks: Iterable[Mark], steps: int) -> Facets:
    """The severity of each rater, network by network.

    Args:
        marks: of a cohort on one competency; those between two steps of the scale (4.5) are not looked at. Their
            order changes nothing.
        steps: from the lowest to the highest rating of the scale.

    Raises `ConfigError` when `raschpy` is not installed.
    """
    check_installed()
    cells = _cells(marks)
    left_out: dict[str, str] = {}
    while thin := _thin(cells, steps):
        left_out |= thin
        cells = [cell for cell in cells if cell.rater not in thin]
    with _one_thread():
        networks = [_network(part, steps) for part in _parts(cells)]
    networks.sort(key=lambda network: (-network.ratings, network.raters))
    return Facets(networks=tuple(networks), left_out=dict(sorted(left_out.items())))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Linear algebra in the thread that asks: the tables are small, and several threads wait for each other."""
    import scipy.linalg  # noqa: F401 - what is loaded later is not held back
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def check_installed() -> None:
    """Raise `ConfigError` unless the library that fits the model is installed."""
    from importlib.util import find_spec

    if find_spec("raschpy") is None:
        raise ConfigError(
            "Rater severity needs a library that is not installed: pip install 'rapport-lrs[raters]'",
            [Detail("raschpy", "not installed", "pip install 'rapport-lrs[raters]'")],
        )


def _cells(marks: Iterable[Mark]) -> list[_Cell]:
    """One per rater, occasion and item.

    An occasion is what stands for θ in the model: an encounter that several raters saw; or else each rater's first,
    second, … encounter of an officer, so that what two raters saw of the same officer at other times is compared, too.
    Of several ratings in one cell the newest counts.
    """
    whole = [mark for mark in marks if mark.value.is_integer()]
    whole.sort(
        key=lambda m: (m.officer, m.rater, m.observed_us, m.encounter, m.statement_id, m.item, m.value)
    )
    seen_by: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mark in whole:
        seen_by[mark.officer, mark.encounter].add(mark.rater)
    places: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    cells: dict[tuple[str, str, str], _Cell] = {}
    for mark in whole:
        if len(seen_by[mark.officer, mark.encounter]) > 1:
            occasion = f"{mark.officer}\n{mark.encounter}"
        else:
            place = places[mark.officer, mark.rater]
            occasion = f"{mark.officer}\n#{place.setdefault(mark.encounter, len(place))}"
        key = (mark.rater, occasion, mark.item)
        cells[key] = _Cell(mark.rater, mark.officer, occasion, mark.item, int(mark.value))
    return [cells[key] for key in sorted(cells)]


def _thin(cells: Sequence[_Cell], steps: int) -> dict[str, str]:
    """The raters that the model can say nothing of, and why."""
    shared = _shared(cells)
    given: dict[str, set[int]] = defaultdict(set)
    for cell in cells:
        given[cell.rater].add(cell.steps)
    found = {}
    for rater, values in given.items():
        officers = len(shared.get(rater, ()))
        if officers < MIN_SHARED:
            found[rater] = (
                f"{officers} {'officer' if officers == 1 else 'officers'} shared with other raters; "
                f"{MIN_SHARED} or more are needed"
            )
        elif values in ({0}, {steps}):
            found[rater] = f"only the {'lowest' if values == {0} else 'highest'} rating was ever given"
    return found


def _shared(cells: Iterable[_Cell]) -> dict[str, set[str]]:
    """By rater, the officers whom another rater has rated on the same occasion and item."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in _together(cells):
        for cell in group:
            found[cell.rater].add(cell.officer)
    return found


def _together(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    """The cells that several raters have on one occasion and item."""
    groups: dict[tuple[str, str], list[_Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.occasion, cell.item].append(cell)
    return [group for group in groups.values() if len(group) > 1]


def _parts(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    """The cells by network: union-find over raters who meet on an occasion and item."""
    root = {cell.rater: cell.rater for cell in cells}

    def find(rater: str) -> str:
        while root[rater] != rater:
            root[rater] = root[root[rater]]
            rater = root[rater]
        return rater

    for group in _together(cells):
        for cell in group[1:]:
            root[find(cell.rater)] = find(group[0].rater)
    parts: dict[str, list[_Cell]] = defaultdict(list)
    for cell in cells:
        parts[find(cell.rater)].append(cell)
    return list(parts.values())


def _network(cells: Sequence[_Cell], steps: int) -> Network:
    raters = tuple(sorted({cell.rater for cell in cells}))
    officers = sorted({officer for shared in _shared(cells).values() for officer in shared})
    refused = _refusal(len(officers), len(cells))
    found: tuple[Severity, ...] = ()
    if refused is None:
        whole = _fit(cells, steps)
        if whole is None:
            refused = "the estimation did not converge"
        else:
            found = _with_errors(whole, cells, officers, steps)
    return Network(
        raters=raters, officers=len(officers), ratings=len(cells), severities=found, refused=refused
    )


def _refusal(officers: int, ratings: int) -> str | None:
    if officers < MIN_OFFICERS:
        return f"{officers} officers rated by two raters or more; {MIN_OFFICERS} or more are needed"
    if ratings < MIN_RATINGS:
        return f"{ratings} ratings; {MIN_RATINGS} or more are needed"
    return None


def _with_errors(
    whole: Mapping[str, float], cells: Sequence[_Cell], officers: Sequence[str], steps: int
) -> tuple[Severity, ...]:
    """Each severity with the standard error and interval of a jackknife that leaves out a group of officers."""
    from scipy.special import stdtrit

    groups = min(len(officers), _GROUPS)
    replicates = []
    for number in range(groups):
        without = frozenset(officers[number::groups])
        fitted = _fit([cell for cell in cells if cell.officer not in without], steps)
        if fitted is not None:
            replicates.append(fitted)
    always = [rater for rater in whole if all(rater in one for one in replicates)]
    centred = [_centred(one, always) for one in replicates]
    reach = float(stdtrit(len(replicates) - 1, (1 + INTERVAL) / 2)) if len(replicates) > 1 else math.nan
    found = []
    for rater in sorted(whole):
        error = (
            _error([one[rater] for one in centred]) if rater in always and len(replicates) == groups else None
        )
        interval = None if error is None else (whole[rater] - reach * error, whole[rater] + reach * error)
        found.append(Severity(rater=rater, logits=whole[rater], standard_error=error, interval=interval))
    return tuple(found)


def _centred(severities: Mapping[str, float], raters: Sequence[str]) -> dict[str, float]:
    """Those of `raters`, as differences from their mean: with other raters in it, a mean means another thing."""
    centre = math.fsum(severities[rater] for rater in raters) / len(raters) if raters else 0.0
    return {rater: severities[rater] - centre for rater in raters}


def _error(replicates: Sequence[float]) -> float:
    """The standard error of a delete-a-group jackknife."""
    number = len(replicates)
    centre = math.fsum(replicates) / number
    return math.sqrt((number - 1) / number * math.fsum((one - centre) ** 2 for one in replicates))


def _fit(cells: Sequence[_Cell], steps: int) -> dict[str, float] | None:
    """λ of each rater; None when the estimation did not converge. The library's remarks are dealt with above."""
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped]

    if len({cell.rater for cell in cells}) < 2:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        from raschpy import MFRM  # type: ignore[import-untyped]

        rows = sorted({(cell.rater, cell.occasion) for cell in cells})
        items = sorted({cell.item for cell in cells})
        row_of = {row: number for number, row in enumerate(rows)}
        item_of = {item: number for number, item in enumerate(items)}
        table = np.full((len(rows), len(items)), np.nan)
        for cell in cells:
            table[row_of[cell.rater, cell.occasion], item_of[cell.item]] = cell.steps
        index = pd.MultiIndex.from_tuples(rows, names=["rater", "occasion"])
        model = MFRM(pd.DataFrame(table, index=index, columns=items), max_score=steps, validate=False)
        model.calibrate(model="global", estimation="cp-full-rcl")
    if not model.convergence["converged"]:
        return None
    return {str(rater): float(value) for rater, value in model.facet_effects_global.items()}
