"""The parity audit: does anything but the picture tell the camera items from the generated ones?

Every item that can be judged blind is measured, file and picture, and for each number the two origins are compared by
the area under the ROC curve. What the file says must tell nothing. What the picture says may tell over the whole pack,
and then it is written down; in the forms of the blind trial it may not, and `course.form_audit` asks whether it does.
``docs/parity.md`` is made here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal

from course import form_audit, judgement, media
from course.errors import InputError
from course.form_audit import FormsAudit, Look
from course.media.catalogue import data_folder
from course.shortcuts import DETECTORS, LIMITS

if TYPE_CHECKING:
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
    forms : FormsAudit or None
        What the forms of the blind trial measure besides an eye; None if none were asked about.
    looks : dict of str to Look
        What was taken down of each item for that.
    earlier : Earlier or None
        What the forms measured that were in use before.
    """

    rows: tuple[Row, ...]
    counts: dict[tuple[str, str], int]
    forms: FormsAudit | None = None
    looks: Mapping[str, Look] = field(default_factory=dict, repr=False, compare=False)
    earlier: form_audit.Earlier | None = None

    @property
    def file_problems(self) -> tuple[str, ...]:
        """What the files tell and must not, one sentence each."""
        return tuple(row.problem for row in self.rows if row.problem)

    @property
    def problems(self) -> tuple[str, ...]:
        """What must not be, one sentence each: in the files, and in the forms."""
        return (*self.file_problems, *(self.forms.problems if self.forms else ()))

    def of(self, kind: str) -> tuple[Row, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def audit(catalogue: media.Catalogue | None = None) -> Audit:
    """Measure every item that can be judged blind, compare the origins, and ask what the forms measure.

    Everything is read from the files; the catalogue only says which they are.

    Parameters
    ----------
    catalogue : media.Catalogue, optional
        That of the course by default, without a teacher's own pictures. If another is given, nothing is asked about
        the forms.

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
    whole = catalogue is None
    # Only what the course ships: a teacher's own pictures beside it did not go through the pipeline.
    catalogue = media.catalogue(data_folder()) if catalogue is None else catalogue
    rows: list[Row] = []
    counts: dict[tuple[str, str], int] = {}
    looks: dict[str, Look] = {}
    for kind in ("clip", "still"):
        items = {o: catalogue.where(kind=kind, purpose="parity", origin=o) for o in ("camera", "generated")}
        if not any(items.values()):
            continue
        if not all(items.values()):
            raise InputError(f"The {kind}s are all of one origin, so there is nothing to compare.")
        counts |= {(kind, origin): len(chosen) for origin, chosen in items.items()}
        both = [*items["camera"], *items["generated"]]
        # Two at a time: decoding and OpenCV leave the interpreter free.
        with ThreadPoolExecutor(2) as two:
            seen = list(two.map(_measured_and_seen if whole else _measured, both))
        looks |= {item.id: found for item, (_, found) in zip(both, seen, strict=True) if found}
        facts = [one for one, _ in seen]
        camera, generated = facts[: len(items["camera"])], facts[len(items["camera"]) :]
        for name in camera[0]:
            rows.append(_compare(kind, name, [item[name] for item in camera], [item[name] for item in generated]))
    order = list(FEATURES)
    rows.sort(key=lambda row: (row.kind, order.index(row.feature)))
    if not whole:
        return Audit(tuple(rows), counts, None, looks)
    return Audit(tuple(rows), counts, _forms(catalogue, looks), looks, _earlier(catalogue, looks))


def _measured(item: media.Item) -> tuple[dict[str, Value], None]:
    return measure(item), None


def _measured_and_seen(item: media.Item) -> tuple[dict[str, Value], Look]:
    """All of one item from a single decoding, which takes longer than most measurements."""
    shown = media.load(item)
    facts = _facts(item, shown)
    return facts, form_audit.look(shown, _statistics(facts))


def _forms(catalogue: media.Catalogue, looks: dict[str, Look]) -> FormsAudit | None:
    """The forms of the course beside all that it shows; takes down a look at what cannot be judged blind, too."""
    from course.lessons.lesson import free_items

    forms = form_audit.load_forms()
    if not forms:
        return None
    shown = free_items()
    looks |= {item.id: form_audit.look(media.load(item), {}) for item in shown if item.id not in looks}
    return form_audit.audit_forms(
        forms, catalogue, shown, looks, form_audit.elsewhere(), form_audit.whole_files(catalogue)
    )


def _earlier(catalogue: media.Catalogue, looks: Mapping[str, Look]) -> form_audit.Earlier | None:
    forms = judgement.load_forms(data_folder() / "forms" / "earlier")
    there = all(one in catalogue for form in forms for one in form.items)
    return form_audit.audit_earlier(forms, catalogue, looks) if len(forms) > 1 and there else None


def statistics(item: media.Item) -> dict[str, float]:
    """The numbers of the picture that a shortcut could go by: what `measure` gives of the group ``"picture"``.

    Lesson 4's detector looks at seven of them (`course.lessons.clip_features`), in fewer frames of a clip.

    Parameters
    ----------
    item : media.Item
        With ``purpose="parity"``.

    Returns
    -------
    dict of str to float
        Ten numbers of a clip, eight of a still.

    Raises
    ------
    media.MediaError
        If the file is missing or damaged.

    Examples
    --------
    >>> from course import media
    >>> len(statistics(media.catalogue().where(kind="clip", purpose="parity")[0]))
    10
    """
    return _statistics(measure(item))


def _statistics(facts: Mapping[str, Value]) -> dict[str, float]:
    return {name: float(value) for name, value in facts.items() if FEATURES[name].group == "picture"}


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
    return _facts(item, media.load(item))


def _facts(item: media.Item, shown: media.Clip | media.Still) -> dict[str, Value]:
    from course.forensics.picture_numbers import clip_numbers, still_numbers

    raw = item.path.read_bytes()
    if isinstance(shown, media.Clip):
        facts, pictures = _clip_facts(raw), clip_numbers(shown.frames)
    else:
        facts, pictures = _still_facts(raw), still_numbers(shown.pixels)
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
        True if nothing in the files tells the origin, and the forms measure an eye and nothing else. A picture of the
        pack that tells does not count: it is written down.

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
    if found.forms:
        for kind in found.forms.kinds:
            console.print(_forms_table(found.forms, kind))
    for problem in found.problems:
        console.print(problem, markup=False, soft_wrap=True)
    if not found.file_problems:
        console.print("Nothing in the files tells the origin. What the pictures tell is written down.")
    if found.forms and not found.forms.problems:
        console.print("In the forms of the blind trial no shortcut tells it, and nothing in them is met elsewhere.")
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


def _forms_table(forms: FormsAudit, kind: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{kind.capitalize()}s in the forms: AUC, and its range", title_justify="left")
    for name in _forms_head(forms):
        table.add_column(name, justify="left" if name == "Feature" else "right")
    for group in (forms.singles, forms.detectors):
        for name, cells in _forms_rows(forms, kind, group):
            table.add_row(name, *(Text(words, style="" if kept else "bold") for words, kept in cells))
        table.add_section()
    return table


def _forms_head(forms: FormsAudit) -> tuple[str, ...]:
    return ("Feature", *(f"Form {name}" for name in forms.names), "Together")


def _forms_rows(
    forms: FormsAudit, kind: str, group: Mapping[tuple[str, str], Mapping[str, judgement.Auc]]
) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Name; and for each form and for all together the cell, and whether it keeps to its limit."""
    places = (*forms.names, form_audit.TOGETHER)
    for name in group.get((kind, form_audit.TOGETHER), ()):
        cells = []
        for place in places:
            area = group.get((kind, place), {}).get(name)
            if area is None:
                cells.append(("none", True))
            else:
                cells.append((f"{area.value:.2f} ({_ends(area)})", forms.keeps(place, name, area)))
        yield name, cells


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
    parts += ["## What tells, and why\n", _files(found), _pictures(found)]
    if found.forms:
        parts.append(_forms_section(found.forms))
        if found.earlier is not None:
            parts.append(_before(found.earlier))
    parts.append(_CLOSING)
    return "\n".join(parts)


def _markdown(rows: Sequence[Row]) -> str:
    head = (_HEAD[0], "What it is", *_HEAD[1:])
    lines = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * 4 + "---|"]
    for row in rows:
        name, *cells = _cells(row)
        cells[-1] = "**yes**" if row.leaks else "no"
        lines.append("| " + " | ".join((name, FEATURES[row.feature].about, *cells)) + " |")
    return "\n".join(lines)


