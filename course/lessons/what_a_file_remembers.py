"""Lesson 5: what a file says of itself, who could have written it, and what saving leaves in the picture."""

from __future__ import annotations

import base64
import html
import json
import math
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media, provenance, ui
from course.errors import InputError
from course.lessons import gauges
from course.lessons.lesson import Lesson, in_plain_words
from course.media.catalogue import data_folder
from course.provenance.atlas import outlines
from course.ui.probe import encoded

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from course.provenance import Location
    from course.provenance.atlas import Country

_lesson = Lesson("what-a-file-remembers", questions="file")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()

FOLDER = "files"
"""Under the learner's own folder: where copies are kept."""


def _files() -> dict[str, media.WholeFile]:
    return {name: file for name, file in media.whole_files().items() if file.kind != "map"}


def _file(name: object) -> media.WholeFile:
    files = _files()
    if not isinstance(name, str) or name not in files:
        raise InputError(f"There is no file {name!r}. Choose one of: {', '.join(files)}.")
    return files[name]


def _own(name: object) -> Path | None:
    """The path of a learner's own file, if this is one and there is such a file."""
    if not isinstance(name, str) or not name.strip() or name in _files():
        return None
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError, ValueError):  # a name that is too long, `~nobody`, a null character
        return None


def _pixels(data: bytes) -> np.ndarray:
    # A name from outside could mean something to this computer; ours cannot, and the kind is told by the content.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        picture = media.open_file(path)
    return picture.frames if isinstance(picture, media.Clip) else picture.pixels


@lru_cache(maxsize=4)
def _shown(path: Path) -> np.ndarray:
    picture = media.open_file(path)
    return picture.frames[0] if isinstance(picture, media.Clip) else picture.pixels


@in_plain_words
def hook() -> ui.Page:
    """A photograph, and nothing else yet."""
    file = _file("phone")
    data = base64.b64encode(encoded(_shown(file.path))).decode("ascii")
    credit = html.escape(f"Photograph: {file.author}, licence {file.licence}.")
    return ui.Page(
        f'<figure class="lt-figure"><img alt="{html.escape(file.alt, quote=True)}" '
        f'src="data:image/jpeg;base64,{data}"><figcaption>{credit}</figcaption></figure>',
        file.alt,
    )


@in_plain_words
def look_inside(name: str) -> ui.FileDeskView:
    """Everything that a file says of itself.

    Parameters
    ----------
    name : str
        ``"phone"``, ``"camera"``, ``"messenger"``, ``"fox"`` or ``"film"``, or the path of a file of one's own.
    """
    own = _own(name)
    if own is not None:
        provenance.read_metadata(own)  # says what is wrong with it, if something is
        return ui.FileDeskView(provenance.Desk({"own": own}, _pixels), {}, _pixels)
    file = _file(name)
    desk = provenance.Desk({name: file.path}, _pixels)
    return ui.FileDeskView(desk, {name: file.alt}, _pixels, told=_TOLD.get(name, ()))


_TOLD = {
    "messenger": (
        "So not one field about camera, time, place or program is left. The messenger took them out, as most do with "
        "what is sent as a photo; what is sent as a file or a document mostly keeps them. It also made the picture "
        "smaller and saved it again. Only the name of the file still says something.",
        "What is missing tells you very little. Nearly every picture that was sent around has no notes left, whatever "
        "it shows and whoever made it. So to find none hardly moves the odds, neither for the picture nor against it. "
        "Keep that in mind: it is the most useful thing in this lesson.",
    ),
    "fox": (
        "There stands the recipe: the prompt (the words somebody typed), the model (the program that learned from "
        "pictures) and the seed (a number that the first noise is drawn from). With the same recipe, settings and "
        "version of the program, nearly the same clip comes out again. On another kind of computer it may differ.",
        "If every generated file said so, this course would be short. But a note that was written can be taken out.",
    ),
}
"""What is said below a file once it is open, and not before: the page asks for a guess."""


def desk_state() -> provenance.Desk:
    """The model behind `desk`."""
    folder = _lesson.log.folder / FOLDER
    return provenance.Desk({name: file.path for name, file in _files().items()}, _pixels, _lesson.log.append, folder)


