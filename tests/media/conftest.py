"""What several tests of this room draw and write."""

from fractions import Fraction

import av
import numpy as np
import pytest

HEIGHT, WIDTH = 48, 64


def _picture(height=HEIGHT, width=WIDTH):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = 200
    pixels[:, width // 2 :, 2] = 200
    pixels[height // 2 :] += 50
    return pixels


def _write_film(path, frames=20, rate=10, codec="libx264", size=(WIDTH, HEIGHT), pix_fmt="yuv420p", times=None, **kept):
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate), options=options)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        for name, value in kept.items():
            setattr(stream.codec_context, name, value)
        for index in range(frames):
            pixels = _picture(size[1], size[0])
            pixels[:, : 1 + index % size[0], 1] = 255
            frame = av.VideoFrame.from_ndarray(pixels)
            if times:
                frame.time_base, frame.pts = Fraction(1, 1000), round(1000 * times[index])
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def picture():
    """Draws red at the left, blue at the right, brighter towards the bottom."""
    return _picture


@pytest.fixture(scope="session")
def write_film():
    """Writes that picture as a film, in which green comes in from the left, one column a frame."""
    return _write_film
