"""Motion from frame to frame: where each pixel goes, and how evenly the whole picture changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma, reduced
from course.forensics._input import require_frames, require_positive, require_whole
from course.forensics.measurement import Measurement

SMALLEST_SIDE = 32
"""DIS matches patches of 8 pixels on a picture reduced four times: below this it has nothing to hold on to."""

WORKING_SIDE = 640
"""In pixels: larger pictures are followed at this size unless asked otherwise, so that a slider need not wait."""

# Frames a second and number of frames as in the paper; 224 pixels is what common image networks see.
D3_RATE = 8.0
D3_FRAMES = 16
D3_SIDE = 224


@dataclass(frozen=True, eq=False, kw_only=True)
class FlowResult(Measurement):
    """What `optical_flow` answers with. `curve` is `forward_backward`, `value` its median.

    Attributes
    ----------
    flow : ndarray of float32, shape (T-1, H, W, 2)
        ``flow[t, y, x]`` is how far (right, down) the pixel (x, y) of frame t goes until frame t+1, in pixels.
    speed : ndarray of float64, shape (T-1,)
        Mean length of the flow, in pixels a frame.
    forward_backward : ndarray of float64, shape (T-1,)
        Mean distance between where a pixel started and where it lands after going forward and back, in pixels.
    warp_error : ndarray of float64, shape (T-1,)
        Mean absolute difference between frame t and frame t+1 brought back along the flow, in grey levels.
    """

    flow: NDArray[np.float32]
    speed: NDArray[np.float64]
    forward_backward: NDArray[np.float64]
    warp_error: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class SecondOrderResult(Measurement):
    """What `second_order_motion` answers with. `curve` is F2, `value` its standard deviation.

    Attributes
    ----------
    first_order : ndarray of float64, shape (N-1,)
        F1: how much the picture changes from each used frame to the next, in grey levels.
    frame_numbers : ndarray of int64, shape (N,)
        The frames that were used. Point k of `curve` stands around frame ``frame_numbers[k + 1]``.
    """

    first_order: NDArray[np.float64]
    frame_numbers: NDArray[np.int64]


def optical_flow(frames: NDArray[np.uint8], side: int | None = WORKING_SIDE) -> FlowResult:
    """Follow each pixel from frame to frame, and ask how well the way out agrees with the way back.

    Dense inverse search (DIS) finds u, the flow from frame t to t+1, and v, the flow from t+1 to t. With
    x over the pixels whose target stays inside the picture::

        speed            = mean |u(x)|
        forward_backward = mean |u(x) + v(x + u(x))|
        warp_error       = mean |I_t(x) - I_t+1(x + u(x))|

    Where matter is kept, forward and backward agree; where it appears, vanishes or melts, they cannot.
    The speed is over all pixels.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 2 and H, W >= 32. The result holds 8 bytes a pixel of each pair.
    side : int or None
        Follow pictures whose longer side is reduced to so many pixels, 32 or more, and scale the flow back up; smaller
        ones are followed as they are. Lengths stay in pixels of `frames`; the warp error is that of the reduced
        pictures. A pair of 1280 x 720 at 640 takes a quarter of the time and errs by half a pixel where the whole errs
        by a third; small things that move are lost first. With None, nothing is reduced.

    Returns
    -------
    FlowResult
        `value` is the median of the forward-backward error in pixels.

    Raises
    ------
    ValueError
        If `frames` or `side` is anything else.

    References
    ----------
    Kroeger, T., Timofte, R., Dai, D. & Van Gool, L. (2016). Fast optical flow using dense inverse search.
    European Conference on Computer Vision.

    Sundaram, N., Brox, T. & Keutzer, K. (2010). Dense point trajectories by GPU-accelerated large displacement
    optical flow. European Conference on Computer Vision. (The forward-backward check.)

    Examples
    --------
    A picture that slides 2 pixels to the right:

    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(0, 256, (16, 20, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    >>> result = optical_flow(np.stack([picture, np.roll(picture, 2, axis=1)]))
    >>> result.flow.shape
    (1, 64, 80, 2)
    >>> right, down = np.median(result.flow, axis=(0, 1, 2))
    >>> bool(abs(right - 2) < 0.1 and abs(down) < 0.1)
    True
    """
    require_frames(frames, smallest=SMALLEST_SIDE)
    count, height, width, _ = frames.shape
    side = max(height, width) if side is None else require_whole("side", side, SMALLEST_SIDE)
    flow = np.empty((count - 1, height, width, 2), dtype=np.float32)
    speed, forward_backward, warp_error = np.empty((3, count - 1))
    search = dense_search()
    here = reduced(luma(frames[0]), side, SMALLEST_SIDE)
    # Across and down apart: both sides are rounded to whole pixels, and a long strip loses its proportions.
    scale = width / here.shape[1], height / here.shape[0]
    for t in range(count - 1):
        there = reduced(luma(frames[t + 1]), side, SMALLEST_SIDE)
        out, back = search.calc(here, there, None), search.calc(there, here, None)
        _enlarge(out, scale, into=flow[t])
        speed[t] = _length(out, scale).mean(dtype=np.float64)
        forward_backward[t], warp_error[t] = _disagreement(here, there, out, back, scale)
        here = there
    return FlowResult(
        value=float(np.median(forward_backward)),
        unit="px",
        curve=forward_backward,
        confounders=(
            "Motion blur, and anything faster than the frame rate can follow.",
            "Things that pass in front of each other: what is hidden has nowhere to go.",
            "Water, smoke, glass and reflections, which have no fixed pattern to follow.",
            "Flat or repeating surfaces, where one place looks like the next.",
            "A lossy codec that repeats or smears small motion, and a cut between two shots.",
        ),
        flow=flow,
        speed=speed,
        forward_backward=forward_backward,
        warp_error=warp_error,
    )


def second_order_motion(frames: NDArray[np.uint8], fps: float | None = None) -> SecondOrderResult:
    """Measure how unevenly a clip changes: the spread of the change of the change.

    After the detector D3, which found that camera clips change more unevenly than generated ones. With f_t the
    frame as grey levels, reduced to at most 224 pixels a side::

        F1_t = mean |f_t+1 - f_t|,    F2_t = F1_t+1 - F1_t,    value = standard deviation of F2

    This is a toy: D3 compares features of a large neural network, this compares pixels. It takes the calm of a
    slow pan over a still photograph for the calm of a generator, and two pixels of camera shake hide both.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip, long enough that 4 frames are left after thinning.
    fps : float, optional
        Frames a second. When given, every k-th frame is used, with k chosen so that the rate comes nearest to 8 a
        second, as in the paper. Frames are never taken unevenly: that alone would make F1 jump.
        When left out, every frame is used. In both cases the first 16 at most.

    Returns
    -------
    SecondOrderResult
        `value` in grey levels; low means even.

    Raises
    ------
    ValueError
        If `frames` or `fps` is anything else.

    References
    ----------
    Zheng, C. et al. (2025). D3: Training-free AI-generated video detection using second-order features.
    International Conference on Computer Vision.

    Examples
    --------
    Grey levels 0, 1, 3, 3: the picture changes by 1, 2, 0; that changes by +1, -2; their deviation is 1.5.

    >>> import numpy as np
    >>> frames = np.ones((4, 8, 8, 3), dtype=np.uint8) * np.array([0, 1, 3, 3], dtype=np.uint8)[:, None, None, None]
    >>> second_order_motion(frames).value
    1.5
    """
    require_frames(frames, least=4)
    step = 1 if fps is None else max(1, round(require_positive("fps", fps) / D3_RATE))
    numbers = np.arange(0, len(frames), step)[:D3_FRAMES]
    if len(numbers) < 4:
        raise InputError(
            f"frames must leave at least 4 after taking every {step}th of them; got {len(frames)} frames at {fps} fps."
        )
    pictures = [reduced(luma(frames[n]), D3_SIDE).astype(np.float32) for n in numbers]
    first = np.array([np.abs(b - a).mean(dtype=np.float64) for a, b in pairwise(pictures)])
    second = np.diff(first)
    return SecondOrderResult(
        value=float(second.std()),
        unit="grey levels",
        curve=second,
        confounders=(
            "A slow, steady camera: a pan over a still photograph is as even as it gets.",
            "A shaking hand, which makes any clip uneven.",
            "Contrast and brightness: a dull grey scene changes by fewer grey levels.",
            "Slow motion, added frames, and a codec's key frames.",
            "How much of the picture moves at all.",
        ),
        first_order=first,
        frame_numbers=numbers,
    )


def dense_search() -> Any:
    """Make a DIS flow search with the preset "fast" (Kroeger et al. 2016).

    Returns
    -------
    cv2.DISOpticalFlow
        Its ``calc(here, there, None)`` takes two grey pictures and gives float32 of shape (H, W, 2).
    """
    import cv2

    return cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)


def _disagreement(
    here: NDArray[np.uint8],
    there: NDArray[np.uint8],
    flow: NDArray[np.float32],
    back: NDArray[np.float32],
    scale: tuple[float, float],
) -> tuple[float, float]:
    """Mean forward-backward error in pixels times `scale`, and mean warp error in grey levels."""
    import cv2

    height, width = here.shape
    x = flow[..., 0] + np.arange(width, dtype=np.float32)
    y = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    # OpenCV's own mean under a mask: numpy's boolean indexing costs more than the flow search itself.
    inside = cv2.inRange(x, 0, width - 1) & cv2.inRange(y, 0, height - 1)
    if not inside.any():
        # Everything leaves the picture: nothing was kept, which is as far as the two can disagree.
        return float(_length(flow, scale).mean(dtype=np.float64)), 255.0
    returned = flow + cv2.remap(back, x, y, cv2.INTER_LINEAR)
    brought = cv2.remap(there, x, y, cv2.INTER_LINEAR)
    return cv2.mean(_length(returned, scale), mask=inside)[0], cv2.mean(cv2.absdiff(here, brought), mask=inside)[0]


def _length(flow: NDArray[np.float32], scale: tuple[float, float]) -> NDArray[np.float32]:
    import cv2

    return cv2.magnitude(*(part * factor for part, factor in zip(cv2.split(flow), scale, strict=True)))


def _enlarge(flow: NDArray[np.float32], scale: tuple[float, float], into: NDArray[np.float32]) -> None:
    """Write a flow into an array of the size of the frames, in their pixels."""
    import cv2

    if flow.shape == into.shape:
        into[:] = flow
    else:
        # Straight into its place: copying a large flow takes longer than finding a small one.
        cv2.resize(cv2.transform(flow, np.diag(scale)), into.shape[1::-1], dst=into, interpolation=cv2.INTER_LINEAR)
