"""Save the learner's record to one file and restore it, by button: Binder forgets all after ten idle minutes.

Both ways the file travels in pieces: the connection carries at most 10 million bytes at once.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import traitlets

from course.errors import InputError
from course.record import RecordError
from course.record.store import LARGEST_FILE
from course.ui.look import Reply, View, static
from course.ui.upload import PIECE, Upload
from course.ui.words import many

if TYPE_CHECKING:
    from course.record import Record


ACT = "keep.act"
"""What was done: ``save`` or ``restore``."""


class Keep(View):
    """Two buttons: save my work to a file, restore my work from a file. The file goes to the learner's own disk."""

    _esm = static("parts.js", "ask.js", "keep.js")

    note = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int(LARGEST_FILE).tag(sync=True)

    def __init__(self, record: Record):
        super().__init__(note=self.count(len(record.events())))
        self._record = record
        self._leaving: tuple[str, bytes] | None = None  # the file on its way out
        self._arriving = Upload(LARGEST_FILE)

    @staticmethod
    def count(events: int) -> str:
        """Say how much there is to save.

        Examples
        --------
        >>> Keep.count(0), Keep.count(1)
        ('Nothing to save yet.', 'Your record holds 1 entry.')
        """
        return "Nothing to save yet." if events == 0 else f"Your record holds {many(events, 'entry', 'entries')}."

    def _said(self, _view: View, message: dict, buffers: list) -> Reply:
        kind, start = message.get("type"), message.get("start", 0)
        if kind == "save":
            return self.save(start)
        if kind == "restore" and buffers:
            data = self._arriving.take(message, buffers)
            if data is not None:
                self.restore(data)
        return None

    def save(self, start: object = 0) -> tuple[dict[str, object], list[bytes]]:
        """A piece of the record as a file, from a byte on, and what the whole is called.

        Raises
        ------
        RecordError
            There is nothing to save, or it cannot be read.
        InputError
            There is no such piece.
        """
        if start == 0:
            if self._record.events():
                self._note_act("save")  # first, so that the file holds it too
            code = self._record.export_name.removesuffix(".jsonl")
            self._leaving = f"{code}-{date.today():%Y-%m-%d}.jsonl", self._record.export_bytes()
        if self._leaving is None or not isinstance(start, int) or not 0 <= start < len(self._leaving[1]):
            raise InputError("The file was not whole. Press the button once more.")
        name, data = self._leaving
        piece = data[start : start + PIECE]
        if start + len(piece) == len(data):
            self._leaving = None
            self.note = f"Saved as {name}. Look in your downloads."
        return {"name": name, "size": len(data)}, [piece]

    def restore(self, data: bytes) -> None:
        """Add what a saved file holds to the record, and say what came back.

        Raises
        ------
        RecordError
            It is no record, or it cannot be written. Nothing was changed.
        """
        added = self._record.restore(data)
        self._note_act("restore")
        total = len(self._record.events())
        self.note = (
            f"{many(added, 'entry', 'entries')} came back; your record now holds {total:,}. Run the boxes of your "
            "lesson again to go on."
            if added
            else "All that this file holds was here already. Nothing was changed."
        )

    def _note_act(self, act: str) -> None:
        # Work can be carried away also where nothing more can be written, so a failure here is no trouble.
        with suppress(RecordError):
            self._record.append({"kind": ACT, "act": act})
