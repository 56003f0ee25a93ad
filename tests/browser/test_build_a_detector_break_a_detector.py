"""The detector bench and the written limit, by keyboard and by mouse, in a real JupyterLab."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = "04-build-a-detector-break-a-detector.ipynb"
BENCH = ".lt[aria-label='Detector bench']"
OWN_WORDS = ".lt[aria-label='In your own words']"


@pytest.fixture
def lesson(screen, request):
    """The bench and the limit in a notebook of their own, cut from the lesson, with a learner who has done nothing."""
    record = screen.lab.home / "record.jsonl"
    if record.exists():
        record.unlink()
    whole = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))
    wanted = ("# Build a", "from course", "lesson.bench()", "lesson.limit()", "lesson.done()")
    cells = [cell for cell in whole["cells"] if "".join(cell["source"]).startswith(wanted)]
    assert len(cells) == len(wanted)
    name = f"{request.node.name.removeprefix('test_')}.ipynb"
    (screen.lab.notebooks / name).write_text(json.dumps({**whole, "cells": cells}), encoding="utf-8")
    screen.open(name)
    for _ in range(3):  # a kernel that is still coming up may take no notice of the first Shift+Enter
        screen.run(len(cells))
        if screen.page.locator(BENCH).count():
            break
    screen.page.locator(f"{BENCH} button", has_text="Train").wait_for(timeout=90_000)
    screen.page.locator(BENCH).scroll_into_view_if_needed()
    return screen


def _trained(page) -> None:
    page.locator(f"{BENCH} .lt-area").first.wait_for(timeout=60_000)
    page.locator(f"{BENCH} button", has_text="Training").wait_for(state="detached", timeout=60_000)


def _focused(page) -> str:
    return page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent")


def _kept(screen, kind: str, count: int) -> list[dict]:
    for _ in range(100):
        found = screen.lab.events(kind)
        if len(found) >= count:
            return found
        screen.page.wait_for_timeout(100)
    raise AssertionError(f"{len(found)} events {kind}, not {count}")


def test_by_keyboard(lesson):
    page = lesson.page
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(f"{BENCH} input").first.focus()
    seen = []
    for _ in range(7):  # what it may look at
        seen.append(_focused(page).split(" – ")[0])
        if seen[-1] in ("block edges", "grain"):
            page.keyboard.press("Space")
        page.keyboard.press("Tab")
    assert seen[0] == "colour strength" and seen[-1] == "block edges"
    assert page.evaluate("document.activeElement.type") == "radio"
    page.keyboard.press("Tab")
    assert _focused(page) == "Train"
    page.keyboard.press("Enter")
    _trained(page)
    (event,) = _kept(lesson, "bench.train", 1)
    assert event["features"] == ["colour", "movement", "grain"] and event["method"] == "weights"
    said = page.locator(f"{BENCH} [aria-live=polite]")
    said.get_by_text("Trained. AUC on the homework").wait_for(state="attached")
    assert _focused(page) == "Train"

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    counts = page.locator(f"{BENCH} .lt-words strong")
    texts = set()
    for key in ("Home", *["ArrowRight"] * 10, "End"):
        page.keyboard.press(key)
        texts.add(counts.inner_text())
    assert len(texts) > 3 and page.locator(f"{BENCH} .lt-flagged").count() < 5  # a score of 100 is rare
    page.keyboard.press("Home")
    assert counts.inner_text() == "Flagged: 31 of 31 generated clips, and 24 of 24 camera clips."
    assert page.locator(f"{BENCH} .lt-flagged").count() == 55
    assert _kept(lesson, "bench.line", 1)[-1]["line"] == 0
    said.get_by_text("Flagged: 31 of 31").wait_for(state="attached")
    assert "With the line at 0" in page.locator(f"{BENCH} svg[role=img]").first.get_attribute("aria-label")
    # JupyterLab's own shortcuts have let all of these keys pass.
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    box = page.locator(f"{OWN_WORDS} textarea")
    box.focus()
    page.keyboard.type("It looks at colour. It was tried on 55 clips, aabbdd.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"{OWN_WORDS} fieldset").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    event = _kept(lesson, "writing.text", 2)[-1]
    assert event["text"] == "It looks at colour. It was tried on 55 clips, aabbdd." and event["ticks"] == [0]
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_by_mouse_and_after_a_reload(lesson):
    page = lesson.page
    train = page.get_by_role("button", name="Train", exact=True)
    for label in ("colour strength", "movement", "block edges"):
        page.get_by_label(label).uncheck()
    train.click()
    page.locator(f"{BENCH} [role=alert]").get_by_text("Tick one thing or more").wait_for()
    assert lesson.lab.events("bench.train") == []
    page.get_by_label("movement").check()
    page.get_by_label("colour strength").check()
    page.get_by_label("ask yes-or-no questions").check()
    train.click()
    _trained(page)
    assert page.locator(f"{BENCH} [role=alert]").is_hidden()
    (event,) = _kept(lesson, "bench.train", 1)
    assert sorted(event["features"]) == ["colour", "movement"] and event["method"] == "questions"

    page.locator(f"{BENCH} .lt-scores").scroll_into_view_if_needed()
    slider = page.locator(f"{BENCH} input[type=range]")
    box = slider.bounding_box()
    heights = set()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.6, 0.7, 0.8, 0.9, 0.75, 0.3):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        heights.add(page.locator(BENCH).bounding_box()["height"])
    page.mouse.up()
    assert len(heights) == 1  # nothing below it jumps
    line = _kept(lesson, "bench.line", 1)[-1]["line"]
    assert 25 <= line <= 35 and slider.input_value() == str(line)

    page.get_by_label("grain").check()
    page.get_by_text("The picture below is of the detector before.").wait_for()
    page.get_by_label("grain").uncheck()
    page.get_by_text("The picture below is of the detector before.").wait_for(state="hidden")

    page.locator(f"{OWN_WORDS} textarea").fill("It is <b>not</b> tried on phones.")
    page.get_by_role("button", name="Keep my text").click()
    page.get_by_label("What it has never met").check()
    assert _kept(lesson, "writing.text", 2)[-1]["ticks"] == [3]

    # The kernel goes, the record stays.
    page.get_by_role("menuitem", name="Kernel").click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(timeout=60_000)
    lesson.run(5)
    _trained(page)
    assert slider.input_value() == str(line)
    assert page.get_by_label("ask yes-or-no questions").is_checked()
    assert page.locator(f"{OWN_WORDS} textarea").input_value() == "It is <b>not</b> tried on phones."
    assert page.get_by_label("What it has never met").is_checked()


def test_how_it_looks_and_that_it_is_open_to_all(lesson):
    page = lesson.page

    def shoot(selector: str, name: str) -> None:
        page.locator(selector).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        lesson.shot(name)

    lesson.assert_open_to_all("before training")
    page.get_by_role("button", name="Train", exact=True).click()
    _trained(page)
    page.locator(f"{OWN_WORDS} textarea").fill("It looks at colour.")
    page.get_by_role("button", name="Keep my text").click()
    page.locator(f"{OWN_WORDS} fieldset").wait_for()
    shoot(BENCH, "bench-1280-light")
    shoot(f"{BENCH} .lt-scores", "bench-scores-1280-light")
    lesson.assert_open_to_all("light")
    for control in page.locator(f"{BENCH} button, {BENCH} input[type=range], {BENCH} .lt-option").all():
        assert control.bounding_box()["height"] >= 32
    lesson.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    shoot(BENCH, "bench-1024-dark")
    shoot(f"{BENCH} .lt-scores", "bench-scores-1024-dark")
    shoot(OWN_WORDS, "limit-1024-dark")
    lesson.assert_open_to_all("dark")
    wide = page.locator(BENCH).evaluate("(one) => one.scrollWidth - one.clientWidth")
    assert wide <= 1
