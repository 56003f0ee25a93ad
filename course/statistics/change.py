"""What two trials say about a change: in one learner, and in a class.

One learner's change is a hint. A class can say more, if half of it took the two forms the other way round: then a form
that happens to be harder pulls one half down and the other half up, and the mean of the two halves knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import nan, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.judgement.detection import SignalDetection, d_prime_change
from course.judgement.intervals import Estimate, check_level, share_interval

Measure = Literal["d_prime", "criterion", "camera_accepted", "hit_rate"]
MEASURES: tuple[Measure, ...] = ("d_prime", "criterion", "camera_accepted", "hit_rate")

SMALLEST_GROUP = 2
"""Learners in either order, at least: with one there is no spread to reckon a range from."""

Counts = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""Generated items called generated, generated items, camera items called generated, camera items."""


@dataclass(frozen=True)
class Change:
    """What changed between two trials of one learner, each value with its range.

    Attributes
    ----------
    d_prime : Estimate
        Of sensitivity d'.
    camera_accepted : Estimate
        Of the share of camera items that were believed, -1 to 1.
    hit_rate : Estimate
        Of the share of generated items that were caught, -1 to 1.
    """

    d_prime: Estimate
    camera_accepted: Estimate
    hit_rate: Estimate


def change(before: SignalDetection, after: SignalDetection, level: float = 0.95) -> Change:
    """Say how a learner's two trials differ, and how far chance may have made the difference.

    Parameters
    ----------
    before, after : SignalDetection
        Two trials, with different items.
    level : float
        Of the ranges, between 0 and 1.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        A trial has no camera items or no generated ones, or `level` is not between 0 and 1.

    Notes
    -----
    Both sets of items count as samples of all that could have been shown. So the ranges hold two kinds of chance: how
    a judge wavers, and that one set happened to be easier. For a single learner both come together as the binomial
    scatter of counts: an item of a random difficulty is called generated with the mean chance of its kind. A set that
    is harder *for everybody* is in the range, too, as far as it is so by chance; ``course simulate`` shows how often
    the range holds the true change. For two times 12 and 12 items that range is about 1.5 to either side.

    For shares it is Newcombe's (1998, method 10) with exact ranges of the two shares (Clopper & Pearson 1934) in the
    place of Wilson's, which makes it a little wider.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> found = change(SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9))
    >>> round(found.d_prime.value, 2), found.d_prime.low < 0 < found.d_prime.high
    (0.84, True)
    """
    low, high = d_prime_change(before, after, level)
    return Change(
        Estimate(after.d_prime - before.d_prime, low, high),
        _share_change((before.correct_rejections, before.camera), (after.correct_rejections, after.camera), level),
        _share_change((before.hits, before.generated), (after.hits, after.generated), level),
    )


def _share_change(before: tuple[int, int], after: tuple[int, int], level: float) -> Estimate:
    old, new = before[0] / before[1], after[0] / after[1]
    old_low, old_high = share_interval(*before, level)
    new_low, new_high = share_interval(*after, level)
    return Estimate(
        new - old,
        new - old - sqrt((new - new_low) ** 2 + (old_high - old) ** 2),
        new - old + sqrt((new_high - new) ** 2 + (old - old_low) ** 2),
    )


class Judgement(NamedTuple):
    """One judged item of one learner.

    Attributes
    ----------
    learner : str
        Their random code.
    form : str
        Name of the form.
    second : bool
        Whether this learner took the form second.
    item : str
        Name of the item.
    kind : str
        ``"clip"`` or ``"still"``.
    generated : bool
        What the item is.
    called : bool
        Whether it was called generated.
    """

    learner: str
    form: str
    second: bool
    item: str
    kind: str
    generated: bool
    called: bool


@dataclass(frozen=True)
class Answers:
    """The answers of a class to two forms, as arrays.

    Attributes
    ----------
    forms : tuple of str
        The two forms.
    generated : tuple of ndarray of bool, shape (I1,) and (I2,)
        What the items of each form are.
    kinds : tuple of ndarray of str
        ``"clip"`` or ``"still"`` for each.
    called : tuple of ndarray of bool, shape (L, I1) and (L, I2)
        What each learner called generated.
    second : ndarray of bool, shape (L,)
        Whether a learner took ``forms[0]`` second.
    left_out : int
        Learners who are not among them, since they have not judged both forms to the end.
    """

    forms: tuple[str, str]
    generated: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    kinds: tuple[NDArray[np.str_], NDArray[np.str_]]
    called: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    second: NDArray[np.bool_]
    left_out: int = 0

    def of(self, kind: str) -> Answers:
        """The same answers to items of one kind only."""
        keep = [kinds == kind for kinds in self.kinds]
        return Answers(
            self.forms,
            (self.generated[0][keep[0]], self.generated[1][keep[1]]),
            (self.kinds[0][keep[0]], self.kinds[1][keep[1]]),
            (self.called[0][:, keep[0]], self.called[1][:, keep[1]]),
            self.second,
            self.left_out,
        )


