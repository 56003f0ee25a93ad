"""Signal detection: how well somebody tells two kinds of thing apart, and which way they lean.

The signal is *generated*. A *hit* is a generated item called generated; a *false alarm* is a camera item
called generated. Sensitivity d' says how far apart the two kinds look to a judge; the criterion c says how
much it takes before the judge says "generated". Calling everything fake moves c and leaves d' where it was,
and that is why the two are shown apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from statistics import NormalDist
from typing import Literal

from course.errors import InputError
from course.judgement.intervals import (
    Interval,
    binomial_chances,
    check_level,
    quantile_interval,
    share_interval,
)

Measure = Literal["d_prime", "criterion"]
Share = Literal["hits", "false_alarms", "camera_accepted", "accuracy"]

_Z = NormalDist().inv_cdf


@dataclass(frozen=True)
class SignalDetection:
    """Counts of the four kinds of answer, and what follows from them.

    Parameters
    ----------
    hits : int
        Generated items called generated.
    misses : int
        Generated items called camera.
    false_alarms : int
        Camera items called generated.
    correct_rejections : int
        Camera items called camera.

    Raises
    ------
    ValueError
        A count is negative or no whole number.

    Notes
    -----
    Rates are corrected log-linearly, (x + 0.5) / (n + 1), before they become z-scores (Hautus 1995). A
    perfect or an empty count therefore gives a finite d', a little closer to 0 than the true one.

    References
    ----------
    Green & Swets 1966, *Signal Detection Theory and Psychophysics*.
    Hautus 1995, Behavior Research Methods, Instruments, & Computers 27, 46-51.

    Examples
    --------
    >>> judge = SignalDetection(hits=9, misses=3, false_alarms=3, correct_rejections=9)
    >>> round(judge.d_prime, 2), abs(round(judge.criterion, 2))
    (1.23, 0.0)
    >>> judge.accuracy, judge.camera_accepted
    (0.75, 0.75)
    """

    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int

    def __post_init__(self) -> None:
        for name in ("hits", "misses", "false_alarms", "correct_rejections"):
            count = getattr(self, name)
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise InputError(f"{name} must be a whole number, 0 or more, not {count!r}.")

    @classmethod
    def from_answers(cls, answers: Iterable[tuple[bool, bool]]) -> SignalDetection:
        """Count pairs of (called generated, is generated).

        Examples
        --------
        >>> SignalDetection.from_answers([(True, True), (False, True), (False, False)])
        SignalDetection(hits=1, misses=1, false_alarms=0, correct_rejections=1)
        """
        pairs = [(bool(said), bool(true)) for said, true in answers]
        return cls(
            hits=pairs.count((True, True)),
            misses=pairs.count((False, True)),
            false_alarms=pairs.count((True, False)),
            correct_rejections=pairs.count((False, False)),
        )

    @property
    def generated(self) -> int:
        """Number of generated items."""
        return self.hits + self.misses

    @property
    def camera(self) -> int:
        """Number of camera items."""
        return self.false_alarms + self.correct_rejections

    @property
    def hit_rate(self) -> float:
        """Share of the generated items that were called generated, as counted."""
        return _share(self.hits, self.generated, "generated")

    @property
    def false_alarm_rate(self) -> float:
        """Share of the camera items that were called generated, as counted."""
        return _share(self.false_alarms, self.camera, "camera")

    @property
    def camera_accepted(self) -> float:
        """Share of the camera items that were believed. Shown on its own: doubt is cheap, belief is skill."""
        return _share(self.correct_rejections, self.camera, "camera")

    @property
    def accuracy(self) -> float:
        """Share of all items judged rightly; it depends on the mix of items, which d' does not."""
        return _share(self.hits + self.correct_rejections, self.generated + self.camera, "judged")

    @property
    def corrected_rates(self) -> tuple[float, float]:
        """Hit rate and false alarm rate after the log-linear correction (Hautus 1995); never 0 or 1."""
        _share(0, self.generated, "generated")
        _share(0, self.camera, "camera")
        return (self.hits + 0.5) / (self.generated + 1), (self.false_alarms + 0.5) / (self.camera + 1)

    @property
    def d_prime(self) -> float:
        """Sensitivity, z(H) - z(F), in standard deviations. 0 is guessing, 1 is fair, 3 is nearly perfect."""
        return self._measure("d_prime")

    @property
    def criterion(self) -> float:
        """Bias, -(z(H) + z(F)) / 2. Below 0: quick to say "generated". Above 0: quick to say "camera"."""
        return self._measure("criterion")

    def interval(self, level: float = 0.95, of: Measure = "d_prime") -> Interval:
        """How d' or c would scatter if the same judge met as many items again, reckoned exactly.

        Every possible pair of hits and false alarms is listed with its chance under the corrected rates;
        the interval is the middle `level` of what the estimator gives for them.

        Parameters
        ----------
        level : float
            Share of repetitions to cover, between 0 and 1.
        of : {"d_prime", "criterion"}
            Which measure.

        Raises
        ------
        ValueError
            `level` or `of` is out of range, or there are no generated or no camera items.

        Notes
        -----
        For 12 and 12 items and a true d' of 0 to 2, a 95 % interval holds the true value in 94 to 98 % of
        all trials (reckoned over every outcome, with a criterion of 0 and of 0.5). Beyond 2 it falls short:
        twelve items cannot tell a sharp eye from a sharper one, and after a perfect score the upper end is
        the estimate itself.

        Examples
        --------
        >>> low, high = SignalDetection(9, 3, 3, 9).interval()
        >>> round(low, 2), round(high, 2)
        (0.19, 2.4)
        """
        return quantile_interval(self._outcomes(of), level)

    def bootstrap(self, level: float = 0.95, of: Measure = "d_prime", samples: int = 10_000, seed: int = 0) -> Interval:
        """The interval of :meth:`interval`, found by drawing at random instead of listing.

        A parametric bootstrap (Efron & Tibshirani 1993): hits and false alarms are drawn from the corrected
        rates. Redrawing the answers themselves would find no scatter at all in twelve hits of twelve.

        Parameters
        ----------
        level : float
            Share of repetitions to cover, between 0 and 1.
        of : {"d_prime", "criterion"}
            Which measure.
        samples : int
            Number of draws, 1 or more.
        seed : int
            The same seed gives the same draws on every system.

        Examples
        --------
        >>> judge = SignalDetection(9, 3, 3, 9)
        >>> judge.bootstrap(samples=2000, seed=1) == judge.bootstrap(samples=2000, seed=1)
        True
        """
        if samples < 1:
            raise InputError(f"A bootstrap needs at least one sample, not {samples}.")
        check_level(level)
        combine = _combination(of)
        hit, false_alarm = self.corrected_rates
        hit_sums = list(accumulate(binomial_chances(self.generated, hit)))
        alarm_sums = list(accumulate(binomial_chances(self.camera, false_alarm)))
        hit_scores, alarm_scores = _scores(self.generated), _scores(self.camera)
        draw = Random(seed).random
        drawn = []
        for _ in range(samples):
            # The sums may end a hair below 1, hence the second look at the number of items.
            hits = min(bisect_right(hit_sums, draw()), self.generated)
            alarms = min(bisect_right(alarm_sums, draw()), self.camera)
            drawn.append((combine(hit_scores[hits], alarm_scores[alarms]), 1 / samples))
        return quantile_interval(drawn, level)

    def rate_interval(self, of: Share = "hits", level: float = 0.95) -> Interval:
        """Exact interval for a share (Clopper & Pearson 1934).

        Parameters
        ----------
        of : {"hits", "false_alarms", "camera_accepted", "accuracy"}
            Which share. For ``"accuracy"`` all answers count as one series.
        level : float
            Between 0 and 1.

        Examples
        --------
        >>> low, high = SignalDetection(9, 3, 3, 9).rate_interval("camera_accepted")
        >>> round(low, 2), round(high, 2)
        (0.43, 0.95)
        """
        counts = {
            "hits": (self.hits, self.generated),
            "false_alarms": (self.false_alarms, self.camera),
            "camera_accepted": (self.correct_rejections, self.camera),
            "accuracy": (self.hits + self.correct_rejections, self.generated + self.camera),
        }
        if of not in counts:
            raise InputError(f"There is no share called {of!r}; choose one of {', '.join(counts)}.")
        return share_interval(*counts[of], level)

    def _measure(self, of: Measure) -> float:
        hit, false_alarm = self.corrected_rates
        return _combination(of)(_Z(hit), _Z(false_alarm))

    def _outcomes(self, of: Measure) -> list[tuple[float, float]]:
        """Every value the measure can take with as many items, and its chance under the corrected rates."""
        combine = _combination(of)
        hit, false_alarm = self.corrected_rates
        hits = list(zip(_scores(self.generated), binomial_chances(self.generated, hit), strict=True))
        alarms = list(zip(_scores(self.camera), binomial_chances(self.camera, false_alarm), strict=True))
        return [(combine(h, f), chance * weight) for h, chance in hits for f, weight in alarms]


