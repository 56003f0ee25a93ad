"""The game of sixteen squares on screen. Until a round is judged, the browser does not know where a square is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from course.diffusion import SIDE
from course.errors import CourseError, InputError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.diffusion.sixteen import Outcome, Sixteen


def outcome_words(outcome: Outcome) -> list[str]:
    """What a choice of squares came to, in sentences.

    Examples
    --------
    >>> from course.diffusion.sixteen import Outcome
    >>> outcome_words(Outcome(believed=8, wrongly_accused=0, caught=8, missed=0))[1]
    'That is 16 of 16 right. Somebody who tosses a coin for each square does that less than once in 1,000 rounds.'
    """
    camera = outcome.believed + outcome.wrongly_accused
    generated = outcome.caught + outcome.missed
    return [
        f"Of {camera} camera squares you believed {outcome.believed} and wrongly accused {outcome.wrongly_accused}. "
        f"Of {generated} generated ones you caught {outcome.caught} and missed {outcome.missed}.",
        f"That is {outcome.right} of {camera + generated} right. Somebody who tosses a coin for each square does that "
        f"{'' if outcome.right == camera + generated else 'or better '}{_as_often(outcome.by_coin)}.",
        "Sixteen squares are few: the next round may come out quite differently.",
    ]


def _as_often(chance: float) -> str:
    if chance < 0.001:
        return "less than once in 1,000 rounds"
    if chance < 0.01:
        return f"in about {1000 * chance:.0f} of 1,000 rounds"
    return f"in about {min(99, round(100 * chance))} of 100 rounds"


class SixteenView(View):
    """Shows a `course.diffusion.sixteen.Sixteen`.

    The eight pictures of a round are made when the learner asks for them, one after the other, and the page is told of
    each. All sixteen then go the same way to the browser: three bytes a pixel, nothing lost.
    """

    _esm = static("parts.js", "ask.js", "reel.js", "sixteen.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)

    def __init__(self, game: Sixteen) -> None:
        super().__init__(setup={"side": SIDE})
        self._game = game
        self._open = False  # nothing is made before the learner asks for it
        self._tick = 0
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        acts = {"go": self._go, "check": self._check, "again": self._again}
        act = acts.get(message.get("type"))
        if act is None:
            return
        try:
            act(message)
        except CourseError as problem:
            self._show(str(problem))
        else:
            self._show()

    def _go(self, _message: dict) -> None:
        if not self._open:
            self.pictures = self._draw()
            self._open = True

    def _check(self, message: dict) -> None:
        if not self._open:
            raise InputError("Look at the sixteen squares first.")
        # A second click on a slow line, when the round is judged already, is passed over.
        if message.get("round") != self._game.round or not self._game.judged:
            self._of_this_round(message)
            self._game.check(message.get("picks"))

    def _again(self, message: dict) -> None:
        self._of_this_round(message)
        self._game.again()
        self._open = False
        self._go(message)

    def _of_this_round(self, message: dict) -> None:
        if message.get("round") != self._game.round:
            raise InputError("Those squares are gone; these are others.")

    def _draw(self) -> bytes:
        """All sixteen, in the order in which they are shown."""
        drawn, made = [], 0
        for square in self._game.squares:
            drawn.append(square.picture().tobytes())
            if square.origin == "generated":
                made += 1
                self._tick += 1
                self.state = {**self._plain(), "phase": "making", "made": made, "tick": self._tick}
        return b"".join(drawn)

    def _show(self, trouble: str = "") -> None:
        game = self._game
        self._tick += 1
        phase = "ready" if not self._open else "told" if game.judged else "asking"
        state = {**self._plain(), "phase": phase, "trouble": trouble, "tick": self._tick}
        if phase == "told":
            state["truth"] = [
                {
                    "origin": square.origin,
                    "picked": place in game.picks,
                    "number": square.number if square.origin == "generated" else None,
                }
                for place, square in enumerate(game.squares)
            ]
        self.state = state

    def _plain(self) -> dict[str, Any]:
        """What may be known of a round at any time."""
        game = self._game
        return {
            "round": game.round,
            "last": game.last,
            "labels": [square.label for square in game.squares],
            "told": outcome_words(game.outcome) if game.judged else [],
            "trouble": "",
        }
