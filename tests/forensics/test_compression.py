from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from course import forensics, media
from course.forensics.jpeg import cosines

SQUARE = (slice(128, 256), slice(128, 256))


def share_above(inside, outside):
    """How often a pixel inside is above one outside: the area under the ROC curve."""
    outside = np.sort(outside)
    below, up_to = (np.searchsorted(outside, inside, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / outside.size)


def strength(result):
    """The size of the error level, over 16 x 16 pixels, as an eye sees it."""
    return cv2.blur(np.abs(result.map).mean(axis=2), (16, 16))


def with_square(pixels, other):
    pasted = pixels.copy()
    pasted[SQUARE] = other[SQUARE]
    return pasted


def inside_square(shape):
    mask = np.zeros(shape, bool)
    mask[SQUARE] = True
    return mask


# error level analysis


def test_error_level_by_hand():
    # A wave too small for quality 50 is rounded away, and the difference is the wave: 5 x sqrt(1/8) / 2 = 0.9 at most.
    block = (128 + 5 * cosines()[1] * cosines()[0][0]).round().astype(np.uint8)
    wave = np.tile(block, (32, 4))[..., None].repeat(3, axis=2)
    result = forensics.error_level_analysis(wave, 50)
    assert block.tolist() == [129, 129, 128, 128, 128, 128, 127, 127]
    assert result.map[0, :8, 1].tolist() == [1, 1, 0, 0, 0, 0, -1, -1]
    assert result.value == 0.5
    assert result.unit == "grey levels"


def test_error_level_keeps_the_sign_and_adds_up(photographs):
    result = forensics.error_level_analysis(photographs[0], 75)
    assert result.map.dtype == np.int16
    assert result.map.min() < -20
    assert result.map.max() > 20
    assert (photographs[0] - result.map == forensics.save_as_jpeg(photographs[0], 75)).all()
    assert result.value == pytest.approx(np.abs(result.map).mean())


def test_error_level_does_not_mind_mirrors(photographs):
    level = forensics.error_level_analysis(photographs[0])
    mirrored = forensics.error_level_analysis(photographs[0][::-1, ::-1])
    assert mirrored.value == pytest.approx(level.value, rel=0.01)
    assert np.corrcoef(strength(mirrored)[::-1, ::-1].ravel(), strength(level).ravel())[0, 1] > 0.98


def test_error_level_of_a_plain_picture_is_nothing():
    result = forensics.error_level_analysis(np.full((8, 8, 3), 90, np.uint8))
    assert result.value == 0
    assert not result.map.any()


def test_error_level_finds_a_square_that_was_never_saved(photographs):
    mask = inside_square((384, 384))
    areas = []
    for pixels in photographs:
        spliced = with_square(forensics.save_as_jpeg(pixels, 85), pixels)
        level = strength(forensics.error_level_analysis(spliced, 85))
        areas.append(share_above(level[mask], level[~mask]))
    assert np.median(areas) > 0.9


def test_error_level_tells_two_photographs_with_the_same_past_apart_by_their_texture(photographs):
    # On purpose: a square from another photograph, saved alike throughout. It may be brighter or darker than the rest.
    mask = inside_square((384, 384))
    areas = []
    for pixels, other in pairwise(photographs):
        spliced = with_square(forensics.save_as_jpeg(pixels, 90), forensics.save_as_jpeg(other, 90))
        level = strength(forensics.error_level_analysis(forensics.save_as_jpeg(spliced, 90), 75))
        areas.append(share_above(level[mask], level[~mask]))
    assert min(areas) < 0.35
    assert max(areas) > 0.75


def test_error_level_glows_on_the_edges_of_a_photograph_that_nobody_touched(photographs):
    # On purpose: what is bright is what is hard to compress.
    areas = []
    for pixels in photographs:
        grey = cv2.cvtColor(forensics.save_as_jpeg(pixels, 90), cv2.COLOR_RGB2GRAY).astype(np.float32)
        slope = cv2.blur(np.hypot(cv2.Sobel(grey, -1, 1, 0), cv2.Sobel(grey, -1, 0, 1)), (16, 16))
        steep = slope > np.quantile(slope, 0.8)
        level = strength(forensics.error_level_analysis(forensics.save_as_jpeg(pixels, 90), 75))
        areas.append(share_above(level[steep], level[~steep]))
    assert np.median(areas) > 0.9


# ghosts


def test_ghosts_by_hand(photographs):
    pixels = photographs[2][..., :1].repeat(3, axis=2)
    ghosts = forensics.jpeg_ghosts(pixels, (60, 70, 80))
    change = (pixels.astype(float) - forensics.save_as_jpeg(pixels, 70)) ** 2
    # The block that begins at (24, 40) has its middle at (28, 44).
    assert ghosts.differences[1, 5, 3] == pytest.approx(change[36:52, 20:36].mean(), rel=1e-5)
    assert ghosts.differences.shape == (3, 48, 48)
    assert ghosts.map[47, 31] == ghosts.qualities[ghosts.differences[:, 5, 3].argmin()]


@pytest.mark.parametrize(("first", "last"), [(65, None), (65, 85), (65, 90), (75, 90), (80, 90)])
def test_a_ghost_names_the_quality_of_an_earlier_saving(photographs, first, last):
    found, elsewhere = [], []
    for pixels in photographs:
        pasted = with_square(pixels, forensics.save_as_jpeg(pixels, first))
        ghosts = forensics.jpeg_ghosts(pasted if last is None else forensics.save_as_jpeg(pasted, last))
        assert ghosts.last == (last or max(ghosts.qualities))
        found.append((ghosts.earlier[136:248, 136:248] == first).mean())
        elsewhere.append((ghosts.earlier[~inside_square(ghosts.map.shape)] > 0).mean())
        assert ghosts.value == pytest.approx((ghosts.earlier > 0).mean())
    assert np.median(found) > 0.75
    assert np.median(elsewhere) < 0.15


def test_coarse_steps_dip_at_finer_ones_too_and_the_lowest_dip_is_the_saving(photographs):
    twice = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[0], 50), 95)
    low = forensics.jpeg_ghosts(twice, range(45, 101, 5))
    dips = dict(zip(low.qualities, low.dips.mean(axis=(1, 2)), strict=True))
    assert dips[50] > 0.8 and dips[75] > 0.6 and dips[60] < 0.1 and dips[45] == dips[100] == 0
    assert np.median(low.earlier) == 50
    assert np.median(forensics.jpeg_ghosts(twice).earlier) == 75  # which its confounders say
    assert any("50 dips at 75" in one for one in low.confounders)


