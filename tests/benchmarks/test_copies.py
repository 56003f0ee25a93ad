"""Copies inside a picture of 1280 x 720: how long the search takes, with and without something to find."""

from __future__ import annotations

import pytest

from course import forensics


@pytest.fixture(scope="module")
def changed(mosaic):
    pixels = mosaic.copy()
    pixels[520:660, 1000:1140] = pixels[100:240, 500:640]
    return pixels


def test_search_in_vain(benchmark, mosaic):
    result = benchmark.pedantic(forensics.find_copies, (mosaic,), rounds=7, warmup_rounds=1)
    assert result.count == 0


def test_search_and_find(benchmark, changed):
    result = benchmark.pedantic(forensics.find_copies, (changed,), rounds=7, warmup_rounds=1)
    assert result.count == 1
