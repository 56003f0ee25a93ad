"""Words that would give an origin away before anybody has looked.

A blind trial is worth nothing if a name or a description answers it. The pack's tests and a teacher's own sheet
hold to the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TELLING = frozenset(
    (
        *("ai", "generated", "generator", "model", "fake", "real", "rendered", "render", "glitch"),
        *("artificial", "synthetic", "impossible", "artifact", "artefact", "deepfake"),
        # True of one side only, these would soon be an answer.
        *("lens", "footage", "camera"),
    )
)
# Words that names of generators share with plain descriptions.
_PLAIN = frozenset(("image", "video", "flash", "draft", "diffusion", "stable", "large", "flow"))


def telling_words(text: str, generators: Iterable[str] = ()) -> list[str]:
    """Return the words of a name or description that give the origin away.

    Parameters
    ----------
    text : str
        An id, a text alternative, or both.
    generators : iterable of str
        Names of generators; their words of four or more letters count too.

    Returns
    -------
    list of str
        In small letters, in the order of the text, each once.

    Examples
    --------
    >>> telling_words("A real dog, no fake.")
    ['real', 'fake']
    >>> telling_words("A kling of bells", generators=["Kling 2.1"])
    ['kling']
    >>> telling_words("A dog runs over a wet lawn.", generators=["Kling 2.1"])
    []
    """
    names = {word for name in generators for word in re.findall(r"[a-z]{4,}", name.lower())} - _PLAIN
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [word for word in dict.fromkeys(found) if word in _TELLING or word in names]
