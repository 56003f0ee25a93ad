"""The bench on screen: what a detector may look at, how it decides, what it then says, and where to draw the line.

After training the scores are in the browser, so the line follows the hand there; the kernel hears of it when the hand
rests. Nothing here is secret: the clips of the bench are in no blind trial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.judgement.intervals import share_interval
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import Bench, Scores
    from course.judgement.ranking import Auc


class BenchView(View):
    """Shows a `course.judgement.Bench`.

    Parameters
    ----------
    model : Bench
        Holds, trains and saves.
    features : mapping of str to (str, str)
        Key, label and explanation of what may be looked at.
    methods : mapping of str to (str, str)
        The same for the ways to decide.
    """

    _esm = static("parts.js", "ask.js", "bench.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self, model: Bench, features: Mapping[str, Sequence[str]], methods: Mapping[str, Sequence[str]]
    ) -> None:
        counts = {side: sum(made is flag for made in model.table.generated) for side, flag in SIDES.items()}
        super().__init__(
            setup={
                "features": [{"key": key, "label": label, "about": about} for key, (label, about) in features.items()],
                "methods": [{"key": key, "label": label, "about": about} for key, (label, about) in methods.items()],
                # From how many to how many of 100: for each possible count, so that the page need not reckon.
                "ranges": {side: _ranges(count) for side, count in counts.items()},
            }
        )
        self._model = model
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "train":
            self.train(message.get("features"), message.get("method"))
        elif message.get("type") == "line":
            self.draw(message.get("line"))

    def train(self, features: object, method: object) -> None:
        """Pass a choice to the model, and show the detector once it is saved."""
        self._try(lambda: self._model.train(features, method), "trained")

    def draw(self, line: object) -> None:
        """Pass a line to the model."""
        self._try(lambda: self._model.draw(line), "drawn")

    def _try(self, act: Any, what: str) -> None:
        try:
            act()
        except CourseError as problem:
            self._show("refused", str(problem))
        else:
            self._show(what)

    def _show(self, what: str = "", trouble: str = "") -> None:
        model = self._model
        self._tick += 1
        state: dict[str, Any] = {
            "features": list(model.features),
            "method": model.method,
            "line": model.line,
            "trained": model.trained,
            "what": what,
            "trouble": trouble,
            "tick": self._tick,
        }
        if model.trained:
            detector = model.detector
            state |= {
                "homework": _sent(detector.homework),
                "strangers": _sent(detector.strangers),
                "leanings": [[leaning.feature, round(leaning.weight, 3)] for leaning in detector.leanings],
            }
        self.state = state


SIDES = {"camera": False, "generated": True}


def _sent(scores: Scores) -> dict[str, Any]:
    """Scores for the page: 0 to 100, the largest first."""
    found = {
        side: sorted((round(100 * value, 1) for value in scores.of(flag)), reverse=True) for side, flag in SIDES.items()
    }
    return {**found, "auc": _numbers(scores.auc), "roc": [[point.accused, point.caught] for point in scores.roc()]}


def _numbers(area: Auc) -> dict[str, float]:
    return {"value": round(area.value, 3), "low": round(area.low, 3), "high": round(area.high, 3)}


def _ranges(count: int) -> list[list[int]]:
    return [[round(100 * end) for end in share_interval(part, count)] for part in range(count + 1)]
