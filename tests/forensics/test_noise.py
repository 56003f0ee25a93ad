from __future__ import annotations

import cv2
import numpy as np
import pytest
import scipy.ndimage

from course import forensics, media

RNG = np.random.default_rng(13)


def grey(levels):
    return np.asarray(levels).round().clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def through_jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


# residual


def test_residual_by_hand():
    wall = np.full((16, 16), 100)
    wall[4, 4], wall[9, 9:12] = 140, 70
    found = forensics.noise_residual(grey(wall))
    # The median of 3 x 3 does not see one pixel, nor a line one pixel wide.
    expected = wall - 100
    assert found.map == pytest.approx(expected, abs=1e-3)
    assert found.value == pytest.approx(np.sqrt((40**2 + 3 * 30**2) / 256))
    assert found.unit == "grey levels"


def test_residual_agrees_with_the_median_of_scipy(picture):
    luma = picture @ np.array([0.299, 0.587, 0.114])
    expected = luma - scipy.ndimage.median_filter(luma, 3, mode="nearest")
    assert forensics.noise_residual(picture).map == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("denoiser", ["median", "wavelet"])
def test_residual_does_not_mind_brightness_or_mirrors(picture, denoiser):
    found = forensics.noise_residual(picture, denoiser)
    assert forensics.noise_residual(picture + np.uint8(20), denoiser).map == pytest.approx(found.map, abs=1e-2)
    # The wavelet is not symmetric, so what it leaves is another sample of the same noise.
    mirrored = forensics.noise_residual(np.ascontiguousarray(picture[:, ::-1]), denoiser)
    assert mirrored.value == pytest.approx(found.value, rel=0.02)


@pytest.mark.parametrize("denoiser", ["median", "wavelet"])
def test_residual_of_a_plain_wall_is_its_noise(denoiser):
    value = forensics.noise_residual(grey(RNG.normal(120, 3, (128, 128))), denoiser).value
    assert value == pytest.approx(3, rel=0.12)


def test_a_sharp_scene_leaves_more_than_a_noisy_one():
    # On purpose: fine stripes without any noise against a plain wall with a good deal of it.
    stripes = grey(120 + 20 * (np.indices((128, 128))[1] % 2))
    assert (
        forensics.noise_residual(stripes).value > forensics.noise_residual(grey(RNG.normal(120, 6, (128, 128)))).value
    )


# noise of each block


def test_noise_map_by_hand():
    # In the right half, squares of 2 x 2 pixels 103 100 / 100 103: HH = 3. In the left half nothing.
    y, x = np.indices((32, 64))
    levels = 100 + 3 * ((x + y + 1) % 2) * (x >= 32)
    found = forensics.noise_map(grey(levels))
    assert found.map == pytest.approx(np.array([[0, 0, 1, 1]] * 2) * 3 / 0.6745, abs=1e-3)
    assert found.value == pytest.approx(3 / 0.6745, abs=1e-3)
    assert found.block == 16


def test_noise_map_of_one_block_is_the_noise_level(picture):
    whole = picture[:160, :160].copy()
    assert forensics.noise_map(whole, block=160).map.item() == pytest.approx(forensics.noise_level(whole), rel=1e-5)


def test_noise_map_moves_with_the_picture_and_does_not_mind_brightness(picture):
    found = forensics.noise_map(picture)
    assert forensics.noise_map(picture + np.uint8(30)).map == pytest.approx(found.map, abs=1e-3)
    assert forensics.noise_map(np.ascontiguousarray(picture[32:, 48:])).map == pytest.approx(
        found.map[2:, 3:], abs=1e-4
    )
    assert forensics.noise_map(np.ascontiguousarray(picture[:, ::-1])).map == pytest.approx(
        found.map[:, ::-1], abs=1e-4
    )


def test_a_patch_with_another_grain_stands_out_of_an_even_scene():
    levels = RNG.normal(128, 2, (160, 160))
    levels[64:96, 32:96] += RNG.normal(0, 9, (32, 64))
    inside = np.zeros((10, 10), dtype=bool)
    inside[4:6, 2:6] = True
    found = forensics.noise_map(grey(levels)).map
    assert found[inside].min() > found[~inside].max()


def test_a_lawn_stands_out_just_as_well():
    # On purpose: the same camera, the same noise, and one half of the scene is rough.
    levels = RNG.normal(128, 2, (160, 160))
    levels[:, 80:] += cv2.GaussianBlur(RNG.normal(0, 40, (160, 80)), (0, 0), 0.7)
    found = forensics.noise_map(grey(levels))
    assert found.map[:, 5:].min() > found.map[:, :5].max()
    assert found.value > 1


# the pattern of a sensor


@pytest.fixture(scope="module")
def scenes():
    stills = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"]
    return [media.load(item).pixels[:256, :256] for item in stills[:30]]


