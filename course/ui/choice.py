"""A choice that is kept the moment it is made, such as the path through the course."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import traitlets

from course.errors import CourseError
from course.ui.look import View, static


class Choice(View):
    """Radio buttons for a preference.

    Parameters
    ----------
    label : str
        The question above the options.
    options : mapping of str to str
        Value and text of each option.
    value : str
        What is chosen now.
    keep : callable
        Called with the new value; returns the sentence to show. It must save before it returns, and may raise
        a `CourseError`, whose message is shown instead; then the old value stays chosen.
    """

    _esm = static("parts.js", "ask.js", "choice.js")

    label = traitlets.Unicode().tag(sync=True)
    options = traitlets.List().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, options: Mapping[str, str], value: str, keep: Callable[[str], str]):
        super().__init__(label=label, options=[list(pair) for pair in options.items()], value=value)
        self._keep = keep

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.choose(str(message.get("value")))

    def choose(self, value: str) -> None:
        """Keep ``value``, and say so."""
        if value not in dict(self.options):
            self.note = "That is not one of the choices."
            return
        try:
            note = self._keep(value)
        except CourseError as problem:
            note, value = str(problem), self.value
        with self.hold_sync():
            self.value, self.note = value, note
