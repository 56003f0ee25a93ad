"""Next moves: which checks outside the frame a learner would make, in what order, and what each can settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Observed, Save

RANKED = "moves.rank"


@dataclass(frozen=True)
class Move:
    """One check: what one would do, what it can settle, and what stays open after it."""

    text: str
    settles: str
    open: str


@dataclass(frozen=True)
class Moves:
    """A situation and the checks to choose from.

    Attributes
    ----------
    id : str
        Short and lasting, for the record.
    prompt : str
        The situation and the question.
    options : tuple of Move
        Two or more.
    most : int
        How many may be chosen.
    closing : str
        What is said once an order is given. No order is wrong; some are slower.
    """

    id: str
    prompt: str
    options: tuple[Move, ...]
    most: int
    closing: str

    def __post_init__(self) -> None:
        if len(self.options) < 2 or not 1 <= self.most <= len(self.options):
            raise InputError(f"Moves {self.id!r} need two options or more, and `most` between 1 and their number.")
        texts = (
            self.prompt,
            self.closing,
            *(part for one in self.options for part in (one.text, one.settles, one.open)),
        )
        if not all(text.strip() for text in texts):
            raise InputError(f"Moves {self.id!r} have an empty text.")


def load_moves(path: Path | str) -> dict[str, Moves]:
    """Read situations from a TOML file of ``[[moves]]`` tables.

    Raises
    ------
    ValueError
        The file is no TOML, or a situation is malformed. The message names the file.
    OSError
        The file cannot be read.
    """
    import tomllib  # only those who read a file pay for it

    path = Path(path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["moves"]
        every = [
            Moves(**{**table, "options": tuple(Move(**option) for option in table["options"])}) for table in tables
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} must hold [[moves]] tables with id, prompt, most, closing and options: {error}"
        ) from error
    return {one.id: one for one in every}


class MovesState(Observed):
    """The order a learner has given.

    Parameters
    ----------
    moves : Moves
        The situation.
    save : callable
        Takes one event and returns once it is safe.
    past : iterable of mapping
        Events saved earlier, of any kind.

    Examples
    --------
    >>> moves = Moves("flood", "What next?", (Move("A", "a", "b"), Move("B", "c", "d")), 1, "Both are fine.")
    >>> saved = []
    >>> state = MovesState(moves, saved.append)
    >>> state.rank([1])
    >>> state.order, saved[0]["kind"]
    ((1,), 'moves.rank')
    >>> MovesState(moves, saved.append, past=saved).order
    (1,)
    """

    def __init__(self, moves: Moves, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.moves = moves
        self._save = save
        self.order: tuple[int, ...] = ()
        for event in past:
            if event.get("kind") == RANKED and event.get("moves") == moves.id and self._is_order(event.get("order")):
                self.order = tuple(event["order"])

    def rank(self, order: Iterable[int]) -> None:
        """Give an order: save it, then hold it.

        Raises
        ------
        ValueError
            Not an order of one to ``most`` different options. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        order = list(order) if isinstance(order, Iterable) else order
        if not self._is_order(order):
            raise InputError(f"Choose between one and {self.moves.most} different things to check.")
        self._save({"kind": RANKED, "moves": self.moves.id, "order": order})
        self.order = tuple(order)
        self._changed()

    def _is_order(self, order: object) -> bool:
        count = len(self.moves.options)
        return (
            isinstance(order, list)
            and 1 <= len(order) <= self.moves.most
            and all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < count for one in order)
            and len(set(order)) == len(order)
        )
