"""Histograms of coefficients in a picture of 1280 x 720, and the steps behind them."""

from __future__ import annotations

from course import forensics


def test_double_quantisation(benchmark, mosaic):
    benchmark(forensics.double_quantisation, mosaic)
