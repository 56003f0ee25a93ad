"""The learner's copies of the pages: made, renewed, put back, and nothing of the learner's is lost."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course import pages
from course.errors import CourseError

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
EYES = "01-eyes.ipynb"
NEXT = "02-next.ipynb"


def write_page(file: Path, *sources: str, used: bool = False, title: str = "Grüße") -> Path:
    results = {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}]}
    clean = {"execution_count": None, "outputs": []}
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": [f"# {title}\n"]}]
    for number, source in enumerate(sources or ("1 + 1",)):
        cell = {"cell_type": "code", "id": f"b{number}", "metadata": {"tags": ["kept"]}, "source": source}
        cells.append(cell | (results if used else clean))
    contents = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(contents), encoding="utf-8")
    return file


def sources_of(file: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]]


def edit(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a copy as JupyterLab saves it: results and all, keys in an order of its own."""
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content, sort_keys=True, indent=1), encoding="utf-8")


def runs(content: dict[str, Any]) -> None:
    for cell in content["cells"][1:]:
        cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}


def loses_its_first_box(content: dict[str, Any]) -> None:
    del content["cells"][1]


def asks_for_something_else(content: dict[str, Any]) -> None:
    content["cells"][1]["source"] = "1 + 2"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "home"))
    return (tmp_path / "home").resolve()


