"""Shortcuts: could somebody pass a form of the blind trial who looks at colour and movement alone?

A form is to measure an eye. If one plain number, or a small detector that learned from what the lessons show openly,
tells its camera items from its generated ones, then a learner may do better on it without having learned to look. Here
is how that is found out, from tables of numbers alone: nothing is read or measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from course.errors import InputError
from course.judgement.detector import Scores, Table, fitted, scored
from course.judgement.intervals import Interval
from course.judgement.ranking import Auc, auc

DETECTORS = ("linear", "tree", "forest")
"""Logistic regression on standardised numbers, a tree of three questions in a row, and a hundred trees that vote."""

TREES = 100
"""Of the forest."""


class Limits(NamedTuple):
    """What a form must keep to.

    Attributes
    ----------
    single : Interval
        In which the AUC of each statistic lies, in each form, clips and stills apart.
    pooled : Interval
        The same over all forms together.
    detector : Interval
        In which the AUC of each detector lies over all forms together; its 95 % interval holds 0.5 besides. A detector
        that is reliably wrong is no better: who believed it would lose by what the lessons show.
    shared_releases : int
        Releases of generators, at least, that the first and the second form have in common.
    held_back : int
        Generated items, at least, of the last form whose generators nothing else in the course shows.
    """

    single: Interval
    pooled: Interval
    detector: Interval
    shared_releases: int
    held_back: int


LIMITS = Limits(
    single=Interval(0.35, 0.65),
    pooled=Interval(0.42, 0.58),
    detector=Interval(0.40, 0.60),
    shared_releases=4,
    held_back=6,
)
"""Those of the forms that the course ships."""


def holds(area: Auc, within: Interval, *, half: bool = False) -> bool:
    """Whether an AUC keeps to a limit.

    Parameters
    ----------
    area : Auc
    within : Interval
        Its ends count as inside; so does what differs from them by a rounding error.
    half : bool
        Whether the interval of the AUC has to hold 0.5, too.

    Examples
    --------
    >>> holds(Auc(0.58, 0.40, 0.75), LIMITS.pooled), holds(Auc(0.59, 0.51, 0.67), LIMITS.detector, half=True)
    (True, False)
    """
    inside = within.low - 1e-9 <= area.value <= within.high + 1e-9
    return inside and not (half and area.tells)


def single(table: Table) -> dict[str, Auc]:
    """How well each number alone tells the generated items from the camera items.

    Parameters
    ----------
    table : Table
        With items of both origins.

    Returns
    -------
    dict of str to Auc
        By feature; above 0.5 the generated items have more of it.

    Raises
    ------
    ValueError
        If all items are of one origin.

    Examples
    --------
    >>> table = Table(tuple("abcd"), (False, False, True, True), tuple("abcd"), ("speed",), ((1,), (3,), (2,), (4,)))
    >>> single(table)["speed"].value
    0.75
    """
    return {
        name: auc(
            [value for value, made in zip(table.column(name), table.generated, strict=True) if made],
            [value for value, made in zip(table.column(name), table.generated, strict=True) if not made],
        )
        for name in table.features
    }


def examine(training: Table, examined: Table, detectors: tuple[str, ...] = DETECTORS) -> dict[str, Scores]:
    """Let detectors learn from one table, with all its features, and score the items of another.

    Parameters
    ----------
    training : Table
        What is shown openly; both origins.
    examined : Table
        With the features of `training`, in any order; more do not matter. None of its items may be among those of
        `training`, since that would be an exam with the questions of the homework.
    detectors : tuple of str
        Some of `DETECTORS`.

    Returns
    -------
    dict of str to Scores
        Each detector's scores of `examined`; ``scores.auc`` says how well it tells. The same tables give the same
        scores again.

    Raises
    ------
    ValueError
        An item is in both tables, a feature is missing, `training` holds one origin only, or there is no such detector.

    Notes
    -----
    In all three either origin counts the same in total, however many items it has. Linear and tree are those of
    lesson 4 (`course.judgement.train`); the forest (Breiman 2001) draws its chances from a fixed seed.

    References
    ----------
    Breiman 2001, Machine Learning 45, 5-32.

    Examples
    --------
    >>> def table(names, made):
    ...     rows = tuple((float(number + 10 * generated),) for number, generated in enumerate(made))
    ...     return Table(tuple(names), made, tuple(names), ("speed",), rows)
    >>> learned, asked = table("abcdefgh", (False, True) * 4), table("stuv", (True, False) * 2)
    >>> examine(learned, asked, ("linear",))["linear"].auc.value
    1.0
    """
    if both := set(training.items) & set(examined.items):
        raise InputError(f"{min(both)!r} is shown openly and examined; an item can be only one of the two.")
    if len(set(training.generated)) < 2:
        raise InputError("A detector learns from items of both origins.")
    rows, asked = training.rows(training.features), examined.rows(training.features)
    found = {}
    for name in detectors:
        model = _learned(name, rows, training.generated)
        found[name] = Scores(examined.items, examined.generated, tuple(scored(model, asked)))
    return found


def best(found: Mapping[str, Scores]) -> tuple[str, Auc]:
    """The detector that is farthest from a coin, in either direction, and its AUC.

    Examples
    --------
    >>> made = (False, False, True, True)
    >>> good, bad = (Scores(tuple("abcd"), made, values) for values in ((0.1, 0.6, 0.4, 0.9), (0.9, 0.8, 0.2, 0.1)))
    >>> best({"linear": good, "tree": bad})[0]
    'tree'
    """
    areas = {name: scores.auc for name, scores in found.items()}
    name = max(areas, key=lambda one: abs(areas[one].value - 0.5))
    return name, areas[name]


def part(table: Table, items: frozenset[str] | set[str]) -> Table:
    """The rows of some items, in the order of the table.

    Examples
    --------
    >>> table = Table(tuple("abc"), (False, True, True), tuple("xyz"), ("speed",), ((1.0,), (2.0,), (3.0,)))
    >>> part(table, {"c", "a"}).items
    ('a', 'c')
    """
    places = [at for at, item in enumerate(table.items) if item in items]
    chosen = (tuple(whole[at] for at in places) for whole in (table.items, table.generated, table.sources))
    return Table(*chosen, table.features, tuple(table.values[at] for at in places))


def _learned(name: str, rows: list[tuple[float, ...]], generated: tuple[bool, ...]) -> Any:
    if name == "linear":
        return fitted(rows, generated, "weights")
    if name == "tree":
        return fitted(rows, generated, "questions")
    if name != "forest":
        raise InputError(f"There is no detector called {name!r}. Choose from: {', '.join(DETECTORS)}.")
    from sklearn.ensemble import RandomForestClassifier

    # One core: a hundred small trees are grown before a second one has been woken.
    forest = RandomForestClassifier(n_estimators=TREES, class_weight="balanced", random_state=0, n_jobs=None)
    return forest.fit(rows, list(generated))
