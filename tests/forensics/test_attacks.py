from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from course.forensics import attacks

ALL = {
    "jpeg": attacks.jpeg,
    "resize": attacks.resize,
    "crop": attacks.crop,
    "shift": attacks.shift,
    "noise": attacks.noise,
    "blur": attacks.blur,
    "brightness": attacks.brightness,
    "paler": attacks.paler,
    "screenshot": attacks.screenshot,
    "turn": attacks.turn,
    "photographed": attacks.photographed,
}
BAD_NUMBERS = [
    ("jpeg", {"quality": 0}),
    ("jpeg", {"quality": 101}),
    ("jpeg", {"quality": 75.5}),
    ("jpeg", {"quality": np.nan}),
    ("resize", {"factor": 0}),
    ("resize", {"factor": np.nan}),
    ("resize", {"factor": 1e6}),
    ("crop", {"share": 0}),
    ("crop", {"share": 1.5}),
    ("crop", {"share": np.inf}),
    ("shift", {"right": 320}),
    ("shift", {"down": -160}),
    ("shift", {"right": 0.5}),
    ("noise", {"sigma": -1}),
    ("noise", {"sigma": np.nan}),
    ("blur", {"sigma": 0}),
    ("blur", {"sigma": 1000}),
    ("brightness", {"factor": -1}),
    ("brightness", {"factor": np.nan}),
    ("paler", {"share": 0}),
    ("paler", {"share": 1.01}),
    ("paler", {"share": np.nan}),
    ("screenshot", {"scale": 0.01}),
    ("screenshot", {"scale": np.nan}),
    ("screenshot", {"quality": 0}),
    ("turn", {"degrees": 46}),
    ("turn", {"degrees": np.nan}),
    ("turn", {"degrees": "2"}),
    ("photographed", {"askew": 0}),
    ("photographed", {"askew": 0.3}),
    ("photographed", {"quality": 0}),
]


@pytest.mark.parametrize("name", ALL)
def test_an_attack_changes_a_copy_and_answers_with_a_picture(name, picture):
    before = picture.copy()
    after = ALL[name](picture)
    assert after.dtype == np.uint8
    assert after.ndim == 3
    assert not np.shares_memory(after, picture)
    assert (picture == before).all()


@pytest.mark.parametrize("name", ALL)
def test_an_attack_takes_any_view_of_an_array_and_does_the_same_twice(name, picture):
    mirrored = picture[::-1, ::-1, ::-1]
    assert (ALL[name](mirrored) == ALL[name](mirrored.copy())).all()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("bad", [np.zeros((9, 9, 3)), np.zeros((9, 9), np.uint8), np.zeros((0, 9, 3), np.uint8), [[1]]])
def test_a_bad_picture_is_named(name, bad):
    with pytest.raises(ValueError, match=r"pixels must be uint8 RGB of shape \(H, W, 3\); got"):
        ALL[name](bad)


@pytest.mark.parametrize(("name", "arguments"), BAD_NUMBERS)
def test_a_bad_number_is_named(name, arguments, picture):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        ALL[name](picture, **arguments)


@pytest.mark.parametrize("name", ALL)
def test_one_pixel_and_a_plain_colour_have_an_answer(name):
    pixel = np.full((1, 1, 3), 77, np.uint8)
    after = ALL[name](pixel, 0) if name == "shift" else ALL[name](pixel)
    assert after.shape == (1, 1, 3)


def test_jpeg_agrees_with_pillow(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=60, subsampling="4:2:0")
    peer = np.asarray(Image.open(file)).astype(int)
    # The two come with their own decoders, which may round colours differently.
    assert np.abs(attacks.jpeg(picture, 60) - peer).mean() < 1


def test_jpeg_loses_more_at_lower_quality_and_keeps_the_colours_in_their_places(picture):
    loss = [np.abs(attacks.jpeg(picture, q).astype(int) - picture).mean() for q in (95, 75, 30, 5)]
    assert loss == sorted(loss)
    red = np.full((32, 32, 3), (200, 30, 30), np.uint8)
    assert np.abs(attacks.jpeg(red, 90).astype(int) - red).max() <= 4


def test_resize_halves_by_averaging_four_pixels(picture):
    four = picture.astype(float).reshape(80, 2, 160, 2, 3).mean(axis=(1, 3))
    assert np.abs(attacks.resize(picture, 0.5) - four).max() <= 0.5
    assert attacks.resize(picture, 1.5).shape == (240, 480, 3)
    assert attacks.resize(picture, 1e-9).shape == (1, 1, 3)


def test_crop_keeps_the_middle(picture):
    assert (attacks.crop(picture, 0.5) == picture[40:120, 80:240]).all()
    assert (attacks.crop(picture, 1) == picture).all()


@pytest.mark.parametrize(("right", "down"), [(3, 0), (-5, 7), (0, -1), (0, 0), (319, 159)])
def test_shift_moves_the_picture_and_repeats_its_rim(picture, right, down):
    after = attacks.shift(picture, right, down)
    for y, x in [(0, 0), (159, 319), (20, 300), (80, 160)]:
        assert (after[y, x] == picture[np.clip(y - down, 0, 159), np.clip(x - right, 0, 319)]).all()