def taken_with(sensor, scenes, quality=None):
    """The scenes as a sensor would see them: one per cent of pattern, and one level of noise that is new each time."""
    seen = [s * sensor + RNG.normal(0, 1, s.shape) for s in scenes]
    seen = [s.round().clip(0, 255).astype(np.uint8) for s in seen]
    return [through_jpeg(s, quality) for s in seen] if quality else seen


@pytest.fixture(scope="module")
def sensors():
    return 1 + RNG.normal(0, 0.01, (2, 256, 256, 1))


@pytest.fixture(scope="module")
def pattern(sensors, scenes):
    return forensics.sensor_pattern(taken_with(sensors[0], scenes[:15]))


def by_chance(count):
    """The square of the highest of so many normal numbers, about."""
    return 2 * np.log(count) - np.log(4 * np.pi * np.log(count))


def ratio(pixels, pattern):
    residual = forensics.noise_residual(pixels, "wavelet").map
    return forensics.peak_to_correlation_energy(residual, pattern.map)


def test_pattern_is_the_formula(scenes):
    pictures = scenes[:3]
    luma = [p @ np.array([0.299, 0.587, 0.114]) for p in pictures]
    residuals = [forensics.noise_residual(p, "wavelet").map for p in pictures]
    expected = sum(w * i for w, i in zip(residuals, luma, strict=True)) / sum(i**2 for i in luma)
    expected = expected - expected.mean(axis=0)
    expected = expected - expected.mean(axis=1, keepdims=True)
    found = forensics.sensor_pattern(pictures)
    assert found.map == pytest.approx(expected, abs=1e-4)
    assert found.pictures == 3


def test_pattern_does_not_mind_order_or_how_the_pictures_come(scenes):
    pictures = np.stack(scenes[:4])
    found = forensics.sensor_pattern(pictures)
    assert forensics.sensor_pattern(pictures[::-1]).map == pytest.approx(found.map, abs=1e-5)
    assert np.array_equal(forensics.sensor_pattern(iter(list(pictures))).map, found.map)


def test_a_planted_pattern_is_found_and_its_halves_agree(pattern, sensors, scenes):
    assert np.corrcoef(pattern.map.ravel(), sensors[0].ravel())[0, 1] > 0.8
    assert pattern.value > 0.6
    # The same scenes without a common sensor.
    apart = [taken_with(1 + RNG.normal(0, 0.01, (256, 256, 1)), [s])[0] for s in scenes[:10]]
    assert abs(forensics.sensor_pattern(apart).value) < 0.1


def test_pictures_of_the_sensor_lie_above_all_others(pattern, sensors, scenes):
    own = [ratio(p, pattern) for p in taken_with(sensors[0], scenes[15:])]
    others = [ratio(p, pattern) for p in taken_with(sensors[1], scenes[15:])]
    assert min(found.value for found in own) > 5 * max(found.value for found in others)
    assert all(found.peak == (0, 0) and found.unshifted == found.value for found in own)
    assert np.median([found.value for found in others]) == pytest.approx(by_chance(256**2), rel=0.3)


def test_it_survives_saving_at_quality_90(pattern, sensors, scenes):
    own = [ratio(p, pattern).value for p in taken_with(sensors[0], scenes[15:], quality=90)]
    others = [ratio(p, pattern).value for p in taken_with(sensors[1], scenes[15:], quality=90)]
    assert np.median(own) > 10 * max(others)


def test_a_cropped_picture_lies_where_it_was_cropped(pattern, sensors, scenes):
    whole = taken_with(sensors[0], scenes[15:18])
    assert [ratio(p[40:200, 24:240].copy(), pattern).peak for p in whole] == [(24, 40)] * 3


def test_a_change_of_size_hides_it(pattern, sensors, scenes):
    # On purpose: nine tenths of the size, and the pattern no longer lies on itself at any shift.
    smaller = [cv2.resize(p, (230, 230), interpolation=cv2.INTER_AREA) for p in taken_with(sensors[0], scenes[15:])]
    assert np.median([ratio(p, pattern).value for p in smaller]) < 40


def test_a_scene_that_stands_still_passes_for_a_pattern(scenes):
    # On purpose: one scene on a tripod, each picture with a sensor of its own.
    apart = [taken_with(1 + RNG.normal(0, 0.01, (256, 256, 1)), [scenes[3]])[0] for _ in range(6)]
    assert forensics.sensor_pattern(apart).value > 0.3


# the ratio


def test_ratio_is_the_formula_at_each_shift():
    pattern, noise = RNG.normal(size=(2, 16, 18))
    residual = np.roll(pattern, (-3, -5), axis=(0, 1)) + noise
    found = forensics.peak_to_correlation_energy(residual, pattern)

    def plain(levels):
        levels = levels - levels.mean(axis=0)
        return levels - levels.mean(axis=1, keepdims=True)

    one, other = plain(residual), plain(pattern)
    correlation = np.array(
        [[(np.roll(one, (y, x), axis=(0, 1)) * other).sum() for x in range(18)] for y in range(16)]
    ) / np.sqrt((one**2).sum() * (other**2).sum())
    assert found.map == pytest.approx(correlation, abs=1e-5)
    assert found.peak == (5, 3)
    outside = np.ones((16, 18), dtype=bool)
    outside[np.ix_(np.arange(3 - 5, 3 + 6) % 16, np.arange(5 - 5, 5 + 6) % 18)] = False
    assert found.value == pytest.approx(correlation[3, 5] ** 2 / (correlation[outside] ** 2).mean(), rel=1e-4)


