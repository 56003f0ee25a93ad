"""The page on made-up classes says what the command finds, and the command says when a promise does not hold."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from course import cli, simulations, statistics
from course.media_commands import docs_folder


@pytest.fixture(scope="session")
def found(recoveries):
    return recoveries


def test_the_page_is_what_the_command_writes(found, tmp_path, monkeypatch):
    monkeypatch.setattr(statistics, "all_recoveries", lambda: found)
    out = io.StringIO()
    assert simulations.run(tmp_path, Console(file=out, width=120))
    text = (tmp_path / "simulations.md").read_text(encoding="utf-8")
    assert text == (docs_folder() / "simulations.md").read_text(encoding="utf-8")
    assert (tmp_path / simulations.FIGURE).stat().st_size > 10_000
    assert "Nobody has measured a class with this course yet." in text
    assert re.search(r"half the other way round \| 0\.4 \| 0\.3\d \| 0\.1\d \| ± 0\.\d\d \| 9[3-7]\.\d %", text)
    assert "2,000 made-up classes" in out.getvalue()


def test_a_range_that_promises_too_much_fails_the_command(found):
    narrow = (replace(found[0], held=0.91), *found[1:])
    assert simulations.problems(narrow) == (
        "class of 30, half the other way round, forms 0.0 d' apart: the range holds the true gain in 91.0 % of all "
        "cases, not in 93 to 97 %.",
    )
    wide = (*found[:4], replace(found[4], held=0.99))
    assert "99.0 %" in simulations.problems(wide)[0]
    assert "not seen to fail" in simulations.problems((*found[:3], replace(found[3], held=0.95), found[4]))[0]
    assert simulations.problems(found) == ()


def test_the_command_is_there(monkeypatch):
    asked = []
    monkeypatch.setattr(simulations, "run", lambda docs: asked.append(docs) or True)
    assert cli.main(["simulate"]) == 0 and cli.main(["simulate", "--write"]) == 0
    assert asked == [None, docs_folder()]
    monkeypatch.setattr(simulations, "run", lambda docs: False)
    assert cli.main(["simulate"]) == 1
