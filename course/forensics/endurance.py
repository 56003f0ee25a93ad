"""What a mark of our own outlives: a picture, a mark in it, a way through the world, and what the reader then finds.

A plain model, without any screen. It writes and reads nothing but the marks of `course.forensics.marks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics import attacks
from course.forensics.marks import SMALLEST_SIDE, embed_mark, read_mark

if TYPE_CHECKING:
    from course.forensics.marks import MarkResult

NOTED = "endurance.note"
LETTERS = 4
LENGTH = 8 * LETTERS
"""Bits of a mark."""

MOST_NOTES = 40

Reader = Literal["own", "none", "stranger"]
Screen = Literal["no", "screenshot", "photo"]

READERS: dict[Reader, str] = {
    "own": "with your mark, read with your key",
    "stranger": "with your mark, read with another key",
    "none": "without a mark, read with your key",
}
SCREENS: dict[Screen, str] = {
    "no": "no",
    "screenshot": "yes, as a screenshot (simulated)",
    "photo": "yes, photographed (simulated)",
}


@dataclass(frozen=True)
class Slider:
    """One thing that may happen to a picture, and how strongly.

    Attributes
    ----------
    name, label, unit : str
        For the code, for the learner, and behind the number.
    lowest, highest, step : float
        Where it can stand.
    rest : float
        Where nothing happens.
    """

    name: str
    label: str
    lowest: float
    highest: float
    step: float
    rest: float
    unit: str

    def accepts(self, value: object) -> bool:
        """Whether it can stand there.

        Examples
        --------
        >>> blur = Slider("blur", "Blurred", 0, 4, 0.25, 0, "pixels")
        >>> [blur.accepts(value) for value in (0, 0.25, 0.3, 5, "1", True, float("nan"))]
        [True, True, False, False, False, False, False]
        """
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.lowest <= value <= self.highest:
            return False
        steps = (value - self.lowest) / self.step
        return abs(steps - round(steps)) < 1e-6


# In the order in which they happen.
SLIDERS = (
    Slider("turn", "Turned", 0, 10, 0.25, 0, "degrees"),
    Slider("keep", "Cropped to", 20, 100, 5, 100, "% of each side"),
    Slider("size", "Made smaller or larger", 25, 200, 5, 100, "%"),
    Slider("light", "Darker or brighter", 30, 200, 5, 100, "%"),
    Slider("blur", "Blurred", 0, 4, 0.25, 0, "pixels"),
    Slider("noise", "Grain added", 0, 40, 2, 0, "grey levels"),
    Slider("quality", "Saved as JPEG, quality", 5, 100, 5, 100, ""),
)
AT_REST = {one.name: one.rest for one in SLIDERS}


def spelled(word: str) -> NDArray[np.uint8]:
    """The 32 bits of a word: eight a letter, by the letter's number in Latin-1; blanks fill up.

    Raises
    ------
    ValueError
        If it is no text of one to four such letters, digits or signs.

    Examples
    --------
    >>> spelled("A")[:8].tolist()
    [0, 1, 0, 0, 0, 0, 0, 1]
    >>> read_back(spelled("owl"))
    'owl '
    """
    told = f'A mark is a word of one to {LETTERS} letters between quotation marks, such as "OWL"; got {word!r}.'
    if not isinstance(word, str) or not 1 <= len(word.strip()) <= LETTERS or not word.strip().isprintable():
        raise InputError(told)
    try:
        letters = word.strip().ljust(LETTERS).encode("latin-1")
    except UnicodeEncodeError:
        raise InputError(f"{told} Eight bits have room for A to Z, digits, signs and letters such as é or ü.") from None
    return np.unpackbits(np.frombuffer(letters, np.uint8))


def read_back(bits: Iterable[int]) -> str:
    """The four letters of 32 bits; what cannot be printed becomes a middle dot."""
    letters = np.packbits(np.asarray(list(bits), np.uint8)).tobytes().decode("latin-1")
    return "".join(letter if letter.isprintable() and letter != "\xa0" else "·" for letter in letters)


def travelled(pixels: NDArray[np.uint8], settings: Mapping[str, float], screen: Screen = "no") -> NDArray[np.uint8]:
    """A picture after its way: turned, cropped, resized, brightened, blurred, grained, shown on a screen, saved.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    settings : mapping of str to float
        By the name of the slider; what is left out, or at rest, does not happen.
    screen : {"no", "screenshot", "photo"}
        Whether it goes over a screen before it is saved.

    Examples
    --------
    >>> import numpy as np
    >>> travelled(np.zeros((100, 200, 3), dtype=np.uint8), {"keep": 50, "size": 150}).shape
    (75, 150, 3)
    """
    now = {**AT_REST, **settings}
    moved = {name for name, value in now.items() if value != AT_REST[name]}
    ways: tuple[tuple[str, Callable[[NDArray[np.uint8], float], NDArray[np.uint8]]], ...] = (
        ("turn", attacks.turn),
        ("keep", lambda picture, value: attacks.crop(picture, value / 100)),
        ("size", lambda picture, value: attacks.resize(picture, value / 100)),
        ("light", lambda picture, value: attacks.brightness(picture, value / 100)),
        ("blur", attacks.blur),
        ("noise", attacks.noise),
    )
    for name, way in ways:
        if name in moved:
            pixels = way(pixels, now[name])
    if screen != "no":
        pixels = attacks.screenshot(pixels) if screen == "screenshot" else attacks.photographed(pixels)
    return attacks.jpeg(pixels, int(now["quality"])) if "quality" in moved else pixels


@dataclass(frozen=True, eq=False)
class Arrival:
    """What came out at the end of the way, and what the reader finds in it.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    result : MarkResult
    right : int
        Of the 32 bits of the mark, as many were read as they were written. Chance gets 16.
    word : str
        The bits as letters.
    thorough : bool
        Whether other sizes were searched as well.
    """

    pixels: NDArray[np.uint8]
    result: MarkResult
    right: int
    word: str
    thorough: bool


@dataclass(frozen=True)
class Note:
    """A line of the learner's own log."""

    picture: str
    reader: Reader
    settings: Mapping[str, float]
    screen: Screen
    right: int
    strength: float
    found: bool
    thorough: bool


