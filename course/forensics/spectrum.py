"""Waves: how the power of a picture falls from coarse to fine, and whether some waves stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels
from course.forensics._periodogram import (
    DECIBELS,
    Peak,
    above_surroundings,
    centred,
    frequencies,
    power_spectrum,
)
from course.forensics.measurement import MapMeasurement

SMALLEST_SIDE = 64
"""Below this there are too few waves to draw a line through, or to compare a peak with."""

# The line is drawn through waves of 16 to 8/3 pixels, and the tail is what is finer, in cycles a pixel.
LINE_FROM, TAIL_FROM, TAIL_TO = 1 / 16, 3 / 8, 1 / 2

FLOOR = 1e-3
"""In grey levels squared. Rounding to whole levels alone leaves 0.03 and more; a plain wall must have a logarithm."""

STRONGEST = 6.0
"""An edge counts no more than this, in grey levels: or a few edges would drown the grain."""

REPEATS = (2, 4)
"""Steps of an upsampler, in pixels: they repeat every 2 or 4."""

GRID = 8

LONGEST_WAVE = 0.04


@dataclass(frozen=True, eq=False, kw_only=True)
class RadialSpectrum(MapMeasurement):
    """What `radial_power_spectrum` answers with. `map` is the power of each wave in decibels, zero in the middle.

    Attributes
    ----------
    curve : ndarray of float64, shape (N,)
        Mean power of all waves of one length, whatever their direction, in decibels above one grey level squared.
    frequency : ndarray of float64, shape (N,)
        Of each point of the curve, in cycles a pixel, 0 to 0.5.
    line : ndarray of float64, shape (N,)
        The straight line, in decibels; before its first point it stays level.
    exponent : float
        The power falls as 1 / frequency ** exponent along the line; about 2 in many photographs of nature.
    """

    curve: NDArray[np.float64]
    frequency: NDArray[np.float64]
    line: NDArray[np.float64]
    exponent: float


@dataclass(frozen=True, eq=False, kw_only=True)
class SpectrumPeaks(MapMeasurement):
    """What `spectrum_peaks` answers with. `value` is the height of the highest of `quarters`.

    `map` says how far each wave lies above those around it, in decibels, frequency zero in the middle.

    Attributes
    ----------
    quarters : tuple of Peak
        The 9 waves that repeat every 2 or 4 pixels, the highest first.
    elsewhere : Peak
        The highest of all other waves, but for those of the grid of 8 pixels and the slowest.
    grid : float
        Height of the highest wave that repeats every 8 pixels and not every 4: a codec's grid has these as well, and
        an upsampler of 2 or 4 has not. In decibels.
    """

    quarters: tuple[Peak, ...]
    elsewhere: Peak
    grid: float


def radial_power_spectrum(pixels: NDArray[np.uint8]) -> RadialSpectrum:
    """Measure how much of a picture lies in coarse waves and how much in fine ones, in all directions at once.

    On grey levels Y without rounding, with the Hann window w and the Fourier transform F::

        P(f)     = |F[w (Y - m)](f)|^2 / sum(w^2),    m = sum(w Y) / sum(w)
        curve(r) = 10 log10 of the mean of P over all f with round(|f| M) = r,    M the shorter side

    Over many octaves the curve of a photograph comes near to a straight line on logarithmic scales. The line is fitted
    to waves of 16 to 8/3 pixels, each octave with equal weight. The value says how far the finest waves, of 8/3 to 2
    pixels, lie above this line on average (below it: less than 0). Generators that enlarge small pictures step by step
    used to lift this tail or to cut it off; so does much else.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 64.

    Returns
    -------
    RadialSpectrum
        `value` in decibels; 0 for a picture without any change. `map` (H, W).

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Field, D. J. (1987). Relations between the statistics of natural images and the response properties of cortical
    cells. Journal of the Optical Society of America A 4, 2379-2394. (The line.)

    Durall, R., Keuper, M. & Keuper, J. (2020). Watch your up-convolution. Conference on Computer Vision and Pattern
    Recognition. (The curve.)

    Dzanic, T., Shah, K. & Witherden, F. (2020). Fourier spectrum discrepancies in deep network generated images.
    NeurIPS. (The tail against a fitted fall.)

    Examples
    --------
    Pure noise of 5 grey levels has the same power, 25, at all frequencies:

    >>> import numpy as np
    >>> noise = np.random.default_rng(0).normal(128, 5, (128, 128, 1)).round().astype(np.uint8).repeat(3, axis=2)
    >>> spectrum = radial_power_spectrum(noise)
    >>> bool(abs(np.median(10 ** (spectrum.curve / 10)) - 25) < 2)
    True
    >>> abs(spectrum.exponent) < 0.2 and abs(spectrum.value) < 0.5
    True
    """
    import cv2

    grey = exact_luma(require_pixels(pixels), SMALLEST_SIDE)
    height, width = grey.shape
    power = np.fft.fftshift(power_spectrum(grey), axes=0)
    down, right = frequencies(height, width)
    side = min(height, width)
    radius = np.sqrt(np.square(down, dtype=np.float32)[:, None] + np.square(right, dtype=np.float32))
    ring = (radius * np.float32(side) + np.float32(0.5)).astype(np.intp).ravel()
    # The transform of real numbers is kept by half: all columns but the outermost stand for two.
    twice = np.full(right.size, 2.0, dtype=np.float32)
    twice[0] = 1
    if width % 2 == 0:
        twice[-1] = 1
    count = np.bincount(ring, np.broadcast_to(twice, power.shape).ravel())
    total = np.bincount(ring, (power * twice).ravel())
    rings = side // 2 + 1
    frequency = np.arange(rings) / side
    curve = 10 * np.log10(total[:rings] / count[:rings] + FLOOR)
    fitted = (frequency >= LINE_FROM) & (frequency < TAIL_FROM)
    tail = (frequency >= TAIL_FROM) & (frequency <= TAIL_TO)
    octave = np.log10(np.maximum(frequency, LINE_FROM))
    # In an octave there are as many rings as the frequency is high.
    slope, start = np.polyfit(octave[fitted], curve[fitted], 1, w=frequency[fitted] ** -0.5)
    line = slope * octave + start
    return RadialSpectrum(
        value=float((curve - line)[tail].mean()),
        unit="dB",
        map=centred(cv2.log(power + np.float32(FLOOR)) * DECIBELS, width),
        confounders=(
            "Focus, motion blur and haze, which take the fine waves away.",
            "A change of size: smaller lifts the tail, larger cuts it off.",
            "A lossy codec, which drops what is fine and faint.",
            "Noise and sharpening, which lift the tail.",
            "What there is to see: a lawn has another curve than a sky.",
        ),
        curve=curve,
        frequency=frequency,
        line=line,
        exponent=float(-slope / 10),
    )


def spectrum_peaks(pixels: NDArray[np.uint8]) -> SpectrumPeaks:
    """Look for waves that repeat every 2 or 4 pixels: what an upsampler inside a generator may leave behind.

    On grey levels I without rounding::

        r = min(|I - median of 3 x 3|, 6)
        P = |F[w (r - m)]|^2              with the Hann window w, as in `radial_power_spectrum`

    The size of the residual matters and not its sign, because an upsampler makes some pixels rougher than others, in a
    rhythm, whatever the scene. The value is the height of the highest peak among the 9 waves with frequencies 0, 1/4
    and 1/2, in decibels above the median of the frequencies around it. In pure noise the highest of 9 is about 6 and
    rarely above 12; at all other waves, the highest (`elsewhere`) is about 13.

    The picture is cut to a multiple of 8 pixels, so that these waves fall on frequencies of the transform. A change of
    size moves the peaks to other places, and compression after that covers them.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 64.

    Returns
    -------
    SpectrumPeaks
        `value` in decibels; 0 for a picture without texture. `map` (H - H % 8, W - W % 8).

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Corvi, R. et al. (2023). Intriguing properties of synthetic images: from generative adversarial networks to
    diffusion models. CVPR Workshop on Media Forensics. (They average the spectra of many residuals.)

    Odena, A., Dumoulin, V. & Olah, C. (2016). Deconvolution and checkerboard artifacts. Distill. (Why upsampling leaves
    peaks.)

    Examples
    --------
    >>> import numpy as np
    >>> small = np.random.default_rng(0).integers(90, 160, (32, 32, 3), dtype=np.uint8)
    >>> found = spectrum_peaks(small.repeat(4, axis=0).repeat(4, axis=1))
    >>> found.value > 20 > found.grid
    True
    """
    import cv2

    grey = exact_luma(require_pixels(pixels), SMALLEST_SIDE)
    height, width = (n - n % GRID for n in grey.shape)
    grey = np.ascontiguousarray(grey[:height, :width])
    rough = np.minimum(cv2.absdiff(grey, cv2.medianBlur(grey, 3)), np.float32(STRONGEST))
    level = above_surroundings(power_spectrum(rough), width)
    down, right = frequencies(height, width)
    lattice = [
        Peak(float(right[column]), float(down[row]), float(level[row, column]))
        for row in range(0, height, height // GRID)
        for column in range(0, width // 2 + 1, width // GRID)
        if (row, column) != (height // 2, 0)
    ]
    quarters = [peak for peak in lattice if (4 * peak.right).is_integer() and (4 * peak.down).is_integer()]
    rest = level.copy()
    for peak in lattice:
        row, column = round((peak.down + 0.5) * height), round(peak.right * width)
        rest[np.ix_(np.arange(row - 1, row + 2) % height, _around(column, width // 2))] = 0
    rest[np.hypot(down[:, None], right) <= LONGEST_WAVE] = 0
    row, column = divmod(int(rest.argmax()), rest.shape[1])
    return SpectrumPeaks(
        value=max(peak.height for peak in quarters),
        unit="dB",
        map=centred(level, width),
        confounders=(
            "JPEG and video codecs: their grid of 8 pixels also repeats at 4 and 2. Then `grid` is high as well.",
            "The colour filter of a camera, which repeats every 2 pixels.",
            "An ordinary enlargement, 2 or 4 times, by anyone.",
            "Cloth, screens and print with a rhythm of 2 or 4 pixels.",
            "A change of size or a codec afterwards, which move the peaks or cover them.",
        ),
        quarters=tuple(sorted(_once(quarters), key=lambda peak: -peak.height)),
        elsewhere=Peak(float(right[column]), float(down[row]), float(rest[row, column])),
        grid=max(peak.height for peak in lattice if peak not in quarters),
    )


def _once(peaks: list[Peak]) -> list[Peak]:
    """At the edges of the half spectrum a wave and its mirror image are both there: keep the one with down > 0."""
    return list({frozenset({(p.right % 1, p.down % 1), (-p.right % 1, -p.down % 1)}): p for p in peaks}.values())


def _around(column: int, last: int) -> NDArray[np.intp]:
    return np.arange(max(column - 1, 0), min(column + 1, last) + 1)
