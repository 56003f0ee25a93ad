"""The curator's desk: a pile of submissions, what their files say, a decision with a reason, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.judgement.curation import DECISIONS, LONGEST
from course.ui.credential import described
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import CurationState
    from course.provenance import Credential

LABELS = {"accept": "Accept it", "ask": "Ask the sender", "reject": "Turn it down"}
DONE = {"accept": "accepted", "ask": "asked", "reject": "turned down"}


class StockView(View):
    """Shows a `course.judgement.CurationState` with the files it is about.

    What comes back, and what a submission was, reaches the browser once there is a decision, not before.

    Parameters
    ----------
    model : CurationState
    credentials : mapping of str to Credential
        By key of the submission.
    pictures : mapping of str to bytes
        JPEG pictures by key.
    alts : mapping of str to str
        What is seen in them.
    """

    _esm = static("parts.js", "ask.js", "credential.js", "stock.js")

    pile = traitlets.Dict().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: CurationState,
        credentials: Mapping[str, Credential],
        pictures: Mapping[str, bytes],
        alts: Mapping[str, str],
    ):
        curation = model.curation
        super().__init__(
            pictures=dict(pictures),
            pile={
                "prompt": curation.prompt,
                "labels": [[name, LABELS[name]] for name in DECISIONS],
                "longest": LONGEST,
                "submissions": [
                    {
                        "key": one.key,
                        "title": one.title,
                        "sent": one.sent,
                        "alt": alts[one.key],
                        "credential": described(credentials[one.key]),
                        "grounds": [ground.text for ground in one.grounds],
                    }
                    for one in curation.submissions
                ],
            },
        )
        self._model = model
        self._tick = 0
        self._show(model.next)

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.act(message)

    def act(self, message: Mapping[str, Any]) -> None:
        """Do what one message of the page asks for."""
        key = message.get("submission")
        try:
            reply = self._model.decide(key, message.get("decision"), message.get("ground"), message.get("words", ""))
        except CourseError as problem:
            self._show(key if isinstance(key, str) else "", trouble=str(problem))
            return
        self._show(str(key), spoken=f"{' '.join(reply.replies)} Another curator wrote: {reply.colleague}")

    def _show(self, key: str, trouble: str = "", spoken: str = "") -> None:
        model = self._model
        self._tick += 1
        self.state = {
            "decided": {
                name: {
                    "decision": one.decision,
                    "done": DONE[one.decision],
                    "ground": one.ground,
                    "words": one.words,
                    "replies": list(one.replies),
                    "colleague": one.colleague,
                }
                for name, one in model.decided.items()
            },
            "closing": model.curation.closing if model.complete else "",
            "key": key,
            "trouble": trouble,
            "spoken": spoken,
            "tick": self._tick,
        }
