"""Save the learner's record to one file and restore it, by button: Binder forgets all after ten idle minutes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.record import Record


class Keep(View):
    """Two buttons: save my work to a file, restore my work from a file. The file goes to the learner's own disk."""

    _esm = static("parts.js", "keep.js")

    note = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int(20_000_000).tag(sync=True)

    def __init__(self, record: Record):
        super().__init__(note=self.count(len(record.events())))
        self._record = record
        self.on_msg(self._said)

    @staticmethod
    def count(events: int) -> str:
        return "Nothing to save yet." if events == 0 else f"Your record holds {events} entries."

    def _said(self, _view: View, message: dict, buffers: list) -> None:
        if message.get("type") == "save":
            self.save()
        elif message.get("type") == "restore" and buffers:
            self.restore(bytes(buffers[0]))

    def save(self) -> None:
        """Send the record to the browser as a file."""
        name = f"look-twice-{date.today():%Y-%m-%d}.jsonl"
        try:
            data = self._record.export_bytes()
        except OSError as problem:
            self.note = str(problem)
            return
        self.send({"type": "file", "name": name}, buffers=[data])
        self.note = f"Saved as {name}. Look in your downloads."

    def restore(self, data: bytes) -> None:
        """Add what a saved file holds to the record, and say what came back."""
        try:
            added = self._record.restore(data)
        except CourseError as problem:
            self.note = str(problem)
            return
        total = len(self._record.events())
        self.note = (
            f"{added} entries came back; your record now holds {total}. Run the cells of your lesson again to go on."
            if added
            else "All that this file holds was here already. Nothing was changed."
        )
