"""From wide and bright to what a screen of the course shows.

Phones record video with high dynamic range (HDR): 10 bits, colours beyond those of sRGB and lights brighter
than white paper. Shown without conversion such a picture is grey and flat.

References
----------
Recommendation ITU-R BT.2100 (2018): the curves PQ and HLG. Report ITU-R BT.2408 (2023): white paper lies at
203 cd/m2. IEC 61966-2-1 (1999): sRGB.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

PQ, HLG = 16, 18
"""Transfer characteristics as numbered in ITU-T H.273, table 3."""

_PAPER = 203.0  # cd/m2
_HLG_PEAK = 1000.0  # cd/m2, of the screen that BT.2100 describes for HLG
_KNEE = 0.5  # up to here light is kept as it is; above it is compressed, softly
_BRIGHTEST = 50.0  # in white papers: the 10,000 cd/m2 at which PQ ends
_LEVELS = 4096

# From linear light of BT.2020 and of Display P3 to linear light of sRGB, all with the white D65.
_TO_SRGB = {
    9: ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
    12: ((1.2249, -0.2249, 0.0), (-0.0420, 1.0420, 0.0), (-0.0196, -0.0786, 1.0983)),
}


def needs_conversion(transfer: int, primaries: int) -> bool:
    """Whether pixels of that kind look wrong when they are shown as sRGB.

    Parameters
    ----------
    transfer, primaries : int
        As numbered in ITU-T H.273, tables 3 and 2.

    Examples
    --------
    >>> needs_conversion(1, 1), needs_conversion(HLG, 9)
    (False, True)
    """
    return transfer in (PQ, HLG) or primaries in _TO_SRGB


def to_srgb(pixels: np.ndarray, transfer: int, primaries: int) -> np.ndarray:
    """Convert a picture of wide colours or high dynamic range to sRGB.

    Parameters
    ----------
    pixels : (H, W, 3) uint16 ndarray
        RGB, not linear, 0 to 65,535.
    transfer, primaries : int
        As numbered in ITU-T H.273, tables 3 and 2.

    Returns
    -------
    (H, W, 3) uint8 ndarray
        Lights brighter than white paper are compressed into the upper end, one colour channel at a time.

    Examples
    --------
    >>> import numpy as np
    >>> paper = np.full((1, 1, 3), 38054, np.uint16)  # white paper in PQ: 58 % of the signal
    >>> to_srgb(paper, PQ, 9)
    array([[[233, 233, 233]]], dtype=uint8)
    """
    import numpy as np

    light = _linear(transfer)[pixels >> 4]
    if primaries in _TO_SRGB:
        light = light @ np.array(_TO_SRGB[primaries], np.float32).T
    # The table is laid out by the square root of light, as the eye sees finer steps in the dark.
    index = np.sqrt(np.clip(light / _BRIGHTEST, 0, 1)) * (_LEVELS - 1)
    return _encoded(transfer in (PQ, HLG))[np.rint(index).astype(np.uint16)]


@lru_cache(maxsize=4)
def _linear(transfer: int) -> np.ndarray:
    # Linear light of each of 4,096 levels of the signal; white paper is 1.
    import numpy as np

    signal = np.linspace(0, 1, _LEVELS)
    if transfer == PQ:
        m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
        root = signal ** (1 / m2)
        light = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) / _PAPER
    elif transfer == HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
        light = _HLG_PEAK * scene**1.2 / _PAPER  # the exponent is that of the screen, on each channel alone
    else:
        light = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


@lru_cache(maxsize=2)
def _encoded(compress: bool) -> np.ndarray:
    # The level of sRGB for each entry of the table by the square root of light.
    import numpy as np

    light = np.linspace(0, 1, _LEVELS) ** 2 * _BRIGHTEST
    if compress:
        above = np.maximum(light - _KNEE, 0) / (1 - _KNEE)
        light = np.where(light > _KNEE, _KNEE + (1 - _KNEE) * (1 - np.exp(-above)), light)
    light = np.minimum(light, 1)
    signal = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(signal * 255).astype(np.uint8)
