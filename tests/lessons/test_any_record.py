"""No line of a record can break a page: what it does not understand it passes over.

A record is a text file. It can be edited, merged, or come from an older or a newer course; so each kind of event is
tried with each of its fields missing and of each other type, and all pages are opened over it.
"""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from course import judgement, record
from course.diffusion.sixteen import ANSWER as SQUARES
from course.diffusion.sixteen import key
from course.errors import CourseError
from course.forensics import endurance
from course.lessons import (
    artifacts_in_a_frame,
    build_a_detector_break_a_detector,
    does_time_hold_together,
    how_sharp_are_your_eyes,
    how_sure_should_you_be,
    leave_the_page,
    marks_that_fade,
    signed_at_birth,
    welcome,
    what_a_file_remembers,
)
from course.lessons.lesson import outline
from course.media.catalogue import data_folder
from course.record.event import Event

LESSONS = (
    welcome,
    how_sharp_are_your_eyes,
    artifacts_in_a_frame,
    does_time_hold_together,
    build_a_detector_break_a_detector,
    what_a_file_remembers,
    marks_that_fade,
    signed_at_birth,
    leave_the_page,
    how_sure_should_you_be,
)
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
MARKUP = '<img src=x onerror="window.harm=1"><script>window.harm=1</script>'
OTHER = (None, True, False, 0, 1, -1, 3, 10**300, -(10**300), 0.5, 1e308, "", "nan", "a", MARKUP, "x" * 20_000)
OTHER += ([], [[]], ["a", "a"], [1, 2], [None], [{"a": 1}], {}, {"a": [1, {"b": None}]}, {"quality": 10**300})


