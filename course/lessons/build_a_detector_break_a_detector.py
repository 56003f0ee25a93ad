"""Lesson 4: a detector of one's own, three numbers that judge it, and five ways in which it fails."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media, ui
from course.errors import InputError
from course.lessons import clip_features
from course.lessons.clip_features import FEATURES
from course.lessons.lesson import Lesson, free_items, in_plain_words
from course.media.catalogue import data_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_lesson = Lesson("build-a-detector-break-a-detector", questions="detector")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()

BENCH = "detector"
FIRST = ("colour", "movement", "blocks")
"""What is ticked before the learner has ticked anything."""

LEAKY = ("movement", "sharpness", "detail", "blocks")
"""What our leaky detector looks at, by yes-or-no questions: of those that we tried it loses most on new sources."""

METHODS = {
    "weights": ("weigh it all up", "each number pushes the score up or down"),
    "questions": ("ask yes-or-no questions", "three in a row at most, like a game of twenty questions"),
}
SIDES = ("camera", "generated", "both")
RARE = 0.02
"""Of all clips that pass by, how many are generated in the table of three numbers: an assumption, said beside it."""

SAME = 0.02
"""A score that has moved by less than this, of 1, has not moved."""

SMALL = 0.1
"""Two exams whose AUC differs by less than this do not differ: on half a hundred clips luck does as much."""

OUR_LINE = 50


@cache
def _measuring() -> Future[judgement.Table]:
    """Begin to measure the clips while the learner reads, and after that to load scikit-learn."""
    one = ThreadPoolExecutor(1)
    table = one.submit(clip_features.table)
    for part in ("sklearn.linear_model", "sklearn.tree"):
        one.submit(import_module, part)
    return table


def _table() -> judgement.Table:
    return _measuring().result()


def _model() -> judgement.Bench:
    return judgement.Bench(BENCH, _table(), _lesson.log.append, _lesson.past(), features=FIRST)


@lru_cache(maxsize=32)
def _trained(features: tuple[str, ...], method: str) -> judgement.Detector:
    return judgement.train(_table(), features, method)


def _ours() -> judgement.Detector:
    """The detector that the bench opens with."""
    return _trained(FIRST, "weights")


def _whose(bench: judgement.Bench) -> str:
    return "Your detector" if bench.trained else "A detector that we chose (you have not trained one yet)"


def _named(features: Sequence[str]) -> str:
    return ", ".join(FEATURES[key].label for key in features)


@dataclass(frozen=True)
class _Broken:
    """The detector that the boxes try to break.

    Attributes
    ----------
    detector : Detector
    line : int
    whose : str
        The subject of a sentence.
    why : str
        Why it is not the learner's own, or nothing.
    """

    detector: judgement.Detector
    line: int
    whose: str
    why: str = ""


def _to_break() -> _Broken:
    """The learner's detector, if it does better than a coin; ours if not, for nothing could be broken in theirs."""
    bench = _model()
    own = _trained(bench.features, bench.method)
    area = own.strangers.auc
    if area.low > 0.5 or not bench.trained:
        return _Broken(own, bench.line, _whose(bench))
    why = (
        f"Your detector had {area.value:.2f} in its exam ({area.low:.2f} to {area.high:.2f}). A coin may do as well, "
        f"so there is little in it to break. Here is ours instead, which looks at {_named(FIRST)}."
    )
    return _Broken(_ours(), OUR_LINE, "Our detector", why)


# one number


def _letters(item: media.Item) -> int:
    """Letters in the name of the file the item was made from."""
    return len(PurePosixPath(item.member).name)


@in_plain_words
def mystery() -> ui.Page:
    """A detector that is nearly never wrong, and no word about what it looks at."""
    _measuring()
    values, made = _name_lengths()
    area = judgement.auc(*_split(values, made))
    alt = (
        f"Two rows of marks on an axis without numbers: {sum(made)} generated clips nearly all to the right, "
        f"{len(made) - sum(made)} camera clips nearly all to the left. AUC {area.value:.3f}, where 0.5 is a coin and "
        "1 is perfect."
    )
    caption = f"Each mark is a clip. AUC {area.value:.3f}: a coin has 0.5, and 1 is perfect."
    title = "One number, and nearly every clip is on its own side"
    return ui.figure(
        lambda fig: _draw_number(fig, values, made, title, "the number, from small to large", numbers=False),
        alt,
        caption=caption,
        size=(7.4, 2.3),
    )


