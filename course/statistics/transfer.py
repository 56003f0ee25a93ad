"""Whether what was learned holds for generators that nobody had met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from course.errors import InputError
from course.judgement.detection import SignalDetection
from course.judgement.intervals import Estimate, check_level, share_interval
from course.statistics.change import _counts, _jackknife, _measure

_MISSING = "Transfer compares items of new generators, of known ones, and camera items; some of these are missing."


class Judged(NamedTuple):
    """One item of a form that holds generators back: whether it is generated, held back, and was called generated."""

    item: str
    generated: bool
    held_back: bool
    called: bool


@dataclass(frozen=True)
class Transfer:
    """How generated items of new and of known generators were judged.

    Attributes
    ----------
    new, known : Estimate
        Share of them that was caught, 0 to 1.
    camera_accepted : Estimate
        Share of the camera items of the same form that were believed.
    d_prime_new : Estimate
        Sensitivity for the held-back items against the camera items.
    learners : int
        How many judged.
    """

    new: Estimate
    known: Estimate
    camera_accepted: Estimate
    d_prime_new: Estimate
    learners: int


def transfer(judged: Iterable[Judged], level: float = 0.95) -> Transfer:
    """Say how one learner judged the items of new generators.

    Parameters
    ----------
    judged : iterable of Judged
        All items of the form, each once.
    level : float
        Of the ranges, between 0 and 1.

    Returns
    -------
    Transfer
        With exact ranges. Six items say very little: even five caught of six leave 36 to 100 %.

    Raises
    ------
    ValueError
        There are no held-back items, no other generated ones, or no camera items.

    Examples
    --------
    >>> rows = [Judged(f"n{n}", True, True, n < 5) for n in range(6)]
    >>> rows += [Judged(f"k{n}", True, False, n < 4) for n in range(6)]
    >>> rows += [Judged(f"c{n}", False, False, n < 3) for n in range(12)]
    >>> found = transfer(rows)
    >>> round(found.new.low, 2), round(found.new.high, 2), found.camera_accepted.value
    (0.36, 1.0, 0.75)
    """
    rows = list(judged)
    new = [one.called for one in rows if one.generated and one.held_back]
    known = [one.called for one in rows if one.generated and not one.held_back]
    camera = [not one.called for one in rows if not one.generated]
    if not (new and known and camera):
        raise InputError(_MISSING)
    signal = SignalDetection(sum(new), len(new) - sum(new), len(camera) - sum(camera), sum(camera))
    low, high = signal.interval(level)
    return Transfer(
        *(
            Estimate(sum(part) / len(part), *share_interval(sum(part), len(part), level))
            for part in (new, known, camera)
        ),
        Estimate(signal.d_prime, low, high),
        1,
    )


def class_transfer(learners: Sequence[Sequence[Judged]], level: float = 0.95) -> Transfer:
    """Say how a class judged the items of new generators.

    Parameters
    ----------
    learners : sequence of sequence of Judged
        All items of one form, for each learner; the same items for all.
    level : float
        Of the ranges, between 0 and 1.

    Returns
    -------
    Transfer
        The ranges count learners and items as samples, see `course.statistics.class_change`. However large the class,
        six items stay six items.

    Raises
    ------
    ValueError
        There are fewer than two learners, they judged different items, or a side is missing or holds one item only.

    Examples
    --------
    >>> def answers(caught):
    ...     rows = [Judged(f"n{n}", True, True, n < caught) for n in range(6)]
    ...     rows += [Judged(f"k{n}", True, False, n < 4) for n in range(6)]
    ...     return rows + [Judged(f"c{n}", False, False, n < 3) for n in range(12)]
    >>> found = class_transfer([answers(3), answers(5), answers(4)])
    >>> round(found.new.value, 2), found.learners
    (0.67, 3)
    """
    check_level(level)
    if len(learners) < 2:
        raise InputError("A class is two learners or more.")
    tables = [{one.item: one for one in reversed(rows)} for rows in learners]  # of two answers the first counts
    names = sorted(tables[0])
    facts = [(tables[0][name].generated, tables[0][name].held_back) for name in names]
    if any(
        sorted(table) != names or [(table[name].generated, table[name].held_back) for name in names] != facts
        for table in tables
    ):
        raise InputError("Not all learners have judged the same items to the end.")
    called = np.array([[table[name].called for name in names] for table in tables], dtype=bool)
    generated = np.array([made for made, _ in facts])
    held = np.array([back for _, back in facts])
    parts = generated & held, generated & ~held, ~generated
    if min(part.sum() for part in parts) < 2:
        raise InputError(_MISSING)
    from scipy.special import stdtrit

    t = float(stdtrit(len(tables) - 1, (1 + level) / 2))

    def share(cells: np.ndarray) -> Estimate:
        mean = float(cells.mean())
        variance = _two_ways(cells.mean(1), cells.mean(0), cells)
        return Estimate(mean, max(0.0, mean - t * sqrt(variance)), min(1.0, mean + t * sqrt(variance)))

    chosen = parts[0] | parts[2]
    measure, some = _measure("d_prime"), called[:, chosen]
    made = generated[chosen]
    each = measure(_counts(some, made))
    variance = _d_prime_variance(some, made)
    value = float(each.mean())
    return Transfer(
        share(called[:, parts[0]].astype(float)),
        share(called[:, parts[1]].astype(float)),
        share((~called[:, parts[2]]).astype(float)),
        Estimate(value, value - t * sqrt(variance), value + t * sqrt(variance)),
        len(tables),
    )


def _two_ways(of_learners: np.ndarray, of_items: np.ndarray, cells: np.ndarray) -> float:
    """Variance of the mean of crossed learners and items (Cameron, Gelbach & Miller 2011)."""
    learners, items = cells.shape
    by_learner = of_learners.var(ddof=1) / learners
    by_item = of_items.var(ddof=1) / items
    within = cells - of_learners[:, None] - of_items[None] + cells.mean()
    by_answer = (within**2).sum() / ((learners - 1) * (items - 1)) / cells.size
    return float(max(by_learner, by_item, by_learner + by_item - by_answer))


def _d_prime_variance(called: np.ndarray, generated: np.ndarray) -> float:
    from course.statistics.change import _less

    measure, counts = _measure("d_prime"), _counts(called, generated)
    learners = len(called)
    by_learner = measure(counts).var(ddof=1) / learners
    by_item = by_answer = 0.0
    for made in (True, False):
        without = measure(_less(counts, made, called[:, generated == made]))
        by_item += _jackknife(without.mean(0)[None])[0]
        by_answer += _jackknife(without).sum() / learners**2
    return float(max(by_learner, by_item, by_learner + by_item - by_answer))
