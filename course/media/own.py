"""A teacher's own pictures: any folder with files and a small sheet, ``pictures.toml``, beside the course's own.

The environment variable ``LOOK_TWICE_PICTURES`` names the folder; ``course --pictures FOLDER`` sets it. The sheet is
read anew when it or one of its files changes. Nothing is copied, and nothing leaves the computer.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from course.media.catalogue import Catalogue, Item, catalogue, data_folder
from course.media.errors import MediaError
from course.media.sheet import SHEET, read_sheet

if TYPE_CHECKING:
    import numpy as np

    from course.media.decode import Clip, Still

VARIABLE = "LOOK_TWICE_PICTURES"


@dataclass(frozen=True)
class OwnItem(Item):
    """An item of a teacher's own folder.

    `sha256` and `bytes` are of the teacher's file, `package` is the name of the folder, `member` the file's place
    in it. A parity item has the size and rate of the common form; those of an exhibit are known when it is loaded
    (until then 0 and None).

    Attributes
    ----------
    known_from : str
        How one knows where the picture comes from.
    crop : tuple of int or None
        ``(x, y, width, height)`` in pixels of the picture as `course.media.open_file` gives it; None for the
        largest square in its middle (a parity item) or all of it (an exhibit).
    start : float
        Where a clip begins, in seconds.
    line : int
        Where its entry begins in the sheet, from 1.
    """

    known_from: str = ""
    crop: tuple[int, int, int, int] | None = None
    start: float = 0.0
    line: int = field(default=0, compare=False)

    @property
    def credit(self) -> str:
        """One line to show under the picture, once its origin may be known."""
        made = (
            f"Made with {self.generator}, {self.generated_on}."
            if self.origin == "generated"
            else ("Recorded by a camera.")
        )
        return f"{made} Author: {self.author}, licence {self.licence}. How we know: {self.known_from}"


@dataclass(frozen=True)
class OwnForm:
    """A form of the blind trial that a sheet names: `items` are ids."""

    name: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class OwnPictures:
    """What a folder holds, and what that makes beside the course's own catalogue."""

    catalogue: Catalogue
    forms: Mapping[str, OwnForm]
    together: Catalogue


