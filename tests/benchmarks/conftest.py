"""The picture that all measurements are timed on, and how they are timed against another package."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from course import media

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "scipy",
    "imagehash",
    "scikit-image",
    "invisible-watermark",
    "blind-watermark",
)


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:
    """Write down what was compared; None stands for a package that is not installed."""
    machine_info["packages"] = {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


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


@pytest.fixture
def against(benchmark) -> Callable[..., float]:
    """Time a measurement and a peer in turns, and say how many times as long the peer takes, by medians."""

    def compare(own: Callable[[], Any], peer: Callable[[], Any], *, turns: int, wanted: float, each: int = 5) -> float:
        """Let the peer run `turns` times, and the measurement `each` times after it, so that a busy machine hits both.

        What comes out is also written beside the benchmark, for the table of the documentation.
        """
        others = []

        def before() -> None:
            if before.calls % each == 0:
                start = perf_counter()
                peer()
                others.append(perf_counter() - start)
            before.calls += 1

        before.calls = 0
        own()
        benchmark.pedantic(own, setup=before, rounds=turns * each)
        own_median, peer_median = benchmark.stats.stats.median, float(np.median(others))
        ratio = peer_median / own_median
        benchmark.extra_info.update(peer_median=peer_median, ratio=ratio, wanted=wanted)
        print(f"\n{peer_median * 1e3:.1f} ms against {own_median * 1e3:.1f} ms: {ratio:.1f} times as long")
        return ratio

    return compare
