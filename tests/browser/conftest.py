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
from collections.abc import Iterator
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
    """A running lab: its address, the learner's folder, the notebooks it shows."""

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
        yield Lab(address, home, notebooks, process)
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
        """Open a notebook and wait until its kernel is idle."""
        self.page.goto(self.lab.url(notebook))
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(timeout=60_000)

    def run(self, count: int) -> None:
        """Press Shift+Enter for ``count`` cells from the top, as a person does who sees the next cell chosen."""
        cells = self.page.locator(".jp-Notebook .jp-Cell")
        cells.first.click()
        self.page.keyboard.press("Escape")
        for number in range(count):
            for _ in range(3):  # a lab that is still settling may miss a key; one presses it again
                self.page.keyboard.press("Shift+Enter")
                if self._chosen(number + 1):
                    break
                cells.nth(number).click(position={"x": 5, "y": 5})
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(p => !p.textContent.includes('*'))",
            timeout=90_000,
        )

    def _chosen(self, number: int) -> bool:
        """Whether the cell of that number, from 0, becomes the chosen one (the last one stays chosen at the end)."""
        for _ in range(60):
            chosen, total = self.page.evaluate(
                "() => { const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];"
                " return [cells.findIndex((one) => one.classList.contains('jp-mod-active')), cells.length]; }"
            )
            if chosen >= min(number, total - 1):
                return True
            self.page.wait_for_timeout(50)
        return False

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
