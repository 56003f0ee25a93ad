"""A visible badge of our own making, such as services put into a corner of what they generate. It imitates none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._input import require_frames

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

LONGEST = 30


def put_badge(frames: NDArray[np.uint8], words: str) -> NDArray[np.uint8]:
    """Lay a small label over the upper left corner of each frame, as anybody can.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip with T >= 1 and H, W >= 64.
    words : str
        What it says, 1 to 30 characters on one line, letters and signs that can be drawn: no emoji.

    Returns
    -------
    ndarray of uint8, shape (T, H, W, 3)

    Raises
    ------
    ValueError
        If an argument is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> clip = np.zeros((2, 120, 200, 3), dtype=np.uint8)
    >>> badged = put_badge(clip, "Toy generator")
    >>> bool(badged[:, :60].any()), bool(badged[:, 60:].any())
    (True, False)
    """
    frames = require_frames(frames, least=1, smallest=64)
    if not isinstance(words, str) or not 1 <= len(words.strip()) <= LONGEST or not words.strip().isprintable():
        raise InputError(f"A badge says something in 1 to {LONGEST} characters on one line; got {words!r}.")
    label = _drawn(words.strip(), round(min(frames.shape[1:3]) * 0.065), frames.shape[2])
    ink, cover = label[..., :3].astype(np.float32), label[..., 3:].astype(np.float32) / 255
    edge = round(min(frames.shape[1:3]) * 0.04)
    corner = np.s_[:, edge : edge + label.shape[0], edge : edge + label.shape[1]]
    badged = frames.copy()
    under = badged[corner]
    height, width = under.shape[1:3]
    ink, cover = ink[:height, :width], cover[:height, :width]
    badged[corner] = np.rint(under * (1 - cover) + ink * cover).astype(np.uint8)
    return badged


@cache
def _fonts() -> tuple[Callable[[float], FreeTypeFont], ...]:
    """Pillow's own letters, few and plain; and those of matplotlib for names that need more of them."""
    from PIL import ImageFont

    more = resources.files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.load_default, lambda size: ImageFont.truetype(str(more), size)


def _font_for(words: str) -> Callable[[float], FreeTypeFont]:
    """The first font that has all these letters, so that none becomes an empty box."""
    odd = ""
    for make in _fonts():
        font = make(24)
        box = bytes(font.getmask("\uffff"))
        odd = next((one for one in words if not one.isspace() and bytes(font.getmask(one)) == box), "")
        if not odd:
            return make
    raise InputError(
        f"A badge takes letters, digits and plain signs; “{odd}” is none that it can draw. Leave it out and try again."
    )


def _drawn(words: str, size: int, widest: int) -> NDArray[np.uint8]:
    """The label by itself, RGBA: white letters on a dark pill, with a ring before them."""
    from PIL import Image, ImageDraw

    make = _font_for(words)
    # The letters get smaller until the label fits.
    for height in range(max(10, size), 5, -1):
        font = make(height)
        left, top, right, bottom = font.getbbox(words)
        width = round(right - left + 3.2 * height)
        if width <= 0.9 * widest:
            break
    label = Image.new("RGBA", (width, 2 * height))
    pen = ImageDraw.Draw(label)
    pen.rounded_rectangle((0, 0, width - 1, 2 * height - 1), radius=height, fill=(30, 30, 30, 170))
    pen.ellipse((0.5 * height, 0.5 * height, 1.5 * height, 1.5 * height), outline=(255, 255, 255, 255), width=2)
    pen.text((2.1 * height - left, height - (top + bottom) / 2), words, font=font, fill=(255, 255, 255, 255))
    return np.asarray(label)
