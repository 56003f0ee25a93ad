"""How alike two pictures of the same size are, place by place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma
from course.forensics._input import require_pixels
from course.forensics.measurement import MapMeasurement

WINDOW = 11
"""Side of the Gaussian window, in pixels."""

SIGMA = 1.5
STRIP = 64  # rows
RANGE = 255.0
K1, K2 = 0.01, 0.03


def structural_similarity(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> MapMeasurement:
    """Compare brightness, contrast and pattern of two pictures around each pixel (SSIM).

    With means m, variances v and covariance c of the grey levels under a Gaussian window of 11 x 11 pixels and
    standard deviation 1.5::

        SSIM = (2 m_a m_b + C1) (2 c + C2) / ((m_a^2 + m_b^2 + C1) (v_a + v_b + C2))
        C1 = (.01 * 255)^2,    C2 = (.03 * 255)^2

    Parameters
    ----------
    a, b : ndarray of uint8, shape (H, W, 3)
        Two RGB pictures of the same size, H, W >= 11.

    Returns
    -------
    MapMeasurement
        `map` is the SSIM at each pixel: 1 where the two are the same, 0 where they have nothing in common, down to
        -1 where one is the negative of the other. `value` is its mean without the outer 5 pixels, whose windows
        reach beyond the picture.

    Raises
    ------
    ValueError
        If `a` and `b` are anything else.

    References
    ----------
    Wang, Z., Bovik, A. C., Sheikh, H. R. & Simoncelli, E. P. (2004). Image quality assessment: from error visibility
    to structural similarity. IEEE Transactions on Image Processing.

    Examples
    --------
    Two even pictures have no contrast to compare; of 100 and 120 grey levels, (24000 + C1) / (24400 + C1) is left.

    >>> import numpy as np
    >>> a, b = (np.full((32, 32, 3), level, dtype=np.uint8) for level in (100, 120))
    >>> round(structural_similarity(a, b).value, 4)
    0.9836
    """
    import cv2

    require_pixels(a)
    require_pixels(b)
    if a.shape != b.shape or min(a.shape[:2]) < WINDOW:
        raise InputError(f"a and b must be of one shape (H, W, 3) with H, W >= {WINDOW}; got {a.shape} and {b.shape}.")

    rim = WINDOW // 2
    first, second = (cv2.copyMakeBorder(luma(p), rim, rim, rim, rim, cv2.BORDER_REFLECT) for p in (a, b))
    height, width = a.shape[:2]
    similarity = np.empty((height, width), dtype=np.float32)
    # In strips: what fits the processor's cache is compared several times faster.
    for top in range(0, height, STRIP):
        rows = slice(top, min(top + STRIP, height) + 2 * rim)
        similarity[top : top + STRIP] = _similarity(first[rows], second[rows])[rim:-rim, rim:-rim]
    inner = similarity[rim:-rim, rim:-rim]
    return MapMeasurement(
        value=float(inner.mean(dtype=np.float64)),
        unit="SSIM",
        map=similarity,
        confounders=(
            "A shift of a pixel or two, which no eye sees, counts as a great change.",
            "Smooth surfaces: there the noise of the camera is all the pattern there is.",
            "Colour, which is not looked at: only grey levels are.",
            "Size: the same pair compared after shrinking is more alike.",
            "It tells how far two pictures differ and not which of them was changed.",
        ),
    )


def _similarity(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """SSIM at each pixel of two grey pictures; the outer 5 pixels are not of use."""
    import cv2

    def mean(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        return cv2.GaussianBlur(picture, (WINDOW, WINDOW), SIGMA)

    a, b = first.astype(np.float32), second.astype(np.float32)
    mean_a, mean_b = mean(a), mean(b)
    product = mean_a * mean_b
    squares = mean_a * mean_a + mean_b * mean_b
    covariance = mean(a * b) - product
    # Both variances at once: only their sum is asked for.
    variances = mean(a * a + b * b) - squares
    c1, c2 = (K1 * RANGE) ** 2, (K2 * RANGE) ** 2
    return (2 * product + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2))