def own_folder() -> Path | None:
    """Return the folder that ``LOOK_TWICE_PICTURES`` names, or None.

    Returns
    -------
    Path or None
        Absolute. A relative name counts from the folder in which the command was started, and is resolved once: where
        a program goes afterwards does not matter.

    Raises
    ------
    MediaError
        If it can be no folder's name.

    Examples
    --------
    >>> own_folder() is None
    True
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    try:
        path = Path(named).expanduser()
        return path.resolve() if path.is_absolute() else _from_where_it_began(path)
    except (OSError, RuntimeError, ValueError) as error:  # `~nobody`, a ring of links
        raise MediaError(f"“{named}” is no folder: check its name in {VARIABLE}, or after --pictures.") from error


@cache
def _from_where_it_began(path: Path) -> Path:
    # A kernel runs beside its notebooks, wherever the lab was started; the shell's own note of that place is handed on.
    places = [Path.cwd() / path]
    started = Path(os.environ.get("PWD", ""))
    if started.is_absolute():
        places.append(started / path)
    return next((place for place in places if place.is_dir()), places[0]).resolve()


def own_pictures(folder: Path | str) -> Catalogue:
    """Read and check the sheet of a folder.

    Parameters
    ----------
    folder : Path or str
        Any folder with a ``pictures.toml`` and the files it names.

    Returns
    -------
    Catalogue
        The folder's own items and pairs alone, without those of the course. The files are not decoded yet:
        `course.media.verify` does that.

    Raises
    ------
    MediaError
        If something is wrong: one sentence a line, each with its line in the sheet, all at once.

    Examples
    --------
    >>> import shutil, tempfile
    >>> from course import media
    >>> photo = media.catalogue().where(kind="still")[0].path
    >>> sheet = '''[[item]]
    ... id = "harbour-morning"
    ... file = "harbour.jpg"
    ... origin = "camera"
    ... subject = "water"
    ... alt = "Boats lie in a harbour under a grey sky."
    ... author = "A. Teacher"
    ... licence = "CC-BY-4.0"
    ... known_from = "I took it on 3 May 2026."
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = shutil.copy(photo, Path(folder, "harbour.jpg"))
    ...     _ = Path(folder, "pictures.toml").write_text(sheet, encoding="utf-8")
    ...     item = own_pictures(folder)["harbour-morning"]
    ...     media.load(item).pixels.shape
    (384, 384, 3)
    """
    return read_folder(Path(folder)).catalogue


def own_forms(folder: Path | str | None = None) -> Mapping[str, OwnForm]:
    """Return the forms of the blind trial that a sheet names.

    Parameters
    ----------
    folder : Path or str, optional
        By default the one that ``LOOK_TWICE_PICTURES`` names.

    Returns
    -------
    mapping of str to OwnForm
        By name. Where the sheet has no ``[[form]]``, one named ``"own"`` with all its parity items. Empty where no
        folder is named.

    Raises
    ------
    MediaError
        As for `own_pictures`.

    Examples
    --------
    >>> dict(own_forms())
    {}
    """
    place = own_folder() if folder is None else Path(folder)
    return MappingProxyType({}) if place is None else read_folder(place).forms


_kept: dict[tuple[Path, Path], tuple[object, OwnPictures]] = {}


def read_folder(folder: Path) -> OwnPictures:
    """Read a folder, or return what was read of it if neither the sheet nor a file has changed since."""
    from course.media.entries import check

    folder = folder.expanduser().resolve()
    data = data_folder()
    sheet = folder / SHEET
    before = _state(sheet)
    state, kept = _kept.get((folder, data), (None, None))
    if kept and state == (before, *(_state(item.path) for item in kept.catalogue.values())):
        return kept
    if _state(folder) is None or not folder.is_dir():
        raise MediaError(f"There is no folder {folder}: check its name in {VARIABLE}, or after --pictures.")
    shipped = catalogue(data)
    # Those of earlier forms, too: records of them are still read.
    names = {path.stem for pattern in ("*.toml", "earlier/*.toml") for path in (data / "forms").glob(pattern)}
    items, pairs, forms = check(read_sheet(sheet), folder, shipped, names)
    found = OwnPictures(
        Catalogue(items, pairs),
        MappingProxyType({form.name: form for form in forms}),
        Catalogue({**shipped, **items}, {**shipped.pairs, **pairs}),
    )
    _kept[folder, data] = ((before, *(_state(item.path) for item in found.catalogue.values())), found)
    return found


def _state(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None  # what is wrong with it is said where it is read
    return facts.st_mtime_ns, facts.st_size


def file_facts(path: Path) -> tuple[str, int]:
    """Return SHA-256 and size of a file, reading it again only if it has changed."""
    facts = path.stat()
    return _digest(path, facts.st_mtime_ns, facts.st_size), facts.st_size


@lru_cache(maxsize=1024)
def _digest(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_own(item: OwnItem) -> Clip | Still:
    """Decode an item of a teacher's own folder; a parity item comes in the common form.

    Parameters
    ----------
    item : OwnItem

    Returns
    -------
    Clip or Still

    Raises
    ------
    MediaError
        If the file is missing, damaged, changed since the sheet was read, or too short for the common form.
    """
    return _kept_picture(item) if item.purpose == "parity" else _picture(item)


# A form has about two dozen items, and a clip in the common form holds 5 MB. Exhibits may hold hundreds.
@lru_cache(maxsize=32)
def _kept_picture(item: OwnItem) -> Clip | Still:
    return _picture(item)


def _picture(item: OwnItem) -> Clip | Still:
    from course.media.decode import Clip
    from course.media.files import open_file

    try:
        same = file_facts(item.path) == (item.sha256, item.bytes)
    except FileNotFoundError as error:
        raise MediaError(
            f"{SHEET}, line {item.line}: the file “{item.member}” is missing. Put it back, or take the entry out."
        ) from error
    except OSError as error:
        raise MediaError(
            f"{SHEET}, line {item.line}: the file “{item.member}” cannot be read ({error.strerror}). Copy it again."
        ) from error
    if not same:
        raise MediaError(
            f"{SHEET}, line {item.line}: the file “{item.member}” has changed since it was listed. Run the cell again."
        )
    picture = open_file(item.path)
    if isinstance(picture, Clip) != (item.kind == "clip"):
        other = "a still" if item.kind == "clip" else "a clip"
        raise MediaError(
            f"{SHEET}, line {item.line}: “{item.member}” reads as {other}. Save a copy as MP4 if it moves, as JPEG or "
            "PNG if it does not."
        )
    try:
        return _in_common_form(item, picture) if item.purpose == "parity" else _as_it_is(item, picture)
    except MediaError as error:
        raise MediaError(f"{SHEET}, line {item.line}: “{item.id}” cannot be shown. {error}") from error


def _in_common_form(item: OwnItem, picture: Clip | Still) -> Clip | Still:
    import numpy as np

    from course.media import common_form as form
    from course.media.decode import Still, decoded

    # Coded and decoded once, as the files of the pack are: pictures fresh from the resizing would be sharper.
    if isinstance(picture, Still):
        crop = item.crop or form.centred_square(picture.pixels)
        return decoded(form.encode_still(form.parity_still(picture.pixels, crop)), item)
    needed = form.CLIP_FRAMES / form.CLIP_RATE
    left = picture.seconds - item.start
    # Half a step of grace: the last picture wanted is shown a whole step before the two seconds are over.
    if left < needed - 0.5 / form.CLIP_RATE:
        raise MediaError(
            f"It lasts {max(left, 0):.1f} s from its start at {item.start:g} s, and the blind trial shows "
            f'{needed:g} s: choose an earlier start or a longer clip, or write purpose = "exhibit".'
        )
    crop = item.crop or form.centred_square(picture.frames[0])
    times = np.arange(len(picture.frames)) / picture.fps
    return decoded(form.encode_clip(form.parity_clip(picture.frames, times, crop, item.start), form.CLIP_RATE), item)


def _as_it_is(item: OwnItem, picture: Clip | Still) -> Clip | Still:
    from course.media.common_form import cut
    from course.media.decode import Clip, Still

    if isinstance(picture, Still):
        pixels = cut(picture.pixels, item.crop) if item.crop else picture.pixels
        return Still(pixels, replace(item, width=pixels.shape[1], height=pixels.shape[0]))
    first = round(item.start * picture.fps)
    if first >= len(picture.frames):
        raise MediaError(f"It ends after {picture.seconds:.1f} s, before its start at {item.start:g} s.")
    frames: np.ndarray = picture.frames[first:]
    if item.crop:
        x, y, width, height = item.crop
        cut(frames[0], item.crop)
        frames = frames[:, y : y + height, x : x + width]
    measured = replace(
        item, fps=picture.fps, frames=len(frames), width=int(frames.shape[2]), height=int(frames.shape[1])
    )
    return Clip(frames, picture.fps, measured)
