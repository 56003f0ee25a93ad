"""What somebody would have scored who judges by colour and movement alone, and looks at nothing else.

It stands beside a learner's own result: a result that is no better may come from the same shortcut. The rule is learned
from what lessons show openly, while the lesson runs. It is as plain as a rule of thumb: is this clip, by its colour and
its movement, nearer to the typical generated clip that lessons show, or to the typical one from a camera?
"""

from __future__ import annotations

import functools
import json
import math
import time
from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev

from course import judgement, media
from course.errors import CourseError
from course.lessons.lesson import free_items
from course.media.catalogue import data_folder

NUMBERS: dict[str, tuple[str, ...]] = {"clip": ("saturation", "motion"), "still": ("saturation",)}
"""What the rule looks at, by the names of `course.forensics.picture_numbers`."""

PATIENCE = 4.0
"""Seconds for measuring a teacher's own items; the rest is measured the next time."""


def sentence(names: Sequence[str], seconds: float = PATIENCE) -> str:
    """Say what the rule would have scored on a form, for a learner to read beside their own result.

    Parameters
    ----------
    names : sequence of str
        The items of the form.
    seconds : float
        How long to measure what has not been measured yet. The course's own forms take no time.

    Returns
    -------
    str
        Empty where it cannot be said: all items are of one origin, one of them cannot be opened, or it takes too long.

    Examples
    --------
    >>> sentence(["daffodil", "flower-shop"]).startswith("Whoever had judged by colour and movement alone")
    True
    >>> sentence([])
    ''
    """
    try:
        items = [media.catalogue()[name] for name in names if name in media.catalogue()]
        if len(items) < len(names) or len({item.origin for item in items}) < 2:
            return ""
        signal = shortcut_score(items, seconds)
    except CourseError:  # the trial itself says what is wrong with an item
        return ""
    if signal is None:
        return ""
    by = "colour and movement" if any(item.kind == "clip" for item in items) else "colour"
    right = signal.hits + signal.correct_rejections
    return f"Whoever had judged by {by} alone would have got {right} of {len(items)} right here."


def shortcut_score(items: Sequence[media.Item], seconds: float = math.inf) -> judgement.SignalDetection | None:
    """Judge items by colour and movement alone.

    Parameters
    ----------
    items : sequence of media.Item
        Of a form; clips and stills are judged by a rule each.
    seconds : float
        As for `sentence`.

    Returns
    -------
    SignalDetection or None
        None if it took too long.

    Raises
    ------
    media.MediaError
        If an item cannot be opened.
    """
    for kind in {item.kind for item in items}:
        _learned(kind)  # which is not what may take too long
    until = time.monotonic() + seconds
    counts = {(origin, called): 0 for origin in ("generated", "camera") for called in (True, False)}
    for item in items:
        if (numbers := _numbers(item, until)) is None:
            return None
        counts[item.origin, called_generated(numbers, item.kind)] += 1
    return judgement.SignalDetection(
        hits=counts["generated", True],
        misses=counts["generated", False],
        false_alarms=counts["camera", True],
        correct_rejections=counts["camera", False],
    )


def called_generated(numbers: Mapping[str, float], kind: str) -> bool:
    """What the rule says of an item.

    Parameters
    ----------
    numbers : mapping of str to float
        At least those of `NUMBERS`.
    kind : str
        ``"clip"`` or ``"still"``.

    Examples
    --------
    >>> called_generated({"saturation": 0.9, "motion": 12.0}, "clip"), called_generated({"saturation": 0.05}, "still")
    (True, False)
    """
    typical = _learned(kind)
    far = {
        origin: sum((_in_steps(numbers[name], name) - where[name]) ** 2 / spread[name] ** 2 for name in where)
        for origin, (where, spread) in typical.items()
    }
    return far["generated"] < far["camera"]


@functools.cache
def _learned(kind: str) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
    """Where the typical item of each origin lies, and how widely all of them are spread."""
    items = free_items(kind=kind, purpose="parity")
    rows = {item.id: _numbers(item, math.inf) or {} for item in items}
    values = {name: [_in_steps(row[name], name) for row in rows.values()] for name in NUMBERS[kind]}
    spread = {name: pstdev(all_of_it) or 1.0 for name, all_of_it in values.items()}
    return {
        origin: (
            {
                name: fmean(_in_steps(rows[item.id][name], name) for item in items if item.origin == origin)
                for name in NUMBERS[kind]
            },
            spread,
        )
        for origin in ("camera", "generated")
    }


def _in_steps(value: float, name: str) -> float:
    # From 1 to 2 pixels is as long a way as from 10 to 20, or one wild ride would move what is typical.
    return math.log1p(value) if name == "motion" else value


_measured: dict[tuple[str, str], dict[str, float]] = {}


def _numbers(item: media.Item, until: float) -> Mapping[str, float] | None:
    """Colour and movement of an item; None if there is no time left to measure them."""
    if item.registry != "own" and set(NUMBERS[item.kind]) <= set(written := _written().get(item.id, {})):
        return written
    # A crop or a start may change while the file stays as it is.
    key = (item.sha256, f"{getattr(item, 'crop', '')} {getattr(item, 'start', '')}")
    if key not in _measured:
        if item.registry == "own" and time.monotonic() > until:
            return None
        from course.forensics.picture_numbers import clip_numbers, still_numbers

        shown = media.load(item)
        _measured[key] = (
            clip_numbers(shown.frames, NUMBERS["clip"])
            if isinstance(shown, media.Clip)
            else still_numbers(shown.pixels, NUMBERS["still"])
        )
    return _measured[key]


@functools.cache
def _written() -> Mapping[str, Mapping[str, float]]:
    """What the choice of the forms wrote down of the shipped items; without the file all is measured anew."""
    try:
        found = json.loads((data_folder() / "forms" / "choosing" / "statistics.json").read_text(encoding="utf-8"))
        return {name: {key: float(value) for key, value in row.items()} for name, row in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
