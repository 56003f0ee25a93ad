"""A real JupyterLab, started by the course's own command, and a real Chromium, for what only a hand can do."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).parent / "screenshots"


@dataclass
class Lab:
    """A running lab: its address, the learner's folder, the learner's copies of the notebooks, which it shows."""

    address: str
    home: Path
    notebooks: Path
    process: subprocess.Popen

    def url(self, notebook: str) -> str:
        base, token = re.match(r"(http://[^/]+).*[?&](token=\w+)", self.address).groups()
        return f"{base}/lab/tree/{notebook}?{token}&reset"

    def events(self, kind: str) -> list[dict]:
        """What the learner's record holds on disk."""
        path = self.home / "record.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [event for line in lines if (event := json.loads(line))["kind"] == kind]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`course --no-browser`, with a fresh record and a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    home, notebooks = folder / "home", folder / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    environment = {**os.environ, "LOOK_TWICE_HOME": str(home), "LOOK_TWICE_NOTEBOOKS": str(notebooks)}
    said = folder / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "course.cli", "--no-browser"], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        address = None
        for _ in range(600):
            if found := re.search(r"(http://\S+token=\w+\S*)\s", said.read_text()):
                address = found[1]
                break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        assert address, f"the lab did not start:\n{said.read_text()}"
        yield Lab(address, home, home / f"pages-{notebooks.name}", process)
    finally:
        process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A headless Chromium: the system's own; a missing one fails in CI and skips elsewhere."""
    executable = _chromium()
    if executable is None:
        message = "no Chromium found; install one, or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Screen:
    """A page of the lab, driven the way a learner drives it."""

    page: object
    lab: Lab
    requests: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)

    def open(self, notebook: str) -> None:
        """Open a notebook and wait until it has a kernel, and that is idle."""
        self.page.goto(self.lab.url(notebook))
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        # The light says idle as well while there is no kernel yet; its name stands in the toolbar once there is one.
        self.page.locator(".jp-KernelName", has_text="Python 3").first.wait_for(timeout=60_000)
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(timeout=60_000)

    def run(self, count: int) -> None:
        """Run ``count`` cells from the top, as a person does who presses Shift+Enter and sees the next cell chosen."""
        self._choose(0)
        for number in range(count):
            self._shift_enter(number)
        self._settled()

    def run_cell(self, number: int) -> None:
        """Choose one cell, counted from 1, and run it alone."""
        self._choose(number - 1)
        self._shift_enter(number - 1)
        self._settled()

    def _choose(self, number: int) -> None:
        # On the number beside it: a click on the text would open it, and one at the edge fold it away.
        cell = self.page.locator(".jp-Notebook .jp-Cell").nth(number)
        cell.locator(".jp-InputPrompt").first.click(force=True)
        self.page.keyboard.press("Escape")

    def _shift_enter(self, number: int) -> None:
        """Run the chosen cell.

        A lab that is still settling may miss a key, or take the key and run nothing: JupyterLab passes over a cell
        whose kernel is not connected yet. So it is looked at whether the number beside the cell changes, and if it does
        not, the cell is chosen and the key pressed again.
        """
        before = self._prompt(number)
        for _ in range(4):
            self.page.keyboard.press("Shift+Enter")
            if self._until(lambda: self._chosen(number + 1)) and self._until(lambda: self._begun(number, before)):
                return
            self._choose(number)
        pytest.fail(f"cell {number + 1} could not be run")

    def _settled(self) -> None:
        """Wait until no cell waits or runs."""
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(p => !p.textContent.includes('*'))",
            timeout=90_000,
        )

    def _prompt(self, number: int) -> str:
        """What stands beside a cell: "[3]:" once it has run, "[*]:" while it waits or runs, nothing beside text."""
        return self.page.evaluate(
            "(number) => { const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[number];"
            " return cell.matches('.jp-CodeCell') ? cell.querySelector('.jp-InputPrompt').textContent : ''; }",
            number,
        )

    def _begun(self, number: int, before: str) -> bool:
        """Whether a cell runs or has run since; text has nothing to run."""
        now = self._prompt(number)
        return not before or "*" in now or now != before

    def _chosen(self, number: int) -> bool:
        """Whether the cell of that number, from 0, is the chosen one (the last one stays chosen at the end)."""
        chosen, total = self.page.evaluate(
            "() => { const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];"
            " return [cells.findIndex((one) => one.classList.contains('jp-mod-active')), cells.length]; }"
        )
        return chosen >= min(number, total - 1)

    def _until(self, holds: Callable[[], bool]) -> bool:
        """Look again and again, for three seconds."""
        for _ in range(60):
            if holds():
                return True
            self.page.wait_for_timeout(50)
        return False

    def assert_open_to_all(self, when: str) -> None:
        """Let axe look at our own part of the page; JupyterLab's own frame is not ours to mend."""
        from axe_playwright_python.sync_playwright import Axe

        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
        found = Axe().run(self.page, context=".lt", options=rules).response["violations"]
        faults = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
        assert faults == [], f"{when}: " + "\n".join(faults)

    def assert_roomy(self, when: str) -> None:
        """Find no control of ours that is too low to be hit, and no part that is wider than its place."""
        small = self.page.evaluate(
            "[...document.querySelectorAll('.lt :is(button, select, input[type=text], input[type=range])')]"
            ".map((one) => [one.textContent, one.getBoundingClientRect().height])"
            ".filter(([, height]) => height && height < 32)"
        )
        wide = self.page.evaluate(
            "[...document.querySelectorAll('.lt')].filter((one) => one.scrollWidth > one.clientWidth + 1)"
            ".map((one) => one.getAttribute('aria-label'))"
        )
        assert (small, wide) == ([], []), when

    def go_dark(self) -> None:
        """Choose the dark theme in the menu, as a person does."""
        self.page.get_by_role("menuitem", name="Settings").click()
        self.page.get_by_text("Theme", exact=True).hover()
        self.page.get_by_text("JupyterLab Dark", exact=True).click()
        self.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")

    def shot(self, name: str) -> Path:
        """Take a screenshot once things have settled."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.wait_for_timeout(1500)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@pytest.fixture
def screen(lab: Lab, chromium: object, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """A fresh page at 1280 x 800 that notes every request and every socket."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    screen = Screen(page, lab)
    page.on("request", lambda request: screen.requests.append(request.url))
    page.on("websocket", lambda socket: screen.sockets.append(socket.url))
    yield screen
    screen.shot(f"{request.node.name}-end")  # what was on the screen when a test failed
    context.close()
