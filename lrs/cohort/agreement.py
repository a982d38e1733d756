"""How far raters agree: Krippendorff's alpha, and intraclass correlations with their F-test intervals.

Our own code, held to the published values: of the libraries that compute these, `krippendorff` and `pingouin` are
under the GPL (the latter with ten dependencies, too), `irrCAC` pins one old release of SciPy, and `simpledorff`
knows neither ranks nor ratios.

Sources: K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011); P. E. Shrout and J. L. Fleiss,
*Intraclass correlations*, Psychological Bulletin 86 (1979); K. O. McGraw and S. P. Wong, *Forming inferences about
some intraclass correlation coefficients*, Psychological Methods 1 (1996), whose names are used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lrs.competency.estimate import rounded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    _Floats = NDArray[np.float64]


_NOTHING = 1e-12
"""Beside the variance of a table: what rounding leaves of a mean square that is 0."""


class Level(StrEnum):
    """What the values mean: how far apart two of them are."""

    NOMINAL = "nominal"  # names: the same or not
    ORDINAL = "ordinal"  # ranks: how many values lie between them
    INTERVAL = "interval"  # their difference counts
    RATIO = "ratio"  # their difference beside their sum; no value below 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Krippendorff's alpha, and what it rests on: units that two raters or more have rated."""

    value: float | None
    """1 is agreement, 0 what chance would bring, below 0 worse than that. None: there is no such unit, or every
    value in them is the same, so that nothing can be told."""
    level: Level
    raters: int
    units: int
    ratings: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "alpha": rounded(self.value),
            "level": self.level.value,
            "raters": self.raters,
            "units": self.units,
            "ratings": self.ratings,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Icc:
    """One intraclass correlation of single ratings, with its interval."""

    name: str
    """`ICC(1)`, `ICC(A,1)` or `ICC(C,1)`."""
    value: float
    low: float | None
    """None, as `high`: less than one degree of freedom is left for an interval."""
    high: float | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "name": self.name,
            "value": rounded(self.value),
            "interval": [rounded(self.low), rounded(self.high)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IccTable:
    """The three correlations of one table without gaps."""

    targets: int
    """Rows without a gap; the others are left out."""
    raters: int
    level: float
    """Probability inside of the intervals, e.g. 0.95."""
    oneway: Icc
    """ICC(1): each target may have been rated by other raters."""
    agreement: Icc
    """ICC(A,1): the same raters; that one of them is severe counts as disagreement."""
    consistency: Icc
    """ICC(C,1): the same raters; that one of them is severe does not count."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "targets": self.targets,
            "raters": self.raters,
            "interval_level": self.level,
            "coefficients": [one.as_dict() for one in (self.oneway, self.agreement, self.consistency)],
        }


def krippendorff(ratings: ArrayLike, level: Level) -> Alpha:
    """Krippendorff's alpha of ratings.

    Args:
        ratings: raters × units; NaN where a rater has not rated a unit. Units with fewer than two ratings say
            nothing of agreement and are left out.
        level: what the values mean. `Level.RATIO` takes no value below 0.

    Raises `ValueError` for ratings that are not a table, or below 0 at `Level.RATIO`.
    """
    import numpy as np

    table = np.asarray(ratings, np.float64)
    if table.ndim != 2:
        raise ValueError("ratings are a table of raters × units")
    given = ~np.isnan(table)
    paired = given & (given.sum(axis=0) >= 2)
    values, codes = np.unique(table[paired], return_inverse=True)
    if level is Level.RATIO and len(values) and values[0] < 0:
        raise ValueError("at the level of ratios there is nothing below 0")
    counts = np.zeros((table.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(paired)[1], codes), 1.0)
    return Alpha(
        value=_alpha(counts[counts.sum(axis=1) > 0], values, level),
        level=level,
        raters=int(paired.any(axis=1).sum()),
        units=int(paired.any(axis=0).sum()),
        ratings=int(paired.sum()),
    )


def _alpha(counts: _Floats, values: _Floats, level: Level) -> float | None:
    """1 - D_o / D_e; `counts` are units × values."""
    import numpy as np

    if len(values) < 2:
        return None
    totals = counts.sum(axis=0)
    n = totals.sum()
    distance = _squared_distance(values, totals, level)
    # Σ over pairs within a unit, each unit weighed by 1 / (m - 1); a value is never paired with itself, and need
    # not be taken out: its distance is 0.
    in_units = np.einsum("uc,ck,uk->u", counts, distance, counts)
    observed = (in_units / (counts.sum(axis=1) - 1)).sum() / n
    expected = totals @ distance @ totals / (n * (n - 1))
    return float(1 - observed / expected)


def _squared_distance(values: _Floats, totals: _Floats, level: Level) -> _Floats:
    """Values × values: the squared metric difference (Krippendorff 2011, section D)."""
    import numpy as np

    if level is Level.NOMINAL:
        return 1.0 - np.eye(len(values))
    if level is Level.ORDINAL:
        # The number of ratings from the one value to the other, of both half: a difference of mid-ranks.
        ranks = np.cumsum(totals) - totals / 2
        return np.subtract.outer(ranks, ranks) ** 2
    differences = np.subtract.outer(values, values)
    if level is Level.INTERVAL:
        return differences**2
    sums = np.add.outer(values, values)
    return np.divide(differences, sums, out=np.zeros_like(sums), where=sums > 0) ** 2


def intraclass(ratings: ArrayLike, level: float = 0.95) -> IccTable | None:
    """ICC(1), ICC(A,1) and ICC(C,1) of single ratings, with F-test intervals (McGraw and Wong 1996, table 7).

    Args:
        ratings: targets × raters; rows with a NaN are left out.
        level: probability inside of the intervals, in (0, 1).

    Returns:
        None with fewer than two whole rows or two raters, and when the targets do not differ in their means.

    Raises `ValueError` for ratings that are not a table.
    """
    import numpy as np

    table = np.asarray(ratings, np.float64)
    if table.ndim != 2:
        raise ValueError("ratings are a table of targets × raters")
    table = table[~np.isnan(table).any(axis=1)]
    if min(table.shape) < 2 or np.ptp(table) == 0:
        return None
    squares = _mean_squares(table)
    if squares.rows <= _NOTHING * table.var():
        return None
    return IccTable(
        targets=squares.n,
        raters=squares.k,
        level=level,
        oneway=_plain("ICC(1)", squares, squares.within, squares.n * (squares.k - 1), level),
        agreement=_absolute(squares, level),
        consistency=_plain("ICC(C,1)", squares, squares.error, (squares.n - 1) * (squares.k - 1), level),
    )


@dataclass(frozen=True, slots=True)
class _MeanSquares:
    """The analysis of variance of a table of n targets × k raters."""

    n: int
    k: int
    rows: float
    within: float
    columns: float
    error: float


def _mean_squares(table: _Floats) -> _MeanSquares:
    import numpy as np

    n, k = table.shape
    grand = table.mean()
    by_row = table.mean(axis=1, keepdims=True)
    by_column = table.mean(axis=0, keepdims=True)
    error = float(np.sum((table - by_row - by_column + grand) ** 2))
    columns = float(n * np.sum((by_column - grand) ** 2))
    return _MeanSquares(
        n=n,
        k=k,
        rows=float(k * np.sum((by_row - grand) ** 2)) / (n - 1),
        within=float(np.sum((table - by_row) ** 2)) / (n * (k - 1)),
        columns=columns / (k - 1),
        error=error / ((n - 1) * (k - 1)),
    )


def _plain(name: str, squares: _MeanSquares, noise: float, noise_df: int, level: float) -> Icc:
    """ICC(1) or ICC(C,1): the one formula, over the mean square within rows or that of error."""
    k, rows, rows_df = squares.k, squares.rows, squares.n - 1
    upper = (1 + level) / 2

    def icc(shrunk: float) -> float:
        return (rows - shrunk) / (rows + (k - 1) * shrunk)

    return Icc(
        name=name,
        value=icc(noise),
        low=icc(noise * _f(upper, rows_df, noise_df)),
        high=icc(noise / _f(upper, noise_df, rows_df)),
    )


def _absolute(squares: _MeanSquares, level: float) -> Icc:
    """ICC(A,1). Its interval has degrees of freedom that hang on the estimate (Satterthwaite's)."""
    n, k = squares.n, squares.k
    rows, columns, error = squares.rows, squares.columns, squares.error
    spread = k * columns + (k * n - k - n) * error
    value = (rows - error) / (rows + (k - 1) * error + k / n * (columns - error))
    # With a = kρ / n(1 - ρ) and b = 1 + kρ(n - 1) / n(1 - ρ), both times n(1 - ρ): no division where ρ is 1.
    a, b = k * value * columns, (n * (1 - value) + k * value * (n - 1)) * error
    whole = a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1))
    if spread <= 0 or whole <= 0:  # no rater ever differs from another
        return Icc(name="ICC(A,1)", value=value, low=value, high=value)
    df = (a + b) ** 2 / whole
    if df < 1:  # the quantiles are beyond every number, and what comes of them is no interval
        return Icc(name="ICC(A,1)", value=value, low=None, high=None)
    upper = (1 + level) / 2
    above, below = _f(upper, n - 1, df), _f(upper, df, n - 1)
    return Icc(
        name="ICC(A,1)",
        value=value,
        low=n * (rows - above * error) / (above * spread + n * rows),
        high=n * (below * rows - error) / (spread + n * below * rows),
    )


def _f(probability: float, numerator_df: float, denominator_df: float) -> float:
    """The quantile of an F distribution."""
    from scipy.special import fdtri

    return float(fdtri(numerator_df, denominator_df, probability))
