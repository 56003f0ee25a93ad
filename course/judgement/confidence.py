"""Does "80 % sure" come true in 80 of 100 cases? Scores for stated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, isfinite
from random import Random
from typing import NamedTuple

from course.errors import InputError
from course.judgement.intervals import Estimate, Interval, check_level, quantile_interval, share_interval

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Bins of confidence that a slider from 50 % to 100 % fills."""


def probability_generated(verdict: str, confidence: float) -> float:
    """Turn a verdict and a confidence into one probability that the item is generated.

    Parameters
    ----------
    verdict : {"generated", "camera"}
        What the item was taken for.
    confidence : float
        Per cent, from 50 (a coin toss) to 100 (certain).

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        The verdict is another word, or the confidence lies outside 50 to 100.

    Examples
    --------
    >>> probability_generated("generated", 80), probability_generated("camera", 80)
    (0.8, 0.2)
    """
    check_verdict(verdict)
    check_confidence(confidence)
    return confidence / 100 if verdict == "generated" else (100 - confidence) / 100


def check_verdict(verdict: object) -> None:
    """Raise ValueError unless `verdict` is "generated" or "camera"."""
    if verdict not in ("generated", "camera"):
        raise InputError(f"A verdict is 'generated' or 'camera', not {verdict!r}.")


def check_confidence(confidence: object) -> None:
    """Raise ValueError unless `confidence` is a number from 50 to 100 (per cent)."""
    number = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    if not (number and 50 <= confidence <= 100):
        raise InputError(f"A confidence lies between 50 % (a coin toss) and 100 %; not {confidence!r}.")


