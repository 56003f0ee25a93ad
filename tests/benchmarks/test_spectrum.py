"""The spectrum of a picture of 1280 x 720, by radius and peak by peak: how long it takes."""

from __future__ import annotations

from course import forensics


def test_radial_power_spectrum(benchmark, mosaic):
    assert benchmark(forensics.radial_power_spectrum, mosaic).curve.shape == (361,)


def test_spectrum_peaks(benchmark, mosaic):
    assert len(benchmark(forensics.spectrum_peaks, mosaic).quarters) == 9
