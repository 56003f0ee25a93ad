"""What holds for every view: a press always has an answer, also from a kernel that is silent or gone, and all fits."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.lessons.signed_at_birth import KEYS
from tests.ui.test_ask import LISTENING

PATIENCE = 700
"""Milliseconds: what the page waits in these tests; a learner's page waits longer."""

SILENT = "No answer from the kernel"
TICKED = "(inputs) => inputs.map((one) => one.checked)"


@dataclass(frozen=True)
class Case:
    """A view as a lesson shows it: the call, the name of the view for the ear, and a press that asks the kernel."""

    call: str
    label: str
    press: Callable


def _button(name):
    return lambda root: root.get_by_role("button", name=name, exact=True).click()


def _radios(*names, then):
    def press(root):
        for name in names:
            root.locator(f"input[name$='{name}']").first.check()
        _button(then)(root)

    return press


def _other(root):
    root.locator("input:not(:checked)").first.click()


def _question(root):
    boxes = root.locator("input[type=radio]")
    boxes.first.check()
    root.get_by_text("I'm sure").click()
    _button("Answer")(root)


def _bench(root):
    root.locator("input[type=checkbox]").first.check()
    root.locator("input[type=radio]").first.check()
    _button("Train")(root)


def _findings(root):
    row = root.locator("section").first
    for side in row.locator("fieldset").all():
        side.locator("input").first.check()
    row.get_by_role("button").first.click()


def _ledger(root):
    root.get_by_label("It goes back to").select_option(index=1)
    _button("Enter it")(root)


def _moves(root):
    root.locator("input[type=checkbox]").first.check()
    _button("This is my order")(root)


def _put_back(root):
    root.get_by_label("Page").select_option(index=1)
    _button("Put this page back")(root)


def _signing(root):
    another = root.get_by_role("button", name="Make another certificate")
    if another.is_visible():  # a test before this one has made the first
        another.click()
    root.get_by_label("A pen name (not your real one)").fill("Grey Heron")
    _button("Make my certificate")(root)


def _writing(root):
    root.locator("textarea").fill("I looked twice.")
    _button("Keep my text")(root)


CASES = {
    "AnnotateView": Case("artifacts_in_a_frame.mark()", "Mark the place", _button("Start")),
    "BenchView": Case("build_a_detector_break_a_detector.bench()", "Detector bench", _bench),
    "BrowserView": Case("leave_the_page.case('b')", "Browser", _button("New tab")),
    "Choice": Case("welcome.confidence()", "", _other),
    "DotsView": Case("how_sure_should_you_be.dots()", "A thousand clips", _button("Back to the example")),
    "EnduranceView": Case("marks_that_fade.bench()", "Mark bench", _button("Note this down")),
    "ExploreView": Case("artifacts_in_a_frame.explorer()", "All pictures, with their marks", _button("Next")),
    "FileDeskView": Case("what_a_file_remembers.desk()", "File desk", _button("Take everything out")),
    "FindingsView": Case("what_a_file_remembers.table()", "Shows, and does not show", _findings),
    "Keep": Case("welcome.keep()", "Your record", _button("Save my work to a file")),
    "LedgerView": Case("how_sure_should_you_be.ledger()", "Evidence ledger", _ledger),
    "MakerView": Case("how_sharp_are_your_eyes.make('leaf', 5)", "Picture maker", _button("Make a picture")),
    "MarkingView": Case("does_time_hold_together.mark_ball()", "Marking", _button("Mark here")),
    "MovesView": Case("how_sharp_are_your_eyes.next_move('nobody-can-tell')", "What would you check next?", _moves),
    "ProbeView": Case("what_a_file_remembers.bench()", "Probe", _button("Back to the start")),
    "PutBack": Case("welcome.put_back()", "Put a page back", _put_back),
    "QuestionView": Case("welcome.question('which')", "Question", _question),
    "SigningView": Case("signed_at_birth.sign()", "Signing desk", _signing),
    "SixteenView": Case("how_sharp_are_your_eyes.sixteen()", "Sixteen squares", _button("Show the sixteen squares")),
    "StockView": Case("signed_at_birth.stock()", "Curator's desk", _radios("-decision", "-ground", then="Decide")),
    "TrialView": Case("how_sharp_are_your_eyes.trial()", "Blind trial", _button("Start")),
    "TrustView": Case("signed_at_birth.trust()", "List of trust", _other),
    "WritingView": Case("leave_the_page.sentence()", "In your own words", _writing),
}


