"""Things that fly in lesson 3: followed by colour or marked by hand, fitted, and corrected for how near they are."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import TYPE_CHECKING, Any

import numpy as np

from course import forensics, judgement, media, ui
from course.errors import InputError
from course.media.catalogue import data_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from course.forensics import ApproachResult, Estimate, TrajectoryResult
    from course.judgement import Mark

EARTH = 9.8
"""Metres a second, each second."""

FEWEST = 4
"""So many marks fit a parabola; three lie on one whatever they are."""

HAND = "#009E73"
"""The learner's own marks: bluish green of Okabe and Ito (2008), always as diamonds."""


@dataclass(frozen=True, eq=False)
class Flight:
    """A flight that was followed by colour.

    Attributes
    ----------
    clip : Clip
    sheet : dict
        Its entry in ``data/flights.toml``.
    fit : TrajectoryResult
        The parabola of the points that were followed.
    """

    clip: media.Clip
    sheet: dict[str, Any]
    fit: TrajectoryResult

    @property
    def scale(self) -> float:
        """Metres a pixel, by the ruler."""
        return self.sheet["ruler"]["metres"] / self.sheet["ruler"]["pixels"]

    @property
    def subject(self) -> judgement.Subject:
        """What is marked by hand, and where."""
        height, width = self.clip.frames.shape[1:3]
        first, last = self.sheet["first"], self.sheet["last"]
        return judgement.Subject(
            f"does-time/{self.sheet['item']}", f"the {self.sheet['thing']}", first, last, width, height
        )


def flight(name: str) -> Flight:
    """Read a flight of ``data/flights.toml`` and follow it.

    Parameters
    ----------
    name : {"ball", "jump"}
    """
    sheet = tomllib.loads((data_folder() / "flights.toml").read_text(encoding="utf-8"))[name]
    return _followed(name, media.catalogue()[sheet["item"]])


@cache
def _followed(name: str, item: media.Item) -> Flight:
    sheet = tomllib.loads((data_folder() / "flights.toml").read_text(encoding="utf-8"))[name]
    clip = media.load(item)
    spot, start, ruler = sheet["colour_from"], sheet["start"], sheet["ruler"]
    # Followed from the first frame of the flight: what happens before it is somebody's hand, or a ramp.
    path = forensics.track_colour(
        clip.frames[sheet["first"] : sheet["last"] + 1],
        forensics.colour_at(clip.frames[spot["frame"]], spot["x"], spot["y"]),
        sheet["tolerance"],
        start=(start["x"], start["y"]),
        reach=sheet.get("reach"),
    )
    path[:, 0] += sheet["first"]
    return Flight(clip, sheet, forensics.fit_trajectory(path, clip.fps, ruler["metres"] / ruler["pixels"]))


def measured(estimate: Estimate) -> str:
    """Write a fall with its interval.

    Examples
    --------
    >>> from course.forensics import Estimate
    >>> measured(Estimate(12.147, 11.675, 12.619))
    '12.1 m/s² (11.7 to 12.6)'
    >>> measured(Estimate(-0.01, -1.2, 1.18))
    '0.0 m/s² (−1.2 to 1.2)'
    """
    # z: what rounds to nothing has no sign.
    return f"{estimate.value:z.1f} m/s² ({estimate.low:z.1f} to {estimate.high:z.1f})".replace("-", "−")


# the flight as it looks


def flight_page(one: Flight, marks: Sequence[Mark]) -> ui.Page:
    """The points with the parabola that fits best, and what gravity that would mean; the learner's own marks beside."""
    sheet, fit, ruler = one.sheet, one.fit, one.sheet["ruler"]
    words = (
        f"Followed by its colour, frames {sheet['first'] + 1} to {sheet['last'] + 1}: the {sheet['thing']} stays "
        f"within {fit.value:.1f} pixels of a parabola (typical distance). Measured by {ruler['what']}, it falls at "
        f"{measured(fit.gravity)}. On Earth things fall at {EARTH} m/s²."
    )
    if one.clip.item.origin == "camera" and not fit.gravity.low <= EARTH <= fit.gravity.high:
        words += " So the parabola fits, and the number does not. Is physics broken, or the ruler?"
    if len(marks) >= FEWEST:
        own = _by_hand(one, marks)
        words += (
            f" By your own {len(marks)} marks: within {own.value:.1f} pixels of a parabola, and a fall of "
            f"{measured(own.gravity)}. The fewer the points, the wider the range."
        )
    else:
        words += f" Mark {FEWEST} frames or more above and run this again: then your own flight stands beside it."
    return ui.figure(lambda fig: _draw_flight(fig, one, marks), words, caption=words, size=(7.6, 3.8))


