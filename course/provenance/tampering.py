"""What happens to signed files on their way, on purpose and by accident: to see what a check makes of it.

For JPEG only, the kind that nearly every photograph is. None of this makes a forgery that holds: that is the point.
"""

from __future__ import annotations

import io
import math
import warnings
from typing import TYPE_CHECKING

from course.provenance import containers
from course.provenance.containers import PNG_SIGNATURE
from course.provenance.errors import ProvenanceError

if TYPE_CHECKING:
    import numpy as np

_APP11 = b"\xff\xeb"
_TRIES = 40
_UNSEEN = 12  # grey levels: so small a change in the last corner is seen by nobody


def flipped(data: bytes) -> bytes:
    """The same file with one bit of the picture turned over: 0 to 1, or 1 to 0.

    Of the last bits of a picture one is taken that changes as little as possible of what is seen, and something.

    Parameters
    ----------
    data : bytes
        A JPEG file.

    Raises
    ------
    ProvenanceError
        If it is no JPEG file, or too damaged to be decoded.

    Examples
    --------
    >>> from course import media
    >>> data = media.catalogue()["yellow-car"].path.read_bytes()
    >>> sum((a ^ b).bit_count() for a, b in zip(data, flipped(data), strict=True))
    1
    """
    parts = _parts(data)
    before = _pixels(data)
    end = next((part.start for part in parts if part.name == b"\xff\xd9"), len(data))
    best, least = None, math.inf
    for number in range(_TRIES):
        at, bit = end - 12 - 3 * (number // 2), 1 << (number % 2)
        changed = data[at] ^ bit
        # 255 begins a marker: the file must stay a file
        if 0xFF in (changed, *data[at - 1 : at + 2]):
            continue
        made = data[:at] + bytes([changed]) + data[at + 1 :]
        try:
            change = float(abs(_pixels(made).astype(int) - before).max())
        except ProvenanceError:
            continue
        if 0 < change < least:
            best, least = made, change
            if change <= _UNSEEN:
                break
    if best is None:
        raise ProvenanceError("No bit of this picture can be turned over: choose another picture.")
    return best


def saved_again(data: bytes, quality: int = 85) -> bytes:
    """The picture opened and saved anew, as messengers do: whatever is not picture stays behind.

    Parameters
    ----------
    data : bytes
        A JPEG file.
    quality : int
        1 to 100.

    Raises
    ------
    ProvenanceError
        If it is no JPEG file, or too damaged to be decoded.
    """
    from PIL import Image

    _parts(data)
    out = io.BytesIO()
    Image.fromarray(_pixels(data)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def moved(source: bytes, target: bytes) -> bytes:
    """The signed statement of one file put into another one, as a forger would.

    Parameters
    ----------
    source, target : bytes
        JPEG files, the first of them signed.

    Raises
    ------
    ProvenanceError
        If one is no JPEG file, or there is no statement in the first.
    """
    pieces = b"".join(source[part.start : part.stop] for part in _parts(source) if part.name == _APP11)
    if not pieces:
        raise ProvenanceError("There is no statement in this file that could be copied: choose a signed one.")
    first, *rest = (part for part in _parts(target) if part.name != _APP11)
    return target[first.start : first.stop] + pieces + b"".join(target[part.start : part.stop] for part in rest)


def statement_of(data: bytes) -> bytes:
    """The signed statements of a JPEG or PNG file as they stand in it (a C2PA manifest store), or nothing.

    A registry keeps these bytes: they hold names, statements and signatures, and nothing of the picture.

    Raises
    ------
    ProvenanceError
        If it is another kind of file, or damaged.

    References
    ----------
    ISO/IEC 19566-5:2023 (JUMBF); C2PA Technical Specification 2.4, appendix A (embedding manifests).
    """
    if data.startswith(PNG_SIGNATURE):
        return b"".join(part.body for part in containers.parts(data) if part.name == b"caBX")
    found = b""
    for part in _parts(data):
        if part.name == _APP11 and part.body.startswith(b"JP"):
            # each piece of a long box repeats its length and name
            found += part.body[16:] if found else part.body[8:]
    return found


def _parts(data: bytes) -> list[containers.Part]:
    if containers.kind_of(data[:16]) != "JPEG":
        raise ProvenanceError(
            "This works with JPEG pictures alone: choose one of those. A copy saved as JPEG would lose its statement."
        )
    return containers.parts(data)


def _pixels(data: bytes) -> np.ndarray:
    import numpy as np
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ProvenanceError("This picture is damaged or far too large: choose another one.") from error
