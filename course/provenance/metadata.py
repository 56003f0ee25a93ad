"""What a file says of itself: EXIF, XMP, IPTC, text chunks, comments, and the notes in the container of a film.

Nothing here is believed. Sizes are held to limits before anything is decoded, text is cut to a length that can be
shown, XML with entities is refused, and what makes no sense is left out and named in `Metadata.notes`.
"""

from __future__ import annotations

import io
import re
import struct
import time
import unicodedata
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.errors import InputError
from course.provenance import containers, digital_source
from course.provenance import exif as exif_block
from course.provenance.errors import ProvenanceError
from course.provenance.generation import Generation, find_generation
from course.provenance.letters import LONGEST as _LONGEST_TEXT
from course.provenance.letters import read_comment, read_text, read_utf16, read_xml
from course.provenance.place import Location, from_exif, from_iso6709, from_xmp

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_PICTURE = 100_000_000
MAX_FILM = 2_000_000_000
_LONGEST_VALUE = 4_000
_MOST_FIELDS = 500
_MOST_TEXT = 32_000_000
_MOST_BLOCKS = 8
_SECONDS = 5.0

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow and the XML reader raise when a block makes no sense. It depends on where the sense ends."""

_EXIF_PART, _GPS_PART, _INTEROP_PART = 0x8769, 0x8825, 0xA005
_SMALL_PART = -1  # as Pillow calls the block of the small copy
_XP_TEXT = frozenset((0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F))
_PLAIN_TEXT = frozenset(
    (0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298, 0x8824, 0x9003, 0x9004, 0xA420)
) | frozenset((*range(0x9010, 0x9013), *range(0x9290, 0x9293), *range(0xA430, 0xA43D)))
"""Texts by the standard, which some programs call bytes."""

_CHOICES: Mapping[str, Mapping[int, str]] = {
    "Orientation": {1: "upright", 3: "upside down", 6: "turn a quarter to the right", 8: "turn a quarter to the left"},
    "Flash": {0: "did not fire", 1: "fired", 16: "off", 24: "off, automatic", 25: "fired, automatic"},
    "ColorSpace": {1: "sRGB", 65535: "not said"},
    "WhiteBalance": {0: "automatic", 1: "by hand"},
    "ExposureMode": {0: "automatic", 1: "by hand", 2: "several at once"},
    "ResolutionUnit": {2: "inch", 3: "centimetre"},
    "MeteringMode": {1: "average", 2: "middle first", 3: "spot", 5: "pattern"},
}


@dataclass(frozen=True)
class Metadata:
    """What a file says of itself.

    Attributes
    ----------
    format : str
        ``"JPEG"``, ``"PNG"``, ``"WebP"``, ``"GIF"``, ``"HEIF"``, ``"AVIF"``, ``"MP4"`` or ``"Matroska"``.
    sections : mapping of str to mapping of str to str
        Fields by section, such as ``sections["EXIF: picture"]["Make"]``: text fit to be shown.
    structure : mapping of str to str
        How the file is built, which no file can be without; tables of a JPEG, brands of a film.
    location : Location or None
    software : str or None
        The program that says it saved the file.
    generation : Generation or None
        A generator's own notes.
    camera : str or None
        Maker and model.
    taken, saved : str or None
        Dates as they stand there.
    satellite_time : datetime or None
        The time that the satellites gave, UTC.
    declared : str or None
        A declaration of how the picture was made (IPTC digital source type).
    size, written_size : tuple of int or None
        Width and height in pixels: of the picture, and as the fields have it.
    thumbnail : bytes
        A small JPEG inside the file; empty if there is none.
    notes : tuple of str
        What was left out, and why.
    """

    format: str
    sections: Mapping[str, Mapping[str, str]]
    structure: Mapping[str, str] = field(default_factory=dict)
    location: Location | None = None
    software: str | None = None
    generation: Generation | None = None
    camera: str | None = None
    taken: str | None = None
    saved: str | None = None
    satellite_time: datetime | None = None
    declared: str | None = None
    size: tuple[int, int] | None = None
    written_size: tuple[int, int] | None = None
    thumbnail: bytes = b""
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many fields there are."""
        return sum(len(fields) for fields in self.sections.values())

    @property
    def empty(self) -> bool:
        """Whether nothing was found that a file could be without."""
        return self.count == 0


