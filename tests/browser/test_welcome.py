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
    assert large.read_bytes() == whole
    path.unlink()
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_text("entries came back; your record now holds").wait_for(timeout=90_000)
    assert len(lab.events("writing.text")) == 25_000_000 // len(long) + 1
    screen.shot("welcome-saved-1280-light")
