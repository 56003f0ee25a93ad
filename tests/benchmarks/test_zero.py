"""The votes for 64 grids in a picture of 1280 x 720, and what they come to."""

from __future__ import annotations

import cv2

from course import forensics


def test_zero_grid(benchmark, mosaic):
    benchmark(forensics.zero_grid, mosaic)


def test_zero_grid_after_a_change_of_size(benchmark, mosaic):
    # Without a main grid, the votes of all 64 are searched for regions.
    resized = cv2.resize(mosaic[:640, :1138], (1280, 720), interpolation=cv2.INTER_CUBIC)
    assert forensics.zero_grid(resized).phase is None
    benchmark(forensics.zero_grid, resized)
