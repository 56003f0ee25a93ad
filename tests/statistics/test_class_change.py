"""A class: what cancels, who is left out, and what is said where there is too little."""

import random

import numpy as np
import pytest

from course.errors import InputError
from course.statistics import Judgement, Population, class_change
from course.statistics.class_change import LEAST_LEARNERS

MEASURES = ("d_prime", "criterion", "camera_accepted", "hit_rate")
ANSWERS = Population(gain=0.8).draw(learners=30, seed=3)


def only(answers, **fields):
    return [one for one in answers if all(getattr(one, name) in values for name, values in fields.items())]


def test_the_order_of_the_rows_does_not_matter_and_a_second_answer_neither():
    mixed = list(ANSWERS)
    random.Random(1).shuffle(mixed)
    again = [one._replace(verdict="camera" if one.verdict == "generated" else "generated") for one in ANSWERS]
    assert class_change(mixed) == class_change(ANSWERS) == class_change([*ANSWERS, *again])


def test_shares_are_the_means_of_both_orders_by_hand():
    found = class_change(ANSWERS)

    def share(truth, occasion):
        means = []
        for form in ("a2", "b2"):
            rows = only(ANSWERS, truth=[truth], occasion=[occasion], form=[form])
            means.append(np.mean([one.verdict == truth for one in rows]))
        return np.mean(means)

    for measure, truth in ((found.camera_accepted, "camera"), (found.hit_rate, "generated")):
        assert measure.before.value == pytest.approx(share(truth, 1))
        assert measure.after.value == pytest.approx(share(truth, 2))
    assert found.learners == 30 and found.items == 48 and found.separable and found.caution == ""


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("kind", [None, "clip", "still"])
def test_a_change_is_after_less_before_and_lies_in_its_interval(measure, kind):
    found = getattr(class_change(ANSWERS, kind), measure)
    assert found.change.value == pytest.approx(found.after.value - found.before.value)
    for each in (found.before, found.after, found.change):
        assert each.low < each.value < each.high


def test_kinds_are_counted_apart():
    sizes = {kind: class_change(ANSWERS, kind).items for kind in ("clip", "still")}
    assert sizes == {"clip": 16, "still": 32}
    reach = {kind: np.ptp(class_change(ANSWERS, kind).d_prime.change[1:]) for kind in ("clip", "still", None)}
    assert reach["clip"] > reach["still"] > reach[None]


@pytest.mark.parametrize("learners", [200, 30])
def test_a_difference_between_the_forms_cancels_and_is_told(learners):
    sharp = {"gain": 0.0, "gain_sd": 0.0, "item_sd": 0.0, "item_gain_sd": 0.0, "form_difference": 1.0}
    found = class_change(Population(**sharp).draw(learners, seed=5))
    assert found.d_prime.change.low < 0 < found.d_prime.change.high
    assert found.form_difference.low < 1.0 < found.form_difference.high
    assert found.form_difference.low > 0.3


def test_unequal_orders_do_not_bring_the_difference_back():
    answers = Population(gain=0.0, gain_sd=0.0, item_sd=0.0, form_difference=1.5).draw(learners=300, seed=6)
    a_first = sorted({one.learner for one in answers if one.form == "a2" and one.occasion == 1})
    few = set(a_first[:10])
    uneven = [one for one in answers if one.learner in few or one.learner not in a_first]
    found = class_change(uneven)
    assert [order.learners for order in found.orders] == [10, len({one.learner for one in uneven}) - 10]
    assert abs(found.d_prime.change.value) < 0.35
    plain = [class_change(only(uneven, learner=group)).d_prime.change.value for group in (few,)]
    assert plain[0] > 1.0  # what the ten alone would have said


def test_who_did_one_form_or_left_in_the_middle_is_left_out_and_counted():
    missing = only(ANSWERS, learner=["001"], occasion=[2])
    half = only(ANSWERS, learner=["002"], occasion=[1])[:14]
    one_sided = only(ANSWERS, learner=["003"], occasion=[2], truth=["camera"])
    nearly = only(ANSWERS, learner=["004"], occasion=[2])[:3]
    gone = {*missing, *half, *one_sided, *nearly}
    found = class_change([one for one in ANSWERS if one not in gone])
    assert (found.one_form_only, found.unfinished, found.learners) == (1, 2, 27)
    without = class_change([one for one in ANSWERS if one.learner not in ("001", "002", "003") and one not in nearly])
    assert found.d_prime == without.d_prime


