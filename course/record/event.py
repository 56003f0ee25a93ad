"""One event of a record, and the line of text that holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from types import MappingProxyType

from course.errors import CourseError, InputError
from course.record.code import PATTERN as CODE

VERSION = 1
"""The format of a line. Raise it only when an older course could misread the new one."""

LONGEST_LINE = 256 * 1024
"""Bytes. Far beyond any answer; it keeps one pasted file from swelling the record."""

_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_OURS = ("at", "learner", "v")


class RecordError(CourseError):
    """Something about the record went wrong. The message says in plain words the cause and the cure."""


class NotAnEvent(ValueError):
    """A line is sound JSON, and yet no event of ours: the file was made by something else."""


class Damaged(ValueError):
    """A line is torn or scrambled, as a power cut or a full disk leaves it."""


@dataclass(frozen=True)
class Event:
    """One thing a learner did.

    Attributes
    ----------
    at : str
        When, in UTC, to the millisecond: ``"2026-11-22T09:30:00.125Z"``.
    learner : str
        The random code of the learner.
    kind : str
        What it was, for example ``"trial.answer"``.
    data : Mapping[str, object]
        What was handed to :meth:`Record.append`, unchanged, ``"kind"`` included. Read-only.

    Examples
    --------
    >>> event = Event.parse(
    ...     b'{"at":"2026-11-22T09:30:00Z","learner":"heron-4821-birch","kind":"preference","value":2,"v":1}'
    ... )
    >>> event.kind, event.data["value"], event.when.year
    ('preference', 2, 2026)
    """

    at: str
    learner: str
    kind: str
    data: Mapping[str, object] = field(hash=False)

    @property
    def when(self) -> datetime:
        """The moment as an aware `datetime` in UTC."""
        return datetime.fromisoformat(self.at)

    @classmethod
    def now(cls, learner: str, data: Mapping[str, object]) -> Event:
        """Stamp `data`, which :func:`checked` has seen, with the present time and a learner's code."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        return cls(moment.replace("+00:00", "Z"), learner, str(data["kind"]), MappingProxyType(dict(data)))

    @classmethod
    def parse(cls, line: bytes) -> Event:
        """Read one line of a record.

        Parameters
        ----------
        line : bytes
            UTF-8, without its line break.

        Raises
        ------
        Damaged
            The line is not JSON in UTF-8.
        NotAnEvent
            It is JSON, but not an event that this course wrote.
        """
        if len(line) > LONGEST_LINE:
            raise NotAnEvent("the line is longer than any event")
        try:
            values = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise Damaged("the line is not JSON in UTF-8") from error
        if not isinstance(values, dict):
            raise NotAnEvent("the line is not a JSON object")
        at, learner, version = (values.pop(name, None) for name in _OURS)
        if type(version) is not int or version < 1:
            raise NotAnEvent("the line carries no version")
        if version > VERSION:
            raise NotAnEvent("the line was written by a newer version of the course")
        if not (isinstance(learner, str) and CODE.fullmatch(learner)):
            raise NotAnEvent("the line carries no learner's code")
        if not (isinstance(at, str) and _is_moment(at)):
            raise NotAnEvent("the line carries no time")
        try:
            data = checked(values)
        except (TypeError, ValueError) as error:
            raise NotAnEvent("the line holds what no event holds") from error
        return cls(at, learner, str(data["kind"]), MappingProxyType(data))

    def line(self) -> bytes:
        """The event as one line of UTF-8, line break included; what a reader looks for first comes first."""
        values = {"at": self.at, "learner": self.learner, **self.data, "v": VERSION}
        first = {name: values.pop(name) for name in ("at", "learner", "kind")}
        text = json.dumps(first | values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8") + b"\n"


def checked(event: Mapping[str, object]) -> dict[str, object]:
    """Copy an event, having made sure that JSON gives back exactly what goes in.

    Parameters
    ----------
    event : Mapping[str, object]
        Must hold ``"kind"``: lower-case letters, digits, dot, dash and underscore. All else is the caller's.

    Returns
    -------
    dict[str, object]
        A copy that shares nothing with the original.

    Raises
    ------
    TypeError
        A value is no plain JSON value, or a key is no string.
    ValueError
        ``"kind"`` is missing or ill-formed, or a key is one that the record itself adds.

    Examples
    --------
    >>> checked({"kind": "trial.answer", "confidence": 80})
    {'kind': 'trial.answer', 'confidence': 80}
    >>> checked({"kind": "trial.answer", "pixels": {1, 2}})
    Traceback (most recent call last):
    ...
    TypeError: An event holds plain JSON values only, not set.
    """
    if not isinstance(event, Mapping):
        raise TypeError(f"An event is a mapping, not {type(event).__name__}.")
    copy = {_text(name): _plain(value, depth=0) for name, value in event.items()}
    kind = copy.get("kind")
    if not (isinstance(kind, str) and _KIND.fullmatch(kind)):
        raise InputError(f"An event needs a kind such as 'trial.answer', not {kind!r}.")
    if taken := [name for name in _OURS if name in copy]:
        raise InputError(f"The record adds {taken[0]!r} itself; leave it out of the event.")
    return copy


def _plain(value: object, depth: int) -> object:
    if depth > 8:
        raise TypeError("An event is nested too deeply: keep it flat.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise TypeError(f"An event holds finite numbers only, not {value!r}.")
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, Mapping):
        return {_text(name): _plain(each, depth + 1) for name, each in value.items()}
    raise TypeError(f"An event holds plain JSON values only, not {type(value).__name__}.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"The keys of an event are strings, not {type(value).__name__}.")
    if value.isascii():
        return str(value)
    # A browser can hand over half an emoji (a lone surrogate), which UTF-8 cannot hold. Losing that half is
    # better than losing the answer.
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_moment(text: str) -> bool:
    if len(text) > 32 or not text.endswith("Z") or "T" not in text:
        return False
    try:
        datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return False
    return True


def _refuse_constant(name: str) -> None:
    raise InputError(f"{name} is not JSON")
