from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage

from course.forensics._wavelet import HIGH, LOW, _join, _split, wavelet_residual

RNG = np.random.default_rng(12)


def test_the_wavelet_keeps_energy_and_has_no_share_in_straight_slopes():
    assert np.square(LOW).sum() == pytest.approx(1)
    assert np.convolve(LOW, LOW[::-1])[7::2][1:] == pytest.approx(0, abs=1e-6)
    # Four vanishing moments: a cubic is no detail.
    for power in range(4):
        assert HIGH @ np.arange(8.0) ** power == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("shape", [(2, 2), (9, 13), (64, 80), (301, 55)])
@pytest.mark.parametrize("axis", [0, 1])
def test_what_was_split_is_joined_again(shape, axis):
    picture = RNG.uniform(0, 255, shape).astype(np.float32)
    assert _join(*_split(picture, axis), axis, shape[axis]) == pytest.approx(picture, abs=1e-3)


def test_white_noise_is_all_noise_and_a_soft_slope_none():
    noise = RNG.normal(0, 1, (128, 128)).astype(np.float32)
    # Noise of 1 level is weaker than what is looked for: all of it is taken, but for the coarsest 1/256.
    assert np.corrcoef(wavelet_residual(noise).ravel(), noise.ravel())[0, 1] > 0.99
    slope = np.add.outer(np.linspace(0, 90, 128), np.linspace(0, 120, 128)).astype(np.float32)
    assert np.abs(wavelet_residual(slope)[20:-20, 20:-20]).max() < 0.3


def test_agreement_with_pywavelets():
    pywt = pytest.importorskip("pywt")
    picture = (RNG.normal(0, 6, (145, 180)) + np.linspace(0, 200, 180)).astype(np.float32)
    coarse, *details = pywt.wavedec2(picture, "db4", mode="symmetric", level=4)

    def noise(band):
        variance = np.min([scipy.ndimage.uniform_filter(band**2, k, mode="mirror") for k in (3, 5, 7, 9)], axis=0)
        return band * 9 / np.maximum(variance, 9)

    bands = [np.zeros_like(coarse), *(tuple(map(noise, detail)) for detail in details)]
    expected = pywt.waverec2(bands, "db4", mode="symmetric")[:145, :180]
    assert wavelet_residual(picture) == pytest.approx(expected, abs=2e-3)
