from __future__ import annotations

import numpy as np
import pytest

from course.forensics._grey import exact_luma, luma, reduced


def test_luma_by_hand():
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]]], dtype=np.uint8)
    # .299, .587 and .114 of 255, rounded; equal channels stay as they are.
    assert luma(pixels).tolist() == [[76, 150, 29, 90]]


def test_exact_luma_by_hand():
    pixels = np.array([[[255, 0, 0], [1, 2, 3], [90, 90, 90]]], dtype=np.uint8)
    assert exact_luma(pixels)[0] == pytest.approx([76.245, 1.815, 90], abs=1e-4)
    with pytest.raises(ValueError, match=r"H, W >= 2; got shape \(1, 3, 3\)"):
        exact_luma(pixels, 2)


def test_reduced_averages_areas():
    checks = np.tile(np.array([[0, 200], [200, 0]], dtype=np.uint8), (20, 30))
    small = reduced(checks, 30)
    assert small.shape == (20, 30)
    assert (small == 100).all()


@pytest.mark.parametrize(
    ("shape", "expected"), [((90, 160), (90, 160)), ((720, 1280), (180, 320)), ((1280, 4), (320, 1))]
)
def test_reduced_keeps_the_shape_of_the_picture(shape, expected):
    assert reduced(np.zeros(shape, dtype=np.uint8), 320).shape == expected


@pytest.mark.parametrize(
    ("shape", "expected"), [((1280, 40), (320, 32)), ((1280, 20), (320, 20)), ((400, 80), (320, 64))]
)
def test_reduced_keeps_a_strip_as_wide_as_is_needed_and_no_wider_than_it_was(shape, expected):
    assert reduced(np.zeros(shape, dtype=np.uint8), 320, smallest=32).shape == expected
