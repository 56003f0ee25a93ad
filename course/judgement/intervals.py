"""How far a figure from a few answers may be off: exact intervals for shares and for discrete estimators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from math import exp, lgamma, log, log1p
from typing import NamedTuple

from course.errors import InputError


class Interval(NamedTuple):
    """A closed range of plausible values.

    Examples
    --------
    >>> low, high = Interval(0.43, 0.95)
    >>> low <= 0.75 <= high
    True
    """

    low: float
    high: float


class Estimate(NamedTuple):
    """A value and the interval around it."""

    value: float
    low: float
    high: float


def binomial_chances(count: int, share: float) -> tuple[float, ...]:
    """Chance of 0, 1, ..., `count` successes in `count` independent tries.

    Parameters
    ----------
    count : int
        Number of tries, 0 or more.
    share : float
        Chance of success in one try, 0 to 1.

    Returns
    -------
    tuple of float
        `count` + 1 chances that sum to 1.

    Examples
    --------
    >>> [round(chance, 3) for chance in binomial_chances(2, 0.5)]
    [0.25, 0.5, 0.25]
    """
    if share in (0, 1):
        return tuple(float(k == count * share) for k in range(count + 1))
    # By logarithms, because the coefficients of a class of 500 overflow a float.
    whole = lgamma(count + 1)
    yes, no = log(share), log1p(-share)
    chances = [
        exp(whole - lgamma(k + 1) - lgamma(count - k + 1) + k * yes + (count - k) * no) for k in range(count + 1)
    ]
    total = sum(chances)
    return tuple(chance / total for chance in chances)


def share_interval(successes: int, count: int, level: float = 0.95) -> Interval:
    """Exact interval for a share (Clopper & Pearson 1934).

    It holds the true share at least as often as `level` says, at any count; for a few answers that makes it
    wide, and rightly so.

    Parameters
    ----------
    successes, count : int
        So many of so many.
    level : float
        Between 0 and 1, for example 0.95.

    Raises
    ------
    ValueError
        `count` is 0, or `successes` is not between 0 and `count`, or `level` is not between 0 and 1.

    Examples
    --------
    >>> low, high = share_interval(9, 12)
    >>> round(low, 3), round(high, 3)
    (0.428, 0.945)
    """
    check_level(level)
    if count < 1 or not 0 <= successes <= count:
        raise InputError(f"A share needs 0 to {count} of at least 1, not {successes} of {count}.")
    tail = (1 - level) / 2

    def too_few(share: float) -> float:  # chance of `successes` or more, rising with the share
        return sum(binomial_chances(count, share)[successes:])

    def too_many(share: float) -> float:  # chance of `successes` or fewer, falling with the share
        return sum(binomial_chances(count, share)[: successes + 1])

    low = 0.0 if successes == 0 else _crossing(lambda share: too_few(share) > tail)
    high = 1.0 if successes == count else _crossing(lambda share: too_many(share) < tail)
    return Interval(low, high)


def quantile_interval(outcomes: Iterable[tuple[float, float]], level: float) -> Interval:
    """The middle `level` of a discrete distribution.

    Parameters
    ----------
    outcomes : iterable of (value, chance)
        The chances sum to 1.
    level : float
        Share of the distribution to keep, between 0 and 1.

    Returns
    -------
    Interval
        The two values between which at least `level` lies, with at most half of the rest beyond either.
    """
    check_level(level)
    ordered = sorted(outcomes)
    tail = (1 - level) / 2
    sums = list(accumulate(chance for _, chance in ordered))
    # Sums of floats miss a round number by a hair; a hair must not move the quantile by a whole step.
    low = next(value for (value, _), below in zip(ordered, sums, strict=True) if below >= tail - 1e-12)
    high = next(value for (value, _), below in zip(ordered, sums, strict=True) if below >= 1 - tail - 1e-12)
    return Interval(low, high)


def check_level(level: float) -> None:
    """Raise ValueError unless `level` lies between 0 and 1."""
    if not 0 < level < 1:
        raise InputError(f"The level of an interval lies between 0 and 1, for example 0.95; not {level}.")


def _crossing(beyond: Callable[[float], bool]) -> float:
    """The share in (0, 1) from which on `beyond` holds, to the last digit of a float."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (low, middle) if beyond(middle) else (middle, high)
