"""What saving a picture once more as JPEG changes, and where: error levels and ghosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma
from course.forensics._input import require_whole
from course.forensics.jpeg import BLOCK, require_origin, require_savable, resave, save_as_jpeg
from course.forensics.measurement import MapMeasurement


@dataclass(frozen=True, eq=False, kw_only=True)
class ErrorLevelResult(MapMeasurement):
    """What `error_level_analysis` answers with.

    Attributes
    ----------
    map : ndarray of int16, shape (H, W, 3)
        The picture minus itself saved once more, RGB, -255 to 255. To be seen it wants a gain of 10 or more, which is
        a matter of the view and not of the measurement.
    """

    map: NDArray[np.int16]


def error_level_analysis(pixels: NDArray[np.uint8], quality: int = 90) -> ErrorLevelResult:
    """Save a picture once more as JPEG and subtract. ::

        map   = I - JPEG_quality(I)
        value = mean |map|

    What was saved before at about the same quality hardly changes any more; what was not, changes more. So does
    everything that JPEG finds hard: edges, fine texture and strong colour glow in a picture that nobody has touched,
    and a difference between two textures says nothing. Only where like is brighter than like is there a question to
    ask. The sign is kept: it shows the light and dark rings beside an edge as what they are.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W <= 65500.
    quality : int
        1 to 100, as of the Independent JPEG Group; colours are stored at half the width and height (4:2:0).

    Returns
    -------
    ErrorLevelResult
        `value` in grey levels.

    Raises
    ------
    ValueError
        If `pixels` or `quality` is anything else.

    References
    ----------
    Krawetz, N. (2007). A picture's worth: digital image analysis and forensics. Black Hat USA.

    Examples
    --------
    >>> import numpy as np
    >>> from course.forensics import save_as_jpeg
    >>> fresh = np.random.default_rng(0).integers(90, 160, (16, 16, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    >>> fresh_level = error_level_analysis(fresh).value
    >>> saved_level = error_level_analysis(save_as_jpeg(fresh, 90)).value
    >>> saved_level < fresh_level / 2
    True
    """
    import cv2

    again = save_as_jpeg(pixels, quality)
    return ErrorLevelResult(
        value=float(cv2.norm(pixels, again, cv2.NORM_L1) / pixels.size),
        unit="grey levels",
        map=cv2.subtract(pixels, again, dtype=cv2.CV_16S),
        confounders=(
            "Edges, fine texture and strong colour change more than plain places, in every picture.",
            "How often and how finely the whole picture was saved before: each saving lowers the level everywhere.",
            "A change of size, sharpening or a filter after the last saving raises it everywhere.",
            "Text, logos and frames added for good reason, and dark or overexposed places, which hardly change at all.",
            "It does not tell generated pictures from photographs: both are saved by the same codecs.",
        ),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class GhostResult(MapMeasurement):
    """What `jpeg_ghosts` answers with. `map` is the quality at which each place differs least.

    Attributes
    ----------
    last : int
        The quality most places differ least at: that of the last saving, if it is among `qualities`.
    earlier : ndarray of float32, shape (H, W)
        The lowest quality at which the difference dips, where that is below `last`; 0 where there is none.
    qualities : tuple of int
        What was tried.
    differences : ndarray of float32, shape (N, rows, columns)
        D for each quality and each block of 8 x 8 pixels (the last ones may be cut), in squared grey levels.
    dips : ndarray of bool, shape (N, rows, columns)
        Whether D dips there, below `last` or not; never at the first and the last quality.
    """

    last: int
    earlier: NDArray[np.float32]
    qualities: tuple[int, ...]
    differences: NDArray[np.float32]
    dips: NDArray[np.bool_]


QUALITIES = tuple(range(55, 100, 5))
"""The qualities tried if nothing else is asked for."""

GHOST_WINDOW = 16

# A dip is a quarter smaller than its neighbours on both sides; differences of much less than a twentieth of a squared
# grey level are alike.
DIP, SLIGHT = 0.75, 0.05


def jpeg_ghosts(
    pixels: NDArray[np.uint8], qualities: Sequence[int] = QUALITIES, origin: tuple[int, int] = (0, 0)
) -> GhostResult:
    """Save a picture at many qualities, and see at which of them each place differs least.

    For each quality q, with Y the grey levels, saved as a JPEG without colour, ::

        D_q(x, y) = mean over 16 x 16 pixels around (x, y) of (Y - JPEG_q(Y))^2
        map       = the q with the smallest D_q
        earlier   = the lowest q where D_q dips: D_q + .05 < .75 (D + .05) of the qualities next to it, on both sides
        value     = share of the picture with a dip below the commonest quality of the map

    A place that was saved at a lower quality first keeps a dip there, its ghost, after the whole was saved at a higher
    one. The blocks must lie as they lay then: off the grid there is no ghost, unless `origin` moves the grid to where
    it was. What was rounded to coarse steps fits the finer ones that they are a multiple of: the steps of 50 are twice
    those of 75, and those of 60 twice those of 80, so that a dip at 75 may be a saving at 50 that was not tried.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W <= 65500.
    qualities : sequence of int
        3 or more, rising, 1 to 100. The first and the last can be found in the map, and not as a dip.
    origin : tuple of int
        (x, y) where the blocks begin, 0 to 7 each; `blocking_grid` and `zero_grid` name a `phase` that may be used.

    Returns
    -------
    GhostResult
        `value` is a share, 0 to 1. Dips by chance make it 0.02, and up to 0.2, in a photograph that was saved once.

    Raises
    ------
    ValueError
        If one of the parameters is anything else.

    References
    ----------
    Farid, H. (2009). Exposing digital forgeries from JPEG ghosts. IEEE Transactions on Information Forensics and
    Security 4, 154-160. (He adds up the squares of three colours, and looks at D, scaled to 0 to 1 at each place.
    Colour is stored more coarsely and on blocks of its own, and hides ghosts; to name the lowest dip is ours.)

    Examples
    --------
    A square that was saved at 65, in a picture that was saved at 90 then:

    >>> import cv2
    >>> import numpy as np
    >>> from course.forensics import save_as_jpeg
    >>> noise = np.random.default_rng(0).normal(128, 90, (160, 160))
    >>> scene = cv2.GaussianBlur(noise, (0, 0), 2).clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)
    >>> scene[32:128, 32:128] = save_as_jpeg(scene, 65)[32:128, 32:128]
    >>> ghosts = jpeg_ghosts(save_as_jpeg(scene, 90))
    >>> ghosts.last, ghosts.earlier[80, 80].item(), ghosts.earlier[8, 8].item()
    (90, 65.0, 0.0)
    """
    import cv2

    tried = _rising(qualities)
    left, top = require_origin(origin)
    grey = luma(require_savable(pixels))
    height, width = grey.shape
    # With rows and columns repeated at the border, the blocks of the codec begin where they are told to.
    moved = cv2.copyMakeBorder(grey, -top % BLOCK, 0, -left % BLOCK, 0, cv2.BORDER_REPLICATE)
    middles = np.ix_(*(np.minimum(np.arange(BLOCK // 2, n + BLOCK // 2, BLOCK), n - 1) for n in grey.shape))
    differences = np.empty((len(tried), *(-(-n // BLOCK) for n in grey.shape)), np.float32)
    for found, quality in zip(differences, tried, strict=True):
        change = cv2.absdiff(moved, resave(moved, quality))[-top % BLOCK :, -left % BLOCK :]
        squares = cv2.sqrBoxFilter(change, cv2.CV_32F, (GHOST_WINDOW, GHOST_WINDOW), borderType=cv2.BORDER_REFLECT)
        found[:] = squares[middles]
    steps = np.array(tried, np.float32)
    best = differences.argmin(axis=0)
    last = int(np.bincount(best.ravel()).argmax())
    level = differences + np.float32(SLIGHT)
    dips = np.zeros(differences.shape, bool)
    dips[1:-1] = level[1:-1] < DIP * np.minimum(level[:-2], level[2:])
    below = dips & (steps < steps[last])[:, None, None]
    earlier = np.where(below.any(axis=0), steps[below.argmax(axis=0)], 0).astype(np.float32)

    def spread(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
        return blocks.repeat(BLOCK, 0).repeat(BLOCK, 1)[:height, :width]

    return GhostResult(
        value=float(np.mean(earlier > 0)),
        unit="share of the picture",
        map=spread(steps[best]),
        confounders=(
            "A picture saved coarsely and then finely, as chat programs do, has its ghost everywhere.",
            "Blocks that no longer lie as they lay: after a crop there is no ghost without the right origin.",
            "Plain, black or overexposed places hardly differ at any quality, and dip by chance.",
            "A coarser saving whose steps are a multiple of these: what was saved at 50 dips at 75 too. And programs "
            "with quality scales of their own, whose steps lie between those that are tried.",
            "A change of size, noise or a filter between the two savings, which lay ghosts to rest.",
        ),
        last=tried[last],
        earlier=spread(earlier),
        qualities=tried,
        differences=differences,
        dips=dips,
    )


def _rising(qualities: Sequence[int]) -> tuple[int, ...]:
    tried = tuple(require_whole("each of qualities", quality, 1, 100) for quality in qualities)
    if len(tried) < 3 or any(b <= a for a, b in pairwise(tried)):
        raise InputError(f"qualities must be 3 or more rising whole numbers from 1 to 100; got {qualities!r}.")
    return tried
