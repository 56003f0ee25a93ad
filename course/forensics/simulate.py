"""Clips made from pictures on purpose, so that a measurement can be seen to go wrong."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._input import require_frames, require_pixels, require_positive


def pan(pixels: NDArray[np.uint8], frames: int = 24, step: float = 2.0) -> NDArray[np.uint8]:
    """Let a window slide to the right over a still photograph, at a steady pace.

    Nothing in such a clip moves by itself, and nothing in it was generated.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB photograph.
    frames : int
        How many frames to make, 1 or more.
    step : float
        Pixels from frame to frame. Fractions are interpolated, which softens the frames in between.

    Returns
    -------
    ndarray of uint8, shape (frames, H, W - ceil(step * (frames - 1)), 3)

    Raises
    ------
    ValueError
        If the photograph is too narrow for the way, or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> photograph = np.zeros((40, 100, 3), dtype=np.uint8)
    >>> pan(photograph, frames=11, step=2).shape
    (11, 40, 80, 3)
    """
    require_pixels(pixels)
    if not (isinstance(frames, int | np.integer) and frames >= 1):
        raise InputError(f"frames must be a whole number of 1 or more; got {frames!r}.")
    require_positive("step", step)
    way = step * (frames - 1)
    width = pixels.shape[1] - ceil(way)
    if width < 1:
        raise InputError(f"pixels must be wider than step * (frames - 1) = {way:g}; got shape {pixels.shape}.")
    return np.stack([_window(pixels, t * step, 0.0, width, pixels.shape[0]) for t in range(frames)])


def shake(frames: NDArray[np.uint8], pixels: float = 2.0, seed: int = 0) -> NDArray[np.uint8]:
    """Shake a clip as a hand would: move each frame by its own random distance.

    The two offsets of each frame are drawn evenly from -`pixels` to `pixels`. A rim of ceil(`pixels`) is cut off, so
    that no edge has to be invented.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip.
    pixels : float
        The furthest a frame moves, right or left, up or down.
    seed : int
        The same seed shakes in the same way.

    Returns
    -------
    ndarray of uint8, shape (T, H - 2 * ceil(pixels), W - 2 * ceil(pixels), 3)

    Raises
    ------
    ValueError
        If the clip is too small, or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> shake(np.zeros((5, 40, 60, 3), dtype=np.uint8), pixels=2).shape
    (5, 36, 56, 3)
    """
    require_frames(frames, least=1)
    margin = ceil(require_positive("pixels", pixels))
    height, width = (n - 2 * margin for n in frames.shape[1:3])
    if min(height, width) < 1:
        raise InputError(f"frames must be larger than {2 * margin} pixels a side; got shape {frames.shape}.")
    offsets = margin + np.random.default_rng(seed).uniform(-pixels, pixels, (len(frames), 2))
    return np.stack([_window(frame, x, y, width, height) for frame, (x, y) in zip(frames, offsets, strict=True)])


def _window(pixels: NDArray[np.uint8], left: float, top: float, width: int, height: int) -> NDArray[np.uint8]:
    """Cut a window whose upper left corner may lie between pixels."""
    x, y = int(left), int(top)
    if (x, y) == (left, top):
        return pixels[y : y + height, x : x + width].copy()
    import cv2

    shift = np.array([[1, 0, left], [0, 1, top]], dtype=np.float64)
    return cv2.warpAffine(
        pixels, shift, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