@in_plain_words
def desk() -> ui.FileDeskView:
    """All files, one's own too, with the tools to take notes out and to write other ones in."""
    files = _files()
    alts = {name: file.alt for name, file in files.items()}
    titles = {name: file.title for name, file in files.items()}
    return ui.FileDeskView(desk_state(), alts, _pixels, changing=True, titles=titles)


@in_plain_words
def on_the_map(name: str = "phone") -> ui.Page:
    """The place that a file names, on a map that needs no internet.

    Parameters
    ----------
    name : str
        One of the lesson's files, or the path of a file of one's own: it stays on this computer.
    """
    path = _own(name) or _file(name).path
    place = provenance.read_metadata(path).location
    if place is None:
        words = f"“{path.name}” names no place. Most files that reach you name none, and that says nothing about them."
        return ui.Page(f"<p>{words}</p>", words)
    countries = outlines(data_folder() / "metadata" / "countries.json")
    inside = next((one.name for one in countries if one.holds(place.latitude, place.longitude)), None)
    where = f"on the map this lies in {inside}" if inside else "on the map this lies in the sea, or close to a coast"
    words = f"The file names {place.words}: {where}. {_how_fine(place)}"
    caption = f"{words} Borders are drawn coarsely, as Natural Earth has them; some are disputed."
    shapes = list(_around(place, countries, inside))
    return ui.figure(
        lambda fig: _draw_map(fig, place, shapes, inside),
        f"Two maps. {words}",
        caption=caption,
        size=(7.6, 4.0),
    )


def _how_fine(place: Location) -> str:
    if place.accuracy is not None:
        return (
            f"It states an accuracy of {_distance(place.accuracy)}: somewhere in a circle of "
            f"{math.pi * (place.radius / 1000) ** 2:,.0f} square kilometres."
        )
    return f"Its last digit means {_distance(place.resolution)}."


def _distance(metres: float) -> str:
    return f"{metres / 1000:.0f} km" if metres >= 1000 else f"{metres:.0f} m" if metres >= 1 else "less than a metre"


# traces of saving


@in_plain_words
def save_again(*qualities: int, photo: str = "camera") -> ui.Page:
    """Save a photo again and again, and see what each saving leaves behind.

    Parameters
    ----------
    *qualities : int
        One to five, each from 50 to 98.
    photo : str
        ``"camera"``, ``"phone"`` or ``"messenger"``.
    """
    if not 1 <= len(qualities) <= 5 or not all(_is_quality(one) for one in qualities):
        raise InputError("Use one to five whole numbers from 50 to 98, such as 90, 75, 90.")
    if photo not in ("camera", "phone", "messenger"):
        raise InputError('Choose the photo "camera", "phone" or "messenger".')
    rungs = _ladder(photo, tuple(qualities))
    rows = "".join(
        f"<tr><td>{rung.number}</td><td>{rung.quality}</td><td>{rung.bytes / 1000:.0f}\N{NO-BREAK SPACE}kB</td>"
        f"<td>{rung.changed:.1f}</td><td>{100 * rung.ghost:.0f} %</td><td>{rung.twice:.2f}</td></tr>"
        for rung in rungs
    )
    head = (
        "<tr><th>saving</th><th>quality</th><th>size</th><th>change since the start (grey levels)</th>"
        "<th>shows a coarser saving before</th><th>traces of two savings (bits)</th></tr>"
    )
    words = "; ".join(
        f"saving {rung.number} at {rung.quality}: {rung.bytes / 1000:.0f} kB, a coarser saving before shows in "
        f"{100 * rung.ghost:.0f} % of it, traces of two savings {rung.twice:.2f} bits"
        for rung in rungs
    )
    says = _ladder_says(rungs, photo)
    curves = ui.figure(lambda fig: _draw_ladder(fig, rungs), f"A curve for each saving. {words}. {says}", caption=says)
    return ui.Page(f"<table>{head}{rows}</table>{curves._repr_html_()}", f"{words}. {says}")


@dataclass(frozen=True, eq=False)
class Rung:
    """One saving of the ladder, measured.

    Attributes
    ----------
    number, quality : int
        Which saving, from 1, and at what quality.
    bytes : int
        Size of the file.
    changed : float
        Mean difference from the first picture, grey levels.
    tried : tuple of int
        Qualities at which it was saved once more, to see.
    depth : ndarray, shape (N,)
        By how much that changes it, grey levels.
    dips : tuple of int
        Where most of the picture dips.
    ghost : float
        Share of the picture that dips at a saving of the recipe before this one, and coarser than it.
    ghost_at : tuple of int
        Those savings, where most of the picture shows them.
    twice : float
        Traces of two savings, bits a coefficient.
    """

    number: int
    quality: int
    bytes: int
    changed: float
    tried: tuple[int, ...]
    depth: np.ndarray
    dips: tuple[int, ...]
    ghost: float
    ghost_at: tuple[int, ...]
    twice: float


