"""The bench for a mark: sliders for what happens to a picture, and at once what the reader still finds in it.

As with the probe, questions and answers are messages: a view has one question under way and keeps only the newest of
those that wait, so the kernel never works on slider positions that the hand has left already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.ui.look import View, static
from course.ui.probe import encoded
from course.ui.words import fixed

if TYPE_CHECKING:
    from course.forensics.endurance import Arrival, Endurance, Note


class EnduranceView(View):
    """Shows a `course.forensics.endurance.Endurance`.

    Parameters
    ----------
    model : Endurance
        Chooses, reads and notes.
    alts : mapping of str to str
        What the pictures show, by label.
    chance : callable
        Gives the strengths that the quick search reaches in pictures without a mark; asked once, when first needed.
    """

    _esm = static("parts.js", "ask.js", "endurance.js")

    setup = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Endurance, alts: Mapping[str, str], chance: Callable[[], Sequence[float]]) -> None:
        from course.forensics.endurance import READERS, SCREENS, SLIDERS
        from course.forensics.marks import FOUND

        super().__init__(
            setup={
                "pictures": list(model.labels),
                "readers": list(map(list, READERS.items())),
                "screens": list(map(list, SCREENS.items())),
                "sliders": [asdict(one) for one in SLIDERS],
                "bits": model.bits.tolist(),
                "found": FOUND,
            }
        )
        self._model, self._alts, self._chance = model, dict(alts), chance

    def _said(self, _view: View, message: dict, _buffers: list) -> tuple[dict[str, Any], list[bytes]]:
        return self.answer(message)

    def answer(self, message: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to one message of the page, and the picture that goes with it."""
        begun = perf_counter()
        model, wanted = self._model, message.get("choice")
        answer: dict[str, Any] = {
            "noted": False,
            "refused": False,
        }
        pictures: list[bytes] = []
        try:
            if isinstance(wanted, Mapping):
                answer["refused"] = not model.choose(**{name: wanted.get(name) for name in _CHOICES})
            answer["sentence"] = model.sentence
            if not answer["refused"]:
                if message.get("note") is True:
                    answer["noted"] = model.note()
                    refusal = model.sentence
                arrival = model.look(thorough=message.get("thorough") is True)
                answer["sentence"] = model.sentence or (refusal if message.get("note") is True else "")
                if arrival is not None:
                    answer |= self._read(arrival)
                    pictures.append(encoded(arrival.pixels))
            if message.get("chance") is True:
                answer["chance"] = sorted(round(float(value), 2) for value in self._chance())
        except CourseError as problem:
            answer |= {"sentence": str(problem), "refused": True}
        answer["state"] = {
            "picture": model.label,
            "reader": model.reader,
            "screen": model.screen,
            "settings": model.settings,
            "notes": [_line(note) for note in model.notes],
        }
        answer["spent"] = round(1000 * (perf_counter() - begun), 1)
        return answer, pictures

    def _read(self, arrival: Arrival) -> dict[str, Any]:
        height, width = arrival.pixels.shape[:2]
        strength = arrival.result.strength
        return {
            "alt": self._alts.get(self._model.label, "A picture of your own."),
            "size": f"{width} × {height} pixels",
            "read": arrival.result.bits.tolist(),
            "word": arrival.word,
            "right": arrival.right,
            "strength": round(strength, 2),
            "found": arrival.result.found,
            "thorough": arrival.thorough,
            "words": verdict(arrival, self._model.screen, self._model.settings["turn"]),
        }


_MANY = 26
"""Bits right: a coin gets so many of 32 once in two thousand times."""
_CHOICES = ("picture", "reader", "screen", "settings")


def verdict(arrival: Arrival, screen: str = "no", turn: float = 0) -> str:
    """What the reader says, in a few sentences; where it could not find a mark that may well be there, also why."""
    if arrival.result.found:
        size = arrival.result.size
        where = "" if abs(size - 1) < 0.005 else f" It lay in the picture at {100 * size:.0f} % of its size."
        wrong = 32 - arrival.right
        bits = "All bits are right." if not wrong else f"{wrong} of 32 bits {'is' if wrong == 1 else 'are'} wrong."
        return f"Found: stronger than chance can do. {bits}{where}"
    if arrival.result.strength > 0:
        told = "Not found. Stronger than nearly all pictures without a mark, and too weak to count."
    elif arrival.right >= _MANY:
        told = (
            f"Not found. We know the word, so we see that {arrival.right} bits are right. The reader does not know it: "
            "to the reader this looks like a picture without a mark."
        )
    else:
        told = "Not found. Pictures that never had a mark look like this."
    if screen == "photo":
        return (
            f"{told} The phone was held askew, so the small squares that hold the bits slant. This reader looks in "
            "other places and at other sizes, and never straightens or turns a picture. Real photos of a screen also "
            "have stripes, where its dots meet those of the camera."
        )
    if turn:
        told += " It looks in other places and at other sizes, and never turns a picture."
    return told if arrival.thorough else f"{told} (Only this one size was searched.)"


_DONE = {
    "turn": "turned by",
    "keep": "cropped to",
    "size": "size",
    "light": "brightness",
    "blur": "blurred by",
    "noise": "grain of",
    "quality": "saved as JPEG, quality",
}


def _line(note: Note) -> list[str]:
    """A line of the log: what was done, how many bits were right, how strong, found or not."""
    from course.forensics.endurance import READERS, SLIDERS

    said = [
        f"{_DONE[one.name]} {note.settings[one.name]:g} {one.unit}".rstrip()
        for one in SLIDERS
        if one.name in note.settings
    ]
    if note.screen != "no":
        said.append("screenshot (simulated)" if note.screen == "screenshot" else "photo of a screen (simulated)")
    done = ", ".join(said) or "nothing"
    how = "" if note.reader == "own" else f" ({READERS[note.reader]})"
    search = " (other sizes searched)" if note.thorough else ""
    return [
        note.picture,
        f"{done}{how}",
        f"{note.right} of 32",
        fixed(note.strength, 1),
        ("found" if note.found else "not found") + search,
    ]