def _whole_course(log):
    """One sound event of each kind that the course saves, and enough of them to keep every promise."""
    folder = data_folder() / "questions"
    for path in sorted(folder.glob("*.toml")):
        if not path.name.startswith("next-"):
            for question in judgement.load_questions(path).values():
                state = judgement.QuestionState(question, log.append)
                with suppress(CourseError):
                    state.hint()
                state.choose([option.right for option in question.options].index(True), sure=True)
    for moves in judgement.load_moves(folder / "next-moves.toml").values():
        judgement.MovesState(moves, log.append).rank([0, 1])
    log.prefer("path", "full")
    log.prefer("confidence", "words")
    how_sharp_are_your_eyes.guess().choose("18")
    trial = how_sharp_are_your_eyes.trial_model()
    trial.start()
    trial.pause()
    trial.resume()
    while not trial.finished:
        trial.answer("camera", 80, "poster", 2.0)
    log.append(
        {
            "kind": SQUARES,
            "round": 1,
            "picks": [0, 1],
            "camera": [i for i, one in enumerate(key(1)) if one.origin == "camera"],
        }
    )
    marks = artifacts_in_a_frame.marks_model()
    marks.start()
    while not marks.finished:
        marks.answer(marks.current, (0.2, 0.2, 0.2, 0.2), marks.families[0], 90)
    ball = judgement.Marking(does_time_hold_together.mark_ball()._model.subject, log.append)
    ball.mark(ball.subject.first, 20, 20, 10)
    ball.remove(ball.subject.first)
    ball.mark(ball.subject.first, 20, 20, 10)
    log.append({"kind": "marking.clear", "marking": "nothing"})
    bench = {"kind": "bench.train", "bench": "detector", "features": ["colour strength"], "method": "weights"}
    log.append({**bench, "auc_homework": 0.8, "auc_strangers": 0.5})
    log.append({"kind": "bench.line", "bench": "detector", "line": 40})
    build_a_detector_break_a_detector.limit()._model.keep("It looks at colour.", [0])
    leave_the_page.sentence_state().keep("The boat was late.", [0])
    log.append({"kind": "desk.change", "act": "strip"})
    log.append({"kind": "desk.change", "act": "edit"})
    table = what_a_file_remembers.table()._model
    for row in table.findings.rows:
        table.check(row.key, *([one.right for one in getattr(row, side)].index(True) for side in ("shows", "open")))
    log.append({"kind": marks_that_fade.WRITTEN, "word": "OWL", "picture": "brick-lane"})
    for found in (True, False):
        note = {"picture": "brick-lane", "settings": {"quality": 40}, "screen": "none", "reader": "own", "right": 30}
        log.append(
            {"kind": endurance.NOTED, "endurance": "marks", **note, "strength": 3.0, "found": found, "thorough": False}
        )
    stock = signed_at_birth.stock()._model
    for one in stock.curation.submissions:
        stock.decide(one.key, "ask", 0, "Who took it?")
    for act in ("make", "sign", "flip", "save-again"):
        log.append({"kind": "signing.act", "act": act, "state": "Trusted"})
    for story in ("b", "f"):
        browser = leave_the_page.case_model(story)
        browser.go("search", "flood")
        browser.trail.stay(4.0)
        browser.trail.judge("misdated", 80)
    log.append({"kind": "trail.bookmark", "story": "b", "url": browser.trail.start, "on": True})
    how_sure_should_you_be.dots_state().keep(300, 80, 10)
    ledger = how_sure_should_you_be.ledger_state()
    ledger.begin(7)
    for one in ledger.ledger.evidence:
        ledger.weigh(one.key, 8, one.source)
    log.append({"kind": how_sure_should_you_be.GUESSED, "of_a_hundred": 14})


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The events of somebody who has done everything."""
    patch = pytest.MonkeyPatch()
    patch.setenv("LOOK_TWICE_HOME", str(tmp_path_factory.mktemp("sound")))
    log = record.open()
    _whole_course(log)
    patch.undo()
    return log.events()


def test_whoever_has_done_everything_has_all_ticks(sound, log):
    for event in sound[1:]:
        log.append(event.data)
    for lesson in LESSONS:
        assert "not yet shown" not in repr(lesson.done()), lesson.__name__


def _odd(events):
    """Each event with each of its fields missing, and of each other type; and its time at the ends of the calendar."""
    seen = set()
    for event in events:
        shape = event.kind, tuple(event.data), str(event.data.get("found"))
        if shape in seen:
            continue
        seen.add(shape)
        data = dict(event.data)
        for name in data:
            if name != "kind":
                yield {other: value for other, value in data.items() if other != name}
                yield from ({**data, name: value} for value in OTHER if value != data[name])
    yield from ({"kind": kind} for kind, *_ in sorted(seen))


def _line(data, at="2026-11-22T09:30:00Z"):
    return Event(at, "heron-4821-birch", data["kind"], data).line()


def _write(log, events, odd):
    """A record as somebody's editor or another version of the course may leave it."""
    log.folder.mkdir(parents=True, exist_ok=True)
    lines = [event.line() for event in events]
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-30T00:00:00.5Z"):
        lines += [_line(dict(event.data), at) for event in events]
    lines += [_line(data) for data in odd]
    log.path.write_bytes(b"".join(lines))


def _run(notebook, problems):
    """Run the boxes of a page as they stand, and show what each gives."""
    names = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        try:
            if source.startswith("from "):
                exec(source, names)
                continue
            shown = eval(source, names)
            words = repr(shown) + (shown._repr_html_() if hasattr(shown, "_repr_html_") else "")
            assert "<img src=x" not in words and "<script" not in words, "markup of the record would run"
        except CourseError:
            continue  # a sentence for the learner
        except Exception as problem:
            problems.append(f"{notebook.name}: {source}: {problem!r}")


@pytest.mark.parametrize("entry", [one for one in outline() if one.promises], ids=lambda entry: entry.stem)
@pytest.mark.parametrize("first", ["sound lines first", "odd lines alone"])
def test_every_box_of_every_page_runs_over_any_record(entry, first, sound, log):
    _write(log, sound if first.startswith("sound") else sound[:1], _odd(sound))
    assert log.problems() == ()  # each line is an event of the right shape
    problems = []
    _run(NOTEBOOKS / entry.notebook, problems)
    assert problems == []


