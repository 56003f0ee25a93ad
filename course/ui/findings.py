"""A table of findings to fill: what each shows, and what it does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import FindingsState


class FindingsView(View):
    """Shows a `course.judgement.FindingsState`. A reply reaches the browser once its row has been checked."""

    _esm = static("parts.js", "ask.js", "findings.js")

    table = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: FindingsState):
        findings = model.findings
        super().__init__(
            table={
                "prompt": findings.prompt,
                "rows": [
                    {
                        "key": row.key,
                        "text": row.text,
                        "shows": [one.text for one in row.shows],
                        "open": [one.text for one in row.open],
                    }
                    for row in findings.rows
                ],
            }
        )
        self._model = model
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.check(message.get("row"), message.get("shows"), message.get("open"))

    def check(self, row: object, shows: object, open: object) -> None:
        """Pass a row to the model, and show the replies once it is saved."""
        try:
            reply = self._model.check(row, shows, open)
        except CourseError as problem:
            self._show(trouble=str(problem), row=row if isinstance(row, str) else "")
            return
        self._show(spoken=f"It shows: {reply.feedback_shows} It does not show: {reply.feedback_open}", row=str(row))

    def _show(self, trouble: str = "", spoken: str = "", row: str = "") -> None:
        model = self._model
        self._tick += 1
        self.state = {
            "filled": {
                key: {
                    "shows": one.shows,
                    "open": one.open,
                    "replies": [one.feedback_shows, one.feedback_open],
                    "right": one.right,
                }
                for key, one in model.filled.items()
            },
            "done": len(model.solved),
            "closing": model.findings.closing if model.complete else "",
            "trouble": trouble,
            "row": row,
            "spoken": spoken,
            "tick": self._tick,
        }
