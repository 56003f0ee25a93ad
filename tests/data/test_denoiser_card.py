"""The denoiser's card: where its squares come from, what its figures are made of, and that it hides nothing."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import diffusion

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "models" / "denoiser"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


def _script(name):
    # the scripts find each other, and those of the pack, by the folders they put in front
    before = list(sys.path)
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def crops():
    return _script("crops")


@pytest.fixture(scope="module")
def measure(crops):
    return _script("measure")


@pytest.fixture(scope="module")
def held_back(crops):
    return _script("held_back")


PACKAGES = {
    one["key"]: one for one in tomllib.loads((ROOT / "data/media/packages.toml").read_text(encoding="utf-8"))["package"]
}


def test_every_photograph_has_a_package_an_author_and_an_open_licence(crops):
    photographs = crops.read_photographs()
    assert len(photographs) > 30
    for one in photographs:
        assert one.package in PACKAGES and one.author and one.regions
        assert re.fullmatch(r"MIT|CC0-1\.0|CC-BY-(SA-)?[234]\.0|L?GPL-[23]\.0-(only|or-later)", one.licence)
    assert len({(one.package, one.member) for one in photographs}) == len(photographs)
    assert {region.label for one in photographs for region in one.regions} == set(diffusion.LABELS)


def test_regions_lie_inside_the_picture(crops):
    for region in (region for one in crops.read_photographs() for region in one.regions):
        left, top, right, bottom = region.box
        assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1
        assert 0 < region.window[0] <= region.window[1] < 0.5


def test_the_card_lists_each_photograph_as_the_squares_were_cut(crops, held_back):
    photographs = crops.read_photographs()
    assert held_back.table(photographs) in CARD, "run: uv run python data/models/denoiser/held_back.py"
    known = {f"{one.package}: {one.member.removeprefix('package/')}" for one in photographs}
    assert set(diffusion.held_back().photographs) <= known


def test_a_held_back_crop_and_one_to_learn_from_share_no_pixel(crops):
    # each pixel tells its column; what was learned from lies left of what was held back
    columns = np.arange(900, dtype=np.float64) / 899 * 255
    pixels = np.repeat(columns.astype(np.uint8)[None, :, None], 300, axis=0).repeat(3, axis=2)
    region = crops.Region("sky", (0.1, 0.0, 0.9, 1.0), (0.05, 0.15))
    takes = {
        held: list(islice(crops.crops(pixels, region, held, np.random.default_rng(1)), 60)) for held in (False, True)
    }
    border = (0.1 + crops.HELD * 0.8) * 255
    assert max(crop.max() for crop in takes[False]) <= border + 1
    assert min(crop.min() for crop in takes[True]) >= border - 1
    assert {crop.shape for crop in takes[True]} == {(32, 32, 3)}


def test_a_region_that_is_too_small_is_named(crops):
    region = crops.Region("sky", (0.0, 0.0, 0.02, 0.02), (0.01, 0.01))
    with pytest.raises(ValueError, match="smaller than a crop"):
        next(crops.crops(np.zeros((300, 300, 3), np.uint8), region, False, np.random.default_rng(1)))


def test_the_distance_is_nought_to_oneself_and_grows_with_noise(measure):
    squares = diffusion.held_back().pictures
    told = measure.features(squares)
    assert told.shape == (200, 42) and np.isfinite(told).all()
    assert measure.distance(told, told) == pytest.approx(0, abs=1e-3)
    random = np.random.default_rng(1)
    noisy = [
        np.clip(squares + random.normal(0, strength, squares.shape), 0, 255).astype(np.uint8) for strength in (8, 40)
    ]
    small, large = (measure.distance(told, measure.features(one)) for one in noisy)
    assert 0.01 < small < large


def test_the_distance_of_two_known_clouds(measure):
    random = np.random.default_rng(2)
    cloud = random.normal(size=(50_000, 3))
    # the means lie 2 apart; deviations 1 and 3 in each of three directions: 2^2 + 3 (3 - 1)^2
    assert measure.distance(cloud, 3 * random.normal(size=(50_000, 3)) + [2, 0, 0]) == pytest.approx(16, rel=0.02)


def test_a_copy_is_found_even_mirrored(measure):
    squares = diffusion.held_back().pictures
    asked = np.stack([squares[3], squares[7][:, ::-1], np.clip(squares[11].astype(int) + 5, 0, 255).astype(np.uint8)])
    found, gaps = measure.nearest(asked, squares)
    assert gaps[0] == 0 and gaps[1] == 0 and 1 < gaps[2] <= 5
    assert (found[0] == squares[3]).all() and (found[1] == asked[1]).all() and (found[2] == squares[11]).all()


def test_the_card_says_what_a_card_must():
    for part in ("What it learned from", "How it was trained", "How good it is", "What it gets wrong", "not for"):
        assert part in CARD
    figures = CARD.split("<!-- figures: written by measure.py -->")[1]
    assert "Fréchet" in figures and "Does it copy?" in figures and "How quick" in figures
    for name in ("made.png", "nearest.png"):
        assert name in CARD and Image.open(FOLDER / name).width > 500
