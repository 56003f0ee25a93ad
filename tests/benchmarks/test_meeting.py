"""Where marked lines meet: worked out anew after each mark that a person moves."""

from __future__ import annotations

import numpy as np
import pytest

from course import forensics


@pytest.mark.parametrize("count", [3, 8, 40])
def test_light_from_shadows(benchmark, count):
    rng = np.random.default_rng(count)
    shadows = rng.uniform((0, 300), (1280, 720), (count, 2))
    objects = shadows + 0.2 * ((300, -200) - shadows)
    pairs = np.stack([objects, shadows], axis=1) + rng.normal(0, 2, (count, 2, 2))
    result = benchmark(forensics.light_from_shadows, pairs)
    assert result.value < 2
