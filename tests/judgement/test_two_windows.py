"""Two windows on one record: what is done in one counts in the other, and nothing is saved twice."""

import pytest

from course.judgement import Elsewhere, Form, Option, Question, QuestionState, Trial
from course.record import Record

TRUTH = {"one": "camera", "two": "generated", "three": "camera", "four": "generated"}
FORM = Form("a", tuple(TRUTH), "Form A")
KINDS = dict.fromkeys(TRUTH, "clip")
QUESTION = Question("pan", "What follows?", (Option("A", "No."), Option("B", "Yes.", True)), ("One.", "Two."))


@pytest.fixture
def records(tmp_path):
    """The record as two kernels have it."""
    return Record(tmp_path), Record(tmp_path)


@pytest.fixture
def trials(records):
    return [Trial(FORM, TRUTH, KINDS, log.append, log.following()) for log in records]


@pytest.fixture
def questions(records):
    return [QuestionState(QUESTION, log.append, log.following()) for log in records]


def _kinds(records):
    return [event.kind for event in records[0].events()][1:]


def test_begun_in_both_is_one_beginning(trials, records):
    here, there = trials
    told = []
    there.observe(told.append)
    here.start()
    with pytest.raises(Elsewhere, match="in another window"):
        there.start()
    assert told == [there] and there.order == here.order
    assert _kinds(records) == ["trial.begin"]


def test_an_item_is_judged_once_and_both_go_on_from_there(trials, records):
    here, there = trials
    here.start()
    with pytest.raises(Elsewhere):
        there.start()
    item = here.current
    here.answer("camera", 90)
    with pytest.raises(Elsewhere, match="that answer stands"):
        there.answer("generated", 60)
    assert there.progress.done == 1 and there.answers == here.answers and there.answers[0].item == item
    there.answer("generated", 70)
    there.answer("generated", 70)
    with pytest.raises(Elsewhere, match="that answer stands"):
        here.answer("camera", 70)
    here.answer("camera", 70)
    assert here.finished and not there.finished
    with pytest.raises(Elsewhere):
        there.answer("camera", 70)
    assert there.finished and there.result() == here.result()
    judged = [event.data["item"] for event in records[1].events("trial.answer")]
    assert sorted(judged) == sorted(TRUTH)
    later = Trial(FORM, TRUTH, KINDS, records[0].append, records[0].following())
    assert later.result() == here.result()


def test_a_break_is_one_break(trials, records):
    here, there = trials
    here.start()
    with pytest.raises(Elsewhere):
        there.start()
    here.pause()
    with pytest.raises(Elsewhere, match="You paused this trial"):
        there.answer("camera", 80)
    assert there.paused
    here.resume()
    there.resume()
    assert not there.paused and not here.paused
    there.pause()
    here.pause()
    assert here.paused and there.paused
    assert _kinds(records) == ["trial.begin", "trial.pause", "trial.resume", "trial.pause"]


def test_another_round_is_begun_once(trials, records):
    here, there = trials
    here.start()
    while not here.finished:
        here.answer("camera", 80)
    with pytest.raises(Elsewhere):
        there.start()
    here.again()
    with pytest.raises(Elsewhere):
        there.again()
    assert there.attempt == here.attempt == 2
    assert len(records[0].events("trial.begin")) == 2


def test_the_same_answer_to_a_question_is_saved_once(questions, records):
    here, there = questions
    here.choose(1, sure=True)
    assert there.choose(1, sure=True).right
    assert [event.data["tries"] for event in records[0].events("question.answer")] == [1]


def test_another_answer_counts_on(questions, records):
    here, there = questions
    here.choose(0, sure=True)
    there.choose(1, sure=True)
    here.choose(0, sure=False)
    assert here.tries == 3 and here.solved and here.choice == 0
    assert [event.data["tries"] for event in records[1].events("question.answer")] == [1, 2, 3]
    again = QuestionState(QUESTION, records[1].append, records[1].following())
    assert (again.tries, again.choice, again.sure) == (3, 0, False)


def test_in_one_window_the_same_answer_may_be_given_again(questions, records):
    here, _ = questions
    for _ in range(3):
        here.choose(0, sure=True)
    assert here.tries == 3 == len(records[1].events("question.answer"))


def test_a_hint_is_saved_once(questions, records):
    here, there = questions
    assert here.hint() == there.hint() == "One."
    assert there.hint() == "Two." and there.hints_left == 0
    assert [event.data["hint"] for event in records[0].events("question.hint")] == [0, 1]
