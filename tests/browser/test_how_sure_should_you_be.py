"""Lesson 9 under the hand: the dots and the ledger, by mouse and by keys alone."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = "09-how-sure-should-you-be.ipynb"
DOTS, LEDGER = (f".lt[aria-label='{name}']" for name in ("A thousand clips", "Evidence ledger"))


def _run(screen, source: str) -> None:
    """Run a single cell, given by its text."""
    cells = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    screen.run_cell(next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip() == source))


@pytest.fixture
def lesson(screen):
    screen.open(NOTEBOOK)
    screen.run(3)
    return screen


def _cell(screen, source: str, what: str):
    _run(screen, source)
    found = screen.page.locator(what)
    found.wait_for()
    found.scroll_into_view_if_needed()
    return found


def _press(page, name: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(name)


def test_sliders_move_the_dots_by_keys_and_by_mouse(lesson):
    page = lesson.page
    dots = _cell(lesson, "lesson.dots()", DOTS)
    dots.get_by_text("So 114 clips are flagged, and 16 of them").first.wait_for()
    slider = dots.get_by_label("Camera, yet flagged")
    slider.focus()
    _press(page, "ArrowLeft", 9)
    dots.get_by_text("So 26 clips are flagged").first.wait_for()
    assert slider.get_attribute("aria-valuetext") == "1 of 100"
    last = {"kind": "dots.set", "dots": "clips", "generated": 20, "hits": 80, "false_alarms": 1}
    page.wait_for_timeout(1000)
    kept = lesson.lab.events("dots.set")[-1]
    assert {name: kept[name] for name in last} == last
    assert "16 of them" in dots.locator("[aria-live=polite]").text_content()  # spoken once it rests
    dots.get_by_role("button", name="Back to the example").click()
    dots.get_by_text("So 114 clips are flagged").first.wait_for()
    box = dots.get_by_label("Generated clips").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    dots.get_by_text("Of 1,000 clips 500 are generated").first.wait_for()
    together = dots.get_by_role("button", name="Put the flagged ones together")
    together.focus()
    _press(page, "Space")
    assert together.get_attribute("aria-pressed") == "true" and dots.locator(".lt-rule").count() == 1
    # four kinds, told apart by form and filling, in all a thousand
    counts = dots.locator("svg[role=img] path:not(.lt-rule)").evaluate_all(
        "(all) => all.map((one) => [one.getAttribute('class'), (one.getAttribute('d').match(/M/g) ?? []).length])"
    )
    assert sum(count for _, count in counts) == 1000 and len({kind for kind, _ in counts}) == 4
    _run(lesson, "lesson.hook()")
    _run(lesson, "lesson.dots()")
    page.locator(DOTS).get_by_text("Of 1,000 clips 500 are generated").first.wait_for()


def test_the_ledger_is_kept_by_keys_and_by_mouse(lesson):
    page = lesson.page
    ledger = _cell(lesson, "lesson.ledger()", LEDGER)
    ledger.get_by_label("Before any evidence I say").select_option("5")
    weight = ledger.get_by_role("slider")
    source = ledger.get_by_label("It goes back to")
    # by keys alone
    ledger.get_by_role("button", name="5: The original").focus()
    _press(page, "Enter")
    weight.focus()
    _press(page, "ArrowRight", 4)
    assert weight.get_attribute("aria-valuetext") == "far likelier if too fast: 30 times"
    _press(page, "Tab")
    page.keyboard.type("the signed")
    _press(page, "Tab")
    _press(page, "Enter")
    ledger.get_by_text("1 of 10 entered").wait_for()
    assert ledger.locator(".lt-back").get_by_text("Ilka, picture desk:").is_visible()
    _press(page, "Tab")
    _press(page, "Enter")  # the next piece
    page.wait_for_function("document.activeElement.textContent.startsWith('6. ')")
    # by mouse: the same source once more
    for _ in range(3):
        weight.press("ArrowRight")
    source.select_option("the signed original")
    ledger.get_by_role("button", name="Enter it").click()
    ledger.get_by_text("2 of 10 entered").wait_for()
    assert ledger.locator(".lt-number").inner_text().startswith("Your odds now: 30 to 1")
    assert ledger.locator(".lt-back").get_by_text("It is in your ledger, and it does not count again").is_visible()
    assert "The odds are now 30 to 1, very likely too fast." in ledger.locator("[aria-live=polite]").text_content()
    lesson.shot("ledger-1280-light")
    # what is missing is said
    ledger.get_by_role("button", name="9: The harbour").click()
    ledger.get_by_role("button", name="Enter it").click()
    ledger.get_by_text("Say first what it goes back to.").wait_for()
    events = lesson.lab.events("ledger.weigh")
    assert [(event["item"], event["step"], event["source"]) for event in events] == [
        ("credential", 9, "the signed original"),
        ("wire", 8, "the signed original"),
    ]
    assert [event["step"] for event in lesson.lab.events("ledger.start")] == [5]
    # arrow keys walk along the pieces
    tab = ledger.get_by_role("button", name="5: The original")
    tab.focus()
    _press(page, "ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("4: ")
    # and whoever runs the cell again finds it as it was, and may finish it
    _run(lesson, "lesson.hook()")
    _run(lesson, "lesson.ledger()")
    ledger = page.locator(LEDGER)
    ledger.get_by_text("2 of 10 entered").wait_for()
    for number in range(3, 11):
        ledger.get_by_label("It goes back to").select_option(index=1)
        ledger.get_by_role("button", name="Enter it").click()
        ledger.get_by_text(f"{number} of 10 entered").wait_for()
        ledger.get_by_role("button", name="Next piece").click()
    ledger.get_by_text("Where two others end").wait_for()
    assert ledger.locator(".lt-expert").count() == 2


def test_how_it_looks_and_that_it_is_open_to_all(lesson):
    page = lesson.page
    calls = {"lesson.dots()": ("dots", DOTS), "lesson.ledger()": ("ledger", LEDGER)}
    for source in ("lesson.hook()", "lesson.guess()", *calls, "lesson.film()", "lesson.my_ledger()"):
        _run(lesson, source)
    for _, what in calls.values():
        page.locator(what).first.wait_for()
    page.locator(DOTS).get_by_role("button", name="Put the flagged ones together").click()

    def check(theme: str) -> None:
        lesson.assert_open_to_all(theme)
        lesson.assert_roomy(theme)

    def shoot(theme: str) -> None:
        for name, what in calls.values():
            page.locator(what).first.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
            lesson.shot(f"sure-{name}-{theme}")
            page.locator(what).first.evaluate("(one) => one.scrollIntoView({ block: 'end' })")
            lesson.shot(f"sure-{name}-end-{theme}")

    shoot("1280-light")
    check("light")
    lesson.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    shoot("1024-dark")
    check("dark")
    assert page.get_by_text("Traceback").count() == 0
