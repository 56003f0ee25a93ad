"""What the models of this room share: they save before they move on, and tell whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, Self, runtime_checkable

from course.errors import InputError

Save = Callable[[Mapping[str, object]], object]
"""Takes one event and returns once it is safe; raises when it is not. What it returns is not used."""


class Observed:
    """Base of the models that views watch.

    Examples
    --------
    >>> class Counter(Observed):
    ...     def count(self):
    ...         self._changed()
    >>> counter = Counter()
    >>> shown = counter.observe(lambda model: print("changed"))
    >>> counter.count()
    changed
    >>> counter.unobserve(shown)
    >>> counter.count()
    """

    def __init__(self) -> None:
        self._observers: list[Callable[[Self], object]] = []

    def observe(self, callback: Callable[[Self], object]) -> Callable[[Self], object]:
        """Call `callback` with the model after each change, once what changed has been saved."""
        self._observers.append(callback)
        return callback

    def unobserve(self, callback: Callable[[Self], object]) -> None:
        """Stop calling `callback`; one that is not registered is passed over."""
        if callback in self._observers:
            self._observers.remove(callback)

    def _changed(self) -> None:
        for callback in tuple(self._observers):
            callback(self)


class Elsewhere(InputError):
    """The same thing was done in another window meanwhile. The model has taken that up, and nothing was saved."""


@runtime_checkable
class Shared(Protocol):
    """A record that other windows write to as well, as `course.record.Following` gives it."""

    def news(self) -> Iterable[Mapping[str, object]]:
        """The events that were not given before; at first all of them."""

    def alone(self) -> AbstractContextManager[object]:
        """Keep all others from writing for the length of a ``with`` block."""


Past = Iterable[Mapping[str, object]] | Shared
"""Events saved earlier: a list of them, or the record itself, which is looked at again before anything is saved."""


class Recorded(Observed):
    """Base of the models that look at the record again before they save.

    Two windows on one record are two models. Whoever is about to save first takes up what the other has saved, and
    may then find that there is nothing left to do: such a model raises `Elsewhere`. A subclass gives ``_take_up``,
    which holds one event of the past; to hold an event of its own for a second time must change nothing.
    """

    def __init__(self, save: Save, past: Past) -> None:
        super().__init__()
        self._save = save
        self._shared = past if isinstance(past, Shared) else None

    def _take_up(self, event: Mapping[str, object]) -> None:
        """Hold what an event says, or pass over it."""
        raise NotImplementedError

    def _begin_with(self, past: Past) -> None:
        """Take up all that was saved earlier."""
        for event in past.news() if isinstance(past, Shared) else past:
            self._take_up(event)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else writes in this block, and all that others have written is known in it."""
        if self._shared is None:
            yield
            return
        try:
            with self._shared.alone():
                self._begin_with(self._shared)
                yield
        except Elsewhere:
            self._changed()
            raise