def _tried(spoken_of: Iterable[int]) -> tuple[int, ...]:
    """Qualities to save at once more, to see: every fifth, and those that are spoken of."""
    wanted = set(spoken_of)
    return tuple(sorted(wanted | {one for one in range(45, 101, 5) if all(abs(one - other) > 1 for other in wanted)}))


def _rung(number: int, made: tuple[int, ...], size: int, pixels: np.ndarray, first: np.ndarray, tried: tuple) -> Rung:
    """`made` are the qualities of all savings up to this one, that of the file as it came first."""
    ghosts = forensics.jpeg_ghosts(pixels, tried)
    share = dict(zip(tried, ghosts.dips.mean(axis=(1, 2)).tolist(), strict=True))
    coarser = {one for one in made[:-1] if one < made[-1]}
    shows = ghosts.dips[[tried.index(one) for one in sorted(coarser)]].any(axis=0) if coarser else np.zeros(1)
    return Rung(
        number,
        made[-1],
        size,
        changed=float(np.abs(pixels.astype(np.int16) - first).mean()),
        tried=tried,
        depth=np.sqrt(ghosts.differences.mean(axis=(1, 2))),
        dips=tuple(one for one in tried if share[one] > 0.5),
        ghost=float(shows.mean()),
        ghost_at=tuple(one for one in sorted(coarser) if share[one] > 0.5),
        twice=forensics.double_quantisation(pixels).value,
    )


@cache
def _came_at(photo: str) -> int:
    """The quality that the file was saved at when it came, by its own tables, or nearly."""
    words = provenance.read_metadata(_file(photo).path).structure["Like a saving at quality"]
    return int(words.split()[0])


@lru_cache(maxsize=8)
def _ladder(photo: str, qualities: tuple[int, ...]) -> tuple[Rung, ...]:
    import cv2

    # A part of it, cut on the grid of the blocks, so that it takes a second and not ten.
    pixels = first = _shown(_file(photo).path)[160:672, 160:800]
    made = (_came_at(photo), *qualities)
    tried = _tried(made)
    rungs = []
    for number, quality in enumerate(qualities, 1):
        encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = forensics.save_as_jpeg(pixels, quality)
        rungs.append(_rung(number, made[: number + 1], len(encoded), pixels, first, tried))
    return tuple(rungs)


def _ladder_says(rungs: tuple[Rung, ...], photo: str) -> str:
    """What the last curve shows of the recipe, what it only seems to show, and what it cannot tell."""
    last, came = rungs[-1], _came_at(photo)
    ours = [rung.quality for rung in rungs]
    sentences = [f"The last curve is lowest at {last.quality}, the last saving."]
    coarse = [dip for dip in last.dips if dip != last.quality]
    echoes = {dip: made for dip in coarse if (made := next((one for one in last.dips if _twice(one, dip)), None))}
    ghosts = [one for one in last.ghost_at if one not in echoes]
    for one in ghosts:
        whose = "one before" if one in ours[:-1] else "the quality that the file came with"
        sentences.append(f"It also dips at {one}, {whose}: that is its ghost.")
    for echo, made in echoes.items():
        known = echo in (*ours, came)
        told = f"It was saved at {echo} once, but the curve cannot tell" if known else f"Nothing was saved at {echo}"
        sentences.append(
            f"It dips at {echo} too. {told}: the steps of {made} are twice as wide as those of {echo}, and what fits "
            "the wide ones fits the narrow ones too."
        )
    if ghosts:
        sentences.append(
            "A ghost is a quality at which one more saving changes little, though the last saving was another. It "
            "tells that there was a saving before, at about this quality or at a coarser one whose steps are a "
            "multiple of its own; not who saved it, and not whether the picture is true."
        )
    else:
        sentences.append(_nothing_left(ours))
    return " ".join(sentences)


def _twice(coarse: int, fine: int) -> bool:
    """Whether the steps of rounding of one quality are twice those of the other, as of 50 and 75, or 60 and 80."""
    return 50 <= coarse < fine and 200 - 2 * coarse == 2 * (200 - 2 * fine)


