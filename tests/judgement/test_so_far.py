import pytest

from course.judgement.so_far import confidence_so_far

TRIAL = {"form": "a", "attempt": 1, "seed": 5}
BEGIN = {"kind": "trial.begin", "order": ["one", "two"], **TRIAL}


def _answer(item: str, verdict: str = "camera", confidence: object = 80, **other) -> dict:
    fields = {"kind": "trial.answer", "item": item, "verdict": verdict, "confidence": confidence, "truth": "camera"}
    return {**fields, **TRIAL, **other}


def test_an_empty_record_is_no_error():
    mine = confidence_so_far([])
    assert mine.confidences == mine.correct == mine.sure == mine.unsure == ()


def test_a_trial_counts_once_it_is_finished_and_never_before():
    past = [BEGIN, _answer("one", confidence=90)]
    assert confidence_so_far(past).confidences == ()
    mine = confidence_so_far([*past, _answer("two", "generated", 60)])
    assert mine.confidences == (0.9, 0.6) and mine.correct == (True, False)
    assert mine.overconfidence.value == pytest.approx(0.25) and mine.brier == pytest.approx((0.01 + 0.36) / 2)
    assert sum(part.count for part in mine.calibration) == 2


def test_the_first_answer_counts():
    past = [BEGIN, _answer("one"), _answer("one", "generated", 100), _answer("two")]
    assert confidence_so_far(past).correct == (True, True)
    asked = {"kind": "question.answer", "question": "a/b", "option": 0}
    past = [{**asked, "sure": True, "right": False}, {**asked, "sure": False, "right": True}]
    mine = confidence_so_far([*past, {**asked, "question": "a/c", "sure": False, "right": True}])
    assert mine.sure == (False,) and mine.unsure == (True,)


@pytest.mark.parametrize(
    "event",
    [
        _answer("two", confidence=40),
        _answer("two", confidence="80"),
        _answer("two", verdict="fake"),
        _answer("two", truth=None),
        _answer(["two"]),
        {"kind": "trial.begin", "order": "one", **TRIAL, "attempt": 2},
        {"kind": "question.answer", "question": ["x"], "sure": True, "right": True},
        {"kind": "question.answer", "question": "x", "sure": 1, "right": True},
        {},
    ],
)
def test_what_makes_no_sense_is_passed_over(event):
    mine = confidence_so_far([BEGIN, _answer("one"), event])
    assert mine.confidences == () and mine.sure == ()


def test_an_item_that_was_judged_in_two_rounds_counts_once_and_as_it_was_judged_first():
    events = []
    for attempt, confidence, verdict in ((1, 60, "generated"), (2, 100, "camera")):
        trial = {"form": "a", "attempt": attempt, "seed": attempt}
        events.append({"kind": "trial.begin", "order": ["one", "two"], **trial})
        for item in ("one", "two"):
            answer = {"item": item, "verdict": verdict, "truth": "camera", "confidence": confidence}
            events.append({"kind": "trial.answer", **answer, **trial})
    mine = confidence_so_far(events)
    assert (mine.confidences, mine.correct) == ((0.6, 0.6), (False, False))
