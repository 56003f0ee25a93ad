"""The measurements of the probe, as learners meet them: one row of the table each, from a function of `forensics`.

A row says in one sentence what is measured, which sliders there are, and how the answer is drawn. To add one, write
what draws it and add a `Gauge` to `GAUGES`; its key is the name of the function in `course.forensics`, and the values
of the camera pictures are looked up under that key in ``data/forensics/null.json``, if that file is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from course import forensics, media
from course.errors import InputError
from course.lessons.lesson import in_plain_words
from course.media.catalogue import data_folder
from course.ui.probe import Chart, Gauge, Parameter, Probe, ProbeView, Reading, Trace, number, shown_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from course.media import Clip

GAIN = Parameter("gain", "Drawn stronger", 1, 40, 1, 15, "times", moves_value=False)

# Of the Okabe-Ito palette, without the two that stand for camera and generated everywhere in the course.
YELLOW, PURPLE, SKY, ORANGE = (240, 228, 66), (204, 121, 167), (86, 180, 233), (230, 159, 0)


@in_plain_words
def probe(
    pictures: Mapping[str, media.Item | Path | str] | Sequence[str], measurements: Sequence[str] | None = None
) -> ProbeView:
    """The probe on some pictures.

    Parameters
    ----------
    pictures : mapping of str to Item, Path or str, or sequence of str
        By neutral labels, or ids alone, which are then called Picture 1, Picture 2 and so on.
    measurements : sequence of str, optional
        Keys of the table, in the order in which they are to be offered; all of them if left out.
    """
    if not isinstance(pictures, Mapping):
        pictures = {f"Picture {n}": one for n, one in enumerate(pictures, 1)}
    return ProbeView(Probe(pictures, gauges(measurements)))


def gauges(keys: Sequence[str] | None = None) -> tuple[Gauge, ...]:
    """The measurements with these keys, each with the values of the camera pictures of the course.

    Raises
    ------
    ValueError
        If there is no measurement with one of these keys.

    Examples
    --------
    >>> [gauge.title for gauge in gauges(["noise_map", "flicker"])]
    ['Noise map', 'Flicker']
    """
    known = {gauge.key: gauge for gauge in GAUGES}
    wanted = list(known) if keys is None else list(keys)
    for key in wanted:
        if key not in known:
            raise InputError(f"There is no measurement {key!r}. Choose one of: {', '.join(known)}.")
    null = null_values(data_folder() / "forensics" / "null.json")
    return tuple(replace(known[key], null=null.get(key, ())) for key in wanted)


@cache
def null_values(path: Path) -> Mapping[str, tuple[float, ...]]:
    """The values of the camera pictures by measurement, without their names; empty if there is no such file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "null.json")
    ...     _ = file.write_text('{"flicker": {"unit": "grey levels", "values": {"b": 2, "a": 1.5}}}', encoding="utf-8")
    ...     dict(null_values(file))
    {'flicker': (1.5, 2.0)}
    """
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    return {key: tuple(sorted(float(value) for value in entry["values"].values())) for key, entry in content.items()}


# drawing


def shades(area: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """A map as colours from dark blue (`low`) to yellow (`high`), which are told apart by all eyes and in print.

    Parameters
    ----------
    area : ndarray, shape (h, w)
    low, high : float
        What is beyond them is drawn as they are.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)

    References
    ----------
    Nunez, J. R., Anderton, C. R. & Renslow, R. S. (2018). Optimizing colormaps with consideration for color vision
    deficiency. PLOS ONE 13, e0199239.
    """
    import cv2

    factor = 255 / max(high - low, 1e-9)
    # The absolute value that this function takes must not turn what is below `low` round.
    levels = cv2.convertScaleAbs(np.maximum(np.asarray(area, np.float32), low), alpha=factor, beta=-low * factor)
    return cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS), cv2.COLOR_BGR2RGB)


def signed(area: NDArray[Any], reach: float) -> NDArray[np.uint8]:
    """A map around 0 as colours: black at 0, yellow at `reach`, purple at minus `reach`."""
    share = (np.asarray(area, np.float32) / max(reach, 1e-9)).clip(-1, 1)[..., None]
    above, below = np.maximum(share, 0) * np.float32(YELLOW), np.maximum(-share, 0) * np.float32(PURPLE)
    return (above + below).astype(np.uint8)


def _small(area: NDArray[Any]) -> NDArray[Any]:
    """A map of single pixels in the size of the screen: colouring what nobody sees takes time."""
    import cv2

    height, width = shown_size(area.shape)
    if (height, width) == area.shape[:2]:
        return area
    return cv2.resize(area, (width, height), interpolation=cv2.INTER_AREA)


def _blocks(drawing: NDArray[Any], block: int, shape: tuple[int, ...], first: int = 0) -> NDArray[Any]:
    """A colour for each block, in the size of the screen; what no block covers takes the nearest one."""
    places = zip(shape[:2], shown_size(shape), drawing.shape[:2], strict=True)
    rows, columns = (
        (((np.arange(small) + 0.5) * (large / small) - first).clip(0) // block).astype(int).clip(max=count - 1)
        for large, small, count in places
    )
    return drawing[np.ix_(rows, columns)]


def _dimmed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture in dark grey, to draw upon."""
    import cv2

    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) // 3 + 16, cv2.COLOR_GRAY2RGB)


