"""Measure every picture of the pack that can be judged blind, once, so that lessons need not.

    uv run python data/forensics/measure.py          # writes null.json, regions.json and docs/measured.md: some minutes
    uv run python data/forensics/measure.py --check  # compares null.json with the pack, measures nothing

``null.json`` holds, for each measurement, its value on every camera item (``values``), which is where a single
value is placed, and on every generated one (``generated``). Stills are measured as they are, clips over all frames,
each with the parameters that the function has by default. ``of`` names the pack that was measured. ``regions.json``
holds how well each map finds the changed part of each controlled pair.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from course import forensics, judgement, media
from course.media.catalogue import data_folder

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "measured.md"

Measure = Callable[[Any], tuple[float, str]]


def _of(function: Callable[..., Any]) -> Measure:
    def measure(still: media.Still) -> tuple[float, str]:
        result = function(still.pixels)
        return result.value, result.unit

    return measure


def _number(function: Callable[..., float], unit: str) -> Measure:
    return lambda still: (float(function(still.pixels)), unit)


def _flow(clip: media.Clip) -> tuple[float, str]:
    result = forensics.optical_flow(clip.frames)
    return result.value, result.unit


def _speed(clip: media.Clip) -> tuple[float, str]:
    return float(np.median(forensics.optical_flow(clip.frames).speed)), "px a frame"


def _flicker(clip: media.Clip) -> tuple[float, str]:
    # As lesson 3 measures it: in the places that the flow finds at rest.
    result = forensics.flicker(clip.frames, forensics.optical_flow(clip.frames).flow)
    return result.value, result.unit


def _over_time(function: Callable[..., Any]) -> Measure:
    def measure(clip: media.Clip) -> tuple[float, str]:
        result = function(clip.frames)
        return result.value, result.unit

    return measure


def _second_order(clip: media.Clip) -> tuple[float, str]:
    result = forensics.second_order_motion(clip.frames, clip.fps)
    return result.value, result.unit


STILLS: dict[str, Measure] = {
    function.__name__: _of(function)
    for function in (
        forensics.error_level_analysis,
        forensics.jpeg_ghosts,
        forensics.blocking_grid,
        forensics.zero_grid,
        forensics.double_quantisation,
        forensics.noise_map,
        forensics.noise_residual,
        forensics.radial_power_spectrum,
        forensics.spectrum_peaks,
        forensics.resampling_map,
        forensics.find_copies,
        forensics.chromatic_aberration,
        forensics.colour_filter_array,
    )
} | {
    "mean_luma": _number(forensics.mean_luma, "grey levels"),
    "saturation": _number(forensics.saturation, "share of full colour"),
    "high_frequency_share": _number(forensics.high_frequency_share, "share of power"),
    "sharpness": _number(forensics.sharpness, "grey levels"),
    "blockiness": _number(forensics.blockiness, "times as much"),
    "noise_level": _number(forensics.noise_level, "grey levels"),
    "corner_text": _number(forensics.corner_text, "times as much"),
}
CLIPS: dict[str, Measure] = {
    "optical_flow": _flow,
    "speed": _speed,
    "flicker": _flicker,
    "second_order_motion": _second_order,
    "sharpness_over_time": _over_time(forensics.sharpness_over_time),
    "drift": _over_time(forensics.drift),
}


# Maps in which a changed region might stand out, each as one number a pixel, larger where the map says "here".
MAPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "error_level_analysis, quality 90": lambda pixels: np.abs(forensics.error_level_analysis(pixels).map).mean(axis=2),
    "error_level_analysis, quality 75": lambda pixels: np.abs(
        forensics.error_level_analysis(pixels, quality=75).map
    ).mean(axis=2),
    "jpeg_ghosts": lambda pixels: (forensics.jpeg_ghosts(pixels).earlier > 0).astype(np.float32),
    "double_quantisation": lambda pixels: -forensics.double_quantisation(pixels).map,
    "noise_map": lambda pixels: forensics.noise_map(pixels).map,
    "noise_residual": lambda pixels: np.abs(forensics.noise_residual(pixels).map),
    "resampling_map": lambda pixels: forensics.resampling_map(pixels).map,
    "find_copies": lambda pixels: forensics.find_copies(pixels).map,
}


def found(pair: media.Controlled) -> dict[str, float]:
    """Ask of each map how well it finds the changed region: the AUC over pixels, inside the mask against outside."""
    import cv2
    from scipy.stats import mannwhitneyu

    changed = media.load_controlled(pair)
    height, width = changed.mask.shape
    areas = {}
    for name, draw in MAPS.items():
        drawn = np.asarray(draw(changed.after), dtype=np.float32)
        full = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_NEAREST)
        inside, outside = full[changed.mask], full[~changed.mask]
        areas[name] = round(float(mannwhitneyu(inside, outside).statistic / (inside.size * outside.size)), 2)
    return areas


def pack(items: Iterable[media.Item]) -> str:
    """Name a set of items by what is in their files."""
    return hashlib.sha256("".join(sorted(item.sha256 for item in items)).encode()).hexdigest()[:16]


def measure(kind: str, measures: dict[str, Measure]) -> dict[str, dict[str, Any]]:
    """Measure all items of one kind."""
    items = media.catalogue(data_folder()).where(kind=kind, purpose="parity")

    def one(item: media.Item) -> dict[str, tuple[float, str]]:
        picture = media.load(item)
        return {name: function(picture) for name, function in measures.items()}

    with ThreadPoolExecutor(2) as two:
        results = dict(zip(items, two.map(one, items), strict=True))
    of = pack(items)
    return {
        name: {
            "unit": next(iter(results.values()))[name][1],
            "kind": kind,
            "of": of,
            "values": _values(results, name, "camera"),
            "generated": _values(results, name, "generated"),
        }
        for name in measures
    }


def _values(results: dict[media.Item, dict[str, tuple[float, str]]], name: str, origin: str) -> dict[str, float]:
    # Five digits: the last ones differ from machine to machine.
    return {item.id: float(f"{result[name][0]:.5g}") for item, result in results.items() if item.origin == origin}


def page(entries: dict[str, dict[str, Any]], pairs: dict[str, dict[str, float]]) -> str:
    """Write the table of what each number tells, the bad ones included."""
    lines = [
        "# What the measurements tell apart",
        "",
        "Each measurement of the forensics room on every picture of the pack that can be judged blind, camera",
        "against generated. AUC is the share of pairs in which the generated picture has the larger value: 0.5 is a",
        "coin, 1 and 0 are perfect. Where the 95 % interval holds 0.5, nothing was found. All pictures passed one",
        "pipeline, so this says little about files fresh from a camera, and nothing about a single picture.",
        "",
        "This page is written by `uv run python data/forensics/measure.py`; please do not edit it by hand.",
        "",
    ]
    for kind, title in (("still", "Stills"), ("clip", "Clips")):
        chosen = {name: entry for name, entry in entries.items() if entry["kind"] == kind}
        first = next(iter(chosen.values()))
        lines += [f"## {title}: {len(first['values'])} camera, {len(first['generated'])} generated", ""]
        lines += ["| measurement | unit | camera: 5 %, median, 95 % | generated: median | AUC | 95 % interval |"]
        lines += ["|---|---|---|---|---|---|"]
        for name, entry in sorted(chosen.items()):
            camera, generated = (list(entry[side].values()) for side in ("values", "generated"))
            low, middle, high = np.percentile(camera, [5, 50, 95])
            area = judgement.auc(generated, camera)
            lines.append(
                f"| `{name}` | {entry['unit']} | {low:.3g}, {middle:.3g}, {high:.3g} | {np.median(generated):.3g} "
                f"| {area.value:.2f} | {area.low:.2f} to {area.high:.2f} |"
            )
        lines.append("")
    shown = media.controlled()
    lines += [
        "## Changed regions",
        "",
        "The controlled pairs in which a known step changed a part of the picture. For each map: the share of pairs",
        "of pixels, one inside the changed region and one outside, in which the one inside has the larger value.",
        "Below 0.5 the map points elsewhere. Pixels of one picture are not independent, so no interval is given.",
        "",
        "| map | " + " | ".join(f"`{name}`: {shown[name].step}" for name in pairs) + " |",
        "|---|" + "---|" * len(pairs),
    ]
    lines += [f"| {name} | " + " | ".join(f"{areas[name]:.2f}" for areas in pairs.values()) + " |" for name in MAPS]
    return "\n".join(lines).rstrip() + "\n"


def changed_parts() -> dict[str, dict[str, float]]:
    """Run all maps on all controlled pairs of which only a part was changed."""
    return {name: found(pair) for name, pair in sorted(media.controlled().items()) if not pair.whole}


def check(entries: dict[str, dict[str, Any]]) -> list[str]:
    """Name the measurements that were not made on the pack as it is."""
    shipped = media.catalogue(data_folder())
    wrong = [name for name in (*STILLS, *CLIPS) if name not in entries]
    for name, entry in entries.items():
        if entry["of"] != pack(shipped.where(kind=entry["kind"], purpose="parity")):
            wrong.append(name)
    return wrong


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure the pack.")
    parser.add_argument("--check", action="store_true", help="compare null.json with the pack, measure nothing")
    options = parser.parse_args()
    path = HERE / "null.json"
    if options.check:
        wrong = check(json.loads(path.read_text(encoding="utf-8")))
        print(f"Measured on another pack: {', '.join(wrong)}." if wrong else "null.json is of this pack.")
        return 1 if wrong else 0
    entries = measure("still", STILLS) | measure("clip", CLIPS)
    path.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    pairs = changed_parts()
    regions = HERE / "regions.json"
    regions.write_text(json.dumps(pairs, indent=1) + "\n", encoding="utf-8", newline="\n")
    PAGE.write_text(page(entries, pairs), encoding="utf-8", newline="\n")
    print(f"Written: {path}, {regions}\nWritten: {PAGE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
