"""How much picture and how much noise there is at a time."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from course.diffusion import TIME_FEATURES, amounts, time_features


def test_the_walk_begins_with_noise_and_ends_with_the_picture():
    assert amounts(0) == (1, 0)
    signal, noise = amounts(1)
    assert signal == pytest.approx(0, abs=1e-12) and noise == 1


@pytest.mark.parametrize("time", np.linspace(0, 1, 21))
def test_the_mixture_stays_as_strong_as_it_was(time):
    signal, noise = amounts(float(time))
    assert signal**2 + noise**2 == pytest.approx(1)


def test_the_picture_only_ever_fades():
    parts = [amounts(step / 100) for step in range(101)]
    assert all(a[0] > b[0] and a[1] < b[1] for a, b in pairwise(parts))


@pytest.mark.parametrize("time", [-0.01, 1.01, math.nan, math.inf])
def test_there_is_no_time_outside(time):
    with pytest.raises(ValueError, match="from 0 to 1"):
        amounts(time)


def test_every_time_looks_different_to_the_network():
    told = np.stack([time_features(step / 25) for step in range(26)])
    assert told.shape == (26, TIME_FEATURES) and told.dtype == np.float32
    gaps = np.linalg.norm(told[:, None] - told[None], axis=2) + 10 * np.eye(26)
    assert gaps.min() > 0.5