def test_there_is_no_ghost_off_the_grid_unless_the_grid_is_moved(photographs):
    # On purpose: the same saving, three pixels to the left and five further down, is not seen.
    off, moved = [], []
    for pixels in photographs[:6]:
        saved = np.roll(forensics.save_as_jpeg(np.roll(pixels, (-5, -3), (0, 1)), 65), (5, 3), (0, 1))
        pasted = with_square(pixels, saved)
        off.append((forensics.jpeg_ghosts(pasted).earlier[136:248, 136:248] == 65).mean())
        moved.append((forensics.jpeg_ghosts(pasted, origin=(3, 5)).earlier[136:248, 136:248] == 65).mean())
    assert np.median(off) < 0.1
    assert np.median(moved) > 0.9


def test_ghosts_haunt_a_whole_picture_that_was_saved_twice(photographs):
    # On purpose: nothing was pasted, and the value is high.
    twice = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[0], 65), 90)
    assert forensics.jpeg_ghosts(twice).value > 0.8


def test_ghosts_in_the_controlled_pair_that_was_resaved_in_part():
    pair = media.load_controlled("canal-resaved")
    assert pair.about.parameters["quality"] == 50
    ghosts = forensics.jpeg_ghosts(pair.after, range(40, 100, 5))
    assert (ghosts.earlier[pair.mask] == 50).mean() > 10 * (ghosts.earlier[~pair.mask] == 50).mean()


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (13, 5), (12, 20), (17, 31)])
def test_small_and_odd_pictures_have_answers(shape):
    plain = np.full((*shape, 3), 200, np.uint8)
    assert forensics.error_level_analysis(plain).map.shape == (*shape, 3)
    ghosts = forensics.jpeg_ghosts(plain, origin=(7, 1))
    assert ghosts.map.shape == ghosts.earlier.shape == shape
    assert ghosts.value == 0
    assert np.isfinite(ghosts.differences).all()


@pytest.mark.parametrize("qualities", [(), (50, 60), (60, 50, 70), (50, 50, 60), (50, 60, 101), (50, 60.5, 70)])
def test_qualities_that_cannot_be_compared_are_refused(picture, qualities):
    with pytest.raises(ValueError, match="qualities must be"):
        forensics.jpeg_ghosts(picture, qualities)


@pytest.mark.parametrize("measure", [forensics.error_level_analysis, forensics.jpeg_ghosts])
@pytest.mark.parametrize("bad", [None, np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.ones((9, 9, 3))])
def test_anything_but_a_picture_is_refused(measure, bad):
    with pytest.raises(ValueError, match="pixels must be uint8 RGB"):
        measure(bad)


def test_no_sentence_says_what_follows():
    plain = np.full((16, 16, 3), 200, np.uint8)
    for result in (forensics.error_level_analysis(plain), forensics.jpeg_ghosts(plain)):
        assert 3 <= len(result.confounders) <= 5
        assert not any("fake" in sentence.lower() for sentence in result.confounders)
