"""What a lens and a sensor do to the colours: fringes that grow towards the corners, and a lattice of made-up green."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._input import require_pixels, require_whole
from course.forensics.measurement import MapMeasurement

BLOCK = 64
"""Side of the blocks whose colours are laid upon each other, in pixels."""

SMALLEST_SIDE = 4 * BLOCK
"""With fewer blocks a lens could not be told from chance."""

FASTEST = 0.2
"""Highest frequency used, in cycles a pixel: up to 2.5 pixels of shift, no wave is taken for the next one."""

COARSE = 7
"""The mean of so many pixels a side is taken away first: the window would hold what is coarser in its place."""

LEAST_TEXTURE = 0.5
"""A block needs a standard deviation of so many grey levels in both colours, at the frequencies used."""

FEWEST_BLOCKS = 8

ROUNDS = 10
"""Rounds of the robust fit; the weights settle within five."""

ROUNDING = 0.1
"""Variance that rounding to whole levels leaves in a foretold green pixel: 1/12 of its own, 1/48 of its neighbours'."""


class Expansion(NamedTuple):
    """How one colour is laid over green.

    Green at x is this colour at ``x + scale * (x - centre)``. `scale` is a plain number, 0.001 for one pixel in a
    thousand; `centre` is (x, y) in pixels, where they meet; `corner` is the shift in the corner of the picture, counted
    from its middle, in pixels; `residual` is the mean distance between the measured shifts and the fitted ones, in
    pixels, over the blocks that count; `blocks` is how many of these there are.
    """

    scale: float
    centre: tuple[float, float]
    corner: float
    residual: float
    blocks: int


@dataclass(frozen=True, eq=False, kw_only=True)
class ChromaticAberration(MapMeasurement):
    """What `chromatic_aberration` answers with. `value` is the larger shift in the corner, in pixels.

    `map` is the distance between measured and fitted shift of each block of 64 x 64 pixels, the larger of red and blue,
    in pixels; 0 where there is too little texture.

    Attributes
    ----------
    red, blue : Expansion
        The fit for each colour.
    red_shift, blue_shift : ndarray of float32, shape (h, w, 2)
        Measured shift (right, down) of each block in pixels; 0 where there is too little texture.
    """

    red: Expansion
    blue: Expansion
    red_shift: NDArray[np.float32]
    blue_shift: NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class FilterArrayResult(MapMeasurement):
    """What `colour_filter_array` answers with. `map` is one number for each block, in decibels.

    Positive: the green of pixels with an even x + y is the rougher, as if it had been measured and the other made up.

    Attributes
    ----------
    lattice : int
        0 if the pixels with an even x + y are the rougher over all, 1 if those with an odd one are.
    block : int
        Side of the blocks in pixels.
    """

    lattice: int
    block: int


