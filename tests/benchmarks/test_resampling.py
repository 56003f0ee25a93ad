"""The resampling map of a picture of 1280 x 720: how long it takes."""

from __future__ import annotations

from course import forensics


def test_resampling_map(benchmark, mosaic):
    assert benchmark(forensics.resampling_map, mosaic).map.shape == mosaic.shape[:2]
