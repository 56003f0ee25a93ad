"""Marking by hand on screen: a ring round a thing, frame by frame, by mouse or by keys.

jupyter-bbox-widget draws boxes and points on one picture at a time, by mouse; it has no frames to step through and no
keys that move a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static
from course.ui.player import track

if TYPE_CHECKING:
    from course.judgement import Marking
    from course.media import Clip


class MarkingView(View):
    """Shows a `course.judgement.Marking` on its clip.

    Keys while the picture has the focus: the arrows move the ring by a pixel (with Shift ten), ``w`` and ``n`` make it
    wider and narrower, Enter marks and goes on, ``.`` and ``,`` go on and back, Delete takes a mark away. All else is
    as in the player.

    Parameters
    ----------
    model : Marking
        Holds and saves the marks.
    clip : Clip
        What they are made on.
    step : int
        So many frames it goes on after a mark.
    ring : float
        How wide the ring is at first, in pixels.
    label : str, optional
        A caption under the picture.
    """

    _esm = static("parts.js", "ask.js", "marking.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    track = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)

    def __init__(self, model: Marking, clip: Clip, *, step: int = 1, ring: float = 10, label: str = ""):
        subject = model.subject
        shown, data = track(clip, label)
        super().__init__(
            setup={
                "thing": subject.thing,
                "first": subject.first,
                "last": subject.last,
                "wanted": subject.wanted,
                "step": step,
                "ring": ring,
            },
            track=shown,
            picture=data,
        )
        self._model = model
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.said(message)

    def said(self, message: dict) -> None:
        """Pass on what the learner did, and show it once it is saved."""
        model = self._model
        frame = message.get("frame")
        acts: dict[object, tuple[Callable[[], object], str]] = {
            "mark": (lambda: model.mark(frame, *(message.get(name) for name in ("x", "y", "width"))), "Marked."),
            "remove": (lambda: model.remove(frame), "Taken away."),
            "clear": (model.clear, "All marks are taken away."),
        }
        kind = message.get("type")
        if not isinstance(kind, str) or kind not in acts:
            return
        act, spoken = acts[kind]
        try:
            act()
        except CourseError as problem:
            self._show(trouble=str(problem))
        else:
            self._show(spoken=spoken)

    def _show(self, trouble: str = "", spoken: str = "") -> None:
        self._tick += 1
        self.state = {
            "marks": [list(mark) for mark in self._model.marks],
            "trouble": trouble,
            "spoken": spoken,
            "tick": self._tick,
        }