def _before(earlier: form_audit.Earlier) -> str:
    """What the forms measured that were in use before, in Markdown."""
    told = {
        one: _and([f"{earlier.singles[one, name]:.2f}" for name in earlier.names])
        for one in ("motion", "saturation", "flicker")
    }
    told |= {kind: f"{area.value:.2f} ({_ends(area)})" for kind, area in earlier.linear.items()}
    return _BEFORE.format(
        names=_and([f"`{name}`" for name in earlier.names]),
        clips=earlier.clips,
        met=earlier.met,
        shared=earlier.shared or "no",
        **told,
    )


def _forms_section(forms: FormsAudit) -> str:
    """What the forms measure besides an eye, in Markdown."""
    single, pooled, detector = LIMITS.single, LIMITS.pooled, LIMITS.detector
    parts = [
        _FORMS_OPENING.format(
            names=_and([f"`{name}`" for name in forms.names]),
            single=f"{single.low:.2f} and {single.high:.2f}",
            pooled=f"{pooled.low:.2f} and {pooled.high:.2f}",
            detector=f"{detector.low:.2f} and {detector.high:.2f}",
        )
    ]
    for kind in forms.kinds:
        counts = [forms.counts[name, kind, origin] for name in forms.names for origin in ("camera", "generated")]
        alike = len({*counts[::2]}) == len({*counts[1::2]}) == 1
        sizes = f"{counts[0]} from a camera and {counts[1]} generated" if alike else "not equally many"
        camera, generated = (forms.learned.get((kind, origin), 0) for origin in ("camera", "generated"))
        head = _forms_head(forms)
        lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
        for group in (forms.singles, forms.detectors):
            for name, cells in _forms_rows(forms, kind, group):
                shown = [words if kept else f"**{words}**" for words, kept in cells]
                lines.append(f"| {_called(name)} | " + " | ".join(shown) + " |")
        parts += [
            f"### The {kind}s of the forms: {sizes} in each\n",
            *lines,
            f"\nThe detectors learned from {camera} camera and {generated} generated {kind}s: all that lessons show.\n",
        ]
    first_two = _and([f"`{name}`" for name in forms.names[:2]])
    held = [f"{one} ({forms.since[one]}; {_number(len(items))})" for one, items in forms.held_back.items()]
    parts.append(
        _FORMS_CLOSING.format(
            near=form_audit.NEAR,
            strangers=forms.strangers,
            first_two=first_two,
            last=f"`{forms.names[-1]}`",
            shared=f"{len(forms.shared)}: {_and(forms.shared)}" if forms.shared else "none",
            held=f"{sum(map(len, forms.held_back.values()))}: {_and(held)}" if held else "none",
            newest=forms.newest_shown,
            enough=LIMITS.shared_releases,
            held_back=LIMITS.held_back,
        )
    )
    if forms.problems:
        parts.append("**What must not be, and is:**\n\n" + "".join(f"- {one}\n" for one in forms.problems))
    else:
        parts.append("**Nothing of what must not be was found.**\n")
    return "\n".join(parts)