def _nothing_left(ours: list[int]) -> str:
    *before, last = ours
    if not before:
        # the photo itself had been saved before it came, so it is not the only one
        return "You have saved it once. Of the saving that the file came with, the curve shows no ghost."
    if all(one == last for one in before):
        return (
            f"Two savings at {last} look like one: the second changes hardly anything, so one cannot tell them apart."
        )
    if all(one >= last for one in before):
        return "Nothing clear is left of a saving before: a coarse saving wipes out the traces of a fine one."
    return "The savings before left no clear dip of their own, so one cannot tell them from this curve."


def _is_quality(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 50 <= value <= 98


@in_plain_words
def bench() -> ui.ProbeView:
    """Two measurements of saving on photos as they were taken and on changed ones."""
    car, canal = media.controlled()["parked-car"], media.controlled()["canal-resaved"]
    pictures = {
        "Lane: as photographed": car.before,
        "Lane: a car was pasted in": car.after,
        "Canal: as photographed": canal.before,
        "Canal: one house saved again": canal.after,
        "Dogs: as the messenger left it": _file("messenger").path,
    }
    return ui.ProbeView(ui.Probe(pictures, _traces()))


def _traces() -> tuple[ui.Gauge, ...]:
    """Error levels from a quality at which something is seen, and ghosts from the lowest.

    The photos of this lesson have other sizes and savings than those of the pack, so there is no place among them.
    """
    begin = {"error_level_analysis": 76, "jpeg_ghosts": 55}
    return tuple(
        replace(
            gauge,
            null=(),
            parameters=tuple(
                replace(one, default=begin[gauge.key]) if one.name == "quality" else one for one in gauge.parameters
            ),
        )
        for gauge in gauges.gauges(list(begin))
    )


@in_plain_words
def how_well() -> ui.Page:
    """How well each map finds the changed part, on every controlled pair where a part was changed."""
    found = json.loads((data_folder() / "forensics" / "regions.json").read_text(encoding="utf-8"))
    values = {title: {pair: maps[key] for pair, maps in found.items()} for title, key in _MAPS.items()}
    low, high = (end(one for row in values.values() for one in row.values()) for end in (min, max))
    alt = (
        f"For {len(found)} changed photos and {len(values)} maps, how often a changed pixel has the larger value than "
        f"an unchanged one: from {low:.2f} to {high:.2f}. "
        + " ".join(
            f"{title}: {', '.join(f'{_STEPS.get(pair, pair)} {value:.2f}' for pair, value in row.items())}."
            for title, row in values.items()
        )
    )
    caption = (
        "Pick one changed and one unchanged place: how often is the changed one brighter? Always would be 1, and 0.5 "
        "is a coin. Below it the changed part is the darker one, as on the canal. Five photos are no survey."
    )
    return ui.figure(lambda fig: _draw_regions(fig, values), alt, caption=caption, size=(7.6, 3.2))


_MAPS = {
    "error levels, saved at 90": "error_level_analysis, quality 90",
    "error levels, saved at 75": "error_level_analysis, quality 75",
    "ghosts": "jpeg_ghosts",
    "two savings": "double_quantisation",
}
_STEPS = {
    "canal-resaved": "saved again",
    "car-door": "filled",
    "parked-car": "pasted in",
    "second-fir": "copied",
    "summer-larches": "recoloured",
}


@in_plain_words
def table() -> ui.FindingsView:
    """What each finding shows, and what it does not: to be filled."""
    return ui.FindingsView(table_state())


def table_state() -> judgement.FindingsState:
    """The model behind `table`."""
    known = judgement.load_findings(data_folder() / "findings.toml")
    return judgement.FindingsState(known["file/shows"], _lesson.log.append, _lesson.past())


# figures


def _draw_map(fig: Figure, place: Location, shapes: list[tuple[bool, np.ndarray]], inside: str | None) -> None:
    left, right = fig.subplots(1, 2, width_ratios=(1.5, 1))
    ink = left.yaxis.label.get_color()
    x, y = place.longitude, place.latitude
    for holds, lines in shapes:
        left.fill(*lines.T, facecolor=ink, alpha=0.22 if holds else 0.08, lw=0)
        left.plot(*lines.T, color=ink, lw=1.4 if holds else 0.6, alpha=0.8)
    left.plot(x, y, "D", color="#CC79A7", ms=8, mec=ink)
    left.set(xlim=(x - 34, x + 34), ylim=(y - 26, y + 26), xlabel="degrees of longitude", ylabel="degrees of latitude")
    left.set_aspect(1 / max(0.2, math.cos(math.radians(y))))
    left.set_title(f"The place: {inside or 'off the coast'}", loc="left")
    radius = max(place.radius, 1) / 1000
    reach = radius * 1.6
    turn = np.linspace(0, 2 * np.pi, 200)
    right.fill(radius * np.cos(turn), radius * np.sin(turn), facecolor="#CC79A7", alpha=0.25, edgecolor="none")
    right.plot(radius * np.cos(turn), radius * np.sin(turn), color="#CC79A7")
    right.plot(0, 0, "D", color="#CC79A7", ms=7, mec=ink)
    right.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="km to the east", ylabel="km to the north")
    right.set_aspect("equal")
    right.set_title("Somewhere in this circle", loc="left")


