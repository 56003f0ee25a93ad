"""The reader for clips: MP4, MOV and WebM, through PyAV (FFmpeg)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

from course.media import tones
from course.media.decode import Clip
from course.media.errors import MediaError
from course.media.limits import MAX_FRAME_PIXELS, Watch, WatchedFile, check_pixels, damaged, fitted
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
        At an even rate, the right way up, with square pixels, in sRGB. What comes before damage is kept:
        a clip cut short is common on phones.

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
            painter = _Painter(stream, name)
            for (at, frame), (end, _) in pairwise(_stepped(container, stream, rate, watch, name)):
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
    raise MediaError("This clip asks for a second file, which the course does not open: save it again as one MP4 file.")


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
        raise MediaError(f"“{name}” is stored in a way that is not known here: save it again as MP4 (H.264).")
    check_pixels(stream.width, stream.height, MAX_FRAME_PIXELS, name)
    stream.codec_context.options = {"max_pixels": str(MAX_FRAME_PIXELS)}
    stream.codec_context.thread_count = 1 if stream.width * stream.height > _LARGE else 2
    stream.codec_context.thread_type = "AUTO"
    return stream


def _stepped(
    container: av.container.InputContainer, stream: av.VideoStream, rate: float, watch: Watch, name: str
) -> Iterator[tuple[int, av.VideoFrame | None]]:
    # Each frame with the step from which it is shown, rising; at last (number of steps, None).
    import av

    fps = even_rate(rate)
    most = most_steps(fps)
    at = end = 0
    start: float | None = None
    seconds = -1 / rate
    try:
        for packet in container.demux(stream):
            watch.check()
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

    def __init__(self, stream: av.VideoStream, name: str) -> None:
        self._name = name
        context = stream.codec_context
        self._transfer, self._primaries = context.color_trc, context.color_primaries
        self._wide = tones.needs_conversion(self._transfer, self._primaries)
        # The pixels of old video cameras are not square. Numbers beyond any camera's are damage.
        ratio = stream.sample_aspect_ratio or context.sample_aspect_ratio
        self._stretch = float(ratio) if ratio and 1 / 4 <= ratio <= 4 else 1.0
        self._shape: float | None = None
        self._size = (0, 0)

    def paint(self, frame: av.VideoFrame) -> np.ndarray:
        import numpy as np

        check_pixels(frame.width, frame.height, MAX_FRAME_PIXELS, self._name)
        shape = frame.width / frame.height
        if self._shape is None:
            self._shape = shape
            self._size = fitted(frame.width * self._stretch, frame.height)
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
        return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))
