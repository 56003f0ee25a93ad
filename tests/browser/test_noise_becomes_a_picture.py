"""The end of lesson 1 under the hand: a picture drowns, noise becomes a picture, and the game of sixteen squares."""

from __future__ import annotations

import json

import pytest

from course.diffusion import sixteen

NOTEBOOK = "01-how-sharp-are-your-eyes.ipynb"
NAMES = ("A picture drowns", "Picture maker", "Two picture makers", "Sixteen squares")
DROWN, MAKER, TWO, SQUARES = (f".lt[aria-label='{name}']" for name in NAMES)
MAKE, MAKE_TWO = 'lesson.make(word="leaf", number=5)', 'lesson.make_two(words=("sky", "stone"), numbers=(1, 1))'
# What one canvas shows, as one text: two pictures are the same if these are.
PIXELS = "(canvas) => canvas.toDataURL()"


@pytest.fixture
def lesson(screen):
    screen.open(NOTEBOOK)
    screen.run(2)
    return screen


def _cell(screen, source: str, what: str):
    """Run a single cell, given by its text, and bring what it shows on the screen."""
    cells = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    screen.run_cell(next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip() == source))
    found = screen.page.locator(what)
    found.wait_for()
    _to_top(found)
    return found


def _to_top(found) -> None:
    found.evaluate("(one) => one.scrollIntoView({ block: 'start' })")


