"""The grid of 8 x 8 blocks that JPEG and video codecs leave: how strong it is, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels, require_whole
from course.forensics.jpeg import BLOCK
from course.forensics.measurement import MapMeasurement

# Half a thousandth of a grey level keeps rounding in a flat picture from looking like a grid.
FLAT = 5e-4


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockingGridResult(MapMeasurement):
    """What `blocking_grid` answers with. `map` is the strength of that one grid around each pixel.

    Attributes
    ----------
    phase : tuple of int
        (x, y) of the first whole block, 0 to 7 each. It means little where `value` is near 1.
    columns, rows : ndarray of float64, shape (8,)
        The ratio for each place where blocks could begin, across and down; `phase` is where they are largest.
    """

    phase: tuple[int, int]
    columns: NDArray[np.float64]
    rows: NDArray[np.float64]


def blocking_grid(pixels: NDArray[np.uint8], window: int = 64) -> BlockingGridResult:
    """Measure how much more a picture jumps on the best of the 64 grids of 8 x 8 blocks than elsewhere.

    With the second cross difference on grey levels Y, ::

        D(x, y)    = |Y(x, y) - Y(x+1, y) - Y(x, y+1) + Y(x+1, y+1)|
        columns[p] = mean of D between the columns p - 1 and p, p + 7 and p + 8, ...  /  mean of D elsewhere
        rows[p]    = the same down the picture
        value      = (max columns + max rows) / 2

    D is zero on any slope, so that it passes over most of what is in the picture, and not over the corners of blocks.
    The map is the same ratio in a square of `window` pixels around each block of the best grid: where a part of the
    picture is from elsewhere, it is near 1 or below.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 16.
    window : int
        Side of the square for the map, 8 to 1024 pixels. Small squares are closer to the place, and noisier.

    Returns
    -------
    BlockingGridResult
        `value` is a ratio: 1 in a flat picture, about 1.05 by chance, more with a grid.

    Raises
    ------
    ValueError
        If `pixels` or `window` is anything else.

    See Also
    --------
    course.forensics.texture.blockiness : The ratio of the grid that begins in the upper left corner.

    References
    ----------
    Fan, Z. & de Queiroz, R. L. (2003). Identification of bitmap compression history: JPEG detection and quantizer
    estimation. IEEE Transactions on Image Processing 12, 230-235.

    Examples
    --------
    A picture saved as JPEG, and then cropped by 3 columns and 6 rows:

    >>> import numpy as np
    >>> from course.forensics import save_as_jpeg
    >>> grain = np.random.default_rng(0).integers(90, 160, (24, 24, 3), dtype=np.uint8).repeat(6, 0).repeat(6, 1)
    >>> result = blocking_grid(save_as_jpeg(grain, 50)[6:, 3:])
    >>> result.phase, result.value > 1.2
    ((5, 2), True)
    """
    require_whole("window", window, BLOCK, 1024)
    cross = cross_difference(exact_luma(require_pixels(pixels), 2 * BLOCK))
    across, down = cross.mean(axis=0), cross.mean(axis=1)
    columns = np.array([grid_ratio(across, phase) for phase in range(BLOCK)])
    rows = np.array([grid_ratio(down, phase) for phase in range(BLOCK)])
    phase = int(columns.argmax()), int(rows.argmax())
    return BlockingGridResult(
        value=float((columns.max() + rows.max()) / 2),
        unit="ratio",
        map=_around(cross, phase, window),
        confounders=(
            "How strongly the picture was compressed, and how often: fine quality leaves a faint grid.",
            "A change of size or a turn after the last saving, which smear the grid.",
            "The smoothing of block borders that video codecs and some viewers do.",
            "Windows, tiles, text or pixel art that happen to repeat every 8 pixels.",
            "A crop moves the grid, and nothing else: that is no sign of any intent.",
        ),
        phase=phase,
        columns=columns,
        rows=rows,
    )


def cross_difference(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each square of 2 x 2 pixels is from a slope.

    Parameters
    ----------
    grey : ndarray of float32, shape (H, W)

    Returns
    -------
    ndarray of float32, shape (H - 1, W - 1)
        ``|a - b - c + d|`` of the squares a b / c d.

    Examples
    --------
    >>> import numpy as np
    >>> cross_difference(np.array([[1, 2, 9], [3, 4, 5]], dtype=np.float32)).tolist()
    [[0.0, 6.0]]
    """
    across = grey[:, :-1] - grey[:, 1:]
    cross = across[:-1] - across[1:]
    return np.abs(cross, out=cross)


