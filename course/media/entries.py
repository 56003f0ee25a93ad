"""What the entries of a ``pictures.toml`` must say, and what is wrong with those that do not."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from course.media.catalogue import FAMILIES, Catalogue, Cue, Item, Pair
from course.media.common_form import CLIP_FRAMES, CLIP_RATE, CLIP_SIDE, STILL_SIDE
from course.media.errors import MediaError
from course.media.fields import (
    CUE_FIELDS,
    FIELDS,
    GENERATED_FIELDS,
    ITEM_FIELDS,
    LONGEST_TEXT,
    FieldReader,
    is_number,
    is_todo,
    listed,
    quoted,
)
from course.media.neutral import telling_words
from course.media.own import OwnForm, OwnItem, file_facts
from course.media.sheet import SHEET, Entry, Sheet, shown

_MAX_BYTES = 500_000_000  # what is hashed in about a second
_SMALLEST_CROP = 16
# HEIC and AVIF pictures are in the same kind of container as films.
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")


def check(
    sheet: Sheet, folder: Path, shipped: Catalogue, taken_forms: Iterable[str]
) -> tuple[dict[str, OwnItem], dict[str, Pair], list[OwnForm]]:
    """Turn the entries of a sheet into items, pairs and forms.

    Parameters
    ----------
    sheet : Sheet
    folder : Path
        Where it lies, absolute and without symbolic links.
    shipped : Catalogue
        What the course ships; its ids are taken.
    taken_forms : iterable of str
        Names of the course's own forms.

    Returns
    -------
    items, pairs, forms

    Raises
    ------
    MediaError
        All that is wrong, one sentence a line, in the order of the sheet.
    """
    checker = _Checker(folder, shipped, frozenset(taken_forms))
    return checker.check(sheet)


class _Checker(FieldReader):
    """Makes items, pairs and forms of the entries that are right."""

    def __init__(self, folder: Path, shipped: Catalogue, taken_forms: frozenset[str]) -> None:
        super().__init__()
        self._folder = folder
        self._shipped = shipped
        self._taken_forms = taken_forms

    def check(self, sheet: Sheet) -> tuple[dict[str, OwnItem], dict[str, Pair], list[OwnForm]]:
        self._check_parts(sheet)
        entries = sheet.entries.get("item", ())
        generators = {item.generator for item in self._shipped.values() if item.generator}
        generators |= {
            name for entry in entries if isinstance(name := entry.values.get("generator"), str) and not is_todo(name)
        }
        items = [item for entry in entries if (item := self._item(entry, generators))]
        own = {item.id: item for item in items}
        # What a pair or form may name; an entry with mistakes of its own counts, or each would be told twice.
        known: dict[str, Item | None] = dict(self._shipped)
        known |= {name: own.get(name) for entry in entries if isinstance(name := entry.values.get("id"), str)}
        pairs = [pair for entry in sheet.entries.get("pair", ()) if (pair := self._pair(entry, known))]
        forms = [form for entry in sheet.entries.get("form", ()) if (form := self._form(entry, known))]
        if not entries and not self.problems:
            self.wrong(1, "there is no [[item]] yet; the command course media add FILE writes one.")
        if self.problems:
            raise MediaError("\n".join(f"{SHEET}, line {line}: {words}" for line, words in sorted(self.problems)))
        judged = tuple(sorted(item.id for item in items if item.purpose == "parity"))
        if "form" not in sheet.entries and judged:
            forms = [OwnForm("own", "Our own pictures", judged)]
        return own, {pair.name: pair for pair in pairs}, forms

    def _check_parts(self, sheet: Sheet) -> None:
        parts = {name: entries[0].line for name, entries in sheet.entries.items()} | dict(sheet.others)
        for name, line in parts.items():
            if name in FIELDS and name not in sheet.others:
                continue
            if name in FIELDS:
                self.wrong(line, f"write [[{name}]] with two square brackets on each side, once for each entry.")
            elif name in FIELDS["item"]:
                self.wrong(line, f"{name} stands before the first [[item]]; put it below one.")
            else:
                near = get_close_matches(name, FIELDS, n=1, cutoff=0.5)
                did_you_mean = f"did you mean [[{near[0]}]]?" if near else "write [[item]], [[pair]] or [[form]]."
                self.wrong(line, f"“{shown(name)}” is not known here; {did_you_mean}")

    # items

    def _item(self, entry: Entry, generators: set[str]) -> OwnItem | None:
        before = len(self.problems)
        generated = entry.values.get("origin") == "generated"
        needed = (*ITEM_FIELDS, *(GENERATED_FIELDS if generated else ()))
        self.check_fields(entry, "item", needed)
        texts = {name: self.text(entry, name, what) for name, what in (ITEM_FIELDS | GENERATED_FIELDS).items()
                 if name not in ("id", "file", "origin")}  # fmt: skip
        origin = self.choice(entry, "origin", ("camera", "generated"))
        purpose = self.choice(entry, "purpose", ("parity", "exhibit")) or "parity"
        name = self._id(entry, generators)
        self._check_alt(entry, texts["alt"], generators)
        path = self._file(entry)
        kind = _kind(path) if path else "still"
        crop = self._crop(entry, purpose)
        start = self._start(entry, kind)
        odd, odd_reason = self._odd(entry, origin)
        cues = self._cues(entry, kind, purpose)
        prompt = self.text(entry, "prompt")
        self._check_date(entry, texts["generated_on"])
        if origin == "camera":
            for field in (*GENERATED_FIELDS, "prompt"):
                if field in entry.values:
                    self.wrong(entry.at(field), f"a camera picture has no {field}; take the line out.")
        if len(self.problems) > before or path is None:
            return None
        clip, parity = kind == "clip", purpose == "parity"
        side = (CLIP_SIDE if clip else STILL_SIDE) if parity else 0
        digest, size = file_facts(path)
        return OwnItem(
            id=name,
            kind=kind,
            origin=origin,
            subject=texts["subject"],
            alt=texts["alt"],
            generator=texts["generator"],
            generated_on=texts["generated_on"],
            dated_by=texts["known_from"] if generated else None,
            prompt=prompt,
            licence=texts["licence"],
            author=texts["author"],
            publisher=texts["author"],
            registry="own",
            package=self._folder.name,
            version="",
            member=path.relative_to(self._folder).as_posix(),
            source_sha256=digest,
            sha256=digest,
            path=path,
            purpose=purpose,
            odd=odd,
            odd_reason=odd_reason,
            note=None,
            fps=float(CLIP_RATE) if clip and parity else None,
            frames=CLIP_FRAMES if clip and parity else None,
            width=side,
            height=side,
            bytes=size,
            cues=cues,
            known_from=texts["known_from"],
            crop=crop,
            start=start,
            line=entry.line,
        )

    def _id(self, entry: Entry, generators: set[str]) -> str | None:
        name = self.text(entry, "id", ITEM_FIELDS["id"])
        line = entry.at("id")
        if name is None:
            return None
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
            self.wrong(line, f"id is “{shown(name)}”; write small letters a to z and hyphens, such as harbour-morning.")
            return None
        if name in self._shipped:
            self.wrong(line, f"the id “{name}” belongs to a picture of the course; choose another.")
        self.once("item", name, line, "id")
        if telling := telling_words(name, generators):
            self.wrong(line, f"id says {quoted(telling)}, which gives the origin away; name what is seen.")
        return name

    def _check_alt(self, entry: Entry, alt: str | None, generators: set[str]) -> None:
        if alt is None:
            return
        line = entry.at("alt")
        if not 20 <= len(alt) <= 300:
            self.wrong(
                line, f"alt has {len(alt)} letters; say what is seen in one or two sentences, 20 to 300 letters."
            )
        if telling := telling_words(alt, generators):
            self.wrong(line, f"alt says {quoted(telling)}, which gives the origin away; say only what is seen.")

    def _check_date(self, entry: Entry, date: str | None) -> None:
        if date is not None and not re.fullmatch(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date):
            self.wrong(
                entry.at("generated_on"),
                f"generated_on is “{shown(date)}”; write a year, a month or a day, such as 2026-05 or 2026-05-31.",
            )

    def _file(self, entry: Entry) -> Path | None:
        name = self.text(entry, "file", ITEM_FIELDS["file"])
        if name is None:
            return None
        line, told = entry.at("file"), f"the file “{shown(name)}”"
        parts = re.split(r"[/\\]", name)
        if name[0] in "/\\~" or re.match(r"[A-Za-z]:", name) or ".." in parts:
            self.wrong(line, f"{told} is not in this folder; copy it here and write its name alone.")
            return None
        if "\\" in name:
            self.wrong(line, f"{told} has a backslash in its name; between folder and file write /.")
            return None
        try:
            path = (self._folder / name).resolve()
            inside = path.is_relative_to(self._folder)
            size = path.stat().st_size
            if inside and path.is_file():  # a pipe would keep whoever opens it waiting
                path.open("rb").close()
        except FileNotFoundError:
            near = get_close_matches(name, (one.name for one in self._folder.iterdir()), n=1, cutoff=0.6)
            hint = f"did you mean “{shown(near[0])}”?" if near else "check its name, or copy it there."
            self.wrong(line, f"{told} is missing from {shown(self._folder, 200)}; {hint}")
        except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a name no system takes
            self.wrong(line, f"{told} cannot be read ({shown(getattr(error, 'strerror', None) or error)}); rename it.")
        else:
            if not inside:
                self.wrong(line, f"{told} is a link that leaves this folder; copy the file itself here.")
            elif path.is_dir():
                self.wrong(line, f"{told} is a folder; write the name of one file in it.")
            elif not path.is_file():
                self.wrong(line, f"{told} is not an ordinary file; copy a picture or a clip here.")
            elif not size:
                self.wrong(line, f"{told} is empty; copy it again.")
            elif size > _MAX_BYTES:
                self.wrong(
                    line, f"{told} is {size / 1e6:,.0f} MB large; choose one of at most {_MAX_BYTES / 1e6:.0f} MB."
                )
            else:
                return path
        return None

    def _crop(self, entry: Entry, purpose: str) -> tuple[int, int, int, int] | None:
        crop = entry.values.get("crop")
        if crop is None:
            return None
        line = entry.at("crop")
        if not (isinstance(crop, list) and len(crop) == 4 and all(type(one) is int and 0 <= one < 1e6 for one in crop)):
            self.wrong(line, "crop must be four whole numbers, [left, top, width, height], 0 or more.")
        elif min(crop[2:]) < _SMALLEST_CROP:
            self.wrong(line, f"crop is {crop[2]} x {crop[3]} pixels; make it at least {_SMALLEST_CROP} on each side.")
        elif purpose == "parity" and crop[2] != crop[3]:
            self.wrong(
                line, f"crop is {crop[2]} x {crop[3]}; the blind trial shows squares, so make width and height equal."
            )
        else:
            return tuple(crop)
        return None

    def _start(self, entry: Entry, kind: str) -> float:
        start = entry.values.get("start", 0)
        line = entry.at("start")
        if not is_number(start) or start < 0:
            self.wrong(line, "start must be a number of seconds, 0 or more, such as 1.5.")
        elif start and kind == "still":
            self.wrong(line, "start is for clips, and this is a still; take the line out.")
        else:
            return float(start)
        return 0.0

    def _odd(self, entry: Entry, origin: str | None) -> tuple[bool, str | None]:
        odd = entry.values.get("odd", "odd_reason" in entry.values)
        reason = self.text(entry, "odd_reason", "say why what looks odd is not")
        if not isinstance(odd, bool):
            self.wrong(entry.at("odd"), "odd must be true or false, without quotation marks.")
        elif odd and origin == "generated":
            self.wrong(entry.at("odd"), "odd is for camera pictures that look odd; take the line out.")
        elif odd and "odd_reason" not in entry.values:
            self.wrong(entry.at("odd"), "odd needs odd_reason: say why what looks odd is not.")
        elif not odd and reason:
            self.wrong(entry.at("odd"), "odd is false, but there is an odd_reason; take one of the two out.")
        return bool(odd), reason

    def _cues(self, entry: Entry, kind: str, purpose: str) -> tuple[Cue, ...]:
        cues = entry.values.get("cues", [])
        line = entry.at("cues")
        if not (isinstance(cues, list) and all(isinstance(cue, dict) for cue in cues)):
            self.wrong(line, "each cue begins with [[item.cues]] on a line of its own.")
            return ()
        last = (CLIP_FRAMES - 1 if purpose == "parity" else 10_000) if kind == "clip" else 0
        found = []
        for number, cue in enumerate(cues, start=1):
            if wrong := _wrong_in_cue(cue, last):
                self.wrong(line, f"cue {number}: {wrong}")
            else:
                frames = tuple(cue.get("frames", (0, last if purpose == "parity" else 0)))
                region = tuple(float(share) for share in cue["region"])
                found.append(Cue(region, frames, cue["family"], " ".join(cue["reason"].split())))
        return tuple(found)

    # pairs and forms

    def _pair(self, entry: Entry, known: Mapping[str, Item | None]) -> Pair | None:
        before = len(self.problems)
        self.check_fields(entry, "pair", FIELDS["pair"])
        name = self.text(entry, "name", "a short name")
        if name is not None:
            if name in self._shipped.pairs:
                self.wrong(entry.at("name"), f"the pair “{shown(name)}” belongs to the course; choose another name.")
            self.once("pair", name, entry.at("name"), "name of a pair")
        sides: dict[str, Item | None] = {}
        for side in ("camera", "generated"):
            wanted = self.text(entry, side, "the id of an item")
            if wanted is None:
                continue
            sides[side] = self._known(wanted, known, entry.at(side))
            if (item := sides[side]) and item.origin != side:
                self.wrong(entry.at(side), f"“{wanted}” is a {item.origin} item; put it on the other side.")
        if len(self.problems) > before or None in sides.values():
            return None
        camera, generated = sides["camera"], sides["generated"]
        if camera.kind != generated.kind:
            self.wrong(
                entry.line,
                f"“{camera.id}” is a {camera.kind} and “{generated.id}” a {generated.kind}; pair like with like.",
            )
            return None
        return Pair(name, camera, generated)

    def _form(self, entry: Entry, known: Mapping[str, Item | None]) -> OwnForm | None:
        before = len(self.problems)
        self.check_fields(entry, "form", FIELDS["form"])
        name = self.text(entry, "name", "a short name, such as monday")
        title = self.text(entry, "title", "what your class reads above the trial")
        line = entry.at("name")
        if name is not None:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
                self.wrong(line, f"name is “{shown(name)}”; write small letters, numbers and hyphens, such as monday.")
            if name in self._taken_forms:
                self.wrong(line, f"the form “{name}” belongs to the course; choose another name.")
            self.once("form", name, line, "name of a form")
        items = entry.values.get("items", [])
        if not (isinstance(items, list) and all(isinstance(one, str) for one in items)):
            self.wrong(entry.at("items"), 'items must be a list of ids, as in ["harbour-morning", "old-bridge"].')
            return None
        if not items and "items" in entry.values:
            self.wrong(entry.at("items"), "items is empty; name at least one item.")
        for number, one in enumerate(items):
            if one in items[:number]:
                self.wrong(entry.at("items"), f"items names “{shown(one)}” twice; once is enough.")
                continue
            item = self._known(one, known, entry.at("items"))
            if item and item.purpose != "parity":
                self.wrong(entry.at("items"), f"“{one}” is no parity item, and only those can be judged blind.")
        return OwnForm(name, title, tuple(items)) if len(self.problems) == before else None

    def _known(self, name: str, known: Mapping[str, Item | None], line: int) -> Item | None:
        if name in known:
            return known[name]
        own = [one for one in known if one not in self._shipped]
        near = get_close_matches(name, own, n=1, cutoff=0.6) or get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"did you mean “{shown(near[0])}”?" if near else "write the id of an item."
        self.wrong(line, f"there is no item “{shown(name)}”; {hint}")
        return None


def _wrong_in_cue(cue: Mapping[str, Any], last: int) -> str | None:
    """Say what is wrong with one cue, or return None."""
    for name in cue:
        if name not in CUE_FIELDS:
            return f"there is no field “{shown(name)}”; known are {listed(CUE_FIELDS)}."
    region, frames = cue.get("region"), cue.get("frames", [0, 0])
    if not (isinstance(region, list) and len(region) == 4 and all(is_number(one) and 0 <= one <= 1 for one in region)):
        return "region must be four shares of the picture from 0 to 1, [left, top, width, height]."
    if region[0] + region[2] > 1.001 or region[1] + region[3] > 1.001 or not min(region[2:]):
        return "region leaves the picture, or has no size."
    if not (isinstance(frames, list) and len(frames) == 2 and all(type(one) is int for one in frames)):
        return "frames must be two whole numbers, the first and the last frame."
    if not last and frames != [0, 0]:
        return "a still has no frames; take them out."
    if not 0 <= frames[0] <= frames[1] <= last:
        return f"frames must rise and lie between 0 and {last}."
    if cue.get("family") not in FAMILIES:
        return f"family must be one of {listed(FAMILIES, 'or')}."
    reason = cue.get("reason")
    if not isinstance(reason, str) or not reason.strip() or shown(reason, LONGEST_TEXT) != " ".join(reason.split()):
        return "reason must be a sentence: what is seen there."
    return None


def _kind(path: Path) -> str:
    """Tell a clip from a still by the first bytes. `course.media.open_file` finds out whether the rest is sound."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] == b"ftyp":
        return "still" if head[8:12] in _STILL_BRANDS else "clip"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free") or head[:4] == b"\x1a\x45\xdf\xa3":
        return "clip"
    return "clip" if head[:4] in (b"GIF8", b"RIFF", b"\x89PNG") and _moves(path) else "still"


def _moves(path: Path) -> bool:
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(path, formats=("GIF", "WEBP", "PNG")) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return bool(getattr(image, "is_animated", False))
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return False  # damaged: opening it says how
