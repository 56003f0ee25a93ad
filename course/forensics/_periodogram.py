"""The power of the waves in a picture, and how far single waves stand above their surroundings."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DECIBELS = 10 / log(10)
"""From natural logarithms of a power."""

REACH = 2 + 5
"""So far to each side lie the frequencies that the surroundings of one are taken from: 5 x 5, then 11 x 11."""


class Peak(NamedTuple):
    """A wave that stands out.

    `right` and `down` are its frequency in cycles a pixel, from -0.5 to 0.5: 0.25 repeats every 4 pixels. `height` is
    its power above that of its surroundings, in decibels.
    """

    right: float
    down: float
    height: float


def power_spectrum(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share out the variance of a picture among its waves.

    With the Hann window w and the Fourier transform F::

        P(f) = |F[w (Y - m)](f)|^2 / sum(w^2),    m = sum(w Y) / sum(w)

    so that white noise of variance v has a mean P of v at each frequency. The window keeps the jump between opposite
    edges from counting as detail; taking away the mean under the window keeps brightness out.

    Parameters
    ----------
    picture : ndarray of float32, shape (H, W)
        With H, W >= 3: a shorter Hann window is all zeros.

    Returns
    -------
    ndarray of float32, shape (H, W // 2 + 1)
        In the order of `numpy.fft.rfft2`.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(0, 3, (64, 64)).astype(np.float32)
    >>> bool(8 < power_spectrum(noise).mean() < 10)
    True
    """
    # Six times as fast as numpy.fft on float32.
    import scipy.fft

    height, width = picture.shape
    down, right = np.hanning(height).astype(np.float32), np.hanning(width).astype(np.float32)
    window = down[:, None] * right
    windowed = picture * window
    windowed -= window * np.float32(windowed.sum(dtype=np.float64) / window.sum(dtype=np.float64))
    waves = scipy.fft.rfft2(windowed, overwrite_x=True)
    power = waves.real**2
    power += waves.imag**2
    power /= np.vdot(down, down) * np.vdot(right, right)
    return power


def above_surroundings(power: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """How many decibels each wave lies above the waves around it.

    The surroundings are the median of 5 x 5 frequencies, averaged over 11 x 11. A peak is no wider than the 3 x 3 of
    the Hann window, so the median does not see it.

    Parameters
    ----------
    power : ndarray of float32, shape (H, W // 2 + 1)
        From `power_spectrum`, with H, W >= 16.
    width : int
        W.

    Returns
    -------
    ndarray of float32, shape (H, W // 2 + 1)
        Frequency zero is at row H // 2, column 0. All zeros where there is nothing but rounding.
    """
    import cv2

    strongest = float(power.max())
    if strongest < 1e-8:
        return np.zeros_like(power)
    level = cv2.log(np.fft.fftshift(np.maximum(power, 1e-9 * strongest), axes=0)) * DECIBELS
    # The spectrum goes on beyond its edges: by its mirror image to the sides, and round to the other end up and down.
    mirrored, last = _mirrored(level), level.shape[1] - 1
    beyond = last - 1 + width % 2
    wide = np.hstack([mirrored[:, REACH:0:-1], level, mirrored[:, beyond : beyond - REACH : -1]])
    wide = np.vstack([wide[-REACH:], wide, wide[:REACH]])
    around = cv2.blur(cv2.medianBlur(wide, 5), (11, 11))
    return level - around[REACH:-REACH, REACH:-REACH]


def frequencies(height: int, width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies of the rows and columns of `above_surroundings`, in cycles a pixel."""
    return np.fft.fftshift(np.fft.fftfreq(height)), np.fft.rfftfreq(width)


def centred(half: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Complete a half spectrum to be looked at: frequency zero in the middle, each wave and its mirror image.

    Parameters
    ----------
    half : ndarray, shape (H, W // 2 + 1)
        With frequency zero at row H // 2.
    width : int
        W.

    Returns
    -------
    ndarray, shape (H, W)

    Examples
    --------
    >>> centred(np.array([[9, 8, 7], [0, 1, 2], [3, 4, 5]]), 4)
    array([[5, 4, 9, 8],
           [2, 1, 0, 1],
           [7, 8, 3, 4]])
    """
    return np.hstack([_mirrored(half)[:, width // 2 : 0 : -1], half[:, : (width + 1) // 2]])


def _mirrored(half: NDArray[np.float32]) -> NDArray[np.float32]:
    """Row -k in place of row k: for an even height the first row is its own mirror image."""
    return np.roll(half[::-1], 1 - half.shape[0] % 2, axis=0)
