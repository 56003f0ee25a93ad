"""The parts a picture file is built of, and the same file with other parts: no pixel is decoded or coded again.

Only what is needed here: JPEG segments (ITU-T T.81, annex B), PNG chunks (W3C PNG, third edition) and WebP chunks
(RFC 9649). Libraries read metadata well; none that is kept up removes it and leaves the picture data as it is.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course.provenance.errors import ProvenanceError

EXIF, XMP, XMP_MORE, PHOTOSHOP, ICC = (
    b"Exif\0\0",
    b"http://ns.adobe.com/xap/1.0/\0",
    b"http://ns.adobe.com/xmp/extension/\0",
    b"Photoshop 3.0\0",
    b"ICC_PROFILE\0",
)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_MOST_PARTS = 100_000
_NEXT_MARKER = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")
_DRAWS_PNG = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs sPLT acTL fcTL fdAT".split()
)
_PICTURE = {"JPEG": (b"\xff\xda",), "PNG": (b"IDAT",), "WebP": (b"VP8 ", b"VP8L", b"ANMF")}
_DRAWS_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))


@dataclass(frozen=True)
class Part:
    """A segment or chunk.

    Attributes
    ----------
    name : bytes
        Its marker (JPEG, two bytes) or its name of four letters. What follows the end of the picture is ``b"tail"``.
    start, stop : int
        Where it lies in the file, header and all.
    body : bytes
        Its content.
    sound : bool
        Whether its check sum is right, where one is asked for: of the EXIF block of a PNG, which no browser reads
        otherwise.
    """

    name: bytes
    start: int
    stop: int
    body: bytes
    sound: bool = True


def kind_of(head: bytes) -> str:
    """Tell a file by its first bytes.

    Returns
    -------
    str
        ``"JPEG"``, ``"PNG"``, ``"WebP"``, ``"GIF"``, ``"HEIF"``, ``"AVIF"``, ``"MP4"``, ``"Matroska"`` or ``""``.

    Examples
    --------
    >>> kind_of(b"\\xff\\xd8\\xff\\xe0"), kind_of(b"GIF89a"), kind_of(b"hello")
    ('JPEG', 'GIF', '')
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(PNG_SIGNATURE):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "Matroska"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
            return "HEIF"
        return "AVIF" if brand in (b"avif", b"avis") else "MP4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "MP4"
    return ""


def parts(data: bytes) -> list[Part]:
    """Take a JPEG, PNG or WebP apart.

    Raises
    ------
    ProvenanceError
        If the file is of another kind, or does not hold together.

    Examples
    --------
    >>> from course import media
    >>> data = media.catalogue().where(kind="still")[0].path.read_bytes()
    >>> [part.name.hex() for part in parts(data)][:2]
    ['ffd8', 'fffe']
    """
    walk = {"JPEG": _jpeg, "PNG": _png, "WebP": _webp}.get(kind_of(data[:16]))
    if walk is None:
        raise ProvenanceError(
            "Only JPEG, PNG and WebP pictures can be taken apart here. Keep this one: a copy saved anew has no notes."
        )
    found: list[Part] = []
    for part in walk(data):
        found.append(part)
        if len(found) > _MOST_PARTS:
            raise ProvenanceError(
                "This file is cut into far too many parts, so nothing can be said of its notes. Keep it as it is."
            )
    if not found:
        raise _damaged()
    return found


def _damaged() -> ProvenanceError:
    return ProvenanceError("This file is damaged or incomplete: copy it again from where you have it.")


def _jpeg(data: bytes) -> Iterator[Part]:
    at, size = 0, len(data)
    while at < size:
        if data[at] != 0xFF or at + 2 > size:
            raise _damaged()
        marker = data[at : at + 2]
        if marker == b"\xff\xff":  # a filling byte
            yield Part(b"\xff\xff", at, at + 1, b"")
            at += 1
            continue
        if marker == b"\xff\xd8" or 0xD0 <= marker[1] <= 0xD7 or marker[1] == 0x01:
            yield Part(marker, at, at + 2, b"")
            at += 2
            continue
        if marker == b"\xff\xd9":
            yield Part(marker, at, at + 2, b"")
            if at + 2 < size:  # more pictures, a film, or anything: no reader of the picture looks there
                yield Part(b"tail", at + 2, size, data[at + 2 :])
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        stop = at + 2 + length
        if length < 2 or stop > size:
            raise _damaged()
        body = data[at + 4 : stop]
        if marker == b"\xff\xda":  # the scan goes on to the next marker that is no restart and no stuffed byte
            end = _NEXT_MARKER.search(data, stop)
            stop = end.start() if end else size
        yield Part(marker, at, stop, body)
        at = stop


