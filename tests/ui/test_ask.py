"""One way to ask: each message of a page has an answer, from every view, whatever becomes of it."""

import inspect
import logging
import re
from importlib import resources

import pytest

from course import ui
from course.errors import CourseError
from course.ui.look import OUR_FAULT

STATIC = resources.files("course.ui") / "static"

LISTENING = {
    "AnnotateView",
    "BenchView",
    "BrowserView",
    "Choice",
    "DotsView",
    "EnduranceView",
    "ExploreView",
    "FileDeskView",
    "FindingsView",
    "Keep",
    "LedgerView",
    "MakerView",
    "MarkingView",
    "MovesView",
    "ProbeView",
    "PutBack",
    "QuestionView",
    "SigningView",
    "SixteenView",
    "StockView",
    "TrialView",
    "TrustView",
    "WritingView",
}
"""The views that a page talks to; `tests/browser/test_every_view.py` presses a button of each in silence."""


def _views(parent=ui.View):
    for one in parent.__subclasses__():
        if one.__module__.startswith("course."):
            yield one
            yield from _views(one)


@pytest.mark.parametrize("view", sorted(_views(), key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_every_view_that_a_page_talks_to_has_the_one_way_to_ask(view):
    script = str(view._esm)
    listens = view._said is not ui.View._said
    assert (view.__name__ in LISTENING) == listens == ("= asker({" in script)
    if listens:
        inspect.signature(view._said).bind("view", "the widget", {}, [])  # and not another method of that name
        (name,) = re.findall(r"const (\w+) = asker\(", script)
        assert f"  {name}.close();" in script  # it lets go of what it waits for when the page is closed


def test_no_script_speaks_to_the_kernel_by_a_way_of_its_own():
    ways = re.compile(r"model\.send|save_changes|model\.set\(|msg:custom|setTimeout\([^)]*No answer|\bPATIEN")
    using = {one.name for one in STATIC.iterdir() if one.name.endswith(".js") and ways.search(one.read_text("utf-8"))}
    # The signing desk sends what it shows as messages, because it holds the pen name; it asks as all do.
    # The player lets the record know, once, of a step; it has shown the frame already and awaits nothing.
    assert using == {"ask.js", "player.js", "signing.js"}
    told = re.findall(r"model\.send|model\.set\([^)]*\)|msg:custom", (STATIC / "player.js").read_text("utf-8"))
    assert told == ['model.set("stepped", true)']
    assert "model.send" not in (STATIC / "signing.js").read_text("utf-8")


class _Listening(ui.View):
    """Does as it is told by the test."""

    def __init__(self, act):
        super().__init__()
        self._act, self.sent = act, []

    def send(self, content, buffers=None):
        self.sent.append((content, list(buffers or [])))

    def _said(self, _view, message, buffers):
        return self._act(message)

    def hear(self, message):
        self._handle_custom_msg(message, [])
        return [content for content, _ in self.sent if isinstance(content, dict)]


def test_a_message_is_heard_and_answered_once_it_is_done():
    view = _Listening(lambda message: order.append(("done", [])))
    order = view.sent
    view.hear({"type": "x", "ask": "a-1"})
    heard, done, answered = order
    assert heard == ({"type": "heard", "ask": "a-1"}, [])
    assert done == ("done", [])
    assert answered == ({"type": "answered", "ask": "a-1", "trouble": "", "reply": {}}, [])


def test_a_reply_and_its_bytes_travel_with_the_answer():
    view = _Listening(lambda message: ({"name": message["name"]}, [b"pixels"]))
    view.hear({"name": "sea", "ask": "a-1", "quiet": True})
    assert view.sent == [({"type": "answered", "ask": "a-1", "trouble": "", "reply": {"name": "sea"}}, [b"pixels"])]


def test_a_sentence_for_the_learner_goes_into_the_answer():
    def refuse(message):
        raise CourseError("The disk is full.")

    assert _Listening(refuse).hear({"ask": "a-1"})[-1]["trouble"] == "The disk is full."


@pytest.mark.parametrize("fault", [KeyError("pixels"), ValueError("shapes (3,) (4,)"), RuntimeError("libpng: x")])
def test_any_other_fault_is_ours_and_its_words_stay_in_the_log(fault, caplog):
    def fail(message):
        raise fault

    log = logging.getLogger("course.ui.look")
    log.addHandler(caplog.handler)  # in a page the course's log goes to a file, and no further
    try:
        answer = _Listening(fail).hear({"ask": "a-1"})[-1]
    finally:
        log.removeHandler(caplog.handler)
    assert answer["trouble"] == OUR_FAULT and str(fault) not in repr(answer)
    assert "Nothing that was saved is lost" in OUR_FAULT
    assert caplog.records[0].exc_info[1] is fault and "_Listening" in caplog.text


def test_a_question_that_comes_twice_is_done_once_and_answered_twice():
    done = []
    view = _Listening(done.append)
    for _ in range(2):
        view.hear({"type": "answer", "ask": "a-1"})
    view.hear({"type": "answer", "ask": "a-2"})
    assert len(done) == 2
    assert [one["ask"] for one, _ in view.sent if one["type"] == "answered"] == ["a-1", "a-1", "a-2"]


def test_answers_are_not_kept_without_end():
    view = _Listening(lambda message: ({}, [bytes(1000)]))
    for number in range(100):
        view.hear({"ask": f"a-{number}"})
    assert len(view._answers) <= 8


@pytest.mark.parametrize("message", [{}, {"type": "x"}, {"ask": None}, [], "x", None])
def test_a_message_without_a_number_gets_no_answer_and_harms_nothing(message):
    assert _Listening(lambda message: None).hear(message) == []


@pytest.mark.parametrize("number", [1, 2.5, True, [], {}, "x" * 9999])
def test_odd_numbers_are_answered_too(number):
    assert _Listening(lambda message: None).hear({"ask": number})[-1]["ask"] == number
