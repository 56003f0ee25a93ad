from course import judgement, ui
from course.lessons import how_sure_should_you_be as lesson
from course.record import RecordError

EVERY = [one.key for one in lesson.ledger_state().ledger.evidence]


def _said(view) -> str:
    return repr((view.sheet, view.state))


def _weigh(view, key: str, step: int = 8, source: str | None = None) -> None:
    pieces = {one.key: one for one in lesson.ledger_state().ledger.evidence}
    view.act({"type": "weigh", "item": key, "step": step, "source": source or pieces[key].source})


def test_no_expert_speaks_before_the_learner_has_entered_a_piece():
    view = lesson.ledger()
    ledger = lesson.ledger_state().ledger
    for one in ledger.evidence:
        assert not any(view_.why in _said(view) for view_ in one.opinions) and one.why_source not in _said(view)
    assert not any(expert.concludes in _said(view) for expert in ledger.experts)
    _weigh(view, "radar")
    assert len(view.state["weighed"]["radar"]["opinions"]) == 2 and set(view.state["weighed"]) == {"radar"}


def test_a_shared_source_counts_once_and_says_why(log):
    view = lesson.ledger()
    _weigh(view, "credential", 9)
    _weigh(view, "wire", 8)
    assert view.state["odds"]["fraction"] == "30 to 1" and view.state["odds"]["words"] == "very likely too fast"
    assert view.state["naive"] == "300 to 1"
    fate = view.state["weighed"]["wire"]["fate"]
    assert "does not count again" in fate and "number 5 go back to one source, the signed original" in fate
    assert fate in view.state["spoken"] and "number 6" in view.state["weighed"]["credential"]["fate"]
    _weigh(view, "wire", 8, "the radar")  # otherwise than we see it: it counts, and we say what we see
    assert view.state["odds"]["fraction"] == "300 to 1" and view.state["naive"] == ""
    assert view.state["weighed"]["wire"]["hint"].startswith("We see the signed original behind it.")
    assert lesson.ledger().state["weighed"] == view.state["weighed"]  # run again
    assert [event.data["source"] for event in log.events("ledger.weigh")][-1] == "the radar"


def test_pieces_that_say_nothing_do_not_speak_of_counting_twice():
    view = lesson.ledger()
    _weigh(view, "credential", 5)
    _weigh(view, "wire", 5)
    assert view.state["naive"] == "" and view.state["odds"]["words"] == "as likely too fast as not too fast"


def test_where_the_experts_end_comes_when_all_is_entered():
    view = lesson.ledger()
    view.act({"type": "begin", "step": 5})
    for key in EVERY:
        assert view.state["experts"] == []
        _weigh(view, key, 10)
    assert [one["name"] for one in view.state["experts"]] == ["Ilka, picture desk", "Ravi, fact checker"]
    assert view.state["beyond"] and view.state["odds"]["place"] == 6  # the bar ends there
    assert view.state["odds"]["fraction"].endswith("to 1")


def test_junk_is_answered_in_a_sentence(log):
    view = lesson.ledger()
    for message in (
        {},
        {"type": "begin"},
        {"type": "begin", "step": 10},
        {"type": "weigh", "item": ["wire"], "step": 8, "source": "the radar"},
        {"type": "weigh", "item": "wire", "step": None, "source": "the radar"},
        {"type": "weigh", "item": "wire", "step": 8, "source": "<b>me</b>"},
    ):
        view.act(message)
        assert view.state["trouble"].endswith(".")
    assert log.events() == ()


def test_a_full_disk_is_said():
    def full(_event):
        raise RecordError("Your answer could not be saved: the disk is full.")

    view = ui.LedgerView(judgement.LedgerState(lesson.ledger_state().ledger, full))
    _weigh(view, "radar")
    assert "the disk is full" in view.state["trouble"] and view.state["weighed"] == {}
