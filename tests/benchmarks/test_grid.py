"""The grid of blocks in a picture of 1280 x 720: its strength, place and map."""

from __future__ import annotations

from course import forensics


def test_blocking_grid(benchmark, mosaic):
    benchmark(forensics.blocking_grid, mosaic)
