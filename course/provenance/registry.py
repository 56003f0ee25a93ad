"""A registry that finds a lost statement again: by an invisible mark in the picture, or by its fingerprint.

Statement, mark and fingerprint together are what the specification calls durable credentials: the first says who and
what, the second survives cropping, the third survives shrinking, and neither needs anything to be left in the file.
A registry only says “this looks like what was entered here”. It does not say that it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.provenance.errors import ProvenanceError
from course.provenance.write import save

MARK_BITS, FINGERPRINT_BITS = 32, 64
NEAR = 10
"""Bits of 64 by which two fingerprints of one picture may differ."""


@dataclass(frozen=True)
class Entry:
    """Something that was entered.

    Attributes
    ----------
    mark : int
        The number that is in the picture as an invisible mark, 32 bits.
    fingerprint : int
        64 bits of a perceptual hash.
    title : str
    statement : bytes
        A C2PA manifest store, see `course.provenance.statement_of`.
    """

    mark: int
    fingerprint: int
    title: str
    statement: bytes


@dataclass(frozen=True)
class Match:
    """An entry whose fingerprint differs from the one looked for in `distance` bits."""

    entry: Entry
    distance: int


class Registry:
    """Entries in a folder of one's own, two files each: one that a person can read, and the statement.

    Parameters
    ----------
    folder : Path
        It is made when the first entry comes.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> registry = Registry(Path(folder.name))
    >>> registry.enter(Entry(0xC0FFEE, 0b1011, "Boats at dawn", b"signed"))
    >>> registry.by_mark(0xC0FFEE).title
    'Boats at dawn'
    >>> [match.distance for match in registry.by_fingerprint(0b1000)]
    [2]
    >>> registry.by_mark(1) is None
    True
    >>> folder.cleanup()
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def enter(self, entry: Entry) -> None:
        """Keep an entry, in the place of one with the same mark.

        Raises
        ------
        ValueError
            If mark or fingerprint have too many bits.
        ProvenanceError
            If the folder may not be written to.
        """
        _check("mark", entry.mark, MARK_BITS)
        _check("fingerprint", entry.fingerprint, FINGERPRINT_BITS)
        readable = {"mark": f"{entry.mark:08x}", "fingerprint": f"{entry.fingerprint:016x}", "title": entry.title}
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ProvenanceError(
                "The registry could not be written, because its folder may not be written to: set LOOK_TWICE_HOME to "
                "another one."
            ) from error
        # The statement first: whoever finds the entry finds it too.
        save(entry.statement, self.folder / f"{entry.mark:08x}.c2pa")
        text = json.dumps(readable, ensure_ascii=False, indent=1) + "\n"
        save(text.encode("utf-8"), self.folder / f"{entry.mark:08x}.json")

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, by mark.

        Raises
        ------
        ProvenanceError
            If one of them is damaged or cannot be read.
        """
        return tuple(_read(path) for path in sorted(self.folder.glob("*.json")))

    def by_mark(self, mark: int) -> Entry | None:
        """The entry with exactly this mark, or None.

        Raises
        ------
        ProvenanceError
            If the entry is damaged.
        """
        _check("mark", mark, MARK_BITS)
        path = self.folder / f"{mark:08x}.json"
        return _read(path) if path.is_file() else None

    def by_fingerprint(self, fingerprint: int, within: int = NEAR) -> tuple[Match, ...]:
        """The entries whose fingerprint differs in so many bits at most, the nearest first.

        Raises
        ------
        ProvenanceError
            If an entry is damaged.
        """
        _check("fingerprint", fingerprint, FINGERPRINT_BITS)
        matches = (Match(entry, (entry.fingerprint ^ fingerprint).bit_count()) for entry in self.entries)
        return tuple(sorted((one for one in matches if one.distance <= within), key=lambda one: one.distance))


def _check(what: str, number: object, bits: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 1 << bits:
        raise InputError(f"A {what} is a whole number of {bits} bits; {number!r} is none.")


def _read(path: Path) -> Entry:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        mark, fingerprint = int(content["mark"], 16), int(content["fingerprint"], 16)
        _check("mark", mark, MARK_BITS)
        _check("fingerprint", fingerprint, FINGERPRINT_BITS)
        return Entry(mark, fingerprint, str(content["title"]), path.with_suffix(".c2pa").read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProvenanceError(
            f"The entry “{path.name}” of the registry is damaged: delete it and enter the picture again."
        ) from error
