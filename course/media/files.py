"""A learner's own file, read with care.

The kind is told from the first bytes, not from the name, and each reader is held to that one format. Sizes
are read from the header and held to limits before anything is decoded; the limits are in
`course.media.limits`.
"""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from course.media.errors import MediaError
from course.media.films import read_film
from course.media.limits import MAX_CLIP_BYTES, MAX_STILL_BYTES
from course.media.pictures import read_picture

if TYPE_CHECKING:
    from typing import BinaryIO

    from course.media.decode import Clip, Still

_HEAD = 64
_LONGEST_NAME = 60
_SAVE_AS = "make a copy saved as JPEG, PNG or MP4 to look at, and keep this file for questions about its notes."
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")


def open_file(path: Path | str) -> Clip | Still:
    """Read a picture or a clip of the learner's own.

    Parameters
    ----------
    path : Path or str
        A picture (JPEG, PNG, WebP, GIF, AVIF, HEIC or TIFF) of at most 100 MB and 50 million pixels (HEIC and
        TIFF 25, WebP and AVIF 20 million); or a clip (MP4, MOV, WebM) of at most 2 GB and 4K. A symbolic link is
        followed: it is the learner who chose it.

    Returns
    -------
    Still or Clip
        RGB of sRGB, the way up in which a browser shows it, transparent parts on white. A still keeps its own
        pixels, as they are measured; beyond 25 million it is read at half its width and height. Animations are
        clips. Of a clip the first 10 seconds, with even steps of at most 30 frames a second and square pixels,
        scaled down to at most 720 pixels on the longer side and as many pixels in all as 640 x 480.

    Raises
    ------
    MediaError
        If there is no such file, or it is too large, damaged, too slow to read or of another kind.

    Examples
    --------
    >>> from course import media
    >>> still = open_file(media.catalogue().where(kind="still")[0].path)
    >>> still.pixels.ndim
    3
    """
    name = _fit_to_show(Path(path).name)
    file, size = _opened(path, name)
    with file:
        head = file.read(_HEAD)
        file.seek(0)
        kind = _kind(head, name)
        if kind in ("mov", "matroska"):
            _check_bytes(size, MAX_CLIP_BYTES, name)
            return read_film(file, kind, name)
        _check_bytes(size, MAX_STILL_BYTES, name)
        return read_picture(file, kind, name)


def _opened(path: Path | str, name: str) -> tuple[BinaryIO, int]:
    # The file, open for reading, and how many bytes it has.
    try:
        path = Path(path).expanduser()
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise MediaError(f"“{name}” is a folder: choose one file inside it.")
        if not stat.S_ISREG(state.st_mode):
            # opening a pipe would wait for someone to write into it
            raise MediaError(f"“{name}” is not a file but a door to a device or a program: choose a picture or a clip.")
        return path.open("rb"), state.st_size
    except FileNotFoundError as error:
        raise MediaError(f"There is no file “{name}”: check its name and its folder.") from error
    except PermissionError as error:
        raise MediaError(f"“{name}” may not be opened by you: copy it into a folder of your own.") from error
    except (OSError, RuntimeError, ValueError) as error:  # a ring of links, `~nobody`, a name with a null character
        raise MediaError(f"“{name}” cannot be opened: copy it to another folder under a short, plain name.") from error


def _fit_to_show(name: str) -> str:
    # Control characters can hide text or turn its direction round; the end of a name says what it is.
    plain = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    plain = " ".join(plain.split()) or "that name"
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 16]}…{plain[-15:]}"


def _check_bytes(size: int, most: int, name: str) -> None:
    if size > most:
        raise MediaError(
            f"“{name}” is {size / 1e6:.0f} MB large: make a copy, cut or scaled down to at most {most / 1e6:.0f} MB,"
            " to look at, and keep this file for questions about its notes."
        )


def _kind(head: bytes, name: str) -> str:
    """Pillow's name of a picture's format, or FFmpeg's of a clip's, from the first bytes."""
    if not head:
        raise MediaError(f"“{name}” is empty: copy it again from where it came from.")
    for start, kind in (
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
    ):
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    box, brand = head[4:8], head[8:12]
    if box == b"ftyp":
        # `mif1` is any picture of this family; the brands after it, from byte 16, say which
        if brand in _AVIF_BRANDS or (brand in _HEIF_BRANDS and any(one in head[16:] for one in _AVIF_BRANDS)):
            return "AVIF"
        return "HEIF" if brand in _HEIF_BRANDS else "mov"
    if box in (b"moov", b"mdat", b"wide", b"free", b"skip"):  # an old QuickTime file has no `ftyp`
        return "mov"
    if head.lstrip()[:1] == b"<":
        raise MediaError(f"“{name}” is a web page or a drawing: save the picture itself, as JPEG or PNG.")
    raise MediaError(f"“{name}” is not a picture or clip of a kind known here: {_SAVE_AS}")