def gather(judgements: Iterable[Judgement]) -> Answers:
    """Sort the answers of a class by learner, form and item.

    Of several answers to one item the first counts. Who has not judged every item of both forms is left out.

    Parameters
    ----------
    judgements : iterable of Judgement
        To two forms, in any order.

    Returns
    -------
    Answers

    Raises
    ------
    ValueError
        They are not answers to two forms.

    Examples
    --------
    >>> one = Judgement("heron", "a2", False, "pan", "still", True, True)
    >>> gather([one, one._replace(form="b2", second=True, item="pot")]).second
    array([False])
    """
    given: dict[str, dict[str, dict[str, bool]]] = {}
    items: dict[str, dict[str, tuple[str, bool]]] = {}
    second: dict[tuple[str, str], bool] = {}
    for one in judgements:
        given.setdefault(one.learner, {}).setdefault(one.form, {}).setdefault(one.item, one.called)
        items.setdefault(one.form, {}).setdefault(one.item, (one.kind, one.generated))
        second.setdefault((one.learner, one.form), one.second)
    if len(items) != 2:
        raise InputError(f"A change is between two forms; these are answers to {len(items)}.")
    first_form, second_form = sorted(items)
    forms = (first_form, second_form)
    names = {form: sorted(items[form]) for form in forms}
    whole = [
        learner
        for learner in sorted(given)
        if all(set(given[learner].get(form, ())) == set(names[form]) for form in forms)
        and second[learner, forms[0]] is not second[learner, forms[1]]
    ]
    return Answers(
        forms,
        tuple(np.array([items[form][name][1] for name in names[form]], dtype=bool) for form in forms),  # type: ignore[arg-type]
        tuple(np.array([items[form][name][0] for name in names[form]], dtype=str) for form in forms),  # type: ignore[arg-type]
        tuple(  # type: ignore[arg-type]
            np.array([[given[one][form][name] for name in names[form]] for one in whole], dtype=bool).reshape(
                len(whole), len(names[form])
            )
            for form in forms
        ),
        np.array([second[one, forms[0]] for one in whole], dtype=bool),
        len(given) - len(whole),
    )


@dataclass(frozen=True)
class ClassChange:
    """How a class changed between two forms taken in either order.

    Attributes
    ----------
    change : Estimate
        Mean change of both orders; a difference between the forms cancels in it.
    before, after : float
        The mean of the first and of the second trial over both orders.
    form_difference : float
        How much more of the measure the second form of `Answers.forms` gives, order for order.
    learners : tuple of int
        Who took the first of `Answers.forms` first, and who took it second.
    left_out : int
        Learners without two whole trials.
    problem : str
        Empty, or a sentence that says why `change` cannot be told from a difference of the forms, or has no range.
    """

    change: Estimate
    before: float
    after: float
    form_difference: float
    learners: tuple[int, int]
    left_out: int
    problem: str


def class_change(answers: Answers, of: Measure = "d_prime", level: float = 0.95) -> ClassChange:
    """Estimate how a class changed, with a range that counts learners and items as samples.

    Parameters
    ----------
    answers : Answers
        See `gather`.
    of : {"d_prime", "criterion", "camera_accepted", "hit_rate"}
        What is compared.
    level : float
        Of the range, between 0 and 1.

    Returns
    -------
    ClassChange
        Where only one order was taken, `change` still has a value, but its range is empty (nan) and `problem` says why.

    Raises
    ------
    ValueError
        Nobody has two whole trials, a form lacks camera or generated items, or an argument is out of range.

    Notes
    -----
    With m the mean change of the learners of each order the estimate is ``(m1 + m2) / 2`` (the cross-over estimate of
    Jones & Kenward 2014). Learners are crossed with items, so its variance is reckoned in both directions (Cameron,
    Gelbach & Miller 2011)::

        V = V_learners + V_items - V_answers,   but at least V_learners

    V_learners is the spread of learners within each order; V_items leaves out one item after the other (jackknife,
    within form and origin); V_answers leaves out one answer after the other, which is in both of the others. The range
    is the estimate and t times the root of V, with two degrees of freedom less than there are learners. The plain
    alternative, to draw learners and items anew with replacement, counts every answer's chance three times (Owen 2007).

    d' is that of Hautus (1995), which is a little nearer to 0 than the true one: with 12 and 12 items and a d' of about
    1 by some 4 %, and so is a change.

    References
    ----------
    Jones & Kenward 2014, *Design and Analysis of Cross-Over Trials*, 3rd edition, chapter 2.
    Cameron, Gelbach & Miller 2011, Journal of Business & Economic Statistics 29, 238-249.
    Owen 2007, Annals of Applied Statistics 1, 386-411.

    Examples
    --------
    >>> from course.statistics import Population
    >>> found = class_change(Population(gain=0.5).draw(learners=40, seed=2))
    >>> found.change.low < 0.5 < found.change.high, found.learners
    (True, (20, 20))
    """
    check_level(level)
    measure = _measure(of)
    for generated in answers.generated:
        if generated.all() or not generated.any():
            raise InputError("A trial needs camera items and generated ones to say how well they are told apart.")
    if not len(answers.second):
        raise InputError("Nobody has judged both forms to the end.")
    values = [measure(_counts(called, made)) for called, made in zip(answers.called, answers.generated, strict=True)]
    first_of_each = np.where(answers.second, values[1], values[0])
    second_of_each = np.where(answers.second, values[0], values[1])
    groups = [~answers.second, answers.second]
    sizes = (int(groups[0].sum()), int(groups[1].sum()))
    there = [group for group in groups if group.any()]
    before, after = (float(np.mean([one[group].mean() for group in there])) for one in (first_of_each, second_of_each))
    estimate = after - before
    problem = _problem(sizes, answers.forms)
    if problem:
        return ClassChange(Estimate(estimate, nan, nan), before, after, nan, sizes, answers.left_out, problem)
    gains = second_of_each - first_of_each
    means = [gains[group].mean() for group in groups]
    spread = sum(gains[group].var(ddof=1) / size for group, size in zip(groups, sizes, strict=True)) / 4
    variance = max(spread, spread + _of_items(answers, measure, groups) - _of_answers(answers, measure, groups))
    from scipy.special import stdtrit  # a tenth of a second that only those who reckon pay

    reach = float(stdtrit(sum(sizes) - 2, (1 + level) / 2)) * sqrt(variance)
    return ClassChange(
        Estimate(estimate, estimate - reach, estimate + reach),
        before,
        after,
        float(means[0] - means[1]) / 2,
        sizes,
        answers.left_out,
        "",
    )


