"""Is a known gain found again? Simulated classes are measured as real ones are, thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.judgement import SignalDetection
from course.statistics.change import Change, change
from course.statistics.class_change import LEAST_LEARNERS, SCALES, Measure, class_weights
from course.statistics.crossed import contrast
from course.statistics.judgements import Kind
from course.statistics.populations import Design, Drawn, Population

Floats = NDArray[np.float64]

# So many learners are simulated at a time, to stay within some hundred megabytes.
_AT_A_TIME = 12_000


@dataclass(frozen=True)
class Recovery:
    """What was found in many simulated classes, or learners, whose truth is known.

    Attributes
    ----------
    truth : ndarray, shape (runs,)
        What is to be found.
    found, low, high : ndarray, shape (runs,)
        What was found, and its interval.
    """

    truth: Floats
    found: Floats
    low: Floats
    high: Floats

    @property
    def runs(self) -> int:
        """How many classes or learners."""
        return len(self.found)

    @property
    def coverage(self) -> float:
        """In which share of the runs the interval holds the truth.

        Examples
        --------
        >>> Recovery(np.array([0.4, 0.4]), np.array([0.5, 0.9]), np.array([0.2, 0.6]), np.array([0.8, 1.2])).coverage
        0.5
        """
        return float(np.mean((self.low <= self.truth) & (self.truth <= self.high)))

    @property
    def telling(self) -> float:
        """In which share of the runs the interval leaves out 0, so that a change is told from none.

        Examples
        --------
        >>> Recovery(np.array([0.4, 0.4]), np.array([0.5, 0.1]), np.array([0.2, -0.2]), np.array([0.8, 0.4])).telling
        0.5
        """
        return float(np.mean((self.low > 0) | (self.high < 0)))

    @property
    def bias(self) -> float:
        """How far beyond the truth the values lie on average."""
        return float(np.mean(self.found - self.truth))

    @property
    def reach(self) -> float:
        """Half the width of the interval that lies in the middle of all, by width."""
        return float(np.median(self.high - self.low) / 2)


def recover_class(
    population: Population,
    learners: int = 30,
    runs: int = 2000,
    seed: int = 0,
    *,
    design: Design = "balanced",
    kind: Kind | None = None,
    measure: Measure = "d_prime",
    when: Literal["before", "after", "change"] = "change",
    items_drawn: bool = True,
    level: float = 0.95,
) -> Recovery:
    """Measure many simulated classes as `class_change` measures one.

    Parameters
    ----------
    population : Population
        Of which learners and items are drawn anew for each class.
    learners : int
        In each class.
    runs : int
        How many classes.
    seed : int
        The same seed gives the same classes.
    design : {"balanced", "a_first"}
        Which form is judged first.
    kind : {"clip", "still"}, optional
        Take these items alone.
    measure : {"d_prime", "criterion", "hit_rate", "false_alarm_rate"}
        What is measured.
    when : {"before", "after", "change"}
        And at which time.
    items_drawn : bool
        False leaves the items out of the interval, as an ordinary comparison of two means would.
    level : float
        Of the intervals.

    Returns
    -------
    Recovery
        The truth is that of the population, not that of the learners who happen to be in a class.

    Examples
    --------
    >>> found = recover_class(Population(form_difference=0.4), runs=200, seed=1)
    >>> 0.9 < found.coverage < 1 and abs(found.bias) < 0.05
    True
    >>> recover_class(Population(form_difference=0.4), runs=200, seed=1, design="a_first").bias > 0.3
    True
    """
    if runs < 1:
        raise InputError("A simulation needs one run at least.")
    random = np.random.default_rng(seed)
    weights = class_weights(measure, when, (0, 1) if design == "balanced" else (0,))
    fewest = LEAST_LEARNERS if design == "balanced" else 0
    parts = []
    for size in _batches(runs, learners):
        drawn = population.answers(random, size, learners, design, fewest)
        seen = contrast(
            drawn.generated,
            np.ones(drawn.generated.shape[1:], dtype=bool),
            drawn.b_first,
            np.where(_of_kind(drawn, kind), 2 * drawn.form + drawn.camera, -1),
            weights,
            SCALES[measure],
            items_drawn=items_drawn,
        )
        share = SCALES[measure] == "share" and when != "change"
        parts.append((seen.value, *(seen.share_ends(level) if share else seen.ends(level))))
    found, low, high = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Recovery(np.full(runs, true_value(population, measure, when)), found, low, high)


def true_value(population: Population, measure: Measure, when: Literal["before", "after", "change"]) -> float:
    """Return what a measure of a class is to find, in the mean of both forms.

    Examples
    --------
    >>> true_value(Population(gain=0.4), "d_prime", "change")
    0.4
    >>> round(true_value(Population(gain=0.4), "false_alarm_rate", "change"), 3)
    -0.061
    """
    sides = {
        "d_prime": (population.d_prime, population.d_prime + population.gain),
        "criterion": (population.criterion, population.criterion + population.criterion_shift),
        "hit_rate": tuple(population.rate("generated", after=after) for after in (False, True)),
        "false_alarm_rate": tuple(population.rate("camera", after=after) for after in (False, True)),
    }
    before, after = sides[measure]
    return {"before": before, "after": after, "change": round(after - before, 12)}[when]


def recover_learner(
    population: Population,
    runs: int = 2000,
    seed: int = 0,
    *,
    kind: Kind | None = None,
    level: float = 0.95,
) -> Recovery:
    """Measure many single learners, each with forms of their own, as `change` measures one.

    Parameters
    ----------
    population : Population
        Of which learners and items are drawn.
    runs : int
        How many learners.
    seed : int
        The same seed gives the same learners.
    kind : {"clip", "still"}, optional
        Take these items alone.
    level : float
        Of the intervals.

    Returns
    -------
    Recovery
        The truth is each learner's own gain in d'.

    Examples
    --------
    >>> 0.92 < recover_learner(Population(), runs=200, seed=1, kind="still").coverage <= 1
    True
    """
    if runs < 1:
        raise InputError("A simulation needs one run at least.")
    drawn = population.answers(np.random.default_rng(seed), runs, 1)
    chosen = _of_kind(drawn, kind)
    counts = [
        [(drawn.generated[:, 0, chosen & (drawn.form == form) & (drawn.camera == camera)]).sum(-1) for camera in (0, 1)]
        for form in (0, 1)
    ]
    items = int((chosen & (drawn.form == 0) & (drawn.camera == 0)).sum())
    measured = lru_cache(maxsize=None)(lambda before, after: change(before, after, level, population.item_sd))
    rows = []
    for run in range(runs):
        a, b = (
            SignalDetection(hits, items - hits, alarms, items - alarms)
            for hits, alarms in ((int(counts[form][0][run]), int(counts[form][1][run])) for form in (0, 1))
        )
        seen: Change = measured(b, a) if drawn.b_first[run, 0] else measured(a, b)
        rows.append(seen.d_prime)
    found, low, high = np.array(rows).T
    return Recovery(drawn.gain[:, 0], found, low, high)


def widened(found: Recovery, sd: float) -> Recovery:
    """Add to intervals of 95 % what a further, independent scatter of the value would add.

    Parameters
    ----------
    found : Recovery
        With such intervals.
    sd : float
        Standard deviation of the further scatter.

    Returns
    -------
    Recovery

    Examples
    --------
    >>> two = Recovery(np.zeros(2), np.zeros(2), np.full(2, -0.3), np.full(2, 0.3))
    >>> round(widened(two, 0.4 / 1.96).reach, 9)
    0.5
    """
    more = 1.96 * sd
    return Recovery(
        found.truth,
        found.found,
        found.found - np.hypot(found.found - found.low, more),
        found.found + np.hypot(found.high - found.found, more),
    )


def _of_kind(drawn: Drawn, kind: Kind | None) -> NDArray[np.bool_]:
    if kind is None:
        return np.ones(len(drawn.still), dtype=bool)
    return np.asarray(drawn.still == (kind == "still"))


def _batches(runs: int, learners: int) -> list[int]:
    size = max(1, _AT_A_TIME // learners)
    return [min(size, runs - start) for start in range(0, runs, size)]
