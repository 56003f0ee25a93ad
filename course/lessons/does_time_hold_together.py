"""Lesson 3: what time does to a clip: curves beside the picture, a trap, and a thrown ball."""

from __future__ import annotations

import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media, ui
from course.lessons.lesson import Lesson, in_plain_words
from course.media.catalogue import data_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course.forensics import TrajectoryResult

_lesson = Lesson("does-time-hold-together", questions="does-time")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()


@dataclass(frozen=True)
class Measure:
    """How this lesson speaks of a measurement."""

    title: str
    unit: str
    more: str  # what more of it looks like, for "this clip ... than"


MEASURES = {
    "flicker": Measure("Flicker: change where nothing should move", "grey levels", "flickers more"),
    "flow": Measure(
        "Flow error: motion that does not add up, there and back", "pixels", "has motion that adds up less well"
    ),
    "second order": Measure("Second-order motion: how the change changes", "grey levels", "changes more unevenly"),
}


@lru_cache(maxsize=8)
def _loaded(item: media.Item) -> media.Clip:
    return media.load(item)


def _clip(name: str) -> media.Clip:
    return _loaded(media.catalogue()[name])


@dataclass(frozen=True)
class Curve:
    """What is kept of a measurement: its number and its curve. The flow of every pixel would take 12 MB a clip."""

    value: float
    curve: np.ndarray
    confounders: tuple[str, ...]
    at: tuple[int, ...] | None = None


def _measured(name: str) -> dict[str, Curve]:
    """All three measurements of a clip; the flow is measured once and serves two of them."""
    return _measured_item(media.catalogue()[name])


@cache
def _measured_item(item: media.Item) -> dict[str, Curve]:
    # By item and not by name: a teacher may change the entry of a clip while the page is open.
    clip = _loaded(item)
    flow = forensics.optical_flow(clip.frames)
    flicker = forensics.flicker(clip.frames, flow.flow)
    return {
        "flicker": Curve(flicker.value, flicker.curve, flicker.confounders),
        "flow": Curve(flow.value, flow.curve, flow.confounders),
        "second order": _second_order(clip),
    }


def _second_order(clip: media.Clip) -> Curve:
    result = forensics.second_order_motion(clip.frames, clip.fps)
    # A change of a change belongs to the last of its three frames.
    return Curve(result.value, result.curve, result.confounders, tuple(int(n) for n in result.frame_numbers[2:]))


@cache
def _names(origin: str) -> list[str]:
    """The clips this lesson compares with: those of the pack that no form of the blind trial needs unseen.

    A teacher's own clips are not among them: what the page says of "our camera clips" holds for every class.
    """
    forms = (judgement.load_form(path) for path in (data_folder() / "forms").glob("*.toml"))
    unseen = {name for form in forms for name in form.items}
    items = media.catalogue(data_folder()).where(kind="clip", origin=origin, purpose="parity")
    return [item.id for item in items if item.id not in unseen]


@cache
def _camera() -> dict[str, tuple[float, ...]]:
    """Each measurement on each camera clip of the pack.

    The quick one is worked out here and now. The two that follow each pixel would take a minute on a slow machine:
    their values are those that ``data/forensics/measure.py`` wrote down.
    """
    names = _names("camera")
    written = json.loads((data_folder() / "forensics" / "null.json").read_text(encoding="utf-8"))
    # Two at a time: decoding and OpenCV leave the interpreter free, and that halves the wait.
    with ThreadPoolExecutor(2) as two:
        uneven = tuple(two.map(lambda name: _second_order(media.load(name)).value, names))
    flicker, flow = (tuple(written[key]["values"][name] for name in names) for key in ("flicker", "optical_flow"))
    return {"flicker": flicker, "flow": flow, "second order": uneven}