class _Gathered:
    """Fields as they are found, held to limits."""

    def __init__(self) -> None:
        self.sections: dict[str, dict[str, str]] = {}
        self.structure: dict[str, str] = {}
        self.notes: list[str] = []
        self.texts: list[str] = []
        self.named: dict[str, str] = {}
        self.facts: dict[str, Any] = {}
        self.room = _MOST_TEXT  # for all texts together
        self.blocks = 0
        self._count = 0

    def add(self, section: str, name: str, value: object) -> None:
        text = value if isinstance(value, str) else str(value)
        if self._count >= _MOST_FIELDS:
            self.note("There are more fields than are shown here.")
            return
        self._count += 1
        kept = text[: max(0, min(_LONGEST_TEXT, self.room))]
        self.room -= len(kept)
        self.texts.append(kept)
        self.named.setdefault(name, kept)
        fields = self.sections.setdefault(section, {})
        name = shown(name, 80) or "without a name"
        base, number = name, 2
        while name in fields:
            name, number = f"{base} ({number})", number + 1
        fields[name] = shown(text, _LONGEST_VALUE) or "(empty)"

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def one_more_block(self) -> bool:
        """Whether another block of EXIF or XMP is looked into: a file needs one or two, and each takes its time."""
        self.blocks += 1
        if self.blocks > _MOST_BLOCKS:
            self.note("There are more blocks of notes than are read here.")
        return self.blocks <= _MOST_BLOCKS

    def fact(self, name: str, value: object) -> None:
        """Keep the first answer that is one."""
        if value not in (None, "", b""):
            self.facts.setdefault(name, value)

    def finished(self, kind: str) -> Metadata:
        facts = dict(self.facts)
        facts.setdefault("generation", find_generation(self.texts, self.named))
        return Metadata(
            kind,
            {title: dict(fields) for title, fields in self.sections.items() if fields},
            self.structure,
            notes=tuple(self.notes),
            **facts,
        )


def read_metadata(path: Path | str) -> Metadata:
    """Read what a file says of itself.

    Parameters
    ----------
    path : Path or str
        A picture (JPEG, PNG, WebP, GIF, HEIC, AVIF) of at most 100 MB, or a film (MP4, MOV, WebM, MKV) of at most 2 GB.

    Returns
    -------
    Metadata
        Damaged blocks are left out and named in its notes.

    Raises
    ------
    ProvenanceError
        If there is no such file, or it is too large, of another kind, or does not hold together.

    References
    ----------
    CIPA DC-008-2023 (Exif 3.0). IPTC Photo Metadata Standard 2023.1. ISO 16684-1 (XMP). ISO 6709 (places).

    Examples
    --------
    >>> from course import media
    >>> metadata = read_metadata(media.catalogue().where(kind="still")[0].path)
    >>> metadata.format, metadata.empty, metadata.size
    ('JPEG', True, (384, 384))
    """
    path = Path(path)
    name = shown(path.name, 60) or "?"
    try:
        path = path.expanduser()
        if path.is_dir():
            raise ProvenanceError(f"“{name}” is a folder: choose one file inside it.")
        if not path.exists():
            raise ProvenanceError(f"There is no file “{name}”: check its name and its folder.")
        if not path.is_file():  # opening a pipe would wait for someone to write into it
            raise ProvenanceError(f"“{name}” is no file that can be read: choose a picture or a film.")
        with path.open("rb") as file:
            return _read(file, path.stat().st_size, name)
    except PermissionError as error:
        raise ProvenanceError(f"“{name}” may not be opened by you: copy it into a folder of your own.") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise ProvenanceError(f"“{name}” cannot be opened: copy it to another folder under a plain name.") from error


