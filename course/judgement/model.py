"""What the models of this room share: they save before they move on, and tell whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

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
