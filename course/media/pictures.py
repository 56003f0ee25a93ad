"""The readers for pictures: JPEG, PNG, GIF, WebP, AVIF and TIFF through Pillow, HEIC through libheif."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from contextlib import contextmanager
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from course.media.decode import Clip, Still
from course.media.errors import MediaError
from course.media.limits import (
    MAX_ANIMATION_PIXELS,
    MAX_NATIVE_PIXELS,
    MAX_RATE,
    MAX_SECONDS,
    MAX_STILL_PIXELS,
    TO_LOOK_AT,
    Watch,
    check_pixels,
    damaged,
    fitted,
)
from course.media.orientation import scans_of_jpeg, turn_of_jpeg, turn_of_png
from course.media.pace import even_rate, finished, most_steps, room, spread, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import numpy as np
    from PIL import Image

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    RuntimeError,
    MemoryError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""What Pillow and libheif raise when a file makes no sense. It depends on where the sense ends."""

_MOVING = ("GIF", "PNG", "WEBP", "AVIF")
"""A JPEG with several pictures (MPO) is no animation: they are views, or a map of how bright to show it."""

_MAX_SCANS = 100
"""Of a progressive JPEG; usual are 10. Each asks for a pass over all pixels, at the price of a few bytes."""

_DRAWS_PNG = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"))
"""The parts of a PNG that Pillow needs, besides colours and transparency. It gives up where it stumbles over a note."""

_MAX_PROFILE = 8_000_000

_ORIENTATION, _SUBFILE, _TILE_WIDTH, _TILE_HEIGHT, _DNG = 0x0112, 0x00FE, 0x0142, 0x0143, 0xC612


