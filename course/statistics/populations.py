"""Made-up classes whose true gain is known: to see what a measurement can and cannot find out.

No learner has been measured yet. What stands here are assumptions, each with a name, and what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.judgement.detection import SignalDetection
from course.statistics.change import Answers


@dataclass(frozen=True)
class Population:
    """Learners, items and two forms to draw from.

    Attributes
    ----------
    d_prime, d_prime_sd : float
        Sensitivity of learners before: mean and standard deviation.
    gain, gain_sd : float
        What they gain between the two trials.
    criterion, criterion_sd : float
        How they lean; the same before and after.
    item_sd : float
        How widely items differ in how generated they look, in standard deviations of one answer.
    form_difference : float
        How much more d' the second form gives, beyond what chance does when items are drawn.
    items : mapping of str to int
        Items of each origin in a form, by kind.

    Notes
    -----
    A learner with sensitivity d and criterion c calls an item generated with the probability ::

        Phi(sqrt(1 + item_sd**2) * (s * d / 2 - c) + u)      s = 1 for generated items, -1 for camera items

    where u is drawn from N(0, item_sd) once for each item (signal detection with crossed learners and items; Rouder &
    Lu 2005). The root makes d the sensitivity over all items of the kind, which is what a trial estimates: items that
    differ more blur what one sees of single ones.

    References
    ----------
    Rouder & Lu 2005, Psychonomic Bulletin & Review 12, 573-604.

    Examples
    --------
    >>> class_of_ten = Population().draw(learners=10, seed=3)
    >>> class_of_ten.called[0].shape, int(class_of_ten.second.sum())
    ((10, 24), 5)
    """

    d_prime: float = 1.0
    d_prime_sd: float = 0.4
    gain: float = 0.4
    gain_sd: float = 0.3
    criterion: float = 0.0
    criterion_sd: float = 0.3
    item_sd: float = 0.7
    form_difference: float = 0.0
    items: Mapping[str, int] = field(default_factory=lambda: {"clip": 4, "still": 8})

    def __post_init__(self) -> None:
        for name in ("d_prime_sd", "gain_sd", "criterion_sd", "item_sd"):
            if getattr(self, name) < 0:
                raise InputError(f"{name} is a standard deviation, so it cannot be {getattr(self, name)}.")
        if not self.items or any(count < 1 for count in self.items.values()):
            raise InputError("A form needs at least one item of each origin for each kind.")

    def draw(self, learners: int, seed: int, balanced: bool = True) -> Answers:
        """Let a class judge two forms.

        Parameters
        ----------
        learners : int
            How many, 1 or more.
        seed : int
            The same seed gives the same class on every system.
        balanced : bool
            Whether every other learner takes the second form first. Otherwise all take them in one order.

        Returns
        -------
        Answers
        """
        if learners < 1:
            raise InputError(f"A class has one learner at least, not {learners}.")
        chance = np.random.default_rng(seed)
        kinds = np.concatenate([np.repeat(kind, 2 * count) for kind, count in self.items.items()])
        made = np.concatenate([np.arange(2 * count) < count for count in self.items.values()])
        second = (np.arange(learners) % 2 == 1) & balanced
        before = self.d_prime + self.d_prime_sd * chance.standard_normal(learners)
        after = before + self.gain + self.gain_sd * chance.standard_normal(learners)
        criterion = self.criterion + self.criterion_sd * chance.standard_normal(learners)
        sign = np.where(made, 1.0, -1.0)
        called = []
        for form in (0, 1):
            looks = self.item_sd * chance.standard_normal(len(made))
            late = second if form == 0 else ~second
            sharp = np.where(late, after, before) + (self.form_difference if form else 0.0)
            drive = sqrt(1 + self.item_sd**2) * (sign * sharp[:, None] / 2 - criterion[:, None]) + looks
            called.append(drive + chance.standard_normal(drive.shape) > 0)
        return Answers(("a2", "b2"), (made, made), (kinds, kinds), (called[0], called[1]), second)


def signals(answers: Answers) -> tuple[tuple[SignalDetection, ...], tuple[SignalDetection, ...]]:
    """The first and the second trial of each learner, counted.

    Examples
    --------
    >>> before, after = signals(Population(gain=3, gain_sd=0).draw(learners=30, seed=5))
    >>> sum(one.d_prime for one in before) < sum(one.d_prime for one in after)
    True
    """
    counted: list[list[SignalDetection]] = [[], []]
    for learner, late in enumerate(answers.second):
        for trial, form in enumerate((1, 0) if late else (0, 1)):
            counted[trial].append(_signal(answers.called[form][learner], answers.generated[form]))
    return tuple(counted[0]), tuple(counted[1])


def _signal(called: NDArray[np.bool_], generated: NDArray[np.bool_]) -> SignalDetection:
    hits, alarms = int(called[generated].sum()), int(called[~generated].sum())
    return SignalDetection(hits, int(generated.sum()) - hits, alarms, int((~generated).sum()) - alarms)
