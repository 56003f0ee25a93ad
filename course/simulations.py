"""What the course's measure is worth, found with simulated classes: ``course simulate``.

``docs/simulations.md`` and its figure are made here.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from course.statistics import Population
from course.statistics.change import form_spread
from course.statistics.populations import CLIPS, STILLS, Design
from course.statistics.recovery import Recovery, recover_class, recover_learner, widened

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from course.statistics.judgements import Kind

PAGE = "simulations.md"
FIGURE = "images/simulations.png"
"""Where the page and its figure lie in ``docs``."""

RUNS, CLASS, GAIN, DIFFERENCE = 2000, 30, 0.4, 0.4
SIZES = (6, 10, 20, 30, 60, 120)
KINDS: dict[str, Kind | None] = {"all 24 items": None, "the 16 stills": "still", "the 8 clips": "clip"}

SUPPOSED = Population(gain=GAIN)
UNEQUAL = replace(SUPPOSED, form_difference=DIFFERENCE)

DESIGNS: dict[str, tuple[Design, bool]] = {
    "everybody A first; learners alone drawn": ("a_first", False),
    "everybody A first; learners and items drawn": ("a_first", True),
    "order by coin; learners and items drawn": ("balanced", True),
}
BALANCED = list(DESIGNS)[-1]

# Each a change in what is supposed, with everything else as it was and forms that differ.
OTHERS: dict[str, Mapping[str, float]] = {
    "as supposed above": {},
    "nobody learns anything": {"gain": 0.0},
    "they learn twice as much": {"gain": 0.8},
    "they all learn alike": {"gain_sd": 0.0},
    "they begin near guessing, d′ 0.3": {"d_prime": 0.3},
    "they begin with a keen eye, d′ 2": {"d_prime": 2.0},
    "they differ far more, SD of d′ 1": {"d_prime_sd": 1.0},
    "they turn suspicious, c falls by 0.3": {"criterion_shift": -0.3},
    "all items are equally hard": {"item_sd": 0.0},
    "items differ more, SD 1": {"item_sd": 1.0},
    "what is learned helps with all items alike": {"item_gain_sd": 0.0},
    "what is learned helps with some items, SD 0.6": {"item_gain_sd": 0.6},
}


@dataclass(frozen=True)
class Simulations:
    """All that the page shows.

    Attributes
    ----------
    designs : dict of (str, float) to Recovery
        By design and by how much easier form B is.
    sizes : dict of (str, int) to Recovery
        By kind of item and size of the class, with forms that differ.
    learners : dict of (str, str) to Recovery
        Single learners by kind of item and by what is simulated: forms that differ by chance, forms that were made
        different, and an interval that holds the forms twice.
    others : dict of str to tuple of Recovery
        By supposition: the change of d', and of the camera items called generated.
    """

    designs: dict[tuple[str, float], Recovery]
    sizes: dict[tuple[str, int], Recovery]
    learners: dict[tuple[str, str], Recovery]
    others: dict[str, tuple[Recovery, Recovery]]


CHANCE, MADE, TWICE = "forms differ by chance", f"form B easier by {DIFFERENCE}", "forms counted twice"


def simulate(runs: int = RUNS) -> Simulations:
    """Simulate and measure all that the page shows.

    Parameters
    ----------
    runs : int
        Classes for each figure; of single learners three times as many.

    Returns
    -------
    Simulations
    """
    designs = {
        (name, population.form_difference): recover_class(
            population, CLASS, runs, seed=1, design=design, items_drawn=items_drawn
        )
        for name, (design, items_drawn) in DESIGNS.items()
        for population in (SUPPOSED, UNEQUAL)
    }
    sizes = {
        (name, size): recover_class(UNEQUAL, size, runs, seed=2, kind=kind)
        for name, kind in KINDS.items()
        for size in SIZES
    }
    learners = {}
    for name, kind in KINDS.items():
        for what, population in ((CHANCE, SUPPOSED), (MADE, UNEQUAL)):
            # Three times as many, since it costs little: they come from one learner each and not from thirty.
            learners[name, what] = recover_learner(population, 3 * runs, seed=3, kind=kind)
        items = {None: CLIPS + STILLS, "still": STILLS, "clip": CLIPS}[kind]
        learners[name, TWICE] = widened(learners[name, CHANCE], form_spread([items] * 4, SUPPOSED.item_sd))
    others = {
        name: (
            recover_class(replace(UNEQUAL, **changed), CLASS, runs, seed=4),
            recover_class(replace(UNEQUAL, **changed), CLASS, runs, seed=4, measure="false_alarm_rate"),
        )
        for name, changed in OTHERS.items()
    }
    return Simulations(designs, sizes, learners, others)


def problems(found: Simulations) -> tuple[str, ...]:
    """Return what is not as promised, one sentence each; nothing if all is well.

    The balanced design and the interval of one learner hold the truth in 93 to 97 % of the runs, nothing that the
    course reckons holds it less often, and where everybody begins with the same form it is seen to be missed.
    """
    whole = next(iter(KINDS))
    promised = {
        **{
            f"A class in balanced order, form B easier by {by}": found.designs[BALANCED, by] for by in (0.0, DIFFERENCE)
        },
        "One learner": found.learners[whole, CHANCE],
    }
    careful = {
        **{f"A class of {size}, {name}": each for (name, size), each in found.sizes.items()},
        **{f"One learner, {name}, {what}": each for (name, what), each in found.learners.items()},
        **{f"A class where {name}, d′": gain for name, (gain, _) in found.others.items()},
        **{f"A class where {name}, camera items": camera for name, (_, camera) in found.others.items()},
    }
    faults = [
        f"{name}: the interval holds the truth in {_percent(each)} of the runs, not in 93 to 97 %."
        for name, each in promised.items()
        if not 0.93 <= each.coverage <= 0.97
    ]
    faults += [
        f"{name}: the interval holds the truth in {_percent(each)} of the runs, and not in 93 % at least."
        for name, each in careful.items()
        if each.coverage < 0.93
    ]
    faults += [
        f"{name}: the truth is not seen to be missed, so these classes do not show why the order is balanced."
        for name in DESIGNS
        if name != BALANCED and found.designs[name, DIFFERENCE].coverage > 0.9
    ]
    return tuple(faults)


def run(docs: Path | None = None, console: Console | None = None) -> bool:
    """Simulate and print the tables.

    Parameters
    ----------
    docs : pathlib.Path, optional
        The folder to write the page and its figure to; without it nothing is written.
    console : rich.console.Console, optional
        Where to print; the terminal by default.

    Returns
    -------
    bool
        Whether all is as promised (see `problems`).
    """
    from rich.console import Console

    console = console or Console(highlight=False)
    found = simulate()
    for title, rows in (
        (f"Classes of {CLASS}, true gain in d′ {GAIN}", design_rows(found)),
        ("How far the 95 % interval of a class reaches", size_rows(found)),
        ("One learner", learner_rows(found)),
        (f"Other suppositions, form B easier by {DIFFERENCE}", other_rows(found)),
    ):
        console.print(_table(title, rows))
    faults = problems(found)
    for fault in faults:
        console.print(fault, markup=False, soft_wrap=True)
    if docs is not None:
        text, picture = docs / PAGE, docs / FIGURE
        text.write_text(page(found), encoding="utf-8", newline="\n")
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(figure(found))
        console.print(f"Written: {text} and {picture}", markup=False, soft_wrap=True)
    return not faults


# --- tables, of which the first row is the head ---------------------------------------------------------


def design_rows(found: Simulations) -> list[tuple[str, ...]]:
    """Return what each design makes of a known gain."""
    head = (
        "Who judges what first; what the interval minds",
        "Form B",
        "Found on average",
        "Interval",
        "Holds the truth",
    )
    return [head] + [
        (
            name,
            f"easier by {difference}" if difference else "as form A, but for chance",
            f"{each.found.mean():+.2f}",
            f"± {each.reach:.2f}",
            _percent(each),
        )
        for (name, difference), each in found.designs.items()
    ]


def size_rows(found: Simulations) -> list[tuple[str, ...]]:
    """Return how far an interval reaches, by size of the class."""
    return [("Learners", *KINDS)] + [
        (str(size), *(f"± {found.sizes[name, size].reach:.2f} ({_percent(found.sizes[name, size])})" for name in KINDS))
        for size in SIZES
    ]


def learner_rows(found: Simulations) -> list[tuple[str, ...]]:
    """Return what the forms say of one learner."""
    head = ("One learner judges", "Interval", *(f"Holds the truth: {what}" for what in (CHANCE, MADE, TWICE)))
    return [head] + [
        (
            f"{name} of each form",
            f"± {found.learners[name, CHANCE].reach:.2f}",
            *(_percent(found.learners[name, what]) for what in (CHANCE, MADE, TWICE)),
        )
        for name in KINDS
    ]


def other_rows(found: Simulations) -> list[tuple[str, ...]]:
    """Return how often the truth is held where it is otherwise than supposed."""
    head = ("Suppose that", "Gain in d′", "Found on average", "Holds the truth: d′", "Holds the truth: camera items")
    return [head] + [
        (name, f"{gain.truth[0]:+.2f}", f"{gain.found.mean():+.2f}", _percent(gain), _percent(camera))
        for name, (gain, camera) in found.others.items()
    ]


def _percent(found: Recovery) -> str:
    return f"{100 * found.coverage:.1f} %"


def _share(part: float) -> str:
    return f"{100 * part:.0f} in 100"


def _table(title: str, rows: list[tuple[str, ...]]) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for at, name in enumerate(rows[0]):
        table.add_column(name, justify="left" if at == 0 else "right")
    for row in rows[1:]:
        table.add_row(*row)
    return table


def _markdown(rows: list[tuple[str, ...]]) -> str:
    head, *rest = rows
    lines = [head, ("---", *("---:" for _ in head[1:])), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


# --- the figure ----------------------------------------------------------------------------------------


def figure_data(found: Simulations) -> dict[str, dict[str, list[float]]]:
    """Return the numbers that are drawn, as the picture file keeps them: counts of classes, and reaches.

    The picture says what it shows, so that a test can see whether it still does.
    """
    import numpy as np

    edges = np.round(np.arange(-0.9, 2.51, 0.1), 1)
    order = {
        name: np.histogram(found.designs[name, DIFFERENCE].found, edges)[0].tolist()
        for name in DESIGNS
        if DESIGNS[name][1]
    }
    reach = {
        name: [
            round(each.reach, 2)
            for each in (found.learners[name, CHANCE], *(found.sizes[name, size] for size in SIZES))
        ]
        for name in KINDS
    }
    return {"gain found, in tenths from -0.9": order, f"reach for 1, {str(SIZES)[1:-1]} learners": reach}


def figure(found: Simulations) -> bytes:
    """Draw the figure.

    Returns
    -------
    bytes
        A PNG on a light ground. The same numbers give the same bytes.
    """
    import numpy as np
    from matplotlib.figure import Figure

    orders, reaches = figure_data(found).values()
    ink, quiet, blue, orange, green = "#222222", "#666666", "#0b62a8", "#b35900", "#2e7d32"
    fig = Figure(figsize=(10, 4.2), facecolor="white", layout="constrained")
    left, right = fig.subplots(1, 2)

    edges = np.round(np.arange(-0.9, 2.51, 0.1), 1)
    plain, balanced = orders.values()
    left.stairs(plain, edges, fill=True, color=orange, alpha=0.35)
    left.stairs(plain, edges, color=orange, linewidth=1.5)
    left.stairs(balanced, edges, fill=True, color=blue, alpha=0.35)
    left.stairs(balanced, edges, color=blue, linewidth=1.5)
    left.axvline(GAIN, color=ink, linewidth=1.5)
    top = max(balanced) * 1.12
    left.set(ylim=(0, top), xlim=(-0.6, 2.2), xlabel="mean gain in d′ that was found", ylabel=f"classes of {RUNS:,}")
    left.annotate(
        f"true gain {GAIN}", (GAIN, top * 0.97), (-6, 0), textcoords="offset points", color=ink, ha="right", va="top"
    )
    left.text(0.62, top * 0.72, "order by coin", color=blue, weight="bold")
    left.text(1.12, top * 0.4, "everybody takes\nform A first", color=orange, weight="bold")
    left.set_title(f"Form B is easier by {DIFFERENCE}, and nobody knows", loc="left", fontsize=11, color=ink)

    places = (1, *SIZES)
    for (name, values), colour, marker in zip(reaches.items(), (blue, green, orange), "osD", strict=True):
        # One learner is not the smallest class: what is asked is another thing, and no line leads there.
        right.plot(places[:1], values[:1], color=colour, marker=marker, markersize=5, linestyle="")
        right.plot(SIZES, values[1:], color=colour, marker=marker, markersize=5, linewidth=1.5, label=name)
    right.axhline(GAIN, color=ink, linewidth=1, linestyle="--")
    right.text(1, GAIN - 0.04, f"the gain that is hoped for, {GAIN}", color=ink, va="top")
    right.set_xscale("log")
    right.set_xticks(places, ["one\nalone", *(str(size) for size in SIZES)])
    right.minorticks_off()
    right.set(ylim=(0, None), xlabel="learners in the class", ylabel="the 95 % interval reaches ± in d′")
    right.legend(frameon=False, labelcolor=ink)
    right.set_title("What the forms can say", loc="left", fontsize=11, color=ink)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=quiet)

    drawn = io.BytesIO()
    fig.savefig(
        drawn,
        format="png",
        dpi=120,
        metadata={"Software": None, "Description": json.dumps(figure_data(found), ensure_ascii=True)},
    )
    return drawn.getvalue()


# --- the page ------------------------------------------------------------------------------------------


def page(found: Simulations) -> str:
    """Return the page for ``docs``."""
    naive, blind, balanced = (found.designs[name, DIFFERENCE] for name in DESIGNS)
    fair = found.designs[next(iter(DESIGNS)), 0.0]
    one = {name: found.learners[name, CHANCE] for name in KINDS}
    alone, stills, clips = (one[name].reach for name in KINDS)
    (whole, _, only_clips), big = KINDS, SIZES[-1]
    held = [each for pair in found.others.values() for each in pair]
    return _PAGE.format(
        per_form=2 * (CLIPS + STILLS),
        clips=2 * CLIPS,
        stills=2 * STILLS,
        runs=f"{RUNS:,}",
        size=CLASS,
        gain=GAIN,
        difference=DIFFERENCE,
        supposed=SUPPOSED,
        figure=FIGURE,
        alt=(
            f"Left: histograms of the mean gain found in {RUNS:,} simulated classes of {CLASS} with a true gain of "
            f"{GAIN}, where form B is easier by {DIFFERENCE}. With the order by coin they lie round {GAIN}; where "
            f"everybody takes form A first they are wide and lie round {blind.found.mean():.1f}. Right: how far the "
            f"95 % interval reaches, from ± {alone:.1f} for one learner and all items to "
            f"± {found.sizes[whole, big].reach:.1f} for a class of {big}; more for stills, and most for clips."
        ),
        designs=_markdown(design_rows(found)),
        naive=_percent(naive),
        fair=_percent(fair),
        blind=_percent(blind),
        blind_found=f"{blind.found.mean():+.2f}",
        blind_reach=f"{blind.reach:.2f}",
        balanced=_percent(balanced),
        balanced_found=f"{balanced.found.mean():+.2f}",
        balanced_reach=f"{balanced.reach:.2f}",
        sizes=_markdown(size_rows(found)),
        big=big,
        told=_share(found.sizes[whole, CLASS].telling),
        told_clips=_share(found.sizes[only_clips, CLASS].telling),
        told_big=_share(found.sizes[whole, big].telling),
        told_clips_big=_share(found.sizes[only_clips, big].telling),
        learners=_markdown(learner_rows(found)),
        alone=f"{alone:.1f}",
        only_stills=f"{stills:.1f}",
        only_clips=f"{clips:.1f}",
        twice=_percent(found.learners[whole, TWICE]),
        others=_markdown(other_rows(found)),
        worst=f"{100 * min(each.coverage for each in held):.1f}",
        best=f"{100 * max(each.coverage for each in held):.1f}",
    )


_PAGE = """\
# What our figures can say, tried out on simulated classes

