"""The command ``course simulate``: what a trial before and after the lessons can find out, shown on made-up classes.

``docs/simulations.md`` and its figure are made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course import statistics
from course.statistics.recovery import LEARNERS, PLANTED, RUNS, Recovery

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

CLASSES = (6, 10, 15, 20, 30, 50, 100)
"""Sizes of which the page says how far the range reaches."""

SPREADS = (0.5, 0.7, 1.0)
"""How widely items may differ: standard deviations of which the page says what they do to two forms."""

FIGURE = "images/simulations.png"


def run(docs: Path | None = None, console: Console | None = None) -> bool:
    """Draw the made-up classes, print what became of them, and write the page.

    Parameters
    ----------
    docs : pathlib.Path, optional
        The folder of the page ``simulations.md``; without it nothing is written.
    console : rich.console.Console, optional
        Where to print; the terminal by default.

    Returns
    -------
    bool
        Whether the balanced design does what is promised of it, and the plain one is seen to fail.
    """
    from rich.console import Console
    from rich.table import Table

    console = console or Console(highlight=False)
    found = statistics.all_recoveries()
    table = Table(title=f"{RUNS:,} made-up classes a line; true gain {found[0].gain} d'", title_justify="left")
    for name in _HEAD:
        table.add_column(name, justify="left" if name == "Design" else "right")
    for one in found:
        table.add_row(*_cells(one))
    console.print(table)
    faults = problems(found)
    for fault in faults:
        console.print(fault, markup=False, soft_wrap=True)
    if docs is not None:
        reaches = reach_by_class()
        (docs / "simulations.md").write_text(page(found, reaches), encoding="utf-8", newline="\n")
        _save(docs / FIGURE, found, reaches)
        console.print(f"Written: {docs / 'simulations.md'}", markup=False, soft_wrap=True)
    return not faults


def problems(found: Sequence[Recovery]) -> tuple[str, ...]:
    """What is not as promised, one sentence each.

    Examples
    --------
    >>> lines = [Recovery("x", planted, 0.4, 0.4, 0.1, held, 0.3, 2000) for planted, held in
    ...     ((0, 0.95), (0.4, 0.90), (0, 0.6), (0.4, 0.3), (0, 0.95))]
    >>> problems(lines)
    ("x, forms 0.4 d' apart: the range holds the true gain in 90.0 % of all cases, not in 93 to 97 %.",)
    """
    sound, plain = (*found[:2], found[4]), found[3]
    faults = [
        f"{one.design}, forms {one.planted} d' apart: the range holds the true gain in {one.held * 100:.1f} % of all "
        "cases, not in 93 to 97 %."
        for one in sound
        if not 0.93 <= one.held <= 0.97
    ]
    if plain.held > 0.9:
        faults.append("The plain design is not seen to fail, so the planted difference was too small to show anything.")
    return tuple(faults)


def reach_by_class() -> dict[int, dict[int, float]]:
    """How far the range of a class reaches, by items of each origin in a form and by the size of the class."""
    return {items: statistics.typical_reach(CLASSES, items) for items in (12, 24)}


_HEAD = ("Design", "Forms apart by", "Mean estimate", "Scatter", "Range", "Holds the true gain")


def _cells(one: Recovery) -> tuple[str, ...]:
    return (
        one.design,
        f"{one.planted:.1f}",
        f"{one.mean:.2f}",
        f"{one.spread:.2f}",
        f"± {one.reach:.2f}",
        f"{one.held * 100:.1f} %",
    )


def page(found: Sequence[Recovery], reaches: dict[int, dict[int, float]]) -> str:
    """Write ``docs/simulations.md``: Markdown."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|---|" + "---:|" * (len(_HEAD) - 1)]
    lines += ["| " + " | ".join(_cells(one)) + " |" for one in found]
    sizes = ["| Learners | 12 + 12 items | 24 + 24 items |", "|---:|---:|---:|"]
    sizes += [f"| {size} | ± {reaches[12][size]:.2f} | ± {reaches[24][size]:.2f} |" for size in CLASSES]
    spreads = "{:.2f}, {:.2f} or {:.2f}".format(*map(statistics.form_spread, SPREADS))
    return _PAGE.format(
        learners=LEARNERS,
        runs=f"{RUNS:,}",
        gain=found[0].gain,
        planted=PLANTED,
        table="\n".join(lines),
        sizes="\n".join(sizes),
        spreads=spreads,
        figure=FIGURE,
        plain=f"{found[3].mean:.2f}",
        fooled=f"{found[3].held * 100:.0f} %",
        chance=f"{found[2].held * 100:.0f} %",
        shrunk=f"{(1 - found[0].mean / found[0].gain) * 100:.0f} %",
        alone=f"{found[4].reach:.1f}",
    )


