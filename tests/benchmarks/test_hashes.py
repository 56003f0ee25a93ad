"""The hash of a picture of 1280 x 720: how long it takes, and how long a peer takes for the like."""

from __future__ import annotations

import pytest
from PIL import Image

from course import forensics


def test_hash(benchmark, mosaic):
    assert len(benchmark(forensics.perceptual_hash, mosaic).hex) == 16


def test_hash_against_imagehash(against, mosaic):
    peer = pytest.importorskip("imagehash")
    ratio = against(
        lambda: forensics.perceptual_hash(mosaic),
        lambda: peer.phash(Image.fromarray(mosaic)),
        turns=11,
        each=1,
        wanted=3,
    )
    assert ratio >= 3
