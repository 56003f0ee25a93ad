"""Marking a place on a picture, and pictures with places marked on them.

Peer looked at: jupyter-bbox-widget draws boxes and has keys for them, but its parts have no names for a screen reader,
it listens to the mouse alone and not to touch, and it cannot hold back an answer and then show it beside one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.ui import confidence
from course.ui.look import View, static
from course.ui.player import Role, track

if TYPE_CHECKING:
    from course.judgement import AnnotationSet
    from course.media import Still


@dataclass(frozen=True)
class Mark:
    """A place on a picture.

    Attributes
    ----------
    box : tuple of float
        ``(x, y, width, height)`` in shares of the picture.
    words : str
        What is to be seen there.
    frames : tuple of int or None
        First and last frame of a clip in which it shows; None for all.
    """

    box: tuple[float, float, float, float]
    words: str
    frames: tuple[int, int] | None = None


@dataclass(frozen=True)
class Told:
    """What there is to know of a picture, once it may be known.

    Attributes
    ----------
    role : {"camera", "generated", "plain"}
        Where it comes from.
    title : str
        The same in words.
    words, after : tuple of str
        Sentences before and after the marks.
    marks : tuple of Mark
        The places, numbered from 1 on the screen.
    credit : str
        Author and licence.
    """

    role: Role
    title: str
    words: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    after: tuple[str, ...] = ()
    credit: str = ""

    def as_trait(self) -> dict[str, Any]:
        """As plain values for the browser."""
        return asdict(self)


class AnnotateView(View):
    """Shows a `course.judgement.AnnotationSet`, which holds, saves and restores the answers.

    Keys: with the focus on the box the arrows move it, Shift with the arrows changes its size, Delete takes it away;
    ``+``, ``-`` and ``0`` zoom, and with the focus on the picture Shift with the arrows moves what is shown of it.

    Parameters
    ----------
    model : AnnotationSet
        The set.
    picture : callable
        Gives the still of an item's name. Only its pixels and its text alternative go to the browser.
    told : callable
        Gives what to show of an item that has its answer. It is not called before.
    families : sequence of mapping
        ``key``, ``title`` and ``short`` of each family to choose from.
    language : str
        The learner's language of confidence, see `course.ui.confidence`.
    """

    _esm = static("parts.js", "ask.js", "plate.js", "annotate.js")

    state = traitlets.Dict().tag(sync=True)
    track = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)
    families = traitlets.List().tag(sync=True)
    steps = traitlets.List().tag(sync=True)

    def __init__(
        self,
        model: AnnotationSet,
        picture: Callable[[str], Still],
        told: Callable[[str], Told],
        families: Sequence[Mapping[str, str]],
        language: str = "percent",
    ):
        super().__init__(
            families=[{key: one[key] for key in ("key", "title", "short")} for one in families],
            steps=[list(step) for step in confidence.steps(language)],
        )
        self._model = model
        self._picture = picture
        self._told = told
        self._at: int | None = None  # place in the order of what is on the screen
        self._loaded: str | None = None  # whose pixels the browser has
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "go":
            self.go(message.get("position"))
        elif message.get("type") == "answer":
            self.answer(*(message.get(key) for key in ("position", "box", "family", "confidence")))

    def go(self, position: object = None) -> None:
        """Show the picture at a place in the order; None for the first that waits for an answer.

        No place beyond that one can be reached; beyond the last picture is the end.
        """
        model = self._model
        try:
            if not model.started:
                model.start()
        except CourseError as problem:
            return self._show(str(problem))
        first = len(model.order) if model.current is None else model.order.index(model.current)
        whole = isinstance(position, int) and not isinstance(position, bool) and position >= 0
        self._at = min(position, first) if whole else first
        return self._show()

    def answer(self, position: object, box: object, family: object, confidence: object) -> None:
        """Pass an answer to the model, and show what there is to know once it is saved."""
        if self._at is None or position != self._at or self._at >= len(self._model.order):
            return self._show()  # a click on what is no longer on the screen
        item = self._model.order[self._at]
        if self._model.given(item):
            return self._show()  # a second click on the same button
        try:
            self._model.answer(item, box, family, confidence)
        except CourseError as problem:
            return self._show(str(problem))
        return self._show()

    def _show(self, trouble: str = "") -> None:
        model = self._model
        done, total = model.progress
        item = model.order[self._at] if self._at is not None and self._at < len(model.order) else None
        given = model.given(item) if item else None
        phase = "told" if given else "asking" if item else "done" if model.finished else "ready"
        shown, data, told = self.track, self.picture, {}
        try:
            # Sent anew for each picture and not for each message: it is the same while one is asked and told.
            if item is None:
                shown, data = {}, b""
            elif item != self._loaded:
                shown, data = track(self._picture(item))
            if given:
                told = {**self._told(item).as_trait(), "own": given.box and list(given.box)}
        except CourseError as problem:
            phase, item, shown, data, trouble = "ready", None, {}, b"", str(problem)
        self._loaded = item
        self._tick += 1
        with self.hold_sync():
            self.track, self.picture, self.told = shown, data, told
            self.state = {
                "phase": phase,
                "title": model.form.title,
                "position": self._at if item else None,
                "done": done,
                "total": total,
                "trouble": trouble,
                "tick": self._tick,
            }


class MarkedView(View):
    """One picture, or two beside each other, with their marks and reasons.

    Parameters
    ----------
    pictures : iterable of (Still, Told)
        What to show.
    label : str
        Name of the view for a screen reader.
    notes : iterable of (str, str)
        What stands under it: the head of a paragraph, and its text.
    """

    _esm = static("parts.js", "plate.js", "marked.js")

    label = traitlets.Unicode().tag(sync=True)
    tracks = traitlets.List().tag(sync=True)
    pictures = traitlets.List().tag(sync=True)
    told = traitlets.List().tag(sync=True)
    notes = traitlets.List().tag(sync=True)

    def __init__(
        self,
        pictures: Iterable[tuple[Still, Told]],
        label: str = "Pictures with marks",
        notes: Iterable[tuple[str, str]] = (),
    ):
        pairs = [(*track(picture), told.as_trait()) for picture, told in pictures]
        tracks, data, told = (list(column) for column in zip(*pairs, strict=True))
        super().__init__(label=label, tracks=tracks, pictures=data, told=told, notes=[list(pair) for pair in notes])
