from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from course import forensics
from course.forensics.jpeg import block_coefficients, cosines, require_origin


def one_wave(amplitude):
    """Grey 128 plus one wave of half a turn across each block, 64 x 64."""
    block = 128 + amplitude * cosines()[1] * cosines()[0][0]
    return np.tile(block.round().astype(np.uint8), (64, 8))[..., None].repeat(3, axis=2)


def test_a_wave_smaller_than_half_a_step_is_gone_by_hand():
    # At quality 50 the table is that of the standard, where the step of this wave is 11.
    small, large = one_wave(20 * 0.25), one_wave(20)
    assert small.min() < 128 < small.max()
    assert (forensics.save_as_jpeg(small, 50) == 128).all()
    back = block_coefficients(forensics.save_as_jpeg(large, 50)[..., 0].astype(np.float32), [(0, 1)])
    assert back == pytest.approx(22, abs=1)


def test_save_as_jpeg_agrees_with_pillow(photographs):
    for quality in (50, 90):
        file = BytesIO()
        Image.fromarray(photographs[0]).save(file, "JPEG", quality=quality, subsampling="4:2:0")
        peer = np.asarray(Image.open(file)).astype(int)
        own = forensics.save_as_jpeg(photographs[0], quality)
        assert np.abs(own - peer).mean() < 0.2
        assert np.abs(own - photographs[0].astype(int)).mean() > 1


def test_saving_again_at_the_same_quality_changes_little(photographs):
    once = forensics.save_as_jpeg(photographs[1], 75)
    twice = forensics.save_as_jpeg(once, 75)
    first, second = cv2.norm(photographs[1], once, cv2.NORM_L1), cv2.norm(once, twice, cv2.NORM_L1)
    assert second < first / 5


def test_block_coefficients_agree_with_scipy(picture):
    grey = picture[:43, :61, 1].astype(np.float32)
    whole = grey[:40, :56].reshape(5, 8, 7, 8).transpose(0, 2, 1, 3)
    peer = dctn(whole, axes=(2, 3), norm="ortho")
    wanted = [(0, 0), (3, 0), (2, 5)]
    own = block_coefficients(grey, wanted)
    assert own.shape == (3, 5, 7)
    for k, (down, across) in enumerate(wanted):
        assert own[k] == pytest.approx(peer[..., down, across], abs=1e-2)


@pytest.mark.parametrize("quality", [0, 101, 90.0, float("nan"), True, None, "90"])
def test_a_quality_that_is_none_is_refused(picture, quality):
    with pytest.raises(ValueError, match="quality must be a whole number from 1 to 100; got"):
        forensics.save_as_jpeg(picture, quality)


def test_pictures_that_jpeg_cannot_hold_are_refused():
    with pytest.raises(ValueError, match=r"H, W <= 65500.* got \(1, 65501, 3\)"):
        forensics.save_as_jpeg(np.zeros((1, 65501, 3), np.uint8))
    with pytest.raises(ValueError, match="uint8 RGB"):
        forensics.save_as_jpeg(np.zeros((8, 8, 3)))


@pytest.mark.parametrize("origin", [(8, 0), (0, -1), (0,), [0, 0], 3, (0.0, 0), (float("nan"), 0)])
def test_an_origin_that_is_none_is_refused(origin):
    with pytest.raises(ValueError, match="origin must be"):
        require_origin(origin)


def test_numbers_of_numpy_are_whole_numbers_too(picture):
    assert (forensics.save_as_jpeg(picture, np.int64(80)) == forensics.save_as_jpeg(picture, 80)).all()
    assert require_origin((np.uint8(3), 5)) == (3, 5)