def _png(data: bytes) -> Iterator[Part]:
    at, size = len(PNG_SIGNATURE), len(data)
    while at + 12 <= size:
        length = int.from_bytes(data[at : at + 4], "big")
        name, stop = data[at + 4 : at + 8], at + 12 + length
        if stop > size:
            raise _damaged()
        body = data[at + 8 : at + 8 + length]
        sound = name != b"eXIf" or zlib.crc32(name + body).to_bytes(4, "big") == data[stop - 4 : stop]
        yield Part(name, at, stop, body, sound)
        at = stop
        if name == b"IEND":
            if at < size:
                yield Part(b"tail", at, size, data[at:])
            return
    raise _damaged()


def _webp(data: bytes) -> Iterator[Part]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise _damaged()
    at = 12
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + length + length % 2
        if at + 8 + length > end:
            raise _damaged()
        yield Part(data[at : at + 4], at, min(stop, len(data)), data[at + 8 : at + 8 + length])
        at = stop
    if end < len(data):
        yield Part(b"tail", end, len(data), data[end:])


def draws(kind: str, part: Part) -> bool:
    """Whether a part is needed to draw the picture. What is not known to be needed is not.

    The colour profile is: without it the numbers would stay, and mean other colours.
    """
    if kind == "PNG":
        return part.name in _DRAWS_PNG
    if kind == "WebP":
        return part.name in _DRAWS_WEBP
    if part.name == b"tail" or part.name == b"\xff\xfe":
        return False
    if 0xE0 <= part.name[1] <= 0xEF:
        jfif = part.name == b"\xff\xe0" and part.body.startswith(b"JFIF\0") and len(part.body) >= 14
        adobe = part.name == b"\xff\xee" and part.body.startswith(b"Adobe")  # says how the colours are coded
        return jfif or adobe or (part.name == b"\xff\xe2" and part.body.startswith(ICC))
    return True


def exif_of(data: bytes) -> bytes:
    """The EXIF block of a JPEG, PNG or WebP, from its byte order mark on; empty if there is none."""
    kind = kind_of(data[:16])
    for part in parts(data):
        if is_exif(kind, part):
            return part.body[len(EXIF) :] if kind == "JPEG" else part.body.removeprefix(EXIF)
    return b""


def rebuilt(data: bytes, exif: bytes, *, only_drawing: bool) -> bytes:
    """The same file with another EXIF block, byte for byte the same picture data.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG or WebP.
    exif : bytes
        From the byte order mark on; empty for none.
    only_drawing : bool
        Whether to leave out every other part that is not needed to draw the picture.

    Raises
    ------
    ProvenanceError
        If the file cannot be taken apart, or the block is too long for it.
    """
    kind = kind_of(data[:16])
    every = parts(data)
    if not any(part.name in _PICTURE[kind] for part in every):
        raise ProvenanceError("This file is damaged or incomplete: copy it again from where you have it.")
    first = next((part for part in every if is_exif(kind, part)), None)
    if kind != "JPEG" and first is not None and exif and first.body.startswith(EXIF):
        exif = EXIF + exif  # not by the rules, and what shows the picture may go by it
    head = first.body[: len(EXIF)] if first is not None and not only_drawing else EXIF
    block = _exif_part(kind, exif, head) if exif else b""
    pieces: list[tuple[bytes, bytes]] = []
    for part in every:
        if part is first and not only_drawing:
            pieces.append((part.name, block))  # where the old one was
        elif not only_drawing or (draws(kind, part) and not is_exif(kind, part)):
            pieces.append((part.name, _piece(kind, data, part, bare=only_drawing)))
    if first is None or only_drawing:
        at = len(pieces) - (pieces[-1][0] == b"tail") if kind == "WebP" else 1
        pieces.insert(at, (b"EXIF", block))
    if kind == "PNG":
        return PNG_SIGNATURE + b"".join(piece for _, piece in pieces)
    if kind == "JPEG":
        return b"".join(piece for _, piece in pieces)
    return _webp_of(pieces, every, bool(exif))


def _exif_part(kind: str, exif: bytes, head: bytes) -> bytes:
    if kind == "JPEG":
        if len(exif) > 65_527:
            raise ProvenanceError("That is more text than a JPEG can hold: write less and try again.")
        return b"\xff\xe1" + (len(exif) + 8).to_bytes(2, "big") + head + exif
    if kind == "PNG":
        return len(exif).to_bytes(4, "big") + b"eXIf" + exif + zlib.crc32(b"eXIf" + exif).to_bytes(4, "big")
    return b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)