def _press(page, name: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(name)


def _at_the_end(maker):
    """Wait until a walk has been played to its end, and give its slider."""
    slider = maker.get_by_role("slider")
    maker.get_by_text("Step 25 of 25, 100 per cent of the way. No noise is left.").wait_for(timeout=40_000)
    assert slider.input_value() == "25"
    return slider


def test_a_picture_drowns_by_keys_and_by_mouse(lesson):
    page = lesson.page
    drown = _cell(lesson, "lesson.drown()", DROWN)
    drown.get_by_text("The picture as it was taken.").wait_for()
    canvas, slider = drown.locator("canvas"), drown.get_by_label("From picture to noise")
    whole = canvas.evaluate(PIXELS)
    slider.focus()
    _press(page, "ArrowRight", 10)
    said = "The picture's contrast is at 71 per cent, the noise at 71 per cent of full strength."
    assert slider.get_attribute("aria-valuetext") == said and drown.get_by_text(said).is_visible()
    half = canvas.evaluate(PIXELS)
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    drown.get_by_text("Nothing of the picture is left").wait_for()
    assert len({whole, half, canvas.evaluate(PIXELS)}) == 3
    assert page.evaluate("document.activeElement.type") == "range"
    _press(page, "Home")
    assert canvas.evaluate(PIXELS) == whole


def test_the_maker_by_mouse_then_by_keys(lesson):
    page = lesson.page
    maker = _cell(lesson, MAKE, MAKER)
    assert maker.locator("canvas").first.is_hidden()  # nothing is made before it is asked for
    maker.get_by_label("Word", exact=True).select_option("sky")
    maker.get_by_label("Noise number").fill("12")
    maker.get_by_role("button", name="Make a picture").click()
    slider = _at_the_end(maker)
    now, guess = maker.locator("canvas").all()
    sky = now.evaluate(PIXELS)
    assert guess.evaluate(PIXELS) == sky  # at the end there is nothing left to guess
    assert now.bounding_box()["width"] == 256
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    assert slider.get_attribute("aria-valuetext") == (
        "Step 0 of 25, 0 per cent of the way. Noise at 100 per cent of full strength."
    )
    noise = now.evaluate(PIXELS)
    assert guess.evaluate(PIXELS) not in (noise, sky)

    # The same noise, another word, by keys alone.
    maker.get_by_label("Word", exact=True).focus()
    _press(page, "End")
    _press(page, "Tab")
    assert page.evaluate("document.activeElement.value") == "12"
    _press(page, "Enter")
    page.wait_for_function("document.querySelector('.lt-maker [aria-live]').textContent.startsWith('Made: no word')")
    _at_the_end(maker)
    assert now.evaluate(PIXELS) != sky
    slider.focus()
    _press(page, "Home")
    assert now.evaluate(PIXELS) == noise
    _press(page, "ArrowRight", 7)
    assert slider.get_attribute("aria-valuetext").startswith("Step 7 of 25, 28 per cent of the way.")
    _press(page, "Shift+Tab")
    _press(page, "Space")  # play goes on from here
    _at_the_end(maker)

    # The same word and number once more: the same picture.
    maker.get_by_label("Word", exact=True).select_option("sky")
    maker.get_by_role("button", name="Make a picture").click()
    page.wait_for_function("document.querySelector('.lt-maker [aria-live]').textContent.startsWith('Made: sky')")
    _at_the_end(maker)
    assert now.evaluate(PIXELS) == sky

    # What cannot be is one sentence, and what was there stays there.
    for wrong in ("99999", ""):
        maker.get_by_label("Noise number").fill(wrong)
        maker.get_by_role("button", name="Make a picture").click()
        maker.get_by_text("The number of the noise is a whole one from 0 to 9,999.").wait_for()
        assert now.evaluate(PIXELS) == sky
    maker.get_by_role("button", name="Another number").click()
    assert 0 <= int(maker.get_by_label("Noise number").input_value()) <= 9999


def test_whoever_asks_for_little_motion_sees_the_end_at_once(lesson):
    page = lesson.page
    page.emulate_media(reduced_motion="reduce")
    maker = _cell(lesson, MAKE, MAKER)
    page.evaluate(
        "(words) => new MutationObserver(() => words.seen = [...(words.seen ?? []), words.textContent])"
        ".observe(words, { childList: true, characterData: true, subtree: true })",
        maker.locator("output").element_handle(),
    )
    maker.get_by_role("button", name="Make a picture").click()
    _at_the_end(maker)
    page.wait_for_timeout(500)
    seen = maker.locator("output").evaluate("(words) => words.seen.map((one) => one.slice(0, 8))")
    assert set(seen) <= {"Step 0 o", "Step 25 "}
    maker.get_by_role("button", name="Play").click()  # asked for, it plays all the same
    maker.get_by_role("button", name="Pause").wait_for()
    _at_the_end(maker)


def test_two_pictures_on_one_slider(lesson):
    page = lesson.page
    two = _cell(lesson, MAKE_TWO, TWO)
    slider = _at_the_end(two)
    canvases = two.locator("canvas").all()
    ends = [canvas.evaluate(PIXELS) for canvas in canvases]
    assert ends[0] == ends[1] != ends[2] == ends[3]
    slider.focus()
    _press(page, "Home")
    starts = [canvas.evaluate(PIXELS) for canvas in canvases]
    assert starts[0] == starts[2] and starts[1] != starts[3]  # one noise, two words
    for word in two.get_by_label("Word", exact=True).all():
        word.select_option("leaf")
    two.get_by_label("Noise number").nth(1).fill("3")
    two.get_by_role("button", name="Make both pictures").click()
    page.wait_for_function(
        "document.querySelector('.lt-maker [aria-live]').textContent.startsWith('Made: leaf, number 1; leaf, number 3')"
    )
    _at_the_end(two)
    slider.focus()
    _press(page, "Home")
    assert canvases[0].evaluate(PIXELS) == starts[0] != canvases[2].evaluate(PIXELS)


def test_sixteen_squares_by_keys_then_by_mouse_and_nothing_tells_early(lesson):
    lab, page = lesson.lab, lesson.page
    received: list[bytes] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode())
        ),
    )
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    lesson.open(NOTEBOOK)
    lesson.run(2)
    game = _cell(lesson, "lesson.sixteen()", SQUARES)
    game.get_by_role("button", name="Show the sixteen squares").focus()
    _press(page, "Enter")
    game.get_by_text("0 chosen").wait_for(timeout=60_000)
    squares = game.locator("button.lt-square")
    assert squares.count() == 16
    page.wait_for_function("document.activeElement?.classList.contains('lt-square')")

    # By keys: each second square.
    for place in range(16):
        if place % 2 == 0:
            _press(page, "Space")
        _press(page, "Tab")
    assert [one.get_attribute("aria-pressed") for one in squares.all()] == ["true", "false"] * 8
    game.get_by_text("8 chosen").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Check"
    lesson.shot("sixteen-asking-1280-light")
    traffic = b"".join(received)
    assert b"Round" in page.content().encode() and len(traffic) > 16 * 3 * 32 * 32
    for secret in (b'"truth"', b'"origin"', b"1001", b"held-back"):
        assert secret not in traffic
    assert not lab.events("crops.answer")
    _press(page, "Enter")
    game.get_by_text("Round 1: what they are").wait_for()
    (saved,) = lab.events("crops.answer")
    assert (saved["round"], saved["picks"]) == (1, list(range(0, 16, 2)))
    key = sixteen.key(1)
    believed = sum(square.origin == "camera" for square in key[::2])
    game.get_by_text(
        f"Of 8 camera squares you believed {believed} and wrongly accused {8 - believed}."
    ).first.wait_for()
    shown = [one.inner_text().split("\n")[1] for one in game.locator(".lt-told figcaption").all()]
    assert shown == [one.origin for one in key]
    _to_top(game)
    lesson.shot("sixteen-told-1280-light")

    # By mouse: the next sixteen.
    game.get_by_role("button", name="Sixteen others").click()
    game.get_by_text("Round 2: which did a camera take?").wait_for(timeout=60_000)
    for place in (3, 5, 7, 5):
        squares.nth(place).click()
    game.get_by_text("2 chosen").wait_for()
    game.get_by_role("button", name="Check").click()
    game.get_by_text("Round 2: what they are").wait_for()
    assert [event["picks"] for event in lab.events("crops.answer")] == [list(range(0, 16, 2)), [3, 7]]

    # A new page and a cell that is run again: what was judged is still there, and cannot be judged twice.
    page.reload()
    lesson.open(NOTEBOOK)
    lesson.run(2)
    game = _cell(lesson, "lesson.sixteen()", SQUARES)
    game.get_by_text("Round 2", exact=True).wait_for()
    game.get_by_role("button", name="Show them again").click()
    game.get_by_text("Round 2: what they are").wait_for(timeout=60_000)
    assert game.get_by_role("button", name="Check").count() == 0
    assert len(lab.events("crops.answer")) == 2


