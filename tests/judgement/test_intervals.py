from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement.intervals import binomial_chances, check_level, quantile_interval, share_interval


@given(st.integers(0, 40), st.floats(0, 1))
def test_binomial_chances_follow_their_definition(count, share):
    chances = binomial_chances(count, share)
    assert sum(chances) == pytest.approx(1)
    expected = [comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(count + 1)]
    assert chances == pytest.approx(expected, abs=1e-12)


def test_binomial_chances_of_a_whole_school_do_not_overflow():
    chances = binomial_chances(5000, 0.3)
    assert sum(chances) == pytest.approx(1)
    assert max(range(5001), key=chances.__getitem__) == 1500


def test_a_share_by_hand():
    # All of 12: the lower end p solves p**12 = 0.025. None of 12 mirrors it.
    assert share_interval(12, 12) == pytest.approx((0.025 ** (1 / 12), 1))
    assert share_interval(0, 12) == pytest.approx((0, 1 - 0.025 ** (1 / 12)))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize(("successes", "count"), [(0, 1), (1, 1), (9, 12), (3, 12), (18, 24), (280, 372)])
def test_a_share_agrees_with_scipy(successes, count, level):
    from scipy.stats import binomtest

    theirs = binomtest(successes, count).proportion_ci(level, method="exact")
    assert share_interval(successes, count, level) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("successes", "count"), [(0, 0), (-1, 5), (6, 5)])
def test_an_impossible_share_is_refused(successes, count):
    with pytest.raises(ValueError, match="share"):
        share_interval(successes, count)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_an_impossible_level_is_refused(level):
    with pytest.raises(ValueError, match=r"0\.95"):
        check_level(level)


def test_quantiles_of_a_die():
    die = [(face, 1 / 6) for face in (3, 1, 6, 2, 5, 4)]
    assert quantile_interval(die, 0.5) == (2, 5)  # a quarter lies at or below 1.5: between 1 and 2
    assert quantile_interval(die, 2 / 3) == (1, 5)  # exactly a sixth may lie on either side
    assert quantile_interval(die, 0.95) == (1, 6)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.floats(0.05, 0.99))
def test_an_interval_holds_at_least_its_level(weights, level):
    total = sum(weights)
    outcomes = [(value, weight / total) for value, weight in enumerate(weights)]
    low, high = quantile_interval(outcomes, level)
    assert sum(chance for value, chance in outcomes if low <= value <= high) >= level - 1e-9
    assert sum(chance for value, chance in outcomes if value < low) <= (1 - level) / 2 + 1e-9
    assert sum(chance for value, chance in outcomes if value > high) <= (1 - level) / 2 + 1e-9
