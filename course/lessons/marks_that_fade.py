"""Lesson 6: visible badges and invisible marks, what breaks them, and what they say of a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from textwrap import fill
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, media, ui
from course.errors import InputError
from course.forensics import attacks, badges
from course.forensics.endurance import LENGTH, SLIDERS, Endurance, read_back, spelled, travelled
from course.forensics.marks import FOUND
from course.lessons.lesson import Lesson, free_items, in_plain_words
from course.ui.words import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

_lesson = Lesson("marks-that-fade", questions="marks")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()

BENCH = "marks"
WRITTEN = "mark.write"

PICTURES = {
    "brick-lane": "the lane",
    "spotted-rabbit": "the rabbit",
    "larch-slope": "the slope",
    "yellow-car": "the yellow car",
    "eight-coffees": "the coffees",
    "paintbrushes": "the brushes",
}
"""Camera stills that carry marks in this lesson, and what they are called."""

OWN = "your own picture"
LARGEST = 1280 * 720
"""Pixels of a learner's own picture; a larger one is made smaller, so that the sliders stay quick."""

WORD, KEY = "OWL", "my secret words"
"""What stands in the notebook at first."""

SERVICE = ("TOY", "the key of a made-up service")
"""Word and key of the service in the four pictures. There is no such service."""

BADGED = "cockatoo-arrives"

CURVES = {
    "quality": (5, 10, 15, 20, 30, 40, 50, 75, 95),
    "blur": (0.5, 1, 1.5, 2, 2.5, 3, 4),
    "grain": (4, 8, 12, 16, 20, 24, 32, 40),
    "crop": (20, 25, 30, 40, 60, 80),
    "brightness": (30, 50, 70, 130, 160, 200),
    "turn": (0.25, 0.5, 0.75, 1, 1.5, 2, 4),
    "size": (30, 40, 50, 75, 150),
}
_SLIDER = {"grain": "noise", "crop": "keep", "brightness": "light"}
_TITLE = {"quality": "Saved as JPEG", "crop": "Cropped"}
_AXIS = {
    "quality": "quality of the JPEG",
    "blur": "blur, pixels",
    "grain": "added grain, grey levels",
    "crop": "kept of each side, %",
    "brightness": "brightness, %",
    "turn": "turned, degrees",
    "size": "size, %",
}
_THOROUGH_PICTURES = 2
"""To search all sizes takes half a second a picture, so that a curve of sizes has to do with so many."""


@dataclass(frozen=True, eq=False)
class Written:
    """The mark that the learner has written: word, key, the picture before and after."""

    word: str
    key: str
    label: str
    still: media.Still
    marked: NDArray[np.uint8]


_now: Written | None = None


# chance, measured while the learner reads


@cache
def _measuring() -> Future[tuple[float, ...]]:
    """Begin to look for a mark in camera stills that have none: what chance reaches in this reader."""

    def measure() -> tuple[float, ...]:
        return tuple(
            forensics.read_mark(media.load(item).pixels, LENGTH, KEY, search="shift").value for item in _unmarked()
        )

    return ThreadPoolExecutor(1).submit(measure)


def _unmarked() -> tuple[media.Item, ...]:
    """Camera stills of the pack that no form of the blind trial needs unseen."""
    return free_items(kind="still", origin="camera", purpose="parity")


def _chance() -> tuple[float, ...]:
    return _measuring().result()


# badges


@in_plain_words
def hook() -> ui.Player:
    """A generated clip that wears a badge."""
    item = media.catalogue()["giraffe"]
    shown = ui.player(media.load(item), label=item.credit)
    _measuring()
    return shown


@in_plain_words
def crop_badge(rows: int = 52) -> ui.Player:
    """The same clip, and a copy without its upper rows."""
    item = media.catalogue()["giraffe"]
    clip = media.load(item)
    height = clip.frames.shape[1]
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= height // 2:
        raise InputError(f"rows is a whole number from 1 to {height // 2}: so many rows of pixels are cut off the top.")
    begun = perf_counter()
    cropped = media.Clip(np.ascontiguousarray(clip.frames[:, rows:]), clip.fps, item)
    spent = perf_counter() - begun
    return ui.compare(
        clip,
        cropped,
        labels=("As it was", f"Without its upper {rows} rows"),
        note=f"{rows} of {height} rows were cut off {len(clip.frames)} frames. That took {_seconds(spent)}. For a "
        "badge in a corner the essay is right, if the crop goes far enough.",
    )


