"""The figure of a page: the panels of one example, and beside them a point for each item of the pack.

`examples.py` says what the panels show, `pages.py` writes the pages.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from course.ui.look import CAMERA, GENERATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

LARGEST = 60_000  # bytes a figure

Draw = Callable[["Axes"], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Example:
    """One measurement, ready to be shown.

    Attributes
    ----------
    about : str
        What was measured, with the id of the item in backticks; full sentences.
    items : tuple of str
        Ids of all items of the catalogue that are shown or measured.
    value : float or None
        None where the answer is no number.
    unit : str
    confounders : tuple of str
        Empty where the docstring names them.
    alt : str
        What is seen in the two panels.
    left, right : (title, draw)
        The panels of the figure.
    placed : bool
        Whether the value may be set beside those of ``null.json``: an item of the blind trial's kind, measured alike.
    """

    about: str
    items: tuple[str, ...]
    value: float | None
    unit: str
    confounders: tuple[str, ...]
    alt: str
    left: tuple[str, Draw]
    right: tuple[str, Draw]
    placed: bool = False


# panels


def picture(pixels: NDArray[np.uint8]) -> Draw:
    """Show the picture itself."""

    def draw(axes: Axes) -> None:
        axes.imshow(pixels)
        axes.set_axis_off()

    return draw


def area(values: NDArray[Any], low: float, high: float, colours: str = "cividis", unit: str = "") -> Draw:
    """Show one value a pixel, with a bar that says which colour is which."""

    def draw(axes: Axes) -> None:
        shown = axes.imshow(values, cmap=colours, vmin=low, vmax=high)
        axes.set_axis_off()
        bar = axes.figure.colorbar(shown, ax=axes, orientation="horizontal", fraction=0.05, pad=0.04)
        bar.set_label(unit, size=8)
        bar.ax.tick_params(labelsize=7)

    return draw


def outlined(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Draw:
    """Show the picture, with a line around what the mask marks."""

    def draw(axes: Axes) -> None:
        picture(pixels)(axes)
        axes.contour(mask, levels=[0.5], colors="white", linewidths=2.5)
        axes.contour(mask, levels=[0.5], colors=GENERATED, linewidths=1)

    return draw


def bars(values: NDArray[np.float64], across: str, up: str) -> Draw:
    """Show a few numbers side by side, counted from 0."""

    def draw(axes: Axes) -> None:
        axes.bar(range(len(values)), values, color="#555555")
        axes.set_xticks(range(len(values)))
        axes.set_xlabel(across, size=8)
        axes.set_ylabel(up, size=8)

    return draw


# the whole


def plain(value: float) -> str:
    """Three digits, without powers of ten."""
    return np.format_float_positional(float(f"{value:.3g}"), trim="-")


def _strip(example: Example, entry: Mapping[str, Any]) -> Draw:
    sides = [(entry["values"], CAMERA, "o", "camera"), (entry["generated"], GENERATED, "^", "generated")]
    everything = np.array([value for values, *_ in sides for value in values.values()])
    middle = float(np.median(np.abs(everything)))

    def draw(axes: Axes) -> None:
        for row, (values, colour, marker, _) in enumerate(sides):
            spread = np.random.default_rng(row).uniform(-0.3, 0.3, len(values))
            axes.plot(list(values.values()), spread - row, marker, color=colour, markersize=3, alpha=0.6)
            axes.plot([np.median(list(values.values()))] * 2, [-row - 0.38, -row + 0.38], color="black", linewidth=1.5)
        if example.placed:
            axes.axvline(example.value, color="#555555", linestyle=":", linewidth=1.2)
        # A few very large values would leave no room for the rest.
        if middle > 0 and everything.max() > 15 * middle:
            axes.set_xscale("asinh", linear_width=middle)
            tens = range(math.ceil(math.log10(0.7 * middle)), math.floor(math.log10(everything.max())) + 1)
            marks = [0.0, *(10.0**ten for ten in tens)]
            axes.set_xticks(marks, [plain(mark) for mark in marks])
            axes.minorticks_off()
        if everything.min() == everything.max():
            axes.set_xlim(-0.05, 1)
        axes.set_yticks([0, -1], [side[3] for side in sides], size=8, rotation=90, va="center")
        axes.set_ylim(-1.6, 0.6)
        axes.set_xlabel(entry["unit"], size=8)

    return draw


def _tint(colour: str, strength: float) -> tuple[int, ...]:
    """A colour laid over white."""
    levels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return tuple(round(255 + strength * (level - 255)) for level in levels)


def figure(name: str, example: Example, entry: Mapping[str, Any] | None) -> bytes:
    """The figure as a PNG of few colours, with a strip of the pack's values if there is an entry of ``null.json``."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure
    from PIL import Image

    panels = [example.left, example.right]
    if entry is not None:
        title = "the pack (dotted: this one)" if example.placed else "the pack"
        panels.append((title, _strip(example, entry)))
    drawing = Figure(figsize=(2.9 * len(panels), 3.1), dpi=100, layout="constrained")
    for axes, (title, draw) in zip(np.atleast_1d(drawing.subplots(1, len(panels))), panels, strict=True):
        axes.set_title(title, size=9)
        axes.tick_params(labelsize=7)
        draw(axes)
    full = io.BytesIO()
    drawing.savefig(full, format="png")
    picture = Image.open(full).convert("RGB")
    # The colours that mean something stay what they are, however many the photograph takes.
    kept = [(255, 255, 255), (0, 0, 0), (85, 85, 85), (153, 153, 153), (204, 204, 204)]
    kept += [_tint(colour, strength) for colour in (CAMERA, GENERATED) for strength in (0.4, 0.6, 0.84, 1.0)]
    kept += [tuple(map(round, shade[:3])) for shade in 255 * colormaps["cividis"](np.linspace(0, 1, 12))]
    for colours in (128, 96, 64, 48, 32, 24, 16):
        own = picture.quantize(colours, method=Image.Quantize.MEDIANCUT).getpalette()[: 3 * colours]
        palette = Image.new("P", (1, 1))
        palette.putpalette([*own, *(level for colour in kept for level in colour)])
        small = io.BytesIO()
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
        if small.tell() <= LARGEST:
            return small.getvalue()
    raise ValueError(f"The figure of {name} has more than {LARGEST} bytes even in 16 colours.")