def _checked(name: str, measure: str) -> None:
    if measure not in MEASURES:
        raise ValueError(f"There is no measurement {measure!r}. Choose one of: {', '.join(MEASURES)}.")
    names = _names("camera") + _names("generated")
    if name not in names and not _is_own(name):
        raise ValueError(f"There is no clip {name!r}. Choose one of: {', '.join(names)}.")
    _comparable(name)


def _is_own(name: str) -> bool:
    """Whether the name is that of a clip in the teacher's own folder, which works without being listed here.

    A list by origin would spoil the trial in which a class may still judge it.
    """
    item = media.catalogue().get(name)
    return isinstance(item, media.OwnItem) and item.kind == "clip"


def _comparable(name: str) -> None:
    item = media.catalogue()[name]
    if item.kind != "clip":
        raise ValueError(f"{name!r} is a still. These curves follow time: choose a clip.")
    if item.purpose != "parity":
        raise ValueError(
            f"{name!r} is shown at a size and rate of its own, so its numbers cannot be set beside those of our camera "
            'clips. Take the line purpose = "exhibit" out of its entry.'
        )


@in_plain_words
def giraffe() -> ui.Player:
    """The Sora 2 clip, stopped at its first frame."""
    item = media.catalogue()["giraffe"]
    return ui.player(media.load(item), label=item.credit)


_ROLES = ("camera", "generated")


def _pair(name: str) -> media.Pair:
    pairs = media.catalogue().pairs
    if name not in pairs:
        raise ValueError(f"There is no pair {name!r}. Choose one of: {', '.join(pairs)}.")
    return pairs[name]


@in_plain_words
def flicker(pair: str) -> ui.Player:
    """Two clips with their flicker, frame by frame, and where each lies among the camera clips."""
    return _pair_beside(pair, "flicker")


@in_plain_words
def flow(pair: str) -> ui.Player:
    """Two clips with the error of their motion, there and back."""
    return _pair_beside(pair, "flow")


@in_plain_words
def workbench(camera: str, generated: str, measure: str) -> ui.Player:
    """Any clip of each side, with any of the three measurements."""
    for name in (camera, generated):
        _checked(name, measure)
    for name, side in ((camera, "camera"), (generated, "generated")):
        if media.catalogue()[name].origin != side:
            raise ValueError(f"{name!r} is no {side} clip. Put it on the other side.")
    more = f"Camera clips: {', '.join(_names('camera'))}. Generated clips: {', '.join(_names('generated'))}."
    return _beside(camera, generated, measure, more)


def _pair_beside(name: str, measure: str) -> ui.Player:
    two = _pair(name)
    for item in (two.camera, two.generated):
        _comparable(item.id)
    return _beside(two.camera.id, two.generated.id, measure)


def _beside(camera: str, generated: str, measure: str, more_notes: str = "") -> ui.Player:
    how = MEASURES[measure]
    results = [_measured(name)[measure] for name in (camera, generated)]
    null = _camera()[measure]
    places = [forensics.place(result.value, null) for result in results]
    lines = tuple(ui.Line(role, one.curve, role, one.at) for role, one in zip(_ROLES, results, strict=True))
    values = f"Camera clip {results[0].value:.2f}, generated clip {results[1].value:.2f} {how.unit}."
    # A single number per clip cannot be drawn as a band behind a signed curve; the sentence below places it instead.
    band = ui.Band(places[0].lower_quartile, places[0].upper_quartile, "middle half of our camera clips")
    curves = ui.Curves(how.title, how.unit, values, lines, None if measure == "second order" else band)
    more = [sum(result.value > value for value in null) for result in results]
    note = (
        f"{values} The camera clip {how.more} than {more[0]} of our {len(null)} camera clips, the generated clip than "
        f"{more[1]} of them.\nWhat else moves this curve: {' '.join(results[0].confounders)}"
    )
    return ui.compare(
        _clip(camera),
        _clip(generated),
        labels=("camera", "generated"),
        roles=_ROLES,
        curves=curves,
        note=f"{note}\n{more_notes}".strip(),
    )


