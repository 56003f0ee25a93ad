"""Choose the camera crops that the sixteen squares of lesson 1 are drawn from, and write them beside the model.

    uv run python data/models/denoiser/held_back.py    # needs the crops of crops.py; writes held-back.png and .toml

It also writes the table of photographs in ``README.md``. The squares are the first of each label among the crops that
were held back, in the order in which they were cut: nobody picked them by eye.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from crops import WORK, Photograph, read_photographs  # noqa: E402

from course.diffusion import LABELS, SIDE  # noqa: E402

EACH = 40  # of a label: a sheet row
MARK = "<!-- photographs: written by held_back.py -->"


def table(photographs: list[Photograph]) -> str:
    """Return the photographs as a Markdown table."""
    lines = ["| package | file | author | licence | shows |", "|---|---|---|---|---|"]
    for one in photographs:
        shown = ", ".join(dict.fromkeys(region.label for region in one.regions))
        lines.append(
            f"| {one.package} | {one.member.removeprefix('package/')} | {one.author} | {one.licence} | {shown} |"
        )
    return "\n".join(lines)


def main() -> int:
    crops = np.load(WORK / "crops.npz")
    photographs = read_photographs()
    rows, lines = [], []
    for number, label in enumerate(LABELS):
        chosen = np.flatnonzero(crops["held_labels"] == number)[:EACH]
        rows.append(np.concatenate(list(crops["held"][chosen]), axis=1))
        sources = [photographs[index] for index in crops["held_photographs"][chosen]]
        names = ", ".join(f'"{one.package}: {one.member.removeprefix("package/")}"' for one in sources)
        lines.append(f"{label} = [{names}]")
    Image.fromarray(np.concatenate(rows)).save(HERE / "held-back.png", optimize=True)
    text = (
        f"# The squares of held-back.png, {SIDE} x {SIDE} pixels each: a row a label, {EACH} in a row.\n"
        "# From left to right: which photograph each was cut from, as package and file. Written by held_back.py.\n\n"
    )
    (HERE / "held-back.toml").write_text(text + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    card = HERE / "README.md"
    before, _, after = card.read_text(encoding="utf-8").split(MARK)
    text = f"{before}{MARK}\n\n{table(photographs)}\n\n{MARK}{after}"
    card.write_text(text, encoding="utf-8", newline="\n")
    print(f"{EACH * len(LABELS)} squares: {(HERE / 'held-back.png').stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