@in_plain_words
def reveal() -> ui.Page:
    """What the first detector looked at."""
    values, made = _name_lengths()
    items = free_items(kind="clip", purpose="parity")
    area = judgement.auc(*_split(values, made))
    short, long = (
        pick((PurePosixPath(item.member).name for item in items if item.origin == origin), key=len)
        for origin, pick in (("camera", min), ("generated", max))
    )
    words = (
        f"It counts the letters in the name of the original file, from {short} to {long}. It has not looked at one "
        f"picture, and has AUC {area.value:.3f}; ours, which looks at pictures, has {_ours().strangers.auc.value:.2f} "
        "in its exam. The clips came from two kinds of places, and the two name their files in two ways. That is all."
    )
    title = "The detector from the start counts letters"
    return ui.figure(
        lambda fig: _draw_number(fig, values, made, title, "letters in the name of the original file"),
        words,
        caption=words,
        size=(7.4, 2.6),
    )


def _name_lengths() -> tuple[list[float], list[bool]]:
    items = free_items(kind="clip", purpose="parity")
    return [float(_letters(item)) for item in items], [item.origin == "generated" for item in items]


@in_plain_words
def one_number(name: str) -> ui.Page:
    """The clips of the pack by one of their numbers, and how well that number alone tells them apart."""
    key = _key(name)
    feature, table = FEATURES[key], _table()
    values, made = table.column(key), table.generated
    area = judgement.auc(*_split(values, made))
    medians = {side: np.median(_split(values, made)[place]) for place, side in enumerate(("generated", "camera"))}
    unit = f" {feature.unit}" if feature.unit else ""
    beyond = sum(value > medians["generated"] for value in _split(values, made)[1])
    words = (
        f"In the middle: camera clips {medians['camera']:.{feature.digits}f}{unit}, generated clips "
        f"{medians['generated']:.{feature.digits}f}{unit}. {beyond} of {len(made) - sum(made)} camera clips have more "
        f"than the middle generated one. AUC {area.value:.2f} ({area.low:.2f} to {area.high:.2f})."
    )
    title = f"{feature.label.capitalize()}: {feature.about}"
    axis = f"{feature.label}, {feature.unit}" if feature.unit else feature.label
    return ui.figure(
        lambda fig: _draw_number(fig, values, made, title, axis),
        f"Two rows of marks, {len(made) - sum(made)} camera and {sum(made)} generated clips. {words}",
        caption=words,
        size=(7.4, 2.6),
    )


def _key(name: object) -> str:
    known = {feature.label: key for key, feature in FEATURES.items()}
    if isinstance(name, str) and (found := known.get(name.strip().lower(), name.strip().lower())) in FEATURES:
        return found
    raise InputError(f"There is no number called {name!r}. Choose one of: {', '.join(known)}.")


# the bench


@in_plain_words
def bench() -> ui.BenchView:
    """Choose, train, and draw the line."""
    return ui.BenchView(_model(), {key: (one.label, one.about) for key, one in FEATURES.items()}, METHODS)


@in_plain_words
def exams() -> ui.Page:
    """The same features, both ways to decide, three exams: how kind each exam is."""
    chosen = _model()
    names = {
        "homework": "the clips it learned from",
        "siblings": "a new clip, but of a known source",
        "strangers": "a source it had never seen",
    }
    areas = {
        method: {exam: getattr(_trained(chosen.features, method), exam).auc for exam in names} for method in METHODS
    }
    said = [
        f"{METHODS[method][0]}: " + ", ".join(f"{names[exam]} {area.value:.2f}" for exam, area in found.items())
        for method, found in areas.items()
    ]
    leaky = _trained(LEAKY, "questions")
    leak = {
        names["homework"]: leaky.homework.auc,
        "a new clip, with its copy planted by us": _with_copies(),
        names["siblings"]: leaky.siblings.auc,
        names["strangers"]: leaky.strangers.auc,
    }
    middle, fair = (areas[chosen.method][exam].value for exam in ("siblings", "strangers"))
    lines = [
        f"{_whose(chosen)} looks at: {_named(chosen.features)}. The lines show how far off each figure may be.",
        f"Between the middle exam and the last one it loses {_loss(middle, fair)}. "
        + (
            f"On {len(_table().items)} clips that is too little to show anything."
            if middle - fair < SMALL
            else "Other clips of the same source were in its homework: something leaks."
        ),
        f"Below is one of ours, chosen to show it. It looks at {_named(LEAKY)}, and asks yes-or-no questions. Once we "
        "planted a copy of each clip in its homework, as when a film is uploaded twice. It learned nothing new about "
        f"clips, and in that exam it has {_with_copies().value:.2f}. On new clips of sources it knows: "
        f"{leaky.siblings.auc.value:.2f}. On sources it had never seen: {leaky.strangers.auc.value:.2f}. What it knew "
        "were these clips and these sources, and such a thing is called a leak. When you read how good a detector is, "
        "ask which exam it was.",
    ]
    ours = ", ".join(f"{name} {area.value:.2f}" for name, area in leak.items())
    return ui.figure(
        lambda fig: _draw_exams(fig, areas, list(names.values()), leak),
        f"AUC in three exams. {'. '.join(said)}. One of ours, chosen to show a leak, in four exams: {ours}. "
        + " ".join(lines[:2]),
        caption="\n".join(lines),
        size=(7.4, 4.8),
    )


