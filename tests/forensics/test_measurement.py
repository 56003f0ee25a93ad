from __future__ import annotations

import dataclasses
import inspect
import re

import numpy as np
import pytest

from course import forensics

RESULTS = [member for _, member in inspect.getmembers(forensics, inspect.isclass)]


def test_place_by_hand():
    placed = forensics.place(3.0, [5.0, 1.0, 3.0, 3.0, 2.0])
    # Two lie below, two are equal: (2 + 2 / 2) / 5.
    assert placed.percentile == 60.0
    assert (
        placed.count,
        placed.lowest,
        placed.lower_quartile,
        placed.median,
        placed.upper_quartile,
        placed.highest,
    ) == (
        5,
        1.0,
        2.0,
        3.0,
        3.0,
        5.0,
    )


def test_place_spans_0_to_100_and_is_fair_to_ties():
    assert forensics.place(0, [1, 2]).percentile == 0
    assert forensics.place(9, [1, 2]).percentile == 100
    assert forensics.place(1, [1, 1, 1]).percentile == 50


def test_place_heeds_order_alone():
    null = np.random.default_rng(0).normal(size=30)
    assert forensics.place(0.3, null).percentile == forensics.place(np.exp(0.3), np.exp(null[::-1])).percentile


@pytest.mark.parametrize(("value", "null"), [(1, []), (np.nan, [1]), (1, [1, np.nan]), (np.inf, [1])])
def test_place_refuses_what_has_no_place(value, null):
    with pytest.raises(ValueError, match="null_values"):
        forensics.place(value, null)


def test_place_fails_on_few_references():
    # On purpose: with one reference value every other lies at 0 or 100, however near it is. The count says so.
    placed = forensics.place(1.0001, [1.0])
    assert (placed.percentile, placed.count) == (100.0, 1)


def test_every_answer_has_the_same_four_parts_and_cannot_be_changed(picture):
    clip = forensics.pan(picture, frames=6, step=2)
    answers = [
        forensics.optical_flow(clip),
        forensics.flicker(clip),
        forensics.second_order_motion(clip),
        forensics.sharpness_over_time(clip),
        forensics.fit_trajectory([(0, 0), (1, 2), (2, 5), (3, 11)], fps=10),
        forensics.fit_approach([(0, 0), (1, 2), (2, 5), (3, 11)], [5, 6, 6, 7], fps=10),
        forensics.light_from_shadows([[(0, 0), (0, 9)], [(9, 0), (8, 9)], [(20, 0), (16, 9)]]),
        forensics.vanishing_point([[(0, 0), (0, 9)], [(9, 0), (8, 9)], [(20, 0), (16, 9)]]),
    ]
    measuring = {kind for kind in RESULTS if issubclass(kind, forensics.Measurement)} - {forensics.Measurement}
    assert {type(answer) for answer in answers} == measuring
    for answer in answers:
        assert isinstance(answer.value, float)
        assert np.isfinite(answer.value)
        assert answer.unit
        assert answer.curve.dtype == np.float64
        assert answer.curve.ndim == 1
        assert np.isfinite(answer.curve).all()
        assert len(answer.confounders) >= 3
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in answer.confounders)
        with pytest.raises(dataclasses.FrozenInstanceError):
            answer.value = 0.0


def test_nothing_here_claims_to_know_the_truth():
    forbidden = re.compile("fake|probab|verdict|likel|genuine|authentic|score|detect", re.IGNORECASE)
    names = set(forensics.__all__)
    for kind in RESULTS:
        names |= {name for name in dir(kind) if not name.startswith("_")}
        names |= {field.name for field in dataclasses.fields(kind)} if dataclasses.is_dataclass(kind) else set()
    for name in forensics.__all__:
        if inspect.isfunction(member := getattr(forensics, name)):
            names |= set(inspect.signature(member).parameters)
    assert {"optical_flow", "confounders", "percentile", "null_values"} <= names
    assert not [name for name in names if forbidden.search(name)]


def test_all_names_are_there_and_documented_with_an_example():
    for name in forensics.__all__:
        member = getattr(forensics, name)
        assert member.__doc__, name
        if inspect.isfunction(member):
            assert "Examples\n" in inspect.getdoc(member), name
            assert ">>>" in member.__doc__, name
