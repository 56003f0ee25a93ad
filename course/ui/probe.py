"""The probe: a picture, a measurement on it, and sliders that move the measurement while one looks at what it says.

`Probe` is the model: what may be chosen, what is chosen, and what the measurement then says. It knows no widget, and
none of its methods raises for anything a learner can do: there is either a `Reading` or a sentence. `ProbeView` shows
it. The measurements themselves are a table of `Gauge`; the course's own is in `course.lessons.gauges`.

A view has at most one question under way and keeps only the newest of those that wait, so the kernel never works on
slider positions that the hand has left already.
"""

from __future__ import annotations

import logging
import math
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import traitlets

from course import media
from course.errors import CourseError, InputError
from course.ui.look import View, static
from course.ui.upload import LARGEST, Upload

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from course.forensics import Placed
    from course.media import Clip, Item, Still

OWN = "Your own file"
MOTTO = "A measurement says how much, not what made it."
LARGEST_AREA = 1280 * 1024
"""Pixels measured at once. Of a larger picture a part is measured as it is: shrinking would wipe the traces off."""

SHOWN_SIDE = 720
KEPT_PICTURES, KEPT_RESULTS = 2, 6

_BLOCK = 8  # a part begins on the grid of JPEG, so that the blocks lie where they lay
_AMISS = (
    "This measurement stumbled over this picture. The mistake is ours, not yours: choose another measurement, or "
    "another picture."
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parameter:
    """One slider of a measurement.

    Attributes
    ----------
    name : str
        Keyword of `Gauge.measure`.
    label : str
        What the learner reads.
    lowest, highest, step, default : float
        In `unit`.
    unit : str
        Empty for a plain number.
    moves_value : bool
        Whether the number depends on it; False for what changes the drawing alone. The camera pictures were measured
        at the defaults, so a number measured elsewhere is not placed among them.
    """

    name: str
    label: str
    lowest: float
    highest: float
    step: float
    default: float
    unit: str = ""
    moves_value: bool = True

    def __post_init__(self) -> None:
        if not self.accepts(self.default):
            raise InputError(f"{self.name}: the default {self.default} is not on the slider.")

    def accepts(self, value: object) -> bool:
        """Whether the slider can stand there.

        Examples
        --------
        >>> quality = Parameter("quality", "Quality", 50, 98, 2, 90)
        >>> [quality.accepts(value) for value in (50, 97, 98, 100, float("nan"), "90", True)]
        [True, False, True, False, False, False, False]
        """
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.lowest <= value <= self.highest:
            return False
        steps = (value - self.lowest) / self.step
        return abs(steps - round(steps)) < 1e-6


@dataclass(frozen=True)
class Trace:
    """A line of a `Chart`: its points, and whether it is what was measured or a line to compare it with."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    measured: bool = True


@dataclass(frozen=True)
class Chart:
    """A small drawing of curves.

    `words` says what there is to see; `marker` is a place on x, such as a frame; with `log_x` each doubling of x has
    the same width.
    """

    title: str
    x: str
    y: str
    words: str
    lines: tuple[Trace, ...]
    marker: float | None = None
    log_x: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """What a measurement says of a picture.

    Attributes
    ----------
    overlay : ndarray of uint8, shape (H, W, 3), or None
        The measurement as a picture, RGB: of the shape of what was measured, and as large, or as large as `shown_size`.
    value : float
        The number.
    unit : str
        Its unit.
    sentence : str
        What the number and the drawing mean here.
    confounders : tuple of str
        What else moves the value.
    place : Placed or None
        Where it lies among the camera pictures of the course.
    unplaced : str
        Why it has no place, if so; empty where there is nothing to compare with.
    chart : Chart or None
        A curve to look at.
    """

    overlay: NDArray[np.uint8] | None
    value: float
    unit: str
    sentence: str
    confounders: tuple[str, ...]
    place: Placed | None = None
    unplaced: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Gauge:
    """A measurement that the probe offers.

    Attributes
    ----------
    key : str
        Name of the function in `course.forensics`; `null` is kept under it.
    title, explanation : str
        For the learner; the explanation is one sentence.
    measure : callable
        ``measure(subject, **parameters) -> Reading``, or ``measure(subject, prepared, **parameters)`` where there is a
        `prepare`. It gets ``frame`` as well if it looks at a clip. May raise InputError.
    parameters : tuple of Parameter
        The sliders.
    prepare : callable, optional
        ``prepare(subject)``: what does not depend on the sliders; its result is kept.
    looks_at : {"picture", "pair", "clip"}
        What the subject is: pixels (H, W, 3); two frames (2, H, W, 3); a `course.media.Clip`.
    smallest : int
        Pixels needed in height and width.
    fewest : int
        Frames needed.
    on_the_picture : bool
        Whether the overlay shows places of the picture, so that it can be laid over it. A spectrum does not.
    live : bool
        False for what takes longer than a hand waits: then a button starts `prepare`.
    null : tuple of float
        The values of the camera pictures of the course at the defaults.
    """

    key: str
    title: str
    explanation: str
    measure: Callable[..., Reading]
    parameters: tuple[Parameter, ...] = ()
    prepare: Callable[[Any], Any] | None = None
    looks_at: Literal["picture", "pair", "clip"] = "picture"
    smallest: int = 8
    fewest: int = 1
    on_the_picture: bool = True
    live: bool = True
    null: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.live and self.prepare is None:
            raise InputError(f"{self.key}: a measurement that waits for its button needs prepare.")

    @property
    def defaults(self) -> dict[str, float]:
        """Where the sliders stand at first."""
        return {one.name: one.default for one in self.parameters}


@dataclass(frozen=True)
class _Choice:
    picture: str
    gauge: str
    frame: int = 0
    part: tuple[int, int] = (50, 50)


class Probe:
    """What may be chosen, what is chosen, and what the measurement says of it.

    Parameters
    ----------
    pictures : mapping of str to Item, str, Path, Clip or Still
        By neutral labels: an item of the catalogue or its id, the path of a file, or what is decoded already.
    gauges : iterable of Gauge
        The measurements, in the order in which they are offered.

    Attributes
    ----------
    sentence : str
        Why the last act was not done, or why there is no reading; empty if all is well.
    waits : bool
        Whether the only thing missing is that the learner asks for the measurement.

    Raises
    ------
    ValueError
        If there is no picture or no gauge to choose from, or the catalogue has no such picture.

    Examples
    --------
    >>> def redness(pixels, least):
    ...     share = float((pixels[..., 0] > least).mean())
    ...     return Reading(overlay=None, value=share, unit="of the picture", sentence="So much is red.", confounders=())
    >>> least = Parameter("least", "Least red", 0, 255, 5, 200)
    >>> gauge = Gauge(key="redness", title="Redness", explanation="Counts.", measure=redness, parameters=(least,))
    >>> probe = Probe({"A": "rotary-telephone"}, [gauge])
    >>> before = probe.reading().value
    >>> probe.choose(parameters={"least": 100})
    True
    >>> probe.reading().value > before
    True
    >>> probe.choose(parameters={"least": 1000}), probe.sentence
    (False, 'Least red goes from 0 to 255 in steps of 5.')
    """

    def __init__(self, pictures: Mapping[str, Item | Clip | Still | Path | str], gauges: Iterable[Gauge]) -> None:
        self._sources: dict[str, Any] = {label: _source(source) for label, source in dict(pictures).items()}
        self._gauges = {gauge.key: gauge for gauge in gauges}
        if not self._sources or not self._gauges:
            raise InputError("A probe needs at least one picture and one measurement.")
        self._choice = _Choice(next(iter(self._sources)), next(iter(self._gauges)))
        self._parameters = {key: gauge.defaults for key, gauge in self._gauges.items()}
        self._pictures: OrderedDict[str, Clip | Still] = OrderedDict()
        self._prepared: OrderedDict[tuple, Any] = OrderedDict()
        self._versions = 0  # of the learner's own file, which keeps its label
        self.sentence = ""
        self.waits = False

    # what may be chosen, and what is

    @property
    def pictures(self) -> tuple[str, ...]:
        """Labels of the pictures."""
        return tuple(self._sources)

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """The measurements."""
        return tuple(self._gauges.values())

    @property
    def picture(self) -> str:
        """Label of the picture that is chosen."""
        return self._choice.picture

    @property
    def gauge(self) -> Gauge:
        """The measurement that is chosen."""
        return self._gauges[self._choice.gauge]

    @property
    def parameters(self) -> dict[str, float]:
        """Where the sliders of the measurement stand. Each measurement keeps its own."""
        return dict(self._parameters[self._choice.gauge])

    @property
    def frame(self) -> int:
        """Number of the frame that is looked at, from 0."""
        return min(self._choice.frame, max(0, self.frames - 1))

    @property
    def frames(self) -> int:
        """How many frames may be chosen: 1 for a still or an unreadable file, one less than there are for pairs."""
        clip = self._pictures.get(self.picture)
        if not isinstance(clip, media.Clip):
            return 1
        return max(1, len(clip.frames) - (self.gauge.looks_at == "pair"))

    @property
    def part(self) -> tuple[int, int] | None:
        """Which part of a large picture is measured: how far right and down, 0 to 100. None where it is all of it."""
        still = self._pictures.get(self.picture)
        if not isinstance(still, media.Still) or _window(still.pixels.shape) == still.pixels.shape[:2]:
            return None
        return self._choice.part

    @property
    def seen(self) -> tuple:
        """What names the pixels on show; it changes when they change."""
        return (self.picture, self._versions if self.picture == OWN else 0, self.frame, self.part)

    # acts: each is done whole, or not at all and `sentence` says why

    def choose(
        self,
        *,
        picture: object = None,
        gauge: object = None,
        frame: object = None,
        part: object = None,
        parameters: object = None,
    ) -> bool:
        """Choose any of these; what is None stays. Returns whether it was done.

        Parameters
        ----------
        picture : str
            A label.
        gauge : str
            A key.
        frame : int
            From 0. It may be beyond the end if the picture changes too; then the last one is taken.
        part : sequence of two int
            How far right and down, 0 to 100.
        parameters : mapping of str to float
            Of the measurement chosen here or before.
        """
        return self._try(lambda: self._choose(picture, gauge, frame, part, parameters))

    def open_own(self, data: bytes) -> bool:
        """Take the content of a file as the learner's own picture, and choose it. Returns whether it was done."""
        return self._try(lambda: self._open_own(data))

    def _try(self, act: Callable[[], None]) -> bool:
        self.sentence, self.waits = "", False
        try:
            act()
        except CourseError as problem:
            self.sentence = str(problem)
        return not self.sentence

    def _choose(self, picture: object, gauge: object, frame: object, part: object, parameters: object) -> None:
        choice = self._choice
        if picture is not None:
            if not isinstance(picture, str) or picture not in self._sources:
                raise InputError("There is no picture of that name. Choose one from the list.")
            self._load(picture)
            choice = replace(choice, picture=picture, frame=0 if picture != choice.picture else choice.frame)
        if gauge is not None:
            if not isinstance(gauge, str) or gauge not in self._gauges:
                raise InputError("There is no measurement of that name. Choose one from the list.")
            choice = replace(choice, gauge=gauge)
        if frame is not None:
            if not isinstance(frame, int) or isinstance(frame, bool) or frame < 0:
                raise InputError("A frame is a whole number, and the first one is 0.")
            choice = replace(choice, frame=frame)
        if part is not None:
            if not _is_part(part):
                raise InputError("A part of the picture is named by two whole numbers from 0 to 100.")
            choice = replace(choice, part=(part[0], part[1]))
        checked = self._checked(self._gauges[choice.gauge], {} if parameters is None else parameters)
        self._choice = choice
        self._parameters[choice.gauge].update(checked)

    @staticmethod
    def _checked(gauge: Gauge, wanted: object) -> dict[str, float]:
        known = {one.name: one for one in gauge.parameters}
        if not isinstance(wanted, Mapping) or not known.keys() >= wanted.keys():
            raise InputError(f"“{gauge.title}” has no such slider.")
        for name, value in wanted.items():
            one = known[name]
            if not one.accepts(value):
                unit = f" {one.unit}" if one.unit else ""
                raise InputError(
                    f"{one.label} goes from {one.lowest:g} to {one.highest:g}{unit} in steps of {one.step:g}."
                )
        return dict(wanted)

    def _open_own(self, data: bytes) -> None:
        if len(data) > LARGEST:
            raise InputError(f"That file is too large: choose one of at most {LARGEST // 1_000_000} MB.")
        # A name from outside could mean something to this computer; ours cannot, and the kind is told by the content.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "your file")
            path.write_bytes(data)
            picture = media.open_file(path)
        self._sources[OWN] = picture
        self._versions += 1
        self._pictures.pop(OWN, None)
        self._choice = replace(self._choice, picture=OWN, frame=0, part=(50, 50))

    # what it says

    def shown(self) -> NDArray[np.uint8] | None:
        """The pixels that are looked at, (H, W, 3), or None if the picture cannot be read."""
        try:
            return self._pixels(self._load(self.picture))
        except CourseError as problem:
            self.sentence = str(problem)
            return None

    @property
    def alt(self) -> str:
        """What the picture shows, in words that do not tell its origin; empty if it cannot be read."""
        picture = self._pictures.get(self.picture)
        return picture.alt if picture else ""

    def reading(self, asked: bool = False) -> Reading | None:
        """What the measurement says of the picture, or None; then `sentence` says why.

        Parameters
        ----------
        asked : bool
            The learner asks for it: a measurement that is not live is made only then, and kept.
        """
        self.sentence, self.waits = "", False
        try:
            return self._measured(asked)
        except CourseError as problem:
            self.sentence = str(problem)
        except Exception:
            # A fault of ours. It belongs in the log, and the page must not wait for an answer that never comes.
            _log.exception("%s on %s with %s", self.gauge.key, self.picture, self.parameters)
            self.sentence = _AMISS
        return None

    def _measured(self, asked: bool) -> Reading | None:
        gauge = self.gauge
        subject = self._subject(self._load(self.picture))
        rest: tuple[Any, ...] = ()
        if gauge.prepare is not None:
            key = (gauge.key, *self.seen[:2], None if gauge.looks_at == "clip" else self.frame, self.part)
            if key not in self._prepared:
                if not (gauge.live or asked):
                    self.waits = True
                    self.sentence = "This one takes a moment. Press “Measure” when you want it."
                    return None
                _keep(self._prepared, key, gauge.prepare(subject), KEPT_RESULTS)
            self._prepared.move_to_end(key)
            rest = (self._prepared[key],)
        frame = {"frame": self.frame} if gauge.looks_at == "clip" else {}
        reading = gauge.measure(subject, *rest, **frame, **self.parameters)
        if not math.isfinite(reading.value):
            raise InputError("This measurement has no number for this picture. Choose another picture.")
        return self._placed(reading)

    def _placed(self, reading: Reading) -> Reading:
        """The reading with its place among the camera pictures, or why it has none."""
        from course.forensics import place  # a page without a probe does not wait for it

        gauge, picture = self.gauge, self._pictures[self.picture]
        if not gauge.null or gauge.looks_at == "pair":
            return reading
        noun = "clips" if gauge.looks_at == "clip" else "pictures"
        item = picture.item
        if item is None or item.purpose != "parity" or item.kind != ("clip" if noun == "clips" else "still"):
            return replace(
                reading,
                unplaced=f"No place among our camera {noun}: they all have one size and were all saved in one way, "
                "and this one was not.",
            )
        moved = [one for one in gauge.parameters if one.moves_value and self.parameters[one.name] != one.default]
        if moved:
            there = " and ".join(f"{one.label.lower()} {one.default:g}" for one in moved)
            return replace(reading, unplaced=f"Our camera {noun} were measured at {there}: go back there to compare.")
        return replace(reading, place=place(reading.value, gauge.null))

    def _subject(self, picture: Clip | Still) -> Any:
        """What the measurement looks at, once the picture is known to be fit for it."""
        gauge = self.gauge
        clip = isinstance(picture, media.Clip)
        if gauge.looks_at != "picture" and not clip:
            raise InputError(f"“{gauge.title}” follows time, and this picture does not move. Choose a clip.")
        fewest = max(gauge.fewest, {"picture": 1, "pair": 2, "clip": 2}[gauge.looks_at])
        if clip and len(picture.frames) < fewest:
            raise InputError(f"“{gauge.title}” needs {fewest} frames, and this clip has {len(picture.frames)}.")
        pixels = self._pixels(picture)
        height, width = pixels.shape[:2]
        if min(height, width) < gauge.smallest:
            raise InputError(
                f"“{gauge.title}” needs a picture of at least {gauge.smallest} × {gauge.smallest} pixels, and this one "
                f"has {width} × {height}. Choose a larger one."
            )
        if gauge.looks_at == "clip":
            return picture
        return pixels if gauge.looks_at == "picture" else picture.frames[self.frame : self.frame + 2]

    def _pixels(self, picture: Clip | Still) -> NDArray[np.uint8]:
        if isinstance(picture, media.Clip):
            return picture.frames[self.frame]
        height, width = _window(picture.pixels.shape)
        right, down = self._choice.part
        left = round((picture.pixels.shape[1] - width) * right / 100) // _BLOCK * _BLOCK
        top = round((picture.pixels.shape[0] - height) * down / 100) // _BLOCK * _BLOCK
        return picture.pixels[top : top + height, left : left + width]

    def size_note(self) -> str:
        """What the learner must know of a picture that is too large to be measured at once; else empty."""
        if self.part is None:
            return ""
        whole = self._pictures[self.picture].pixels.shape
        height, width = _window(whole)
        return (
            f"You see a part, {width} × {height} of {whole[1]} × {whole[0]} pixels, as it is in the file: to shrink "
            "the whole would wipe off what is measured. Move the part with its two sliders."
        )

    def _load(self, label: str) -> Clip | Still:
        if label not in self._pictures:
            source = self._sources[label]
            if isinstance(source, media.Clip | media.Still):
                picture = source
            else:
                picture = media.open_file(source) if isinstance(source, Path) else media.load(source)
            _keep(self._pictures, label, picture, KEPT_PICTURES)
        self._pictures.move_to_end(label)
        return self._pictures[label]


def _source(source: Any) -> Any:
    if not isinstance(source, str):
        return source
    if source not in media.catalogue():
        raise InputError(f"There is no picture {source!r} in the catalogue.")
    return media.catalogue()[source]


def _keep(kept: OrderedDict, key: Any, value: Any, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)


def _is_part(part: object) -> bool:
    return (
        isinstance(part, list | tuple)
        and len(part) == 2
        and all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 100 for n in part)
    )


