"""A trail drawn as a map: sites in their order, how long on each, the first step outside, and who points to whom."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill, shorten
from typing import TYPE_CHECKING

from course.ui.browser import DID, moved
from course.ui.look import CAMERA, Page, figure
from course.ui.words import emphasised

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from course.sources import Citations, ExpertStep, Step

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
    points : Citations
        Who points to whom on the pages that were read.
    """

    name: str
    steps: Sequence[Step | ExpertStep]
    verdict: str
    first_outside: int | None
    points: Citations


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


def trail_map(home: str, ways: Sequence[Way], pictures: Mapping[str, str] | None = None) -> Page:
    """Draw trails above each other on the same rows, and list them with reasons.

    Parameters
    ----------
    home : str
        Address of the page of the claim.
    ways : sequence of Way
        The first is the learner's.
    pictures : mapping, optional
        What is seen on the pictures that were searched for, by their names.

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
    pointing = _pointing(ways)
    tables = "".join(_table(way, pictures or {}) for way in ways)
    return Page(
        f'{drawn._repr_html_()}{pointing._repr_html_()}<div class="lt"><div class="lt-ways">{tables}</div></div>',
        f"{words} {pointing!r}".strip(),
    )


def said(way: Way) -> str:
    """A trail in a sentence or two.

    Examples
    --------
    >>> from course.sources import Citations
    >>> said(Way("You", (), "", None, Citations((), (), ())))
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


def pointed(way: Way) -> str:
    """Who points to whom in a sentence or two.

    Examples
    --------
    >>> from course.sources import Citations
    >>> circle = Citations(("a.example", "b.example"), (("a.example", "b.example"), ("b.example", "a.example")),
    ...     (("a.example", "b.example"),))
    >>> pointed(Way("Your trail", (), "", None, circle))
    'Your trail: a points to b; b points to a. Each has it from the next in a circle: a, b, a. Has one of them seen it?'
    """
    if not way.points.arrows:
        return f"{way.name}: no page that was read points to another site."
    starts = dict.fromkeys(start for start, _ in way.points.arrows)
    parts = [
        f"{_short(start)} points to {_listed([_short(end) for one, end in way.points.arrows if one == start])}"
        for start in starts
    ]
    circles = "".join(
        f" Each has it from the next in a circle: {', '.join(_short(site) for site in [*circle, circle[0]])}."
        for circle in way.points.circles
    )
    return f"{way.name}: {'; '.join(parts)}.{circles}{' Has one of them seen it?' * bool(circles)}"


def _short(domain: str) -> str:
    return domain.removesuffix(".example")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _pointing(ways: Sequence[Way]) -> Page:
    """Draw who points to whom, a panel a way; nothing before two sites were read and one points anywhere."""
    if not any(way.points.arrows and len(way.points.read) > 1 for way in ways):
        return Page("", "")
    sites = list(dict.fromkeys(site for way in ways for site in way.points.sites))
    words = " ".join(pointed(way) for way in ways)

    def draw(fig: Figure) -> None:
        panels = fig.subplots(1, len(ways), squeeze=False, sharey=True)[0]
        for place, (axes, way) in enumerate(zip(panels, ways, strict=True)):
            _draw_pointing(axes, way, sites, CAMERA if place == 0 else axes.xaxis.label.get_color())

    thick = (
        " Thick: pages that have it from each other, in a circle." if any(way.points.circles for way in ways) else ""
    )
    hollow = (
        " Hollow: a site that a page points to and that was not read." if any(w.points.unread for w in ways) else ""
    )
    return figure(
        draw,
        f"Who points to whom, site by site. {words}",
        caption="An arrow runs from a site that was read to one that its page points to: mostly where it says it has "
        f"its news from; sometimes what it argues against. The larger the mark, the longer the stay.{thick}{hollow}",
        size=(7.6, 1.0 + 0.42 * len(sites)),
    )


def _wrapped(title: str) -> str:
    """A title on as many lines as it needs: two panels stand beside each other, and a long line would be cut."""
    return fill(title, 30)


def _draw_pointing(axes: Axes, way: Way, sites: Sequence[str], colour: str) -> None:
    from matplotlib.patches import FancyArrowPatch

    axes.set_title(_wrapped(f"{way.name}: who points to whom"))
    rows = {site: row for row, site in enumerate(sites)}
    in_circles = {
        arrow
        for circle in way.points.circles
        for arrow in way.points.taken
        if arrow[0] in circle and arrow[1] in circle
    }
    for start, end in way.points.arrows:
        # a fixed height of bow, however far the arrow goes, so that long ones do not leave the picture
        bow = min(0.6, 1.1 / abs(rows[end] - rows[start]))
        axes.add_patch(
            FancyArrowPatch(
                (0, rows[start]),
                (0, rows[end]),
                connectionstyle=f"arc3,rad={bow}",
                arrowstyle="-|>",
                mutation_scale=13,
                shrinkA=6,
                shrinkB=7,
                color=colour,
                linewidth=2.4 if (start, end) in in_circles else 1.2,
            )
        )
    for site in way.points.sites:
        seconds = sum(step.seconds for step in way.steps if row_of(step.act, step.what) == _short(site))
        read = site in way.points.read
        axes.scatter(
            [0],
            [rows[site]],
            s=30 + 3 * min(seconds, 60) if read else 40,
            facecolors=colour if read else "none",
            edgecolors=colour,
            linewidths=1.4,
            zorder=3,
        )
    axes.set(xlim=(-1, 1), ylim=(len(sites) - 0.4, -0.6), xticks=(), yticks=range(len(sites)))
    axes.set_yticklabels([_short(site) for site in sites])
    axes.grid(axis="y", alpha=0.25, linewidth=0.8)


def _draw(axes: Axes, way: Way, rows: Sequence[str], longest: int, colour: str, shape: str) -> None:
    steps = way.steps[:MOST]
    across = range(1, len(steps) + 1)
    down = [rows.index(row_of(step.act, step.what)) for step in steps]
    axes.set_title(_wrapped(way.name))
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


def _what(step: Step | ExpertStep, pictures: Mapping[str, str]) -> str:
    # the name of a picture is ours, and tells a learner nothing
    seen = shorten(pictures.get(step.what, ""), 70, placeholder=" ...") if step.act == "find_image" else step.what
    return f"{DID[step.act]}: {seen.removeprefix('https://')}" if seen else DID[step.act]


def _table(way: Way, pictures: Mapping[str, str]) -> str:
    reasons = any(hasattr(step, "looked_for") for step in way.steps)
    head = ("Step", "Seconds", "What") + (("Looked for", "Found") if reasons else ())
    lines = "".join(
        f"<tr><td>{number}</td><td>{step.seconds:.0f}</td><td>{html.escape(_what(step, pictures))}</td>"
        + (
            f"<td>{emphasised(step.looked_for)}</td><td>{emphasised(f'{step.found} So {moved(step.odds)}.')}</td>"
            if reasons
            else ""
        )
        + "</tr>"
        for number, step in enumerate(way.steps[:MOST], 1)
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    verdict = f"<p><strong>In the end:</strong> {emphasised(way.verdict)}</p>" if way.verdict else ""
    body = (
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>" if way.steps else "<p>No step yet.</p>"
    )
    # what gives the reasons is the reason for the table, so it stands open
    name = html.escape(way.name)
    inside = f"<summary>{name}, step by step</summary>{body}{verdict}"
    return f'<details class="lt-text"{" open" if reasons else ""}>{inside}</details>'
