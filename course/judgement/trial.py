"""The blind trial: one item at a time, a verdict, a confidence, and what one would check next.

The model holds the truth and gives it away for judged items alone. It saves first and moves on second, so
what a learner has seen acknowledged is on the disk. It knows nothing of screens; a view observes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from course.judgement.model import Elsewhere, Past, Recorded, Save

Verdict = Literal["generated", "camera"]

BEGIN = "trial.begin"
ANSWER = "trial.answer"
PAUSE = "trial.pause"
RESUME = "trial.resume"


ELSEWHERE = "You went on with this trial in another window. Here is where things stand now."
ANSWERED = "You judged this item in another window, and that answer stands. Here is where things stand now."


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
        Number of the attempt in the record.
    answers : tuple of TrialAnswer
        In the order of the trial.
    sitting : int
        1 when the items were judged to the end for the first time, 2 for the second time, and so on. From the second
        on they are known, so a result says less.
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
    sitting: int = 1

    @classmethod
    def of(cls, form: Form, attempt: int, answers: Iterable[TrialAnswer], sitting: int = 1) -> TrialResult:
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
            sitting=sitting,
        )

    @property
    def camera_accepted(self) -> float:
        """Share of the camera items that were believed."""
        return self.signal.camera_accepted


@dataclass
class _Attempt:
    """One way through the form: where it stands."""

    number: int
    seed: int
    order: tuple[str, ...]
    answers: dict[str, TrialAnswer] = field(default_factory=dict)
    paused: bool = False

    @property
    def current(self) -> str | None:
        return next((item for item in self.order if item not in self.answers), None)

    @property
    def given(self) -> tuple[TrialAnswer, ...]:
        return tuple(self.answers[item] for item in self.order if item in self.answers)


class Trial(Recorded):
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
    past : iterable of mapping, or Shared
        Events saved earlier, of any kind and form; ``(event.data for event in log.events())``. The attempt
        that was begun last is taken up again, with its own order. What makes no sense is passed over. With
        ``log.following()`` the record is looked at again before anything is saved, so that two windows with
        one trial never judge an item twice.
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
        past: Past = (),
        seed: int | None = None,
    ) -> None:
        super().__init__(save, past)
        for item in form.items:
            if truth.get(item) not in ("camera", "generated"):
                raise InputError(f"Form {form.name!r}: {item!r} must be 'camera' or 'generated'.")
            if item not in kinds:
                raise InputError(f"Form {form.name!r}: {item!r} has no kind.")
        self.form = form
        self._truth = {item: truth[item] for item in form.items}
        self._kinds = {item: kinds[item] for item in form.items}
        self._first_seed = seed
        self._known_attempts = 0
        self._attempts: dict[tuple[int, int], _Attempt] = {}
        self._now: _Attempt | None = None
        self._finished: list[_Attempt] = []
        self._begin_with(past)

    # What a view may show

    @property
    def even(self) -> bool:
        """Whether about half of the items (40 to 60 %) come from a camera: what a learner is told before."""
        camera = sum(origin == "camera" for origin in self._truth.values())
        return 0.4 <= camera / len(self._truth) <= 0.6

    @property
    def started(self) -> bool:
        """Whether an attempt has begun."""
        return self._now is not None

    @property
    def attempt(self) -> int:
        """Number of the attempt, 1 for the first; 0 before it has begun."""
        return 0 if self._now is None else self._now.number

    @property
    def seed(self) -> int | None:
        """Seed of the order, or None before the trial has begun."""
        return None if self._now is None else self._now.seed

    @property
    def order(self) -> tuple[str, ...]:
        """All items in the order of this attempt; empty before it has begun."""
        return () if self._now is None else self._now.order

    @property
    def current(self) -> str | None:
        """Identifier of the item to judge; None before the trial has begun and when it is finished."""
        return None if self._now is None else self._now.current

    @property
    def position(self) -> int | None:
        """Place of :attr:`current` in the order, counted from 0."""
        current = self.current
        return None if current is None else self.order.index(current)

    @property
    def progress(self) -> Progress:
        """``(done, total)``."""
        return Progress(0 if self._now is None else len(self._now.answers), len(self.form.items))

    @property
    def paused(self) -> bool:
        """Whether the learner has taken a break."""
        return self._now is not None and self._now.paused and not self.finished

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
        return () if self._now is None else self._now.given

    @property
    def last_result(self) -> TrialResult | None:
        """What the attempt that was finished last shows; None before one is.

        An attempt that is under way takes nothing away: until its last item is judged, the one before it counts.
        """
        return self._result(self._finished[-1]) if self._finished else None

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
        with self._alone():
            if self.started:
                raise Elsewhere(ELSEWHERE)
            self._begin()
        self._changed()

    def again(self) -> None:
        """Begin another attempt, in a new order. Results of the one before stay until it is finished.

        Raises
        ------
        ValueError
            The present attempt is not finished.
        """
        if not self.finished:
            raise InputError("Finish this round first; then you can begin another.")
        before = self._now
        with self._alone():
            if self._now is not before:
                raise Elsewhere(ELSEWHERE)
            self._begin()
        self._changed()

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
        Elsewhere
            The item was judged, or the trial went on, in another window. Nothing was saved.
        Exception
            Whatever `save` raises. The trial stays where it was.
        """
        current = self.current
        if not self.started:
            raise InputError("Press start first.")
        if current is None:
            raise InputError("All items have been judged.")
        if self.paused:
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
        before = self._now
        with self._alone():
            self._still(before)
            if current in self._now.answers:
                raise Elsewhere(ANSWERED)
            if self._now.paused:
                raise Elsewhere("You paused this trial in another window. Go on here when you like.")
            place = self.order.index(current)
            self._save(self._event(ANSWER, position=place, truth=self._truth[current], **given))
            self._note(before, given)
        self._changed()

    def pause(self) -> None:
        """Take a break; nothing can be judged until :meth:`resume`."""
        if not self.started or self.finished or self.paused:
            raise InputError("There is nothing to pause now.")
        self._turn(PAUSE)

    def resume(self) -> None:
        """Go on after a break."""
        if not self.paused:
            raise InputError("The trial is not paused.")
        self._turn(RESUME)

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
        return self._result(self._now)

    # Inside

    def _result(self, attempt: _Attempt) -> TrialResult:
        sitting = self._finished.index(attempt) + 1
        return TrialResult.of(self.form, attempt.number, attempt.given, sitting)

    def _begin(self) -> None:
        number = self._known_attempts + 1
        seed = secrets.randbits(32) if self._first_seed is None else self._first_seed + number - 1
        order = balanced_order(self.form.items, self._truth, self._kinds, seed)
        # The order itself is saved too: a later edition of the course may mix its form anew.
        event = {"kind": BEGIN, "form": self.form.name, "attempt": number, "seed": seed, "order": list(order)}
        self._save(event)
        self._take_up(event)

    def _still(self, before: _Attempt | None) -> None:
        """Raise where the trial has gone on to another attempt, or to its end, in another window."""
        if self._now is not before or self.finished:
            raise Elsewhere(ELSEWHERE)

    def _turn(self, kind: str) -> None:
        """Pause or go on. Where that was done in another window already, there is nothing left to do."""
        before = self._now
        with self._alone():
            self._still(before)
            if self._now.paused is not (kind == PAUSE):
                self._save(self._event(kind))
                self._now.paused = kind == PAUSE
        self._changed()

    def _event(self, kind: str, **more: object) -> dict[str, object]:
        # Attempt and seed together name the attempt, also in a record that was merged from two machines.
        return {"kind": kind, "form": self.form.name, "attempt": self.attempt, "seed": self.seed, **more}

    def _note(self, attempt: _Attempt, given: Mapping[str, object]) -> None:
        """Hold one sound answer; the first one to an item stands."""
        item = str(given["item"])
        if item in attempt.answers:
            return
        attempt.answers[item] = TrialAnswer(
            item=item,
            verdict=given["verdict"],
            confidence=given["confidence"],
            next_check=given["next_check"],
            seconds=given.get("seconds"),
            truth=self._truth[item],
            kind=self._kinds[item],
        )
        if attempt.current is None and self._is_whole(attempt):
            self._finished.append(attempt)

    def _take_up(self, event: Mapping[str, object]) -> None:
        """Hold what a line of the record says of this form; the attempt that was begun last goes on."""
        kind = event.get("kind")
        number, seed = event.get("attempt"), event.get("seed")
        if kind not in (BEGIN, ANSWER, PAUSE, RESUME) or event.get("form") != self.form.name:
            return
        if not (_is_count(number) and _is_count(seed)):
            return
        self._known_attempts = max(self._known_attempts, number)
        attempt = self._attempts.get((number, seed))
        if attempt is None:
            # Of an attempt whose first line was lost an answer tells as well that there was one.
            if kind != BEGIN and not (kind == ANSWER and self._is_answer(event)):
                return
            attempt = self._attempts[number, seed] = _Attempt(number, seed, self._order_of(event))
            # An attempt from an edition with other items stays in the record, but cannot go on.
            if self._is_whole(attempt):
                self._now = attempt
        if kind == ANSWER and self._is_answer(event) and event["item"] in attempt.order:
            self._note(attempt, event)
        elif kind in (PAUSE, RESUME):
            attempt.paused = kind == PAUSE

    def _is_whole(self, attempt: _Attempt) -> bool:
        return sorted(attempt.order) == sorted(self.form.items)

    def _order_of(self, event: Mapping[str, object]) -> tuple[str, ...]:
        """The order that an attempt began with, or, where that line was lost, the one its seed gives."""
        order = event.get("order")
        if isinstance(order, list | tuple) and all(isinstance(item, str) for item in order):
            return tuple(order)
        return balanced_order(self.form.items, self._truth, self._kinds, event["seed"])

    def _is_answer(self, event: Mapping[str, object]) -> bool:
        return _is_answer(event) and event["item"] in self._truth


