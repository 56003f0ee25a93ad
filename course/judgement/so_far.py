"""How sure a learner has been in the course so far, and how often that was right, from everything in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.judgement.confidence import CalibrationBin, brier_score, calibration, check_confidence, overconfidence
from course.judgement.intervals import Estimate
from course.judgement.trial import ANSWER, BEGIN


@dataclass(frozen=True)
class SoFar:
    """Stated confidence and what came of it.

    Attributes
    ----------
    confidences : tuple of float
        Stated chance of being right in finished trials, 0.5 to 1.
    correct : tuple of bool
        Whether it was.
    sure : tuple of bool
        For questions: whether the first answer, given as "I am sure", was right.
    unsure : tuple of bool
        The same for first answers that were given without it.
    """

    confidences: tuple[float, ...]
    correct: tuple[bool, ...]
    sure: tuple[bool, ...]
    unsure: tuple[bool, ...]

    @property
    def calibration(self) -> tuple[CalibrationBin, ...]:
        """Stated against achieved; at least one judgement is needed."""
        return calibration(self.confidences, self.correct)

    @property
    def overconfidence(self) -> Estimate:
        """Mean confidence minus share correct, with its 95 % interval."""
        return overconfidence(self.confidences, self.correct)

    @property
    def brier(self) -> float:
        """Brier score of "I am right" with the stated confidence; 0 is perfect, 0.25 is a coin."""
        return brier_score(self.confidences, self.correct)


def confidence_so_far(past: Iterable[Mapping[str, object]]) -> SoFar:
    """Gather stated confidence from the events of a record.

    Trials count once they are finished: whether an item was judged rightly must not show before. Of several answers to
    one item, in one round or in several, and of several answers to one question the first counts: the second time a
    learner knows what it is. What makes no sense is passed over.

    Parameters
    ----------
    past : iterable of mapping
        Events saved earlier, of any kind.

    Examples
    --------
    >>> trial = {"form": "a", "attempt": 1, "seed": 5}
    >>> answer = {"kind": "trial.answer", "item": "one", "verdict": "camera", "confidence": 80, "truth": "camera"}
    >>> so_far = confidence_so_far([{"kind": "trial.begin", "order": ["one"], **trial}, {**answer, **trial}])
    >>> so_far.confidences, so_far.correct
    ((0.8,), (True,))
    """
    orders: dict[tuple[str, ...], list[str]] = {}
    given: dict[tuple[str, ...], dict[str, tuple[float, bool]]] = {}
    firsts: dict[str, tuple[bool, bool]] = {}
    for event in past:
        kind = event.get("kind")
        trial = tuple(str(event.get(name)) for name in ("form", "attempt", "seed"))
        if kind == BEGIN and isinstance(event.get("order"), list | tuple):
            orders.setdefault(trial, [str(item) for item in event["order"]])  # type: ignore[union-attr]
        elif kind == ANSWER and _is_judgement(event):
            stated = float(event["confidence"]) / 100  # type: ignore[arg-type]
            pair = stated, event["verdict"] == event["truth"]
            given.setdefault(trial, {}).setdefault(str(event["item"]), pair)
        elif kind == "question.answer" and _is_answer(event):
            firsts.setdefault(event["question"], (event["sure"], event["right"]))  # type: ignore[arg-type]
    whole = [answers for trial, answers in given.items() if trial in orders and set(orders[trial]) == set(answers)]
    judged: dict[str, tuple[float, bool]] = {}
    for answers in whole:
        for item, pair in answers.items():
            judged.setdefault(item, pair)
    pairs = list(judged.values())
    return SoFar(
        confidences=tuple(confidence for confidence, _ in pairs),
        correct=tuple(right for _, right in pairs),
        sure=tuple(right for sure, right in firsts.values() if sure),
        unsure=tuple(right for sure, right in firsts.values() if not sure),
    )


def _is_judgement(event: Mapping[str, object]) -> bool:
    try:
        check_confidence(event.get("confidence"))
    except ValueError:
        return False
    sides = ("camera", "generated")
    return event.get("verdict") in sides and event.get("truth") in sides and isinstance(event.get("item"), str)


def _is_answer(event: Mapping[str, object]) -> bool:
    flags = event.get("sure"), event.get("right")
    return isinstance(event.get("question"), str) and all(isinstance(flag, bool) for flag in flags)
