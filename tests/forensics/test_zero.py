from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from scipy.fft import dctn
from scipy.stats import binom

from course import forensics
from course.forensics.zero import _zeros, log_tail


def zeros_by_hand(grey, below=0.5 - 1e-9):
    """Zeros of each block, as scipy finds them."""
    blocks = np.lib.stride_tricks.sliding_window_view(grey.astype(float), (8, 8))
    small = np.abs(dctn(blocks, axes=(2, 3), norm="ortho")) < below
    return small.sum(axis=(2, 3)) - small[..., 0, 0]


def votes_by_hand(grey, zeros):
    """As the text says it, pixel by pixel."""
    height, width = grey.shape
    blocks = np.lib.stride_tricks.sliding_window_view(grey, (8, 8))
    plain = (blocks == blocks[..., :1]).all(axis=(2, 3)) | (blocks == blocks[..., :1, :]).all(axis=(2, 3))
    votes = np.full((height, width), -1)
    for y in range(7, height - 7):
        for x in range(7, width - 7):
            around = zeros[y - 7 : y + 1, x - 7 : x + 1]
            down, right = np.nonzero(around == around.max())
            top, left = y - 7 + down[0], x - 7 + right[0]
            if len(down) == 1 and not plain[top, left]:
                votes[y, x] = left % 8 + 8 * (top % 8)
    return votes


def grey_levels(pixels):
    return np.rint(cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY))


def with_patch(pixels, other, x, y, side=112):
    """A square from (128, 128) of another picture, put where its blocks begin at (x, y)."""
    pasted = pixels.copy()
    pasted[128 + y : 128 + y + side, 128 + x : 128 + x + side] = other[128 : 128 + side, 128 : 128 + side]
    return pasted


@pytest.mark.parametrize("quality", [None, 95, 80, 50])
def test_votes_and_zeros_agree_with_loops_and_scipy(photographs, quality):
    for pixels in photographs[:3]:
        part = pixels if quality is None else forensics.save_as_jpeg(pixels, quality)
        part = np.ascontiguousarray(part[150:211, 93:176])
        grey = grey_levels(part)
        zeros = _zeros(grey)
        # What lies within the rounding of single precision below 1/2 may fall on either side.
        assert (zeros_by_hand(grey, 0.4997) <= zeros).all()
        assert (zeros <= zeros_by_hand(grey)).all()
        assert (zeros != zeros_by_hand(grey)).mean() < 0.01
        assert (forensics.zero_grid(part).votes == votes_by_hand(grey, zeros)).all()


def test_halves_are_not_zeros_by_hand():
    # Four grey levels more in one pixel: the coefficients (0, 4), (4, 0) and (4, 4) are 4 / 8, which is not below 1/2.
    grey = np.full((8, 8), 100, np.float32)
    grey[0, 0] += 4
    halves = np.abs(dctn(grey.astype(float), norm="ortho"))[[0, 4, 4], [4, 0, 4]]
    assert halves == pytest.approx([0.5, 0.5, 0.5])
    assert _zeros(grey).tolist() == zeros_by_hand(grey).tolist()


def test_a_pixel_whose_best_vote_is_tied_votes_for_none():
    # A pattern that repeats every 4 pixels makes each block equal to the one 4 pixels on, and both hold the pixel.
    four = np.random.default_rng(2).integers(0, 256, (4, 4), np.uint8)
    assert (forensics.zero_grid(np.tile(four, (8, 8))[..., None].repeat(3, axis=2)).votes == -1).all()


def test_stripes_vote_for_none():
    stripes = np.random.default_rng(0).integers(0, 256, (1, 64, 3), np.uint8).repeat(64, axis=0)
    assert (forensics.zero_grid(stripes).votes == -1).all()
    assert (forensics.zero_grid(np.ascontiguousarray(stripes.transpose(1, 0, 2))).votes == -1).all()


@pytest.mark.parametrize(("trials", "hits", "chance"), [(10, 3, 0.5), (7, 0, 0.2), (40, 40, 0.3), (900, 20, 1 / 64)])
def test_log_tail_by_exact_fractions(trials, hits, chance):
    p = Fraction(chance)
    tail = sum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits, trials + 1))
    assert log_tail(trials, hits, chance) == pytest.approx(math.log10(tail), abs=1e-9)


def test_log_tail_agrees_with_scipy_and_goes_on_where_floats_end():
    for trials, hits in [(14400, 100), (14400, 225), (14400, 300), (14400, 14000), (150000, 9000)]:
        peer = binom.logsf(hits - 1, trials, 1 / 64) / math.log(10)
        if np.isfinite(peer):
            assert log_tail(trials, hits, 1 / 64) == pytest.approx(peer, rel=1e-6, abs=1e-9)
    assert log_tail(14400, 14400, 1 / 64) == pytest.approx(-14400 * math.log10(64))


