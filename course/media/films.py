"""The reader for clips: MP4, MOV and WebM, through PyAV (FFmpeg)."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

from course.media import tones
from course.media.decode import Clip
from course.media.errors import MediaError
from course.media.limits import MAX_FRAME_PIXELS, Watch, WatchedFile, check_pixels, damaged, fitted
from course.media.orientation import turn_of_matrix, turned
from course.media.pace import even_rate, finished, most_steps, room, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import av
    import numpy as np

_LARGE = 4_000_000
"""Pixels of a frame beyond which one thread decodes: each thread holds frames of its own, of up to 50 MB."""

# FFmpeg's numbers (ITU-T H.273) for how colours are stored; and for the matrices of its scaler.
_RGB, _UNSPECIFIED, _FULL_RANGE = 0, 2, 2
_BT709, _BT601, _SMPTE240, _BT2020 = 1, 5, 7, 9
_MATRIX = {1: _BT709, 7: _SMPTE240, 9: _BT2020, 10: _BT2020}
_HD = 720

_TURNS_ITSELF = ("h264", "hevc")
"""Codecs whose frames can say how to show them, besides the file. Browsers go by the file alone."""


def read_film(file: BinaryIO, demuxer: str, name: str) -> Clip:
    """Read the first seconds of a clip.

    Parameters
    ----------
    file : binary file
        At its beginning, and able to seek.
    demuxer : str
        The one format of FFmpeg's to which the file is held: ``"mov"`` or ``"matroska"``.
    name : str
        Of the file, fit to be shown.

    Returns
    -------
    Clip
        At an even rate, the way up in which a browser shows it, with square pixels, in sRGB. What comes before
        damage is kept: a clip cut short is common on phones.

    Raises
    ------
    MediaError
        If there is no picture in it, or it is too large, too slow to read or damaged from the start.

    Examples
    --------
    >>> from course import media
    >>> with media.catalogue()["giraffe"].path.open("rb") as file:
    ...     clip = read_film(file, "mov", "giraffe.mp4")
    >>> clip.frames.shape, clip.fps
    ((72, 300, 300, 3), 24.0)
    """
    import av

    watch = Watch(name)
    frames: np.ndarray | None = None
    end = 0
    try:
        # `max_pixels` holds the decoder itself to a limit, before it makes room for a frame. The one that looks
        # into the file first may see a little more, so that an honest header is told from damage.
        with av.open(
            WatchedFile(file, watch),
            format=demuxer,
            options={"max_pixels": str(4 * MAX_FRAME_PIXELS)},
            io_open=_refuse,
            metadata_errors="replace",  # a title in old letters is no reason to refuse the pictures
        ) as container:
            stream = _picture_stream(container, name)
            rate = float(stream.average_rate or stream.guessed_rate or 25)
            fps = even_rate(rate)
            first: list[av.Packet] = []
            painter = _Painter(stream, first, name)
            for (at, frame), (end, _) in pairwise(_stepped(container, stream, first, rate, watch, name)):
                # Of several frames within one step the last is shown: only that one is worth converting.
                if end > at:
                    pixels = painter.paint(frame)
                    if frames is None:
                        frames = room(*pixels.shape[:2], fps)
                    frames[at:end] = pixels  # held until the next
    except (av.FFmpegError, OSError) as error:
        raise damaged(name) from error
    if frames is None:
        raise MediaError(f"“{name}” holds no pictures: choose another clip.")
    return Clip(finished(frames, end), fps)


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    # A file can name others from which its pictures are to be fetched.
    raise MediaError("This clip asks for a second file, which the course does not open: make a copy as one MP4 file.")


def _picture_stream(container: av.container.InputContainer, name: str) -> av.VideoStream:
    import av

    # The cover of a song is kept as a picture stream, too.
    cover = av.stream.Disposition.attached_pic
    stream = next((each for each in container.streams.video if not each.disposition & cover), None)
    if stream is None:
        if container.streams:
            raise MediaError(f"“{name}” holds only sound: choose a clip with a picture.")
        raise damaged(name)
    if stream.codec_context is None:
        raise MediaError(
            f"“{name}” is stored in a way that is not known here: make a copy saved as MP4 (H.264) to look at, and"
            " keep this file for questions about its notes."
        )
    check_pixels(stream.width, stream.height, MAX_FRAME_PIXELS, name)
    stream.codec_context.options = {"max_pixels": str(MAX_FRAME_PIXELS)}
    stream.codec_context.thread_count = 1 if stream.width * stream.height > _LARGE else 2
    stream.codec_context.thread_type = "AUTO"
    return stream


def _stepped(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    first: list[av.Packet],
    rate: float,
    watch: Watch,
    name: str,
) -> Iterator[tuple[int, av.VideoFrame | None]]:
    # Each frame with the step from which it is shown, rising; at last (number of steps, None). The packet that they
    # begin with is put into `first`.
    import av

    fps = even_rate(rate)
    most = most_steps(fps)
    at = end = 0
    start: float | None = None
    seconds = -1 / rate
    try:
        for packet in container.demux(stream):
            watch.check()
            if not first:
                first.append(packet)
            for frame in packet.decode():
                watch.first_picture()
                seconds = seconds + 1 / rate if frame.time is None else frame.time
                if start is None:
                    start = seconds
                at = max(at, step(seconds - start, fps))
                if at >= most:
                    yield most, None
                    return
                yield at, frame
                length = float(frame.duration * frame.time_base) if frame.duration else 1 / rate
                end = max(at, 1, step(seconds - start + length, fps))
    except (av.FFmpegError, OSError) as error:
        if start is None:
            raise damaged(name) from error
    if start is not None:
        yield min(end, most), None


class _Painter:
    """Frames of one clip, as they are handed on: the first decides the size."""

    def __init__(self, stream: av.VideoStream, first: list[av.Packet], name: str) -> None:
        self._name = name
        self._stream, self._first = stream, first
        context = stream.codec_context
        self._transfer, self._primaries = context.color_trc, context.color_primaries
        self._wide = tones.needs_conversion(self._transfer, self._primaries)
        # The pixels of old video cameras are not square. Numbers beyond any camera's are damage.
        ratio = stream.sample_aspect_ratio or context.sample_aspect_ratio
        self._stretch = float(ratio) if ratio and 1 / 4 <= ratio <= 4 else 1.0
        self._shape: float | None = None
        self._size = (0, 0)
        self._turn = 1

    def paint(self, frame: av.VideoFrame) -> np.ndarray:
        import numpy as np

        check_pixels(frame.width, frame.height, MAX_FRAME_PIXELS, self._name)
        shape = frame.width / frame.height
        if self._shape is None:
            self._shape = shape
            # stretched, not squeezed, as browsers do it
            self._size = fitted(frame.width * max(1, self._stretch), frame.height / min(1, self._stretch))
            self._turn = _turn(frame, self._stream, self._first)
        elif abs(shape / self._shape - 1) > 0.05:
            # The size may change in a recorded call; another shape would be shown distorted.
            raise MediaError(
                f"“{self._name}” changes its shape while it plays: cut out the part that you need and save that."
            )
        matrix = _MATRIX.get(frame.colorspace, _BT601)
        if frame.colorspace == _UNSPECIFIED and min(frame.width, frame.height) >= _HD:
            matrix = _BT709  # what players take for granted of HD
        # The matrix of the result says nothing of RGB, but PyAV 15 looks at that of the source only if they differ.
        colour = {"src_color_range": frame.color_range, "dst_color_range": _FULL_RANGE}
        if frame.colorspace != _RGB:
            colour |= {"src_colorspace": matrix, "dst_colorspace": _BT601}
        rgb = frame.reformat(*self._size, "rgb48le" if self._wide else "rgb24", **colour).to_ndarray()
        if self._wide:
            rgb = tones.to_srgb(rgb, self._transfer, self._primaries)
        return np.ascontiguousarray(turned(rgb, self._turn))


def _turn(frame: av.VideoFrame, stream: av.VideoStream, first: list[av.Packet]) -> int:
    # How to show the frames, 1 to 8, from the display matrix of the file. A front camera may mirror, which an angle
    # alone cannot tell.
    matrices = _matrices(frame)
    if len(matrices) == 1 and stream.codec_context.name in _TURNS_ITSELF and _says_so_itself(stream, first):
        return 1
    return turn_of_matrix(matrices[0]) if matrices else 1


def _matrices(frame: av.VideoFrame) -> list[tuple[float, ...]]:
    # The file's own comes first. Row by row, as whole numbers of 16 binary places.
    found = (struct.unpack("=9i", bytes(one)) for one in frame.side_data if one.type.name == "DISPLAYMATRIX")
    return [tuple(one[place] / 65_536 for place in (0, 1, 3, 4)) for one in found]


def _says_so_itself(stream: av.VideoStream, first: list[av.Packet]) -> bool:
    # Ask a decoder that knows nothing of the file.
    import av

    context = av.CodecContext.create(stream.codec_context.name, "r")
    context.extradata = stream.codec_context.extradata
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_FRAME_PIXELS)}
    try:
        return any(_matrices(frame) for packet in [*first, None] for frame in context.decode(packet))
    except (av.FFmpegError, OSError):
        return False
