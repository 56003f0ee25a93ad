"""Reverse image search: find the pictures that show the same, whole or in part, saved again or made smaller.

Each picture is entered by fingerprints (pHash) of some 3,000 windows of it, so that a crop meets the window that it
was cut from. Those windows need not be cut out: a window of a picture is a matrix on its left for the rows and one on
its right for the columns, and the slow waves of all windows come from a single product of matrices. What the
fingerprints bring near is then laid over the picture and compared point by point: alone, 64 bits of hundreds of
thousands of windows would meet by chance.

The room has an index of its own, and not the one fingerprint of `course.forensics.perceptual_hash`: that one is for
whole pictures, is shown bit by bit in lessons, and must be the one that other programs make.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from course.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WAVES = 8
"""Slow waves along each side: 64 bits."""

GRID = 128
"""Points along each side of the grey copies that are kept."""

STEP = 0.05
"""Windows differ by this share of a side in place or length, so that none is farther than half of it."""

SMALLEST = 0.55
"""Length of the smallest window, as a share of the side."""

NEAR = 14
"""Bits of 64 up to which a window is laid over the picture. Chance alone gives about 12 for the nearest of 250,000."""

ALIKE = 0.5
"""Correlation of fine detail from which two pictures count as the same."""

_FLAT = 2.0
_TRIED = 3
_HOPELESS = 0.2
# points of the halved copy by which a window may be taller and wider; as it is comes first
_STRETCHED = ((0, 0), (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Sighting:
    """An entered picture that shows the same as the one looked for.

    Attributes
    ----------
    name : str
    distance : int
        Bits of 64 by which the fingerprints differ where the two cover each other.
    part : tuple of float
        ``(x, y, width, height)``, in shares: the part of the entered picture that the one looked for covers.
    likeness : float
        Correlation of fine detail there, up to 1.
    """

    name: str
    distance: int
    part: tuple[float, float, float, float]
    likeness: float


class PictureIndex:
    """Pictures that can be found by a part of them.

    Parameters
    ----------
    pictures : iterable of (str, ndarray of uint8)
        Names and RGB pictures, shape (H, W, 3).

    References
    ----------
    Zauner, C. (2010). Implementation and benchmarking of perceptual image hash functions. Upper Austria University of
    Applied Sciences.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    >>> picture = noise.repeat(20, 0).repeat(20, 1)
    >>> index = PictureIndex([("tiles", picture)])
    >>> [sighting.name for sighting in index.find(picture[40:200, 30:190])]
    ['tiles']
    >>> index.find(picture[::-1])
    ()
    """

    def __init__(self, pictures: Iterable[tuple[str, NDArray[np.uint8]]]) -> None:
        import numpy as np

        entered = [(name, _grey(pixels)) for name, pixels in pictures]
        entered = [(name, grey) for name, grey in entered if grey.std() >= _FLAT]
        self._names = [name for name, _ in entered]
        self._greys = [grey for _, grey in entered]
        windows = len(_windows()[0]) ** 2
        self._hashes = np.array([_fingerprints(grey) for grey in self._greys], np.uint64).reshape(-1, windows)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Sighting, ...]:
        """Find the pictures that show the same.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (H, W, 3)
            An RGB picture: an entered one, a part of one (55 % of each side or more), one that holds an entered one,
            saved again or at another size.

        Returns
        -------
        tuple of Sighting
            The nearest first. Nothing is found of a picture of one colour.

        Raises
        ------
        ValueError
            If `pixels` is anything else.
        """
        import numpy as np

        grey = _grey(pixels)
        if grey.std() < _FLAT or not self._names:
            return ()
        own = _fingerprints(grey)
        # The first window is the whole picture. It is looked for in the parts of the others, and they in its parts.
        inside = np.bitwise_count(self._hashes ^ own[0])
        around = np.bitwise_count(self._hashes[:, :1] ^ own)
        found = []
        for number, name in enumerate(self._names):
            other = self._greys[number]
            sighting = _laid(grey, other, inside[number])
            if sighting is None:
                outer = _laid(other, grey, around[number])
                sighting = outer and (outer[0], (0.0, 0.0, 1.0, 1.0), outer[2])
            if sighting:
                found.append(Sighting(name, *sighting))
        return tuple(sorted(found, key=lambda one: (one.distance, -one.likeness, one.name)))


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The picture in grey, `GRID` points along each side."""
    import cv2
    import numpy as np

    if not (isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3):
        raise InputError("A picture is an array of uint8 with three colours, shape (H, W, 3).")
    if 0 in pixels.shape:
        raise InputError("The picture is empty.")
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    small = min(grey.shape) < GRID
    return cv2.resize(grey, (GRID, GRID), interpolation=cv2.INTER_LINEAR if small else cv2.INTER_AREA).astype(
        np.float32
    )