def grid_ratio(line: NDArray[np.floating], phase: int = 0) -> float:
    """Mean of the places just before the pixels `phase`, `phase` + 8, ..., divided by the mean of all other places.

    Parameters
    ----------
    line : ndarray of float, shape (N,)
        Means of `cross_difference` over columns or rows: place k lies between the pixels k and k + 1.
    phase : int
        0 to 7.

    Returns
    -------
    float
        1 where both are zero.

    Examples
    --------
    >>> import numpy as np
    >>> round(grid_ratio(np.array([1, 1, 1, 1, 1, 1, 1, 5] * 3)), 2), grid_ratio(np.zeros(20))
    (5.0, 1.0)
    """
    grid = np.arange(line.size) % BLOCK == (phase - 1) % BLOCK
    between = float(line[~grid].mean(dtype=np.float64))
    at = float(line[grid].mean(dtype=np.float64))
    return (at + FLAT) / (between + FLAT)


def _around(cross: NDArray[np.float32], phase: tuple[int, int], window: int) -> NDArray[np.float32]:
    """The ratio of one grid in a square around each block, repeated over the pixels of the block."""
    import cv2

    height, width = (n + 1 for n in cross.shape)
    left, top = (-p % BLOCK for p in phase)
    columns, rows = -(-(left + width) // BLOCK), -(-(top + height) // BLOCK)
    # Whole cells whose last column and last row straddle two blocks; what is padded counts nowhere.
    padded = np.zeros((rows * BLOCK, columns * BLOCK), np.float32)
    padded[top : top + height - 1, left : left + width - 1] = cross
    there_x, there_y = np.zeros(columns * BLOCK), np.zeros(rows * BLOCK)
    there_x[left : left + width - 1] = there_y[top : top + height - 1] = 1

    def gathered(cells: NDArray[np.floating]) -> NDArray[np.float32]:
        side = max(1, window // BLOCK)
        cells = cells.astype(np.float32)
        return cv2.boxFilter(cells, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)

    in_x, in_y = there_x.reshape(columns, BLOCK).sum(1), there_y.reshape(rows, BLOCK).sum(1)
    last_x, last_y = there_x[BLOCK - 1 :: BLOCK], there_y[BLOCK - 1 :: BLOCK]
    whole = gathered(padded.reshape(rows, BLOCK, -1).sum(1).reshape(rows, columns, BLOCK).sum(2))
    places = gathered(np.outer(in_y, in_x))
    ratios = []
    for sums, count in (
        (padded[:, BLOCK - 1 :: BLOCK].reshape(rows, BLOCK, columns).sum(1), np.outer(in_y, last_x)),
        (padded[BLOCK - 1 :: BLOCK].reshape(rows, columns, BLOCK).sum(2), np.outer(last_y, in_x)),
    ):
        at, at_places = gathered(sums), gathered(count)
        # A cell at the border may hold only one of the two kinds: then nothing is known of it.
        known = (at_places > 0) & (places > at_places)
        mean_at = at / np.maximum(at_places, 1)
        mean_between = np.maximum(whole - at, 0) / np.maximum(places - at_places, 1)
        ratios.append(np.where(known, (mean_at + FLAT) / (mean_between + FLAT), 1))
    cells = ((ratios[0] + ratios[1]) / 2).astype(np.float32)
    return cells.repeat(BLOCK, 0).repeat(BLOCK, 1)[top : top + height, left : left + width]
