"""From an item of the catalogue to its pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.media.catalogue import CURE, Item, catalogue, read
from course.media.errors import MediaError

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Clip:
    """A decoded clip.

    Attributes
    ----------
    frames : (T, H, W, 3) uint8 ndarray
        RGB, read-only.
    fps : float
        Frames a second.
    item : Item or None
        Where it comes from; None for a learner's own file.
    """

    frames: np.ndarray
    fps: float
    item: Item | None = None

    @property
    def alt(self) -> str:
        """A text alternative that does not give the origin away."""
        return self.item.alt if self.item else "A clip from your own file."

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.frames) / self.fps


@dataclass(frozen=True, eq=False)
class Still:
    """A decoded still.

    Attributes
    ----------
    pixels : (H, W, 3) uint8 ndarray
        RGB, read-only.
    item : Item or None
        Where it comes from; None for a learner's own file.
    """

    pixels: np.ndarray
    item: Item | None = None

    @property
    def alt(self) -> str:
        """A text alternative that does not give the origin away."""
        return self.item.alt if self.item else "A picture from your own file."


def load(item: Item | str) -> Clip | Still:
    """Decode an item of the catalogue, after checking that its file is the right one.

    Parameters
    ----------
    item : Item or str
        The item, or its id.

    Returns
    -------
    Clip or Still
        By the item's kind.

    Raises
    ------
    MediaError
        If the file is missing or damaged; or, of a teacher's own, too short to stand in the blind trial.
    KeyError
        If no item has that id.

    Examples
    --------
    >>> clip = load("ball-throw")
    >>> clip.frames.shape, clip.frames.dtype, round(clip.fps)
    ((150, 240, 320, 3), dtype('uint8'), 187)
    """
    if isinstance(item, str):
        item = catalogue()[item]
    if item.registry == "own":
        from course.media.own import load_own

        return load_own(item)
    raw, wrong = read(item)
    if wrong:
        raise MediaError(wrong)
    return decoded(raw, item)


def decoded(raw: bytes, item: Item) -> Clip | Still:
    """Decode the bytes of a file in one of the two formats that ship, JPEG and H.264 in MP4.

    Parameters
    ----------
    raw : bytes
    item : Item
        Says of which kind they are, and how large the picture is.

    Returns
    -------
    Clip or Still

    Raises
    ------
    MediaError
        If they cannot be decoded, or hold something else.
    """
    if item.kind == "still":
        return Still(_decode_still(raw, item), item)
    return Clip(_decode_clip(raw, item), float(item.fps), item)


def _decode_clip(raw: bytes, item: Item) -> np.ndarray:
    import av
    import numpy as np

    frames = np.empty((item.frames, item.height, item.width, 3), np.uint8)
    count = 0
    try:
        with av.open(io.BytesIO(raw)) as container:
            for frame in container.decode(video=0):
                if count < len(frames):
                    frames[count] = frame.to_ndarray(format="rgb24")
                count += 1
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"The clip “{item.id}” cannot be decoded. {CURE}") from error
    if count != len(frames):
        raise MediaError(f"The clip “{item.id}” has {count} frames, not {len(frames)}. {CURE}")
    frames.flags.writeable = False
    return frames


def _decode_still(raw: bytes, item: Item) -> np.ndarray:
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise MediaError(f"The picture “{item.id}” cannot be decoded. {CURE}")
    pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    pixels.flags.writeable = False
    return pixels
