"""The page on simulated classes says what the command finds, and the command says when a promise does not hold."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from course import cli, simulations
from course.media_commands import docs_folder

NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="session")
def found():
    """All simulations of the page: about half a minute."""
    return simulations.simulate()


@pytest.fixture
def quick(found, monkeypatch):
    monkeypatch.setattr(simulations, "simulate", lambda: found)


def test_the_page_says_what_the_command_finds(found):
    """Word by word; a number may differ by one in its last digit, should another system round otherwise."""
    written = (docs_folder() / simulations.PAGE).read_text(encoding="utf-8")
    now = simulations.page(found)
    assert NUMBER.sub("#", written) == NUMBER.sub("#", now)
    for old, new in zip(NUMBER.findall(written), NUMBER.findall(now), strict=True):
        last = 10.0 ** -len(old.partition(".")[2])
        assert float(old.replace(",", "")) == pytest.approx(float(new.replace(",", "")), abs=1.01 * last)


def test_the_figure_shows_what_the_command_finds(found):
    with Image.open(docs_folder() / simulations.FIGURE) as picture:
        told = json.loads(picture.text["Description"])
        assert min(picture.convert("RGB").getpixel((2, 2))) == 255
    now = simulations.figure_data(found)
    assert told.keys() == now.keys()
    for panel, lines in now.items():
        assert told[panel].keys() == lines.keys()
        for name, values in lines.items():
            assert told[panel][name] == pytest.approx(values, abs=0.011), name


def test_the_same_numbers_give_the_same_picture(found):
    assert simulations.figure(found) == simulations.figure(found)


def test_the_page_says_that_nobody_has_been_measured_and_what_is_supposed(found):
    text = simulations.page(found)
    assert "**No class has been measured yet.**" in text
    for value in (simulations.SUPPOSED.item_sd, simulations.SUPPOSED.d_prime_sd, simulations.SUPPOSED.criterion_sd):
        assert f"| {value} |" in text


def test_all_is_as_promised(found):
    assert simulations.problems(found) == ()
    for difference in (0.0, simulations.DIFFERENCE):
        assert found.designs[simulations.BALANCED, difference].runs == 2000
        assert 0.93 <= found.designs[simulations.BALANCED, difference].coverage <= 0.97


def narrowed(one, factor):
    middle = (one.low + one.high) / 2
    return replace(one, low=middle + (one.low - middle) * factor, high=middle + (one.high - middle) * factor)


def test_an_interval_that_promises_too_much_or_too_little_is_found(found):
    for factor, words in ((0.8, "not in 93 to 97 %"), (1.5, "not in 93 to 97 %")):
        designs = {**found.designs}
        key = (simulations.BALANCED, simulations.DIFFERENCE)
        designs[key] = narrowed(designs[key], factor)
        (fault,) = simulations.problems(replace(found, designs=designs))
        assert fault.startswith("A class in balanced order, form B easier by 0.4") and words in fault
    sizes = {**found.sizes, ("the 8 clips", 30): narrowed(found.sizes["the 8 clips", 30], 0.7)}
    (fault,) = simulations.problems(replace(found, sizes=sizes))
    assert fault.startswith("A class of 30, the 8 clips") and "93 % at least" in fault


def test_a_plain_order_that_does_not_fail_would_be_said(found):
    designs = {**found.designs}
    for name, (design, _) in simulations.DESIGNS.items():
        if design == "a_first":
            one = designs[name, simulations.DIFFERENCE]
            designs[name, simulations.DIFFERENCE] = replace(one, truth=np.full(one.runs, one.found.mean()))
            designs[name, simulations.DIFFERENCE] = narrowed(designs[name, simulations.DIFFERENCE], 5)
    assert len(simulations.problems(replace(found, designs=designs))) == 2


@pytest.mark.usefixtures("quick")
def test_the_command_prints_the_tables_and_writes_page_and_figure(found, tmp_path):
    out = io.StringIO()
    assert simulations.run(tmp_path, Console(file=out, width=200))
    assert (tmp_path / simulations.PAGE).read_bytes().decode("utf-8") == simulations.page(found)
    assert (tmp_path / simulations.FIGURE).read_bytes() == simulations.figure(found)
    for row in simulations.design_rows(found):
        assert all(cell in out.getvalue() for cell in row)


def test_the_command_is_there(monkeypatch):
    asked = []
    monkeypatch.setattr(simulations, "run", lambda docs: asked.append(docs) or True)
    assert cli.main(["simulate"]) == 0 and cli.main(["simulate", "--write"]) == 0
    assert asked == [None, docs_folder()]
    monkeypatch.setattr(simulations, "run", lambda docs: False)
    assert cli.main(["simulate"]) == 1
