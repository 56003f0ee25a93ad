"""The player: a clip or a still in the browser, alone or two at a time on one playhead.

Frames go to the browser once, as JPEGs that are decoded to bitmaps there; scrubbing, stepping, zooming and wiping then
need no kernel. Seeking a ``<video>`` was measured at 21 to 36 frames a second, and some browsers in schools play
no H.264; bitmaps are exact, the same pixels that the measurements see, and hold no name and no metadata.

Peers looked at: wigglystuff's frame player inlines each frame as base64 in a trait, has no second clip, no zoom and no
spoken labels; jupyter-compare-view wipes two stills by mouse only. Neither can be used by keyboard alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import traitlets

from course.errors import InputError
from course.ui.look import View, static

if TYPE_CHECKING:
    import numpy as np

    from course.media import Clip, Still

Role = Literal["camera", "generated", "plain"]


@dataclass(frozen=True)
class Line:
    """One curve under a player: a value a frame, or a frame pair (then it starts at the second frame).

    `at` names the frame of each value where they are not one after the other.
    """

    label: str
    values: Sequence[float]
    role: Role = "plain"
    at: Sequence[int] | None = None


@dataclass(frozen=True)
class Band:
    """The quiet band behind the curves: where the middle of comparable clips lies."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Curves:
    """What is drawn under a player, on its playhead. ``summary`` says the finding in a sentence, with numbers."""

    title: str
    unit: str
    summary: str
    lines: tuple[Line, ...]
    band: Band | None = None

    def as_trait(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "unit": self.unit,
            "summary": self.summary,
            "lines": [
                {
                    "label": one.label,
                    "role": one.role,
                    "values": [float(value) for value in one.values],
                    "at": None if one.at is None else [int(frame) for frame in one.at],
                }
                for one in self.lines
            ],
            "band": None
            if self.band is None
            else {"low": float(self.band.low), "high": float(self.band.high), "label": self.band.label},
        }


def jpegs(frames: np.ndarray, quality: int = 92) -> tuple[bytes, list[int]]:
    """Frames as JPEGs one after the other, and the length of each in bytes.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        RGB frames.
    quality : int
        JPEG quality, 0 to 100; colour is kept at full resolution.

    Raises
    ------
    ValueError
        If `frames` is anything else.

    Examples
    --------
    >>> import numpy as np
    >>> data, sizes = jpegs(np.zeros((2, 16, 16, 3), dtype=np.uint8))
    >>> len(sizes), sum(sizes) == len(data)
    (2, True)
    """
    import cv2

    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    if frames.ndim != 4 or frames.shape[-1] != 3 or not frames.size or frames.dtype != "uint8":
        raise InputError(f"frames must be uint8 of shape (T, H, W, 3), not {frames.dtype} of shape {frames.shape}.")
    parts = [cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), options)[1].tobytes() for frame in frames]
    return b"".join(parts), [len(part) for part in parts]


def track(picture: Clip | Still, label: str = "", role: Role = "plain") -> tuple[dict[str, Any], bytes]:
    """What the browser needs of a picture: its frames, its size and its text alternative. Not its name or origin."""
    frames = picture.frames if hasattr(picture, "frames") else picture.pixels[None]
    data, sizes = jpegs(frames)
    height, width = frames.shape[1:3]
    fps = float(picture.fps) if len(frames) > 1 else 0.0
    return {
        "alt": picture.alt, "label": label, "role": role, "sizes": sizes, "width": width, "height": height, "fps": fps,
    }, data  # fmt: skip


class Player(View):
    """One or two pictures with play, scrub, frame step, speed, loop and zoom. Build it with `player` or `compare`.

    Keys while the focus is inside: space plays and pauses, left and right step a frame, Home and End jump, ``[`` and
    ``]`` change the speed, ``l`` loops, ``+``, ``-`` and ``0`` zoom, Shift with the arrows moves the zoomed view.
    """

    _esm = static("parts.js", "player.js")

    label = traitlets.Unicode("Player").tag(sync=True)
    tracks = traitlets.List().tag(sync=True)
    pictures = traitlets.List().tag(sync=True)
    layout_name = traitlets.Enum(["side", "wipe"], "side").tag(sync=True)
    start = traitlets.Int(0).tag(sync=True)
    curves = traitlets.Dict().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    stepped = traitlets.Bool(False).tag(sync=True)  # whether somebody has gone one frame on or back


def player(
    picture: Clip | Still, *, label: str = "", start: int = 0, curves: Curves | None = None, note: str = ""
) -> Player:
    """Show one clip or still.

    Parameters
    ----------
    picture : Clip or Still
        What `course.media.load` or `course.media.open_file` gives.
    label : str, optional
        A caption under the picture.
    start : int
        The frame that is shown first; the clip does not play until asked.
    curves : Curves, optional
        A measurement over time, drawn under the picture on the same playhead.
    note : str, optional
        What can be said beside the picture, under it.
    """
    shown, data = track(picture, label)
    return Player(
        label=f"Player: {label or 'picture'}",
        tracks=[shown],
        pictures=[data],
        start=start,
        curves=_trait(curves),
        note=note,
    )


def compare(
    first: Clip | Still,
    second: Clip | Still,
    *,
    labels: tuple[str, str] = ("First", "Second"),
    roles: tuple[Role, Role] = ("plain", "plain"),
    layout: Literal["side", "wipe"] = "side",
    start: int = 0,
    curves: Curves | None = None,
    note: str = "",
) -> Player:
    """Show two pictures on one playhead, side by side or wiped one over the other.

    Clips of different frame rates are kept together in time, not in frame numbers.
    """
    tracks, pictures = zip(track(first, labels[0], roles[0]), track(second, labels[1], roles[1]), strict=True)
    return Player(
        label=f"Two pictures: {labels[0]} and {labels[1]}",
        tracks=list(tracks),
        pictures=list(pictures),
        layout_name=layout,
        start=start,
        curves=_trait(curves),
        note=note,
    )


def _trait(curves: Curves | None) -> dict[str, Any]:
    return {} if curves is None else curves.as_trait()
