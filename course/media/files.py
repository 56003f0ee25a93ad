"""A learner's own file, read with care.

The kind is told from the first bytes, not from the name, and each reader is held to that one format. Sizes
are read from the header and held to limits before anything is decoded.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from course.media.decode import Clip, Still
from course.media.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from PIL import Image

MAX_BYTES = 200_000_000
MAX_PIXELS = 50_000_000
MAX_SECONDS = 10
MAX_RATE = 30
MAX_SIDE = 720

_SAVE_AS = "save it as JPEG, PNG, WebP, GIF, MP4, WebM or MOV and try again."


def open_file(path: Path | str) -> Clip | Still:
    """Read a picture or a clip of the learner's own.

    Parameters
    ----------
    path : Path or str
        A JPEG, PNG, WebP, GIF, MP4, WebM or MOV file of at most 200 MB and 50 megapixels.

    Returns
    -------
    Still or Clip
        The right way up, in RGB. Of a clip the first 10 seconds, at most 30 frames a second, scaled down
        to 720 pixels on the longer side.

    Raises
    ------
    MediaError
        If there is no such file, or it is too large, damaged or of another kind.

    Examples
    --------
    >>> from course import media
    >>> still = open_file(media.catalogue().where(kind="still")[0].path)
    >>> still.pixels.ndim
    3
    """
    path = Path(path).expanduser()
    try:
        if path.is_dir():
            raise MediaError(f"“{path.name}” is a folder: choose one file inside it.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise MediaError(
                f"“{path.name}” is {size / 1e6:.0f} MB large: choose a file of at most {MAX_BYTES / 1e6:.0f} MB."
            )
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise MediaError(f"There is no file “{path}”: check the name and the folder.") from error
    except (OSError, ValueError) as error:
        raise MediaError(f"“{path.name}” cannot be read ({error}): copy it elsewhere and try again.") from error
    reader, kind = _reader(raw, path.name)
    return reader(raw, kind, path.name)


def _reader(raw: bytes, name: str) -> tuple[Callable[[bytes, str, str], Clip | Still], str]:
    # Which of the two functions below, and the format it is held to.
    if not raw:
        raise MediaError(f"“{name}” is empty: copy it again from where it came from.")
    if raw[:3] == b"\xff\xd8\xff":
        return _read_image, "JPEG"
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return _read_image, "PNG"
    if raw[:6] in (b"GIF87a", b"GIF89a"):
        return _read_image, "GIF"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return _read_image, "WEBP"
    if raw[4:8] == b"ftyp":
        if raw[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"):
            raise MediaError(f"“{name}” is a HEIC or AVIF picture, which cannot be read here: {_SAVE_AS}")
        return _read_video, "mov"
    if raw[4:8] in (b"moov", b"mdat", b"wide", b"free"):  # an old QuickTime file has no `ftyp`
        return _read_video, "mov"
    if raw[:4] == b"\x1a\x45\xdf\xa3":
        return _read_video, "matroska"
    raise MediaError(f"“{name}” is not a picture or clip of a kind known here: {_SAVE_AS}")


def _check_pixels(width: int, height: int, name: str) -> None:
    if width < 1 or height < 1:
        raise MediaError(f"“{name}” is damaged: copy it again from where it came from.")
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"“{name}” has {width * height / 1e6:.0f} megapixels: scale it down to {MAX_PIXELS / 1e6:.0f} or fewer."
        )


def _fitted(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, MAX_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _read_image(raw: bytes, kind: str, name: str) -> Clip | Still:
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(raw), formats=(kind,)) as image:
            # Our own limit, checked below before any pixel is decoded, stands in for Pillow's warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            _check_pixels(*image.size, name)
            if getattr(image, "n_frames", 1) > 1:
                return _read_animation(image)
            upright = ImageOps.exif_transpose(image)
            pixels = np.array(_on_white(upright))
    except Image.DecompressionBombError as error:
        raise MediaError(f"“{name}” has too many pixels: scale it down and try again.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise MediaError(f"“{name}” is damaged: copy it again from where it came from.") from error
    pixels.flags.writeable = False
    return Still(pixels)


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def _read_animation(image: Image.Image) -> Clip:
    import numpy as np

    frames, seconds = [], 0.0
    for index in range(min(image.n_frames, MAX_SECONDS * MAX_RATE)):
        image.seek(index)
        frame = _on_white(image)
        frames.append(np.asarray(frame.resize(_fitted(*frame.size))))
        seconds += (image.info.get("duration") or 100) / 1000  # browsers show a frame without one for 0.1 s
        if seconds >= MAX_SECONDS:
            break
    return _clip(frames, len(frames) / seconds)


def _read_video(raw: bytes, kind: str, name: str) -> Clip:
    import av
    import numpy as np

    frames: list[np.ndarray] = []
    try:
        # From memory and with one demuxer: a file cannot make the reader open others.
        with av.open(io.BytesIO(raw), format=kind) as container:
            if not container.streams.video:
                raise MediaError(f"“{name}” holds no pictures, only sound: choose a clip with a picture.")
            stream = container.streams.video[0]
            _check_pixels(stream.width, stream.height, name)
            rate = float(stream.average_rate or stream.guessed_rate or 25)
            step = max(1, math.ceil(rate / MAX_RATE - 0.01))
            width, height = _fitted(stream.width, stream.height)
            for index, frame in enumerate(container.decode(stream)):
                if index >= MAX_SECONDS * rate or len(frames) >= MAX_SECONDS * MAX_RATE:
                    break
                if index % step == 0:
                    _check_pixels(frame.width, frame.height, name)
                    small = frame.reformat(width, height, "rgb24").to_ndarray()
                    frames.append(np.rot90(small, round(frame.rotation / 90)))
    except (av.FFmpegError, ValueError) as error:
        if not frames:
            raise MediaError(f"“{name}” is damaged: copy it again from where it came from.") from error
        # What came before the damage can still be looked at: a clip cut short is common on phones.
    if not frames:
        raise MediaError(f"“{name}” holds no pictures: choose another clip.")
    return _clip(frames, rate / step)


def _clip(frames: list[np.ndarray], fps: float) -> Clip:
    import numpy as np

    stacked = np.stack(frames)
    stacked.flags.writeable = False
    return Clip(stacked, fps)
