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
    page.wait_for_function(
        "[...document.querySelectorAll('[role=status]')].some(one => /record/.test(one.textContent)"
        " && !/came back/.test(one.textContent))"
    )
    assert page.get_by_text("Traceback").count() == 0
    screen.shot("welcome-saved-1280-light")