def _top(area: NDArray[Any], percent: float = 99) -> float:
    """What nearly all of a map lies below; of a large one, every fourth row and column are enough to tell."""
    return float(np.percentile(area[::4, ::4] if area.size > 50_000 else area, percent))


# savings


def _error_level(pixels: NDArray[np.uint8], quality: float, gain: float) -> Reading:
    import cv2

    result = forensics.error_level_analysis(pixels, int(quality))
    return Reading(
        overlay=_small(cv2.convertScaleAbs(result.map, alpha=gain)),
        value=result.value,
        unit=result.unit,
        sentence=f"Saved once more at quality {quality:.0f}, the picture changes by so much on average. "
        + (
            "That is next to nothing, as where a picture was saved at about this quality before."
            if result.value < 0.2
            else "Bright places change most: look for like things that are not alike bright."
        ),
        confounders=result.confounders,
    )


def _ghosts(pixels: NDArray[np.uint8], result: forensics.GhostResult, quality: float) -> Reading:
    tried = result.differences
    depth = np.sqrt(tried[result.qualities.index(int(quality))])
    deepest, highest = np.sqrt(tried.min(axis=0)), np.sqrt(tried.max(axis=0))
    level = (depth - deepest) / np.maximum(highest - deepest, 0.1)
    return Reading(
        overlay=_blocks(shades(level, 0, 1), 8, pixels.shape),
        value=result.value,
        unit="of the picture",
        sentence=f"Dark: what changes least when it is saved at {quality:.0f}. Most of the picture does so at "
        f"{result.last}; the number is the share that also dips at a lower quality, as if saved at that one before.",
        confounders=result.confounders,
    )


def _blocking(pixels: NDArray[np.uint8], window: float) -> Reading:
    result = forensics.blocking_grid(pixels, int(window))
    across, down = result.phase
    area = _small(result.map)
    return Reading(
        overlay=shades(area, 0.5, max(2.0, _top(area))),
        value=result.value,
        unit="times as much",
        sentence="So much does the picture jump on its strongest grid of 8 × 8 blocks, against elsewhere (1: no grid). "
        f"It begins {_from_the_corner(across, down)}. Bright: where it is strong.",
        confounders=result.confounders,
    )


def _from_the_corner(across: int, down: int) -> str:
    """Where a grid begins.

    Examples
    --------
    >>> _from_the_corner(0, 0), _from_the_corner(1, 4)
    ('in the corner', '1 pixel right and 4 down from the corner')
    """
    if not across and not down:
        return "in the corner"
    return f"{across} {'pixel' if across == 1 else 'pixels'} right and {down} down from the corner"


