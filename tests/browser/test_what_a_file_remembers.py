"""Lesson 5 by hand: look into files, take notes out, write others in, fill the table; by keyboard and by mouse."""

from __future__ import annotations

import json

import pytest

from course import judgement, media
from course.media.catalogue import data_folder

NOTEBOOK = "05-what-a-file-remembers.ipynb"
DESK = ".lt[aria-label='File desk']"
INSIDE = ".lt[aria-label='Inside a file']"
TABLE = ".lt[aria-label='Shows, and does not show']"
FINDINGS = judgement.load_findings(data_folder() / "findings.toml")["file/shows"]


def _keep_only(lab, *calls: str) -> int:
    """The lesson with its words, its import and these cells alone, so that a test need not wait for the others."""
    path = lab.notebooks / NOTEBOOK
    notebook = json.loads(path.read_text(encoding="utf-8"))
    wanted = ("from course", *calls)
    notebook["cells"] = [
        cell
        for number, cell in enumerate(notebook["cells"])
        if number == 0 or (cell["cell_type"] == "code" and "".join(cell["source"]).startswith(wanted))
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return len(notebook["cells"])


@pytest.fixture(scope="module")
def opened(lab):
    return _keep_only(lab, 'lesson.look_inside("phone")', "lesson.desk()", "lesson.table()", "lesson.done()")


def _start(screen, count: int) -> None:
    screen.open(NOTEBOOK)
    for _ in range(3):  # a kernel that is still coming up may take no notice of the first Shift+Enter
        screen.run(count)
        if screen.page.locator(TABLE).count():
            break
    screen.page.locator(TABLE).wait_for(timeout=60_000)


def _focused(page) -> str:
    return page.evaluate(
        "document.activeElement.labels?.[0]?.textContent || document.activeElement.getAttribute('aria-label')"
        " || document.activeElement.textContent"
    )


def _tab_to(page, name: str, most: int = 12) -> None:
    for _ in range(most):
        if _focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} was not reached; the focus is on {_focused(page)!r}")


def _right(row) -> tuple[int, int]:
    return tuple(next(i for i, one in enumerate(side) if one.right) for side in (row.shows, row.open))


