"""A form by keyboard alone, with a reload and a killed kernel in the middle; and nothing that tells the truth early."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

NOTEBOOK = "01-how-sharp-are-your-eyes.ipynb"
TRIAL = ".lt[aria-label='Blind trial']"


def _number(lab, source: str) -> int:
    """Which cell of the notebook holds this line, counted from 1."""
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip() == source)


def _focus_first_control(screen) -> None:
    """Put the focus on the trial's first control; from there on there is only the keyboard."""
    screen.page.locator(f"{TRIAL} button, {TRIAL} input").first.focus()


def _answer(screen, number: int, generated: bool, steps: int) -> None:
    """Judge one item: radio, slider, list, button, all by keys, from a focus on the first radio button."""
    page = screen.page
    page.wait_for_selector(f"{TRIAL} [data-ready=true]")
    page.wait_for_function("document.activeElement?.type === 'radio'")
    page.keyboard.press("ArrowDown" if generated else "Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Save and go on"
    page.keyboard.press("Enter")
    if number < 24:
        page.locator(f"{TRIAL} [data-saved='{number}']").wait_for()
    else:
        page.get_by_text("All 24 answers are saved.").wait_for()
    # Acknowledged on the screen means written on the disk.
    assert len(screen.lab.events("trial.answer")) >= number


def _kill_kernel(lab) -> None:
    """SIGKILL to the kernel processes of this lab."""
    killed = 0
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
            parent = int(re.search(r"PPid:\s+(\d+)", (folder / "status").read_text())[1])
        except (OSError, TypeError, NotADirectoryError):
            continue
        if "ipykernel_launcher" in words and parent == lab.process.pid:
            os.kill(int(folder.name), signal.SIGKILL)
            killed += 1
    assert killed, "no kernel was found to kill"


def _press_save_in_vain(screen) -> None:
    """With a dead kernel an answer is not acknowledged, and the page says what to do."""
    page = screen.page
    page.locator(f"{TRIAL} input[type=radio]").first.check()
    page.locator(f"{TRIAL} .lt-ask select").select_option(index=1)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("No answer from the kernel").wait_for()
    assert page.locator(f"{TRIAL} [data-saved='12']").count() == 1


def test_a_form_by_keyboard_with_a_reload_in_the_middle(screen):
    lab, page = screen.lab, screen.page
    received: list[bytes] = []

    def listen(socket):
        socket.on("framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode()))

    page.on("websocket", listen)
    trial_cell = _number(lab, "lesson.trial()")
    screen.open(NOTEBOOK)
    screen.run(trial_cell)
    _focus_first_control(screen)
    page.keyboard.press("Enter")
    for number in range(1, 13):
        _answer(screen, number, generated=number % 2 == 0, steps=number % 5)
        if number == 3:
            screen.shot("trial-1280-light")
            page.set_viewport_size({"width": 1024, "height": 768})
            screen.shot("trial-1024-light")
            page.set_viewport_size({"width": 1280, "height": 800})

    # Nothing that came into the browser so far tells where an item comes from.
    from course import media

    order = lab.events("trial.begin")[-1]["order"]
    items = [media.catalogue()[name] for name in order]
    traffic, dom = b"".join(received), page.content()
    for item in items:
        for secret in {item.id, item.path.name, item.generator, item.member, item.sha256} - {None}:
            assert secret.encode() not in traffic, f"{secret} came over the wire"
            assert secret not in dom.replace(NOTEBOOK, ""), f"{secret} stands in the page"
    assert b'"truth"' not in traffic

    if Path("/proc").is_dir():  # Linux: the kernel dies in the middle as well
        _kill_kernel(lab)
        page.get_by_role("button", name="Ok", exact=False).first.click(timeout=30_000)  # Jupyter tells of it as well
        _press_save_in_vain(screen)
        assert len(lab.events("trial.answer")) == 12
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    screen.open(NOTEBOOK)
    screen.run(trial_cell)
    page.get_by_text("You stopped after 12 of 24.").wait_for()
    _focus_first_control(screen)
    page.keyboard.press("Enter")
    for number in range(13, 25):
        _answer(screen, number, generated=number % 2 == 0, steps=number % 5)

    answers = lab.events("trial.answer")
    assert [event["item"] for event in answers] == order  # each item once, in the order of the first sitting
    screen.run(_number(lab, "lesson.look_again()"))
    caught = sum(event["verdict"] == event["truth"] == "generated" for event in answers)
    believed = sum(event["verdict"] == event["truth"] == "camera" for event in answers)
    page.get_by_text(
        f"You believed {believed} of 12 camera items, and caught {caught} of 12 generated ones."
    ).wait_for()
    page.get_by_text("You believed").scroll_into_view_if_needed()
    screen.shot("results-1280-light")

    # Every item once more, one press each, with what was said and what it is.
    screen.run_cell(_number(lab, "lesson.look_again()") + 1)
    again = page.locator(".lt[aria-label='Your items once more']")
    again.get_by_role("button", name="Next").click()
    again.get_by_text("You said: ").first.wait_for()
    again.scroll_into_view_if_needed()
    screen.shot("look-again-1280-light")
    page.set_viewport_size({"width": 1024, "height": 768})
    again.scroll_into_view_if_needed()
    screen.shot("look-again-1024-light")
    page.set_viewport_size({"width": 1280, "height": 800})

    # A second round is asked about, and can be left.
    trial = page.locator(".lt[aria-label='Blind trial']")
    trial.get_by_role("button", name="Take it once more").click()
    trial.get_by_text("Your result stays").wait_for()
    screen.shot("once-more-1280-light")
    page.set_viewport_size({"width": 1024, "height": 768})
    trial.scroll_into_view_if_needed()
    screen.shot("once-more-1024-light")
    page.set_viewport_size({"width": 1280, "height": 800})
    trial.get_by_role("button", name="Leave it").click()
    trial.get_by_role("button", name="Take it once more").wait_for()
    page.get_by_text(f"You believed {believed} of 12 camera items").wait_for()
    assert len(lab.events("trial.begin")) == 1
