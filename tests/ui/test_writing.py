from course import judgement, record, ui

ASKED = judgement.Writing("limit", "Write one limit.", ("what it looks at", "on which data"), "It looks at colour.")


def test_checklist_and_example_come_after_the_learner_has_written(log):
    view = ui.WritingView(judgement.WritingState(ASKED, log.append))
    sent = repr(view.get_state())
    assert "on which data" not in sent and "It looks at colour." not in sent
    view.keep("It looks at <b>colour</b>.", [])
    assert view.state["checklist"] == list(ASKED.checklist) and view.state["saved"]
    view.keep("It looks at <b>colour</b>.", [1])
    assert [dict(event.data)["ticks"] for event in log.events("writing.text")] == [[], [1]]
    past = [dict(event.data) for event in log.events()]
    again = ui.WritingView(judgement.WritingState(ASKED, log.append, past))
    assert (again.state["text"], again.state["ticks"]) == ("It looks at <b>colour</b>.", [1])


def test_wrong_messages_and_a_full_disk_are_said(log):
    view = ui.WritingView(judgement.WritingState(ASKED, log.append))
    for text, ticks in (("", []), (None, None), ("fine", [9]), (5, [0])):
        view.keep(text, ticks)
        assert view.state["trouble"] and not view.state["saved"]
    assert log.events() == ()

    def full(event):
        raise record.RecordError("The disk is full.")

    view = ui.WritingView(judgement.WritingState(ASKED, full))
    view.keep("It looks at colour.", [])
    assert view.state["trouble"] == "The disk is full." and view.state["text"] == ""
