"""Simulated classes: learners, items, forms and orders are drawn, so that the truth is known.

Nothing here says how people are. It says what our figures would make of people who are like this.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from course.errors import InputError
from course.statistics.change import ITEM_SD
from course.statistics.judgements import Judgement

Design = Literal["balanced", "a_first"]

FORMS = ("a2", "b2")
CLIPS, STILLS = 4, 8
"""So many clips, and so many stills, of either origin each form has."""


class Drawn(NamedTuple):
    """Answers of simulated classes. Items of all classes stand in the same columns, and are others in each.

    Attributes
    ----------
    generated : ndarray of bool, shape (classes, learners, items)
        Whether an item was called generated.
    b_first : ndarray of int, shape (classes, learners)
        1 where the learner took form B first, else 0.
    form : ndarray of int, shape (items,)
        0 for form A and 1 for form B.
    camera : ndarray of int, shape (items,)
        1 for camera items and 0 for generated ones.
    still : ndarray of int, shape (items,)
        1 for stills and 0 for clips.
    gain : ndarray of float, shape (classes, learners)
        The true gain of each learner in d'.
    """

    generated: NDArray[np.bool_]
    b_first: NDArray[np.int_]
    form: NDArray[np.int_]
    camera: NDArray[np.int_]
    still: NDArray[np.int_]
    gain: NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Learners and items, of which classes and forms are drawn.

    Parameters
    ----------
    d_prime, d_prime_sd : float
        Mean and standard deviation over learners of d' before the lessons.
    criterion, criterion_sd : float
        The same of c, before and after.
    gain, gain_sd : float
        The same of the gain in d' from before to after.
    criterion_shift : float
        By how much everybody's c changes.
    item_sd : float
        How much items vary in difficulty: standard deviation in probits, in units of the noise of one judgement.
    item_gain_sd : float
        How much items vary in what the lessons do for them: standard deviation, in units of d'.
    form_difference : float
        By how much form B was made easier than form A, in units of d'. Not by chance: it is the same in all classes.

    Raises
    ------
    ValueError
        A number is not finite, a standard deviation is negative, or the items vary too much to leave room for judging.

    Notes
    -----
    Signal detection with equal variances (a probit model; Green & Swets 1966). The evidence that an item is generated,
    for learner i and item j, is ::

        x = s * d[i] / 2 - c[i] + u[j] + e[i, j]

    with s = 1 for generated and -1 for camera items, u how generated the item looks to everybody, and e noise; all are
    normal, and *generated* is said where x > 0. After the lessons, d[i] is larger by the learner's gain and x by a v[j]
    of the item's. The variances of u, v and e add up to 1, so that **d and the gain are those of the z-scores of hit
    and false alarm rates over endlessly many items of the kind**, which is what a d' from a form estimates. (Per item,
    given its u, the distance is larger: by sqrt(1 + item_sd**2).)

    The numbers chosen by default are assumptions: no class has been measured. A gain of 0.4 is what short trainings
    with stills have reached (0.45 to 0.65: Gray et al. 2025; Kamali et al. 2026) and what the course hopes for.

    The draws come from NumPy's PCG64 through the normal distribution's inverse, so that a seed gives the same answers
    on every system.

    References
    ----------
    Gray et al. 2025, Royal Society Open Science. Green & Swets 1966, *Signal Detection Theory and Psychophysics*.
    Kamali et al. 2026, arXiv 2606.28510.

    Examples
    --------
    >>> len(Population().draw(learners=30, seed=1))
    1440
    """

    d_prime: float = 1.0
    d_prime_sd: float = 0.6
    criterion: float = 0.0
    criterion_sd: float = 0.35
    gain: float = 0.4
    gain_sd: float = 0.3
    criterion_shift: float = 0.0
    item_sd: float = ITEM_SD
    item_gain_sd: float = 0.3
    form_difference: float = 0.0

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if not isfinite(value) or (name.endswith("_sd") and value < 0):
                raise InputError(f"{name} is a number{', 0 or more' if name.endswith('_sd') else ''}; not {value}.")
        if self._noise(after=True) <= 0:
            raise InputError("The items vary so much that nothing is left to judge; choose a smaller item_gain_sd.")

    def draw(
        self, learners: int = 30, seed: int | np.random.Generator = 0, design: Design = "balanced"
    ) -> list[Judgement]:
        """Draw one class and two forms, and let the class judge them.

        Parameters
        ----------
        learners : int
            How many.
        seed : int or numpy.random.Generator
            The same seed gives the same class.
        design : {"balanced", "a_first"}
            Whether each learner starts with either form by the toss of a coin, or everybody with form A.

        Returns
        -------
        list of Judgement
            48 for each learner.

        Examples
        --------
        >>> Population().draw(learners=1, seed=1)[0]
        Judgement(learner='001', form='a2', occasion=..., item='a2-clip-generated-1', kind='clip', truth=..., ...)
        """
        drawn = self.answers(np.random.default_rng(seed), 1, learners, design)
        names = [
            (FORMS[form], ("clip", "still")[still], ("generated", "camera")[camera])
            for form, still, camera in zip(drawn.form, drawn.still, drawn.camera, strict=True)
        ]
        items = [f"{'-'.join(name)}-{names[: at + 1].count(name)}" for at, name in enumerate(names)]
        return [
            Judgement(
                f"{learner + 1:03d}",
                form,
                1 + int((form == FORMS[1]) != b_first),
                items[at],
                kind,  # type: ignore[arg-type]
                truth,  # type: ignore[arg-type]
                "generated" if drawn.generated[0, learner, at] else "camera",
            )
            for learner, b_first in enumerate(drawn.b_first[0])
            for at, (form, kind, truth) in enumerate(names)
        ]

    def answers(
        self, random: np.random.Generator, classes: int, learners: int, design: Design = "balanced", fewest: int = 0
    ) -> Drawn:
        """Draw many classes at a time, each with forms of its own.

        Parameters
        ----------
        random : numpy.random.Generator
            Where the draws come from.
        classes, learners : int
            How many, and how many in each; 1 or more.
        design : {"balanced", "a_first"}
            As in `draw`.
        fewest : int
            At least so many learners in either order of a balanced class. The coin is tossed for all the same; where it
            leaves fewer in one order, some are moved to it.

        Returns
        -------
        Drawn
        """
        if min(classes, learners) < 1 or not 0 <= 2 * fewest <= learners:
            raise InputError(
                "A simulation needs a class or more, a learner or more in each, and enough for both orders."
            )
        if design not in ("balanced", "a_first"):
            raise InputError(f"There is no design called {design!r}; choose 'balanced' or 'a_first'.")
        # One column for each item: form A, then form B; clips, then stills; generated, then camera.
        layout = [
            (form, still, camera)
            for form in (0, 1)
            for still, items in ((0, CLIPS), (1, STILLS))
            for camera in (0, 1)
            for _ in range(items)
        ]
        form, still, camera = np.array(layout).T
        sign = 1 - 2 * camera
        shape = (classes, learners, 1)
        d_prime = self.d_prime + self.d_prime_sd * _normal(random, shape)
        criterion = self.criterion + self.criterion_sd * _normal(random, shape)
        gain = self.gain + self.gain_sd * _normal(random, shape)
        looks = self._look * _normal(random, (classes, 1, len(layout)))
        learned = self.item_gain_sd / 2 * _normal(random, (classes, 1, len(layout)))
        b_first = self._orders(random, classes, learners, design, fewest)
        after = form != b_first[..., None]
        evidence = (
            sign / 2 * (d_prime + gain * after + self.form_difference * (form - 0.5))
            - (criterion + self.criterion_shift * after)
            + looks
            + learned * after
        )
        noise = np.where(after, self._noise(after=True), self._noise(after=False))
        generated = random.random(evidence.shape) < ndtr(evidence / noise)
        return Drawn(generated, b_first, form, camera, still, gain[..., 0])

    def rate(self, origin: Literal["generated", "camera"], *, after: bool) -> float:
        """Return the true share of these items that is called generated, over all learners, items and both forms.

        Examples
        --------
        >>> round(Population().rate("generated", after=False), 3), round(Population().rate("camera", after=False), 3)
        (0.675, 0.325)
        """
        sign = 1 if origin == "generated" else -1
        d_prime = self.d_prime + self.gain * after
        criterion = self.criterion + self.criterion_shift * after
        sd = sqrt(1 + (self.d_prime_sd**2 + (self.gain_sd * after) ** 2) / 4 + self.criterion_sd**2)
        ends = [sign * (d_prime + form * self.form_difference) / 2 - criterion for form in (-0.5, 0.5)]
        return float(np.mean(ndtr(np.array(ends) / sd)))

    @property
    def _look(self) -> float:
        """Standard deviation of u, where those of u and e together have the variance 1."""
        return self.item_sd / sqrt(1 + self.item_sd**2)

    def _noise(self, *, after: bool) -> float:
        left = 1 - self._look**2 - (self.item_gain_sd / 2 if after else 0.0) ** 2
        return sqrt(left) if left > 0 else 0.0

    @staticmethod
    def _orders(
        random: np.random.Generator, classes: int, learners: int, design: Design, fewest: int
    ) -> NDArray[np.int_]:
        if design == "a_first":
            return np.zeros((classes, learners), dtype=int)
        tossed = (random.random((classes, learners)) < 0.5).sum(-1)
        # Learners are drawn alike, so it does not matter which of them they are.
        return (np.arange(learners) < np.clip(tossed, fewest, learners - fewest)[:, None]).astype(int)


def _normal(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    # Half a step up, since the first of these numbers is 0, which has no z-score.
    return np.asarray(ndtri(random.random(shape) + 2.0**-54))
