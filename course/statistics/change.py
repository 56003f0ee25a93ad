"""How far one learner came between two forms, and how little two dozen items can say about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from course.errors import InputError
from course.judgement import Estimate, SignalDetection
from course.judgement.intervals import binomial_chances, check_level

ITEM_SD = 0.7
"""How much items of a form vary in difficulty: standard deviation in probits, the unit of one judgement's own noise.

An assumption, until enough classes have been measured: of 0.5, 0.7 and 1.0, by which two forms of 12 + 12 items differ
by 0.26, 0.33 and 0.41 in d' (standard deviation), it is the one in the middle.
"""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """What changed between two forms for one learner. Intervals hold the learner's own scatter and the forms'.

    Attributes
    ----------
    before, after : SignalDetection
        The two forms.
    d_prime : Estimate
        Change of d'; above 0: tells the two kinds apart better.
    criterion : Estimate
        Change of c; below 0: quicker to say "generated" than before.
    camera_accepted : Estimate
        Change of the share of camera items that were believed, -1 to 1.
    hit_rate : Estimate
        Change of the share of generated items that were found, -1 to 1.
    form_sd : float
        Of the scatter of `d_prime`, what is due to two forms not being equally hard: a standard deviation.
    own_sd : float
        The rest of it, which would stay if both forms were equally hard.
    level : float
        Of the intervals.
    """

    before: SignalDetection
    after: SignalDetection
    d_prime: Estimate
    criterion: Estimate
    camera_accepted: Estimate
    hit_rate: Estimate
    form_sd: float
    own_sd: float
    level: float

    @property
    def tells(self) -> bool:
        """Whether the interval of d' leaves out 0: more of a change than chance makes.

        Examples
        --------
        >>> change(SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9)).tells
        False
        """
        return not self.d_prime.low <= 0 <= self.d_prime.high


def change(before: SignalDetection, after: SignalDetection, level: float = 0.95, item_sd: float = ITEM_SD) -> Change:
    """Compare one learner's answers to two forms.

    Parameters
    ----------
    before, after : SignalDetection
        The answers to either form: all of them, or those to the clips or the stills alone.
    level : float
        Of the intervals, between 0 and 1.
    item_sd : float
        How much items vary in difficulty, in probits, 0 or more. It decides how the scatter divides into `form_sd` and
        `own_sd`, and moves no interval (see Notes).

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        A form has no generated or no camera items, or `level` or `item_sd` is out of range.

    Notes
    -----
    Every pair of outcomes of the two forms is listed with its chance under the corrected rates (binomial; Hautus 1995),
    and the interval is the middle `level` of the change; for d' it is that of `judgement.d_prime_change`. **This holds
    the forms' uncertainty already.** Take a learner with hit rate H over endlessly many items of the kind. If the n
    items of a form are any n of them, hits are binomial with H, however much the items vary. The variance H (1 - H) / n
    of the hit rate has two parts: that of the learner's scatter on the n items given, and that of which n they are. The
    second is what `form_sd` says, ``sqrt(sum(v / n))`` over the four groups of items with ``v = item_sd**2 / (1 +
    item_sd**2)``. Adding it once more counts it twice: a 95 % interval then holds the true change in 98 to 99 % of all
    cases (`docs/simulations.md`).

    With 12 + 12 items in either form the interval of d' reaches 1.4 to 1.6 to either side, with 8 + 8 1.6 to 1.9, with
    4 + 4 2.0 to 2.4. It holds the true change in 96 to 97 % of cases with 12 + 12 items, and in 98 with 4 + 4: it errs
    on the careful side. What no interval of one learner can hold is that one form was made easier than the other; that
    cancels over a class (`class_change`).

    References
    ----------
    Hautus 1995, Behavior Research Methods, Instruments, & Computers 27, 46-51.

    Examples
    --------
    >>> seen = change(SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9))
    >>> [round(number, 2) for number in seen.d_prime]
    [0.84, -0.62, 2.35]
    >>> round(seen.form_sd, 2), round(seen.own_sd, 2)
    (0.33, 0.67)
    >>> round(seen.camera_accepted.value, 2)
    0.17
    """
    check_level(level)
    sides = [(form.generated, form.camera) for form in (before, after)]
    d_prime = _changed(before, after, lambda hit, false_alarm: hit - false_alarm, level)
    criterion = _changed(before, after, lambda hit, false_alarm: -(hit + false_alarm) / 2, level)
    whole = sum(_scatter(form) for form in (before, after))
    form_sd = form_spread([items for side in sides for items in side], item_sd)
    return Change(
        before,
        after,
        Estimate(after.d_prime - before.d_prime, *d_prime),
        Estimate(after.criterion - before.criterion, *criterion),
        _share_changed((before.correct_rejections, before.camera), (after.correct_rejections, after.camera), level),
        _share_changed((before.hits, before.generated), (after.hits, after.generated), level),
        form_sd=form_sd,
        own_sd=sqrt(max(whole - form_sd**2, 0.0)),
        level=level,
    )


def form_spread(items: Sequence[int], item_sd: float = ITEM_SD) -> float:
    """Return by how much the d' of one learner differs between forms because their items do.

    Parameters
    ----------
    items : sequence of int
        How many items there are of either origin, in either form: four numbers, 1 or more.
    item_sd : float
        How much items vary in difficulty, in probits, 0 or more.

    Returns
    -------
    float
        A standard deviation, in units of d'.

    Notes
    -----
    To first order, for rates near one half. Drawn at random the difference is a little larger, as d' is no straight
    line: 0.35 for 0.7 and four times 12.

    Examples
    --------
    >>> [round(form_spread([12, 12, 12, 12], sd), 2) for sd in (0.5, 0.7, 1.0)]
    [0.26, 0.33, 0.41]
    >>> round(form_spread([4, 4, 4, 4]), 2)
    0.57
    """
    if not isfinite(item_sd) or item_sd < 0:
        raise InputError(f"The items' variation is a number, 0 or more; not {item_sd}.")
    if any(count < 1 for count in items):
        raise InputError("A form has one generated and one camera item at least.")
    return sqrt(sum(item_sd**2 / (1 + item_sd**2) / count for count in items))


def _changed(
    before: SignalDetection, after: SignalDetection, measure: Callable[[Floats, Floats], Floats], level: float
) -> tuple[float, float]:
    return middle_of_differences(_outcomes(before, measure), _outcomes(after, measure), level)


def _outcomes(form: SignalDetection, measure: Callable[[Floats, Floats], Floats]) -> tuple[Floats, Floats]:
    """All values of a measure of z-scores with as many items, and their chances under the corrected rates."""
    _ = form.corrected_rates  # which says so if there are no items of an origin
    (hit, hit_chances), (alarm, alarm_chances) = (
        outcomes_of(form.hits, form.generated),
        outcomes_of(form.false_alarms, form.camera),
    )
    return measure(hit[:, None], alarm[None, :]).ravel(), np.outer(hit_chances, alarm_chances).ravel()


def _scatter(form: SignalDetection) -> float:
    """Variance of d' over all outcomes of a form."""
    values, chances = _outcomes(form, lambda hit, false_alarm: hit - false_alarm)
    mean = float(values @ chances)
    return float((values - mean) ** 2 @ chances)


