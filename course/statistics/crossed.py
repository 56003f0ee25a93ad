"""Figures over answers in which learners and items are both a sample: many people judge the same few pictures.

Whoever resamples the learners alone takes the pictures for given, and what holds for two dozen pictures for a law.
Here each figure comes with the scatter that *other learners and other items* would give it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from course.errors import InputError
from course.judgement import Estimate
from course.judgement.intervals import check_level

Floats = NDArray[np.float64]
Scale = Literal["probit", "share"]

#: An unlikely correlation of two answers of one learner; beyond it a few odd answers would carry the figure away.
_MOST_ALIKE = 0.7
#: So many degrees of freedom and more are as good as a normal distribution.
_MANY = 1e6


@dataclass(frozen=True)
class Contrast:
    """A weighted sum of rates, and how far it may be off.

    Attributes
    ----------
    value : ndarray, shape (...)
        The sum.
    error : ndarray, shape (...)
        Its standard error over other learners and other items, in the same unit.
    freedom : ndarray, shape (...)
        Degrees of freedom of `error` (Satterthwaite 1946).
    """

    value: Floats
    error: Floats
    freedom: Floats

    def ends(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the lower and the upper ends of the interval, by Student's t.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        low, high : ndarray, shape (...)
        """
        check_level(level)
        reach = stdtrit(self.freedom, (1 + level) / 2) * self.error
        return self.value - reach, self.value + reach

    def estimate(self, level: float = 0.95) -> Estimate:
        """Return value and interval of one data set.

        Examples
        --------
        >>> Contrast(np.array(0.4), np.array(0.1), np.array(1e6)).estimate()
        Estimate(value=0.4, low=0.204..., high=0.595...)
        """
        low, high = self.ends(level)
        return Estimate(float(self.value), float(low), float(high))

    def share_ends(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the ends of the interval of a share, which stay between 0 and 1.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        low, high : ndarray, shape (...)

        Notes
        -----
        Wilson's (1927) interval for as many independent answers as would have the same standard error, with Student's t
        (Korn & Graubard 1998 do so with another interval).

        References
        ----------
        Korn & Graubard 1998, Survey Methodology 24, 193-201. Wilson 1927, JASA 22, 209-212.

        Examples
        --------
        >>> low, high = Contrast(np.array(0.9), np.array(0.05), np.array(1e6)).share_ends()
        >>> float(low.round(2)), float(high.round(2))
        (0.76, 0.96)
        """
        check_level(level)
        # Where all answers agree the error is that of a share of half an answer, which is 0.7 of it away from the end.
        nearest = np.minimum(self.error * np.sqrt(0.5), 0.5)
        inner = np.clip(self.value, nearest, 1 - nearest)
        answers = inner * (1 - inner) / self.error**2
        t = stdtrit(self.freedom, (1 + level) / 2)
        centre = (self.value + t**2 / (2 * answers)) / (1 + t**2 / answers)
        spread = self.value * (1 - self.value) / answers + (t / (2 * answers)) ** 2
        reach = t * np.sqrt(spread) / (1 + t**2 / answers)
        return np.maximum(centre - reach, 0), np.minimum(centre + reach, 1)

    def share(self, level: float = 0.95) -> Estimate:
        """Return value and interval of a share of one data set.

        Examples
        --------
        >>> Contrast(np.array(0.9), np.array(0.05), np.array(1e6)).share()
        Estimate(value=0.9, low=0.76..., high=0.96...)
        """
        low, high = self.share_ends(level)
        value = float(self.value)
        return Estimate(value, min(float(low), value), max(float(high), value))


def contrast(
    answers: ArrayLike,
    present: ArrayLike,
    learner_group: ArrayLike,
    item_group: ArrayLike,
    weights: ArrayLike,
    scale: Scale = "probit",
    *,
    items_drawn: bool = True,
) -> Contrast:
    """Weigh and add up the rates of a class, with a standard error over learners and items.

    Parameters
    ----------
    answers : array_like of bool, shape (..., learners, items)
        Whether the learner called the item generated. Any number of data sets of one size at a time.
    present : array_like of bool, shape (learners, items) or (..., learners, items)
        Whether there is an answer. What stands in `answers` elsewhere does not count.
    learner_group : array_like of int, shape (learners,) or (..., learners)
        The group of each learner, 0, 1, ...
    item_group : array_like of int, shape (items,)
        The group of each item, 0, 1, ...; a negative number leaves the item out.
    weights : array_like of float, shape (groups of learners, groups of items)
        What the rate of these learners on these items counts.
    scale : {"probit", "share"}
        Whether the z-scores of the rates are added up, which gives d' and c, or the rates themselves.
    items_drawn : bool
        False takes the items for given, so that the error is over other learners alone. For comparison; it is far too
        small for what is said of other pictures.

    Returns
    -------
    Contrast
        Its arrays have the shape (...) of the data sets; its unit is that of z-scores, or a share.

    Raises
    ------
    ValueError
        A rate that counts has no answers.

    Notes
    -----
    **Value.** With P the share of *generated* among the answers of a group of learners to a group of items, corrected
    (x + 0.5) / (n + 1), it is ``sum(w * z(P)) / sqrt(1 - r)``. The mean of the learners' d' is asked for. As they
    differ, z of their mean rate lies nearer to 0 than the mean of their z-scores; r makes up for that. It is the
    tetrachoric correlation of two answers of one learner to two items of a group, one for all groups whatever they
    count, found from how often a learner's answers agree beyond chance. So nobody's own z-score is needed, which twelve
    items give badly and four hardly at all. That items differ stays in: d' is what a learner shows over endlessly many
    items of the kind. A d' of about 1 from one form of 12 + 12 items comes out 0.02 too large on average, as z is no
    straight line; in a change that cancels. On the scale of shares the value is ``sum(w * P)``, uncorrected.

    **Error.** Each answer moves the value by a known amount (the first derivative). Adding up the amounts for each
    learner gives the variance over learners, VL; for each item that over items, VI. Both hold the scatter of the single
    answer, VA, which is in the data once, so the variance is VL + VI - VA: the two-way cluster estimator (Cameron,
    Gelbach & Miller 2011), and the variance that Owen (2007) takes as the true one of crossed data. His pigeonhole
    bootstrap, which draws learners and items at random, gives about VL + VI + VA, where VA is most of it here, and is
    too wide by a third to a half; no bootstrap of crossed data is exact (McCullagh 2000). VI - VA below 0 counts as 0.
    Where all answers of a group agree, which shows no scatter, that of as many answers at the corrected rate is taken.

    That items are drawn must be minded wherever one speaks of other items than those shown (Clark 1973; Westfall, Kenny
    & Judd 2014).

    References
    ----------
    Cameron, Gelbach & Miller 2011, Journal of Business & Economic Statistics 29, 238-249.
    Clark 1973, Journal of Verbal Learning and Verbal Behavior 12, 335-359.
    McCullagh 2000, Bernoulli 6, 285-301.
    Owen 2007, Annals of Applied Statistics 1, 386-411; Owen & Eckles 2012, Annals of Applied Statistics 6, 895-927.
    Satterthwaite 1946, Biometrics Bulletin 2, 110-114.
    Westfall, Kenny & Judd 2014, Journal of Experimental Psychology: General 143, 2020-2045.

    Examples
    --------
    Three learners, two generated items (group 0) and two of a camera (group 1); d' of the class:

    >>> answers = [[1, 1, 0, 1], [1, 0, 0, 0], [1, 1, 0, 1]]
    >>> found = contrast(answers, np.ones((3, 4)), [0, 0, 0], [0, 0, 1, 1], [[1, -1]])
    >>> round(float(found.value), 2)
    1.16
    """
    given = np.asarray(present, dtype=np.float64)
    yes = np.asarray(answers, dtype=np.float64) * given
    weight = np.asarray(weights, dtype=np.float64)
    learners = _one_hot(learner_group, weight.shape[0])
    items = _one_hot(item_group, weight.shape[1])

    by_item, items_n = np.swapaxes(learners, -1, -2) @ yes, np.swapaxes(learners, -1, -2) @ given  # groups x items
    by_learner, learners_n = yes @ items, given @ items  # learners x groups
    total, count = by_item @ items, items_n @ items  # groups x groups
    if np.any((count == 0) & (weight != 0)):
        raise InputError("There are no answers of one of the kinds that are compared.")
    count = np.maximum(count, 1)
    rate, corrected = total / count, (total + 0.5) / (count + 1)
    z = ndtri(corrected)
    squares = _Squares(total, count, by_item, items_n, by_learner, learners_n, learners, items)
    if scale == "probit":
        stretch = 1 / np.sqrt(1 - _alike(squares, z))
        slope = weight * stretch[..., None, None] / _density(z)
        value = (weight * z).sum((-1, -2)) * stretch
    else:
        slope = np.broadcast_to(weight, rate.shape)
        value = (weight * rate).sum((-1, -2))

    # What each learner, and each item, adds to the value.
    per = slope / count
    pull = per * rate
    of_learner = ((learners @ per) * by_learner - (learners @ pull) * learners_n).sum(-1)
    of_item = ((per @ items.T) * by_item - (pull @ items.T) * items_n).sum(-2)
    learner_parts, learner_freedom = _parts(of_learner, learners)
    item_parts, item_freedom = _parts(of_item, items)
    single = (slope**2 * squares.residual()).sum((-1, -2))
    binomial = slope**2 * corrected * (1 - corrected) / count
    agreed = (binomial * ((total == 0) | (total == count))).sum((-1, -2))

    variance = learner_parts.sum(-1)
    spread = (learner_parts**2 / learner_freedom).sum(-1)
    beyond = item_parts.sum(-1) - single
    if items_drawn:
        variance = variance + np.maximum(beyond, 0)
        spread = spread + np.where(beyond > 0, (item_parts**2 / item_freedom).sum(-1), 0)
    freedom = np.where(spread > 0, variance**2 / np.where(spread > 0, spread, 1), _MANY)
    # In a tiny class all may have scored alike; then the number of answers is all there is to go by.
    variance = np.where(variance > 1e-12, variance + agreed, binomial.sum((-1, -2)))
    return Contrast(value, np.sqrt(variance), np.clip(freedom, 1, _MANY))


@dataclass(frozen=True)
class _Squares:
    """The sums that all is reckoned from: answers and counts for each group, item and learner."""

    total: Floats
    count: Floats
    by_item: Floats
    items_n: Floats
    by_learner: Floats
    learners_n: Floats
    learners: Floats
    items: Floats

    def residual(self) -> Floats:
        """Variance of the mean of a group that is neither the learners' nor the items' doing."""
        rate = self.total / self.count
        whole = self.total * (1 - rate)
        learner = self._over_learners(_ratio(self.by_learner**2, self.learners_n)) - self.total * rate
        item = _ratio(self.by_item**2, self.items_n) @ self.items - self.total * rate
        freedom = self.count - self._over_learners(self.learners_n > 0) - (self.items_n > 0) @ self.items + 1
        return np.maximum(whole - learner - item, 0) / np.maximum(freedom, 1) / self.count

    def agreement(self) -> Floats:
        """How much oftener both of two answers of one learner are *generated* than two of two learners."""
        own = self._over_learners(self.by_learner * (self.by_learner - 1))
        own_pairs = self._over_learners(self.learners_n * (self.learners_n - 1))
        learner, item = self._over_learners(self.by_learner**2), self.by_item**2 @ self.items
        learner_n, item_n = self._over_learners(self.learners_n**2), self.items_n**2 @ self.items
        others = self.total**2 - learner - item + self.total
        others_pairs = self.count**2 - learner_n - item_n + self.count
        return np.where((own_pairs > 0) & (others_pairs > 0), _ratio(own, own_pairs) - _ratio(others, others_pairs), 0)

    def _over_learners(self, values: NDArray[Any]) -> Floats:
        return np.swapaxes(self.learners, -1, -2) @ values


def _alike(squares: _Squares, z: Floats) -> Floats:
    """The tetrachoric correlation of two answers of one learner, one for all groups; 0 to `_MOST_ALIKE`."""
    counts = squares.count > 1
    wanted = (squares.agreement() * counts).sum((-1, -2))
    low, high = np.zeros_like(wanted), np.full_like(wanted, _MOST_ALIKE)
    for _ in range(24):
        middle = (low + high) / 2
        short = (_both(z, middle[..., None, None]) * counts).sum((-1, -2)) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(wanted > 0, low, 0.0)


def _both(z: Floats, r: Floats) -> Floats:
    """Chance that two normal numbers with correlation r both lie beyond z, less that of two without: Pearson's series.

    Six terms: off by 0.001 at most for r up to 0.7.
    """
    hermite, before, factor, summed = np.ones_like(z), np.zeros_like(z), r, np.zeros_like(z * r)
    for term in range(1, 7):
        summed = summed + hermite**2 * factor
        hermite, before = z * hermite - (term - 1) * before, hermite
        factor = factor * r / (term + 1)
    return summed * _density(z) ** 2


def _parts(pulls: Floats, groups: Floats) -> tuple[Floats, Floats]:
    """Variance by group of what its members add, and degrees of freedom; one alone in its group shows none."""
    members = groups.sum(-2)
    squared = ((pulls**2)[..., None, :] @ groups)[..., 0, :]
    return squared * members / np.maximum(members - 1, 1), np.maximum(members - 1, 1)


def _one_hot(group: ArrayLike, groups: int) -> Floats:
    return (np.asarray(group)[..., None] == np.arange(groups)).astype(np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return part / np.where(whole > 0, whole, 1)


def _density(z: Floats) -> Floats:
    return np.exp(-(np.square(z)) / 2) / np.sqrt(2 * np.pi)
