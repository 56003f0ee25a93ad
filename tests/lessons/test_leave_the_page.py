import pytest

from course import ui
from course.lessons import leave_the_page as lesson
from course.lessons.lesson import LessonError, achievements


@pytest.mark.parametrize("name", lesson.CASES)
def test_every_case_can_be_played_judged_and_compared(name, log):
    before = repr(lesson.trail(name))
    assert "no step yet" in before and "Say in the browser what you think" in before
    story = lesson._story(name)
    assert story.truth not in before and all(one.verdict not in before for one in story.experts)
    view = lesson.case(name)
    assert view.setup["claim"] == story.claim
    for step in story.path:
        view.act({"type": "go", "act": step.act, "what": step.what, "tab": "here"})
        assert not view.state["sentence"], step
    assert story.truth not in repr(lesson.trail(name))
    view.act({"type": "judge", "verdict": story.kind, "confidence": 80})
    for expert in range(1, len(story.experts) + 1):
        said = repr(lesson.trail(name, expert=expert))
        assert said.startswith(story.truth) and ("You left the page at step" in said or "without leaving" in said)
    assert f"trail:{name}" in set(achievements(lesson._lesson.past()))


def test_the_worked_example_is_nobodys_trail_but_the_experts(log):
    for expert in (1, 2):
        view = lesson.watch("a", expert=expert)
        assert isinstance(view, ui.BrowserView) and view.setup["guide"]
    assert log.events() == ()


def test_the_first_page_asks_for_no_verdict(log):
    assert lesson.hook().setup["verdicts"] == []
    assert [event.data["story"] for event in log.events("trail.step")] == ["a"]


def test_running_a_cell_again_takes_up_what_was_done(log):
    lesson.case("d").act({"type": "enter", "text": "lumen integrity"})
    again = lesson.case("d")
    assert again.state["act"] == "search" and again.state["steps"] == 2
    assert len(log.events("trail.step")) == 2


@pytest.mark.parametrize("name", ["c", "z", "", None, 3, ["a"]])
def test_a_case_that_is_none_is_one_sentence(name):
    for call in (lesson.case, lesson.trail, lesson.watch):
        with pytest.raises(LessonError, match=r"There is no case .* Choose one of 'a', 'b', 'd', 'e', 'f'") as raised:
            call(name)
        assert len(raised.value._render_traceback_()) == 1


@pytest.mark.parametrize("expert", [0, 3, "1", 1.0, True, None])
def test_an_expert_that_is_none_is_one_sentence(expert):
    for call in (lesson.watch, lesson.trail):
        with pytest.raises(LessonError, match="expert is a whole number from 1 to 2"):
            call("a", expert=expert)


def test_a_verdict_waits_until_something_else_was_seen(log):
    view = lesson.case("b")
    judge = {"type": "judge", "verdict": "holds", "confidence": 99}
    view.act(judge)
    assert "Leave it once" in view.state["sentence"] and log.events("trail.verdict") == ()
    view.act({"type": "enter", "text": "qwrtz"})  # leads nowhere
    view.act(judge)
    assert log.events("trail.verdict") == ()
    view.act({"type": "enter", "text": "whale"})
    view.act(judge)
    assert view.state["sentence"] == "" and len(log.events("trail.verdict")) == 1
    words = repr(lesson.trail("b"))
    assert "You left the page at step 3, but opened no page of another site." in words and "check facts" not in words
    view.act({"type": "enter", "text": "weatherbox.example"})
    assert "at step 3, within the first 3 steps, as people do who check facts for a living." in repr(lesson.trail("b"))


def test_a_verdict_of_an_older_record_is_told_as_it_was(log):
    log.append({"kind": "trail.verdict", "story": "b", "verdict": "holds", "confidence": 99})
    assert "You judged without leaving the site of the claim." in repr(lesson.trail("b"))


def test_a_case_that_is_run_again_keeps_its_way_back(log):
    view = lesson.case("b")
    for text in ("whale", "weatherbox.example", "canal"):
        view.act({"type": "enter", "text": text})
    again = lesson.case("b")
    seen = []
    while again.state["back"]:
        again.act({"type": "back"})
        seen.append((again.state["act"], again.state["address"]))
    assert seen[:2] == [("open", "https://weatherbox.example/"), ("search", "whale")]
    assert seen[-1] == ("open", lesson._story("b").start)


def test_the_sentence_is_kept_and_the_checklist_comes_after(log):
    view = lesson.sentence()
    assert view.state["checklist"] == []
    view.keep("In one test a visible badge went in eight seconds.", [0])
    assert len(view.state["checklist"]) == 4 and "nine of ten" in view.state["example"]


def test_all_three_promises_can_be_kept(log):
    assert lesson._lesson.kept() == [False, False, False]
    for name in ("b", "f"):
        view = lesson.case(name)
        view.act({"type": "enter", "text": "weatherbox.example"})
        view.act({"type": "judge", "verdict": "false", "confidence": 70})
    for name in ("first", "search", "circle"):
        state = lesson._lesson.question_state(name)
        right = next(n for n, option in enumerate(state.question.options) if option.right)
        state.choose(right, True)
    lesson._lesson.moves_state("bridge").rank([0, 1])
    lesson.sentence_state().keep("A badge.", [])
    assert lesson._lesson.kept() == [True, True, True]
    assert "(not yet shown)" not in repr(lesson.done())