@cache
def _scores(items: int) -> Floats:
    scores = np.asarray(ndtri((np.arange(items + 1) + 0.5) / (items + 1)))
    scores.flags.writeable = False
    return scores


@cache
def _chances(part: int, items: int) -> Floats:
    chances = np.array(binomial_chances(items, (part + 0.5) / (items + 1)))
    chances.flags.writeable = False
    return chances


def _share_changed(before: tuple[int, int], after: tuple[int, int], level: float) -> Estimate:
    (old, old_n), (new, new_n) = before, after
    (_, old_chances), (_, new_chances) = outcomes_of(*before), outcomes_of(*after)
    ends = middle_of_differences(
        (np.arange(old_n + 1) / old_n, old_chances), (np.arange(new_n + 1) / new_n, new_chances), level
    )
    return Estimate(new / new_n - old / old_n, *ends)


def outcomes_of(part: int, items: int) -> tuple[Floats, Floats]:
    """Return the z-scores of all counts out of `items`, and their chances under the corrected rate.

    Parameters
    ----------
    part, items : int
        So many of so many were found.

    Returns
    -------
    scores, chances : ndarray, shape (items + 1,)

    Examples
    --------
    >>> scores, chances = outcomes_of(1, 2)
    >>> scores.round(2), chances.round(2)
    (array([-0.97,  0.  ,  0.97]), array([0.25, 0.5 , 0.25]))
    """
    return _scores(items), _chances(part, items)


def middle_of_differences(
    before: tuple[Floats, Floats], after: tuple[Floats, Floats], level: float
) -> tuple[float, float]:
    """Return the middle `level` of the second less the first.

    Parameters
    ----------
    before, after : tuple of ndarray
        Values and their chances; both are drawn independently.
    level : float
        Between 0 and 1.

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> middle_of_differences((np.array([0, 1]), np.array([0.5, 0.5])), (np.array([3.0]), np.array([1.0])), 0.95)
    (2.0, 3.0)
    """
    (old, old_chances), (new, new_chances) = _merged(*before), _merged(*after)
    values = (new[:, None] - old[None, :]).ravel()
    rising = np.argsort(values)
    values, sums = values[rising], np.cumsum(np.outer(new_chances, old_chances).ravel()[rising])
    tail = (1 - level) / 2
    # Sums of floats miss a round number by a hair; a hair must not move the quantile by a whole step.
    low, high = np.searchsorted(sums, (tail - 1e-12, 1 - tail - 1e-12))
    return float(values[low]), float(values[min(high, len(values) - 1)])


def _merged(values: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """Add up the chances of equal values, in rising order."""
    different, which = np.unique(np.round(values, 12), return_inverse=True)
    return different, np.bincount(which, weights=chances)
