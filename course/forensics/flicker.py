"""Flicker: change of brightness where nothing moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma, reduced
from course.forensics._input import require_frames, require_positive
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
    change : ndarray of float64, shape (T-1,)
        The same change with its sign: positive where the still quarter becomes brighter as a whole.
    spectrum : ndarray of float64, shape ((T-1)//2,)
        How strongly the brightness swings at each frequency: the amplitude, in grey levels.
    frequencies : ndarray of float64, shape ((T-1)//2,)
        Where the points of `spectrum` lie, in `frequency_unit`, evenly spaced from one swing a clip up to half the
        frame rate. Both are empty for two frames.
    frequency_unit : str
        "Hz" where the frame rate was given, else "swings a frame".
    """

    still: NDArray[np.bool_]
    change: NDArray[np.float64]
    spectrum: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    frequency_unit: str


def flicker(
    frames: NDArray[np.uint8], flow: NDArray[np.float32] | None = None, fps: float | None = None
) -> FlickerResult:
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

    A lamp that swings evenly shows as a peak in the spectrum. With d_t the mean over S_t of Y_t+1 - Y_t, less its mean
    over the clip, and w a Hann window of its N = T - 1 points::

        spectrum_k = 2 |sum_t w_t d_t exp(-2 pi i k t / N)| / sum_t w_t / (2 sin(pi k / N)),    k = 1 .. N // 2

    (without the first 2 at k = N / 2, which has no mirror). A wave of amplitude A changes by waves of amplitude
    2 A sin(pi k / N) from frame to frame, so the last factor turns change back into brightness. It counts the light of
    the still quarter as a whole: brighter here and darker there cancel out.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 2 and H, W >= 32.
    flow : ndarray of float32, shape (T-1, H, W, 2), optional
        `FlowResult.flow` of the same frames, where it has been measured already: then it is not measured again. Clips
        of more than 320 pixels a side are reduced, and their flow is measured on the reduced pictures in any case.
    fps : float, optional
        Frames a second; then `FlickerResult.frequencies` are in Hz. Frequencies above half of it fold back: a lamp of
        100 Hz filmed at 24 frames a second seems to swing at 4 Hz.

    Returns
    -------
    FlickerResult
        `value` and `curve` (T-1,) in grey levels.

    Raises
    ------
    ValueError
        If `frames` or `fps` is anything else, or `flow` does not fit.

    References
    ----------
    Lai, W.-S. et al. (2018). Learning blind video temporal consistency. European Conference on Computer Vision.
    (Their measure warps each frame along the flow; keeping to still places does without, and blames no blur.)

    Harris, F. J. (1978). On the use of windows for harmonic analysis with the discrete Fourier transform. Proceedings
    of the IEEE, 66(1). (The Hann window.)

    Examples
    --------
    A still picture that is 6 grey levels brighter in every second frame:

    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(60, 200, (40, 40, 1), dtype=np.uint8).repeat(3, axis=2)
    >>> flicker(np.stack([picture, picture + 6, picture, picture + 6])).curve.round(2).tolist()
    [6.0, 6.0, 6.0]

    A lamp that swings by 10 grey levels up and down, 4 times a second:

    >>> level = np.round(10 * np.sin(2 * np.pi * 4 * np.arange(17) / 16))
    >>> lit = (picture + level[:, None, None, None]).astype(np.uint8)
    >>> result = flicker(lit, fps=16)
    >>> strongest = int(result.spectrum.argmax())
    >>> round(float(result.frequencies[strongest]), 2), round(float(result.spectrum[strongest]), 1)
    (4.0, 10.0)
    """
    require_frames(frames, smallest=SMALLEST_SIDE)
    if flow is not None and flow.shape != (len(frames) - 1, *frames.shape[1:3], 2):
        raise InputError(f"flow must be of shape {(len(frames) - 1, *frames.shape[1:3], 2)}; got {flow.shape}.")
    rate = 1.0 if fps is None else require_positive("fps", fps)
    search = dense_search()
    curve, change = np.empty((2, len(frames) - 1))
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
        difference = (next_smooth - smooth)[calm]
        curve[t] = np.abs(difference).mean(dtype=np.float64)
        change[t] = difference.mean(dtype=np.float64)
        still.append(calm)
        grey, smooth, slope = next_grey, next_smooth, next_slope
    cycles, spectrum = _swings(change)
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
        change=change,
        spectrum=spectrum,
        frequencies=cycles * rate,
        frequency_unit="swings a frame" if fps is None else "Hz",
    )


def _swings(change: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in swings a frame, and the amplitude of the brightness at each, from its change frame by frame."""
    count = len(change)
    # Sampled at the middles, the window has no zero, so that three frames have an answer too.
    window = np.sin(np.pi * (np.arange(count) + 0.5) / count) ** 2
    cycles = np.arange(1, count // 2 + 1) / count
    amplitude = np.abs(np.fft.rfft(window * (change - change.mean()))[1:]) / window.sum()
    amplitude *= np.where(cycles == 0.5, 1.0, 2.0)
    return cycles, amplitude / (2 * np.sin(np.pi * cycles))


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # A very long strip would shrink below what the flow search can hold on to.
    return reduced(luma(pixels), SIDE, SMALLEST_SIDE)


def _smooth_and_slope(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Smoothed grey levels, and the length of their gradient in grey levels a pixel."""
    import cv2

    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    down, right = np.gradient(smooth)
    return smooth, np.hypot(down, right)
