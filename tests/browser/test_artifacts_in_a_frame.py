"""Marking a place by mouse and by keyboard; nothing that tells before the answer; every answer on the disk."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = "02-artifacts-in-a-frame.ipynb"
SET = ".lt[aria-label='Mark the place']"
EXPLORER = ".lt[aria-label='All pictures, with their marks']"
SHEET = "() => [...document.querySelectorAll('*')].find((one) => one.marking)?.marking"


def _number(lab, source: str) -> int:
    """Which cell of the notebook holds this line, counted from 1."""
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip() == source)


def _drag(page, *path: tuple[float, float]) -> None:
    """Drag over the picture, by shares of it."""
    box = page.locator(f"{SET} canvas").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in path]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def _box(page) -> list[float]:
    return page.evaluate(f"({SHEET})().box")


def _focused(page) -> str:
    return page.evaluate("document.activeElement.textContent || document.activeElement.getAttribute('aria-label')")


@pytest.fixture
def marking(screen):
    """The notebook with the set begun."""
    screen.open(NOTEBOOK)
    screen.run(_number(screen.lab, "lesson.mark()"))
    # The record may hold all twelve answers of the test before; then one looks through them again.
    screen.page.locator(f"{SET} button.lt-main, {SET} button:text('Look through them again')").first.click()
    screen.page.wait_for_selector(f"{SET} [data-ready=true]")
    return screen


def _mark_by_mouse(marking) -> dict:
    page, lab = marking.page, marking.lab
    order = lab.events("annotation.begin")[-1]["order"]
    page.get_by_role("button", name="Save my mark").click()
    page.get_by_text("Draw a box round what looks odd first.").wait_for()
    _drag(page, (0.2, 0.3), (0.5, 0.6))
    assert _box(page) == pytest.approx([0.2, 0.3, 0.3, 0.3], abs=0.02)
    assert page.get_by_text("Draw a box round what looks odd first.").is_hidden()
    _drag(page, (0.35, 0.45), (0.45, 0.55))  # by its inside
    assert _box(page) == pytest.approx([0.3, 0.4, 0.3, 0.3], abs=0.02)
    _drag(page, (0.6, 0.7), (0.5, 0.55))  # by its corner
    assert _box(page) == pytest.approx([0.3, 0.4, 0.2, 0.15], abs=0.03)
    _drag(page, (0.8, 0.2), (0.8, 0.2))  # a click draws nothing
    assert _box(page) == pytest.approx([0.3, 0.4, 0.2, 0.15], abs=0.03)
    # Seen from near, the same box lies elsewhere on the screen, and is the same.
    before = _box(page)
    page.locator(SET).get_by_role("button", name="Zoom in").click()
    near = page.locator(f"{SET} button.lt-box").bounding_box()
    view = page.evaluate(f"({SHEET})().view")
    page.locator(SET).get_by_role("button", name="Move the picture").click()
    _drag(page, (0.8, 0.8), (0.6, 0.8))
    moved = page.evaluate(f"({SHEET})().view")
    assert moved["x"] == pytest.approx(view["x"] + 0.2 * view["size"], abs=0.02) and moved["y"] == view["y"]
    assert _box(page) == before
    page.locator(SET).get_by_role("button", name="Whole picture").click()
    far = page.locator(f"{SET} button.lt-box").bounding_box()
    assert near["width"] == pytest.approx(2 * far["width"], rel=0.1) and _box(page) == before
    page.get_by_role("button", name="Save my mark").click()
    page.get_by_text("Choose a family for what you have marked.").wait_for()
    page.locator(SET).get_by_label("Physics").check()
    assert page.get_by_text("Choose a family for what you have marked.").is_hidden()
    page.locator(f"{SET} input[type=range]").fill("5")
    marking.shot("annotate-1280-light-asking")
    picture = page.locator(f"{SET} canvas").bounding_box()
    page.get_by_role("button", name="Save my mark").click()
    page.locator(f"{SET} .lt-origin").wait_for()
    assert page.locator(f"{SET} canvas").bounding_box() == picture  # what one looks at stays where it is
    assert _focused(page) == "Next picture"
    event = lab.events("annotation.answer")[-1]
    assert (event["item"], event["family"], event["confidence"]) == (order[0], "physics", 75)
    assert event["box"] == pytest.approx(before, abs=1e-3)
    _drag(page, (0.1, 0.1), (0.2, 0.2))
    assert _box(page) == pytest.approx(event["box"], abs=1e-6)  # what was answered is no longer moved
    return event


def _mark_by_keyboard(marking) -> dict:
    """From a focus on "Next picture" on there is only the keyboard."""
    page, lab = marking.page, marking.lab
    page.locator(f"{SET} button.lt-main").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Place a box'")
    page.wait_for_selector(f"{SET} [data-ready=true]")
    page.keyboard.press("Enter")
    assert _focused(page) in ("you", "") and _box(page) == pytest.approx([0.4, 0.4, 0.2, 0.2])
    for key in ["ArrowLeft"] * 5 + ["ArrowUp"] * 3 + ["Shift+ArrowRight"] * 2 + ["Shift+ArrowDown"] * 4:
        page.keyboard.press(key)
    wanted = [0.3, 0.34, 0.24, 0.28]
    assert _box(page) == pytest.approx(wanted)
    said = page.locator(f"{SET} .lt-shown [aria-live=polite]")
    said.get_by_text("Box from 30 to 54 % across and from 34 to 62 % down.").wait_for(state="attached")
    for _ in range(80):  # beyond the edge there is nothing to mark
        page.keyboard.press("ArrowRight")
    assert _box(page) == pytest.approx([0.76, 0.34, 0.24, 0.28])
    page.keyboard.press("Delete")
    assert _box(page) is None and _focused(page) == "Place a box"
    page.keyboard.press("Enter")
    for key in ["ArrowLeft"] * 5 + ["ArrowUp"] * 3:
        page.keyboard.press(key)
    while page.evaluate("document.activeElement.type") != "radio":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    assert _focused(page) == "Save my mark"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.textContent === 'Next picture'")
    event = lab.events("annotation.answer")[-1]
    assert event["box"] == pytest.approx([0.3, 0.34, 0.2, 0.2])
    assert (event["family"], event["confidence"]) == ("style", 100)
    return event


def test_by_mouse_by_keyboard_and_after_a_reload(marking):
    page, lab = marking.page, marking.lab
    received: list[bytes] = []

    def listen(socket):
        socket.on("framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode()))

    marking.assert_open_to_all("while the marks are asked for")
    _mark_by_mouse(marking)
    _mark_by_keyboard(marking)
    assert len(lab.events("annotation.answer")) == 2

    page.on("websocket", listen)
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    marking.open(NOTEBOOK)
    marking.run(_number(lab, "lesson.mark()"))
    page.get_by_text("You stopped after 2 of 12.").wait_for()
    order = lab.events("annotation.begin")[-1]["order"]
    assert len(lab.events("annotation.begin")) == 1
    page.locator(f"{SET} button.lt-main").click()

    from course import media

    for number in range(3, 13):
        page.wait_for_selector(f"{SET} [data-ready=true]")
        page.get_by_text(f"Picture {number} of 12", exact=True).wait_for()
        item = media.catalogue()[order[number - 1]]
        traffic = b"".join(received)
        reasons = [item.odd_reason, item.nothing, *(cue.reason for cue in item.cues)]
        for secret in {item.id, item.path.name, item.member, item.sha256, *reasons} - {None}:
            assert json.dumps(secret)[1:-1].encode() not in traffic, f"{secret} came before the answer"
        page.get_by_role("button", name="Nothing I can point at").click()
        page.locator(f"{SET} .lt-origin").wait_for()
        assert len(lab.events("annotation.answer")) == number
        if item.id == "hedgehog-confetti":
            page.locator(SET).get_by_role("button", name="Look closer at mark 1").click()
            assert page.evaluate(f"({SHEET})().view.size") < 0.6
        page.locator(f"{SET} button.lt-main").click()
    page.get_by_text("All 12 answers are saved.").wait_for()
    assert [event["item"] for event in lab.events("annotation.answer")] == order

    page.get_by_role("button", name="Look through them again").click()
    page.locator(f"{SET} .lt-origin").wait_for()
    assert page.locator(f"{SET} button.lt-box").is_disabled()

    marking.run(_number(lab, "lesson.explorer()"))
    page.get_by_text("You drew 2 boxes").wait_for()
    explorer = page.locator(EXPLORER)
    explorer.scroll_into_view_if_needed()
    explorer.get_by_label("Family").select_option(label="Culture")
    explorer.get_by_text("5 pictures").wait_for()
    explorer.get_by_text("only an envelope").wait_for()  # the first of them, a clip
    explorer.get_by_role("button", name="Look closer at mark 3").click()
    assert "Frame 20 of 24" in explorer.locator("output").inner_text()
    assert explorer.locator(".lt-mark:visible").count() == 1  # the others belong to earlier frames
    assert page.get_by_text("Traceback").count() == 0


def test_how_it_looks_and_that_it_is_open_to_all(marking):
    page = marking.page

    def shoot(name: str, what: str = SET) -> None:
        page.locator(what).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        marking.shot(name)

    for canvas in page.locator(".lt canvas").all():
        assert canvas.bounding_box()["width"] >= 320
    if page.get_by_role("button", name="Nothing I can point at").count():  # asked to be run alone
        page.get_by_role("button", name="Nothing I can point at").click()
    page.locator(f"{SET} .lt-origin").wait_for()
    shoot("annotate-1280-light")
    marking.assert_open_to_all("light, told")
    marking.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    shoot("annotate-1024-dark")
    marking.assert_open_to_all("dark, told")
    shoot("annotate-1024-dark-example", ".lt[aria-label^='Physics']")
    marking.run(_number(marking.lab, "lesson.explorer()"))
    page.locator(f"{EXPLORER} [data-ready=true]").wait_for()
    shoot("annotate-1024-dark-explorer", EXPLORER)
    marking.assert_open_to_all("dark, explorer")
    for canvas in page.locator(".lt canvas:visible").all():
        assert canvas.bounding_box()["width"] >= 280