def _problem(sizes: tuple[int, int], forms: tuple[str, str]) -> str:
    if min(sizes) == 0:
        first, then = forms if sizes[0] else forms[::-1]
        return f"Everybody took {first} first and {then} second, so a gain cannot be told from an easier second form."
    if min(sizes) < SMALLEST_GROUP:
        return f"In one order there is only {min(sizes)} learner; it takes {SMALLEST_GROUP} to say how far chance goes."
    return ""


_Reckon = Callable[[Counts], NDArray[np.float64]]


def _measure(of: str) -> _Reckon:
    """A measure of counts, for many learners at once."""
    if of == "camera_accepted":
        return lambda counts: 1 - counts[2] / counts[3]
    if of == "hit_rate":
        return lambda counts: counts[0] / counts[1]
    if of not in MEASURES:
        raise InputError(f"There is no measure called {of!r}; choose one of {', '.join(MEASURES)}.")
    from scipy.special import ndtri

    def rates(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        hits, generated, alarms, camera = counts
        return ndtri((hits + 0.5) / (generated + 1)), ndtri((alarms + 0.5) / (camera + 1))

    if of == "d_prime":
        return lambda counts: np.subtract(*rates(counts))
    return lambda counts: -np.add(*rates(counts)) / 2


def _counts(called: NDArray[np.bool_], generated: NDArray[np.bool_]) -> Counts:
    """Of every learner: (L, I) and (I,) to four arrays of (L,)."""
    every = np.full(len(called), 0.0)
    return (
        called[:, generated].sum(1).astype(float),
        every + generated.sum(),
        called[:, ~generated].sum(1).astype(float),
        every + (~generated).sum(),
    )


def _less(counts: Counts, made: bool, called: NDArray[np.bool_]) -> Counts:
    """The counts without one answer to an item of an origin: (L,) to (L, I), a column an item."""
    hits, generated, alarms, camera = (part[:, None] + np.zeros(called.shape) for part in counts)
    return (hits - called, generated - 1, alarms, camera) if made else (hits, generated, alarms - called, camera - 1)


def _left_out(answers: Answers, measure: _Reckon) -> Iterable[tuple[int, NDArray[np.float64]]]:
    """For each form and origin what each learner's measure is without each of its items: (L, I)."""
    for form, (called, generated) in enumerate(zip(answers.called, answers.generated, strict=True)):
        counts = _counts(called, generated)
        for made in (True, False):
            chosen = called[:, generated == made]
            # A lone item cannot be left out: nothing would be measured.
            if chosen.shape[1] > 1:
                yield form, measure(_less(counts, made, chosen))


def _of_items(answers: Answers, measure: _Reckon, groups: Sequence[NDArray[np.bool_]]) -> float:
    total = 0.0
    for form, without in _left_out(answers, measure):
        # Whoever took this form second has its item in the second trial: the sign of its part.
        signs = [1.0 if (form == 0) == bool(answers.second[group][0]) else -1.0 for group in groups]
        moved = sum(sign * without[group].mean(0) for sign, group in zip(signs, groups, strict=True)) / 2
        total += _jackknife(np.atleast_2d(moved))[0]
    return total


def _of_answers(answers: Answers, measure: _Reckon, groups: Sequence[NDArray[np.bool_]]) -> float:
    total = 0.0
    for _, without in _left_out(answers, measure):
        each = _jackknife(without)
        total += sum(each[group].sum() / group.sum() ** 2 for group in groups) / 4
    return total


def _jackknife(without: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of a measure from its values without each of n items: (L, n) to (L,)."""
    n = without.shape[1]
    return (n - 1) / n * ((without - without.mean(1, keepdims=True)) ** 2).sum(1)
