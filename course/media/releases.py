"""Which release of a generator made a picture: its name and version, without sizes, speeds and special models."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.media.catalogue import Item

# What a maker sells beside each other under one version: a tier, a speed, a draft, a fine-tune, stills beside clips.
_VARIANTS = {
    "base",
    "canny",
    "draft",
    "fast",
    "distilled",
    "flash",
    "image",
    "krea",
    "large",
    "lite",
    "max",
    "mini",
    "pro",
    "turbo",
    "ultra",
    "vace",
    "video",
}
_SIZE = re.compile(r"\d+(\.\d+)?[bB]")
# Names that hide what the rule above goes by.
_OTHERWISE = {"FastH3": "MiniMax H3", "SDXL 1.0": "SDXL", "Stable": "Stable Image"}


def release(generator: str) -> str:
    """Name the release that a generator belongs to.

    Two pictures of one release are pictures of one family to whoever looks for its habits. What stands in brackets is
    left out, and so are words at the end that only say how large, how fast or for what: what is left is a name and its
    version.

    Parameters
    ----------
    generator : str
        As the catalogue names it.

    Returns
    -------
    str

    Examples
    --------
    >>> release("Wan 2.2 (14B)"), release("Wan 2.2 (5B)"), release("Wan 2.5")
    ('Wan 2.2', 'Wan 2.2', 'Wan 2.5')
    >>> release("FLUX.1 Krea [dev]"), release("Z-Image-Turbo"), release("FastH3 (MiniMax H3)")
    ('FLUX.1', 'Z-Image', 'MiniMax H3')
    """
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]|,", " ", generator)
    words = re.sub(r"-Turbo\b", "", bare).split()
    while len(words) > 1 and (words[-1].lower() in _VARIANTS or _SIZE.fullmatch(words[-1])):
        words.pop()
    name = " ".join(words)
    return _OTHERWISE.get(name, name)


def first_months(items: Iterable[Item]) -> dict[str, str]:
    """Since when there are pictures of each release, as far as some items tell: month, or year where no month is known.

    Examples
    --------
    >>> from course import media
    >>> first_months(media.catalogue().values())["Wan 2.1"]
    '2025-03'
    """
    found: dict[str, str] = {}
    for item in items:
        if item.generator and item.generated_on:
            name = release(item.generator)
            found[name] = min(found.get(name, item.generated_on), item.generated_on)
    return found
