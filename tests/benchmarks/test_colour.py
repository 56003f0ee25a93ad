"""Fringes and filter lattice of a picture of 1280 x 720: how long they take."""

from __future__ import annotations

from course import forensics


def test_chromatic_aberration(benchmark, mosaic):
    assert benchmark(forensics.chromatic_aberration, mosaic).map.shape == (11, 20)


def test_colour_filter_array(benchmark, mosaic):
    assert benchmark(forensics.colour_filter_array, mosaic).map.shape == (22, 39)
