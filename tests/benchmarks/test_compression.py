"""Saving a picture of 1280 x 720 once more: once for the error level, nine times for the ghosts."""

from __future__ import annotations

from course import forensics


def test_error_level_analysis(benchmark, mosaic):
    benchmark(forensics.error_level_analysis, mosaic)


def test_jpeg_ghosts(benchmark, mosaic):
    benchmark.pedantic(forensics.jpeg_ghosts, (mosaic,), rounds=5, warmup_rounds=1)


def test_ghosts_against_nine_error_levels(against, mosaic):
    def nine():
        for _ in range(9):
            forensics.error_level_analysis(mosaic)

    assert against(lambda: forensics.jpeg_ghosts(mosaic), nine, turns=5, each=1, wanted=1) >= 1
