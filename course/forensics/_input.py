"""What every measurement asks of its pictures before it starts, said once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError


def require_frames(frames: Any, *, least: int = 2, smallest: int = 1) -> NDArray[np.uint8]:
    """Pass a clip on unchanged, or say what is wrong with it.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip.
    least : int
        So many frames are needed.
    smallest : int
        So many pixels are needed in height and width.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    wanted = f"frames must be uint8 RGB of shape (T, H, W, 3) with T >= {least}"
    if smallest > 1:
        wanted += f" and H, W >= {smallest}"
    if (
        not isinstance(frames, np.ndarray)
        or frames.dtype != np.uint8
        or frames.ndim != 4
        or frames.shape[3] != 3
        or frames.shape[0] < least
        or min(frames.shape[1:3]) < smallest
    ):
        raise InputError(f"{wanted}; got {_name(frames)}.")
    return frames


def require_pixels(pixels: Any) -> NDArray[np.uint8]:
    """Pass a picture on unchanged, or say what is wrong with it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    if (
        not isinstance(pixels, np.ndarray)
        or pixels.dtype != np.uint8
        or pixels.ndim != 3
        or pixels.shape[2] != 3
        or 0 in pixels.shape
    ):
        raise InputError(f"pixels must be uint8 RGB of shape (H, W, 3); got {_name(pixels)}.")
    return pixels


def require_positive(name: str, value: float) -> float:
    """Pass a finite number above zero on as a float, or name it and what came instead.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    if not (isinstance(value, int | float | np.integer | np.floating) and np.isfinite(value) and value > 0):
        raise InputError(f"{name} must be a number above 0; got {value!r}.")
    return float(value)


def require_whole(name: str, value: int, least: int, most: int | None = None) -> int:
    """Pass a whole number on as an int, or name it and what came instead.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    wanted = f"of {least} or more" if most is None else f"from {least} to {most}"
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not (whole and least <= value and (most is None or value <= most)):
        raise InputError(f"{name} must be a whole number {wanted}; got {value!r}.")
    return int(value)


def _name(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    return type(value).__name__
