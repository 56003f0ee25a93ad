import json
from collections.abc import Iterable
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from course import judgement, media
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
from course.lessons.lesson import Lesson, LessonError, achievements, in_plain_words, outline
from course.media.catalogue import data_folder

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WRITTEN = [entry for entry in outline() if entry.promises]
FILES = sorted(path for path in (data_folder() / "questions").glob("*.toml") if not path.name.startswith("next-"))
QUESTIONS = {key: question for path in FILES for key, question in judgement.load_questions(path).items()}
MOVES = judgement.load_moves(data_folder() / "questions" / "next-moves.toml")
LESSONS = {
    "welcome": welcome,
    "eyes": how_sharp_are_your_eyes,
    "artifacts": artifacts_in_a_frame,
    "does-time": does_time_hold_together,
    "file": what_a_file_remembers,
    "detector": build_a_detector_break_a_detector,
    "marks": marks_that_fade,
    "signed": signed_at_birth,
    "leave": leave_the_page,
    "sure": how_sure_should_you_be,
}


def _source(entry) -> str:
    cells = json.loads((NOTEBOOKS / entry.notebook).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_the_outline_and_the_notebooks_name_each_other():
    assert [entry.number for entry in outline()] == list(range(13))
    assert {entry.notebook for entry in WRITTEN} == {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    assert [entry.number for entry in outline() if entry.short] == [0, 1, 4, 7, 8, 9, 12]


@pytest.mark.parametrize("entry", WRITTEN, ids=lambda entry: entry.stem)
def test_a_notebook_gives_the_promises_word_for_word(entry):
    source = _source(entry)
    assert len(entry.promises) == 3
    for promise in entry.promises:
        assert f"- {promise.text}" in source
    assert f"# {entry.title}\n" in source
    assert f"About {entry.minutes} minutes" in source


@pytest.mark.parametrize("entry", WRITTEN, ids=lambda entry: entry.stem)
def test_what_a_promise_needs_can_be_had_in_its_notebook(entry):
    source = _source(entry)
    for promise in entry.promises:
        for need in promise.shown_by:
            kind, _, name = need.partition(":")
            short = name.split("/")[-1]
            calls = {
                "question": f'lesson.question("{short}")',
                "moves": f'lesson.next_move("{short}")',
                "trial": "lesson.trial()",
                "preference": f"lesson.{name}()",
                "annotation": "lesson.mark()",
                "desk": "lesson.desk()",
                "findings": "lesson.table()",
                "bench": "lesson.bench()",
                "endurance": "lesson.bench()",
                "curation": "lesson.stock()",
                "signing": "lesson.sign()",
                "dots": "lesson.dots()",
                "ledger": "lesson.ledger()",
                "trail": f'lesson.case("{short}")',
                "writing": f"lesson.{short}()",
                "mark": "lesson.write_mark(",
                "player": f"lesson.{name}()",
                "keep": "lesson.keep()",
            }
            assert calls[kind] in source, need


def test_every_question_is_asked_in_exactly_one_notebook():
    asked = []
    for entry in WRITTEN:
        source = _source(entry)
        asked += [
            key
            for key in QUESTIONS
            if f'lesson.question("{key.split("/")[1]}")' in source
            and any(
                key.startswith(prefix) and module.__name__.endswith(entry.stem.replace("-", "_"))
                for prefix, module in LESSONS.items()
            )
        ]
    assert sorted(asked) == sorted(QUESTIONS)


@pytest.mark.parametrize(
    ("key", "option"), [(key, index) for key, one in QUESTIONS.items() for index in range(len(one.options))]
)
def test_every_option_of_every_question_is_answered_saved_and_restored(key, option, log):
    prefix, name = key.split("/")
    view = LESSONS[prefix].question(name)
    assert view.state["feedback"] == {}
    wanted = QUESTIONS[key].options[option]
    shown = view.state["options"].index(wanted.text)
    view._said(view, {"type": "answer", "option": shown, "sure": True}, [])
    assert list(view.state["feedback"]) == [str(shown)]
    assert view.state["feedback"][str(shown)].startswith(wanted.feedback)
    assert view.state["right"] is wanted.right
    assert view.state["trouble"] == ""
    (event,) = log.events("question.answer")
    assert (event.data["question"], event.data["option"], event.data["right"]) == (key, option, wanted.right)
    again = LESSONS[prefix].question(name)
    assert again.state["options"] == view.state["options"]
    assert again.state["chosen"] == shown and again.state["feedback"] == view.state["feedback"]
    assert (f"question:{key}" in set(achievements([dict(event.data)]))) is wanted.right


def _as_likely_by_luck(hits: float, chances: Iterable[float]) -> float:
    """How likely blind guesses are to hit as often, each with its own chance."""
    spread = np.ones(1)
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    return float(spread[int(np.ceil(hits)) :].sum())


# By the rank of its length, from the longest: 0 is the longest, -1 the shortest, 1 the one after the longest.
@pytest.mark.parametrize("rank", [0, -1, 1])
def test_the_length_of_an_option_gives_the_right_one_away_no_more_often_than_luck(rank):
    hits, chances = 0.0, []
    for question in QUESTIONS.values():
        lengths = sorted((len(one.text) for one in question.options), reverse=True)
        alike = [one for one in question.options if len(one.text) == lengths[rank]]
        hits += sum(one.right for one in alike) / len(alike)
        chances.append(sum(one.right for one in question.options) / len(question.options))
    assert len(chances) > 40
    assert _as_likely_by_luck(hits, chances) > 0.05, f"{hits} of {len(chances)}, by luck {sum(chances):.1f}"


@cache
def _as_learners_see_them() -> list[tuple[judgement.Question, tuple[int, ...]]]:
    """Every question in the order of each of a thousand learners."""
    codes = [f"heron-{1000 + number}-birch" for number in range(1000)]
    return [(one, judgement.shown_order(one, code)) for one in QUESTIONS.values() for code in codes]


@pytest.mark.parametrize("place", [0, 1, 2, -1])
def test_no_place_on_the_page_is_the_right_one_more_often_than_luck(place):
    hits, chances = 0, []
    for question, order in _as_learners_see_them():
        if len(order) > place:
            hits += question.options[order[place]].right
            chances.append(sum(one.right for one in question.options) / len(order))
    by_luck, error = sum(chances), sqrt(sum(chance * (1 - chance) for chance in chances))
    assert abs(hits - by_luck) < 3 * error


def test_a_learner_always_sees_the_same_order_also_when_the_first_answer_is_yet_to_come(log):
    before = LESSONS["eyes"].question("cynic").state["options"]
    assert log.events() == ()
    LESSONS["welcome"].question("where").answer(0, sure=False)
    assert LESSONS["eyes"].question("cynic").state["options"] == before
    assert sorted(before) == sorted(one.text for one in QUESTIONS["eyes/cynic"].options)


@pytest.mark.parametrize("key", QUESTIONS)
def test_hints_come_one_at_a_time_and_end(key):
    prefix, name = key.split("/")
    view = LESSONS[prefix].question(name)
    for number, text in enumerate(QUESTIONS[key].hints, start=1):
        view.hint()
        assert view.state["hints"] == list(QUESTIONS[key].hints[:number])
        assert view.state["hints"][-1] == text
    view.hint()
    assert view.state["trouble"] == "There are no more hints for this question."


def test_every_lesson_has_its_page_for_teachers_and_the_readme_says_so():
    teaching = NOTEBOOKS.parent / "docs" / "teaching"
    numbers = [entry.number for entry in WRITTEN if entry.number]
    assert {path.name for path in teaching.glob("*.md")} == {
        Path(entry.notebook).with_suffix(".md").name for entry in WRITTEN if entry.number
    }
    for path in teaching.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for part in ("Timetable", "Talk about", "What learners may think", "Without computers", "Key"):
            assert f"\n## {part}\n" in text, f"{path.name}: {part}"
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    assert f"Lessons {min(numbers)} to {max(numbers)} have a page for you" in readme


@pytest.mark.parametrize("key", MOVES)
def test_every_next_move_has_its_reply(key, log):
    prefix, name = key.split("/")
    view = LESSONS[prefix].next_move(name)
    count = len(MOVES[key].options)
    for option in range(count):
        view.rank([option])
        assert view.replies[str(option)] == {
            "settles": MOVES[key].options[option].settles,
            "open": MOVES[key].options[option].open,
        }
        assert view.closing == MOVES[key].closing
    view.rank(list(range(count)))
    assert "between one and 3" in view.trouble
    assert len(log.events("moves.rank")) == count


def test_promises_are_ticked_by_the_record_alone(log):
    lesson = Lesson("does-time-hold-together", "does-time")
    assert lesson.kept() == [False, False, False]
    lesson.question("three-ways").answer(0, sure=True)
    assert lesson.kept() == [False, False, False]
    lesson.question("three-ways").answer(2, sure=False)
    lesson.next_move("flood").rank([3, 0])
    assert lesson.kept() == [True, False, True]
    page = lesson.done()
    assert page._repr_html_().count("lt-done") > 2
    assert "(not yet shown)" in repr(page)


def test_the_exit_question_is_announced_for_a_week_later(log):
    lesson = Lesson("does-time-hold-together", "does-time")
    assert "comes back on" not in lesson.done()._repr_html_()
    lesson.question("exit").answer(1, sure=True)
    assert "comes back on" in lesson.done()._repr_html_()


def test_a_wrong_name_is_one_sentence_and_no_traceback():
    lesson = Lesson("welcome", "welcome")
    with pytest.raises(LessonError, match=r"This lesson has no question 'wich'\. It has 'which', 'where'\.") as raised:
        lesson.question("wich")
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_only_a_learners_troubles_are_put_in_plain_words():
    @in_plain_words
    def broken():
        raise KeyError("ours")

    @in_plain_words
    def missing():
        raise media.MediaError("The clip is damaged.")

    with pytest.raises(KeyError):
        broken()
    with pytest.raises(LessonError, match="The clip is damaged"):
        missing()
