"""Each rule by which the record ticks a promise: what shows it, and what comes near and does not."""

import pytest

from course import judgement, ui
from course.judgement.order import BALANCED, EARLIER
from course.lessons import welcome
from course.lessons.achievements import achievements
from course.lessons.lesson import Lesson, outline
from course.media.catalogue import data_folder


def _trial(*items, **more):
    answer = {"kind": "trial.answer", "form": "a", "attempt": 1, "seed": 3, "verdict": "camera", "confidence": 80}
    return [
        {"kind": "trial.begin", "form": "a", "attempt": 1, "seed": 3, "order": ["x", "y"]},
        *({**answer, "item": item, **more} for item in items),
    ]


def _pieces(kind, whole, piece, of, *done, **more):
    return [{"kind": kind, whole: "w", piece: one, of: 2, **more} for one in done]


def _marks(*items, box=(0.1, 0.1, 0.2, 0.2)):
    answer = {"kind": "annotation.answer", "set": "s", "box": box}
    return [{"kind": "annotation.begin", "set": "s", "order": ["x", "y"]}, *({**answer, "item": one} for one in items)]


def _notes(*found, reader="own"):
    return [{"kind": "endurance.note", "endurance": "marks", "reader": reader, "found": one} for one in found]


SHOWN = {
    "trial:first": _trial("x", "y"),
    "trial:own": [{**event, "form": "own"} for event in _trial("x", "y")],
    "findings:w": _pieces("findings.check", "findings", "row", "rows", "x", "y", right=True),
    "ledger:w": _pieces("ledger.weigh", "ledger", "item", "of", "x", "y"),
    "curation:w": _pieces("curation.decide", "curation", "submission", "of", "x", "y"),
    "annotation:s": _marks("x", "y"),
    "endurance:marks": _notes(True, False),
    "question:q": [{"kind": "question.answer", "question": "q", "right": True}],
    "moves:m": [{"kind": "moves.rank", "moves": "m", "order": [0, 1]}],
    "preference:path": [{"kind": "preference", "name": "path", "value": "short"}],
    "trail:b": [{"kind": "trail.verdict", "story": "b", "verdict": "misdated", "confidence": 80}],
    "bench:detector": [{"kind": "bench.train", "bench": "detector"}],
    "writing:w": [{"kind": "writing.text", "writing": "w", "text": "x"}],
    "dots:clips": [{"kind": "dots.set", "dots": "clips"}],
    "desk:strip": [{"kind": "desk.change", "act": "strip"}],
    "signing:flip": [{"kind": "signing.act", "act": "flip"}],
    "keep:restore": [{"kind": "keep.act", "act": "restore"}],
    "player:tour": [{"kind": "player.step", "player": "tour"}],
    "mark:written": [{"kind": "mark.write", "word": "OWL"}],
}

NEAR = {
    "one item judged twice": _trial("x", "x"),
    "an item of no form": _trial("x", "z"),
    "a verdict that is none": _trial("x", "y", verdict="perhaps"),
    "a teacher's own form that is called first": [{**event, "form": "first"} for event in _trial("x", "y")],
    "two halves of two attempts": [*_trial("x"), *_trial("y", attempt=2)],
    "one row checked twice": _pieces("findings.check", "findings", "row", "rows", "x", "x", right=True),
    "rows checked wrongly": _pieces("findings.check", "findings", "row", "rows", "x", "y", right=False),
    "one piece weighed twice": _pieces("ledger.weigh", "ledger", "item", "of", "x", "x"),
    "one submission decided twice": _pieces("curation.decide", "curation", "submission", "of", "x", "x"),
    "one picture marked twice": _marks("x", "x"),
    "nothing pointed at": _marks("x", "y", box=None),
    "a mark that was never lost": _notes(True, True),
    "a mark that was never found": _notes(False, False),
    "another reader": _notes(True, False, reader="none"),
    "a wrong answer": [{"kind": "question.answer", "question": "q", "right": False}],
    "no choice": [{"kind": "preference", "name": "path", "value": ""}],
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_shows_it(name):
    assert list(achievements(SHOWN[name])) == [name]
    assert list(achievements(SHOWN[name] * 2)) == [name]
    if len(SHOWN[name]) > 1:
        assert list(achievements(SHOWN[name][:-1])) == []


@pytest.mark.parametrize("form", [*BALANCED, *EARLIER])
def test_any_form_that_may_come_first_keeps_the_promise_of_the_first_trial(form):
    assert list(achievements({**event, "form": form} for event in _trial("x", "y"))) == ["trial:first"]


@pytest.mark.parametrize("case", NEAR)
def test_what_comes_near_and_does_not(case):
    assert list(achievements(NEAR[case])) == []


def test_every_entry_that_a_promise_asks_for_has_a_rule():
    known = {name.split(":")[0] for name in SHOWN}
    wanted = {entry for lesson in outline() for promise in lesson.promises for entry in promise.shown_by}
    assert {entry.split(":")[0] for entry in wanted} <= known
    questions = {
        key
        for path in (data_folder() / "questions").glob("*.toml")
        if not path.name.startswith("next-")
        for key in judgement.load_questions(path)
    }
    assert {entry.split(":")[1] for entry in wanted if entry.startswith("question:")} <= questions


def test_a_step_through_the_tour_is_kept_once(log):
    view = welcome.tour()
    assert not log.events("player.step")
    view.stepped = True
    view.stepped = True
    assert [event.data["player"] for event in log.events("player.step")] == ["tour"]


def test_saved_and_brought_back_is_both(log):
    page = Lesson("welcome", "welcome")
    page.question("where").answer(1, sure=True)
    view = ui.Keep(log)
    assert page.kept()[2] is False
    reply, (piece,) = view._said(view, {"type": "save", "start": 0}, [])
    assert reply["size"] == len(piece) and page.kept()[2] is False
    view._said(view, {"type": "restore", "start": 0, "size": len(piece)}, [piece])
    assert page.kept()[2] is True


def test_the_question_alone_is_no_step_through_a_clip(log):
    page = Lesson("welcome", "welcome")
    page.question("which").answer(0, sure=True)
    assert page.kept()[0] is False
    welcome.tour().stepped = True
    assert page.kept()[0] is True
