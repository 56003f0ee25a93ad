"""The catalogue: what the course shows, where it comes from, and whether it is all there.

``data/media/catalogue.json`` holds one object per item, written by the builder beside it. Reading it needs
neither numpy nor a decoder.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from course.media.errors import MediaError

CURE = "Run `git restore data/media` in the course folder, or download the course again."


FAMILIES = ("anatomy", "style", "function", "physics", "culture", "time")
"""Kinds of cue: the five of Kamali et al. (CHI 2025), and what only shows from one frame to the next."""


@dataclass(frozen=True)
class Cue:
    """Something that can be pointed at in a picture.

    Attributes
    ----------
    region : tuple of float
        ``(x, y, width, height)`` as shares of the picture, 0 to 1, from the top left.
    frames : tuple of int
        First and last frame, counted from 0; ``(0, 0)`` in a still.
    family : str
        One of `FAMILIES`.
    reason : str
        One sentence: what is seen there, and why it would not be so (in a camera item that only looks odd: what
        looks wrong; `Item.odd_reason` says why it is not).
    """

    region: tuple[float, float, float, float]
    frames: tuple[int, int]
    family: str
    reason: str


@dataclass(frozen=True)
class Item:
    """One documented clip or still.

    Attributes
    ----------
    id : str
        A neutral name: it does not give the origin away.
    kind : str
        ``"clip"`` or ``"still"``.
    origin : str
        ``"camera"`` (a camera recorded it) or ``"generated"`` (a model made it).
    subject : str
        What is in the picture, in one word: ``"animal"``, ``"street"`` ...
    alt : str
        What is seen, in one or two sentences, without the origin.
    generator, generated_on, dated_by, prompt : str or None
        Of a generated item: the model, when ("2025-10" or "2025"), how that date is known, and the prompt,
        word for word, where the source states it.
    licence, author, publisher : str
        Licence (SPDX), author, and who publishes the package.
    scene : str
        What was filmed, photographed or made: items of one scene show the same place, person or thing, and whoever has
        seen one would know another. The name of the source, unless one film holds several scenes or several sources
        show one. Empty for a teacher's own item.
    registry, package, version, member, source_sha256 : str
        Where the source is: a file inside a pinned package, and its SHA-256. Of a teacher's own item: ``"own"``,
        the name of the folder, nothing, the file.
    path : Path
        The file that ships, absolute. `sha256` and `bytes` are of this file.
    purpose : str
        ``"parity"`` (made for the blind trial, all alike), ``"exhibit"`` or ``"laboratory"`` (shown at
        their own size and rate).
    odd, odd_reason : bool, str or None
        A camera item that looks odd, and why it is not.
    note : str or None
        For maintainers.
    fps, frames : float or None, int or None
        Frames a second and number of frames of a clip.
    width, height, bytes : int
        Size in pixels; size of the file.
    cues : tuple of Cue
        What can be pointed at: one to three for a generated item, unless `nothing` says that there is nothing.
    nothing : str or None
        Of a generated item without cues: what was looked at in vain.
    plain : bool
        A generated item that looks ordinary: everyday, and nothing strikes the eye.
    difficulty : int
        As judged by eye, not yet measured: 1, most people would tell its origin; 2; 3, few would.
    """

    id: str
    kind: str
    origin: str
    subject: str
    alt: str
    generator: str | None
    generated_on: str | None
    dated_by: str | None
    prompt: str | None
    licence: str
    author: str
    publisher: str
    registry: str
    package: str
    version: str
    member: str
    source_sha256: str
    sha256: str
    path: Path
    purpose: str
    odd: bool
    odd_reason: str | None
    note: str | None
    fps: float | None
    frames: int | None
    width: int
    height: int
    bytes: int
    cues: tuple[Cue, ...] = ()
    nothing: str | None = None
    plain: bool = False
    difficulty: int = 2
    scene: str = ""

    @property
    def credit(self) -> str:
        """One line to show under the picture, once its origin may be known.

        Examples
        --------
        >>> catalogue()["giraffe"].credit
        'Made with Sora 2, 2025. Published by Comfy Org, licence MIT.'
        """
        if self.origin == "generated":
            return (
                f"Made with {self.generator}, {self.generated_on}. Published by {self.author}, licence {self.licence}."
            )
        return (
            f"Recorded by a camera. Author: {self.author}, licence {self.licence} (from {self.package} {self.version})."
        )


@dataclass(frozen=True)
class Pair:
    """Two items of like subject to set side by side, one of each origin."""

    name: str
    camera: Item
    generated: Item


class Catalogue(Mapping[str, Item]):
    """All items by id, in alphabetical order.

    Examples
    --------
    >>> shown = catalogue()
    >>> shown["ball-throw"].kind
    'clip'
    >>> len(shown.where(kind="clip", origin="generated", purpose="parity")) >= 16
    True
    """

    def __init__(self, items: Mapping[str, Item], pairs: Mapping[str, Pair] | None = None) -> None:
        self._items = dict(sorted(items.items()))
        self._pairs = MappingProxyType(dict(pairs or {}))

    def __getitem__(self, name: str) -> Item:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} items)"

    @property
    def pairs(self) -> Mapping[str, Pair]:
        """Pairs for looking side by side, by name."""
        return self._pairs

    def where(self, **wanted: object) -> tuple[Item, ...]:
        """Return the items whose fields have these values, in alphabetical order.

        Parameters
        ----------
        **wanted
            Any field of `Item`, for instance ``kind="clip", origin="camera"``.

        Returns
        -------
        tuple of Item

        Raises
        ------
        TypeError
            If `Item` has no such field.

        Examples
        --------
        >>> {item.generator for item in catalogue().where(generator="Sora 2")}
        {'Sora 2'}
        """
        for name in wanted:
            if name not in Item.__dataclass_fields__:
                raise TypeError(f"an item has no field {name!r}")
        return tuple(
            item for item in self.values() if all(getattr(item, name) == value for name, value in wanted.items())
        )


def data_folder() -> Path:
    """Return the folder ``data/``: beside the package, or where ``LOOK_TWICE_DATA`` says."""
    named = os.environ.get("LOOK_TWICE_DATA")
    return Path(named).resolve() if named else Path(__file__).resolve().parents[2] / "data"


def _item(entry: Mapping[str, Any], folder: Path) -> Item:
    chosen = {name: entry[name] for name in Item.__dataclass_fields__}
    chosen["path"] = folder / entry["path"]
    chosen["cues"] = tuple(
        Cue(tuple(cue["region"]), tuple(cue["frames"]), cue["family"], cue["reason"]) for cue in entry["cues"]
    )
    return Item(**chosen)


@lru_cache(maxsize=8)
def _read(folder: Path) -> Catalogue:
    listing = folder / "media" / "catalogue.json"
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))["items"]
        items = {entry["id"]: _item(entry, folder) for entry in entries}
        coupled = tomllib.loads((folder / "media" / "pairs.toml").read_text(encoding="utf-8"))["pair"]
        pairs = {
            entry["name"]: Pair(entry["name"], items[entry["camera"]], items[entry["generated"]]) for entry in coupled
        }
    except FileNotFoundError as error:
        raise MediaError(f"The list of pictures {error.filename} is missing. {CURE}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise MediaError(f"The list of pictures in {listing.parent} is damaged. {CURE}") from error
    return Catalogue(items, pairs)


def catalogue(folder: Path | str | None = None) -> Catalogue:
    """Return the catalogue of the course.

    Parameters
    ----------
    folder
        The folder ``data/``: then only what the course ships is returned. By default the one beside the
        package, or the one that the environment variable ``LOOK_TWICE_DATA`` names; and beside it the
        teacher's own folder that ``LOOK_TWICE_PICTURES`` names (see `course.media.own_pictures`).

    Returns
    -------
    Catalogue
        Read once and kept; a teacher's own folder is read anew when it changes.

    Raises
    ------
    MediaError
        If the list is missing or damaged, or the sheet of the teacher's own folder has mistakes.

    Examples
    --------
    >>> catalogue()["giraffe"].origin
    'generated'
    """
    if folder is not None:
        return _read(Path(folder).resolve())
    # Here, because what is read there is made of the classes above.
    from course.media.own import own_folder, read_folder

    own = own_folder()
    return _read(data_folder()) if own is None else read_folder(own).together


def pair(name: str) -> Pair:
    """Return two items of like subject, one of each origin.

    Raises
    ------
    KeyError
        If there is no pair of that name.

    Examples
    --------
    >>> waves = pair("waves")
    >>> waves.camera.origin, waves.generated.origin
    ('camera', 'generated')
    """
    return catalogue().pairs[name]


def problem(item: Item) -> str | None:
    """Say in one sentence what is wrong with the file of `item`, or return None.

    Examples
    --------
    >>> problem(catalogue()["giraffe"]) is None
    True
    """
    from course.media.own import OwnItem, load_own

    if not isinstance(item, OwnItem):
        return read(item)[1]
    # Its hash was taken a moment ago, so comparing it proves little: it is opened.
    try:
        load_own(item)
    except MediaError as error:
        return str(error)
    return None


def read(item: Item) -> tuple[bytes, str | None]:
    """Return the bytes of an item's file, and what is wrong with them, if anything.

    Examples
    --------
    >>> raw, wrong = read(catalogue()["giraffe"])
    >>> len(raw) == catalogue()["giraffe"].bytes, wrong
    (True, None)
    """
    try:
        raw = item.path.read_bytes()
    except FileNotFoundError:
        return b"", f"The file of “{item.id}” is missing. {CURE}"
    except OSError as error:
        return b"", f"The file of “{item.id}” cannot be read ({error.strerror}). {CURE}"
    if len(raw) != item.bytes:
        return raw, f"The file of “{item.id}” holds {len(raw):,} bytes, not {item.bytes:,}. {CURE}"
    if hashlib.sha256(raw).hexdigest() != item.sha256:
        return raw, f"The file of “{item.id}” is not the one the course came with. {CURE}"
    return raw, None


def verify(items: Catalogue) -> Iterator[tuple[Item, str | None]]:
    """Check every file against the catalogue.

    Parameters
    ----------
    items : Catalogue

    Yields
    ------
    item : Item
    problem : str or None
        One sentence with the cause and the cure; None if all is well.

    Examples
    --------
    >>> [item.id for item, problem in verify(catalogue()) if problem]
    []
    """
    for item in items.values():
        yield item, problem(item)
