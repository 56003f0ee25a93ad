"""Dates that do not age: written relative to Y, the year in which this web lives, and worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from course.errors import InputError

_WRITTEN = re.compile(r"(?:Y(?:-(?P<back>\d{1,3}))?|(?P<year>\d{4}))-(?P<rest>\d\d-\d\d)(?:[ T](?P<time>\d\d:\d\d))?")
_TOKEN = re.compile(r"\{(?:Y(?:-(?P<back>\d{1,3}))?|date:(?P<date>[^{}\n]{1,30}))\}")

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Names of months, as this web writes them, whatever the language of the computer."""


@dataclass(frozen=True)
class Calendar:
    """The day on which this web is read.

    Attributes
    ----------
    today : datetime.date

    Examples
    --------
    >>> calendar = Calendar(date(2026, 5, 14))
    >>> calendar.moment("Y-3-11-02 18:20").isoformat()
    '2023-11-02T18:20:00'
    >>> calendar.expanded("Since {Y-88}; last seen {date:Y-05-13}.")
    'Since 1938; last seen 13 May 2026.'
    """

    today: date

    def moment(self, written: str) -> datetime:
        """Work out a date as it is written in a page: ``"Y-05-13 18:20"``, ``"Y-3-11-02"`` or ``"2026-05-13"``.

        Raises
        ------
        ValueError
            If it is not written so, or there is no such day.
        """
        found = _WRITTEN.fullmatch(str(written).strip())
        if found is None:
            raise InputError(f"write a date such as Y-05-13 or Y-3-11-02 18:20, not {written!r}")
        year = int(found["year"]) if found["year"] else self.today.year - int(found["back"] or 0)
        return datetime.fromisoformat(f"{year:04d}-{found['rest']}T{found['time'] or '00:00'}:00")

    def expanded(self, text: str) -> str:
        """Put years and dates in the place of ``{Y}``, ``{Y-3}`` and ``{date:Y-05-13}``.

        Raises
        ------
        ValueError
            If a ``{date:...}`` holds no date.
        """

        def put(found: re.Match[str]) -> str:
            if found["date"]:
                return shown(self.moment(found["date"]), clock=":" in found["date"])
            return str(self.today.year - int(found["back"] or 0))

        return _TOKEN.sub(put, text)


def shown(moment: datetime, clock: bool | None = None) -> str:
    """Write a moment as a reader sees it.

    Parameters
    ----------
    moment : datetime.datetime
    clock : bool, optional
        Whether the time of day follows; by default it does unless it is midnight, which stands for “not stated”.

    Examples
    --------
    >>> shown(datetime(2026, 5, 13, 18, 20)), shown(datetime(2026, 5, 3))
    ('13 May 2026, 18:20', '3 May 2026')
    """
    clock = (moment.hour, moment.minute) != (0, 0) if clock is None else clock
    # %d and %B depend on the system: one pads with a nought, the other speaks its language
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {moment:%H:%M}" if clock else day
