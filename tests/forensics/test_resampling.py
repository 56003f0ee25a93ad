from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics, media

RNG = np.random.default_rng(14)


def grey(levels):
    return np.asarray(levels).round().clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def resized(pixels, factor, how=cv2.INTER_LINEAR):
    height, width = (round(n * factor) for n in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=how)


def through_jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def values(pictures):
    return np.array([forensics.resampling_map(p).value for p in pictures])


def area(values, null):
    """How often one value lies above one of the null: 1 always, 0.5 as by chance."""
    return np.mean((values[:, None] > null) + (values[:, None] == null) / 2)


def test_map_by_hand():
    # One pixel 8 levels too bright: nothing foretells it; half of it is foretold beside it, a quarter less at the
    # corners.
    levels = np.full((64, 64), 100)
    levels[30, 30] = 108
    found = forensics.resampling_map(grey(levels), sigma=4).map
    assert found[29:32, 29:32] == pytest.approx(np.exp(-np.array([[2, 4, 2], [4, 8, 4], [2, 4, 2]]) / 4), abs=1e-4)
    assert found[:28] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("factor", [1.1, 1.2, 1.5, 1.7])
@pytest.mark.parametrize("how", [cv2.INTER_LINEAR, cv2.INTER_CUBIC])
def test_the_peak_tells_the_factor(factor, how):
    noise = RNG.integers(80, 170, (200, 200, 3), dtype=np.uint8)
    found = forensics.resampling_map(resized(noise, factor, how))
    expected = abs(1 / factor - round(1 / factor))
    assert found.value == found.peak.height > 20
    # Along one axis or both, or at twice the frequency.
    frequency = max(abs(found.peak.right), abs(found.peak.down))
    twice = abs(2 * expected - round(2 * expected))
    assert min(abs(frequency - expected), abs(frequency - twice)) < 0.006


def test_resampling_does_not_mind_brightness_and_turns_with_the_picture():
    larger = resized(RNG.integers(60, 120, (150, 180, 3), dtype=np.uint8), 1.2)
    found = forensics.resampling_map(larger)
    assert forensics.resampling_map(larger + np.uint8(90)).value == pytest.approx(found.value, abs=0.05)
    mirrored = forensics.resampling_map(np.ascontiguousarray(larger[:, ::-1]))
    assert mirrored.map == pytest.approx(found.map[:, ::-1], abs=1e-4)
    turned = forensics.resampling_map(np.ascontiguousarray(larger.swapaxes(0, 1)))
    assert turned.map == pytest.approx(found.map.T, abs=1e-4)
    assert turned.value == pytest.approx(found.value, abs=1)


def test_photographs_enlarged_by_a_fifth_lie_above_all_others(halved):
    null = values(halved)
    for how in (cv2.INTER_LINEAR, cv2.INTER_CUBIC):
        assert area(values([resized(p, 1.2, how) for p in halved]), null) > 0.94


def test_a_little_larger_is_weak(halved):
    null = values(halved)
    weak = values([resized(p, 1.05) for p in halved])
    strong = values([resized(p, 1.2) for p in halved])
    assert area(weak, null) < 0.95
    assert np.median(weak) + 5 < np.median(strong)


def test_smaller_leaves_nothing(halved):
    # On purpose: what is made smaller is not foretold by its neighbours.
    null = values(halved)
    assert area(values([resized(p, 0.8) for p in halved]), null) < 0.6


def test_compression_hides_it(halved):
    # On purpose: quality 90 after the enlargement, against photographs saved in the same way.
    null = values([through_jpeg(p, 90) for p in halved])
    hidden = values([through_jpeg(resized(p, 1.2), 90) for p in halved])
    assert 0.6 < area(hidden, null) < 0.95


def test_the_grid_of_a_codec_is_left_out_but_not_if_it_was_resized():
    # On purpose: made smaller, which leaves no trace of its own; what is found is the grid of 8 pixels, now 6.4.
    stills = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"][:10]
    pictures = [media.load(item).pixels for item in stills]
    assert np.median(values(pictures)) < 14
    found = [forensics.resampling_map(resized(p, 0.8, cv2.INTER_AREA)) for p in pictures]
    assert np.median([f.value for f in found]) > 17
    multiples = [f.peak.right * 6.4 for f in found] + [f.peak.down * 6.4 for f in found]
    assert np.median(np.abs(multiples - np.round(multiples))) < 0.05


def test_twice_as_large_is_left_out():
    # On purpose: its rhythm of 2 pixels is a multiple of the grid of a codec.
    noise = RNG.integers(80, 170, (100, 100, 3), dtype=np.uint8)
    assert forensics.resampling_map(resized(noise, 2)).value < 16


def test_tiles_pass_for_an_enlargement():
    # On purpose. (A plain fence does not: each of its pixels is foretold by the ones above and below.)
    y, x = np.indices((200, 200))
    noise = RNG.normal(0, 3, x.shape)
    assert forensics.resampling_map(grey(120 + noise + 60 * ((x % 11 < 4) & (y % 11 < 4)))).value > 20
    assert forensics.resampling_map(grey(120 + noise + 60 * (x % 11 < 4))).value < 15


def test_the_spectrum_is_laid_out_as_the_peak_says():
    found = forensics.resampling_map(resized(RNG.integers(80, 170, (150, 171, 3), dtype=np.uint8), 1.2))
    height, width = found.spectrum.shape
    assert found.spectrum.shape == found.map.shape
    row, column = round(found.peak.down * height) + height // 2, round(found.peak.right * width) + width // 2
    assert found.spectrum[row, column] == found.value == found.spectrum.max()
    assert found.spectrum[height // 2, width // 2] == 0


def test_a_flat_picture_has_nothing_to_foretell():
    found = forensics.resampling_map(np.full((64, 80, 3), 77, dtype=np.uint8))
    assert found.value == 0
    assert found.map == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("shape", [(8, 8, 3), (63, 200, 3)])
def test_a_picture_too_small_is_refused(shape):
    with pytest.raises(ValueError, match="H, W >= 64"):
        forensics.resampling_map(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("sigma", [0, -1, np.nan, np.inf, "2", 0.01, 1000])
def test_a_sigma_that_cannot_be_is_named(sigma):
    with pytest.raises(ValueError, match="sigma must be a number"):
        forensics.resampling_map(np.zeros((64, 64, 3), dtype=np.uint8), sigma)


@pytest.mark.parametrize("sigma", [0.1, 100])
def test_the_ends_of_the_slider_have_an_answer(picture, sigma):
    found = forensics.resampling_map(picture, sigma)
    assert np.isfinite(found.map).all() and np.isfinite(found.value)
