"""A small detector: numbers measured on items, two ways to weigh them, and the exams it has to pass.

It learns from a table of plain numbers, and knows nothing of pictures. What it gives is a score, 0 to 1, that is no
probability: it puts items in an order, and where to draw the line is left to whoever uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, NamedTuple

from course.errors import InputError
from course.judgement.detection import SignalDetection
from course.judgement.ranking import Auc, auc

METHODS = ("weights", "questions")
"""Logistic regression, and a tree of yes-or-no questions, at most three in a row."""

SMALLEST_LEAF = 4
"""Items: a tree does not ask a question that parts fewer from the rest."""


@dataclass(frozen=True)
class Table:
    """What was measured on each item.

    Attributes
    ----------
    items : tuple of str
        Name of each item, each once.
    generated : tuple of bool
        What each is: True for generated, False for camera.
    sources : tuple of str
        Where each comes from. Items of one source are alike in more than their origin, so a fair exam keeps them
        together.
    features : tuple of str
        What was measured.
    values : tuple of tuple of float
        One row an item, one column a feature; finite.

    Raises
    ------
    ValueError
        The parts do not fit each other, or a value is not finite.

    Examples
    --------
    >>> table = Table(("a", "b"), (False, True), ("one", "two"), ("colour", "speed"), ((0.1, 3.0), (0.4, 5.0)))
    >>> table.column("speed")
    (3.0, 5.0)
    """

    items: tuple[str, ...]
    generated: tuple[bool, ...]
    sources: tuple[str, ...]
    features: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        if not len(self.items) == len(self.generated) == len(self.sources) == len(self.values):
            raise InputError("A table needs an origin, a source and a row of values for each item.")
        if len(set(self.items)) < len(self.items) or len(set(self.features)) < len(self.features):
            raise InputError("A table names each item and each feature once.")
        for item, row in zip(self.items, self.values, strict=True):
            if len(row) != len(self.features) or not all(map(isfinite, row)):
                raise InputError(f"{item!r} needs one finite number for each of {', '.join(self.features)}.")

    def column(self, feature: str) -> tuple[float, ...]:
        """One feature of all items."""
        at = self._place(feature)
        return tuple(row[at] for row in self.values)

    def rows(self, features: Iterable[str]) -> list[tuple[float, ...]]:
        """Some of the features of all items, in the order asked for."""
        places = [self._place(feature) for feature in features]
        return [tuple(row[at] for at in places) for row in self.values]

    def changed(self, rows: Mapping[str, Mapping[str, float]]) -> Table:
        """The same items with some values measured anew: item, then feature, then value."""
        new = {
            item: tuple(rows.get(item, {}).get(feature, old) for feature, old in zip(self.features, row, strict=True))
            for item, row in zip(self.items, self.values, strict=True)
        }
        return replace(self, values=tuple(new.values()))

    def _place(self, feature: str) -> int:
        if feature not in self.features:
            raise InputError(f"There is no feature {feature!r}. Choose from: {', '.join(self.features)}.")
        return self.features.index(feature)


class RocPoint(NamedTuple):
    """What a line does: with a score of `line` or more an item is flagged.

    `accused` is the share of the camera items that are flagged, `caught` that of the generated ones.
    """

    line: float
    accused: float
    caught: float


@dataclass(frozen=True)
class Scores:
    """The scores of some items.

    Attributes
    ----------
    items : tuple of str
        Their names.
    generated : tuple of bool
        What they are.
    values : tuple of float
        Score of each, 0 to 1; more is more like the generated items it learned from.

    Examples
    --------
    >>> scores = Scores(("a", "b", "c", "d"), (False, False, True, True), (0.1, 0.6, 0.4, 0.9))
    >>> scores.auc.value, scores.at(0.5).false_alarms, scores.at(0.5).hits
    (0.75, 1, 1)
    >>> [(point.accused, point.caught) for point in scores.roc()]
    [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)]
    """

    items: tuple[str, ...]
    generated: tuple[bool, ...]
    values: tuple[float, ...]

    def of(self, generated: bool) -> tuple[float, ...]:
        """The scores of one side."""
        return tuple(value for value, made in zip(self.values, self.generated, strict=True) if made is generated)

    @property
    def auc(self) -> Auc:
        """How often a generated item scores above a camera item, see `course.judgement.auc`."""
        return auc(self.of(True), self.of(False))

    def at(self, line: float) -> SignalDetection:
        """The four counts, if everything with a score of `line` or more is flagged."""
        caught = sum(value >= line for value in self.of(True))
        accused = sum(value >= line for value in self.of(False))
        return SignalDetection(caught, len(self.of(True)) - caught, accused, len(self.of(False)) - accused)

    def roc(self) -> tuple[RocPoint, ...]:
        """What every possible line does, from the one that flags nothing to the one that flags everything.

        References
        ----------
        Fawcett 2006, Pattern Recognition Letters 27, 861-874.
        """
        generated, camera = self.of(True), self.of(False)
        lines = [float("inf"), *sorted(set(self.values), reverse=True)]
        return tuple(
            RocPoint(
                line,
                sum(value >= line for value in camera) / len(camera),
                sum(value >= line for value in generated) / len(generated),
            )
            for line in lines
        )


class Leaning(NamedTuple):
    """How much a detector goes by a feature.

    For ``"weights"`` the weight b of the feature in steps of its standard deviation: above 0 more of it is more
    suspicious. For ``"questions"`` the feature's share in what the questions sort out, 0 to 1, without a direction.
    """

    feature: str
    weight: float


@dataclass(frozen=True)
class Detector:
    """A trained detector and its exams.

    Attributes
    ----------
    table : Table
        What it learned from.
    features : tuple of str
        What it may look at.
    method : {"weights", "questions"}
        How it decides.
    homework : Scores
        On the items it learned from: an exam with the questions of the homework.
    siblings : Scores
        Each item scored by a detector that learned from all items but this one. Items of the same source were still
        among them: something leaks.
    strangers : Scores
        Each item scored by a detector that learned from no item of the same source. The fair exam of the three.
    leanings : tuple of Leaning
        What it goes by, in the order of `features`.
    """

    table: Table
    features: tuple[str, ...]
    method: str
    homework: Scores
    siblings: Scores
    strangers: Scores
    leanings: tuple[Leaning, ...]
    _whole: Any = field(repr=False, compare=False)
    _without: Mapping[str, Any] = field(repr=False, compare=False)

    def again(self, table: Table) -> Scores:
        """The fair exam once more, on the same items with other values: after they were saved again, say.

        Each is scored by the detector that has never seen its source, not even unchanged.

        Raises
        ------
        ValueError
            An item is of a source that this detector has no exam for.
        """
        unknown = set(table.sources) - set(self._without)
        if unknown:
            raise InputError(f"This detector has not been examined on {', '.join(sorted(unknown))}; use `meet`.")
        rows = table.rows(self.features)
        models = [self._without[source] for source in table.sources]
        return _scores(table, [scored(model, [row])[0] for model, row in zip(models, rows, strict=True)])

    def meet(self, table: Table) -> Scores:
        """Score items that had no part in the training at all."""
        return _scores(table, scored(self._whole, table.rows(self.features)))


def train(table: Table, features: Sequence[str], method: str = "weights") -> Detector:
    """Let a small detector learn from a table, and examine it three times.

    Parameters
    ----------
    table : Table
        Two sources or more on each side.
    features : sequence of str
        What it may look at, one or more, each once.
    method : {"weights", "questions"}
        See Notes.

    Returns
    -------
    Detector

    Raises
    ------
    ValueError
        Nothing or something unknown was chosen, or the table has too few sources. The message is a sentence.

    Notes
    -----
    ``"weights"`` is logistic regression on standardised features (L2 penalty, C = 1)::

        score = 1 / (1 + exp(-(a + sum(b_k * (x_k - mean_k) / sd_k))))

    ``"questions"`` is a tree of depth 3 (Breiman et al. 1984) with at least four items a leaf. In both, either side
    counts the same in total however many items it has. Nothing is drawn at random: a table gives the same scores again.

    The fair exam leaves out one source at a time ("leave one group out"). Where many items come from few sources, an
    exam that leaves out single items is too kind; how much too kind is what `Detector.siblings` shows.

    References
    ----------
    Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees.
    Kaufman, Rosset & Perlich 2012, ACM TKDD 6 (4): leakage in data mining.

    Examples
    --------
    >>> names = tuple("abcdefgh")
    >>> made = (False,) * 4 + (True,) * 4
    >>> sources = ("w", "w", "x", "x", "y", "y", "z", "z")
    >>> values = tuple((float(n), float(n % 2)) for n in range(8))
    >>> detector = train(Table(names, made, sources, ("size", "parity"), values), ["size"])
    >>> detector.homework.auc.value, detector.leanings[0].weight > 0
    (1.0, True)
    """
    features = tuple(features)
    if not features:
        raise InputError("Choose one thing or more that the detector may look at.")
    if len(set(features)) < len(features):
        raise InputError("Choose each thing once.")
    if method not in METHODS:
        raise InputError(f"There is no way to decide called {method!r}. Choose one of: {', '.join(METHODS)}.")
    rows = table.rows(features)
    for side, name in ((True, "generated"), (False, "camera")):
        found = {source for source, made in zip(table.sources, table.generated, strict=True) if made is side}
        if len(found) < 2:
            raise InputError(f"A fair exam needs two sources or more of {name} items.")
    whole = fitted(rows, table.generated, method)
    without = {
        source: fitted(*_kept(rows, table.generated, [other != source for other in table.sources]), method)
        for source in dict.fromkeys(table.sources)
    }
    alone = [
        scored(fitted(*_kept(rows, table.generated, [n != at for n in range(len(rows))]), method), [rows[at]])[0]
        for at in range(len(rows))
    ]
    strangers = [scored(without[source], [row])[0] for source, row in zip(table.sources, rows, strict=True)]
    return Detector(
        table=table,
        features=features,
        method=method,
        homework=_scores(table, scored(whole, rows)),
        siblings=_scores(table, alone),
        strangers=_scores(table, strangers),
        leanings=tuple(map(Leaning, features, _weights(whole))),
        _whole=whole,
        _without=without,
    )


def _kept(rows: list, generated: Sequence[bool], keep: list[bool]) -> tuple[list, list[bool]]:
    return [row for row, stays in zip(rows, keep, strict=True) if stays], [
        made for made, stays in zip(generated, keep, strict=True) if stays
    ]


def fitted(rows: Sequence[Sequence[float]], generated: Sequence[bool], method: str) -> Any:
    """A model that has learned from these rows, by one of `METHODS`; `train` says how. For `scored`."""
    # A second or so: only those who train pay for it.
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    if method == "weights":
        # For a table as small as ours this solver takes a tenth of the time of the usual one, to the same result.
        steps = (StandardScaler(), LogisticRegression(C=1.0, class_weight="balanced", solver="newton-cholesky"))
    else:
        steps = (
            DecisionTreeClassifier(
                max_depth=3, min_samples_leaf=SMALLEST_LEAF, class_weight="balanced", random_state=0
            ),
        )
    return make_pipeline(*steps).fit(rows, list(generated))


def scored(model: Any, rows: Sequence[Sequence[float]]) -> list[float]:
    """The score of each row, 0 to 1."""
    # Twelve digits: the last ones differ from machine to machine, and would tear equal scores apart.
    return [round(float(value), 12) for value in model.predict_proba(rows)[:, 1]]


def _scores(table: Table, values: Sequence[float]) -> Scores:
    return Scores(table.items, table.generated, tuple(values))


def _weights(model: Any) -> list[float]:
    last = model[-1]
    return [float(value) for value in (last.coef_[0] if hasattr(last, "coef_") else last.feature_importances_)]
