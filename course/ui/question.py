"""A question on judgement: options with feedback for each, staged hints, sure or unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import QuestionState


class QuestionView(View):
    """Shows a `course.judgement.QuestionState`, which holds, saves and restores the answers.

    The feedback of an option reaches the browser when the option has been chosen, not before.
    """

    _esm = static("parts.js", "ask.js", "question.js")

    state = traitlets.Dict().tag(sync=True)
    spoken = traitlets.Unicode().tag(sync=True)

    def __init__(self, model: QuestionState):
        super().__init__()
        self._model = model
        self._given: dict[int, str] = {}
        if model.feedback:
            self._given[model.choice] = model.feedback.text
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "answer":
            self.answer(message.get("option"), bool(message.get("sure")))
        elif message.get("type") == "hint":
            self.hint()

    def answer(self, option: object, sure: bool) -> None:
        """Pass an answer to the model, and show its feedback once it is saved."""
        try:
            reply = self._model.choose(option, sure)
        except CourseError as problem:
            self._show(str(problem))
            return
        words = f"{reply.text} {reply.why}" if reply.why else reply.text
        self._given[option] = words
        self._show(spoken=words)

    def hint(self) -> None:
        """Show the next hint."""
        try:
            text = self._model.hint()
        except CourseError as problem:
            self._show(str(problem))
            return
        self._show(spoken=text)

    def _show(self, trouble: str = "", spoken: str = "") -> None:
        model = self._model
        self._tick += 1
        with self.hold_sync():
            self.spoken = spoken or trouble
            self.state = {
                "prompt": model.question.prompt,
                "options": [option.text for option in model.question.options],
                "feedback": {str(index): text for index, text in self._given.items()},
                "hints": list(model.hints_shown),
                "hintsLeft": model.hints_left,
                "chosen": model.choice,
                "sure": model.sure,
                "right": model.feedback.right if model.feedback else None,
                "trouble": trouble,
                "tick": self._tick,
            }
