"""The command `course`, without a lab: test_lab.py opens one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from course import check, cli, lab


def test_help_names_what_a_teacher_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0
    for word in ("--no-browser", "--port", "course check", "LOOK_TWICE_HOME"):
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


def test_help_loads_nothing_heavy() -> None:
    """A learner waits for each import: the command itself needs neither Jupyter nor numpy."""
    heavy = ("jupyter_server", "jupyterlab", "numpy", "cv2", "rich", "pytest", "ipywidgets")
    question = f"import sys, course.cli; print(*[name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == ""
