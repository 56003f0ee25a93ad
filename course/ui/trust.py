"""A list of trust one chooses: who is on it, and what the same few files come to by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui.credential import described
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.provenance import TrustChoice


class TrustView(View):
    """Shows a `course.provenance.TrustChoice`: a switch for each authority, a line for each file.

    Parameters
    ----------
    model : TrustChoice
    pictures : mapping of str to bytes
        Small JPEG pictures of the files, by label.
    alts : mapping of str to str
        What is seen in them.
    """

    _esm = static("parts.js", "ask.js", "credential.js", "trust.js")

    known = traitlets.List().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    alts = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: TrustChoice, pictures: Mapping[str, bytes], alts: Mapping[str, str]):
        super().__init__(
            known=[[name, one.title, one.words] for name, one in model.known.items()],
            pictures=dict(pictures),
            alts=dict(alts),
        )
        self._model = model
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.choose(message.get("name"), message.get("on"))

    def choose(self, name: object, on: object) -> None:
        """Put an authority on the list or take it off, and show what follows."""
        before = {label: one.state for label, one in self._model.found.items()}
        try:
            self._model.choose(name, bool(on))
        except CourseError as problem:
            self._show(str(problem))
            return
        moved = [label for label, one in self._model.found.items() if one.state is not before[label]]
        spoken = "; ".join(f"{label}: {described(self._model.found[label])['word']}" for label in moved)
        self._show(self._model.sentence, spoken or "No state has changed.")

    def _show(self, trouble: str = "", spoken: str = "") -> None:
        self._tick += 1
        self.state = {
            "on": list(self._model.on),
            "files": [[label, described(one)] for label, one in self._model.found.items()],
            "trouble": trouble,
            "spoken": spoken,
            "tick": self._tick,
        }