class Endurance:
    """A bench on which a mark is tried until it breaks.

    Parameters
    ----------
    name : str
        Short and lasting, for the record.
    pictures : mapping of str to ndarray or callable
        By label: the pixels, or what gives them. At least 192 pixels high and wide.
    word, key : str
        What is written, and with which words it is read again. Only the word is in the picture; neither is logged.
    log : callable, optional
        Takes one event and returns once it is safe; it raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind; what makes no sense is passed over.

    Attributes
    ----------
    sentence : str
        Why the last act was not done; empty if all is well.
    notes : list of Note
        What the learner noted down, the oldest first.

    Raises
    ------
    ValueError
        If there is no picture, or the word or the key is none.

    Examples
    --------
    >>> import numpy as np
    >>> wall = np.random.default_rng(0).integers(60, 200, (64, 64, 3), dtype=np.uint8).repeat(6, 0).repeat(6, 1)
    >>> saved = []
    >>> bench = Endurance("marks", {"a wall": wall}, "OWL", "a secret", saved.append)
    >>> arrival = bench.look()
    >>> arrival.word, arrival.right, arrival.result.found
    ('OWL ', 32, True)
    >>> bench.choose(settings={"blur": 4})
    True
    >>> bench.look().result.found, bench.note(), saved[0]["found"]
    (False, True, False)
    """

    def __init__(
        self,
        name: str,
        pictures: Mapping[str, NDArray[np.uint8] | Callable[[], NDArray[np.uint8]]],
        word: str,
        key: str,
        log: Callable[[Mapping[str, object]], object] | None = None,
        past: Iterable[Mapping[str, object]] = (),
    ) -> None:
        if not pictures:
            raise InputError("There must be a picture to put the mark in.")
        if not (isinstance(key, str) and key.strip()):
            raise InputError('A key is any words between quotation marks, such as "my secret".')
        self.name = name
        self.bits = spelled(word)
        self._key = key
        self._pictures = dict(pictures)
        self._log = log
        self._label = next(iter(self._pictures))
        self._reader: Reader = "own"
        self._screen: Screen = "no"
        self._settings = dict(AT_REST)
        self._written: dict[tuple[str, bool], NDArray[np.uint8]] = {}
        self._arrival: Arrival | None = None
        self.sentence = ""
        self.notes = [note for event in past if (note := self._noted(event)) is not None][-MOST_NOTES:]

    @property
    def labels(self) -> tuple[str, ...]:
        """What may be chosen."""
        return tuple(self._pictures)

    @property
    def label(self) -> str:
        """The picture that is chosen."""
        return self._label

    @property
    def reader(self) -> Reader:
        """Which mark is in it, and which key it is read with."""
        return self._reader

    @property
    def screen(self) -> Screen:
        """Whether it goes over a screen."""
        return self._screen

    @property
    def settings(self) -> dict[str, float]:
        """Where the sliders stand."""
        return dict(self._settings)

    # acts: each is done whole, or not at all and `sentence` says why

    def choose(
        self, *, picture: object = None, reader: object = None, screen: object = None, settings: object = None
    ) -> bool:
        """Choose any of these; what is None stays. Returns whether it was done."""
        self.sentence = ""
        try:
            self._choose(picture, reader, screen, settings)
        except ValueError as problem:
            self.sentence = str(problem)
        return not self.sentence

    def _choose(self, picture: object, reader: object, screen: object, settings: object) -> None:
        for value, known, what in (
            (picture, self._pictures, "picture"),
            (reader, READERS, "way to read"),
            (screen, SCREENS, "screen"),
        ):
            if value is not None and not (isinstance(value, str) and value in known):
                raise InputError(f"There is no such {what}. Choose one from the list.")
        wanted = {} if settings is None else settings
        known_sliders = {one.name: one for one in SLIDERS}
        if not isinstance(wanted, Mapping) or not known_sliders.keys() >= wanted.keys():
            raise InputError("There is no such slider.")
        for name, value in wanted.items():
            one = known_sliders[name]
            if not one.accepts(value):
                raise InputError(f"“{one.label}” goes from {one.lowest:g} to {one.highest:g} in steps of {one.step:g}.")
        before = (self._label, self._reader, self._screen, dict(self._settings))
        self._label = picture if picture is not None else self._label  # type: ignore[assignment]
        self._reader = reader if reader is not None else self._reader  # type: ignore[assignment]
        self._screen = screen if screen is not None else self._screen  # type: ignore[assignment]
        self._settings.update(wanted)
        if before != (self._label, self._reader, self._screen, self._settings):
            self._arrival = None

    def look(self, thorough: bool = False) -> Arrival | None:
        """What arrives and what the reader finds in it, or None; then `sentence` says why.

        Parameters
        ----------
        thorough : bool
            Search other sizes as well: half a second and more.
        """
        self.sentence = ""
        if self._arrival is not None and self._arrival.thorough >= thorough:
            return self._arrival
        pixels = travelled(self._sent(), self._settings, self._screen)
        if min(pixels.shape[:2]) < SMALLEST_SIDE:
            self._arrival = None
            self.sentence = (
                f"Of this picture {pixels.shape[1]} × {pixels.shape[0]} pixels are left. No reader can work with so "
                "few: crop or shrink it less."
            )
            return None
        key = self._key if self._reader != "stranger" else f"not {self._key}"
        result = read_mark(pixels, LENGTH, key, search="size" if thorough else "shift")
        self._arrival = Arrival(
            pixels, result, int((result.bits == self.bits).sum()), read_back(result.bits), bool(thorough)
        )
        return self._arrival

    def note(self) -> bool:
        """Write down what was found as the sliders stand now. Returns whether it was done."""
        arrival = self.look()
        if arrival is None:
            return False
        if len(self.notes) >= MOST_NOTES:
            self.sentence = f"The log is full: {MOST_NOTES} lines are enough to see what breaks a mark."
            return False
        note = Note(
            self._label,
            self._reader,
            {name: value for name, value in self._settings.items() if value != AT_REST[name]},
            self._screen,
            arrival.right,
            round(arrival.result.strength, 1),
            arrival.result.found,
            arrival.thorough,
        )
        if self.notes and self.notes[-1] == note:
            self.sentence = "This is the last line of your log already. Move a slider first."
            return False
        if self._log is not None:
            self._log({"kind": NOTED, "endurance": self.name, **vars(note)})
        self.notes.append(note)
        return True

    def _sent(self) -> NDArray[np.uint8]:
        marked = self._reader != "none"
        if (self._label, marked) not in self._written:
            pixels: Any = self._pictures[self._label]
            pixels = pixels() if callable(pixels) else pixels
            if len(self._written) > 3:  # a few pictures are quickly made again
                self._written.pop(next(iter(self._written)))
            self._written[self._label, marked] = embed_mark(pixels, self.bits, self._key) if marked else pixels
        return self._written[self._label, marked]

    def _noted(self, event: Mapping[str, Any]) -> Note | None:
        """A note of the past, if the event is one of this bench and makes sense."""
        if event.get("kind") != NOTED or event.get("endurance") != self.name:
            return None
        settings, known = event.get("settings"), {one.name: one for one in SLIDERS}
        if not isinstance(settings, Mapping) or not known.keys() >= settings.keys():
            return None
        right, strength = event.get("right"), event.get("strength")
        sound = (
            isinstance(event.get("picture"), str)
            and event.get("reader") in tuple(READERS)  # a tuple: what is looked for may be anything
            and event.get("screen") in tuple(SCREENS)
            and all(known[name].accepts(value) for name, value in settings.items())
            and isinstance(right, int)
            and 0 <= right <= LENGTH
            and isinstance(strength, int | float)
            and np.isfinite(strength)
            and isinstance(event.get("found"), bool)
            and isinstance(event.get("thorough"), bool)
        )
        if not sound:
            return None
        return Note(**{name: event[name] for name in Note.__dataclass_fields__})
