"""Measure what the denoiser makes, and write the figures into its card.

    uv run python data/models/denoiser/measure.py    # six minutes; needs the crops of crops.py

It makes a hundred pictures of each label, compares them with squares that were held back, looks for the nearest
squares that were learned from, times the model, and draws two sheets. Everything goes into ``README.md`` between its
two marks, and into ``made.png`` and ``nearest.png``.
"""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from rich.progress import track
from scipy.linalg import sqrtm

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from crops import WORK  # noqa: E402

from course.diffusion import LABELS, SIDE, sample  # noqa: E402

EACH = 100  # pictures of a label
FIRST_SEED = 10_000  # beyond any seed that a lesson uses
MARK = "<!-- figures: written by measure.py -->"
OPPONENT = np.array([[1, 1, 1], [1, -1, 0], [0.5, 0.5, -1]], dtype=np.float32).T / 3


def features(pictures: np.ndarray) -> np.ndarray:
    """Describe squares by their colours and by how strong their detail is, coarse to fine.

    In each of three opponent colours (brightness, red against green, yellow against blue): mean, deviation, and the
    logarithm of the energy of the Haar wavelets at four scales in three directions. 42 numbers.

    Parameters
    ----------
    pictures : (n, SIDE, SIDE, 3) uint8

    Returns
    -------
    (n, 42) float64
    """
    now = pictures.astype(np.float32) / 255 @ OPPONENT
    found = [now.mean(axis=(1, 2)), now.std(axis=(1, 2))]
    while now.shape[1] > 2:
        a, b, c, d = (now[:, y::2, x::2] for y in (0, 1) for x in (0, 1))
        for detail in (a + b - c - d, a - b + c - d, a - b - c + d):
            found.append(np.log(np.mean(detail**2, axis=(1, 2)) + 1e-6))
        now = (a + b + c + d) / 4
    return np.concatenate(found, axis=1).astype(np.float64)


def distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return the Fréchet distance between two clouds of features (Dowson and Landau, 1982), as FID takes it."""
    means = first.mean(axis=0) - second.mean(axis=0)
    spreads = np.cov(first.T), np.cov(second.T)
    root = sqrtm(spreads[0] @ spreads[1])
    return float(means @ means + np.trace(spreads[0] + spreads[1] - 2 * root.real))


def nearest(pictures: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each picture, the nearest of the known ones or of their mirror images, and how far it is.

    The distance is the root of the mean square difference, in grey levels.
    """
    both = np.concatenate([known, known[:, :, ::-1]]).reshape(2 * len(known), -1).astype(np.float32)
    squares = (both**2).sum(axis=1)
    asked = pictures.reshape(len(pictures), -1).astype(np.float32)
    far = (asked**2).sum(axis=1)[:, None] + squares - 2 * asked @ both.T
    best = far.argmin(axis=1)
    # from the pictures again: of large sums little is left when they cancel
    gaps = np.sqrt(((asked - both[best]) ** 2).mean(axis=1))
    return both[best].reshape(-1, SIDE, SIDE, 3).astype(np.uint8), gaps


def by_label(pictures: np.ndarray, labels: np.ndarray, each: int) -> np.ndarray:
    """Return the first pictures of each label, a label after the other."""
    return np.concatenate([pictures[labels == label][:each] for label in range(len(LABELS))])


def fidelity(made: np.ndarray, learned: np.ndarray, held: np.ndarray) -> list[tuple[str, float]]:
    """Return how far several sets are from the squares that were held back, each as large as the set that was made."""
    told = features(held)
    middle, spread = told.mean(axis=0), told.std(axis=0)
    random = np.random.default_rng(0)
    compared = held[random.permutation(len(held))[: len(made)]]
    sets = {
        "held-back squares, drawn at random": compared,
        "squares that were learned from: the left four fifths of the same regions": learned,
        "**made by the model**": made,
        "held-back squares, slightly blurred (deviation 0.7 pixels)": np.stack(
            [cv2.GaussianBlur(one, (0, 0), 0.7) for one in compared]
        ),
        "held-back squares with a little noise (deviation 8 grey levels)": np.clip(
            compared + random.normal(0, 8, compared.shape), 0, 255
        ).astype(np.uint8),
        "noise alone": random.integers(0, 256, made.shape, dtype=np.uint8),
    }
    return [(name, distance((features(one) - middle) / spread, (told - middle) / spread)) for name, one in sets.items()]


