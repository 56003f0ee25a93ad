from __future__ import annotations

import errno
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

from course import lab, pages

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
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    write_notebook(folder / lab.WELCOME, used=True)
    monkeypatch.setenv("LOOK_TWICE_NOTEBOOKS", str(folder))
    return folder.resolve()


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
    with pytest.raises(lab.LabError, match="LOOK_TWICE_HOME"), lab.one_at_a_time():
        pass
    with pytest.raises(pages.PageError, match="Something else lies where"):
        lab.start(browser=False)


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
def started(notebooks: Path, home: Path, *words: str, code: str = "", **variables: str) -> Iterator[Started]:
    environment = {**os.environ, "LOOK_TWICE_HOME": str(home), "LOOK_TWICE_NOTEBOOKS": str(notebooks), **variables}
    command = ["-c", code] if code else ["-m", "course.cli", "--no-browser", *words]
    process = subprocess.Popen(
        [sys.executable, *command],
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
    shipped = (notebooks / lab.WELCOME).read_bytes()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with started(notebooks, home, "--port", str(port)) as first:
            address = first.address()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/lab/tree/00-welcome\.ipynb\?token=\w{48}", address)
            assert f":{port}/" not in address
            assert first.told.startswith(f"Port {port} is in use by another program")  # and nothing from Jupyter

            # the file pane shows the learner's own pages and nothing else; the results of the last sitting are gone
            assert [entry["name"] for entry in get(address, "api/contents")["content"]] == [lab.WELCOME]
            page = json.loads((home / "pages-class" / lab.WELCOME).read_text(encoding="utf-8"))
            assert page["cells"][1]["outputs"] == []
            assert (notebooks / lab.WELCOME).read_bytes() == shipped

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


def test_two_starts_at_the_same_moment_open_one_lab(notebooks: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with started(notebooks, home) as one, started(notebooks, home) as other:
        assert one.address(120) == other.address(120)
        running, asked = (one, other) if "open already" in other.told else (other, one)
        assert asked.process.wait(60) == 0
        assert "The course is open already, at" in asked.told and "open already" not in running.told
        assert len(list((home / "lab" / "runtime").glob("jpserver-*.json"))) == 1
        assert running.stop() == 0


def test_a_start_that_takes_long_is_waited_for_and_then_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    with (
        lab.one_at_a_time(),
        pytest.raises(lab.LabError, match="being opened in another window"),
        lab.one_at_a_time(patience=0.1),
    ):
        pytest.fail("two at a time")
    with lab.one_at_a_time(patience=0):
        pass


def test_note_of_a_lab_that_died_is_removed(notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    note = lab.home() / "runtime" / "jpserver-1.json"
    note.parent.mkdir(parents=True)
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        port = test.getsockname()[1]
    server = {"root_dir": str(pages.folder()), "url": f"http://127.0.0.1:{port}/", "token": "t", "pid": 1}
    note.write_text(json.dumps(server | {"root_dir": str(notebooks)}), encoding="utf-8")
    assert lab.find_running() is None
    assert note.exists()  # that lab shows other pages: none of our business
    note.write_text(json.dumps(server), encoding="utf-8")
    assert lab.find_running() is None
    assert not note.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"root_dir": null}', "{}", "\udcff"])
def test_a_note_that_tells_nothing_is_passed_over(
    text: str, notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    note = lab.home() / "runtime" / "jpserver-1.json"
    note.parent.mkdir(parents=True)
    note.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert lab.find_running() is None


# Odd drives


def test_a_full_disk_is_said_before_jupyter_meets_it(
    notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    pages.lay_out()

    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(lab, "make_sure_of_room", full)
    with pytest.raises(lab.LabError, match=r"cannot write into its folder .*lab\. The disk is full.*LOOK_TWICE_HOME"):
        lab.start(browser=False)


def test_looking_for_room_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.make_sure_of_room(tmp_path)
    assert not list(tmp_path.iterdir())
    real = Path.open

    def full(self: Path, *words: str) -> object:
        file = real(self, *words)
        file.close()  # so that writing fails
        return file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ValueError, match="closed"):
        lab.make_sure_of_room(tmp_path)
    assert not list(tmp_path.iterdir())


NO_PERMISSIONS = """
import os, pathlib, stat, sys
real, odd = os.stat, {odd!r}

def forbidden(path, *_, **__):
    raise PermissionError(1, "Operation not permitted", str(path))

def shown(path, *rest, **more):
    found = real(path, *rest, **more)
    if isinstance(path, int) or not os.fspath(path).startswith(odd):
        return found
    return os.stat_result((stat.S_IFMT(found.st_mode) | 0o777, *found[1:]))

os.chmod = os.fchmod = pathlib.Path.chmod = forbidden
os.stat = shown
pathlib.Path.stat = lambda self, **more: shown(self, **more)
if os.name == "nt":
    from jupyter_core import paths
    mended = paths.win32_restrict_file_to_user
    paths.win32_restrict_file_to_user = lambda file: (forbidden if str(file).startswith(odd) else mended)(file)
from course import cli
sys.exit(cli.main(["--no-browser"]))
"""


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_drive_without_permissions(everywhere: bool, notebooks: Path, tmp_path: Path) -> None:
    """A card, a network drive, a folder of Windows: each file is everybody's, and nothing can be done about it."""
    home = tmp_path / "home"
    code = NO_PERMISSIONS.format(odd=tmp_path.anchor if everywhere else str(home))
    (tmp_path / "passing").mkdir()
    private = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path / "passing"))
    with started(notebooks, home, code=code, **private) as one:
        address = one.address()
        assert pages_with_a_kernel(address) == [lab.WELCOME]
        # what opens the lab to others lies where they cannot look, if there is such a place
        notes = [path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("jpserver-*.json")]
        assert notes == (["home"] if everywhere else ["passing"])
        assert ("No folder here can be kept from other people" in one.told) == everywhere
        with started(notebooks, home, **private) as second:
            assert second.address() == address
        assert one.stop() == 0
        assert "Traceback" not in one.told and "WARNING" not in one.told


def test_no_browser_to_open(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(lab.webbrowser, "open", lambda address: False)
    lab.show("http://here", say=told.append)
    assert told == ["No browser could be opened from here. Copy the address into one."]