def _loss(before: float, after: float) -> str:
    loss = round(before - after, 2)
    return "nothing" if loss <= 0 else f"{loss:.2f}"


@cache
def _with_copies() -> judgement.Auc:
    """The middle exam with a leak that we planted: of each clip a copy stays in the homework."""
    table = _table()
    twice = judgement.Table(
        items=table.items + tuple(f"{item}, once more" for item in table.items),
        generated=table.generated * 2,
        sources=table.sources * 2,
        features=table.features,
        values=table.values * 2,
    )
    values = judgement.train(twice, LEAKY, "questions").siblings.values
    return judgement.Scores(table.items, table.generated, values[: len(table.items)]).auc


@in_plain_words
def three_numbers() -> ui.Page:
    """Right answers, false alarms and AUC of three detectors: which of them tells what."""
    chosen = _model()
    scores = _trained(chosen.features, chosen.method).strangers
    signal = scores.at(chosen.line / 100)
    caught, accused = signal.hits / signal.generated, signal.false_alarms / signal.camera
    mine = "yours" if chosen.trained else "ours"
    rows = [
        (f"{mine}, line at {chosen.line}", caught, accused, f"{scores.auc.value:.2f}"),
        ("one that never flags", 0.0, 0.0, "0.50"),
        ("one that flags everything", 1.0, 1.0, "0.50"),
    ]
    head = ("Detector", "Right, if half of all clips are generated", f"Right, if {RARE * 100:.0f} in 100 are",
            "Flagged of 100 camera clips", "Flagged of 100 generated clips", "AUC")  # fmt: skip
    lines, words = [], []
    for name, hit, alarm, area in rows:
        right = [100 * (mix * hit + (1 - mix) * (1 - alarm)) for mix in (0.5, RARE)]
        cells = [f"{right[0]:.0f} %", f"{right[1]:.0f} %", f"{100 * alarm:.0f}", f"{100 * hit:.0f}", area]
        lines.append(
            f'<tr><th scope="row">{html.escape(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        )
        words.append(f"{name}: right {cells[0]} and {cells[1]}, flags {cells[2]} of 100 camera clips, AUC {area}")
    low, high = signal.rate_interval("camera_accepted")
    note = (
        f"Counted on clips of sources it had never seen: {signal.generated} generated, {signal.camera} camera. So few "
        f"clips say little: of 100 camera clips, {100 * (1 - high):.0f} to {100 * (1 - low):.0f} may be flagged. That "
        f"{RARE * 100:.0f} in 100 are generated is our assumption, to show what it does. In such a mix whoever never "
        f"flags is right {100 - RARE * 100:.0f} times in 100 and accuses nobody, and has found nothing."
    )
    return ui.Page(
        f"<table><tr>{''.join(f'<th scope=col>{html.escape(one)}</th>' for one in head)}</tr>{''.join(lines)}</table>"
        f'<p class="lt-quiet">{html.escape(note)}</p>',
        f"{'. '.join(words)}. {note}",
    )


# breaking it


@in_plain_words
def look_at_mistakes() -> ui.Player:
    """The camera clip that is flagged first, beside the generated clip that is flagged last."""
    chosen = _to_break()
    scores = chosen.detector.strangers
    by_side = {
        made: [(value, item) for item, value, flag in zip(scores.items, scores.values, scores.generated, strict=True)
               if flag is made]
        for made in (False, True)
    }  # fmt: skip
    accused, missed = max(by_side[False]), min(by_side[True])
    table, lines = _table(), []
    for key in chosen.detector.features:
        column = dict(zip(table.items, table.column(key), strict=True))
        typical = [np.median(part) for part in _split(table.column(key), table.generated)]
        feature = FEATURES[key]
        unit = f" {feature.unit}" if feature.unit else ""
        shown = [f"{value:.{feature.digits}f}" for value in (column[accused[1]], column[missed[1]], *typical[::-1])]
        lines.append(
            f"{feature.label.capitalize()}: {shown[0]} and {shown[1]}{unit}. Typical: camera {shown[2]}, "
            f"generated {shown[3]}."
        )
    return ui.compare(
        *(media.load(name) for _, name in (accused, missed)),
        labels=(f"camera, score {100 * accused[0]:.0f}", f"generated, score {100 * missed[0]:.0f}"),
        roles=("camera", "generated"),
        note="\n".join([f"{chosen.why} {chosen.whose} finds the left clip more suspicious than any other camera clip, "
                        "and the right one less than any other generated clip.".strip(), *lines]),
    )  # fmt: skip


@in_plain_words
def resave(quality: int = 30, whose: str = "generated") -> ui.Page:
    """Save the frames once more, coarsely, as a messenger does, and ask the detector again."""
    if not isinstance(quality, int) or isinstance(quality, bool) or not 1 <= quality <= 100:
        raise InputError("Use a whole number from 1 (very coarse) to 100 (very fine) for quality.")
    change = partial(forensics.attacks.jpeg, quality=quality)
    return _attacked(change, whose, f"saved again at quality {quality}")


@in_plain_words
def paler(keep: float = 50, whose: str = "generated") -> ui.Page:
    """Turn the colours down, as with the slider of any phone, and ask the detector again."""
    if not isinstance(keep, (int, float)) or isinstance(keep, bool) or not 1 <= keep <= 100:
        raise InputError("Use a number from 1 (nearly grey) to 100 (nothing changes) for keep.")
    change = partial(forensics.attacks.paler, share=keep / 100)
    return _attacked(change, whose, f"{keep:g} % of the colour kept")


def _attacked(change: Callable[[np.ndarray], np.ndarray], whose: str, what: str) -> ui.Page:
    if whose not in SIDES:
        raise InputError(f'Write "camera", "generated" or "both" for whose, not {whose!r}.')
    chosen = _to_break()
    detector = chosen.detector
    measured = dict.fromkeys((*detector.features, *FIRST))
    table = clip_features.remeasured(_table(), change, whose, tuple(measured))
    before, after = detector.strangers, detector.again(table)
    side = "all clips" if whose == "both" else f"{whose} clips"
    panels = {"as they were": before, f"{side}: {what}": after}
    said = [f"{name.capitalize()}: {_counts(scores, chosen.line)}" for name, scores in panels.items()]
    if max(abs(new - old) for new, old in zip(after.values, before.values, strict=True)) < SAME:
        said.append(
            "Nothing that it looks at has moved. Go back to the bench, let it look at something else too, and run this "
            "box again."
        )
    else:
        said.append("The clips were made as before. Only the scores have moved.")
    if detector is not _ours():
        then, now = _ours().strangers.auc.value, _ours().again(table).auc.value
        said.append(f"Ours, which looks at {_named(FIRST)}, goes from {then:.2f} to {now:.2f}.")
    words = f"{chosen.why} {chosen.whose}. {' '.join(said)}".strip()
    return ui.figure(lambda fig: _draw_panels(fig, panels, chosen.line), words, caption=words, size=(7.6, 2.9))


def _counts(scores: judgement.Scores, line: int) -> str:
    signal = scores.at(line / 100)
    return (
        f"flags {signal.hits} of {signal.generated} generated and {signal.false_alarms} of {signal.camera} camera "
        f"items, AUC {scores.auc.value:.2f}."
    )


@in_plain_words
def strangers() -> ui.Page:
    """The detector meets stills, made by generators of which it has never seen anything."""
    chosen = _to_break()
    looks_at = chosen.detector.features
    features = tuple(key for key in looks_at if FEATURES[key].of_picture)
    if not features:
        raise InputError(
            "A still does not move, and your detector looks at nothing else. Go back to the bench, tick one thing "
            "more, train, and run this box again."
        )
    detector = _trained(features, chosen.detector.method)
    stills = _stills(features)
    scores = detector.meet(stills)
    makers = {source for source, made in zip(stills.sources, stills.generated, strict=True) if made}
    panels = {"clips, sources it had never seen": detector.strangers, "stills, generators it had never seen": scores}
    left_out = " Movement is left out, because a still has none." if features != looks_at else ""
    here, there = _counts(detector.strangers, chosen.line), _counts(scores, chosen.line)
    words = (
        f"{chosen.why} {chosen.whose}, looking at {_named(features)}.{left_out} On clips it {here} On stills by "
        f"{len(makers)} families of generators it {there}"
    ).strip()
    return ui.figure(lambda fig: _draw_panels(fig, panels, chosen.line), words, caption=words, size=(7.6, 2.9))


@cache
def _stills(features: tuple[str, ...]) -> judgement.Table:
    """The stills of the pack, without those of a family of generators that also made one of the clips."""
    met = {source for source, made in zip(_table().sources, _table().generated, strict=True) if made}
    table = clip_features.table("still", features)
    keep = [not made or source not in met for made, source in zip(table.generated, table.sources, strict=True)]
    rows = zip(table.items, table.generated, table.sources, table.values, strict=True)
    items, generated, sources, values = zip(*(row for row, stays in zip(rows, keep, strict=True) if stays), strict=True)
    return judgement.Table(items, generated, sources, table.features, values)


@in_plain_words
def what_gives_it_away() -> ui.Page:
    """All that was found, side by side: what the files say, what the pictures say, and what the originals said."""
    items, table = free_items(kind="clip", purpose="parity"), _table()
    made = [item.origin == "generated" for item in items]
    groups = {
        "the original files": {
            "letters in the file name": [float(_letters(item)) for item in items],
            "the name ends in .webp": [float(item.member.endswith(".webp")) for item in items],
        },
        "our files": {
            "bytes": [float(item.bytes) for item in items],
            "length in frames": [float(item.frames) for item in items],
            "width in pixels": [float(item.width) for item in items],
        },
        "the pictures": {feature.label: table.column(key) for key, feature in FEATURES.items()},
    }
    areas = {
        group: {name: judgement.auc(*_split(values, made)) for name, values in rows.items()}
        for group, rows in groups.items()
    }
    said = "; ".join(
        f"{group}: " + ", ".join(f"{name} {area.value:.2f}" for name, area in rows.items())
        for group, rows in areas.items()
    )
    words = f"AUC of each number alone, on {len(made) - sum(made)} camera and {sum(made)} generated clips."
    return ui.figure(lambda fig: _draw_areas(fig, areas), f"{words} {said}.", caption=words, size=(7.4, 4.4))


# the learner's own words


def limit_state() -> judgement.WritingState:
    """The model behind `limit`."""
    known = judgement.load_writings(data_folder() / "writing.toml")
    return judgement.WritingState(known["detector/limit"], _lesson.log.append, _lesson.past())


@in_plain_words
def limit() -> ui.WritingView:
    """Write down one limit of the detector, then hold it against a checklist."""
    return ui.WritingView(limit_state())


# figures


def _split(values: Sequence[float], made: Sequence[bool]) -> tuple[list[float], list[float]]:
    """Values of the generated items, and of the camera items."""
    return (
        [value for value, flag in zip(values, made, strict=True) if flag],
        [value for value, flag in zip(values, made, strict=True) if not flag],
    )


def _piled(values: Sequence[float], low: float, high: float, places: int = 60) -> tuple[list[float], list[float]]:
    """Where each mark goes: along the axis in `places` steps, and up where others lie already."""
    step = (high - low) / places or 1.0
    heights: dict[int, int] = {}
    across, up = [], []
    for value in sorted(values):
        place = round((value - low) / step)
        heights[place] = heights.get(place, 0) + 1
        across.append(low + place * step)
        up.append(float(heights[place] - 1))
    return across, up


def _draw_row(axes: Axes, values: Sequence[float], side: str, base: float, ends: tuple[float, float], **style) -> None:
    colour, marker = (ui.CAMERA, "o") if side == "camera" else (ui.GENERATED, "s")
    x, up = _piled(values, *ends)
    axes.scatter(x, [base + 0.17 * height for height in up], s=32, color=colour, marker=marker, linewidths=0, **style)


def _draw_number(
    fig: Figure, values: Sequence[float], made: Sequence[bool], title: str, axis: str, *, numbers: bool = True
) -> None:
    axes = fig.subplots()
    generated, camera = _split(values, made)
    ends = min(values), max(values)
    _draw_row(axes, camera, "camera", 1.2, ends)
    _draw_row(axes, generated, "generated", 0.0, ends)
    axes.set_yticks([0.1, 1.3], [f"{len(generated)} generated", f"{len(camera)} camera"])
    axes.tick_params(axis="y", length=0)
    axes.set(ylim=(-0.25, 2.5), xlabel=axis)
    axes.spines["left"].set_visible(False)
    if not numbers:
        axes.set_xticks([])
    axes.set_title(title, loc="left")


def _draw_panels(fig: Figure, panels: dict[str, judgement.Scores], line: int) -> None:
    for axes, (name, scores) in zip(fig.subplots(1, len(panels), sharey=True), panels.items(), strict=True):
        ink = axes.yaxis.label.get_color()
        for side, base in (("camera", 1.2), ("generated", 0.0)):
            values = [100 * value for value in scores.of(side == "generated")]
            _draw_row(axes, values, side, base, (0, 100))
        axes.axvline(line, color=ink, lw=1.2)
        axes.axvspan(line, 104, color=ink, alpha=0.08, lw=0)
        axes.set(xlim=(-4, 104), ylim=(-0.25, 2.6), xlabel="score")
        axes.set_yticks([0.1, 1.3], ["generated", "camera"])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_title(name, loc="left", fontsize=10)
        axes.text(103, 2.58, "flagged", ha="right", va="top", fontsize=9)


def _draw_exams(fig: Figure, areas: dict, names: Sequence[str], leak: dict[str, judgement.Auc]) -> None:
    upper, lower = fig.subplots(2, 1, sharex=True, height_ratios=(3, 4))
    ink = upper.yaxis.label.get_color()
    for (method, found), shift, face in zip(areas.items(), (0.14, -0.14), (ink, "none"), strict=True):
        for row, area in enumerate(found.values()):
            label = f"{area.value:.2f} {METHODS[method][0]}" if row == 0 else f"{area.value:.2f}"
            _draw_area(upper, area, 2 - row + shift, face, label)
    for row, area in enumerate(leak.values()):
        _draw_area(lower, area, 3 - row, "none", f"{area.value:.2f}")
    for axes, rows, title in (
        (upper, names, "What you ticked, in three exams"),
        (lower, list(leak), "All seven numbers, yes-or-no questions"),
    ):
        axes.axvline(0.5, color=ink, lw=1, ls=":")
        axes.set_yticks(range(len(rows))[::-1], rows)
        axes.tick_params(axis="y", length=0)
        axes.set(xlim=(0, 1.5), ylim=(-0.5, len(rows) - 0.5))
        axes.set_title(title, loc="left")
    lower.set_xticks([0, 0.25, 0.5, 0.75, 1])
    lower.set_xlabel("AUC: 0.5 is a coin, 1 is perfect")


def _draw_area(axes: Axes, area: judgement.Auc, y: float, face: str, label: str) -> None:
    ink = axes.yaxis.label.get_color()
    axes.plot([area.low, area.high], [y, y], color=ink, lw=1.2, alpha=0.6)
    axes.plot(area.value, y, "D", ms=7, mfc=face, mec=ink)
    axes.annotate(label, (area.high, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9)


def _draw_areas(fig: Figure, areas: dict[str, dict[str, judgement.Auc]]) -> None:
    axes = fig.subplots()
    ink = axes.yaxis.label.get_color()
    axes.axvline(0.5, color=ink, lw=1, ls=":")
    names, places, y = [], [], 0.0
    for group, rows in areas.items():
        axes.text(-0.02, y, group, ha="right", va="center", weight="bold", transform=axes.get_yaxis_transform())
        y -= 1
        for name, area in rows.items():
            axes.plot([area.low, area.high], [y, y], color=ink, lw=1.2, alpha=0.6)
            axes.plot(area.value, y, "D", ms=6, mfc=ink if area.tells else "none", mec=ink)
            names.append(name)
            places.append(y)
            y -= 1
        y -= 0.3
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set(xlim=(0, 1.03), ylim=(y + 0.6, 0.7), xlabel="AUC: 0.5 is a coin; above, generated clips have more of it")
    axes.spines["left"].set_visible(False)
    axes.set_title("Filled: it tells camera and generated apart, more than by chance", loc="left")
