"""What should stay as it is through a clip: how much detail there is, and what the picture shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._input import require_frames
from course.forensics.measurement import Measurement
from course.forensics.similarity import WINDOW, structural_similarity
from course.forensics.texture import sharpness


@dataclass(frozen=True, eq=False, kw_only=True)
class SteadinessResult(Measurement):
    """What `sharpness_over_time` and `drift` answer with. `curve` has one point a frame; each says what `value` is."""


def sharpness_over_time(frames: NDArray[np.uint8]) -> SteadinessResult:
    """Measure how the detail in a clip comes and goes.

    With s_t the `sharpness` of frame t (the standard deviation of its Laplacian)::

        curve_t = 100 s_t / (mean of s)    value = standard deviation of the curve

    What is measured against its own mean can be compared between a clip of a meadow and one of a wall. A generator that
    loses the thread of a texture, or smooths it where much moves, makes this curve swing. So does a lens that focuses.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 2 and H, W >= 3.

    Returns
    -------
    SteadinessResult
        `value` and `curve` (T,) in per cent of the clip's mean; a clip without any detail has 100 throughout, and the
        value 0.

    Raises
    ------
    ValueError
        If `frames` is anything else.

    References
    ----------
    Pech-Pacheco, J. L. et al. (2000). Diatom autofocusing in brightfield microscopy. International Conference on
    Pattern Recognition. (Sharpness.)

    Examples
    --------
    Three frames of one picture, the middle one with half the contrast:

    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(0, 256, (16, 16, 1), dtype=np.uint8).repeat(3, axis=2)
    >>> sharpness_over_time(np.stack([picture, picture // 2, picture])).curve.round().tolist()
    [120.0, 60.0, 120.0]
    """
    require_frames(frames, smallest=3)
    detail = np.array([sharpness(frame) for frame in frames])
    mean = float(detail.mean())
    # Without any detail there is nothing that could come and go.
    curve = 100 * detail / mean if mean > 0 else np.full(len(frames), 100.0)
    return SteadinessResult(
        value=float(curve.std()),
        unit="% of the mean",
        curve=curve,
        confounders=(
            "A lens that focuses, and motion blur, which comes and goes with speed.",
            "The camera or a thing that moves something finely patterned into the picture or out of it.",
            "A codec that spends more on some frames than on others.",
            "A fade, fog, smoke, and light that changes.",
        ),
    )


def drift(frames: NDArray[np.uint8]) -> SteadinessResult:
    """Measure how far a clip moves away from its first frame.

    With the structural similarity of Wang et al. (2004)::

        curve_t = 1 - SSIM(frame 0, frame t)    value = mean of the curve without its first point, which is 0

    It rises when the camera or anything else moves, and says nothing of whether a face stayed the same face: look at
    the frames where it jumps.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 2 and H, W >= 11.

    Returns
    -------
    SteadinessResult
        `value` and `curve` (T,): 0 is the same picture, 1 one that has no pattern in common with it.

    Raises
    ------
    ValueError
        If `frames` is anything else.

    References
    ----------
    Wang, Z., Bovik, A. C., Sheikh, H. R. & Simoncelli, E. P. (2004). Image quality assessment: from error visibility to
    structural similarity. IEEE Transactions on Image Processing, 13(4).

    Examples
    --------
    >>> import numpy as np
    >>> a, b = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    >>> same, other = drift(np.stack([a, a])).value, drift(np.stack([a, b])).value
    >>> same < 1e-6, other > 0.9
    (True, True)
    """
    require_frames(frames, smallest=WINDOW)
    first = frames[0]
    curve = np.array([0.0, *(1 - structural_similarity(first, frame).value for frame in frames[1:])])
    return SteadinessResult(
        value=float(curve[1:].mean()),
        unit="1 - SSIM",
        curve=curve,
        confounders=(
            "The camera: a pan of a few pixels counts as a great change.",
            "Whatever moves on purpose: water, leaves, a crowd.",
            "A cut, a fade, and light that changes.",
            "Noise: in a dark picture each frame differs from the first by its grain alone.",
        ),
    )
