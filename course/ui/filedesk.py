"""The file desk: what a file says of itself, and the hand that takes it out or writes it anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.provenance import remarks
from course.ui.look import Reply, View, static
from course.ui.probe import encoded
from course.ui.upload import LARGEST, Upload

if TYPE_CHECKING:
    import numpy as np

    from course.provenance import Desk, Made, Metadata


class FileDeskView(View):
    """Shows a `course.provenance.Desk`: picture, remarks, fields, and, where it is wanted, the tools to change them.

    Parameters
    ----------
    model : Desk
    alts : mapping of str to str
        What is seen, by label.
    pixels : callable
        Gives the pixels of a file's content, (H, W, 3) or (T, H, W, 3).
    changing : bool
        Whether there are tools to change the file, and other files to choose from.
    titles : mapping of str to str, optional
        What the files are called on the page, by label.
    told : iterable of str, optional
        Paragraphs at the end: what can be said once the file is open.
    """

    _esm = static("parts.js", "ask.js", "filedesk.js")

    state = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    changing = traitlets.Bool().tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)
    told = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        model: Desk,
        alts: Mapping[str, str],
        pixels: Callable[[bytes], np.ndarray],
        changing: bool = False,
        titles: Mapping[str, str] | None = None,
        told: Iterable[str] = (),
    ):
        super().__init__(changing=changing, told=list(told))
        self._model, self._alts, self._pixels = model, dict(alts), pixels
        self._titles = dict(titles or {})
        self._upload = Upload()
        self._tick = 0
        self._look()
        self._show()

    def _said(self, _view: View, message: dict, buffers: list) -> Reply:
        if message.get("type") == "piece":
            return self.piece(message, buffers)
        self.act(message)
        return None

    def act(self, message: Mapping[str, Any]) -> None:
        """Do what one message of the page asks for."""
        try:
            self._act(message)
        except CourseError as problem:  # what was done could not be written into the record
            self._model.sentence = str(problem)
            self._show()

    def _act(self, message: Mapping[str, Any]) -> None:
        model, kind = self._model, message.get("type")
        if kind == "choose":
            if model.choose(message.get("label")):
                self._look()
            self._show()
        elif kind == "strip":
            model.strip()
            self._show("Everything is out." if not model.sentence else "")
        elif kind == "edit":
            wanted = message.get("fields")
            wanted = wanted if isinstance(wanted, Mapping) else {}
            model.edit(**{name: wanted.get(name) for name in ("taken", "camera", "place", "software")})
            self._show("It is written in." if not model.sentence else "")
        elif kind == "back":
            model.put_back()
            self._show("The file is as it was." if not model.sentence else "")
        elif kind == "keep":
            model.keep()
            self._show(f"A copy is kept: {model.kept}" if model.kept else "")

    def piece(self, message: Mapping[str, Any], buffers: Iterable[bytes]) -> dict[str, Any]:
        """Take a piece of the learner's own file, and open it once it is whole."""
        data = self._upload.take(message, buffers)
        if data is None:
            return {"type": "more"}
        if self._model.open_own(data, message.get("name")):
            self._look()
        self._show()
        return {"type": "opened"}

    def _look(self) -> None:
        try:
            pixels = self._pixels(self._model.data)
        except CourseError:
            # The fields may be readable where the picture is not.
            self.picture = b""
            return
        self.picture = encoded(pixels[0] if pixels.ndim == 4 else pixels)

    def _show(self, spoken: str = "") -> None:
        model = self._model
        self._tick += 1
        found = model.metadata
        self.state = {
            "files": [[label, self._titles.get(label, label)] for label in model.labels],
            "label": model.label,
            "name": model.name,
            "alt": self._alts.get(model.label, "Your own picture."),
            "format": found.format,
            "count": found.count,
            "remarks": [[one.found, one.tells] for one in remarks(found, model.name)],
            "sections": [[title, list(map(list, fields.items()))] for title, fields in found.sections.items()],
            "structure": list(map(list, found.structure.items())),
            "notes": list(found.notes),
            "made": _made(model.made),
            "kept": model.kept,
            "trouble": model.sentence,
            "spoken": spoken,
            "tick": self._tick,
        }


def _made(made: Made | None) -> dict[str, Any] | None:
    """The file before and after, as rows of a table: what, before, after."""
    if made is None:
        return None
    rows = [
        ["Fingerprint of the pixels", made.picture_before, made.picture_after],
        ["Fields", str(made.before.count), str(made.after.count)],
        *([what, _of(made.before, name), _of(made.after, name)] for what, name in _STORY),
        ["Size of the file", f"{made.bytes_before:,} bytes", f"{made.bytes_after:,} bytes"],
    ]
    same = (
        "The picture is the same, to the last bit: the fingerprint is worked out from all its pixels, and with a "
        "single one changed it would be another. Only the story has changed."
        if made.same_picture
        else "The picture is not the same any more. That should not have happened: put the file back."
    )
    return {"rows": rows, "same": same}


_STORY = (("Camera", "camera"), ("Taken", "taken"), ("Place", "location"), ("Program", "software"))


def _of(metadata: Metadata, name: str) -> str:
    value = getattr(metadata, name)
    if value is None:
        return "–"
    return value.words if name == "location" else str(value)
