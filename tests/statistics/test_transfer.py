"""New generators: what one learner's six items say, and what a class's do."""

import numpy as np
import pytest

from course.errors import InputError
from course.judgement import SignalDetection
from course.statistics import Judgement, transfer

NEW = [f"new-{n}" for n in range(6)]


def answers(new=4, other=5, accused=3, learner="7"):
    """Twelve camera items and six of each other kind, of which so many are called generated."""
    groups = (("new", "generated", 6, new), ("old", "generated", 6, other), ("photo", "camera", 12, accused))
    return [
        Judgement(learner, "c2", 3, f"{name}-{n}", "still", truth, "generated" if n < called else "camera")
        for name, truth, items, called in groups
        for n in range(items)
    ]


def a_class(learners, seed, shares=(0.95, 0.9, 0.6, 0.4, 0.1, 0.05)):
    """New items that all find, or nobody; of the others all learners find half."""
    chance = np.random.default_rng(seed)
    chances = dict(zip(NEW, shares, strict=True))
    return [
        one._replace(verdict="generated" if chance.random() < chances.get(one.item, 0.5) else "camera")
        for learner in range(learners)
        for one in answers(learner=str(learner))
    ]


def test_one_learner_is_counted_by_hand():
    found = transfer(answers(new=5, other=2, accused=3), NEW)
    assert (found.learners, found.held_back, found.other, found.camera) == (1, 6, 6, 12)
    assert found.held_back_hits.value == pytest.approx(5 / 6)
    assert found.other_hits.value == pytest.approx(2 / 6)
    assert found.camera_accepted.value == pytest.approx(9 / 12)
    new, other = SignalDetection(5, 1, 3, 9), SignalDetection(2, 4, 3, 9)
    assert found.held_back_d_prime == (new.d_prime, *new.interval())
    assert found.other_d_prime == (other.d_prime, *other.interval())
    assert found.difference.value == pytest.approx(new.d_prime - other.d_prime)


def test_six_items_of_one_learner_say_very_little_and_it_is_said():
    found = transfer(answers(new=5, other=2), NEW)
    assert found.difference.low < 0 < found.difference.high
    assert found.held_back_hits.low < 0.4
    assert found.caution == (
        "6 items of one learner say very little: whoever tosses a coin finds 1 to 5 of them nine times out of ten."
    )
    assert transfer(answers()[5:], NEW).caution.startswith("One item of one learner says very little: ")


@pytest.mark.parametrize("score", [(6, 6, 0), (0, 0, 12), (6, 0, 12)])
def test_a_score_at_the_end_of_the_scale_has_intervals(score):
    for rows in (answers(*score), [one for n in range(3) for one in answers(*score, learner=str(n))]):
        found = transfer(rows, NEW)
        for name in ("held_back_hits", "other_hits", "camera_accepted", "held_back_d_prime", "difference"):
            value, low, high = getattr(found, name)
            assert np.isfinite([value, low, high]).all() and low <= value <= high and low < high, name


def test_a_class_is_the_mean_of_its_learners_and_items_stay_a_sample():
    few, many = transfer(a_class(10, 3), NEW), transfer(a_class(400, 3), NEW)
    assert many.learners == 400 and 0.4 < many.held_back_hits.value < 0.6
    # Six items are six items: forty times the learners do not make the interval narrow.
    for name in ("held_back_hits", "held_back_d_prime", "difference"):
        assert np.ptp(getattr(many, name)[1:]) > 0.5 * np.ptp(getattr(few, name)[1:])
    assert few.held_back_hits.low >= 0 and few.held_back_hits.high <= 1
    assert many.caution == (
        "6 items stand for all that newer generators make. More learners cannot make up for that; more items can."
    )
    assert many.difference.value == pytest.approx(many.held_back_d_prime.value - many.other_d_prime.value)


def test_the_interval_over_items_holds_what_other_items_would_show():
    """New items drawn anew 400 times, of which half are found on average."""
    held, runs = 0, 400
    chance = np.random.default_rng(8)
    for run in range(runs):
        shares = np.clip(0.5 + 0.15 * chance.standard_normal(6), 0, 1)
        found = transfer(a_class(15, run, shares), NEW)
        held += found.held_back_hits.low <= 0.5 <= found.held_back_hits.high
    assert 0.92 <= held / runs <= 0.99


def test_no_other_generated_items_leave_the_rest():
    found = transfer([one for one in answers() if not one.item.startswith("old")], NEW)
    assert found.other_hits is found.other_d_prime is found.difference is None
    assert found.held_back_hits is not None
    several = [one for n in range(4) for one in answers(learner=str(n)) if not one.item.startswith("old")]
    assert transfer(several, NEW).difference is None and transfer(several, NEW).camera_accepted is not None


def test_the_first_answer_counts_and_who_left_early_does_not():
    rows = answers()
    again = [one._replace(verdict="camera" if one.verdict == "generated" else "generated") for one in rows]
    assert transfer([*rows, *again], NEW) == transfer(rows, NEW)
    started = [one for one in answers(learner="8") if one.item in NEW[:2] or one.truth == "camera"]
    found = transfer([*rows, *started], NEW)
    assert (found.learners, found.unfinished) == (1, 1)
    assert found.held_back_hits == transfer(rows, NEW).held_back_hits


def test_nobody_and_two_have_no_figures():
    nobody, two = transfer([], NEW), transfer([*answers(), *answers(learner="8")], NEW)
    assert nobody.caution.startswith("Nobody has done this form yet") and nobody.held_back_hits is None
    assert two.caution == "2 learners are too few for a class; it takes 3 at least." and two.difference is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: transfer(answers(), []), "no held-back items"),
        (lambda: transfer(answers()[:12], NEW), "no camera items"),
        (lambda: transfer(answers(), [*NEW, "photo-1"]), "'photo-1' comes from a camera"),
        (lambda: transfer([*answers(), Judgement("7", "a2", 1, "x", *answers()[0][4:])], NEW), "asked of one form"),
        (lambda: transfer(answers(), NEW, level=2), "level"),
        (lambda: transfer(answers(), NEW, kind="clip"), None),
    ],
)
def test_what_cannot_be_reckoned_is_said(make, words):
    if words is None:
        assert make().learners == 0
        return
    with pytest.raises(InputError, match=words):
        make()
