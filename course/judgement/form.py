"""A form of the blind trial: which items it shows, and in what order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from random import Random

from course.errors import InputError

LONGEST_RUN = 3
"""So many items of one origin, or of one kind, may follow each other."""


@dataclass(frozen=True)
class Form:
    """A named set of items.

    Attributes
    ----------
    name : str
        Short and lasting, for the record: ``"a"``.
    items : tuple of str
        Item identifiers of the catalogue, each once.
    title : str
        What a learner reads.
    made : datetime.date, optional
        When the form was made. It is never edited afterwards: a new one gets a new name.
    generators : tuple of str, optional
        The first and the last month of its generated items: ``("2025-03", "2026-08")``; a year where no month is known.
    held_back : tuple of str
        Those of its items whose generators nothing else in the course shows.

    Raises
    ------
    ValueError
        There are no items, one comes twice, or one is held back that is not there.

    Examples
    --------
    >>> Form(name="a", items=("one", "two"), title="Form A").items
    ('one', 'two')
    """

    name: str
    items: tuple[str, ...]
    title: str
    made: date | None = None
    generators: tuple[str, str] | None = None
    held_back: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.items:
            raise InputError(f"Form {self.name!r} has no items.")
        if strange := set(self.held_back) - set(self.items):
            raise InputError(f"Form {self.name!r} holds {min(strange)!r} back, which is none of its items.")
        if twice := [item for item, count in Counter(self.items).items() if count > 1]:
            raise InputError(f"Form {self.name!r} names {twice[0]!r} twice.")


def load_form(path: Path | str) -> Form:
    """Read a form from a TOML file with ``name``, ``title`` and ``items``, and perhaps the other fields of `Form`.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Form

    Raises
    ------
    ValueError
        The file is no TOML, or lacks a field, or has one too many. The message names the file.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.toml")
    ...     _ = path.write_text('name = "a"\\ntitle = "Form A"\\nitems = ["one", "two"]', encoding="utf-8")
    ...     load_form(path).title
    'Form A'
    """
    import tomllib  # 12 ms that only those who read a file pay

    path = Path(path)
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    needed, more = {"items", "name", "title"}, {"made", "generators", "held_back"}
    if not needed <= set(fields) <= needed | more:
        raise InputError(
            f"{path} must hold name, title and items, perhaps {', '.join(sorted(more))}, and nothing else."
        )
    name, title = fields["name"], fields["title"]
    if not (isinstance(name, str) and name and isinstance(title, str) and title):
        raise InputError(f"{path}: name and title must be text.")
    for key in ("items", "held_back"):
        if not (
            isinstance(found := fields.get(key, []), list) and all(isinstance(item, str) and item for item in found)
        ):
            raise InputError(f"{path}: {key} must be a list of item names.")
    made, months = fields.get("made"), fields.get("generators")
    if made is not None and type(made) is not date:
        raise InputError(f"{path}: made must be a date, as in made = 2026-12-01.")
    if months is not None and not _is_span(months):
        raise InputError(f'{path}: generators must be two months, the first and the last: ["2025-03", "2026-08"].')
    try:
        return Form(
            name,
            tuple(fields["items"]),
            title,
            made,
            None if months is None else (months[0], months[1]),
            tuple(fields.get("held_back", ())),
        )
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


def load_forms(folder: Path | str) -> tuple[Form, ...]:
    """Read all forms that lie in a folder, by name; not those of folders inside it.

    Parameters
    ----------
    folder : path
        With one TOML file for each form.

    Returns
    -------
    tuple of Form

    Examples
    --------
    >>> load_forms("no such folder")
    ()
    """
    return tuple(load_form(path) for path in sorted(Path(folder).glob("*.toml")))


def _is_span(months: object) -> bool:
    return (
        isinstance(months, list)
        and len(months) == 2
        and all(isinstance(one, str) and re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", one) for one in months)
    )


def balanced_order(
    items: Sequence[str], truth: Mapping[str, str], kinds: Mapping[str, str], seed: int
) -> tuple[str, ...]:
    """Shuffle items so that neither origins nor kinds come in long runs.

    At most three items of one origin follow each other, and at most three of one kind. Where the mix makes
    that impossible (twenty camera items to one generated), runs are as short as it allows, origins first.

    Parameters
    ----------
    items : sequence of str
        Item identifiers, each once.
    truth : mapping
        Origin of each item: ``"camera"`` or ``"generated"``.
    kinds : mapping
        Kind of each item: ``"clip"`` or ``"still"``, say.
    seed : int
        The same seed gives the same order on every system and with every version of Python: of the
        generator only ``Random(seed).random()`` is used, the one sequence that Python promises to keep.

    Returns
    -------
    tuple of str
        All items, in their new order. It does not depend on the order in which they came.

    Raises
    ------
    KeyError
        An item has no origin or no kind.

    Examples
    --------
    >>> truth = {"a": "camera", "b": "camera", "c": "generated", "d": "generated"}
    >>> kinds = {"a": "clip", "b": "still", "c": "clip", "d": "still"}
    >>> order = balanced_order("abcd", truth, kinds, seed=7)
    >>> sorted(order), order == balanced_order("dcba", truth, kinds, seed=7)
    (['a', 'b', 'c', 'd'], True)
    """
    draw = Random(seed).random
    pools: dict[tuple[str, str], list[str]] = {}
    for item in sorted(items):
        pools.setdefault((truth[item], kinds[item]), []).append(item)
    groups = sorted(pools)
    for group in groups:
        _shuffle(pools[group], draw)
    counts = [len(pools[group]) for group in groups]
    origin_limit = _shortest_run(Counter(truth[item] for item in items))
    for kind_limit in range(LONGEST_RUN, max(LONGEST_RUN, len(items)) + 1):
        pattern = _pattern(groups, counts, (origin_limit, kind_limit), draw)
        if pattern is not None:
            break
    return tuple(pools[groups[index]].pop() for index in pattern)


def _shortest_run(counts: Counter[str]) -> int:
    """The run that the commonest value cannot avoid when all others are spread between its items."""
    common = max(counts.values(), default=0)
    return max(LONGEST_RUN, ceil(common / (counts.total() - common + 1)))


def _pattern(
    groups: Sequence[tuple[str, str]], counts: list[int], limits: tuple[int, int], draw: Callable[[], float]
) -> list[int] | None:
    """Which group (origin, kind) stands at each position, or None where the limits allow no pattern.

    Positions are filled one after the other, each group with a chance that matches what is left of it, as in
    a plain shuffle; a step that leads nowhere is taken back.
    """
    pattern: list[int] = []
    dead: set[tuple[object, ...]] = set()

    def fill(runs: tuple[int, int]) -> bool:
        if not any(counts):
            return True
        last = groups[pattern[-1]] if pattern else None
        state = (*counts, last, runs)
        if state in dead:
            return False
        for index in _weighted_order(counts, draw):
            origin, kind = groups[index]
            origin_run = runs[0] + 1 if last and last[0] == origin else 1
            kind_run = runs[1] + 1 if last and last[1] == kind else 1
            if origin_run > limits[0] or kind_run > limits[1]:
                continue
            counts[index] -= 1
            pattern.append(index)
            if fill((origin_run, kind_run)):
                return True
            pattern.pop()
            counts[index] += 1
        dead.add(state)
        return False

    return pattern if fill((0, 0)) else None


def _weighted_order(counts: Sequence[int], draw: Callable[[], float]) -> list[int]:
    """Indices of what is left, each drawn with a chance that matches its count."""
    left = [index for index, count in enumerate(counts) if count]
    order = []
    while left:
        ticket = draw() * sum(counts[index] for index in left)
        for index in left:
            ticket -= counts[index]
            if ticket < 0:
                break
        order.append(index)
        left.remove(index)
    return order


def _shuffle(items: list[str], draw: Callable[[], float]) -> None:
    """Fisher and Yates's shuffle, written out because Python does not promise to keep its own."""
    for last in range(len(items) - 1, 0, -1):
        other = int(draw() * (last + 1))
        items[last], items[other] = items[other], items[last]