def test_noise_has_its_size_in_each_colour_and_none_in_common():
    grain = attacks.noise(np.full((200, 200, 3), 128, np.uint8), 6, seed=4).reshape(-1, 3) - 128.0
    assert grain.mean(axis=0) == pytest.approx([0, 0, 0], abs=0.15)
    assert grain.std(axis=0) == pytest.approx([6, 6, 6], rel=0.02)
    assert np.abs(np.corrcoef(grain.T) - np.eye(3)).max() < 0.03


def test_noise_is_known_by_its_seed_and_stays_within_its_range(picture):
    assert (attacks.noise(picture, 9, seed=1) == attacks.noise(picture, 9, seed=1)).all()
    assert (attacks.noise(picture, 9, seed=1) != attacks.noise(picture, 9, seed=2)).any()
    white = attacks.noise(np.full((50, 50, 3), 255, np.uint8), 9)
    assert white.min() > 200


def test_blur_spreads_a_point_as_its_sigma_says_and_loses_no_light():
    point = np.zeros((61, 61, 3), np.uint8)
    point[27:34, 27:34] = 250
    light = attacks.blur(point, 3.0)[..., 0].astype(float)
    assert light.sum() == pytest.approx(49 * 250, rel=0.03)
    x = np.arange(61) - 30
    # A box of 7 pixels has variance 4; a Gaussian adds its own.
    assert np.average(x**2, weights=light.sum(axis=0)) == pytest.approx(4 + 9, rel=0.06)


def test_brightness_by_hand():
    levels = np.array([0, 1, 5, 100, 231, 232, 255], np.uint8)[None, :, None].repeat(3, axis=2)
    assert attacks.brightness(levels, 1.1)[0, :, 0].tolist() == [0, 1, 6, 110, 254, 255, 255]
    assert attacks.brightness(levels, 0.5)[0, :, 0].tolist() == [0, 0, 2, 50, 116, 116, 128]


def test_paler_keeps_grey_and_brightness_and_takes_the_colour(picture):
    red = np.array([[[255, 0, 0]]], np.uint8)
    assert attacks.paler(red, 1)[0, 0].tolist() == [255, 0, 0]
    assert attacks.paler(red, 1e-9)[0, 0].tolist() == [76, 76, 76]
    grey = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)
    assert (attacks.paler(grey, 0.3) == grey).all()
    weights = np.array([0.299, 0.587, 0.114])
    assert np.abs((attacks.paler(picture, 0.4) @ weights) - (picture @ weights)).max() < 1
    spread = [np.ptp(attacks.paler(picture, share).astype(int), axis=2).mean() for share in (1, 0.5, 0.25)]
    assert spread[1] == pytest.approx(spread[0] / 2, rel=0.02) and spread[2] == pytest.approx(spread[0] / 4, rel=0.04)


def test_screenshot_is_smaller_a_little_darker_and_without_its_rim(picture):
    after = attacks.screenshot(picture, scale=0.75, quality=95)
    assert after.shape == (115, 230, 3)
    assert 1 < picture.mean() - after.mean() < 6
    framed = picture.copy()
    framed[:, :2] = framed[:, -2:] = 255
    assert attacks.screenshot(framed, 0.75, 95)[:, 0].mean() < 240


def test_a_turn_goes_about_the_middle_and_back_again(picture):
    square = picture[:, :160]
    once = attacks.turn(square, 20)
    assert once.shape == square.shape
    inner = np.s_[50:110, 50:110]
    assert np.abs(attacks.turn(once, -20).astype(int) - square)[inner].mean() < 5
    assert np.abs(once.astype(int) - square)[inner].mean() > 15
    # The middle of an odd square stays where it is, whatever the turn.
    dot = np.zeros((21, 21, 3), np.uint8)
    dot[10, 10] = 200
    assert attacks.turn(dot, 45)[10, 10, 0] == 200
    # A point to the right goes up: against the clock, as rows count downwards.
    dot = np.zeros((41, 41, 3), np.uint8)
    dot[19:22, 27:30] = 200
    middle = np.argwhere(attacks.turn(dot, 45)[..., 0] > 100).mean(axis=0)
    assert middle == pytest.approx([20 - 8 / 2**0.5, 20 + 8 / 2**0.5], abs=0.3)


def test_a_photograph_of_a_screen_is_askew_in_its_own_way_and_darker(picture):
    level = np.full((96, 96, 3), 128, np.uint8)
    assert attacks.photographed(level).mean() == pytest.approx(255 * (128 / 255) ** 1.2, abs=2)
    held = [attacks.photographed(picture, seed=seed).astype(int) for seed in (0, 0, 1)]
    assert (held[0] == held[1]).all()
    assert np.abs(held[0] - held[2]).mean() > 3
    slight, much = (np.abs(attacks.photographed(picture, askew).astype(int) - picture).mean() for askew in (0.002, 0.1))
    assert slight < much


def test_no_attack_hurts_a_plain_wall():
    # On purpose: what holds no detail has none to lose, and an attack cannot be told from its result alone.
    wall = np.full((64, 64, 3), 120, np.uint8)
    for name in ("jpeg", "resize", "crop", "shift", "blur"):
        assert np.abs(ALL[name](wall).astype(int) - 120).max() <= 1
