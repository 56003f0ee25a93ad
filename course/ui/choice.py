"""A choice that is kept the moment it is made, such as the path through the course."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import traitlets

from course.errors import CourseError, InputError
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
    kept = traitlets.Bool(True).tag(sync=True)
    """Whether the last choice could be kept; if not, `note` says why."""
    tick = traitlets.Int(0).tag(sync=True)
    """Grows with each reply, so that the page hears of one that says the same as the last."""

    def __init__(self, label: str, options: Mapping[str, str], value: str, keep: Callable[[str], str]):
        super().__init__(label=label, options=[list(pair) for pair in options.items()], value=value)
        self._keep = keep

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.choose(str(message.get("value")))

    def choose(self, value: str) -> None:
        """Keep ``value``, and say so."""
        kept = True
        try:
            if value not in dict(self.options):
                raise InputError("That is not one of the choices.")
            note = self._keep(value)
        except CourseError as problem:
            note, value, kept = str(problem), self.value, False
        with self.hold_sync():
            self.value, self.note, self.kept = value, note, kept
            self.tick += 1
