"""Lesson 6 under the hand: a mark tried until it breaks, by mouse and by keys, what is saved, how the bench looks."""

from __future__ import annotations

import json

import numpy as np
import pytest

NOTEBOOK = "06-marks-that-fade.ipynb"
BENCH = ".lt[aria-label='Mark bench']"
HOST = f'() => document.querySelector("{BENCH}")?.parentElement'


def _number(lab, source: str) -> int:
    """Which cell of the notebook holds this line, counted from 1."""
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip().startswith(source))


def _run(screen, source: str) -> None:
    """Run a single cell, given by how it begins."""
    screen.run_cell(_number(screen.lab, source))


@pytest.fixture
def bench(screen):
    """The notebook up to its bench, only what the bench needs."""
    screen.open(NOTEBOOK)
    screen.run(3)
    _run(screen, "lesson.write_mark(")
    _run(screen, "lesson.bench()")
    screen.page.locator(BENCH).wait_for()
    screen.page.wait_for_function(f"({HOST})().bench.drawn > 0", timeout=60_000)
    screen.page.locator(BENCH).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    return screen


def _drawn(page) -> int:
    return page.evaluate(f"({HOST})().bench.drawn")


def _until_drawn(page, before: int) -> None:
    page.wait_for_function(f"({HOST})().bench.drawn > {before}", polling=40)


def _shown(page) -> dict:
    return page.evaluate(f"({HOST})().bench.shown")


def _press(page, name: str) -> None:
    before = _drawn(page)
    page.locator(BENCH).get_by_role("button", name=name, exact=True).click()
    _until_drawn(page, before)


def _notes(screen, count: int) -> list[dict]:
    screen.page.locator(f"{BENCH} .lt-log tbody tr").nth(count - 1).wait_for()
    events = screen.lab.events("endurance.note")
    assert len(events) >= count
    return events


def test_by_mouse_a_mark_is_broken_and_found_again(bench):
    page = bench.page
    earlier = len(bench.lab.events("endurance.note"))
    assert page.locator(f"{BENCH} .lt-number strong").inner_text() == "32 of 32"
    _press(page, "Note this down")
    slider = page.get_by_role("slider", name="Made smaller or larger")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.42, y)
    page.mouse.down()
    for share in np.linspace(0.42, 0.2, 20):
        page.mouse.move(box["x"] + box["width"] * share, y)
        page.wait_for_timeout(12)
    page.mouse.up()
    page.wait_for_function(f"({HOST})().bench.shown.state.settings.size < 70")
    page.wait_for_timeout(800)
    assert not _shown(page)["found"]
    size = _shown(page)["state"]["settings"]["size"]
    assert float(slider.input_value()) == size
    _press(page, "Note this down")
    _press(page, "Search other sizes too")
    page.wait_for_function(f"({HOST})().bench.shown.thorough")
    assert _shown(page)["found"] is True and page.get_by_text(f"at {size} % of its size").is_visible()
    _press(page, "Note this down")
    events = _notes(bench, earlier + 3)[earlier:]
    assert [event["found"] for event in events] == [True, False, True]
    assert [event["thorough"] for event in events] == [False, False, True]
    assert events[1]["settings"] == {"size": size}
    bench.shot("marks-1280-light")
    _run(bench, "lesson.done()")
    page.locator(".lt-promises .lt-done", has_text="write an invisible mark of your own").wait_for()


