from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def picture() -> NDArray[np.uint8]:
    """A textured picture, 160 x 320, with coarse and fine detail and room to 0 and 255."""
    rng = np.random.default_rng(7)
    layers = [
        cv2.resize(rng.uniform(0, 1, (160 // k, 320 // k, 3)), (320, 160), interpolation=cv2.INTER_CUBIC)
        for k in (4, 10, 32)
    ]
    mixed = sum(layers)
    scaled = (mixed - mixed.min()) / (mixed.max() - mixed.min())
    return (30 + 190 * scaled).astype(np.uint8)
