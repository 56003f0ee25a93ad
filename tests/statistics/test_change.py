"""What two trials say about a change: in one learner, in a class, and where it cannot be said."""

from itertools import product
from math import isnan, nan

import numpy as np
import pytest

from course.errors import InputError
from course.judgement import SignalDetection
from course.statistics import MEASURES, Answers, Judgement, Population, change, class_change, gather, signals

PERFECT, CYNIC, COIN = SignalDetection(12, 0, 0, 12), SignalDetection(12, 0, 12, 0), SignalDetection(6, 6, 6, 6)


@pytest.mark.parametrize(("before", "after"), list(product((PERFECT, CYNIC, COIN), repeat=2)))
def test_a_change_lies_in_its_range_and_turns_round(before, after):
    there, back = change(before, after), change(after, before)
    for name in ("d_prime", "camera_accepted", "hit_rate"):
        one, other = getattr(there, name), getattr(back, name)
        assert one.low <= one.value <= one.high
        assert one.value == pytest.approx(-other.value)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


def test_who_stops_believing_real_pictures_is_seen_though_sharpness_stays():
    found = change(PERFECT, CYNIC)
    assert found.camera_accepted.high < 0 and found.hit_rate.value == 0


def test_the_range_of_one_learner_is_as_wide_as_the_page_says():
    found = change(SignalDetection(8, 4, 4, 8), SignalDetection(9, 3, 3, 9)).d_prime
    assert 1.4 < (found.high - found.low) / 2 < 1.6
    # fewer items, wider range: clips alone, stills alone
    clips = change(SignalDetection(3, 1, 1, 3), SignalDetection(3, 1, 1, 3)).d_prime
    stills = change(SignalDetection(6, 2, 2, 6), SignalDetection(6, 2, 2, 6)).d_prime
    assert clips.high - clips.low > stills.high - stills.low > found.high - found.low


@pytest.mark.parametrize("side", [SignalDetection(0, 0, 1, 1), SignalDetection(1, 1, 0, 0)])
def test_a_trial_of_one_origin_has_no_change(side):
    with pytest.raises(InputError, match=r"no (camera|generated) items"):
        change(COIN, side)


# a class


def _judgements(answers: Answers):
    for form, name in enumerate(answers.forms):
        for learner, row in enumerate(answers.called[form]):
            late = bool(answers.second[learner]) is (form == 0)
            for item, called in enumerate(row):
                kind, made = str(answers.kinds[form][item]), bool(answers.generated[form][item])
                yield Judgement(f"code-{learner:03}", name, late, f"{name}-{item:02}", kind, made, bool(called))


def test_gathering_gives_the_class_again_in_whatever_order_the_answers_come():
    drawn = Population().draw(learners=9, seed=4)
    rows = list(_judgements(drawn))
    np.random.default_rng(1).shuffle(rows)
    found = gather([Judgement(*row) for row in rows])
    for form in (0, 1):
        assert (found.called[form] == drawn.called[form]).all() and (
            found.generated[form] == drawn.generated[form]
        ).all()
    assert (found.second == drawn.second).all() and found.left_out == 0
    assert class_change(found) == class_change(drawn)


def test_of_two_answers_to_an_item_the_first_counts_and_half_a_trial_does_not():
    rows = list(_judgements(Population().draw(learners=6, seed=4)))
    again = [row._replace(called=not row.called) for row in rows if row.learner == "code-001"]
    assert class_change(gather(rows + again)) == class_change(gather(rows))
    half = [row for row in rows if not (row.learner == "code-002" and row.item == "b2-07")]
    found = class_change(gather(half))
    assert found.left_out == 1 and found.learners == (2, 3)


def test_a_difference_of_the_forms_cancels_and_is_told():
    easy = Population(gain=0.0, gain_sd=0.0, d_prime_sd=0.0, item_sd=0.0, form_difference=1.5, items={"still": 60})
    found = class_change(easy.draw(learners=200, seed=2))
    assert abs(found.change.value) < 0.15 and found.form_difference == pytest.approx(1.5, abs=0.15)
    assert found.change.low < 0 < found.change.high


@pytest.mark.parametrize("of", MEASURES)
def test_each_measure_compares_what_it_says(of):
    drawn = Population(gain=1.0).draw(learners=40, seed=3)
    before, after = signals(drawn)
    found = class_change(drawn, of)
    late = drawn.second
    means = [
        np.mean([np.mean([getattr(one, of) for one, second in zip(trial, late, strict=True) if second is side])
                 for side in (np.False_, np.True_)])
        for trial in (before, after)
    ]  # fmt: skip
    assert (found.before, found.after) == pytest.approx(means)
    assert found.change.value == pytest.approx(means[1] - means[0])
    assert found.change.low < found.change.value < found.change.high


def test_stills_and_clips_are_told_apart():
    drawn = Population().draw(learners=30, seed=5)
    clips, stills = class_change(drawn.of("clip")), class_change(drawn.of("still"))
    assert clips.change.high - clips.change.low > stills.change.high - stills.change.low
    assert drawn.of("clip").called[0].shape == (30, 8) and drawn.of("still").called[1].shape == (30, 16)


def test_one_order_alone_says_plainly_that_it_cannot_tell():
    found = class_change(Population(gain=1.0).draw(learners=20, seed=1, balanced=False))
    assert isnan(found.change.low) and isnan(found.change.high) and found.learners == (20, 0)
    assert found.problem == (
        "Everybody took a2 first and b2 second, so a gain cannot be told from an easier second form."
    )
    assert found.change.value > 0.3  # what was seen is still said


def test_a_class_of_very_few_is_said_to_be_too_small():
    found = class_change(Population().draw(learners=3, seed=1))
    assert found.problem == "In one order there is only 1 learner; it takes 2 to say how far chance goes."
    assert not isnan(found.change.value) and isnan(found.change.high)
    four = class_change(Population().draw(learners=4, seed=1))
    assert four.problem == "" and four.change.low < four.change.high


def test_learners_who_all_answer_alike_have_a_range_all_the_same_or_none_that_lies():
    drawn = Population().draw(learners=8, seed=1)
    alike = Answers(
        drawn.forms, drawn.generated, drawn.kinds, tuple(np.tile(one[:1], (8, 1)) for one in drawn.called), drawn.second
    )
    found = class_change(alike)
    assert np.isfinite(found.change).all()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: gather([]), "between two forms; these are answers to 0"),
        (lambda: gather([Judgement("h", "a2", False, "i", "still", True, True)]), "answers to 1"),
        (lambda: class_change(Population().draw(10, 1), "charm"), "no measure called 'charm'"),
        (lambda: class_change(Population().draw(10, 1), level=nan), "level of an interval"),
        (lambda: class_change(Population().draw(10, 1).of("sound")), "needs camera items and generated ones"),
        (lambda: Population(item_sd=-1), "standard deviation"),
        (lambda: Population(items={}), "at least one item"),
        (lambda: Population().draw(0, 1), "one learner at least"),
    ],
)
def test_what_cannot_be_reckoned_is_said_in_a_sentence(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_nobody_with_two_whole_trials_is_said():
    rows = [
        Judgement("h", form, form == "b2", f"{form}-{n}", "still", n == 0, True)
        for form in ("a2", "b2")
        for n in (0, 1)
    ]
    with pytest.raises(InputError, match="Nobody has judged both forms"):
        class_change(gather([*rows[:3], rows[3]._replace(learner="other")]))