def test_by_keyboard_alone_and_it_is_there_after_a_second_look(bench):
    page = bench.page
    earlier = len(bench.lab.events("endurance.note"))
    slider = page.get_by_role("slider", name="Turned")
    slider.focus()
    for _ in range(12):
        before = _drawn(page)
        page.keyboard.press("ArrowRight")
        _until_drawn(page, before)
        assert page.evaluate("document.activeElement.type") == "range"
    assert slider.input_value() == "3" and slider.get_attribute("aria-valuetext") == "3 degrees"
    page.wait_for_function(f"({HOST})().bench.shown.state.settings.turn === 3")
    assert not _shown(page)["found"]
    said = page.locator(f"{BENCH} [aria-live=polite]")
    said.get_by_text("Not found").wait_for(state="attached")
    names = []
    for _ in range(11):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent")
        )
    wanted = ["Cropped to", "Made smaller or larger", "Darker or brighter", "Blurred", "Grain added"]
    assert names[:5] == wanted
    assert names[5:10] == [
        "Saved as JPEG, quality", "Shown on a screen", "Note this down", "Search other sizes too", "Back to the start",
    ]  # fmt: skip
    page.locator(BENCH).get_by_role("button", name="Note this down").focus()
    before = _drawn(page)
    page.keyboard.press("Enter")
    _until_drawn(page, before)
    said.get_by_text("Noted.").wait_for(state="attached")
    page.locator(BENCH).get_by_role("button", name="Back to the start").focus()
    before = _drawn(page)
    page.keyboard.press("Space")
    _until_drawn(page, before)
    page.wait_for_function(f"({HOST})().bench.shown.found")
    assert slider.input_value() == "0" and slider.get_attribute("aria-valuetext") == "not at all"
    events = _notes(bench, earlier + 1)[earlier:]
    assert [(event["settings"], event["found"]) for event in events] == [({"turn": 3}, False)]
    _run(bench, "lesson.write_mark(")  # the cell of the bench is the chosen one, and its button has the keys
    _run(bench, "lesson.bench()")
    page.wait_for_function(f"({HOST})()?.bench.drawn === 1")
    assert page.locator(f"{BENCH} .lt-log tbody tr").count() == earlier + 1
    assert page.get_by_text("Traceback").count() == 0


def test_the_picture_follows_the_hand_and_nothing_jumps(bench):
    page = bench.page
    slider = page.get_by_role("slider", name="Saved as JPEG, quality")
    slider.focus()
    page.wait_for_timeout(500)
    first = page.evaluate(f"({HOST})().bench.times.length")
    # The foot of the bench stays where it is, also when the words change.
    foot = "() => document.querySelector(\"[aria-label='Mark bench'] .lt-sliders\").offsetTop"
    places = set()
    for key in ["ArrowLeft"] * 19 + ["ArrowRight"] * 12:
        before = _drawn(page)
        page.keyboard.press(key)
        _until_drawn(page, before)
        places.add(page.evaluate(foot))
    times = np.array(page.evaluate(f"({HOST})().bench.times.slice({first})"))
    kernel = np.array(page.evaluate(f"({HOST})().bench.kernel"))
    print(
        f"{len(times)} steps: median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms, "
        f"of it {np.median(kernel):.0f} ms in the kernel"
    )
    assert len(places) == 1
    # The bar is 80 ms on a machine with nothing else to do; here it must hold on a busy one.
    assert len(times) >= 25 and np.median(times) < 400


def test_how_it_looks_and_that_it_is_open_to_all(bench):
    page = bench.page
    before = _drawn(page)
    page.get_by_role("slider", name="Blurred").fill("2.5")
    _until_drawn(page, before)
    _press(page, "Note this down")
    bench.assert_open_to_all("light")
    for control in page.locator(f"{BENCH} button, {BENCH} select, {BENCH} input").all():
        assert control.bounding_box()["height"] >= 32
    assert page.locator(f"{BENCH} canvas").bounding_box()["width"] >= 320
    bench.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    before = _drawn(page)
    page.get_by_label("Shown on a screen").select_option("photo")
    _until_drawn(page, before)
    page.locator(BENCH).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    bench.shot("marks-1024-dark")
    bench.assert_open_to_all("dark")
    _run(bench, "lesson.four_pictures()")
    _run(bench, "lesson.four_answers()")
    page.locator(".lt-figure").last.scroll_into_view_if_needed()
    bench.shot("marks-four-1024-dark")
    bench.assert_open_to_all("dark figures")