<!-- Written by `course simulate --write`. Change course/simulations.py and not this page. -->

**No class has been measured yet.** This page is about the measuring tape, and not about anybody's learning. We invent
classes whose true gain we know, let them judge, reckon as the course reckons with real answers, and look how often the
truth is found again.

Each learner judges two forms, A and B, one before the lessons and one after. A form has {per_form} items: {stills}
stills and {clips} clips, half of each from a camera. How well somebody tells the two kinds apart is called d′: 0 is
guessing, 1 is fair, 3 is nearly perfect. We hope for a gain of {gain}.

Every figure comes with an interval that is meant to hold the truth 95 times out of 100. So we count: of {runs}
invented classes, in how many does it?

![{alt}]({figure})

## Why a coin decides which form comes first

Two forms are never equally hard. With two dozen items they differ by chance alone, and we may have made one of them
easier without noticing. If everybody takes form A first and form B second, an easier form B looks just like a gain. If
a coin decides, it helps half of the class after the lessons and the other half before them. In the mean of both halves
it cancels, and it does so even if the halves are not equally large.

Classes of {size}, true gain {gain}:

{designs}
- The usual reckoning takes the learners as drawn from many and the pictures for given. **It holds the truth in {fair}
  of the classes, and in {naive} where form B is easier by {difference}.** More learners would make it worse: an
  interval round the wrong value, and a narrower one.
