"""The one form that everything in the blind trial shares, so that neither size nor length nor coding tells.

Nothing here is told where a picture comes from, so it cannot treat the two sides differently. The builder of the
pack makes its files with these functions; a teacher's own pictures pass through the same ones when they are shown.
``data/media/README.md`` says why each step is there.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from course.media.errors import MediaError

if TYPE_CHECKING:
    import numpy as np

# Most generated clips reached us as WebP of 300 or 350 pixels, some with a service's badge across the top 50
# or so: what is left below it is 250 to 292.
CLIP_SIDE = 256
CLIP_RATE = 12
CLIP_FRAMES = 24
STILL_SIDE = 384
# Camera stills are shrunk a lot on their way to 384, generated ones, of 400 pixels, hardly: their sources' blocks of
# lossy coding would be left in place. Through 288 both lose more alike. docs/parity.md shows what is left.
STILL_FIRST_SIDE = 288
# The quantiser in the headers of the generated sources is libwebp's for quality 75 (or, in the newer
# ones, 95). One more pass at 75 on both sides makes that the common denominator.
WEBP_QUALITY = 75
CLIP_CRF = 20
STILL_QUALITY = 90


def cut(pixels: np.ndarray, crop: Sequence[int]) -> np.ndarray:
    """Return a part of a picture.

    Parameters
    ----------
    pixels : (H, W, 3) uint8 ndarray
    crop : sequence of int
        ``(x, y, width, height)`` in pixels, from the top left.

    Returns
    -------
    (height, width, 3) uint8 ndarray
        A view, not a copy.

    Raises
    ------
    MediaError
        If the part leaves the picture.

    Examples
    --------
    >>> import numpy as np
    >>> cut(np.zeros((40, 60, 3), np.uint8), (10, 10, 50, 30)).shape
    (30, 50, 3)
    """
    x, y, w, h = crop
    height, width = pixels.shape[:2]
    if x < 0 or y < 0 or w < 1 or h < 1 or x + w > width or y + h > height:
        raise MediaError(
            f"The crop {list(crop)} leaves the picture of {width} x {height} pixels: choose left, top, width and "
            "height inside it."
        )
    return pixels[y : y + h, x : x + w]


def centred_square(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Return the largest square in the middle of a picture as ``(x, y, width, height)``.

    Examples
    --------
    >>> import numpy as np
    >>> centred_square(np.zeros((40, 61, 3), np.uint8))
    (10, 0, 40, 40)
    """
    height, width = pixels.shape[:2]
    side = min(height, width)
    return (width - side) // 2, (height - side) // 2, side, side


def parity_clip(frames: Sequence[np.ndarray], times: np.ndarray, crop: Sequence[int], start: float) -> np.ndarray:
    """Bring the frames of a clip to the form that all clips of the blind trial share.

    Parameters
    ----------
    frames : sequence of (H, W, 3) uint8 ndarray
        RGB.
    times : (N,) float64 ndarray
        When each frame is shown, in seconds, rising.
    crop : sequence of int
        A square ``(x, y, width, height)`` in pixels of the frames.
    start : float
        Seconds.

    Returns
    -------
    (24, 256, 256, 3) uint8 ndarray
        The frames nearest in time to a grid of 12 a second, each resized and passed once through lossy WebP.

    Raises
    ------
    MediaError
        If the clip ends too early, or the crop leaves the picture.

    Examples
    --------
    >>> import numpy as np
    >>> grey = np.full((30, 90, 120, 3), 99, np.uint8)
    >>> parity_clip(grey, np.arange(30) / 15, crop=(0, 0, 90, 90), start=0.0).shape
    (24, 256, 256, 3)
    """
    import numpy as np

    wanted = start + np.arange(CLIP_FRAMES) / CLIP_RATE
    if wanted[-1] > times[-1] + 0.5 / CLIP_RATE:
        raise MediaError(
            f"The clip ends at {times[-1]:.2f} s, but pictures up to {wanted[-1]:.2f} s are needed: "
            "choose an earlier start or a longer clip."
        )
    nearest = np.abs(times[None, :] - wanted[:, None]).argmin(axis=1)
    return np.stack([_webp_pass(_resized(cut(frames[i], crop), CLIP_SIDE)) for i in nearest])


def parity_still(pixels: np.ndarray, crop: Sequence[int]) -> np.ndarray:
    """Bring a photograph to the form that all stills of the blind trial share.

    Parameters
    ----------
    pixels : (H, W, 3) uint8 ndarray
        RGB.
    crop : sequence of int
        A square ``(x, y, width, height)`` in pixels.

    Returns
    -------
    (384, 384, 3) uint8 ndarray
        Resized in two steps, by way of 288 pixels, and passed once through lossy WebP.

    Raises
    ------
    MediaError
        If the crop leaves the picture.

    Examples
    --------
    >>> import numpy as np
    >>> parity_still(np.full((90, 120, 3), 99, np.uint8), crop=(0, 0, 90, 90)).shape
    (384, 384, 3)
    """
    return _webp_pass(_resized(_resized(cut(pixels, crop), STILL_FIRST_SIDE), STILL_SIDE))


def encode_clip(frames: Sequence[np.ndarray], rate: Fraction | int, crf: int = CLIP_CRF) -> bytes:
    """Encode frames as an H.264 MP4: same frames in, same bytes out.

    One thread and no time stamps of the day keep it reproducible; no B-frames, so that frames come out in
    the order they went in, and a key frame every half second, so that a seek is short. x264's macroblock tree is
    off: it reads memory that nobody has set, and now and then gave other bytes for the same frames.

    Parameters
    ----------
    frames : sequence of (H, W, 3) uint8 ndarray
        RGB, with even height and width.
    rate : Fraction or int
        Frames a second.
    crf : int
        x264's constant rate factor: lower is better and larger.

    Returns
    -------
    bytes

    Examples
    --------
    >>> import numpy as np
    >>> encode_clip(np.zeros((2, 16, 16, 3), np.uint8), 12)[4:8]
    b'ftyp'
    """
    import av
    import numpy as np

    height, width = frames[0].shape[:2]
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(rate))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.thread_count = 1
        context.gop_size = 6
        context.max_b_frames = 0
        context.options = {
            "preset": "slow",
            "crf": str(crf),
            "flags": "+bitexact",
            "x264-params": "scenecut=0:keyint=6:min-keyint=6:bframes=0:threads=1:lookahead-threads=1:mbtree=0",
        }
        for pixels in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels))))
        container.mux(stream.encode())
    return out.getvalue()


def encode_still(pixels: np.ndarray) -> bytes:
    """Encode RGB pixels as a JPEG with 4:2:0 colour and nothing but the picture in it.

    Examples
    --------
    >>> import numpy as np
    >>> encode_still(np.zeros((16, 16, 3), np.uint8))[:2]
    b'\\xff\\xd8'
    """
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=STILL_QUALITY, subsampling="4:2:0", optimize=False)
    return out.getvalue()


def _resized(pixels: np.ndarray, side: int) -> np.ndarray:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS))


def _webp_pass(pixels: np.ndarray) -> np.ndarray:
    import numpy as np
    from PIL import Image

    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "WEBP", quality=WEBP_QUALITY, method=4)
    return np.asarray(Image.open(io.BytesIO(coded.getvalue())).convert("RGB"))
