"""No line of a record can break a page: what it does not understand it passes over.

A record is a text file. It can be edited, merged, or come from an older or a newer course; so each kind of event is
tried with each of its fields missing and of each other type, and all pages are opened over it.
"""

import json
from contextlib import nullcontext, suppress
from functools import cache
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
    flights,
    how_sharp_are_your_eyes,
    how_sure_should_you_be,
    leave_the_page,
    marks_that_fade,
    signed_at_birth,
    welcome,
    what_a_file_remembers,
)
from course.lessons.achievements import achievements
from course.lessons.lesson import Lesson, outline
from course.media.catalogue import data_folder
from course.record import Record
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
    welcome.tour().stepped = True
    log.append({"kind": "keep.act", "act": "save"})
    log.append({"kind": "keep.act", "act": "restore"})
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


MEASURING = {
    "clear_by_shaking", "crop_badge", "curve", "flicker", "four_answers", "four_outcomes", "four_pictures",
    "goes_wrong", "look_inside", "make_two", "on_the_map", "one_number", "over_time", "save_again", "video_generators",
    "workbench",
}  # fmt: skip
"""Boxes that take long over pictures and look into no record; `tests/notebooks` runs them."""


def _run(notebook, problems):
    """Run the boxes of a page as they stand, and show what each gives."""
    names = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or source.removeprefix("lesson.").partition("(")[0] in MEASURING:
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
def test_every_box_of_every_page_runs_over_any_record(entry, sound, log):
    _write(log, sound, _odd(sound))
    assert log.problems() == ()  # each line is an event of the right shape
    problems = []
    _run(NOTEBOOKS / entry.notebook, problems)
    assert problems == []


class InMemory:
    """A record that is only thought of: thousands of them can be tried in seconds."""

    learner = code = "heron-4821-birch"
    preference, prefer, following = Record.preference, Record.prefer, Record.following

    def __init__(self):
        self.lines = []

    def events(self, kind=None):
        return tuple(event for event in self.lines if kind in (None, event.kind))

    def append(self, data):
        self.lines.append(Event("2026-11-22T09:30:00Z", self.code, data["kind"], dict(data)))

    def alone(self):
        return nullcontext()


def _go_on(trial):
    """What a trial shows, and one step further."""
    if not trial.started:
        trial.start()
    if trial.paused:
        trial.resume()
    if not trial.finished:
        trial.answer("camera", 80)
    return trial.last_result, trial.progress, trial.answers


def _readers(log, past):
    """What is made over a record, by the first word of a kind of event."""
    questions = judgement.load_questions(data_folder() / "questions" / "artifacts.toml").values()
    moves = judgement.load_moves(data_folder() / "questions" / "next-moves.toml").values()
    sixteen = how_sharp_are_your_eyes.sixteen
    return {
        "question": lambda: [
            (state.feedback, state.hints_shown, state.tries)
            for state in (judgement.QuestionState(one, log.append, past) for one in questions)
        ],
        "moves": lambda: [judgement.MovesState(one, log.append, past).order for one in moves],
        "trial": lambda: (how_sharp_are_your_eyes.guess(), _go_on(how_sharp_are_your_eyes.trial_model())),
        "preference": lambda: (welcome.path(), welcome.confidence(), welcome.timetable(NOTEBOOKS)),
        "crops": lambda: sixteen().state,
        "annotation": artifacts_in_a_frame.marks_model,
        "marking": lambda: [
            does_time_hold_together._marking(one).marks for one in map(flights.flight, ("ball", "jump"))
        ],
        "bench": lambda: (build_a_detector_break_a_detector._model().trained,),
        "writing": lambda: (leave_the_page.sentence_state(), build_a_detector_break_a_detector.limit_state()),
        "findings": what_a_file_remembers.table_state,
        "curation": signed_at_birth.stock_state,
        "signing": signed_at_birth.signing_state,
        "trail": lambda: leave_the_page.case_model("b").trail.measures,
        "dots": how_sure_should_you_be.dots_state,
        "ledger": how_sure_should_you_be.ledger_state,
        "sure": how_sure_should_you_be.guess,
        "mark": marks_that_fade._mine,
        "endurance": marks_that_fade.bench_model,
    }


@pytest.fixture(scope="module")
def odd(sound):
    """Odd lines by the first word of their kind, and the sound ones of that word."""
    by_word = {}
    for event in sound:
        by_word.setdefault(event.kind.split(".")[0], ([], []))[0].append(event)
    for data in _odd(sound):
        event = Event("2026-11-22T09:30:00Z", "heron-4821-birch", data["kind"], data)
        by_word[event.kind.split(".")[0]][1].append(event)
    return by_word


WORDS = (
    "annotation", "bench", "crops", "curation", "desk", "dots", "endurance", "findings", "keep", "ledger", "mark",
    "marking", "moves", "player", "preference", "question", "record", "signing", "sure", "trail", "trial", "writing",
)  # fmt: skip


def test_each_kind_of_event_is_tried(odd):
    assert tuple(sorted(odd)) == WORDS


@pytest.mark.parametrize("word", WORDS)
def test_no_single_line_keeps_a_model_from_being_made(word, odd, monkeypatch, tmp_path):
    sound, lines = odd[word]
    log = InMemory()
    log.folder = tmp_path
    monkeypatch.setattr(Lesson, "log", log)
    for name in judgement.__all__:
        if name.startswith("load_"):  # the files of the course are the same for all of them
            monkeypatch.setattr(judgement, name, cache(getattr(judgement, name)))
    problems = []
    for line in lines:
        for before in ([], sound[:3]):
            log.lines = [*before, line]
            try:
                if word == "mark":
                    marks_that_fade._now = None  # what was written last in this kernel
                past = [dict(event.data) for event in log.lines]
                list(achievements(past)), judgement.confidence_so_far(past)
                _readers(log, past).get(word, list)()
            except Exception as problem:
                problems.append((len(before), dict(line.data), repr(problem)))
    assert [str(one)[:400] for one in problems[:5]] == []