def test_a_third_form_is_no_matter():
    later = [one._replace(form="c2", occasion=3, item=f"c-{one.item}") for one in only(ANSWERS, form=["a2"])]
    assert class_change([*ANSWERS, *later]) == class_change(ANSWERS)


def test_one_order_alone_is_said_and_its_interval_is_that_of_other_forms():
    answers = Population(gain=0.4).draw(learners=30, seed=3, design="a_first")
    found = class_change(answers)
    assert not found.separable and found.form_difference is None
    assert found.caution == (
        "Everybody took form a2 first and form b2 second, so a gain cannot be told from a difference between the two "
        "forms."
    )
    assert np.ptp(found.d_prime.change[1:]) > 1.8 * np.ptp(class_change(ANSWERS).d_prime.change[1:])
    other = class_change([one._replace(occasion=3 - one.occasion) for one in answers])
    assert "form b2 first and form a2 second" in other.caution
    assert other.d_prime.change.value == pytest.approx(-found.d_prime.change.value)


@pytest.mark.parametrize(
    ("a_first", "b_first", "words"),
    [
        (3, 2, "Only 2 learners took form b2 first. Both orders need 3"),
        (1, 5, "Only one learner took form a2 first. Both orders need 3"),
        (2, 0, "a gain cannot be told from a difference between the two forms. And 2 learners are too few"),
        (1, 0, "And one learner is too few for an interval."),
        (0, 0, "Nobody has done both forms yet"),
    ],
)
def test_too_few_learners_are_told_so_and_given_no_figures(a_first, b_first, words):
    groups = [
        sorted({one.learner for one in ANSWERS if one.occasion == 1 and one.form == form})[:count]
        for form, count in (("a2", a_first), ("b2", b_first))
    ]
    answers = only(ANSWERS, learner=[*groups[0], *groups[1]])
    found = class_change(answers, forms=("a2", "b2"))
    assert words in found.caution
    assert all(getattr(found, measure) is None for measure in MEASURES)
    assert found.separable == (min(a_first, b_first) > 0)


def test_the_smallest_class_has_figures():
    groups = [
        sorted({one.learner for one in ANSWERS if one.occasion == 1 and one.form == form})[:LEAST_LEARNERS]
        for form in ("a2", "b2")
    ]
    found = class_change(only(ANSWERS, learner=[*groups[0], *groups[1]]))
    assert found.caution == "" and np.isfinite(found.d_prime.change).all()


@pytest.mark.parametrize("verdict", ["right", "generated", "camera"])
def test_a_class_of_one_mind_has_figures_and_intervals(verdict):
    same = [one._replace(verdict=one.truth if verdict == "right" else verdict) for one in ANSWERS]
    found = class_change(same)
    for measure in MEASURES:
        for each in vars(getattr(found, measure)).values():
            assert np.isfinite(each).all() and each.low < each.high
    change = found.d_prime.change
    assert change.value == pytest.approx(0, abs=0.05) and change.low < 0 < change.high
    assert found.camera_accepted.before.low >= 0 and found.hit_rate.after.high <= 1


def test_a_level_of_its_own():
    wide, narrow = (class_change(ANSWERS, level=level).d_prime.change for level in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: class_change([]), "hold 0 on the first two occasions"),
        (lambda: class_change(only(ANSWERS, form=["a2"])), r"hold 1 \(a2\)"),
        (lambda: class_change([*ANSWERS, ANSWERS[0]._replace(learner="x", form="z", item="z")]), "Say which two"),
        (lambda: class_change(ANSWERS, forms=("a2", "a2")), "two different ones"),
        (lambda: class_change(ANSWERS, kind="sound"), "no kind called"),
        (lambda: class_change(ANSWERS, level=float("nan")), "level"),
        (lambda: class_change(only(ANSWERS, truth=["camera"])), "of one origin"),
        (lambda: class_change([*ANSWERS, Judgement("x", "b2", 1, ANSWERS[0].item, *ANSWERS[0][4:])]), "disagree"),
    ],
)
def test_what_cannot_be_reckoned_is_said(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_forms_can_be_named_where_there_are_more():
    old = [
        one._replace(form=f"old-{one.form}", item=f"old-{one.item}", learner=f"old-{one.learner}") for one in ANSWERS
    ]
    assert class_change([*ANSWERS, *old], forms=("a2", "b2")) == class_change(ANSWERS)
    turned = class_change(ANSWERS, forms=("b2", "a2"))
    assert turned.d_prime.change == pytest.approx(class_change(ANSWERS).d_prime.change)
    assert turned.form_difference.value == pytest.approx(-class_change(ANSWERS).form_difference.value)
