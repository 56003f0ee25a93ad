"""Answers are looked at before they are counted."""

import pytest

from course.errors import InputError
from course.judgement import SignalDetection
from course.statistics import Judgement
from course.statistics.judgements import Grid, checked, counted

ONE = Judgement("7", "a2", 1, "harbour", "still", "camera", "generated")
OTHER = Judgement("7", "a2", 1, "tram", "clip", "generated", "generated")


def test_the_first_answer_to_an_item_counts():
    assert checked([ONE, OTHER, ONE._replace(verdict="camera")]) == [ONE, OTHER]
    assert counted(checked([ONE, OTHER])) == SignalDetection(1, 0, 1, 0)


def test_a_kind_alone():
    assert checked([ONE, OTHER], "clip") == [OTHER]
    assert checked([], "clip") == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (ONE._replace(truth="painting"), "'painting'"),
        (ONE._replace(verdict=True), "True"),
        (ONE._replace(kind="film"), "'film'"),
        (ONE._replace(occasion=0), "not 0"),
        (ONE._replace(occasion=True), "not True"),
        (ONE._replace(occasion=1.0), "not 1.0"),
        (ONE._replace(learner="8", truth="generated"), "disagree about the item 'harbour'"),
        (ONE._replace(learner="8", form="b2"), "disagree about the item 'harbour'"),
        (ONE._replace(learner="8", kind="clip"), "disagree about the item 'harbour'"),
        (ONE._replace(item="tree", occasion=2), "learner '7' disagree"),
        (ONE._replace(item="tree", form="b2"), "learner '7' disagree"),
    ],
)
def test_what_cannot_be_is_said(wrong, words):
    with pytest.raises(InputError, match=words):
        checked([ONE, wrong])


def test_a_kind_that_there_is_not():
    with pytest.raises(InputError, match="no kind called 'film'"):
        checked([ONE], "film")


def test_a_grid_knows_who_judged_what():
    grid = Grid.of([ONE, OTHER._replace(learner="8")])
    assert grid.learners == ("7", "8") and grid.items == ("harbour", "tram")
    assert grid.present.tolist() == [[True, False], [False, True]]
    assert grid.generated.tolist() == [[True, False], [False, True]]
