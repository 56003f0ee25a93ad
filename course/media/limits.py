"""What a learner's own file may be, and how long reading it may take.

All limits are held before decoding, or between one frame and the next, so that no file can take the course
down: a reader holds at most about 500 MB at a time.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from course.media.errors import MediaError

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_STILL_BYTES = 100_000_000
MAX_CLIP_BYTES = 2_000_000_000
"""Of a clip only the first seconds are read, so its file may be larger than memory."""

MAX_STILL_PIXELS = {
    "JPEG": 50_000_000,
    "PNG": 50_000_000,
    "GIF": 50_000_000,
    # the decoders of these hold several copies
    "HEIF": 25_000_000,
    "TIFF": 25_000_000,
    "WEBP": 20_000_000,
    "AVIF": 20_000_000,
}
TO_LOOK_AT = "make a copy saved as JPEG to look at, and keep this file for questions about its notes."
"""What to do with a picture that cannot be read. A copy loses what the file says of itself."""

MAX_NATIVE_PIXELS = 25_000_000
"""Stills with more pixels are read at half their width and height; photographs of 12 and 24 megapixels are not."""

MAX_FRAME_PIXELS = 9_000_000
"""Of one frame as it is stored: 4K, that is 4096 x 2160, and no more."""

MAX_ANIMATION_PIXELS = 4_000_000
"""Of one frame of a GIF, WebP, PNG or AVIF that moves."""

MAX_SECONDS = 10
MAX_RATE = 30
MAX_SIDE = 720
MAX_AREA = 640 * 480
"""Pixels of one frame handed on. With the limits above, the longest clip is 280 MB of frames."""

FIRST_PICTURE_SECONDS = 2.0
ALL_PICTURES_SECONDS = 30.0


def damaged(name: str) -> MediaError:
    """The error for a file whose content makes no sense."""
    return MediaError(f"“{name}” is damaged: copy it again from where it came from.")


def check_pixels(width: int, height: int, most: int, name: str) -> None:
    """Refuse a picture without pixels, or with too many.

    Raises
    ------
    MediaError
        If ``width`` times ``height`` is 0 or more than ``most``.

    Examples
    --------
    >>> check_pixels(4000, 3000, MAX_STILL_PIXELS["JPEG"], "photo.jpg")
    """
    if width < 1 or height < 1:
        raise damaged(name)
    if width * height > most:
        raise MediaError(
            f"“{name}” is {width} pixels wide and {height} high: make a copy of at most {most / 1e6:.0f} million pixels"
            " to look at, and keep this file for questions about its notes."
        )


def fitted(width: float, height: float) -> tuple[int, int]:
    """The width and height in which a frame is handed on: the same shape, never larger.

    Examples
    --------
    >>> fitted(320, 240), fitted(1920, 1080), fitted(2000, 2000)
    ((320, 240), (720, 405), (554, 554))
    """
    scale = min(1.0, MAX_SIDE / max(width, height), math.sqrt(MAX_AREA / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


class Watch:
    """A stop watch that refuses a clip whose reading takes too long.

    Parameters
    ----------
    name : str
        Of the file, for the message.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._start = time.monotonic()
        self._limit = FIRST_PICTURE_SECONDS

    def first_picture(self) -> None:
        """Say that there is a picture: the rest may take longer."""
        self._limit = ALL_PICTURES_SECONDS

    def check(self) -> None:
        """Raise `MediaError` if the time is up."""
        if time.monotonic() - self._start > self._limit:
            raise MediaError(
                f"“{self._name}” takes too long to read: make a copy of it, in Full HD (1920 x 1080) or smaller and"
                f" {MAX_SECONDS} seconds or shorter, and keep this file for questions about its notes."
            )


class WatchedFile:
    """An open file for a decoder, which looks at the watch with each read.

    A decoder that searches a large file for something it can use asks for bytes again and again before it
    hands back control; this is where it can be stopped.
    """

    def __init__(self, file: BinaryIO, watch: Watch) -> None:
        self._file = file
        self._watch = watch

    def read(self, size: int) -> bytes:
        self._watch.check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
