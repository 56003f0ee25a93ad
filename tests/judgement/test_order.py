"""Which form comes first: drawn by the record's code, and kept by what was begun."""

import pytest

from course.judgement import order_of_forms
from course.judgement.order import BALANCED, EARLIER, LATER
from course.record.code import new_code

BEGUN = {"attempt": 1, "seed": 7}
ANSWERED = {"item": "one", "verdict": "camera", "confidence": 80, "next_check": ""}


def test_half_of_all_codes_begin_with_either_form():
    orders = [order_of_forms(new_code()) for _ in range(2000)]
    first = sum(order.first == "a2" for order in orders)
    assert 0.45 * 2000 < first < 0.55 * 2000
    assert {(order.second, order.third) for order in orders if order.first == "a2"} == {("b2", "c2")}
    assert {(order.second, order.third) for order in orders if order.first == "b2"} == {("a2", "c2")}


@pytest.mark.parametrize(
    ("code", "first"),
    [("heron-4821-birch", "a2"), ("otter-1234-oak", "a2"), ("", "b2"), ("x" * 5000, "b2"), ("\ud83d", "b2")],
)
def test_a_code_gives_the_same_order_on_every_system(code, first):
    assert order_of_forms(code).first == first


@pytest.mark.parametrize("code", ["heron-4821-birch", "otter-1234-oak"])
@pytest.mark.parametrize("begun", [*BALANCED, *EARLIER])
@pytest.mark.parametrize("kind", ["trial.begin", "trial.answer"])
def test_what_was_begun_first_stays_first(code, begun, kind):
    drawn = order_of_forms(code)
    later = {"kind": "trial.begin", "form": "b2", **BEGUN}
    order = order_of_forms(code, [{"kind": kind, "form": begun, **BEGUN, **ANSWERED}, later])
    assert order.first == begun
    # Whoever took an earlier form goes on with the one that the code draws.
    assert order.second == (drawn.first if begun in EARLIER else {"a2": "b2", "b2": "a2"}[begun])
    assert order.third == LATER


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"kind": "trial.begin", **BEGUN},
        {"kind": "trial.begin", "form": None, **BEGUN},
        {"kind": "trial.begin", "form": ["b2"], **BEGUN},
        {"kind": "trial.begin", "form": "own", **BEGUN},
        {"kind": "trial.begin", "form": "c2", **BEGUN},
        {"kind": "trial.begin", "form": "B2", **BEGUN},
        {"kind": "trial.pause", "form": "b2", **BEGUN},
        {"kind": "trial.guess", "form": "b2", "right": 18},
        {"kind": "question.answer", "form": "b2", **BEGUN},
        {"kind": 3, "form": "b2", **BEGUN},
        # What a trial cannot go on with, it has not begun.
        {"kind": "trial.begin", "form": "a"},
        {"kind": "trial.begin", "form": "a", "attempt": 1},
        {"kind": "trial.begin", "form": "a", "attempt": "one", "seed": 7},
        {"kind": "trial.begin", "form": "a", "attempt": 1, "seed": 10**300},
        {"kind": "trial.begin", "form": "a", "attempt": True, "seed": -7},
        {"kind": "trial.answer", "form": "a", **BEGUN},
        {"kind": "trial.answer", "form": "a", **BEGUN, **ANSWERED, "verdict": "perhaps"},
        {"kind": "trial.answer", "form": "a", **BEGUN, **ANSWERED, "confidence": 700},
    ],
)
def test_what_says_nothing_of_a_first_trial_is_passed_over(line):
    for code in ("heron-4821-birch", "heron-2-birch"):
        assert order_of_forms(code, [line]) == order_of_forms(code)


def test_both_orders_are_among_the_codes_of_the_test_above():
    assert {order_of_forms(code).first for code in ("heron-4821-birch", "heron-2-birch")} == set(BALANCED)
