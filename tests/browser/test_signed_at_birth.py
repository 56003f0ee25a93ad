"""Lesson 7 under the hand: the pile, the signing desk, the list of trust and the chain, by mouse and by keys alone."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = "07-signed-at-birth.ipynb"
STOCK, SIGN, TRUST, CHAIN = (
    f".lt[aria-label='{name}']" for name in ("Curator\\'s desk", "Signing desk", "List of trust", "Chain of edits")
)
PEN = "Heron of the Reeds"


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


def _focus(page) -> str:
    return page.evaluate(
        "(() => { const one = document.activeElement; if (one === document.body) return '';"
        " return one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent; })()"
    )


def _tab_to(page, name: str) -> None:
    for _ in range(40):
        if name in _focus(page):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {name!r}; it stands on {_focus(page)!r}")


def test_five_are_decided_by_mouse_and_five_by_keys_alone(lesson):
    page = lesson.page
    desk = _cell(lesson, "lesson.stock()", STOCK)
    pile = desk.locator(".lt-thumb")
    assert pile.count() == 10
    for number in range(5):
        pile.nth(number).click()
        desk.get_by_label("Ask the sender").click()
        desk.locator("fieldset").nth(1).get_by_role("radio").nth(number % 3).click()
        desk.get_by_role("button", name="Decide").click()
        desk.get_by_text(f"{number + 1} of 10 decided").wait_for()
        assert desk.locator(".lt-back").get_by_text("Another curator wrote:").is_visible()
    desk.get_by_role("button", name="Next one that waits").focus()
    for number in range(5, 10):
        _press(page, "Enter")  # the next one
        page.wait_for_function(f"document.activeElement.textContent.startsWith('{number + 1}. ')")
        _press(page, "Tab")
        _press(page, "Space")  # accept
        _press(page, "Tab")
        _press(page, "Space")
        _press(page, "ArrowDown")  # the second reason
        _press(page, "Tab")
        page.keyboard.type("because")
        _press(page, "Tab")
        assert _focus(page) == "Decide"
        _press(page, "Enter")
        desk.get_by_text(f"{number + 1} of 10 decided").wait_for()
        _press(page, "Tab")
        assert _focus(page).startswith("Next one")
    events = lesson.lab.events("curation.decide")
    assert [event["submission"] for event in events] == [
        *("swans", "clock", "lane", "bear", "rabbit"),
        *("brook", "car", "peaks", "umbrellas", "horse"),
    ]
    assert [event["decision"] for event in events] == ["ask"] * 5 + ["accept"] * 5
    assert [event["ground"] for event in events][5:] == [1] * 5
    assert {event["words"] for event in events[5:]} == {"because"}
    desk.get_by_text("All ten are decided.").wait_for()
    # the arrow keys walk along the pile
    pile.first.focus()
    _press(page, "ArrowRight")
    assert _focus(page).startswith("2: A clock on a wall, asked")
    _press(page, "Enter")
    desk.get_by_text("2. A clock on a wall").wait_for()
    assert desk.get_by_label("Ask the sender").is_checked()
    # and whoever runs the cell again finds it as it was
    _run(lesson, "lesson.hook()")  # the cell of the pile is the chosen one, and its button has the keys
    _run(lesson, "lesson.stock()")
    page.locator(STOCK).get_by_text("10 of 10 decided").wait_for()
    _run(lesson, "lesson.what_they_were()")
    page.get_by_text("Trusted holds both, and so does broken").wait_for()


THUMBS = """(all) => all.map((one) => {
  const image = one.querySelector('img').getBoundingClientRect();
  const box = one.getBoundingClientRect();
  const words = [...one.querySelectorAll('span')].map((word) => word.getBoundingClientRect());
  return {
    side: Math.min(image.width, image.height), square: Math.abs(image.width - image.height) < 1,
    whole: one.scrollWidth <= one.clientWidth && words.every((word) => word.right <= box.right + 0.5),
    apart: words.every((word) => word.top >= image.bottom - 0.5 || word.left >= image.right - 0.5),
    inside: box.right <= one.closest('.lt').getBoundingClientRect().right + 0.5,
  };
})"""


def test_the_pile_can_be_seen_at_twice_the_size(lesson):
    page = lesson.page
    desk = _cell(lesson, "lesson.stock()", STOCK)
    for width, height in ((640, 400), (512, 384), (1024, 768), (1280, 800)):  # the first two: half of the others
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        desk.locator(".lt-pile").scroll_into_view_if_needed()
        lesson.shot(f"pile-{width}")
        thumbs = desk.locator(".lt-thumb").evaluate_all(THUMBS)
        assert len(thumbs) == 10
        assert [one for one in thumbs if one["side"] < 48 or not all(one.values())] == [], width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_picture_is_signed_and_harmed_by_keys_and_by_mouse_and_no_name_goes_out(lesson):
    page = lesson.page
    desk = _cell(lesson, "lesson.sign()", SIGN)
    desk.get_by_label("A pen name (not your real one)").focus()
    page.keyboard.type(PEN)
    _tab_to(page, "Make my certificate")
    _press(page, "Enter")
    desk.get_by_text("You sign as").wait_for()
    assert PEN in desk.inner_text()
    page.wait_for_function("document.activeElement.labels?.[0]?.textContent === 'Title'")  # what comes next
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("A lake")
    _tab_to(page, "Sign it")
    _press(page, "Enter")
    state = desk.locator(".lt-credential .lt-state")
    desk.locator(".lt-credential .lt-state[data-state=trusted]").wait_for()
    _tab_to(page, "Turn one bit over")
    _press(page, "Enter")
    desk.locator(".lt-credential .lt-state[data-state=broken]").wait_for()
    assert "Turn one bit over" in _focus(page)  # nothing jumps
    said = desk.locator("[aria-live=polite]")
    assert said.text_content().startswith("one bit of the picture turned over: Broken.")
    lesson.shot("signing-1280-light")
    for name, came in (("Save it again", "none"), ("Look at it as a stranger", "signer unknown")):
        desk.get_by_role("button", name=name).click()
        desk.locator(f".lt-credential .lt-state[data-state='{came}']").wait_for()
    assert state.count() == 1
    desk.get_by_role("button", name="Take the statement out").click()
    desk.locator("table [data-state=none]").nth(1).wait_for()
    assert "not tried yet" not in desk.inner_text()
    assert [(event["act"], event.get("state")) for event in lesson.lab.events("signing.act")] == [
        ("make", None),
        ("sign", "trusted"),
        ("flip", "broken"),
        ("save-again", "none"),
        ("distrust", "signer unknown"),
        ("strip", "none"),
    ]
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_timeout(1500)
    for path in (lesson.lab.home / "record.jsonl", lesson.lab.notebooks / NOTEBOOK):
        text = path.read_text(encoding="utf-8")
        assert PEN not in text and "PRIVATE KEY" not in text
    # what is no picture is a sentence
    file = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture at all"}
    desk.get_by_label("Choose a picture of your own").set_input_files(file)
    desk.locator(".lt-trouble:visible").wait_for()
    # and whoever runs the cell again still has the certificate
    _run(lesson, "lesson.hook()")
    _run(lesson, "lesson.sign()")
    page.locator(SIGN).get_by_text("You sign as").wait_for()


def test_trust_is_ticked_by_mouse_and_by_keys(lesson):
    page = lesson.page
    list_ = _cell(lesson, "lesson.trust()", TRUST)
    assert list_.locator("[data-state=trusted]").count() == 0
    list_.get_by_label("Picture Makers' Register").click()
    list_.locator("[data-state=trusted]").first.wait_for()
    list_.get_by_label("Harbour Gazette").focus()
    _press(page, "Space")
    list_.locator("[data-state=trusted]").nth(1).wait_for()
    assert lesson.lab.events("trust.choose")[-1]["on"] == ["register", "gazette"]
    assert list_.locator("[data-state=broken]").count() == 1
    assert list_.locator("[aria-live=polite]").text_content() == "Peaks over the fog: Trusted"
    _press(page, "Space")
    page.wait_for_function(f'document.querySelectorAll("{TRUST} [data-state=trusted]").length === 1')


def test_the_chain_is_walked_by_arrow_keys_and_by_mouse(lesson):
    page = lesson.page
    chain = _cell(lesson, "lesson.poster()", CHAIN)
    said, chosen = chain.locator("[aria-live=polite]"), chain.locator(".lt-chosen h4")
    assert chosen.inner_text() == "Poster: summer fair"
    chain.locator("button[aria-pressed=true]").focus()
    walk = (
        ("ArrowLeft", "Canal, cut", "Trusted"),
        ("ArrowDown", "Hedgehog with a hat", "Signer unknown"),
        ("ArrowDown", "snack.jpg", "None"),
        ("ArrowDown", "Yellow car", "Broken"),
        ("ArrowDown", "Yellow car", "Broken"),  # the end of the column
        ("ArrowRight", "Poster: summer fair", "Trusted"),
        ("Home", "Canal at dusk", "Trusted"),
        ("ArrowRight", "Canal, cut", "Trusted"),
        ("End", "Poster: summer fair", "Trusted"),
    )
    for key, title, word in walk:
        _press(page, key)
        assert chosen.inner_text() == title
        assert _focus(page).startswith(f"{title}, ")
        assert said.text_content().startswith(f"{title}. {word}.")
    # one stop for Tab: what is in focus is what is chosen
    assert chain.locator("button[tabindex='0']").count() == 1
    chain.get_by_role("button", name="Yellow car, Ana").click()
    assert chosen.inner_text() == "Yellow car"
    assert chain.locator(".lt-touched").count() == 1
    assert chain.locator(".lt-way").count() == 5
    assert chain.locator(".lt-placed").count() == 3


def test_how_it_looks_and_that_it_is_open_to_all(lesson):
    page = lesson.page
    calls = {
        'lesson.look_at("swans", after="flip")': ("look", ".lt[aria-label='What the file says']"),
        "lesson.trust()": ("trust", TRUST),
        "lesson.stock()": ("stock", STOCK),
        "lesson.poster()": ("chain", CHAIN),
        "lesson.sign()": ("signing", SIGN),
    }
    for source in ("lesson.hook()", *calls, "lesson.register()", "lesson.find_again(crop=0.8, quality=60, size=1.0)"):
        _run(lesson, source)
    for _, what in calls.values():
        page.locator(what).first.wait_for()

    def check(theme: str) -> None:
        lesson.assert_open_to_all(theme)
        lesson.assert_roomy(theme)

    def shoot(theme: str) -> None:
        for name, what in calls.values():
            page.locator(what).first.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
            lesson.shot(f"signed-{name}-{theme}")

    shoot("1280-light")
    check("light")
    lesson.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    shoot("1024-dark")
    check("dark")
    assert page.get_by_text("Traceback").count() == 0