def _zero(pixels: NDArray[np.uint8], result: forensics.ZeroGridResult) -> Reading:
    import cv2

    votes = result.votes
    wheel = np.stack([np.arange(64) * 180 // 64 * 37 % 180, np.full(64, 150), np.full(64, 230)], axis=1)
    palette = np.vstack([cv2.cvtColor(wheel.astype(np.uint8)[None], cv2.COLOR_HSV2RGB)[0], [[30, 30, 30]]])
    if result.phase is not None:
        palette[result.phase[0] + 8 * result.phase[1]] = (90, 130, 170)
        main = f"Its blocks begin {_from_the_corner(*result.phase)}."
    else:
        main = "No grid has more votes than chance."
    count = len(result.foreign)
    regions = "No part votes for another grid." if not count else f"Parts that vote for another grid: {count}."
    return Reading(
        overlay=palette[votes].astype(np.uint8),
        value=result.value,
        unit="powers of ten beyond chance",
        sentence=f"Each pixel votes for the grid of blocks it fits best; one colour is one grid. {main} {regions}",
        confounders=result.confounders,
    )


def _twice(pixels: NDArray[np.uint8], result: forensics.DoubleQuantisationResult) -> Reading:
    seen = [step for step in result.steps if step.first is not None]
    return Reading(
        overlay=signed(_small(result.map), 1.0),
        value=result.value,
        unit=result.unit,
        sentence=f"Two roundings explain {len(seen)} of {len(result.steps)} histograms better than one. Yellow blocks "
        "speak for two savings, purple ones against.",
        confounders=result.confounders,
    )


# grain


def _noise_map(pixels: NDArray[np.uint8], block: float) -> Reading:
    result = forensics.noise_map(pixels, int(block))
    top = max(1.0, _top(result.map, 98))
    return Reading(
        overlay=_blocks(shades(result.map, 0, top), int(block), pixels.shape),
        value=result.value,
        unit=result.unit,
        sentence="The grain of the middle half of the blocks differs by so much. Bright blocks have grain of "
        f"{number(top)} grey levels or more, dark ones none. Texture counts as grain.",
        confounders=result.confounders,
    )


def _residual(pixels: NDArray[np.uint8], gain: float) -> Reading:
    import cv2

    result = forensics.noise_residual(pixels)
    # Every so many pixels, not their mean: a mean of grain is less grain.
    height, width = shown_size(pixels.shape)
    some = cv2.resize(result.map, (width, height), interpolation=cv2.INTER_NEAREST)
    grey = (some * gain + 128).clip(0, 255).astype(np.uint8)
    return Reading(
        overlay=cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB),
        value=result.value,
        unit=result.unit,
        sentence="What is left of the picture when a filter has taken the scene away: grain, and outlines.",
        confounders=result.confounders,
    )


# waves


def _radial(pixels: NDArray[np.uint8], result: forensics.RadialSpectrum) -> Reading:
    x, curve, line = (
        tuple(round(float(v), 4) for v in one[1:]) for one in (result.frequency, result.curve, result.line)
    )
    level = sum(value == line[0] for value in line) - 1  # the line means something where it falls
    side = "above" if result.value >= 0 else "below"
    area = _small(result.map)
    words = (
        f"Power falls from {number(curve[0])} dB for the coarsest waves to {number(curve[-1])} dB for the finest. "
        f"The finest lie {number(abs(result.value))} dB {side} the straight fall."
    )
    return Reading(
        overlay=shades(area, *np.percentile(area, [1, 99.8])),
        value=result.value,
        unit=result.unit,
        sentence=f"So far do the finest waves lie {side} the fall of the coarser ones. In the drawing coarse waves are "
        "in the middle, fine ones at the edge, strong ones bright.",
        confounders=result.confounders,
        chart=Chart(
            "From coarse waves to fine ones",
            "waves a pixel",
            "power, dB",
            words,
            (Trace("this picture", x, curve), Trace("straight fall", x[level:], line[level:], measured=False)),
            log_x=True,
        ),
    )


def _peaks(pixels: NDArray[np.uint8], result: forensics.SpectrumPeaks) -> Reading:
    import cv2

    highest = result.quarters[0]
    height, width = shown_size(pixels.shape)  # the spectrum is that of whole blocks, a few pixels less
    area = cv2.resize(result.map, (width, height), interpolation=cv2.INTER_AREA)
    drawing = shades(area, 0, max(20.0, float(area.max())))
    for side in (1, -1):  # a wave and its mirror image
        middle = (round((0.5 + side * highest.right) * width), round((0.5 + side * highest.down) * height))
        cv2.circle(drawing, middle, max(6, width // 48), (255, 255, 255), max(1, width // 300), cv2.LINE_AA)
    return Reading(
        overlay=drawing,
        value=result.value,
        unit=result.unit,
        sentence="The height of the highest wave that repeats every 2 or 4 pixels, above the waves around it "
        f"({_wave(highest)}; circled). A codec's own grid stands {number(result.grid)} dB high: if that is high too, "
        "it may be the codec.",
        confounders=result.confounders,
    )


def _wave(peak: Any) -> str:
    ways = ((peak.right, "across"), (peak.down, "down"))
    words = [
        f"every {number(1 / abs(part)).removesuffix('.00')} pixels {way}" for part, way in ways if abs(part) > 1e-6
    ]
    return " and ".join(words) or "no wave"


def _resampling(pixels: NDArray[np.uint8], sigma: float) -> Reading:
    result = forensics.resampling_map(pixels, float(sigma))
    return Reading(
        overlay=shades(_small(result.map), 0, 1),
        value=result.value,
        unit=result.unit,
        sentence=f"The strongest rhythm among well foretold pixels, {_wave(result.peak)}. Noise alone gives about 13 "
        "dB. Bright pixels are foretold by their neighbours.",
        confounders=result.confounders,
    )


# copies and colour


def _copies(pixels: NDArray[np.uint8], result: forensics.CopiesResult) -> Reading:
    import cv2

    drawing = _dimmed(pixels)
    drawing[result.mask] = pixels[result.mask]
    mask = result.mask.astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    width = max(1, round(max(pixels.shape[:2]) / 300))
    for number_of_pair, (x, y, to_x, to_y) in zip(result.pair[::3], result.matches[::3], strict=True):
        colour = (SKY, ORANGE, PURPLE)[int(number_of_pair) % 3]
        cv2.line(drawing, (round(x), round(y)), (round(to_x), round(to_y)), colour, width, cv2.LINE_AA)
    cv2.drawContours(drawing, outlines, -1, YELLOW, width)
    if result.count:
        words = f"Pairs of places that show the same: {result.count}. Lines join what belongs together."
    else:
        words = "No place shows the same as another. Copies of sky or of plain walls would not be found."
    return Reading(
        overlay=drawing,
        value=result.value,
        unit="of the picture",
        sentence=words,
        confounders=result.confounders,
    )


def _fringes(pixels: NDArray[np.uint8], result: forensics.ChromaticAberration, longer: float) -> Reading:
    import cv2

    drawing = _dimmed(pixels)
    rows, columns = result.map.shape
    top, left = (pixels.shape[0] - rows * 64) // 2, (pixels.shape[1] - columns * 64) // 2
    width = max(1, round(max(pixels.shape[:2]) / 400))
    for shifts, colour in ((result.red_shift, ORANGE), (result.blue_shift, SKY)):
        for (row, column), shift in zip(np.ndindex(rows, columns), shifts.reshape(-1, 2), strict=True):
            if not shift.any():
                continue
            start = left + 64 * column + 32, top + 64 * row + 32
            end = tuple(round(float(a + longer * b)) for a, b in zip(start, shift, strict=True))
            cv2.arrowedLine(drawing, start, end, colour, width, cv2.LINE_AA, tipLength=0.25)
    return Reading(
        overlay=drawing,
        value=result.value,
        unit="pixels in the corner",
        sentence="So far red or blue is stretched against green, as a simple lens does. Arrows: red light orange, blue "
        "light sky blue. Of a lens they point away from one centre, or towards it.",
        confounders=result.confounders,
    )


def _lattice(pixels: NDArray[np.uint8], block: float) -> Reading:
    result = forensics.colour_filter_array(pixels, int(block))
    drawing = signed(result.map, max(1.0, _top(np.abs(result.map))))
    return Reading(
        overlay=_blocks(drawing, int(block), pixels.shape, first=1),
        value=result.value,
        unit=result.unit,
        sentence="How much rougher one half of the chessboard is than the other: most sensors measure green on one of "
        "them and make up the other. Near 0 there is no lattice to be seen.",
        confounders=result.confounders,
    )


def _saturation(pixels: NDArray[np.uint8]) -> Reading:
    import cv2

    share = cv2.extractChannel(cv2.cvtColor(_small(pixels), cv2.COLOR_RGB2HSV), 1)
    return Reading(
        overlay=shades(share, 0, 255),
        value=forensics.saturation(pixels),
        unit="0 grey to 1 pure",
        sentence="How far the colours are from grey, on average. Bright places have the purest colours.",
        confounders=(
            "White balance and colour grading.",
            "Darkness: one level of difference between dark colours counts as much as a hundred between bright ones.",
            "What there is to see: a parrot has more colour than a pebble.",
        ),
    )


def _sharpness(pixels: NDArray[np.uint8], gain: float) -> Reading:
    import cv2

    bend = cv2.convertScaleAbs(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_16S))
    return Reading(
        overlay=shades(_small(bend), 0, 255 / gain),
        value=forensics.sharpness(pixels),
        unit="grey levels",
        sentence="How strongly brightness bends from pixel to pixel. Bright places are edges, fine texture or grain.",
        confounders=(
            "Contrast, and how much there is to see: a sharp picture of a wall has little of it.",
            "Noise, which counts as detail.",
            "Focus, motion blur, and sharpening by the camera or a program.",
            "A change of size, and a lossy codec.",
        ),
    )


# time


def _flow(pair: NDArray[np.uint8], full: float) -> Reading:
    import cv2

    result = forensics.optical_flow(pair)
    drawing = _directions(result.flow[0], full)
    radius = max(14, min(pair.shape[1:3]) // 12)
    side = np.linspace(-1, 1, 2 * radius, dtype=np.float32)
    wheel = np.stack(np.meshgrid(side, side), axis=-1)
    inside = np.hypot(wheel[..., 0], wheel[..., 1]) <= 1
    drawing[4 : 4 + 2 * radius, 4 : 4 + 2 * radius][inside] = _directions(wheel, 1)[inside]
    cv2.circle(drawing, (4 + radius, 4 + radius), radius, (255, 255, 255), 1, cv2.LINE_AA)
    return Reading(
        overlay=drawing,
        value=result.value,
        unit="pixels there and back",
        sentence=f"Followed to the next frame and back, a pixel misses its start by so much. It moves by "
        f"{number(float(result.speed[0]))} pixels on average. Colour is direction, as on the wheel; dark is at rest.",
        confounders=result.confounders,
    )


def _directions(flow: NDArray[np.float32], full: float) -> NDArray[np.uint8]:
    """Motion as colour: hue for direction, brightness for speed up to `full` pixels."""
    import cv2

    speed, angle = cv2.cartToPolar(flow[..., 0], flow[..., 1], angleInDegrees=True)
    strength = (speed * (255 / full)).clip(0, 255)
    hsv = np.dstack([angle / 2 % 180, np.full_like(angle, 200), strength])
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


def _flicker_of(clip: Clip) -> forensics.FlickerResult:
    return forensics.flicker(clip.frames, fps=clip.fps)


def _flicker(clip: Clip, result: forensics.FlickerResult, frame: int, gain: float) -> Reading:
    import cv2

    pair = min(frame, len(result.curve) - 1)
    here, there = (clip.frames[n].astype(np.int16).mean(axis=2) for n in (pair, pair + 1))
    height, width = here.shape
    still = cv2.resize(result.still[pair].astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    drawing = _dimmed(clip.frames[pair])
    drawing[still] = signed((there - here)[still], 255 / gain)
    return Reading(
        overlay=drawing,
        value=result.value,
        unit=result.unit,
        sentence=f"So much does the calmest quarter of the picture change from frame to frame. Here it is drawn in "
        f"colour, between frames {pair + 1} and {pair + 2}: yellow becomes brighter, purple darker.",
        confounders=result.confounders,
        chart=_over_time("Flicker from frame to frame", result.unit, result.curve, range(1, len(clip.frames)), frame),
    )


def _second_order(clip: Clip, frame: int, gain: float) -> Reading:
    import cv2

    result = forensics.second_order_motion(clip.frames, clip.fps)
    used = result.frame_numbers
    at = int(np.searchsorted(used, frame, side="right") - 1)
    here, there = used[min(at, len(used) - 2)], used[min(at, len(used) - 2) + 1]
    change = cv2.absdiff(clip.frames[here], clip.frames[there])
    return Reading(
        overlay=cv2.convertScaleAbs(change, alpha=gain),
        value=result.value,
        unit=result.unit,
        sentence=f"How unevenly the clip changes: low is even, as a slow pan is. Drawn: what changes from frame "
        f"{here + 1} to frame {there + 1}, two of the {len(used)} that are compared.",
        confounders=result.confounders,
        chart=_over_time("The change of the change", result.unit, result.curve, used[2:], frame),
    )


def _over_time(title: str, unit: str, curve: NDArray[Any], frames: Sequence[int], frame: int) -> Chart:
    values = tuple(round(float(value), 3) for value in curve)
    most = max(range(len(values)), key=lambda n: abs(values[n]))
    words = (
        f"It lies between {number(min(values))} and {number(max(values))} {unit}, and is furthest from 0 at frame "
        f"{int(frames[most]) + 1}."
    )
    x = tuple(float(n) + 1 for n in frames)
    return Chart(title, "frame", unit, words, (Trace("this clip", x, values),), marker=frame + 1.0)


# the table

GAUGES: tuple[Gauge, ...] = (
    Gauge(
        key="error_level_analysis",
        title="Error levels",
        explanation="Saves the picture once more as JPEG and shows what that changes.",
        measure=_error_level,
        parameters=(Parameter("quality", "Quality of the saving", 50, 98, 1, 90), GAIN),
    ),
    Gauge(
        key="jpeg_ghosts",
        title="JPEG ghosts",
        explanation="Saves the picture at nine qualities and shows where each of them changes least.",
        measure=_ghosts,
        prepare=lambda pixels: forensics.jpeg_ghosts(pixels),
        parameters=(Parameter("quality", "Quality of the saving", 55, 95, 5, 75, moves_value=False),),
        smallest=16,
    ),
    Gauge(
        key="blocking_grid",
        title="Blocking grid",
        explanation="Looks for the grid of 8 × 8 blocks that JPEG and video leave behind.",
        measure=_blocking,
        parameters=(Parameter("window", "Look around each place", 16, 256, 8, 64, "pixels", moves_value=False),),
        smallest=16,
    ),
    Gauge(
        key="zero_grid",
        title="Votes for a grid",
        explanation="Lets each pixel vote for the grid of blocks it fits best, and counts what is more than chance.",
        measure=_zero,
        prepare=lambda pixels: forensics.zero_grid(pixels),
        smallest=16,
    ),
    Gauge(
        key="double_quantisation",
        title="Saved twice?",
        explanation="Asks whether two savings as JPEG explain the picture better than one.",
        measure=_twice,
        prepare=lambda pixels: forensics.double_quantisation(pixels),
        smallest=64,
    ),
    Gauge(
        key="noise_map",
        title="Noise map",
        explanation="Estimates the grain of each block of the picture, and how unevenly it is spread.",
        measure=_noise_map,
        parameters=(Parameter("block", "Side of a block", 8, 64, 4, 16, "pixels"),),
        smallest=64,
    ),
    Gauge(
        key="noise_residual",
        title="Grain",
        explanation="Takes the scene away and keeps what is left.",
        measure=_residual,
        parameters=(replace(GAIN, default=10),),
        smallest=16,
    ),
    Gauge(
        key="radial_power_spectrum",
        title="Coarse and fine waves",
        explanation="Measures how the power of the picture falls from coarse waves to fine ones.",
        measure=_radial,
        prepare=lambda pixels: forensics.radial_power_spectrum(pixels),
        smallest=64,
        on_the_picture=False,
    ),
    Gauge(
        key="spectrum_peaks",
        title="Waves that stand out",
        explanation="Looks for a rhythm of 2 or 4 pixels, which enlarging step by step may leave.",
        measure=_peaks,
        prepare=lambda pixels: forensics.spectrum_peaks(pixels),
        smallest=64,
        on_the_picture=False,
    ),
    Gauge(
        key="resampling_map",
        title="Change of size",
        explanation="Looks for pixels that their neighbours foretell too well, in a rhythm.",
        measure=_resampling,
        parameters=(Parameter("sigma", "How far off counts as foretold", 0.5, 8, 0.5, 2, "grey levels"),),
        smallest=64,
    ),
    Gauge(
        key="find_copies",
        title="Copies within the picture",
        explanation="Looks for places that show the same, turned or resized, and proves them pixel by pixel.",
        measure=_copies,
        prepare=lambda pixels: forensics.find_copies(pixels),
        smallest=32,
        live=False,
    ),
    Gauge(
        key="chromatic_aberration",
        title="Colour fringes of the lens",
        explanation="Measures how red and blue are stretched against green towards the corners.",
        measure=_fringes,
        prepare=lambda pixels: forensics.chromatic_aberration(pixels),
        parameters=(Parameter("longer", "Arrows drawn longer", 5, 200, 5, 50, "times", moves_value=False),),
        smallest=256,
    ),
    Gauge(
        key="colour_filter_array",
        title="Lattice of the sensor",
        explanation="Looks for the chessboard that a sensor with one colour a pixel leaves in the green.",
        measure=_lattice,
        parameters=(Parameter("block", "Side of a block", 8, 64, 4, 32, "pixels"),),
        smallest=66,
    ),
    Gauge(
        key="saturation",
        title="Colourfulness",
        explanation="Measures how far the colours are from grey.",
        measure=_saturation,
    ),
    Gauge(
        key="sharpness",
        title="Sharpness",
        explanation="Measures how strongly brightness bends from pixel to pixel.",
        measure=_sharpness,
        parameters=(replace(GAIN, default=4),),
    ),
    Gauge(
        key="optical_flow",
        title="Motion",
        explanation="Follows each pixel to the next frame and back, and asks whether it returns.",
        measure=_flow,
        parameters=(Parameter("full", "Full colour at", 0.5, 20, 0.5, 4, "pixels a frame", moves_value=False),),
        looks_at="pair",
        smallest=32,
    ),
    Gauge(
        key="flicker",
        title="Flicker",
        explanation="Measures change of brightness where nothing moves.",
        measure=_flicker,
        prepare=_flicker_of,
        parameters=(GAIN,),
        looks_at="clip",
        smallest=32,
        live=False,
    ),
    Gauge(
        key="second_order_motion",
        title="Unevenness of change",
        explanation="Measures how the change from frame to frame itself changes.",
        measure=_second_order,
        parameters=(replace(GAIN, default=2),),
        looks_at="clip",
        fewest=4,
    ),
)
"""The measurements in the order in which they are offered."""

__all__ = ["GAUGES", "gauges", "null_values", "probe", "shades", "signed"]
