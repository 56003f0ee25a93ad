"""The evidence ledger: weigh each piece, name its source, see the odds move: in words, as a fraction, as a bar."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import log10
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.judgement.ledger import (
    BEYOND,
    START_STEPS,
    STEPS,
    Counted,
    odds_fraction,
    odds_words,
    ratio_words,
)
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import LedgerState

WIDEST = 6
"""The bar reaches from 1 to a million to a million to 1."""


class LedgerView(View):
    """Shows a `course.judgement.LedgerState`.

    What the experts say of a piece reaches the browser once the learner has weighed it, and where they end once all
    pieces are weighed.
    """

    _esm = static("parts.js", "ask.js", "ledger.js")

    sheet = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: LedgerState):
        ledger = model.ledger
        sides = ledger.claim, ledger.otherwise
        super().__init__(
            sheet={
                "question": ledger.question,
                "sides": list(sides),
                "widest": WIDEST,
                "steps": [ratio_words(step, *sides) for step in range(len(STEPS))],
                "starts": [
                    [step, f"{odds_fraction(STEPS[step])}: {odds_words(STEPS[step], *sides)}"] for step in START_STEPS
                ],
                "sources": list(ledger.sources),
                "pieces": [{"key": one.key, "says": one.says, "found": one.found} for one in ledger.evidence],
            }
        )
        self._model = model
        self._tick = 0
        self._show(model.next)

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.act(message)

    def act(self, message: Mapping[str, Any]) -> None:
        """Do what one message of the page asks for."""
        model, key = self._model, message.get("item")
        try:
            if message.get("type") == "begin":
                model.begin(message.get("step"))
            else:
                model.weigh(key, message.get("step"), message.get("source"))
        except CourseError as problem:
            self._show(key if isinstance(key, str) else "", trouble=str(problem))
            return
        words = f"The odds are now {self._odds(model.odds)['said']}."
        if message.get("type") != "begin":
            counted = next(one for one in model.counted if one.key == key)
            words = f"{self._fate(counted)} {words}"
        self._show(str(key or ""), spoken=words)

    def _odds(self, odds: Fraction) -> dict[str, Any]:
        words = odds_words(odds, self._model.ledger.claim, self._model.ledger.otherwise)
        fraction = odds_fraction(odds)
        place = max(-WIDEST, min(WIDEST, log10(odds)))
        return {"words": words, "fraction": fraction, "said": f"{fraction}, {words}", "place": round(place, 3)}

    def _fate(self, one: Counted) -> str:
        """Whether a piece counts, and why not."""
        if one.counts:
            others = [other for other in self._model.counted if other.instead == one.key]
            return "It counts." if not others else f"It counts, for itself and for {self._numbers(others)}."
        (other,) = (other for other in self._model.counted if other.key == one.instead)
        source = self._model.weights[one.key].source
        return (
            f"It is in your ledger, and it does not count again: you say that it and {self._numbers([other])} go back "
            f"to one source, {source}. If that is wrong, both are. The one that weighs more counts."
        )

    def _numbers(self, pieces: list[Counted]) -> str:
        keys = [one.key for one in self._model.ledger.evidence]
        numbers = [str(keys.index(one.key) + 1) for one in pieces]
        if len(numbers) == 1:
            return f"number {numbers[0]}"
        return f"numbers {', '.join(numbers[:-1])} and {numbers[-1]}"

    def _show(self, key: str, trouble: str = "", spoken: str = "") -> None:
        model, ledger = self._model, self._model.ledger
        pieces = {one.key: one for one in ledger.evidence}
        self._tick += 1
        weighed = {}
        for one in model.counted:
            piece, weight = pieces[one.key], model.weights[one.key]
            hint = "" if weight.source == piece.source else f"We see {piece.source} behind it. {piece.why_source}"
            weighed[one.key] = {
                "step": weight.step,
                "source": weight.source,
                "counts": one.counts,
                "fate": self._fate(one),
                "hint": hint,
                "opinions": [
                    [
                        expert.name,
                        f"{ratio_words(view.step, ledger.claim, ledger.otherwise)}. {view.why}",
                    ]
                    for expert, view in zip(ledger.experts, piece.opinions, strict=True)
                ],
            }
        repeated = any(not one.counts and STEPS[one.step] != 1 for one in model.counted)
        self.state = {
            "start": model.start,
            "weighed": weighed,
            "odds": self._odds(model.odds),
            "naive": odds_fraction(model.naive) if repeated else "",
            "beyond": max(model.odds, 1 / model.odds) > BEYOND,
            "experts": [
                {
                    "name": expert.name,
                    "begins": odds_fraction(STEPS[expert.start]),
                    **self._odds(model.expert(number)),
                    "concludes": expert.concludes,
                }
                for number, expert in enumerate(ledger.experts)
            ]
            if model.complete
            else [],
            "key": key if key in pieces else "",
            "trouble": trouble,
            "spoken": spoken,
            "tick": self._tick,
        }
