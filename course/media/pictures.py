"""The readers for pictures, still and moving: JPEG, PNG, GIF, WebP and AVIF through Pillow, HEIC through libheif."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
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
    Watch,
    check_pixels,
    damaged,
    fitted,
)
from course.media.pace import even_rate, finished, most_steps, room, spread, step

if TYPE_CHECKING:
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
    struct.error,
    zlib.error,
)
"""What Pillow and libheif raise when a file makes no sense. It depends on where the sense ends."""

_MOVING = ("GIF", "PNG", "WEBP", "AVIF")
"""A JPEG with several pictures (MPO) is no animation: they are views, or a map of how bright to show it."""

_MAX_SCANS = 100
"""Of a progressive JPEG; usual are 10. Each asks for a pass over all pixels, at the price of a few bytes."""

_ORIENTATION = 0x0112


def read_picture(file: BinaryIO, kind: str, name: str) -> Still | Clip:
    """Read a picture, or an animation as a clip.

    Parameters
    ----------
    file : binary file
        At its beginning, and able to seek.
    kind : str
        ``"JPEG"``, ``"PNG"``, ``"GIF"``, ``"WEBP"``, ``"AVIF"`` or ``"HEIF"``: the one format to which the
        file is held.
    name : str
        Of the file, fit to be shown.

    Returns
    -------
    Still or Clip
        The right way up, in sRGB, on white where it is transparent.

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
            with _opened(file, kind, name) as image:
                if kind in _MOVING and getattr(image, "is_animated", False):
                    return _read_animation(image, name)
                return _read_still(image, kind, name)
    except Image.DecompressionBombError as error:
        raise MediaError(f"“{name}” has far too many pixels: scale it down and try again.") from error
    except _BROKEN as error:
        raise damaged(name) from error


def _opened(file: BinaryIO, kind: str, name: str) -> Image.Image:
    from PIL import Image, features

    if kind == "HEIF":
        return _opened_heif(file, name)
    if kind == "AVIF" and not features.check("avif"):
        raise MediaError(f"“{name}” is an AVIF picture, for which Pillow is too old: save it as JPEG and try again.")
    if kind == "JPEG" and file.read().count(b"\xff\xda") > _MAX_SCANS:
        raise MediaError(f"“{name}” is stored in too many layers: save it again as JPEG and try again.")
    file.seek(0)
    return Image.open(file, formats=(kind,))


def _opened_heif(file: BinaryIO, name: str) -> Image.Image:
    try:
        import pi_heif
    except ImportError as error:
        raise MediaError(
            f"“{name}” is a HEIC picture, for which the package pi-heif is missing: save it as JPEG and try again."
        ) from error
    heif = pi_heif.open_heif(file)
    check_pixels(*heif.size, MAX_STILL_PIXELS["HEIF"], name)
    return heif.to_pillow()


def _read_still(image: Image.Image, kind: str, name: str) -> Still:
    import numpy as np

    width, height = image.size
    check_pixels(width, height, MAX_STILL_PIXELS[kind], name)
    large = width * height > MAX_NATIVE_PIXELS
    if large:
        image.draft(image.mode, (width // 2, height // 2))  # a JPEG can be decoded at half its size at once
    turn = _turn(image)
    pixels = np.asarray(_srgb(image, halve=large and image.size == (width, height), turn=turn))
    pixels.flags.writeable = False
    return Still(pixels)


def _read_animation(image: Image.Image, name: str) -> Clip:
    import numpy as np

    watch = Watch(name)
    frames: np.ndarray | None = None
    shown: list[float] = []  # milliseconds, of each frame
    turn = _turn(image)
    # An animated PNG may begin with a picture for programs that show no animations.
    first = 1 if image.info.get("default_image") else 0
    try:
        while sum(shown) < 1000 * MAX_SECONDS and (frames is None or len(shown) < len(frames)):
            image.seek(first + len(shown))
            check_pixels(*image.size, MAX_ANIMATION_PIXELS, name)
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


def _shown_for(image: Image.Image) -> float:
    # Browsers show a frame for 100 ms if its time is missing, or too short to be meant.
    milliseconds = float(image.info.get("duration") or 0)
    return min(milliseconds, 1000.0 * MAX_SECONDS) if milliseconds > 10 else 100.0


def _turn(image: Image.Image) -> Image.Transpose | None:
    # How to set the picture upright. Pillow's own function for this also writes the metadata anew, and stumbles
    # over damage there, which is no reason to refuse the pixels.
    from PIL import Image

    try:
        orientation = image.getexif().get(_ORIENTATION)
    except _BROKEN:
        return None
    turns = Image.Transpose
    return {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }.get(orientation)


def _srgb(image: Image.Image, *, turn: Image.Transpose | None, halve: bool = False) -> Image.Image:
    # In this order, because each step may need room for one more copy.
    image = _eight_bit(image)
    if halve:
        image = image.reduce(2)
    image = _in_srgb(_on_white(image))
    return image if turn is None else image.transpose(turn)


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
