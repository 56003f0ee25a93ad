"""Files that are shown as files: with everything that a phone, a camera or a generator wrote into them.

They are no items of the catalogue: nothing about them is alike, and that is what lesson 5 is about.
``data/metadata/files.json`` is written by ``data/metadata/build.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from course.media.catalogue import data_folder
from course.media.errors import MediaError

_CURE = "Run `git restore data/metadata` in the course folder, or download the course again."


@dataclass(frozen=True)
class WholeFile:
    """A file of which more matters than the picture.

    Attributes
    ----------
    name, title : str
        Short and lasting; and a heading.
    kind : str
        ``"still"``, ``"clip"`` or ``"map"``.
    origin : str
        ``"camera"``, ``"generated"`` or ``"drawn"``.
    alt : str
        What is seen.
    author, licence : str
        Licence as SPDX identifier.
    changed : str
        What was done to the file before it came here.
    file : str
        The name it had.
    package, version, registry, publisher, member, source_sha256 : str
        Where it is from.
    path : Path
        Absolute.
    sha256 : str
    bytes : int
    """

    name: str
    title: str
    kind: str
    origin: str
    alt: str
    author: str
    licence: str
    changed: str
    file: str
    package: str
    version: str
    registry: str
    publisher: str
    member: str
    source_sha256: str
    path: Path
    sha256: str
    bytes: int


def whole_files(folder: Path | None = None) -> Mapping[str, WholeFile]:
    """Return the files by name.

    Parameters
    ----------
    folder : Path, optional
        The course's data folder by default.

    Raises
    ------
    MediaError
        If their list is missing or damaged.

    Examples
    --------
    >>> whole_files()["messenger"].changed
    'Not changed.'
    """
    return _read((folder or data_folder()) / "metadata")


@lru_cache(maxsize=4)
def _read(folder: Path) -> Mapping[str, WholeFile]:
    try:
        entries = json.loads((folder / "files.json").read_text(encoding="utf-8"))
        found = {entry["name"]: WholeFile(**entry, path=folder / entry["file"]) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise MediaError(f"The list of whole files in {folder} is missing or damaged. {_CURE}") from error
    return MappingProxyType(found)


def verify_whole_files(files: Mapping[str, WholeFile]) -> Iterator[tuple[str, str | None]]:
    """Compare each file with its SHA-256.

    Yields
    ------
    name : str
    problem : str or None
        A sentence, or None if the file is in order.

    Examples
    --------
    >>> all(problem is None for _, problem in verify_whole_files(whole_files()))
    True
    """
    for file in files.values():
        try:
            same = hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
        except OSError:
            yield file.name, f"The file “{file.file}” is missing. {_CURE}"
            continue
        yield file.name, None if same else f"The file “{file.file}” is damaged. {_CURE}"
