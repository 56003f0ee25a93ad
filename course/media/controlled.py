"""Controlled pairs: a frame that a camera recorded, and the same frame changed by one known step.

All of them are simulated, and say so. What was changed, where and how is known to the pixel, so that a lesson can
ask what the eye finds, and what a measurement finds. ``data/media/controlled.json`` is written by
``data/media/build_controlled.py``; reading it needs neither numpy nor a decoder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from course.media.catalogue import CURE, data_folder
from course.media.errors import MediaError

if TYPE_CHECKING:
    import numpy as np

PARTS = ("before", "after", "mask")


@dataclass(frozen=True)
class Controlled:
    """A frame, the same frame changed by a known step, and a mask of what was changed.

    Attributes
    ----------
    name : str
    step : str
        What was done: ``"super-resolution"``, ``"style-transfer"``, ``"inpainting"``, ``"copy-move"``,
        ``"splice"``, ``"interpolation"``, ``"recompression"``, ``"recolouring"``, ``"reframing"`` or ``"everyday"``.
    title, says, look_for : str
        A heading; what was changed; what shows it. One sentence each.
    deceptive : bool
        Whether somebody could be led to believe something untrue.
    before_alt, after_alt : str
        What is seen in each picture.
    sources : tuple of str
        Ids of the items of the catalogue that went into it: the frame, then (in a splice) where the pasted region
        is from.
    author, licence : str
        Of the sources, and of what was made from them (SPDX).
    parameters : mapping
        What the step was told.
    width, height : int
        Pixels, the same for all three files.
    changed_share : float
        Share of the pixels that the step touched, 0 to 1.
    before, after, mask : Path
        The files, absolute: two JPEGs and a PNG of one bit a pixel, white where the step touched the picture.
    sha256 : mapping
        Of the files, by ``"before"``, ``"after"`` and ``"mask"``.
    """

    name: str
    step: str
    title: str
    says: str
    look_for: str
    deceptive: bool
    before_alt: str
    after_alt: str
    sources: tuple[str, ...]
    author: str
    licence: str
    parameters: Mapping[str, Any]
    width: int
    height: int
    changed_share: float
    before: Path
    after: Path
    mask: Path
    sha256: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Whether the step touched every pixel, so that the mask is white all over."""
        return self.changed_share == 1

    @property
    def mask_alt(self) -> str:
        """A text alternative for the mask.

        Examples
        --------
        >>> controlled()["dog-alone"].mask_alt
        'A mask, white all over: the step touched every pixel.'
        >>> controlled()["second-fir"].mask_alt
        'A mask: white where the picture was changed (1.2 % of it), black elsewhere.'
        """
        if self.whole:
            return "A mask, white all over: the step touched every pixel."
        return f"A mask: white where the picture was changed ({100 * self.changed_share:.1f} % of it), black elsewhere."

    @property
    def credit(self) -> str:
        """One line to show under the pictures.

        Examples
        --------
        >>> controlled()["second-fir"].credit
        'Simulated for this course (copy-move). Photograph: Aitzol Berasategi, licence of both pictures CC-BY-4.0.'
        """
        return (
            f"Simulated for this course ({self.step}). Photograph: {self.author}, "
            f"licence of both pictures {self.licence}."
        )


@dataclass(frozen=True, eq=False)
class Changed:
    """The pixels of a controlled pair.

    Attributes
    ----------
    before, after : (H, W, 3) uint8 ndarray
        RGB, read-only.
    mask : (H, W) bool ndarray
        True where the step touched the picture, read-only.
    about : Controlled
        What was done.
    """

    before: np.ndarray
    after: np.ndarray
    mask: np.ndarray
    about: Controlled


def _controlled(entry: Mapping[str, Any], folder: Path) -> Controlled:
    files = {part: entry["files"][part] for part in PARTS}
    computed = {
        "sources": tuple(source["id"] for source in entry["sources"]),
        "parameters": MappingProxyType(entry["parameters"]),
        "sha256": MappingProxyType({part: file["sha256"] for part, file in files.items()}),
        **{part: folder / file["path"] for part, file in files.items()},
    }
    plain = {name: entry[name] for name in Controlled.__dataclass_fields__ if name not in computed}
    return Controlled(**plain, **computed)