@in_plain_words
def put_badge(words: str = "Made by Toy Generator") -> ui.Player:
    """A clip of a camera, and a copy with a badge of our own."""
    item = media.catalogue()[BADGED]
    clip = media.load(item)
    begun = perf_counter()
    badged = media.Clip(badges.put_badge(clip.frames, words), clip.fps, item)
    spent = perf_counter() - begun
    return ui.compare(
        clip,
        badged,
        labels=("As a camera recorded it", "With a badge"),
        note=f"The badge is ours, and there is no such service. To put it on took {_seconds(spent)}. {item.credit}",
    )


def _seconds(spent: float) -> str:
    return f"{spent:.1g} seconds" if spent < 0.95 else f"{spent:.1f} seconds"


# the hidden mark


@in_plain_words
def write_mark(word: str = WORD, key: str = KEY, picture: str = "brick-lane") -> ui.Player:
    """Hide a word of up to four letters in a picture, and look at both."""
    global _now
    _now = _write(word, key, picture)
    event = {"kind": WRITTEN, "word": word.strip(), "picture": picture if picture in PICTURES else "own"}
    kept = [{name: one.get(name) for name in event} for one in _lesson.past() if one.get("kind") == WRITTEN]
    if kept[-1:] != [event]:
        _lesson.log.append(event)
    bits = "".join(map(str, spelled(word)))
    letters = ", ".join(f"{letter} = {bits[8 * n : 8 * n + 8]}" for n, letter in enumerate(word.strip()))
    blanks = 4 - len(word.strip())
    rest = f", and {blanks} {'blank' if blanks == 1 else 'blanks'}" if blanks else ""
    return ui.compare(
        _now.still,
        media.Still(_now.marked, _now.still.item),
        labels=("before", "after"),
        layout="wipe",
        note=f"{LENGTH} bits were written: {letters}{rest}. One of the two sides of the line holds them.",
    )


def _write(word: str, key: str, picture: str) -> Written:
    bits = spelled(word)
    if not (isinstance(key, str) and key.strip()):
        raise InputError(f'A key is any words between quotation marks, such as "{KEY}"; got {key!r}.')
    still = _picture(picture)
    height, width = still.pixels.shape[:2]
    if min(height, width) < 192:
        raise InputError(
            f"This picture has {width} × {height} pixels. Four letters need 192 × 192 or more: choose a larger one."
        )
    label = PICTURES.get(picture, OWN)
    return Written(word.strip(), key, label, still, forensics.embed_mark(still.pixels, bits, key))


@lru_cache(maxsize=8)
def _still(name: str) -> media.Still:
    return media.load(name)


