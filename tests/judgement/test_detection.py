from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement.detection import SignalDetection, d_prime_change
from course.judgement.intervals import binomial_chances

FAIR = SignalDetection(hits=9, misses=3, false_alarms=3, correct_rejections=9)

counts = st.integers(0, 30)
judges = st.builds(SignalDetection, st.integers(1, 30), counts, st.integers(1, 30), counts)


def test_nine_hits_and_three_false_alarms_by_hand():
    # H = 9.5 / 13 = 0.73077, z = 0.61514; F = 3.5 / 13 = 0.26923, z = -0.61514 (tables of the normal curve).
    assert FAIR.corrected_rates == pytest.approx((0.73077, 0.26923), abs=1e-5)
    assert FAIR.d_prime == pytest.approx(1.23028, abs=1e-5)
    assert FAIR.criterion == pytest.approx(0, abs=1e-12)
    assert FAIR.hit_rate == 0.75 and FAIR.false_alarm_rate == 0.25
    assert FAIR.accuracy == 0.75 and FAIR.camera_accepted == 0.75


def test_a_lean_towards_fake_by_hand():
    # H = 11.5 / 13, z = 1.19838; F = 8.5 / 13, z = 0.39573.
    cynic = SignalDetection(hits=11, misses=1, false_alarms=8, correct_rejections=4)
    assert cynic.d_prime == pytest.approx(0.8027, abs=1e-4)
    assert cynic.criterion == pytest.approx(-0.7971, abs=1e-4)
    assert cynic.camera_accepted == pytest.approx(1 / 3)


def test_calling_everything_fake_is_no_skill():
    cynic = SignalDetection(hits=12, misses=0, false_alarms=12, correct_rejections=0)
    assert cynic.d_prime == 0
    # z(12.5 / 13) = 1.76882
    assert cynic.criterion == pytest.approx(-1.76882, abs=1e-5)
    assert cynic.accuracy == 0.5 and cynic.camera_accepted == 0


def test_the_edges_stay_finite():
    perfect = SignalDetection(12, 0, 0, 12)
    assert perfect.d_prime == pytest.approx(2 * 1.76882, abs=1e-4)
    assert SignalDetection(0, 12, 12, 0).d_prime == pytest.approx(-perfect.d_prime)
    assert SignalDetection(0, 12, 0, 12).criterion == pytest.approx(1.76882, abs=1e-5)
    low, high = perfect.interval()
    assert 1.5 < low < high == pytest.approx(perfect.d_prime)


def test_unequal_numbers_use_their_own_totals():
    # H = 2.5 / 4 = 0.625, z = 0.31864; F = 2.5 / 10 = 0.25, z = -0.67449.
    judge = SignalDetection(hits=2, misses=1, false_alarms=2, correct_rejections=7)
    assert judge.d_prime == pytest.approx(0.31864 + 0.67449, abs=1e-4)
    assert judge.criterion == pytest.approx((0.67449 - 0.31864) / 2, abs=1e-4)


def test_counting_answers():
    pairs = [(True, True)] * 9 + [(False, True)] * 3 + [(True, False)] * 2 + [(False, False)] * 10
    assert SignalDetection.from_answers(reversed(pairs)) == SignalDetection(9, 3, 2, 10)


@pytest.mark.parametrize("count", [-1, 2.0, True, "3", None])
def test_counts_are_whole_numbers(count):
    with pytest.raises(ValueError, match="misses"):
        SignalDetection(1, count, 1, 1)


def test_without_camera_items_there_is_no_sensitivity():
    judge = SignalDetection(5, 5, 0, 0)
    assert judge.hit_rate == 0.5
    for name in ("d_prime", "criterion", "camera_accepted", "false_alarm_rate"):
        with pytest.raises(ValueError, match="no camera items"):
            getattr(judge, name)
    with pytest.raises(ValueError, match="no generated items"):
        SignalDetection(0, 0, 5, 5).interval()


@given(judges)
def test_swapping_the_words_mirrors_the_bias_and_keeps_the_skill(judge):
    mirrored = SignalDetection(judge.correct_rejections, judge.false_alarms, judge.misses, judge.hits)
    if mirrored.generated and mirrored.camera:
        assert mirrored.d_prime == pytest.approx(judge.d_prime, abs=1e-9)
        assert mirrored.criterion == pytest.approx(-judge.criterion, abs=1e-9)


@given(judges, st.sampled_from(["d_prime", "criterion"]))
def test_an_interval_holds_the_value_and_grows_with_its_level(judge, of):
    wide, narrow = judge.interval(0.95, of), judge.interval(0.5, of)
    value = judge.d_prime if of == "d_prime" else judge.criterion
    assert wide.low <= narrow.low <= narrow.high <= wide.high
    assert wide.low - 1e-9 <= value <= wide.high + 1e-9