def chromatic_aberration(pixels: NDArray[np.uint8]) -> ChromaticAberration:
    """Measure how red and blue are stretched against green, as a simple lens does.

    Glass bends blue more than red, so that the picture in one colour is a little larger than in another. Each block of
    64 x 64 pixels is laid upon its green by phase correlation: with the Fourier transforms R and G of the two, less
    their mean over 7 x 7 pixels and under a Hann window, the phase of R G* is a plane, and its slope the shift d. The
    slope is fitted over frequencies up to 0.2 cycles a pixel, each weighted by ``|R G*|``. Then all blocks together are
    fitted, robustly (Tukey's weights), by ::

        d(x) = a (x - c)         a the scale, c the centre
        value = largest |a| of red and blue * half the diagonal

    A piece from elsewhere in the frame would point another way; see `map`. Cameras correct much of this on their own, a
    crop moves the centre, and making a picture smaller divides the shifts. Take it for physics, not for proof.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 256.

    Returns
    -------
    ChromaticAberration
        `value` in pixels. 0, with a scale of 0 about the middle, if fewer than 8 blocks have texture enough.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Johnson, M. K. & Farid, H. (2006). Exposing digital forgeries through chromatic aberration. ACM Multimedia and
    Security.

    Stone, H. S. et al. (2001). A fast direct Fourier-based algorithm for subpixel registration of images. IEEE
    Transactions on Geoscience and Remote Sensing 39, 2235-2243. (The plane of phases.)

    Examples
    --------
    A picture whose red is 4 pixels in a thousand larger than its green, and whose blue is not:

    >>> import cv2
    >>> import numpy as np
    >>> rough = np.random.default_rng(0).uniform(40, 216, (64, 96)).astype(np.float32)
    >>> grey = cv2.resize(rough, (768, 512), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    >>> about_the_middle = cv2.getRotationMatrix2D((383.5, 255.5), 0, 1.004)
    >>> red = cv2.warpAffine(grey, about_the_middle, (768, 512), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    >>> found = chromatic_aberration(np.dstack([red, grey, grey]).round().astype(np.uint8))
    >>> abs(found.red.scale - 0.004) < 0.0003 and abs(found.blue.scale) < 0.0003
    True
    """
    require_pixels(pixels)
    height, width = pixels.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        raise InputError(f"pixels must have H, W >= {SMALLEST_SIDE}; got shape {pixels.shape}.")
    # The middle of the picture, where there are not whole blocks enough to reach its edges.
    rows, columns = height // BLOCK, width // BLOCK
    top, left = (height - rows * BLOCK) // 2, (width - columns * BLOCK) // 2
    cut = pixels[top : top + rows * BLOCK, left : left + columns * BLOCK]
    x = np.broadcast_to(left + (np.arange(columns) + 0.5) * BLOCK - 0.5, (rows, columns))
    y = np.broadcast_to((top + (np.arange(rows) + 0.5) * BLOCK - 0.5)[:, None], (rows, columns))
    waves, right, down = _block_waves(cut, rows, columns)
    diagonal = float(np.hypot(height, width)) / 2
    middle = ((width - 1) / 2, (height - 1) / 2)
    found = []
    for channel in (0, 2):
        shift, trust = _shifts(waves[channel], waves[1], right, down)
        found.append((*_fit(shift, trust, x, y, middle, diagonal), shift))
    (red, red_map, red_shift), (blue, blue_map, blue_shift) = found
    return ChromaticAberration(
        value=max(abs(red.corner), abs(blue.corner)),
        unit="px",
        map=np.maximum(red_map, blue_map),
        confounders=(
            "The lens, its zoom and its focus; dear lenses show little.",
            "The camera's own correction, which takes most of it away before the file is written.",
            "A crop, which moves the centre, and a smaller size, which divides the shifts.",
            "A codec that stores colour coarsely, and a thing whose colours really end at different places.",
            "How much texture there is towards the corners.",
        ),
        red=red,
        blue=blue,
        red_shift=red_shift,
        blue_shift=blue_shift,
    )


