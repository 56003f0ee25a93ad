"""The mark on a picture of 1280 x 720: how long it takes, and how long two peers take for the like."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from course import forensics
from course.forensics import attacks

KEY = "the heron at the weir"
BITS = np.random.default_rng(32).integers(0, 2, 32)


@pytest.fixture(scope="module")
def marked(mosaic):
    return forensics.embed_mark(mosaic, BITS, KEY)


def test_embed(benchmark, mosaic):
    benchmark(forensics.embed_mark, mosaic, BITS, KEY)


@pytest.mark.parametrize("search", ["none", "shift"])
def test_read(benchmark, marked, search):
    result = benchmark(forensics.read_mark, marked, 32, KEY, search=search)
    assert result.bits.tolist() == BITS.tolist()


def test_read_at_half_size(benchmark, marked):
    half = attacks.resize(marked, 0.5)
    result = benchmark.pedantic(forensics.read_mark, (half, 32, KEY), rounds=3)
    assert result.bits.tolist() == BITS.tolist()


def test_search_in_vain(benchmark, mosaic):
    result = benchmark.pedantic(forensics.read_mark, (mosaic, 32, KEY), rounds=3)
    assert not result.found


def test_embed_against_dwtdct(against, mosaic, monkeypatch):
    pytest.importorskip("pywt")
    # The package loads torch for another of its methods; this one does without.
    if "torch" not in sys.modules:
        monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    peer = pytest.importorskip("imwatermark").WatermarkEncoder()
    peer.set_watermark("bits", BITS.tolist())
    ratio = against(
        lambda: forensics.embed_mark(mosaic, BITS, KEY),
        lambda: peer.encode(mosaic, "dwtDct"),
        turns=3,
        wanted=6,
    )
    assert ratio >= 6


def test_embed_against_blind_watermark(against, mosaic):
    package = pytest.importorskip("blind_watermark")

    def embed():
        peer = package.WaterMark(processes=1)
        peer.read_img(img=mosaic)
        peer.read_wm(BITS.astype(bool), mode="bit")
        peer.embed()

    assert against(lambda: forensics.embed_mark(mosaic, BITS, KEY), embed, turns=1, wanted=50) >= 50
