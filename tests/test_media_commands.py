"""The commands `course media ...`, through the command line itself."""

from __future__ import annotations

import dataclasses
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import cli, media, media_commands
from course.media.common_form import encode_clip

SHIPPED = media.catalogue()
GIVEN = [
    "--origin=camera",
    "--subject=water",
    "--alt=Boats lie in a harbour under a grey sky.",
    "--author=Jürgen <b>",
    "--licence=CC-BY-4.0",
    "--known-from=I took it.",
]


@pytest.fixture(autouse=True)
def own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever these commands set is gone after the test, and nobody waits at the terminal."""
    monkeypatch.setenv("LOOK_TWICE_PICTURES", "")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdin", io.StringIO())


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_2041.jpg"
    Image.new("RGB", (120, 90), "teal").save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["media", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_list_fits_a_narrow_window_and_names_every_picture(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert all(any(line.split()[:1] == [name] for line in out.splitlines()) for name in ("giraffe", "beak-close"))
    assert out.endswith(f"{len(media.catalogue())} pictures.\n")


def test_list_takes_only_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "list", "--kind", "clip", "--origin", "camera")
    wanted = media.catalogue().where(kind="clip", origin="camera")
    assert out.endswith(f"{len(wanted)} pictures.\n")
    assert "giraffe" not in out and "ball-throw" in out
    with pytest.raises(SystemExit):
        run(capsys, "list", "--kind", "song")
    assert "choose from" in capsys.readouterr().err


def test_show_tells_all_that_is_known(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cue = media.Cue((0.25, 0.5, 0.5, 0.25), (3, 9), "physics", "It spins in the air.")
    marked = dataclasses.replace(media.catalogue()["giraffe"], cues=(cue,), nothing=None)
    monkeypatch.setattr(media, "catalogue", lambda: media.Catalogue({**SHIPPED, "giraffe": marked}))
    code, out, _ = run(capsys, "show", marked.id)
    plain = " ".join(out.split())
    assert code == 0 and max(map(len, out.splitlines())) <= 80
    for value in (marked.alt, marked.author, marked.licence, marked.member, marked.cues[0].family):
        assert " ".join(value.split())[:40].replace(" ", "") in plain.replace(" ", "")
    assert f"{marked.bytes:,} bytes" in plain
    assert (
        "cue 1 It spins in the air. (physics; frames 4 to 10, 25% from the left, 50% from the top, 50% x 25%)" in plain
    )
    code, out, _ = run(capsys, "show", "beak-close")
    assert "generator" not in out and "looks odd, but" in out


def test_show_of_nothing_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "show", "giraff") == (1, "", "There is no picture “giraff”. Did you mean “giraffe”?\n")
    assert run(capsys, "show", "zzz\x1b[31m")[2] == (
        "There is no picture “zzz[31m”. The command course media list names them all.\n"
    )


def test_credits_are_printed_and_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, page, _ = run(capsys, "credits")
    assert (code, page) == (0, media.credits_page(media.catalogue(), media.controlled(), media.whole_files()))
    monkeypatch.setattr(media_commands, "docs_folder", lambda: tmp_path)
    code, out, _ = run(capsys, "credits", "--write")
    assert (code, out) == (0, f"Written: {tmp_path / 'credits.md'}\n")
    assert (tmp_path / "credits.md").read_bytes() == page.encode()


def test_credits_without_a_checkout(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_commands, "__file__", str(tmp_path / "course" / "media_commands.py"))
    code, _, err = run(capsys, "credits", "--write")
    assert code == 1 and err.endswith("docs to write to. Run the command in a copy of the course's repository.\n")


def test_add_with_everything_given_leads_to_the_open_course(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    code, out, err = run(capsys, "add", str(photo), *GIVEN)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "IMG_2041.jpg: a still of 120 x 90 pixels.",
        f"Entered as “img” in {photo.parent.resolve() / 'pictures.toml'}, line 3.",
        "The sheet is in order. To open the course with these pictures, run",
        "",
        f'    course --pictures "{photo.parent.resolve()}"',
    ]
    assert media.own_pictures(photo.parent)["img"].author == "Jürgen <b>"
    code, out, _ = run(capsys, "list", "--folder", str(photo.parent))
    assert code == 0 and out.endswith("1 picture.\n") and "img" in out
    code, out, _ = run(capsys, "show", "img", "--folder", str(photo.parent))
    assert code == 0 and "Jürgen <b>" in out and "I took it." in out and "difficulty" not in out
    code, _, err = run(capsys, "add", str(photo))
    assert (code, err) == (1, "“IMG_2041.jpg” is in pictures.toml already, line 3. Change that entry instead.\n")


def test_add_names_what_is_still_to_do(capsys: pytest.CaptureFixture[str], photo: Path) -> None:
    code, out, _ = run(capsys, "add", str(photo), "--origin", "camera")
    assert code == 0
    assert "Still to do:\npictures.toml, line 8: subject is still to be written: what is in the picture, in one" in out
    assert "Then, and after every change, run\n\n    course --pictures" in out


def test_add_of_a_generated_clip(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frames = [np.full((36, 64, 3), 5 * n, np.uint8) for n in range(18)]
    (tmp_path / "short.mp4").write_bytes(encode_clip(frames, 12))
    words = [*GIVEN, "--origin=generated", "--generator=Kling 9", "--date=2026-05"]
    code, out, _ = run(capsys, "add", str(tmp_path / "short.mp4"), *words)
    assert code == 0
    assert "It is too short for the blind trial, which shows 2 seconds; it is entered as an exhibit." in out
    item = media.own_pictures(tmp_path)["short"]
    assert (item.generator, item.generated_on, item.purpose) == ("Kling 9", "2026-05", "exhibit")


def test_add_refuses_what_cannot_be(capsys: pytest.CaptureFixture[str], photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    code, _, err = run(capsys, "add", str(photo), "--folder", str(other))
    assert (code, err) == (
        1,
        f"“IMG_2041.jpg” is not in {other.resolve()}. Copy it there first, and add the copy.\n",
    )
    code, _, err = run(capsys, "add", str(photo), *GIVEN, "--generator=Kling 9")
    assert (code, err) == (1, "A camera picture has no generator: leave --generator and --date out.\n")
    assert run(capsys, "add", str(tmp_path / "nosuch.mp4"))[0] == 1
    assert not (tmp_path / "pictures.toml").exists()


def test_add_asks_at_the_terminal(
    capsys: pytest.CaptureFixture[str], photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["kamera", "generated", "water", "", " Jürgen ", "MIT", "I asked for it.", "Kling 9", "2026-05"])
    questions: list[str] = []

    def answer(question: str) -> str:
        questions.append(question)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    code, out, _ = run(capsys, "add", str(photo))
    assert code == 0 and next(answers, None) is None
    assert questions[0] == "origin (camera or generated): " and questions[1] == "Write camera or generated: "
    assert "alt is still to be written" in out and out.count("still to be written") == 1
    sheet = (photo.parent / "pictures.toml").read_text(encoding="utf-8")
    assert 'author = "Jürgen"' in sheet and 'generator = "Kling 9"' in sheet


def test_a_console_that_knows_few_letters_is_enough(tmp_path: Path) -> None:
    for words in (["list", "--kind", "clip"], ["credits"], ["show", "nosuch"]):
        answer = subprocess.run(
            [sys.executable, "-m", "course.cli", "media", *words],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "80"},
        )
        assert answer.returncode == (words[0] == "show")
        assert b"Traceback" not in answer.stderr and (answer.stdout + answer.stderr).isascii()


def test_a_wrong_sheet_is_said_and_not_listed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "pictures.toml").write_text("[[item]]\nid = x\n", encoding="utf-8")
    for words in (["list"], ["show", "x"]):
        code, out, err = run(capsys, *words, "--folder", str(tmp_path))
        assert (code, out) == (1, "") and err.startswith("pictures.toml, line 2: the value cannot be read")


def test_a_folder_is_looked_at_before_a_class_sees_it(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    assert not media_commands.own_pictures_in_order(photo.parent, said.append)
    assert said[0].startswith("There is no pictures.toml in")
    run(capsys, "add", str(photo), *GIVEN)
    said.clear()
    assert media_commands.own_pictures_in_order(photo.parent, said.append)
    assert said == [
        f"Looking at 1 picture in {photo.parent} ...",
        'In order. Lesson 1 shows them with lesson.trial("own") (1 item).',
    ]
    photo.write_bytes(photo.read_bytes()[:200])
    said.clear()
    assert not media_commands.own_pictures_in_order(photo.parent, said.append)
    assert len(said) == 2 and "IMG_2041.jpg" in said[1]
