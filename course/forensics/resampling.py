"""Traces of a change of size: pixels that their neighbours foretell too well, in a rhythm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels, require_positive
from course.forensics._periodogram import Peak, above_surroundings, centred, frequencies, power_spectrum
from course.forensics.measurement import MapMeasurement

SMALLEST_SIDE = 64
"""Below this the waves of a codec's grid leave too few others to look at."""

# How a pixel is foretold: the weights that suit a picture enlarged by linear interpolation (Kirchner 2008).
NEIGHBOURS = np.array([[-0.25, 0.5, -0.25], [0.5, 0.0, 0.5], [-0.25, 0.5, -0.25]], dtype=np.float32)

LEAST_SIGMA, MOST_SIGMA = 0.1, 100.0
"""Outside of these the map is all 0 or all 1."""

GRID = 8
"""JPEG and most video codecs work in steps of 8 pixels."""

SPREAD = 2.5
"""So many frequencies to each side of a multiple of 1/8 belong to it, because the window blurs them."""

LONGEST_WAVE = 0.04
"""Below this frequency, in cycles a pixel, the map follows the scene."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ResamplingResult(MapMeasurement):
    """What `resampling_map` answers with. `map` is p, from 0 to 1, `value` the height of the strongest peak.

    Attributes
    ----------
    peak : Peak
        The strongest: its frequency (right, down) in cycles a pixel, and its height in decibels.
    spectrum : ndarray of float32, shape (H, W)
        How far each wave of `map` lies above its surroundings, in decibels, frequency zero in the middle. What is left
        out, the slowest waves and the grid of 8 pixels, is 0.
    """

    peak: Peak
    spectrum: NDArray[np.float32]


def resampling_map(pixels: NDArray[np.uint8], sigma: float = 2.0) -> ResamplingResult:
    """Look for the rhythm that a change of size leaves behind.

    An enlarged picture holds pixels that were made from their neighbours, at regular distances. On grey levels I
    without rounding, with fixed weights K, ::

                1/4 | -1  2 -1 |
        K =         |  2  0  2 |         p = exp(-|I - K * I| / sigma)
                    | -1  2 -1 |

    p is near 1 where a pixel is foretold by its neighbours. The value is the height of the strongest peak in the
    spectrum of p, above the median of the frequencies around it. Enlarged s times, a picture has a peak at the
    frequency 1/s, or as far from the nearest whole number: 1.2 times gives 1/1.2 - 1 = -0.17 cycles a pixel.

    JPEG and video codecs have a rhythm of 8 pixels of their own. Peaks at multiples of 1/8 in both directions, and
    slower ones than 0.04, are left out; with them go enlargements of 2, 4 and 4/3 (see `spectrum_peaks`) and of
    less than 1.04. In pure noise the highest of n frequencies lies about 10 log10(ln n / ln 2) decibels up, 13 for a
    picture of 1280 x 720.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 64.
    sigma : float
        How far off a pixel may be, in grey levels, to count as foretold: 0.1 to 100. After a lossy codec a larger one
        helps.

    Returns
    -------
    ResamplingResult
        `value` in decibels; 0 for a picture without texture.

    Raises
    ------
    ValueError
        If `pixels` or `sigma` is anything else.

    References
    ----------
    Popescu, A. C. & Farid, H. (2005). Exposing digital forgeries by detecting traces of resampling. IEEE Transactions
    on Signal Processing 53, 758-767.

    Gallagher, A. C. (2005). Detection of linear and cubic interpolation in JPEG compressed images. Canadian
    Conference on Computer and Robot Vision.

    Kirchner, M. (2008). Fast and reliable resampling detection by spectral analysis of fixed linear predictor residue.
    ACM Multimedia and Security. (The weights.)

    Examples
    --------
    >>> import cv2
    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(100, 140, (160, 160, 3), dtype=np.uint8)
    >>> larger = cv2.resize(picture, (192, 192), interpolation=cv2.INTER_LINEAR)
    >>> resampling_map(picture).value < 15 < 25 < resampling_map(larger).value
    True
    >>> round(float(max(np.abs(resampling_map(larger).peak[:2]))), 2)
    0.17
    """
    import cv2

    if not LEAST_SIGMA <= require_positive("sigma", sigma) <= MOST_SIGMA:
        raise InputError(f"sigma must be a number from {LEAST_SIGMA} to {MOST_SIGMA}; got {sigma!r}.")
    grey = exact_luma(require_pixels(pixels), SMALLEST_SIDE)
    error = grey - cv2.filter2D(grey, cv2.CV_32F, NEIGHBOURS)
    foretold = cv2.exp(np.abs(error) * (-1 / sigma))
    spectrum = above_surroundings(power_spectrum(foretold), grey.shape[1])
    _leave_out(spectrum, *grey.shape)
    down, right = frequencies(*grey.shape)
    row, column = divmod(int(spectrum.argmax()), spectrum.shape[1])
    peak = Peak(float(right[column]), float(down[row]), float(spectrum[row, column]))
    return ResamplingResult(
        value=peak.height,
        unit="dB",
        map=foretold,
        confounders=(
            "The grid of a codec, if the picture was cropped to another size or resized after it: then it is that grid "
            "which is found.",
            "Fences, tiles, cloth and rows of windows, which have a rhythm of their own.",
            "The colour filter of a camera, which makes two of three pixels from their neighbours.",
            "An enlargement by a camera's digital zoom, or by a web page that adapts its pictures: nothing unusual.",
            "Compression, noise or sharpening afterwards, which hide it; making smaller leaves next to nothing.",
        ),
        peak=peak,
        spectrum=centred(spectrum, grey.shape[1]),
    )


def _leave_out(spectrum: NDArray[np.float32], height: int, width: int) -> None:
    """Put the slowest waves and those of the grid of a codec down to 0."""
    down, right = frequencies(height, width)
    rows, columns = (
        np.flatnonzero(np.abs(f * GRID - np.round(f * GRID)) <= GRID * SPREAD / n)
        for f, n in ((down, height), (right, width))
    )
    spectrum[np.ix_(rows, columns)] = 0
    rows, columns = np.flatnonzero(np.abs(down) <= LONGEST_WAVE), np.flatnonzero(right <= LONGEST_WAVE)
    slow = spectrum[rows[0] : rows[-1] + 1, : columns[-1] + 1]
    slow[np.hypot(down[rows][:, None], right[columns]) <= LONGEST_WAVE] = 0
