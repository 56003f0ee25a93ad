"""What a class learned, in two forms taken in either order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.judgement import Estimate
from course.judgement.intervals import check_level
from course.statistics.crossed import Scale, contrast
from course.statistics.judgements import Grid, Judgement, Kind, checked

LEAST_LEARNERS = 3
"""So many learners in each order are asked for before an interval is given: fewer show no scatter to go by."""

LEAST_SHARE = 0.5
"""Whoever judged less of a form than this has not done it."""

Measure = Literal["d_prime", "criterion", "hit_rate", "false_alarm_rate"]

SCALES: dict[Measure, Scale] = {
    "d_prime": "probit",
    "criterion": "probit",
    "hit_rate": "share",
    "false_alarm_rate": "share",
}
"""The scale of `crossed.contrast` on which each measure is a sum."""

# What the rates of generated and of camera items count.
_MEASURES: dict[Measure, list[float]] = {
    "d_prime": [1, -1],
    "criterion": [-0.5, -0.5],
    "hit_rate": [1, 0],
    "false_alarm_rate": [0, 1],
}


@dataclass(frozen=True)
class Order:
    """Those who took the forms in one order.

    Attributes
    ----------
    first, second : str
        The forms.
    learners : int
        How many.
    """

    first: str
    second: str
    learners: int


@dataclass(frozen=True)
class Levels:
    """One measure of a class, before and after.

    Attributes
    ----------
    before, after, change : Estimate
        Means over the class, and over both orders where there are two. The interval is that over other learners and
        other items. Many learners make that of `change` narrow; those of `before` and `after` stay as wide as two dozen
        items leave them.
    """

    before: Estimate
    after: Estimate
    change: Estimate


@dataclass(frozen=True)
class ClassChange:
    """Class results before and after.

    Attributes
    ----------
    orders : tuple of Order, length 2
        Numbers of learners that count, in either order.
    one_form_only : int
        Learners left out because they did the one form alone.
    unfinished : int
        Learners left out because they judged less than half of the items of a form.
    items : int
        Items of both forms together.
    level : float
        Of the intervals.
    separable : bool
        Whether a gain can be told from a difference between the forms: there are learners of both orders.
    caution : str
        What a reader must be told, in a sentence or two; empty if there is nothing.
    d_prime, criterion : Levels or None
        The mean over learners; None where there are too few of them.
    camera_accepted, hit_rate : Levels or None
        Shares of the camera items that were believed, and of the generated that were found.
    form_difference : Estimate or None
        By how much more d' the second form of `orders[0]` gives than the first, as these two forms are: its interval is
        over other learners alone. None where it cannot be told from a gain.
    """

    orders: tuple[Order, Order]
    one_form_only: int
    unfinished: int
    items: int
    level: float
    separable: bool
    caution: str
    d_prime: Levels | None = None
    criterion: Levels | None = None
    camera_accepted: Levels | None = None
    hit_rate: Levels | None = None
    form_difference: Estimate | None = None

    @property
    def learners(self) -> int:
        """How many learners count."""
        return sum(order.learners for order in self.orders)


def class_change(
    answers: Iterable[Judgement],
    kind: Kind | None = None,
    forms: tuple[str, str] | None = None,
    level: float = 0.95,
) -> ClassChange:
    """Mean change of a class from the form before to the form after.

    Parameters
    ----------
    answers : iterable of Judgement
        Of all learners, those of one learner in the order in which they were given: of two answers to one item the
        first counts.
    kind : {"clip", "still"}, optional
        Take these items alone.
    forms : tuple of str, length 2, optional
        The two forms. By default those that were judged on the first and second occasion.
    level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    ClassChange

    Raises
    ------
    ValueError
        No two forms can be made out, a form has no generated or no camera items, or an answer contradicts another.

    Notes
    -----
    With fA1 the mean d' of form A among those who took it first, and so on, the change is the mean of both orders'::

        ((fB2 - fA1) + (fA2 - fB1)) / 2

    If form B is easier than A by any amount, the first bracket is too large by it and the second too small, and it
    cancels, whether or not as many took the one order as the other (a crossover design: Jones & Kenward 2014). What
    does not cancel is that some items profit more from what was learned than others do; the interval minds it.
    `crossed.contrast` says how a mean d' and its interval over learners and items are found, and `docs/simulations.md`
    what they are worth: a true mean gain lies in the 95 % interval in 95 to 97 of 100 simulated classes.

    Learners who did one form alone are left out, for who stays away is not chance. With one order alone the same
    figures are given, and the caution says that they mean less; their interval minds that items are drawn, not that
    one form may have been made easier.

    References
    ----------
    Jones & Kenward 2014, *Design and Analysis of Cross-Over Trials*, 3rd edition.

    Examples
    --------
    >>> from course.statistics import Population
    >>> found = class_change(Population(gain=0.8).draw(learners=40, seed=7))
    >>> found.learners, found.separable
    (40, True)
    >>> found.d_prime.change.low < 0.8 < found.d_prime.change.high
    True
    """
    check_level(level)
    kept = [one for one in checked(answers, kind) if one.occasion in (1, 2)]
    pair = _pair(kept, forms)
    kept = [one for one in kept if one.form in pair]
    done, one_form_only, unfinished = _sorted_out(kept, pair)
    used = [one for one in kept if one.learner in done]
    orders = (
        Order(pair[0], pair[1], sum(first == pair[0] for first in done.values())),
        Order(pair[1], pair[0], sum(first == pair[1] for first in done.values())),
    )
    numbers = [order.learners for order in orders]
    whole = ClassChange(
        orders,
        one_form_only,
        unfinished,
        len({one.item for one in used}),
        level,
        separable=min(numbers) > 0,
        caution=_caution(orders),
    )
    there = [number for number in numbers if number]
    if not there or min(there) < LEAST_LEARNERS:
        return whole
    return ClassChange(**{**vars(whole), **_figures(used, done, pair, level)})


def _pair(answers: Sequence[Judgement], forms: tuple[str, str] | None) -> tuple[str, str]:
    if forms is not None:
        if len(set(forms)) != 2:
            raise InputError("A change is one between two forms; name two different ones.")
        return forms
    found = sorted({one.form for one in answers})
    if len(found) != 2:
        raise InputError(
            f"A change is one between two forms, and these answers hold {len(found)}"
            + (f" ({', '.join(found)}). Say which two are meant." if found else " on the first two occasions.")
        )
    return found[0], found[1]


def _sorted_out(answers: Sequence[Judgement], pair: tuple[str, str]) -> tuple[dict[str, str], int, int]:
    """The first form of each learner who did both, and how many are left out for which reason."""
    items: dict[str, set[str]] = defaultdict(set)
    judged: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, str] = {}
    origins: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in answers:
        items[one.form].add(one.item)
        judged[one.learner][one.form] += 1
        origins[one.learner, one.form].add(one.truth)
        if one.occasion == 1:
            first[one.learner] = one.form
    for form in pair:
        if items[form] and len({one.truth for one in answers if one.form == form}) == 1:
            raise InputError(f"All items of form {form} are of one origin, and there is nothing to tell apart.")
    both = {learner for learner, forms in judged.items() if len(forms) == 2}
    done = {
        learner: first[learner]
        for learner in both
        if all(
            judged[learner][form] >= LEAST_SHARE * len(items[form]) and len(origins[learner, form]) == 2
            for form in pair
        )
    }
    return done, len(judged) - len(both), len(both) - len(done)


def _caution(orders: tuple[Order, Order]) -> str:
    numbers = [order.learners for order in orders]
    if sum(numbers) == 0:
        return "Nobody has done both forms yet, so there is no change to show."
    if min(numbers) == 0:
        taken = max(orders, key=lambda order: order.learners)
        first = (
            f"Everybody took form {taken.first} first and form {taken.second} second, so a gain cannot be told from a "
            "difference between the two forms."
        )
        if taken.learners >= LEAST_LEARNERS:
            return first
        return (
            f"{first} And {_people(taken.learners)} are too few for an interval."
            if taken.learners > 1
            else (f"{first} And one learner is too few for an interval.")
        )
    fewest = min(orders, key=lambda order: order.learners)
    if fewest.learners < LEAST_LEARNERS:
        return (
            f"Only {_people(fewest.learners)} took form {fewest.first} first. Both orders need {LEAST_LEARNERS} "
            "learners at least before the class has an interval."
        )
    return ""


def _people(count: int) -> str:
    return "one learner" if count == 1 else f"{count} learners"


def _figures(
    answers: Sequence[Judgement], first: dict[str, str], pair: tuple[str, str], level: float
) -> dict[str, Levels | Estimate]:
    grid = Grid.of(answers)
    places = {one.item: 2 * pair.index(one.form) + (one.truth == "camera") for one in answers}
    learner_group = [pair.index(first[learner]) for learner in grid.learners]
    item_group = [places[item] for item in grid.items]
    present = set(learner_group)

    def levels(measure: Measure) -> Levels:
        before, after, change = (
            contrast(
                grid.generated,
                grid.present,
                learner_group,
                item_group,
                class_weights(measure, when, present),
                SCALES[measure],
            )
            for when in ("before", "after", "change")
        )
        if SCALES[measure] == "probit":
            return Levels(before.estimate(level), after.estimate(level), change.estimate(level))
        return Levels(before.share(level), after.share(level), _within(change.estimate(level)))

    figures: dict[str, Levels | Estimate] = {}
    if len(present) == 2:
        figures["form_difference"] = contrast(
            grid.generated,
            grid.present,
            learner_group,
            item_group,
            class_weights("d_prime", "forms"),
            items_drawn=False,
        ).estimate(level)
    return figures | {
        "d_prime": levels("d_prime"),
        "criterion": levels("criterion"),
        "hit_rate": levels("hit_rate"),
        "camera_accepted": _complement(levels("false_alarm_rate")),
    }


def class_weights(
    measure: Measure, when: Literal["before", "after", "change", "forms"], orders: Collection[int] = (0, 1)
) -> NDArray[np.float64]:
    """Return what each rate counts in the mean of a class, for `crossed.contrast`.

    Parameters
    ----------
    measure : {"d_prime", "criterion", "hit_rate", "false_alarm_rate"}
        Of what.
    when : {"before", "after", "change", "forms"}
        The form judged first, the one judged second, the second less the first, or form B less form A.
    orders : collection of int
        Those that there are: 0 for form A first, 1 for form B first. Each counts the same.

    Returns
    -------
    ndarray, shape (2, 4)
        A row for each order; columns: generated and camera items of form A, generated and camera items of form B.

    Examples
    --------
    >>> class_weights("d_prime", "change")
    array([[-0.5,  0.5,  0.5, -0.5],
           [ 0.5, -0.5, -0.5,  0.5]])
    >>> class_weights("hit_rate", "before", orders=[0])
    array([[1., 0., 0., 0.],
           [0., 0., 0., 0.]])
    """
    first = np.eye(2)
    forms = {
        "before": first,
        "after": 1 - first,
        "change": 1 - 2 * first,
        "forms": np.array([[-1.0, 1.0], [-1.0, 1.0]]),
    }[when]
    mean = np.isin([0, 1], list(orders)) / len(orders)
    return np.asarray(np.kron(mean[:, None] * forms, _MEASURES[measure])) + 0.0


def _within(change: Estimate) -> Estimate:
    return Estimate(change.value, max(change.low, -1.0), min(change.high, 1.0))


def _complement(alarms: Levels) -> Levels:
    """From camera items called generated to camera items believed."""
    before, after, change = alarms.before, alarms.after, alarms.change
    return Levels(
        Estimate(1 - before.value, 1 - before.high, 1 - before.low),
        Estimate(1 - after.value, 1 - after.high, 1 - after.low),
        Estimate(-change.value, -change.high, -change.low),
    )
