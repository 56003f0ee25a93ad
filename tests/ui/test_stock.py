from course import judgement, ui
from course.lessons import signed_at_birth as lesson
from course.lessons import stock
from course.media import catalogue


def _said(view) -> str:
    return repr((view.pile, view.state))


def test_nothing_that_tells_is_in_the_browser_before_the_decision():
    view = lesson.stock()
    pile = lesson.stock_state().curation
    for one in pile.submissions:
        texts = (*one.replies.values(), one.colleague, one.was, *(ground.reply for ground in one.grounds))
        assert not any(text in _said(view) for text in texts)
        item = catalogue()[stock.PICTURES[one.key]]
        for secret in (item.id, item.package, item.generator or "Recorded by a camera"):
            assert secret not in _said(view)
        assert b"c2pa" not in view.pictures[one.key]


def test_a_decision_brings_its_replies_and_no_others(log):
    view = lesson.stock()
    view.act({"submission": "bear", "decision": "accept", "ground": 0, "words": "why not"})
    pile = {one.key: one for one in lesson.stock_state().curation.submissions}
    told = view.state["decided"]["bear"]
    assert told["replies"] == [pile["bear"].replies["accept"], pile["bear"].grounds[0].reply]
    assert told["done"] == "accepted" and pile["bear"].colleague in view.state["spoken"]
    assert pile["car"].colleague not in _said(view)
    assert log.events("curation.decide")[0].data["words"] == "why not"
    assert lesson.stock().state["decided"]["bear"]["words"] == "why not"  # run again


def test_it_opens_where_it_was_left_and_closes_when_all_are_decided():
    view = lesson.stock()
    assert view.state["key"] == "swans" and view.state["closing"] == ""
    keys = [entry["key"] for entry in view.pile["submissions"]]
    for key in keys:
        view.act({"submission": key, "decision": "ask", "ground": 1})
    assert view.state["closing"].startswith("All ten are decided")
    assert lesson.stock().state["key"] == keys[-1]


def test_junk_is_answered_in_a_sentence(log):
    view = lesson.stock()
    for message in (
        {},
        {"submission": None, "decision": 7, "ground": "x"},
        {"submission": "swans", "decision": "accept"},
        {"submission": "swans", "decision": "accept", "ground": 0, "words": "x" * 999},
        {"submission": ["swans"], "decision": {}, "ground": [], "words": None},
    ):
        view.act(message)
        assert view.state["trouble"].endswith(".")
    assert log.events("curation.decide") == ()


def test_a_full_disk_is_said(log):
    from course.record import RecordError

    def full(_event):
        raise RecordError("Your answer could not be saved: the disk is full.")

    state = judgement.CurationState(lesson.stock_state().curation, full)
    made = stock.stock()
    view = ui.StockView(state, lesson._checked(), made.files, {key: "alt" for key in made.files})
    view.act({"submission": "swans", "decision": "accept", "ground": 0})
    assert "the disk is full" in view.state["trouble"] and view.state["decided"] == {}
