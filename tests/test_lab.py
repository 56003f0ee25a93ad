from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

from course import lab

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def write_notebook(file: Path, *, used: bool = False) -> Path:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Grüße\n"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["kept"]},
            "source": "1 + 1",
            "execution_count": 3 if used else None,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}] if used else [],
        },
    ]
    contents = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(contents), encoding="utf-8")
    return file


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    write_notebook(folder / lab.WELCOME, used=True)
    return folder.resolve()


# Results of an earlier sitting


def test_clearing_takes_results_and_nothing_else(tmp_path: Path) -> None:
    used = write_notebook(tmp_path / "used.ipynb", used=True)
    clean = write_notebook(tmp_path / "clean.ipynb")
    assert lab.clear_outputs(used)
    assert json.loads(used.read_text(encoding="utf-8")) == json.loads(clean.read_text(encoding="utf-8"))
    assert "Grüße" in used.read_text(encoding="utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {"used.ipynb", "clean.ipynb"}


def test_clean_page_is_not_written(tmp_path: Path) -> None:
    page = write_notebook(tmp_path / "page.ipynb")
    os.utime(page, (1, 1))
    assert not lab.clear_outputs(page)
    assert page.stat().st_mtime == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_damaged_page_is_said_and_left(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.ipynb"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(lab.LabError, match=r"page\.ipynb is damaged"):
        lab.clear_outputs(page)
    assert page.read_text(encoding="utf-8") == text


def test_failed_writing_leaves_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write_notebook(tmp_path / "page.ipynb", used=True)
    before = page.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        lab.clear_outputs(page)
    assert page.read_bytes() == before
    assert list(tmp_path.iterdir()) == [page]


# Settings


def test_every_setting_is_one_that_jupyterlab_knows() -> None:
    schemas = Path(sys.prefix, "share", "jupyter", "lab", "schemas")
    settings = json.loads((Path(lab.__file__).parent / "labsettings" / "overrides.json").read_text(encoding="utf-8"))
    for plugin, values in settings.items():
        package, name = plugin.split(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text(encoding="utf-8"))
        assert set(values) <= set(schema["properties"]), plugin


def test_lab_folder_is_beside_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    assert lab.home() == tmp_path.resolve() / "lab"
    assert all(value in ("", "1") or Path(value).parent == lab.home() for value in lab.environment(lab.home()).values())


def test_folder_that_cannot_be_made(notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file is in the way", encoding="utf-8")
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    with pytest.raises(lab.LabError, match="LOOK_TWICE_HOME"):
        lab.start(notebooks, browser=False)


def test_no_port_is_free(notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(socket.socket, "bind", taken)
    with pytest.raises(lab.LabError, match="--port 9000"):
        lab._free_port(8888)


# A lab that runs


class Started:
    """A lab in a process of its own, as a learner starts it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        self._told: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    @property
    def told(self) -> str:
        while True:
            try:
                self._told.append(self._lines.get_nowait())
            except Empty:
                return "".join(self._told)

    def address(self, seconds: float = 60) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := re.search(r"http://\S+", self.told):
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no address after {seconds} s:\n{self.told}")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        code = self.process.wait(30)
        time.sleep(0.2)
        return code


@contextmanager
def started(notebooks: Path, home: Path, *words: str) -> Iterator[Started]:
    environment = {**os.environ, "LOOK_TWICE_HOME": str(home), "LOOK_TWICE_NOTEBOOKS": str(notebooks)}
    process = subprocess.Popen(
        [sys.executable, "-m", "course.cli", "--no-browser", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    try:
        yield Started(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)


def get(address: str, path: str) -> object:
    base, token = re.match(r"(http://[^/]+/).*token=(\w+)", address).groups()  # type: ignore[union-attr]
    request = urllib.request.Request(base + path, headers={"Authorization": f"token {token}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as reply:
        return json.loads(reply.read())


def pages_with_a_kernel(address: str, seconds: float = 20) -> list[str]:
    until = time.monotonic() + seconds
    pages: list[str] = []
    while time.monotonic() < until and not pages:
        pages = [session["path"] for session in get(address, "api/sessions")]  # type: ignore[attr-defined]
        time.sleep(0.1)
    return pages


def test_one_sitting(notebooks: Path, tmp_path: Path) -> None:
    """Start while another program holds the port, look around, start again, stop."""
    home = tmp_path / "home"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(notebooks, home, "--port", str(port)) as first:
            address = first.address()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/lab/tree/00-welcome\.ipynb\?token=\w{48}", address)
            assert f":{port}/" not in address
            assert f"Port {port} is in use by another program" in first.told

            # the file pane shows the pages and nothing else; the results of the last sitting are gone
            assert [entry["name"] for entry in get(address, "api/contents")["content"]] == [lab.WELCOME]
            page = json.loads((notebooks / lab.WELCOME).read_text(encoding="utf-8"))
            assert page["cells"][1]["outputs"] == []

            # the settings have arrived, and the kernel is up before the page asks for it
            settings = get(address, "lab/api/settings/@jupyterlab/notebook-extension:tracker")
            assert settings["schema"]["properties"]["autoStartDefaultKernel"]["default"] is True
            assert pages_with_a_kernel(address) == [lab.WELCOME]

            # a second start finds the first
            with started(notebooks, home) as second:
                assert second.process.wait(60) == 0
                assert second.address() == address
                assert "open already" in second.told

            assert first.stop() == 0
            assert "The course is closed. Your answers are saved." in first.told
            assert "Traceback" not in first.told
    assert not list((home / "lab" / "runtime").glob("jpserver-*.json"))


def test_note_of_a_lab_that_died_is_removed(notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    note = lab.home() / "runtime" / "jpserver-1.json"
    note.parent.mkdir(parents=True)
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        port = test.getsockname()[1]
    server = {"root_dir": str(notebooks), "url": f"http://127.0.0.1:{port}/", "token": "t", "pid": 1}
    note.write_text(json.dumps(server), encoding="utf-8")
    assert lab.find_running(notebooks.parent) is None
    assert note.exists()  # that lab shows other notebooks: none of our business
    assert lab.find_running(notebooks) is None
    assert not note.exists()


def test_no_browser_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(lab.webbrowser, "open", lambda address: False)
    lab.show("http://here", say=told.append)
    assert told == ["No browser could be opened from here. Copy the address into one."]
