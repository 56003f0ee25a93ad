"""Every lesson reads like a page: the rules of its form."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PAGES = sorted(NOTEBOOKS.glob("*.ipynb"))
LESSONS = [page for page in PAGES if page.name[:2].isdigit() and not page.name.startswith("00-")]

ASKED = re.compile(
    r"\bpredict\b|\bbeforehand\b|before you run|decide first|say it aloud|say a number aloud|say what will|"
    r"what will happen|\bguess\b",
    re.IGNORECASE,
)
"""What a text says that wants an answer before the box below it has run."""

VERDICT = re.compile(
    r"(All|Both|Each|It never|Neither|No|Nobody|None|Not|Nothing|Only|This happens|Yes|\d+)\b(?!.*\?$)"
)
"""How a sentence begins that tells what the box has just shown."""

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
every_lesson = pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)


def read(page: Path) -> dict[str, Any]:
    return json.loads(page.read_text(encoding="utf-8"))


def committed(page: Path) -> dict[str, Any]:
    """Return the page as git has it: whoever has worked through a lesson has results in the file."""
    shown = subprocess.run(["git", "show", f":./{page.name}"], cwd=page.parent, capture_output=True, encoding="utf-8")
    return json.loads(shown.stdout) if shown.returncode == 0 else read(page)


def cells(page: Path, kind: str | None = None) -> list[str]:
    return ["".join(cell["source"]) for cell in read(page)["cells"] if kind in (None, cell["cell_type"])]


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("# ")]


def test_there_are_lessons() -> None:
    assert NOTEBOOKS / "00-welcome.ipynb" in PAGES
    assert LESSONS


@every_page
def test_committed_without_results(page: Path) -> None:
    code = [cell for cell in committed(page)["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code), (
        f"run `uv run nbstripout notebooks/{page.name}`"
    )


@every_page
def test_opens_without_a_question_about_the_kernel(page: Path) -> None:
    assert read(page)["metadata"]["kernelspec"] == {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }


@every_page
def test_cells_keep_their_names(page: Path) -> None:
    contents = read(page)
    names = [cell.get("id") for cell in contents["cells"]]
    assert (contents["nbformat"], contents["nbformat_minor"]) == (4, 5)
    assert all(names) and len(set(names)) == len(names)


@every_page
def test_one_title_and_it_comes_first(page: Path) -> None:
    texts = cells(page, "markdown")
    assert sum(len(headings(text)) for text in texts) == 1
    assert headings(cells(page)[0])


@every_page
def test_a_code_cell_is_a_sentence(page: Path) -> None:
    for source in cells(page, "code"):
        lines = [line for line in source.splitlines() if line.strip()]
        assert 1 <= len(lines) <= 6, source
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, defined) for node in ast.walk(ast.parse(source))), source
        assert "HTML(" not in source, source


@every_page
def test_imports_come_first_and_are_few(page: Path) -> None:
    first, *others = cells(page, "code")
    tree = ast.parse(first)
    assert all(isinstance(line, ast.Import | ast.ImportFrom) for line in tree.body), first
    names = [name for line in tree.body for name in line.names]
    assert 1 <= len(names) <= 5, first
    assert not any(name.name == "*" for name in names), first
    for source in others:
        assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(source)))


@every_page
def test_no_cell_is_hidden(page: Path) -> None:
    for cell in read(page)["cells"]:
        assert not cell["metadata"].get("jupyter", {}).get("source_hidden"), cell["source"]
        assert "remove-cell" not in cell["metadata"].get("tags", []), cell["source"]


@every_lesson
def test_promises_what_will_be_learnt(page: Path) -> None:
    assert "After this lesson you will be able to" in "\n".join(cells(page, "markdown")[:3])


@every_lesson
def test_ends_with_its_sources(page: Path) -> None:
    last = read(page)["cells"][-1]
    assert last["cell_type"] == "markdown"
    assert re.search(r"^(#+ |\*\*)Sources", "".join(last["source"]), re.MULTILINE)


@every_lesson
def test_has_the_length_of_a_lesson(page: Path) -> None:
    assert 20 <= len(cells(page)) <= 35
    assert 12 <= len(cells(page, "code")) <= 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_answer_stands_below_the_box_that_gives_it(page: Path) -> None:
    """Who reads on before running the box must find the question open still."""
    contents = read(page)["cells"]
    for number, cell in enumerate(contents):
        text = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or not ASKED.search(text):
            continue
        below = [one for one in contents[number + 1 :] if one["cell_type"] == "markdown"][:1]
        opening = "".join(below[0]["source"]).split("\n\n")[0] if below else ""
        for sentence in re.split(r"(?<=[.!?])\s+", opening):
            assert not VERDICT.match(sentence), f"below “{text[-60:]}”: {sentence}"


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@every_lesson
def test_no_text_below_a_question_says_its_right_answer(page: Path) -> None:
    contents = read(page)["cells"]
    (module,) = re.findall(r"from course.lessons import (\w+) as lesson", cells(page, "code")[0])
    lesson = (NOTEBOOKS.parent / "course" / "lessons" / f"{module}.py").read_text(encoding="utf-8")
    (stem,) = re.findall(r'questions="([\w-]+)"', lesson)
    listed = tomllib.loads((NOTEBOOKS.parent / "data" / "questions" / f"{stem}.toml").read_text(encoding="utf-8"))
    asked = {one["id"].rsplit("/")[-1]: one for one in listed["question"]}
    found = 0
    for number, cell in enumerate(contents):
        for name in re.findall(r'lesson\.question\("([\w-]+)"', "".join(cell["source"])):
            found += 1
            below = next((one for one in contents[number + 1 :] if one["cell_type"] == "markdown"), {"source": []})
            told = " ".join(words("".join(below["source"])))
            for option in (one for one in asked[name].get("option", ()) if one.get("right")):
                said = words(option["text"])
                runs = [" ".join(said[at : at + 4]) for at in range(max(1, len(said) - 3))]
                assert not [run for run in runs if run in told], (name, option["text"])
    assert found
