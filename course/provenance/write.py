"""Take a file's notes out, or write other ones in. The picture data stays as it is, byte for byte.

A picture that is stored lying on its side keeps the one field that says so; without it everybody would see it lie.
And it gets no such field where a browser did not find one.
"""

from __future__ import annotations

import errno
import io
import os
import re
import struct
import tempfile
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from course.media.orientation import turn_of_exif, turn_of_jpeg, turn_of_png
from course.provenance import containers, exif
from course.provenance.errors import ProvenanceError
from course.provenance.metadata import _BROKEN, MAX_PICTURE, read_bytes, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORIENTATION, _MAKE, _MODEL, _SOFTWARE, _SAVED, _TAKEN, _DIGITISED = (
    0x0112,
    0x010F,
    0x0110,
    0x0131,
    0x0132,
    0x9003,
    0x9004,
)
_LONGEST = 200
_SEGMENT, _INFO, _TAGS = 0x18538067, 0x1549A966, 0x1254C367
_PROGRAMS = (0x4D80, 0x5741)  # what wrote the film, twice
_OTHER = (
    "Only JPEG, PNG and WebP pictures can be changed here, and films only emptied. A copy saved as JPEG can be; keep "
    "this one, for a copy may lose what the file says of itself."
)


def stripped(data: bytes) -> bytes:
    """The same picture or film without anything that is not needed to show it.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, WebP, MP4, MOV or WebM file.

    Returns
    -------
    bytes
        The picture data is the same. Small copies, manifests and whatever hangs on behind the end are gone as well;
        colour profile and orientation stay.

    Raises
    ------
    ProvenanceError
        If the file is of another kind, or does not hold together.

    Examples
    --------
    >>> from course import media
    >>> data = media.catalogue().where(kind="still")[0].path.read_bytes()
    >>> stripped(stripped(data)) == stripped(data)
    True
    """
    kind = containers.kind_of(data[:64])
    if kind in ("MP4", "Matroska"):
        return _remuxed(data, kind)
    if kind not in ("JPEG", "PNG", "WebP"):
        raise ProvenanceError(_OTHER)
    turn = _turn(data, kind)
    block = exif.turned(turn, exif.order_of(containers.exif_of(data)) or "<") if turn > 1 else b""
    return containers.rebuilt(data, block, only_drawing=True)


def edited(
    data: bytes,
    *,
    taken: str | None = None,
    camera: str | None = None,
    place: tuple[float, float] | None = None,
    software: str | None = None,
) -> bytes:
    """The same picture with other fields: anybody can write them, which is the point.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG or WebP file.
    taken : str, optional
        Date and time, ``"2019-07-14 12:30"``; seconds may follow.
    camera, software : str, optional
        At most 200 letters.
    place : tuple of float, optional
        Latitude and longitude in degrees; south and west are negative.

    Returns
    -------
    bytes
        What is not named stays, byte for byte: the small copy inside EXIF too, and the satellites' time and the height
        above the sea, which may contradict the new fields then.

    Raises
    ------
    ProvenanceError
        If a value cannot stand in its field, or the file cannot be changed.

    Examples
    --------
    >>> from course import media
    >>> from course.provenance import read_bytes
    >>> data = media.catalogue().where(kind="still")[0].path.read_bytes()
    >>> read_bytes(edited(data, taken="1999-12-31 23:59", camera="Pinhole box")).camera
    'Pinhole box'
    """
    kind = containers.kind_of(data[:64])
    if kind not in ("JPEG", "PNG", "WebP"):
        raise ProvenanceError(_OTHER)
    block = containers.exif_of(data)
    order = exif.order_of(block) or "<"
    main: dict[int, exif.Field | None] = {}
    changes: dict[int, dict[int, exif.Field | None]] = {exif.MAIN: main}
    if taken is not None:
        stamp = exif.text(_stamp(taken))
        main[_SAVED] = stamp
        changes[exif.SHOT] = {_TAKEN: stamp, _DIGITISED: stamp}
    if camera is not None:
        main |= {_MODEL: exif.text(_plain(camera, "camera")), _MAKE: None}
    if software is not None:
        main[_SOFTWARE] = exif.text(_plain(software, "program"))
    if place is not None:
        changes[exif.GPS] = _gps(order, *_checked(place))
        if exif.GPS not in exif.parts_of(block):
            changes[exif.GPS][0] = exif.Field(0, exif.BYTE, 4, b"\2\3\0\0")  # the version of these fields
    made = containers.rebuilt(data, exif.written(block, changes), only_drawing=False)
    turn = _turn(data, kind)
    if _turn(made, kind) != turn:
        # A note that no browser understood where it stood (a wrong sum, an odd head) would be understood now.
        main[_ORIENTATION] = exif.Field(0, exif.SHORT, 1, struct.pack(order + "H", turn)) if turn > 1 else None
        made = containers.rebuilt(data, exif.written(block, changes), only_drawing=False)
    return made


