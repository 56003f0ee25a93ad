import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from course import judgement, media
from course.judgement.ledger import STEPS, odds_fraction
from course.lessons import how_sure_should_you_be as lesson
from course.lessons.lesson import Lesson, LessonError, free_items


def test_no_page_shows_what_a_form_needs_unseen():
    free = {item.id: item for item in free_items()}
    assert free[lesson.FLAGGED].origin == free[lesson.FILM].origin == "camera"
    for view in (lesson.hook(), lesson.film()):
        assert "generated" not in repr(view.tracks).lower()


def test_the_sum_is_told_in_whole_clips_and_beside_the_guess(log):
    words = repr(lesson.step_by_step(20, 80, 10))
    assert "So 114 clips are flagged, and 16 of them are generated: about 1 in 7." in words
    assert "Of 100 flagged clips about 14 are generated" in words and "You said" not in words
    view = lesson.guess()
    view.choose("80")
    assert log.events("sure.guess")[0].data["of_a_hundred"] == 80
    assert "You said about 80." in repr(lesson.step_by_step(20, 80, 10)) and lesson.guess().value == "80"
    assert "about 77 are generated" in repr(lesson.step_by_step(300, 80, 10))
    assert "Nothing is flagged." in repr(lesson.step_by_step(0, 80, 0))


@pytest.mark.parametrize("event", [{}, {"of_a_hundred": 81}, {"of_a_hundred": None}, {"of_a_hundred": ["80"]}])
def test_a_damaged_guess_does_not_stop_the_lesson(log, event):
    log.append({"kind": "sure.guess", **event})
    assert lesson.guess().value == "" and "You said" not in repr(lesson.step_by_step(20, 80, 10))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: lesson.step_by_step(2000, 80, 10), "generated is a whole number from 0 to 1000, not 2000."),
        (lambda: lesson.step_by_step(20, "80", 10), "hits is a whole number"),
        (lambda: lesson.step_by_step(20, 80, 0.1), "false_alarms is a whole number"),
        (lambda: lesson.new_odds(0, 49, 8), "for_it is a number"),
        (lambda: lesson.new_odds(1, "49", 8), "against_it is a number"),
        (lambda: lesson.new_odds(1, 49, float("nan")), "times is a number"),
        (lambda: lesson.new_odds(1, 49, True), "times is a number"),
        (lambda: lesson.two_reports(31), "times is one of the steps"),
        (lambda: lesson.two_reports("a"), "times is one of the steps"),
        (lambda: lesson.two_reports(float("nan")), "times is one of the steps"),
        (lambda: lesson.two_reports(30, one_source="no"), "True or False"),
        (lambda: lesson.question("nothing"), "no question 'nothing'"),
    ],
)
def test_a_cell_edited_wrongly_is_one_sentence(call, said):
    with pytest.raises(LessonError, match=re.escape(said)) as problem:
        call()
    (sentence,) = problem.value._render_traceback_()
    assert "\n" not in sentence and sentence.endswith((".", "?"))


def test_odds_are_multiplied():
    words = repr(lesson.new_odds(1, 49, 8))
    assert "1 × 8 = 8" in words and "After: 8 to 49, which is about 1 to 6.1." in words
    assert "beyond a million" in repr(lesson.new_odds(1000, 0.001, 1000))


def test_two_reports_of_one_source_count_once():
    assert "1 of 2 counted: the odds are 30 to 1." in repr(lesson.two_reports(30, one_source=True))
    assert "2 of 2 counted: the odds are 900 to 1." in repr(lesson.two_reports(30, one_source=False))


def test_the_ledger_is_summed_up():
    assert "still empty" in repr(lesson.my_ledger())
    state = lesson.ledger_state()
    state.weigh("credential", 9, "the signed original")
    state.weigh("wire", 8, "the signed original")
    words = repr(lesson.my_ledger())
    assert "2 of 10 pieces. They go back to 1 of your sources" in words
    assert "Your odds: 30 to 1, very likely too fast. They are yours" in words and "300 to 1" in words


def _trial(log, confidence: int, right: int, count: int) -> None:
    trial = {"form": "x", "attempt": 1, "seed": 1}
    log.append({"kind": "trial.begin", "order": [f"i{n}" for n in range(count)], **trial})
    for n in range(count):
        verdict = "camera" if n < right else "generated"
        answer = {"item": f"i{n}", "verdict": verdict, "truth": "camera", "confidence": confidence}
        log.append({"kind": "trial.answer", **answer, **trial})


