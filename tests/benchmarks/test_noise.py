"""Residuals, noise maps and sensor patterns of a picture of 1280 x 720: how long they take."""

from __future__ import annotations

import numpy as np
import pytest

from course import forensics


@pytest.mark.parametrize("denoiser", ["median", "wavelet"])
def test_residual(benchmark, mosaic, denoiser):
    assert benchmark(forensics.noise_residual, mosaic, denoiser).value > 0


def test_noise_map(benchmark, mosaic):
    assert benchmark(forensics.noise_map, mosaic).map.shape == (45, 80)


def test_sensor_pattern_of_four_pictures(benchmark, mosaic):
    """Divide by four for the time a picture takes."""
    pictures = np.stack([mosaic, mosaic[::-1], mosaic[:, ::-1], mosaic[::-1, ::-1]])
    assert benchmark(forensics.sensor_pattern, pictures).pictures == 4


def test_peak_to_correlation_energy(benchmark, mosaic):
    residual = forensics.noise_residual(mosaic, "wavelet").map
    pattern = np.roll(residual, (3, 5), axis=(0, 1))
    assert benchmark(forensics.peak_to_correlation_energy, residual, pattern).peak == (5, 3)
