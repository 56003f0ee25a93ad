from __future__ import annotations

import errno
import io
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from course import check, media, pages, record, sources
from course.media.catalogue import data_folder

BROKEN = Path(__file__).parent / "notebooks" / "broken.ipynb"


def write_notebook(file: Path, *sources: str) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for n, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    contents = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(contents), encoding="utf-8")
    return file


@pytest.fixture
def printed() -> Console:
    return Console(file=io.StringIO(), width=100)


def test_good_broken_empty_and_damaged_pages(tmp_path: Path) -> None:
    own = record.open()
    own.append({"kind": "test.before"})
    before, environment = own.path.read_bytes(), dict(os.environ)
    answer = "from course import record; record.open().append({'kind': 'test.inside'})"
    (tmp_path / "damaged.ipynb").write_text("{", encoding="utf-8")
    notebooks = [
        write_notebook(tmp_path / "good.ipynb", answer, "1 + 1"),
        Path(shutil.copy(BROKEN, tmp_path)),
        write_notebook(tmp_path / "empty.ipynb"),
        tmp_path / "damaged.ipynb",
    ]
    good, broken, empty, damaged = check.run_notebooks(notebooks)

    assert (good.name, good.cells, good.passed) == ("good.ipynb", 2, True)
    assert good.seconds > 0
    assert (broken.cells, len(broken.failures), broken.passed) == (4, 2, False)
    assert broken.failures[0].endswith("RuntimeError: this cell is meant to fail")
    assert "\x1b" not in broken.failures[0]
    assert not empty.passed
    assert not damaged.passed
    assert "cannot be read as a notebook" in damaged.failures[0]
    # a check touches neither the record nor the settings of whoever runs it
    assert own.path.read_bytes() == before
    assert dict(os.environ) == environment


# of each controlled pair: the picture before, the one after, and the mask; and the files that lesson 5 opens as files
PAIRS = 3 * len(media.controlled()) + len(media.whole_files())


def test_all_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    write_notebook(tmp_path / "page.ipynb", "1 + 1")
    monkeypatch.setenv("LOOK_TWICE_NOTEBOOKS", str(tmp_path))
    assert check.run(printed)
    assert f"Everything is in order: {len(media.catalogue()) + PAIRS} pictures and 1 pages." in printed.file.getvalue()
    assert "page.ipynb" in printed.file.getvalue()


def test_missing_picture_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    giraffe = media.catalogue()["giraffe"]
    lost = media.Catalogue({"giraffe": replace(giraffe, path=tmp_path / "lost.mp4")})
    monkeypatch.setattr(media, "catalogue", lambda: lost)
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    assert not check.run(printed)
    assert "“giraffe” is missing" in printed.file.getvalue()
    assert f"Not in order: 1 of {1 + PAIRS} pictures" in printed.file.getvalue()


def test_damaged_catalogue_is_a_sentence(monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    def damaged() -> media.Catalogue:
        raise media.MediaError("The list of pictures is damaged.")

    monkeypatch.setattr(media, "catalogue", damaged)
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    assert not check.run(printed)
    assert "The list of pictures is damaged." in printed.file.getvalue()


def test_a_teachers_own_pictures_are_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: Console
) -> None:
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(tmp_path))
    shipped = len(media.catalogue(data_folder()))
    shutil.copy(media.catalogue(data_folder()).where(kind="still")[0].path, tmp_path / "harbour.jpg")
    sheet = (
        '[[item]]\nid = "harbour-morning"\nfile = "harbour.jpg"\norigin = "camera"\nsubject = "water"\nauthor = "A"\n'
        'alt = "Boats lie in a harbour under a grey sky."\nlicence = "CC0-1.0"\nknown_from = "I took it."\n'
    )
    (tmp_path / "pictures.toml").write_text(sheet, encoding="utf-8")
    assert check.run(printed)
    assert f"Everything is in order: {shipped + 1 + PAIRS} pictures" in printed.file.getvalue()

    (tmp_path / "harbour.jpg").write_bytes(b"\xff\xd8\xff broken")
    assert not check.run(printed)
    assert "harbour.jpg" in printed.file.getvalue() and "Not in order: 1 of" in printed.file.getvalue()

    # a mistake in the sheet is told, and the pictures of the course are looked at all the same
    (tmp_path / "pictures.toml").write_text(sheet.replace("camera", "kamera"), encoding="utf-8")
    assert not check.run(printed)
    assert "pictures.toml, line 4: origin is “kamera”; write camera or generated." in printed.file.getvalue()
    assert f"Not in order: 1 of {shipped + PAIRS} pictures" in printed.file.getvalue()


def test_a_fault_in_the_offline_web_is_told(monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    monkeypatch.setattr(sources, "problems", lambda web, items: ("a.example/: no page leads here.",))
    assert not check.run(printed)
    assert "a.example/: no page leads here." in printed.file.getvalue()
    assert "Not in order: the offline web" in printed.file.getvalue()

    def missing() -> None:
        raise sources.SourcesError("The offline web is missing.")

    monkeypatch.setattr(sources, "web", missing)
    assert not check.run(printed)
    assert "The offline web is missing." in printed.file.getvalue()


def test_without_room_no_page_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    page = write_notebook(tmp_path / "page.ipynb", "1 + 1")
    before = dict(os.environ)
    monkeypatch.setattr(check.lab, "make_sure_of_room", full)
    with pytest.raises(check.CheckError, match=r"cannot be run .* The disk is full"):
        check.run_notebooks([page])
    assert dict(os.environ) == before


def test_the_pages_of_the_course_are_checked_not_the_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    monkeypatch.delenv("LOOK_TWICE_NOTEBOOKS", raising=False)
    pages.lay_out()
    (pages.folder() / pages.WELCOME).write_text("{", encoding="utf-8")
    asked: list[Path] = []

    def run(notebooks: list[Path], runner: check.Runner) -> list[check.Page]:
        asked.extend(notebooks)
        return [check.Page(notebook.name, cells=1) for notebook in notebooks]

    monkeypatch.setattr(check, "run_notebooks", run)
    assert check.run(Console(file=io.StringIO()))
    assert asked == sorted(pages.shipped().glob("*.ipynb"))


def test_notebooks_by_name(tmp_path: Path) -> None:
    with pytest.raises(check.CheckError, match="no notebook"):
        check.find_notebooks(tmp_path)
    for name in ("b.ipynb", "a.ipynb", "a.txt"):
        (tmp_path / name).touch()
    assert [file.name for file in check.find_notebooks(tmp_path)] == ["a.ipynb", "b.ipynb"]


def test_a_damaged_controlled_pair_is_named(monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    pairs = dict(media.controlled())
    pair = pairs["second-fir"]
    pairs["second-fir"] = replace(pair, sha256=dict(pair.sha256) | {"mask": "0" * 64})
    monkeypatch.setattr(media, "controlled", lambda: pairs)
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    assert not check.run(printed)
    assert "second-fir" in printed.file.getvalue()


def test_a_damaged_list_of_pairs_is_a_sentence(monkeypatch: pytest.MonkeyPatch, printed: Console) -> None:
    def damaged() -> None:
        raise media.MediaError("The list of controlled pairs is damaged.")

    monkeypatch.setattr(media, "controlled", damaged)
    monkeypatch.setattr(check, "run_notebooks", lambda notebooks, runner: [check.Page("page.ipynb", cells=1)])
    assert not check.run(printed)
    assert "The list of controlled pairs is damaged." in printed.file.getvalue()
