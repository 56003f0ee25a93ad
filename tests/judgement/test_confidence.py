import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement.confidence import (
    brier_parts,
    brier_score,
    calibration,
    check_confidence,
    overconfidence,
    probability_generated,
)

forecasts = st.lists(st.tuples(st.integers(0, 10).map(lambda n: n / 10), st.booleans()), min_size=1, max_size=40)


def test_brier_by_hand():
    # (0.1 squared + 0.3 squared + 0.6 squared) / 3
    assert brier_score([0.9, 0.3, 0.4], [True, False, True]) == pytest.approx(0.46 / 3)
    assert brier_score([0.5] * 24, [True, False] * 12) == 0.25
    assert brier_score([1, 0], [False, True]) == 1
    assert brier_score([1, 0], [True, False]) == 0


def test_brier_parts_by_hand():
    # 0.8 said twice, right once; 0.2 said twice, happened never. Base rate 1/4.
    parts = brier_parts([0.8, 0.8, 0.2, 0.2], [True, False, False, False])
    assert parts.reliability == pytest.approx((2 * 0.3**2 + 2 * 0.2**2) / 4)
    assert parts.resolution == pytest.approx((2 * 0.25**2 + 2 * 0.25**2) / 4)
    assert parts.uncertainty == pytest.approx(0.25 * 0.75)


@given(forecasts)
def test_the_parts_add_up_to_the_score(pairs):
    probabilities, outcomes = zip(*pairs, strict=True)
    parts = brier_parts(probabilities, outcomes)
    assert parts.score == pytest.approx(brier_score(probabilities, outcomes))
    assert min(parts) >= 0


@pytest.mark.parametrize(
    ("verdict", "confidence", "expected"),
    [
        ("generated", 50, 0.5),
        ("camera", 50, 0.5),
        ("generated", 100, 1),
        ("camera", 100, 0),
        ("camera", 75, 0.25),
    ],
)
def test_a_verdict_and_a_confidence_are_one_probability(verdict, confidence, expected):
    assert probability_generated(verdict, confidence) == expected


@pytest.mark.parametrize("verdict", ["fake", "", None, True])
def test_other_verdicts_are_refused(verdict):
    with pytest.raises(ValueError, match="verdict"):
        probability_generated(verdict, 80)


@pytest.mark.parametrize("confidence", [49.9, 100.1, 0.8, -50, True, "80", None, float("nan")])
def test_a_confidence_runs_from_fifty_to_a_hundred(confidence):
    with pytest.raises(ValueError, match="50 %"):
        check_confidence(confidence)


def test_calibration_by_hand():
    groups = calibration([0.5, 0.59, 0.6, 0.95, 1.0, 0.9], [True, False, True, True, False, True])
    assert [(group.low, group.high, group.count) for group in groups] == [
        (0.5, 0.6, 2),
        (0.6, 0.7, 1),
        (0.9, 1.0, 3),
    ]
    assert groups[0].mean_confidence == pytest.approx(0.545) and groups[0].share_correct == 0.5
    assert groups[2].mean_confidence == pytest.approx(0.95)
    assert groups[2].share_correct == pytest.approx(2 / 3)
    assert groups[1].interval == pytest.approx((0.025, 1))


@given(st.lists(st.tuples(st.floats(0.5, 1), st.booleans()), min_size=1, max_size=60))
def test_no_answer_falls_between_the_bins(pairs):
    confidences, correct = zip(*pairs, strict=True)
    groups = calibration(confidences, correct)
    assert sum(group.count for group in groups) == len(pairs)
    assert sum(round(group.share_correct * group.count) for group in groups) == sum(correct)
    assert all(group.low <= group.mean_confidence <= group.high + 1e-12 for group in groups)
    assert all(group.interval.low <= group.share_correct <= group.interval.high for group in groups)


def test_overconfidence_by_hand():
    boast = overconfidence([0.9] * 20, [True] * 10 + [False] * 10)
    assert boast.value == pytest.approx(0.4)
    assert 0.1 < boast.low < 0.3 < 0.5 < boast.high < 0.7
    modest = overconfidence([0.5] * 20, [True] * 18 + [False] * 2)
    assert modest.value == pytest.approx(-0.4) and modest.high < 0


def test_overconfidence_has_the_width_of_its_standard_error():
    # 100 answers at 80 %, half of them right: the share scatters by sqrt(0.25 / 100) = 0.05.
    estimate = overconfidence([0.8] * 100, [True, False] * 50, samples=4000, seed=1)
    assert (estimate.high - estimate.low) / 2 == pytest.approx(1.96 * 0.05, abs=0.012)


@pytest.mark.parametrize("score", [brier_score, brier_parts, calibration, overconfidence])
@pytest.mark.parametrize(
    ("chances", "outcomes"), [([], []), ([0.5], [True, False]), ([1.2], [True]), ([float("nan")], [True])]
)
def test_what_cannot_be_scored_is_refused(score, chances, outcomes):
    with pytest.raises(ValueError):
        score(chances, outcomes)


@pytest.mark.parametrize("bins", [(0.5,), (0.5, 0.5, 1), (1, 0.5), (0.6, 1)])
def test_bins_must_rise_and_hold_every_answer(bins):
    with pytest.raises(ValueError):
        calibration([0.55], [True], bins)
