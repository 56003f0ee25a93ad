from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from course import forensics

RNG = np.random.default_rng(4)
MEASURES = (
    forensics.mean_luma,
    forensics.saturation,
    forensics.high_frequency_share,
    forensics.sharpness,
    forensics.blockiness,
    forensics.noise_level,
    forensics.corner_text,
)


def grey(levels):
    """An RGB picture of these grey levels."""
    return np.asarray(levels).round().astype(np.uint8)[..., None].repeat(3, axis=2)


def wave(frequency, amplitude, side=128):
    return amplitude * np.cos(2 * np.pi * frequency * np.arange(side))[None, :].repeat(side, axis=0)


@pytest.fixture(scope="module")
def picture():
    """Soft colours with fine and coarse detail and no grid of any kind, 160 x 320."""
    rng = np.random.default_rng(8)
    layers = [cv2.GaussianBlur(rng.normal(0, 1, (160, 320, 3)), (0, 0), sigma) * sigma for sigma in (0.8, 3, 12)]
    return (sum(layers) * 28 + 118).clip(20, 220).astype(np.uint8)


def with_noise(pixels, sigma):
    return (pixels + RNG.normal(0, sigma, (*pixels.shape[:2], 1))).round().clip(0, 255).astype(np.uint8)


def through_jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


# brightness


def test_mean_luma_by_hand():
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[0] = [[255, 0, 0], [0, 255, 0]]
    pixels[1] = [[0, 0, 255], [255, 255, 255]]
    assert forensics.mean_luma(pixels) == pytest.approx((0.299 + 0.587 + 0.114 + 1) * 255 / 4)


def test_mean_luma_does_not_mind_where_things_are(picture):
    shuffled = RNG.permutation(picture.reshape(-1, 3)).reshape(picture.shape)
    assert forensics.mean_luma(shuffled) == pytest.approx(forensics.mean_luma(picture))


def test_a_black_border_lowers_the_brightness_of_the_same_scene(picture):
    # On purpose: the number knows nothing of what is scene and what is frame.
    framed = cv2.copyMakeBorder(picture, 40, 40, 0, 0, cv2.BORDER_CONSTANT)
    assert forensics.mean_luma(framed) == pytest.approx(forensics.mean_luma(picture) * 160 / 240)


# colour


def test_saturation_by_hand():
    pixels = np.array([[[200, 100, 150], [255, 0, 0]], [[90, 90, 90], [0, 0, 0]]], dtype=np.uint8)
    assert forensics.saturation(pixels) == pytest.approx((0.5 + 1 + 0 + 0) / 4)