def test_no_view_is_forgotten():
    assert set(CASES) == LISTENING


def _kernels(lab) -> list[int]:
    """Process numbers of the kernels of this lab."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
            parent = int(re.search(r"PPid:\s+(\d+)", (folder / "status").read_text())[1])
        except (OSError, TypeError, NotADirectoryError):
            continue
        if "ipykernel_launcher" in words and parent == lab.process.pid:
            found.append(int(folder.name))
    assert found, "no kernel was found"
    return found


def _signal(lab, which) -> None:
    for number in _kernels(lab):
        os.kill(number, which)


def _notebook(screen, name, calls) -> None:
    """A scratch notebook with a box for each call, all of them run."""
    sources = ["# Every view", *(f"from course.lessons import {call.split('.')[0]}\n{call}" for call in calls)]
    cells = [
        {"cell_type": "code", "id": f"box-{i}", "metadata": {}, "source": one, "outputs": [], "execution_count": None}
        for i, one in enumerate(sources)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (screen.lab.notebooks / name).write_text(json.dumps(notebook), encoding="utf-8")
    screen.open(name)
    screen.run(len(cells))


def _root(page, place):
    root = page.locator(".jp-Notebook .jp-Cell").nth(place + 1).locator(".lt[role=group]").last
    root.scroll_into_view_if_needed()
    return root


@pytest.fixture
def every_view(screen):
    _notebook(screen, "every-view.ipynb", [one.call for one in CASES.values()])
    return screen


def test_a_press_is_answered_while_the_kernel_is_silent_and_done_once_it_speaks(every_view):
    page, lab = every_view.page, every_view.lab
    page.wait_for_timeout(3000)  # the first pictures of the benches
    page.evaluate(f"globalThis.lookTwicePatience = {PATIENCE}")
    _signal(lab, signal.SIGSTOP)
    try:
        for place, (name, case) in enumerate(CASES.items()):
            root = _root(page, place)
            before = root.locator("input").evaluate_all(TICKED)
            case.press(root)
            alarm = root.locator("[role=alert]", has_text=SILENT)
            alarm.wait_for(timeout=PATIENCE + 3000)
            box = alarm.bounding_box()
            assert 0 <= box["y"] < 800, f"{name}: the sentence is not on the screen"
            assert "box" in alarm.text_content() and "saved" in alarm.text_content(), name
            assert root.locator("[aria-disabled=true], [aria-busy=true]").count() == 0, f"{name}: it stays dead"
            if name in ("Choice", "TrustView"):  # what is not kept is not shown as kept
                assert root.locator("input").evaluate_all(TICKED) == before, name
        every_view.shot("silence-1280-light")
    finally:
        page.evaluate("globalThis.lookTwicePatience = 60000")
        _signal(lab, signal.SIGCONT)
    for place, name in enumerate(CASES):
        root = _root(page, place)
        root.locator("[role=alert]", has_text=SILENT).wait_for(state="detached", timeout=60_000)
        # and the answer is none of those that say that the course has failed
        assert root.locator("[role=alert]:visible", has_text="fault of the course").count() == 0, name
    # What was asked in the silence has been done, once.
    assert len(lab.events("question.answer")) == 1
    assert len(lab.events("preference")) == 1
    assert len(lab.events("writing.text") or lab.events("writing.kept")) <= 1


def test_a_press_is_answered_when_the_kernel_is_gone(every_view):
    page, lab = every_view.page, every_view.lab
    page.evaluate(f"globalThis.lookTwicePatience = {PATIENCE}")
    _signal(lab, signal.SIGKILL)
    # JupyterLab says so as well, in a dialog over the page.
    page.locator(".jp-Dialog").wait_for(timeout=30_000)
    page.keyboard.press("Escape")
    page.locator(".jp-Dialog").wait_for(state="detached")
    for place, case in enumerate(CASES.values()):
        root = _root(page, place)
        case.press(root)
        root.locator("[role=alert]", has_text=SILENT).wait_for(timeout=PATIENCE + 3000)
    every_view.shot("gone-1280-light")


def test_two_clicks_do_one_thing(screen):
    page, lab = screen.page, screen.lab
    before = len(lab.events("question.answer"))
    shutil.rmtree(lab.home / KEYS, ignore_errors=True)
    made = [event["act"] for event in lab.events("signing.act")]
    _notebook(screen, "two-clicks.ipynb", ["welcome.question('which')", "signed_at_birth.sign()"])
    root = _root(page, 0)
    root.locator("input[type=radio]").first.check()
    root.get_by_text("I'm sure").click()
    twice = "(node) => { node.click(); setTimeout(() => node.click(), 5); }"
    root.get_by_role("button", name="Answer").evaluate(twice)
    root.locator(".lt-said").wait_for()
    page.wait_for_timeout(500)
    assert len(lab.events("question.answer")) == before + 1

    # The second press must not make the certificate anew, without the password that was asked for.
    desk = _root(page, 1)
    desk.get_by_label("A pen name (not your real one)").fill("Grey Heron")
    desk.get_by_label("A password for the key, if you like").fill("a long secret")
    desk.get_by_role("button", name="Make my certificate").evaluate(twice)
    desk.get_by_text("You sign as").wait_for()
    page.wait_for_timeout(500)
    keys = [one.read_text() for one in (lab.home / KEYS).rglob("*.key")]
    assert keys and all("ENCRYPTED" in one for one in keys)
    assert [event["act"] for event in lab.events("signing.act")] == [*made, "make"]
    assert desk.locator(".lt-trouble:visible").count() == 0
    assert desk.locator("input[type=password]").evaluate_all("(boxes) => boxes.map((one) => one.value)") == ["", ""]


def test_the_seconds_of_an_answer_begin_with_its_own_picture(screen):
    """An answer that comes before its picture is there has no seconds, and not those since the picture before."""
    page, lab = screen.page, screen.lab
    _notebook(screen, "seconds.ipynb", ["how_sharp_are_your_eyes.trial()"])
    root = _root(page, 0)
    root.locator("button.lt-main").click()
    root.locator("[data-ready=true]").first.wait_for()
    before = len(lab.events("trial.answer"))
    page.evaluate("() => { window.createImageBitmap = () => new Promise(() => {}); }")
    for number in (1, 2):
        root.locator("input[type=radio]").first.check()
        root.locator(".lt-ask select").select_option(index=1)
        page.wait_for_timeout(300)
        root.get_by_role("button", name="Save and go on").click()
        root.locator(f"[data-saved='{before + number}']").wait_for()
    first, second = (event["seconds"] for event in lab.events("trial.answer")[before:])
    assert first >= 0.2 and second is None


def test_all_fits_where_everything_is_twice_as_large(every_view):
    """A zoom of 200 % leaves half as many pixels across: nothing may be cut, and nothing scroll sideways."""
    page = every_view.page
    page.keyboard.press("Control+b")  # the list of files is folded away, as one does who needs the room
    page.set_viewport_size({"width": 640, "height": 400})
    page.wait_for_timeout(1000)
    wide = {}
    for place, name in enumerate(CASES):
        root = _root(page, place)
        wide[name] = root.evaluate(
            "(root) => [root.scrollWidth > root.clientWidth + 1 && [root.clientWidth, root.scrollWidth],"
            " ...[...root.querySelectorAll('button, select, input, legend, h3, h4')]"
            " .filter((one) => one.checkVisibility() && !one.closest('.lt-spoken, .lt-port, .lt-chain-box'))"
            " .filter((one) => one.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)"
            " .map((one) => one.outerHTML.slice(0, 90))].filter(Boolean)"
        )
    every_view.shot("zoomed-640-light")
    assert {name: faults for name, faults in wide.items() if faults} == {}
