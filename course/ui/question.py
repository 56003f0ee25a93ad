"""A question on judgement: options with feedback for each, staged hints, sure or unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import QuestionState


class QuestionView(View):
    """Shows a `course.judgement.QuestionState`, which holds, saves and restores the answers.

    The feedback of an option reaches the browser when the option has been chosen, not before.
    """

    _esm = static("parts.js", "question.js")

    state = traitlets.Dict().tag(sync=True)
    hasHints = traitlets.Bool().tag(sync=True)
    spoken = traitlets.Unicode().tag(sync=True)

    def __init__(self, model: QuestionState):
        super().__init__(hasHints=bool(model.question.hints))
        self._model = model
        self._given: dict[int, str] = {}
        self._hints: list[str] = []
        self._tick = 0
        self._restore()
        self._show()
        self.on_msg(self._said)

    def _restore(self) -> None:
        for index in self._model.chosen:
            self._given[index] = self._model.question.options[index].feedback
        self._hints = list(self._model.question.hints[: self._model.hints_given])

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "answer":
            self.answer(message.get("option"), bool(message.get("sure")))
        elif message.get("type") == "hint":
            self.hint()

    def answer(self, option: object, sure: bool) -> None:
        """Pass an answer to the model, and show its feedback once it is saved."""
        try:
            reply = self._model.choose(option, sure)
        except (OSError, ValueError) as problem:
            self._show(str(problem))
            return
        self._given[option] = reply.text
        self._show(spoken=reply.text)

    def hint(self) -> None:
        """Show the next hint."""
        try:
            text = self._model.hint()
        except (OSError, ValueError) as problem:
            self._show(str(problem))
            return
        if text is not None:
            self._hints.append(text)
        self._show(spoken=text or "")

    def _show(self, trouble: str = "", spoken: str = "") -> None:
        model = self._model
        self._tick += 1
        last = model.chosen[-1] if model.chosen else None
        with self.hold_sync():
            self.spoken = spoken or trouble
            self.state = {
                "prompt": model.question.prompt,
                "options": [option.text for option in model.question.options],
                "feedback": {str(index): text for index, text in self._given.items()},
                "hints": self._hints.copy(),
                "hintsLeft": len(model.question.hints) - len(self._hints),
                "chosen": last,
                "sure": model.sure,
                "right": model.question.options[last].right if last is not None else None,
                "trouble": trouble,
                "tick": self._tick,
            }