def d_prime_change(before: SignalDetection, after: SignalDetection, level: float = 0.95) -> Interval:
    """How far the change in d' between two trials may be off, reckoned exactly.

    With 12 camera and 12 generated items in each trial a 95 % interval reaches 1.4 to either side for
    somebody who guesses and up to 1.6 for a keen eye: one learner's change is a hint and no grade.

    Parameters
    ----------
    before, after : SignalDetection
        Two trials of independent answers.
    level : float
        Between 0 and 1.

    Returns
    -------
    Interval
        Of ``after.d_prime - before.d_prime``.

    Examples
    --------
    >>> low, high = d_prime_change(SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9))
    >>> low < 0 < high
    True
    """
    earlier, later = _merged(before._outcomes("d_prime")), _merged(after._outcomes("d_prime"))
    return quantile_interval([(new - old, chance * weight) for old, chance in earlier for new, weight in later], level)


def _merged(outcomes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Add up the chances of equal values (many pairs of hits and false alarms give the same d')."""
    chances: dict[float, float] = {}
    for value, chance in outcomes:
        value = round(value, 12)
        chances[value] = chances.get(value, 0.0) + chance
    return list(chances.items())


def _scores(items: int) -> list[float]:
    """The z-scores of 0, 1, ..., `items` answers of `items`, corrected log-linearly."""
    return [_Z((count + 0.5) / (items + 1)) for count in range(items + 1)]


def _combination(of: str) -> Callable[[float, float], float]:
    """What a measure makes of the z-scores of the two rates."""
    if of == "d_prime":
        return lambda hit, false_alarm: hit - false_alarm
    if of == "criterion":
        return lambda hit, false_alarm: -(hit + false_alarm) / 2
    raise InputError(f"There is no measure called {of!r}; choose 'd_prime' or 'criterion'.")


def _share(part: int, whole: int, name: str) -> float:
    if whole == 0:
        raise InputError(f"There are no {name} items among these answers, so there is no share of them.")
    return part / whole
