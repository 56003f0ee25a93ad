"""The command `course`, without a lab: test_lab.py opens one."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from course import check, cli, errors, lab, media_commands, pages, parity

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


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets in the environment is put back after each test."""
    for name in ("LOOK_TWICE_NOTEBOOKS", "LOOK_TWICE_PICTURES", "LOOK_TWICE_DATA"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LOOK_TWICE_HOME", os.environ["LOOK_TWICE_HOME"])


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's own folder."""
    Image.new("RGB", (90, 90), "teal").save(tmp_path / "harbour.jpg")
    (tmp_path / "pictures.toml").write_text(SHEET, encoding="utf-8")
    return tmp_path


def test_help_names_what_a_teacher_needs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0
    for word in (
        "--no-browser",
        "--port",
        "course check",
        "course restore",
        "LOOK_TWICE_HOME",
        "--pictures",
        "course media add",
    ):
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


# Folders


@pytest.mark.parametrize("name", ["LOOK_TWICE_HOME", "LOOK_TWICE_PICTURES", "LOOK_TWICE_NOTEBOOKS", "LOOK_TWICE_DATA"])
@pytest.mark.parametrize("given", ["mine", "./mine", "~/mine", "up/../mine"])
def test_folders_are_made_absolute_before_anything_starts(
    given: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kernels start in the folder of the pages, where a relative name means another place."""
    named: list[str] = []
    monkeypatch.chdir(tmp_path)
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.setattr(lab, "find_running", lambda: None)
    monkeypatch.setattr(lab, "start", lambda **_: named.append(os.environ[name]))
    monkeypatch.setattr(cli, "_own_pictures_in_order", lambda: True)
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "other"))
    monkeypatch.setenv(name, given)
    assert cli.main(["--no-browser"]) == 0
    assert Path(named[0]).is_absolute() and Path(named[0]).resolve() == (tmp_path / "mine").resolve()


def test_a_folder_of_nobody_is_a_name_like_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOOK_TWICE_HOME", "~nobody-of-that-name/x")
    assert cli.main(["restore", "0"]) == 0
    assert list(tmp_path.rglob("pages"))


def test_a_relative_record_does_not_land_among_the_lessons(tmp_path: Path) -> None:
    environment = {**os.environ, "LOOK_TWICE_HOME": "mine"}
    words = [sys.executable, "-m", "course.cli", "restore"]
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine" / "pages" / pages.WELCOME).is_file()


# Pages


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    pages.lay_out()
    return pages.folder()


def damage(page: Path) -> None:
    content = json.loads(page.read_text(encoding="utf-8"))
    del content["cells"][2]
    page.write_text(json.dumps(content), encoding="utf-8")


def test_one_page_or_all_are_put_back(copies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = copies / "03-does-time-hold-together.ipynb", copies / "05-what-a-file-remembers.ipynb"
    for page in (one, other):
        damage(page)
    assert cli.main(["restore", "3"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{one.name} is back as the course has it. What was there is kept as “03-does-time")
    states = {page.name: page.state for page in pages.overview()}
    assert (states[one.name], states[other.name]) == ("as shipped", "changed")
    assert cli.main(["restore"]) == 0
    assert {page.state for page in pages.overview()} == {"as shipped"}
    assert len(capsys.readouterr().out.splitlines()) == len(states)


def test_a_page_that_is_none(copies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(copies / "03-does-time-hold-together.ipynb")
    assert cli.main(["restore", "3", "holiday"]) == 1
    assert capsys.readouterr().err.startswith("There is no page “holiday”. Name one by its number or its file: ")
    assert "changed" in {page.state for page in pages.overview()}  # nothing was done by halves


# What the system reports


EACH = [
    ([], lab, "start"),
    (["check"], check, "run"),
    (["check", "--parity"], parity, "run"),
    (["restore"], pages, "put_back"),
    *((["media", *words], media_commands, "run") for words in (["list"], ["show", "x"], ["credits"], ["add", "x.jpg"])),
]


@pytest.mark.parametrize(("words", "module", "name"), EACH)
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (PermissionError(errno.EACCES, "Permission denied", "here"), "The system does not let the course use here."),
        (OSError(errno.EROFS, "Read-only file system", "here"), "The system does not let the course use here."),
        (FileNotFoundError(errno.ENOENT, "No such file", "here"), "There is no file or folder here."),
        (
            FileNotFoundError(errno.ENOENT, "No usable temporary directory found"),
            "There is no place for passing files:",
        ),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "here"), "Something else lies where here belongs."),
        (OSError(errno.EIO, "Input/output error", "here"), "The drive with here does not answer."),
        (OSError(errno.ENAMETOOLONG, "File name too long", "here"), "here is no name that this drive can use."),
        (errors.CourseError("A sentence."), "A sentence."),
    ],
)
def test_no_command_ends_in_words_for_programmers(
    words: list[str],
    module: ModuleType,
    name: str,
    error: Exception,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(lab, "find_running", lambda: None)
    monkeypatch.setattr(module, name, fail)
    assert cli.main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith(sentence) and said.count("\n") == 1


def test_a_fault_of_the_course_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr(check, "run", fail)
    with pytest.raises(OSError, match="Bad file"):
        cli.main(["check"])


def test_stopped_by_hand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", stop)
    assert cli.main(["check"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.parametrize("words", [["media", "list"], ["restore"]])
def test_whoever_reads_along_may_have_seen_enough(words: list[str]) -> None:
    words = [sys.executable, "-m", "course.cli", *words]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""


@pytest.mark.parametrize("words", [["--no-browser"], ["restore"]])
def test_a_file_in_the_way_of_the_record(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    assert cli.main(words) == 1
    said = capsys.readouterr().err
    assert str((tmp_path / "home").resolve()) in said and said.count("\n") == 1


def test_help_loads_nothing_heavy() -> None:
    """A learner waits for each import: the command itself needs neither Jupyter nor numpy."""
    heavy = ("jupyter_server", "jupyterlab", "numpy", "cv2", "rich", "pytest", "ipywidgets")
    question = f"import sys, course.cli; print(*[name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == ""
