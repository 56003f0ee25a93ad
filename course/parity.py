"""The parity audit: does anything but the picture tell the camera items from the generated ones?

Every item that can be judged blind is measured, file and picture, and for each number the two origins are compared by
the area under the ROC curve. What the file says must tell nothing. What the picture says may tell, and then it is
written down: ``docs/parity.md`` is made here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Literal

from course import judgement, media
from course.errors import InputError
from course.media.catalogue import data_folder

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console
    from rich.table import Table

Group = Literal["container", "picture"]
Value = float | str

PAGE = Path(__file__).resolve().parents[1] / "docs" / "parity.md"
"""Where the page lies in the course folder."""


@dataclass(frozen=True)
class Feature:
    """What is compared.

    Attributes
    ----------
    name : str
        As the tables call it.
    group : {"container", "picture"}
        Whether the file says it or the picture.
    about : str
        What it is, in plain words.
    unit : str
        Of the medians; empty for a pure number and for what is no number.
    digits : int
        Decimals to show.
    fixed : bool
        The pipeline sets it, so it has to be the same in every file.
    """

    name: str
    group: Group
    about: str
    unit: str = ""
    digits: int = 0
    fixed: bool = False


FEATURES = {
    feature.name: feature
    for feature in (
        Feature("file size", "container", "size of the file", "bytes", fixed=True),
        Feature("duration", "container", "how long the clip lasts", "s", 2, fixed=True),
        Feature("bit rate", "container", "size of the file by its duration", "kbit/s", fixed=True),
        Feature("frame rate", "container", "frames a second", "1/s", 2, fixed=True),
        Feature("frames", "container", "number of frames", fixed=True),
        Feature("width", "container", "of the picture", "px", fixed=True),
        Feature("height", "container", "of the picture", "px", fixed=True),
        Feature("codec", "container", "codec, profile and form of the colours", fixed=True),
        Feature("order of parts", "container", "boxes or segments of the file, filling left out", fixed=True),
        Feature("header", "container", "all settings byte by byte, with time stamps and key frames", fixed=True),
        Feature("metadata", "container", "all entries, and anything but zeros in the filling", fixed=True),
        Feature("encoder's words", "container", "what the encoder writes of itself into the picture data", fixed=True),
        Feature("name ending", "container", "ending of the file name", fixed=True),
        Feature("name length", "container", "letters of the item's name"),
        Feature("description length", "container", "words of the text alternative"),
        Feature("coded size", "picture", "bytes of the coded picture before the filling", "bytes"),
        Feature("brightness", "picture", "mean luma", "grey levels", 1),
        Feature("saturation", "picture", "how far the colours are from grey, 0 to 1", "", 3),
        Feature("fine detail", "picture", "share of the power in waves shorter than 4 pixels", "", 4),
        Feature("sharpness", "picture", "standard deviation of the Laplacian", "grey levels", 1),
        Feature("blockiness", "picture", "jumps on the 8 x 8 grid by jumps elsewhere", "", 3),
        Feature("noise level", "picture", "finest diagonal detail, as noise", "grey levels", 2),
        Feature("corner text", "picture", "standing edges in the busiest corner by those elsewhere", "", 2),
        Feature("motion", "picture", "mean speed of the optical flow", "px a frame", 2),
        Feature("flicker", "picture", "change of brightness in the calmest quarter", "grey levels", 2),
    )
}

# Said on the page of a feature of the picture that tells. Which origin has more of it is said beside, from the numbers.
WHY = {
    "coded size": "At one quality a busy or moving picture takes more bytes than a calm one. The filling hides that in "
    "the file, but it is a property of the picture.",
    "brightness": "It follows what is shown: night, snow, a bright sky.",
    "saturation": "Generators are asked for warm light and strong colours, and give them; the camera items are mostly "
    "ordinary days. No step of the pipeline changes colour.",
    "fine detail": "It follows how soft skin, surfaces and backgrounds are. Both sides are resized by one filter to "
    "one size, and that cannot add what is missing.",
    "sharpness": "As for fine detail: it follows how soft skin, surfaces and backgrounds are, and the contrast.",
    "blockiness": "Both sides end with the same codecs at the same quality, and only their grid is left. The "
    "same grid shows more in a smooth picture than in a rough one.",
    "noise level": "Sensors make noise, and fine texture such as grass counts as noise. Shrinking and two lossy codecs "
    "take most of it away.",
    "corner text": "Crops are chosen clear of badges and captions. The number sees edges that stand still, such as a "
    "skyline or grass at the foot of a picture, beside an empty sky.",
    "motion": "Generated clips mostly travel or follow somebody; many camera clips stand on a tripod.",
    "flicker": "It follows the motion: where the camera travels, no quarter of the picture is calm.",
}

# Boxes that hold other boxes, and how many bytes of their own come before these.
_BRANCHES = {name: 0 for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"udta")}
_BRANCHES |= {b"stsd": 8, b"avc1": 78}
# What only says how many bytes each frame took belongs to the picture.
_PICTURE_SIZES = frozenset((b"mdat", b"stsz", b"stco", b"btrt", b"free"))
_COMMENT, _PICTURE_DATA = 0xFE, 0xDA


@dataclass(frozen=True)
class Row:
    """One feature of the clips or of the stills, compared between the origins.

    Attributes
    ----------
    kind : str
        ``"clip"`` or ``"still"``.
    feature : str
        A key of `FEATURES`.
    group : {"container", "picture"}
        Whether the file says it or the picture.
    camera_median, generated_median : float or None
        None for what is no number.
    auc : judgement.Auc
        How often a generated item has more of it than a camera item. For what is no number: how often one has the
        value that tells most, and the other has not.
    values : int
        How many different values there are.
    """

    kind: str
    feature: str
    group: Group
    camera_median: float | None
    generated_median: float | None
    auc: judgement.Auc
    values: int

    @property
    def leaks(self) -> bool:
        """Whether the feature tells the origins apart: the interval leaves out 0.5."""
        return self.auc.tells

    @property
    def problem(self) -> str | None:
        """What must not be, in one sentence; None for a feature of the picture, which is disclosed."""
        if self.group == "picture":
            return None
        if self.leaks:
            area = f"{self.auc.value:.2f} ({_ends(self.auc)})"
            return f"The {self.feature} of the {self.kind}s tells the origin: AUC {area}."
        if FEATURES[self.feature].fixed and self.values > 1:
            return f"The {self.feature} must be the same in all {self.kind}s; there are {self.values} different ones."
        return None


@dataclass(frozen=True)
class Audit:
    """All comparisons.

    Attributes
    ----------
    rows : tuple of Row
        Clips before stills, container before picture.
    counts : dict
        Number of items by ``(kind, origin)``.
    """

    rows: tuple[Row, ...]
    counts: dict[tuple[str, str], int]

    @property
    def problems(self) -> tuple[str, ...]:
        """What must not be, one sentence each."""
        return tuple(row.problem for row in self.rows if row.problem)

    def of(self, kind: str) -> tuple[Row, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def audit(catalogue: media.Catalogue | None = None) -> Audit:
    """Measure every item that can be judged blind, and compare the origins.

    Everything is read from the files; the catalogue only says which they are.

    Parameters
    ----------
    catalogue : media.Catalogue, optional
        That of the course by default, without a teacher's own pictures.

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        If there are clips, or stills, of one origin only.
    media.MediaError
        If a file is missing or damaged.

    Examples
    --------
    >>> from course import media
    >>> pack = media.catalogue()
    >>> few = [i for o in ("camera", "generated") for i in pack.where(kind="still", purpose="parity", origin=o)[:8]]
    >>> result = audit(media.Catalogue({item.id: item for item in few}))
    >>> [(row.feature, row.leaks) for row in result.rows if row.feature == "file size"]
    [('file size', False)]
    """
    # Only what the course ships: a teacher's own pictures beside it did not go through the pipeline.
    catalogue = media.catalogue(data_folder()) if catalogue is None else catalogue
    rows: list[Row] = []
    counts: dict[tuple[str, str], int] = {}
    for kind in ("clip", "still"):
        items = {o: catalogue.where(kind=kind, purpose="parity", origin=o) for o in ("camera", "generated")}
        if not any(items.values()):
            continue
        if not all(items.values()):
            raise InputError(f"The {kind}s are all of one origin, so there is nothing to compare.")
        counts |= {(kind, origin): len(chosen) for origin, chosen in items.items()}
        # Two at a time: decoding and OpenCV leave the interpreter free.
        with ThreadPoolExecutor(2) as two:
            camera = list(two.map(measure, items["camera"]))
            generated = list(two.map(measure, items["generated"]))
        for name in camera[0]:
            rows.append(_compare(kind, name, [item[name] for item in camera], [item[name] for item in generated]))
    order = list(FEATURES)
    rows.sort(key=lambda row: (row.kind, order.index(row.feature)))
    return Audit(tuple(rows), counts)


def measure(item: media.Item) -> dict[str, Value]:
    """All that is compared of one item, by feature.

    Parameters
    ----------
    item : media.Item
        With ``purpose="parity"``.

    Returns
    -------
    dict of str to float or str
        A text is only compared for being the same.

    Raises
    ------
    media.MediaError
        If the file is missing or damaged.

    Examples
    --------
    >>> from course import media
    >>> facts = measure(media.catalogue().where(kind="clip", purpose="parity")[0])
    >>> facts["frames"], facts["codec"]
    (24.0, 'h264 High yuv420p')
    """
    shown = media.load(item)
    raw = item.path.read_bytes()
    if isinstance(shown, media.Clip):
        facts, pictures = _clip_facts(raw), _clip_numbers(shown.frames)
    else:
        facts, pictures = _still_facts(raw), _still_numbers(shown.pixels)
    words = {
        "name ending": item.path.suffix,
        "name length": float(len(item.id)),
        "description length": float(len(item.alt.split())),
    }
    return {"file size": float(len(raw))} | facts | words | pictures


def run(write: Path | None = None, console: Console | None = None) -> bool:
    """Print the tables and what must not be.

    Parameters
    ----------
    write : pathlib.Path, optional
        Where to write the page, too; the course's own is `PAGE`.
    console : rich.console.Console, optional
        Where to print; the terminal by default.

    Returns
    -------
    bool
        True if nothing in the files tells the origin. A picture that tells does not count: it is written down.

    Raises
    ------
    media.MediaError
        If a file is missing or damaged.
    """
    from rich.console import Console

    console = console or Console(highlight=False)
    found = audit()
    for kind in dict.fromkeys(row.kind for row in found.rows):
        console.print(_table(found, kind))
    for problem in found.problems:
        console.print(problem, markup=False, soft_wrap=True)
    if not found.problems:
        console.print("Nothing in the files tells the origin. What the pictures tell is written down.")
    if write is not None:
        write.write_text(page(found), encoding="utf-8", newline="\n")
        console.print(f"Written: {write}", markup=False, soft_wrap=True)
    return not found.problems


# --- comparing -----------------------------------------------------------------------------------------


def _compare(kind: str, name: str, camera: Sequence[Value], generated: Sequence[Value]) -> Row:
    values = {*camera, *generated}
    if isinstance(camera[0], str):
        medians = (None, None)
        one_or_none = [judgement.auc([v == x for x in generated], [v == x for x in camera]) for v in sorted(values)]
        area = max(one_or_none, key=lambda auc: abs(auc.value - 0.5))
    else:
        medians = (median(camera), median(generated))
        area = judgement.auc(generated, camera)
    return Row(kind, name, FEATURES[name].group, *medians, area, len(values))


# --- what the file says --------------------------------------------------------------------------------


def _clip_facts(raw: bytes) -> dict[str, Value]:
    import av

    boxes = list(_boxes(raw))
    with av.open(io.BytesIO(raw)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        duration = float(stream.duration * stream.time_base)
        coded = [packet.size for packet in container.demux(stream)]
        entries = sorted((dict(container.metadata) | dict(stream.metadata)).items())
        said = raw.find(b"x264 - core")
        return {
            "duration": duration,
            "bit rate": len(raw) * 8 / duration / 1000,
            "frame rate": float(stream.average_rate),
            "frames": float(stream.frames),
            "width": float(stream.width),
            "height": float(stream.height),
            "codec": f"{context.name} {stream.profile} {context.pix_fmt}",
            "order of parts": " ".join(name.decode("latin-1") for name, _ in boxes),
            "header": _fingerprint(name + body for name, body in boxes if name not in _PICTURE_SIZES),
            "metadata": f"{len(container.streams)} streams {entries} {_not_zero(boxes, b'free')}",
            "encoder's words": raw[said : raw.index(b"\0", said)].decode("latin-1") if said >= 0 else "",
            "coded size": float(sum(coded)),
        }


def _still_facts(raw: bytes) -> dict[str, Value]:
    from PIL import Image

    segments = list(_segments(raw))
    filling = sum(len(body) + 4 for marker, body in segments if marker == _COMMENT)
    kept = [(marker, body) for marker, body in segments if marker != _COMMENT]
    with Image.open(io.BytesIO(raw)) as image:
        entries = sorted(image.getexif().items())
        profile = len(image.info.get("icc_profile") or b"")
        return {
            "width": float(image.width),
            "height": float(image.height),
            "codec": f"{image.format} {image.mode} {[part[1:3] for part in image.layer]}",
            "order of parts": " ".join(f"{marker:02X}" for marker, _ in kept),
            "header": _fingerprint(bytes([marker]) + body for marker, body in kept),
            "metadata": f"{entries} {profile} {_not_zero(segments, _COMMENT)}",
            "coded size": float(len(raw) - filling),
        }


def _boxes(raw: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each box of an MP4, in order; a box of boxes comes before them, without their content."""
    at, end = start, len(raw) if end is None else end
    while at + 8 <= end:
        size, name = int.from_bytes(raw[at : at + 4], "big"), raw[at + 4 : at + 8]
        # 0 means "up to the end"; 1 means that the size follows as a larger number.
        head = 16 if size == 1 else 8
        size = int.from_bytes(raw[at + 8 : at + 16], "big") if size == 1 else size or end - at
        size = max(size, head)
        if name in _BRANCHES:
            inside = at + head + _BRANCHES[name]
            yield name, raw[at + head : inside]
            yield from _boxes(raw, inside, min(at + size, end))
        else:
            yield name, raw[at + head : at + size]
        at += size