def _around(place: Location, countries: tuple[Country, ...], inside: str | None) -> Iterator[tuple[bool, np.ndarray]]:
    """The outlines that lie within the map, each with whether it is of the country of the place."""
    x, y = place.longitude, place.latitude
    for one in countries:
        for ring in one.rings:
            lines = np.array(ring)
            low, high = lines.min(axis=0), lines.max(axis=0)
            for turn in (-360, 0, 360):
                if low[0] + turn < x + 34 and high[0] + turn > x - 34 and low[1] < y + 26 and high[1] > y - 26:
                    yield one.name == inside, lines + np.array([turn, 0])


# Of the Okabe-Ito palette, without the two that stand for camera and generated.
_RUNGS = ("#56B4E9", "#E69F00", "#CC79A7", "#009E73", "#999999")


def _draw_ladder(fig: Figure, rungs: tuple[Rung, ...]) -> None:
    axes = fig.subplots()
    for rung, colour, dash in zip(rungs, _RUNGS, ("--", ":", "-", "-.", "-"), strict=False):
        last = rung is rungs[-1]
        axes.plot(rung.tried, rung.depth, "-" if last else dash, marker="o", ms=5, color=colour, lw=3 if last else 2)
        axes.annotate(
            f"saving {rung.number} (at {rung.quality})",
            (rung.tried[0], rung.depth[0]),
            annotation_clip=False,
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=axes.yaxis.label.get_color(),
        )
    axes.set(
        xlabel="saved once more at this quality, to see",
        ylabel="changes by, grey levels",
        xlim=(30, 101.5),
        ylim=(0, (1 + 0.1 * len(rungs)) * max(rung.depth.max() for rung in rungs)),
    )
    spoken_of = {rung.quality for rung in rungs}
    axes.set_xticks(rungs[0].tried, [str(one) if one < 100 or 98 not in spoken_of else "" for one in rungs[0].tried])
    _spread_labels(axes)
    axes.set_title("Where a curve dips, one more saving changes little", loc="left")


def _spread_labels(axes: Axes) -> None:
    """Move labels that would lie on one another apart."""
    labels = sorted(axes.texts, key=lambda one: one.xy[1])
    top = axes.get_ylim()[1]
    gap, free = top / 14, 0.0
    for label in labels:
        y = max(label.xy[1], free)
        label.set_position((-6, (y - label.xy[1]) / top * 190))
        free = y + gap


def _draw_regions(fig: Figure, values: dict[str, dict[str, float]]) -> None:
    axes = fig.subplots()
    ink = axes.yaxis.label.get_color()
    axes.axvline(0.5, color=ink, lw=1, ls=":")
    marks = "os^Dv"
    for y, (title, row) in enumerate(reversed(values.items())):
        for (pair, value), mark in zip(row.items(), marks, strict=False):
            label = _STEPS.get(pair, pair) if y == 0 else None
            axes.plot(value, y, mark, color=_RUNGS[marks.index(mark)], mec=ink, ms=9, label=label)
        axes.text(-0.02, y, title, ha="right", va="center")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set(xlim=(0, 1), ylim=(-0.5, len(values) - 0.5), xlabel="how often a changed place is the brighter one")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.24), ncols=5, frameon=False, labelcolor=ink, fontsize=9)
    axes.set_title("No map finds every change", loc="left")
