"""Grain: what is left of a picture without the scene, how even it is, and whether two pictures share one sensor's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels, require_whole
from course.forensics._wavelet import wavelet_residual
from course.forensics.measurement import MapMeasurement
from course.forensics.texture import MAD_OF_NORMAL

SMALLEST_SIDE = 16
"""Below this a block of noise, or the coarsest wavelets, would be larger than the picture."""

EXCLUDED = 5
"""So many pixels to each side of the peak do not count as its surroundings (Goljan et al. 2009: 11 x 11)."""

Filter = Literal["median", "wavelet"]


@dataclass(frozen=True, eq=False, kw_only=True)
class NoiseMap(MapMeasurement):
    """What `noise_map` answers with. `map` is the noise of each block in grey levels, `value` how far they differ.

    Attributes
    ----------
    block : int
        Side of the blocks in pixels. ``map[j, i]`` stands for the pixels from (block * i, block * j) on.
    """

    block: int


@dataclass(frozen=True, eq=False, kw_only=True)
class SensorPattern(MapMeasurement):
    """What `sensor_pattern` answers with. `map` is the pattern K, (H, W), `value` how well two halves agree.

    Attributes
    ----------
    pictures : int
        From how many pictures it was averaged.
    """

    pictures: int


@dataclass(frozen=True, eq=False, kw_only=True)
class PeakToCorrelation(MapMeasurement):
    """What `peak_to_correlation_energy` answers with. `map` is the correlation at each shift, -1 to 1.

    Attributes
    ----------
    peak : tuple of int
        The shift (right, down) in pixels with the highest correlation: where in the pattern the upper left corner of
        the residual lies best. (0, 0) for a picture that was not cropped.
    unshifted : float
        The same ratio at (0, 0), whatever the highest is. Negative if the correlation is.
    """

    peak: tuple[int, int]
    unshifted: float


def noise_residual(pixels: NDArray[np.uint8], denoiser: Filter = "median") -> MapMeasurement:
    """Take away what a filter takes for the scene, and keep the rest.

    On grey levels I without rounding::

        map = I - filter(I),    value = square root of the mean of map^2

    The filter is the median of 3 x 3 pixels: quick, and easy to think about. Or it is a Wiener filter on wavelets (4
    levels of the Daubechies wavelet with 8 taps, noise of 3 grey levels), which takes fewer edges for noise: the
    extractor for `sensor_pattern`.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 16.
    denoiser : {"median", "wavelet"}
        The filter.

    Returns
    -------
    MapMeasurement
        `map` (H, W) and `value` in grey levels.

    Raises
    ------
    ValueError
        If `pixels` or `denoiser` is anything else.

    References
    ----------
    Mahdian, B. & Saic, S. (2009). Using noise inconsistencies for blind image forensics. Image and Vision Computing
    27, 1497-1503.

    Mihcak, M. K., Kozintsev, I. & Ramchandran, K. (1999). Spatially adaptive statistical modeling of wavelet image
    coefficients and its application to denoising. ICASSP. (The Wiener filter.)

    Examples
    --------
    One bright pixel on a plain wall is all that differs from the median of its neighbours:

    >>> import numpy as np
    >>> wall = np.full((16, 16, 3), 100, dtype=np.uint8)
    >>> wall[8, 8] = 132
    >>> residual = noise_residual(wall)
    >>> residual.map[8, 8].round(2), residual.map[8, 9].round(2), round(residual.value, 2)
    (np.float32(32.0), np.float32(0.0), 2.0)
    """
    import cv2

    grey = exact_luma(require_pixels(pixels), SMALLEST_SIDE)
    if denoiser == "median":
        residual = grey - cv2.medianBlur(grey, 3)
    elif denoiser == "wavelet":
        residual = wavelet_residual(grey)
    else:
        raise InputError(f'denoiser must be "median" or "wavelet"; got {denoiser!r}.')
    return MapMeasurement(
        value=float(np.sqrt(np.square(residual).mean(dtype=np.float64))),
        unit="grey levels",
        map=residual,
        confounders=(
            "Edges and fine texture: leaves, hair, cloth and writing are left over as well.",
            "Light: a sensor is grainier in the dark, and a bright surface has more grain than a dim one.",
            "Smoothing by the camera, a beauty filter, or a lossy codec.",
            "A change of size, which averages the grain away or spreads it.",
            "Grain that was added on purpose.",
        ),
    )


def noise_map(pixels: NDArray[np.uint8], block: int = 16) -> NoiseMap:
    """Estimate the noise of each block of a picture on its own, and say how far the blocks differ.

    Each square of 2 x 2 pixels a b / c d has one finest diagonal detail, ``HH = (a - b - c + d) / 2``, on grey levels
    without rounding. In each block::

        map   = median |HH| / 0.6745
        value = Q3 - Q1      with the quartiles Q1 and Q3 of the map

    In a picture without colour HH comes in halves, and the map in steps of 0.74.

    What was pasted from elsewhere may bring another grain. So does each surface of an ordinary scene: on this map a
    lawn is "noisier" than the sky above it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= `block` and >= 16. What is left over at the right and lower edge is left out.
    block : int
        Side of the blocks in pixels: an even number of 8 or more.

    Returns
    -------
    NoiseMap
        `map` (H // block, W // block) and `value` in grey levels; 0 means the same all over.

    Raises
    ------
    ValueError
        If `pixels` or `block` is anything else.

    References
    ----------
    Mahdian, B. & Saic, S. (2009). Using noise inconsistencies for blind image forensics. Image and Vision Computing
    27, 1497-1503.

    Examples
    --------
    >>> import numpy as np
    >>> grain = np.random.default_rng(0).normal(0, 1, (64, 64, 1))
    >>> uneven = 128 + grain * np.repeat([4, 16], 32)[None, :, None]
    >>> found = noise_map(uneven.round().astype(np.uint8).repeat(3, axis=2), block=32)
    >>> np.allclose(found.map, [[4, 16], [4, 16]], rtol=0.2), 9 < found.value < 15
    (True, True)
    """
    require_whole("block", block, 8)
    if block % 2:
        raise InputError(f"block must be an even number; got {block}.")
    grey = exact_luma(require_pixels(pixels), max(block, SMALLEST_SIDE))
    rows, columns = (n // block for n in grey.shape)
    grey = grey[: rows * block, : columns * block]
    upper = grey[0::2, 0::2] - grey[0::2, 1::2]
    upper -= grey[1::2, 0::2]
    upper += grey[1::2, 1::2]
    half = block // 2
    blocks = np.abs(upper).reshape(rows, half, columns, half).swapaxes(1, 2).reshape(rows, columns, -1)
    noise = np.median(blocks, axis=2, overwrite_input=True) / np.float32(2 * MAD_OF_NORMAL)
    lower, higher = np.percentile(noise, [25, 75])
    return NoiseMap(
        value=float(higher - lower),
        unit="grey levels",
        map=noise,
        confounders=(
            "Texture: grass, gravel, hair and cloth count as noise.",
            "Light: bright surfaces have more grain than dim ones, and pure white has none.",
            "Focus: what is out of focus has the grain of the sensor and nothing else.",
            "A lossy codec, which wipes the grain off plain surfaces and keeps it next to edges.",
            "Blocks on a plain dark or burnt-out surface, where there is no grain to compare.",
        ),
        block=block,
    )


def sensor_pattern(pictures: NDArray[np.uint8] | Iterable[NDArray[np.uint8]]) -> SensorPattern:
    """Average many pictures of one camera until only what the sensor does to each of them is left.

    No two pixels of a sensor are equally sensitive. With I the grey levels of a picture and W its residual,
    ``noise_residual(pixels, "wavelet")``::

        K = sum of W I / sum of I^2              over the pictures, for each pixel

    then the mean of each column and each row is taken away, because the electronics of all cameras of a make draw the
    same lines. The value is the correlation between the K of every second picture and the K of the others: near 0, and
    these pictures have no pattern in common, or there are too few of them. Plain, bright, not burnt-out pictures teach
    the most; 20 and more are usual. A scene that stands still in all of them passes for a pattern.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (T, H, W, 3), or iterable of ndarray of uint8, shape (H, W, 3)
        T >= 2 RGB pictures of one size, H, W >= 16, straight from one camera: not turned, cropped or resized.
        An iterable need not hold them all at once.

    Returns
    -------
    SensorPattern
        `map` is K, (H, W): 0.01 means one per cent more sensitive. `value` is -1 to 1.

    Raises
    ------
    ValueError
        If `pictures` is anything else.

    References
    ----------
    Lukas, J., Fridrich, J. & Goljan, M. (2006). Digital camera identification from sensor pattern noise. IEEE
    Transactions on Information Forensics and Security 1, 205-214.

    Chen, M., Fridrich, J., Goljan, M. & Lukas, J. (2008). Determining image origin and integrity using sensor noise.
    IEEE Transactions on Information Forensics and Security 3, 74-90.

    Examples
    --------
    Eight plain grey pictures, each grainy, all from a sensor with a pattern of one per cent:

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> sensor = 1 + rng.normal(0, 0.01, (64, 64, 1))
    >>> pictures = (150 * sensor + rng.normal(0, 1, (8, 64, 64, 1))).round().astype(np.uint8).repeat(3, axis=3)
    >>> found = sensor_pattern(pictures)
    >>> bool(found.value > 0.7 and np.corrcoef(found.map.ravel(), sensor.ravel())[0, 1] > 0.8)
    True
    """
    # [0] holds every second picture, [1] the others: two halves that may agree or not.
    above: list[Any] = [0.0, 0.0]
    below: list[Any] = [0.0, 0.0]
    count, shape = 0, None
    for picture in _each(pictures):
        grey = exact_luma(require_pixels(picture), SMALLEST_SIDE)
        shape = shape or grey.shape
        if grey.shape != shape:
            raise InputError(f"pictures must be of one size; got {shape} and then {grey.shape} (H, W).")
        above[count % 2] += wavelet_residual(grey) * grey
        below[count % 2] += np.square(grey)
        count += 1
    if count < 2:
        raise InputError(f"pictures must hold at least 2 pictures; got {count}.")
    first, second = (_without_lines(_quotient(a, b)) for a, b in zip(above, below, strict=True))
    pattern = _without_lines(_quotient(above[0] + above[1], below[0] + below[1]))
    return SensorPattern(
        value=_correlation(first, second),
        unit="correlation",
        map=pattern,
        confounders=(
            "How many pictures there are, and how bright and plain they are.",
            "Anything that stands still in all of them: a date, a logo, a speck on the lens, the scene itself.",
            "The 8 x 8 grid of JPEG, and whatever else one make of camera does to all its pictures.",
            "A change of size, a turn, a crop or a stabilised video: the pattern no longer lies on itself.",
            "Strong compression, which wipes it out.",
        ),
        pictures=count,
    )


def peak_to_correlation_energy(residual: NDArray[np.floating], pattern: NDArray[np.floating]) -> PeakToCorrelation:
    """Ask whether a pattern lies in a residual, at whatever shift: how far does the highest correlation stand out?

    Both lose their mean lines first. With C(s) the circular correlation of the pattern with the residual moved by s,
    and N the 11 x 11 shifts around the highest::

        value = C(peak)^2 / mean of C(s)^2 over all s outside N

    and the sign of C(peak). A larger pattern may be searched for a smaller, cropped residual.

    There is no threshold here. By chance alone the highest of n normal numbers, squared, is about
    2 ln n - ln(4 pi ln n): 22 for a picture of 1280 x 720 whose shift is unknown, 15 for a corner of it, and 1 where
    the shift is known (`unshifted`). The 60 one often reads about is for the extractor, the cameras and the sizes of
    Goljan et al.; another filter, a shared JPEG grid or a shared scene moves the whole distribution. So measure many
    pictures of other cameras in the same way, and see how high those get (`place`).

    Parameters
    ----------
    residual : ndarray of float, shape (h, w)
        ``noise_residual(pixels, "wavelet").map`` of the picture in question, with h, w >= 16.
    pattern : ndarray of float, shape (H, W)
        ``sensor_pattern(pictures).map``, with H >= h, W >= w. Multiplied by the grey levels of the picture, where the
        sizes are the same, it fits a little better.

    Returns
    -------
    PeakToCorrelation
        `value` is a plain ratio; 0 if one of the two is flat. `map` is (H, W): ``map[down, right]`` is the correlation
        at this shift.

    Raises
    ------
    ValueError
        If `residual` or `pattern` is anything else, or holds NaN.

    References
    ----------
    Goljan, M., Fridrich, J. & Filler, T. (2009). Large scale test of sensor fingerprint camera identification. SPIE
    Media Forensics and Security.

    Examples
    --------
    A pattern under grain three times as strong, seen from column 7 and row 4 on:

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> pattern = rng.normal(size=(128, 128))
    >>> mine = pattern[4:100, 7:107] + 3 * rng.normal(size=(96, 100))
    >>> found = peak_to_correlation_energy(mine, pattern)
    >>> found.peak, found.value > 300
    ((7, 4), True)
    >>> peak_to_correlation_energy(3 * rng.normal(size=(96, 100)), pattern).value < 40
    True
    """
    import scipy.fft

    residual, pattern = _require_map("residual", residual), _require_map("pattern", pattern)
    if residual.shape[0] > pattern.shape[0] or residual.shape[1] > pattern.shape[1]:
        raise InputError(f"residual must not be larger than pattern; got {residual.shape} and {pattern.shape}.")
    height, width = pattern.shape
    mine, known = _without_lines(residual), _without_lines(pattern)
    energy = float(np.sqrt(np.square(mine).sum(dtype=np.float64) * np.square(known).sum(dtype=np.float64)))
    if energy > 0:
        waves = scipy.fft.rfft2(known)
        waves *= np.conj(scipy.fft.rfft2(mine, s=pattern.shape))
        correlation = scipy.fft.irfft2(waves, s=pattern.shape, overwrite_x=True)
        correlation /= np.float32(energy)
    else:
        correlation = np.zeros(pattern.shape, dtype=np.float32)
    down, right = divmod(int(correlation.argmax()), width)
    total = np.square(correlation).sum(dtype=np.float64)

    def ratio(y: int, x: int) -> float:
        """At this shift; the excluded neighbours lie around the peak or, for another shift, around that."""
        rows = np.arange(y - EXCLUDED, y + EXCLUDED + 1) % height
        columns = np.arange(x - EXCLUDED, x + EXCLUDED + 1) % width
        near = np.square(correlation[np.ix_(rows, columns)]).sum(dtype=np.float64)
        floor = (total - near) / (correlation.size - rows.size * columns.size)
        top = float(correlation[y, x])
        return float(top * abs(top) / floor) if floor > 0 else 0.0

    return PeakToCorrelation(
        value=ratio(down, right),
        unit="ratio",
        map=correlation,
        confounders=(
            "How many pixels are searched: the highest of a million chances is high.",
            "Which filter took the residual out, and how good the pattern is.",
            "What two cameras of one make share: their lines, their JPEG grid, their lens correction.",
            "A scene, a logo or a date that is both in the picture and in the pattern.",
            "A change of size, a turn, a stabilised video or strong compression, which hide a pattern that is there.",
        ),
        peak=(right, down),
        unshifted=ratio(0, 0),
    )


def _each(pictures: Any) -> Iterable[Any]:
    if isinstance(pictures, np.ndarray) and pictures.ndim != 4:
        raise InputError(
            f"pictures must be uint8 RGB of shape (T, H, W, 3); got {pictures.dtype} of shape {pictures.shape}."
        )
    if not isinstance(pictures, Iterable):
        raise InputError(f"pictures must be arrays of shape (H, W, 3); got {type(pictures).__name__}.")
    return pictures


def _quotient(above: NDArray[np.float32], below: NDArray[np.float32]) -> NDArray[np.float32]:
    """A pixel that was black in all pictures says nothing; elsewhere the sum of squares is 1e-2 and more."""
    return above / np.maximum(below, np.float32(1e-3))


def _without_lines(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    level = picture - picture.mean(axis=0, keepdims=True)
    level -= level.mean(axis=1, keepdims=True)
    return level


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    energy = np.sqrt(np.square(one).sum(dtype=np.float64) * np.square(other).sum(dtype=np.float64))
    return float(np.multiply(one, other).sum(dtype=np.float64) / energy) if energy > 0 else 0.0


def _require_map(name: str, value: Any) -> NDArray[np.float32]:
    if (
        not isinstance(value, np.ndarray)
        or not np.issubdtype(value.dtype, np.floating)
        or value.ndim != 2
        or min(value.shape) < SMALLEST_SIDE
    ):
        came = f"{value.dtype} of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise InputError(f"{name} must be a float array of shape (H, W) with H, W >= {SMALLEST_SIDE}; got {came}.")
    if not np.isfinite(value).all():
        raise InputError(f"{name} must be finite; got NaN or infinity in it.")
    return value.astype(np.float32)