def test_ratio_does_not_mind_scale_and_lines():
    pattern, noise = RNG.normal(size=(2, 64, 80))
    residual = pattern + 2 * noise
    found = forensics.peak_to_correlation_energy(residual, pattern)
    lines = RNG.normal(size=(64, 1)) * 5 + RNG.normal(size=80)
    other = forensics.peak_to_correlation_energy(300 * residual + lines, 0.01 * pattern + lines)
    assert other.value == pytest.approx(found.value, rel=1e-3)
    assert forensics.peak_to_correlation_energy(-residual, pattern).unshifted == pytest.approx(-found.value, rel=1e-3)


def test_by_chance_alone_a_larger_search_finds_more():
    # Why no threshold fits all: nothing is there in either.
    for side in (64, 512):
        ratios = [forensics.peak_to_correlation_energy(*RNG.normal(size=(2, side, side))).value for _ in range(21)]
        assert np.median(ratios) == pytest.approx(by_chance(side**2), rel=0.2)


def test_flat_maps_agree_on_nothing():
    flat = np.full((32, 32), 3.0)
    for pair in ((flat, flat), (flat, RNG.normal(size=(32, 32)))):
        found = forensics.peak_to_correlation_energy(*pair)
        assert abs(found.value) < 30 and np.isfinite(found.map).all()
    assert forensics.peak_to_correlation_energy(np.zeros((32, 32)), flat).value == 0


@pytest.mark.parametrize(
    ("residual", "pattern", "message"),
    [
        (np.zeros((32, 32), dtype=np.uint8), np.zeros((32, 32)), "residual must be a float array.*got uint8"),
        (
            np.zeros((32, 32)),
            np.zeros((32, 32, 3)),
            r"pattern must be .*got float64 of shape \(32, 32, 3\)",
        ),
        (np.zeros((8, 8)), np.zeros((32, 32)), "residual must be .* >= 16"),
        (np.full((32, 32), np.nan), np.zeros((32, 32)), "residual must be finite; got NaN"),
        (np.zeros((32, 33)), np.zeros((32, 32)), r"not be larger than pattern; got \(32, 33\) and \(32, 32\)"),
        ([[1.0]], np.zeros((32, 32)), "got list"),
    ],
)
def test_bad_maps_are_named(residual, pattern, message):
    with pytest.raises(ValueError, match=message):
        forensics.peak_to_correlation_energy(residual, pattern)


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (np.zeros((32, 32, 3), dtype=np.uint8), r"\(T, H, W, 3\); got uint8 of shape \(32, 32, 3\)"),
        (np.zeros((3, 32, 32, 3)), "pixels must be uint8 RGB.*got float64"),
        ([np.zeros((32, 32, 3), np.uint8), np.zeros((32, 40, 3), np.uint8)], r"one size; got \(32, 32\) and .*40\)"),
        ([np.zeros((32, 32, 3), np.uint8)], "at least 2 pictures; got 1"),
        ([], "at least 2 pictures; got 0"),
        (7, "got int"),
    ],
)
def test_bad_pictures_are_named(pictures, message):
    with pytest.raises(ValueError, match=message):
        forensics.sensor_pattern(pictures)


def test_black_pictures_have_no_pattern():
    found = forensics.sensor_pattern(np.zeros((3, 32, 32, 3), dtype=np.uint8))
    assert found.value == 0 and not found.map.any()


@pytest.mark.parametrize("measure", [forensics.noise_residual, forensics.noise_map])
def test_bad_input_is_named_and_a_flat_picture_is_no_noise(measure):
    with pytest.raises(ValueError, match="uint8 RGB of shape"):
        measure(np.zeros((32, 32)))
    with pytest.raises(ValueError, match="H, W >= 16"):
        measure(np.zeros((8, 8, 3), dtype=np.uint8))
    found = measure(np.full((32, 32, 3), (200, 120, 37), dtype=np.uint8))
    assert found.value == pytest.approx(0, abs=1e-3)
    assert found.map == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("block", [0, 7, 9, 2.5, np.nan, True])
def test_a_block_that_cannot_be_is_named(block):
    with pytest.raises(ValueError, match="block must be"):
        forensics.noise_map(np.zeros((32, 32, 3), dtype=np.uint8), block)


def test_a_denoiser_that_is_not_there_is_named():
    with pytest.raises(ValueError, match='"median" or "wavelet"; got \'mean\''):
        forensics.noise_residual(np.zeros((32, 32, 3), dtype=np.uint8), "mean")
