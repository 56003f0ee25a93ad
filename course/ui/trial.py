"""The blind trial on screen. Until the trial is over, nothing in the browser says where a picture comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError
from course.ui import confidence
from course.ui.look import View, static
from course.ui.player import track

if TYPE_CHECKING:
    from course.judgement import Trial
    from course.media import Clip, Still


class TrialView(View):
    """Shows a `course.judgement.Trial` item by item.

    Parameters
    ----------
    trial : Trial
        Holds the order, the truth and the answers; saves an answer before it moves on.
    picture : callable
        Gives the clip or still of an item's name. Only its pixels and its text alternative go to the browser.
    checks : mapping of str to str
        Key and text of the answers to "What would you check next?".
    language : str
        The learner's language of confidence, see `course.ui.confidence`.
    """

    _esm = static("parts.js", "ask.js", "trial.js")

    state = traitlets.Dict().tag(sync=True)
    track = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    checks = traitlets.List().tag(sync=True)
    steps = traitlets.List().tag(sync=True)

    def __init__(
        self,
        trial: Trial,
        picture: Callable[[str], Clip | Still],
        checks: Mapping[str, str],
        language: str = "percent",
    ):
        super().__init__(
            checks=[list(pair) for pair in checks.items()],
            steps=[list(step) for step in confidence.steps(language)],
        )
        self._trial = trial
        self._picture = picture
        self._tick = 0
        self._open = False  # a trial never starts by itself: the learner presses the button
        self.show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        trial = self._trial
        kind = message.get("type")
        if kind == "answer" and message.get("position") != trial.position:
            return self.show()  # a second click on the same button: that item is answered already
        actions: dict[object, Callable[[], object]] = {
            "go": self._go,
            "again": trial.again,
            "pause": trial.pause,
            "answer": lambda: trial.answer(
                message.get("verdict"),
                message.get("confidence"),
                message.get("check"),
                message.get("seconds"),
            ),
        }
        if kind not in actions:
            return None
        try:
            actions[kind]()
        except CourseError as problem:
            return self.show(str(problem))
        self._open = kind != "pause"
        return self.show()

    def _go(self) -> None:
        """Begin, or go on: after a pause, or where a kernel was killed, which leaves no pause behind."""
        if not self._trial.started:
            self._trial.start()
        elif self._trial.paused:
            self._trial.resume()

    def show(self, trouble: str = "") -> None:
        """Bring the screen up to the model."""
        trial = self._trial
        done, total = trial.progress
        phase = "done" if trial.finished else "asking" if self._open else "paused" if done else "ready"
        self._tick += 1
        state = {
            "phase": phase,
            "title": trial.form.title,
            "done": done,
            "total": total,
            "even": trial.even,
            "saved": done,
            "position": trial.position,
            "earlier": trial.last_result is not None,
            "trouble": trouble,
            "tick": self._tick,
        }
        if phase == "asking":
            try:
                shown, data = track(self._picture(trial.current))
            except CourseError as problem:
                state.update(phase="paused", trouble=str(problem))
                shown, data = {}, b""
        else:
            shown, data = {}, b""
        with self.hold_sync():
            self.track, self.picture, self.state = shown, data, state