def _picture(name: str) -> media.Still:
    """A picture of the lesson, or a file of the learner's own."""
    if isinstance(name, str) and name in PICTURES:
        return _still(name)
    if not isinstance(name, str) or not name.strip() or ("." not in name and not Path(name).is_file()):
        names = ", ".join(map(repr, PICTURES))
        raise InputError(
            f"There is no picture {name!r}. Choose one of {names}, or the path of a picture file of your own."
        )
    opened = media.open_file(Path(name).expanduser())
    pixels = opened.frames[0] if isinstance(opened, media.Clip) else opened.pixels
    factor = (LARGEST / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    return media.Still(attacks.resize(pixels, factor) if factor < 1 else np.ascontiguousarray(pixels))


def _mine() -> Written:
    """The learner's mark; after a restart that of the record, and before any the one in the notebook."""
    global _now
    if _now is None:
        last = next((one for one in reversed(_lesson.past()) if one.get("kind") == WRITTEN), {})
        name = last.get("picture")
        try:
            _now = _write(last.get("word", WORD), KEY, name if name in tuple(PICTURES) else "brick-lane")
        except ValueError:  # a record that somebody has edited
            _now = _write(WORD, KEY, "brick-lane")
    return _now


@in_plain_words
def difference(times: int = 20) -> ui.Page:
    """What the mark changes, made stronger so that it can be seen."""
    if not isinstance(times, int | float) or isinstance(times, bool) or not 1 <= times <= 100:
        raise InputError("times is a number from 1 to 100: how much stronger the difference is drawn.")
    mine = _mine()
    before, after = mine.still.pixels, mine.marked
    change = after[..., 1].astype(np.int16) - before[..., 1]
    drawn = np.clip(128 + change * float(times), 0, 255).astype(np.uint8)
    noise = _decibels(before, after)
    saved = _decibels(before, attacks.jpeg(before, 75))
    alike = forensics.structural_similarity(before, after).value
    most, mean = int(np.abs(change).max()), float(np.abs(change).mean())
    words = (
        f"A pixel changes by {mean:.1f} of 255 levels on average, and by {most} at most. Signal to noise (PSNR): "
        f"{noise:.0f} dB, more is better; saving this picture once as a JPEG of quality 75 gives {saved:.0f} dB. "
        f"Likeness (SSIM): {alike:.3f}, where 1 is the same picture."
    )

    def draw(fig: Figure) -> None:
        left, right = fig.subplots(1, 2)
        left.imshow(after)
        left.set_title("The picture with the mark")
        right.imshow(drawn, cmap="gray", vmin=0, vmax=255)
        right.set_title(f"What the mark changed, {times:g} times stronger")
        for axes in (left, right):
            axes.set_axis_off()

    alt = f"The marked picture beside the change: a weave of soft squares all over it. {words}"
    return ui.figure(draw, alt, caption=words, size=(7.6, 4.1))


def _decibels(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    power = float(np.mean((after.astype(np.float32) - before) ** 2))
    return 10 * np.log10(255**2 / max(power, 1e-12))


@in_plain_words
def read(key: str = KEY, marked: bool = True) -> ui.Page:
    """Look for the mark in the picture with a key, and place the strength among pictures without a mark."""
    if not (isinstance(key, str) and key.strip()):
        raise InputError(f'A key is any words between quotation marks, such as "{KEY}"; got {key!r}.')
    mine, chance = _mine(), _chance()
    result = forensics.read_mark(mine.marked if marked else mine.still.pixels, LENGTH, key, search="shift")
    right = int((result.bits == spelled(mine.word)).sum())
    said = f"{right} of {LENGTH} bits right, strength {_number(result.value)}"
    title = f"Found: “{read_back(result.bits).strip()}”" if result.found else "Nothing found"
    words = (
        f"{said}. At strength 0 is what one picture in a thousand reaches without a mark, in all the places where the "
        f"reader looks. The dots are {len(chance)} camera pictures without a mark: they lie between "
        f"{_number(min(chance))} and {_number(max(chance))}. Chance gets {LENGTH // 2} of {LENGTH} bits right."
    )
    alt = (
        f"{title}. An axis of strength from -10 to 36, with a line at {FOUND:g}, from where on a mark counts as found. "
    )
    return ui.figure(
        lambda fig: _draw_strength(fig.subplots(), result.value, chance, f"{title}; {said}"),
        alt + words,
        caption=words,
        size=(7.4, 1.9),
    )


def _number(value: float) -> str:
    return fixed(value, 1)


def _draw_strength(axes: Axes, strength: float, chance: Sequence[float], title: str) -> None:
    axes.set_title(title)
    axes.axvspan(-10, FOUND, color="0.5", alpha=0.15, linewidth=0)
    axes.plot(chance, _piled(chance), "o", color=ui.CAMERA, markersize=3.5)
    ink = axes.xaxis.label.get_color()
    axes.plot([strength, strength], [0, 9.4], color=ink, linewidth=1)
    axes.plot([strength], [9.4], "D", color=ink, markersize=8, clip_on=False)
    axes.annotate("this picture", (strength, 9.4), (8, 0), textcoords="offset points", va="center")
    axes.text(FOUND + 0.3, 0.2, "from here on: found", va="bottom")
    axes.set(
        xlim=(-10, 36),
        ylim=(-0.5, 10.5),
        xlabel="strength: 0 is what one unmarked picture in a thousand reaches",
        yticks=[],
    )
    axes.spines["left"].set_visible(False)


def _piled(values: Sequence[float]) -> list[float]:
    """A height for each dot, so that none hides another."""
    piles: dict[int, int] = {}
    heights = []
    for value in values:
        place = round(value / 0.5)
        heights.append(0.8 * piles.get(place, 0))
        piles[place] = piles.get(place, 0) + 1
    return heights


# the bench, and curves


@in_plain_words
def bench() -> ui.EnduranceView:
    """Sliders for what happens to the picture, and what the reader still finds."""
    model = bench_model()
    alts = {title: _still(name).alt for name, title in PICTURES.items()} | {OWN: "A picture of your own."}
    return ui.EnduranceView(model, alts, _chance)


def bench_model() -> Endurance:
    """The model behind `bench`."""
    mine = _mine()
    pictures: dict[str, Callable[[], NDArray[np.uint8]]] = {mine.label: lambda: mine.still.pixels}
    for name, title in PICTURES.items():
        pictures.setdefault(title, lambda name=name: _still(name).pixels)
    return Endurance(BENCH, pictures, mine.word, mine.key, _lesson.log.append, _lesson.past())


@lru_cache(maxsize=12)
def _marked(name: str, word: str, key: str) -> NDArray[np.uint8]:
    return forensics.embed_mark(_still(name).pixels, spelled(word), key)


@in_plain_words
def curve(attack: str = "quality") -> ui.Page:
    """How many bits are read in the pictures of this lesson, the harder they are treated."""
    if not isinstance(attack, str) or attack not in CURVES:
        raise InputError(f"There is no curve {attack!r}. Choose one of: {', '.join(CURVES)}.")
    mine, steps = _mine(), CURVES[attack]
    slider = _SLIDER.get(attack, attack)
    thorough = attack == "size"
    names = list(PICTURES)[: _THOROUGH_PICTURES if thorough else None]
    bits = spelled(mine.word)
    right = np.zeros((len(names), len(steps)), int)
    found = np.zeros_like(right, dtype=bool)
    for row, name in enumerate(names):
        for column, step in enumerate(steps):
            arrived = travelled(_marked(name, mine.word, mine.key), {slider: step})
            result = forensics.read_mark(arrived, LENGTH, mine.key, search="size" if thorough else "shift")
            right[row, column], found[row, column] = (result.bits == bits).sum(), result.found
    counts = found.sum(axis=0)
    whole = [step for step, count in zip(steps, counts, strict=True) if count == len(names)]
    gone = [step for step, count in zip(steps, counts, strict=True) if not count]
    label = next(one for one in SLIDERS if one.name == slider)
    title = f"{_TITLE.get(attack, label.label)}: where the mark breaks"
    table = ", ".join(f"at {step:g} in {count}" for step, count in zip(steps, counts, strict=True))
    every = "both" if len(names) == 2 else f"all {len(names)}"
    parts = [f"in {every} pictures at {_listed(whole)}"] * bool(whole) + [f"in none at {_listed(gone)}"] * bool(gone)
    lead = f"Found {'; '.join(parts) or 'in some pictures at each step'}."
    words = (
        f"{lead} Filled marks: found. Dotted: {LENGTH // 2} bits, what chance gets. {_MEANS.get(attack, '')}".strip()
    )

    def draw(fig: Figure) -> None:
        axes = fig.subplots()
        axes.set_title(title)
        axes.axhline(LENGTH / 2, color="0.5", linestyle=":", linewidth=1.5)
        for row in range(len(names)):
            axes.plot(steps, right[row], color=ui.CAMERA, alpha=0.35, linewidth=1.2)
            for column, step in enumerate(steps):
                face = ui.CAMERA if found[row, column] else "none"
                axes.plot([step], [right[row, column]], "o", mfc=face, mec=ui.CAMERA, markersize=6)
        axes.set(
            xlabel=_AXIS[attack], ylabel=f"bits right, of {LENGTH}", ylim=(0, LENGTH + 2), yticks=(0, 8, 16, 24, 32)
        )

    alt = f"{title}. Bits right of {LENGTH} for {len(names)} pictures. Found, of {len(names)}: {table}. {words}"
    return ui.figure(draw, alt, caption=words, size=(7.0, 3.2))


_MEANS = {
    "turn": "The reader looks in other places, and never turns a picture: one that did could find the mark again.",
    "size": "Here other sizes were searched; without that, a change of size alone hides the mark from this reader.",
}
"""What a curve says of the reader."""


def _listed(steps: Sequence[float]) -> str:
    words = [f"{step:g}" for step in steps]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words) or "no step"


# four pictures


@dataclass(frozen=True)
class Case:
    """One of the four pictures: what it is, whether it was marked, what happened to it."""

    name: str
    marked: bool
    photographed: bool
    told: str


CASES = (
    Case("ladybird-stem", True, False, "A camera. We wrote the mark into it."),
    Case("rose-ladybird", True, True, "A generator. Marked, then photographed off a screen (simulated)."),
    Case("cosmos-evening", True, False, "A generator. Marked, and nothing else."),
    Case("marigold-petals", False, False, "A camera. Nobody did anything to it."),
)


@cache
def _cases() -> tuple[tuple[NDArray[np.uint8], float, bool], ...]:
    """Each of the four as it arrives, and what the reader says of it."""
    word, key = SERVICE
    arrived = []
    for case in CASES:
        pixels = media.load(case.name).pixels
        pixels = forensics.embed_mark(pixels, spelled(word), key) if case.marked else pixels
        pixels = attacks.photographed(pixels) if case.photographed else pixels
        result = forensics.read_mark(pixels, LENGTH, key, search="shift")
        arrived.append((pixels, result.value, result.found))
    return tuple(arrived)


def _four(told: bool) -> ui.Page:
    cases = _cases()
    answers = [f"the reader: {'mark found' if found else 'no mark found'}" for _, _, found in cases]
    shown = [media.catalogue()[case.name].alt for case in CASES]
    truth = [f" In truth: {case.told}" if told else "" for case in CASES]
    alt = " ".join(
        f"{letter}: {what} {answer.capitalize()}.{true}"
        for letter, what, answer, true in zip("ABCD", shown, answers, truth, strict=True)
    )

    def draw(fig: Figure) -> None:
        for axes, letter, (pixels, _, _), answer, case in zip(
            fig.subplots(2, 2).flat, "ABCD", cases, answers, CASES, strict=True
        ):
            axes.imshow(pixels)
            axes.set_title(f"{letter}   {answer}", fontsize=10)
            axes.set_xticks([])
            axes.set_yticks([])
            for side in axes.spines.values():
                side.set_visible(False)
            if told:
                origin = media.catalogue()[case.name].origin
                colour = ui.CAMERA if origin == "camera" else ui.GENERATED
                axes.set_xlabel(fill(case.told, 36), fontsize=9.5)
                axes.plot([-0.02, -0.02], [0, 1], transform=axes.transAxes, color=colour, linewidth=5,
                          linestyle="-" if origin == "camera" else (0, (2, 1)), clip_on=False)  # fmt: skip

    strengths = ", ".join(f"{letter} {_number(value)}" for letter, (_, value, _) in zip("ABCD", cases, strict=True))
    caption = f"Strengths: {strengths}. From {FOUND:g} on a mark counts as found."
    if told:
        caption += (
            " Solid blue: camera. Dashed orange: generated. The reader was right four times: there was a mark in A and "
            "C, and there was none to be found in B and D. The mistake is ours, if we read “mark” as “generated” and "
            "“no mark” as “camera”."
        )
    return ui.figure(draw, f"{alt} {caption}", caption=caption, size=(5.4, 6.1 if told else 5.4))


@in_plain_words
def four_pictures() -> ui.Page:
    """Four pictures and what the reader says of them; nothing about where they come from."""
    return _four(told=False)


@in_plain_words
def four_answers() -> ui.Page:
    """The same four, with what was done to them."""
    return _four(told=True)