# the trap


@cache
def _pan() -> media.Clip:
    """Simulated: a window that slides slowly over a still photograph."""
    still = media.load("larch-slope")
    frames = forensics.pan(still.pixels, frames=24, step=1.0)
    return media.Clip(frames=frames, fps=12.0, item=still.item)


@in_plain_words
def trap() -> ui.Player:
    """A clip with a suspiciously even change; what it is, the question after it tells."""
    value = _second_order(_pan()).value
    null = _camera()["second order"]
    below = sum(value > other for other in null)
    rank = f"Only {below} of our {len(null)} camera clips are" if below else f"None of our {len(null)} camera clips is"
    return ui.player(_pan(), note=f"The change of its change is {value:.2f} grey levels. {rank} more even.")


@in_plain_words
def clear_by_shaking(generated: str = "window-light", pixels: float = 3.0) -> ui.Page:
    """What two or three pixels of camera shake do to the measurement on a generated clip."""
    _checked(generated, "second order")
    if not isinstance(pixels, (int, float)) or not 0 < pixels <= 20:
        raise ValueError("Use a number of pixels from 1 to 20.")
    clip = _clip(generated)
    before = _second_order(clip).value
    shaken = forensics.second_order_motion(forensics.shake(clip.frames, pixels), clip.fps).value
    null = _camera()["second order"]
    places = [sum(value > other for other in null) for value in (before, shaken)]
    words = (
        f"As made, {generated} measures {before:.1f} grey levels: more uneven than {places[0]} of {len(null)} camera "
        f"clips. "
        f"Shaken by up to {pixels:g} pixels (simulated): {shaken:.1f}, more uneven than {places[1]} of {len(null)}."
    )
    return ui.Page(f"<p>{words}</p>", words)


@in_plain_words
def how_well() -> ui.Page:
    """How well second-order motion tells the clips of the pack apart: every clip a dot, the AUC worked out now."""
    camera = _camera()["second order"]
    with ThreadPoolExecutor(2) as two:
        generated = list(two.map(lambda name: _second_order(media.load(name)).value, _names("generated")))
    wins = np.mean([(g < c) + 0.5 * (g == c) for g in generated for c in camera])
    alt = (
        f"Second-order motion of {len(camera)} camera clips (median {np.median(camera):.1f}) and {len(generated)} "
        f"generated clips (median {np.median(generated):.1f} grey levels). The two rows of dots overlap almost wholly. "
        f"AUC {wins:.2f}, where 0.5 is a coin and 1 is perfect."
    )
    caption = (
        f"AUC on our pack: {wins:.2f}. Pick one clip of each side: that is how often the generated one is the more "
        "even. A coin: 0.50."
    )
    return ui.figure(lambda fig: _draw_dots(fig, camera, generated), alt, caption=caption, size=(7.4, 2.6))


# things that fly


@cache
def _flight(name: str) -> tuple[media.Clip, TrajectoryResult, dict]:
    sheet = tomllib.loads((data_folder() / "flights.toml").read_text(encoding="utf-8"))[name]
    clip = _clip(sheet["item"])
    spot = sheet["colour_from"]
    colour = forensics.colour_at(clip.frames[spot["frame"]], spot["x"], spot["y"])
    start = sheet["start"]
    # Followed from the first frame of the flight: what happens before it is somebody's hand, or a ramp.
    path = forensics.track_colour(
        clip.frames[sheet["first"] : sheet["last"] + 1],
        colour,
        sheet["tolerance"],
        start=(start["x"], start["y"]),
        reach=sheet.get("reach"),
    )
    path[:, 0] += sheet["first"]
    ruler = sheet["ruler"]
    return clip, forensics.fit_trajectory(path, clip.fps, ruler["metres"] / ruler["pixels"]), sheet


@in_plain_words
def ball() -> ui.Player:
    """The thrown ball, filmed in a classroom."""
    return ui.player(_clip("ball-throw"), label=media.catalogue()["ball-throw"].credit)


