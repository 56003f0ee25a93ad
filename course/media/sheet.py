"""``pictures.toml``, the sheet of a teacher's own folder, read so that each mistake can be named with its line."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.media.errors import MediaError

SHEET = "pictures.toml"
"""What the sheet of a folder is called."""

MAX_BYTES = 500_000
_MAX_LINES = 200  # of one value

# What tomllib says, and what somebody who has never heard of TOML can do about it.
_REASONS = (
    (r"Illegal character|Unterminated string", 'the text has no end: put a straight quotation mark " after it'),
    (r"Unescaped|hex value", "a backslash cannot stand in quotation marks: between folder and file write /"),
    (r"Cannot overwrite", "this field stands twice in one entry: keep one of the two"),
    (
        r"Cannot declare|Cannot mutate|Expected '\]",
        "a part begins with two square brackets on each side, as in [[item]]",
    ),
    (r"Expected newline", "only one value stands in a line: write quotation marks inside a text as ‘ and ’"),
    (r"Expected '='|Invalid statement", 'a line reads: name = "value"'),
    (r"Invalid value", 'the value cannot be read: text stands in straight quotation marks, as in "water"'),
    (r"array", "the list has no end: put ] after it, and commas between its parts"),
    (r"recursion", "too many brackets stand inside each other"),
    (r"Exceeds the limit", "a number is far too long"),
)


@dataclass(frozen=True)
class Entry:
    """One part of a sheet, such as an ``[[item]]``.

    Attributes
    ----------
    line : int
        Where it begins, from 1.
    values : mapping
        What it says, by field.
    lines : mapping
        Where each field stands.
    """

    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int:
        """Return the line of a field, or of the entry where the field is missing."""
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Sheet:
    """A sheet that is valid TOML, whatever it says.

    Attributes
    ----------
    entries : mapping of str to tuple of Entry
        The lists of entries (``[[item]]``, ``[[pair]]`` ...) by name.
    others : mapping of str to int
        Anything else at the top of the sheet, with its line.
    """

    entries: Mapping[str, tuple[Entry, ...]]
    others: Mapping[str, int]


def read_sheet(path: Path) -> Sheet:
    """Read a sheet.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Sheet

    Raises
    ------
    MediaError
        If it cannot be read, or is no TOML. The message names the line.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "pictures.toml")
    ...     _ = path.write_text('[[item]]\\nid = "harbour"\\n', encoding="utf-8")
    ...     (item,) = read_sheet(path).entries["item"]
    >>> item.line, item.values["id"], item.at("id")
    (1, 'harbour', 2)
    """
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except FileNotFoundError as error:
        raise MediaError(
            f"There is no {SHEET} in {shown(path.parent, 200)}. The command course media add FILE begins one."
        ) from error
    except OSError as error:
        raise MediaError(f"{SHEET} cannot be read ({error.strerror}). Close it elsewhere and try again.") from error
    if size > MAX_BYTES:
        raise MediaError(f"{SHEET} is larger than {MAX_BYTES // 1000} kB. Divide its pictures among several folders.")
    text = _text(raw)
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MediaError(_reason(str(error), text)) from error
    return _sheet(content, text)


def shown(value: object, length: int = 60) -> str:
    """Return a value as it can be printed anywhere: one line, no control characters, not too long.

    Examples
    --------
    >>> shown("two\\nlines, \\x1b[31mred")
    'two lines, [31mred'
    """
    # Cc are control characters, Cf those that turn the direction of writing, Cs halves of broken letters.
    plain = "".join(
        "" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in " ".join(str(value).split())
    )
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def toml_text(value: str) -> str:
    """Write text as a TOML string.

    Parameters
    ----------
    value : str
        Any text that UTF-8 can hold.

    Returns
    -------
    str
        With its quotation marks.

    Examples
    --------
    >>> print(toml_text('a "b" \\\\ c\\n'))
    "a \\"b\\" \\\\ c\\n"
    """
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    letters = (
        short.get(letter) or (f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter)
        for letter in value
    )
    return f'"{"".join(letters)}"'


def _text(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise MediaError(f"{SHEET} is saved as UTF-16. Save it again and choose UTF-8 as its encoding.")
    try:
        text = raw.decode("utf-8-sig")  # Notepad may put a mark before UTF-8
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise MediaError(
            f"{SHEET}, line {line}: a letter is not in UTF-8. Save the sheet again and choose UTF-8 as its encoding."
        ) from error
    # With a line break at the end, the parser names the last line instead of "the end of the document".
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _reason(message: str, text: str) -> str:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
    plain = message[: place.start()] if place else message
    # An end that is missing is noticed at the end of the document only; the line wanted is where the value begins.
    line = place[1] if place and place[1] else _open_end(text)
    for pattern, cure in _REASONS:
        if re.search(pattern, plain):
            return f"{SHEET}, line {line}: {cure}."
    return f"{SHEET}, line {line}: this cannot be read ({shown(plain)}). Compare it with an entry that works."


def _open_end(text: str) -> int:
    """Return the line of the first statement that has no end."""
    lines = text.split("\n")
    first = 0
    while first < len(lines) and (found := _complete(lines, first)):
        first = found[0] + 1
    return min(first + 1, len(lines))


def _sheet(content: Mapping[str, Any], text: str) -> Sheet:
    lines: dict[str, list[tuple[int, dict[str, int]]]] = {}
    others: dict[str, int] = {}
    inside: str | None = None
    deeper = False  # in a part such as [[item.cues]] or [other], whose fields are nobody's here
    for number, source, parsed in _statements(text):
        name = next(iter(parsed))
        if not source.lstrip().startswith("["):
            if not deeper:
                (others if inside is None else lines[inside][-1][1]).setdefault(name, number)
        elif isinstance(parsed[name], list):
            lines.setdefault(name, []).append((number, {}))
            inside, deeper = name, False
        elif inside == name and parsed[name] and isinstance(content[name], list):
            lines[name][-1][1].setdefault(next(iter(parsed[name])), number)
            deeper = True
        else:
            others.setdefault(name, number)
            inside, deeper = None, True
    entries = {
        name: tuple(Entry(line, values, where) for (line, where), values in zip(found, content[name], strict=True))
        for name, found in lines.items()
    }
    return Sheet(entries, others)


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield each statement of a valid document with its line, as the parser itself divides them."""
    lines = text.split("\n")
    first = 0
    while first < len(lines):
        found = _complete(lines, first)
        if found is None:
            raise MediaError(
                f"{SHEET}, line {first + 1}: this value runs over more than {_MAX_LINES} lines. Shorten it."
            )
        last, parsed = found
        if parsed:
            yield first + 1, lines[first], parsed
        first = last + 1


def _complete(lines: list[str], first: int) -> tuple[int, dict[str, Any]] | None:
    """Return the last line of the statement that begins in a line, and what it says; None if it has no end."""
    for last in range(first, min(first + _MAX_LINES, len(lines))):
        try:
            return last, tomllib.loads("\n".join(lines[first : last + 1]))
        except (ValueError, RecursionError):
            continue  # it goes on in the next line
    return None
