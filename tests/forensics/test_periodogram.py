from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage

from course.forensics._periodogram import above_surroundings, centred, frequencies, power_spectrum

RNG = np.random.default_rng(11)


def test_power_spectrum_is_the_formula():
    picture = RNG.normal(100, 20, (40, 54)).astype(np.float32)
    window = np.outer(np.hanning(40), np.hanning(54))
    middle = (window * picture).sum() / window.sum()
    expected = np.abs(np.fft.rfft2(window * (picture - middle))) ** 2 / (window**2).sum()
    assert power_spectrum(picture) == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_a_single_wave_stands_at_its_frequency_above_the_noise():
    y, x = np.indices((96, 128))
    wave = 4 * np.cos(2 * np.pi * (x * 20 / 128 - y * 12 / 96)) + RNG.normal(0, 1, x.shape)
    level = above_surroundings(power_spectrum(wave.astype(np.float32)), 128)
    down, right = frequencies(96, 128)
    row, column = np.unravel_index(level.argmax(), level.shape)
    assert (right[column], down[row]) == (20 / 128, -12 / 96)
    # Amplitude 4 against a variance of 1: 4^2 / 4 times the pixels under the window, (sum w)^2 / sum w^2 = 4/9 of all,
    # against a median of ln 2.
    assert level[row, column] == pytest.approx(10 * np.log10(4 * 96 * 128 * 4 / 9 / np.log(2)), abs=3)


@pytest.mark.parametrize("shape", [(64, 80), (65, 81)])
def test_surroundings_agree_with_the_medians_of_scipy(shape):
    power = power_spectrum(RNG.normal(0, 3, shape).astype(np.float32))
    whole = centred(10 * np.log10(np.fft.fftshift(power, axes=0)), shape[1])
    around = scipy.ndimage.uniform_filter(scipy.ndimage.median_filter(whole, 5, mode="wrap"), 11, mode="wrap")
    found, expected = centred(above_surroundings(power, shape[1]), shape[1]), whole - around
    # Without the mean, frequency zero has no power to speak of: there the two are cut off at different depths.
    found[shape[0] // 2, shape[1] // 2] = expected[shape[0] // 2, shape[1] // 2] = 0
    assert found == pytest.approx(expected, abs=1e-3)


def test_in_noise_nothing_stands_out_further_than_chance_allows():
    highest = [
        above_surroundings(power_spectrum(RNG.normal(0, 5, (256, 256)).astype(np.float32)), 256).max() for _ in range(8)
    ]
    # The highest of n = 33,024 exponential numbers over their median: ln n / ln 2.
    assert np.median(highest) == pytest.approx(10 * np.log10(np.log(33_024) / np.log(2)), abs=1)


def test_nothing_stands_out_where_there_is_nothing():
    assert not above_surroundings(power_spectrum(np.full((64, 64), 93, dtype=np.float32)), 64).any()


@pytest.mark.parametrize("shape", [(6, 8), (7, 9), (8, 7), (5, 4)])
def test_centred_is_the_whole_spectrum(shape):
    picture = RNG.normal(size=shape)
    half = np.fft.fftshift(np.abs(np.fft.rfft2(picture)), axes=0)
    assert centred(half, shape[1]) == pytest.approx(np.fft.fftshift(np.abs(np.fft.fft2(picture))))
