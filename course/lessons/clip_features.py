"""What the detector of lesson 4 may look at: plain numbers of a clip, from a few of its frames.

All of them are measured while the lesson runs, on the clips of the pack that no form of the blind trial needs unseen.
A clip is looked at in four places, two frames each: on our pack that puts the clips in nearly the same order as all
frames do, and takes a sixth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media
from course.lessons.lesson import free_items

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES = (0.1, 0.35, 0.6, 0.85)
"""Where a clip is looked at, in shares of its length."""


@dataclass(frozen=True)
class Feature:
    """One number of a picture or clip.

    Attributes
    ----------
    label : str
        What the learner reads.
    about : str
        What it is, in a few words.
    unit : str
        Empty for a pure number.
    digits : int
        Decimals to show.
    of_picture : callable or None
        Measures one picture, (H, W, 3) uint8. None for what needs two frames.
    """

    label: str
    about: str
    unit: str
    digits: int
    of_picture: Callable[[NDArray[np.uint8]], float] | None


FEATURES: dict[str, Feature] = {
    "colour": Feature("colour strength", "how far from grey", "", 2, forensics.saturation),
    "movement": Feature("movement", "how far things move per frame", "pixels", 1, None),
    "brightness": Feature("brightness", "how light the picture is", "grey levels", 0, forensics.mean_luma),
    "sharpness": Feature("sharpness", "how hard the edges are", "grey levels", 1, forensics.sharpness),
    "detail": Feature("fine detail", "what is finer than four pixels", "", 4, forensics.high_frequency_share),
    "grain": Feature("grain", "the finest speckle", "grey levels", 2, forensics.noise_level),
    "blocks": Feature("block edges", "the grid that saving leaves", "", 2, forensics.blockiness),
}

Change = Callable[["NDArray[np.uint8]"], "NDArray[np.uint8]"]


def measure(pairs: NDArray[np.uint8], features: Sequence[str] = tuple(FEATURES)) -> dict[str, float]:
    """Some features of a clip, from pairs of neighbouring frames.

    Parameters
    ----------
    pairs : ndarray of uint8, shape (N, 2, H, W, 3)
        As `pairs_of` gives them; for a still (1, 1, H, W, 3).
    features : sequence of str
        Keys of `FEATURES`.

    Returns
    -------
    dict of str to float
        Means over the pairs; of pictures the first of each pair is measured.
    """
    return {key: float(np.mean([_one(key, pair) for pair in pairs])) for key in features}


def _one(key: str, pair: NDArray[np.uint8]) -> float:
    of_picture = FEATURES[key].of_picture
    return float(forensics.optical_flow(pair).speed.mean()) if of_picture is None else float(of_picture(pair[0]))


def pairs_of(picture: media.Clip | media.Still) -> NDArray[np.uint8]:
    """The frames that are looked at, two by two: (4, 2, H, W, 3) of a clip, (1, 1, H, W, 3) of a still."""
    if isinstance(picture, media.Still):
        return picture.pixels[None, None]
    last = len(picture.frames) - 2
    starts = [round(share * last) for share in PLACES]
    return np.stack([picture.frames[start : start + 2] for start in starts])


def changed(pairs: NDArray[np.uint8], change: Change) -> NDArray[np.uint8]:
    """The same frames after something has been done to each."""
    return np.stack([np.stack([change(frame) for frame in pair]) for pair in pairs])


def source(item: media.Item) -> str:
    """What a fair exam keeps together: the package of a camera item, the family of a generator.

    A family is the first word of the name: all versions of Wan are one.

    Examples
    --------
    >>> source(media.catalogue()["snow-fox"]), source(media.catalogue()["beak-close"])
    ('Wan', 'python3-imageio')
    """
    return re.split(r"[ .\-\d]", item.generator)[0] if item.generator else item.package


def table(kind: str = "clip", features: Sequence[str] = tuple(FEATURES)) -> judgement.Table:
    """All free items of a kind, measured now."""
    items = free_items(kind=kind, purpose="parity")
    # Two at a time: decoding and OpenCV leave the interpreter free.
    with ThreadPoolExecutor(2) as two:
        values = list(two.map(lambda item: measure(_pairs(item), features), items))
    return judgement.Table(
        items=tuple(item.id for item in items),
        generated=tuple(item.origin == "generated" for item in items),
        sources=tuple(source(item) for item in items),
        features=tuple(features),
        values=tuple(tuple(row[key] for key in features) for row in values),
    )


def remeasured(of: judgement.Table, change: Change, side: str, features: Sequence[str]) -> judgement.Table:
    """The same clips with some features measured after a change.

    Parameters
    ----------
    of : Table
        Clips of the pack.
    change : callable
        What is done to each frame.
    side : {"camera", "generated", "both"}
        Whose clips are changed.
    features : sequence of str
        What is measured anew; the rest keeps its values.
    """
    items = [
        item
        for item in free_items(kind="clip", purpose="parity")
        if item.id in of.items and side in (item.origin, "both")
    ]
    with ThreadPoolExecutor(2) as two:
        values = two.map(lambda item: measure(changed(_pairs(item), change), features), items)
        rows: Mapping[str, Mapping[str, float]] = {item.id: row for item, row in zip(items, values, strict=True)}
    return of.changed(rows)


_kept: dict[str, NDArray[np.uint8]] = {}


def _pairs(item: media.Item) -> NDArray[np.uint8]:
    """The frames of a clip are kept, 1.6 MB each, because the attacks of the lesson need them again and again."""
    if item.kind == "still":
        return pairs_of(media.load(item))
    if item.sha256 not in _kept:
        _kept[item.sha256] = pairs_of(media.load(item))
    return _kept[item.sha256]
