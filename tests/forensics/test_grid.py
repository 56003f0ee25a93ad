from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics


def by_hand(grey, phase):
    """Mean |D| just before the columns `phase`, `phase` + 8, ... and elsewhere, by loops."""
    height, width = grey.shape
    at, between = [], []
    for y in range(height - 1):
        for x in range(width - 1):
            d = abs(grey[y, x] - grey[y, x + 1] - grey[y + 1, x] + grey[y + 1, x + 1])
            (at if (x + 1 - phase) % 8 == 0 else between).append(d)
    return np.mean(at) / np.mean(between)


def test_the_ratios_of_all_phases_by_hand():
    levels = np.random.default_rng(3).integers(0, 256, (19, 26)).astype(np.uint8)
    result = forensics.blocking_grid(levels[..., None].repeat(3, axis=2))
    grey = levels.astype(float)
    assert result.columns == pytest.approx([by_hand(grey, p) for p in range(8)], rel=1e-4)
    assert result.rows == pytest.approx([by_hand(grey.T, p) for p in range(8)], rel=1e-4)
    assert result.phase == (result.columns.argmax(), result.rows.argmax())
    assert result.value == pytest.approx((result.columns.max() + result.rows.max()) / 2)


def test_one_step_at_the_border_of_two_blocks_by_hand():
    # One bright square in the corner at (13, 10): D is 50 at its corner alone, between 12 and 13, and 9 and 10.
    pixels = np.full((40, 48, 3), 100, np.uint8)
    pixels[10:, 13:] = 150
    result = forensics.blocking_grid(pixels)
    assert result.phase == (5, 2)
    assert result.columns[5] > 100
    assert np.delete(result.columns, 5).max() < 0.05


def test_the_first_phase_is_blockiness(photographs):
    for pixels in photographs[:3]:
        saved = forensics.save_as_jpeg(pixels, 80)
        result = forensics.blocking_grid(saved)
        assert (result.columns[0] + result.rows[0]) / 2 == pytest.approx(forensics.blockiness(saved), rel=1e-5)


@pytest.mark.parametrize("crop", [(0, 0), (1, 0), (3, 6), (7, 7)])
def test_a_crop_moves_the_grid_and_not_its_strength(photographs, crop):
    x, y = crop
    for pixels in photographs:
        saved = forensics.save_as_jpeg(pixels, 75)
        whole, cropped = forensics.blocking_grid(saved), forensics.blocking_grid(saved[y:, x:])
        assert whole.phase == (0, 0)
        assert cropped.phase == (-x % 8, -y % 8)
        assert cropped.value == pytest.approx(whole.value, rel=0.05)


def test_the_grid_does_not_mind_brightness_or_mirrors(photographs):
    saved = forensics.save_as_jpeg(photographs[0] // 2 + 20, 60)
    value = forensics.blocking_grid(saved).value
    assert forensics.blocking_grid(saved + np.uint8(30)).value == pytest.approx(value, rel=1e-4)
    assert forensics.blocking_grid(saved[::-1, ::-1]).value == pytest.approx(value, rel=1e-4)


def test_finer_quality_leaves_a_fainter_grid(photographs):
    coarse_to_fine = [
        np.median([forensics.blocking_grid(forensics.save_as_jpeg(p, q)).value for p in photographs])
        for q in (50, 75, 90, 100)
    ]
    assert coarse_to_fine == sorted(coarse_to_fine, reverse=True)
    assert coarse_to_fine[0] > 1.4
    assert coarse_to_fine[-1] < 1.15


def test_the_map_shows_where_another_grid_was_pasted(photographs):
    saved, other = (forensics.save_as_jpeg(pixels, 60) for pixels in photographs[8:10])
    pasted = saved.copy()
    pasted[100:292, 100:292] = other[99:291, 101:293]
    result = forensics.blocking_grid(pasted)
    assert result.phase == (0, 0)
    assert result.map.shape == (384, 384)
    assert result.map.dtype == np.float32
    inside = np.zeros((384, 384), bool)
    inside[132:260, 132:260] = True
    outside = np.ones((384, 384), bool)
    outside[68:324, 68:324] = False
    assert np.median(result.map[inside]) < 1.15 < 1.3 < np.median(result.map[outside])


def test_the_map_is_the_ratio_of_a_window_by_hand():
    levels = np.random.default_rng(5).integers(0, 256, (80, 80)).astype(np.uint8)
    levels[:, 8::8] //= 4
    result = forensics.blocking_grid(levels[..., None].repeat(3, axis=2), window=24)
    x, y = result.phase
    # The block that holds pixel (40, 40) lies in the middle of 24 x 24 places, each between two pixels.
    left, top = x + 8 * ((40 - x) // 8) - 8, y + 8 * ((40 - y) // 8) - 8
    part = levels.astype(float)[top : top + 25, left : left + 25]
    assert result.map[40, 40] == pytest.approx((by_hand(part, 0) + by_hand(part.T, 0)) / 2, rel=1e-3)


def test_a_change_of_size_smears_the_grid(photographs):
    # On purpose: the picture was a JPEG, and nothing says so any more.
    for pixels in photographs:
        saved = forensics.save_as_jpeg(pixels, 75)
        smaller = cv2.resize(saved, (330, 330), interpolation=cv2.INTER_AREA)
        assert forensics.blocking_grid(smaller).value - 1 < (forensics.blocking_grid(saved).value - 1) / 2


def test_tiles_look_like_a_grid():
    # On purpose: no codec was near this wall.
    wall = np.random.default_rng(0).integers(100, 140, (20, 20, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    assert forensics.blocking_grid(wall).value > 100


@pytest.mark.parametrize("shape", [(16, 16), (17, 31), (16, 90), (40, 16)])
@pytest.mark.parametrize("window", [8, 64, 1024])
def test_small_and_plain_pictures_have_answers(shape, window):
    plain = forensics.blocking_grid(np.full((*shape, 3), 77, np.uint8), window)
    assert plain.value == 1
    assert (plain.map == 1).all()
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    result = forensics.blocking_grid(noise, window)
    assert result.map.shape == shape
    assert np.isfinite(result.map).all()
    assert (result.map > 0).all()


@pytest.mark.parametrize("bad", [np.zeros((8, 8, 3), np.uint8), np.zeros((15, 90, 3), np.uint8)])
def test_pictures_too_small_for_two_blocks_are_refused(bad):
    with pytest.raises(ValueError, match="H, W >= 16; got shape"):
        forensics.blocking_grid(bad)


def test_anything_but_a_picture_is_refused(picture):
    with pytest.raises(ValueError, match="uint8 RGB"):
        forensics.blocking_grid(picture.astype(np.float32))
    for window in (7, 1025, 64.0, float("nan")):
        with pytest.raises(ValueError, match="window must be a whole number from 8 to 1024"):
            forensics.blocking_grid(picture, window)