def test_the_value_is_the_binomial_number_by_hand(photographs):
    result = forensics.zero_grid(forensics.save_as_jpeg(photographs[3], 95)[:97, :130])
    votes = np.bincount(result.votes[result.votes >= 0], minlength=64)
    n, k = 97 * 130 // 64, int(votes.max()) // 64
    by_hand = 2 * math.log10(64 * 97 * 130) + binom.logsf(k - 1, n, 1 / 64) / math.log(10)
    assert result.value == pytest.approx(-by_hand, rel=1e-6)
    assert result.share == votes.max() / (97 * 130)
    assert result.phase == (0, 0)


@pytest.mark.parametrize("crop", [(1, 0), (3, 6), (7, 7)])
def test_a_crop_moves_the_grid(photographs, crop):
    x, y = crop
    for pixels in photographs:
        result = forensics.zero_grid(forensics.save_as_jpeg(pixels, 80)[y:, x:])
        assert result.phase == (-x % 8, -y % 8)
        assert result.value > 20


def test_the_votes_do_not_mind_brightness(photographs):
    grey = (photographs[0][..., :1] // 2 + 30).repeat(3, axis=2)
    saved = forensics.save_as_jpeg(grey, 85)[..., :1].repeat(3, axis=2)
    assert (forensics.zero_grid(saved + np.uint8(40)).votes == forensics.zero_grid(saved).votes).all()


def test_no_grid_and_no_region_where_nothing_was_saved(photographs):
    for pixels in photographs:
        result = forensics.zero_grid(pixels)
        assert result.phase is None
        assert result.value < 0
        assert result.foreign == ()
        assert not result.map.any()


def test_no_region_in_photographs_that_were_saved_once(photographs):
    assert not any(forensics.zero_grid(forensics.save_as_jpeg(pixels, 85)).foreign for pixels in photographs)


def test_a_region_with_another_grid_is_named(photographs):
    found = 0
    for pixels, other in zip(photographs, photographs[1:] + photographs[:1], strict=True):
        pasted = with_patch(forensics.save_as_jpeg(pixels, 80), forensics.save_as_jpeg(other, 70), 3, 5)
        result = forensics.zero_grid(pasted)
        assert result.phase == (0, 0)
        assert all(region.phase == (3, 5) for region in result.foreign)
        for region in result.foreign[:1]:
            found += 1
            x, y, width, height = region.box
            assert min(x, y) >= 120
            assert max(x + width, y + height) <= 256
            assert region.log_nfa < 0
            members = (result.votes[y : y + height, x : x + width] == 3 + 8 * 5).sum()
            assert 0.8 * members < region.votes <= members
            inside = np.zeros(result.map.shape, bool)
            inside[y : y + height, x : x + width] = True
            assert result.map[inside].max() == pytest.approx(-region.log_nfa)
            assert len(result.foreign) > 1 or not result.map[~inside].any()
    assert found >= 11


def test_a_region_on_the_same_grid_is_not_found(photographs):
    # On purpose: one paste in 64 falls on the grid by chance, and more if a person or a program aligns it.
    pasted = with_patch(forensics.save_as_jpeg(photographs[0], 80), forensics.save_as_jpeg(photographs[1], 70), 0, 0)
    assert forensics.zero_grid(pasted).foreign == ()


def test_a_change_of_size_wipes_the_votes_away(photographs):
    # On purpose: what a messenger or a video codec does to a picture hides both grids.
    for pixels, other in pairwise(photographs[:7]):
        pasted = with_patch(forensics.save_as_jpeg(pixels, 80), forensics.save_as_jpeg(other, 70), 3, 5)
        result = forensics.zero_grid(cv2.resize(pasted, (333, 333), interpolation=cv2.INTER_AREA))
        assert result.foreign == ()


@pytest.mark.parametrize("shape", [(8, 8), (8, 40), (15, 15), (16, 23)])
def test_small_and_plain_pictures_have_answers(shape):
    for pixels in (np.full((*shape, 3), 9, np.uint8), np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)):
        result = forensics.zero_grid(pixels)
        assert result.votes.shape == result.map.shape == shape
        assert result.phase is None
        assert np.isfinite(result.value)
        assert (result.value, result.share) < (0, 1)


@pytest.mark.parametrize("bad", [np.zeros((7, 90, 3), np.uint8), np.zeros((9, 9, 3)), None])
def test_anything_but_a_picture_is_refused(bad):
    with pytest.raises(ValueError, match=r"pixels must (have H, W >= 8|be uint8 RGB)"):
        forensics.zero_grid(bad)