def _window(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of what is measured at once: all of it, or a part of the same shape in whole blocks.

    Examples
    --------
    >>> _window((384, 384, 3)), _window((3000, 4000, 3))
    ((384, 384), (984, 1320))
    """
    height, width = shape[:2]
    factor = math.sqrt(LARGEST_AREA / (height * width))
    if factor >= 1:
        return height, width
    # A long strip keeps its short side.
    if min(height, width) * factor < 256:
        short = min(height, width, 256)
        long = LARGEST_AREA // short // _BLOCK * _BLOCK
        return (short, min(long, width)) if width > height else (min(long, height), short)
    return int(height * factor) // _BLOCK * _BLOCK, int(width * factor) // _BLOCK * _BLOCK


def number(value: float) -> str:
    """A value with three figures or so, as one would write it by hand.

    Examples
    --------
    >>> [number(value) for value in (2457.6, 15.23, 1.1687, 0.0317, 0.0004, -4.134, 0.0)]
    ['2458', '15.2', '1.17', '0.032', '0.0004', '−4.13', '0']
    """
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    if 0 < size < 0.001:
        return f"{value:.1g}".replace("-", "−") if size >= 1e-4 else "0"
    return "0" if size == 0 else f"{value:.{digits}f}".replace("-", "−")


def shown_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width in which a picture of this shape goes to the screen: at most 720 pixels a side.

    Examples
    --------
    >>> shown_size((720, 1280, 3)), shown_size((384, 384, 3))
    ((405, 720), (384, 384))
    """
    height, width = shape[:2]
    factor = min(1, SHOWN_SIDE / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def encoded(pixels: NDArray[np.uint8]) -> bytes:
    """A picture for the screen, as a JPEG of quality 90 with full colour.

    A PNG would have harder edges and takes ten times as long to make; the slider cannot wait for it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        RGB; larger ones are reduced to `shown_size`.

    Examples
    --------
    >>> import numpy as np
    >>> encoded(np.zeros((1440, 720, 3), dtype=np.uint8))[:3]
    b'\xff\xd8\xff'
    """
    import cv2

    height, width = shown_size(pixels.shape)
    if (height, width) != pixels.shape[:2]:
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        90,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    return cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)[1].tobytes()


class ProbeView(View):
    """Shows a `Probe`: picture, overlay, number, and sliders that follow the hand.

    Questions and answers are messages, because an answer is worth nothing once there is a newer one.
    """

    _esm = static("parts.js", "ask.js", "probe.js")

    setup = traitlets.Dict().tag(sync=True)
    motto = traitlets.Unicode(MOTTO).tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, model: Probe) -> None:
        super().__init__(setup=_setup(model))
        self._model = model
        self._upload = Upload()

    def _said(self, _view: View, message: dict, buffers: list) -> tuple[dict[str, Any], list[bytes]]:
        return self.answer(message, buffers)

    def answer(self, message: Mapping[str, Any], buffers: Iterable[bytes] = ()) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to one message of the page, and the pictures that go with it."""
        if message.get("type") == "piece":
            return self._piece(message, buffers), []
        begun = perf_counter()
        model = self._model
        wanted = message.get("choice")
        done = model.choose(**{name: wanted.get(name) for name in _CHOICES}) if isinstance(wanted, Mapping) else True
        refused = model.sentence
        reading = model.reading(asked=message.get("asked") is True) if done else None
        answer = {"type": "answer", "state": self._state(), "refused": not done, "sentence": refused}
        if done:
            answer["sentence"] = model.sentence
            answer["waits"] = model.waits
        pictures: list[bytes] = []
        pixels = model.shown()
        if pixels is not None:
            answer.update(alt=model.alt, seen=repr(model.seen))
            if message.get("has") != answer["seen"]:
                answer["picture"] = True
                pictures.append(encoded(pixels))
        if reading is not None:
            answer.update(_words(reading, model.gauge))
            if reading.overlay is not None:
                answer["overlay"] = True
                pictures.append(encoded(reading.overlay))
        answer["spent"] = round(1000 * (perf_counter() - begun), 1)
        return answer, pictures

    def _state(self) -> dict[str, Any]:
        model = self._model
        return {
            "picture": model.picture,
            "gauge": model.gauge.key,
            "frame": model.frame,
            "frames": model.frames,
            "part": None if model.part is None else list(model.part),
            "note": model.size_note(),
            "parameters": model.parameters,
        }

    def _piece(self, message: Mapping[str, Any], buffers: Iterable[bytes]) -> dict[str, Any]:
        """Take a piece of the learner's own file, and open it once it is whole."""
        data = self._upload.take(message, buffers)
        if data is None:
            return {"type": "more"}
        done = self._model.open_own(data)
        if done:
            self.setup = _setup(self._model)
        return {"type": "opened", "refused": not done, "sentence": self._model.sentence}


