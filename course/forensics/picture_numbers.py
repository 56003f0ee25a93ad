"""The plain numbers by which the course looks for shortcuts: colour, detail, movement ... of a still or a clip.

All measurements are those of this package; here is only settled which of them, and where a clip is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from course.forensics.flicker import flicker
from course.forensics.motion import optical_flow
from course.forensics.texture import (
    blockiness,
    corner_text,
    high_frequency_share,
    mean_luma,
    noise_level,
    saturation,
    sharpness,
)

OF_A_PICTURE: dict[str, Callable[[NDArray[np.uint8]], float]] = {
    "brightness": mean_luma,
    "saturation": saturation,
    "fine detail": high_frequency_share,
    "sharpness": sharpness,
    "blockiness": blockiness,
    "noise level": noise_level,
    "corner text": corner_text,
}
"""What is measured in a picture; in a clip, in six of its frames."""

OF_A_STEP = ("motion", "flicker")
"""What takes two frames that follow each other: measured in four places of a clip."""


def still_numbers(pixels: NDArray[np.uint8], names: Collection[str] = tuple(OF_A_PICTURE)) -> dict[str, float]:
    """Measure a picture.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    names : collection of str
        Which of `OF_A_PICTURE`; others are passed over.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> import numpy as np
    >>> round(still_numbers(np.full((64, 64, 3), 90, dtype=np.uint8))["brightness"])
    90
    """
    return {name: float(measure(pixels)) for name, measure in OF_A_PICTURE.items() if name in names}


def clip_numbers(frames: NDArray[np.uint8], names: Collection[str] = (*OF_A_PICTURE, *OF_A_STEP)) -> dict[str, float]:
    """Measure a clip: the mean over six frames, and over four steps from one frame to the next.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        Two frames or more.
    names : collection of str
        Which of `OF_A_PICTURE` and `OF_A_STEP`.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> import numpy as np
    >>> clip_numbers(np.full((8, 64, 64, 3), 90, dtype=np.uint8), ["motion", "flicker"])
    {'motion': 0.0, 'flicker': 0.0}
    """
    chosen = frames[np.linspace(0, len(frames) - 1, 6).round().astype(int)]
    singly = [still_numbers(frame, names) for frame in chosen]
    numbers = {name: fmean(one[name] for one in singly) for name in singly[0]}
    if "corner text" in names:
        numbers["corner text"] = float(corner_text(chosen))
    if set(OF_A_STEP).isdisjoint(names):
        return numbers
    found: dict[str, list[float]] = {name: [] for name in OF_A_STEP if name in names}
    # In a clip of 24 frames none of these four steps leads into a key frame, where the codec starts anew.
    for t in np.linspace(0, len(frames) - 2, 6).round().astype(int)[1:-1]:
        step = frames[t : t + 2]
        flow = optical_flow(step)
        if "motion" in names:
            found["motion"].append(float(flow.speed[0]))
        if "flicker" in names:
            found["flicker"].append(float(flicker(step, flow.flow).value))
    return numbers | {name: fmean(values) for name, values in found.items()}
