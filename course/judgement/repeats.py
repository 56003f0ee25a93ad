"""When to ask an exit question again.

What one is tested on stays, and repeats that are spread out keep it longer. So each exit question comes back
one and two weeks after its lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

WEEK = timedelta(days=7)
SITTINGS = 3
"""At the lesson, one week after, two weeks after."""


def next_repeat(answered: Iterable[date]) -> date | None:
    """Day on which a question is due again.

    Answers less than a week after the last sitting belong to that sitting. Somebody who comes late is asked
    late, and again a week later.

    Parameters
    ----------
    answered : iterable of datetime.date or datetime.datetime
        When the question was answered, in any order.

    Returns
    -------
    datetime.date or None
        None when it was never answered, has been answered at all three sittings, or would be due after the year 9999.

    Examples
    --------
    >>> next_repeat([date(2026, 3, 2)])
    datetime.date(2026, 3, 9)
    >>> next_repeat([date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 17)]) is None
    True
    """
    # By calendar day: who answered on Monday afternoon may come back on Monday morning.
    days = sorted(date(day.year, day.month, day.day) for day in answered)
    sittings: list[date] = []
    for day in days:
        if not sittings or day - sittings[-1] >= WEEK:
            sittings.append(day)
    if not sittings or len(sittings) >= SITTINGS:
        return None
    try:
        return sittings[-1] + WEEK
    except OverflowError:  # the calendar ends before: a clock stood wrong, or a line was edited
        return None