@lru_cache(maxsize=8)
def _read(folder: Path) -> Mapping[str, Controlled]:
    listing = folder / "media" / "controlled.json"
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))["controlled"]
        return MappingProxyType({entry["name"]: _controlled(entry, folder) for entry in entries})
    except FileNotFoundError as error:
        raise MediaError(f"The list of changed pictures {error.filename} is missing. {CURE}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MediaError(f"The list of changed pictures in {listing.parent} is damaged. {CURE}") from error


def controlled(folder: Path | str | None = None) -> Mapping[str, Controlled]:
    """Return the controlled pairs by name, in alphabetical order.

    Parameters
    ----------
    folder
        The folder ``data/``. By default the one beside the package, or the one that the environment variable
        ``LOOK_TWICE_DATA`` names.

    Returns
    -------
    Mapping of str to Controlled
        Read once and kept.

    Raises
    ------
    MediaError
        If the list is missing or damaged.

    Examples
    --------
    >>> controlled()["second-fir"].step
    'copy-move'
    """
    return _read(Path(folder).resolve() if folder is not None else data_folder())


def _file(pair: Controlled, part: str) -> tuple[bytes, str | None]:
    # The bytes of one of the three files, and what is wrong with them, if anything.
    what = f"The file “{part}” of the changed picture “{pair.name}”"
    try:
        raw = getattr(pair, part).read_bytes()
    except FileNotFoundError:
        return b"", f"{what} is missing. {CURE}"
    except OSError as error:
        return b"", f"{what} cannot be read ({error.strerror}). {CURE}"
    if hashlib.sha256(raw).hexdigest() != pair.sha256[part]:
        return raw, f"{what} is not the one the course came with. {CURE}"
    return raw, None


def load_controlled(pair: Controlled | str) -> Changed:
    """Decode a controlled pair and its mask, after checking that its files are the right ones.

    Parameters
    ----------
    pair : Controlled or str
        The pair, or its name.

    Returns
    -------
    Changed

    Raises
    ------
    MediaError
        If a file is missing or damaged.
    KeyError
        If no pair has that name.

    Examples
    --------
    >>> firs = load_controlled("second-fir")
    >>> firs.before.shape, firs.mask.dtype
    ((640, 640, 3), dtype('bool'))
    >>> bool(abs(firs.after.astype(int) - firs.before)[firs.mask].mean() > 20)
    True
    """
    import cv2
    import numpy as np

    if isinstance(pair, str):
        pair = controlled()[pair]
    decoded = {}
    for part in PARTS:
        raw, wrong = _file(pair, part)
        if wrong:
            raise MediaError(wrong)
        flag = cv2.IMREAD_GRAYSCALE if part == "mask" else cv2.IMREAD_COLOR
        pixels = cv2.imdecode(np.frombuffer(raw, np.uint8), flag)
        if pixels is None:
            raise MediaError(f"The file “{part}” of the changed picture “{pair.name}” cannot be decoded. {CURE}")
        pixels = pixels > 127 if part == "mask" else cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
        pixels.flags.writeable = False
        decoded[part] = pixels
    return Changed(**decoded, about=pair)


def verify_controlled(pairs: Mapping[str, Controlled] | None = None) -> Iterator[tuple[str, str | None]]:
    """Check every file of the controlled pairs against the list.

    Parameters
    ----------
    pairs
        By default all of the course.

    Yields
    ------
    name : str
        Of the pair; each comes three times, once for each file.
    problem : str or None
        One sentence with the cause and the cure; None if all is well.

    Examples
    --------
    >>> [name for name, problem in verify_controlled() if problem]
    []
    """
    for name, pair in (controlled() if pairs is None else pairs).items():
        for part in PARTS:
            yield name, _file(pair, part)[1]
