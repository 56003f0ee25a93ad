import re

from course import judgement, ui
from course.judgement.frequencies import Frequencies
from course.ui.dots import told


def _view(log) -> ui.DotsView:
    start = judgement.Frequencies(20, 80, 10)
    past = [dict(event.data) for event in log.events()]
    return ui.DotsView(judgement.FrequencyState("clips", start, log.append, past))


def test_while_a_slider_moves_nothing_is_saved_and_where_it_stops_is(log):
    view = _view(log)
    assert view.state["counts"] == {"rightly": 16, "missed": 4, "wrongly": 98, "passed": 882}
    view.act({"generated": 300, "hits": 80, "false_alarms": 10, "keep": False})
    assert view.state["counts"]["rightly"] == 240 and log.events("dots.set") == ()
    view.act({"generated": 300, "hits": 80, "false_alarms": 10, "keep": True})
    assert len(log.events("dots.set")) == 1
    assert _view(log).state["settings"] == {"generated": 300, "hits": 80, "false_alarms": 10}


def test_junk_is_answered_in_a_sentence_and_the_last_setting_stays(log):
    view = _view(log)
    for message in ({}, {"generated": "x"}, {"generated": 20, "hits": 101, "false_alarms": 0, "keep": True}):
        view.act(message)
        assert view.state["trouble"].endswith(".") and view.state["settings"]["generated"] == 20
    assert log.events("dots.set") == ()


def test_every_corner_of_the_sliders_has_words():
    for generated in (0, 1, 20, 500, 999, 1000):
        for hits in (0, 1, 80, 100):
            for false_alarms in (0, 1, 10, 100):
                text = " ".join(told(Frequencies(generated, hits, false_alarms)))
                assert not re.search(r"\b1 (are|clips)\b", text) and text.endswith(".")
                assert "%" not in text and "fake" not in text and "about 10 in 10" not in text
    assert told(Frequencies(0, 80, 0))[-1] == "Nothing is flagged."
    assert told(Frequencies(20, 80, 10))[-1].endswith("16 of them are generated: about 1 in 7.")
    assert told(Frequencies(500, 80, 10))[-1].endswith("400 of them are generated: about 9 in 10.")
