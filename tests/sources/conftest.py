"""A web of two sites and six pages, with a hostile page, for what the real web must not contain."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from course.sources import Web

FIXTURE = Path(__file__).parent / "fixture"


def load(item: str, frame: int) -> NDArray[np.uint8]:
    """Random tiles, other ones for each item and frame."""
    tiles = np.random.default_rng([len(item), ord(item[0]), frame]).integers(0, 256, (14, 18, 3), dtype=np.uint8)
    return tiles.repeat(20, 0).repeat(20, 1)


@pytest.fixture(scope="session")
def small() -> Web:
    return Web(FIXTURE, load)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small web, to be damaged."""
    return Path(shutil.copytree(FIXTURE, tmp_path / "web"))
