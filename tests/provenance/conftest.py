"""Files of each kind, with notes in them that are known."""

import io
import zlib

import numpy as np
import pytest


def _block(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


@pytest.fixture(scope="session")
def picture():
    """Stripes in three colours, 64 x 48."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, ::3, 0], pixels[::4, :, 1], pixels[20:30, 20:40, 2] = 220, 180, 240
    return pixels


@pytest.fixture(scope="session")
def coded(picture):
    """Codes the picture as JPEG, PNG or WebP, with EXIF where it is wanted."""
    from PIL import Image

    def code(kind: str, exif=None, **options) -> bytes:
        out = io.BytesIO()
        if exif is not None:
            options["exif"] = exif.tobytes()
        Image.fromarray(picture).save(out, kind, **options)
        return out.getvalue()

    return code


@pytest.fixture
def notes():
    """EXIF as a phone writes it."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131], exif[0x0132] = "Maker", "Model 1", "Program 2.0", "2026:01:02 03:04:05"
    exif[0x8769] = {0x9003: "2026:01:02 03:04:00", 0xA002: 640, 0xA003: 480, 0x829A: 0.01}
    exif[0x8825] = {
        1: "S", 2: (15.0, 48.0, 0.0), 3: "W", 4: (48.0, 0.0, 0.0), 5: b"\0", 6: 1100.0, 7: (6.0, 4.0, 0.0),
        29: "2026:01:02", 31: 8000.0,
    }  # fmt: skip
    return exif


@pytest.fixture
def chunked(coded):
    """A PNG with more chunks behind its header: pairs of name and content."""

    def build(*chunks: tuple[bytes, bytes]) -> bytes:
        plain = coded("PNG")
        head = 8 + 25  # signature and IHDR
        return plain[:head] + b"".join(_block(*one) for one in chunks) + plain[head:]

    return build


@pytest.fixture
def segmented(coded):
    """A JPEG with more segments behind its start: pairs of marker and content."""

    def build(*segments: tuple[bytes, bytes]) -> bytes:
        plain = coded("JPEG")
        more = b"".join(name + (len(body) + 2).to_bytes(2, "big") + body for name, body in segments)
        return plain[:2] + more + plain[2:]

    return build
