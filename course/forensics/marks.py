"""An invisible mark of our own: put a few bits into a photograph, and look for them again after an attack.

This is a toy for learning how such marks live and die. It reads and writes nothing but the marks made here: no real
service's mark is read, imitated or taken away.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, expm1, inf, log1p, pi, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma
from course.forensics._input import require_pixels, require_whole
from course.forensics.measurement import MapMeasurement

BLOCK = 8
"""Side of the square that carries a vote, in pixels: 4 x 4 values of the half-size picture."""

STEP = 50.0
"""Distance between two marks for the same bit; those for 0 and 1 lie half of it apart. In units of a coefficient."""

DEPTH = 0.75
"""How far a coefficient is moved towards its mark: 1 all the way. With `STEP`, 42.4 dB or better."""

CALM = 0.75
"""In a block without texture the mark goes only this share of its depth, because there it is seen most easily."""

HALF_HIDDEN = 2.0
"""Standard deviation of the texture, in grey levels, that half makes up for it."""

VOTES = 16
"""Blocks for each bit in a tile, at least."""

SMALLEST_TILE = 12
"""Side of the smallest tile, in blocks: in a smaller one chance could do nearly as well as a mark of one bit."""

LONGEST = 64
"""More bits than this would make the tile larger than many pictures."""

RARE = 1e-3
"""A strength of 0 is what chance reaches in so many pictures without a mark, whatever the search."""

FOUND = 3.0
"""So far beyond that, a mark counts as found."""

SMALLEST_SIDE = 2 * BLOCK
"""A picture to be read must be so many pixels high and wide."""

# Sizes from half to double, 1.2 % apart: in a window of so many pixels one of them fits to about a pixel everywhere.
WINDOW = 384
SIZES = tuple(2 ** (k / 60) for k in range(-60, 61) if k)
# A size as good as this in the window alone is worth a closer look; chance gets there in one search of a hundred.
PROMISING = -0.4

Search = Literal["none", "shift", "size"]


@dataclass(frozen=True, eq=False, kw_only=True)
class MarkResult(MapMeasurement):
    """What `read_mark` answers with. `value` is the strength: 0 is what one unmarked picture in a thousand reaches.

    `map` is one number for each block of 8 x 8 pixels: 1 where the picture agrees with the bits that were read, about
    0 on average where there is no mark, -1 where it says the contrary.

    Attributes
    ----------
    bits : ndarray of uint8, shape (length,)
        What was read. Where `found` is false these are the bits of chance.
    confidences : ndarray of float64, shape (length,)
        For each bit, how sure it is to be the one that was written, if there is a mark: 0.5 (a coin) to 1.
    offset : tuple of int
        How many pixels down and to the right a tile of the mark begins. (0, 0) where nothing was cut off or moved.
    size : float
        Size of the picture in comparison with the one that was marked: 0.5 if it was halved.
    places : int
        In how many places the reader looked. The more, the better chance does, and `value` allows for that.
    """

    bits: NDArray[np.uint8]
    confidences: NDArray[np.float64]
    offset: tuple[int, int]
    size: float
    places: int

    @property
    def strength(self) -> float:
        """The same as `value`."""
        return self.value

    @property
    def found(self) -> bool:
        """Whether the strength is above 3, which chance hardly ever reaches."""
        return self.value > FOUND


def embed_mark(pixels: NDArray[np.uint8], bits: Iterable[int], key: str, *, depth: float = DEPTH) -> NDArray[np.uint8]:
    """Write bits into the brightness of a picture so that they are not seen, but can be read with the same key.

    The grey levels go through one level of the Haar wavelet, and each 4 x 4 values of its half-size picture LL through
    the cosine transform. Its two slowest waves c, one across and one down, are each moved towards the nearest point of
    a comb that stands for the bit b (dithered quantisation index modulation)::

        LL   = (p00 + p01 + p10 + p11) / 2                     for each square of 2 x 2 pixels
        c    = sum over LL of cos(pi (2 x + 1) / 8) / sqrt(8)  x = 0 .. 3 across, or down
        t(c) = STEP * (round(c / STEP - d - b / 2) + d + b / 2)
        c'   = c + depth * h * (t(c) - c),    h = .75 + .25 s / (s + 2)

    h spares calm blocks, where a mark is seen most easily; s is the standard deviation, in grey levels, of what the two
    waves leave of the block. The reader need not know it.

    The key (its SHA-256 seeds numpy's generator) deals out which bit b and which dither d a block has in a square tile
    of T x T blocks, with T the next even number from 4 sqrt(length) up, 12 at least. The tile is repeated over the
    picture. Each bit has 16 blocks or more in a tile; their dithers are spread evenly, so that a plain wall votes for
    nothing.

    The change is rounded to whole grey levels and added to red, green and blue alike, as far as all three have room:
    R - G and G - B stay as they are to the last digit, and nothing overflows. The squared change of a pixel is on
    average STEP^2 * depth^2 / 384 + 1/12 at most: 42.4 dB or better for the default depth.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 8 * T: 192 x 192 pixels for 32 bits.
    bits : iterable of 0 and 1
        From 1 to 64 of them.
    key : str
        Any words. Without them nobody finds the mark.
    depth : float
        More than 0, at most 1: deeper is firmer and less invisible.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        A new picture. Rows and columns beyond the last whole block of 8 are left as they were.

    Raises
    ------
    ValueError
        If an argument is anything else, or the picture is too small for so many bits.

    References
    ----------
    Al-Haj, A. (2007). Combined DWT-DCT digital image watermarking. Journal of Computer Science 3, 740-746.
    Chen, B. & Wornell, G. W. (2001). Quantization index modulation. IEEE Transactions on Information Theory 47,
    1423-1443. (Moving only part of the way is their distortion compensation.)

    Examples
    --------
    >>> import numpy as np
    >>> photograph = np.random.default_rng(0).integers(60, 200, (40, 40, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    >>> marked = embed_mark(photograph, [1, 0, 1, 1, 0, 0, 1, 0], "lighthouse")
    >>> read_mark(marked, 8, "lighthouse").bits.tolist()
    [1, 0, 1, 1, 0, 0, 1, 0]
    >>> read_mark(marked, 8, "windmill").found
    False
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    message = _require_bits(bits)
    if not (isinstance(depth, int | float | np.integer | np.floating) and 0 < depth <= 1):
        raise InputError(f"depth must be a number above 0 and at most 1; got {depth!r}.")
    layout = _layout(key, len(message))
    needed = layout.side * BLOCK
    if min(pixels.shape[:2]) < needed:
        raise InputError(
            f"pixels must be at least {needed} x {needed} to hold {len(message)} bits; got shape {pixels.shape}."
        )
    grey = luma(pixels)
    goals = (layout.dither + message[layout.bit] / 2).astype(np.float32)
    waves = _coefficients(grey)
    reach = (depth * STEP) * _shelter(grey, *waves)
    moves = []
    for wave, goal in zip(waves, goals, strict=True):
        way = _repeated(goal, wave.shape) - wave / STEP
        moves.append((way - np.rint(way)) * reach)
    return _added(pixels, _drawn(*moves))


def read_mark(pixels: NDArray[np.uint8], length: int, key: str, *, search: Search = "size") -> MarkResult:
    """Look for a mark of `embed_mark`, wherever cropping, moving or a change of size has put it, and say how strong.

    Each wave c of each block votes; the bits are the signs of the sums::

        S_b   = sum over the blocks of bit b of cos(2 pi (c / STEP - d)),      bit b = (S_b < 0)
        Q     = mean over the bits of S_b^2 / s^2
        z     = (Q^(1/3) - (1 - 2 / (9 L))) / sqrt(2 / (9 L))
        value = z - g(N),    g(N) = the normal quantile of .999^(1/N)

    s is what S_b would be by chance, from the votes themselves: with F = the sum of exp(2 pi i c / STEP) over the
    blocks that have one and the same place in the tile, s^2 is half the sum of |F|^2 over the places of a bit. Votes
    that repeat from tile to tile, in wallpaper or under another key, so count as one. Without a mark, Q L is close to
    chi-square with L = `length` degrees of freedom, and z to normal. g is what the best of N places exceeds by luck in
    one picture of a thousand. So `value` lies below 0 if there is no mark, whatever the search, but for one picture in
    a thousand; and above 3 if there is one. As each of 32 bits has 18 blocks in a tile, of two waves each, it ends
    between 31 and 35, however large the picture: the longer the search, the lower.

    The search over places is complete and cheap, because the mark repeats: with exp(2 pi i c / STEP) at every pixel,
    all tiles are added up into one, and the sums S_b of all its places are correlations, done by Fourier transform.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture with H, W >= 16.
    length : int
        How many bits were written, 1 to 64.
    key : str
        The words they were written with.
    search : {"size", "shift", "none"}
        "none": the picture is just as large and lies just as it did when it was marked. "shift": it may have been cut
        or moved. "size": as "shift", and if that finds nothing, sizes from half to double are tried, which takes some
        30 times as long.

    Returns
    -------
    MarkResult

    Raises
    ------
    ValueError
        If an argument is anything else.

    Notes
    -----
    A mark that was turned by a degree or more, mirrored, or squeezed on one side by a twentieth is lost to this reader.

    References
    ----------
    Chen, B. & Wornell, G. W. (2001). Quantization index modulation. IEEE Transactions on Information Theory 47,
    1423-1443.
    Wilson, E. B. & Hilferty, M. M. (1931). The distribution of chi-square. Proceedings of the National Academy of
    Sciences 17, 684-688. (The cube root.)
    Kutter, M. (1999). Watermarking resistant to translation, rotation and scaling. Proceedings of SPIE 3528, 423-431.
    (A mark that repeats, so that it can be found again.)

    Examples
    --------
    >>> import numpy as np
    >>> photograph = np.random.default_rng(0).integers(60, 200, (40, 40, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    >>> marked = embed_mark(photograph, [1, 0, 1, 1, 0, 0, 1, 0], "lighthouse")
    >>> cropped = read_mark(marked[10:, 21:], 8, "lighthouse")
    >>> cropped.found, cropped.offset
    (True, (86, 75))
    >>> read_mark(photograph, 8, "lighthouse").found
    False
    """
    pixels = np.ascontiguousarray(require_pixels(pixels))
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        raise InputError(f"pixels must have H, W >= {SMALLEST_SIDE}; got shape {pixels.shape}.")
    if search not in ("none", "shift", "size"):
        raise InputError(f'search must be "none", "shift" or "size"; got {search!r}.')
    layout = _layout(key, require_whole("length", length, least=1, most=LONGEST))
    grey = luma(pixels)
    if search == "none":
        return _answer(grey, layout, _Place(), places=1)
    pattern = _pattern(layout)
    place = _best_shift(grey, pattern)
    if search == "shift" or _strength(place.power, layout.length, layout.places) > FOUND:
        return _answer(grey, layout, place, layout.places)
    best = max(place, _best_size(grey, pattern) or place, key=_power)
    return _answer(grey, layout, best, layout.places * (1 + len(SIZES)))


class _Layout(NamedTuple):
    """What each block of a tile says, for each of the two waves: arrays of shape (2, side, side)."""

    length: int
    side: int
    bit: NDArray[np.intp]
    dither: NDArray[np.float64]

    @property
    def places(self) -> int:
        """How many ways there are to lay the tile on the picture."""
        return (self.side * BLOCK) ** 2


class _Place(NamedTuple):
    """A way to lay the mark on the picture, with the mean square of its scores, Q."""

    offset: tuple[int, int] = (0, 0)
    size: float = 1.0
    power: float = 0.0


def _layout(key: str, length: int) -> _Layout:
    if not (isinstance(key, str) and key):
        raise InputError(f"key must be text of one character or more; got {key!r}.")
    # Systems differ in how they write an accent; NFC makes them one.
    secret = hashlib.sha256(unicodedata.normalize("NFC", key).encode()).digest()
    rng = np.random.default_rng(int.from_bytes(secret, "big"))
    side = max(SMALLEST_TILE, 2 * ceil(sqrt(VOTES * length) / 2))
    turn = np.arange(side**2) // length
    bit = np.arange(side**2) % length
    share = turn / np.bincount(bit)[bit]
    bits, dithers = [], []
    for _ in range(2):
        order = np.argsort(rng.random(side**2))
        bits.append(bit[order].reshape(side, side))
        dithers.append(((rng.random(length)[bit] + share)[order] % 1).reshape(side, side))
    return _Layout(length, side, np.stack(bits), np.stack(dithers))


def _waves() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The slowest cosine of 4 and the constant, each held over two pixels, both of length 1."""
    wave = np.cos(pi * (2 * np.arange(4) + 1) / 8).repeat(2) / 2
    return np.full(BLOCK, 1 / sqrt(BLOCK), dtype=np.float32), wave.astype(np.float32)


def _coefficients(grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The waves across and down of each whole block, counted from the upper left corner."""
    rows, columns = (n // BLOCK for n in grey.shape)
    flat, wave = _waves()
    blocks = grey[: rows * BLOCK, : columns * BLOCK].astype(np.float32).reshape(rows, BLOCK, columns * BLOCK)
    level = (flat @ blocks).reshape(rows, columns, BLOCK)
    slope = (wave @ blocks).reshape(rows, columns, BLOCK)
    return level @ wave, slope @ flat


def _shelter(grey: NDArray[np.uint8], across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of a mark each block hides: `CALM` where there is nothing but a slope, up to 1 in rich texture."""
    import cv2

    rows, columns = across.shape
    levels = grey[: rows * BLOCK, : columns * BLOCK].astype(np.float32)
    mean, square = (cv2.resize(x, (columns, rows), interpolation=cv2.INTER_AREA) for x in (levels, levels * levels))
    # What the two waves hold of the variance is left out: a clear sky that pales to the horizon hides nothing.
    texture = np.sqrt(np.maximum(square - mean**2 - (across**2 + down**2) / BLOCK**2, 0))
    return CALM + (1 - CALM) * texture / (texture + HALF_HIDDEN)


def _repeated(tile: NDArray, shape: tuple[int, int], offset: tuple[int, int] = (0, 0)) -> NDArray:
    """Cover `shape` with a tile, which begins `offset` blocks further down and to the right."""
    rows, columns = ((np.arange(n) - o) % len(tile) for n, o in zip(shape, offset, strict=True))
    return tile[rows[:, None], columns]


def _drawn(across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn coefficients back into grey levels, as far as whole blocks reach."""
    rows, columns = across.shape
    flat, wave = _waves()
    line = (across[..., None] * (wave * flat[0])).reshape(rows, 1, columns * BLOCK)
    level = (down * flat[0]).repeat(BLOCK, axis=1)[:, None]
    return (level * wave[:, None] + line).reshape(rows * BLOCK, columns * BLOCK)


def _added(pixels: NDArray[np.uint8], change: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Add a change, rounded, to the three colours alike, as far as there is room in all of them."""
    import cv2

    marked = pixels.copy()
    window = marked[: change.shape[0], : change.shape[1]]
    colours = red, green, blue = cv2.split(window)
    room_up = cv2.bitwise_not(cv2.max(cv2.max(red, green), blue))
    room_down = cv2.min(cv2.min(red, green), blue)
    # Up and down apart: each fits into uint8, and arithmetic that stops at 0 and 255 does the rest.
    up = cv2.min(cv2.add(change, 0, dtype=cv2.CV_8U), room_up, room_up)
    down = cv2.min(cv2.subtract(0, change, dtype=cv2.CV_8U), room_down, room_down)
    for colour in colours:
        cv2.subtract(cv2.add(colour, up, colour), down, colour)
    window[...] = cv2.merge(colours)
    return marked


class _Pattern(NamedTuple):
    """A layout, and what the search compares the folded votes with: spectra of the tile, for cos, sin and each bit."""

    layout: _Layout
    spectra: NDArray[np.complex64]


def _pattern(layout: _Layout) -> _Pattern:
    own = layout.bit[..., None] == np.arange(layout.length)
    angle = (2 * pi * layout.dither)[..., None]
    across, down = (np.stack([o * np.cos(a), o * np.sin(a)], axis=2) for o, a in zip(own, angle, strict=True))
    spectra = np.fft.rfft2(np.concatenate([across, down], axis=2), axes=(0, 1)).conj()
    return _Pattern(layout, spectra.astype(np.complex64))


def _best_shift(grey: NDArray[np.uint8], pattern: _Pattern, *, pace: int = 1) -> _Place:
    """Try the tile at every offset, or every `pace` pixels, and keep the one whose votes are most of one mind."""
    import scipy.fft

    side, length = pattern.layout.side, pattern.layout.length
    fold = _folded(grey, side, pace)
    # S_b at all offsets at once: a correlation along rows and columns of the tile is a product of spectra.
    sums = scipy.fft.irfft2(scipy.fft.rfft2(fold, axes=(0, 1)) @ pattern.spectra, s=(side, side), axes=(0, 1))
    chance = np.einsum("ijpw,ijpw->p", fold, fold) / (2 * length)
    power = np.einsum("ijpb,ijpb->ijp", sums, sums) / (length * chance)
    i, j, p = np.unravel_index(power.argmax(), power.shape)
    y, x = (pace * n for n in divmod(int(p), BLOCK // pace))
    return _Place((int(i) * BLOCK + y, int(j) * BLOCK + x), power=float(power[i, j, p]))


def _folded(grey: NDArray[np.uint8], side: int, pace: int) -> NDArray[np.float32]:
    """Add up cos and sin of the phases of both waves at every pixel, modulo the period of the tile.

    Returns
    -------
    ndarray of float32, shape (side, side, (BLOCK / pace)^2, 4)
        Row and column of the block; y and x within it; cos and sin of the wave across, cos and sin of that down.
    """
    import cv2

    period = side * BLOCK
    flat, wave = _waves()
    # One turn is 256 steps: uint8 then forgets whole turns by itself. The waves of uint8 pixels fit into int16.
    quick = wave * np.float32(256 / STEP)
    turn = 2 * pi * np.arange(256) / 256
    tables = [table(turn).astype(np.float32) for table in (np.cos, np.sin)]
    fold = np.zeros((4, period, period), dtype=np.float32)
    for top in range(0, grey.shape[0] - BLOCK + 1, period):
        # Strip by strip, so that it all stays in the processor's cache.
        strip = grey[top : top + period + BLOCK - 1]
        for n, (right, down) in enumerate(((quick, flat), (flat, quick))):
            phase = cv2.sepFilter2D(strip, cv2.CV_16S, right, down, anchor=(0, 0))
            phase = phase[: 1 - BLOCK, : 1 - BLOCK].astype(np.uint8)
            for total, table in zip(fold[2 * n : 2 * n + 2], tables, strict=True):
                field = cv2.LUT(phase, table)
                for left in range(0, field.shape[1], period):
                    piece = field[:, left : left + period]
                    total[: piece.shape[0], : piece.shape[1]] += piece
    pixels = fold.reshape(4, side, BLOCK, side, BLOCK)[:, :, ::pace, :, ::pace].transpose(1, 3, 2, 4, 0)
    return np.ascontiguousarray(pixels).reshape(side, side, -1, 4)


def _best_size(grey: NDArray[np.uint8], pattern: _Pattern) -> _Place | None:
    """Look for the size in a window in the middle, then step closer and closer on the whole picture."""
    layout = pattern.layout
    rough, strength = _Place(), -inf
    for size in SIZES:
        window = _resized(_middle(grey, ceil(WINDOW * size)), size)
        if min(window.shape) >= SMALLEST_SIDE:
            place = _best_shift(window, pattern, pace=2)._replace(size=size)
            rough = max(rough, place, key=_power)
            strength = _strength(rough.power, layout.length, layout.places * len(SIZES))
        if strength > FOUND:
            break
    if strength < PROMISING:
        return None
    best = _best_shift(_resized(grey, rough.size), pattern)._replace(size=rough.size)
    closer = 0.01
    # Half a pixel over the whole picture is close enough.
    while closer * max(grey.shape) / best.size > 0.5:
        for size in (best.size * (1 - closer), best.size * (1 + closer)):
            best = max(best, _best_shift(_resized(grey, size), pattern)._replace(size=size), key=_power)
        closer /= 2
    return best


def _power(place: _Place) -> float:
    return place.power


def _middle(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    top, left = (max(0, (n - side) // 2) for n in grey.shape)
    return grey[top : top + side, left : left + side]


def _resized(grey: NDArray[np.uint8], size: float) -> NDArray[np.uint8]:
    """Bring a picture that was made `size` times as large back to what it was."""
    import cv2

    if size == 1:
        return grey
    height, width = (max(1, round(n / size)) for n in grey.shape)
    return cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA if size > 1 else cv2.INTER_CUBIC)


def _answer(grey: NDArray[np.uint8], layout: _Layout, place: _Place, places: int) -> MarkResult:
    """Count the votes at one place."""
    down, right = place.offset
    waves = _coefficients(_resized(grey, place.size)[down % BLOCK :, right % BLOCK :])
    shape, blocks = waves[0].shape, (down // BLOCK, right // BLOCK)
    cell = _repeated(np.arange(layout.side**2).reshape(layout.side, layout.side), shape, blocks)
    sums, chance = np.zeros((2, layout.length))
    votes = []
    for wave, bit, dither in zip(waves, layout.bit, layout.dither, strict=True):
        vote = np.exp(2j * pi * (wave / STEP - dither.ravel()[cell]))
        total = _by_group(cell, vote.real, bit.size) + 1j * _by_group(cell, vote.imag, bit.size)
        sums += _by_group(bit, total.real, layout.length)
        chance += _by_group(bit, np.abs(total) ** 2, layout.length) / 2
        votes.append(vote.real)
    # In a picture smaller than a tile some bits have fewer votes than others, or none.
    scores = sums / np.sqrt(np.maximum(chance, 1e-9))
    power = float(np.mean(scores**2))
    bits = (sums < 0).astype(np.uint8)
    # How far each score lies from 0 on average, beyond what the best of so many places usually reaches; each score
    # then comes from one of two normal distributions, around +firm or -firm.
    firm = sqrt(max(0.0, power - _usual_power(layout.length, places)))
    agreement = [vote * (1 - 2.0 * bits[bit.ravel()[cell]]) for vote, bit in zip(votes, layout.bit, strict=True)]
    return MarkResult(
        value=_strength(power, layout.length, places),
        unit="above what one unmarked picture in a thousand reaches",
        map=np.mean(agreement, axis=0, dtype=np.float32),
        confounders=(
            "Another mark of the same making, or a key guessed: the strength says that a key fits, not who used it.",
            "A marked picture pasted into this one, or this mark copied onto a picture that never had it.",
            "Saving, blur, noise, and a change of brightness or size wear the mark down.",
            "Pure black, white and strong colours leave no room for the mark, so less of it is there to find.",
            "A pattern that repeats, such as tiles or a screen's grid, can make chance votes agree.",
        ),
        bits=bits,
        confidences=1 / (1 + np.exp(-2 * firm * np.abs(scores))),
        offset=place.offset,
        size=place.size,
        places=places,
    )


def _by_group(group: NDArray[np.intp], values: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    return np.bincount(group.ravel(), weights=values.ravel(), minlength=groups)


def _strength(power: float, length: int, places: int) -> float:
    """Wilson and Hilferty's normal score of a mean square, less the one that luck reaches once in a thousand."""
    variance = 2 / (9 * length)
    return (power ** (1 / 3) - (1 - variance)) / sqrt(variance) - _luck(places, RARE)


def _usual_power(length: int, places: int) -> float:
    """The mean square that luck reaches every other time."""
    variance = 2 / (9 * length)
    return (1 - variance + _luck(places, 0.5) * sqrt(variance)) ** 3


def _luck(places: int, share: float) -> float:
    """The score that the best of so many places exceeds in this share of pictures without a mark."""
    # From the other end: (1 - share)^(1 / places) lies so near to 1 that few of its digits would be left.
    return -NormalDist().inv_cdf(-expm1(log1p(-share) / places))


def _require_bits(bits: Iterable[int]) -> NDArray[np.uint8]:
    if not isinstance(bits, Iterable):
        raise InputError(f"bits must be 0 or 1 each, in a row; got {bits!r}.")
    message = list(bits)
    for bit in message:
        if not (isinstance(bit, int | np.integer | np.bool_) and bit in (0, 1)):
            raise InputError(f"bits must be 0 or 1 each; got {bit!r}.")
    if not 1 <= len(message) <= LONGEST:
        raise InputError(f"bits must be 1 to {LONGEST} of them; got {len(message)}.")
    return np.array(message, dtype=np.uint8)
