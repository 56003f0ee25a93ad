"""What happens to a picture on its way through the world: saved, shrunk, cut, blurred, photographed off a screen.

Each takes an RGB picture and gives a new one. None of them was made against a mark; that they wear marks down is what
lesson 6 finds out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._input import require_pixels, require_positive, require_whole

LARGEST_SIDE = 16_384
"""In pixels: more is no picture for a lesson, and may not fit into memory."""

LARGEST_BLUR = 100
"""In pixels: beyond it the Gaussian takes seconds."""


def jpeg(pixels: NDArray[np.uint8], quality: int = 75) -> NDArray[np.uint8]:
    """Save as JPEG and open again, in memory.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    quality : int
        1 (coarse) to 100 (fine), on the scale of the Independent JPEG Group; colours at half size, as cameras do.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    References
    ----------
    Wallace, G. K. (1992). The JPEG still picture compression standard. IEEE Transactions on Consumer Electronics 38,
    xviii-xxxiv.

    Examples
    --------
    >>> import numpy as np
    >>> int(jpeg(np.full((16, 16, 3), 90, dtype=np.uint8), 50)[3, 3, 0])
    90
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        require_whole("quality", quality, least=1, most=100),
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def resize(pixels: NDArray[np.uint8], factor: float = 0.5) -> NDArray[np.uint8]:
    """Make a picture smaller (by area averaging) or larger (by cubic interpolation), and leave it so.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    factor : float
        Above 0: 0.5 halves height and width. The result has one pixel a side at least, and 16,384 at most.

    Returns
    -------
    ndarray of uint8, shape (round(H * factor), round(W * factor), 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> resize(np.zeros((40, 60, 3), dtype=np.uint8), 0.75).shape
    (30, 45, 3)
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    height, width = (n * require_positive("factor", factor) for n in pixels.shape[:2])
    if max(height, width) > LARGEST_SIDE:
        raise InputError(f"factor must leave at most {LARGEST_SIDE:,} pixels a side; got {factor!r}.")
    size = (max(1, round(width)), max(1, round(height)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def crop(pixels: NDArray[np.uint8], share: float = 0.8) -> NDArray[np.uint8]:
    """Keep the middle of a picture.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    share : float
        Of height and width to be kept, above 0 and at most 1; one pixel stays at least.

    Returns
    -------
    ndarray of uint8, shape (round(H * share), round(W * share), 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> crop(np.zeros((40, 60, 3), dtype=np.uint8), 0.5).shape
    (20, 30, 3)
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    if require_positive("share", share) > 1:
        raise InputError(f"share must be at most 1; got {share!r}.")
    height, width = (max(1, round(n * share)) for n in pixels.shape[:2])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    return pixels[top : top + height, left : left + width].copy()


def shift(pixels: NDArray[np.uint8], right: int = 3, down: int = 0) -> NDArray[np.uint8]:
    """Move a picture within its frame; the last row or column fills what it leaves behind.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    right, down : int
        Pixels; below 0 for left and up. Less than the picture's width and height.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> row = np.array([10, 20, 30, 40], dtype=np.uint8)[None, :, None].repeat(3, axis=2)
    >>> shift(row, right=1)[0, :, 0].tolist()
    [10, 10, 20, 30]
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    for name, way, extent in (("right", right, pixels.shape[1]), ("down", down, pixels.shape[0])):
        require_whole(name, way, least=1 - extent, most=extent - 1)
    rows = (np.arange(pixels.shape[0]) - down).clip(0, pixels.shape[0] - 1)
    columns = (np.arange(pixels.shape[1]) - right).clip(0, pixels.shape[1] - 1)
    return pixels[rows[:, None], columns]


def noise(pixels: NDArray[np.uint8], sigma: float = 8.0, seed: int = 0) -> NDArray[np.uint8]:
    """Add normal noise to red, green and blue, each on its own.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    sigma : float
        Standard deviation in grey levels, above 0.
    seed : int
        The same seed makes the same noise.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        Rounded, and held within 0 and 255.

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> grey = np.full((64, 64, 3), 128, dtype=np.uint8)
    >>> float(noise(grey, 10).std().round())
    10.0
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    grain = np.random.default_rng(seed).standard_normal(pixels.shape, dtype=np.float32)
    return _rounded(pixels + grain * np.float32(require_positive("sigma", sigma)))


def blur(pixels: NDArray[np.uint8], sigma: float = 1.0) -> NDArray[np.uint8]:
    """Blur with a Gaussian.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    sigma : float
        Its standard deviation in pixels, above 0 and at most 100.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> point = np.zeros((9, 9, 3), dtype=np.uint8)
    >>> point[4, 4] = 255
    >>> blur(point, 1.0)[4, 3:6, 0].tolist()
    [25, 40, 25]
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    if require_positive("sigma", sigma) > LARGEST_BLUR:
        raise InputError(f"sigma must be at most {LARGEST_BLUR}; got {sigma!r}.")
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def brightness(pixels: NDArray[np.uint8], factor: float = 1.1) -> NDArray[np.uint8]:
    """Multiply red, green and blue; what passes 255 stays there.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    factor : float
        Above 0; above 1 is brighter.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> brightness(np.array([[[100, 200, 250]]], dtype=np.uint8), 1.1).tolist()
    [[[110, 220, 255]]]
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    levels = np.arange(256) * require_positive("factor", factor)
    return _rounded(levels)[pixels]


def paler(pixels: NDArray[np.uint8], share: float = 0.5) -> NDArray[np.uint8]:
    """Move each colour towards the grey that is as bright, as the colour slider of a phone does.

    With Y = .299 R + .587 G + .114 B each channel v becomes Y + share (v - Y).

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    share : float
        What stays of the colour: above 0, at most 1 (nothing changes).

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    References
    ----------
    ITU-R Recommendation BT.601.

    Examples
    --------
    >>> import numpy as np
    >>> paler(np.array([[[200, 100, 0]]], dtype=np.uint8), 0.5).tolist()
    [[[159, 109, 59]]]
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    if require_positive("share", share) > 1:
        raise InputError(f"share must be at most 1; got {share!r}.")
    # One matrix does it: much quicker than to work out the grey picture first.
    grey = np.tile(np.array([0.299, 0.587, 0.114]), (3, 1))
    return _rounded(pixels @ (share * np.eye(3) + (1 - share) * grey).T.astype(np.float32))


def screenshot(pixels: NDArray[np.uint8], scale: float = 0.8, quality: int = 85) -> NDArray[np.uint8]:
    """Show a picture in a window and save the screen: another size, a little contrast, a lost rim, a JPEG.

    The picture is drawn `scale` times as large by bilinear interpolation, as browsers and viewers do it; its grey
    levels v become 255 (v / 255)^1.05; 1/50 of height and width is lost at each edge; the rest is saved as JPEG.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    scale : float
        From 0.1 to 4. The result has one pixel a side at least.
    quality : int
        Of the JPEG, 1 to 100.

    Returns
    -------
    ndarray of uint8, shape about (.96 H scale, .96 W scale, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> screenshot(np.zeros((500, 1000, 3), dtype=np.uint8), scale=0.8).shape
    (384, 768, 3)
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    if not 0.1 <= require_positive("scale", scale) <= 4:
        raise InputError(f"scale must lie between 0.1 and 4; got {scale!r}.")
    height, width = (max(1, round(n * scale)) for n in pixels.shape[:2])
    # Area averaging would be kinder to the mark than most screens are.
    shown = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    levels = _rounded(255 * (np.arange(256) / 255) ** 1.05)
    return jpeg(crop(levels[shown], 0.96), quality)


def turn(pixels: NDArray[np.uint8], degrees: float = 2.0) -> NDArray[np.uint8]:
    """Turn a picture about its middle, within its frame; what comes in at the corners mirrors what is beside it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    degrees : float
        From -45 to 45; above 0 is against the clock.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> cross = np.zeros((9, 9, 3), dtype=np.uint8)
    >>> cross[4] = 200
    >>> turn(cross, 45)[[2, 4, 6], [6, 4, 2], 0].tolist() == [200, 200, 200]
    True
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    number = isinstance(degrees, int | float | np.integer | np.floating)
    if not (number and abs(degrees) <= 45):
        raise InputError(f"degrees must be a number from -45 to 45; got {degrees!r}.")
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), float(degrees), 1)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def photographed(pixels: NDArray[np.uint8], askew: float = 0.04, quality: int = 85, seed: int = 0) -> NDArray[np.uint8]:
    """Simulate a phone that photographs a screen: held askew, other tones, out of focus by a hair, grain, a JPEG.

    The corners are drawn inwards or outwards by up to `askew` of height and width, so that squares become slanting
    quadrangles; grey levels v become 255 (v / 255)^1.2; then `blur` by 0.7 pixels, `noise` of 3 levels, and `jpeg`.
    A real photograph of a screen adds its grid of dots, stripes and reflections.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    askew : float
        Above 0, at most 0.2.
    quality : int
        Of the JPEG, 1 to 100.
    seed : int
        The same seed holds the phone in the same way.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> photographed(np.zeros((40, 60, 3), dtype=np.uint8)).shape
    (40, 60, 3)
    """
    import cv2

    pixels = np.ascontiguousarray(require_pixels(pixels))
    if require_positive("askew", askew) > 0.2:
        raise InputError(f"askew must be at most 0.2; got {askew!r}.")
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    moved = corners + np.random.default_rng(seed).uniform(-askew, askew, (4, 2))
    extent = np.array([width, height])
    matrix = cv2.getPerspectiveTransform((corners * extent).astype(np.float32), (moved * extent).astype(np.float32))
    seen = cv2.warpPerspective(pixels, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    tones = _rounded(255 * (np.arange(256) / 255) ** 1.2)
    return jpeg(noise(blur(tones[seen], 0.7), 3, seed), quality)


def _rounded(levels: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.rint(levels).clip(0, 255).astype(np.uint8)