def read_bytes(data: bytes, name: str = "this file") -> Metadata:
    """Read what a file says of itself, from its content.

    Raises
    ------
    ProvenanceError
        As for `read_metadata`.
    """
    return _read(io.BytesIO(data), len(data), shown(name, 60) or "?")


def _read(file: BinaryIO, size: int, name: str) -> Metadata:
    head = file.read(64)
    file.seek(0)
    kind = containers.kind_of(head)
    if not head:
        raise ProvenanceError(f"“{name}” is empty: copy it again from where you have it.")
    if not kind:
        raise ProvenanceError(f"“{name}” is no picture or film that can be read here: choose a JPEG, PNG, WebP or MP4.")
    film = kind in ("MP4", "Matroska")
    if size > (MAX_FILM if film else MAX_PICTURE):
        raise ProvenanceError(f"“{name}” is too large to be read here: choose a smaller file.")
    found = _Gathered()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is odd in a file
        if film:
            _film(file, found, name)
        else:
            _picture(file, kind, found, name)
    return found.finished(kind)


# pictures


def _picture(file: BinaryIO, kind: str, found: _Gathered, name: str) -> None:
    data = file.read()
    _size(data, kind, found, name)
    if kind == "GIF":
        found.note("A GIF can hold comments, which are not read here.")
        return
    if kind in ("HEIF", "AVIF"):
        _wrapped(data, kind, found)
        return
    try:
        every = containers.parts(data)
    except ProvenanceError as error:
        raise ProvenanceError(f"“{name}” is damaged or incomplete: copy it again from where you have it.") from error
    extended: list[tuple[int, bytes]] = []
    photoshop = b""
    for part in every:
        if part.name == b"tail":
            found.structure["After the end of the picture"] = f"{len(part.body):,} bytes more"
        elif kind == "JPEG":
            body = part.body
            if containers.is_exif(kind, part):
                _exif(body[len(containers.EXIF) :], found)
            elif part.name == b"\xff\xe1" and body.startswith(containers.XMP):
                _xmp(body[len(containers.XMP) :], found)
            elif part.name == b"\xff\xe1" and body.startswith(containers.XMP_MORE):
                more = body[len(containers.XMP_MORE) :]
                extended.append((int.from_bytes(more[36:40], "big"), more[40:]))  # each says where it belongs
            elif part.name == b"\xff\xed" and body.startswith(containers.PHOTOSHOP):
                photoshop += body[len(containers.PHOTOSHOP) :]
            elif part.name == b"\xff\xfe" and body.strip(b"\0 "):
                found.add("Comment", "Comment", read_text(body))
            elif part.name == b"\xff\xeb" and b"jumb" in body[:64]:
                found.structure["Content Credentials"] = "a manifest is in the file; lesson 7 reads it"
            elif part.name == b"\xff\xe0" and body.startswith(b"JFIF\0") and len(body) >= 14:
                found.structure["JFIF"] = f"version {body[5]}.{body[6]:02d}"
        elif kind == "PNG":
            _png_part(part, found)
        elif part.name == b"EXIF":
            _exif(part.body.removeprefix(containers.EXIF), found)
        elif part.name == b"XMP ":
            _xmp(part.body, found)
    if extended:
        _xmp(b"".join(piece for _, piece in sorted(extended)), found)
    if photoshop:
        _iptc(photoshop, found)