def test_how_it_looks_and_that_it_is_open_to_all(lesson):
    page = lesson.page
    drown = _cell(lesson, "lesson.drown()", DROWN)
    drown.get_by_role("slider").fill("12")
    maker = _cell(lesson, MAKE, MAKER)
    maker.get_by_role("button", name="Make a picture").click()
    _at_the_end(maker).fill("16")
    two = _cell(lesson, MAKE_TWO, TWO)
    _at_the_end(two).fill("20")
    game = _cell(lesson, "lesson.sixteen()", SQUARES)
    game.get_by_role("button", name="Show").click()
    game.get_by_text("chosen").or_(game.get_by_text("what they are")).wait_for(timeout=60_000)
    if game.locator("button.lt-square").count():
        game.locator("button.lt-square").nth(2).click()
    film = _cell(lesson, "lesson.video_generators()", ".lt-figure >> nth=-1")
    views = {"drown": drown, "maker": maker, "two-makers": two, "sixteen": game, "video-generators": film}

    def shoot(theme: str) -> None:
        for name, view in views.items():
            _to_top(view)
            lesson.shot(f"{name}-{theme}")
            box = view.bounding_box()
            assert view.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1"), name
            assert box["height"] < page.viewport_size["height"], name

    shoot("1280-light")
    lesson.assert_open_to_all("light")
    lesson.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    shoot("1024-dark")
    lesson.assert_open_to_all("dark")
    if game.get_by_role("button", name="Check").count():
        game.get_by_role("button", name="Check").click()
        game.get_by_text("what they are").wait_for()
    _to_top(game)
    lesson.shot("sixteen-told-1024-dark")
    lesson.assert_open_to_all("dark, told")
