"""The picture that all measurements are timed on."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from course import media


@pytest.fixture(scope="session")
def mosaic() -> NDArray[np.uint8]:
    """Photographs of the pack side by side, 720 x 1280 pixels, cut and not resized."""
    stills = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"]
    # A mosaic of squares of 240 pixels: six across (the last is cut) and three down.
    squares = [media.load(item).pixels[72:312, 72:312] for item in stills[:18]]
    rows = [np.concatenate(squares[first : first + 6], axis=1)[:, :1280] for first in (0, 6, 12)]
    whole = np.ascontiguousarray(np.concatenate(rows))
    whole.flags.writeable = False
    return whole