def strip_metadata(path: Path | str, out: Path | str) -> Path:
    """Write a copy of a file without its notes.

    Parameters
    ----------
    path : Path or str
        The file; it is not changed.
    out : Path or str
        The copy, which is replaced only once it is complete.

    Raises
    ------
    ProvenanceError
        As for `stripped`, or if `out` is the file itself or cannot be written.
    """
    return save(stripped(_content(path)), out, path)


def edit_metadata(path: Path | str, out: Path | str, **fields: object) -> Path:
    """Write a copy of a picture with other fields; `fields` as for `edited`.

    Raises
    ------
    ProvenanceError
        As for `edited`, or if `out` is the file itself or cannot be written.
    """
    return save(edited(_content(path), **fields), out, path)  # type: ignore[arg-type]


def save(data: bytes, out: Path | str, source: Path | str | None = None) -> Path:
    """Write a file whole or not at all.

    Raises
    ------
    ProvenanceError
        If it is the source itself, or the folder cannot be written to.
    """
    out = Path(out).expanduser()
    name = shown(out.name, 60)
    try:
        if source is not None and out.exists() and out.samefile(Path(source).expanduser()):
            raise ProvenanceError(
                f"“{name}” is the file itself, which stays as it is: choose another name for the copy."
            )
        out.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=out.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(out)
        except OSError:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        reason = "the disk is full: free some space" if full else "its folder may not be written to: choose another one"
        raise ProvenanceError(f"“{name}” could not be saved, because {reason}.") from error
    return out