def _by_hand(one: Flight, marks: Sequence[Mark]) -> TrajectoryResult:
    return forensics.fit_trajectory([(mark.frame, mark.x, mark.y) for mark in marks], one.clip.fps, one.scale)


def _draw_flight(fig: Figure, one: Flight, marks: Sequence[Mark]) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.25, 1))
    clip, fit, sheet = one.clip, one.fit, one.sheet
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
    title = "Circles: the {thing}. Line: parabola"
    if len(marks) >= FEWEST:
        numbers, across, down, _ = np.array(marks, dtype=float).T
        for axes, places in ((left, across), (right, numbers / clip.fps)):
            axes.plot(places, down, "D", ms=6, mfc=HAND, mec="#ffffff", mew=1)
        title = "Circles: colour. Diamonds: you"
    right.invert_yaxis()
    right.set(xlabel="seconds", ylabel="height in the picture, pixels from the top")
    right.set_title(title.format(thing=sheet["thing"]), loc="left")


# what comes nearer


@cache
def _approach(one: Flight) -> tuple[np.ndarray, ApproachResult]:
    widths = forensics.widths_along(one.clip.frames, one.fit.points, one.sheet["depth"]["width_reach"])
    return widths, forensics.fit_approach(one.fit.points, widths, one.clip.fps)


def _approach_by_hand(one: Flight, marks: Sequence[Mark]) -> ApproachResult | None:
    """The same by the learner's rings; None where they are too few, or all of one width."""
    if len(marks) < FEWEST or len({mark.width for mark in marks}) < 2:
        return None
    try:
        return forensics.fit_approach(
            [(mark.frame, mark.x, mark.y) for mark in marks], [mark.width for mark in marks], one.clip.fps
        )
    except ValueError:
        return None  # rings that shrink to nothing: the page shows them, and the fit of the ball's own pixels


def _halves(points: np.ndarray, fps: float) -> tuple[Estimate, Estimate]:
    middle = len(points) // 2
    early, late = (forensics.fit_trajectory(part, fps).acceleration for part in (points[:middle], points[middle:]))
    return early, late


def growth_page(one: Flight, marks: Sequence[Mark]) -> ui.Page:
    """How the thing grows on its way, and how the two halves of its flight agree, with and without that."""
    _, near = _approach(one)
    fps, points = one.clip.fps, one.fit.points
    start, end = near.width_at(points[[0, -1], 0] / fps)
    by_ruler, by_itself = _halves(points, fps), _halves(near.flight.points, fps)
    early, late = (forensics.Estimate(*(number * one.scale for number in half)) for half in by_ruler)
    words = (
        f"By the ruler, the first half of the flight gives {measured(early)}, the second {measured(late)}: "
        f"{late.value / early.value:.2f} times as much. Meanwhile the {one.sheet['thing']} grows from {start:.1f} to "
        f"{end:.1f} pixels. Counted in its own widths, the second half gives "
        f"{by_itself[1].value / by_itself[0].value:.2f} times as much as the first."
    )
    own = _approach_by_hand(one, marks)
    if own:
        ends = own.width_at(np.array([marks[0].frame, marks[-1].frame]) / fps)
        words += f" Your own rings grow from {ends[0]:.1f} to {ends[1]:.1f} pixels."
    elif len(marks) >= FEWEST:
        words += " Your rings do not tell: to see it by hand, make each ring fit, and mark again."
    words += (
        f"\nNeither physics nor the ruler is broken. The {one.sheet['thing']} comes towards the camera: what comes "
        "nearer looks larger, and each metre of its way covers more pixels."
    )
    return ui.figure(
        lambda fig: _draw_growth(fig, one, marks, by_ruler, by_itself), words, caption=words, size=(7.6, 3.0)
    )