def _save(path: Path, found: Sequence[Recovery], reaches: dict[int, dict[int, float]]) -> None:
    from matplotlib.figure import Figure

    fig = Figure(figsize=(10, 4), dpi=110, layout="constrained", facecolor="white")
    draw(fig, found, reaches)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, metadata={"Software": None})


def draw(fig: Figure, found: Sequence[Recovery], reaches: dict[int, dict[int, float]]) -> None:
    """Draw where the estimates fall in either order, and how the range narrows with the class."""
    import numpy as np

    left, right = fig.subplots(1, 2)
    bins = np.linspace(-0.8, 2.0, 57)
    for one, colour, name in (
        (found[3], "#b4431c", "all in one order"),
        (found[1], "#1b5e8c", "half the other way round"),
    ):
        left.hist(one.estimates, bins=bins, color=colour, alpha=0.6, label=name)
    left.axvline(found[1].gain, color="black", lw=1.2, ls="--")
    left.annotate("true gain", (found[1].gain, 1), xytext=(-4, -12), xycoords=("data", "axes fraction"),
                  textcoords="offset points", ha="right", fontsize=9)  # fmt: skip
    left.set(
        xlabel="gain in d' that a class seems to have made",
        ylabel=f"classes of {len(found[1].estimates):,}",
        title=f"Two forms {PLANTED} d' apart: order decides",
    )
    left.legend(frameon=False, loc="upper right")
    for items, style in ((12, "o-"), (24, "s--")):
        right.plot(
            list(reaches[items]),
            list(reaches[items].values()),
            style,
            color="#1b5e8c",
            label=f"{items} + {items} items",
        )
    right.axhline(found[0].gain, color="black", lw=1.2, ls=":")
    right.annotate("a gain that short trainings reached", (CLASSES[-1], found[0].gain), xytext=(0, 5),
                   textcoords="offset points", ha="right", fontsize=9)  # fmt: skip
    right.set(
        xscale="log",
        ylim=(0, None),
        xlabel="learners in the class",
        ylabel="reach of the range to either side, d'",
        title="What a class can say",
    )
    right.set_xticks(list(CLASSES), [str(size) for size in CLASSES])
    right.minorticks_off()
    right.legend(frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)


_PAGE = """\
# What a trial before and after can find out

<!-- Written by `course simulate --write`. Change course/simulations.py and not this page. -->

Learners judge 24 items before the lessons and 24 others after them. How much of a change in the result is learning?
Nobody has measured a class with this course yet. But one can make up classes whose true gain is known, let each of
them judge two made-up forms, and look whether the measurement finds the gain again. This page does that: {runs} times
a line.

![Left: estimates of classes that took two unlike forms in one order lie around {plain}, those of classes in balanced
order around the true gain of {gain}. Right: the range narrows with the size of the class.]({figure})

## Why half of a class begins with the other form

Two forms are never equally hard. Items differ, and a form has only a few of them. One and the same judge gets
different values of d' on two forms drawn at random from items of one kind: they differ by {spreads} d' (a standard
deviation) where items themselves differ by 0.5, 0.7 or 1.0, in steps of one answer's own scatter.

If everybody takes the same form first, this difference is added to the gain of the whole class, however large the
class is. In the table below, a form that is {planted} d' easier makes a true gain of {gain} look like {plain}, and
the range holds the truth in only {fooled} of all cases. Even with forms that differ by nothing but chance it holds it
in {chance}. If half of the class takes the forms the other way round, the difference pulls one half up and the other
half down, and cancels.

{table}

*Range* is the mean reach to either side. A sound range holds the true gain in 95 % of all cases; the check wants 93
to 97.

## What 24 items can say

**Of one learner: little.** The range around a single change is about ± {alone} d', several times a good gain. Nobody
should be graded on it.

**Of a class: something.** With 12 camera items and 12 generated ones in each form the range of a class reaches this
far:

{sizes}

A short training by other teams moved judgements of stills by about 0.45 to 0.65 d'. A class of {learners} can find
such a gain; a class of ten can only find a larger one. Clips alone are 4 + 4 items a form, and say less still.

## What is assumed

- {learners} learners; sensitivity before 1.0 d' (standard deviation 0.4 between learners), true gain {gain} (0.3),
  lean 0 (0.3). The last line of the table is one learner with exactly this gain.
- Items differ with a standard deviation of 0.7. Every class gets items of its own, so items are a sample, too.
- Answers follow signal detection theory with crossed learners and items (Green & Swets 1966; Rouder & Lu 2005).
- Learners forget the single pictures, and nobody gets tired. No simulation can promise that.
- d' is estimated with the correction of Hautus (1995), which keeps a perfect score finite and makes every value
  somewhat smaller: the mean estimate falls short of the true gain by about {shrunk}.

The formulas stand in `course/statistics/`, with their sources.
"""
