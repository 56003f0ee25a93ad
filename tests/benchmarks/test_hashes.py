"""The hash of a picture of 1280 x 720: how long it takes, and how long a peer takes for the like."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest
from PIL import Image

from course import forensics


def test_hash(benchmark, mosaic):
    assert len(benchmark(forensics.perceptual_hash, mosaic).hex) == 16


def test_hash_against_imagehash(mosaic):
    peer = pytest.importorskip("imagehash")
    own, others = [], []
    forensics.perceptual_hash(mosaic)
    for _ in range(11):
        others.append(seconds(lambda: peer.phash(Image.fromarray(mosaic))))
        own.append(seconds(lambda: forensics.perceptual_hash(mosaic)))
    times = median(others) / median(own)
    print(f"\n{median(others) * 1e3:.1f} ms against {median(own) * 1e3:.1f} ms: {times:.1f} times as long")
    assert times >= 3


def seconds(call):
    start = perf_counter()
    call()
    return perf_counter() - start
