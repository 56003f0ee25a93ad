"""The trail: each step a learner takes through the web, and the measures that studies of lateral reading use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Self

from course.errors import InputError
from course.sources.address import domain_of, normalised

ACTS = ("open", "search", "registration", "archive", "diff", "find_image", "links", "page_info", "reader")
"""What can be done in the browser."""

STEP, STAY, VERDICT = "trail.step", "trail.stay", "trail.verdict"
EARLY = 3
"""Steps within which those who check facts for a living have left the page they were given."""

LONGEST = 200
"""Characters of a query or an address that are kept."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    act : str
        One of `ACTS`.
    what : str
        An address, a query, a domain or the name of a picture.
    seconds : float
        Time spent there, up to the next step.
    """

    act: str
    what: str
    seconds: float

    @property
    def domain(self) -> str | None:
        """The site that was looked at; None for a search and for a picture."""
        return None if self.act in ("search", "find_image") else domain_of(self.what)


@dataclass(frozen=True)
class Measures:
    """What a trail comes to.

    Attributes
    ----------
    steps : int
    seconds : float
    left_at : int or None
        The first step, counted from 1, that left the site of the claim: a search or a look-up that found something,
        or another site.
    left_early : bool
        Whether that was within the first `EARLY` steps.
    first_outside : int or None
        The first step that opened a page of another site.
    sources : tuple of str
        Domains of the sites whose pages were opened, that of the claim left out, in order.
    verdict : str or None
    confidence : float or None
        Per cent.

    References
    ----------
    Wineburg, S. and McGrew, S. (2019). Lateral reading and the nature of expertise: reading less and learning more when
    evaluating digital information. Teachers College Record 121(11), 1-40.
    """

    steps: int
    seconds: float
    left_at: int | None
    left_early: bool
    first_outside: int | None
    sources: tuple[str, ...]
    verdict: str | None
    confidence: float | None


class Trail:
    """The way a learner takes with one story. Each step is saved before it counts.

    Parameters
    ----------
    story : str
        Identifier of the story, short and lasting.
    start : str
        Address of the page on which the claim reaches the learner.
    append : callable
        Takes one event and returns once it is safe; raises when it is not.
    past : iterable of mapping
        Events saved earlier, of any kind; what belongs to this story is taken up, and what is malformed passed over.
    found : callable, optional
        Tells of a search or a look-up whether it found anything. Words that mean nothing lead nowhere, so they do not
        count as leaving the page. Without it all of them count.

    Raises
    ------
    ValueError
        If `start` is no address of this web.

    Examples
    --------
    >>> saved = []
    >>> trail = Trail("a", "https://looptube.example/flood", saved.append)
    >>> trail.take("open", "https://looptube.example/flood", 12)
    >>> trail.take("search", "port ellery library flood", 8)
    >>> trail.take("open", "https://weatherbox.example/", 20)
    >>> trail.judge("misdated", 80)
    >>> trail.measures.left_at, trail.measures.left_early, trail.measures.sources
    (2, True, ('weatherbox.example',))
    >>> Trail("a", "https://looptube.example/flood", saved.append, past=saved).measures == trail.measures
    True
    """

    def __init__(
        self,
        story: str,
        start: str,
        append: Callable[[Mapping[str, object]], object],
        past: Iterable[Mapping[str, object]] = (),
        found: Callable[[Step], bool] = lambda step: True,
    ) -> None:
        address = normalised(start)
        if address is None:
            raise InputError(f"A trail begins at an address of this web, not at {start!r}.")
        self.story = story
        self.start = address
        self._append = append
        self._found = found
        self._observers: list[Callable[[Self], object]] = []
        self._steps: list[Step] = []
        self._verdict: str | None = None
        self._confidence: float | None = None
        for event in past:
            if event.get("story") == story:
                self._take_up(event)

    def _take_up(self, event: Mapping[str, object]) -> None:
        try:
            if event.get("kind") == STEP:
                self._steps.append(_step(event.get("act"), event.get("what"), event.get("seconds")))
            elif event.get("kind") == STAY and self._steps:
                self._steps[-1] = replace(self._steps[-1], seconds=_seconds(event.get("seconds")))
            elif event.get("kind") == VERDICT:
                self._verdict, self._confidence = _verdict(event.get("verdict"), event.get("confidence"))
        except ValueError:
            # a later version of the course may know acts that this one does not; the rest of the trail still counts
            return

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps so far, in order."""
        return tuple(self._steps)

    @property
    def verdict(self) -> str | None:
        """The last verdict; None before there is one."""
        return self._verdict

    @property
    def confidence(self) -> float | None:
        """How sure the learner was of it, per cent."""
        return self._confidence

    def take(self, act: str, what: str, seconds: float = 0.0) -> None:
        """Take a step: save it, then hold it.

        Parameters
        ----------
        act : str
            One of `ACTS`.
        what : str
            An address, a query, a domain or the name of a picture; what is longer than `LONGEST` is cut.
        seconds : float
            Time spent there, 0 or more.

        Raises
        ------
        ValueError
            If a value makes no sense. Nothing was saved.
        Exception
            Whatever `append` raises. Nothing has happened.
        """
        step = _step(act, what, seconds)
        self._append({"kind": STEP, "story": self.story, "act": step.act, "what": step.what, "seconds": step.seconds})
        self._steps.append(step)
        self._changed()

    def stay(self, seconds: float) -> None:
        """Say how long the last step took, once that is known: the step itself was saved as it was taken.

        Parameters
        ----------
        seconds : float
            Time spent there, 0 or more.

        Raises
        ------
        ValueError
            If there is no step yet, or the number makes no sense. Nothing was saved.
        Exception
            Whatever `append` raises. Nothing has happened.
        """
        seconds = _seconds(seconds)
        if not self._steps:
            raise InputError("There is no step yet that could take time.")
        self._append({"kind": STAY, "story": self.story, "seconds": seconds})
        self._steps[-1] = replace(self._steps[-1], seconds=seconds)
        self._changed()

    def judge(self, verdict: str, confidence: float) -> None:
        """Give a verdict: save it, then hold it. It may be changed; the last one counts.

        Parameters
        ----------
        verdict : str
            A short word, such as a story's kind.
        confidence : float
            Per cent, 0 to 100.

        Raises
        ------
        ValueError
            If a value makes no sense. Nothing was saved.
        Exception
            Whatever `append` raises. Nothing has happened.
        """
        verdict, confidence = _verdict(verdict, confidence)
        self._append({"kind": VERDICT, "story": self.story, "verdict": verdict, "confidence": confidence})
        self._verdict, self._confidence = verdict, confidence
        self._changed()

    @property
    def measures(self) -> Measures:
        """What the trail comes to so far."""
        home = domain_of(self.start)
        left_at = first_outside = None
        sources: list[str] = []
        for number, step in enumerate(self._steps, 1):
            away = step.domain != home if step.act in ("open", "reader") else self._found(step)
            if left_at is None and away:
                left_at = number
            if step.act in ("open", "reader", "archive", "diff") and step.domain not in (None, home):
                first_outside = first_outside or number
                sources.append(step.domain)
        return Measures(
            steps=len(self._steps),
            seconds=sum(step.seconds for step in self._steps),
            left_at=left_at,
            left_early=left_at is not None and left_at <= EARLY,
            first_outside=first_outside,
            sources=tuple(dict.fromkeys(sources)),
            verdict=self._verdict,
            confidence=self._confidence,
        )

    def observe(self, callback: Callable[[Self], object]) -> Callable[[Self], object]:
        """Call `callback` with the trail after each change, once it has been saved."""
        self._observers.append(callback)
        return callback

    def unobserve(self, callback: Callable[[Self], object]) -> None:
        """Stop calling `callback`; one that is not registered is passed over."""
        if callback in self._observers:
            self._observers.remove(callback)

    def _changed(self) -> None:
        for callback in tuple(self._observers):
            callback(self)


def _step(act: object, what: object, seconds: object) -> Step:
    if act not in ACTS:
        raise InputError(f"A step is one of {', '.join(ACTS)}; not {act!r}.")
    if not isinstance(what, str):
        raise InputError(f"A step goes to an address or a query, not to {what!r}.")
    return Step(str(act), what[:LONGEST], _seconds(seconds))


def _seconds(seconds: object) -> float:
    return _number(seconds, 0, float("inf"), "The seconds of a step")


def _verdict(verdict: object, confidence: object) -> tuple[str, float]:
    if not (isinstance(verdict, str) and verdict.strip() and len(verdict) <= LONGEST):
        raise InputError(f"A verdict is a short word, not {verdict!r}.")
    return verdict, _number(confidence, 0, 100, "A confidence in per cent")


def _number(value: object, low: float, high: float, what: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (number and isfinite(value) and low <= value <= high):
        raise InputError(f"{what} lies between {low:g} and {high:g}; not {value!r}.")
    return float(value)