def sheet(pictures: np.ndarray, columns: int, zoom: int) -> Image.Image:
    """Draw pictures in rows, enlarged, a white line between them."""
    padded = np.pad(pictures, ((0, 0), (0, 1), (0, 1), (0, 0)), constant_values=255)
    rows = [np.concatenate(list(padded[at : at + columns]), axis=1) for at in range(0, len(padded), columns)]
    return Image.fromarray(np.concatenate(rows).repeat(zoom, axis=0).repeat(zoom, axis=1))


def speed() -> tuple[float, float]:
    """Return seconds for one picture, the median of nine, and for sixteen."""
    times = []
    for seed in range(9):
        began = time.perf_counter()
        sample(seed, LABELS[seed % len(LABELS)])
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    for seed in range(16):
        sample(seed, LABELS[seed % len(LABELS)])
    return float(np.median(times)), time.perf_counter() - began


def main() -> int:
    crops = np.load(WORK / "crops.npz")
    one, sixteen = speed()
    wanted = [(FIRST_SEED + number, label) for label in LABELS for number in range(EACH)]
    made = np.stack([sample(*each).picture for each in track(wanted, "making")])
    learned, learned_labels = crops["train"], crops["train_labels"]
    held, held_labels = crops["held"], crops["held_labels"]
    rows = fidelity(made, by_label(learned, learned_labels, EACH), held)
    neighbours, gaps = nearest(made, learned)
    _, usual = nearest(by_label(held, held_labels, EACH), learned)
    near = int(np.sum(gaps < np.percentile(usual, 1)))
    closest = np.argsort(gaps)[:12]
    sheet(np.concatenate([made[closest], neighbours[closest]]), 12, 3).save(HERE / "nearest.png", optimize=True)
    some = [number + EACH * label for number in range(13) for label in range(len(LABELS))][:64]
    sheet(made[some], 16, 3).save(HERE / "made.png", optimize=True)

    table = "\n".join(f"| {name} | {value:.2f} |" for name, value in rows)
    text = f"""{MARK}

**How far from what a camera took.** Fréchet distance to the {len(held):,} squares that were held back, in the space
of 42 numbers that `features` in `measure.py` describes, each in units of its spread; {len(made)} squares in each set,
seeds {FIRST_SEED} to {FIRST_SEED + EACH - 1} for each label. It is no FID of the literature, which uses a network
trained on photographs of a thousand kinds of things: compare within this table only. It minds noise more than blur.

| set | distance |
|---|---|
{table}

**Does it copy?** The nearest of the {len(learned):,} squares it learned from, mirrored ones as well, is
{np.median(gaps):.1f} grey levels away (root mean square; median of {len(made)} made squares, the nearest of all
{gaps.min():.1f}). For squares of the same photographs that were held back it is {np.median(usual):.1f}, the nearest
{usual.min():.1f}. {near} of the {len(made)} made ones are nearer than 99 of 100 held-back ones are. `nearest.png`
shows the twelve nearest, above, and what they are near to, below.

**How quick.** One picture in 25 steps: {one:.2f} s (median of nine); sixteen: {sixteen:.1f} s. OpenCV {cv2.__version__}
on {platform.system()} {platform.machine()}, {cv2.getNumThreads()} threads.

{MARK}"""
    card = (HERE / "README.md").read_text(encoding="utf-8")
    before, _, after = card.split(MARK)
    (HERE / "README.md").write_text(before + text + after, encoding="utf-8", newline="\n")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
