"""Next moves: what a learner would check outside the frame, in order, and what each check can and cannot settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import MovesState


class MovesView(View):
    """Shows a `course.judgement.MovesState`: choose up to a few checks, put them in order, read what each settles."""

    _esm = static("parts.js", "ask.js", "moves.js")

    prompt = traitlets.Unicode().tag(sync=True)
    moves = traitlets.List().tag(sync=True)
    most = traitlets.Int(3).tag(sync=True)
    order = traitlets.List().tag(sync=True)
    replies = traitlets.Dict().tag(sync=True)
    closing = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    """Grows with each reply, so that the page hears of one that says the same as the last."""

    def __init__(self, model: MovesState):
        moves = model.moves
        super().__init__(
            prompt=moves.prompt,
            most=moves.most,
            moves=[{"text": one.text} for one in moves.options],
            order=list(model.order),
        )
        self._model = model
        if model.order:
            self._reply()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.rank(message.get("order"))

    def rank(self, order: object) -> None:
        """Pass an order to the model, and show the replies once it is saved."""
        try:
            self._model.rank(order)
        except CourseError as problem:
            with self.hold_sync():
                self.trouble = str(problem)
                self.tick += 1
            return
        self._reply()

    def _reply(self) -> None:
        model = self._model
        with self.hold_sync():
            self.trouble = ""
            self.tick += 1
            self.order = list(model.order)
            self.closing = model.moves.closing
            self.replies = {
                str(index): {
                    "settles": model.moves.options[index].settles,
                    "open": model.moves.options[index].open,
                }
                for index in model.order
            }