@pytest.fixture
def source(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "class"
    for name in (pages.WELCOME, EYES, NEXT):
        write_page(folder / name, "1 + 1", "2 + 2")
    monkeypatch.setenv("LOOK_TWICE_NOTEBOOKS", str(folder))
    return folder.resolve()


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def state(name: str) -> str:
    return next(page.state for page in pages.overview() if page.name == name)


# Copies


def test_copies_lie_beside_the_record_and_the_pages_are_never_written(source: Path, home: Path) -> None:
    write_page(source / EYES, used=True)
    before = content_of(source)
    own = pages.folder()
    assert own == home / "pages-class"
    assert pages.lay_out() == []
    assert sorted(content_of(own)) == sorted(before)
    assert json.loads((own / EYES).read_text(encoding="utf-8"))["cells"][1]["outputs"] == []
    for change in (runs, loses_its_first_box):
        edit(own / EYES, change)
        pages.lay_out()
        pages.put_back(EYES)
    assert content_of(source) == before


def test_the_course_itself_is_copied_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOK_TWICE_NOTEBOOKS", raising=False)
    assert pages.folder() == home / "pages"
    assert pages.lay_out() == []
    assert {page.state for page in pages.overview()} == {"as shipped"}
    for page in pages.overview():
        assert sources_of(home / "pages" / page.name) == sources_of(pages.shipped() / page.name)


def test_pages_that_may_only_be_read_are_copied_into_ones_that_may_be_written(source: Path) -> None:
    (source / EYES).chmod(0o444)
    pages.lay_out()
    assert stat.S_IMODE((pages.folder() / EYES).stat().st_mode) & stat.S_IWUSR


def test_what_a_page_shows_and_leads_to_comes_along(source: Path) -> None:
    (source / "pictures").mkdir()
    (source / "pictures" / "map.png").write_bytes(b"map")
    write_page(source / "more" / "extra.ipynb")
    for hidden in (".ipynb_checkpoints", "__pycache__"):
        write_page(source / hidden / "old.ipynb")
    pages.lay_out()
    own = pages.folder()
    assert (own / "pictures" / "map.png").read_bytes() == b"map"
    assert sources_of(own / "more" / "extra.ipynb") == sources_of(source / "more" / "extra.ipynb")
    assert not any("old.ipynb" in name for name in content_of(own))

    # a picture that the learner has painted over is kept too
    (own / "pictures" / "map.png").write_bytes(b"painted")
    (said,) = pages.lay_out()
    assert (own / "pictures" / "map.png").read_bytes() == b"map"
    (kept,) = (own / "pictures").glob("map (yours, *).png")
    assert kept.read_bytes() == b"painted" and kept.name in said
    assert pages.lay_out() == []


def test_a_record_among_the_pages_is_not_copied_into_itself(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOK_TWICE_HOME", str(source / "record"))
    for _ in range(3):
        pages.lay_out()
    assert sorted(content_of(pages.folder())) == [pages.WELCOME, EYES, NEXT]


# What the learner did


def test_results_come_off_and_a_clean_copy_is_not_written(source: Path) -> None:
    pages.lay_out()
    copy = pages.folder() / EYES
    clean = copy.read_bytes()
    os.utime(copy, (1, 1))
    pages.lay_out()
    assert copy.stat().st_mtime == 1
    edit(copy, runs)
    assert state(EYES) == "as shipped"
    assert pages.lay_out() == []
    assert copy.read_bytes() == clean


def test_a_changed_copy_stays_and_only_its_results_come_off(source: Path) -> None:
    pages.lay_out()
    copy = pages.folder() / EYES
    edit(copy, asks_for_something_else)
    edit(copy, runs)
    assert pages.lay_out() == []
    assert state(EYES) == "changed"
    assert sources_of(copy)[1] == "1 + 2"
    assert json.loads(copy.read_text(encoding="utf-8"))["cells"][1]["outputs"] == []


def test_running_the_last_box_is_no_change(source: Path) -> None:
    """JupyterLab adds an empty box then, and Enter without Shift an empty line."""
    pages.lay_out()

    def slips(content: dict[str, Any]) -> None:
        content["cells"][1]["source"] += "\n"
        content["cells"].append({"cell_type": "code", "id": "new", "metadata": {}, "source": "", "outputs": []})

    edit(pages.folder() / EYES, slips)
    assert state(EYES) == "as shipped"
    pages.lay_out()
    assert sources_of(pages.folder() / EYES) == sources_of(source / EYES)


def test_an_emptied_box_is_a_change(source: Path) -> None:
    pages.lay_out()
    edit(pages.folder() / EYES, lambda content: content["cells"][1].update(source=""))
    assert state(EYES) == "changed"


def test_what_the_learner_adds_stays_as_it_is(source: Path) -> None:
    pages.lay_out()
    own = pages.folder()
    mine = write_page(own / "mine.ipynb", used=True)
    (own / "holiday.jpg").write_bytes(b"\xff\xd8")
    (own / "notes.ipynb").write_text("no notebook at all", encoding="utf-8")
    before = content_of(own)
    assert pages.lay_out() == []
    assert content_of(own) == before
    assert sources_of(mine)[1] == "1 + 1"


def test_a_deleted_copy_is_there_again(source: Path) -> None:
    pages.lay_out()
    (pages.folder() / EYES).unlink()
    assert state(EYES) == "missing"
    pages.lay_out()
    assert state(EYES) == "as shipped"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": [{"cell_type": 1}]}', "[" * 99_999, "\udcff"]
)
def test_a_copy_that_cannot_be_read_is_put_back_and_kept(text: str, source: Path) -> None:
    pages.lay_out()
    own = pages.folder()
    damaged = text.encode("utf-8", "surrogateescape")
    (own / EYES).write_bytes(damaged)
    (said,) = pages.lay_out()
    assert state(EYES) == "as shipped"
    (kept,) = own.glob("01-eyes (yours, *).ipynb")
    assert kept.read_bytes() == damaged
    assert said.startswith(f"{EYES} could not be read") and kept.name in said
    assert pages.lay_out() == []


def test_an_empty_copy_is_put_back_and_there_is_nothing_to_keep(source: Path) -> None:
    pages.lay_out()
    (pages.folder() / EYES).write_bytes(b"")
    (said,) = pages.lay_out()
    assert said == f"{EYES} could not be read, so a fresh one is in its place."
    assert sorted(content_of(pages.folder())) == [pages.WELCOME, EYES, NEXT]


# The course goes on


def test_a_newer_page_renews_an_untouched_copy_without_a_word(source: Path) -> None:
    pages.lay_out()
    edit(pages.folder() / EYES, runs)
    write_page(source / EYES, "3 + 3", title="Newer")
    assert pages.lay_out() == []
    assert sources_of(pages.folder() / EYES) == ["# Newer\n", "3 + 3"]
    assert content_of(pages.folder()).keys() == {pages.WELCOME, EYES, NEXT}


def test_a_newer_page_leaves_a_changed_copy_and_is_spoken_of(source: Path) -> None:
    pages.lay_out()
    for name in (EYES, NEXT):
        edit(pages.folder() / name, asks_for_something_else)
    write_page(source / EYES, "3 + 3")
    (said,) = pages.lay_out()
    assert said == (
        f"There is a newer page than your own changed {EYES}. To get it: uv run course restore 1. "
        "What you wrote is kept beside."
    )
    assert sources_of(pages.folder() / EYES)[1] == "1 + 2"
    assert (state(EYES), state(NEXT)) == ("outdated", "changed")
    write_page(source / NEXT, "3 + 3")
    (said,) = pages.lay_out()
    assert "course restore 1 2." in said
    pages.put_back(EYES)
    pages.put_back(NEXT)
    assert pages.lay_out() == []


def test_a_page_that_is_no_more_goes_unless_the_learner_changed_it(source: Path) -> None:
    pages.lay_out()
    own = pages.folder()
    (own / "again.ipynb").write_bytes((own / EYES).read_bytes())  # copied in the file browser: the learner's own
    edit(own / NEXT, asks_for_something_else)
    edit(own / NEXT, runs)
    (source / EYES).unlink()
    (source / NEXT).unlink()
    assert pages.lay_out() == []
    assert sorted(content_of(own)) == [pages.WELCOME, NEXT, "again.ipynb"]
    assert json.loads((own / NEXT).read_text(encoding="utf-8"))["cells"][1]["outputs"] == []


def test_a_page_of_the_course_that_cannot_be_read_is_told_and_the_others_are_there(source: Path) -> None:
    (source / EYES).write_text("{", encoding="utf-8")
    (said,) = pages.lay_out()
    assert EYES in said
    assert sorted(content_of(pages.folder())) == [pages.WELCOME, NEXT]


# Putting back


@pytest.mark.parametrize("change", [loses_its_first_box, asks_for_something_else])
def test_a_page_is_put_back_and_what_was_there_is_kept(change: Callable[[Any], None], source: Path) -> None:
    pages.lay_out()
    own = pages.folder()
    edit(own / EYES, change)
    theirs = sources_of(own / EYES)
    edit(own / EYES, runs)
    said = pages.put_back(EYES)
    assert sources_of(own / EYES) == sources_of(source / EYES)
    (kept,) = own.glob("01-eyes (yours, 20??-??-?? ??.??).ipynb")
    assert said == f"{EYES} is back as the course has it. What was there is kept as “{kept.name}”."
    assert sources_of(kept) == theirs
    assert json.loads(kept.read_text(encoding="utf-8"))["cells"][-1]["outputs"] == []


def test_no_kept_page_is_ever_overwritten(source: Path) -> None:
    pages.lay_out()
    own = pages.folder()
    for number in range(3):
        edit(own / EYES, lambda content, number=number: content["cells"][1].update(source=f"mine {number}"))
        pages.put_back(EYES)
    kept = own.glob("01-eyes (yours, *).ipynb")
    assert sorted(sources_of(each)[1] for each in kept) == ["mine 0", "mine 1", "mine 2"]


def test_an_untouched_page_is_not_kept_twice(source: Path) -> None:
    pages.lay_out()
    edit(pages.folder() / EYES, runs)
    assert "as the course has it" in pages.put_back(EYES)
    assert sorted(content_of(pages.folder())) == [pages.WELCOME, EYES, NEXT]
    assert 'outputs": []' in (pages.folder() / EYES).read_text(encoding="utf-8")


def test_before_the_first_sitting_there_is_something_to_put_back_too(source: Path) -> None:
    assert pages.put_back(EYES) == f"{EYES} is back as the course has it."


@pytest.mark.parametrize("call", [os.fsync, Path.replace])
def test_a_full_disk_leaves_both_as_they_were(
    call: Callable[..., Any], source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.lay_out()
    own = pages.folder()
    edit(own / EYES, asks_for_something_else)
    before = (own / EYES).read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if call is os.fsync else Path, call.__name__, full)
    with pytest.raises(pages.PageError, match=r"could not be put back\. The disk is full"):
        pages.put_back(EYES)
    assert (own / EYES).read_bytes() == before
    assert not list(own.glob("*.part")) and not list(own.glob(".*"))


def test_a_copy_that_cannot_be_written_does_not_keep_the_course_shut(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.lay_out()
    edit(pages.folder() / EYES, runs)
    real = Path.replace

    def forbidden(self: Path, target: Path) -> Path:
        if Path(target).name == EYES:
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", forbidden)
    (said,) = pages.lay_out()
    assert said.startswith(f"{EYES} stays as it was left. The system does not let the course use ")
    (pages.folder() / EYES).unlink()
    with pytest.raises(pages.PageError, match="could not be made"):
        pages.lay_out()


@pytest.mark.parametrize("name", ["nothing.ipynb", "../record.jsonl", "/etc/passwd", ""])
def test_only_pages_of_the_course_are_put_back(name: str, source: Path) -> None:
    pages.lay_out()
    with pytest.raises(pages.PageError, match="no page"):
        pages.put_back(name)


@pytest.mark.parametrize("words", ["1", "01", "01-eyes", EYES, "01-", f"./anywhere/{EYES}"])
def test_a_page_is_found_by_what_a_person_would_type(words: str, source: Path) -> None:
    assert pages.find(words) == EYES


@pytest.mark.parametrize("words", ["", "0", "7", "eyes", "0", "²"])
def test_what_names_no_page_or_several_is_a_sentence(words: str, source: Path) -> None:
    write_page(source / "00-other.ipynb")
    with pytest.raises(CourseError, match=r"There is no page .* 1, 2"):
        pages.find(words)


def test_clearing_takes_results_and_nothing_else(tmp_path: Path) -> None:
    used = write_page(tmp_path / "used.ipynb", used=True)
    clean = write_page(tmp_path / "clean.ipynb")
    assert pages.clear_outputs(used)
    assert json.loads(used.read_text(encoding="utf-8")) == json.loads(clean.read_text(encoding="utf-8"))
    assert "Grüße" in used.read_text(encoding="utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {"used.ipynb", "clean.ipynb"}
