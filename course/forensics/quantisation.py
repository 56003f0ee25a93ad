"""Traces of two savings as JPEG in one picture, read from the pixels: gaps and peaks in histograms of coefficients."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels
from course.forensics.jpeg import BLOCK, FREQUENCIES, block_coefficients, require_origin
from course.forensics.measurement import MapMeasurement

LARGEST_STEP = 40

# In coefficient units. The few that lie further out are left out of the histograms.
REACH = 160

SMALLEST_SIDE = 64

# What decoding leaves in a coefficient: the grey level is rounded, then each of three colours, and
# 1/12 + (.299^2 + .587^2 + .114^2) / 12 = .35^2.
ROUNDING = 0.35

# Smaller coefficients may be zeros that were rounded, and zero is a multiple of any step.
CLEARLY_NOT_ZERO = 1.5
FEWEST_COEFFICIENTS = 50

# Parts of a unit in the histogram that the last step is read from: small beside the error of decoding.
FINE = 10

# What may lie anywhere, so that a few strays do not rule a step out.
STRAYS, STRAYS_TWICE = 0.05, 0.01

# Bits. Below, a step is not named: photographs that were saved once reach as much.
LEAST_GAIN = 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class Steps:
    """What the histogram of one frequency says.

    Attributes
    ----------
    frequency : tuple of int
        Half-turns down and across the block.
    last : int
        Step of the last saving, in coefficient units; 1 if none is seen.
    first : int or None
        Step of a saving before that, where one explains the histogram better by 0.05 bits or more.
    gain : float
        Bits a coefficient by which the best two steps explain the histogram better than the last one alone.
    levels : ndarray of int64, shape (N,)
        Multiples of the last step: the horizontal axis of the histograms.
    observed, once, twice : ndarray of float64, shape (N,)
        Share of the blocks at each level: seen; expected of the last step alone; expected of the best two steps.
    """

    frequency: tuple[int, int]
    last: int
    first: int | None
    gain: float
    levels: NDArray[np.int64]
    observed: NDArray[np.float64]
    once: NDArray[np.float64]
    twice: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class DoubleQuantisationResult(MapMeasurement):
    """What `double_quantisation` answers with. `map` is the gain of each block: positive speaks for two savings.

    Attributes
    ----------
    steps : tuple of Steps
        One for each of nine low frequencies.
    """

    steps: tuple[Steps, ...]


def double_quantisation(pixels: NDArray[np.uint8], origin: tuple[int, int] = (0, 0)) -> DoubleQuantisationResult:
    """Ask whether rounding twice explains the cosine coefficients of a picture better than rounding once.

    JPEG rounds each coefficient to a multiple of a step. Rounding to multiples of q1 and then of q2 leaves some
    multiples of q2 empty and heaps others up, with the period q1 / gcd(q1, q2). From the pixels alone:

    1. Coefficients c of nine low frequencies, of all blocks of 8 x 8 grey levels.
    2. q2 is the step whose multiples the coefficients keep closest to, given the error of decoding (normal, 0.35)::

        q2 = argmax over q of mean log(.95 q N(c - q round(c / q); .35) + .05),   |c| >= 1.5

    3. The same blocks of the picture, moved by 4 pixels each way, show what the coefficients were before any rounding
       (calibration). From them comes the histogram to be expected after q1 and then q2, P(n | q1, q2), for all q1 from
       1 to 40; q1 = 1 means q2 alone.
    4. With n = round(c / q2), the gain is the mean information for the best q1, over blocks and frequencies::

        gain  = max over q1 of mean over blocks of log2 P(n | q1, q2) / P(n | 1, q2),     value = mean gain

    Where one step is a whole multiple of the other no bin is empty or heaped; where q1 is much smaller than q2 there
    is little to see. A picture that was saved once at q1 and then kept as PNG has one comb only, and no gain.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture, with H, W >= 64 from `origin` on.
    origin : tuple of int
        (x, y) where the blocks begin, 0 to 7 each; `blocking_grid` and `zero_grid` name a `phase` that may be used.

    Returns
    -------
    DoubleQuantisationResult
        `value` is in bits a coefficient, 0 or more.

    Raises
    ------
    ValueError
        If `pixels` or `origin` is anything else.

    References
    ----------
    Popescu, A. C. & Farid, H. (2004). Statistical tools for digital forensics. International Workshop on Information
    Hiding. (The periodic gaps and peaks.) Lukas, J. & Fridrich, J. (2003). Estimation of primary quantization matrix in
    double compressed JPEG images. Digital Forensic Research Workshop. (Calibration, and the search for q1.) Lin, Z. et
    al. (2009). Fast, automatic and fine-grained tampered JPEG image detection via DCT coefficient analysis. Pattern
    Recognition 42, 2492-2501. (The gain of each block as a map.)

    Examples
    --------
    >>> import cv2
    >>> import numpy as np
    >>> from course.forensics import save_as_jpeg
    >>> noise = np.random.default_rng(0).normal(128, 90, (320, 320, 3))
    >>> scene = cv2.GaussianBlur(noise, (0, 0), 2).clip(0, 255).astype(np.uint8)
    >>> once, twice = save_as_jpeg(scene, 92), save_as_jpeg(save_as_jpeg(scene, 70), 92)
    >>> double_quantisation(once).value < 0.02, double_quantisation(twice).value > 0.2
    (True, True)
    """
    left, top = require_origin(origin)
    grey = exact_luma(require_pixels(pixels))[top:, left:]
    if min(grey.shape) < SMALLEST_SIDE:
        raise InputError(f"pixels must have H, W >= {SMALLEST_SIDE} from origin on; got {pixels.shape} and {origin}.")
    half = BLOCK // 2
    seen, free = block_coefficients(grey), block_coefficients(grey[half:, half:])
    gains = np.zeros(seen.shape[1:], np.float32)
    steps = []
    for frequency, coefficients, calibration in zip(FREQUENCIES, seen, free, strict=True):
        found, gain = _steps(frequency, coefficients, calibration)
        steps.append(found)
        gains += gain / len(FREQUENCIES)
    area = np.zeros(pixels.shape[:2], np.float32)
    rows, columns = (BLOCK * n for n in gains.shape)
    area[top : top + rows, left : left + columns] = gains.repeat(BLOCK, 0).repeat(BLOCK, 1)
    return DoubleQuantisationResult(
        value=float(np.mean([step.gain for step in steps])),
        unit="bits a coefficient",
        map=area,
        confounders=(
            "Most pictures that are sent on, cropped or turned are saved twice: that tells no intent.",
            "The two qualities: steps that are multiples of each other, or a coarse saving at the end, hide the first.",
            "A change of size, a crop off the grid or a filter between or after the savings.",
            "Drawings, screenshots and other pictures of few colours, whose histograms have gaps of their own.",
            "Small or plain pictures, with too few coefficients to fill a histogram.",
        ),
        steps=tuple(steps),
    )


def _steps(
    frequency: tuple[int, int], coefficients: NDArray[np.float32], calibration: NDArray[np.float32]
) -> tuple[Steps, NDArray[np.float64]]:
    """What one histogram says, and the gain of each block, shape (rows, columns)."""
    last = _last_step(coefficients)
    reach = REACH // last
    levels = np.arange(-reach, reach + 1)
    level = np.rint(coefficients / last).astype(np.intp) + reach
    inside = (level >= 0) & (level < levels.size)
    counts = np.bincount(level[inside], minlength=levels.size)
    observed = counts / max(1, counts.sum())
    expected = _second_rounding(_first_rounding(calibration), last)
    once = expected[:, :1]
    # What neither picture shows is possible all the same.
    expected = (1 - STRAYS_TWICE) * expected + STRAYS_TWICE * once + 1e-6
    expected /= expected.sum(axis=0)
    information = np.log2(expected / expected[:, :1])
    # Where the last step is not seen there is no comb to be uneven.
    best = int((observed @ information).argmax()) if last > 1 else 0
    gain = float(observed @ information[:, best])
    per_block = np.where(inside, information[np.where(inside, level, 0), best], 0)
    found = Steps(
        frequency=frequency,
        last=last,
        first=best + 1 if gain >= LEAST_GAIN else None,
        gain=gain,
        levels=levels,
        observed=observed,
        once=expected[:, 0],
        twice=expected[:, best],
    )
    return found, per_block


def _last_step(coefficients: NDArray[np.float32]) -> int:
    """The step whose multiples the coefficients keep closest to, or 1 if to none more than by chance."""
    size = np.abs(coefficients)
    size = size[(size >= CLEARLY_NOT_ZERO) & (size < REACH)]
    if size.size < FEWEST_COEFFICIENTS:
        return 1
    counts = np.bincount((size * FINE).astype(np.intp), minlength=REACH * FINE)
    evidence = np.einsum("sn,n->s", _closeness(), counts)
    best = int(evidence.argmax())
    return best + 2 if evidence[best] > 0 else 1


@lru_cache(maxsize=1)
def _closeness() -> NDArray[np.float64]:
    """For the steps 2 to 40, how much a coefficient of each size speaks for it, shape (39, REACH * FINE)."""
    sizes = (np.arange(REACH * FINE) + 0.5) / FINE
    steps = np.arange(2, LARGEST_STEP + 1)[:, None]
    off = (sizes - steps * np.rint(sizes / steps)) / ROUNDING
    density = np.exp(-(off**2) / 2) / (ROUNDING * math.sqrt(2 * math.pi))
    return np.log((1 - STRAYS) * steps * density + STRAYS)


def _first_rounding(calibration: NDArray[np.float32]) -> NDArray[np.float64]:
    """The shares of whole coefficients after rounding to multiples of 1, 2, ... 40, shape (2 * REACH + 1, 40)."""
    # Bins of half a unit, as half of any step is then the border of a bin; and alike on both sides of zero.
    bins = np.floor(2 * calibration.ravel()).astype(np.intp) + 2 * REACH
    counts = np.bincount(bins[(bins >= 0) & (bins < 4 * REACH)], minlength=4 * REACH)
    below = np.concatenate([[0], np.cumsum(counts + counts[::-1])])
    lowest, highest = _borders()
    # An empty histogram is that of a picture where all coefficients are beyond reach.
    return (below[highest] - below[lowest]) / max(1, below[-1])


@lru_cache(maxsize=1)
def _borders() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which half-unit bins are rounded to each whole value by each step: from, up to, shape (2 * REACH + 1, 40)."""
    values = np.arange(-REACH, REACH + 1)[:, None]
    steps = np.arange(1, LARGEST_STEP + 1)
    multiple = values % steps == 0
    lowest = np.clip(2 * values - steps + 2 * REACH, 0, 4 * REACH)
    highest = np.clip(2 * values + steps + 2 * REACH, 0, 4 * REACH)
    return np.where(multiple, lowest, 0), np.where(multiple, highest, 0)


def _second_rounding(shares: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """The shares of whole coefficients, (2 * REACH + 1, N), at the levels of the last step, (levels, N)."""
    # Decoding between the two savings moves a coefficient a little, so that the border between two levels is soft.
    up = np.array([(1 + math.erf((k - step / 2) / (ROUNDING * math.sqrt(2)))) / 2 for k in range(step)])
    # In groups that lie between one level and the next, the first of them below the lowest level.
    below = (REACH // step + 1) * step
    groups = np.zeros((2 * below, shares.shape[1]))
    groups[below - REACH : below + REACH + 1] = shares
    groups = groups.reshape(-1, step, shares.shape[1])
    return np.einsum("gsn,s->gn", groups[1:], 1 - up) + np.einsum("gsn,s->gn", groups[:-1], up)