- Minding that pictures are drawn, too, is honest about chance. The interval then reaches ± {blind_reach}, which says
  next to nothing about a gain of {gain}. And it knows nothing of a form that was made easier: it finds
  {blind_found}, and holds the truth in {blind}.
- **The order by coin finds {balanced_found} and holds the truth in {balanced}, with an interval of
  ± {balanced_reach}.**

## What a class can say

The interval of the mean gain, with the order by coin and a form B that is easier by {difference}. In brackets: how
often it holds the truth.

{sizes}
How often is a true gain of {gain} told from none, so that the interval leaves out 0? With all items it is in {told}
classes of {size}, and in {told_big} classes of {big}; with the clips alone in {told_clips} and in {told_clips_big}.
**So an interval that holds 0 does not say that a class has learned nothing.** In a class of six the interval is wider
than it need be: with three learners in each order there is little to reckon a scatter from, and we would rather say too
little.

## What one learner can say

{learners}
One learner's change may be off by {alone}: less than that is no proof of anything, and no ground for a mark. For
stills alone it is {only_stills}, for clips alone {only_clips}. Intervals of single learners hold the truth somewhat
more often than 95 times out of 100, since {clips} or {per_form} items give only so many different results.

The interval holds already that forms differ by chance. Somebody who finds 7 in 10 of all such pictures finds more in
one dozen and fewer in the next, and that is the scatter that we reckon with: which pictures they were is part of it. To
add it once more is to count it twice. The last column shows it: {twice} with all items.

