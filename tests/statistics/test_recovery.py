"""A known gain is found again by the balanced design, and where all begin with one form it is not."""

import numpy as np
import pytest

from course.errors import InputError
from course.statistics import Population
from course.statistics.recovery import Recovery, recover_class, recover_learner

RUNS = 2000
ALIKE = Population()
UNEQUAL = Population(form_difference=0.4)


@pytest.mark.parametrize("population", [ALIKE, UNEQUAL], ids=["forms alike", "form B easier by .4"])
def test_the_balanced_design_holds_a_known_gain_in_95_of_100_classes_of_30(population):
    found = recover_class(population, 30, RUNS, seed=21)
    assert found.runs == RUNS
    assert 0.93 <= found.coverage <= 0.97
    # And it finds the gain itself, without a lean.
    assert abs(found.bias) < 0.015


def test_everybody_in_one_order_is_shown_to_fail():
    plain = recover_class(UNEQUAL, 30, RUNS, seed=22, design="a_first", items_drawn=False)
    assert plain.coverage < 0.45 and plain.bias == pytest.approx(0.4, abs=0.03)
    # Forms that differ by chance alone are enough to make it fail.
    assert recover_class(ALIKE, 30, RUNS, seed=22, design="a_first", items_drawn=False).coverage < 0.65
    # To mind the items helps against chance, and not against a form that is easier.
    minding = recover_class(UNEQUAL, 30, RUNS, seed=22, design="a_first")
    assert recover_class(ALIKE, 30, RUNS, seed=22, design="a_first").coverage > 0.93 > 0.87 > minding.coverage
    assert minding.bias == pytest.approx(0.4, abs=0.03)


def test_more_learners_do_not_mend_the_order():
    assert recover_class(UNEQUAL, 200, 300, seed=23, design="a_first", items_drawn=False).coverage < 0.25


@pytest.mark.parametrize("kind", [None, "clip", "still"])
def test_one_learner_s_interval_holds_the_true_change(kind):
    found = recover_learner(ALIKE, 3 * RUNS if kind is None else RUNS, seed=24, kind=kind)
    # With few items it errs on the careful side.
    assert 0.93 <= found.coverage <= (0.97 if kind is None else 0.99)


def test_one_learner_s_interval_holds_a_planted_difference_still_when_a_coin_decides():
    assert 0.93 <= recover_learner(UNEQUAL, RUNS, seed=25).coverage <= 0.97


@pytest.mark.parametrize("kind", ["clip", "still"])
@pytest.mark.parametrize("learners", [30, 120])
def test_clips_and_stills_alone_are_no_less_honest(kind, learners):
    found = recover_class(UNEQUAL, learners, RUNS // 2, seed=26, kind=kind)
    assert 0.93 <= found.coverage <= 0.98
    assert abs(found.bias) < 0.04


@pytest.mark.parametrize(
    "changed", [{"d_prime": 2.0}, {"gain": 0.8}, {"gain": 0.0}, {"d_prime_sd": 1.0}, {"item_sd": 1.0}], ids=str
)
def test_a_large_class_is_not_led_astray_by_keen_eyes_or_unlike_learners(changed):
    """Where an interval is narrow a small lean of the estimate would show."""
    found = recover_class(Population(form_difference=0.4, **changed), 120, RUNS // 2, seed=27)
    assert 0.925 <= found.coverage <= 0.975
    assert abs(found.bias) < 0.03


@pytest.mark.parametrize("when", ["before", "after", "change"])
@pytest.mark.parametrize("measure", ["d_prime", "criterion", "hit_rate", "false_alarm_rate"])
def test_every_figure_of_a_class_keeps_its_promise(measure, when):
    population = Population(criterion=0.2, criterion_shift=-0.3, form_difference=0.4)
    found = recover_class(population, 30, RUNS // 2, seed=28, measure=measure, when=when)
    assert 0.93 <= found.coverage <= 0.985
    assert abs(found.bias) < 0.04


@pytest.mark.parametrize("learners", [6, 10])
def test_a_tiny_class_is_given_too_wide_an_interval_and_not_too_narrow_a_one(learners):
    assert recover_class(UNEQUAL, learners, RUNS, seed=29).coverage >= 0.94


def test_counts_by_hand():
    found = Recovery(np.zeros(4), np.array([1, -1, 3, 1]), np.array([-1, -2, 2, 0]), np.array([3, 0, 4, 2]))
    assert (found.runs, found.coverage, found.bias, found.reach, found.telling) == (4, 0.75, 1.0, 1.0, 0.25)


def test_no_runs():
    for recover in (recover_class, recover_learner):
        with pytest.raises(InputError, match="one run at least"):
            recover(ALIKE, runs=0)