def _size(data: bytes, kind: str, found: _Gathered, name: str) -> None:
    from PIL import Image

    if kind in ("HEIF", "AVIF"):
        return
    if kind == "PNG":  # Pillow would unpack every text on its way
        size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        if data[12:16] == b"IHDR" and all(0 < side < 2**31 for side in size):
            found.fact("size", size)
            found.structure["Size"] = f"{size[0]} × {size[1]} pixels"
        return
    try:
        with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as image:
            found.fact("size", image.size)
            found.structure["Size"] = f"{image.size[0]} × {image.size[1]} pixels"
            if getattr(image, "is_animated", False) and kind != "JPEG":
                found.structure["Pictures"] = f"{image.n_frames}, one after the other"
            tables = getattr(image, "quantization", None)
            if tables:
                found.structure.update(_tables(tables))
                if image.info.get("progressive"):
                    found.structure["Order of the data"] = "coarse first (progressive)"
    except (Image.DecompressionBombError, *_BROKEN) as error:
        raise ProvenanceError(f"“{name}” is damaged or incomplete: copy it again from where you have it.") from error


_STANDARD = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
"""Brightness table of ITU-T T.81, annex K, which the usual program scales by its quality."""


def _tables(tables: Mapping[int, list[int]]) -> Iterator[tuple[str, str]]:
    first = tables.get(0)
    if not first or len(first) != 64:
        return
    yield "Steps of rounding", f"{min(first)} (finest) to {max(first)} (coarsest)"
    best, far = 0, float("inf")
    for quality in range(1, 101):
        scale = 5000 / quality if quality < 50 else 200 - 2 * quality
        wanted = sorted(min(255, max(1, int((step * scale + 50) // 100))) for step in _STANDARD)
        distance = sum(abs(a - b) for a, b in zip(wanted, sorted(first), strict=True))
        if distance < far:
            best, far = quality, distance
    yield "Like a saving at quality", f"{best}" + ("" if far == 0 else " or so (tables of its own)")


def _wrapped(data: bytes, kind: str, found: _Gathered) -> None:
    """HEIC and AVIF: their own readers hand the blocks out."""
    try:
        if kind == "HEIF":
            import pi_heif

            image = pi_heif.open_heif(io.BytesIO(data))
            info, size = image.info, image.size
        else:
            from PIL import Image

            with Image.open(io.BytesIO(data), formats=("AVIF",)) as picture:
                info, size = dict(picture.info), picture.size
    except (ImportError, *_BROKEN):
        found.note(f"The inside of this {kind} picture could not be read.")
        return
    found.fact("size", tuple(size))
    found.structure["Size"] = f"{size[0]} × {size[1]} pixels"
    if isinstance(info.get("exif"), bytes):
        _exif(info["exif"].removeprefix(containers.EXIF), found)
    if isinstance(info.get("xmp"), bytes):
        _xmp(info["xmp"], found)


def _png_part(part: containers.Part, found: _Gathered) -> None:
    body = part.body
    if part.name == b"eXIf":
        _exif(body.removeprefix(containers.EXIF), found)
    elif part.name == b"tIME" and len(body) == 7:
        year, *rest = struct.unpack(">H5B", body)
        stamp = f"{year:04d}:{rest[0]:02d}:{rest[1]:02d} {rest[2]:02d}:{rest[3]:02d}:{rest[4]:02d}"
        found.add("PNG text", "Last change", stamp)
        found.fact("saved", stamp)
    elif part.name == b"caBX":
        found.structure["Content Credentials"] = "a manifest is in the file; lesson 7 reads it"
    elif part.name in (b"tEXt", b"zTXt", b"iTXt"):
        try:
            key, value = _png_text(part, found)
        except _BROKEN:
            found.note("A text in this PNG makes no sense and was left out.")
            return
        if key == "XML:com.adobe.xmp":
            _xmp(value.encode(), found)
        elif key.startswith("Raw profile type "):
            _raw_profile(value, found)
        else:
            found.add("PNG text", key, value)
            if key.lower() in ("software", "source"):
                found.fact("software", shown(value, 200))


def _png_text(part: containers.Part, found: _Gathered) -> tuple[str, str]:
    if found.room <= 0:
        raise InputError("there is too much text already")
    key, _, rest = part.body.partition(b"\0")
    name = read_text(key)
    if part.name == b"tEXt":
        return name, read_text(rest)
    if part.name == b"zTXt":
        return name, read_text(_inflated(rest[1:], found))
    packed, rest = rest[0], rest[2:]
    _language, _, rest = rest.partition(b"\0")
    _translated, _, rest = rest.partition(b"\0")
    return name, read_text(_inflated(rest, found) if packed else rest)


def _raw_profile(value: str, found: _Gathered) -> None:
    """A block of another kind as ImageMagick writes it into a text: its name, its length and hexadecimal digits."""
    try:
        _kind, length, digits = value.strip().split(maxsplit=2)
        block = bytes.fromhex(digits)[: int(length)]
    except ValueError:
        found.note("A text in this PNG makes no sense and was left out.")
        return
    for start, read in (
        (containers.EXIF, _exif),
        (containers.XMP, _xmp),
        (containers.PHOTOSHOP, _iptc),
        (b"II", _exif),
        (b"MM", _exif),
        (b"<", _xmp),
        (b"8BIM", _iptc),
        (b"\x1c", _iptc_fields),
    ):
        if block.startswith(start):
            read(block.removeprefix(start) if len(start) > 4 else block, found)
            return
    found.note("A block in an old, unusual form was left out.")


def _inflated(data: bytes, found: _Gathered) -> bytes:
    # A few bytes may stand for gigabytes.
    raw = zlib.decompressobj().decompress(data, min(_LONGEST_TEXT, found.room))
    found.room -= len(raw)
    return raw


# EXIF


def _exif(block: bytes, found: _Gathered) -> None:
    from PIL import ExifTags, Image

    if len(block) > _LONGEST_TEXT:
        found.note("The EXIF block is far too large and was left out.")
        return
    if not found.one_more_block():
        return
    exif = Image.Exif()
    try:
        exif.load(containers.EXIF + block)
        main = dict(exif)
    except _BROKEN:
        found.note("The EXIF block makes no sense and was left out.")
        return
    inner: dict[int, dict[int, object]] = {}
    for number in (_EXIF_PART, _GPS_PART, _INTEROP_PART, _SMALL_PART):
        try:
            inner[number] = dict(exif.get_ifd(number))
        except _BROKEN:
            inner[number] = {}
            found.note("A part of the EXIF block makes no sense and was left out.")
    order = exif_block.order_of(block)
    newer = exif_block.parts_of(block)
    for part, fields in ((exif_block.MAIN, main), (_EXIF_PART, inner[_EXIF_PART]), (_GPS_PART, inner[_GPS_PART])):
        for one in newer[part].fields if part in newer else ():
            if one.kind == exif_block.UTF8:  # which Pillow passes over
                fields.setdefault(one.tag, one.raw.decode("latin-1"))
        # Pillow takes each byte of a text for a letter, so that no byte is lost
        fields.update({tag: _said(value) for tag, value in fields.items() if isinstance(value, str)})
    for title, fields, names in (
        ("EXIF: picture", main, ExifTags.TAGS),
        ("EXIF: how it was taken", inner[_EXIF_PART], ExifTags.TAGS),
        ("EXIF: place", inner[_GPS_PART], ExifTags.GPSTAGS),
    ):
        for tag, value in fields.items():
            if tag in (_EXIF_PART, _GPS_PART, _INTEROP_PART):
                continue
            label = names.get(tag, f"field {tag:#06x}")
            try:
                words = _exif_words(tag, label, value, order)
            except _BROKEN:
                found.note(f"The field {label} makes no sense and was left out.")
                continue
            found.add(title, label, words)
    _small_picture(block, inner[_SMALL_PART], found)
    _exif_facts(main, inner, found)


def _said(text: str) -> str:
    try:
        return read_text(text.encode("latin-1"))
    except UnicodeEncodeError:
        return text


def _exif_words(tag: int, label: str, value: object, order: str) -> str:
    if tag in _XP_TEXT and isinstance(value, bytes | tuple):
        return read_utf16(bytes(value))
    if isinstance(value, bytes):
        if label in ("UserComment", "GPSProcessingMethod", "GPSAreaInformation"):
            return read_comment(value, order)
        if label == "GPSAltitudeRef" and len(value) == 1:
            return "below the sea" if value == b"\1" else "above the sea"
        if label == "GPSVersionID":
            return ".".join(str(one) for one in value[:4])
        plain = value.strip(b"\0 ")
        if plain and len(plain) <= 64 and plain.isascii() and plain.decode().isprintable():
            return plain.decode()
        if tag in _PLAIN_TEXT:
            return read_text(value)
        return f"{len(value):,} bytes that only their maker can read"
    if isinstance(value, tuple):
        return ", ".join(_one(part) for part in value[:64])
    chosen = _CHOICES.get(label, {}).get(value) if isinstance(value, int) else None
    if chosen:
        return chosen
    if label == "ExposureTime" and _finite(value) and 0 < float(value) < 0.5:
        return f"1/{1 / float(value):.0f} s"
    if label == "FocalLength":
        return f"{_one(value)} mm"
    if label in ("GPSHPositioningError", "GPSAltitude"):
        return f"{_one(value)} m"
    return _one(value)


def _one(value: object) -> str:
    if isinstance(value, str):
        return value
    if _finite(value):
        return f"{float(value):.6g}" if not isinstance(value, int) else str(value)[:40]
    return "not a number" if not isinstance(value, bytes) else f"{len(value):,} bytes"


def _finite(value: object) -> bool:
    try:
        return abs(float(value)) < 1e18  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return False


def _small_picture(block: bytes, fields: Mapping[int, object], found: _Gathered) -> None:
    start, length = fields.get(0x0201), fields.get(0x0202)
    if isinstance(start, int) and isinstance(length, int) and 0 < length < 1_000_000 and start > 0:
        small = block[start : start + length]
        if len(small) == length and small.startswith(b"\xff\xd8\xff"):
            found.fact("thumbnail", small)
            found.add("EXIF: small picture", "Size in bytes", f"{length:,}")


def _exif_facts(main: Mapping[int, object], inner: Mapping[int, Mapping[int, object]], found: _Gathered) -> None:
    shot, gps = inner[_EXIF_PART], inner[_GPS_PART]

    def words(value: object) -> str | None:
        return (shown(value.strip("\0 "), 200) or None) if isinstance(value, str) else None

    maker, model = words(main.get(0x010F)), words(main.get(0x0110))
    notes = find_generation(value for value in (main.get(0x010F), main.get(0x0110)) if isinstance(value, str))
    found.fact("generation", notes)
    if notes is None and (maker or model):
        both = model if maker and model and model.lower().startswith(maker.lower()) else f"{maker or ''} {model or ''}"
        found.fact("camera", (both or "").strip())
    found.fact("software", words(main.get(0x0131)))
    found.fact("taken", words(shot.get(0x9003)))
    found.fact("saved", words(main.get(0x0132)))
    size = shot.get(0xA002), shot.get(0xA003)
    if all(isinstance(one, int) and 0 < one < 10**6 for one in size):
        found.fact("written_size", size)
    place = from_exif(gps)
    found.fact("location", place)
    if place is None and 2 in gps:
        found.note("The file has a field for a place, and what stands in it is no place on Earth.")
    found.fact("satellite_time", _satellites(gps))


def _satellites(gps: Mapping[int, object]) -> datetime | None:
    day, clock = gps.get(29), gps.get(7)
    try:
        hours, minutes, seconds = (float(one) for one in clock)  # type: ignore[union-attr]
        start = datetime.strptime(str(day).strip("\0 "), "%Y:%m:%d")
        return start + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


# XMP and IPTC


def _xmp(block: bytes, found: _Gathered) -> None:
    from defusedxml import ElementTree  # refuses entities: a few bytes of them may stand for gigabytes
    from defusedxml.common import DefusedXmlException

    if len(block) > _LONGEST_TEXT:
        found.note("The XMP block is far too large and was left out.")
        return
    if not found.one_more_block():
        return
    try:
        root = ElementTree.fromstring(read_xml(block), forbid_dtd=True)
        leaves = list(_leaves(root))
    except (DefusedXmlException, *_BROKEN):
        found.note("The XMP block makes no sense and was left out.")
        return
    for name, value, _ in leaves:
        found.add("XMP", name, value)
    known = {name: value for name, value, _ in reversed(leaves)}
    found.fact("software", shown(known.get("CreatorTool", ""), 200))
    found.fact("camera", shown(f"{known.get('Make', '')} {known.get('Model', '')}".strip(), 200))
    sources = [value for name, value, space in leaves if name == "DigitalSourceType" and space == _IPTC_SPACE]
    said = list(dict.fromkeys(digital_source.in_words(shown(one, 200)) for one in sources))
    if said:
        found.fact("declared", f"Declared as {', and elsewhere in the same file as '.join(said[:3])}.")
    if "GPSLatitude" in known and "GPSLongitude" in known:
        found.fact("location", from_xmp(known["GPSLatitude"], known["GPSLongitude"]))


_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_IPTC_SPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"


def _leaves(root: Any) -> Iterator[tuple[str, str, str]]:
    """Name and text of whatever holds a text, and the namespace of the name."""
    waiting = [(root, "")]
    count = 0
    while waiting and count < _MOST_FIELDS:
        element, above = waiting.pop()
        name = str(element.tag)
        passes = _local(name) in ("li", "Alt", "Seq", "Bag", "Description", "RDF", "xmpmeta") or name == _RDF + "value"
        label = above if passes else name
        for key, value in element.attrib.items():
            # other ways to write what stands in an element
            named = key == _RDF + "resource" or (key in (_RDF + "about", _RDF + "value") and above and passes)
            if value.strip() and named:
                count += 1
                yield _local(label or name), value.strip(), _space(label or name)
            elif value.strip() and _local(key) not in ("about", "lang", "xmptk", "parseType"):
                count += 1
                yield _local(key), value.strip(), _space(key)
        if element.text and element.text.strip() and not len(element):
            count += 1
            yield _local(label or name), element.text.strip(), _space(label or name)
        waiting += [(child, label) for child in reversed(list(element))]


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _space(name: str) -> str:
    return name.rpartition("}")[0].removeprefix("{")


_IPTC_NAMES = {
    5: "Title", 15: "Category", 25: "Keywords", 40: "Instructions", 55: "Date created", 60: "Time created",
    65: "Program", 80: "By", 85: "Position", 90: "City", 95: "State", 101: "Country", 105: "Headline", 110: "Credit",
    115: "Source", 116: "Rights", 120: "Caption", 122: "Caption by",
}  # fmt: skip


def _iptc(block: bytes, found: _Gathered) -> None:
    """The fields inside a Photoshop block: Pillow reads them from a JPEG alone."""
    at = 0
    while at + 12 <= len(block) and block[at : at + 4] == b"8BIM":
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        at += 7 + block[at + 6]
        at += at % 2
        length = int.from_bytes(block[at : at + 4], "big")
        if number == 0x0404:
            _iptc_fields(block[at + 4 : at + 4 + length], found)
        at += 4 + length + length % 2


def _iptc_fields(body: bytes, found: _Gathered) -> None:
    """Fields of record 2 (IPTC-IIM 4.2); one of record 1 says in which letters, if it is there."""
    at, coding = 0, ""
    while at + 5 <= len(body) and body[at] == 0x1C:
        record, number = body[at + 1], body[at + 2]
        size = int.from_bytes(body[at + 3 : at + 5], "big")
        if size & 0x8000 or at + 5 + size > len(body):
            found.note("The IPTC block is cut off; its last fields were left out.")
            return
        value = body[at + 5 : at + 5 + size]
        if (record, number) == (1, 90):
            coding = _IPTC_LETTERS.get(value, "")
        elif record == 2 and number in _IPTC_NAMES and value.strip():
            words = value.decode(coding, errors="replace") if coding else read_text(value)
            found.add("IPTC", _IPTC_NAMES[number], words)
            if number == 65:
                found.fact("software", shown(words, 200))
        at += 5 + size


# ISO 2022, of which files use hardly more than the first
_IPTC_LETTERS = {
    b"\x1b%G": "utf-8", b"\x1b%/I": "utf-8", b"\x1b%/L": "utf-16-be", b"\x1b-A": "latin-1", b"\x1b.A": "latin-1",
    b"\x1b-B": "latin-2", b"\x1b-L": "iso8859-5", b"\x1b-F": "iso8859-7", b"\x1b-G": "iso8859-6",
    b"\x1b-H": "iso8859-8", b"\x1b-M": "iso8859-9",
}  # fmt: skip


# films


class _Watched:
    """A file for a decoder, which is stopped if it reads on and on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._until = file, time.monotonic() + _SECONDS

    def read(self, size: int) -> bytes:
        if time.monotonic() > self._until:
            raise OSError("too slow")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _film(file: BinaryIO, found: _Gathered, name: str) -> None:
    import av

    kind = "matroska" if containers.kind_of(file.read(16)) == "Matroska" else "mov"
    file.seek(0)
    try:
        with av.open(_Watched(file), format=kind, metadata_errors="replace") as container:
            tags = [("Film", dict(container.metadata))]
            for number, stream in enumerate(list(container.streams)[:16], start=1):
                tags.append((f"Track {number} ({stream.type})", dict(stream.metadata)))
                if stream.type == "video":
                    size = stream.codec_context.width, stream.codec_context.height
                    found.fact("size", size)
                    found.structure["Size"] = f"{size[0]} × {size[1]} pixels"
                    found.structure["Coded as"] = shown(stream.codec_context.name, 40)
            if container.duration:
                found.structure["Length"] = f"{container.duration / 1e6:.1f} s"
    except (av.FFmpegError, OSError, ValueError, OverflowError) as error:
        raise ProvenanceError(f"“{name}” is damaged or incomplete: copy it again from where you have it.") from error
    for title, fields in tags:
        for key, value in fields.items():
            _film_field(title, key, value, found)


_BUILT = {
    "major_brand": "Kind of container",
    "minor_version": "Version of the container",
    "compatible_brands": "Can be read as",
    "language": None,
    "handler_name": None,
    "vendor_id": None,
}


def _film_field(title: str, key: str, value: str, found: _Gathered) -> None:
    if key.startswith("location-"):  # the same once more, for a language
        return
    if key in _BUILT:
        if _BUILT[key]:
            found.structure[_BUILT[key]] = shown(value, 200)
        return
    if key == "creation_time" and value.startswith(("1904-", "1970-01-01T00:00")):  # a clock that was never set
        return
    found.add(title, key, value)
    if key in ("location", "com.apple.quicktime.location.ISO6709"):
        found.fact("location", from_iso6709(value, "the film's location field"))
    elif key in ("encoder", "com.apple.quicktime.software") and title == "Film":
        found.fact("software", shown(value, 200))
    elif key == "creation_time" and title == "Film":
        # in films this clock counts in UTC
        found.fact("taken", shown(value.replace("T", " ").partition(".")[0].rstrip("Z") + " UTC", 40))
    elif key in ("com.apple.quicktime.model", "com.android.model"):
        found.fact("camera", shown(value, 200))


# text


def shown(text: str, most: int) -> str:
    """A text fit to be shown: on one line, cut to a length, without letters that hide or turn others round.

    Examples
    --------
    >>> shown("two\\n lines\\u202e and more", 20)
    'two lines and more'
    >>> shown("far too long", 8)
    'far too…'
    """
    text = text[: 4 * most + 64]
    plain = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    plain = re.sub(r" +", " ", plain).strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"
