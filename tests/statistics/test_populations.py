"""What is drawn is what the population says, and the same again."""

import hashlib

import numpy as np
import pytest
from scipy.special import ndtri

from course.errors import InputError
from course.statistics import Population, populations
from course.statistics.recovery import true_value

MANY = {"classes": 400, "learners": 60}


def z(drawn, *, camera, after, form=None):
    """z-score of the share called generated, over all classes."""
    columns = (drawn.camera == camera) & (True if form is None else drawn.form == form)
    late = (drawn.form[columns] != drawn.b_first[..., None]) == after
    return ndtri(drawn.generated[..., columns][late].mean())


def test_d_prime_and_gain_are_those_over_endlessly_many_items():
    """However much items vary. Learners alike, so that no mean over them blurs it."""
    alike = {"d_prime_sd": 0.0, "criterion_sd": 0.0, "gain_sd": 0.0}
    drawn = Population(item_sd=1.0, item_gain_sd=0.5, criterion=0.2, **alike).answers(np.random.default_rng(1), **MANY)
    before = [z(drawn, camera=camera, after=False) for camera in (0, 1)]
    after = [z(drawn, camera=camera, after=True) for camera in (0, 1)]
    assert before[0] - before[1] == pytest.approx(1.0, abs=0.04)
    assert after[0] - after[1] == pytest.approx(1.4, abs=0.04)
    assert -sum(before) / 2 == pytest.approx(0.2, abs=0.02)


def test_form_b_is_easier_by_what_was_planted_in_either_order():
    alike = {"d_prime_sd": 0.0, "criterion_sd": 0.0, "gain_sd": 0.0}
    drawn = Population(form_difference=0.4, **alike).answers(np.random.default_rng(2), **MANY)
    for after in (False, True):
        ease = [
            z(drawn, camera=0, after=after, form=form) - z(drawn, camera=1, after=after, form=form) for form in (0, 1)
        ]
        assert ease[1] - ease[0] == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("origin", ["generated", "camera"])
def test_the_true_rates_are_those_drawn(origin, after):
    population = Population(criterion=0.3, criterion_shift=-0.2, form_difference=0.4, d_prime_sd=1.0)
    drawn = population.answers(np.random.default_rng(3), **MANY)
    found = z(drawn, camera=origin == "camera", after=after)
    assert found == pytest.approx(ndtri(population.rate(origin, after=after)), abs=0.02)


def test_items_vary_as_they_say():
    """Among learners who are alike an item's rate tells how it looks."""
    alike = {"d_prime": 0.0, "d_prime_sd": 0.0, "criterion_sd": 0.0, "gain": 0.0, "gain_sd": 0.0, "item_gain_sd": 0.0}
    drawn = Population(item_sd=0.7, **alike).answers(np.random.default_rng(4), 100, 2000)
    looks = ndtri(drawn.generated.mean(1))
    assert looks.std() == pytest.approx(0.7, abs=0.02)


def test_a_coin_decides_or_nobody():
    drawn = Population().answers(np.random.default_rng(5), 500, 20)
    firsts = drawn.b_first.sum(1)
    assert firsts.mean() == pytest.approx(10, abs=0.4) and firsts.std() == pytest.approx(np.sqrt(5), abs=0.25)
    assert not Population().answers(np.random.default_rng(5), 5, 20, "a_first").b_first.any()
    few = Population().answers(np.random.default_rng(5), 500, 6, fewest=3)
    assert set(few.b_first.sum(1)) == {3}


def test_a_class_is_24_items_a_form_and_the_same_again():
    answers = Population().draw(learners=5, seed=9)
    assert answers == Population().draw(learners=5, seed=9) != Population().draw(learners=5, seed=10)
    assert len(answers) == 5 * 48 and len({one.item for one in answers}) == 48
    for form in populations.FORMS:
        rows = {one.item: (one.kind, one.truth) for one in answers if one.form == form}.values()
        counts = {each: list(rows).count(each) for each in set(rows)}
        assert counts == {
            (kind, truth): items for kind, items in (("clip", 4), ("still", 8)) for truth in ("camera", "generated")
        }


def test_a_seed_gives_the_same_answers_on_every_system():
    words = "".join(one.verdict[0] for one in Population().draw(learners=30, seed=1))
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == "cc2f111d3fa6fef5"


def test_what_is_to_be_found():
    population = Population(d_prime=1.0, gain=0.3, criterion=0.1, criterion_shift=-0.2)
    assert [true_value(population, "d_prime", when) for when in ("before", "after", "change")] == [1.0, 1.3, 0.3]
    assert true_value(population, "criterion", "change") == pytest.approx(-0.2)
    assert true_value(population, "hit_rate", "change") > 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Population(item_sd=-1), "item_sd is a number, 0 or more"),
        (lambda: Population(gain=float("nan")), "gain is a number"),
        (lambda: Population(item_gain_sd=2.0), "nothing is left to judge"),
        (lambda: Population().draw(learners=0), "a learner or more"),
        (lambda: Population().draw(learners=3, design="c_first"), "no design called"),
        (lambda: Population().answers(np.random.default_rng(1), 1, 5, fewest=3), "enough for both orders"),
    ],
)
def test_what_cannot_be_drawn_is_said(make, words):
    with pytest.raises(InputError, match=words):
        make()