def test_an_interval_by_enumeration():
    """One generated and one camera item: four outcomes, written out."""
    judge = SignalDetection(1, 0, 0, 1)  # corrected rates 0.75 and 0.25
    step = 2 * NormalDist().inv_cdf(0.75)
    # d' is `step` with chance 0.75 * 0.75, `-step` with 0.25 * 0.25, otherwise 0.
    assert judge.interval(0.80) == pytest.approx((0, step))
    assert judge.interval(0.90) == pytest.approx((-step, step))


@pytest.mark.parametrize("of", ["d_prime", "criterion"])
@pytest.mark.parametrize(
    "judge",
    [FAIR, SignalDetection(11, 1, 8, 4), SignalDetection(12, 0, 0, 12), SignalDetection(7, 2, 4, 17)],
    ids=str,
)
def test_exact_and_bootstrap_agree(judge, of):
    exact, drawn = judge.interval(0.95, of), judge.bootstrap(0.95, of, samples=40_000, seed=3)
    # The values are discrete: chance may move an end to a neighbouring value, and no further.
    values = sorted({round(value, 9) for value, chance in judge._outcomes(of) if chance > 1e-4})
    for ours, theirs in zip(exact, drawn, strict=True):
        between = [value for value in values if min(ours, theirs) < value < max(ours, theirs)]
        assert len(between) <= 3 and abs(ours - theirs) < 0.12


def test_a_bootstrap_is_the_same_for_the_same_seed_alone():
    draws = {seed: FAIR.bootstrap(samples=50, seed=seed) for seed in range(10)}
    assert draws[4] == FAIR.bootstrap(samples=50, seed=4)
    assert len(set(draws.values())) > 1


@pytest.mark.parametrize(("sensitivity", "bias"), [(0, 0), (0.5, 0.5), (1, 0), (1.5, 0.5), (2, 0)])
def test_intervals_hold_the_truth_as_often_as_they_say(sensitivity, bias):
    """Over all outcomes of 12 and 12 items, weighted by their chance for a judge of known skill."""
    curve = NormalDist().cdf
    hit_chances = binomial_chances(12, curve(sensitivity / 2 - bias))
    alarm_chances = binomial_chances(12, curve(-sensitivity / 2 - bias))
    held = 0.0
    for hits, chance in enumerate(hit_chances):
        for alarms, weight in enumerate(alarm_chances):
            low, high = SignalDetection(hits, 12 - hits, alarms, 12 - alarms).interval()
            held += chance * weight * (low <= sensitivity <= high)
    assert 0.94 <= held <= 0.985


def test_how_much_one_learners_change_may_be_off():
    """The figure that the course quotes: some 1.4 to 1.6 to either side with 24 items in each trial."""
    guess, fair, keen = SignalDetection(6, 6, 6, 6), FAIR, SignalDetection(10, 2, 2, 10)
    for judge, expected in ((guess, 1.41), (fair, 1.53), (keen, 1.59)):
        low, high = d_prime_change(judge, judge)
        assert -low == pytest.approx(high) == pytest.approx(expected, abs=0.01)
    low, high = d_prime_change(guess, fair)
    assert low < 0 < high and (low + high) / 2 == pytest.approx(fair.d_prime, abs=0.15)


def test_one_trial_alone_carries_about_one():
    assert SignalDetection(6, 6, 6, 6).interval() == pytest.approx((-1.01, 1.01), abs=0.01)
    assert FAIR.interval() == pytest.approx((0.19, 2.40), abs=0.01)


def test_rate_intervals_are_exact():
    judge = SignalDetection(hits=9, misses=3, false_alarms=0, correct_rejections=12)
    assert judge.rate_interval("hits") == pytest.approx((0.4281, 0.9451), abs=1e-4)
    assert judge.rate_interval("false_alarms") == pytest.approx((0, 1 - 0.025 ** (1 / 12)))
    assert judge.rate_interval("camera_accepted") == pytest.approx((0.025 ** (1 / 12), 1))
    low, high = judge.rate_interval("accuracy", level=0.9)
    assert low < 21 / 24 < high


@pytest.mark.parametrize(
    "call",
    [
        lambda: FAIR.interval(of="bias"),
        lambda: FAIR.bootstrap(of="bias"),
        lambda: FAIR.bootstrap(samples=0),
        lambda: FAIR.rate_interval("skill"),
        lambda: FAIR.interval(95),
    ],
)
def test_what_does_not_exist_is_refused(call):
    with pytest.raises(ValueError):
        call()