def form_begun(event: Mapping[str, object]) -> str | None:
    """The name of the form that a line of the record shows to have been begun, or None.

    Parameters
    ----------
    event : mapping
        Of any kind. A line with which a `Trial` could not go on shows nothing.

    Examples
    --------
    >>> form_begun({"kind": "trial.begin", "form": "b2", "attempt": 1, "seed": 7})
    'b2'
    >>> form_begun({"kind": "trial.begin", "form": "b2"}) is None
    True
    """
    # Of an attempt whose first line was lost an answer tells as well that there was one.
    kind, form = event.get("kind"), event.get("form")
    sound = kind == BEGIN or (kind == ANSWER and _is_answer(event))
    named = isinstance(form, str) and _is_count(event.get("attempt")) and _is_count(event.get("seed"))
    return form if sound and named else None


def _is_answer(event: Mapping[str, object]) -> bool:
    try:
        check_verdict(event.get("verdict"))
        check_confidence(event.get("confidence"))
    except ValueError:
        return False
    return (
        isinstance(event.get("item"), str)
        and isinstance(event.get("next_check"), str)
        and _is_time(event.get("seconds"))
    )


def _signal(answers: Iterable[TrialAnswer]) -> SignalDetection:
    return SignalDetection.from_answers(
        (answer.verdict == "generated", answer.truth == "generated") for answer in answers
    )


def _is_count(value: object) -> bool:
    # Far beyond any number of attempts and any seed that was drawn; a longer one could not be counted on from.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_time(seconds: object) -> bool:
    if seconds is None:
        return True
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < 1e9
