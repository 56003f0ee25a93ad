"""Write a page for each measurement, from its docstring, with a figure.

    uv run python data/forensics/pages.py          # writes docs/measurements/, a minute or so
    uv run python data/forensics/pages.py --check  # says which page's text differs, writes nothing

The words are those of `course.forensics`: to change a page, change the docstring. What a page adds is one example,
which is measured anew, and where the value lies among the pictures of the pack (``null.json``). No picture of a form of
the blind trial is shown.
"""

from __future__ import annotations

import argparse
import inspect
import io
import json
import math
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from course import forensics, judgement, media
from course.media.catalogue import data_folder
from course.ui.look import CAMERA, GENERATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
PAGES = HERE.parents[1] / "docs" / "measurements"
LARGEST = 60_000  # bytes a figure

Draw = Callable[["Axes"], None]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A page to be written.

    Attributes
    ----------
    title : str
    group : str
        Under which heading of the list it stands.
    fails : tuple of str
        How the sentences of the docstring begin that say where the measurement fails.
    """

    title: str
    group: str
    fails: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Example:
    """One measurement, ready to be shown.

    Attributes
    ----------
    about : str
        What was measured, with the id of the item in backticks; full sentences.
    items : tuple of str
        Ids of all items of the catalogue that are shown or measured.
    value : float or None
        None where the answer is no number.
    unit : str
    confounders : tuple of str
        Empty where the docstring names them.
    alt : str
        What is seen in the two panels.
    left, right : (title, draw)
        The panels of the figure.
    placed : bool
        Whether the value may be set beside those of ``null.json``: an item of the blind trial's kind, measured alike.
    """

    about: str
    items: tuple[str, ...]
    value: float | None
    unit: str
    confounders: tuple[str, ...]
    alt: str
    left: tuple[str, Draw]
    right: tuple[str, Draw]
    placed: bool = False


SAVING, GRAIN, WAVES = "Saving and blocks", "Grain and sensors", "Waves and sizes"
COPIES, TIME, LIGHT = "Copies, marks and likeness", "Time and motion", "Light and lines"
PLAIN = "Plain numbers"

TOPICS: dict[str, Topic] = {
    "error_level_analysis": Topic(
        title="Error level analysis",
        group=SAVING,
        fails=("What was saved before at about", "So does everything that JPEG", "Only where like is brighter"),
    ),
    "jpeg_ghosts": Topic(title="JPEG ghosts", group=SAVING, fails=("The blocks must lie as they lay",)),
    "blocking_grid": Topic(title="Blocking grid", group=SAVING),
    "zero_grid": Topic(title="Grid of zeros (ZERO)", group=SAVING),
    "double_quantisation": Topic(
        title="Double quantisation",
        group=SAVING,
        fails=("Where one step is a whole multiple", "A picture that was saved once at q1"),
    ),
    "noise_map": Topic(
        title="Noise map",
        group=GRAIN,
        fails=("What was pasted from elsewhere", "So does each surface of an ordinary scene"),
    ),
    "noise_residual": Topic(title="Noise residual", group=GRAIN),
    "sensor_pattern": Topic(title="Sensor pattern", group=GRAIN, fails=("A scene that stands still in all",)),
    "peak_to_correlation_energy": Topic(
        title="Peak to correlation energy",
        group=GRAIN,
        fails=("There is no threshold here", "The 60 one often reads about", "So measure many pictures"),
    ),
    "colour_filter_array": Topic(
        title="Colour filter array",
        group=GRAIN,
        fails=("Without a lattice the value is near 0", "JPEG wears it down"),
    ),
    "chromatic_aberration": Topic(
        title="Chromatic aberration",
        group=GRAIN,
        fails=("Cameras correct much of this", "Take it for physics"),
    ),
    "resampling_map": Topic(
        title="Resampling map",
        group=WAVES,
        fails=("JPEG and video codecs have a rhythm", "Peaks at multiples of 1/8"),
    ),
    "radial_power_spectrum": Topic(
        title="Radial power spectrum", group=WAVES, fails=("Generators that enlarge small pictures",)
    ),
    "spectrum_peaks": Topic(title="Spectrum peaks", group=WAVES, fails=("A change of size moves the peaks",)),
    "find_copies": Topic(
        title="Copies inside a picture",
        group=COPIES,
        fails=("Pictures of more than 400,000 pixels", "An answer of 0 does not mean", "Mirrored copies are not"),
    ),
    "perceptual_hash": Topic(title="Perceptual hash", group=COPIES),
    "hash_distance": Topic(title="Distance of two hashes", group=COPIES),
    "structural_similarity": Topic(title="Structural similarity (SSIM)", group=COPIES),
    "embed_mark": Topic(title="Writing a hidden mark", group=COPIES),
    "read_mark": Topic(title="Reading a hidden mark", group=COPIES, fails=("A mark that was turned by a degree",)),
    "optical_flow": Topic(title="Optical flow", group=TIME),
    "flicker": Topic(
        title="Flicker",
        group=TIME,
        fails=("Where the whole picture moves", "It counts the light of the still quarter"),
    ),
    "second_order_motion": Topic(
        title="Second-order motion", group=TIME, fails=("This is a toy", "It takes the calm of a slow pan")
    ),
    "fit_trajectory": Topic(title="Fit of a flight", group=TIME, fails=("It knows scatter, and not that",)),
    "light_from_shadows": Topic(
        title="Light from shadows", group=LIGHT, fails=("Agreement proves little where the lines",)
    ),
    "vanishing_point": Topic(title="Vanishing point", group=LIGHT, fails=("Long segments, far apart, say the most",)),
    "blockiness": Topic(title="Blockiness", group=PLAIN),
    "corner_text": Topic(
        title="Corner text", group=PLAIN, fails=("It reads nothing", "In a single picture all edges count")
    ),
    "high_frequency_share": Topic(title="High-frequency share", group=PLAIN),
    "mean_luma": Topic(title="Mean luma", group=PLAIN),
    "noise_level": Topic(title="Noise level", group=PLAIN),
    "saturation": Topic(title="Saturation", group=PLAIN),
    "sharpness": Topic(title="Sharpness", group=PLAIN),
}


# examples


def _still(name: str) -> NDArray[np.uint8]:
    return media.load(media.catalogue(data_folder())[name]).pixels


def _clip(name: str) -> media.Clip:
    return media.load(media.catalogue(data_folder())[name])


def _controlled(name: str) -> tuple[media.Changed, tuple[str, ...]]:
    pair = media.controlled(data_folder())[name]
    return media.load_controlled(pair), pair.sources


def _picture(pixels: NDArray[np.uint8]) -> Draw:
    def draw(axes: Axes) -> None:
        axes.imshow(pixels)
        axes.set_axis_off()

    return draw


def _map(area: NDArray[Any], low: float, high: float, colours: str = "cividis", unit: str = "") -> Draw:
    def draw(axes: Axes) -> None:
        shown = axes.imshow(area, cmap=colours, vmin=low, vmax=high)
        axes.set_axis_off()
        bar = axes.figure.colorbar(shown, ax=axes, orientation="horizontal", fraction=0.05, pad=0.04)
        bar.set_label(unit, size=8)
        bar.ax.tick_params(labelsize=7)

    return draw


def _outlined(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Draw:
    def draw(axes: Axes) -> None:
        _picture(pixels)(axes)
        axes.contour(mask, levels=[0.5], colors="white", linewidths=2.5)
        axes.contour(mask, levels=[0.5], colors=GENERATED, linewidths=1)

    return draw


def _bars(values: NDArray[np.float64], across: str, up: str) -> Draw:
    def draw(axes: Axes) -> None:
        axes.bar(range(len(values)), values, color="#555555")
        axes.set_xticks(range(len(values)))
        axes.set_xlabel(across, size=8)
        axes.set_ylabel(up, size=8)

    return draw


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
        left=("after, the car outlined", _outlined(changed.after, changed.mask)),
        right=("|map|, mean of the colours", _map(np.abs(result.map).mean(axis=2), 0, 6, unit=result.unit)),
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
        left=("after, the box outlined", _outlined(changed.after, changed.mask)),
        right=("earlier (0: no dip)", _map(result.earlier, 0, 90, unit="quality")),
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
        left=("brick-lane", _picture(pixels)),
        right=("columns: jump where blocks begin", _bars(result.columns, "first column of a block", "ratio")),
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
        left=("samoyed-pair", _picture(pixels)),
        right=("0: no vote, 1: another grid, 2: grid (0, 0)", _map(seen, 0, 2)),
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
        left=("saved at 70, then at 92", _picture(pixels)),
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
        left=("larch-slope", _picture(pixels)),
        right=("map", _map(result.map, 0, float(np.percentile(result.map, 98)), unit=result.unit)),
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
        left=("sale-sign", _picture(pixels)),
        right=("map", _map(result.map, -15, 15, "gray", result.unit)),
        placed=True,
    )


SENSOR = (
    "barista-beanie",
    "bow-tie-hat",
    "brim-leaf-field",
    "cap-smile",
    "checked-shirt-beard",
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
    "salt-lake-mirror",
    "snow-ridge-walker",
    "two-colour-wall",
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
        left=("fig-bowl, one of 24", _picture(_from_one_sensor("fig-bowl"))),
        right=("map: the pattern K", _map(result.map, -0.06, 0.06, "gray", "share of the light")),
    )


def _energy() -> Example:
    pixels = _from_one_sensor("white-chairs-table")[40:, 24:]
    residual = forensics.noise_residual(pixels, "wavelet").map
    result = forensics.peak_to_correlation_energy(residual, _pattern().map)
    right, down = result.peak

    def draw(axes: Axes) -> None:
        _map(result.map, -0.1, 0.1, "gray", "correlation at each shift")(axes)
        axes.plot(right, down, "o", markersize=12, markerfacecolor="none", markeredgecolor=GENERATED)

    return Example(
        about=f"{MADE_SENSOR}. Then `white-chairs-table`, which was not among them, got the same pattern, and was "
        f"cropped by 24 columns and 40 rows. The peak was found at a shift of {right} and {down}.",
        items=(*SENSOR, "white-chairs-table"),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="Chairs at a table. The map of shifts is grey but for one point near the upper left corner, circled.",
        left=("white-chairs-table, cropped", _picture(pixels)),
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
        left=("left half: half of the green made up", _picture(pixels)),
        right=("map", _map(result.map, -15, 15, unit=result.unit)),
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
        left=("ladybird-stem", _picture(pixels)),
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
        left=("enlarged 1.2 times", _picture(pixels)),
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
        left=("canal-houses-dusk", _picture(pixels)),
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
        left=("small-green-car", _picture(pixels)),
        right=("map, the highest circled, dB", draw),
        placed=True,
    )


def _copies() -> Example:
    pixels = _still("yellow-car").copy()
    pixels[20:110, 30:150] = pixels[230:320, 20:140]
    result = forensics.find_copies(pixels)
    firs, sources = _controlled("second-fir")
    found = {likeness: forensics.find_copies(firs.after, likeness).count > 0 for likeness in (0.95, 0.9)}
    words = " and ".join(f"{'finds' if seen else 'misses'} it at a likeness of {at}" for at, seen in found.items())
    return Example(
        about="The still `yellow-car`: for this page the wheel was copied onto the wall. In the controlled pair "
        f"`second-fir` a tree was copied, made smaller, turned and saved again; the measurement {words}.",
        items=("yellow-car", *sources),
        value=result.value,
        unit=result.unit,
        confounders=result.confounders,
        alt="A yellow car at a wall, with a second wheel on the wall. Both wheels are outlined, and bright in the map.",
        left=("both places outlined", _outlined(pixels, result.mask)),
        right=("map: likeness", _map(result.map, 0, 1)),
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
        left=("yellow-car", _picture(pixels)),
        right=("bits: bright is 1", _map(result.bits.astype(float), 0, 1)),
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
        left=("after", _picture(changed.after)),
        right=("map: bright where the bits differ", _map(result.map, 0, 1)),
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
        left=("after, the change outlined", _outlined(changed.after, changed.mask)),
        right=("map", _map(result.map, 0, 1)),
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
        left=("marked", _picture(marked)),
        right=("what was added", _map(change[..., 1], -6, 6, "gray", "grey levels")),
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
        left=("marked and saved at 75", _picture(saved)),
        right=("map: agreement of each block", _map(result.map, -1, 1)),
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
        left=("railing-bicycle, frame 11", _picture(clip.frames[11])),
        right=("length of the flow to frame 12", _map(length, 0, top, unit="px")),
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
        left=("the calmest quarter of frame 0", _picture(lit)),
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
        left=("garden-flip, frame 12", _picture(clip.frames[12])),
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
        _picture(clip.frames[seen["frame"]])(axes)
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
        _picture(pixels)(axes)
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
    return _bars(result.curve, "marked line", "miss, in marking errors")


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
        left=(item, _picture(pixels)),
        right=(title, view(pixels)),
        placed=name in null(),
    )


def _cross_difference(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)
    jump = np.abs(grey[:-1, :-1] - grey[:-1, 1:] - grey[1:, :-1] + grey[1:, 1:]).mean(axis=0)
    means = np.array([jump[column::8].mean() for column in range(8)])
    return _bars(means, "column of the block (7 is its last)", "mean D, grey levels")


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
    return _map(fine, -12, 12, "gray", "grey levels")


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
    return _map((high - low) / np.maximum(high, 1), 0, 1)


def _finest_diagonal(pixels: NDArray[np.uint8]) -> Draw:
    grey = _grey(pixels)
    detail = (grey[::2, ::2] - grey[::2, 1::2] - grey[1::2, ::2] + grey[1::2, 1::2]) / 2
    return _map(np.abs(detail), 0, 6, unit="grey levels")


def _bends(pixels: NDArray[np.uint8]) -> Draw:
    return _map(np.abs(cv2.Laplacian(_grey(pixels), cv2.CV_32F)), 0, 60, unit="grey levels")


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
    "fit_trajectory": _flight,
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


# from docstring to Markdown

MOVED = "What else moves it: "  # how the plain numbers, which have no result to hold them, name their confounders


def _sections(docstring: str) -> dict[str, str]:
    """The parts of a docstring in numpy style by heading; what comes first is under the empty one."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", docstring, flags=re.MULTILINE)
    return {"": parts[0].strip("\n")} | {
        name: text.strip("\n") for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _entries(section: str) -> list[tuple[str, str, str]]:
    """Name, type and words of each entry of a list of parameters or attributes."""
    found = re.split(r"^(?=\S)", section, flags=re.MULTILINE)
    entries = []
    for entry in filter(str.strip, found):
        head, _, words = entry.partition("\n")
        name, _, kind = head.partition(" : ")
        entries.append((name.strip(), kind.strip(), _prose(" ".join(textwrap.dedent(words).split()))))
    return entries


def _prose(words: str) -> str:
    """A paragraph as Markdown: code is marked as code, and a star is a star."""
    parts = re.split(r"(``.+?``|`[^`]+`)", words)
    shown = [
        f"`{part.strip('`')}`" if n % 2 else re.sub(r"([*]|<(?=[\w/]))", r"\\\1", part) for n, part in enumerate(parts)
    ]
    return "".join(shown)


def _blocks(text: str, literal: bool) -> Iterator[tuple[str, bool]]:
    """Paragraphs and literal blocks; True marks the literal ones. `literal`: what comes first may be one."""
    base = 0
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        depth = len(paragraph) - len(paragraph.lstrip(" "))
        first = min(len(line) - len(line.lstrip(" ")) for line in paragraph.split("\n"))
        if literal and first > base:
            yield paragraph, True
            continue
        # In a list the words of an item stand deeper than its number.
        items = re.split(r"\n(?=\d\. )", paragraph)
        for item in items:
            base = 3 if re.match(r"\d\. ", item) else depth
            yield item, False
        literal = paragraph.endswith("::")


def _sentences(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.!?)])(?<!et al\.)\s+(?=[A-Z`(])", " ".join(paragraph.split()))


def described(name: str) -> tuple[str, str, list[str]]:
    """First sentence, body in Markdown, and what was taken out of the body: where the measurement fails.

    Raises
    ------
    ValueError
        If the docstring has no sentence that begins as ``TOPICS`` says.
    """
    sections = _sections(inspect.getdoc(getattr(forensics, name)) or "")
    summary, _, body = sections[""].partition("\n\n")
    wanted = TOPICS[name].fails
    taken: dict[str, str] = {}

    def kept(paragraph: str) -> str:
        stay = []
        for sentence in _sentences(paragraph):
            start = next((start for start in wanted if sentence.startswith(start)), None)
            if sentence.startswith(MOVED):
                continue
            if start is None:
                stay.append(sentence)
            else:
                taken[start] = _prose(sentence)
        return " ".join(stay)

    lines: list[str] = []
    indent = ""
    for block, literal in _blocks(body, summary.endswith("::")):
        if literal:
            code = textwrap.indent(textwrap.dedent(block), indent)
            lines += [f"{indent}```text\n{code}\n{indent}```", ""]
            continue
        # What belongs to an item of a list stands as deep as its words.
        item = re.match(r"\d\. ", block) is not None
        indent = "   " if item or (indent and block.startswith(" ")) else ""
        if words := kept(block):
            words = re.sub(r"[, ]*::$", ":", words)
            lines += [_prose(words) if item else indent + _prose(words), ""]
    if "Notes" in sections and (rest := kept(sections["Notes"])):
        lines += [_prose(rest), ""]
    missing = [start for start in wanted if start not in taken]
    if missing:
        raise ValueError(f"The docstring of {name} has no sentence that begins: {missing[0]}")
    return summary, "\n".join(lines).strip("\n"), [taken[start] for start in wanted]


def _references(section: str) -> list[str]:
    author = r"[A-Z][\w'-]+(?: de)?(?: [A-Z]\w+)?, (?:[A-Z]\.|et al)"
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", section))
    return [
        _prose(entry)
        for paragraph in paragraphs
        for entry in re.split(rf"(?<=[.)]) (?={author}[^()]*\(\d{{4}}\))", paragraph)
    ]


def _answer(name: str) -> list[str]:
    """What the function returns, and the fields that its own kind of result has."""
    function = getattr(forensics, name)
    kind, words = _returns(_sections(inspect.getdoc(function) or ""))
    lines = [f"`{kind}`: {words}" if words else f"`{kind}`.", ""]
    result = getattr(forensics, kind, None)
    if result is not None and kind not in ("MapMeasurement", "Measurement"):
        sections = _sections(inspect.getdoc(result) or "")
        summary = re.split(r"\.\s+", sections[""], maxsplit=1)
        if len(summary) > 1:
            lines += [_prose(" ".join(summary[1].split())), ""]
        lines += [f"- `{field}` ({_prose(of)}): {text}" for field, of, text in _entries(sections.get("Attributes", ""))]
        lines.append("")
    return lines


def _returns(sections: Mapping[str, str]) -> tuple[str, str]:
    kind, _, words = sections["Returns"].partition("\n")
    return kind.strip(), _prose(" ".join(words.split()))


# pages


@cache
def null() -> dict[str, dict[str, Any]]:
    """What the pack measures."""
    return json.loads((HERE / "null.json").read_text(encoding="utf-8"))


def _plain(value: float) -> str:
    """Three digits, without powers of ten."""
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def _among(name: str) -> list[str]:
    """Camera items beside generated ones, in words."""
    if name not in null():
        return ["This was not measured on all the pictures of the course, so there is nothing to place a value among."]
    lines = []
    for of in (name, "speed") if name == "optical_flow" else (name,):
        entry = null()[of]
        unit, camera, generated = entry["unit"], list(entry["values"].values()), list(entry["generated"].values())
        area = judgement.auc(generated, camera)
        low, middle, high = np.percentile(camera, [5, 50, 95])
        found = "a difference on average, and no verdict on any one"
        if area.low <= 0.5 <= area.high:
            found = "no difference was found"
        called = "the mean length of the flow" if of == "speed" else "the value"
        lines.append(
            f"- Of {len(camera)} camera {entry['kind']}s, {called} is {_plain(middle)} {unit} in the middle; nine "
            f"in ten lie from {_plain(low)} to {_plain(high)}."
        )
        lines.append(f"- Of {len(generated)} generated ones, it is {_plain(np.median(generated))} in the middle.")
        lines.append(f"- AUC {area.value:.2f}, 95 % interval {area.low:.2f} to {area.high:.2f}: {found}.")
    return [
        *lines,
        "",
        "AUC is the share of pairs in which the generated one has the larger value; 0.5 is a coin. All pictures went",
        "through one pipeline. More in [what the measurements tell apart](../measured.md).",
    ]


def _example(name: str, example: Example) -> list[str]:
    kind = null()[name]["kind"] if example.placed and name in null() else None
    alt = example.alt
    if name in null():
        alt += " Beside them, a point for each camera and each generated item; the two clouds overlap."
    lines = [f"![{alt}]({name}.png)", "", example.about]
    if example.value is not None:
        lines[-1] += f" The value is **{_plain(example.value)}** {example.unit}."
    if kind:
        placed = forensics.place(example.value, null()[name]["values"].values())
        lines[-1] += f" {placed.percentile:.0f} in 100 camera {kind}s have less."
    return lines


def page(name: str, example: Example) -> str:
    """The page of one measurement."""
    function, topic = getattr(forensics, name), TOPICS[name]
    sections = _sections(inspect.getdoc(function) or "")
    summary, body, fails = described(name)
    parameters = [f"- `{p}` ({_prose(kind)}): {words}" for p, kind, words in _entries(sections["Parameters"])]
    moved = list(example.confounders)
    if not moved:
        said = [sentence.removeprefix(MOVED) for sentence in _sentences(sections[""]) if sentence.startswith(MOVED)]
        moved = [_prose(one[0].upper() + one[1:]) for one in said]
    lines = [f"# {topic.title}", "", _prose(summary.replace("\n", " ").removesuffix(" ::")), ""]
    lines += [f"In code: `course.forensics.{name}`. This page is written from what stands there, by"]
    lines += ["`uv run python data/forensics/pages.py`; please do not edit it by hand.", ""]
    if body:
        lines += ["## How it is measured", "", body, ""]
    lines += ["## Parameters", "", *parameters, "", "## The answer", "", *_answer(name)]
    lines += ["## An example", "", *_example(name, example), ""]
    lines += ["## Among the pictures of the course", "", *_among(name), ""]
    heading = "What else moves it" if fails else "What else moves it, and where it fails"
    if moved:
        lines += [f"## {heading}", "", *(f"- {one}" for one in moved), ""]
    if fails:
        lines += ["## Where it fails", "", *(f"- {one}" for one in fails), ""]
    lines += ["## References", "", *(f"- {one}" for one in _references(sections["References"])), ""]
    lines += ["[All measurements](README.md)"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def index() -> str:
    """The list of all pages."""
    lines = [
        "# The measurements",
        "",
        "What each measurement of the course works out, how, and where it fails. None says whether a picture is",
        "true: each gives a number, and pictures of every origin have such numbers. How well the numbers tell camera",
        "pictures from generated ones is in [one table](../measured.md), the bad ones included.",
        "",
        "These pages are written by `uv run python data/forensics/pages.py`; please do not edit them by hand.",
        "",
    ]
    for group in dict.fromkeys(topic.group for topic in TOPICS.values()):
        lines += [f"## {group}", ""]
        for name, topic in TOPICS.items():
            if topic.group == group:
                summary = " ".join(described(name)[0].split()).removesuffix(" ::")
                lines.append(f"- [{topic.title}]({name}.md): {_prose(summary[0].lower() + summary[1:])}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


# figures


def _strip(name: str, example: Example) -> Draw:
    entry = null()[name]
    sides = [(entry["values"], CAMERA, "o", "camera"), (entry["generated"], GENERATED, "^", "generated")]
    everything = np.array([value for values, *_ in sides for value in values.values()])
    middle = float(np.median(np.abs(everything)))

    def draw(axes: Axes) -> None:
        for row, (values, colour, marker, _) in enumerate(sides):
            spread = np.random.default_rng(row).uniform(-0.3, 0.3, len(values))
            axes.plot(list(values.values()), spread - row, marker, color=colour, markersize=3, alpha=0.6)
            axes.plot([np.median(list(values.values()))] * 2, [-row - 0.38, -row + 0.38], color="black", linewidth=1.5)
        if example.placed:
            axes.axvline(example.value, color="#555555", linestyle=":", linewidth=1.2)
        # A few very large values would leave no room for the rest.
        if middle > 0 and everything.max() > 15 * middle:
            axes.set_xscale("asinh", linear_width=middle)
            tens = range(math.ceil(math.log10(0.7 * middle)), math.floor(math.log10(everything.max())) + 1)
            marks = [0.0, *(10.0**ten for ten in tens)]
            axes.set_xticks(marks, [_plain(mark) for mark in marks])
            axes.minorticks_off()
        if everything.min() == everything.max():
            axes.set_xlim(-0.05, 1)
        axes.set_yticks([0, -1], [side[3] for side in sides], size=8, rotation=90, va="center")
        axes.set_ylim(-1.6, 0.6)
        axes.set_xlabel(entry["unit"], size=8)

    return draw


def _tint(colour: str, strength: float) -> tuple[int, ...]:
    """A colour laid over white."""
    levels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return tuple(round(255 + strength * (level - 255)) for level in levels)


def figure(name: str, example: Example) -> bytes:
    """The figure as a PNG of few colours."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from PIL import Image

    panels = [example.left, example.right]
    if name in null():
        title = "the pack (dotted: this one)" if example.placed else "the pack"
        panels.append((title, _strip(name, example)))
    drawing = Figure(figsize=(2.9 * len(panels), 3.1), dpi=100, layout="constrained")
    for axes, (title, draw) in zip(np.atleast_1d(drawing.subplots(1, len(panels))), panels, strict=True):
        axes.set_title(title, size=9)
        axes.tick_params(labelsize=7)
        draw(axes)
    full = io.BytesIO()
    drawing.savefig(full, format="png")
    picture = Image.open(full).convert("RGB")
    # The colours that mean something stay what they are, however many the photograph takes.
    kept = [(255, 255, 255), (0, 0, 0), (85, 85, 85), (153, 153, 153), (204, 204, 204)]
    kept += [_tint(colour, strength) for colour in (CAMERA, GENERATED) for strength in (0.4, 0.6, 0.84, 1.0)]
    kept += [tuple(map(round, shade[:3])) for shade in 255 * colormaps["cividis"](np.linspace(0, 1, 12))]
    for colours in (128, 96, 64, 48, 32, 24, 16):
        own = picture.quantize(colours, method=Image.Quantize.MEDIANCUT).getpalette()[: 3 * colours]
        palette = Image.new("P", (1, 1))
        palette.putpalette([*own, *(level for colour in kept for level in colour)])
        small = io.BytesIO()
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
        if small.tell() <= LARGEST:
            return small.getvalue()
    raise ValueError(f"The figure of {name} has more than {LARGEST} bytes even in 16 colours.")


# command


def same(written: str, now: str) -> bool:
    """Whether two pages say the same. In the example numbers may differ by one in twenty, as machines do."""
    around = re.compile(r"(?<=\n)(## An example\n.*?\n)(?=## )", re.DOTALL)
    parts = [around.split(text, maxsplit=1) for text in (written, now)]
    if len(parts[0]) != len(parts[1]) or parts[0][::2] != parts[1][::2]:
        return False
    examples = [re.split(r"(\d+(?:\.\d+)?(?:e-?\d+)?)", "".join(text[1::2])) for text in parts]
    if examples[0][::2] != examples[1][::2]:
        return False
    numbers = zip(examples[0][1::2], examples[1][1::2], strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=0.05) for one, other in numbers)


def differing(names: Sequence[str] = tuple(TOPICS)) -> list[str]:
    """Names of the pages whose text is not what would be written now."""
    wrong = [] if _read("README") == index() else ["README"]
    return wrong + [name for name in names if not same(_read(name), page(name, EXAMPLES[name]()))]


def _read(name: str) -> str:
    path = PAGES / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Write the pages of the measurements.")
    parser.add_argument("--check", action="store_true", help="say which page's text differs, write nothing")
    if parser.parse_args().check:
        wrong = differing()
        print(f"Other text than now: {', '.join(wrong)}." if wrong else "All pages say what the docstrings say.")
        return 1 if wrong else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in [*PAGES.glob("*.md"), *PAGES.glob("*.png")]:
        if path.stem not in TOPICS and path.stem != "README":
            path.unlink()
    for name in TOPICS:
        example = EXAMPLES[name]()
        (PAGES / f"{name}.md").write_text(page(name, example), encoding="utf-8", newline="\n")
        (PAGES / f"{name}.png").write_bytes(figure(name, example))
    (PAGES / "README.md").write_text(index(), encoding="utf-8", newline="\n")
    print(f"Written: {len(TOPICS)} pages in {PAGES}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