_CHOICES = ("picture", "gauge", "frame", "part", "parameters")


def _setup(model: Probe) -> dict[str, Any]:
    """What the page offers: labels, sliders, and the camera values, without any name."""
    return {
        "pictures": list(model.pictures),
        "gauges": [
            {
                "key": gauge.key,
                "title": gauge.title,
                "explanation": gauge.explanation,
                "parameters": [asdict(one) for one in gauge.parameters],
                "looks_at": gauge.looks_at,
                "on_the_picture": gauge.on_the_picture,
                "live": gauge.live,
                "null": sorted(gauge.null),
            }
            for gauge in model.gauges
        ],
    }


def _words(reading: Reading, gauge: Gauge) -> dict[str, Any]:
    """A reading for the page, without its overlay."""
    noun = "clips" if gauge.looks_at == "clip" else "pictures"
    return {
        "value": float(reading.value),
        "number": number(reading.value),
        "unit": reading.unit,
        "words": reading.sentence,
        "confounders": list(reading.confounders),
        "place": None if reading.place is None else {**asdict(reading.place), "words": placing(reading.place, noun)},
        "unplaced": reading.unplaced,
        "chart": None if reading.chart is None else asdict(reading.chart),
    }


def placing(placed: Placed, noun: str = "pictures") -> str:
    """Where a value lies, in a sentence.

    Examples
    --------
    >>> from course.forensics import place
    >>> placing(place(3.0, [1.0, 2.0, 4.0, 5.0, 6.0]))
    'Higher than 2 of our 5 camera pictures. The middle half of them lies between 2 and 5.'
    """
    below = math.floor(placed.percentile * placed.count / 100 + 1e-9)
    low, high = (number(end).removesuffix(".00") for end in (placed.lower_quartile, placed.upper_quartile))
    return (
        f"Higher than {below or 'none'} of our {placed.count} camera {noun}. "
        f"The middle half of them lies between {low} and {high}."
    )
