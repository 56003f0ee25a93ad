"""A thousand clips as dots, three sliders, and the sum in words: what a flag is worth when the thing is rare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.judgement.frequencies import LABELS, RANGES, WHOLE, Frequencies
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.judgement import FrequencyState

UNITS = {"generated": "of 1,000", "hits": "of 100", "false_alarms": "of 100"}


def told(now: Frequencies) -> list[str]:
    """What the dots show, sentence by sentence.

    Examples
    --------
    >>> told(Frequencies(20, 80, 10))[2]
    'So 114 clips are flagged, and 16 of them are generated: about 1 in 7.'
    """
    of_generated = f"{now.rightly} of the {now.generated:,} generated" if now.generated else "no generated clip"
    of_camera = f"{now.wrongly} of the {now.camera:,} camera clips" if now.camera else "no camera clip"
    lines = [
        f"Of {WHOLE:,} clips {now.generated:,} {'is' if now.generated == 1 else 'are'} generated, and {now.camera:,} "
        f"{'comes' if now.camera == 1 else 'come'} from a camera.",
        f"The detector flags {of_generated}, and {of_camera}.",
    ]
    if not now.flagged:
        return [*lines, "Nothing is flagged."]
    clips = "1 clip is flagged" if now.flagged == 1 else f"{now.flagged:,} clips are flagged"
    right = f"{now.rightly:,} of them {'is' if now.rightly == 1 else 'are'} generated{_about(now)}."
    return [*lines, f"So {clips}, and {right}"]


def _about(now: Frequencies) -> str:
    if not now.rightly or not now.wrongly:
        return ""
    share = now.rightly / now.flagged
    if share < 0.4:
        return f": about 1 in {now.flagged / now.rightly:.0f}"
    return f": about {min(99, round(100 * share))} in 100" if share > 0.95 else f": about {round(10 * share)} in 10"


class DotsView(View):
    """Shows a `course.judgement.FrequencyState`.

    While a slider moves the dots follow; what it is left at is saved.
    """

    _esm = static("parts.js", "ask.js", "dots.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: FrequencyState):
        super().__init__(
            setup={
                "whole": WHOLE,
                "start": _settings(model.start),
                "sliders": [
                    {"name": name, "label": LABELS[name], "lowest": low, "highest": high, "unit": UNITS[name]}
                    for name, (low, high) in RANGES.items()
                ],
            }
        )
        self._model = model
        self._tick = 0
        self._show(model.now)

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        self.act(message)

    def act(self, message: Mapping[str, Any]) -> None:
        """Show the settings of one message, and save them if it says so."""
        wanted = [message.get(name) for name in RANGES]
        try:
            now = self._model.keep(*wanted) if message.get("keep") is True else Frequencies(*wanted)
        except CourseError as problem:
            self._show(self._model.now, trouble=str(problem))
            return
        self._show(now)

    def _show(self, now: Frequencies, trouble: str = "") -> None:
        self._tick += 1
        self.state = {
            "settings": _settings(now),
            "counts": {name: getattr(now, name) for name in ("rightly", "missed", "wrongly", "passed")},
            "words": told(now),
            "trouble": trouble,
            "tick": self._tick,
        }


def _settings(now: Frequencies) -> dict[str, int]:
    return {name: getattr(now, name) for name in RANGES}
