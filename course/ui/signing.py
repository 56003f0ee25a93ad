"""The signing desk: a pen name, a picture, a signature, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError, InputError
from course.provenance import CLAIMS, stripped
from course.ui.credential import WORDS, described
from course.ui.look import Reply, View, static
from course.ui.upload import LARGEST, Upload

if TYPE_CHECKING:
    from course.provenance import SigningDesk

ACTS = {
    "sign": "as you signed it",
    "flip": "one bit of the picture turned over",
    "save-again": "saved again, as messengers do",
    "strip": "the statement taken out",
    "distrust": "seen by somebody who does not know you",
}
"""What can be done with a picture here, as the table names it."""

NOBODY_ASKED = "You have said something about this picture, and it is signed. Nothing here asked whether it is true."
"""What is said once a picture is signed, and not before: the page asks whether anything stops a learner."""


class SigningView(View):
    """Shows a `course.provenance.SigningDesk`.

    What it shows holds the pen name, so it goes to the page as messages and not as the state of the widget, which a
    notebook can be told to save. Keys never come here at all.

    Parameters
    ----------
    model : SigningDesk
    alts : mapping of str to str
        What is seen, by label.
    """

    _esm = static("parts.js", "ask.js", "credential.js", "signing.js")

    claims = traitlets.List().tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, model: SigningDesk, alts: Mapping[str, str]):
        super().__init__(claims=[list(pair) for pair in CLAIMS.items()])
        self._model, self._alts = model, dict(alts)
        self._upload = Upload()
        self.shown: dict[str, Any] = {}
        """What the page shows, without the picture."""
        self._show()

    def _said(self, _view: View, message: dict, buffers: list) -> Reply:
        if message.get("type") == "show":
            self._tell()
        elif message.get("type") == "piece":
            return self.piece(message, buffers)
        else:
            self.act(message)
        return None

    def act(self, message: Mapping[str, Any]) -> None:
        """Do what one message of the page asks for."""
        model, kind = self._model, message.get("type")
        deeds = {
            "make": lambda: self._make(message),
            "unlock": lambda: model.unlock(message.get("password")),
            "choose": lambda: model.choose(message.get("label")),
            "sign": lambda: model.sign(message.get("title"), message.get("claim")),
            "flip": model.flip,
            "save-again": model.save_again,
            "strip": model.strip,
            "distrust": model.distrust,
            "keep": model.keep,
        }
        deed = deeds.get(kind) if isinstance(kind, str) else None
        if deed is None:
            return
        try:
            done = deed()
        except CourseError as problem:
            self._show(trouble=str(problem))
            return
        if not done:
            self._show()
        elif kind == "make":
            self._show("Your certificate is made. You can sign now.")
        elif kind == "unlock":
            self._show("Your key is open. You can sign now.")
        elif kind == "keep":
            self._show(f"A copy is kept as {model.kept}")
        elif kind in ACTS:
            word, means = WORDS[model.credential.state]
            self._show(f"{ACTS[str(kind)]}: {word}. {means}" + f" {NOBODY_ASKED}" * (kind == "sign"))
        else:
            self._show()

    def _make(self, message: Mapping[str, Any]) -> bool:
        # A second press of the button, late, must not put keys without a password over keys with one.
        if self._model.name and message.get("another") is not True:
            raise InputError(
                f"You have a certificate already, by the name {self._model.name}. For a second one press “Make another "
                "certificate”; it takes the place of the first."
            )
        return self._model.make(message.get("name"), message.get("password"))

    def piece(self, message: Mapping[str, Any], buffers: Iterable[bytes]) -> dict[str, Any]:
        """Take a piece of the learner's own file, and open it once it is whole."""
        data = self._upload.take(message, buffers)
        if data is None:
            return {"type": "more"}
        self._model.open_own(data)
        self._show()
        return {"type": "opened"}

    def _show(self, spoken: str = "", trouble: str = "") -> None:
        model = self._model
        self.shown = {
            "name": model.name,
            "ready": model.ready,
            "locked": model.locked,
            "files": list(model.labels),
            "label": model.label,
            "alt": self._alts.get(model.label, "Your own picture."),
            "act": ACTS.get(model.act, "as it came"),
            "signed": bool(model.act),
            "credential": described(model.credential),
            "tried": [
                [name, words, str(model.tried.get(name, "")), _word(model.tried.get(name))]
                for name, words in ACTS.items()
            ],
            "kept": model.kept,
            "told": NOBODY_ASKED if model.act == "sign" else "",
            "trouble": trouble or model.sentence,
            "spoken": spoken,
        }
        self._tell()

    def _tell(self) -> None:
        # For the eye the statement is not needed; without it the picture names nobody.
        self.send({"type": "state", "state": self.shown}, buffers=[stripped(self._model.data)])


def _word(state: object) -> str:
    return WORDS[state][0] if state else ""  # type: ignore[index]
