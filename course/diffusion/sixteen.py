"""A game of sixteen squares: which of them did a camera take?

Eight are cut from photographs and were held back when the denoiser learned; eight the denoiser makes. Rounds are
numbered, and the same number means the same squares for everybody: the pictures that were held back follow in one fixed
shuffle, and the noise follows in the order of its numbers. Nobody chose any by eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import comb
from random import Random
from typing import TYPE_CHECKING, Literal

from course.diffusion.crops import held_back
from course.diffusion.denoiser import LABELS, sample
from course.errors import InputError

if TYPE_CHECKING:
    import numpy as np

#: Squares from either side in one round.
EACH = 8
#: The noise of the generated squares is numbered on from here: beyond the numbers that come to mind first.
FIRST_NUMBER = 1001
ANSWER = "crops.answer"


@dataclass(frozen=True)
class Square:
    """One of the sixteen.

    Attributes
    ----------
    origin : {"camera", "generated"}
        Where it comes from.
    label : str
        What it shows, one of `course.diffusion.LABELS`.
    number : int
        The number of its noise, if it is generated; else its place among the pictures that were held back.
    """

    origin: Literal["camera", "generated"]
    label: str
    number: int

    def picture(self) -> np.ndarray:
        """Its pixels, (SIDE, SIDE, 3) uint8 RGB; a generated one is made now, in all its steps."""
        if self.origin == "generated":
            return sample(self.number, self.label).picture
        return held_back().pictures[self.number]


@dataclass(frozen=True)
class Outcome:
    """What a choice of squares came to.

    Attributes
    ----------
    believed, wrongly_accused : int
        Camera squares that were chosen as such, and those that were not.
    caught, missed : int
        Generated squares that were left, and those that were chosen as a camera's.
    """

    believed: int
    wrongly_accused: int
    caught: int
    missed: int

    @property
    def right(self) -> int:
        """Squares judged rightly."""
        return self.believed + self.caught

    @property
    def by_coin(self) -> float:
        """How likely it is to get at least as many right by tossing a coin for each square, 0 to 1.

        Examples
        --------
        >>> Outcome(believed=4, wrongly_accused=4, caught=6, missed=2).by_coin
        0.2272491455078125
        """
        total = self.right + self.wrongly_accused + self.missed
        return sum(comb(total, one) for one in range(self.right, total + 1)) / 2**total


def labels_of(round: int) -> tuple[str, ...]:
    """What the eight squares of either side show: each label once, and three of them in turn once more.

    Examples
    --------
    >>> Counter(labels_of(1)) == Counter(labels_of(6))
    True
    >>> labels_of(1)[5:], labels_of(2)[5:]
    (('sky', 'water', 'leaf'), ('petal', 'stone', 'sky'))
    """
    extra = EACH - len(LABELS)
    return LABELS + tuple(LABELS[(extra * (round - 1) + place) % len(LABELS)] for place in range(extra))


@cache
def rounds() -> int:
    """How many rounds there are before a picture that was held back would come again."""
    there = Counter(_held_labels())
    used: Counter[str] = Counter()
    for round in count(1):
        used.update(labels_of(round))
        if any(used[label] > there[label] for label in LABELS):
            return round - 1
    raise AssertionError("count() has no end")


def key(round: int) -> tuple[Square, ...]:
    """The sixteen squares of a round in the order in which they are shown: the answers.

    Parameters
    ----------
    round
        1 to `rounds()`.

    Raises
    ------
    ValueError
        There is no such round.

    Examples
    --------
    >>> squares = key(1)
    >>> sum(square.origin == "camera" for square in squares), len(squares)
    (8, 16)
    >>> sorted(square.number for square in squares if square.origin == "generated")
    [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008]
    """
    if not _is_count(round) or not 1 <= round <= rounds():
        raise InputError(f"The rounds are numbered from 1 to {rounds()}; there is no round {round!r}.")
    seen = Counter(label for earlier in range(1, round) for label in labels_of(earlier))
    squares = []
    for place, label in enumerate(labels_of(round)):
        squares.append(Square("generated", label, FIRST_NUMBER + EACH * (round - 1) + place))
        squares.append(Square("camera", label, _held_in_turn(label)[seen[label]]))
        seen[label] += 1
    Random(f"sixteen squares, round {round}").shuffle(squares)
    return tuple(squares)


class Sixteen:
    """The game: a round, the squares that the learner takes for a camera's, and what that came to.

    A round can be judged once. What was judged is saved before it is told.

    Parameters
    ----------
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind. The latest round that was judged is taken up; what makes no sense, or
        belongs to other squares than today's, is passed over.

    Examples
    --------
    >>> saved = []
    >>> game = Sixteen(saved.append)
    >>> camera = [place for place, square in enumerate(game.squares) if square.origin == "camera"]
    >>> game.check(camera[:6]).caught
    8
    >>> Sixteen(saved.append, past=saved).outcome.believed
    6
    """

    def __init__(
        self, save: Callable[[Mapping[str, object]], object], past: Iterable[Mapping[str, object]] = ()
    ) -> None:
        self._save = save
        self._round = 1
        self._picks: dict[int, tuple[int, ...]] = {}
        for event in past:
            if event.get("kind") == ANSWER:
                self._take_up(event)
        if self._picks:
            self._round = max(self._picks)

    @property
    def round(self) -> int:
        """The number of this round."""
        return self._round

    @property
    def squares(self) -> tuple[Square, ...]:
        """The squares of this round, with their truth."""
        return key(self._round)

    @property
    def judged(self) -> bool:
        """Whether this round has been judged."""
        return self._round in self._picks

    @property
    def last(self) -> bool:
        """Whether no other round follows."""
        return self._round == rounds()

    @property
    def picks(self) -> tuple[int, ...]:
        """The places, from 0, that were taken for a camera's; nothing before the round was judged."""
        return self._picks.get(self._round, ())

    @property
    def outcome(self) -> Outcome | None:
        """What the choice came to; None before the round was judged."""
        if not self.judged:
            return None
        picked = set(self.picks)
        counts = Counter((square.origin, place in picked) for place, square in enumerate(self.squares))
        return Outcome(
            believed=counts["camera", True],
            wrongly_accused=counts["camera", False],
            caught=counts["generated", False],
            missed=counts["generated", True],
        )

    def check(self, picks: object) -> Outcome:
        """Judge this round: those of `picks` a camera took, all others were generated.

        Parameters
        ----------
        picks : sequence of int
            Places from 0 to 15, each at most once; none at all is a judgement too.

        Raises
        ------
        ValueError
            The round has been judged, or `picks` is something else. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if self.judged:
            raise InputError("These sixteen have been judged. Take sixteen others.")
        if not _are_places(picks):
            raise InputError("Choose among the sixteen squares, each at most once.")
        picks = tuple(sorted(picks))
        self._save({"kind": ANSWER, "round": self._round, "picks": list(picks), "camera": _camera_places(self._round)})
        self._picks[self._round] = picks
        return self.outcome

    def again(self) -> None:
        """Go on to the next round.

        Raises
        ------
        ValueError
            This round has not been judged, or it is the last one.
        """
        if not self.judged:
            raise InputError("Check these sixteen first; then you can have others.")
        if self.last:
            raise InputError("There are no others: you have seen every picture that was held back.")
        self._round += 1

    def _take_up(self, event: Mapping[str, object]) -> None:
        round, picks = event.get("round"), event.get("picks")
        if not _is_count(round) or not 1 <= round <= rounds() or not _are_places(picks):
            return
        if event.get("camera") == _camera_places(round):
            self._picks.setdefault(round, tuple(sorted(picks)))


def _camera_places(round: int) -> list[int]:
    return [place for place, square in enumerate(key(round)) if square.origin == "camera"]


def _are_places(picks: object) -> bool:
    if not isinstance(picks, Sequence) or isinstance(picks, str | bytes):
        return False
    return all(_is_count(one) and one < 2 * EACH for one in picks) and len(set(picks)) == len(picks)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@cache
def _held_labels() -> tuple[str, ...]:
    return tuple(str(label) for label in held_back().labels)


@cache
def _held_in_turn(label: str) -> tuple[int, ...]:
    """Places of the pictures of a label, in one shuffle for all rounds: neighbours were cut from one photograph."""
    places = [place for place, one in enumerate(_held_labels()) if one == label]
    Random(f"held back, {label}").shuffle(places)
    return tuple(places)
