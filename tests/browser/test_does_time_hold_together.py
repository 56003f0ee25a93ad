"""Lesson 3 under the hand: the ball marked by mouse and by keys, what is saved, and how the page looks."""

from __future__ import annotations

import json
import math

import pytest

from course.lessons import flights

NOTEBOOK = "03-does-time-hold-together.ipynb"
MARKING = ".lt[aria-label='Marking']"
HOST = f'() => document.querySelector("{MARKING}").parentElement'


def _number(lab, source: str) -> int:
    """Which cell of the notebook holds this line, counted from 1."""
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip() == source)


def _run(screen, source: str) -> None:
    """Run a single cell, given by its text."""
    screen.run_cell(_number(screen.lab, source))


@pytest.fixture
def ball(screen):
    """The notebook up to the marking of the ball, only what the ball needs."""
    screen.open(NOTEBOOK)
    screen.run(3)
    _run(screen, "lesson.mark_ball()")
    marking = screen.page.locator(MARKING)
    marking.wait_for()
    screen.page.wait_for_function("document.querySelector(\"[aria-label='Marking'] [data-ready=true]\")")
    marking.scroll_into_view_if_needed()
    return screen


def _saved(page, count: int) -> None:
    page.locator(f"{MARKING} [data-marks='{count}']").wait_for()


def _frame(page) -> int:
    return page.evaluate(f"({HOST})().stage.frame")


def _path() -> dict[int, tuple[float, float]]:
    return {int(frame): (x, y) for frame, x, y in flights.flight("ball").fit.points}


def test_the_ball_is_marked_by_mouse_and_the_fall_is_corrected(ball):
    page, path = ball.page, _path()
    canvas = page.locator(f"{MARKING} canvas")
    slider = page.get_by_role("slider", name="Width of the ring")
    for done, width in enumerate((12, 12, 12, 12, 12.5, 13, 13, 13.5), start=1):
        slider.fill(str(width))
        frame = _frame(page)
        assert frame == 12 + 16 * (done - 1)  # after each mark it goes on by itself
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        x, y = path[frame]
        page.mouse.click(box["x"] + x / 320 * box["width"], box["y"] + y / 240 * box["height"])
        _saved(page, done)
    events = ball.lab.events("marking.set")
    assert [event["frame"] for event in events] == [12 + 16 * n for n in range(8)]
    assert all(math.dist((event["x"], event["y"]), path[event["frame"]]) < 1 for event in events)
    assert [event["width"] for event in events][-1] == 13.5
    assert "Enough: run the next box" in page.locator(f"{MARKING} .lt-label").inner_text()
    ball.shot("marking-1280-light")
    # One more than was asked for is no "9 of 8".
    page.evaluate(f"({HOST})().stage.show(20)")
    page.get_by_role("button", name="Mark here").click()
    _saved(page, 9)
    assert page.locator(f"{MARKING} .lt-label").inner_text().startswith("9 frames marked and saved. Enough")
    page.evaluate(f"({HOST})().stage.show(20)")
    page.get_by_role("button", name="Remove mark").click()
    _saved(page, 8)
    _run(ball, "lesson.ball_flight()")
    page.get_by_text("By your own 8 marks").wait_for()
    _run(ball, "lesson.ball_grows()")
    page.get_by_text("Your own rings grow from").wait_for()
    _run(ball, "lesson.ball_corrected(nearer=1.0)")
    page.get_by_text("By your own marks and rings").wait_for()
    ball.shot("corrected-1280-light")


def test_the_ball_is_marked_by_keys_alone_and_the_marks_outlive_the_page(ball):
    page = ball.page
    before = len(ball.lab.events("marking.set"))
    if before:  # the record is that of the whole module
        page.get_by_role("button", name="Begin anew").click()
        _saved(page, 0)
    canvas = page.locator(f"{MARKING} canvas")
    page.evaluate(f"({HOST})().stage.show(12)")
    canvas.focus()
    # From the middle of the picture to the ball: 59 to the left, 26 up.
    for key, times in (("Shift+ArrowLeft", 6), ("ArrowRight", 1), ("Shift+ArrowUp", 3), ("ArrowDown", 4), ("w", 4)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    _saved(page, 1)
    mark = ball.lab.events("marking.set")[-1]
    assert [mark[name] for name in ("frame", "x", "y", "width")] == [12, 101, 94, 12]
    assert _frame(page) == 28
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    said = page.locator(f"{MARKING} [aria-live=polite]").last
    assert "1 of 8 frames marked and saved" in said.text_content()
    # The arrows are not the playhead's here; full stop and comma are.
    page.keyboard.press(".")
    assert _frame(page) == 44
    page.keyboard.press(",")
    page.keyboard.press("Enter")
    _saved(page, 2)
    page.keyboard.press(",")
    page.keyboard.press("Delete")
    _saved(page, 1)
    assert ball.lab.events("marking.remove")[-1]["frame"] == 28
    # Where the ball is still in the hand, a sentence says so, and nothing is lost.
    page.evaluate(f"({HOST})().stage.show(3)")
    page.keyboard.press("Enter")
    page.get_by_text("Mark the ball while it flies: in frames 13 to 130.").wait_for()
    _saved(page, 1)
    # All can be reached by Tab, the ring's width first and the picture after the buttons.
    page.get_by_role("slider", name="Width of the ring").focus()
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent || document.activeElement.tagName"))
    assert names == ["Mark here", "16 frames back", "16 frames on", "Remove mark", "Begin anew", "CANVAS"]
    # A page that is loaded anew takes up what was saved.
    ball.open(NOTEBOOK)
    ball.run(3)
    _run(ball, "lesson.mark_ball()")
    _saved(page, 1)


def test_how_it_looks_and_that_it_is_open_to_all(screen):
    page = screen.page
    screen.open(NOTEBOOK)
    cells = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    screen.run(len(cells))
    for theme, width in (("light", 1280), ("dark", 1024)):
        page.set_viewport_size({"width": width, "height": 800})
        if theme == "dark":
            screen.go_dark()
        screen.assert_open_to_all(theme)
        for name, place in (("curves", ".lt-curve"), ("marking", MARKING)):
            page.locator(place).first.scroll_into_view_if_needed()
            page.locator(place).first.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
            screen.shot(f"time-{name}-{width}-{theme}")
        box = page.locator(f"{MARKING} canvas").first.bounding_box()
        assert box["width"] >= 480
