"""Which grid of 8 x 8 blocks each pixel votes for, and which votes are more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.forensics._grey import exact_luma
from course.forensics._input import require_pixels
from course.forensics.jpeg import BLOCK, cosines
from course.forensics.measurement import MapMeasurement

GRIDS = BLOCK * BLOCK
NO_VOTE = -1

# The coefficients (0, 4), (4, 0) and (4, 4) of whole numbers come in steps of 1/8 and may be exactly 1/2, which is no
# zero; the bar lies below by more than single precision rounds.
ZERO = 0.4999

TILE = 1024

# Votes for one grid belong together when they are no more than so many pixels apart, across and down.
APART = 9


@dataclass(frozen=True)
class ForeignRegion:
    """A part of the picture that votes for another grid than the rest.

    Attributes
    ----------
    phase : tuple of int
        (x, y) where its blocks begin, 0 to 7 each.
    box : tuple of int
        x, y, width and height, in pixels.
    votes : int
        Pixels in it that vote for that grid.
    log_nfa : float
        log10 of the number of such regions to be expected by chance in a picture of this size: below 0.
    """

    phase: tuple[int, int]
    box: tuple[int, int, int, int]
    votes: int
    log_nfa: float


@dataclass(frozen=True, eq=False, kw_only=True)
class ZeroGridResult(MapMeasurement):
    """What `zero_grid` answers with. `map` is -log10 NFA of the foreign region that a pixel lies in, and else 0.

    Attributes
    ----------
    phase : tuple of int or None
        (x, y) where the blocks of most of the picture begin, 0 to 7 each; None if no grid has more votes than chance.
    share : float
        Share of all pixels that vote for the grid with the most votes.
    votes : ndarray of int8, shape (H, W)
        x + 8 y of the grid that each pixel votes for, or -1.
    foreign : tuple of ForeignRegion
        The regions with another grid, the clearest first.
    """

    phase: tuple[int, int] | None
    share: float
    votes: NDArray[np.int8]
    foreign: tuple[ForeignRegion, ...]


def zero_grid(pixels: NDArray[np.uint8]) -> ZeroGridResult:
    """Let each pixel vote for one of the 64 grids of 8 x 8 blocks, and ask which votes are more than chance.

    JPEG rounds most cosine coefficients of a block to zero. They are zero in blocks that lie as they lay in the codec,
    and rarely in blocks that lie otherwise. On whole grey levels::

        z(b)    = number of the 63 coefficients of block b with |c| < 1/2
        vote(p) = grid of the block with the largest z among the 64 that hold pixel p

    A pixel whose best blocks are tied votes for none, and so do one whose best block has rows or columns that are all
    alike and the outermost 7 pixels. By chance, each grid would get 1/64 of the votes. Neighbours share their blocks,
    so that 64 pixels count as one vote, and a picture of X x Y pixels allows (64 X Y)^2 tests. With B the upper tail of
    the binomial distribution::

        NFA = (64 X Y)^2 * B(n = X Y / 64, k = votes / 64, p = 1/64)

    is how many grids so strong are to be expected in a picture without any. NFA < 1 (log10 NFA < 0) for the strongest
    grid makes it the grid of the picture. Votes for any other grid are gathered into regions (no more than 9 pixels
    apart); a region is named when its NFA is below 1, with n the area / 64 of the square around it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 8.

    Returns
    -------
    ZeroGridResult
        `value` is -log10 NFA of the grid with the most votes: above 0 is more than chance.

    Raises
    ------
    ValueError
        If `pixels` is anything else.

    References
    ----------
    Nikoukhah, T., Anger, J., Colom, M., Morel, J.-M. & Grompone von Gioi, R. (2021). ZERO: a local JPEG grid origin
    detector based on the number of DCT zeros and its applications in image forensics. Image Processing On Line 11,
    396-433. (Their search for parts without any grid is left out.)

    Examples
    --------
    A picture saved as JPEG, and then cropped by 3 columns and 6 rows:

    >>> import cv2
    >>> import numpy as np
    >>> from course.forensics import save_as_jpeg
    >>> noise = np.random.default_rng(0).normal(128, 90, (256, 256, 3))
    >>> scene = cv2.GaussianBlur(noise, (0, 0), 2).clip(0, 255).astype(np.uint8)
    >>> result = zero_grid(save_as_jpeg(scene, 60)[6:, 3:])
    >>> result.phase, result.value > 100, result.foreign
    ((5, 2), True, ())
    """
    # About zero, where single precision is finest; the mean of a block is no matter here.
    votes = _votes(np.rint(exact_luma(require_pixels(pixels), BLOCK)) - 128)
    height, width = votes.shape
    tests = 2 * math.log10(GRIDS * height * width)
    counts = np.bincount(votes[votes != NO_VOTE], minlength=GRIDS)
    strongest = int(counts.argmax())
    value = -(tests + log_tail(height * width // GRIDS, int(counts[strongest]) // GRIDS, 1 / GRIDS))
    regions, strength = _foreign(votes, counts, strongest if value > 0 else NO_VOTE, tests)
    return ZeroGridResult(
        value=value,
        unit="-log10 NFA",
        map=strength,
        confounders=(
            "The size of the picture: more pixels make the same share of votes less like chance.",
            "A change of size, noise or a video codec after the last saving, which leave few zeros where they were.",
            "Very fine quality, where hardly a coefficient is zero.",
            "A sticker, a logo or a caption that was a JPEG of its own, added for good reason.",
            "Windows, tiles or a printed raster that repeat every few pixels can vote for a grid of their own.",
        ),
        phase=(strongest % BLOCK, strongest // BLOCK) if value > 0 else None,
        share=float(counts[strongest] / votes.size),
        votes=votes,
        foreign=regions,
    )


def log_tail(trials: int, hits: int, chance: float) -> float:
    """log10 of the probability of so many hits or more, exact far below what a float can hold.

    Parameters
    ----------
    trials, hits : int
        0 <= hits <= trials.
    chance : float
        Of a hit, between 0 and 1.

    Examples
    --------
    Two coins, at least one head; and a thousand dice that all show a six:

    >>> round(10 ** log_tail(2, 1, 1 / 2), 6), round(log_tail(1000, 1000, 1 / 6), 3)
    (0.75, -778.151)
    """
    if hits <= 0:
        return 0.0
    first = (
        math.lgamma(trials + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(trials - hits + 1)
        + hits * math.log(chance)
        + (trials - hits) * math.log1p(-chance)
    )
    more = np.arange(hits, trials)
    steps = np.log((trials - more) / (more + 1)) + math.log(chance / (1 - chance))
    terms = np.concatenate([[0.0], np.cumsum(steps)])
    top = terms.max()
    return min(0.0, float((first + top + math.log(np.exp(terms - top).sum())) / math.log(10)))


def _votes(grey: NDArray[np.float32]) -> NDArray[np.int8]:
    """The grid that each pixel votes for, of whole grey levels."""
    import cv2

    height, width = grey.shape
    # A block whose rows are all alike has hardly a coefficient, in whatever grid it lies; so has one with columns.
    inside = np.ones((BLOCK, BLOCK), np.uint8)
    alike_x = cv2.erode((grey[:, 1:] == grey[:, :-1]).astype(np.uint8), inside[:, 1:], anchor=(0, 0))
    alike_y = cv2.erode((grey[1:] == grey[:-1]).astype(np.uint8), inside[1:], anchor=(0, 0))
    blocks = (slice(height - BLOCK + 1), slice(width - BLOCK + 1))
    plain = alike_x[blocks] | alike_y[blocks]
    y, x = np.ogrid[: height - BLOCK + 1, : width - BLOCK + 1]
    grids = ((x % BLOCK) + BLOCK * (y % BLOCK)).astype(np.uint16)
    # One number holds a block's zeros, whether it is plain, and its grid, so that the largest in the 8 x 8 blocks
    # around a pixel names the winner. Counting the grids up and down finds two winners where there is a tie.
    ranks = (_zeros(grey).astype(np.uint16) << 7) | (plain.astype(np.uint16) << 6)
    votes = np.full((height, width), NO_VOTE, np.int8)
    up, down = (
        cv2.dilate(ranks | order, inside, anchor=(BLOCK - 1, BLOCK - 1))[BLOCK - 1 :, BLOCK - 1 :]
        for order in (grids, GRIDS - 1 - grids)
    )
    lonely = (up >> 7 == down >> 7) & ((up & 63) + (down & 63) == GRIDS - 1) & ((up & 64) == 0)
    votes[BLOCK - 1 : 1 - BLOCK, BLOCK - 1 : 1 - BLOCK] = np.where(lonely, up & 63, NO_VOTE)
    return votes


def _zeros(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    """How many of the 63 coefficients of the block that begins at each pixel are zero, shape (H - 7, W - 7)."""
    import cv2

    waves = cosines()
    height, width = grey.shape
    rows, columns = height - BLOCK + 1, width - BLOCK + 1
    across = np.empty((height, BLOCK, columns), np.float32)
    for k, wave in enumerate(waves):
        across[:, k] = cv2.filter2D(grey, cv2.CV_32F, wave[None], anchor=(0, 0))[:, :columns]
    across = across.reshape(height, BLOCK * columns)
    zeros = np.empty((rows, columns), np.uint8)
    # The waves down are a product of matrices, in tiles that fit the cache of the processor: four times as quick.
    room = np.empty((BLOCK * BLOCK, TILE), np.float32)
    small = np.empty((BLOCK * BLOCK, BLOCK * columns), np.bool_)
    for y in range(0, rows, BLOCK):
        n = min(BLOCK, rows - y)
        # Row n * k + i of the product is the wave k down, applied to the row i of blocks.
        down = np.zeros((BLOCK, n, n + BLOCK - 1), np.float32)
        for i in range(n):
            down[:, i, i : i + BLOCK] = waves
        down, strip = down.reshape(BLOCK * n, -1), across[y : y + n + BLOCK - 1]
        for x in range(0, strip.shape[1], TILE):
            tile = strip[:, x : x + TILE]
            product = np.matmul(down, tile, out=room[: BLOCK * n, : tile.shape[1]])
            np.less(np.abs(product, out=product), ZERO, out=small[: BLOCK * n, x : x + TILE])
        found = small[: BLOCK * n].view(np.uint8).reshape(BLOCK, n, BLOCK, columns)
        zeros[y : y + n] = found.sum(0, dtype=np.uint8).sum(1, dtype=np.uint8) - found[0, :, 0]
    return zeros


def _foreign(
    votes: NDArray[np.int8], counts: NDArray[np.intp], main: int, tests: float
) -> tuple[tuple[ForeignRegion, ...], NDArray[np.float32]]:
    """The regions that vote for another grid than `main`, and how clearly at each pixel."""
    import cv2

    strength = np.zeros(votes.shape, np.float32)
    regions = []
    # Even if all pixels of a square agree, fewer cannot be told from chance.
    least = GRIDS * math.ceil(tests / math.log10(GRIDS))
    near, closing = np.ones((APART, APART), np.uint8), np.ones((2 * APART + 1, 2 * APART + 1), np.uint8)
    per_cell = _votes_per_cell(votes)
    for grid in np.flatnonzero(counts >= least):
        if grid == main or (place := _worth_a_look(per_cell[grid], least)) is None:
            continue
        top, left = place[0].start, place[1].start
        voters = (votes[place] == grid).astype(np.uint8)
        # Squares of 9 x 9 below and right of two voters touch just when the voters are no more than 9 pixels apart.
        _, labels = cv2.connectedComponents(cv2.dilate(voters, near, anchor=(APART - 1, APART - 1)))
        members = np.bincount(labels[voters > 0])
        for label in np.flatnonzero(members >= least):
            belongs = (labels == label) & (voters > 0)
            x, y, width, height = cv2.boundingRect(belongs.astype(np.uint8))
            square = max(width, height) ** 2
            log_nfa = tests + log_tail(square // GRIDS, int(members[label]) // GRIDS, 1 / GRIDS)
            if log_nfa >= 0:
                continue
            phase = int(grid) % BLOCK, int(grid) // BLOCK
            regions.append(ForeignRegion(phase, (left + x, top + y, width, height), int(members[label]), log_nfa))
            box = slice(y, y + height), slice(x, x + width)
            # Padded, as closing would spill over the border of an array.
            area = cv2.copyMakeBorder(belongs[box].astype(np.uint8), *[APART] * 4, cv2.BORDER_CONSTANT)
            area = cv2.morphologyEx(area, cv2.MORPH_CLOSE, closing)[APART:-APART, APART:-APART] > 0
            here = strength[place][box]
            here[area] = np.maximum(here[area], -log_nfa)
    return tuple(sorted(regions, key=lambda region: region.log_nfa)), strength


def _votes_per_cell(votes: NDArray[np.int8]) -> NDArray[np.intp]:
    """Votes for each of the 64 grids in cells of 9 x 9 pixels, shape (64, rows, columns)."""
    rows, columns = (-(-n // APART) for n in votes.shape)
    y, x = np.nonzero(votes != NO_VOTE)
    cells = (votes[y, x].astype(np.intp) * rows + y // APART) * columns + x // APART
    return np.bincount(cells, minlength=GRIDS * rows * columns).reshape(GRIDS, rows, columns)


def _worth_a_look(cells: NDArray[np.intp], least: int) -> tuple[slice, slice] | None:
    """The part of the picture that holds all groups of touching cells with enough votes for a region.

    Voters no more than 9 pixels apart lie in cells that touch, so that no region is missed.
    """
    import cv2

    _, labels = cv2.connectedComponents((cells > 0).astype(np.uint8))
    enough = np.bincount(labels.ravel(), weights=cells.ravel()) >= least
    enough[0] = False
    if not enough.any():
        return None
    x, y, width, height = cv2.boundingRect(enough[labels].astype(np.uint8))
    return slice(APART * y, APART * (y + height)), slice(APART * x, APART * (x + width))
