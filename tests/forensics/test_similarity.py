from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics, media

C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def by_hand(a, b):
    """SSIM of two grey pictures of 11 x 11 at the middle pixel, straight from the paper."""
    offset = np.arange(-5, 6)
    bell = np.exp(-(offset**2) / (2 * 1.5**2))
    weights = np.outer(bell, bell) / bell.sum() ** 2
    mean_a, mean_b = (weights * a).sum(), (weights * b).sum()
    variance_a, variance_b = (weights * (a - mean_a) ** 2).sum(), (weights * (b - mean_b) ** 2).sum()
    covariance = (weights * (a - mean_a) * (b - mean_b)).sum()
    likeness = (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
    return likeness * (2 * covariance + C2) / (variance_a + variance_b + C2)


def grey(levels):
    return np.asarray(levels).astype(np.uint8)[..., None].repeat(3, axis=2)


def test_the_middle_of_one_window_by_hand():
    a, b = np.random.default_rng(3).integers(0, 256, (2, 11, 11))
    result = forensics.structural_similarity(grey(a), grey(b))
    assert result.value == pytest.approx(by_hand(a, b), abs=1e-4)
    assert result.map[5, 5] == pytest.approx(result.value)


def test_a_window_in_the_second_strip_by_hand(picture):
    other = forensics.save_as_jpeg(picture, 30)
    result = forensics.structural_similarity(picture, other)
    a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(float) for p in (picture, other))
    for y, x in [(63, 100), (64, 100), (65, 7), (130, 300)]:
        window = np.s_[y - 5 : y + 6, x - 5 : x + 6]
        assert result.map[y, x] == pytest.approx(by_hand(a[window], b[window]), abs=1e-3)


def test_a_picture_is_like_itself_and_nothing_else_is_more_so(picture):
    same = forensics.structural_similarity(picture, picture)
    assert same.value == pytest.approx(1, abs=1e-5)
    assert same.map.shape == picture.shape[:2]
    assert same.map.dtype == np.float32
    values = [forensics.structural_similarity(picture, forensics.save_as_jpeg(picture, q)).value for q in (10, 40, 90)]
    assert values == sorted(values)
    assert values[-1] < 1


def test_order_mirrors_and_turns_do_not_matter(picture):
    other = forensics.save_as_jpeg(picture, 30)
    value = forensics.structural_similarity(picture, other).value
    assert forensics.structural_similarity(other, picture).value == pytest.approx(value, abs=1e-6)
    mirrored = (np.ascontiguousarray(p[:, ::-1]) for p in (picture, other))
    assert forensics.structural_similarity(*mirrored).value == pytest.approx(value, abs=1e-5)
    turned = (np.ascontiguousarray(np.rot90(p)) for p in (picture, other))
    assert forensics.structural_similarity(*turned).value == pytest.approx(value, abs=1e-5)


def test_a_shift_that_no_one_sees_counts_more_than_a_bad_saving():
    # On purpose: three pixels to the right, against JPEG at quality 10.
    pixels = media.load(media.catalogue()["rocky-brook"]).pixels
    shifted = forensics.structural_similarity(pixels, np.roll(pixels, 3, axis=1)).value
    saved = forensics.structural_similarity(pixels, forensics.save_as_jpeg(pixels, 10)).value
    assert shifted < saved


def test_constant_pictures_have_an_answer():
    black, white = (np.full((40, 40, 3), level, dtype=np.uint8) for level in (0, 255))
    assert forensics.structural_similarity(black, black).value == pytest.approx(1)
    assert forensics.structural_similarity(black, white).value == pytest.approx(C1 / (255**2 + C1), rel=1e-3)


@pytest.mark.parametrize("shapes", [((8, 8, 3), (8, 8, 3)), ((20, 20, 3), (20, 21, 3)), ((10, 500, 3), (10, 500, 3))])
def test_wrong_sizes_are_refused(shapes):
    a, b = (np.zeros(shape, np.uint8) for shape in shapes)
    with pytest.raises(ValueError, match=r"a and b must be of one shape \(H, W, 3\) with H, W >= 11; got"):
        forensics.structural_similarity(a, b)


def test_wrong_types_are_refused():
    with pytest.raises(ValueError, match="pixels must be uint8 RGB"):
        forensics.structural_similarity(np.zeros((20, 20, 3), np.uint8), np.zeros((20, 20, 3)))


def test_agreement_with_scikit_image(picture):
    metrics = pytest.importorskip("skimage.metrics")
    for other in (forensics.save_as_jpeg(picture, 20), 255 - picture, np.roll(picture, 2, axis=1)):
        a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in (picture, other))
        theirs, full = metrics.structural_similarity(
            a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255, full=True
        )
        ours = forensics.structural_similarity(picture, other)
        assert ours.value == pytest.approx(theirs, abs=1e-3)
        assert np.abs(ours.map - full).max() < 5e-3
