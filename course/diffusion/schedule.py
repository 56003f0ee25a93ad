"""How much of a picture is left and how much noise is in it, from time 0 (the picture) to time 1 (noise alone)."""

from __future__ import annotations

import math

import numpy as np

from course.errors import InputError

#: How many numbers tell the network the time.
TIME_FEATURES = 64


def amounts(time: float) -> tuple[float, float]:
    """Return how much of the picture and how much noise there is at a time.

    The mixture is ``signal * picture + noise * noise``. This is the cosine schedule (Nichol and Dhariwal, 2021)
    without the small offset near time 0: the squares of the two amounts add up to 1, so the mixture stays as strong
    as it was.

    Parameters
    ----------
    time
        0 (the picture itself) to 1 (noise alone).

    Returns
    -------
    signal, noise : float
        0 to 1 each.

    Raises
    ------
    ValueError
        The time is not from 0 to 1.

    Examples
    --------
    >>> [round(part, 3) for part in amounts(0.5)]
    [0.707, 0.707]
    """
    if not 0 <= time <= 1:
        raise InputError(f"a time is a number from 0 to 1, not {time}")
    return math.cos(math.pi / 2 * time), math.sin(math.pi / 2 * time)


def time_features(time: float) -> np.ndarray:
    """Return the time as waves of many lengths, which a network reads better than one number.

    The same as the positions of words in a transformer (Vaswani et al., 2017): half sines, half cosines.

    Parameters
    ----------
    time
        0 to 1.

    Returns
    -------
    features : (TIME_FEATURES,) float32
        -1 to 1.

    Examples
    --------
    >>> time_features(0.0)[[0, -1]].tolist()
    [0.0, 1.0]
    """
    half = TIME_FEATURES // 2
    angles = 1000 * time * np.exp(-math.log(10_000) * np.arange(half) / half)
    return np.concatenate([np.sin(angles), np.cos(angles)]).astype(np.float32)
