"""Put a page back as the course has it, by button. What the learner wrote there is kept beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import traitlets

from course.errors import InputError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.pages import Page

_STATES = {
    "missing": " (it is not there)",
    "damaged": " (it cannot be read)",
    "changed": " (you changed it)",
    "outdated": " (you changed it, and there is a newer page)",
}


class PutBack(View):
    """A list of pages, and a button that puts the chosen one back.

    Parameters
    ----------
    overview : callable
        Returns the pages as they are now.
    put_back : callable
        Called with the name of a page; returns the sentence to show. It may raise a `CourseError`.
    """

    _esm = static("parts.js", "ask.js", "putback.js")

    pages = traitlets.List().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, overview: Callable[[], Sequence[Page]], put_back: Callable[[str], str]):
        super().__init__(pages=_shown(overview()))
        self._overview = overview
        self._put_back = put_back

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "put back":
            self.put_back(message.get("name"))

    def put_back(self, name: object) -> None:
        """Put a page back, and say where the old one is.

        Raises
        ------
        InputError
            No page was chosen.
        PageError
            It could not be done. The page is what it was before.
        """
        if name not in [shown for shown, _ in self.pages]:
            raise InputError("Choose a page first.")
        note = self._put_back(str(name))
        with self.hold_sync():
            self.pages = _shown(self._overview())
            self.note = note


def _shown(pages: Sequence[Page]) -> list[list[str]]:
    """Name and text of each page."""
    shown = []
    for page in pages:
        number = re.match(r"0*([1-9]\d*)-", page.name)
        lesson = f"Lesson {number[1]}: " if number else ""
        shown.append([page.name, f"{lesson}{page.title}{_STATES.get(page.state, '')}"])
    return shown
