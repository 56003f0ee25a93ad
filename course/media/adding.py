"""Write a new entry into a ``pictures.toml`` without touching what stands there."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course.media.catalogue import catalogue, data_folder
from course.media.decode import Clip
from course.media.errors import MediaError
from course.media.fields import GENERATED_FIELDS, ITEM_FIELDS
from course.media.files import open_file
from course.media.neutral import telling_words
from course.media.sheet import SHEET, read_sheet, shown, toml_text

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NEW = (
    "# Pictures of our own: an [[item]] for each. What the fields mean is in docs/your-own-pictures.md of the course.\n"
)


@dataclass(frozen=True)
class Draft:
    """What is known of a file before a teacher has said anything about it.

    Attributes
    ----------
    folder, path : Path
        Absolute; the file lies in the folder.
    id : str
        A suggestion, made from the file's name.
    kind : str
        ``"clip"`` or ``"still"``.
    measured : str
        Size, and length of a clip, in words.
    long_enough : bool
        Whether it can stand in the blind trial.
    """

    folder: Path
    path: Path
    id: str
    kind: str
    measured: str
    long_enough: bool


def draft(file: Path | str, folder: Path | str | None = None) -> Draft:
    """Open and measure a file for a new entry.

    Parameters
    ----------
    file : Path or str
        A picture or clip.
    folder : Path or str, optional
        Where the sheet is or will be; by default the file's own folder.

    Returns
    -------
    Draft

    Raises
    ------
    MediaError
        If the file cannot be opened, lies outside the folder, or is in the sheet already; or if the sheet that is
        there cannot be read.
    """
    given = Path(file).expanduser()
    path = given.resolve()
    place = (Path(folder).expanduser() if folder is not None else given.parent).resolve()
    name = shown(path.name)
    if not place.is_dir():
        raise MediaError(f"There is no folder {shown(place, 200)}. Make it first, and copy the file there.")
    if not path.is_relative_to(place):
        raise MediaError(f"“{name}” is not in {shown(place, 200)}. Copy it there first, and add the copy.")
    try:
        path.name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MediaError(f"The name “{name}” holds letters that cannot be written down. Rename the file.") from error
    taken = set(catalogue(data_folder()))
    sheet = place / SHEET
    if sheet.exists():
        for entry in read_sheet(sheet).entries.get("item", ()):
            listed = entry.values.get("file")
            if isinstance(listed, str) and "\0" not in listed and (place / listed).resolve() == path:
                raise MediaError(f"“{name}” is in {SHEET} already, line {entry.line}. Change that entry instead.")
            taken.add(str(entry.values.get("id")))
    picture = open_file(given)
    kind = "clip" if isinstance(picture, Clip) else "still"
    pixels = picture.frames[0] if isinstance(picture, Clip) else picture.pixels
    measured = f"{pixels.shape[1]} x {pixels.shape[0]} pixels"
    if isinstance(picture, Clip):
        measured += f", {picture.seconds:.1f} s, {picture.fps:.4g} frames a second"
    long_enough = not isinstance(picture, Clip) or picture.seconds >= 2
    return Draft(place, path, suggest_id(path.stem, taken), kind, measured, long_enough)


def suggest_id(stem: str, taken: Collection[str]) -> str:
    """Make a neutral id from the name of a file.

    Parameters
    ----------
    stem : str
        Name without its ending.
    taken : collection of str
        Ids that are in use.

    Returns
    -------
    str
        Small letters a to z and hyphens.

    Examples
    --------
    >>> suggest_id("Möwe am Hafen 2", taken=())
    'mowe-am-hafen'
    >>> suggest_id("IMG_2041", taken=("img",)), suggest_id("sora generated fake", taken=())
    ('img-b', 'sora')
    """
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z]+", plain) if not telling_words(word)]
    base = "-".join(words)[:40].strip("-") or "picture"
    if base not in taken:
        return base
    return next(
        name
        for first in ("", *_LETTERS)
        for letter in _LETTERS
        if (name := f"{base}-{first}{letter}") not in taken and name != f"{base}-a"
    )


def add_entry(new: Draft, values: Mapping[str, str]) -> int:
    """Append an entry to the sheet of a folder, or begin the sheet with it.

    What stands there stays as it is, byte for byte. Fields that `values` lacks are written as ``TODO``, which the
    check of the sheet then names.

    Parameters
    ----------
    new : Draft
    values : mapping of str to str
        By name of the field; `id` and `file` come from the draft.

    Returns
    -------
    int
        The line at which the new entry begins.

    Raises
    ------
    MediaError
        If the sheet cannot be read or written, or nothing can be appended to it.
    """
    sheet = (new.folder / SHEET).resolve()
    before = ""
    try:
        if sheet.exists():
            read_sheet(sheet)  # an entry below a mistake could not be read either
            before = sheet.read_bytes().decode("utf-8")
        # A sheet made on Windows stays one.
        ending = "\r\n" if "\r\n" in before else "\n"
        if before and not before.endswith("\n"):
            before += ending
        opening = (before + ending) if before else _NEW + "\n"
        text = opening + _entry(new, values).replace("\n", ending)
        try:
            tomllib.loads(text.removeprefix("\ufeff"))
        except ValueError as error:
            raise MediaError(
                f"Nothing can be added at the end of {SHEET}. Write its items as parts that begin with [[item]]."
            ) from error
        _replace(sheet, text.encode("utf-8"))
    except OSError as error:
        raise MediaError(
            f"{shown(sheet, 200)} cannot be written ({error.strerror}). Close it elsewhere, or allow writing there."
        ) from error
    return opening.count("\n") + 1


def _entry(new: Draft, values: Mapping[str, str]) -> str:
    fields = dict(ITEM_FIELDS)
    if values.get("origin") != "camera":
        fields |= GENERATED_FIELDS
    known = {"id": new.id, "file": new.path.relative_to(new.folder).as_posix()} | dict(values)
    lines = ["[[item]]", f"# {new.measured}, as the course reads it; a crop counts in these pixels"]
    for name, what in fields.items():
        if name in GENERATED_FIELDS and "origin" not in values and name not in values:
            lines.append(f"# {name} = {toml_text(f'TODO, if it is generated: {what}')}")
            continue
        lines.append(f"{name} = {toml_text(known.get(name) or f'TODO: {what}')}")
    if not new.long_enough:
        lines.append('purpose = "exhibit"  # too short for the blind trial, which shows 2 seconds')
    return "\n".join(lines) + "\n"


def _replace(sheet: Path, raw: bytes) -> None:
    """Write beside the sheet and move it there, so that a crash leaves the one or the other, whole."""
    written = sheet.with_name(f".{SHEET}.{secrets.token_hex(4)}")
    try:
        with written.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if sheet.exists():
            with suppress(OSError):  # a drive without permissions has none to keep
                written.chmod(sheet.stat().st_mode)
        written.replace(sheet)
    finally:
        written.unlink(missing_ok=True)
