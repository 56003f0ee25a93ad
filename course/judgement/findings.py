"""Findings and what they show: for each, what follows from it and what does not, with a reply to every choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Observed, Save
from course.judgement.question import Option

CHECKED = "findings.check"
SIDES = ("shows", "open")


@dataclass(frozen=True)
class Finding:
    """Something found in a file.

    Attributes
    ----------
    key : str
        Short and lasting, for the record.
    text : str
        What was found.
    shows : tuple of Option
        Statements, one of which it shows.
    open : tuple of Option
        Statements, one of which it does not show.
    """

    key: str
    text: str
    shows: tuple[Option, ...]
    open: tuple[Option, ...]


@dataclass(frozen=True)
class Findings:
    """A table of findings, to be filled.

    Raises
    ------
    ValueError
        The table cannot be filled like this; the message names it.
    """

    id: str
    prompt: str
    closing: str
    rows: tuple[Finding, ...]

    def __post_init__(self) -> None:
        if not self.rows or len({row.key for row in self.rows}) != len(self.rows):
            raise InputError(f"Findings {self.id!r} need rows, each with a key of its own.")
        for row in self.rows:
            for side in SIDES:
                options: tuple[Option, ...] = getattr(row, side)
                if len(options) < 2 or sum(option.right for option in options) != 1:
                    raise InputError(f"Findings {self.id!r}, {row.key!r}: {side!r} needs options, one of them right.")
                if not all(option.text.strip() and option.feedback.strip() for option in options):
                    raise InputError(f"Findings {self.id!r}, {row.key!r}: an option has no text or no feedback.")


def load_findings(path: Path | str) -> dict[str, Findings]:
    """Read tables of findings from a TOML file.

    Parameters
    ----------
    path : path
        A file of ``[[findings]]`` with ``id``, ``prompt``, ``closing`` and ``[[findings.row]]``; each row has ``key``,
        ``text`` and the lists ``shows`` and ``open`` of ``text``, ``feedback`` and, for one of them, ``right = true``.

    Raises
    ------
    ValueError
        The file is no TOML, or a table is malformed. The message names the file.
    OSError
        The file cannot be read.
    """
    import tomllib  # only those who read a file pay for it

    path = Path(path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["findings"]
        every = [
            Findings(
                table["id"],
                table["prompt"],
                table["closing"],
                tuple(
                    Finding(row["key"], row["text"], *(tuple(Option(**one) for one in row[side]) for side in SIDES))
                    for row in table["row"]
                ),
            )
            for table in tables
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} must hold [[findings]] tables with rows: {error}") from error
    return {one.id: one for one in every}


@dataclass(frozen=True)
class Checked:
    """The reply to a filled row."""

    shows: int
    open: int
    feedback_shows: str
    feedback_open: str
    right_shows: bool
    right_open: bool

    @property
    def right(self) -> bool:
        """Whether both are."""
        return self.right_shows and self.right_open


class FindingsState(Observed):
    """What a learner has filled in.

    Parameters
    ----------
    findings : Findings
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind; what belongs to another wording is passed over.

    Examples
    --------
    >>> yes, no = Option("A clock said so", "Yes.", True), Option("It was noon", "A clock can be wrong.")
    >>> row = Finding("date", "A date", (yes, no), (no, Option("It was a clock of a camera", "Yes.", True)))
    >>> table = Findings("t", "Fill it.", "Done.", (row,))
    >>> saved = []
    >>> state = FindingsState(table, saved.append)
    >>> state.check("date", 1, 1).right, state.check("date", 0, 1).right, state.complete
    (False, True, True)
    >>> FindingsState(table, saved.append, past=saved).complete
    True
    """

    def __init__(self, findings: Findings, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.findings = findings
        self._save = save
        self._rows = {row.key: row for row in findings.rows}
        self._filled: dict[str, Checked] = {}
        self._solved: set[str] = set()
        for event in past:
            if event.get("kind") != CHECKED or event.get("findings") != findings.id:
                continue
            row = self._rows.get(event.get("row")) if isinstance(event.get("row"), str) else None
            if row is None or not all(_is_index(event.get(side), len(getattr(row, side))) for side in SIDES):
                continue
            reply = _reply(row, event["shows"], event["open"])
            if reply.right is event.get("right"):  # otherwise the options have been put in another order since
                self._take(row.key, reply)

    @property
    def filled(self) -> Mapping[str, Checked]:
        """The last reply, by the row's key."""
        return dict(self._filled)

    @property
    def solved(self) -> frozenset[str]:
        """Keys of the rows that were once filled rightly."""
        return frozenset(self._solved)

    @property
    def complete(self) -> bool:
        """Whether all rows were once filled rightly."""
        return len(self._solved) == len(self._rows)

    def check(self, row: object, shows: object, open: object) -> Checked:
        """Fill a row: save it, then reply.

        Parameters
        ----------
        row : str
            Its key.
        shows, open : int
            Options, from 0.

        Raises
        ------
        ValueError
            There is no such row or option. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        found = self._rows.get(row) if isinstance(row, str) else None
        if found is None:
            raise InputError("There is no such row in the table.")
        for side, index in zip(SIDES, (shows, open), strict=True):
            if not _is_index(index, len(getattr(found, side))):
                raise InputError("Choose a sentence on both sides of the row first.")
        reply = _reply(found, shows, open)
        self._save(
            {
                "kind": CHECKED,
                "findings": self.findings.id,
                "row": found.key,
                "shows": shows,
                "open": open,
                "right": reply.right,
                "rows": len(self._rows),
            }
        )
        self._take(found.key, reply)
        self._changed()
        return reply

    def _take(self, key: str, reply: Checked) -> None:
        self._filled[key] = reply
        if reply.right:
            self._solved.add(key)


def _reply(row: Finding, shows: int, open: int) -> Checked:
    one, two = row.shows[shows], row.open[open]
    return Checked(shows, open, one.feedback, two.feedback, one.right, two.right)


def _is_index(value: object, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count
