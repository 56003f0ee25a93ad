"""Two pictures of 1280 x 720 compared: how long it takes, and how long a peer takes for the same."""

from __future__ import annotations

import cv2
import pytest

from course import forensics


@pytest.fixture(scope="module")
def saved(mosaic):
    return forensics.save_as_jpeg(mosaic, 50)


def test_compare(benchmark, mosaic, saved):
    assert 0 < benchmark(forensics.structural_similarity, mosaic, saved).value < 1


def test_compare_against_scikit_image(against, mosaic, saved):
    peer = pytest.importorskip("skimage.metrics").structural_similarity
    a, b = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in (mosaic, saved))
    settings = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    ratio = against(
        lambda: forensics.structural_similarity(mosaic, saved),
        lambda: peer(a, b, full=True, **settings),
        turns=7,
        wanted=5,
    )
    assert ratio >= 5