def read_picture(file: BinaryIO, kind: str, name: str) -> Still | Clip:
    """Read a picture, or an animation as a clip.

    Parameters
    ----------
    file : binary file
        At its beginning, and able to seek.
    kind : str
        ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"WEBP"``, ``"AVIF"``, ``"TIFF"`` or ``"HEIF"``: the one format to
        which the file is held.
    name : str
        Of the file, fit to be shown.

    Returns
    -------
    Still or Clip
        The way up in which a browser shows it, in sRGB, on white where it is transparent.

    Raises
    ------
    MediaError
        If it is too large or damaged, or its reader is not installed.

    Examples
    --------
    >>> from course import media
    >>> item = media.catalogue().where(kind="still")[0]
    >>> with item.path.open("rb") as file:
    ...     still = read_picture(file, "JPEG", "mine.jpg")
    >>> still.pixels.shape == (item.height, item.width, 3)
    True
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow warns of what is odd in a file, and of pixels beyond a limit of its own.
            warnings.simplefilter("ignore")
            image, turn = _opened(file, kind, name)
            with image:
                if kind in _MOVING and getattr(image, "is_animated", False):
                    return _read_animation(image, turn, name)
                return _read_still(image, turn, kind, name)
    except Image.DecompressionBombError as error:
        raise MediaError(f"“{name}” has far too many pixels: {TO_LOOK_AT}") from error
    except _BROKEN as error:
        raise damaged(name) from error


def _opened(file: BinaryIO, kind: str, name: str) -> tuple[Image.Image, int]:
    # The picture as it is stored, and how to show it: 1 to 8, as EXIF counts. A browser heeds no such note in a WebP
    # or a GIF. Pillow would look into XMP as well, and into what was once written into PNG as text.
    from PIL import Image, features

    match kind:
        case "HEIF":
            return _opened_heif(file, name), 1  # turned already
        case "TIFF":
            return _opened_tiff(file, name), 1  # is turned when it is read
        case "PNG":
            return _opened_png(file.read())
        case "AVIF":
            if not features.check("avif"):
                raise MediaError(f"“{name}” is an AVIF picture, for which Pillow is too old: {TO_LOOK_AT}")
            image = Image.open(_without_avif_notes(file.read()), formats=("AVIF",))
            return image, image.getexif().get(_ORIENTATION, 1)
        case "JPEG":
            data = file.read()
            if scans_of_jpeg(data, _MAX_SCANS) > _MAX_SCANS:
                raise MediaError(f"“{name}” is stored in too many layers: {TO_LOOK_AT}")
            file.seek(0)
            return Image.open(file, formats=("JPEG",)), turn_of_jpeg(data)
    return Image.open(file, formats=(kind,)), 1


def _opened_png(data: bytes) -> tuple[Image.Image, int]:
    from PIL import Image

    kept, at = io.BytesIO(), 8
    kept.write(data[:at])
    profile = None
    while at + 8 <= len(data):
        name, stop = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if name in (b"tRNS", b"iCCP"):
            # A wrong sum means damage, which can be passed over where the part is not needed.
            if data[stop - 4 : stop] == zlib.crc32(data[at + 4 : stop - 4]).to_bytes(4, "big"):
                if name == b"tRNS":
                    kept.write(data[at:stop])
                elif profile is None:
                    profile = _unpacked(data[at + 8 : stop - 4].partition(b"\0")[2])
        elif name in _DRAWS_PNG:
            kept.write(memoryview(data)[at:stop])
        at = stop
        if name == b"IEND":  # what follows is not part of the picture
            break
    kept.seek(0)
    image = Image.open(kept, formats=("PNG",))
    if profile:
        image.info["icc_profile"] = profile
    return image, turn_of_png(data)


def _unpacked(packed: bytes) -> bytes | None:
    # A colour profile from a PNG; None if it makes no sense.
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], _MAX_PROFILE)
    except zlib.error:
        return None
    return profile if packed[:1] == b"\0" and unpacker.eof else None


def _without_avif_notes(data: bytes) -> BinaryIO:
    # Pillow reads the notes of an AVIF as it opens it, and gives up on the picture if they make no sense; and it takes
    # from them how to show it where the picture itself says nothing. Under another name it does not find them.
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"meta":
            head = data[at : at + length].replace(b"Exif", b"none").replace(b"mime", b"none")
            return io.BytesIO(data[:at] + head + data[at + length :])
        if length < 8:  # to the end of the file, or in eight bytes: no such box comes before the notes
            break
        at += length
    return io.BytesIO(data)


def _opened_tiff(file: BinaryIO, name: str) -> Image.Image:
    from PIL import Image

    image = Image.open(file, formats=("TIFF",))
    tags = image.tag_v2
    if _DNG in tags or tags.get(_SUBFILE, 0) & 1:
        # all that could be shown of it here is the small copy
        raise MediaError(f"“{name}” is the raw data of a camera: {TO_LOOK_AT}")
    if tags.get(_TILE_WIDTH, 0) * tags.get(_TILE_HEIGHT, 0) > MAX_STILL_PIXELS["TIFF"]:
        raise damaged(name)
    if image.mode in ("F", "LAB"):
        raise MediaError(f"“{name}” is stored in numbers that are not the colours of a screen: {TO_LOOK_AT}")
    check_pixels(*image.size, MAX_STILL_PIXELS["TIFF"], name)
    with _quiet():
        image.load()
    return image


@contextmanager
def _quiet() -> Iterator[None]:
    # libtiff writes what it dislikes straight to where the errors of the process go, and a notebook shows that.
    try:
        kept = os.dup(2)
    except OSError:  # there is no such place
        yield
        return
    try:
        os.dup2(_nowhere(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@cache
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def _opened_heif(file: BinaryIO, name: str) -> Image.Image:
    try:
        import pi_heif
    except ImportError as error:
        raise MediaError(
            f"“{name}” is a HEIC picture, for which the package pi-heif is missing: {TO_LOOK_AT}"
        ) from error
    heif = pi_heif.open_heif(file)
    check_pixels(*heif.size, MAX_STILL_PIXELS["HEIF"], name)
    return heif.to_pillow()


def _read_still(image: Image.Image, turn: int, kind: str, name: str) -> Still:
    import numpy as np

    width, height = image.size
    check_pixels(width, height, MAX_STILL_PIXELS[kind], name)
    large = width * height > MAX_NATIVE_PIXELS
    if large:
        image.draft(image.mode, (width // 2, height // 2))  # a JPEG can be decoded at half its size at once
    pixels = np.asarray(_srgb(image, halve=large and image.size == (width, height), turn=turn))
    pixels.flags.writeable = False
    return Still(pixels)


def _read_animation(image: Image.Image, turn: int, name: str) -> Clip:
    import numpy as np

    watch = Watch(name)
    frames: np.ndarray | None = None
    shown: list[float] = []  # milliseconds, of each frame
    # An animated PNG may begin with a picture for programs that show no animations.
    first = 1 if image.info.get("default_image") else 0
    try:
        while sum(shown) < 1000 * MAX_SECONDS and (frames is None or len(shown) < len(frames)):
            image.seek(first + len(shown))
            check_pixels(*image.size, MAX_ANIMATION_PIXELS, name)
            _load_frame(image)
            frame = _srgb(image, turn=turn)
            if frames is None:
                width, height = fitted(*frame.size)
                frames = room(height, width, MAX_RATE)
            frames[len(shown)] = np.asarray(frame.resize((width, height)))
            shown.append(_shown_for(image))
            watch.first_picture()
            watch.check()
    except _BROKEN:
        # `EOFError` is how Pillow says that there are no more. What came before damage can still be looked at.
        if not shown:
            raise
    fps = even_rate(1000 / min(shown))
    *steps, end = (step(time / 1000, fps) for time in accumulate(shown, initial=0))
    count = min(max(end, 1), most_steps(fps))
    spread(frames, steps, count)
    return Clip(finished(frames, count), fps)


def _load_frame(image: Image.Image) -> None:
    # Pillow 13 lays a frame of a PNG onto what it means to go back to once the frame has been shown.
    before = getattr(image, "_prev_im", None) if image.format == "PNG" else None
    if before is None:
        image.load()
        return
    before = before.copy()
    image.load()
    image._prev_im = before


def _shown_for(image: Image.Image) -> float:
    # Browsers show a frame for 100 ms if its time is missing, or too short to be meant.
    milliseconds = float(image.info.get("duration") or 0)
    return min(milliseconds, 1000.0 * MAX_SECONDS) if milliseconds > 10 else 100.0


def _srgb(image: Image.Image, *, turn: int, halve: bool = False) -> Image.Image:
    # In this order, because each step may need room for one more copy.
    from PIL.Image import Transpose

    image = _eight_bit(image)
    if halve:
        image = image.reduce(2)
    image = _in_srgb(_on_white(image))
    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[turn]) if turn in turns else image


def _eight_bit(image: Image.Image) -> Image.Image:
    # Grey of 16 bits would be clipped by Pillow's own conversion. Palettes cannot be scaled.
    import numpy as np
    from PIL import Image

    if image.mode.startswith("I"):
        return Image.fromarray((np.clip(np.asarray(image), 0, 65_535) >> 8).astype(np.uint8))
    if image.mode in ("P", "PA", "1"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    paper.info = image.info
    return paper


def _in_srgb(image: Image.Image) -> Image.Image:
    # Phones store the colours of a wider screen (Display P3); shown as they are, they would look pale.
    profile = image.info.get("icc_profile")
    if profile and not _is_srgb(profile):
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if source.profile.xcolor_space.strip() == {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}.get(image.mode):
                target = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image.convert("RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            pass  # browsers, too, show a picture whose profile makes no sense as if it had none
    return image.convert("RGB")


def _is_srgb(profile: bytes) -> bool:
    # Left as they are, the numbers stay those of the file, which is what is measured on them.
    return b"sRGB" in profile or b"s\0R\0G\0B" in profile
