"""A shortcut that is planted in a table of numbers is found, and chance is not taken for one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from course import shortcuts
from course.judgement import Auc, Interval, Table
from course.shortcuts import DETECTORS, LIMITS, examine, holds, part, single


def drawn(prefix, seed, *, shift=0.0, count=24, features=("colour", "speed", "grain")):
    """Items of both origins, numbers from one bell; the generated ones have `shift` more of the first."""
    chance = random.Random(seed)
    made = tuple(at % 2 == 1 for at in range(count))
    rows = tuple(
        tuple(chance.gauss(0, 1) + shift * (generated and at == 0) for at in range(len(features))) for generated in made
    )
    names = tuple(f"{prefix}{at}" for at in range(count))
    return Table(names, made, names, features, rows)


def test_a_planted_shortcut_is_found_by_its_number_and_by_every_detector():
    training, form = drawn("open", 1, shift=4, count=80), drawn("form", 2, shift=4)
    areas = single(form)
    assert not holds(areas["colour"], LIMITS.single)
    for name, scores in examine(training, form).items():
        assert scores.items == form.items, name
        assert scores.auc.value > 0.85, name
        assert not holds(scores.auc, LIMITS.detector, half=True), name


def test_a_shortcut_that_no_number_shows_alone_is_found_by_the_detectors():
    def joined(prefix, count):
        """Of each two of like size, the generated one has a little more of the one and less of the other."""
        made = tuple(at % 2 == 1 for at in range(count))
        rows = tuple(
            (at // 2 + (0.7 if more else -0.7), at // 2 - (0.7 if more else -0.7)) for at, more in enumerate(made)
        )
        names = tuple(f"{prefix}{at}" for at in range(count))
        return Table(names, made, names, ("here", "there"), rows)

    form = joined("form", 40)
    assert all(0.35 < area.value < 0.65 for area in single(form).values())
    assert examine(joined("open", 100), form, ("linear",))["linear"].auc.value > 0.95


def test_a_form_where_the_shortcut_points_the_other_way_is_no_better():
    form = drawn("form", 2, shift=4)
    turned = replace(form, generated=tuple(not made for made in form.generated))
    found = examine(drawn("open", 1, shift=4, count=80), turned, ("linear", "tree"))
    assert all(scores.auc.value < 0.2 for scores in found.values())
    assert not any(holds(scores.auc, LIMITS.detector, half=True) for scores in found.values())
    assert shortcuts.best(found)[1].value < 0.2


def test_where_there_is_nothing_to_learn_the_detectors_toss_a_coin_on_average():
    for name in DETECTORS:
        areas = [
            examine(drawn("open", seed, count=60), drawn("form", 100 + seed), (name,))[name].auc.value
            for seed in range(30 if name != "forest" else 8)
        ]
        assert sum(areas) / len(areas) == pytest.approx(0.5, abs=0.08), name


def test_either_origin_counts_the_same_however_few_items_it_has():
    """Nine camera items to one generated item: no detector may just say camera to all."""
    few = drawn("open", 3, shift=2, count=200)
    keep = {item for item, made in zip(few.items, few.generated, strict=True) if not made} | set(few.items[1:20:2])
    form = drawn("form", 4, shift=2)
    for name in ("linear", "tree"):
        scores = examine(part(few, keep), form, (name,))[name]
        assert scores.at(0.5).hits >= 8, name


def test_the_same_tables_give_the_same_scores_and_the_order_of_the_features_does_not_matter():
    training, form = drawn("open", 5, shift=1, count=60), drawn("form", 6, shift=1)
    other = replace(form, features=form.features[::-1], values=tuple(row[::-1] for row in form.values))
    assert examine(training, form) == examine(training, form) == examine(training, other)


@pytest.mark.parametrize(
    ("area", "within", "half", "kept"),
    [
        (Auc(0.65, 0.4, 0.8), LIMITS.single, False, True),
        (Auc(0.66, 0.4, 0.8), LIMITS.single, False, False),
        (Auc(0.35, 0.2, 0.6), LIMITS.single, False, True),
        (Auc(0.34, 0.2, 0.6), LIMITS.single, False, False),
        (Auc(0.6, 0.45, 0.7), LIMITS.detector, True, True),
        (Auc(0.39, 0.3, 0.55), LIMITS.detector, True, False),
        (Auc(0.58, 0.505, 0.7), LIMITS.detector, True, False),
        (Auc(0.6000000000000001, 0.45, 0.7), Interval(0.4, 0.6), True, True),
    ],
)
def test_limits_hold_in_both_directions(area, within, half, kept):
    assert holds(area, within, half=half) is kept


def test_what_cannot_be_examined_is_said_in_a_sentence():
    table = drawn("open", 1)
    with pytest.raises(ValueError, match="'open0' is shown openly and examined"):
        examine(table, table)
    one_origin = part(table, set(table.items[::2]))
    with pytest.raises(ValueError, match="both origins"):
        examine(one_origin, drawn("form", 2))
    with pytest.raises(ValueError, match="no detector called 'oracle'"):
        examine(table, drawn("form", 2), ("oracle",))
    with pytest.raises(ValueError, match="no feature 'grain'"):
        examine(table, drawn("form", 2, features=("colour", "speed")))
