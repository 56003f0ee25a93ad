"""From frames at uneven times to frames at an even rate.

Phones record with a rate that wanders, and animations hold each frame for as long as they like. What is
measured on a clip needs even steps, so frames are taken by their time stamps: at each step the one that a
player would show.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from course.media.limits import MAX_RATE, MAX_SECONDS

if TYPE_CHECKING:
    import numpy as np

_EARLY = 0.25
"""The share of a step by which a frame may come early: time stamps are rounded, and jitter."""


def even_rate(rate: float) -> float:
    """The rate in which a clip is handed on, in frames a second.

    A fast clip keeps every second, third ... frame. The rate of a phone wanders a little above its
    nominal 30 or 60, so 5 % more still count as that.

    Parameters
    ----------
    rate : float
        Mean rate of the file, in frames a second; positive.

    Examples
    --------
    >>> even_rate(25), even_rate(30.2), even_rate(50), even_rate(240)
    (25.0, 30.0, 25.0, 30.0)
    """
    # below one frame a second a clip of ten seconds would hold nothing to compare
    return max(1.0, min(rate / math.ceil(rate / (1.05 * MAX_RATE)), float(MAX_RATE)))


def step(seconds: float, fps: float) -> int:
    """The first step at which a frame of that time may be shown.

    Examples
    --------
    >>> [step(t, 10) for t in (0, 0.099, 0.1, 0.15, 0.2)]
    [0, 1, 1, 2, 2]
    """
    return max(0, math.ceil(seconds * fps - _EARLY))


def most_steps(fps: float) -> int:
    """How many steps a clip may have at that rate.

    Examples
    --------
    >>> most_steps(25)
    250
    """
    return max(1, math.floor(MAX_SECONDS * fps + 0.01))


def room(height: int, width: int, fps: float) -> np.ndarray:
    """An array for the longest clip of that size and rate; most systems give memory only to what is filled.

    Examples
    --------
    >>> room(48, 64, 25).shape
    (250, 48, 64, 3)
    """
    import numpy as np

    return np.empty((most_steps(fps), height, width, 3), np.uint8)


def spread(frames: np.ndarray, steps: list[int], count: int) -> None:
    """Lay frames out evenly, in place; each is held until the next.

    Parameters
    ----------
    frames : (N, H, W, 3) uint8 ndarray
        The frames are the first of these, in order; with ``N >= count``.
    steps : list of int
        The step from which each frame is shown, from 0, never falling. Of several with the same step the
        last is shown.
    count : int
        How many steps there are.

    Examples
    --------
    >>> import numpy as np
    >>> frames = np.array([7, 8, 9, 0, 0], np.uint8).reshape(5, 1, 1, 1)
    >>> spread(frames, [0, 3, 3], 5)
    >>> frames.ravel()
    array([7, 7, 7, 9, 9], dtype=uint8)
    """
    shown = [index for index, at in enumerate(steps) if at < count and at not in steps[index + 1 : index + 2]]
    for place, index in enumerate(shown):
        frames[place] = frames[index]
    # From the end: no frame moves forward over one that is still to be moved.
    end = count
    for place, index in reversed(list(enumerate(shown))):
        frames[steps[index] : end] = frames[place]
        end = steps[index]


def finished(frames: np.ndarray, count: int) -> np.ndarray:
    """Cut what `room` gave to the frames that were filled, without a copy, and make it read-only.

    Examples
    --------
    >>> finished(room(48, 64, 25), 20).shape
    (20, 48, 64, 3)
    """
    frames.resize((count, *frames.shape[1:]), refcheck=False)
    frames.flags.writeable = False
    return frames
