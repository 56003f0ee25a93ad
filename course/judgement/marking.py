"""Marks made by hand: where a thing is in the frames of a clip, and how wide, one mark a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from course.errors import InputError
from course.judgement.model import Observed, Save

SET = "marking.set"
REMOVE = "marking.remove"
CLEAR = "marking.clear"


class Mark(NamedTuple):
    """One mark: frame number from 0, x and y of the middle from the upper left, and the width, all in pixels."""

    frame: int
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Subject:
    """What is to be marked.

    Attributes
    ----------
    id : str
        Short and lasting, for the record.
    thing : str
        What it is, for sentences: "the ball".
    first, last : int
        The frames in which it may be marked, both included.
    wide, high : int
        Size of the picture in pixels.
    wanted : int
        So many marks are enough.

    Raises
    ------
    ValueError
        Nothing could be marked like this.

    Examples
    --------
    >>> Subject("ball", "the ball", first=12, last=129, wide=320, high=240).wanted
    8
    """

    id: str
    thing: str
    first: int
    last: int
    wide: int
    high: int
    wanted: int = 8

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.thing.strip():
            raise InputError("What is to be marked needs an id and a name.")
        if not 0 <= self.first <= self.last:
            raise InputError(f"{self.id!r}: first and last must be frames in order; got {self.first} and {self.last}.")
        if self.wide < 1 or self.high < 1:
            raise InputError(f"{self.id!r}: the picture must have a size; got {self.wide} x {self.high}.")
        if not 1 <= self.wanted <= self.last - self.first + 1:
            raise InputError(f"{self.id!r}: wanted must be 1 to the number of frames; got {self.wanted}.")


class Marking(Observed):
    """The marks a learner has made of one thing, one a frame; each is saved before it counts.

    Parameters
    ----------
    subject : Subject
        What is marked, and where it may be.
    save : callable
        Takes one event, a flat mapping with ``"kind"``, and returns once it is safe; it raises when it is
        not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind and subject; ``(event.data for event in log.events())``. What makes no
        sense for this subject is passed over.

    Examples
    --------
    >>> saved = []
    >>> subject = Subject("ball", "the ball", first=12, last=129, wide=320, high=240)
    >>> marking = Marking(subject, saved.append)
    >>> marking.mark(24, x=113.5, y=71, width=12)
    >>> marking.mark(12, x=101, y=94, width=12)
    >>> [mark.frame for mark in marking.marks], marking.enough
    ([12, 24], False)
    >>> Marking(subject, saved.append, past=saved).marks == marking.marks
    True
    """

    def __init__(self, subject: Subject, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.subject = subject
        self._save = save
        self._marks: dict[int, Mark] = {}
        for event in past:
            if event.get("marking") == subject.id:
                self._take_up(event)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks, by frame."""
        return tuple(self._marks[frame] for frame in sorted(self._marks))

    @property
    def enough(self) -> bool:
        """Whether as many frames are marked as were wanted."""
        return len(self._marks) >= self.subject.wanted

    def mark(self, frame: object, x: object, y: object, width: object) -> None:
        """Mark a frame; one that is marked already is marked anew.

        Parameters
        ----------
        frame : int
            Number of the frame, from 0.
        x, y : float
            Middle of the thing, in pixels from the upper left.
        width : float
            Its width in pixels.

        Raises
        ------
        ValueError
            The frame is not one of those to be marked, the place is not in the picture, or the width is none.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        one = self._checked(frame, x, y, width)
        self._save({"kind": SET, "marking": self.subject.id, **one._asdict()})
        self._marks[one.frame] = one
        self._changed()

    def remove(self, frame: object) -> None:
        """Take the mark of a frame away.

        Raises
        ------
        ValueError
            That frame has no mark.
        Exception
            Whatever `save` raises. The mark is still there.
        """
        if not _is_whole(frame) or frame not in self._marks:
            raise InputError("There is no mark in this frame.")
        self._save({"kind": REMOVE, "marking": self.subject.id, "frame": frame})
        del self._marks[frame]
        self._changed()

    def clear(self) -> None:
        """Take all marks away, to begin anew. Without any, nothing happens.

        Raises
        ------
        Exception
            Whatever `save` raises. The marks are still there.
        """
        if not self._marks:
            return
        self._save({"kind": CLEAR, "marking": self.subject.id})
        self._marks.clear()
        self._changed()

    def _checked(self, frame: object, x: object, y: object, width: object) -> Mark:
        subject = self.subject
        if not _is_whole(frame) or not subject.first <= frame <= subject.last:
            raise InputError(
                f"Mark {subject.thing} while it flies: in frames {subject.first + 1} to {subject.last + 1}."
            )
        if not (_is_number(x) and _is_number(y) and 0 <= x <= subject.wide and 0 <= y <= subject.high):
            raise InputError("A mark must lie inside the picture.")
        if not (_is_number(width) and 1 <= width <= min(subject.wide, subject.high)):
            raise InputError("A ring must be 1 pixel wide or more, and fit into the picture.")
        # A hundredth of a pixel is finer than any hand.
        return Mark(frame, round(float(x), 2), round(float(y), 2), round(float(width), 2))

    def _take_up(self, event: Mapping[str, object]) -> None:
        kind = event.get("kind")
        if kind == CLEAR:
            self._marks.clear()
        elif kind == REMOVE and _is_whole(event.get("frame")):
            self._marks.pop(event["frame"], None)
        elif kind == SET:
            try:
                one = self._checked(*(event.get(name) for name in Mark._fields))
            except ValueError:
                return  # of another cut of the clip, or written by another hand
            self._marks[one.frame] = one


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    # A whole number may be too large to be made a float; NaN compares with nothing.
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e6 < value < 1e6
