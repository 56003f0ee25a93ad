"""Perceptual hashes: 64 bits that stay nearly the same when a picture is resized or saved again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import luma
from course.forensics._input import require_pixels
from course.forensics.measurement import MapMeasurement

SIDE = 32
"""The picture is shrunk to so many pixels in height and width."""

WAVES = 8
"""So many of the lowest frequencies are kept in each direction, the mean brightness among them."""

# Cosines sampled at the centres of the pixels; all waves weigh the same.
_COSINES = np.cos(np.pi / SIDE * np.outer(np.arange(WAVES), np.arange(SIDE) + 0.5)).astype(np.float32)

# Far below one grey level in one pixel (about 1); rounding errors of a flat picture are smaller.
_NOTHING = 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class HashResult:
    """What `perceptual_hash` answers with.

    Attributes
    ----------
    bits : ndarray of bool, shape (8, 8)
        Row k, column l: whether the wave with k half periods down and l across is stronger than the median wave.
    confounders : tuple of str
        What else moves the bits: sentences to be shown beside them.
    """

    bits: NDArray[np.bool_]
    confounders: tuple[str, ...]

    @property
    def hex(self) -> str:
        """The bits row by row as 16 hexadecimal digits."""
        return np.packbits(self.bits).tobytes().hex()

    def distance(self, other: HashResult) -> int:
        """Count the bits in which two hashes differ (Hamming distance): 0 to 64, about 32 for strangers."""
        return int(np.count_nonzero(self.bits != other.bits))


def perceptual_hash(pixels: NDArray[np.uint8]) -> HashResult:
    """Describe a picture by the signs of its 64 slowest waves (pHash).

    The grey picture f is shrunk to 32 x 32 pixels and taken apart into cosines (DCT)::

        F[k, l] = sum_yx f[y, x] cos(pi k (y + 1/2) / 32) cos(pi l (x + 1/2) / 32),    k, l = 0 ... 7
        bit[k, l] = F[k, l] > median F

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture. A picture of one colour has no bits but the first.

    Returns
    -------
    HashResult

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Zauner, C. (2010). Implementation and benchmarking of perceptual image hash functions. Upper Austria University of
    Applied Sciences. (The order of the bits, and that the mean brightness counts, are those of the Python package
    ImageHash, so that hashes can be compared.)

    Examples
    --------
    Bright at the left, dark at the right: the waves with 1, 3, 5, 7 half periods across, with turns of sign.

    >>> import numpy as np
    >>> picture = np.full((64, 64, 3), 50, dtype=np.uint8)
    >>> picture[:, :32] = 200
    >>> perceptual_hash(picture).hex
    'c400000000000000'
    """
    require_pixels(pixels)
    small = _shrunk(luma(pixels)).astype(np.float32)
    waves = _COSINES @ small @ _COSINES.T
    waves[np.abs(waves) < _NOTHING] = 0
    return HashResult(
        bits=waves > np.median(waves),
        confounders=(
            "Turning, mirroring or cropping a picture changes most bits, though anyone sees that it is the same.",
            "A small change that matters, such as another face or word, may change no bit.",
            "Simple pictures, such as a horizon or a logo on white, resemble each other by chance.",
            "It tells whether two pictures share an origin, and nothing about what that origin is.",
        ),
    )


def _shrunk(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture averaged over areas down to 32 x 32 pixels."""
    import cv2

    # Halving is many times faster than averaging over areas that begin and end inside pixels; so that comes last.
    while min(grey.shape) >= 4 * SIDE:
        height, width = (side // 2 for side in grey.shape)
        grey = cv2.resize(grey[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    how = cv2.INTER_AREA if min(grey.shape) >= SIDE else cv2.INTER_LINEAR
    return cv2.resize(grey, (SIDE, SIDE), interpolation=how)


def hash_distance(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> MapMeasurement:
    """Count the bits in which the perceptual hashes of two pictures differ.

    ``value = sum_kl [bit_a[k, l] != bit_b[k, l]]``: the same picture saved again gives a few, two pictures that have
    nothing to do with each other about half of the 64.

    Parameters
    ----------
    a, b : ndarray of uint8, shape (H, W, 3)
        Two RGB pictures; their sizes may differ.

    Returns
    -------
    MapMeasurement
        `value` in bits; `map` of shape (8, 8) holds 1 where the bits differ and 0 elsewhere.

    Raises
    ------
    ValueError
        If `a` or `b` is anything else.

    References
    ----------
    Zauner, C. (2010). Implementation and benchmarking of perceptual image hash functions. Upper Austria University of
    Applied Sciences.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8).repeat(9, 0).repeat(9, 1)
    >>> hash_distance(picture, picture).value
    0.0
    >>> hash_distance(picture, 255 - picture).value > 50
    True
    """
    first, second = perceptual_hash(a), perceptual_hash(b)
    return MapMeasurement(
        value=float(first.distance(second)),
        unit="bits of 64",
        map=(first.bits != second.bits).astype(np.float32),
        confounders=first.confounders,
    )
