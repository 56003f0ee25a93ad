"""The blind trial: one item at a time, a verdict, a confidence, and what one would check next.

The model holds the truth and gives it away for judged items alone. It saves first and moves on second, so
what a learner has seen acknowledged is on the disk. It knows nothing of screens; a view observes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from course.errors import InputError
from course.judgement.confidence import (
    CalibrationBin,
    brier_score,
    calibration,
    check_confidence,
    check_verdict,
    overconfidence,
    probability_generated,
)
from course.judgement.detection import SignalDetection
from course.judgement.form import Form, balanced_order
from course.judgement.intervals import Estimate
from course.judgement.model import Observed, Save

Verdict = Literal["generated", "camera"]

BEGIN = "trial.begin"
ANSWER = "trial.answer"
PAUSE = "trial.pause"
RESUME = "trial.resume"


class Progress(NamedTuple):
    """So many done, of so many."""

    done: int
    total: int


@dataclass(frozen=True)
class TrialAnswer:
    """One judged item.

    Attributes
    ----------
    item : str
        Identifier of the item.
    verdict : {"generated", "camera"}
        What it was taken for.
    confidence : float
        Per cent, 50 to 100.
    next_check : str
        What the learner would check next; may be empty.
    seconds : float or None
        Time spent on the item, where it was measured.
    truth : {"generated", "camera"}
        What it is.
    kind : str
        ``"clip"`` or ``"still"``, say.
    """

    item: str
    verdict: Verdict
    confidence: float
    next_check: str
    seconds: float | None
    truth: Verdict
    kind: str

    @property
    def correct(self) -> bool:
        """Whether the verdict was right."""
        return self.verdict == self.truth

    @property
    def probability(self) -> float:
        """Stated probability that the item is generated, 0 to 1."""
        return probability_generated(self.verdict, self.confidence)


@dataclass(frozen=True)
class TrialResult:
    """What a finished trial shows.

    Attributes
    ----------
    form : Form
        The form that was judged.
    attempt : int
        1 for the first time, and so on.
    answers : tuple of TrialAnswer
        In the order of the trial.
    signal : SignalDetection
        Sensitivity, criterion, rates and their intervals.
    brier : float
        Brier score on the probability of *generated*; 0 is perfect, 0.25 is a coin.
    calibration : tuple of CalibrationBin
        Stated against achieved.
    overconfidence : Estimate
        Mean confidence minus share correct, with its 95 % interval.
    by_kind : Mapping[str, SignalDetection]
        The same counts for clips and stills apart.
    """

    form: Form
    attempt: int
    answers: tuple[TrialAnswer, ...]
    signal: SignalDetection
    brier: float
    calibration: tuple[CalibrationBin, ...]
    overconfidence: Estimate
    by_kind: Mapping[str, SignalDetection]

    @classmethod
    def of(cls, form: Form, attempt: int, answers: Iterable[TrialAnswer]) -> TrialResult:
        """Reckon the result of a set of answers (at least one)."""
        answers = tuple(answers)
        confidences = [answer.confidence / 100 for answer in answers]
        correct = [answer.correct for answer in answers]
        kinds = sorted({answer.kind for answer in answers})
        return cls(
            form=form,
            attempt=attempt,
            answers=answers,
            signal=_signal(answers),
            brier=brier_score(
                [answer.probability for answer in answers],
                [answer.truth == "generated" for answer in answers],
            ),
            calibration=calibration(confidences, correct),
            overconfidence=overconfidence(confidences, correct),
            by_kind={kind: _signal(answer for answer in answers if answer.kind == kind) for kind in kinds},
        )

    @property
    def camera_accepted(self) -> float:
        """Share of the camera items that were believed."""
        return self.signal.camera_accepted


class Trial(Observed):
    """A blind trial that can be left at any moment and taken up again.

    Parameters
    ----------
    form : Form
        Which items.
    truth : mapping
        ``"camera"`` or ``"generated"`` for each item of the form.
    kinds : mapping
        Kind of each item, ``"clip"`` or ``"still"``, say.
    save : callable
        Takes one event, a flat mapping with ``"kind"``, and returns once it is safe; it raises when it is
        not, and then the trial stays where it was. ``record.open().append`` is made for this.
    past : iterable of mapping
        Events saved earlier, of any kind and form; ``(event.data for event in log.events())``. The attempt
        that was begun last is taken up again, with its own order. What makes no sense is passed over.
    seed : int, optional
        Order of the first attempt; a second one uses ``seed + 1``, and so on. Drawn at random if absent.

    Raises
    ------
    ValueError
        An item has no kind, or its truth is neither "camera" nor "generated".

    Examples
    --------
    >>> saved = []
    >>> form = Form("a", ("one", "two"), "Form A")
    >>> truth, kinds = {"one": "camera", "two": "generated"}, {"one": "clip", "two": "still"}
    >>> trial = Trial(form, truth, kinds, saved.append, seed=5)
    >>> trial.start()
    >>> while not trial.finished:
    ...     trial.answer(truth[trial.current], confidence=80, next_check="Who posted it first?")
    >>> trial.result().signal.accuracy
    1.0
    >>> Trial(form, truth, kinds, saved.append, past=saved).finished
    True
    """

    def __init__(
        self,
        form: Form,
        truth: Mapping[str, str],
        kinds: Mapping[str, str],
        save: Save,
        past: Iterable[Mapping[str, object]] = (),
        seed: int | None = None,
    ) -> None:
        super().__init__()
        for item in form.items:
            if truth.get(item) not in ("camera", "generated"):
                raise InputError(f"Form {form.name!r}: {item!r} must be 'camera' or 'generated'.")
            if item not in kinds:
                raise InputError(f"Form {form.name!r}: {item!r} has no kind.")
        self.form = form
        self._truth = {item: truth[item] for item in form.items}
        self._kinds = {item: kinds[item] for item in form.items}
        self._save = save
        self._first_seed = seed
        self._known_attempts = 0
        self._attempt = 0
        self._seed: int | None = None
        self._order: tuple[str, ...] = ()
        self._answers: dict[str, TrialAnswer] = {}
        self._paused = False
        self._take_up(past)

    # What a view may show

    @property
    def even(self) -> bool:
        """Whether about half of the items (40 to 60 %) come from a camera: what a learner is told before."""
        camera = sum(origin == "camera" for origin in self._truth.values())
        return 0.4 <= camera / len(self._truth) <= 0.6

    @property
    def started(self) -> bool:
        """Whether an attempt has begun."""
        return self._seed is not None

    @property
    def attempt(self) -> int:
        """Number of the attempt, 1 for the first; 0 before it has begun."""
        return self._attempt

    @property
    def seed(self) -> int | None:
        """Seed of the order, or None before the trial has begun."""
        return self._seed

    @property
    def order(self) -> tuple[str, ...]:
        """All items in the order of this attempt; empty before it has begun."""
        return self._order

    @property
    def current(self) -> str | None:
        """Identifier of the item to judge; None before the trial has begun and when it is finished."""
        return next((item for item in self._order if item not in self._answers), None)

    @property
    def position(self) -> int | None:
        """Place of :attr:`current` in the order, counted from 0."""
        current = self.current
        return None if current is None else self._order.index(current)

    @property
    def progress(self) -> Progress:
        """``(done, total)``."""
        return Progress(len(self._answers), len(self.form.items))

    @property
    def paused(self) -> bool:
        """Whether the learner has taken a break."""
        return self._paused

    @property
    def finished(self) -> bool:
        """Whether every item has been judged."""
        return self.started and self.current is None

    @property
    def answers(self) -> tuple[TrialAnswer, ...]:
        """What has been judged so far, with its truth, in the order of the trial.

        A view that shows a truth before the trial is over changes what it measures: after three camera items
        in a row the next one is known to be generated.
        """
        return tuple(self._answers[item] for item in self._order if item in self._answers)

    # What a learner may do

    def start(self) -> None:
        """Begin the first attempt.

        Raises
        ------
        ValueError
            The trial has begun already.
        """
        if self.started:
            raise InputError("This trial has begun already.")
        self._begin()

    def again(self) -> None:
        """Begin another attempt, in a new order.

        Raises
        ------
        ValueError
            The present attempt is not finished.
        """
        if not self.finished:
            raise InputError("Finish this round first; then you can begin another.")
        self._begin()

    def answer(
        self,
        verdict: str,
        confidence: float,
        next_check: str = "",
        seconds: float | None = None,
        *,
        item: str | None = None,
    ) -> None:
        """Judge the current item: save the answer, then move on.

        Parameters
        ----------
        verdict : {"generated", "camera"}
            What the item is taken for.
        confidence : float
            Per cent, 50 (a coin toss) to 100 (certain).
        next_check : str
            What the learner would check next, outside the frame.
        seconds : float, optional
            Time spent on the item.
        item : str, optional
            The item the learner saw. If it is no longer the current one (a second click on a slow line), the
            answer is refused instead of being given to an item that nobody has looked at.

        Raises
        ------
        ValueError
            A value is out of range, or there is nothing to judge now. Nothing was saved.
        Exception
            Whatever `save` raises. The trial stays where it was.
        """
        current = self.current
        if not self.started:
            raise InputError("Press start first.")
        if current is None:
            raise InputError("All items have been judged.")
        if self._paused:
            raise InputError("The trial is paused. Go on first.")
        if item is not None and item != current:
            raise InputError("That item has been judged already.")
        check_verdict(verdict)
        check_confidence(confidence)
        if not isinstance(next_check, str):
            raise InputError("What you would check next must be text.")
        if not _is_time(seconds):
            raise InputError(f"The time spent must be a number of seconds, 0 or more, not {seconds!r}.")
        given = {
            "item": current,
            "verdict": verdict,
            "confidence": confidence,
            "next_check": next_check,
            "seconds": None if seconds is None else round(seconds, 1),
        }
        place = self._order.index(current)
        self._save(self._event(ANSWER, position=place, truth=self._truth[current], **given))
        self._note(given)
        self._changed()

    def pause(self) -> None:
        """Take a break; nothing can be judged until :meth:`resume`."""
        if not self.started or self.finished or self._paused:
            raise InputError("There is nothing to pause now.")
        self._save(self._event(PAUSE))
        self._paused = True
        self._changed()

    def resume(self) -> None:
        """Go on after a break."""
        if not self._paused:
            raise InputError("The trial is not paused.")
        self._save(self._event(RESUME))
        self._paused = False
        self._changed()

    def result(self) -> TrialResult:
        """What the finished trial shows.

        Raises
        ------
        ValueError
            Not every item has been judged.
        """
        if not self.finished:
            done, total = self.progress
            raise InputError(f"The result comes when all {total} items have been judged; {done} are done.")
        return TrialResult.of(self.form, self._attempt, self.answers)

    # Inside

    def _begin(self) -> None:
        attempt = self._known_attempts + 1
        seed = secrets.randbits(32) if self._first_seed is None else self._first_seed + attempt - 1
        order = balanced_order(self.form.items, self._truth, self._kinds, seed)
        # The order itself is saved too: a later edition of the course may mix its form anew.
        self._save({"kind": BEGIN, "form": self.form.name, "attempt": attempt, "seed": seed, "order": list(order)})
        self._open(attempt, seed, order)
        self._changed()

    def _open(self, attempt: int, seed: int, order: tuple[str, ...]) -> None:
        self._known_attempts = max(self._known_attempts, attempt)
        self._attempt, self._seed, self._order = attempt, seed, order
        self._answers = {}
        self._paused = False

    def _event(self, kind: str, **more: object) -> dict[str, object]:
        # Attempt and seed together name the attempt, also in a record that was merged from two machines.
        return {"kind": kind, "form": self.form.name, "attempt": self._attempt, "seed": self._seed, **more}

    def _note(self, given: Mapping[str, object]) -> None:
        """Hold one sound answer; the first one to an item stands."""
        item = str(given["item"])
        self._answers.setdefault(
            item,
            TrialAnswer(
                item=item,
                verdict=given["verdict"],
                confidence=given["confidence"],
                next_check=given["next_check"],
                seconds=given["seconds"],
                truth=self._truth[item],
                kind=self._kinds[item],
            ),
        )

    def _take_up(self, past: Iterable[Mapping[str, object]]) -> None:
        """Go on with the attempt that was begun last."""
        ours = [
            event
            for event in past
            if event.get("form") == self.form.name
            and event.get("kind") in (BEGIN, ANSWER, PAUSE, RESUME)
            and _is_count(event.get("attempt"))
            and _is_count(event.get("seed"))
        ]
        attempts: dict[tuple[int, int], tuple[str, ...]] = {}
        for event in ours:
            self._known_attempts = max(self._known_attempts, event["attempt"])
            if (key := (event["attempt"], event["seed"])) not in attempts:
                attempts[key] = self._order_of(event)
        # An attempt from an edition with other items stays in the record, but cannot go on.
        whole = [key for key, order in attempts.items() if sorted(order) == sorted(self.form.items)]
        if not whole:
            return
        latest = whole[-1]
        self._open(*latest, attempts[latest])
        for event in ours:
            if (event["attempt"], event["seed"]) == latest:
                if event["kind"] == ANSWER and self._is_answer(event):
                    self._note(event)
                elif event["kind"] in (PAUSE, RESUME):
                    self._paused = event["kind"] == PAUSE
        self._paused = self._paused and not self.finished

    def _order_of(self, event: Mapping[str, object]) -> tuple[str, ...]:
        """The order that an attempt began with, or, where that line was lost, the one its seed gives."""
        order = event.get("order")
        if isinstance(order, list | tuple) and all(isinstance(item, str) for item in order):
            return tuple(order)
        return balanced_order(self.form.items, self._truth, self._kinds, event["seed"])

    def _is_answer(self, event: Mapping[str, object]) -> bool:
        try:
            check_verdict(event.get("verdict"))
            check_confidence(event.get("confidence"))
        except ValueError:
            return False
        return (
            isinstance(event.get("item"), str)
            and event["item"] in self._truth
            and isinstance(event.get("next_check"), str)
            and _is_time(event.get("seconds"))
        )


def _signal(answers: Iterable[TrialAnswer]) -> SignalDetection:
    return SignalDetection.from_answers(
        (answer.verdict == "generated", answer.truth == "generated") for answer in answers
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(seconds: object) -> bool:
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 1e9
