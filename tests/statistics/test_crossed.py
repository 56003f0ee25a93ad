"""The error over learners and items is that of redrawing both, and no class is too odd for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.special import ndtri

from course.errors import InputError
from course.statistics.crossed import Contrast, contrast

HITS = [[1.0, 0.0]]
D_PRIME = [[1.0, -1.0]]


def crossed(seed, learners=40, items=24, of_learners=0.8, of_items=0.8):
    """Answers to generated items (the first half) and camera items."""
    random = np.random.default_rng(seed)
    sign = np.where(np.arange(items) < items // 2, 1, -1)
    evidence = (
        0.5 * sign
        + of_learners * random.standard_normal((learners, 1))
        + of_items * random.standard_normal(items)
        + random.standard_normal((learners, items))
    )
    return evidence > 0, np.zeros(learners, dtype=int), (sign < 0).astype(int)


def test_a_mean_share_and_its_error_by_hand():
    # Two learners and two items: learner means 1 and 0.5, item means 1 and 0.5, the mean of all 0.75.
    found = contrast([[1, 1], [1, 0]], np.ones((2, 2)), [0, 0], [0, 0], [[1.0]], "share")
    assert found.value == pytest.approx(0.75)
    # Over learners 0.0625, over items 0.0625, residuals all 0.25 in size: 4 / 16 / 1 / 4 = 0.0625. 0.0625 + 0 in all.
    assert found.error**2 == pytest.approx(0.0625)


def test_learners_who_are_alike_are_not_stretched():
    answers, learner, item = crossed(1, learners=400, of_learners=0.0)
    hits, alarms = answers[:, item == 0], answers[:, item == 1]
    plain = ndtri((hits.sum() + 0.5) / (hits.size + 1)) - ndtri((alarms.sum() + 0.5) / (alarms.size + 1))
    found = contrast(answers, np.ones(answers.shape), learner, item, D_PRIME)
    assert found.value == pytest.approx(plain, rel=0.02)


def test_the_mean_of_very_unlike_learners_is_that_of_their_z_scores():
    """Their rates, averaged, would give 0.66 of it."""
    random = np.random.default_rng(4)
    middle = random.standard_normal((4000, 1)) * 1.5
    answers = random.standard_normal((4000, 12)) < 1.0 + middle
    found = contrast(answers, np.ones(answers.shape), np.zeros(4000, int), np.zeros(12, int), [[1.0]])
    pooled = ndtri(answers.mean())
    assert pooled == pytest.approx(1 / np.sqrt(1 + 1.5**2), abs=0.03)
    assert found.value == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("which", ["learners", "items"])
def test_the_error_over_one_of_them_is_that_of_redrawing_it(which):
    """A bootstrap of the learners, or of the items, by a generator of its own."""
    answers, learner, item = crossed(7, of_learners=0.0 if which == "items" else 0.8)
    random = np.random.default_rng(3)
    values = []
    for _ in range(3000):
        if which == "learners":
            drawn = answers[random.integers(0, len(answers), len(answers))]
        else:
            drawn = answers[:, np.concatenate([random.choice(np.flatnonzero(item == group), 12) for group in (0, 1)])]
        values.append(drawn[:, item == 0].mean() - drawn[:, item == 1].mean())
    found = contrast(answers, np.ones(answers.shape), learner, item, D_PRIME, "share", items_drawn=which == "items")
    if which == "learners":
        assert found.error == pytest.approx(np.std(values), rel=0.05)
    else:
        # Both learners' and items' part; the former is small where learners are alike.
        assert found.error == pytest.approx(np.std(values), rel=0.12)


def test_items_that_are_drawn_set_a_floor_that_no_number_of_learners_goes_below():
    few, many = (crossed(5, learners=learners) for learners in (20, 2000))
    errors = [
        contrast(answers, np.ones(answers.shape), learner, item, D_PRIME).error
        for answers, learner, item in (few, many)
    ]
    given_items = contrast(many[0], np.ones(many[0].shape), many[1], many[2], D_PRIME, items_drawn=False).error
    assert errors[1] > 0.5 * errors[0]
    assert given_items < 0.2 * errors[1]


def test_many_data_sets_at_a_time_are_the_same_as_one_by_one():
    sets = [crossed(seed) for seed in range(3)]
    _, learner, item = sets[0]
    together = contrast(np.stack([one[0] for one in sets]), np.ones((40, 24)), learner, item, D_PRIME)
    for at, (answers, *_) in enumerate(sets):
        alone = contrast(answers, np.ones((40, 24)), learner, item, D_PRIME)
        assert (together.value[at], together.error[at], together.freedom[at]) == pytest.approx(
            (float(alone.value), float(alone.error), float(alone.freedom))
        )


def test_what_is_not_present_does_not_count():
    answers, learner, item = crossed(2)
    present = np.random.default_rng(1).random(answers.shape) < 0.8
    found = contrast(answers, present, learner, item, D_PRIME)
    other = contrast(answers ^ ~present, present, learner, item, D_PRIME)
    assert found == other
    aside = contrast(answers, np.ones(answers.shape), learner, np.where(np.arange(24) == 0, -1, item), HITS, "share")
    assert aside.value == pytest.approx(answers[:, 1:12].mean())


@settings(max_examples=200, deadline=None)
@given(
    arrays.arrays(bool, st.tuples(st.integers(1, 5), st.integers(2, 6))),
    st.sampled_from(["probit", "share"]),
    st.booleans(),
)
def test_whatever_the_answers_value_and_error_are_numbers(answers, scale, items_drawn):
    item = np.arange(answers.shape[1]) % 2
    found = contrast(answers, np.ones(answers.shape), np.zeros(len(answers), int), item, D_PRIME, scale,
                     items_drawn=items_drawn)  # fmt: skip
    assert np.isfinite([found.value, found.error, found.freedom]).all()
    # Never no scatter at all, not even where everybody says the same.
    assert found.error > 0
    low, high = found.ends()
    assert low < found.value < high


@pytest.mark.parametrize("answer", [0, 1])
def test_where_all_agree_the_share_keeps_an_interval_inside_0_and_1(answer):
    found = contrast(np.full((5, 4), answer), np.ones((5, 4)), np.zeros(5, int), np.zeros(4, int), [[1.0]], "share")
    value, low, high = found.share()
    assert value == answer
    assert 0 <= low <= value <= high <= 1
    assert 0.02 < high - low < 0.5


def test_no_answers_at_all_and_a_level_that_is_none():
    with pytest.raises(InputError, match="no answers of one of the kinds"):
        contrast(np.ones((3, 2)), np.ones((3, 2)), [0, 0, 0], [0, 0], D_PRIME)
    with pytest.raises(InputError, match="level"):
        Contrast(np.array(0.0), np.array(1.0), np.array(5.0)).ends(float("nan"))
