"""A file of the learner's own on its way from the page to the kernel, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PIECE = 2_000_000
"""In bytes: what goes through the connection at once, in either direction; ``parts.js`` has the same number."""

LARGEST = 64_000_000
"""In bytes: what may be opened. The page says so before it sends anything."""


class Upload:
    """Puts the pieces together; the connection carries at most 10 million bytes at once.

    Parameters
    ----------
    largest : int
        In bytes. What is larger is not waited for to its end.

    Examples
    --------
    >>> upload = Upload()
    >>> upload.take({"start": 0, "size": 5}, [b"abc"]) is None
    True
    >>> upload.take({"start": 3, "size": 5}, [b"de"])
    b'abcde'
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._arrived = bytearray()

    def take(self, message: Mapping[str, Any], buffers: Iterable[bytes]) -> bytes | None:
        """Take one message with its pieces. Returns the whole file, or None while something is missing."""
        if message.get("start") == 0:
            self._arrived = bytearray()
        for piece in buffers:
            self._arrived += piece
        size = message.get("size")
        if isinstance(size, int) and len(self._arrived) < min(size, self._largest + 1):
            return None
        data, self._arrived = bytes(self._arrived), bytearray()
        return data
