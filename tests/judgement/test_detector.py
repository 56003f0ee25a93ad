from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from course.judgement import Scores, Table, auc, train
from course.judgement.detector import METHODS


def table(seed=0, groups=12, each=3, spread=1.0):
    """Items of a few sources: the sources differ a little by origin, and greatly among each other."""
    chance = np.random.default_rng(seed)
    items, made, sources, values = [], [], [], []
    for number in range(groups):
        generated = number % 2 == 1
        place = chance.normal(0.6 * generated, spread, 3)
        for n in range(each):
            items.append(f"{number}-{n}")
            made.append(generated)
            sources.append(f"source {number}")
            values.append(tuple(float(x) for x in chance.normal(place, 0.05)))
    return Table(tuple(items), tuple(made), tuple(sources), ("a", "b", "c"), tuple(values))


TOY = table()
QUIET = Scores(("a", "b", "c", "d", "e"), (False, False, True, True, True), (0.1, 0.6, 0.4, 0.6, 0.9))


# what scores say


def test_counts_at_a_line_by_hand():
    signal = QUIET.at(0.6)
    assert (signal.hits, signal.misses, signal.false_alarms, signal.correct_rejections) == (2, 1, 1, 1)
    assert (QUIET.at(0).hits, QUIET.at(0).false_alarms) == (3, 2)
    assert (QUIET.at(1).hits, QUIET.at(1).false_alarms) == (0, 0)


def test_roc_by_hand_and_as_scikit_learn_draws_it():
    assert [tuple(point)[1:] for point in QUIET.roc()] == [(0, 0), (0, 1 / 3), (0.5, 2 / 3), (0.5, 1), (1, 1)]
    from sklearn.metrics import roc_auc_score, roc_curve

    scores = train(TOY, ["a", "b"]).strangers
    accused, caught, _ = roc_curve(scores.generated, scores.values, drop_intermediate=False)
    assert [point.accused for point in scores.roc()] == pytest.approx(accused.tolist())
    assert [point.caught for point in scores.roc()] == pytest.approx(caught.tolist())
    assert scores.auc.value == pytest.approx(roc_auc_score(scores.generated, scores.values))


def test_roc_only_rises_and_the_area_under_it_is_the_auc():
    for method in METHODS:
        scores = train(TOY, ["a", "c"], method).siblings
        x, y = np.array([(point.accused, point.caught) for point in scores.roc()]).T
        assert (np.diff(x) >= 0).all() and (np.diff(y) >= 0).all()
        assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
        assert float(np.trapezoid(y, x)) == pytest.approx(scores.auc.value)


# training


def test_one_number_is_put_in_the_order_of_that_number():
    detector = train(TOY, ["b"])
    made = [value for value, flag in zip(TOY.column("b"), TOY.generated, strict=True) if flag]
    camera = [value for value, flag in zip(TOY.column("b"), TOY.generated, strict=True) if not flag]
    area = auc(made, camera).value
    assert detector.homework.auc.value == pytest.approx(max(area, 1 - area))
    assert np.sign(detector.leanings[0].weight) == np.sign(area - 0.5)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_table_gives_the_same_detector(method):
    assert train(TOY, ["a", "b"], method) == train(TOY, ["a", "b"], method)


def test_units_do_not_matter():
    scaled = replace(TOY, values=tuple((1000 * a + 7, b, c) for a, b, c in TOY.values))
    for method in METHODS:
        before, after = train(TOY, ["a", "b"], method), train(scaled, ["a", "b"], method)
        assert after.strangers.values == pytest.approx(before.strangers.values, abs=1e-6)


def test_how_many_there_are_of_a_side_does_not_move_the_scores():
    twice = Table(
        TOY.items + tuple(f"{name} again" for name, made in zip(TOY.items, TOY.generated, strict=True) if made),
        TOY.generated + tuple(made for made in TOY.generated if made),
        TOY.sources + tuple(source for source, made in zip(TOY.sources, TOY.generated, strict=True) if made),
        TOY.features,
        TOY.values + tuple(row for row, made in zip(TOY.values, TOY.generated, strict=True) if made),
    )
    before, after = (train(one, ["a"]).homework for one in (TOY, twice))
    assert abs(np.mean(after.of(False)) - np.mean(before.of(False))) < 0.05


