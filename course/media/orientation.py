"""Which way up a picture is shown.

A file can say in several places that its picture lies on its side, and programs differ in which they believe. The
course shows what a learner's browser shows: the rules here are those of Chromium, found by asking it
(``tests/browser/test_as_a_browser_shows.py``). It looks into the first EXIF block of a JPEG, and into the one of a PNG
that stands in front of the picture data; it looks neither into XMP nor into the notes of a WebP or GIF.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

_ORIENTATION, _INNER_PART = 0x0112, 0x8769
_SHORT, _LONG = 3, 4
_ENTRY = 12

_APP1, _SCAN, _END = 0xE1, 0xDA, 0xD9
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Behind a scan its own bytes follow until a marker that can stand there: neither a stuffed byte nor a restart,
# and none of the numbers that mean nothing, which decoders pass over.
_BEHIND_SCAN = re.compile(rb"\xff(?=[\xc0-\xcf\xd8-\xfe])")

_MATRICES = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
_ALMOST = 0.001


def turn_of_exif(block: bytes) -> int:
    """What an EXIF block says of how to show its picture.

    Parameters
    ----------
    block : bytes
        From its byte order mark on.

    Returns
    -------
    int
        1 to 8, as EXIF counts; 1, which is "as it is stored", where it says nothing that can be understood.

    Examples
    --------
    >>> turn_of_exif(bytes.fromhex("4d4d002a00000008 0001 0112 0003 00000001 00060000 00000000"))
    6
    >>> turn_of_exif(b"MM and then nothing of sense")
    1
    """
    order = {b"MM\0*": ">", b"II*\0": "<"}.get(block[:4])
    if order is None or len(block) < 8:
        return 1
    (start,) = struct.unpack_from(order + "I", block, 4)
    return _turn_in(block, start, order, inner=False) or 1


def _turn_in(block: bytes, start: int, order: str, *, inner: bool) -> int | None:
    # The first entry that can be understood counts; what is written as another kind of number cannot.
    if start + 2 > len(block):
        return None
    (entries,) = struct.unpack_from(order + "H", block, start)
    for at in range(start + 2, min(start + 2 + entries * _ENTRY, len(block) - _ENTRY + 1), _ENTRY):
        tag, kind, number = struct.unpack_from(order + "HHI", block, at)
        if tag == _ORIENTATION and (kind, number) == (_SHORT, 1):
            (value,) = struct.unpack_from(order + "H", block, at + 8)
            if 1 <= value <= 8:
                return value
        elif tag == _INNER_PART and (kind, number) == (_LONG, 1) and not inner:
            (value,) = struct.unpack_from(order + "I", block, at + 8)
            found = _turn_in(block, value, order, inner=True)
            if found:
                return found
    return None


def turn_of_jpeg(data: bytes) -> int:
    """How a JPEG is to be shown, 1 to 8: its first EXIF block says so.

    Examples
    --------
    >>> from course import media
    >>> turn_of_jpeg(media.catalogue().where(kind="still")[0].path.read_bytes())
    1
    """
    for marker, start, stop in _segments(data):
        if marker == _SCAN:
            break
        if marker == _APP1 and data.startswith(b"Exif\0", start) and stop - start > 6:
            return turn_of_exif(data[start + 6 : stop])
    return 1


def turn_of_png(data: bytes) -> int:
    """How a PNG is to be shown, 1 to 8: its first EXIF block in front of the picture data says so.

    Examples
    --------
    >>> turn_of_png(bytes.fromhex("89504e470d0a1a0a"))
    1
    """
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name in (b"IDAT", b"IEND"):
            break
        if name == b"eXIf":
            body = data[at + 8 : at + 8 + length]
            if data[at + 8 + length : at + 12 + length] == zlib.crc32(name + body).to_bytes(4, "big"):
                return turn_of_exif(body)
        at += 12 + length
    return 1


def turn_of_matrix(matrix: Sequence[float]) -> int:
    """The number that EXIF would give to what a display matrix does with the frames of a film.

    Parameters
    ----------
    matrix : sequence of float
        ``(a, b, c, d)``: the point (x, y) goes to (a x + c y, b x + d y); moving it does not matter.

    Returns
    -------
    int
        1 to 8. Whatever is no quarter turn and no mirror image, such as a slant, is not done: 1.

    Examples
    --------
    >>> turn_of_matrix((0, 1, -1, 0)), turn_of_matrix((-1, 0, 0, 1)), turn_of_matrix((0.7, 0.7, -0.7, 0.7))
    (6, 2, 1)
    """
    near = tuple(round(one) for one in matrix)
    if max(abs(one - whole) for one, whole in zip(matrix, near, strict=True)) > _ALMOST:
        return 1
    return _MATRICES.get(near, 1)


def turned(pixels: np.ndarray, turn: int) -> np.ndarray:
    """The picture as it is shown.

    Parameters
    ----------
    pixels : (H, W, ...) ndarray
        As it is stored.
    turn : int
        1 to 8, as EXIF counts.

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> import numpy as np
    >>> turned(np.array([[1, 2], [3, 4]]), 6).tolist()
    [[3, 1], [4, 2]]
    """
    across = pixels.swapaxes(0, 1) if turn >= 5 else pixels
    return across[:: -1 if turn in (3, 4, 7, 8) else 1, :: -1 if turn in (2, 3, 6, 7) else 1]


def scans_of_jpeg(data: bytes, most: int) -> int:
    """Count the passes in which a JPEG is stored; what follows its end, such as a film, is not part of it.

    Parameters
    ----------
    data : bytes
    most : int
        Where to stop counting: a file with more is answered with one more.

    Returns
    -------
    int

    Examples
    --------
    >>> from course import media
    >>> scans_of_jpeg(media.catalogue().where(kind="still")[0].path.read_bytes(), most=100)
    1
    """
    scans = (marker for marker, _, _ in _segments(data) if marker == _SCAN)
    return sum(1 for _ in islice(scans, most + 1))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    # The parts of a JPEG up to its end, as a decoder meets them: marker, and where the content begins and stops.
    at = 2
    # Decoders pass over stray bytes between two parts.
    while 0 <= (at := data.find(b"\xff", at)) <= len(data) - 4:
        marker = data[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
        elif marker <= 0x01 or 0xD0 <= marker <= 0xD8:  # those have no content
            at += 2
        elif marker == _END:
            return
        else:
            start = at + 4
            at = start - 2 + max(2, int.from_bytes(data[start - 2 : start], "big"))
            yield marker, start, at
            if marker == _SCAN:
                behind = _BEHIND_SCAN.search(data, at)
                if behind is None:
                    return
                at = behind.start()
