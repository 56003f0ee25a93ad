"""JPEG in memory: save a picture once more, and look at it as the codec does, in blocks of 8 x 8 pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._input import require_pixels, require_whole

BLOCK = 8
"""Side of the blocks of JPEG, in pixels; the larger blocks of video codecs begin on the same grid."""

FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3), (3, 0))
"""Half-turns down and across a block, of the waves that are not mostly zero in a JPEG."""

LONGEST_SIDE = 65_500
"""In pixels: what libjpeg takes."""


def save_as_jpeg(pixels: NDArray[np.uint8], quality: int = 90) -> NDArray[np.uint8]:
    """Save a picture as JPEG and open it again, without a file.

    Baseline JPEG by libjpeg-turbo as OpenCV brings it: the example tables of the standard (annex K), scaled by
    `quality` as the Independent JPEG Group does, and colour at half the width and height (4:2:0). The grid of blocks
    begins in the upper left corner.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W <= 65500.
    quality : int
        1 to 100.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        RGB.

    Raises
    ------
    ValueError
        If `pixels` or `quality` is anything else.

    References
    ----------
    ITU-T T.81 (1992). Digital compression and coding of continuous-tone still images.

    Examples
    --------
    >>> import numpy as np
    >>> grain = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    >>> fine, coarse = (np.abs(save_as_jpeg(grain, q).astype(int) - grain).mean() for q in (95, 20))
    >>> bool(fine < coarse)
    True
    """
    import cv2

    require_whole("quality", quality, 1, 100)
    bgr = cv2.cvtColor(require_savable(pixels), cv2.COLOR_RGB2BGR)
    return cv2.cvtColor(resave(bgr, quality), cv2.COLOR_BGR2RGB)


def require_savable(pixels: Any) -> NDArray[np.uint8]:
    """Pass a picture on that JPEG can hold, or say what is wrong with it.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    if max(require_pixels(pixels).shape[:2]) > LONGEST_SIDE:
        raise InputError(f"pixels must have H, W <= {LONGEST_SIDE}, the most that JPEG holds; got {pixels.shape}.")
    return pixels


def resave(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """One round through the codec, for callers that have checked both.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3) or (H, W)
        In the order of colours that OpenCV asks for, blue first; or grey levels.
    quality : int

    Returns
    -------
    ndarray of uint8
        Of the same shape, in the same order.
    """
    import cv2

    options = (
        cv2.IMWRITE_JPEG_QUALITY,
        int(quality),
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    )
    kind = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR
    return cv2.imdecode(cv2.imencode(".jpg", picture, options)[1], kind)


def cosines() -> NDArray[np.float32]:
    """The orthonormal cosine transform of eight numbers: row k holds the wave with k half-turns.

    Returns
    -------
    ndarray of float32, shape (8, 8)

    References
    ----------
    Ahmed, N., Natarajan, T. & Rao, K. R. (1974). Discrete cosine transform. IEEE Transactions on Computers C-23.

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.allclose(cosines() @ cosines().T, np.eye(8), atol=1e-6))
    True
    """
    k, x = np.indices((BLOCK, BLOCK))
    return (np.where(k == 0, np.sqrt(1 / 8), 1 / 2) * np.cos((2 * x + 1) * k * np.pi / 16)).astype(np.float32)


def block_coefficients(
    grey: NDArray[np.float32], frequencies: Sequence[tuple[int, int]] = FREQUENCIES
) -> NDArray[np.float32]:
    """Some coefficients of the cosine transform of each whole block of 8 x 8 pixels.

    Parameters
    ----------
    grey : ndarray of float32, shape (H, W)
        Grey levels; the blocks begin in the upper left corner, and what is left over at the other sides is left out.
    frequencies : sequence of pairs of int
        Half-turns down and across the block, 0 to 7 each.

    Returns
    -------
    ndarray of float32, shape (N, H // 8, W // 8)
        In the scale of JPEG, whose coefficient (0, 0) is 8 times the mean of the block.

    Examples
    --------
    >>> import numpy as np
    >>> block_coefficients(np.full((16, 24), 5, np.float32), [(0, 0), (0, 1)]).round(3)[:, 1, 2].tolist()
    [40.0, 0.0]
    """
    rows, columns = (n // BLOCK for n in grey.shape)
    wave = cosines()
    down, across = np.array(frequencies).T
    waves = (wave[down][:, :, None] * wave[across][:, None]).reshape(len(down), -1)
    blocks = grey[: BLOCK * rows, : BLOCK * columns].reshape(rows, BLOCK, columns, BLOCK)
    flat = blocks.transpose(0, 2, 1, 3).reshape(-1, BLOCK * BLOCK)
    return (waves @ flat.T).reshape(len(down), rows, columns)


def require_origin(origin: tuple[int, int]) -> tuple[int, int]:
    """Pass the place where blocks begin on, or say what is wrong with it.

    Raises
    ------
    ValueError
        Says what was expected and what came.
    """
    if not isinstance(origin, tuple) or len(origin) != 2:
        raise InputError(f"origin must be a pair (x, y) of whole numbers from 0 to 7; got {origin!r}.")
    x, y = (require_whole("each of origin", place, 0, BLOCK - 1) for place in origin)
    return x, y