def _content(path: Path | str) -> bytes:
    path = Path(path).expanduser()
    name = shown(path.name, 60) or "?"
    try:
        if path.stat().st_size > MAX_PICTURE:
            raise ProvenanceError(f"“{name}” is too large to be changed here: choose a smaller file.")
        if not path.is_file():
            raise ProvenanceError(f"“{name}” is no file: choose a picture or a film.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise ProvenanceError(f"“{name}” cannot be opened: check its name and its folder.") from error


def _turn(data: bytes, kind: str) -> int:
    """How the picture is shown, 1 to 8, so that it can stay so."""
    if kind == "JPEG":
        return turn_of_jpeg(data)
    if kind == "PNG":
        return turn_of_png(data)
    # A browser heeds no such note in a WebP; but other programs do if its head announces one.
    head = next((part.body for part in containers.parts(data) if part.name == b"VP8X"), b"")
    return turn_of_exif(containers.exif_of(data)) if head and head[0] & 0x08 else 1


def _plain(text: object, what: str) -> str:
    if not isinstance(text, str) or not shown(text, _LONGEST + 1) or len(shown(text, _LONGEST + 1)) > _LONGEST:
        raise ProvenanceError(f"For the {what} use between 1 and {_LONGEST} letters.")
    plain = shown(text, _LONGEST)
    if not plain.isascii():
        raise ProvenanceError(f"The field for the {what} takes plain letters without accents: write it with those.")
    return plain


def _stamp(text: object) -> str:
    if isinstance(text, str):
        found = re.fullmatch(r"\s*(\d{4})[-:](\d{1,2})[-:](\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*", text)
        if found:
            with suppress(ValueError):
                return datetime(*(int(one or 0) for one in found.groups())).strftime("%Y:%m:%d %H:%M:%S").rjust(19, "0")
    raise ProvenanceError("Write the date like this: 2019-07-14 12:30.")


def _checked(place: object) -> tuple[float, float]:
    try:
        latitude, longitude = (float(one) for one in place)  # type: ignore[union-attr]
    except (TypeError, ValueError, OverflowError):
        raise ProvenanceError("Write the place as two numbers in degrees, such as 48.9 and 2.3.") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ProvenanceError(
            "That is no place on Earth: the first number goes from −90 to 90, the other from −180 to 180."
        )
    return latitude, longitude


def _gps(order: str, latitude: float, longitude: float) -> dict[int, exif.Field | None]:
    return {
        1: exif.text("S" if latitude < 0 else "N"),
        2: exif.rationals(order, *_sexagesimal(latitude)),
        3: exif.text("W" if longitude < 0 else "E"),
        4: exif.rationals(order, *_sexagesimal(longitude)),
    }


def _sexagesimal(value: float) -> tuple[tuple[int, int], ...]:
    hundredths = round(abs(Fraction(value)) * 3600 * 100)
    minutes, rest = divmod(hundredths, 6000)
    return (minutes // 60, 1), (minutes % 60, 1), (rest, 100)


def _remuxed(data: bytes, kind: str) -> bytes:
    """The same packets in a fresh container; nothing is decoded."""
    import av

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), format="mov" if kind == "MP4" else "matroska") as source:
            streams = [
                one
                for one in source.streams
                if one.type in ("video", "audio") and not one.disposition & av.stream.Disposition.attached_pic
            ]  # a picture for the cover is a note
            if not streams:
                raise ProvenanceError("There is neither picture nor sound in this film: choose another one.")
            numbers = [one.id for one in streams]
            webm = kind == "Matroska" and all(
                one.codec_context.name in ("vp8", "vp9", "av1", "opus", "vorbis") for one in streams
            )
            form = "mp4" if kind == "MP4" else "webm" if webm else "matroska"
            with av.open(out, "w", format=form, options={"fflags": "+bitexact"}) as target:
                copies = {one.index: target.add_stream_from_template(one) for one in streams}
                for copy in copies.values():
                    copy.metadata.clear()
                for packet in source.demux(streams):
                    if packet.dts is None:
                        continue
                    packet.stream = copies[packet.stream.index]
                    target.mux(packet)
    except (av.FFmpegError, *_BROKEN) as error:
        raise ProvenanceError("This film cannot be taken apart: save it again as MP4 and try once more.") from error
    made = _without_tags(out.getvalue()) if kind == "Matroska" else out.getvalue()
    if kind == "MP4":
        made = containers.stands_like(made, data, numbers)
    left = read_bytes(made)
    if not left.empty:
        raise ProvenanceError(
            "Not everything could be taken out of this film, so no copy was made: save it again as MP4 and try again."
        )
    return made


def _without_tags(data: bytes) -> bytes:
    """A WebM as FFmpeg writes it, without the tags that it adds of its own accord, and without its own name.

    All that is needed stays where it is: the rest becomes room that nobody reads (RFC 8794, 11.3.2).
    """
    made = bytearray(data)
    for name, start, stop in _elements(data, 0, len(data)):
        if name in (_TAGS, *_PROGRAMS):
            size = stop - start
            head = b"\xec" + (bytes([0x80 | size - 2]) if size < 128 else b"\x01" + (size - 9).to_bytes(7, "big"))
            made[start:stop] = head.ljust(size, b"\0")
    return bytes(made)


def _elements(data: bytes, at: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """The elements of an EBML file, with those inside the ones that matter: name, where it starts, where it stops."""
    while at < stop:
        start, numbers = at, []
        for keep in (True, False):  # a name keeps the bit that tells its length, a length does not
            length = 9 - data[at].bit_length()
            number = int.from_bytes(data[at : at + length], "big")
            numbers.append(number if keep else number - (1 << 7 * length))
            at += length
        yield numbers[0], start, at + numbers[1]
        if numbers[0] in (_SEGMENT, _INFO):
            yield from _elements(data, at, at + numbers[1])
        at += numbers[1]
