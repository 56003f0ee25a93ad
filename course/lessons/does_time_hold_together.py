"""Lesson 3: what time does to a clip: curves beside the picture, a trap, and a thrown ball."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media, ui
from course.errors import InputError
from course.lessons import flights
from course.lessons.lesson import Lesson, free_items, in_plain_words
from course.media.catalogue import data_folder
from course.ui.words import many

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_lesson = Lesson("does-time-hold-together", questions="does-time")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()


@dataclass(frozen=True)
class Measure:
    """How this lesson speaks of a measurement."""

    title: str
    unit: str
    more: str  # what more of it looks like, for "this clip ... than"
    written: str  # its name in data/forensics/null.json
    band: bool = True  # a spread cannot be drawn as a band behind the curve that it is the spread of


MEASURES = {
    "flicker": Measure("Flicker: change where nothing should move", "grey levels", "flickers more", "flicker"),
    "flow": Measure(
        "Flow error: motion that does not add up, there and back",
        "pixels",
        "has motion that adds up less well",
        "optical_flow",
    ),
    "speed": Measure("Speed: how far things move from frame to frame", "pixels a frame", "moves faster", "speed"),
    "second order": Measure(
        "Second-order motion: how the change changes",
        "grey levels",
        "changes more unevenly",
        "second_order_motion",
        band=False,
    ),
    "sharpness": Measure(
        "Sharpness: does detail come and go?",
        "per cent of the clip's own mean",
        "swings more in sharpness",
        "sharpness_over_time",
        band=False,
    ),
    "drift": Measure(
        "Drift: how far from the first frame", "0 the same, 1 nothing alike", "drifts further from its start", "drift"
    ),
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


def _measured(name: str, measure: str) -> Curve:
    """One measurement of a clip."""
    # By item and not by name: a teacher may change the entry of a clip while the page is open.
    return _measured_item(media.catalogue()[name], measure)


@cache
def _measured_item(item: media.Item, measure: str) -> Curve:
    clip = _loaded(item)
    if measure == "second order":
        return _second_order(clip)
    if measure in ("sharpness", "drift"):
        result = (forensics.sharpness_over_time if measure == "sharpness" else forensics.drift)(clip.frames)
        return Curve(result.value, result.curve, result.confounders)
    return _by_flow(item)[measure]


@cache
def _by_flow(item: media.Item) -> dict[str, Curve]:
    """The flow is measured once and serves three."""
    clip = _loaded(item)
    flow = forensics.optical_flow(clip.frames)
    flicker = forensics.flicker(clip.frames, flow.flow)
    blame = ("Who holds the camera, and how near it is: a near thing crosses more pixels.", *flow.confounders[:1])
    return {
        "flicker": Curve(flicker.value, flicker.curve, flicker.confounders),
        "flow": Curve(flow.value, flow.curve, flow.confounders),
        "speed": Curve(float(np.median(flow.speed)), flow.speed, blame),
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
    return [item.id for item in free_items(kind="clip", origin=origin, purpose="parity")]


@cache
def _pack(measure: str, origin: str) -> tuple[float, ...]:
    """A measurement on each clip of one side, as ``data/forensics/measure.py`` wrote it down."""
    written = json.loads((data_folder() / "forensics" / "null.json").read_text(encoding="utf-8"))
    values = written[MEASURES[measure].written]["values" if origin == "camera" else "generated"]
    return tuple(values[name] for name in _names(origin))


def _checked(name: str, measure: str) -> None:
    _known(measure)
    names = _names("camera") + _names("generated")
    if name not in names and not _is_own(name):
        raise InputError(f"There is no clip {name!r}. Choose one of: {', '.join(names)}.")
    _comparable(name)


def _known(measure: str) -> None:
    if not isinstance(measure, str) or measure not in MEASURES:
        raise InputError(f"There is no measurement {measure!r}. Choose one of: {', '.join(MEASURES)}.")


def _is_own(name: str) -> bool:
    """Whether the name is that of a clip in the teacher's own folder, which works without being listed here.

    A list by origin would spoil the trial in which a class may still judge it.
    """
    item = media.catalogue().get(name) if isinstance(name, str) else None
    return isinstance(item, media.OwnItem) and item.kind == "clip"


def _comparable(name: str) -> None:
    item = media.catalogue()[name]
    if item.kind != "clip":
        raise InputError(f"{name!r} is a still. These curves follow time: choose a clip.")
    if item.purpose != "parity":
        raise InputError(
            f"{name!r} is shown at a size and rate of its own, so its numbers cannot be set beside those of our camera "
            'clips. Take the line purpose = "exhibit" out of its entry.'
        )


@in_plain_words
def giraffe() -> ui.Player:
    """The Sora 2 clip, stopped at its first frame."""
    item = media.catalogue()["giraffe"]
    return ui.player(media.load(item), label=item.credit)


_ROLES = ("camera", "generated")


def _pairs() -> dict[str, media.Pair]:
    return {name: pair for name, pair in media.catalogue().pairs.items() if pair.camera.kind == "clip"}


def _pair(name: str) -> media.Pair:
    pairs = media.catalogue().pairs
    if not isinstance(name, str) or name not in pairs:
        raise InputError(f"There is no pair {name!r}. Choose one of: {', '.join(_pairs())}.")
    return pairs[name]


@in_plain_words
def flicker(pair: str) -> ui.Player:
    """Two clips with their flicker, frame by frame, and where each lies among the camera clips."""
    return _pair_beside(pair, "flicker")


@in_plain_words
def over_time(pair: str, measure: str) -> ui.Player:
    """A pair of like subject with one of the six measurements."""
    _known(measure)
    return _pair_beside(pair, measure, f"Pairs: {', '.join(_pairs())}. Measurements: {', '.join(MEASURES)}.")


@in_plain_words
def workbench(camera: str, generated: str, measure: str) -> ui.Player:
    """Any clip of each side, with any of the six measurements."""
    for name in (camera, generated):
        _checked(name, measure)
    for name, side in ((camera, "camera"), (generated, "generated")):
        if media.catalogue()[name].origin != side:
            raise InputError(f"{name!r} is no {side} clip. Put it on the other side.")
    more = f"Camera clips: {', '.join(_names('camera'))}. Generated clips: {', '.join(_names('generated'))}."
    return _beside(camera, generated, measure, more)


def _pair_beside(name: str, measure: str, more_notes: str = "") -> ui.Player:
    two = _pair(name)
    for item in (two.camera, two.generated):
        _comparable(item.id)
    return _beside(two.camera.id, two.generated.id, measure, more_notes)


def _beside(camera: str, generated: str, measure: str, more_notes: str = "") -> ui.Player:
    how = MEASURES[measure]
    results = [_measured(name, measure) for name in (camera, generated)]
    null = _pack(measure, "camera")
    places = [forensics.place(result.value, null) for result in results]
    lines = tuple(ui.Line(role, one.curve, role, one.at) for role, one in zip(_ROLES, results, strict=True))
    values = f"Camera clip {results[0].value:.2f}, generated clip {results[1].value:.2f} {_in_words(measure)}."
    band = ui.Band(places[0].lower_quartile, places[0].upper_quartile, "middle half of our camera clips")
    curves = ui.Curves(how.title, how.unit, values, lines, band if how.band else None)
    more = [sum(result.value > value for value in null) for result in results]
    note = (
        f"{values} The camera clip {how.more} than {more[0]} of our {len(null)} camera clips, the generated clip than "
        f"{more[1]} of them.\nWhat else moves this curve: {' '.join(results[0].confounders)} None of these is a lie."
    )
    if measure != "speed":
        note += f"\n{_speeds(camera, generated)}"
    return ui.compare(
        _clip(camera),
        _clip(generated),
        labels=("camera", "generated"),
        roles=_ROLES,
        curves=curves,
        note=f"{note}\n{more_notes}".strip(),
    )


def _speeds(camera: str, generated: str) -> str:
    """How much moves in two clips and in all of them, which bends every one of the curves."""
    two = [_measured(name, "speed").value for name in (camera, generated)]
    middle = [float(np.median(_pack("speed", origin))) for origin in _ROLES]
    return (
        f"What moves much also tends to lift this curve, whoever made the clip. In the camera clip things move by "
        f"{two[0]:.1f} pixels a frame, in the generated clip by {two[1]:.1f}; in the middle of all our camera clips by "
        f"{middle[0]:.1f}, of our generated clips by {middle[1]:.1f}. How much of a difference is only that, the curve "
        "cannot say."
    )


def _in_words(measure: str) -> str:
    """What the one number of a clip counts, after it."""
    return {
        "second order": "grey levels (the spread of the curve)",
        "sharpness": "per cent (the spread of the curve)",
        "drift": "from 0 to 1 (mean of the curve)",
    }.get(measure, MEASURES[measure].unit)


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
    null = _pack("second order", "camera")
    below = sum(value > other for other in null)
    rank = f"Only {below} of our {len(null)} camera clips are" if below else f"None of our {len(null)} camera clips is"
    return ui.player(_pan(), note=f"The change of its change is {value:.2f} grey levels. {rank} more even.")


@in_plain_words
def clear_by_shaking(generated: str = "window-light", pixels: float = 3.0) -> ui.Page:
    """What a little camera shake does to the measurement on a generated clip, among all clips of the pack."""
    _checked(generated, "second order")
    if media.catalogue()[generated].origin != "generated":
        raise InputError(f"{generated!r} is no generated clip. Choose one of: {', '.join(_names('generated'))}.")
    if isinstance(pixels, bool) or not isinstance(pixels, int | float) or not 0 < pixels <= 20:
        raise InputError("Use a number of pixels from 1 to 20.")
    clip = _clip(generated)
    before = _second_order(clip).value
    shaken = forensics.second_order_motion(forensics.shake(clip.frames, pixels), clip.fps).value
    camera, made = (_pack("second order", origin) for origin in _ROLES)
    places = [sum(value > other for other in camera) for value in (before, shaken)]
    # Evenness is what is said to tell a generator: the pairs in which the generated clip is the more even.
    area = judgement.auc(camera, made)
    worth = "a coin may do as well"
    if area.tells:
        worth = "better than a coin" if area.value > 0.5 else "worse than a coin"
    words = (
        f"As made, {generated} measures {before:.1f} grey levels: more uneven than {places[0]} of {len(camera)} camera "
        f"clips. Shaken by up to {many(pixels, 'pixel')} (simulated): {shaken:.1f}, more uneven than {places[1]} of "
        f"{len(camera)}. Take one clip of each side, {len(camera)} camera and {len(made)} generated: the generated one "
        f"is the more even in {100 * area.value:.0f} of 100 pairs (AUC {area.value:.2f}, {area.low:.2f} to "
        f"{area.high:.2f}; a coin has 0.50): {worth}."
    )
    return ui.figure(
        lambda fig: _draw_shaken(fig, generated, camera, made, before, shaken), words, caption=words, size=(7.4, 2.8)
    )


# things that fly


def _marking(one: flights.Flight) -> judgement.Marking:
    return judgement.Marking(one.subject, _lesson.log.append, _lesson.past())


def _mark(name: str, ring: float) -> ui.MarkingView:
    one = flights.flight(name)
    return ui.MarkingView(
        _marking(one), one.clip, step=one.sheet["step"], ring=ring, label=media.catalogue()[one.sheet["item"]].credit
    )


@in_plain_words
def mark_ball() -> ui.MarkingView:
    """The thrown ball, filmed in a classroom, to be marked by hand."""
    return _mark("ball", ring=10)


@in_plain_words
def ball_flight() -> ui.Page:
    """The ball followed by its colour and by hand, with the parabola that fits best, and what gravity that means."""
    one = flights.flight("ball")
    return flights.flight_page(one, _marking(one).marks)


@in_plain_words
def ball_grows() -> ui.Page:
    """The two halves of the flight, by the ruler and in widths of the ball itself."""
    one = flights.flight("ball")
    return flights.growth_page(one, _marking(one).marks)


@in_plain_words
def ball_corrected(nearer: float = 1.0) -> ui.Page:
    """The fall, if the ball lands so many times nearer to the camera than the ruler stands."""
    one = flights.flight("ball")
    return flights.corrected_page(one, nearer, _marking(one).marks)


@in_plain_words
def mark_jump() -> ui.MarkingView:
    """A generated jump, to be marked by hand."""
    return _mark("jump", ring=30)


@in_plain_words
def jump_flight() -> ui.Page:
    """The same for the jump: the vest, and the parabola."""
    one = flights.flight("jump")
    return flights.flight_page(one, _marking(one).marks)


# figures


def _draw_shaken(
    fig: Figure, name: str, camera: tuple[float, ...], generated: tuple[float, ...], before: float, shaken: float
) -> None:
    axes = fig.subplots()
    for y, values, colour, marker, label in (
        (1, camera, ui.CAMERA, "o", "camera"),
        (0, generated, ui.GENERATED, "s", "generated"),
    ):
        axes.plot(values, [y] * len(values), marker, color=colour, ms=8, alpha=0.5, mew=0)
        axes.plot([np.median(values)] * 2, [y - 0.3, y + 0.3], color=colour, lw=3)
        axes.text(-0.02, y, label, ha="right", va="center", transform=axes.get_yaxis_transform())
    ink = axes.xaxis.label.get_color()
    axes.plot([before, shaken], [-0.55, -0.55], color=ink, lw=1.5)
    axes.plot(before, -0.55, "s", color=ui.GENERATED, ms=8)
    axes.plot(shaken, -0.55, ">" if shaken > before else "<", color=ui.GENERATED, ms=9)
    axes.text(max(before, shaken) * 1.12, -0.55, "shaken", va="center")
    axes.set_xscale("log")
    axes.set_xticks([0.2, 0.5, 1, 2, 5, 10, 20], ["0.2", "0.5", "1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set(ylim=(-0.95, 1.5), xlabel="second-order motion, grey levels (left: even); bar: median")
    axes.set_title(f"Evenness of all our clips, and of {name} before and after", loc="left")
