from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from course import media


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


@pytest.fixture(scope="session")
def photographs() -> list[NDArray[np.uint8]]:
    """Twelve photographs of the pack, 384 x 384, enlarged a little, so that no saving has left its grid in them."""
    stills = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"]
    cut = [media.load(item).pixels[20:340, 20:340] for item in stills[::6][:12]]
    return [cv2.resize(pixels, (384, 384), interpolation=cv2.INTER_CUBIC) for pixels in cut]


@pytest.fixture(scope="session")
def halved() -> list[NDArray[np.uint8]]:
    """Twenty-four photographs of the pack at half their size, 192 x 192: pixels that no one has enlarged or saved."""
    stills = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"]
    return [cv2.resize(media.load(i).pixels, (192, 192), interpolation=cv2.INTER_AREA) for i in stills[::3][:24]]
