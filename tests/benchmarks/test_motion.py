"""Flow from one picture of 1280 x 720 to the next, and flicker over a few: how long they take."""

from __future__ import annotations

import numpy as np
import pytest

from course import forensics


@pytest.fixture(scope="module")
def clip(mosaic):
    """The picture, and three more that slide 3 pixels to the right and 2 up from one to the next."""
    return np.stack([np.roll(mosaic, (-2 * t, 3 * t), axis=(0, 1)) for t in range(4)])


@pytest.mark.parametrize("side", [None, 640, 320])
def test_flow_of_a_pair(benchmark, clip, side):
    result = benchmark(forensics.optical_flow, clip[:2], side)
    assert np.median(result.flow, axis=(0, 1, 2)) == pytest.approx((3, -2), abs=0.4)


def test_flicker_of_four_frames(benchmark, clip):
    result = benchmark(forensics.flicker, clip, fps=24)
    assert result.curve.shape == (3,)