def colour_filter_array(pixels: NDArray[np.uint8], block: int = 32) -> FilterArrayResult:
    """Look for the lattice that a sensor with one colour a pixel leaves in the green.

    Most sensors measure green at every second pixel, like the white fields of a chessboard, and the camera makes up the
    rest from their neighbours. What is made up is smoother. With the green G and the residual ::

        r(x, y) = G(x, y) - (G(x-1, y) + G(x+1, y) + G(x, y-1) + G(x, y+1)) / 4
        map     = 10 log10 (mean of r^2 over even x + y + 0.1) / (mean of r^2 over odd x + y + 0.1)    in each block
        value   = |mean of the map|

    The 0.1 is what rounding to whole levels leaves. Without a lattice the value is near 0, and so it is after any
    change of size, and in a video. JPEG wears it down: 5 decibels may be 3 at quality 90 and less than 1 at 75.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= `block` + 2.
    block : int
        Side of the blocks in pixels: an even number of 8 or more.

    Returns
    -------
    FilterArrayResult
        `value` in decibels; `map` ((H - 2) // block, (W - 2) // block): a border of one pixel has not all neighbours.

    Raises
    ------
    ValueError
        If `pixels` or `block` is anything else.

    References
    ----------
    Popescu, A. C. & Farid, H. (2005). Exposing digital forgeries in color filter array interpolated images. IEEE
    Transactions on Signal Processing 53, 3948-3959.

    Gallagher, A. C. & Chen, T. (2008). Image authentication by detecting traces of demosaicing. CVPR Workshops.
    (Variances along the lattice.)

    Examples
    --------
    Grain, and the same with every second green pixel made up from its neighbours:

    >>> import numpy as np
    >>> grain = np.random.default_rng(0).integers(100, 140, (130, 130, 3), dtype=np.uint8)
    >>> made = grain.copy()
    >>> green = made[..., 1].astype(int)
    >>> means = (green[:-2, 1:-1] + green[2:, 1:-1] + green[1:-1, :-2] + green[1:-1, 2:]) / 4
    >>> odd = np.indices((128, 128)).sum(axis=0) % 2 == 1
    >>> made[1:-1, 1:-1, 1][odd] = means.round()[odd]
    >>> round(colour_filter_array(grain).value), colour_filter_array(made).value > 20, colour_filter_array(made).lattice
    (0, True, 0)
    """
    import cv2

    require_whole("block", block, 8)
    if block % 2:
        raise InputError(f"block must be an even number; got {block}.")
    require_pixels(pixels)
    rows, columns = ((n - 2) // block for n in pixels.shape[:2])
    if min(rows, columns) < 1:
        raise InputError(f"pixels must have H, W >= {block + 2} for blocks of {block}; got shape {pixels.shape}.")
    cross = np.array([[0, -0.25, 0], [-0.25, 1, -0.25], [0, -0.25, 0]], dtype=np.float32)
    residual = cv2.filter2D(cv2.extractChannel(pixels, 1), cv2.CV_32F, cross)
    energy = np.square(residual[1 : 1 + rows * block, 1 : 1 + columns * block])
    # One pixel in from the corner, both lattices begin where they would in the corner: (1, 1) is even.
    quarters = energy.reshape(rows, block // 2, 2, columns, block // 2, 2).mean(axis=(1, 4))
    even = (quarters[:, 0, :, 0] + quarters[:, 1, :, 1]) / 2
    odd = (quarters[:, 0, :, 1] + quarters[:, 1, :, 0]) / 2
    ratio = 10 * np.log10((even + np.float32(ROUNDING)) / (odd + np.float32(ROUNDING)))
    mean = float(ratio.mean(dtype=np.float64))
    return FilterArrayResult(
        value=abs(mean),
        unit="dB",
        map=ratio,
        confounders=(
            "Any change of size, a turn, or a correction of the lens: most pictures on the web have been through one.",
            "JPEG, the coarser the more, and every video codec.",
            "The camera's own method: a good one leaves little, and some sensors have another lattice or none.",
            "Sharpening, noise reduction and beauty filters.",
            "Plain or burnt-out surfaces, where both lattices are smooth.",
        ),
        lattice=int(mean < 0),
        block=block,
    )


def _block_waves(
    pixels: NDArray[np.uint8], rows: int, columns: int
) -> tuple[NDArray[np.complex64], NDArray[np.float32], NDArray[np.float32]]:
    """Slow waves of each block in each colour, (3, rows, columns, N), and their N frequencies right and down."""
    import cv2
    import scipy.fft

    slow = int(FASTEST * BLOCK)
    window = np.hanning(BLOCK).astype(np.float32)
    right, down = np.meshgrid(np.arange(slow + 1) / BLOCK, np.fft.fftfreq(BLOCK))
    # Zero is left out, and of the waves that stand straight up, which have their mirror image with them, one half.
    used = ((right > 0) | (down > 0)) & (np.hypot(right, down) <= FASTEST)
    waves = []
    for plane in cv2.split(pixels):
        coarse = cv2.boxFilter(plane, cv2.CV_32F, (COARSE, COARSE))
        fine = cv2.subtract(plane, coarse, dtype=cv2.CV_32F)
        lines = fine.reshape(rows, BLOCK, columns, BLOCK)
        lines *= window[:, None, None] * window
        # Few waves are wanted, so most are dropped after the first of the two directions.
        half = np.ascontiguousarray(scipy.fft.rfft(lines, axis=3)[..., : slow + 1])
        waves.append(scipy.fft.fft(half, axis=1, overwrite_x=True).swapaxes(1, 2)[..., used])
    return (
        np.stack(waves) / np.float32(np.square(window).sum()),
        right[used].astype(np.float32),
        down[used].astype(np.float32),
    )


def _shifts(
    moved: NDArray[np.complex64], green: NDArray[np.complex64], right: NDArray[np.float32], down: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Shift of each block against its green, (h, w, 2), and how far to trust it: 1 / variance, 0 for no texture."""
    product = moved * np.conj(green)
    weight = np.abs(product).astype(np.float64)
    phase = np.angle(product) / (-2 * np.pi)
    rr, rd, dd = (weight @ (a * b) for a, b in ((right, right), (right, down), (down, down)))
    wanted = weight * phase
    pr, pd = wanted @ right, wanted @ down
    determinant = rr * dd - rd**2
    variance = [2 * np.square(np.abs(w)).sum(axis=-1) for w in (moved, green)]
    # Along a single straight edge the shift is unknown: the determinant is next to nothing beside the trace.
    used = (np.minimum(*variance) >= LEAST_TEXTURE**2) & (determinant > 0.01 * (rr + dd) ** 2)
    safe = np.where(used, determinant, 1)
    shift = np.stack([(dd * pr - rd * pd) / safe, (rr * pd - rd * pr) / safe], axis=-1) * used[..., None]
    error = phase - (shift[..., :1] * right + shift[..., 1:] * down)
    spread = (weight * error**2).sum(axis=-1) / np.maximum(weight.sum(axis=-1), 1e-12)
    # Of the two half-axes of the error ellipse, the mean square; a hundredth of a pixel is the best one can hope for.
    trust = used / (spread * (rr + dd) / (2 * safe) * weight.mean(axis=-1) + 1e-4)
    return shift.astype(np.float32), trust


def _fit(
    shift: NDArray[np.float32],
    trust: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    middle: tuple[float, float],
    diagonal: float,
) -> tuple[Expansion, NDArray[np.float32]]:
    """Fit ``d = a (x - c)``, which is linear in a and a c, and weigh down again and again what lies far off."""
    used = trust > 0
    count = int(np.count_nonzero(used))
    if count < FEWEST_BLOCKS:
        return Expansion(0.0, middle, 0.0, 0.0, count), np.zeros(trust.shape, dtype=np.float32)
    # From the middle and in half diagonals: then a is the shift in the corner, and all numbers are of one size.
    across, along = (x[used] - middle[0]) / diagonal, (y[used] - middle[1]) / diagonal
    right, down = shift[used].astype(np.float64).T
    base = trust[used] / trust[used].max()
    zero, one = np.zeros(count), np.ones(count)
    design = np.concatenate([np.stack([across, one, zero], axis=1), np.stack([along, zero, one], axis=1)])
    target = np.concatenate([right, down])
    weight = base
    for _ in range(ROUNDS):
        root = np.sqrt(np.tile(weight, 2))
        corner, at_middle_right, at_middle_down = np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0]
        away = np.hypot(right - corner * across - at_middle_right, down - corner * along - at_middle_down)
        # Tukey's biweight with 4.685 times the spread, judged from the median; never below a hundredth of a pixel.
        width = 4.685 * max(float(np.median(away)) / 1.1774, 0.01)
        weight = base * np.square(np.maximum(1 - np.square(away / width), 0))
    distance = np.zeros(trust.shape, dtype=np.float32)
    distance[used] = away
    scale = corner / diagonal
    # Where nothing is stretched, no point is the centre: then the middle stands in.
    offset = (0.0, 0.0) if abs(corner) < 1e-3 else (at_middle_right / scale, at_middle_down / scale)
    centre = (float(middle[0] - offset[0]), float(middle[1] - offset[1]))
    residual = float(np.average(away, weights=weight)) if weight.any() else float(away.mean())
    return Expansion(float(scale), centre, float(corner), residual, count), distance
