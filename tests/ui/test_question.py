from course import judgement, record, ui
from course.ui.question import HEADS

QUESTION = judgement.Question(
    "t/one",
    "Which?",
    (judgement.Option("A", "Not A.", False), judgement.Option("B", "Yes, B.", True)),
    hints=("Look at B.",),
    why="Because.",
)


def test_feedback_is_not_in_the_browser_before_its_option_is_chosen(log):
    view = ui.QuestionView(judgement.QuestionState(QUESTION, log.append))
    sent = repr(view.get_state())
    assert "Not A." not in sent and "Yes, B." not in sent and "Because." not in sent and "Look at B." not in sent
    view._said(view, {"type": "answer", "option": 0, "sure": False}, [])
    assert view.state["feedback"] == {"0": "Not A."}
    assert "Yes, B." not in repr(view.get_state())
    assert view.state["heads"] == {"0": [False, "Not quite."]} and view.spoken == "Not quite. Not A."
    view._said(view, {"type": "answer", "option": 1, "sure": True}, [])
    assert view.state["feedback"]["1"] == "Yes, B. Because."
    assert view.spoken == "That fits. Yes, B. Because."
    assert view.state["heads"] == {"0": [False, "Not quite."], "1": [True, "That fits."]}


def test_the_page_counts_options_as_it_shows_them_and_the_record_as_the_file_does(log):
    three = judgement.Question("t/three", "Which?", tuple(judgement.Option(x, f"{x}!", x == "B") for x in "ABC"))
    for number in range(20):
        code = f"heron-{1000 + number}-birch"
        view = ui.QuestionView(judgement.QuestionState(three, log.append, code=code))
        assert sorted(view.state["options"]) == ["A", "B", "C"]
        for shown, text in enumerate(view.state["options"]):
            view._said(view, {"type": "answer", "option": shown, "sure": True}, [])
            right = text == "B"
            assert view.state["feedback"][str(shown)] == f"{text}!"
            assert view.state["heads"][str(shown)] == [right, HEADS[right]] and view.spoken == f"{HEADS[right]} {text}!"
            assert view.state["chosen"] == shown and view.state["right"] is right
            assert log.events("question.answer")[-1].data["option"] == "ABC".index(text)
            past = [dict(log.events("question.answer")[-1].data)]
            again = ui.QuestionView(judgement.QuestionState(three, log.append, past, code))
            assert again.state["chosen"] == shown and again.state["feedback"] == {str(shown): f"{text}!"}
        for wrong in (3, -1, None, "1", True, 1.0):
            view._said(view, {"type": "answer", "option": wrong, "sure": True}, [])
            assert "Choose one of the 3 options" in view.state["trouble"]


def test_wrong_messages_and_a_full_disk_are_said(log):
    view = ui.QuestionView(judgement.QuestionState(QUESTION, log.append))
    for option in (7, None, "1", True):
        view._said(view, {"type": "answer", "option": option, "sure": True}, [])
        assert "Choose one of the 2 options" in view.state["trouble"]
    assert log.events() == ()

    def full(event):
        raise record.RecordError("The disk is full.")

    view = ui.QuestionView(judgement.QuestionState(QUESTION, full))
    view.answer(1, sure=True)
    view.hint()
    assert view.state["trouble"] == "The disk is full."
    assert view.state["feedback"] == {} and view.state["hints"] == []
