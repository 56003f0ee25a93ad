"""The welcome page by mouse and by keyboard: a question, a choice that lasts, the record saved and restored."""

from __future__ import annotations

import json

NOTEBOOK = "00-welcome.ipynb"


def test_welcome_from_the_first_box_to_the_saved_file(screen, tmp_path):
    lab, page = screen.lab, screen.page
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    screen.open(NOTEBOOK)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-Notification-Toast, .Toastify__toast").count() == 0
    screen.run(len(cells))
    screen.shot("welcome-end-1280-light")

    # One frame on in the tour is kept, once.
    player = page.get_by_role("group", name="Two pictures").first
    for _ in range(2):
        player.get_by_role("button", name="One frame forward").click()
    page.wait_for_timeout(500)
    assert [event["player"] for event in lab.events("player.step")] == ["tour"]

    # A question by mouse: feedback comes with the answer, and a missing confidence is asked for.
    question = page.get_by_role("group", name="Question").first
    question.get_by_text("The fox", exact=True).click()
    question.get_by_role("button", name="Answer").click()
    question.get_by_text("Say how sure you are first.").wait_for()
    question.get_by_text("I'm not sure").click()
    question.get_by_role("button", name="Answer").click()
    question.locator(".lt-said", has_text="The fox was made by a generator").wait_for()

    # A choice by keyboard.
    page.get_by_role("radio", name="In words").focus()
    page.keyboard.press("Space")
    page.get_by_text("The sliders of the course will speak like this.").wait_for()
    assert lab.events("preference")[-1] | {"at": "", "learner": ""} == {
        "at": "",
        "learner": "",
        "kind": "preference",
        "name": "confidence",
        "value": "words",
        "v": 1,
    }

    # Save to a file, lose everything, restore.
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save my work to a file").click()
    saved = tmp_path / waiting.value.suggested_filename
    assert saved.name.startswith(f"look-twice-{lab.events('preference')[-1]['learner']}-")
    waiting.value.save_as(saved)
    assert saved.read_bytes() == (lab.home / "record.jsonl").read_bytes()
    (lab.home / "record.jsonl").unlink()
    page.locator("input[type=file]").set_input_files(saved)
    page.get_by_text("came back; your record now holds").wait_for()
    assert [event["value"] for event in lab.events("preference")] == ["words"]
    assert [event["option"] for event in lab.events("question.answer")] == [1]

    wrong = tmp_path / "holiday.jsonl"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_role("alert").get_by_text("This file is not a Look Twice record, so nothing was changed.").wait_for()
    assert page.get_by_text("Traceback").count() == 0

    # A record larger than the connection carries at once goes out whole, and comes back whole.
    path = lab.home / "record.jsonl"
    line = path.read_bytes().splitlines(keepends=True)[-1]
    long = json.dumps({**json.loads(line), "kind": "writing.text", "text": "a long answer " * 1000, "number": 0})
    with path.open("ab") as file:
        for number in range(25_000_000 // len(long) + 1):
            file.write(long.replace('"number": 0', f'"number": {number}').encode() + b"\n")
    whole = path.read_bytes()
    assert len(whole) > 25_000_000
    with page.expect_download(timeout=90_000) as waiting:
        page.get_by_role("button", name="Save my work to a file").click()
    large = tmp_path / "large.jsonl"
    waiting.value.save_as(large)
    assert large.read_bytes() == path.read_bytes() and large.read_bytes().startswith(whole)
    path.unlink()
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_text("entries came back; your record now holds").wait_for(timeout=90_000)
    assert len(lab.events("writing.text")) == 25_000_000 // len(long) + 1
    screen.shot("welcome-saved-1280-light")


LESSON = "01-how-sharp-are-your-eyes.ipynb"
SHOWN = "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook')"


def _in_front(page, name):
    """Wait until a page is in front, in the tabs as in the address."""
    page.wait_for_function(
        "(name) => jupyterapp.shell.currentWidget?.context?.path === name && location.pathname.endsWith(name)", arg=name
    )
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").first.wait_for()


def test_a_damaged_page_is_put_back_and_what_was_typed_is_kept(screen):
    lab, page = screen.lab, screen.page
    whole = [cell["source"] for cell in json.loads((lab.notebooks / LESSON).read_text(encoding="utf-8"))["cells"]]
    screen.open(NOTEBOOK)
    page.get_by_role("link", name="How sharp are your eyes?", exact=True).first.click()
    _in_front(page, LESSON)
    # By keyboard: the box that opens the lesson is deleted, and the next one typed over. It is not saved.
    cell = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").first
    cell.locator(".jp-InputPrompt").click(force=True)
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    box = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .cm-content").first
    box.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("what I typed")
    page.wait_for_function(f"!{SHOWN}.textContent.includes('import how_sharp')")

    page.go_back()
    _in_front(page, NOTEBOOK)
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    place = next(i for i, cell in enumerate(cells) if "put_back" in "".join(cell["source"]))
    screen.run(4)
    screen.run_cell(place + 1)
    desk = page.get_by_role("group", name="Put a page back")
    desk.get_by_role("button", name="Put this page back").click()
    desk.get_by_text("Choose a page first.").wait_for()
    desk.get_by_label("Page").select_option(LESSON)
    desk.get_by_role("button", name="Put this page back").click()
    desk.get_by_text(f"{LESSON} is back as the course has it. What was there is kept as").wait_for()
    page.locator(".jp-DirListing-item", has_text="01-how-sharp-are-your-eyes (yours,").wait_for(timeout=30_000)
    desk.scroll_into_view_if_needed()
    screen.shot("welcome-put-back-1280-light")
    screen.assert_open_to_all("a page put back")

    # The tab shows the page as it was, at once and without a question; the other one holds what was typed.
    page.go_forward()
    _in_front(page, LESSON)
    page.wait_for_function(f"{SHOWN}.textContent.includes('import how_sharp')")
    assert page.locator(".jp-Dialog").count() == 0
    assert [
        cell["source"] for cell in json.loads((lab.notebooks / LESSON).read_text(encoding="utf-8"))["cells"]
    ] == whole
    (kept,) = lab.notebooks.glob("01-* (yours, *).ipynb")
    kept_cells = json.loads(kept.read_text(encoding="utf-8"))["cells"]
    assert len(kept_cells) == len(whole) - 1
    assert "what I typed" in ["".join(cell["source"]) for cell in kept_cells]


def test_in_a_narrow_window_the_lesson_has_the_room(screen):
    page = screen.page
    room = f"{SHOWN}.getBoundingClientRect().width"
    page.set_viewport_size({"width": 1024, "height": 768})
    screen.open(NOTEBOOK)
    page.wait_for_function(f"{room} > 900")
    screen.shot("welcome-1024-light")
    # Whoever opens the list has it, also after the page is loaded anew.
    page.locator(".jp-SideBar.jp-mod-left [data-id=filebrowser]").click()
    page.wait_for_function(f"{room} < 750")
    page.wait_for_timeout(2000)  # until the lab has noted how its windows are set out
    page.goto(page.url)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    assert page.evaluate(room) < 750


def test_in_a_wide_window_the_list_of_pages_is_there(screen):
    screen.open(NOTEBOOK)
    screen.page.locator(".jp-DirListing-item", has_text=NOTEBOOK).wait_for()


def test_back_and_forward_lead_from_page_to_page(screen):
    page = screen.page
    screen.open(NOTEBOOK)
    page.get_by_role("link", name="How sharp are your eyes?", exact=True).first.click()
    _in_front(page, LESSON)
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-RenderedMarkdown").get_by_role(
        "link", name="Artifacts in a frame"
    ).click()
    _in_front(page, "02-artifacts-in-a-frame.ipynb")
    for name in (LESSON, NOTEBOOK):
        page.go_back()
        _in_front(page, name)
    page.go_forward()
    _in_front(page, LESSON)


def test_by_keys_alone_one_gets_from_a_box_into_what_it_shows(screen):
    page = screen.page
    screen.open(NOTEBOOK)
    cells = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    place = next(n for n, cell in enumerate(cells) if 'lesson.question("which")' in "".join(cell["source"]))
    screen.run(place + 1)
    for run, then in (("Control+Enter", "Tab"), ("Shift+Enter", "Shift+Tab")):
        page.evaluate("document.activeElement.blur()")
        screen._choose(place)
        page.keyboard.press(run)
        page.wait_for_timeout(3000)  # the box draws its question anew, and the focus settles
        page.keyboard.press(then)
        page.wait_for_function("document.activeElement.matches('.lt input, .lt button')", timeout=5000)