def test_what_leaks_is_shown():
    # Sources that differ more among each other than by origin: with a sibling in the homework the exam is easy.
    areas = {exam: [] for exam in ("homework", "siblings", "strangers")}
    for seed in range(6):
        detector = train(table(seed), ["a", "b", "c"], "questions")
        for exam, found in areas.items():
            found.append(getattr(detector, exam).auc.value)
    homework, siblings, strangers = (np.mean(found) for found in areas.values())
    assert homework > 0.9 and siblings > 0.8
    assert strangers < siblings - 0.2


def test_no_item_of_its_source_was_in_the_homework_of_its_judge():
    # Whatever is done to a source, the score of its items comes from models that know nothing of it.
    moved = TOY.changed({item: {"a": 99.0} for item in TOY.items if item.startswith("4-")})
    before, after = train(TOY, ["b", "c"]), train(moved, ["b", "c"])
    assert before.strangers == after.strangers
    flipped = replace(
        TOY,
        values=tuple(
            (99.0, 99.0, 99.0) if item.startswith("4-") else row
            for item, row in zip(TOY.items, TOY.values, strict=True)
        ),
    )
    again = train(TOY, ["a", "b"]).again(flipped)
    mine = [n for n, item in enumerate(TOY.items) if item.startswith("4-")]
    learned = train(flipped, ["a", "b"]).strangers
    assert [again.values[n] for n in mine] == pytest.approx([learned.values[n] for n in mine])


@pytest.mark.parametrize("method", METHODS)
def test_the_exam_again_on_the_same_values_is_the_same(method):
    detector = train(TOY, ["a", "c"], method)
    assert detector.again(TOY) == detector.strangers
    assert detector.meet(TOY) == detector.homework
    with pytest.raises(ValueError, match="not been examined on elsewhere; use `meet`"):
        detector.again(replace(TOY, sources=("elsewhere",) * len(TOY.items)))


def test_leanings_name_what_the_detector_goes_by():
    useful = replace(
        TOY, values=tuple((2.0 * made, b, c) for made, (_, b, c) in zip(TOY.generated, TOY.values, strict=True))
    )
    weights = dict(train(useful, ["a", "b", "c"]).leanings)
    assert weights["a"] > 5 * max(abs(weights["b"]), abs(weights["c"]))
    shares = dict(train(useful, ["a", "b", "c"], "questions").leanings)
    assert shares == {"a": 1.0, "b": 0.0, "c": 0.0}


@pytest.mark.parametrize(
    ("features", "method", "says"),
    [
        ([], "weights", "Choose one thing or more"),
        (["a", "a"], "weights", "Choose each thing once"),
        (["magic"], "weights", "There is no feature 'magic'. Choose from: a, b, c"),
        (["a"], "forest", "no way to decide called 'forest'"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(features, method, says):
    with pytest.raises(ValueError, match=says):
        train(TOY, features, method)


def test_one_source_of_a_side_is_too_few():
    one = replace(
        TOY, sources=tuple("only" if made else source for made, source in zip(TOY.generated, TOY.sources, strict=True))
    )
    with pytest.raises(ValueError, match="two sources or more of generated items"):
        train(one, ["a"])


# tables


def test_a_table_that_does_not_fit_is_refused():
    for wrong, says in (
        ({"generated": TOY.generated[1:]}, "for each item"),
        ({"items": ("same",) * len(TOY.items)}, "each item and each feature once"),
        ({"features": ("a", "a", "b")}, "each item and each feature once"),
        ({"features": ("a", "b")}, "'0-0' needs one finite number for each of a, b"),
        ({"values": ((np.nan, 0.0, 0.0), *TOY.values[1:])}, "'0-0' needs one finite number"),
    ):
        with pytest.raises(ValueError, match=says):
            replace(TOY, **wrong)


def test_a_changed_table_is_a_new_one():
    after = TOY.changed({"0-1": {"b": 5.0}})
    assert after.column("b")[1] == 5.0 and TOY.column("b")[1] != 5.0
    assert after.column("a") == TOY.column("a")
    with pytest.raises(FrozenInstanceError):
        after.items = ()
