"""Flicker: change of brightness where nothing moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import luma, reduced
from course.forensics._input import require_frames
from course.forensics.measurement import Measurement
from course.forensics.motion import SMALLEST_SIDE, dense_search

# Small enough for a curve while one waits, and alike for clips of different size.
SIDE = 320
STILL_SHARE = 0.25


@dataclass(frozen=True, eq=False, kw_only=True)
class FlickerResult(Measurement):
    """What `flicker` answers with. `curve` is one number a pair of frames, `value` its mean.

    Attributes
    ----------
    still : ndarray of bool, shape (T-1, h, w)
        Where it was measured, on the reduced picture: to be laid over the frames.
    """

    still: NDArray[np.bool_]


def flicker(frames: NDArray[np.uint8], flow: NDArray[np.float32] | None = None) -> FlickerResult:
    """Measure how much the brightness jumps in the calmest quarter of the picture.

    On grey levels Y, reduced to at most 320 pixels a side and smoothed (Gaussian, sigma 1.5) so that grain does not
    count, with u the flow from frame t to t+1::

        m(x)    = (0.1 + |u(x)|) * (1 + |grad Y(x)|)      what motion alone could change here
        S_t     = the quarter of the pixels with the smallest m
        curve_t = mean over S_t of |Y_t+1 - Y_t|,    value = mean of the curve

    A share of the picture is used rather than a threshold, so that each clip has an answer, and it is the same
    amount of picture for each. The constants 0.1 pixel and 1 grey level a pixel keep one factor from hiding the other:
    the inside of a moving plain shirt has no gradient, yet it is not still.

    Where the whole picture moves, the calmest quarter moves too, and the value follows the speed more than the light.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 2 and H, W >= 32.
    flow : ndarray of float32, shape (T-1, H, W, 2), optional
        `FlowResult.flow` of the same frames, where it has been measured already: then it is not measured again. Clips
        of more than 320 pixels a side are reduced, and their flow is measured on the reduced pictures in any case.

    Returns
    -------
    FlickerResult
        `value` and `curve` (T-1,) in grey levels.

    Raises
    ------
    ValueError
        If `frames` is anything else, or `flow` does not fit it.

    References
    ----------
    Lai, W.-S. et al. (2018). Learning blind video temporal consistency. European Conference on Computer Vision.
    (Their measure warps each frame along the flow; keeping to still places does without, and blames no blur.)

    Examples
    --------
    A still picture that is 6 grey levels brighter in every second frame:

    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(60, 200, (40, 40, 1), dtype=np.uint8).repeat(3, axis=2)
    >>> flicker(np.stack([picture, picture + 6, picture, picture + 6])).curve.round(2).tolist()
    [6.0, 6.0, 6.0]
    """
    require_frames(frames, smallest=SMALLEST_SIDE)
    if flow is not None and flow.shape != (len(frames) - 1, *frames.shape[1:3], 2):
        raise ValueError(f"flow must be of shape {(len(frames) - 1, *frames.shape[1:3], 2)}; got {flow.shape}.")
    search = dense_search()
    curve = np.empty(len(frames) - 1)
    still = []
    grey = _small(frames[0])
    smooth, slope = _smooth_and_slope(grey)
    for t in range(len(curve)):
        next_grey = _small(frames[t + 1])
        next_smooth, next_slope = _smooth_and_slope(next_grey)
        known = flow is not None and grey.shape == flow.shape[1:3]
        right, down = np.moveaxis(flow[t] if known else search.calc(grey, next_grey, None), -1, 0)
        pace = np.hypot(right, down)
        movable = (0.1 + pace) * (1 + np.maximum(slope, next_slope))
        calm = movable <= np.quantile(movable, STILL_SHARE)
        curve[t] = np.abs(next_smooth - smooth)[calm].mean(dtype=np.float64)
        still.append(calm)
        grey, smooth, slope = next_grey, next_smooth, next_slope
    return FlickerResult(
        value=float(curve.mean()),
        unit="grey levels",
        curve=curve,
        confounders=(
            "How much moves at all: where the camera travels, no quarter of the picture is still.",
            "A lamp, a neon sign, a screen, a cloud or the sun through leaves.",
            "The camera's own exposure and white balance.",
            "A codec that refreshes the picture at its key frames.",
            "A cut, a fade or a flash.",
        ),
        still=np.stack(still),
    )


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    grey = reduced(luma(pixels), SIDE)
    if min(grey.shape) >= SMALLEST_SIDE:
        return grey
    # A very long strip would shrink below what the flow search can hold on to.
    height, width = (max(n, SMALLEST_SIDE) for n in grey.shape)
    return cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)


def _smooth_and_slope(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Smoothed grey levels, and the length of their gradient in grey levels a pixel."""
    import cv2

    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    down, right = np.gradient(smooth)
    return smooth, np.hypot(down, right)
