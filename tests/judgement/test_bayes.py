from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement.bayes import posterior


def test_the_worked_sum_of_lesson_nine():
    """Of 1,000 clips 20 are fake: 16 of them are flagged, and 98 of the 980 others. 16 of 114 is 14 %."""
    chance = posterior(prior=0.02, sensitivity=0.80, false_alarm_rate=0.10)
    assert chance == pytest.approx(float(Fraction(16, 16 + 98)))
    assert round(chance, 2) == 0.14


def test_a_detector_that_never_errs_is_believed():
    assert posterior(0.02, 0.8, 0) == 1
    assert posterior(0, 0.8, 0.1) == 0
    assert posterior(1, 0.8, 0.1) == 1


shares = st.floats(0.001, 0.999)


@given(shares, shares, shares)
def test_odds_are_multiplied_by_the_likelihood_ratio(prior, sensitivity, false_alarm_rate):
    chance = posterior(prior, sensitivity, false_alarm_rate)
    odds = prior / (1 - prior) * sensitivity / false_alarm_rate
    assert chance == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("given_values", [(-0.1, 0.8, 0.1), (0.02, 80, 0.1), (0.02, 0.8, float("nan"))])
def test_shares_lie_between_nought_and_one(given_values):
    with pytest.raises(ValueError, match="between 0 and 1"):
        posterior(*given_values)


@pytest.mark.parametrize("given_values", [(0.5, 0, 0), (0, 0.8, 0), (1, 0, 0.1)])
def test_a_flag_that_never_comes_says_nothing(given_values):
    with pytest.raises(ValueError, match="nothing is ever flagged"):
        posterior(*given_values)
