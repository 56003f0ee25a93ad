from math import erf, nan, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from course import judgement

Z = NormalDist().inv_cdf(0.975)
NUMBERS = st.lists(st.integers(-4, 4), min_size=2, max_size=15)


def test_the_area_by_hand():
    # 4 lies above 1, 2 and 3; 2 lies above 1 and ties with 2: 3 + 1.5 of 6.
    assert judgement.auc([4, 2], [1, 2, 3]).value == 4.5 / 6


def test_the_interval_by_hand():
    # One against one, the larger wins. (1 - t)^2 = z^2 t (1 - t) gives t = 1 / (1 + z^2).
    assert judgement.auc([2], [1]) == pytest.approx((1, 1 / (1 + Z**2), 1))
    assert judgement.auc([1], [2]) == pytest.approx((0, 0, Z**2 / (1 + Z**2)))


@given(NUMBERS, NUMBERS)
def test_the_area_agrees_with_scipy(positive, negative):
    theirs = mannwhitneyu(positive, negative).statistic / (len(positive) * len(negative))
    assert judgement.auc(positive, negative).value == pytest.approx(theirs)


def mann_whitney(positive, negative):
    """The p-value of the Mann-Whitney test, corrected for ties; 1 where all numbers are equal."""
    if len({*positive, *negative}) == 1:
        return 1.0
    return mannwhitneyu(positive, negative, use_continuity=False, method="asymptotic").pvalue


@given(NUMBERS, NUMBERS)
def test_it_tells_exactly_if_the_mann_whitney_test_finds_a_difference(positive, negative):
    assert judgement.auc(positive, negative).tells == (mann_whitney(positive, negative) < 0.05)


@given(NUMBERS, NUMBERS, st.floats(0.5, 0.99))
def test_groups_that_change_places_mirror_area_and_interval(positive, negative, level):
    value, low, high = judgement.auc(positive, negative, level)
    assert 0 <= low <= value <= high <= 1
    assert judgement.auc(negative, positive, level) == pytest.approx((1 - value, 1 - high, 1 - low), abs=1e-12)


@given(NUMBERS, NUMBERS)
def test_only_the_order_counts(positive, negative):
    stretched = [[10 * x**3 + x for x in group] for group in (positive, negative)]
    assert judgement.auc(*stretched) == judgement.auc(positive, negative)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 30), (40, 40)])
def test_equal_numbers_tell_nothing_at_all(m, n):
    assert judgement.auc([7.0] * m, [7.0] * n) == (0.5, 0.5, 0.5)


def test_one_byte_more_in_a_whole_group_is_found():
    plainly = judgement.auc([220_001] * 20, [220_000] * 20)
    assert plainly.value == plainly.high == 1
    assert plainly.low > 0.8


def test_more_items_and_a_lower_level_make_it_narrower():
    few, many = judgement.auc([2, 4, 6], [1, 3, 5]), judgement.auc([2, 4, 6] * 10, [1, 3, 5] * 10)
    assert few.value == many.value
    assert many.high - many.low < 0.5 * (few.high - few.low)
    wide = judgement.auc([2, 4, 6], [1, 3, 5], level=0.99)
    assert wide.low < few.low and few.high < wide.high


def test_the_interval_agrees_with_a_bootstrap():
    rng = np.random.default_rng(3)
    positive, negative = rng.normal(0.8, 1, 60), rng.normal(0, 1, 50)
    drawn = [mannwhitneyu(rng.choice(positive, 60), rng.choice(negative, 50)).statistic / 3000 for _ in range(1500)]
    found = judgement.auc(positive, negative)
    assert (found.low, found.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.025)


@pytest.mark.parametrize(
    ("m", "n", "shift", "spread", "rounded"),
    [
        (8, 8, 0, 1, False),
        (8, 8, 0, 1, True),
        (12, 12, 1, 1, False),
        (12, 12, 2, 1, True),
        (12, 12, 0, 3, False),
        (12, 20, 1, 0.5, False),
        (10, 10, 3, 1, False),
    ],
)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(m, n, shift, spread, rounded):
    # Two normal distributions; the true area is known, and with rounding it is reckoned over the whole numbers.
    rng = np.random.default_rng(11)
    truth = (1 + erf(shift / sqrt(1 + spread**2) / sqrt(2))) / 2
    if rounded:
        truth = _area_of_rounded(shift, spread)
    held = 0
    for _ in range(400):
        positive, negative = rng.normal(shift, spread, m), rng.normal(0, 1, n)
        if rounded:
            positive, negative = positive.round(), negative.round()
        _, low, high = judgement.auc(positive.tolist(), negative.tolist())
        held += low <= truth <= high
    assert 0.90 <= held / 400 <= 0.99


def _area_of_rounded(shift, spread):
    def chances(normal):
        return np.array([normal.cdf(k + 0.5) - normal.cdf(k - 0.5) for k in range(-12, 13)])

    above, below = chances(NormalDist(shift, spread)), chances(NormalDist())
    return above @ (np.cumsum(below) - below / 2)


def test_groups_of_one_kind_tell_in_one_case_of_twenty():
    rng = np.random.default_rng(5)
    told = sum(judgement.auc(*rng.normal(size=(2, 15)).tolist()).tells for _ in range(600))
    assert 0.03 <= told / 600 <= 0.08


@pytest.mark.parametrize("groups", [([], [1]), ([1], []), ([nan], [1]), ([1], [float("inf")])])
def test_groups_that_cannot_be_compared_are_refused(groups):
    with pytest.raises(ValueError, match="AUC"):
        judgement.auc(*groups)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_an_impossible_level_is_refused(level):
    with pytest.raises(ValueError, match="level"):
        judgement.auc([1], [2], level)