def _draw_growth(fig: Figure, one: Flight, marks: Sequence[Mark], by_ruler: tuple, by_itself: tuple) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.2, 1))
    widths, near = _approach(one)
    seconds = one.fit.points[:, 0] / one.clip.fps
    ink = left.yaxis.label.get_color()
    left.plot(seconds, widths, "o", ms=3, mfc="none", mec=ink, alpha=0.6)
    left.plot(seconds, near.width_at(seconds), color=ui.CAMERA)
    if len(marks) >= FEWEST:
        times = [mark.frame / one.clip.fps for mark in marks]
        left.plot(times, [mark.width for mark in marks], "D", ms=6, mfc=HAND, mec="#ffffff", mew=1)
    left.set(xlabel="seconds", ylabel="width in pixels", ylim=(0, None))
    left.set_title(f"The {one.sheet['thing']} grows", loc="left")
    for row, (early, late) in ((1, by_ruler), (0, by_itself)):
        right.plot([1, late.value / early.value], [row, row], color=ink, lw=1, ls=":")
        right.plot(1, row, "o", color=ui.CAMERA, ms=8)
        right.plot(late.value / early.value, row, "s", color=ui.CAMERA, ms=8)
        right.text(late.value / early.value, row + 0.16, f"{late.value / early.value:.2f}", ha="center")
    right.set_yticks([1, 0], ["by the ruler", "in its own\nwidths"])
    right.set(ylim=(-0.6, 1.6), xlim=(0.8, 1.4), xlabel="circle: first half, square: second half")
    right.set_title("Do the halves agree?", loc="left")


# how near it is


@dataclass(frozen=True)
class Depth:
    """What the film tells of how near the thing lands.

    Attributes
    ----------
    horizon : float
        The row of the picture at the height of the lens.
    nearer : float
        How many times nearer it lands than the ruler stands.
    error : float
        Standard error of `nearer`, as a share of it.
    """

    horizon: float
    nearer: float
    error: float


@cache
def depth(one: Flight) -> Depth:
    """Work out how near it lands: of two things on one table, the nearer one stands lower in the picture.

    With h the row at the height of the lens, where edges meet that run away from a level camera, the distance of what
    stands on the table at row r is in proportion to ``1 / (r - h)`` (Criminisi et al. 2000).
    """
    sheet = one.sheet["depth"]
    meeting = forensics.vanishing_point(sheet["edges"], sheet["edges_error"]).meeting
    horizon = float(meeting.place[1])
    rows = meeting.region[:, 1] / meeting.region[:, 2]
    # The region holds the point with 95 % in two directions at once: 2.45 standard errors to each side.
    horizon_error = float(rows.max() - rows.min()) / (2 * 2.45)
    foot, landing = sheet["foot"]["row"] - horizon, sheet["landing"]["row"] - horizon
    error = hypot(
        sheet["landing"]["error"] / landing,
        sheet["foot"]["error"] / foot,
        horizon_error * (1 / foot - 1 / landing),
    )
    return Depth(horizon, landing / foot, error)


def corrected_page(one: Flight, nearer: float, marks: Sequence[Mark]) -> ui.Page:
    """What gravity comes out if the thing lands so many times nearer than the ruler stands, and what the table says."""
    if isinstance(nearer, bool) or not isinstance(nearer, int | float) or not 0.5 <= nearer <= 3:
        raise InputError("Write a number from 0.5 to 3 for “nearer”: 1.0 is as near as the ruler, 2.0 is half as far.")
    sheet, known = one.sheet["depth"], depth(one)
    foot, landing = sheet["foot"]["row"] - known.horizon, sheet["landing"]["row"] - known.horizon
    fall = _corrected(one, _approach(one)[1], nearer)
    words = (
        f"From the height of the lens (dashed) it is {foot:.0f} pixels down to the foot of the ruler, and "
        f"{landing:.0f} to where the {one.sheet['thing']} lands. "
        f"With nearer = {nearer:g}, the fall comes out at {measured(fall)}. "
    )
    rows = [("by the ruler alone", one.fit.gravity), (f"nearer = {nearer:g}", fall)]
    words += (
        f"On Earth: {EARTH} m/s². The range knows the points, the widths and how well these rows can be read. It does "
        "not know whether the ruler is a metre long."
    )
    own = _approach_by_hand(one, marks)
    if own:
        by_hand = _corrected(one, own, nearer)
        rows.append(("by your rings", by_hand))
        words += f" By your own marks and rings: {measured(by_hand)}."
    if nearer != 1:
        words += (
            "\nThe first range was narrow: it knew how much the points scatter. It did not know that the ruler stood "
            "in the wrong place. A narrow range is no promise. The new one also counts what had to be read by eye."
        )
    return ui.figure(lambda fig: _draw_corrected(fig, one, rows), words, caption=words, size=(7.6, 3.6))


