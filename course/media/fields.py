"""The fields of a sheet's entries: which there are, and what is wrong with a value."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from difflib import get_close_matches

from course.media.sheet import Entry, shown

#: Every entry has these; ``course media add`` writes them in this order.
ITEM_FIELDS = {
    "id": "a short name in small letters and hyphens, such as harbour-morning",
    "file": "the file, in this folder",
    "origin": "camera or generated",
    "subject": "what is in the picture, in one word, such as water",
    "alt": "what is seen, in one or two sentences, without the origin",
    "author": "who made it",
    "licence": "what its author allows, such as CC-BY-4.0; or: used with permission",
    "known_from": "how one knows where it comes from",
}
#: A generated item has these as well.
GENERATED_FIELDS = {
    "generator": "the name of the generator",
    "generated_on": "when it was made, such as 2026-05",
}
_OPTIONAL = ("prompt", "crop", "start", "purpose", "odd", "odd_reason", "cues")
FIELDS = {
    "item": (*ITEM_FIELDS, *GENERATED_FIELDS, *_OPTIONAL),
    "pair": ("name", "camera", "generated"),
    "form": ("name", "title", "items"),
}
CUE_FIELDS = ("region", "frames", "family", "reason")
LONGEST_TEXT = 1000


class FieldReader:
    """Reads values out of entries and keeps what is wrong with them, so that all of it can be put right at once.

    Attributes
    ----------
    problems : list of (int, str)
        Line of the sheet, and the rest of a sentence that begins with it.
    """

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self._first_lines: dict[tuple[str, str], int] = {}

    def wrong(self, line: int, words: str) -> None:
        """Keep a problem."""
        self.problems.append((line, words))

    def check_fields(self, entry: Entry, kind: str, needed: Iterable[str]) -> None:
        """Keep a problem for each field that is not known, and one for those that are missing."""
        known = FIELDS[kind]
        for name in entry.values:
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.6)
                words = f"did you mean {near[0]}?" if near else f"known are {listed(known)}."
                self.wrong(entry.at(name), f"there is no field “{shown(name)}”; {words}")
        missing = [name for name in needed if name not in entry.values]
        if missing:
            called = entry.values.get("id", entry.values.get("name"))
            of = f" of “{shown(called)}”" if isinstance(called, str) else ""
            self.wrong(entry.line, f"this [[{kind}]]{of} lacks {listed(missing)}; write it below this line.")

    def text(self, entry: Entry, name: str, what: str = "") -> str | None:
        """Return a text on one line, or None if it is missing or wrong."""
        if name not in entry.values:
            return None
        value = entry.values[name]
        line = entry.at(name)
        if isinstance(value, datetime.date):
            value = value.isoformat()
        if not isinstance(value, str):
            self.wrong(line, f'{name} must be text in quotation marks, as in {name} = "...".')
        elif is_todo(value):
            self.wrong(line, f"{name} is still to be written: {what or 'put it in place of TODO'}.")
        elif not value.strip():
            self.wrong(line, f"{name} is empty; write {what or 'something'}.")
        elif len(value) > LONGEST_TEXT:
            self.wrong(line, f"{name} is longer than {LONGEST_TEXT:,} letters; shorten it.")
        elif shown(value, LONGEST_TEXT) != (plain := " ".join(value.split())):
            hint = "; between folder and file write /" if name == "file" else ""
            self.wrong(line, f"{name} holds a control character, which nobody can see; type it anew{hint}.")
        else:
            return plain
        return None

    def choice(self, entry: Entry, name: str, choices: tuple[str, ...]) -> str | None:
        """Return one of a few words, or None if it is missing or another."""
        value = self.text(entry, name, f"write {' or '.join(choices)}")
        if value is not None and value not in choices:
            self.wrong(entry.at(name), f"{name} is “{shown(value)}”; write {' or '.join(choices)}.")
            return None
        return value

    def once(self, kind: str, name: str, line: int, what: str) -> None:
        """Keep a problem if a name of one kind comes a second time."""
        first = self._first_lines.setdefault((kind, name), line)
        if first != line:
            self.wrong(line, f"the {what} “{name}” is taken already, in line {first}; choose another.")


def is_todo(value: str) -> bool:
    """Tell whether a text is one that ``course media add`` left to be written."""
    return value.strip().upper().startswith("TODO")


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def listed(words: Iterable[str], last: str = "and") -> str:
    """Put words into a list that can be read aloud.

    Examples
    --------
    >>> listed(["id", "file", "alt"])
    'id, file and alt'
    """
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end


def quoted(words: Iterable[str]) -> str:
    """The same with quotation marks round each."""
    return listed(f"“{word}”" for word in words)
