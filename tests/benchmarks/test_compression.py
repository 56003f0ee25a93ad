"""Saving a picture of 1280 x 720 once more: once for the error level, nine times for the ghosts."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from course import forensics


def test_error_level_analysis(benchmark, mosaic):
    benchmark(forensics.error_level_analysis, mosaic)


def test_jpeg_ghosts(benchmark, mosaic):
    benchmark.pedantic(forensics.jpeg_ghosts, (mosaic,), rounds=5, warmup_rounds=1)


def test_ghosts_cost_no_more_than_nine_error_levels(mosaic):
    levels, ghosts = [], []
    forensics.jpeg_ghosts(mosaic)
    for _ in range(5):
        # In turns, so that a busy machine hits both.
        levels.extend(seconds(forensics.error_level_analysis, mosaic) for _ in range(5))
        ghosts.append(seconds(forensics.jpeg_ghosts, mosaic))
    times = median(ghosts) / median(levels)
    print(f"\n{median(ghosts) * 1e3:.0f} ms for the ghosts, {times:.1f} times an error level")
    assert times <= 9


def seconds(call, *arguments):
    start = perf_counter()
    call(*arguments)
    return perf_counter() - start