def _corrected(one: Flight, near: ApproachResult, nearer: float) -> Estimate:
    scale = one.scale / nearer
    return near.gravity(one.sheet["depth"]["frame"] / one.clip.fps, scale, scale * depth(one).error)


def _draw_corrected(fig: Figure, one: Flight, rows: list[tuple[str, Estimate]]) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.25, 1))
    _draw_table(left, one)
    ink = right.yaxis.label.get_color()
    right.axvline(EARTH, color=ink, lw=1, ls="--")
    right.text(EARTH, len(rows) - 0.45, " on Earth", va="bottom")
    for place, (label, fall) in enumerate(reversed(rows)):
        colour = HAND if label == "by your rings" else ui.CAMERA
        right.errorbar(fall.value, place, xerr=fall.high - fall.value, fmt="o", color=colour, ms=8, capsize=4)
    right.set_yticks(range(len(rows)), [label.replace(" alone", "\nalone") for label, _ in reversed(rows)])
    ends = [end for _, fall in rows for end in (fall.low, fall.high)]
    # A hasty hand may have a range from 0 to 30; the picture need not follow it that far.
    low, high = max(6.0, min(8.5, *ends) - 0.3), min(16.0, max(13.0, *ends) + 0.3)
    right.set(ylim=(-0.6, len(rows)), xlim=(low, high), xlabel="fall, m/s²")
    right.set_title("What the fall comes out at", loc="left")


def _draw_table(axes: Axes, one: Flight) -> None:
    sheet, known = one.sheet["depth"], depth(one)
    frame = one.clip.frames[sheet["frame"]]
    height, width = frame.shape[:2]
    axes.imshow(frame)
    meeting = forensics.vanishing_point(sheet["edges"], sheet["edges_error"]).meeting.place
    for near, far in sheet["edges"]:
        start = max((near, far), key=lambda end: hypot(end[0] - meeting[0], end[1] - meeting[1]))
        axes.plot(*zip(start, meeting, strict=True), color="#ffffff", lw=0.8, alpha=0.8)
    axes.axhline(known.horizon, color="#ffffff", lw=1.5, ls="--")
    landing, foot = sheet["landing"], sheet["foot"]
    for place, nudge in ((foot, -34), (landing, 6)):
        axes.plot([place["x"]] * 2, [known.horizon, place["row"]], color="#F0E442", lw=2, marker="_", ms=12, mew=2)
        axes.text(
            place["x"] + nudge,
            (known.horizon + min(place["row"], height)) / 2 + 6,
            f"{place['row'] - known.horizon:.0f}",
            color="#000000",
            bbox={"facecolor": "#F0E442", "edgecolor": "none", "pad": 2},
        )
    size = float(_approach(one)[1].width_at(sheet["frame"] / one.clip.fps))
    turn = np.linspace(0, 2 * np.pi, 60)
    axes.plot(
        landing["x"] + size / 2 * np.cos(turn),
        landing["row"] - size / 2 + size / 2 * np.sin(turn),
        color="#F0E442",
        lw=1.5,
        ls=":",
    )
    axes.set(xlim=(0, width), ylim=(landing["row"] + 4, 0))
    axes.set_title("Lower on the table is nearer", loc="left")
    axes.axis("off")
