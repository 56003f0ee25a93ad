import pytest

from course import judgement, media
from course.lessons import how_sharp_are_your_eyes as lesson
from course.lessons.lesson import LessonError


def _say(view, **message):
    view._said(view, message, [])


def _take(view, judge):
    """Take the whole form through the view's own messages; ``judge`` gives verdict and confidence for an item."""
    _say(view, type="go")
    while view.state["phase"] == "asking":
        verdict, confidence = judge(media.catalogue()[view._trial.current])
        _say(
            view,
            type="answer",
            position=view.state["position"],
            verdict=verdict,
            confidence=confidence,
            check="poster",
            seconds=2.0,
        )
        assert view.state["trouble"] == ""


def test_before_the_trial_the_results_say_what_to_do():
    for show in (lesson.results, lesson.calibration, lesson.answers, lambda: lesson.look_again(1)):
        assert "You have judged 0 of 24" in repr(show())


def test_results_of_a_perfect_judge(log):
    _take(lesson.trial(), lambda item: (item.origin, 100))
    words = repr(lesson.results())
    assert "You believed 12 of 12 camera items, and caught 12 of 12 generated ones." in words
    perfect = judgement.SignalDetection(12, 0, 0, 12)
    assert f"d' = {perfect.d_prime:.1f}" in words
    assert "no clear lean" in words
    assert "You: 100%" in repr(lesson.beside_others())
    assert "0 points" in repr(lesson.calibration())
    assert repr(lesson.answers()) == "24 of 24 right."


def test_results_of_a_cynic_name_the_dearer_mistake(log):
    lesson.guess().choose("21")
    _take(lesson.trial(), lambda item: ("generated", 90))
    words = repr(lesson.results())
    assert "You believed 0 of 12 camera items, and caught 12 of 12" in words
    assert "You called 12 real items generated." in words
    assert "You expected 21 right. It was 12." in words
    assert "d' = 0.0" in words
    assert "40 points more sure than right" in repr(lesson.calibration())


def test_the_trial_is_taken_up_where_it_was_left(log):
    view = lesson.trial()
    _say(view, type="go")
    for _ in range(5):
        _say(
            view,
            type="answer",
            position=view.state["position"],
            verdict="camera",
            confidence=60,
            check="file",
            seconds=1,
        )
    order = log.events("trial.begin")[0].data["order"]
    again = lesson.trial()
    assert again.state["phase"] == "paused"
    assert again.state["saved"] == 5
    _say(again, type="go")
    assert again._trial.current == order[5]


def test_form_a_is_balanced_and_its_choices_are_documented():
    model = lesson.trial_model()
    items = [media.catalogue()[name] for name in model.form.items]
    counts = {(kind, origin): 0 for kind in ("clip", "still") for origin in ("camera", "generated")}
    for item in items:
        counts[item.kind, item.origin] += 1
    assert set(counts.values()) == {6}
    assert sum(item.odd for item in items if item.origin == "camera") >= 2
    assert all(item.purpose == "parity" for item in items)
    for kind in ("clip", "still"):
        subjects = [
            sorted(i.subject for i in items if i.kind == kind and i.origin == o) for o in ("camera", "generated")
        ]
        assert subjects[0] == subjects[1]
    assert len(lesson.checks()) >= 5


@pytest.mark.parametrize("number", [0, 25, 1.5, "one"])
def test_a_number_that_is_not_in_the_table_is_said_plainly(number):
    _take(lesson.trial(), lambda item: ("camera", 50))
    with pytest.raises(LessonError, match="whole number from 1 to 24"):
        lesson.look_again(number)


def test_look_again_tells_what_it_was():
    _take(lesson.trial(), lambda item: ("camera", 50))
    (track,) = lesson.look_again(3).tracks
    item = media.catalogue()[lesson.trial_model().answers[2].item]
    assert item.credit in track["label"]


def test_two_worked_examples_have_the_same_eyes_and_opposite_leans():
    assert repr(lesson.sharpness(11, 7)) == "Sensitivity d' = 1.00. Lean c = -0.70: quick to say “generated”."
    assert repr(lesson.sharpness(5, 1)) == "Sensitivity d' = 1.00. Lean c = +0.70: quick to say “camera”."


@pytest.mark.parametrize("numbers", [(13, 0), (-1, 0), (2.5, 1), ("a", 1)])
def test_wrong_counts_are_said_plainly(numbers):
    with pytest.raises(LessonError, match="whole numbers from 0 to 12"):
        lesson.four_outcomes(*numbers)


def test_the_form_holds_nothing_that_a_lesson_shows_openly():
    shown = {
        "beak-close",
        "giraffe",
        "larch-slope",
        "window-light",
        "ball-throw",
        "skate-ramp",
        "webcam-man",
        "honey-jar",
    }
    pairs = {item.id for pair in media.catalogue().pairs.values() for item in (pair.camera, pair.generated)}
    assert not pairs & set(lesson.trial_model().form.items)
    assert not shown & set(lesson.trial_model().form.items)
