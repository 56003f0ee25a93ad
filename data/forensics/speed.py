"""Time every measurement on one large picture, beside other packages, and write down how long each takes.

    uv run --group peers python data/forensics/speed.py     # runs tests/benchmarks, writes docs/speed.md: two minutes
    uv run python data/forensics/speed.py --from FILE.json  # writes it from what pytest --benchmark-json=FILE.json left

It needs a machine with nothing else to do. Without the group ``peers`` the comparisons are missing, and the page says
so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "speed.md"

SLIDER = 50.0  # ms: what a measurement may take so that a picture follows a slider
SEARCH = 400.0  # ms: the search for copies

# Its licence keeps sherloq out of the run; what its search for copies took on two cores when it was measured once, ms.
SHERLOQ, SHERLOQ_WANTED = 2992.0, 7
SHERLOQ_BESIDE = "test_copies.py::test_search_and_find"


class Timed(NamedTuple):
    """What a benchmark measures: which function, how it is asked, and how long it may take in ms."""

    name: str
    how: str = ""
    budget: float | None = None


class Compared(NamedTuple):
    """What a benchmark compares with; `package` is what one would install, None if it is our own."""

    name: str
    peer: str
    package: str | None


# Each benchmark by its file and name.
TIMED: dict[str, Timed] = {
    "test_compression.py::test_error_level_analysis": Timed("error_level_analysis", "", SLIDER),
    "test_compression.py::test_jpeg_ghosts": Timed("jpeg_ghosts", "nine qualities"),
    "test_grid.py::test_blocking_grid": Timed("blocking_grid", "", SLIDER),
    "test_zero.py::test_zero_grid": Timed("zero_grid"),
    "test_zero.py::test_zero_grid_after_a_change_of_size": Timed("zero_grid", "after a change of size"),
    "test_quantisation.py::test_double_quantisation": Timed("double_quantisation"),
    "test_noise.py::test_noise_map": Timed("noise_map", "", SLIDER),
    "test_noise.py::test_residual[median]": Timed("noise_residual", "median", SLIDER),
    "test_noise.py::test_residual[wavelet]": Timed("noise_residual", "wavelet"),
    "test_noise.py::test_sensor_pattern_of_four_pictures": Timed("sensor_pattern", "four pictures"),
    "test_noise.py::test_peak_to_correlation_energy": Timed("peak_to_correlation_energy"),
    "test_spectrum.py::test_radial_power_spectrum": Timed("radial_power_spectrum", "", SLIDER),
    "test_spectrum.py::test_spectrum_peaks": Timed("spectrum_peaks", "", SLIDER),
    "test_resampling.py::test_resampling_map": Timed("resampling_map", "", SLIDER),
    "test_colour.py::test_chromatic_aberration": Timed("chromatic_aberration"),
    "test_colour.py::test_colour_filter_array": Timed("colour_filter_array"),
    "test_copies.py::test_search_in_vain": Timed("find_copies", "nothing to find", SEARCH),
    "test_copies.py::test_search_and_find": Timed("find_copies", "one copy", SEARCH),
    "test_hashes.py::test_hash": Timed("perceptual_hash", "", SLIDER),
    "test_similarity.py::test_compare": Timed("structural_similarity"),
    "test_marks.py::test_embed": Timed("embed_mark", "32 bits", SLIDER),
    "test_marks.py::test_read[none]": Timed("read_mark", '`search="none"`', SLIDER),
    "test_marks.py::test_read[shift]": Timed("read_mark", '`search="shift"`'),
    "test_marks.py::test_read_at_half_size": Timed("read_mark", '`search="size"`, at half size'),
    "test_marks.py::test_search_in_vain": Timed("read_mark", '`search="size"`, no mark'),
    "test_motion.py::test_flow_of_a_pair[None]": Timed("optical_flow", "two frames, `side=None`"),
    "test_motion.py::test_flow_of_a_pair[640]": Timed("optical_flow", "two frames", SLIDER),
    "test_motion.py::test_flow_of_a_pair[320]": Timed("optical_flow", "two frames, `side=320`", SLIDER),
    "test_motion.py::test_flicker_of_four_frames": Timed("flicker", "four frames"),
    "test_meeting.py::test_light_from_shadows[3]": Timed("light_from_shadows", "3 shadows"),
    "test_meeting.py::test_light_from_shadows[8]": Timed("light_from_shadows", "8 shadows"),
    "test_meeting.py::test_light_from_shadows[40]": Timed("light_from_shadows", "40 shadows"),
    "test_diffusion.py::test_one_sample": Timed("diffusion.sample", "a picture of 32 x 32, 25 steps", 1000.0),
    "test_diffusion.py::test_sixteen_samples": Timed("diffusion.sample", "sixteen of them", 6000.0),
}
COMPARED: dict[str, Compared] = {
    "test_compression.py::test_ghosts_against_nine_error_levels": Compared(
        "jpeg_ghosts", "nine times `error_level_analysis`", None
    ),
    "test_hashes.py::test_hash_against_imagehash": Compared("perceptual_hash", "`phash`", "imagehash"),
    "test_similarity.py::test_compare_against_scikit_image": Compared(
        "structural_similarity", "`structural_similarity`", "scikit-image"
    ),
    "test_marks.py::test_embed_against_dwtdct": Compared("embed_mark", "`dwtDct`", "invisible-watermark"),
    "test_marks.py::test_embed_against_blind_watermark": Compared("embed_mark", "`WaterMark`", "blind-watermark"),
}

INTRODUCTION = """\
# How long the measurements take