def _piece(kind: str, data: bytes, part: Part, *, bare: bool) -> bytes:
    piece = data[part.start : part.stop]
    if kind == "WebP" and part.name != b"tail":
        return piece + b"\0" * (len(piece) % 2)
    if bare and part.name == b"\xff\xe0" and len(part.body) > 14:  # with a small copy of the picture behind it
        return b"\xff\xe0" + (16).to_bytes(2, "big") + part.body[:12] + b"\0\0"
    return piece


def is_exif(kind: str, part: Part) -> bool:
    """Whether a part is an EXIF block, as browsers see it: the sixth byte of its name in a JPEG may be any."""
    if kind == "JPEG":
        odd = part.body.startswith(EXIF[:5]) and part.body[6:8] in (b"II", b"MM")
        return part.name == b"\xff\xe1" and (part.body.startswith(EXIF) or odd)
    return part.sound and part.name == (b"eXIf" if kind == "PNG" else b"EXIF")


def _webp_of(pieces: list[tuple[bytes, bytes]], every: list[Part], exif: bool) -> bytes:
    names = {name for name, piece in pieces if piece}
    tail = b"".join(piece for name, piece in pieces if name == b"tail")
    body = b"".join(piece for name, piece in pieces if name != b"tail")
    if b"VP8X" not in names and exif:  # the simple form has no room for metadata
        width, height, alpha = _webp_size(every)
        head = b"VP8X" + struct.pack("<I", 10) + bytes([0x10 if alpha else 0, 0, 0, 0])
        body = head + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + body
    made = bytearray(b"WEBP" + body)
    if made[4:8] == b"VP8X" and len(made) > 12:  # its flags say which parts there are
        made[12] = (made[12] & ~0x0C) | (0x08 if exif else 0) | (0x04 if b"XMP " in names else 0)
    return b"RIFF" + struct.pack("<I", len(made)) + bytes(made) + tail


def _webp_size(kept: list[Part]) -> tuple[int, int, bool]:
    for part in kept:
        if part.name == b"VP8 " and len(part.body) >= 10:
            width, height = struct.unpack("<HH", part.body[6:10])
            return width & 0x3FFF, height & 0x3FFF, False
        if part.name == b"VP8L" and len(part.body) >= 5:
            bits = int.from_bytes(part.body[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise _damaged()


def stands_like(made: bytes, source: bytes, tracks: Sequence[int]) -> bytes:
    """A film that is turned and mirrored as the one it was made from, track by track.

    An MP4 says in nine numbers how the picture of a track is turned before it is shown, and in nine more how all of
    them are (ISO 14496-12, 8.2.2 and 8.3.2). To put the same packets into a fresh container leaves them out.

    Parameters
    ----------
    made, source : bytes
        MP4 or MOV files.
    tracks : sequence of int
        For each track of `made`, the number of the track of `source` that it is a copy of.

    Raises
    ------
    ProvenanceError
        If there are no such tracks.
    """
    (whole, theirs), (our_whole, ours) = _matrices(source), _matrices(made)
    known = dict(theirs)
    if len(ours) != len(tracks) or not known.keys() >= set(tracks):
        raise ProvenanceError("The tracks of this film do not hold together: save it again as MP4 and try once more.")
    pairs = [(to, known[number]) for (_, to), number in zip(ours, tracks, strict=True)]
    if whole and our_whole:
        pairs.append((our_whole, whole))
    out = bytearray(made)
    for to, place in pairs:
        out[to : to + _MATRIX] = source[place : place + _MATRIX]
    return bytes(out)


_MATRIX = 36


def _matrices(data: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Where the matrix of the film lies, or 0; and of each track its number and where its matrix lies."""
    whole, tracks = 0, []
    for name, start, stop in _boxes(data, 0, len(data)):
        if name != b"moov":
            continue
        for inner, at, end in _boxes(data, start, stop):
            later = 12 if data[at : at + 1] == b"\x01" else 0  # times of 64 bits
            if inner == b"mvhd" and at + 36 + later + _MATRIX <= end:
                whole = at + 36 + later
            for deeper, head, last in _boxes(data, at, end) if inner == b"trak" else ():
                later = 12 if data[head : head + 1] == b"\x01" else 0
                if deeper == b"tkhd" and head + 40 + later + _MATRIX <= last:
                    number = head + (20 if later else 12)
                    tracks.append((int.from_bytes(data[number : number + 4], "big"), head + 40 + later))
    return whole, tracks


def _boxes(data: bytes, at: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes one after the other: their names, and where their contents start and stop."""
    count = 0
    while at + 8 <= stop and count < _MOST_PARTS:
        length, head, count = int.from_bytes(data[at : at + 4], "big"), 8, count + 1
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0:  # up to the end
            length = stop - at
        if length < head or at + length > stop:
            return
        yield data[at + 4 : at + 8], at + head, at + length
        at += length
