"""The forms are what the search finds again, from what was measured, and within what the rules ask for."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from course import media, shortcuts
from course.judgement import auc
from course.media.catalogue import data_folder
from course.parity import statistics

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("choose_forms", ROOT / "tools" / "choose_forms.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["choose_forms"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rules(tool):
    return tool.read_rules()


@pytest.fixture(scope="module")
def candidates(tool, rules):
    return tool.read_candidates(rules)


@pytest.fixture(scope="module")
def choices(tool, rules, candidates):
    return tool.choose(rules, candidates)


def test_choosing_again_gives_the_same_forms(tool, rules, choices):
    for number, name in enumerate(rules.forms):
        assert tool.form_text(rules, number, choices) == (tool.FORMS / f"{name}.toml").read_text(encoding="utf-8")


def test_everything_chosen_is_in_the_pack_and_keeps_to_the_rules(rules, choices):
    for choice in choices:
        told = choice.detector_cost(choice.slots)[1]
        assert all(shortcuts.LIMITS.detector.low <= area <= shortcuts.LIMITS.detector.high for area in told.values())
        chosen = [one for row in choice.slots.values() for one in row]
        assert all(one.built for one in chosen)
        assert not {one.id for one in chosen} & rules.shown


def test_what_was_measured_is_what_measuring_gives():
    written = json.loads((data_folder() / "forms" / "choosing" / "statistics.json").read_text(encoding="utf-8"))
    pack = media.catalogue(data_folder())
    for kind in ("clip", "still"):
        shown = [item for item in pack.where(kind=kind, purpose="parity") if item.id in written]
        for item in shown[:: len(shown) // 6]:
            assert written[item.id] == pytest.approx(statistics(item), rel=1e-4, abs=1e-6), item.id


def test_every_window_lies_in_a_film_of_the_pack_and_was_measured(tool):
    written = json.loads(tool.STATISTICS.read_text(encoding="utf-8"))
    pack = media.catalogue(data_folder())
    entries = {
        one["id"]: one for one in json.loads((data_folder() / "media" / "catalogue.json").read_text("utf-8"))["items"]
    }
    own = {(one["member"], one["start"], *one["crop"]) for one in entries.values() if one["kind"] == "clip"}
    windows = tool.read_windows()
    assert len(windows) > 400
    for window in windows:
        assert pack[window["item"]].kind == "clip" and window["crop"][2] == window["crop"][3]
        place = (pack[window["item"]].member, window["start"], *window["crop"])
        assert window["key"] in written or place in own, window


def test_areas_are_those_of_the_statistics_room(tool):
    chance = np.random.default_rng(2)
    generated, camera = chance.integers(0, 5, (7, 3)).astype(float), chance.integers(0, 5, (6, 3)).astype(float)
    found = tool.areas(generated, camera)
    assert found == pytest.approx([auc(generated[:, n], camera[:, n]).value for n in range(3)])


def test_a_search_minds_what_it_is_asked_for(tool, rules, candidates):
    """A short one: no scene twice, nothing that lessons show, what is new in its places alone."""
    for kind in tool.KINDS:
        choice = tool.Choice(rules, kind, candidates)
        before = choice
        choice.start(Random("x"))
        first = choice.plain_cost(choice.slots)
        tool.anneal(before, Random("x"), 400, 0)
        assert choice.plain_cost(choice.slots) < first
        scenes = [one.scene for row in choice.slots.values() for one in row]
        assert len(set(scenes)) == len(scenes) == 6 * rules.each[kind]
        for (form, origin), row in choice.slots.items():
            new = [one.release in rules.held_back for one in row]
            assert sum(new) == (rules.new[kind] if form == rules.forms[-1] and origin == "generated" else 0)