Each on one picture of 1280 x 720 pixels, a mosaic of photographs of the pack, from the array to the answer. Half of
the calls took no longer than the median, and 95 in 100 no longer than the next number. Where a picture is to follow a
slider, a measurement may take 50 ms, and the search for copies 400. `diffusion.sample` makes its small pictures out of
noise. Trust what stands side by side more than the milliseconds: another machine has others.

This page is written by `uv run --group peers python data/forensics/speed.py`; please do not edit it by hand.
"""

BESIDE = """\
Both in one run and in turns, so that a busy moment hits both. sherloq's licence keeps it out of the run: its search
for copies was measured once, on two cores.
"""


def table(run: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    run : mapping
        What pytest-benchmark writes as JSON, with the versions that ``tests/benchmarks/conftest.py`` adds.

    Returns
    -------
    str
        Markdown. A benchmark that no table here knows stands under its own name; one that was not run is left out,
        and where that is because a peer is missing, the page says so.
    """
    benchmarks = {entry["fullname"].rpartition("/")[2]: entry for entry in run["benchmarks"]}
    versions = run["machine_info"]["packages"]
    lines = [INTRODUCTION, _machine(run), "", "## Each by itself", ""]
    lines += ["| measurement | how | median, ms | 95 in 100, ms | budget, ms | calls |", "|---|---|---|---|---|---|"]
    known = {name: timed for name, timed in TIMED.items() if name in benchmarks}
    known |= {name: Timed(_own_name(name)) for name in benchmarks if name not in TIMED and name not in COMPARED}
    for name, timed in known.items():
        stats = benchmarks[name]["stats"]
        median, slow = 1e3 * stats["median"], 1e3 * float(np.percentile(stats["data"], 95))
        budget = "" if timed.budget is None else f"{timed.budget:.0f}, {_verdict(median <= timed.budget)}"
        lines.append(f"| `{timed.name}` | {timed.how} | {_ms(median)} | {_ms(slow)} | {budget} | {stats['rounds']} |")
    lines += ["", "## Beside others", "", BESIDE]
    lines += ["| measurement | beside | ms | the other, ms | times as long | wanted |", "|---|---|---|---|---|---|"]
    for name, compared in COMPARED.items():
        version = versions.get(compared.package)
        beside = compared.peer if compared.package is None else f"{compared.peer} of {compared.package}"
        if name in benchmarks:
            extra = benchmarks[name]["extra_info"]
            beside += f" {version}" if version else ""
            own, other = 1e3 * benchmarks[name]["stats"]["median"], 1e3 * extra["peer_median"]
            lines.append(_beside(compared.name, beside, own, other, extra["wanted"]))
        else:
            why = "not installed" if compared.package and version is None else "not run"
            lines.append(f"| `{compared.name}` | {beside} | {why} | | | |")
    if SHERLOQ_BESIDE in benchmarks:
        own = 1e3 * benchmarks[SHERLOQ_BESIDE]["stats"]["median"]
        lines.append(_beside("find_copies", "sherloq, not in this run", own, SHERLOQ, SHERLOQ_WANTED))
    return "\n".join(lines) + "\n"


def _beside(name: str, beside: str, own: float, other: float, wanted: float) -> str:
    verdict = _verdict(other / own >= wanted)
    return f"| `{name}` | {beside} | {_ms(own)} | {_ms(other)} | {other / own:.1f} | {wanted}, {verdict} |"


def _machine(run: Mapping[str, Any]) -> str:
    info = run["machine_info"]
    cpu, versions = info["cpu"], info["packages"]
    date = datetime.fromisoformat(run["datetime"]).date()
    return (
        f"Measured on {date}: {cpu.get('brand_raw', info['machine'])}, {cpu['count']} cores, {info['system']}; "
        f"Python {info['python_version']}, numpy {versions['numpy']}, OpenCV {versions['opencv-python-headless']}."
    )


def _own_name(name: str) -> str:
    return name.rpartition("::test_")[2]


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def _run() -> tuple[dict[str, Any], int]:
    """Run the benchmarks; answer with what they wrote and whether a test failed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.json"
        command = [sys.executable, "-m", "pytest", "tests/benchmarks", f"--benchmark-json={file}"]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        return json.loads(file.read_text(encoding="utf-8")), code


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Time the measurements and write down how long each takes.")
    parser.add_argument("--from", dest="file", type=Path, help="what pytest --benchmark-json=FILE.json left")
    file = parser.parse_args().file
    run, code = (json.loads(file.read_text(encoding="utf-8")), 0) if file else _run()
    PAGE.write_text(table(run), encoding="utf-8", newline="\n")
    print(f"Written: {PAGE}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
