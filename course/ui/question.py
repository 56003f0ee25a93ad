"""A question on judgement: options with feedback for each, staged hints, sure or unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import Feedback, QuestionState


HEADS = {True: "That fits.", False: "Not quite."}
"""What stands over a reply, beside a sign of its own, so that the two kinds are told apart at once."""


class QuestionView(View):
    """Shows a `course.judgement.QuestionState`, which holds, saves and restores the answers.

    The feedback of an option reaches the browser when the option has been chosen, not before. The page counts options
    in the order in which it shows them; here, as in the record, they are counted in the order of the file.
    """

    _esm = static("parts.js", "ask.js", "question.js")

    state = traitlets.Dict().tag(sync=True)
    spoken = traitlets.Unicode().tag(sync=True)

    def __init__(self, model: QuestionState):
        super().__init__()
        self._model = model
        self._given: dict[int, str] = {}
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "answer":
            self.answer(self._meant(message.get("option")), bool(message.get("sure")))
        elif message.get("type") == "hint":
            self.hint()

    def _meant(self, shown: object) -> object:
        """The option at a place of the page; what is no place is passed on, for the model to refuse."""
        order = self._model.order
        is_place = isinstance(shown, int) and not isinstance(shown, bool) and 0 <= shown < len(order)
        return order[shown] if is_place else shown

    def answer(self, option: object, sure: bool) -> None:
        """Pass an answer to the model, and show its feedback once it is saved."""
        try:
            reply = self._model.choose(option, sure)
        except CourseError as problem:
            self._show(str(problem))
            return
        words = _in_words(reply)
        self._given[option] = words
        self._show(spoken=f"{HEADS[reply.right]} {words}")

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
        if model.feedback:  # it may have been given in another window
            self._given.setdefault(model.choice, _in_words(model.feedback))
        place = {option: shown for shown, option in enumerate(model.order)}
        options = model.question.options
        self._tick += 1
        with self.hold_sync():
            self.spoken = spoken or trouble
            self.state = {
                "prompt": model.question.prompt,
                "options": [options[option].text for option in model.order],
                "heads": {str(place[one]): [options[one].right, HEADS[options[one].right]] for one in self._given},
                "feedback": {str(place[option]): text for option, text in self._given.items()},
                "hints": list(model.hints_shown),
                "hintsLeft": model.hints_left,
                "chosen": None if model.choice is None else place[model.choice],
                "sure": model.sure,
                "right": model.feedback.right if model.feedback else None,
                "trouble": trouble,
                "tick": self._tick,
            }


def _in_words(reply: Feedback) -> str:
    return f"{reply.text} {reply.why}" if reply.why else reply.text
