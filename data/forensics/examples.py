"""One example for each measurement: what is measured on which item, and the two panels that show it.

No item of a form of the blind trial is among them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from figures import Draw, Example, area, bars, outlined, picture

from course import forensics, media
from course.media.catalogue import data_folder
from course.ui.look import CAMERA, GENERATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


def _still(name: str) -> NDArray[np.uint8]:
    return media.load(media.catalogue(data_folder())[name]).pixels


def _clip(name: str) -> media.Clip:
    return media.load(media.catalogue(data_folder())[name])


def _controlled(name: str) -> tuple[media.Changed, tuple[str, ...]]:
    pair = media.controlled(data_folder())[name]
    return media.load_controlled(pair), pair.sources


def _error_level() -> Example:
    changed, items = _controlled("parked-car")
    result = forensics.error_level_analysis(changed.after)
    return Example(
        about="The controlled pair `parked-car`, after: a car was pasted into a lane (outlined) and the whole saved.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A yellow car in a cobbled lane, outlined. In the dark map some of the car glows, and specks on roofs too.",
        left=("after, the car outlined", outlined(changed.after, changed.mask)),
        right=("|map|, mean of the colours", area(np.abs(result.map).mean(axis=2), 0, 6, unit=result.unit)),
    )


def _ghosts() -> Example:
    changed, items = _controlled("canal-resaved")
    result = forensics.jpeg_ghosts(changed.after)
    return Example(
        about="The controlled pair `canal-resaved`, after: a block of houses (outlined) was saved at quality 50 first.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Houses along a canal, a box outlined. In the map, part of the box shows, and specks elsewhere.",
        left=("after, the box outlined", outlined(changed.after, changed.mask)),
        right=("earlier (0: no dip)", area(result.earlier, 0, 90, unit="quality")),
    )


def _blocking() -> Example:
    pixels = _still("brick-lane")
    result = forensics.blocking_grid(pixels)
    return Example(
        about="The still `brick-lane`, as it is in the pack.",
        items=("brick-lane",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A cobbled lane between brick houses. Of eight bars, the one at 0 is the highest.",
        left=("brick-lane", picture(pixels)),
        right=("columns: jump where blocks begin", bars(result.columns, "first column of a block", "ratio")),
        placed=True,
    )


def _zero() -> Example:
    pixels = _still("samoyed-pair")
    result = forensics.zero_grid(pixels)
    seen = np.select([result.votes < 0, result.votes == 0], [0, 2], 1)
    return Example(
        about="The still `samoyed-pair`, as it is in the pack.",
        items=("samoyed-pair",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Two white dogs on grass. Most of the map votes for the grid that begins in the corner of the picture.",
        left=("samoyed-pair", picture(pixels)),
        right=("0: no vote, 1: another grid, 2: grid (0, 0)", area(seen, 0, 2)),
        placed=True,
    )


def _twice() -> Example:
    changed, items = _controlled("dogs-brighter")
    half = cv2.resize(changed.before, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    pixels = forensics.save_as_jpeg(forensics.save_as_jpeg(half, 70), 92)
    result = forensics.double_quantisation(pixels)
    best = max(result.steps, key=lambda step: step.gain)

    def draw(axes: Axes) -> None:
        axes.bar(best.levels, best.observed, color="#bbbbbb", label="seen")
        axes.plot(best.levels, best.once, color=CAMERA, label="expected of one step")
        axes.plot(best.levels, best.twice, color=GENERATED, linestyle="--", label="of two steps")
        axes.set_xlim(-15, 15)
        axes.set_xlabel("multiples of the last step", size=8)
        axes.set_ylabel("share of blocks", size=8)
        axes.legend(fontsize=6, loc="upper right")

    return Example(
        about="The controlled pair `dogs-brighter`, before, made smaller and then saved twice for this page: at "
        "quality 70, then 92.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Two white dogs on grass. The histogram of one frequency has gaps that the curve of two steps follows.",
        left=("saved at 70, then at 92", picture(pixels)),
        right=("histogram of one frequency", draw),
    )


def _noise_map() -> Example:
    pixels = _still("larch-slope")
    result = forensics.noise_map(pixels)
    return Example(
        about="The still `larch-slope`, as it is in the pack.",
        items=("larch-slope",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A meadow, orange larches and a ridge. In the map the wood is bright and the sky is dark: texture.",
        left=("larch-slope", picture(pixels)),
        right=("map", area(result.map, 0, float(np.percentile(result.map, 98)), unit=result.unit)),
        placed=True,
    )


def _residual() -> Example:
    pixels = _still("sale-sign")
    result = forensics.noise_residual(pixels)
    return Example(
        about="The still `sale-sign`, as it is in the pack.",
        items=("sale-sign",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="An astronaut with a sign. Outlines and letters are left over in the residual; plain surfaces are empty.",
        left=("sale-sign", picture(pixels)),
        right=("map", area(result.map, -15, 15, "gray", result.unit)),
        placed=True,
    )


SENSOR = (
    "canal-houses-dusk",
    "croissant-board",
    "dragonfly-twig",
    "eight-coffees",
    "espresso-spoon",
    "fig-bowl",
    "fjord-reflection",
    "hazy-sea",
    "hilltop-sun",
    "knitted-collar",
    "ladybird-stem",
    "larch-slope",
    "launch-pad-dusk",
    "longboard-pointing",
    "marigold-petals",
    "party-dish",
    "peaks-over-fog",
    "rocky-brook",
    "salt-lake-mirror",
    "samoyed-pair",
    "silver-hair-meadow",
    "two-colour-wall",
    "warehouse-canal",
    "water-crown",
)


def _from_one_sensor(name: str) -> NDArray[np.uint8]:
    """A photograph of the pack as if from a sensor whose pixels differ by three in a hundred."""
    uneven = 1 + np.random.default_rng(4).normal(0, 0.03, (192, 192, 1))
    small = cv2.resize(_still(name), (192, 192), interpolation=cv2.INTER_AREA)
    return (small * uneven).round().clip(0, 255).astype(np.uint8)


@cache
def _pattern() -> forensics.SensorPattern:
    return forensics.sensor_pattern(_from_one_sensor(name) for name in SENSOR)


MADE_SENSOR = (
    "No camera of the pack left pictures that were never resized. So this page plays the sensor: 24 stills at half "
    "their size were each multiplied by one uneven pattern, drawn by chance, of 3 in a hundred"
)


def _sensor() -> Example:
    result = _pattern()
    return Example(
        about=f"{MADE_SENSOR}. One of them, `fig-bowl`, is shown.",
        items=tuple(SENSOR),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A fig in a red bowl, at half its size. The pattern looks like even grain, with no trace of the scenes.",
        left=("fig-bowl, one of 24", picture(_from_one_sensor("fig-bowl"))),
        right=("map: the pattern K", area(result.map, -0.06, 0.06, "gray", "share of the light")),
    )


def _energy() -> Example:
    pixels = _from_one_sensor("white-chairs-table")[40:, 24:]
    residual = forensics.noise_residual(pixels, "wavelet").map
    result = forensics.peak_to_correlation_energy(residual, _pattern().map)
    right, down = result.peak

    def draw(axes: Axes) -> None:
        area(result.map, -0.1, 0.1, "gray", "correlation at each shift")(axes)
        axes.plot(right, down, "o", markersize=12, markerfacecolor="none", markeredgecolor=GENERATED)

    return Example(
        about=f"{MADE_SENSOR}. Then `white-chairs-table`, which was not among them, got the same pattern, and was "
        f"cropped by 24 columns and 40 rows. The peak was found at a shift of {right} and {down}.",
        items=(*SENSOR, "white-chairs-table"),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Chairs at a table. The map of shifts is grey but for one point near the upper left corner, circled.",
        left=("white-chairs-table, cropped", picture(pixels)),
        right=("map, the peak circled", draw),
    )


def _filter_array() -> Example:
    pixels = cv2.resize(_still("paintbrushes"), (256, 256), interpolation=cv2.INTER_AREA)
    green = pixels[..., 1].astype(np.float32)
    around = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4
    y, x = np.indices(green.shape)
    made_up = ((x + y) % 2 == 1) & (x < 128)
    pixels[..., 1] = np.where(made_up, cv2.filter2D(green, -1, around).round(), green)
    result = forensics.colour_filter_array(pixels, 16)
    return Example(
        about="The still `paintbrushes`, made smaller; then every second green in the left half was made up from its "
        "neighbours for this page, as a camera does. Blocks of 16 pixels.",
        items=("paintbrushes",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Old paintbrushes full of colour. In the map the left half is bright and the right half is near 0.",
        left=("left half: half of the green made up", picture(pixels)),
        right=("map", area(result.map, -15, 15, unit=result.unit)),
    )


def _aberration() -> Example:
    pixels = _still("ladybird-stem")
    result = forensics.chromatic_aberration(pixels)
    shift = result.red_shift
    known = np.abs(shift).sum(axis=2) > 0
    rows, columns = np.nonzero(known)

    def draw(axes: Axes) -> None:
        axes.imshow(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cmap="gray", vmin=-150, vmax=255)
        arrows = shift[known]
        axes.quiver(
            columns * 64 + 32, rows * 64 + 32, arrows[:, 0], arrows[:, 1],
            color=GENERATED, angles="xy", scale_units="xy", scale=0.01, width=0.008,
        )  # fmt: skip
        axes.set_axis_off()

    return Example(
        about="The still `ladybird-stem`, as it is in the pack.",
        items=("ladybird-stem",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A red ladybird on a stem. Short arrows on the same picture in grey, of several lengths and directions.",
        left=("ladybird-stem", picture(pixels)),
        right=("red against green, 100 times as long", draw),
        placed=True,
    )


def _resampling() -> Example:
    small = cv2.resize(_still("larch-slope"), (256, 256), interpolation=cv2.INTER_AREA)
    pixels = cv2.resize(small, None, fx=1.2, fy=1.2, interpolation=cv2.INTER_CUBIC)
    result = forensics.resampling_map(pixels)
    reach = 0.5
    spots = np.array([[result.peak.right, result.peak.down], [-result.peak.right, -result.peak.down]])

    def draw(axes: Axes) -> None:
        axes.imshow(result.spectrum, cmap="cividis", vmin=0, vmax=20, extent=(-reach, reach, reach, -reach))
        axes.plot(spots[:, 0], spots[:, 1], "o", markersize=10, markerfacecolor="none", markeredgecolor="white")
        axes.set_xlabel("cycles a pixel, to the right", size=8)
        axes.set_ylabel("down", size=8)

    return Example(
        about="The still `larch-slope`, made smaller and then enlarged 1.2 times for this page.",
        items=("larch-slope",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A meadow, orange larches and a ridge. In the spectrum a few points stand out; two of them are circled.",
        left=("enlarged 1.2 times", picture(pixels)),
        right=("spectrum of the map, dB", draw),
    )


def _radial() -> Example:
    pixels = _still("canal-houses-dusk")
    result = forensics.radial_power_spectrum(pixels)

    def draw(axes: Axes) -> None:
        axes.semilogx(result.frequency[1:], result.curve[1:], color="#222222", label="curve")
        axes.semilogx(result.frequency[1:], result.line[1:], color=GENERATED, linestyle="--", label="line")
        axes.set_xlabel("cycles a pixel", size=8)
        axes.set_ylabel("dB", size=8)
        axes.legend(fontsize=7)

    return Example(
        about="The still `canal-houses-dusk`, as it is in the pack.",
        items=("canal-houses-dusk",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Painted houses along a canal. The curve falls along a straight line and leaves it at the finest waves.",
        left=("canal-houses-dusk", picture(pixels)),
        right=("curve and line", draw),
        placed=True,
    )


def _peaks() -> Example:
    pixels = _still("small-green-car")
    result = forensics.spectrum_peaks(pixels)
    highest = result.quarters[0]
    reach = 0.5

    def draw(axes: Axes) -> None:
        axes.imshow(result.map, cmap="cividis", vmin=-5, vmax=20, extent=(-reach, reach, reach, -reach))
        for side in (1, -1):
            axes.plot(
                side * highest.right, side * highest.down, "o",
                markersize=10, markerfacecolor="none", markeredgecolor="white", clip_on=False,
            )  # fmt: skip
        axes.set_xlim(-reach, reach)
        axes.set_ylim(reach, -reach)
        axes.set_xlabel("cycles a pixel, to the right", size=8)
        axes.set_ylabel("down", size=8)

    return Example(
        about="The still `small-green-car`, as it is in the pack. A generator drew it; many photographs have a higher "
        "value, because the grid of a codec has the same waves.",
        items=("small-green-car",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A small green car before a pale ground. The spectrum is even, with a lattice of points; one is circled.",
        left=("small-green-car", picture(pixels)),
        right=("map, the highest circled, dB", draw),
        placed=True,
    )


def _copies() -> Example:
    pixels = _still("yellow-car").copy()
    pixels[20:110, 30:150] = pixels[230:320, 20:140]
    result = forensics.find_copies(pixels)
    return Example(
        about="The still `yellow-car`: for this page the wheel was copied onto the wall.",
        items=("yellow-car",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A yellow car at a wall, with a second wheel on the wall. Both wheels are outlined, and bright in the map.",
        left=("both places outlined", outlined(pixels, result.mask)),
        right=("map: likeness", area(result.map, 0, 1)),
    )


def _hash() -> Example:
    pixels = _still("yellow-car")
    result = forensics.perceptual_hash(pixels)
    return Example(
        about="The still `yellow-car`, as it is in the pack. The answer is 64 bits and no number to be placed.",
        items=("yellow-car",),
        value=None,
        unit="bits",
        confounders=result.confounders,
        alt="A yellow car at a stone wall. A board of eight by eight fields, about half of them bright.",
        left=("yellow-car", picture(pixels)),
        right=("bits: bright is 1", area(result.bits.astype(float), 0, 1)),
    )


def _hash_distance() -> Example:
    changed, items = _controlled("dogs-brighter")
    result = forensics.hash_distance(changed.before, changed.after)
    return Example(
        about="The controlled pair `dogs-brighter`, before and after: cropped a little, made brighter, saved again.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Two white dogs on grass. Of eight by eight fields only a few are bright: the bits that differ.",
        left=("after", picture(changed.after)),
        right=("map: bright where the bits differ", area(result.map, 0, 1)),
    )


def _similarity() -> Example:
    changed, items = _controlled("car-door")
    result = forensics.structural_similarity(changed.before, changed.after)
    return Example(
        about="The controlled pair `car-door`, before and after: a part (outlined) was painted over.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A yellow car, the changed part outlined. In the map only that part is dark.",
        left=("after, the change outlined", outlined(changed.after, changed.mask)),
        right=("map", area(result.map, 0, 1)),
    )


BITS, KEY = [int(bit) for bit in f"{0xB1A5ED0F:032b}"], "lighthouse"


def _mark() -> Example:
    pixels = _still("brick-lane")
    marked = forensics.embed_mark(pixels, BITS, KEY)
    change = marked.astype(np.int16) - pixels
    ratio = 10 * math.log10(255**2 / float(np.mean(np.square(change, dtype=np.float64))))
    return Example(
        about="The still `brick-lane`, with 32 bits written into it for this page. The number is how far the change "
        "lies below the picture (peak signal-to-noise ratio).",
        items=("brick-lane",),
        value=ratio,
        unit="dB",
        confounders=forensics.read_mark(marked, 32, KEY, search="none").confounders,
        alt="A cobbled lane that looks untouched. What was added is a weave of soft squares of a few grey levels.",
        left=("marked", picture(marked)),
        right=("what was added", area(change[..., 1], -6, 6, "gray", "grey levels")),
    )


def _reading() -> Example:
    marked = forensics.embed_mark(_still("brick-lane"), BITS, KEY)
    saved = forensics.save_as_jpeg(marked, 75)
    result = forensics.read_mark(saved, 32, KEY)
    right = int((result.bits == BITS).sum())
    return Example(
        about="The still `brick-lane`, with 32 bits written into it for this page, then saved as a JPEG of quality 75. "
        f"Of the bits, {right} are read as they were written.",
        items=("brick-lane",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A cobbled lane. Nearly all blocks of the map are bright: they agree with the bits that were read.",
        left=("marked and saved at 75", picture(saved)),
        right=("map: agreement of each block", area(result.map, -1, 1)),
    )


def _flow() -> Example:
    clip = _clip("railing-bicycle")
    result = forensics.optical_flow(clip.frames)
    length = np.linalg.norm(result.flow[11], axis=2)
    top = max(1.0, float(np.percentile(length, 98)))
    return Example(
        about="The clip `railing-bicycle`, as it is in the pack.",
        items=("railing-bicycle",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A bicycle on a railing, cars behind it. In the map the cars are bright and the railing is dark.",
        left=("railing-bicycle, frame 11", picture(clip.frames[11])),
        right=("length of the flow to frame 12", area(length, 0, top, unit="px")),
        placed=True,
    )


def _flicker() -> Example:
    clip = _clip("webcam-man")
    result = forensics.flicker(clip.frames, forensics.optical_flow(clip.frames).flow)
    still = cv2.resize(result.still[0].astype(np.uint8), clip.frames.shape[2:0:-1], interpolation=cv2.INTER_NEAREST)
    lit = np.where(still[..., None] > 0, clip.frames[0], clip.frames[0] // 4)

    def draw(axes: Axes) -> None:
        axes.plot(np.arange(len(result.curve)) + 1, result.curve, color="#222222", marker=".")
        axes.set_ylim(0)
        axes.set_xlabel("frame", size=8)
        axes.set_ylabel(result.unit, size=8)

    return Example(
        about="The clip `webcam-man`, as it is in the pack, with its flow.",
        items=("webcam-man",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A man at a webcam; only the calmest quarter, in scattered patches, is lit. A curve of change over time.",
        left=("the calmest quarter of frame 0", picture(lit)),
        right=("curve", draw),
        placed=True,
    )


def _second_order() -> Example:
    clip = _clip("garden-flip")
    result = forensics.second_order_motion(clip.frames, clip.fps)

    def draw(axes: Axes) -> None:
        axes.axhline(0, color="#999999", linewidth=0.8)
        axes.plot(result.frame_numbers[1:-1], result.curve, color="#222222", marker=".")
        axes.set_xlabel("frame", size=8)
        axes.set_ylabel("F2, grey levels", size=8)

    return Example(
        about="The clip `garden-flip`, as it is in the pack. For a moment the man hides the sun: one thing in front "
        "of another is all it takes.",
        items=("garden-flip",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A man in the air hides the low sun. The curve is calm, leaps up and down just there, and is calm again.",
        left=("garden-flip, frame 12", picture(clip.frames[12])),
        right=("curve", draw),
        placed=True,
    )


def _flight() -> Example:
    flight = tomllib.loads((data_folder() / "flights.toml").read_text(encoding="utf-8"))["ball"]
    clip = _clip(flight["item"])
    seen, ruler, first = flight["colour_from"], flight["ruler"], flight["first"]
    points = forensics.track_colour(
        clip.frames[first : flight["last"]],
        forensics.colour_at(clip.frames[seen["frame"]], seen["x"], seen["y"]),
        flight["tolerance"],
        start=(flight["start"]["x"], flight["start"]["y"]),
        reach=flight["reach"],
    )
    points[:, 0] += first
    result = forensics.fit_trajectory(points, clip.fps, ruler["metres"] / ruler["pixels"])
    gravity = result.gravity

    def path(axes: Axes) -> None:
        picture(clip.frames[seen["frame"]])(axes)
        axes.plot(points[::4, 1], points[::4, 2], ".", color=GENERATED, markersize=4)

    def rest(axes: Axes) -> None:
        axes.plot(points[:, 0], result.curve, ".", color="#222222", markersize=3)
        axes.set_xlabel("frame", size=8)
        axes.set_ylabel("distance from the path, px", size=8)

    return Example(
        about=f"The clip `{flight['item']}`: the ball was followed by its colour, and {ruler['what']} gives the scale. "
        f"The fall is {gravity.value:.2f} metres a second squared ({gravity.low:.2f} to {gravity.high:.2f}) "
        "and not 9.8: the interval knows the scatter of the points, and not how long or how far away the ruler is.",
        items=(flight["item"],),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A classroom; dots follow a ball up and down in an arc. A chart: how far each point is from the parabola.",
        left=("ball-throw, every fourth point", path),
        right=("curve", rest),
    )


def _over_time(name: str, item: str, about: str, alt: str) -> Example:
    clip = _clip(item)
    result = getattr(forensics, name)(clip.frames)

    def draw(axes: Axes) -> None:
        axes.plot(result.curve, color="#222222", marker=".")
        axes.set_ylim(0)
        axes.set_xlabel("frame", size=8)
        axes.set_ylabel(result.unit, size=8)

    return Example(
        about=about,
        items=(item,),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt=alt,
        left=("first and last frame", picture(np.vstack([clip.frames[0], clip.frames[-1]]))),
        right=("curve", draw),
        placed=True,
    )


def _approach() -> Example:
    flight = tomllib.loads((data_folder() / "flights.toml").read_text(encoding="utf-8"))["ball"]
    clip = _clip(flight["item"])
    seen, first = flight["colour_from"], flight["first"]
    points = forensics.track_colour(
        clip.frames[first : flight["last"]],
        forensics.colour_at(clip.frames[seen["frame"]], seen["x"], seen["y"]),
        flight["tolerance"],
        start=(flight["start"]["x"], flight["start"]["y"]),
        reach=flight["reach"],
    )
    points[:, 0] += first
    widths = forensics.widths_along(clip.frames, points, flight["depth"]["width_reach"])
    result = forensics.fit_approach(points, widths, clip.fps)
    start, end = result.width_at(points[[0, -1], 0] / clip.fps)
    fall = result.acceleration

    def path(axes: Axes) -> None:
        picture(clip.frames[seen["frame"]])(axes)
        axes.plot(points[::4, 1], points[::4, 2], ".", color=GENERATED, markersize=4)

    def wide(axes: Axes) -> None:
        axes.plot(points[:, 0], widths, ".", color="#222222", markersize=3)
        axes.plot(points[:, 0], result.width_at(points[:, 0] / clip.fps), color=GENERATED)
        axes.set_xlabel("frame", size=8)
        axes.set_ylabel("width, px", size=8)

    return Example(
        about=f"The clip `{flight['item']}`: the ball was followed by its colour and grows from {start:.1f} to "
        f"{end:.1f} pixels. It falls by {fall.value:.0f} of its own widths a second squared ({fall.low:.0f} to "
        f"{fall.high:.0f}).",
        items=(flight["item"],),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A classroom; dots follow a ball up and down in an arc. A chart: its width grows as it flies.",
        left=("ball-throw, every fourth point", path),
        right=("width of the ball, and the line", wide),
    )


# Marked by eye, in pixels: a point of the thing, then of its shadow; one end of an edge, then the other.
SHADOWS = (((80.8, 185.3), (52.7, 277.7)), ((166.1, 185.3), (230.8, 280.0)), ((104.9, 173.0), (94.6, 290.0)))
EDGES = (
    ((4, 106), (232, 276)),
    ((2, 457), (190, 390)),
    ((10, 588), (255, 401)),
    ((395, 400), (625, 600)),
    ((445, 402), (620, 473)),
)


def _meeting(pixels: NDArray[np.uint8], ends: Sequence[Any], found: forensics.Meeting) -> Draw:
    def draw(axes: Axes) -> None:
        picture(pixels)(axes)
        height, width = pixels.shape[:2]
        for one, other in ends:
            axes.plot(*zip(one, found.place, strict=True), color="white", linewidth=0.8)
            axes.plot(*zip(one, other, strict=True), color=GENERATED, marker="o", markersize=3, linewidth=1.5)
        outline = found.region[:, :2] / found.region[:, 2:]
        axes.plot(*np.vstack([outline, outline[:1]]).T, color="#56B4E9", linewidth=1.5)
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)

    return draw


def _misses(result: forensics.LightResult | forensics.VanishingPointResult) -> Draw:
    return bars(result.curve, "marked line", "miss, in marking errors")


def _shadows() -> Example:
    frame = _clip("skate-ramp").frames[0]
    result = forensics.light_from_shadows(SHADOWS, 3.0)
    x, y = result.meeting.place
    return Example(
        about="The first frame of `skate-ramp`: two corners of the stone block and the knob on top of it, each with "
        f"its shadow, marked by eye with an error of 3 pixels. The lines meet at {x:.0f}, {y:.0f}. That a generator "
        "drew this frame does not keep its shadows from agreeing.",
        items=("skate-ramp",),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A stone block before a low sun. Lines from its shadow through its corners meet close to the sun.",
        left=("marks, lines and region (blue)", _meeting(frame, SHADOWS, result.meeting)),
        right=("curve", _misses(result)),
    )


def _vanishing() -> Example:
    changed, items = _controlled("canal-resaved")
    result = forensics.vanishing_point(EDGES, 3.0)
    x, y = result.meeting.place
    return Example(
        about="The controlled pair `canal-resaved`, before: five edges along the canal, marked by eye with an error of "
        f"3 pixels. They meet at {x:.0f}, {y:.0f}.",
        items=items,
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Houses along a canal. Roof line, foot of the walls and kerbs lead to one place on the horizon.",
        left=("marks, lines and region (blue)", _meeting(changed.before, EDGES, result.meeting)),
        right=("curve", _misses(result)),
    )


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.astype(np.float32) @ np.float32([0.299, 0.587, 0.114])


def _number(
    name: str, item: str, unit: str, alt: str, right: tuple[str, Callable[[NDArray[np.uint8]], Draw]]
) -> Example:
    pixels = _still(item)
    title, view = right
    return Example(
        about=f"The still `{item}`, as it is in the pack.",
        items=(item,),
        value=float(getattr(forensics, name)(pixels)),
        unit=unit,
        confounders=(),
        alt=alt,
        left=(item, picture(pixels)),
        right=(title, view(pixels)),
        placed=True,
    )


def _cross_difference(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)
    jump = np.abs(grey[:-1, :-1] - grey[:-1, 1:] - grey[1:, :-1] + grey[1:, 1:]).mean(axis=0)
    means = np.array([jump[column::8].mean() for column in range(8)])
    return bars(means, "column of the block (7 is its last)", "mean D, grey levels")


def _corner_boxes(pixels: NDArray[np.uint8]) -> Draw:
    grey = cv2.GaussianBlur(_grey(pixels), (0, 0), 0.8)
    height, width = grey.shape
    wide, high = 0.4 * width, 0.15 * height

    def draw(axes: Axes) -> None:
        edges = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 8
        axes.imshow(edges, cmap="cividis", vmin=0, vmax=25)
        for left in (0, width - wide):
            for top in (0, height - high):
                axes.plot(
                    [left, left + wide, left + wide, left, left], [top, top, top + high, top + high, top],
                    color="white", linewidth=1.2, clip_on=False,
                )  # fmt: skip
        axes.set_axis_off()

    return draw


def _fine_waves(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)
    rows, columns = np.fft.fftfreq(grey.shape[0])[:, None], np.fft.fftfreq(grey.shape[1])[None]
    fine = np.fft.ifft2(np.fft.fft2(grey) * (np.hypot(rows, columns) > 0.25)).real
    return area(fine, -12, 12, "gray", "grey levels")


def _brightness(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)

    def draw(axes: Axes) -> None:
        axes.hist(grey.ravel(), bins=64, range=(0, 255), color="#999999")
        axes.axvline(float(grey.mean()), color="#222222", linestyle="--")
        axes.set_yticks([])
        axes.set_xlabel("grey level (dashed: the mean)", size=8)

    return draw


def _colourfulness(pixels: NDArray[np.uint8]) -> Draw:
    high, low = pixels.max(axis=2).astype(np.float32), pixels.min(axis=2).astype(np.float32)
    return area((high - low) / np.maximum(high, 1), 0, 1)


def _finest_diagonal(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)
    detail = (grey[::2, ::2] - grey[::2, 1::2] - grey[1::2, ::2] + grey[1::2, 1::2]) / 2
    return area(np.abs(detail), 0, 6, unit="grey levels")


def _bends(pixels: NDArray[np.uint8]) -> Draw:
    return area(np.abs(cv2.Laplacian(_grey(pixels), cv2.CV_32F)), 0, 60, unit="grey levels")


EXAMPLES: dict[str, Callable[[], Example]] = {
    "error_level_analysis": _error_level,
    "jpeg_ghosts": _ghosts,
    "blocking_grid": _blocking,
    "zero_grid": _zero,
    "double_quantisation": _twice,
    "noise_map": _noise_map,
    "noise_residual": _residual,
    "sensor_pattern": _sensor,
    "peak_to_correlation_energy": _energy,
    "colour_filter_array": _filter_array,
    "chromatic_aberration": _aberration,
    "resampling_map": _resampling,
    "radial_power_spectrum": _radial,
    "spectrum_peaks": _peaks,
    "find_copies": _copies,
    "perceptual_hash": _hash,
    "hash_distance": _hash_distance,
    "structural_similarity": _similarity,
    "embed_mark": _mark,
    "read_mark": _reading,
    "optical_flow": _flow,
    "flicker": _flicker,
    "second_order_motion": _second_order,
    "sharpness_over_time": lambda: _over_time(
        "sharpness_over_time",
        "cockatoo-arrives",
        "The clip `cockatoo-arrives`, as it is in the pack.",
        "A cockatoo, upright at first, then with its face close to us. The curve falls from 175 to 60.",
    ),
    "drift": lambda: _over_time(
        "drift",
        "cockatoo-arrives",
        "The clip `cockatoo-arrives`, as it is in the pack.",
        "A cockatoo, upright at first, then with its face close to us. The curve rises at once.",
    ),
    "fit_trajectory": _flight,
    "fit_approach": _approach,
    "light_from_shadows": _shadows,
    "vanishing_point": _vanishing,
    "blockiness": lambda: _number(
        "blockiness",
        "white-chairs-table",
        "times as much",
        "White chairs at a table. Of eight bars, that of the last column of the blocks is the highest.",
        ("D in each column of the blocks", _cross_difference),
    ),
    "corner_text": lambda: _number(
        "corner_text",
        "launch-pad-dusk",
        "times as much",
        "A rocket on its launch pad at dusk. Its edges, with a box in each corner of the picture.",
        ("edges, and the four corners", _corner_boxes),
    ),
    "high_frequency_share": lambda: _number(
        "high_frequency_share",
        "rocky-brook",
        "share of power",
        "A brook between boulders in a wood. Of it, leaves and the rims of stones are left in the fine waves.",
        ("the waves shorter than 4 pixels", _fine_waves),
    ),
    "mean_luma": lambda: _number(
        "mean_luma",
        "reading-dark-room",
        "grey levels",
        "A woman reads in a dark room. In the histogram most pixels are dark, and a dashed line stands at the mean.",
        ("how many pixels are how bright", _brightness),
    ),
    "noise_level": lambda: _number(
        "noise_level",
        "samoyed-pair",
        "grey levels",
        "Two white dogs on grass. In the map the grass is bright and the dogs are dark.",
        ("|HH|", _finest_diagonal),
    ),
    "saturation": lambda: _number(
        "saturation",
        "fig-bowl",
        "share of full colour",
        "A fig in a red bowl on grey concrete. In the map the bowl is bright and the concrete is dark.",
        ("(largest - smallest) / largest", _colourfulness),
    ),
    "sharpness": lambda: _number(
        "sharpness",
        "dandelion-sun",
        "grey levels",
        "A dandelion against the sun. In the map only its threads are bright; the blurred grass is dark.",
        ("|Laplacian|", _bends),
    ),
}
