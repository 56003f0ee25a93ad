"""Grey levels, and fewer of them: what the measurements over time look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError


def luma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn RGB into grey levels by the weights of ITU-R BT.601 (.299, .587, .114).

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)

    Returns
    -------
    ndarray of uint8, shape (H, W)

    Examples
    --------
    >>> import numpy as np
    >>> luma(np.array([[[255, 0, 0]]], dtype=np.uint8)).tolist()
    [[76]]
    """
    import cv2

    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def exact_luma(pixels: NDArray[np.uint8], smallest: int = 1) -> NDArray[np.float32]:
    """Turn RGB into grey levels without rounding: whole numbers would look like noise of a third of a level.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    smallest : int
        So many pixels are needed in height and width.

    Returns
    -------
    ndarray of float32, shape (H, W)

    Raises
    ------
    ValueError
        If the picture is smaller.

    Examples
    --------
    >>> import numpy as np
    >>> round(exact_luma(np.array([[[255, 0, 0]]], dtype=np.uint8)).item(), 3)
    76.245
    """
    import cv2

    if min(pixels.shape[:2]) < smallest:
        raise InputError(f"pixels must have H, W >= {smallest}; got shape {pixels.shape}.")
    return cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY)


def reduced(picture: NDArray[np.uint8], side: int, smallest: int = 1) -> NDArray[np.uint8]:
    """Shrink a picture by area averaging until its longer side is at most `side` pixels.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W)
    side : int
        In pixels.
    smallest : int
        The shorter side keeps so many pixels, where it has them; a long strip then loses its proportions.

    Returns
    -------
    ndarray of uint8
        The same array if it is small enough already.

    Examples
    --------
    >>> import numpy as np
    >>> reduced(np.zeros((100, 400), dtype=np.uint8), 200).shape
    (50, 200)
    """
    import cv2

    factor = side / max(picture.shape)
    if factor >= 1:
        return picture
    height, width = (min(n, max(smallest, round(n * factor))) for n in picture.shape)
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
