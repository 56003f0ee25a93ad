"""How the views say what a check of Content Credentials came to: a state, a statement in rows, reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import traitlets

from course.provenance import Action, Credential, Piece, State, Step, digital_source
from course.provenance.lineage import UNTITLED
from course.ui.look import View, static

WORDS: dict[State, tuple[str, str]] = {
    State.TRUSTED: ("Trusted", "Nothing was changed since it was signed, and the list vouches for the signer."),
    State.UNKNOWN: (
        "Signer unknown",
        "Nothing was changed since it was signed, but nobody on the list vouches for the signer.",
    ),
    State.BROKEN: ("Broken", "File, statement and certificate do not hold together."),
    State.NONE: ("None", "There is no statement in this file. Most pictures have none."),
}
"""What a state is called on the page, and what it means."""

SAYS = {
    "camera": "taken with a camera",
    "scan": "scanned",
    "drawn": "drawn by hand",
    "generated": "made by a generator",
    "edited with a generator": "edited with a generator",
    "composite": "put together from several",
    "screen": "a picture of a screen",
}
"""What a signer can say of how a picture was made."""

_DONE = {
    "opened": "opened",
    "cropped": "cut",
    "color_adjustments": "changed in colour or brightness",
    "placed": "pieces placed on it",
    "redacted": "a note blacked out",
}


def described(credential: Credential) -> dict[str, Any]:
    """A credential for the page: plain values, as text.

    Examples
    --------
    >>> described(Credential(state=State.NONE))["word"]
    'None'
    """
    word, means = WORDS[credential.state]
    whole = credential.state in (State.TRUSTED, State.UNKNOWN)
    rows: list[list[str]] = []
    if credential.chain:
        step = credential.chain[0]
        by = ", ".join(filter(None, (step.signer, step.organisation))) or "nobody is named"
        rows = [
            ["Signed by" if whole else "It names as signer", by],
            ["Title", step.title or "–"],
            ["It says", done(step.actions)],
            ["Tool", step.tool or "–"],
        ]
        if step.ingredients:
            rows.append(["Made from", "; ".join(part(one, credential.chain) for one in step.ingredients)])
    return {
        "state": str(credential.state),
        "word": word,
        "means": means,
        "rows": rows,
        "reasons": [one.words for one in credential.reasons],
    }


def done(actions: Iterable[Action]) -> str:
    """What was done, in the words of the page.

    Examples
    --------
    >>> done((Action("created", source="camera"),))
    'taken with a camera'
    >>> done((Action("opened"), Action("cropped"), Action("color_adjustments", words="brighter")))
    'opened, cut, changed in colour or brightness (brighter)'
    """
    return ", ".join(_said(one) for one in actions) or "nothing about how it was made"


def _said(action: Action) -> str:
    source = SAYS.get(action.source) or (digital_source.in_words(action.source) if action.source else "")
    if action.name == "created":
        words = source or "created"
    else:
        words = _DONE.get(action.name) or action.name.replace("_", " ")
        words += f": {source}" * bool(source)
    return f"{words} ({action.words})" if action.words else words


def part(piece: Piece, chain: Iterable[Step]) -> str:
    """An ingredient in a few words."""
    step = next((one for one in chain if one.label == piece.step), None)
    title = (step.title if step else "") or piece.title or UNTITLED
    if piece.state is State.NONE:
        why = "".join(f" ({one.words.removesuffix('.')})" for one in piece.reasons)
        return f"“{title}”, without a statement{why}"
    by = f" by {step.signer}" if step and step.signer else ""
    when = "changed since it was taken up" if piece.changed else "when it was taken up"
    return f"“{title}”{by}, {WORDS[piece.state][0].lower()}{',' if piece.changed else ''} {when}"


@dataclass(frozen=True)
class Checked:
    """A picture with what the check of its file came to.

    Attributes
    ----------
    title : str
        What stands over it.
    picture : bytes
        A JPEG picture for the page; it need not be the file. Empty if there is nothing to show.
    alt : str
        What is seen.
    credential : Credential
    note : str
        A sentence under it.
    """

    title: str
    picture: bytes
    alt: str
    credential: Credential
    note: str = ""


class CredentialView(View):
    """Pictures, each with what its file says: one beside its credential, two beside each other.

    Parameters
    ----------
    *files : Checked
    """

    _esm = static("parts.js", "credential.js", "credentials.js")

    files = traitlets.List().tag(sync=True)

    def __init__(self, *files: Checked):
        super().__init__(
            files=[
                {
                    "title": one.title,
                    "picture": one.picture,
                    "alt": one.alt,
                    "credential": described(one.credential),
                    "note": one.note,
                }
                for one in files
            ]
        )