def test_the_desk_and_the_table_by_keyboard(screen, opened):
    lab, page = screen.lab, screen.page
    _start(screen, opened)

    # the filter
    page.locator(f"{INSIDE} input[type=search]").focus()
    page.keyboard.type("gps")
    page.get_by_text("of 48 fields").wait_for()
    assert page.locator(f"{INSIDE} .lt-fields").get_by_text("GPSLatitude", exact=True).is_visible()
    assert not page.locator(f"{INSIDE} .lt-fields").get_by_text("Make", exact=True).is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "lt-fields"  # can be scrolled by keys

    # the desk: choose a file, take everything out, write another story in
    page.locator(f"{DESK} select").focus()
    page.keyboard.press("ArrowDown")
    page.locator(f"{DESK} h3", has_text="IMG_1054.JPG").wait_for()
    _tab_to(page, "Take everything out")
    page.keyboard.press("Enter")
    _answers_beside(page, "Take everything out")
    page.locator(f"{DESK} .lt-made").get_by_text("The picture is the same, to the last bit").wait_for()
    assert page.locator(f"{DESK} .lt-nothing").is_visible()
    page.keyboard.press("Tab")
    assert _focused(page) == "Put the file back as it was"
    page.keyboard.press("Enter")
    page.locator(f"{DESK} .lt-made").wait_for(state="hidden")
    page.locator(f"{DESK} .lt-entries input").first.focus()
    for text in ("2019-07-14 12:30", "Dream Camera", "48.9", "2.3"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    assert _focused(page) == "Write these in"
    page.keyboard.press("Enter")
    _answers_beside(page, "Write these in")
    page.locator(f"{DESK} .lt-made").get_by_text("Dream Camera").wait_for()
    assert [(one["data"]["act"], one["data"]["file"]) for one in _events(lab, "desk.change")] == [
        ("strip", "camera"),
        ("edit", "camera"),
    ]

    # words for one file are not left standing beside another
    assert page.locator(f"{DESK} .lt-entries input").first.input_value() == "2019-07-14 12:30"
    page.locator(f"{DESK} select").focus()
    page.keyboard.press("ArrowDown")
    page.locator(f"{DESK} h3", has_text="IMG-20191006-WA0002.jpg").wait_for()
    assert [one.input_value() for one in page.locator(f"{DESK} .lt-entries input").all()] == [""] * 4

    # the table
    row = FINDINGS.rows[0]
    part = page.locator(f"{TABLE} section").first
    for side, index in enumerate(_right(row)):
        part.locator("fieldset").nth(side).locator("input").first.focus()
        page.keyboard.press("Space")
        for _ in range(index):
            page.keyboard.press("ArrowDown")
    _tab_to(page, f"Check this row: {row.text}")
    page.keyboard.press("Enter")
    part.get_by_text("Both fit.").wait_for()
    (event,) = _events(lab, "findings.check")
    assert event["data"]["row"] == "gps" and event["data"]["right"] is True

    # a reload takes up what was answered
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    _start(screen, opened)
    page.locator(f"{TABLE} section").first.get_by_text("Both fit.").wait_for()


def _answers_beside(page, name: str) -> None:
    """Whether what a button answers stands right below it, and not somewhere further down."""
    answer = page.locator(f"{DESK} .lt-made .lt-note").first
    answer.wait_for()
    button = page.locator(DESK).get_by_role("button", name=name).bounding_box()
    gap = answer.bounding_box()["y"] - button["y"] - button["height"]
    assert 0 <= gap < 60, gap


def _events(lab, kind: str) -> list[dict]:
    return [one if "data" in one else {"data": one} for one in lab.events(kind)]


def test_the_desk_and_the_table_by_mouse_and_a_file_of_ones_own(screen, opened, tmp_path):
    lab, page = screen.lab, screen.page
    _start(screen, opened)
    before = len(_events(lab, "desk.change"))
    desk = page.locator(DESK)
    choose = page.get_by_label("Choose a picture or a film of your own")

    choose.set_input_files({"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture" * 9})
    desk.locator("[role=alert]").get_by_text("is no picture or film").wait_for()
    assert desk.locator("h3").inner_text() == "IMG_20200608_111614.jpg"  # what was there is still there

    large = media.whole_files()["phone"].path.read_bytes() + bytes(11_000_000)  # more than one message may carry
    choose.set_input_files({"name": "Garden of Eve.jpg", "mimeType": "image/jpeg", "buffer": large})
    desk.locator("h3", has_text="Garden of Eve.jpg").wait_for(timeout=60_000)
    desk.get_by_role("button", name="Take everything out").click()
    desk.get_by_text("The picture is the same, to the last bit").wait_for()
    desk.get_by_role("button", name="Keep a copy").click()
    desk.get_by_text("A copy is kept as").wait_for()
    assert (lab.home / "files" / "my-picture-without-notes.jpg").exists()
    desk.get_by_role("button", name="Put the file back as it was").click()
    desk.locator(".lt-made").wait_for(state="hidden")
    desk.get_by_role("button", name="Write these in").click()
    desk.locator("[role=alert]").get_by_text("Write something into one of the fields first.").wait_for()
    desk.get_by_label("Date and time").fill("some day")
    desk.get_by_role("button", name="Write these in").click()
    desk.locator("[role=alert]").get_by_text("Write the date like this").wait_for()
    desk.get_by_label("Date and time").fill("2001-02-03 04:05")
    desk.get_by_role("button", name="Write these in").click()
    desk.locator(".lt-made").get_by_text("2001:02:03 04:05:00").first.wait_for()
    new = _events(lab, "desk.change")[before:]
    assert [(one["data"]["act"], one["data"]["file"]) for one in new] == [("strip", "own"), ("edit", "own")]
    assert "Eve" not in (lab.home / "record.jsonl").read_text(encoding="utf-8")

    for number, row in enumerate(FINDINGS.rows):
        part = page.locator(f"{TABLE} section").nth(number)
        part.get_by_role("button").click()
        if number:  # nothing chosen yet; the first row was filled by keyboard
            part.get_by_text("Choose a sentence on both sides first.").wait_for()
        for side, index in enumerate(_right(row)):
            part.locator("fieldset").nth(side).locator("label").nth(index).click()
        part.get_by_role("button").click()
        part.get_by_text("Both fit.").wait_for()
    page.get_by_text(FINDINGS.closing).wait_for()
    assert {one["data"]["row"] for one in _events(lab, "findings.check") if one["data"]["right"]} == {
        row.key for row in FINDINGS.rows
    }
    assert page.get_by_text("Traceback").count() == 0


def test_how_it_looks_and_that_it_is_open_to_all(screen, opened):
    page = screen.page
    _start(screen, opened)
    page.locator(DESK).get_by_role("button", name="Take everything out").click()
    page.locator(DESK).get_by_text("The picture is the same, to the last bit").wait_for()

    def shoot(part: str, name: str) -> None:
        page.locator(part).first.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        screen.shot(name)

    for part, name in ((INSIDE, "inside"), (DESK, "desk"), (TABLE, "findings")):
        shoot(part, f"file-{name}-1280-light")
    screen.assert_open_to_all("light")
    screen.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    for part, name in ((INSIDE, "inside"), (DESK, "desk"), (TABLE, "findings")):
        shoot(part, f"file-{name}-1024-dark")
    screen.assert_open_to_all("dark")
    for control in page.locator(".lt button:visible, .lt select:visible, .lt input[type=text]:visible").all():
        assert control.bounding_box()["height"] >= 32
