"""Something a learner writes in their own words, and a checklist they hold it against. Nobody grades it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Observed, Save

KEPT = "writing.text"

LONGEST = 2000
"""Characters: a paragraph or two."""


@dataclass(frozen=True)
class Writing:
    """What to write, and what a good piece of it holds.

    Attributes
    ----------
    id : str
        Short and lasting, for the record.
    prompt : str
        What is asked for.
    checklist : tuple of str
        Two or more things to hold one's own text against.
    example : str
        A piece that holds all of them, shown once the learner has written.

    Raises
    ------
    ValueError
        A text is missing.
    """

    id: str
    prompt: str
    checklist: tuple[str, ...]
    example: str

    def __post_init__(self) -> None:
        texts = (self.id, self.prompt, self.example, *self.checklist)
        if len(self.checklist) < 2 or not all(isinstance(text, str) and text.strip() for text in texts):
            raise InputError(f"Writing {self.id!r} needs a prompt, an example and two things or more on its checklist.")


def load_writings(path: Path | str) -> dict[str, Writing]:
    """Read what there is to write from a TOML file of ``[[writing]]`` tables.

    Raises
    ------
    ValueError
        The file is no TOML, or an entry is malformed. The message names the file.
    OSError
        The file cannot be read.
    """
    import tomllib  # only those who read a file pay for it

    path = Path(path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["writing"]
        every = [Writing(**{**table, "checklist": tuple(table["checklist"])}) for table in tables]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} must hold [[writing]] tables with id, prompt, checklist and example: {error}"
        ) from error
    return {one.id: one for one in every}


class WritingState(Observed):
    """What a learner has written and ticked.

    Parameters
    ----------
    writing : Writing
        What is asked for.
    save : callable
        Takes one event and returns once it is safe; it raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind. What makes no sense is passed over.

    Examples
    --------
    >>> writing = Writing("limit", "Write one limit.", ("what was measured", "on which data"), "Like this.")
    >>> saved = []
    >>> state = WritingState(writing, saved.append)
    >>> state.keep("It measures colour.", [0])
    >>> WritingState(writing, saved.append, past=saved).ticks
    (0,)
    """

    def __init__(self, writing: Writing, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.writing = writing
        self.text = ""
        self.ticks: tuple[int, ...] = ()
        self._save = save
        for event in past:
            if event.get("kind") != KEPT or event.get("writing") != writing.id:
                continue
            if self._is_text(event.get("text")) and self._are_ticks(event.get("ticks")):
                self.text, self.ticks = event["text"], tuple(event["ticks"])

    @property
    def written(self) -> bool:
        """Whether something has been written."""
        return bool(self.text)

    def keep(self, text: str, ticks: Iterable[int] = ()) -> None:
        """Save a text with what was ticked, then hold both.

        Raises
        ------
        ValueError
            The text is empty, too long or no text, or a tick is of nothing on the list. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        ticks = list(ticks) if isinstance(ticks, list | tuple) else ticks
        if not isinstance(text, str) or not text.strip():
            raise InputError("Write a sentence first.")
        if len(text) > LONGEST:
            raise InputError(f"That is {len(text):,} characters. Say it in {LONGEST:,}: short is what people read.")
        if not self._are_ticks(ticks):
            raise InputError("Tick what is on the list.")
        self._save({"kind": KEPT, "writing": self.writing.id, "text": text, "ticks": sorted(ticks)})
        self.text, self.ticks = text, tuple(sorted(ticks))
        self._changed()

    def _is_text(self, text: object) -> bool:
        return isinstance(text, str) and bool(text.strip()) and len(text) <= LONGEST

    def _are_ticks(self, ticks: object) -> bool:
        count = len(self.writing.checklist)
        return (
            isinstance(ticks, list | tuple)
            and all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < count for one in ticks)
            and len(set(ticks)) == len(ticks)
        )
