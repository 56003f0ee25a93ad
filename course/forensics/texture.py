"""Brightness, colour and fine texture of one picture: plain numbers, each with what else moves it.

They say what a picture is like and not where it comes from. Crop, size, light, lens and the last file format move
each of them; `course.parity` uses them to find out whether the two halves of the pack differ in any.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import exact_luma
from course.forensics._input import require_frames, require_pixels
from course.forensics._periodogram import power_spectrum
from course.forensics.grid import cross_difference, grid_ratio
from course.forensics.jpeg import BLOCK

BT601 = (0.299, 0.587, 0.114)
"""How much red, green and blue count in the brightness of a pixel (ITU-R BT.601)."""

QUARTER = 0.25
"""A quarter of the sampling frequency, in cycles a pixel: waves of four pixels."""

MAD_OF_NORMAL = 0.6745
"""Median of the absolute value of a normal variable with standard deviation 1."""

# A badge or a line of a caption: wide and low.
CORNER_WIDTH, CORNER_HEIGHT = 0.4, 0.15


def mean_luma(pixels: NDArray[np.uint8]) -> float:
    """Mean brightness: the mean of .299 R + .587 G + .114 B.

    What else moves it: exposure, the time of day, a dark border.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.

    Returns
    -------
    float
        Grey levels, 0 to 255.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    ITU-R Recommendation BT.601.

    Examples
    --------
    >>> import numpy as np
    >>> round(mean_luma(np.full((4, 4, 3), (255, 0, 0), dtype=np.uint8)), 3)
    76.245
    """
    import cv2

    return float(np.dot(cv2.mean(require_pixels(pixels))[:3], BT601))


def saturation(pixels: NDArray[np.uint8]) -> float:
    """How far the colours are from grey: the mean of (largest - smallest) / largest of R, G and B.

    Black counts as 0. What else moves it: white balance and colour grading, and darkness, because one level of
    difference between dark channels counts as much as a hundred between bright ones.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.

    Returns
    -------
    float
        0 (grey throughout) to 1 (pure colours).

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Smith, A. R. (1978). Color gamut transform pairs. SIGGRAPH. (The S of HSV.)

    Examples
    --------
    >>> import numpy as np
    >>> saturation(np.full((4, 4, 3), (200, 100, 150), dtype=np.uint8))
    0.5
    """
    import cv2

    red, green, blue = cv2.split(require_pixels(pixels))
    largest = np.maximum(np.maximum(red, green), blue)
    smallest = np.minimum(np.minimum(red, green), blue)
    share = (largest - smallest) / np.maximum(largest, 1).astype(np.float32)
    return float(share.mean(dtype=np.float64))


def high_frequency_share(pixels: NDArray[np.uint8]) -> float:
    """Share of the power of a picture that lies in waves shorter than four pixels.

    On grey levels Y, with the Hann window w and F the Fourier transform::

        P(f)  = |F[w (Y - m)](f)|^2,    m = sum(w Y) / sum(w)
        value = sum of P over |f| > 1/4  /  sum of P over all f        (f in cycles a pixel)

    The window keeps the jump between opposite edges from counting as detail; taking away the mean under the window
    keeps brightness out. What else moves it: focus, the distance of things, a change of size, noise, a lossy codec.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 8.

    Returns
    -------
    float
        0 to 1; 0 for a picture without any change.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Durall, R., Keuper, M. & Keuper, J. (2020). Watch your up-convolution. Conference on Computer Vision and Pattern
    Recognition. (They look at the same spectrum, radius by radius.)

    Examples
    --------
    Stripes of 4 + 4 pixels are long waves, stripes of 1 + 1 pixels are short ones:

    >>> import numpy as np
    >>> wide = np.tile(np.repeat([100, 140], 4), 8).astype(np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    >>> fine = np.tile([100, 140], 32).astype(np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    >>> round(high_frequency_share(wide), 2), round(high_frequency_share(fine), 2)
    (0.15, 1.0)
    """
    grey = exact_luma(require_pixels(pixels), BLOCK)
    height, width = grey.shape
    power = power_spectrum(grey)
    # The transform of real numbers is kept by half: all columns but the outermost stand for two.
    power[:, 1 : (width + 1) // 2] *= 2
    total = power.sum(dtype=np.float64)
    short = np.fft.fftfreq(height)[:, None] ** 2 + np.fft.rfftfreq(width) ** 2 > QUARTER**2
    # What single-precision rounding leaves of a flat picture is no texture.
    return float(power[short].sum(dtype=np.float64) / total) if total > 1e-6 * grey.size else 0.0


def sharpness(pixels: NDArray[np.uint8]) -> float:
    """How strongly the grey levels bend: the standard deviation of the Laplacian.

    The Laplacian of a pixel is the sum of its four neighbours minus four times itself. What else moves it: contrast,
    noise, and how much there is to see; a sharp picture of a wall has little of it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 3.

    Returns
    -------
    float
        Grey levels, 0 or more.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Pech-Pacheco, J. L. et al. (2000). Diatom autofocusing in brightfield microscopy. International Conference on
    Pattern Recognition. (They use its square, the variance.)

    Examples
    --------
    >>> import numpy as np
    >>> slope = np.arange(16, dtype=np.uint8)[None, :, None].repeat(16, 0).repeat(3, 2)
    >>> sharpness(slope) < 1e-3
    True
    """
    import cv2

    grey = exact_luma(require_pixels(pixels), 3)
    # The border has no four neighbours; what OpenCV invents there would bend a plain slope.
    return float(cv2.Laplacian(grey, cv2.CV_32F)[1:-1, 1:-1].std(dtype=np.float64))


def blockiness(pixels: NDArray[np.uint8]) -> float:
    """How much more the picture jumps on the 8 x 8 grid of a codec than elsewhere.

    With the cross difference of four neighbours on grey levels Y, ::

        D(x, y) = |Y(x, y) - Y(x+1, y) - Y(x, y+1) + Y(x+1, y+1)|

    the mean of D over the columns x = 7, 15, 23, ... (the last of a block) is divided by its mean over all other
    columns; likewise for rows; the value is the mean of the two. The grid begins in the upper left corner. What else
    moves it: where the picture was cropped, a filter that smooths the grid as video codecs do, and tiles or windows
    that happen to repeat every 8 pixels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 16.

    Returns
    -------
    float
        A ratio: 1 means no grid, or no texture at all; more means a grid.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Fan, Z. & de Queiroz, R. L. (2003). Identification of bitmap compression history: JPEG detection and quantizer
    estimation. IEEE Transactions on Image Processing 12, 230-235.

    Examples
    --------
    Grain, and the same with every second block brightened:

    >>> import numpy as np
    >>> grain = np.random.default_rng(0).integers(100, 110, (64, 64, 1), dtype=np.uint8).repeat(3, 2)
    >>> y, x = np.indices((64, 64)) // 8
    >>> blocky = grain + (30 * ((x + y) % 2)).astype(np.uint8)[..., None]
    >>> round(blockiness(grain), 1), blockiness(blocky) > 1.3
    (1.0, True)
    """
    grey = exact_luma(require_pixels(pixels), 2 * BLOCK)
    cross = cross_difference(grey)
    return (grid_ratio(cross.mean(axis=0)) + grid_ratio(cross.mean(axis=1))) / 2


def noise_level(pixels: NDArray[np.uint8]) -> float:
    """Standard deviation of the noise, judged from the finest diagonal detail.

    On grey levels, cut into squares of 2 x 2 pixels a b / c d, one level of the Haar wavelet::

        HH = (a - b - c + d) / 2,    value = median |HH| / 0.6745

    The median passes over the few squares with an edge. What else moves it: fine texture such as grass or cloth in
    more than half of the picture, smoothing by the camera or a codec, and a change of size. Noise that is drawn for R,
    G and B on their own partly cancels: the grey levels hold 0.67 of it. In a picture without colour HH comes in
    halves, and the value in steps of 0.74.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 2; the last row or column of an odd number is left out.

    Returns
    -------
    float
        Grey levels, 0 or more.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Donoho, D. L. & Johnstone, I. M. (1994). Ideal spatial adaptation by wavelet shrinkage. Biometrika 81, 425-455.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).normal(128, 5, (64, 64, 1)).round().astype(np.uint8).repeat(3, 2)
    >>> 4.5 < noise_level(noise) < 5.5
    True
    """
    grey = exact_luma(require_pixels(pixels), 2)
    height, width = (n - n % 2 for n in grey.shape)
    a, b = grey[0:height:2, 0:width:2], grey[0:height:2, 1:width:2]
    c, d = grey[1:height:2, 0:width:2], grey[1:height:2, 1:width:2]
    return float(np.median(np.abs(a - b - c + d))) / 2 / MAD_OF_NORMAL


def corner_text(pictures: NDArray[np.uint8]) -> float:
    """How much more standing edge the busiest corner holds than the rest of the picture.

    For badges, captions, dates and logos. On grey levels Y, with a corner 0.4 of the width and 0.15 of the height::

        E     = |mean over the frames of grad Y|          (grey levels a pixel)
        value = (1 + mean of E in the busiest of the four corners) / (1 + mean of E elsewhere)

    What stands still keeps its edges in the mean over the frames; what moves loses them. In a single picture all edges
    count. It reads nothing: a brick wall, a fence or leaves in a corner count as writing would, a faint or small badge
    is missed, and so is one that lies in no corner or on a picture that is busy all over.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (H, W, 3) or (T, H, W, 3)
        An RGB picture, or some frames of a clip, with H, W >= 16. Frames that lie apart say more than neighbours.

    Returns
    -------
    float
        A ratio: 1 means as much as elsewhere, and more means a busy corner.

    Raises
    ------
    ValueError
        If `pictures` is anything else.

    References
    ----------
    Wu, V., Manmatha, R. & Riseman, E. M. (1999). TextFinder. IEEE Transactions on Pattern Analysis and Machine
    Intelligence 21, 1224-1229. (Text as a place of dense, strong edges.)

    Examples
    --------
    >>> import cv2
    >>> import numpy as np
    >>> scene = np.arange(128, dtype=np.uint8)[None, :, None].repeat(128, 0).repeat(3, 2)
    >>> badge = cv2.putText(scene.copy(), "MADE BY", (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255))
    >>> round(corner_text(scene), 1), corner_text(badge) > 3
    (1.0, True)
    """
    import cv2

    single = isinstance(pictures, np.ndarray) and pictures.ndim == 3
    frames = require_frames(pictures[None] if single else pictures, least=1, smallest=2 * BLOCK)
    right = down = 0.0
    for frame in frames:
        grey = exact_luma(frame, 2 * BLOCK)
        right = right + cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8)
        down = down + cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=1 / 8)
    edges = cv2.magnitude(right, down) / len(frames)
    height, width = edges.shape
    h, w = round(CORNER_HEIGHT * height), round(CORNER_WIDTH * width)
    rows, columns = (slice(h), slice(height - h, None)), (slice(w), slice(width - w, None))
    corner = max((edges[row, column] for row in rows for column in columns), key=np.mean)
    inside = corner.sum(dtype=np.float64)
    elsewhere = (edges.sum(dtype=np.float64) - inside) / (edges.size - corner.size)
    return float((1 + inside / corner.size) / (1 + elsewhere))
