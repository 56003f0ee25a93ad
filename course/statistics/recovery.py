"""Is a known gain found again? Thousands of made-up classes, each with its own learners and items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from math import sqrt

import numpy as np

from course.judgement.detection import SignalDetection, d_prime_change
from course.judgement.intervals import Estimate, Interval
from course.statistics.change import Answers, _counts, _measure, class_change
from course.statistics.populations import Population, signals

RUNS = 2_000
LEARNERS = 30
PLANTED = 0.4
"""Difference between the forms, in d', that a sound design has to survive."""


@dataclass(frozen=True)
class Recovery:
    """How often a range held the true gain, over many made-up classes.

    Attributes
    ----------
    design : str
        In words.
    planted : float
        Difference between the forms.
    gain : float
        The true one.
    mean : float
        Mean of the estimates.
    spread : float
        Standard deviation of the estimates.
    held : float
        Share of the ranges that held the true gain; 0.95 is promised.
    reach : float
        Mean half width of the ranges.
    runs : int
    estimates : tuple of float
        All of them.
    """

    design: str
    planted: float
    gain: float
    mean: float
    spread: float
    held: float
    reach: float
    runs: int
    estimates: tuple[float, ...] = field(repr=False, default=())


def all_recoveries(runs: int = RUNS, seed: int = 1) -> tuple[Recovery, ...]:
    """Classes in balanced order and in plain order, without and with a planted difference; and single learners.

    Parameters
    ----------
    runs : int
        Made-up classes for each line.
    seed : int
        The same seed gives the same numbers on every system.

    Returns
    -------
    tuple of Recovery
        Both balanced designs, both plain ones, single learners.
    """
    jobs: list[Callable[[], Recovery]] = [
        partial(recover, balanced, planted, runs, seed) for balanced in (True, False) for planted in (0.0, PLANTED)
    ]
    jobs.append(partial(recover_single, runs, seed))
    with ProcessPoolExecutor(2) as pool:
        return tuple(job.result() for job in [pool.submit(job) for job in reversed(jobs)])[::-1]


def recover(
    balanced: bool, planted: float = 0.0, runs: int = RUNS, seed: int = 1, learners: int = LEARNERS
) -> Recovery:
    """Draw classes, estimate each one's gain, and count how often its range holds the truth.

    Parameters
    ----------
    balanced : bool
        Half of each class takes the forms the other way round, and `course.statistics.class_change` is asked. Otherwise
        all take them in one order, and the plain mean change stands with the plain range of a mean.
    planted : float
        Difference between the forms in d'.
    runs, seed, learners : int
        How many classes, their seed, and how large each is.

    Returns
    -------
    Recovery

    Examples
    --------
    >>> found = recover(balanced=False, planted=0.4, runs=50)
    >>> found.mean > found.gain + 0.3, found.held < 0.8
    (True, True)
    """
    population = Population(form_difference=planted)
    found = [
        class_change(answers).change if balanced else plain_change(answers)
        for answers in (population.draw(learners, seed * 1_000_003 + run, balanced) for run in range(runs))
    ]
    design = "half the other way round" if balanced else "all in one order"
    return _told(f"class of {learners}, {design}", planted, population.gain, found)


def recover_single(runs: int = RUNS, seed: int = 1) -> Recovery:
    """The same for single learners and the range of `course.statistics.change`: one learner of each made-up class."""
    population = replace(Population(), gain_sd=0.0)
    found = []
    for run in range(runs):
        (before,), (after,) = signals(population.draw(1, seed * 2_000_003 + run))
        low, high = _range(before, after)
        found.append(Estimate(after.d_prime - before.d_prime, low, high))
    return _told("one learner", 0.0, population.gain, found)


def plain_change(answers: Answers, level: float = 0.95) -> Estimate:
    """What one would reckon who knows nothing of forms: the mean change and the range of a mean (Student 1908).

    It takes the second form for as hard as the first. Shown to say what goes wrong then.
    """
    from scipy.special import stdtrit

    measure = _measure("d_prime")
    first, second = (
        measure(_counts(called, made)) for called, made in zip(answers.called, answers.generated, strict=True)
    )
    gains = np.where(answers.second, first - second, second - first)
    reach = float(stdtrit(len(gains) - 1, (1 + level) / 2)) * gains.std(ddof=1) / sqrt(len(gains))
    return Estimate(float(gains.mean()), float(gains.mean() - reach), float(gains.mean() + reach))


@cache
def _range(before: SignalDetection, after: SignalDetection) -> Interval:
    return d_prime_change(before, after)


def _told(design: str, planted: float, gain: float, found: Sequence[Estimate]) -> Recovery:
    values = np.array(found)
    return Recovery(
        design,
        planted,
        gain,
        float(values[:, 0].mean()),
        float(values[:, 0].std(ddof=1)),
        float(np.mean((values[:, 1] <= gain) & (gain <= values[:, 2]))),
        float((values[:, 2] - values[:, 1]).mean() / 2),
        len(values),
        tuple(float(value) for value in values[:, 0]),
    )


def form_spread(item_sd: float, items: int = 12, draws: int = 20_000, seed: int = 1) -> float:
    """By how much two forms of items drawn at random differ in d' for one and the same judge: a standard deviation.

    Parameters
    ----------
    item_sd : float
        How widely items differ, see `Population`.
    items : int
        Of each origin in a form.
    draws, seed : int
        Pairs of forms, and the seed.

    Examples
    --------
    >>> [round(form_spread(sd), 1) for sd in (0.5, 1.0)]
    [0.3, 0.4]
    """
    from scipy.special import ndtr, ndtri

    chance = np.random.default_rng(seed)
    root = sqrt(1 + item_sd**2)
    sides = [
        ndtri(ndtr(root * sign * 0.5 + item_sd * chance.standard_normal((draws, 2, items))).mean(2)) * sign
        for sign in (1, -1)
    ]
    forms = sides[0] + sides[1]
    return float((forms[:, 0] - forms[:, 1]).std(ddof=1))


def typical_reach(learners: Iterable[int], items: int = 12, runs: int = 60, seed: int = 1) -> dict[int, float]:
    """How far the range around a class's gain in d' reaches to either side, by the number of learners.

    Parameters
    ----------
    learners : iterable of int
        Sizes of the class, 4 or more.
    items : int
        Of each origin in a form.
    runs, seed : int
        Made-up classes of each size, and the seed. The median of their ranges counts.

    Examples
    --------
    >>> found = typical_reach([10, 40], runs=20)
    >>> found[40] < found[10] < 1
    True
    """
    population = Population(items={"still": items})
    found = {}
    for size in learners:
        changes = [class_change(population.draw(size, seed * 3_000_017 + run)).change for run in range(runs)]
        found[size] = float(np.median([(one.high - one.low) / 2 for one in changes]))
    return found