def _called(name: str) -> str:
    return f"detector: {name}" if name in DETECTORS else name


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _number(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _files(found: Audit) -> str:
    if not found.file_problems:
        return "**The files: nothing.** All that the pipeline sets is the same in every file.\n"
    return "**The files tell, and must not:**\n\n" + "".join(f"- {problem}\n" for problem in found.file_problems)


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

Three rules. What the *file* and its labels say (size, length, settings, the words that describe it) must not tell: the
check fails if it does. What the *picture* says may tell in the pack as a whole, because pictures differ. Then it stands
here in bold. In the *forms* of the blind trial, which are to measure an eye, it may not: for them there is a section of
its own below, and the check fails if a shortcut passes one.

Numbers in the columns *Camera* and *Generated* are medians: half of the items have more, half have less.
"""

_FORMS_OPENING = """\
## The forms of the blind trial

The forms {names} measure a learner before and after. A form is worth something if only an eye passes it. We look for
three things that could pass it instead: a shortcut, a memory, and the habits of one generator.

**A shortcut.** Lesson 4 shows that colour and movement tell much of our pack apart. If they told the forms apart,
too, then "colourful and fast means generated" would pass, and a learner who took that home would look like one who
has learned to see. So in each form the AUC of each number lies between {single}, and over all forms together between
{pooled}.

No single number is not enough: several can tell together what none tells alone. So we let **detectors** learn from
everything that lessons may show, with all the numbers at once, and examine them on the forms. *Linear* weighs the
numbers and adds them up, *tree* asks three questions in a row, *forest* lets a hundred trees vote. Over all forms
together their AUC lies between {detector}, with a range that holds 0.5. The lower limit is there because a detector
that is reliably wrong is a shortcut as well, one that punishes whoever takes it. On a single form a detector has no
limit of its own: the few clips of one form leave a range that holds nearly everything.

What is beyond its limit stands in bold, and the check fails.
"""

_FORMS_CLOSING = """\
### Met before

Recognising a film is no skill, and it always says "camera". So each item has a *scene*: the place, person or thing
that was filmed or made. Nothing of a scene that is in a form is anywhere else: in no other form, in no lesson,
practice set or pair, not on the offline web, not among the files of lesson 5. Two windows of one film are one scene
unless they show nothing in common. Names can be wrong, so we also look: each frame of each item of a form is compared
with every frame of all others by a fingerprint of 64 bits (`forensics.perceptual_hash`), as it is and mirrored. Up to
{near} bits apart they count as one picture; a copy that is saved again mostly differs by 0 to 4. The nearest frames of
different things are {strangers} bits apart. And parts of pictures are looked for the way the offline web's search by
image does it.

### Generators

- {first_two} have to have {enough} releases of generators in common or more. They have {shared}. So a difference
  between the two is not one between generators. A release is a name and its version; sizes and speeds count as one.
- {last} has to have {held_back} generated items or more from releases that nothing else in the course shows. It has
  {held}. The newest of all the others is first found in {newest}. "Newer generators" means these items alone. All other
  generators of the forms are ones that lessons show.
- A date is that of the picture or its workflow. A generator is at least as old as that, and may be older.

No class has been measured yet, neither with those forms nor with these. How hard each item is has been judged by eye.
"""

_BEFORE = """\
### What was wrong before

The forms that were used until December 2026 ({names}) could not carry what was said of them. In their clips the
generated ones moved more (AUC {motion}), were more colourful ({saturation}) and flickered more ({flicker}). A linear
detector that learned from what shows nothing of them tells their clips apart with AUC {clip}, and their stills with
{still}. Of the {clips} camera clips of the second form {met} are of films that the first form or a pair shows. The
first two have {shared} releases of generators in common. And "a generator that nobody has seen" was one single item.
A result on them says little about an eye.
"""

_CLOSING = """\
## What we do about it

Every item that can be judged blind goes through one pipeline that is not told the origin: one size, one frame rate, one
length, one pass through lossy WebP, one final codec at one quality, no metadata, and filling up to the same number of
bytes. Badges and captions are cropped away. `data/media/README.md` gives every step and its reason.

What is left is what the pictures show: colour, motion, how smooth or rough things are. We could make the clips
equally colourful. Then they would be pictures of nothing, neither what a camera recorded nor what a model made. So we
keep the difference in what lessons show, and say it. Lesson 4 uses it on purpose. For the forms we choose: of all
that there is, those items in which it is not.

## How to read it with care

- **Telling here is not telling in the world.** These figures are about the items of this pack, chosen by us. Other
  generators, other cameras and another taste give other figures.
- **Many questions, some chance.** Of twenty features that mean nothing, about one leaves out 0.5 by chance.
- **Chosen by these numbers, safe by these numbers.** The forms were chosen so that the numbers on this page do not
  tell. Another number, one that we did not think of, may.
- **Not telling is not being equal.** A range from 0.35 to 0.65 has room for a small difference that more items would
  show.
- **No number knows what it looks at.** "Corner text" finds edges, and grass in a corner has many. "Noise level" finds
  fine texture. The docstrings in `course/forensics/texture.py` say of each what else moves it, and the tests show it.

For engineers: AUC and interval are `judgement.auc` (Newcombe 2006, corrected for ties; it leaves out 0.5 exactly if
the Mann-Whitney test finds a difference). Clips: mean over six frames, and over four steps for motion and flicker.
Settings that are no numbers are compared byte by byte, and must be the same in all files.
"""