def brier_score(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared distance between what was said and what was so (Brier 1950).

    0 is perfect, 0.25 is what "50 %" every time earns, 1 is certain and wrong every time.

    Parameters
    ----------
    probabilities : sequence of float
        Stated probability, 0 to 1, that each item is generated (or of any event).
    outcomes : sequence of bool
        Whether it was.

    Raises
    ------
    ValueError
        The two differ in length or are empty, or a probability lies outside 0 to 1.

    References
    ----------
    Brier 1950, Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> brier_score([1.0, 0.5], [True, False])
    0.125
    """
    _check(probabilities, outcomes)
    return fsum((p - bool(o)) ** 2 for p, o in zip(probabilities, outcomes, strict=True)) / len(outcomes)


class BrierParts(NamedTuple):
    """A Brier score taken apart: ``reliability - resolution + uncertainty``.

    Attributes
    ----------
    reliability : float
        Cost of saying 80 % where 60 % come true; 0 is best.
    resolution : float
        Gain from telling cases apart; more is better.
    uncertainty : float
        What the mix of items alone makes hard; not the judge's doing.
    """

    reliability: float
    resolution: float
    uncertainty: float

    @property
    def score(self) -> float:
        """The Brier score itself."""
        return self.reliability - self.resolution + self.uncertainty


def brier_parts(probabilities: Sequence[float], outcomes: Sequence[bool]) -> BrierParts:
    """Take a Brier score apart (Murphy 1973), one group for each probability that was stated.

    Parameters
    ----------
    probabilities, outcomes : sequence
        As for :func:`brier_score`.

    References
    ----------
    Murphy 1973, Journal of Applied Meteorology 12, 595-600.

    Examples
    --------
    >>> brier_parts([1.0, 1.0, 0.0, 0.0], [True, True, False, False])
    BrierParts(reliability=0.0, resolution=0.25, uncertainty=0.25)
    """
    _check(probabilities, outcomes)
    groups: dict[float, list[bool]] = {}
    for probability, outcome in zip(probabilities, outcomes, strict=True):
        groups.setdefault(probability, []).append(bool(outcome))
    total = len(outcomes)
    base = sum(map(bool, outcomes)) / total
    shares = {probability: sum(group) / len(group) for probability, group in groups.items()}
    return BrierParts(
        reliability=fsum(len(g) * (p - shares[p]) ** 2 for p, g in groups.items()) / total,
        resolution=fsum(len(g) * (shares[p] - base) ** 2 for p, g in groups.items()) / total,
        uncertainty=base * (1 - base),
    )


@dataclass(frozen=True)
class CalibrationBin:
    """The answers given with about the same confidence.

    Attributes
    ----------
    low, high : float
        The bin's edges; `low` belongs to it, `high` to the next one, except that 1 belongs to the last.
    mean_confidence : float
        Mean of what was stated, 0 to 1.
    share_correct : float
        Share that was right, 0 to 1.
    count : int
        Number of answers, at least 1.
    interval : Interval
        Exact 95 % interval for the share that is right in the long run.
    """

    low: float
    high: float
    mean_confidence: float
    share_correct: float
    count: int
    interval: Interval


def calibration(
    confidences: Sequence[float], correct: Sequence[bool], bins: Sequence[float] = EDGES
) -> tuple[CalibrationBin, ...]:
    """Compare what was stated with what came true, bin by bin.

    Parameters
    ----------
    confidences : sequence of float
        Stated chance of being right, 0 to 1 (a slider's 80 % is 0.8).
    correct : sequence of bool
        Whether the answer was right.
    bins : sequence of float
        Rising edges, at least two.

    Returns
    -------
    tuple of CalibrationBin
        From low to high confidence; bins without an answer are left out.

    Raises
    ------
    ValueError
        Lengths differ or are 0, the edges do not rise, or a confidence lies outside them.

    Examples
    --------
    >>> for group in calibration([0.55, 0.95, 0.95, 1.0], [False, True, False, True]):
    ...     print(group.count, round(group.mean_confidence, 2), round(group.share_correct, 2))
    1 0.55 0.0
    3 0.97 0.67
    """
    _check(confidences, correct)
    if len(bins) < 2 or any(low >= high for low, high in pairwise(bins)):
        raise InputError("The edges of the bins must rise, and there must be at least two.")
    if min(confidences) < bins[0] or max(confidences) > bins[-1]:
        raise InputError(f"A confidence lies outside the bins, which run from {bins[0]} to {bins[-1]}.")
    pairs = list(zip(confidences, map(bool, correct), strict=True))
    groups = []
    for low, high in pairwise(bins):
        inside = [pair for pair in pairs if low <= pair[0] < high or pair[0] == high == bins[-1]]
        if inside:
            right = sum(hit for _, hit in inside)
            groups.append(
                CalibrationBin(
                    low=low,
                    high=high,
                    mean_confidence=fsum(confidence for confidence, _ in inside) / len(inside),
                    share_correct=right / len(inside),
                    count=len(inside),
                    interval=share_interval(right, len(inside)),
                )
            )
    return tuple(groups)


def overconfidence(
    confidences: Sequence[float],
    correct: Sequence[bool],
    level: float = 0.95,
    samples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Mean confidence minus share correct, with a bootstrap interval (Efron & Tibshirani 1993).

    Above 0: surer than right. Below 0: righter than sure.

    Parameters
    ----------
    confidences : sequence of float
        Stated chance of being right, 0 to 1.
    correct : sequence of bool
        Whether the answer was right.
    level : float
        Of the interval, between 0 and 1.
    samples : int
        Number of times the answers are drawn anew, with replacement.
    seed : int
        The same seed gives the same draws on every system.

    Returns
    -------
    Estimate
        ``value, low, high``.

    Examples
    --------
    >>> round(overconfidence([0.9, 0.9, 0.8, 0.8], [True, False, True, False]).value, 2)
    0.35
    """
    _check(confidences, correct)
    check_level(level)
    if samples < 1:
        raise InputError(f"A bootstrap needs at least one sample, not {samples}.")
    gaps = [confidence - bool(right) for confidence, right in zip(confidences, correct, strict=True)]
    count = len(gaps)
    draw = Random(seed).random
    means = [fsum(gaps[int(draw() * count)] for _ in range(count)) / count for _ in range(samples)]
    return Estimate(fsum(gaps) / count, *quantile_interval(((mean, 1 / samples) for mean in means), level))


def _check(chances: Sequence[float], outcomes: Sequence[bool]) -> None:
    if len(chances) != len(outcomes):
        raise InputError(f"There are {len(chances)} probabilities for {len(outcomes)} outcomes.")
    if not len(outcomes):
        raise InputError("There are no answers to score.")
    if not all(isfinite(chance) and 0 <= chance <= 1 for chance in chances):
        raise InputError("A probability lies between 0 and 1.")
