"""What a wavelet filter takes for noise: the residual from which a sensor's pattern is averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The Daubechies wavelet with 8 taps (Daubechies 1988, table 1), to rebuild; high from low by alternating signs.
LOW = np.array(
    (
        0.2303778133088964,
        0.7148465705529154,
        0.6308807679298587,
        -0.0279837694168599,
        -0.1870348117190931,
        0.0308413818355607,
        0.0328830116668852,
        -0.0105974017850690,
    ),
    dtype=np.float32,
)
HIGH = LOW[::-1] * np.array([1, -1] * 4, dtype=np.float32)

LEVELS = 4
SIGMA = 3.0
"""Standard deviation of the noise that is looked for, in grey levels."""

WINDOWS = (3, 5, 7, 9)


def wavelet_residual(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take out of a picture what a Wiener filter on wavelets takes for noise.

    In each band c of a Daubechies transform of 8 taps and 4 levels, with s = 3 grey levels::

        v     = min over k = 3, 5, 7, 9 of the mean of c^2 over k x k
        noise = c s^2 / max(v, s^2)

    and the noise is transformed back; the coarsest picture counts as no noise at all.

    Parameters
    ----------
    picture : ndarray of float32, shape (H, W)
        Grey levels, with H, W >= 2.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Grey levels.

    References
    ----------
    Mihcak, M. K., Kozintsev, I. & Ramchandran, K. (1999). Spatially adaptive statistical modeling of wavelet image
    coefficients and its application to denoising. ICASSP.
    """
    return _residual(np.ascontiguousarray(picture), LEVELS)


def _residual(picture: NDArray[np.float32], levels: int) -> NDArray[np.float32]:
    height, width = picture.shape
    low, high = _split(picture, 1)
    coarse, flat = _split(low, 0)
    steep, crossed = _split(high, 0)
    coarse = _residual(coarse, levels - 1) if levels > 1 else np.zeros_like(coarse)
    return _join(
        _join(coarse, _noise(flat), 0, height),
        _join(_noise(steep), _noise(crossed), 0, height),
        1,
        width,
    )


def _noise(band: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    variance = cv2.sqrBoxFilter(band, cv2.CV_32F, (WINDOWS[0], WINDOWS[0]))
    for side in WINDOWS[1:]:
        np.minimum(variance, cv2.sqrBoxFilter(band, cv2.CV_32F, (side, side)), out=variance)
    np.maximum(variance, SIGMA**2, out=variance)
    return band * (SIGMA**2 / variance)


def _split(picture: NDArray[np.float32], axis: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Low and high half-bands along one axis, (n + 7) // 2 long; the picture is mirrored at its ends."""
    import cv2

    length = 2 * ((picture.shape[axis] + LOW.size - 1) // 2)
    ends = LOW.size - 1
    if axis == 0:
        wide = cv2.copyMakeBorder(picture, ends, ends, 0, 0, cv2.BORDER_REFLECT)
        return tuple(_correlate(wide, taps[:, None])[1 : 1 + length : 2] for taps in (LOW, HIGH))
    wide = cv2.copyMakeBorder(picture, 0, 0, ends, ends, cv2.BORDER_REFLECT)
    return tuple(np.ascontiguousarray(_correlate(wide, taps[None])[:, 1 : 1 + length : 2]) for taps in (LOW, HIGH))


def _join(low: NDArray[np.float32], high: NDArray[np.float32], axis: int, length: int) -> NDArray[np.float32]:
    """Undo `_split`: even places come from the odd taps and odd places from the even ones."""
    shape = (length, low.shape[1]) if axis == 0 else (low.shape[0], length)
    out = np.empty(shape, dtype=np.float32)
    for place in (0, 1):
        low_taps, high_taps = (taps[::-1][1 - place :: 2] for taps in (LOW, HIGH))
        if axis == 0:
            half = _correlate(low, low_taps[:, None]) + _correlate(high, high_taps[:, None])
            out[place::2] = half[: (length + 1 - place) // 2]
        else:
            half = _correlate(low, low_taps[None]) + _correlate(high, high_taps[None])
            out[:, place::2] = half[:, : (length + 1 - place) // 2]
    return out


def _correlate(picture: NDArray[np.float32], taps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum of taps[i] * picture[n + i]: with the anchor at the first tap."""
    import cv2

    return cv2.filter2D(picture, cv2.CV_32F, np.ascontiguousarray(taps), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
