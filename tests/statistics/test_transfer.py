"""New generators: what one learner's six items say, and what a class's do."""

import numpy as np
import pytest

from course.errors import InputError
from course.judgement import SignalDetection
from course.statistics import Judged, class_transfer, transfer


def _form(new=4, known=4, accused=3):
    rows = [Judged(f"n{n}", True, True, n < new) for n in range(6)]
    rows += [Judged(f"k{n}", True, False, n < known) for n in range(6)]
    return rows + [Judged(f"c{n}", False, False, n < accused) for n in range(12)]


def test_one_learner_is_counted_and_the_ranges_are_wide():
    found = transfer(_form(new=5, known=2, accused=3))
    assert (found.new.value, found.known.value, found.camera_accepted.value) == pytest.approx((5 / 6, 2 / 6, 0.75))
    assert found.new.low < 0.4 and found.new.high > 0.99
    assert found.d_prime_new.value == SignalDetection(5, 1, 3, 9).d_prime
    assert found.d_prime_new.low < found.d_prime_new.value < found.d_prime_new.high


def test_a_class_is_the_mean_of_its_learners_and_items_stay_a_sample():
    chance = np.random.default_rng(3)

    def learner():
        # Item n0 gives itself away, n5 to nobody: learners agree, items differ.
        rows = _form()
        seen = {f"n{n}": chance.random() < (0.98, 0.9, 0.6, 0.4, 0.1, 0.02)[n] for n in range(6)}
        return [one._replace(called=bool(seen.get(one.item, one.called))) for one in rows]

    few, many = class_transfer([learner() for _ in range(10)]), class_transfer([learner() for _ in range(400)])
    assert many.learners == 400 and 0.4 < many.new.value < 0.6
    # Six items are six items: forty times the learners do not make the range narrow.
    assert many.new.high - many.new.low > 0.5 * (few.new.high - few.new.low)
    assert few.new.low >= 0 and few.new.high <= 1


def test_of_two_answers_to_an_item_the_first_counts():
    rows = _form()
    assert class_transfer([rows + [one._replace(called=not one.called) for one in rows]] * 2) == class_transfer(
        [rows] * 2
    )


@pytest.mark.parametrize(
    ("learners", "words"),
    [
        ([_form()], "two learners or more"),
        ([_form(), _form()[1:]], "same items"),
        ([_form()[6:]] * 2, "some of these are missing"),
    ],
)
def test_what_cannot_be_reckoned_is_said(learners, words):
    with pytest.raises(InputError, match=words):
        class_transfer(learners)


@pytest.mark.parametrize("part", [slice(6, None), slice(0, 12)])
def test_one_learner_needs_all_three_sides(part):
    with pytest.raises(InputError, match="some of these are missing"):
        transfer(_form()[part])
