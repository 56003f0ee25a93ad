from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from course import forensics
from course.forensics.jpeg import FREQUENCIES
from course.forensics.quantisation import REACH, ROUNDING, _first_rounding, _second_rounding


def rounded(pixels, step):
    """Saved as a JPEG whose steps are all alike."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", qtables=[[step] * 64] * 2, subsampling="4:2:0")
    return np.asarray(Image.open(file))


def share_above(inside, outside):
    outside = np.sort(outside)
    below, up_to = (np.searchsorted(outside, inside, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / outside.size)


def level(steps, *wanted):
    """The share of the blocks at these levels, on both sides of zero."""
    return sum(steps.observed[np.abs(steps.levels) == n].sum() for n in wanted)


def test_gaps_where_the_arithmetic_says(photographs):
    # Multiples of 5 rounded to multiples of 2: 0, 5, 10, 15, 20 become 0, 4 or 6, 10, 14 or 16, 20, that is the levels
    # 0, 2, 3, 5, 7, 8, 10; the levels 1, 4, 6 and 9 stay empty, with a period of 5.
    once, twice = rounded(photographs[0], 2), rounded(rounded(photographs[0], 5), 2)
    alone, both = forensics.double_quantisation(once), forensics.double_quantisation(twice)
    for before, after in zip(alone.steps, both.steps, strict=True):
        assert level(after, 1, 4, 6, 9) < 0.2 * level(before, 1, 4, 6, 9)
        assert level(after, 2, 3, 5, 7, 8, 10) > level(before, 2, 3, 5, 7, 8, 10)
        assert (before.last, before.first) == (2, None)
        assert (after.last, after.first) == (2, 5)
    assert alone.value < 0.01
    assert both.value > 0.5


@pytest.mark.parametrize(("first", "last"), [(7, 3), (5, 3), (8, 5), (11, 4), (3, 2), (13, 6)])
def test_both_steps_are_named(photographs, first, last):
    for pixels in photographs[:4]:
        found = forensics.double_quantisation(rounded(rounded(pixels, first), last))
        named = [steps for steps in found.steps if steps.first is not None]
        assert len(named) >= 5
        assert all((steps.first, steps.last) == (first, last) for steps in named)


def test_peaks_at_every_second_level_by_hand(photographs):
    # Multiples of 4 rounded to multiples of 6, with ties broken evenly: 0, 4, 8, 12 become 0, 6, 6, 12: two at the odd
    # levels, one at the even ones.
    for steps in forensics.double_quantisation(rounded(rounded(photographs[4], 4), 6)).steps:
        assert steps.last == 6
        assert level(steps, 1) > 2 * level(steps, 2)


def test_the_expected_histogram_agrees_with_chance():
    rng = np.random.default_rng(9)
    before = rng.laplace(0, 12, 400_000).astype(np.float32)
    for first, last in [(7, 3), (4, 6), (1, 5), (40, 2)]:
        after = np.rint((first * np.rint(before / first) + rng.normal(0, ROUNDING, before.size)) / last)
        reach = REACH // last
        drawn = np.bincount(after[np.abs(after) <= reach].astype(int) + reach, minlength=2 * reach + 1)
        expected = _second_rounding(_first_rounding(before), last)[:, first - 1]
        assert expected == pytest.approx(drawn / before.size, abs=0.002)


def test_the_gain_adds_up(photographs):
    twice = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[1], 70), 92)
    result = forensics.double_quantisation(twice)
    assert [steps.frequency for steps in result.steps] == list(FREQUENCIES)
    assert result.value == pytest.approx(np.mean([steps.gain for steps in result.steps]))
    # The blocks beyond the reach of the histograms count as nothing in the map.
    assert result.map.mean() == pytest.approx(result.value, rel=0.1)
    for steps in result.steps:
        assert steps.observed.sum() == pytest.approx(1)
        assert steps.once.sum() == pytest.approx(1, abs=1e-3)
        assert steps.twice.sum() == pytest.approx(1, abs=1e-3)
        by_hand = (steps.observed * np.log2(steps.twice / steps.once)).sum()
        assert steps.gain == pytest.approx(by_hand)


def test_once_and_twice_lie_apart_on_photographs(photographs):
    def values(*qualities):
        for pixels in photographs[:6]:
            for quality in qualities:
                pixels = forensics.save_as_jpeg(pixels, quality)
            yield forensics.double_quantisation(pixels).value

    assert max(values()) < 0.005
    assert max(values(90)) < 0.005
    assert min(values(60, 90)) > 0.2
    assert min(values(75, 90)) > 0.2
    # The coarser saving last leaves little of the first, and still more than nothing.
    assert 0.003 < np.median(list(values(90, 75))) < 0.02


def test_named_first_steps_are_those_of_the_first_saving(photographs):
    # The table of quality 75, read from the file that Pillow writes.
    file = BytesIO()
    Image.fromarray(photographs[0]).save(file, "JPEG", quality=75)
    table = np.array(Image.open(file).quantization[0]).reshape(8, 8)
    for pixels in photographs:
        result = forensics.double_quantisation(forensics.save_as_jpeg(forensics.save_as_jpeg(pixels, 75), 90))
        named = [(steps.frequency, steps.first) for steps in result.steps if steps.first is not None]
        assert len(named) >= 4
        assert all(first == table[frequency] for frequency, first in named)


def test_the_value_does_not_mind_mirrors(photographs):
    twice = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[2], 70), 92)
    value = forensics.double_quantisation(twice).value
    assert forensics.double_quantisation(twice[::-1, ::-1]).value == pytest.approx(value, rel=0.03)


def test_a_crop_hides_it_until_the_origin_is_told(photographs):
    cropped = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[2], 70), 92)[3:, 2:]
    assert forensics.blocking_grid(cropped).phase == (6, 5)
    assert forensics.double_quantisation(cropped).value < 0.01
    told = forensics.double_quantisation(cropped, origin=(6, 5))
    assert told.value > 0.2
    assert told.map.shape == cropped.shape[:2]
    assert not told.map[:5].any()
    assert not told.map[:, :6].any()


def test_the_map_is_lower_where_something_saved_once_was_pasted(photographs):
    areas = []
    for pixels in photographs:
        pasted = forensics.save_as_jpeg(pixels, 70)
        pasted[131:259, 126:254] = pixels[131:259, 126:254]
        result = forensics.double_quantisation(forensics.save_as_jpeg(pasted, 92))
        gain = cv2.blur(result.map, (40, 40))
        mask = np.zeros(gain.shape, bool)
        mask[131:259, 126:254] = True
        areas.append(share_above(gain[~mask], gain[mask]))
    assert np.median(areas) > 0.9


def test_multiples_of_a_step_hide_the_first_saving(photographs):
    # On purpose: multiples of 8 are multiples of 4 as well, and after a step of 2 one of 8 rounds nothing new.
    fine = forensics.double_quantisation(rounded(rounded(photographs[3], 8), 4))
    assert {(steps.last, steps.first) for steps in fine.steps} == {(8, None)}
    assert fine.value < 0.01
    coarse = forensics.double_quantisation(rounded(rounded(photographs[3], 2), 10))
    assert all(steps.first is None for steps in coarse.steps)
    assert coarse.value < 0.02


def test_a_change_of_size_hides_both_savings(photographs):
    # On purpose.
    twice = forensics.save_as_jpeg(forensics.save_as_jpeg(photographs[2], 70), 92)
    smaller = forensics.double_quantisation(cv2.resize(twice, (300, 300), interpolation=cv2.INTER_AREA))
    assert smaller.value < 0.01
    assert all(steps.last == 1 for steps in smaller.steps)


@pytest.mark.parametrize("level_of_grey", [0, 90, 255])
def test_a_plain_picture_has_no_steps(level_of_grey):
    result = forensics.double_quantisation(np.full((64, 70, 3), level_of_grey, np.uint8))
    assert result.value == 0
    assert not result.map.any()
    assert {(steps.last, steps.first, steps.gain) for steps in result.steps} == {(1, None, 0.0)}


def test_a_picture_of_extremes_has_an_answer():
    # Coefficients far beyond reach.
    y, x = np.indices((64, 128)) // 4
    board = (255 * ((x + y) % 2)).astype(np.uint8)[..., None].repeat(3, axis=2)
    result = forensics.double_quantisation(board)
    assert np.isfinite(result.value)
    assert np.isfinite(result.map).all()


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (np.zeros((8, 8, 3), np.uint8), "H, W >= 64 from origin on"),
        (np.zeros((63, 200, 3), np.uint8), "H, W >= 64 from origin on"),
        (np.zeros((99, 99), np.uint8), "uint8 RGB"),
        (np.zeros((99, 99, 3)), "uint8 RGB"),
    ],
)
def test_anything_but_a_picture_of_some_size_is_refused(bad, says):
    with pytest.raises(ValueError, match=says):
        forensics.double_quantisation(bad)


def test_an_origin_that_is_none_is_refused(picture):
    with pytest.raises(ValueError, match="origin must be"):
        forensics.double_quantisation(picture, origin=(0, 8))
