"""The command `course`, without a lab: test_lab.py opens one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from course import check, cli, lab, parity

SHEET = """[[item]]
id = "harbour-morning"
file = "harbour.jpg"
origin = "camera"
subject = "water"
alt = "Boats lie in a harbour under a grey sky."
author = "A. Teacher"
licence = "CC-BY-4.0"
known_from = "I took it on 3 May 2026."
"""


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's own folder; the variable that names one is put back after the test."""
    monkeypatch.setenv("LOOK_TWICE_PICTURES", "")
    Image.new("RGB", (90, 90), "teal").save(tmp_path / "harbour.jpg")
    (tmp_path / "pictures.toml").write_text(SHEET, encoding="utf-8")
    return tmp_path


def test_help_names_what_a_teacher_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0
    for word in ("--no-browser", "--port", "course check", "LOOK_TWICE_HOME", "--pictures", "course media add"):
        assert word in told


@pytest.mark.parametrize("port", ["80", "70000", "many"])
def test_port_that_cannot_be(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--port", port])
    assert "choose a number from 1024 to 65535" in capsys.readouterr().err


def test_opens_the_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(lab, "find_running", lambda: None)
    monkeypatch.setattr(lab, "start", lambda **options: asked.update(options))
    assert cli.main(["--no-browser", "--port", "9000"]) == 0
    assert (asked["port"], asked["browser"]) == (9000, False)


@pytest.mark.parametrize(("words", "shown"), [([], ["http://here"]), (["--no-browser"], [])])
def test_second_start_goes_to_the_lab_that_runs(
    words: list[str], shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(lab, "find_running", lambda: lab.RunningLab("http://here", 1))
    monkeypatch.setattr(lab, "start", lambda **options: pytest.fail("a second lab"))
    monkeypatch.setattr(lab, "show", lambda address, say: opened.append(address))
    assert cli.main(words) == 0
    assert "open already" in capsys.readouterr().out
    assert opened == shown


def test_lab_that_cannot_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOK_TWICE_NOTEBOOKS", str(tmp_path))
    assert cli.main(["--no-browser"]) == 1
    assert capsys.readouterr().err.startswith(f"There is no 00-welcome.ipynb in {tmp_path.resolve()}.")


@pytest.mark.parametrize(("in_order", "code"), [(True, 0), (False, 1)])
def test_check_tells_the_shell(in_order: bool, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "run", lambda: in_order)
    assert cli.main(["check"]) == code


def test_check_without_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOK_TWICE_NOTEBOOKS", str(tmp_path))
    assert cli.main(["check"]) == 1
    assert "There is no notebook in" in capsys.readouterr().err


def test_opens_with_a_teachers_pictures(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named: list[str] = []
    monkeypatch.setattr(lab, "find_running", lambda: None)
    monkeypatch.setattr(lab, "start", lambda **_: named.append(os.environ["LOOK_TWICE_PICTURES"]))
    monkeypatch.chdir(pictures.parent)
    assert cli.main(["--no-browser", "--pictures", pictures.name]) == 0
    assert named == [str(pictures.resolve())]  # a kernel starts in another folder
    told = capsys.readouterr().out
    assert told.startswith(f"Looking at 1 picture in {pictures.resolve()} ...\nIn order.")


@pytest.mark.parametrize("by_variable", [False, True])
def test_mistakes_in_a_teachers_sheet_stop_the_start(
    by_variable: bool, pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "pictures.toml").write_text(SHEET.replace('"camera"', '"kamera"'), encoding="utf-8")
    monkeypatch.setattr(lab, "find_running", lambda: None)
    monkeypatch.setattr(lab, "start", lambda **_: pytest.fail("opened all the same"))
    if by_variable:
        monkeypatch.setenv("LOOK_TWICE_PICTURES", str(pictures))
    assert cli.main(["--no-browser", *([] if by_variable else ["--pictures", str(pictures)])]) == 1
    told = capsys.readouterr().out
    assert told.startswith("pictures.toml, line 4: origin is “kamera”; write camera or generated.\n\nPut this right,")
    assert "LOOK_TWICE_PICTURES names the folder" in told


def test_other_pictures_need_the_running_lab_closed(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lab, "find_running", lambda: lab.RunningLab("http://here", 1))
    monkeypatch.setattr(lab, "start", lambda **_: pytest.fail("a second lab"))
    monkeypatch.setattr(lab, "show", lambda *_, **__: pytest.fail("the old pictures"))
    assert cli.main(["--pictures", str(pictures)]) == 1
    assert "Close it first: press Ctrl+C in its window." in capsys.readouterr().out


@pytest.mark.parametrize(("in_order", "code"), [(True, 0), (False, 1)])
@pytest.mark.parametrize("write", [True, False])
def test_parity_is_checked_and_written(in_order: bool, code: int, write: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path | None] = []

    def run(write: Path | None = None) -> bool:
        asked.append(write)
        return in_order

    monkeypatch.setattr(parity, "run", run)
    monkeypatch.setattr(check, "run", lambda: pytest.fail("the other check"))
    assert cli.main(["check", "--parity", *(["--write"] if write else [])]) == code
    assert asked == [Path(__file__).resolve().parents[1] / "docs" / "parity.md" if write else None]


def test_write_alone_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["check", "--write"])
    assert "--write goes with --parity" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    """A learner waits for each import: the command itself needs neither Jupyter nor numpy."""
    heavy = ("jupyter_server", "jupyterlab", "numpy", "cv2", "rich", "pytest", "ipywidgets")
    question = f"import sys, course.cli; print(*[name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == ""