def test_saturation_does_not_mind_exposure_or_the_order_of_the_channels(picture):
    even = picture // 4 * 4
    assert forensics.saturation(even // 2) == pytest.approx(forensics.saturation(even), abs=1e-6)
    assert forensics.saturation(even[..., ::-1].copy()) == pytest.approx(forensics.saturation(even), abs=1e-6)


def test_a_dark_grey_wall_with_noise_counts_as_colourful():
    # On purpose: (5, 1, 3) is nearly black to the eye, and more saturated than a red brick.
    dark = RNG.integers(0, 6, (64, 64, 3)).astype(np.uint8)
    brick = np.full((64, 64, 3), (180, 90, 70), dtype=np.uint8)
    assert forensics.saturation(dark) > forensics.saturation(brick)


# fine detail


def test_high_frequency_share_by_hand():
    # Waves of 8 pixels with amplitude 87 and of 2.67 pixels with amplitude 29: power 9 to 1.
    pixels = grey(128 + wave(1 / 8, 87) + wave(3 / 8, 29))
    assert forensics.high_frequency_share(pixels) == pytest.approx(0.1, abs=0.002)


def test_high_frequency_share_finds_white_noise_as_large_as_its_part_of_the_plane():
    # All frequencies alike: the square of side 1 without the circle of radius 1/4.
    noise = grey(RNG.normal(128, 20, (256, 256)))
    assert forensics.high_frequency_share(noise) == pytest.approx(1 - np.pi / 16, abs=0.01)


def test_high_frequency_share_does_not_mind_brightness_contrast_or_turning(picture):
    pixels = grey(picture[:, :, 1] // 4 * 2 + 20)
    share = forensics.high_frequency_share(pixels)
    assert forensics.high_frequency_share(pixels + np.uint8(60)) == pytest.approx(share, rel=1e-3)
    assert forensics.high_frequency_share((pixels - 20) * np.uint8(2)) == pytest.approx(share, rel=1e-3)
    assert forensics.high_frequency_share(np.rot90(pixels).copy()) == pytest.approx(share, rel=1e-3)


@pytest.mark.parametrize("shape", [(64, 64), (63, 65), (65, 64), (64, 63)])
def test_high_frequency_share_counts_each_wave_once_at_any_size(shape):
    noise = RNG.normal(128, 20, shape)
    window = np.outer(np.hanning(shape[0]), np.hanning(shape[1]))
    levels = noise.round()
    power = np.abs(np.fft.fft2(window * (levels - (window * levels).sum() / window.sum()))) ** 2
    radius = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.fftfreq(shape[1]))
    expected = power[radius > 0.25].sum() / power.sum()
    assert forensics.high_frequency_share(grey(noise)) == pytest.approx(expected, rel=1e-4)


def test_grain_counts_as_detail(picture):
    # On purpose: a noisy copy of a soft picture looks finer to this number than the picture itself.
    soft = cv2.GaussianBlur(picture, (0, 0), 2)
    assert forensics.high_frequency_share(with_noise(soft, 8)) > 5 * forensics.high_frequency_share(soft)


def test_sharpness_by_hand():
    # One pixel 9 brighter: the Laplacian is -36 there and 9 at its four neighbours, 0 at the 31 others inside.
    levels = np.full((8, 8), 100)
    levels[3, 3] = 109
    assert forensics.sharpness(grey(levels)) == pytest.approx(np.sqrt((36**2 + 4 * 9**2) / 36), rel=1e-5)


def test_sharpness_falls_with_blur_and_does_not_mind_brightness(picture):
    assert forensics.sharpness(cv2.GaussianBlur(picture, (0, 0), 1.5)) < 0.5 * forensics.sharpness(picture)
    assert forensics.sharpness(picture + np.uint8(20)) == pytest.approx(forensics.sharpness(picture), rel=1e-4)


def test_a_sharp_picture_of_a_wall_counts_as_blurred(picture):
    # On purpose: where there is little to see, there is little to be sharp.
    wall = with_noise(np.full((160, 320, 3), 150, dtype=np.uint8), 0.2)
    assert forensics.sharpness(wall) < forensics.sharpness(cv2.GaussianBlur(picture, (0, 0), 1.5))


# the grid of a codec


def test_blockiness_by_hand():
    # A fine chequerboard of 1 level: |D| = 2 everywhere. One of 10 levels with squares of 8 adds 20 or takes 20 away
    # where four squares meet, one place in eight of a line on the grid: (7 * 2 + (22 + 18) / 2) / 8 = 4.25, by 2.
    y, x = np.indices((65, 65))
    levels = 100 + (x + y) % 2 + 10 * ((x // 8 + y // 8) % 2)
    assert forensics.blockiness(grey(levels)) == pytest.approx(4.25 / 2, abs=0.01)


def test_blockiness_rises_as_jpeg_gets_coarser(picture):
    found = [forensics.blockiness(through_jpeg(picture, quality)) for quality in (95, 50, 20)]
    assert forensics.blockiness(picture) == pytest.approx(1, abs=0.1)
    assert found[0] < found[1] < found[2]
    assert found[2] > 1.3


def test_blockiness_does_not_mind_brightness_contrast_or_turning(picture):
    blocky = through_jpeg(picture // 4 * 2 + np.uint8(20), 30)
    value = forensics.blockiness(blocky)
    assert forensics.blockiness(blocky + np.uint8(40)) == pytest.approx(value, rel=1e-3)
    assert forensics.blockiness(np.rot90(blocky).copy()) == pytest.approx(value, rel=1e-3)


def test_a_crop_hides_the_grid(picture):
    # On purpose: three pixels off, the grid is looked for where it is not.
    blocky = through_jpeg(picture, 20)
    assert forensics.blockiness(blocky[3:, 3:].copy()) < 1.02 < forensics.blockiness(blocky)


# noise


def test_noise_level_by_hand():
    # Squares of 2 x 2 pixels 103 100 / 100 103: HH = (103 - 100 - 100 + 103) / 2 = 3.
    y, x = np.indices((16, 16))
    assert forensics.noise_level(grey(100 + 3 * ((x + y + 1) % 2))) == pytest.approx(3 / 0.6745)


@pytest.mark.parametrize("sigma", [1, 4, 12])
def test_noise_level_finds_the_noise_that_was_added(sigma):
    slope = np.linspace((60, 40, 90), (190, 150, 120), 256)[None].repeat(256, axis=0)
    noisy = (slope + RNG.normal(0, sigma, slope.shape)).round().astype(np.uint8)
    # Each channel has noise of its own, and rounding to whole levels adds a variance of 1/12.
    expected = np.sqrt(sigma**2 + 1 / 12) * np.hypot(np.hypot(0.299, 0.587), 0.114)
    assert forensics.noise_level(noisy) == pytest.approx(expected, rel=0.03)


def test_noise_level_does_not_mind_brightness_slopes_or_turning():
    noisy = with_noise(grey(np.full((128, 128), 100)), 3)
    value = forensics.noise_level(noisy)
    assert forensics.noise_level(noisy + np.uint8(70)) == pytest.approx(value, rel=1e-3)
    assert forensics.noise_level(noisy + grey(np.indices((128, 128))[1])) == pytest.approx(value, rel=1e-3)
    assert forensics.noise_level(np.rot90(noisy).copy()) == pytest.approx(value, rel=1e-3)


def test_the_weave_of_a_cloth_counts_as_noise():
    # On purpose: a fine regular pattern without any noise.
    y, x = np.indices((128, 128))
    assert forensics.noise_level(grey(120 + 8 * (x % 2) * (y % 2))) > 5


# writing in a corner


def scene(frames=6):
    """A soft scene that slides by 9 pixels a frame."""
    rough = RNG.integers(40, 216, (20, 40, 3), dtype=np.uint8)
    wide = cv2.resize(rough, (320, 160), interpolation=cv2.INTER_CUBIC)
    return np.stack([wide[:, 9 * t : 9 * t + 240] for t in range(frames)])


def captioned(pixels):
    marked = np.array(pixels)
    for frame in marked if marked.ndim == 4 else [marked]:
        cv2.putText(frame, "MADE BY HAND", (126, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
    return marked


def test_corner_text_by_hand():
    # The left 40 of 100 columns rise by 2 levels a pixel, the others are flat: E is 2 in the two corners on the left.
    levels = np.minimum(np.arange(100), 40)[None, :].repeat(100, axis=0) * 2 + 50
    corner, sloping, rest = 40 * 15, 40 * 100 - 40 * 15, 100 * 100 - 40 * 15
    expected = (1 + 2 * corner / corner) / (1 + 2 * sloping / rest)
    assert forensics.corner_text(grey(levels)) == pytest.approx(expected, rel=0.02)


def test_a_caption_is_found_in_a_still_and_in_a_clip():
    frames = scene()
    assert forensics.corner_text(frames[0]) < 1.5
    assert forensics.corner_text(captioned(frames[0])) > 1.5 * forensics.corner_text(frames[0])
    assert forensics.corner_text(frames) < 1.5
    assert forensics.corner_text(captioned(frames)) > 2.5 * forensics.corner_text(frames)


def test_a_caption_stands_out_more_in_a_clip_whose_scene_moves():
    marked = captioned(scene())
    assert forensics.corner_text(marked) > 1.3 * forensics.corner_text(marked[0])


def test_corner_text_does_not_mind_mirrors_brightness_or_doubled_frames():
    marked = captioned(scene() // 2)
    value = forensics.corner_text(marked)
    assert forensics.corner_text(marked[:, ::-1, ::-1].copy()) == pytest.approx(value, rel=1e-4)
    # Below the white of the caption there is no room for more light, so it is taken away.
    assert forensics.corner_text(255 - marked) == pytest.approx(value, rel=1e-4)
    assert forensics.corner_text(marked.repeat(2, axis=0)) == pytest.approx(value, rel=1e-4)


def test_a_brick_wall_in_the_corner_counts_as_writing_and_a_caption_in_the_middle_does_not():
    # On purpose, both: the number sees edges, and only in the corners.
    frames = scene()
    wall = frames.copy()
    wall[:, :24:6, :96] = 60
    wall[:, :24, :96:12] = 60
    assert forensics.corner_text(wall) > 2.5 * forensics.corner_text(frames)
    middle = np.ascontiguousarray(np.roll(captioned(frames), (-70, -70), axis=(1, 2)))
    assert forensics.corner_text(middle) < 1.5


# all of them


def test_a_flat_picture_has_no_texture():
    flat = np.full((64, 64, 3), (200, 120, 37), dtype=np.uint8)
    for measure in (forensics.high_frequency_share, forensics.sharpness, forensics.noise_level):
        assert measure(flat) == pytest.approx(0, abs=1e-3)
    for ratio in (forensics.blockiness, forensics.corner_text):
        assert ratio(flat) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_answer_is_a_plain_number_and_the_picture_stays_as_it_was(measure, picture):
    before = picture.copy()
    assert type(measure(picture)) is float
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((32, 32), dtype=np.uint8),
        np.zeros((32, 32, 4), dtype=np.uint8),
        np.zeros((32, 32, 3), dtype=np.float32),
        np.zeros((0, 32, 3), dtype=np.uint8),
        [[1, 2, 3]],
    ],
)
def test_anything_else_is_refused(measure, wrong):
    with pytest.raises(ValueError, match="uint8 RGB of shape"):
        measure(wrong)


@pytest.mark.parametrize("measure", MEASURES[2:])
def test_a_picture_too_small_to_measure_is_refused(measure):
    with pytest.raises(ValueError, match="H, W >="):
        measure(np.zeros((1, 1, 3), dtype=np.uint8))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_still_of_the_pack_takes_a_blink(measure):
    pixels = RNG.integers(0, 256, (384, 384, 3), dtype=np.uint8)
    measure(pixels)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        measure(pixels)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.03  # 10 ms is what it should be; the rest is for a busy computer
