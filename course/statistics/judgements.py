"""The answers that class results are made of, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.judgement import SignalDetection

Origin = Literal["generated", "camera"]
Kind = Literal["clip", "still"]

_ORIGINS = ("generated", "camera")
_KINDS = ("clip", "still")


class Judgement(NamedTuple):
    """One item, judged by one learner.

    Attributes
    ----------
    learner : str
        Whose answer it is: any word that is the same in all of their answers. No name is needed.
    form : str
        The form that the item was shown in: ``"a2"``.
    occasion : int
        Which form this was for this learner: 1 for the one before the lessons, 2 for the one after, 3 for the one some
        weeks later.
    item : str
        Identifier of the item.
    kind : {"clip", "still"}
        What the item is.
    truth : {"generated", "camera"}
        Where it comes from.
    verdict : {"generated", "camera"}
        What it was taken for.

    Examples
    --------
    >>> Judgement("7", "a2", 1, "quiet-harbour", "still", truth="camera", verdict="generated").item
    'quiet-harbour'
    """

    learner: str
    form: str
    occasion: int
    item: str
    kind: Kind
    truth: Origin
    verdict: Origin


def checked(answers: Iterable[Judgement], kind: Kind | None = None) -> list[Judgement]:
    """Return the answers that count: each item once for each learner, and the first time.

    Parameters
    ----------
    answers : iterable of Judgement
        In the order in which they were given.
    kind : {"clip", "still"}, optional
        Keep these alone.

    Returns
    -------
    list of Judgement

    Raises
    ------
    ValueError
        A word is none of those that it may be, or two answers tell a different story of one item, or of one learner.

    Examples
    --------
    >>> one = Judgement("7", "a2", 1, "harbour", "still", "camera", "generated")
    >>> checked([one, one._replace(verdict="camera")]) == [one]
    True
    """
    if kind is not None and kind not in _KINDS:
        raise InputError(f"There is no kind called {kind!r}; choose 'clip' or 'still'.")
    kept: dict[tuple[str, str], Judgement] = {}
    items: dict[str, tuple[str, str, str]] = {}
    occasions: dict[tuple[str, str], int] = {}
    forms: dict[tuple[str, int], str] = {}
    for answer in answers:
        if answer.truth not in _ORIGINS or answer.verdict not in _ORIGINS:
            raise InputError(
                f"An answer to {answer.item!r} says {answer.truth!r} and {answer.verdict!r}, where only 'generated' "
                "and 'camera' have a meaning."
            )
        if answer.kind not in _KINDS:
            raise InputError(f"The item {answer.item!r} is of the kind {answer.kind!r}; it must be 'clip' or 'still'.")
        if isinstance(answer.occasion, bool) or not isinstance(answer.occasion, int) or answer.occasion < 1:
            raise InputError(f"The occasion is 1 for the first form, 2 for the second; not {answer.occasion!r}.")
        story = (answer.form, answer.kind, answer.truth)
        if items.setdefault(answer.item, story) != story:
            raise InputError(
                f"The answers disagree about the item {answer.item!r}: its form, kind and origin must be the same in "
                "all of them."
            )
        same = occasions.setdefault((answer.learner, answer.form), answer.occasion) == answer.occasion
        if not same or forms.setdefault((answer.learner, answer.occasion), answer.form) != answer.form:
            raise InputError(
                f"The answers of learner {answer.learner!r} disagree about which form was their first and which their "
                "second."
            )
        kept.setdefault((answer.learner, answer.item), answer)
    return [answer for answer in kept.values() if kind in (None, answer.kind)]


def counted(answers: Iterable[Judgement]) -> SignalDetection:
    """Count hits, misses, false alarms and correct rejections.

    Examples
    --------
    >>> counted([Judgement("7", "a2", 1, "harbour", "still", "camera", "generated")]).false_alarms
    1
    """
    return SignalDetection.from_answers((one.verdict == "generated", one.truth == "generated") for one in answers)


@dataclass(frozen=True)
class Grid:
    """Answers as a grid, one row for each learner and one column for each item.

    Attributes
    ----------
    learners, items : tuple of str
        What the rows and columns stand for, in the order of the alphabet.
    generated : ndarray of bool, shape (learners, items)
        Whether the learner called the item generated.
    present : ndarray of bool, shape (learners, items)
        Whether there is an answer.
    """

    learners: tuple[str, ...]
    items: tuple[str, ...]
    generated: NDArray[np.bool_]
    present: NDArray[np.bool_]

    @classmethod
    def of(cls, answers: Sequence[Judgement]) -> Grid:
        """Lay out answers that are `checked`.

        Examples
        --------
        >>> Grid.of([Judgement("7", "a2", 1, "harbour", "still", "camera", "generated")]).generated
        array([[ True]])
        """
        learners = sorted({one.learner for one in answers})
        items = sorted({one.item for one in answers})
        row = {learner: at for at, learner in enumerate(learners)}
        column = {item: at for at, item in enumerate(items)}
        generated = np.zeros((len(learners), len(items)), dtype=bool)
        present = np.zeros_like(generated)
        for one in answers:
            present[row[one.learner], column[one.item]] = True
            generated[row[one.learner], column[one.item]] = one.verdict == "generated"
        return cls(tuple(learners), tuple(items), generated, present)
