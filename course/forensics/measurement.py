"""The shape of every answer: a number, its unit, its course over time, and what else moves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError


class Estimate(NamedTuple):
    """A value and the interval around it, all three in one unit."""

    value: float
    low: float
    high: float


# Arrays have no single truth value, so a generated == would raise; identity is the honest default.
@dataclass(frozen=True, eq=False, kw_only=True)
class Measurement:
    """What every measurement answers with. It says how much and when, and never what follows from it.

    Attributes
    ----------
    value : float
        The clip in one number.
    unit : str
        The unit of `value` and of `curve`.
    curve : ndarray of float64, shape (N,)
        The measurement over time. Each measurement says what its N points are.
    confounders : tuple of str
        What else moves the value: sentences to be shown beside it.
    """

    value: float
    unit: str
    curve: NDArray[np.float64]
    confounders: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class MapMeasurement:
    """What every measurement of a single picture answers with: a number, and where in the picture it comes from.

    Attributes
    ----------
    value : float
        The picture in one number.
    unit : str
        The unit of `value`.
    map : ndarray of float32, shape (H, W)
        The measurement at each pixel, or as each measurement says.
    confounders : tuple of str
        What else moves the value: sentences to be shown beside it.
    """

    value: float
    unit: str
    map: NDArray[np.float32]
    confounders: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """Where a value lies among reference values.

    Attributes
    ----------
    value : float
        The value that was placed.
    percentile : float
        Mid-rank percentile, 0 to 100: the share of reference values below, plus half of the equal ones.
    count : int
        Number of reference values.
    lower_quartile, median, upper_quartile : float
        Of the reference values.
    lowest, highest : float
        Of the reference values.
    """

    value: float
    percentile: float
    count: int
    lower_quartile: float
    median: float
    upper_quartile: float
    lowest: float
    highest: float


def place(value: float, null_values: Iterable[float]) -> Placed:
    """Tell where a value lies among reference values, for instance those of the camera clips.

    The percentile is the mid-rank, ``100 * (below + equal / 2) / count``, so that a value equal to all the
    others lies at 50 and not at 0 or 100. A high place is no verdict: one camera clip in ten lies among the
    highest tenth of camera clips.

    Parameters
    ----------
    value : float
        The value to place.
    null_values : iterable of float
        Reference values, one or more, in the same unit.

    Returns
    -------
    Placed

    Raises
    ------
    ValueError
        If there are no reference values, or one of the numbers is not finite.

    References
    ----------
    Hazen, A. (1914). Storage to be provided in impounding reservoirs. (The half-count for ties.)

    Examples
    --------
    >>> place(3.0, [1.0, 2.0, 3.0, 4.0]).percentile
    62.5
    """
    null = np.asarray(list(null_values), dtype=np.float64)
    if null.size == 0:
        raise InputError("null_values must hold at least one number; got none.")
    if not (np.isfinite(null).all() and np.isfinite(value)):
        raise InputError("value and null_values must be finite numbers; got NaN or infinity among them.")
    lowest, lower, middle, upper, highest = np.percentile(null, [0, 25, 50, 75, 100])
    rank = np.count_nonzero(null < value) + np.count_nonzero(null == value) / 2
    return Placed(
        value=float(value),
        percentile=float(100 * rank / null.size),
        count=int(null.size),
        lower_quartile=float(lower),
        median=float(middle),
        upper_quartile=float(upper),
        lowest=float(lowest),
        highest=float(highest),
    )
