"""The pages of the measurements say what the docstrings say, one for each measurement, and spoil no blind trial."""

import importlib.util
import inspect
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from course import forensics
from course.media.catalogue import data_folder

ROOT = Path(__file__).resolve().parents[2]


def _script():
    folder = ROOT / "data" / "forensics"
    sys.path.insert(0, str(folder))  # the script imports what lies beside it
    try:
        spec = importlib.util.spec_from_file_location("look_twice_pages", folder / "pages.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(folder))


pages = _script()
HIDDEN = {
    item
    for form in (data_folder() / "forms").glob("*.toml")
    for item in tomllib.loads(form.read_text(encoding="utf-8"))["items"]
}


@cache
def example(name):
    return pages.EXAMPLES[name]()


def written(name):
    return (pages.PAGES / f"{name}.md").read_text(encoding="utf-8")


def _is_measurement(function):
    """Whether a public function answers with a result that names its confounders, or is one of the plain numbers."""
    if not inspect.isfunction(function):
        return False
    kind = getattr(forensics, str(function.__annotations__.get("return")), None)
    fields = getattr(kind, "__dataclass_fields__", {})
    return "confounders" in fields or function.__module__ == "course.forensics.texture"


def test_every_public_measurement_has_a_page():
    public = {name for name in forensics.__all__ if _is_measurement(getattr(forensics, name))}
    assert len(public) > 25
    assert set(pages.TOPICS) == set(pages.EXAMPLES) == public | {"embed_mark"}
    assert {path.stem for path in pages.PAGES.glob("*.md")} == set(pages.TOPICS) | {"README"}
    assert {path.stem for path in pages.PAGES.glob("*.png")} == set(pages.TOPICS)


@pytest.mark.parametrize("name", pages.TOPICS)
def test_a_page_is_the_one_that_the_script_writes(name):
    assert pages.same(written(name), pages.page(name, example(name))), "run: uv run python data/forensics/pages.py"


def test_the_list_is_the_one_that_the_script_writes():
    assert written("README") == pages.index()
    assert "::" not in pages.index()
    assert all(f"]({name}.md)" in pages.index() for name in pages.TOPICS)


@pytest.mark.parametrize("name", pages.TOPICS)
def test_a_page_has_all_its_parts(name):
    text = written(name)
    headings = re.findall(r"^## (.*)$", text, flags=re.MULTILINE)
    assert any("here it fails" in heading for heading in headings)
    for heading in ("Parameters", "The answer", "An example", "Among the pictures of the course", "References"):
        assert heading in headings
    (alt, file), *others = re.findall(r"!\[(.*?)\]\((.*?)\)", text)
    assert others == []
    assert file == f"{name}.png"
    assert len(alt.split()) >= 12
    assert ("AUC" in text) == (name in pages.null())
    assert "fake" not in text


@pytest.mark.parametrize("name", pages.TOPICS)
def test_formulas_are_those_of_the_docstring(name):
    words = " ".join((inspect.getdoc(getattr(forensics, name)) or "").split())
    text = written(name)
    formulas = re.findall(r"```text\n(.*?)```", text, flags=re.DOTALL)
    for formula in formulas:
        assert " ".join(formula.split()) in words
    assert bool(formulas) == ("::" in words)
    assert "::" not in text


@pytest.mark.parametrize("name", pages.TOPICS)
def test_nothing_of_a_blind_trial_is_shown(name):
    assert len(HIDDEN) > 50
    shown = example(name)
    assert shown.items
    assert not HIDDEN & set(shown.items)
    assert not HIDDEN & set(re.findall(r"[\w-]+", written(name)))


def test_a_placed_value_is_the_one_that_was_measured_once():
    placed = {name for name in pages.TOPICS if example(name).placed}
    assert len(placed) > 12
    for name in placed:
        (item,) = example(name).items
        entry = pages.null()[name]
        once = (entry["values"] | entry["generated"])[item]
        assert example(name).value == pytest.approx(once, rel=0.02, abs=1e-3)
        assert example(name).unit == entry["unit"]


def test_figures_are_small_pictures():
    sizes = [path.stat().st_size for path in pages.PAGES.glob("*.png")]
    assert max(sizes) <= 60_000
    assert sum(sizes) <= 2_500_000
    drawn = pages.figure("blockiness", example("blockiness"), pages.null()["blockiness"])
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) <= 60_000


def test_a_changed_word_or_number_is_noticed():
    text = written("noise_map")
    assert pages.same(text, text)
    assert not pages.same(text, text.replace("texture", "a texture", 1))
    value = re.search(r"\*\*(\d+\.\d+)\*\*", text)[1]
    nearly, other = (text.replace(f"**{value}**", f"**{float(value) * by:.5f}**") for by in (1.01, 1.3))
    assert pages.same(text, nearly)
    assert not pages.same(text, other)
    assert not pages.same(text, text.replace("0.6745", "0.6746"))
    assert not pages.same("", text)


def test_a_sentence_that_is_gone_from_the_docstring_is_missed(monkeypatch):
    gone = pages.Topic(title="Flicker", group=pages.TIME, fails=("Nobody ever wrote this",))
    monkeypatch.setitem(pages.TOPICS, "flicker", gone)
    with pytest.raises(ValueError, match="flicker has no sentence that begins: Nobody"):
        pages.described("flicker")


@pytest.mark.parametrize("value, words", [(0.0000354, "0.0000354"), (1234.5, "1230"), (0.5, "0.5"), (0.0, "0")])
def test_numbers_are_written_without_powers(value, words):
    assert pages.plain(np.float64(value)) == words
