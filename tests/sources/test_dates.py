from __future__ import annotations

from datetime import date, datetime

import pytest

from course.sources.dates import Calendar, shown

CALENDAR = Calendar(date(2031, 5, 14))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Y-05-13", datetime(2031, 5, 13)),
        ("Y-05-13 18:20", datetime(2031, 5, 13, 18, 20)),
        ("Y-3-11-02", datetime(2028, 11, 2)),
        ("Y-88-03-01 07:05", datetime(1943, 3, 1, 7, 5)),
        ("2026-05-13", datetime(2026, 5, 13)),
    ],
)
def test_written_dates(written: str, meant: datetime) -> None:
    assert CALENDAR.moment(written) == meant


@pytest.mark.parametrize("written", ["", "yesterday", "Y", "Y-13-40", "Y-02-30", "Y-5-3", "Y-05-13 25:00"])
def test_what_is_no_date(written: str) -> None:
    with pytest.raises(ValueError):
        CALENDAR.moment(written)


def test_years_follow_today() -> None:
    assert (
        CALENDAR.expanded("{Y} {Y-3} {date:Y-05-03} {date:Y-1-12-24 18:00}")
        == "2031 2028 3 May 2031 24 December 2030, 18:00"
    )
    assert CALENDAR.expanded("{picture:a} {y} {Y+1} {}") == "{picture:a} {y} {Y+1} {}"
    with pytest.raises(ValueError):
        CALENDAR.expanded("{date:soon}")


def test_midnight_is_not_stated() -> None:
    assert shown(datetime(2026, 1, 9)) == "9 January 2026"
    assert shown(datetime(2026, 1, 9), clock=True) == "9 January 2026, 00:00"
