"""What stands between the brackets of a lesson's box, and a sentence when it does not fit.

A learner changes one obvious number or name in a box. The commonest slips are an argument that was deleted, misspelt
or cut in two by a decimal comma; Python's own words for them are for programmers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from course.errors import InputError


def check_arguments(function: Callable[..., object], given: tuple[object, ...], named: Mapping[str, object]) -> None:
    """Look whether what was written between the brackets is what a function takes.

    Parameters
    ----------
    function : callable
        What is called.
    given : tuple
        The values without a name.
    named : mapping
        The values with a name.

    Raises
    ------
    InputError
        One is missing, misspelt or too many. The message says which, and what would fit.

    Examples
    --------
    >>> def four_outcomes(caught, wrongly_accused): ...
    >>> check_arguments(four_outcomes, (), {"caught": 11, "wrongly_acused": 7})
    Traceback (most recent call last):
    course.errors.InputError: “wrongly_acused” is not known to four_outcomes. Did you mean “wrongly_accused”?
    """
    known = dict(inspect.signature(function).parameters)
    try:
        inspect.signature(function).bind(*given, **named)
    except TypeError:
        if known.pop("self", None):  # a part that all lessons share: nobody wrote that one
            given = given[1:]
        raise InputError(_misfit(function.__name__, known, given, named)) from None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that offers the nearest of some names, or nothing where none is near.

    Examples
    --------
    >>> did_you_mean("hok", ["hook", "trial"])
    'Did you mean “hook”?'
    >>> did_you_mean("zebra", ["hook", "trial"])
    ''
    """
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else ""


def _misfit(
    name: str,
    known: Mapping[str, inspect.Parameter],
    given: tuple[object, ...],
    named: Mapping[str, object],
) -> str:
    strange = next((one for one in named if one not in known), None)
    if strange is not None:
        near = did_you_mean(strange, [one for one in known if one not in named])
        return f"“{strange}” is not known to {name}. {near or _takes(name, known)}"
    if len(given) > len(known):
        if not known:
            return f"Nothing goes between the brackets of {name}: write lesson.{name}()"
        return (
            f"{name} takes {_count(len(known))}, and there are {len(given)}. {_takes(name, known)} A number with "
            "decimals is written with a point, as in 1.3, and a word stands between quotation marks."
        )
    places = list(known)
    twice = next((one for one in places[: len(given)] if one in named), None)
    if twice is not None:
        return f"“{twice}” is given twice to {name}: write it once."
    missing = [
        one
        for place, (one, parameter) in enumerate(known.items())
        if parameter.default is parameter.empty and place >= len(given) and one not in named
    ]
    if len(known) == 1:
        return f"{name} needs something between its brackets, as this page had it: lesson.{name}({missing[0]}=...)"
    return f"{name} needs a value for {' and '.join(f'“{one}”' for one in missing)}. {_takes(name, known)}"


def _count(number: int) -> str:
    return "one value" if number == 1 else f"{number} values"


def _takes(name: str, known: Mapping[str, inspect.Parameter]) -> str:
    if not known:
        return f"Nothing goes between its brackets: write lesson.{name}()"
    return f"In full it reads lesson.{name}({', '.join(f'{one}=...' for one in known)})."
