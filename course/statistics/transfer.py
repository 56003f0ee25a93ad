"""Does it carry over to generators that nobody has shown? Hits on held-back items, against the rest of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from course.errors import InputError
from course.judgement import Estimate, SignalDetection
from course.judgement.intervals import binomial_chances, check_level, quantile_interval, share_interval
from course.statistics.change import middle_of_differences, outcomes_of
from course.statistics.class_change import LEAST_LEARNERS, LEAST_SHARE
from course.statistics.crossed import contrast
from course.statistics.judgements import Grid, Judgement, Kind, checked

# The three groups of items: held back, other generated, camera.
_WEIGHTS = {
    "held_back_hits": [1, 0, 0],
    "other_hits": [0, 1, 0],
    "false_alarms": [0, 0, 1],
    "held_back_d_prime": [1, 0, -1],
    "other_d_prime": [0, 1, -1],
    "difference": [1, -1, 0],
}


@dataclass(frozen=True)
class Transfer:
    """Hits on generated items whose generators were held back, beside the other items of the same form.

    Attributes
    ----------
    learners : int
        How many count.
    unfinished : int
        Learners left out because they judged less than half of one of the three groups of items.
    held_back, other, camera : int
        Items of each group.
    level : float
        Of the intervals.
    caution : str
        What a reader must be told, in a sentence or two; empty if there is nothing.
    held_back_hits, other_hits : Estimate or None
        Shares of the generated items that were found. For one learner the intervals are those of `share_interval`; for
        a class they are over other learners and other items.
    camera_accepted : Estimate or None
        Share of the camera items that were believed.
    held_back_d_prime, other_d_prime : Estimate or None
        Each against the camera items of the form.
    difference : Estimate or None
        The first less the second: below 0 if the held-back ones are harder to tell. None where there are no others.
    """

    learners: int
    unfinished: int
    held_back: int
    other: int
    camera: int
    level: float
    caution: str
    held_back_hits: Estimate | None = None
    other_hits: Estimate | None = None
    camera_accepted: Estimate | None = None
    held_back_d_prime: Estimate | None = None
    other_d_prime: Estimate | None = None
    difference: Estimate | None = None


def transfer(
    answers: Iterable[Judgement],
    held_back: Iterable[str],
    kind: Kind | None = None,
    level: float = 0.95,
) -> Transfer:
    """Compare the held-back generated items of one form with its other items, for one learner or for a class.

    Parameters
    ----------
    answers : iterable of Judgement
        To one form, of one learner or of many. Of two answers of one learner to one item the first counts.
    held_back : iterable of str
        Items whose generators nothing else in the course shows (`Form.held_back`). Those that nobody has judged do not
        matter.
    kind : {"clip", "still"}, optional
        Take these items alone.
    level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    Transfer
        Of one learner alone if the answers are, with intervals that take the items as drawn from many. Without figures
        if there are none, or if there are two learners: a class needs three, as for `class_change`.

    Raises
    ------
    ValueError
        There are several forms among the answers, no held-back or no camera items, or a camera item is held back.

    Notes
    -----
    For one learner d' and the difference are reckoned over all outcomes, as in `change`; for a class by
    `crossed.contrast`, which minds that the next six pictures of the newest generators will be others. That is why many
    learners narrow the interval only so far.

    Examples
    --------
    >>> from course.statistics import Judgement
    >>> answers = [
    ...     Judgement("7", "c2", 3, f"{name}-{n}", "still", truth, "generated" if n < called else "camera")
    ...     for name, truth, items, called in
    ...     [("new", "generated", 6, 4), ("old", "generated", 6, 5), ("photo", "camera", 12, 3)]
    ...     for n in range(items)
    ... ]
    >>> found = transfer(answers, held_back=[f"new-{n}" for n in range(6)])
    >>> [round(number, 2) for number in found.held_back_hits]
    [0.67, 0.22, 0.96]
    >>> [round(number, 1) for number in found.difference]
    [-0.4, -1.8, 1.1]
    """
    check_level(level)
    given = checked(answers, kind)
    if len({one.form for one in given}) > 1:
        raise InputError("Transfer is asked of one form; these answers are to several.")
    unseen = frozenset(held_back)
    groups = _groups(given, unseen)
    if given and (0 not in groups.values() or 2 not in groups.values()):
        lacking = "held-back" if 0 not in groups.values() else "camera"
        raise InputError(f"There are no {lacking} items among these answers, so there is nothing to compare.")
    judged = {one.learner for one in given}
    done = {learner for learner in judged if _finished([one for one in given if one.learner == learner], groups)}
    used = [one for one in given if one.learner in done]
    sizes = [sum(group == which for group in groups.values()) for which in range(3)]
    figures = _of_one(used, groups, level) if len(done) == 1 else _of_class(used, groups, level, len(done))
    caution = _caution(len(done), sizes[0])
    return Transfer(len(done), len(judged) - len(done), sizes[0], sizes[1], sizes[2], level, caution, **figures)


def _groups(answers: Sequence[Judgement], unseen: AbstractSet[str]) -> dict[str, int]:
    groups = {}
    for one in answers:
        if one.truth == "camera" and one.item in unseen:
            raise InputError(f"The item {one.item!r} comes from a camera, so no generator of it can be held back.")
        groups[one.item] = 2 if one.truth == "camera" else int(one.item not in unseen)
    return groups


def _finished(answers: Sequence[Judgement], groups: dict[str, int]) -> bool:
    sizes, own = (
        np.bincount(list(which), minlength=3) for which in (groups.values(), (groups[a.item] for a in answers))
    )
    return bool(np.all(own >= LEAST_SHARE * sizes))


def _caution(learners: int, items: int) -> str:
    if learners == 0:
        return "Nobody has done this form yet, so there is nothing to show."
    few = f"{items} items" if items > 1 else "One item"
    if learners == 1:
        low, high = quantile_interval(list(enumerate(binomial_chances(items, 0.5))), 0.9)
        say = "say" if items > 1 else "says"
        return (
            f"{few} of one learner {say} very little: whoever tosses a coin finds {low} to {high} of them nine times "
            "out of ten."
        )
    if learners < LEAST_LEARNERS:
        return f"{learners} learners are too few for a class; it takes {LEAST_LEARNERS} at least."
    return f"{few} stand for all that newer generators make. More learners cannot make up for that; more items can."


def _of_one(answers: Sequence[Judgement], groups: dict[str, int], level: float) -> dict[str, Estimate | None]:
    found = np.zeros((3, 2), dtype=int)
    for one in answers:
        found[groups[one.item], int(one.verdict == "generated")] += 1
    (missed, hits), (other_missed, other_hits), (believed, alarms) = found.tolist()
    seen = SignalDetection(hits, missed, alarms, believed)
    figures: dict[str, Estimate | None] = {
        "held_back_hits": Estimate(seen.hit_rate, *share_interval(hits, seen.generated, level)),
        "camera_accepted": Estimate(seen.camera_accepted, *share_interval(believed, seen.camera, level)),
        "held_back_d_prime": Estimate(seen.d_prime, *seen.interval(level)),
    }
    if other_hits + other_missed:
        rest = SignalDetection(other_hits, other_missed, alarms, believed)
        figures["other_hits"] = Estimate(rest.hit_rate, *share_interval(other_hits, rest.generated, level))
        figures["other_d_prime"] = Estimate(rest.d_prime, *rest.interval(level))
        ends = middle_of_differences(outcomes_of(other_hits, rest.generated), outcomes_of(hits, seen.generated), level)
        figures["difference"] = Estimate(seen.d_prime - rest.d_prime, *ends)
    return figures


def _of_class(
    answers: Sequence[Judgement], groups: dict[str, int], level: float, learners: int
) -> dict[str, Estimate | None]:
    if learners < LEAST_LEARNERS:
        return {}
    grid = Grid.of(answers)
    columns = [groups[item] for item in grid.items]
    everybody = np.zeros(len(grid.learners), dtype=int)
    figures: dict[str, Estimate | None] = {}
    for name, weights in _WEIGHTS.items():
        if weights[1] and 1 not in columns:
            continue
        if name in ("held_back_hits", "other_hits", "false_alarms"):
            found = contrast(grid.generated, grid.present, everybody, columns, [weights], "share").share(level)
        else:
            found = contrast(grid.generated, grid.present, everybody, columns, [weights]).estimate(level)
        figures[name] = found
    alarms = figures.pop("false_alarms")
    assert alarms is not None
    figures["camera_accepted"] = Estimate(1 - alarms.value, 1 - alarms.high, 1 - alarms.low)
    return figures
