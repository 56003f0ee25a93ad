"""A trail drawn as a map: which sites in which order, how long on each, and where the first step outside was."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.ui.browser import DID, moved
from course.ui.look import CAMERA, Page, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from course.sources import ExpertStep, Step

TOOLS = "search and look-ups"
"""The row of all steps that open no page."""

MOST = 40
"""Steps that are drawn; of a longer trail the first ones."""


@dataclass(frozen=True)
class Way:
    """One trail to be drawn.

    Attributes
    ----------
    name : str
        Whose it is.
    steps : sequence of Step or ExpertStep
    verdict : str
        What was said at the end; empty if nothing was.
    first_outside : int or None
        The step, counted from 1, that first opened a page of another site.
    """

    name: str
    steps: Sequence[Step | ExpertStep]
    verdict: str
    first_outside: int | None


def row_of(act: str, what: str) -> str:
    """The row of the map on which a step lies: its site, or `TOOLS`.

    Examples
    --------
    >>> row_of("open", "https://weatherbox.example/port"), row_of("registration", "weatherbox.example")
    ('weatherbox', 'search and look-ups')
    """
    if act not in ("open", "reader") or "//" not in what:
        return TOOLS
    return what.split("/")[2].removesuffix(".example")


def trail_map(home: str, ways: Sequence[Way]) -> Page:
    """Draw trails above each other on the same rows, and list them with reasons.

    Parameters
    ----------
    home : str
        Address of the page of the claim.
    ways : sequence of Way
        The first is the learner's.

    Returns
    -------
    Page
    """
    rows = [row_of("open", home), TOOLS]
    for way in ways:
        rows += [row_of(step.act, step.what) for step in way.steps[:MOST]]
    rows = list(dict.fromkeys(rows))
    words = " ".join(said(way) for way in ways)
    longest = max((min(len(way.steps), MOST) for way in ways), default=1)

    def draw(fig: Figure) -> None:
        panels = fig.subplots(1, len(ways), squeeze=False, sharey=True)[0]
        for place, (axes, way) in enumerate(zip(panels, ways, strict=True)):
            ink = axes.xaxis.label.get_color()
            _draw(axes, way, rows, longest, CAMERA if place == 0 else ink, "o" if place == 0 else "s")

    ring = " The ring is the first page of another site." if any(way.first_outside for way in ways) else ""
    drawn = figure(
        draw,
        f"A map of {len(ways)} {'trail' if len(ways) == 1 else 'trails'}: steps to the right, sites downwards. {words}",
        caption=f"Each mark is a step; the larger, the longer it took.{ring}",
        size=(7.6, 1.3 + 0.3 * len(rows)),
    )
    tables = "".join(_table(way) for way in ways)
    return Page(f'{drawn._repr_html_()}<div class="lt"><div class="lt-ways">{tables}</div></div>', words)


def said(way: Way) -> str:
    """A trail in a sentence or two.

    Examples
    --------
    >>> said(Way("You", (), "", None))
    'You: no step yet.'
    """
    if not way.steps:
        return f"{way.name}: no step yet."
    count, seconds = len(way.steps), sum(step.seconds for step in way.steps)
    time = f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
    outside = (
        f"first page of another site at step {way.first_outside}" if way.first_outside else "never on another site"
    )
    sites = {row_of(step.act, step.what) for step in way.steps} - {TOOLS}
    return (
        f"{way.name}: {count} {'step' if count == 1 else 'steps'} in {time}, {outside}, pages of {len(sites)} "
        f"{'site' if len(sites) == 1 else 'sites'}."
    )


def _draw(axes: Axes, way: Way, rows: Sequence[str], longest: int, colour: str, shape: str) -> None:
    steps = way.steps[:MOST]
    across = range(1, len(steps) + 1)
    down = [rows.index(row_of(step.act, step.what)) for step in steps]
    axes.set_title(way.name)
    axes.plot(across, down, color=colour, linewidth=1.2, linestyle="-" if shape == "o" else "--")
    sizes = [30 + 4 * min(step.seconds, 60) for step in steps]
    axes.scatter(across, down, s=sizes, color=colour, marker=shape, zorder=3)
    if way.first_outside and way.first_outside <= len(steps):
        ink = axes.xaxis.label.get_color()
        at = way.first_outside
        axes.scatter([at], [down[at - 1]], s=420, facecolors="none", edgecolors=ink, linewidths=1.5, zorder=4)
    axes.set(xlim=(0.3, longest + 0.7), ylim=(len(rows) - 0.4, -0.6), xlabel="step", yticks=range(len(rows)))
    axes.set_yticklabels(rows)
    axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    axes.grid(axis="y", alpha=0.25, linewidth=0.8)


def _what(step: Step | ExpertStep) -> str:
    # the name of a picture is ours, and tells a learner nothing
    return DID[step.act] if step.act == "find_image" else f"{DID[step.act]}: {step.what.removeprefix('https://')}"


def _table(way: Way) -> str:
    reasons = any(hasattr(step, "looked_for") for step in way.steps)
    head = ("Step", "Seconds", "What") + (("Looked for", "Found") if reasons else ())
    lines = "".join(
        f"<tr><td>{number}</td><td>{step.seconds:.0f}</td><td>{html.escape(_what(step))}</td>"
        + (
            f"<td>{html.escape(step.looked_for)}</td><td>{html.escape(f'{step.found} So {moved(step.odds)}.')}</td>"
            if reasons
            else ""
        )
        + "</tr>"
        for number, step in enumerate(way.steps[:MOST], 1)
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    verdict = f"<p><strong>In the end:</strong> {html.escape(way.verdict)}</p>" if way.verdict else ""
    body = (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>" if way.steps else "<p>No step yet.</p>"
    )
    # what gives the reasons is the reason for the table, so it stands open
    name = html.escape(way.name)
    inside = f"<summary>{name}, step by step</summary>{body}{verdict}"
    return f'<details class="lt-text"{" open" if reasons else ""}>{inside}</details>'
