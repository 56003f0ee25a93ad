from datetime import UTC, date, datetime

from course.judgement.repeats import next_repeat


def test_never_answered_is_never_due():
    assert next_repeat([]) is None


def test_one_week_after_then_two():
    first, second, third = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)
    assert next_repeat([first]) == second
    assert next_repeat([second, first]) == third
    assert next_repeat([first, third, second]) is None


def test_more_tries_at_one_sitting_are_one_sitting():
    days = [date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 8)]
    assert next_repeat(days) == date(2026, 3, 9)


def test_who_comes_late_is_asked_a_week_after_that():
    assert next_repeat([date(2026, 3, 2), date(2026, 4, 20)]) == date(2026, 4, 27)


def test_days_count_and_not_hours():
    afternoon = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    morning = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert next_repeat([afternoon, morning]) == date(2026, 3, 16)