def _segments(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment of a JPEG before the picture data."""
    at = 2
    while at + 4 <= len(raw) and raw[at + 1] != _PICTURE_DATA:
        size = int.from_bytes(raw[at + 2 : at + 4], "big")
        yield raw[at + 1], raw[at + 4 : at + 2 + size]
        at += 2 + max(size, 2)


def _not_zero(parts: Iterable[tuple[bytes | int, bytes]], filling: bytes | int) -> str:
    """What the filling holds apart from zeros."""
    return b"".join(body.replace(b"\0", b"") for name, body in parts if name == filling).hex()


def _fingerprint(parts: Iterable[bytes]) -> str:
    return sha256(b"".join(parts)).hexdigest()


# --- what the picture says -----------------------------------------------------------------------------


def _still_numbers(pixels: np.ndarray) -> dict[str, Value]:
    from course import forensics

    measures: dict[str, Callable[[np.ndarray], float]] = {
        "brightness": forensics.mean_luma,
        "saturation": forensics.saturation,
        "fine detail": forensics.high_frequency_share,
        "sharpness": forensics.sharpness,
        "blockiness": forensics.blockiness,
        "noise level": forensics.noise_level,
        "corner text": forensics.corner_text,
    }
    return {name: measure(pixels) for name, measure in measures.items()}


def _clip_numbers(frames: np.ndarray) -> dict[str, Value]:
    import numpy as np

    from course import forensics

    chosen = frames[np.linspace(0, len(frames) - 1, 6).round().astype(int)]
    singly = [_still_numbers(frame) for frame in chosen]
    numbers: dict[str, Value] = {name: fmean(one[name] for one in singly) for name in singly[0]}
    numbers["corner text"] = forensics.corner_text(chosen)
    speeds, jumps = [], []
    # In a clip of 24 frames none of these four steps leads into a key frame, where the codec starts anew.
    for t in np.linspace(0, len(frames) - 2, 6).round().astype(int)[1:-1]:
        step = frames[t : t + 2]
        flow = forensics.optical_flow(step)
        speeds.append(float(flow.speed[0]))
        jumps.append(forensics.flicker(step, flow.flow).value)
    return numbers | {"motion": fmean(speeds), "flicker": fmean(jumps)}


# --- showing -------------------------------------------------------------------------------------------

_HEAD = ("Feature", "Camera", "Generated", "AUC", "95 %", "Tells?")


def _table(found: Audit, kind: str) -> Table:
    from rich.table import Table

    table = Table(title=_heading(found, kind), title_justify="left")
    for name in _HEAD:
        table.add_column(name, justify="left" if name in ("Feature", "Tells?") else "right")
    rows = found.of(kind)
    for row, following in zip(rows, (*rows[1:], None), strict=True):
        last = following is not None and following.group != row.group
        table.add_row(*_cells(row), end_section=last, style="bold" if row.leaks or row.problem else None)
    return table


def _heading(found: Audit, kind: str) -> str:
    camera, generated = (found.counts[kind, origin] for origin in ("camera", "generated"))
    return f"{kind.capitalize()}s: {camera} camera, {generated} generated"


def _cells(row: Row) -> tuple[str, ...]:
    """The six cells of a row, as text."""
    feature = FEATURES[row.feature]
    if row.camera_median is None:
        medians = ("same in all",) * 2 if row.values == 1 else (f"{row.values} kinds",) * 2
    else:
        medians = tuple(f"{number:,.{feature.digits}f}" for number in (row.camera_median, row.generated_median))
    return (
        f"{feature.name}, {feature.unit}" if feature.unit else feature.name,
        *medians,
        f"{row.auc.value:.2f}",
        _ends(row.auc),
        "yes" if row.leaks else "no",
    )


def _ends(auc: judgement.Auc) -> str:
    """The two ends; with one digit more where "0.50" would hide that the interval leaves out 0.5."""
    digits = 3 if auc.tells and "0.50" in (f"{auc.low:.2f}", f"{auc.high:.2f}") else 2
    return f"{auc.low:.{digits}f} to {auc.high:.{digits}f}"


def page(found: Audit) -> str:
    """Write ``docs/parity.md``.

    Parameters
    ----------
    found : Audit
        Of clips and stills.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> row = Row("clip", "motion", "picture", 1.2, 3.4, judgement.Auc(0.66, 0.5, 0.79), 48)
    >>> "| motion, px a frame |" in page(Audit((row,), {("clip", "camera"): 20, ("clip", "generated"): 28}))
    True
    """
    kinds = list(dict.fromkeys(row.kind for row in found.rows))
    parts = [_OPENING]
    for kind in kinds:
        parts.append(f"## {_heading(found, kind)}\n")
        for group, title in (("container", "What the file and its labels say"), ("picture", "What the picture says")):
            rows = [row for row in found.of(kind) if row.group == group]
            if rows:
                parts.append(f"### {title}: {kind}s\n\n{_markdown(rows)}\n")
    parts += ["## What tells, and why\n", _files(found), _pictures(found), _CLOSING]
    return "\n".join(parts)


def _markdown(rows: Sequence[Row]) -> str:
    head = (_HEAD[0], "What it is", *_HEAD[1:])
    lines = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * 4 + "---|"]
    for row in rows:
        name, *cells = _cells(row)
        cells[-1] = "**yes**" if row.leaks else "no"
        lines.append("| " + " | ".join((name, FEATURES[row.feature].about, *cells)) + " |")
    return "\n".join(lines)


def _files(found: Audit) -> str:
    if not found.problems:
        return "**The files: nothing.** All that the pipeline sets is the same in every file.\n"
    return "**The files tell, and must not:**\n\n" + "".join(f"- {problem}\n" for problem in found.problems)


def _pictures(found: Audit) -> str:
    telling = [row for row in found.rows if row.group == "picture" and row.leaks]
    if not telling:
        return "**The pictures: no number of those above.**\n"
    lines = ["**The pictures:**\n"]
    for row in telling:
        more = "more" if row.auc.value > 0.5 else "less"
        lines.append(
            f"- **{row.feature}, {row.kind}s**: AUC {row.auc.value:.2f} ({_ends(row.auc)}), generated {row.kind}s have "
            f"{more}. {WHY[row.feature]}"
        )
    return "\n".join(lines) + "\n"


_OPENING = """\
# Does anything but the picture tell?

<!-- Written by `course check --parity --write`. Change course/parity.py and not this page. -->

In the blind trial you judge pictures. It would be worth little if something else gave the answer away: if all generated
clips were one second longer, or all photographs a few bytes larger. This page says what we looked at and what we found.

**For each feature we ask one question.** Take one generated and one camera item at random. How often has the generated
one more of it? Half of the time (AUC 0.5) means that the feature says nothing. Always (1) or never (0) means that it
says everything. A few dozen items cannot tell 0.45 from 0.5, so each figure comes with the range of values that fit
what we found. **A feature tells when that range leaves out 0.5.**

Two kinds of feature are held to two rules. What the *file* and its labels say (size, length, settings, the words that
describe it) must not tell: the check fails if it does. What the *picture* says may tell, because pictures differ. Then
it stands here in bold.

Numbers in the columns *Camera* and *Generated* are medians: half of the items have more, half have less.
"""

_CLOSING = """\
## What we do about it

Every item that can be judged blind goes through one pipeline that is not told the origin: one size, one frame rate, one
length, one pass through lossy WebP, one final codec at one quality, no metadata, and filling up to the same number of
bytes. Badges and captions are cropped away. `data/media/README.md` gives every step and its reason.

What is left is what the pictures show: colour, motion, how smooth or rough things are. We could make the clips
equally colourful. Then they would be pictures of nothing, neither what a camera recorded nor what a model made. So we
keep the difference, and say it. Lesson 4 uses it on purpose.

## How to read it with care

- **Telling here is not telling in the world.** These figures are about the items of this pack, chosen by us. Other
  generators, other cameras and another taste give other figures.
- **Many questions, some chance.** Of twenty features that mean nothing, about one leaves out 0.5 by chance.
- **Not telling is not being equal.** A range from 0.35 to 0.65 has room for a small difference that more items would
  show.
- **No number knows what it looks at.** "Corner text" finds edges, and grass in a corner has many. "Noise level" finds
  fine texture. The docstrings in `course/forensics/texture.py` say of each what else moves it, and the tests show it.

For engineers: AUC and interval are `judgement.auc` (Newcombe 2006, corrected for ties; it leaves out 0.5 exactly if
the Mann-Whitney test finds a difference). Clips: mean over six frames, and over four steps for motion and flicker.
Settings that are no numbers are compared byte by byte, and must be the same in all files.
"""
