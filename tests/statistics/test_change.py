"""One learner: the interval is honest, holds the forms once, and no score is too odd for it."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from course.errors import InputError
from course.judgement import SignalDetection, d_prime_change
from course.judgement.intervals import binomial_chances
from course.statistics import change
from course.statistics.change import form_spread

BEFORE, AFTER = SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9)
counts = st.integers(0, 12)
forms = st.builds(SignalDetection, st.integers(1, 12), counts, st.integers(1, 12), counts)


@settings(max_examples=40, deadline=None)
@given(forms, forms, st.sampled_from([0.9, 0.95, 0.99]))
def test_any_two_forms_have_a_change_and_it_turns_round_with_them(before, after, level):
    there, back = change(before, after, level), change(after, before, level)
    for name in ("d_prime", "criterion", "camera_accepted", "hit_rate"):
        one, other = getattr(there, name), getattr(back, name)
        assert np.isfinite(one).all()
        assert one.low < one.high
        assert one.value == pytest.approx(-other.value)
        assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert there.d_prime[1:] == pytest.approx(d_prime_change(before, after, level), abs=1e-9)
    assert there.camera_accepted.low >= -1 and there.hit_rate.high <= 1


@pytest.mark.parametrize("score", [SignalDetection(12, 0, 0, 12), SignalDetection(0, 12, 12, 0)])
def test_who_scores_the_same_at_the_end_of_the_scale_has_an_interval_all_the_same(score):
    found = change(score, score)
    for estimate in (found.d_prime, found.criterion, found.camera_accepted, found.hit_rate):
        assert estimate.low < estimate.value == 0 < estimate.high


def test_doubting_everything_is_no_gain_and_is_seen():
    found = change(SignalDetection(6, 6, 1, 11), SignalDetection(12, 0, 11, 1))
    assert found.criterion.high < 0 and found.camera_accepted.high < 0
    assert not found.tells


def test_a_large_gain_tells():
    assert change(SignalDetection(6, 6, 6, 6), SignalDetection(12, 0, 0, 12)).tells


@pytest.mark.parametrize(("items", "least", "most"), [(12, 1.4, 1.6), (8, 1.6, 1.9), (4, 2.0, 2.4)])
def test_fewer_items_reach_further_as_the_docstring_says(items, least, most):
    for right in (items * 5 // 8, items * 3 // 4):
        score = SignalDetection(right, items - right, items - right, right)
        low, high = change(score, score).d_prime[1:]
        assert least < (high - low) / 2 < most


@pytest.mark.parametrize("items", [12, 8, 4])
@pytest.mark.parametrize("gain", [0.0, 0.4, 1.0])
def test_the_intervals_hold_the_truth_reckoned_over_every_outcome(items, gain):
    """With items drawn at random, counts are binomial: coverage needs no simulation."""
    rates = [float(ndtr(sign * d / 2)) for d in (1.0, 1.0 + gain) for sign in (1, -1)]
    chances = [binomial_chances(items, rate) for rate in rates]
    truths = {
        "d_prime": gain,
        "criterion": 0.0,
        "hit_rate": rates[2] - rates[0],
        "camera_accepted": rates[1] - rates[3],
    }
    held = dict.fromkeys(truths, 0.0)
    some = range(items + 1) if items < 8 else None
    random = np.random.default_rng(1)
    # Every outcome of the small form, and a sample of the others.
    outcomes = (
        list(product(some, repeat=4)) if some else [tuple(random.binomial(items, rates).tolist()) for _ in range(700)]
    )
    for h, f, later_h, later_f in outcomes:
        weight = (
            chances[0][h] * chances[1][f] * chances[2][later_h] * chances[3][later_f] if some else 1 / len(outcomes)
        )
        found = change(
            SignalDetection(h, items - h, f, items - f),
            SignalDetection(later_h, items - later_h, later_f, items - later_f),
        )
        for name, truth in truths.items():
            low, high = getattr(found, name)[1:]
            held[name] += weight * (low - 1e-9 <= truth <= high + 1e-9)
    for name, share in held.items():
        assert 0.93 <= share <= 1, name


def test_the_scatter_divides_into_the_forms_and_the_learner_s_own():
    found, alike = change(BEFORE, AFTER), change(BEFORE, AFTER, item_sd=0)
    assert alike.form_sd == 0
    assert found.form_sd == pytest.approx(form_spread([12] * 4))
    assert sqrt(found.form_sd**2 + found.own_sd**2) == pytest.approx(alike.own_sd)
    # The interval holds both, and adding the forms once more would make it wider.
    assert found.d_prime == alike.d_prime
    assert (found.d_prime.high - found.d_prime.low) / 2 == pytest.approx(1.96 * alike.own_sd, rel=0.05)


@pytest.mark.parametrize("item_sd", [0.5, 0.7, 1.0])
def test_two_forms_differ_as_items_drawn_at_random_do(item_sd):
    random = np.random.default_rng(2)
    root = sqrt(1 + item_sd**2)
    look = item_sd * random.standard_normal((20_000, 2, 2, 12))
    sign = np.array([1, -1])[:, None]
    # One learner with d' 1 and endless patience: the rate on the twelve items given.
    rates = ndtr(sign * 0.5 * root + look).mean(-1)
    from scipy.special import ndtri

    d_prime = ndtri(rates[..., 0]) - ndtri(rates[..., 1])
    assert form_spread([12] * 4, item_sd) == pytest.approx(np.std(d_prime[:, 0] - d_prime[:, 1]), rel=0.09)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: change(BEFORE, SignalDetection(0, 0, 1, 1)), "no generated items"),
        (lambda: change(SignalDetection(1, 1, 0, 0), AFTER), "no camera items"),
        (lambda: change(BEFORE, AFTER, level=float("nan")), "level"),
        (lambda: change(BEFORE, AFTER, level=1.0), "level"),
        (lambda: change(BEFORE, AFTER, item_sd=-0.1), "variation"),
        (lambda: change(BEFORE, AFTER, item_sd=float("nan")), "variation"),
        (lambda: form_spread([12, 0, 12, 12]), "one camera item at least"),
    ],
)
def test_what_cannot_be_reckoned_is_said(make, words):
    with pytest.raises(InputError, match=words):
        make()
