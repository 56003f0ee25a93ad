"""Something in the learner's own words, and a checklist to hold it against. The text stays on the learner's machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.judgement.writing import LONGEST
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import WritingState


class WritingView(View):
    """Shows a `course.judgement.WritingState`: the checklist and an example come once something has been written."""

    _esm = static("parts.js", "ask.js", "writing.js")

    prompt = traitlets.Unicode().tag(sync=True)
    longest = traitlets.Int(LONGEST).tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: WritingState) -> None:
        super().__init__(prompt=model.writing.prompt)
        self._model = model
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.keep(message.get("text"), message.get("ticks"))

    def keep(self, text: object, ticks: object) -> None:
        """Pass text and ticks to the model."""
        try:
            self._model.keep(text, ticks)
        except CourseError as problem:
            self._show(trouble=str(problem))
            return
        self._show(saved=True)

    def _show(self, *, saved: bool = False, trouble: str = "") -> None:
        model = self._model
        self._tick += 1
        self.state = {
            "text": model.text,
            "ticks": list(model.ticks),
            "checklist": list(model.writing.checklist) if model.written else [],
            "example": model.writing.example if model.written else "",
            "saved": saved,
            "trouble": trouble,
            "tick": self._tick,
        }
