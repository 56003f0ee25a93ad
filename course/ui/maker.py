"""The picture maker: a word, a number, and the whole way from noise to a picture under one slider.

The kernel walks; all frames then go to the browser at once, three bytes a pixel and nothing lost, and playing and
scrubbing need no kernel. With two makers both ways share one slider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from course.diffusion import LABELS, SIDE, STEPS, amounts, sample
from course.errors import CourseError, InputError
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.diffusion import Sample

NO_WORD = "no word"
WORDS = (*LABELS, NO_WORD)
HIGHEST = 9999


def wish(word: object, number: object) -> tuple[str, int]:
    """Return a word and a number as the maker takes them.

    Raises
    ------
    ValueError
        The maker does not know the word, or the number is no whole one from 0 to `HIGHEST`.

    Examples
    --------
    >>> wish("leaf", 7), wish(None, 7)
    (('leaf', 7), ('no word', 7))
    """
    word = NO_WORD if word is None else word
    if not isinstance(word, str) or word not in WORDS:
        raise InputError(f"The maker knows {', '.join(LABELS)} and {NO_WORD}; it does not know {str(word)[:40]!r}.")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= HIGHEST:
        raise InputError(f"The number of the noise is a whole one from 0 to {HIGHEST:,}.")
    return word, number


def walk_words(times: Sequence[float]) -> list[str]:
    """What is to be said at each step of a walk.

    Examples
    --------
    >>> walk_words([1.0, 0.5, 0.0])[1]
    'Step 1 of 2, 50 per cent of the way. Noise at 71 per cent of full strength.'
    """
    last = len(times) - 1
    return [
        f"Step {step} of {last}, {100 * (1 - time):.0f} per cent of the way. "
        + (f"Noise at {100 * amounts(time)[1]:.0f} per cent of full strength." if time else "No noise is left.")
        for step, time in enumerate(times)
    ]


class MakerView(View):
    """Makes pictures with the course's own diffusion model.

    Parameters
    ----------
    wishes : sequence of (str, int)
        A word and a number for each maker, one or two of them.
    at_once : bool
        Whether to make the pictures now; otherwise the learner presses the button first.

    Raises
    ------
    ValueError
        A wish cannot be fulfilled.
    """

    _esm = static("parts.js", "ask.js", "reel.js", "maker.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    pictures = traitlets.List().tag(sync=True)

    def __init__(self, wishes: Sequence[tuple[str, int]], at_once: bool = False, told: str = "") -> None:
        self._wishes = [wish(*one) for one in wishes]
        self._samples: list[Sample] = []
        self._tick = 0
        super().__init__(
            setup={"words": list(WORDS), "side": SIDE, "highest": HIGHEST, "lanes": len(self._wishes), "told": told}
        )
        if at_once:
            self.make([{"word": word, "number": number} for word, number in self._wishes])
        else:
            self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "make":
            self.make(message.get("wishes"))

    def make(self, wishes: object) -> None:
        """Walk from noise to a picture for each wish, and show the way; or say in a sentence what cannot be."""
        try:
            if not isinstance(wishes, list) or len(wishes) != len(self._wishes):
                raise InputError("Choose a word and a number.")
            wanted = [wish(one.get("word"), one.get("number")) for one in wishes if isinstance(one, Mapping)]
            if len(wanted) != len(self._wishes):
                raise InputError("Choose a word and a number.")
            samples = [sample(number, None if word == NO_WORD else word, STEPS) for word, number in wanted]
        except CourseError as problem:
            self._show(str(problem))
            return
        self._wishes, self._samples = wanted, samples
        self._show()

    def _show(self, trouble: str = "") -> None:
        self._tick += 1
        state: dict[str, Any] = {
            "wishes": [{"word": word, "number": number} for word, number in self._wishes],
            "words": walk_words(self._samples[0].times) if self._samples else [],
            "made": "; ".join(_named(*one) for one in self._wishes),
            "alts": [
                f"{what} {_named(*one)}."
                for one in self._wishes
                for what in ("On the way to", "The network's guess at")
            ],
            "trouble": trouble,
            "tick": self._tick,
        }
        with self.hold_sync():
            if not trouble:
                self.pictures = [part for one in self._samples for part in _packed(one)]
            self.state = state


def _named(word: str, number: int) -> str:
    return f"{word}, number {number}"


def _packed(one: Sample) -> tuple[bytes, bytes]:
    """The frames of a walk and the guesses at each; at its end the guess is the picture itself."""
    return one.frames.tobytes(), one.guesses.tobytes() + one.picture.tobytes()
