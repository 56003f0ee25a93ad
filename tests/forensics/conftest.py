from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from course import media

# By name, so that what a test measures does not change when the pack grows.
PHOTOGRAPHS = (
    "barista-beanie",
    "brick-lane",
    "canal-houses-dusk",
    "checked-shirt-beard",
    "croissant-board",
    "dog-blue-seat",
    "drum-beanbag",
    "espresso-spoon",
    "hanging-bird",
    "knitted-collar",
    "laughing-red-jumper",
    "marigold-petals",
    "neon-glasses",
    "old-lane-lamps",
    "party-dish",
    "phone-green-shirt",
    "red-cloud-bridge",
    "rocky-brook",
    "salt-lake-mirror",
    "sea-wide-arms",
    "spaniels-window",
    "striped-shirt-frown",
    "two-colour-wall",
    "water-crown",
)


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
    cut = [media.load(name).pixels[20:340, 20:340] for name in PHOTOGRAPHS[::2]]
    return [cv2.resize(pixels, (384, 384), interpolation=cv2.INTER_CUBIC) for pixels in cut]


@pytest.fixture(scope="session")
def halved() -> list[NDArray[np.uint8]]:
    """Twenty-four photographs of the pack at half their size, 192 x 192: pixels that no one has enlarged or saved."""
    return [cv2.resize(media.load(one).pixels, (192, 192), interpolation=cv2.INTER_AREA) for one in PHOTOGRAPHS]