@lru_cache(maxsize=1)
def _windows() -> tuple[tuple[tuple[float, float], ...], NDArray[np.float32]]:
    """Beginnings and lengths of the windows along one side, the whole first; and the matrix that takes their waves."""
    import numpy as np

    steps = round((1 - SMALLEST) / STEP)
    places = tuple((start * STEP, 1 - missing * STEP) for missing in range(steps + 1) for start in range(missing + 1))
    bins = 4 * WAVES
    cosines = np.cos(np.pi / bins * np.outer(np.arange(WAVES), np.arange(bins) + 0.5))
    points = np.arange(GRID)
    matrices = []
    for start, length in places:
        edges = (start + length * np.arange(bins + 1) / bins) * GRID
        # the share that each point of the grid has in each bin
        shares = np.minimum(edges[1:, None], points + 1) - np.maximum(edges[:-1, None], points)
        matrices.append(cosines @ (np.maximum(shares, 0) / (edges[1] - edges[0])))
    return places, np.concatenate(matrices).astype(np.float32)


def _fingerprints(grey: NDArray[np.float32]) -> NDArray[np.uint64]:
    """The 64 bits of each window, row windows outermost."""
    import numpy as np

    places, matrix = _windows()
    count = len(places)
    waves = matrix @ grey @ matrix.T
    waves = waves.reshape(count, WAVES, count, WAVES).transpose(0, 2, 1, 3).reshape(count * count, WAVES * WAVES)
    bits = waves > 0
    return np.packbits(bits, axis=1).view(">u8").astype(np.uint64)[:, 0]


def _laid(
    part: NDArray[np.float32], whole: NDArray[np.float32], distances: NDArray[np.uint8]
) -> tuple[int, tuple[float, float, float, float], float] | None:
    """Lay `part` over the nearest windows of `whole`: the distance, place and likeness there, or None."""
    import numpy as np

    nearest = np.argpartition(distances, _TRIED)[:_TRIED]
    nearest = nearest[np.argsort(distances[nearest])]
    best = (0.0, (0.0, 0.0, 1.0, 1.0))
    for window in nearest[distances[nearest] <= NEAR]:
        best = max(best, _fitted(part, whole, int(window)))
        if best[0] > 0.9:
            break
    likeness, place = best
    if likeness < ALIKE:
        return None
    return _distance(part, whole, place), place, likeness


def _fitted(
    part: NDArray[np.float32], whole: NDArray[np.float32], window: int
) -> tuple[float, tuple[float, float, float, float]]:
    """Shift and stretch `part` around a window of `whole` until its fine detail fits best."""
    import cv2

    places, _ = _windows()
    (top, high), (left, wide) = places[window // len(places)], places[window % len(places)]
    fine = _fine(whole)
    side = len(fine)
    best = (-1.0, (left, top, wide, high))
    reach = round(STEP * side)
    y, x = max(0, round(top * side) - reach), max(0, round(left * side) - reach)
    for taller, wider in _STRETCHED:
        height, width = min(side, round(high * side) + taller), min(side, round(wide * side) + wider)
        field = fine[y : y + height + 2 * reach, x : x + width + 2 * reach]
        height, width = min(height, field.shape[0]), min(width, field.shape[1])
        piece = _fine(part, (width, height))
        _, score, _, (across, down) = cv2.minMaxLoc(cv2.matchTemplate(field, piece, cv2.TM_CCOEFF_NORMED))
        place = tuple(round(value / side, 3) for value in (x + across, y + down, width, height))
        best = max(best, (float(score), place))
        if best[0] < _HOPELESS:
            break
    return best


def _fine(grey: NDArray[np.float32], size: tuple[int, int] = (GRID // 2, GRID // 2)) -> NDArray[np.float32]:
    """The picture at half its size, without its broad light and dark, in which strangers resemble each other."""
    import cv2

    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return small - cv2.GaussianBlur(small, (0, 0), 3.0)


def _distance(part: NDArray[np.float32], whole: NDArray[np.float32], place: tuple[float, float, float, float]) -> int:
    """Bits by which `part` differs from what it lies on."""
    import cv2
    import numpy as np

    x, y, width, height = (round(value * GRID) for value in place)
    covered = cv2.resize(whole[y : y + height, x : x + width], (GRID, GRID), interpolation=cv2.INTER_LINEAR)
    matrix = _windows()[1][:WAVES]
    first, second = (matrix @ grey @ matrix.T > 0 for grey in (part, covered))
    return int(np.count_nonzero(first != second))
