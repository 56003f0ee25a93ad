"""What can be pointed at in a picture: the families of cues, and each item with its marks, as lessons show them."""

from __future__ import annotations

import tomllib
from functools import cache

from course import media, ui
from course.media.catalogue import data_folder


@cache
def families() -> dict[str, dict[str, str]]:
    """The families of cues by key, from ``data/cues.toml``."""
    content = tomllib.loads((data_folder() / "cues.toml").read_text(encoding="utf-8"))
    return {one["key"]: one for one in content["family"]}


def family_title(key: str) -> str:
    """What a family is called on a page.

    Examples
    --------
    >>> family_title("anatomy"), family_title("time")
    ('Anatomy', 'Over time')
    """
    return families()[key]["title"] if key in families() else "Over time"


def told_of(name: str, only: str | None = None) -> ui.Told:
    """Where a picture comes from, and what can be pointed at in it.

    Parameters
    ----------
    name : str
        Of an item of the catalogue.
    only : str, optional
        One family; all of them by default.

    Examples
    --------
    >>> told_of("small-green-car").title
    'Made by a generator'
    """
    item = media.catalogue()[name]
    clip = item.kind == "clip" and only is None
    marks = tuple(
        ui.Mark(cue.region, f"{family_title(cue.family)}: {cue.reason}", cue.frames if clip else None)
        for cue in item.cues
        if only in (None, cue.family)
    )
    if item.origin == "generated":
        title = "Made by a generator"
        after = (item.nothing,) if item.nothing else ()
    else:
        title = "Recorded by a camera"
        after = (f"Why it is no mistake: {item.odd_reason}",) if item.odd_reason else ()
    if not marks and not after:
        after = ("There is nothing in it that we can point at.",)
    return ui.Told(item.origin, title, marks=marks, after=after, credit=item.credit)