## If people and pictures are otherwise

The figures above suppose something that we do not know. So we suppose other things, and count again. Classes of
{size}, order by coin, form B easier by {difference}:

{others}
Over all of these the truth is held in {worst} to {best} % of the classes.

## What is supposed

| | Mean | How far they differ (SD) |
|---|---:|---:|
| d′ before the lessons | {supposed.d_prime} | {supposed.d_prime_sd} |
| c, how much it takes to say “generated” | {supposed.criterion} | {supposed.criterion_sd} |
| gain in d′ | {supposed.gain} | {supposed.gain_sd} |
| difficulty of items, in units of one judgement's noise | | {supposed.item_sd} |
| what the lessons do for an item, in d′ | 0 | {supposed.item_gain_sd} |

These are assumptions. The gain is what short trainings with stills have reached, or a little less (Gray et al. 2025;
Kamali et al. 2026); for clips nobody has found it yet. The differences between learners and between items are guesses
of a usual size. What we cannot know before a class has judged: whether learners help each other, tire, or guess once
they are bored. None of that is simulated.

## For engineers

`course simulate` prints these tables; with `--write` it writes this page. Learners, items and the coin are drawn anew
for each class, from fixed seeds (`course/statistics/populations.py`, a signal-detection model with equal variances);
for single learners there are three times as many runs. The true gain is that of d′ over endlessly many items of the
kind. The mean of a class comes from pooled rates, corrected for how much learners differ, because the d′ of single
learners from a dozen items is drawn towards 0; the interval is the two-way cluster estimator over learners and items
(`course/statistics/crossed.py`, with references). The command fails if an interval that the course gives holds the
truth less often than it should, and tests compare this page with what it finds.
"""