def test_without_a_trial_the_page_says_so_kindly(log):
    assert "That is all right: lesson 1 has one" in repr(lesson.so_far())
    lesson.question("flag").answer(1, sure=True)
    assert "you said you were sure: 0 of 1 right at first" in repr(lesson.so_far())


@pytest.mark.parametrize(
    ("confidence", "right", "count", "said"),
    [
        (90, 12, 24, "surer than right, by 40 points"),
        (60, 24, 24, "righter than sure, by 40 points"),
        (70, 17, 24, "may be chance"),
        (90, 2, 4, "So few cannot say"),
    ],
)
def test_confidence_is_held_against_what_came_of_it(log, confidence, right, count, said):
    _trial(log, confidence, right, count)
    words = repr(lesson.so_far())
    assert said in words and f"{count} judgements in finished trials" in words


def test_the_promises_are_kept_by_what_the_lesson_does(log):
    page = Lesson("how-sure-should-you-be", "sure")
    assert page.kept() == [False] * 3
    lesson.dots_state().keep(300, 80, 10)
    for name in ("flag", "better", "twice", "dividend"):
        model = page.question_state(name)
        model.choose(next(n for n, one in enumerate(model.question.options) if one.right), sure=True)
    ledger = lesson.ledger_state()
    for one in ledger.ledger.evidence:
        assert not page.kept()[1]
        ledger.weigh(one.key, 5, one.source)
    lesson.next_move("speech").rank([0, 1])
    assert page.kept() == [True] * 3
    assert "not yet shown" not in repr(lesson.done())


def test_the_film_is_that_of_the_story():
    assert media.catalogue()[lesson.FILM].origin == "camera"
    assert {one.id for one in judgement.load_ledgers(lesson.data_folder() / "ledgers.toml").values()} == {"ferry-speed"}


def test_the_key_of_the_teachers_page_says_what_the_ledger_holds():
    page = Path(__file__).parents[2] / "docs" / "teaching" / "09-how-sure-should-you-be.md"
    text = page.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    state = lesson.ledger_state()
    assert len(rows) == len(state.ledger.evidence)
    for (_, source, *times), one in zip(rows, state.ledger.evidence, strict=True):
        assert source == one.source
        assert [Fraction(cell.removesuffix(", not again")) for cell in times] == [
            STEPS[view.step] for view in one.opinions
        ]
    assert odds_fraction(state.expert(0)) == "about 400,000 to 1" and "about 400,000 to 1" in text
    assert odds_fraction(state.expert(1)) == "about 20,000 to 1" and "about 20,000 to 1" in text
    half = judgement.Frequencies(111, 80, 10)
    assert half.rightly == half.wrongly == 89 and "at 111 of 1,000 | 89 hits and 89 false alarms" in text


def test_what_is_asked_is_what_the_sources_met_on_their_own():
    # Second film, radar and witness are independent of each other for the event. For "is this film generated?" they
    # would all speak through it, and multiplied they would be the mistake that the lesson warns of.
    ledger = lesson.ledger_state().ledger
    assert (ledger.claim, ledger.otherwise) == ("too fast", "not too fast")
    roots = {one.key: one.source for one in ledger.evidence}
    assert roots["wire"] == roots["credential"] and roots["lamp-posts"] == roots["second-film"]
    apart = [roots[key] for key in ("credential", "second-film", "radar", "witness")]
    assert len(set(apart)) == 4
    page = (Path(__file__).parents[2] / "notebooks" / "09-how-sure-should-you-be.ipynb").read_text(encoding="utf-8")
    assert "count **once together**" in page


def test_what_a_sum_shows_is_told_beneath_it_and_not_before():
    first = repr(lesson.step_by_step(20, 80, 10))
    assert "Most of what it flags comes from a camera" in first and "The clip above is one of those" in first
    assert "Most of what it flags" not in repr(lesson.step_by_step(300, 80, 10))
    page = (Path(__file__).parents[2] / "notebooks" / "09-how-sure-should-you-be.ipynb").read_text(encoding="utf-8")
    assert "114" not in page and "comes from a camera" not in page.replace("come from a camera", "")


def test_what_the_experts_say_lies_in_or_near_the_bounds_of_the_story():
    story = tomllib.loads((lesson.data_folder() / "web" / "stories" / "c.toml").read_text(encoding="utf-8"))
    bounds = {one["id"]: one["ratio"] for one in story["evidence"]}
    ledger = lesson.ledger_state().ledger
    assert set(bounds) == {one.key for one in ledger.evidence}
    for one in ledger.evidence:
        low, high = bounds[one.key]
        assert all(low * 0.8 <= STEPS[view.step] <= high * 1.2 for view in one.opinions), one.key