@in_plain_words
def ball_flight() -> ui.Page:
    """The ball followed by its colour, with the parabola that fits best, and what gravity that would mean."""
    return _flight_page("ball")


@in_plain_words
def ball_halves() -> ui.Page:
    """The two halves of the ball's flight, each with a parabola of its own."""
    clip, whole, sheet = _flight("ball")
    middle = len(whole.points) // 2
    scale = sheet["ruler"]["metres"] / sheet["ruler"]["pixels"]
    early, late = (
        forensics.fit_trajectory(part, clip.fps, scale).gravity
        for part in (whole.points[:middle], whole.points[middle:])
    )
    words = (
        f"First half of the flight: {early.value:.1f} m/s² ({early.low:.1f} to {early.high:.1f}). "
        f"Second half: {late.value:.1f} m/s² ({late.low:.1f} to {late.high:.1f})."
    )
    return ui.Page(f"<p>{words}</p>", words)


@in_plain_words
def jump() -> ui.Player:
    """A generated jump."""
    return ui.player(_clip("skate-ramp"), label=media.catalogue()["skate-ramp"].credit, start=33)


@in_plain_words
def jump_flight() -> ui.Page:
    """The same for the jump: the vest followed by its colour, and the parabola."""
    return _flight_page("jump")


def _flight_page(name: str) -> ui.Page:
    clip, fit, sheet = _flight(name)
    gravity, ruler = fit.gravity, sheet["ruler"]
    words = (
        f"Frames {sheet['first'] + 1} to {sheet['last'] + 1}: the {sheet['thing']} stays within {fit.value:.1f} pixels "
        f"of a parabola (typical distance). Measured by {ruler['what']}, it falls at {gravity.value:.1f} m/s² "
        f"({gravity.low:.1f} to {gravity.high:.1f}). On Earth things fall at 9.8 m/s²."
    )
    return ui.figure(lambda fig: _draw_flight(fig, clip, fit, sheet), words, caption=words, size=(7.6, 3.8))


# figures


def _draw_flight(fig: Figure, clip: media.Clip, fit: TrajectoryResult, sheet: dict) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.25, 1))
    middle = (sheet["first"] + sheet["last"]) // 2
    frames, x, y = fit.points.T
    seconds = np.linspace(frames[0], frames[-1], 200) / clip.fps
    colour = ui.CAMERA if clip.item.origin == "camera" else ui.GENERATED
    left.imshow(clip.frames[middle])
    left.plot(x, y, "o", ms=4, mfc="none", mec="#ffffff", mew=1.2)
    left.plot(*fit.at(seconds), color=colour, lw=2)
    left.set_title(f"Where the {sheet['thing']} was", loc="left")
    left.axis("off")
    right.plot(frames / clip.fps, y, "o", ms=4, mfc="none", mec=right.yaxis.label.get_color())
    right.plot(seconds, fit.at(seconds)[1], color=colour)
    right.invert_yaxis()
    right.set(xlabel="seconds", ylabel="height in the picture, pixels from the top")
    right.set_title("Circles: measured. Line: parabola", loc="left")


def _draw_dots(fig: Figure, camera: tuple[float, ...], generated: list[float]) -> None:
    axes = fig.subplots()
    for y, values, colour, marker, label in (
        (1, camera, ui.CAMERA, "o", "camera"),
        (0, generated, ui.GENERATED, "s", "generated"),
    ):
        axes.plot(values, [y] * len(values), marker, color=colour, ms=8, alpha=0.6)
        axes.plot([np.median(values)] * 2, [y - 0.3, y + 0.3], color=colour, lw=3)
        axes.text(-0.6, y, label, ha="right", va="center")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set(ylim=(-0.6, 1.6), xlabel="second-order motion, grey levels (low means even); bar: median")
    axes.set_title("The two kinds overlap", loc="left")
