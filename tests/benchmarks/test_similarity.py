"""Two pictures of 1280 x 720 compared: how long it takes, and how long a peer takes for the same."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import cv2
import pytest

from course import forensics


@pytest.fixture(scope="module")
def saved(mosaic):
    return forensics.save_as_jpeg(mosaic, 50)


def test_compare(benchmark, mosaic, saved):
    assert 0 < benchmark(forensics.structural_similarity, mosaic, saved).value < 1


def test_compare_against_scikit_image(mosaic, saved):
    peer = pytest.importorskip("skimage.metrics").structural_similarity
    a, b = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in (mosaic, saved))
    settings = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    own, others = [], []
    forensics.structural_similarity(mosaic, saved)
    for _ in range(7):
        others.append(seconds(lambda: peer(a, b, full=True, **settings)))
        own.extend(seconds(lambda: forensics.structural_similarity(mosaic, saved)) for _ in range(5))
    times = median(others) / median(own)
    print(f"\n{median(others) * 1e3:.0f} ms against {median(own) * 1e3:.0f} ms: {times:.1f} times as long")
    assert times >= 5


def seconds(call):
    start = perf_counter()
    call()
    return perf_counter() - start
