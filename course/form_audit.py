"""The audit of the forms of the blind trial: does a form measure an eye, or something else?

Three things could be measured instead. A *shortcut*: colour or movement that tells the origins apart, see
`course.shortcuts`. A *memory*: a film, place or person that was met before, in a lesson or in another form. And a
*habit of one generator* that a learner has met, where the form is said to ask for new ones. All three are looked for
here. `course.parity` prints what is found and writes it down.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from course import judgement, media, shortcuts
from course.media.catalogue import data_folder
from course.media.releases import first_months, release
from course.shortcuts import LIMITS, holds

if TYPE_CHECKING:
    import numpy as np

OPENLY = "shown openly"

TOGETHER = "together"
"""Stands for all forms in `FormsAudit.singles` and `FormsAudit.detectors`."""

NEAR = 8
"""Bits of 64: up to so many between any two frames, one of them mirrored or not, two items count as one picture.

In our pack a frame that was saved again at half its size moves by 0 to 4 bits (59 of 60; one by 8). Two frames of a
cockatoo's beak, seconds apart, differ by 8. The nearest two frames that show different things are 10 apart, by chance:
a dog among leaves and, mirrored, a coin on a table. (A fingerprint has as many ones as noughts: distances are even.)"""

ALIKE = 0.75
"""Correlation of fine detail from which one picture counts as cut out of another.

Of 60 cuts of 60 to 95 per cent of a side, saved again, 56 reach it, and a part of the others is found by `NEAR`. The
most alike of different pictures reach 0.72: two skies without any detail that could tell them apart."""

_FLAT = 2.0  # grey levels: a frame of one colour, as where a film fades, is like every other of that kind
_SIDE = 128  # pixels of the small copies that cuts are looked for in


class Look(NamedTuple):
    """What the audit needs of an item.

    Attributes
    ----------
    numbers : dict of str to float
        Its statistics, see `course.parity`; empty for what is only shown openly and cannot be judged blind.
    prints : ndarray of uint64, shape (2, N)
        Perceptual hashes of its frames, and of the same mirrored; without the frames of one colour.
    small : ndarray of uint8, shape (H, W, 3)
        A small copy of the frame in its middle.
    """

    numbers: Mapping[str, float]
    prints: np.ndarray
    small: np.ndarray


class Met(NamedTuple):
    """Something that a learner meets, and where.

    Attributes
    ----------
    name : str
        Of an item; or the title of a file.
    where : str
        ``"form a2"``, ``"shown openly"``.
    scene : str
        See `scene`.
    look : Look
    """

    name: str
    where: str
    scene: str
    look: Look


def look(shown: media.Clip | media.Still, numbers: Mapping[str, float]) -> Look:
    """Take down what the audit needs of a decoded item.

    Parameters
    ----------
    shown : media.Clip or media.Still
    numbers : mapping of str to float
        What was measured on it.

    Examples
    --------
    >>> from course import media
    >>> look(media.load("window-light"), {}).prints.shape
    (2, 24)
    """
    import cv2
    import numpy as np

    from course import forensics

    frames = shown.frames if isinstance(shown, media.Clip) else shown.pixels[None]
    kept = [frame for frame in frames if frame[::8, ::8].mean(axis=2).std() >= _FLAT]
    both = [
        [int(forensics.perceptual_hash(np.ascontiguousarray(frame)).hex, 16) for frame in side]
        for side in (kept, [frame[:, ::-1] for frame in kept])
    ]
    small = cv2.resize(frames[len(frames) // 2], (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return Look(numbers, np.array(both, np.uint64).reshape(2, -1), small)


@dataclass(frozen=True)
class FormsAudit:
    """What the forms measure besides an eye.

    Attributes
    ----------
    names : tuple of str
        Of the forms, in order: the first two are taken before and after, the last one holds generators back.
    counts : dict
        Number of items by ``(form, kind, origin)``.
    learned : dict
        Number of items that the detectors learned from, by ``(kind, origin)``.
    singles : dict
        AUC of each statistic by ``(kind, form)``; ``(kind, TOGETHER)`` for all forms.
    detectors : dict
        The same for each detector.
    shared : tuple of str
        Releases of generators that the first two forms have in common.
    held_back : dict of str to tuple of str
        Releases that the last form alone shows, and its items of each.
    since : dict of str to str
        When each of these is first found in the pack.
    newest_shown : str
        When the newest of all others is first found there.
    strangers : int or None
        Bits of 64 between the nearest two frames of different things, one of them in a form.
    faults : tuple of str
        What must not be apart from the numbers, one sentence each.
    """

    names: tuple[str, ...]
    counts: Mapping[tuple[str, str, str], int]
    learned: Mapping[tuple[str, str], int]
    singles: Mapping[tuple[str, str], Mapping[str, judgement.Auc]]
    detectors: Mapping[tuple[str, str], Mapping[str, judgement.Auc]]
    shared: tuple[str, ...]
    held_back: Mapping[str, tuple[str, ...]]
    since: Mapping[str, str]
    newest_shown: str
    strangers: int | None
    faults: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Clips before stills, if there are both."""
        return tuple(dict.fromkeys(kind for kind, _ in self.singles))

    @property
    def problems(self) -> tuple[str, ...]:
        """What must not be, one sentence each."""
        return (*self._telling(), *self._passing(), *self.faults)

    def keeps(self, form: str, name: str, area: judgement.Auc) -> bool:
        """Whether an AUC keeps to the limit that there is for it; for a detector on one form there is none.

        Parameters
        ----------
        form : str
            A form, or `TOGETHER`.
        name : str
            A statistic or a detector.
        area : judgement.Auc
        """
        if name in shortcuts.DETECTORS:
            return form != TOGETHER or holds(area, LIMITS.detector, half=True)
        return holds(area, LIMITS.pooled if form == TOGETHER else LIMITS.single)

    def _telling(self) -> Iterable[str]:
        for (kind, form), areas in self.singles.items():
            limit = LIMITS.pooled if form == TOGETHER else LIMITS.single
            where = "In all forms together" if form == TOGETHER else f"In form {form}"
            for name, area in areas.items():
                if not self.keeps(form, name, area):
                    yield (
                        f"{where} the {name} of the {kind}s tells the origin: AUC {area.value:.3f}, and it may lie "
                        f"between {limit.low:.2f} and {limit.high:.2f}."
                    )

    def _passing(self) -> Iterable[str]:
        limit = LIMITS.detector
        for (kind, form), areas in self.detectors.items():
            for name, area in areas.items():
                if not self.keeps(form, name, area):
                    does = "tells the origin of" if area.value > 0.5 else "is reliably wrong about"
                    yield (
                        f"A detector ({name}) that learned from what lessons show {does} the {kind}s of the forms: AUC "
                        f"{area.value:.3f} ({area.low:.3f} to {area.high:.3f}), and it may lie between {limit.low:.2f} "
                        f"and {limit.high:.2f} with a range that holds 0.5."
                    )


def load_forms(folder: Path | None = None) -> tuple[judgement.Form, ...]:
    """The forms that the course asks for today, by name.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The data folder of the course by default.
    """
    return judgement.load_forms((folder or data_folder()) / "forms")


def elsewhere(folder: Path | None = None) -> dict[str, frozenset[str]]:
    """Which items are shown by what stands beside the forms, by the name of the place.

    Pairs, practice sets, the pictures of the offline web, the controlled pairs' sources, flights, cues: whatever names
    items in the tables of the data folder.

    Parameters
    ----------
    folder : pathlib.Path, optional
        The data folder of the course by default.

    Examples
    --------
    >>> "daffodil" in elsewhere()["data/media/pairs.toml"]
    True
    """
    folder = folder or data_folder()
    aside = {folder / "forms", folder / "media" / "selection", folder / "media" / "annotations"}
    found = {}
    for path in sorted(folder.rglob("*.toml")):
        if aside.isdisjoint(path.parents):
            named = frozenset(_named(tomllib.loads(path.read_text(encoding="utf-8"))))
            if named:
                found[f"data/{path.relative_to(folder).as_posix()}"] = named
    return found


_NAMING = frozenset(("item", "items", "camera", "generated", "source", "sources", "donor", "picture"))


def _named(content: object, naming: bool = False) -> Iterable[str]:
    """All texts under a key that names items."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _named(value, key in _NAMING)
    elif isinstance(content, list):
        for value in content:
            yield from _named(value, naming)
    elif naming and isinstance(content, str):
        yield content


def audit_forms(
    forms: Sequence[judgement.Form],
    catalogue: media.Catalogue,
    shown: Sequence[media.Item],
    looks: Mapping[str, Look],
    places: Mapping[str, frozenset[str]] | None = None,
    files: Mapping[str, tuple[str, Look]] | None = None,
) -> FormsAudit:
    """Ask what the forms measure besides an eye.

    Parameters
    ----------
    forms : sequence of judgement.Form
        In order: the first two are compared with each other, the last one may hold generators back.
    catalogue : media.Catalogue
        That of the course.
    shown : sequence of media.Item
        What lessons show openly, none of it in a form.
    looks : mapping of str to Look
        Of every item in a form or in `shown`.
    places : mapping, optional
        As `elsewhere` gives it.
    files : mapping, optional
        Pictures that are shown and are no items: title, scene and look by name.

    Returns
    -------
    FormsAudit
    """
    faults: list[str] = []
    for form in forms:
        faults += [
            f"Form {form.name} names “{one}”, which the catalogue does not hold."
            for one in form.items
            if one not in catalogue
        ]
    items = {form.name: [catalogue[one] for one in form.items if one in catalogue] for form in forms}
    in_forms = {item.id: name for name, chosen in items.items() for item in chosen}
    faults += [f"“{one.id}” of form {in_forms[one.id]} is shown openly, too." for one in shown if one.id in in_forms]
    shown = [item for item in shown if item.id not in in_forms]
    singles, detectors, learned, counts = {}, {}, {}, {}
    for kind in ("clip", "still"):
        training = table([item for item in shown if item.kind == kind and item.purpose == "parity"], looks)
        asked = {name: table([item for item in chosen if item.kind == kind], looks) for name, chosen in items.items()}
        for name, part in asked.items():
            for origin, made in (("camera", False), ("generated", True)):
                counts[name, kind, origin] = part.generated.count(made)
            if len(set(part.generated)) == 1:
                faults.append(f"All {kind}s of form {name} are of one origin, so they measure nothing.")
        asked = {name: part for name, part in asked.items() if len(set(part.generated)) == 2}
        if not asked:
            continue
        together = _joined(asked.values())
        for name, part in (*asked.items(), (TOGETHER, together)):
            singles[kind, name] = shortcuts.single(part)
        learned |= {(kind, o): training.generated.count(o == "generated") for o in ("camera", "generated")}
        if len(set(training.generated)) < 2:
            faults.append(f"Lessons show {kind}s of one origin only, so no detector can be examined on the forms.")
            continue
        scores = shortcuts.examine(training, together)
        for name, part in (*asked.items(), (TOGETHER, together)):
            detectors[kind, name] = {one: _of(found, set(part.items)).auc for one, found in scores.items()}
    asked = [met(item, f"form {name}", looks) for name, chosen in items.items() for item in chosen]
    others = [met(item, OPENLY, looks) for item in shown]
    others += [Met(title, OPENLY, key, seen) for title, (key, seen) in (files or {}).items()]
    near, strangers = one_picture(asked, others)
    faults += [*_named_elsewhere(items, places or {}), *one_scene(asked, others), *near]
    releases, more = _releases(forms, items, shown)
    return FormsAudit(
        tuple(items), counts, learned, singles, detectors, **releases, strangers=strangers, faults=(*faults, *more)
    )


def table(items: Sequence[media.Item], looks: Mapping[str, Look]) -> judgement.Table:
    """The statistics of some items, clips or stills."""
    features = tuple(looks[items[0].id].numbers) if items else ()
    return judgement.Table(
        items=tuple(item.id for item in items),
        generated=tuple(item.origin == "generated" for item in items),
        sources=tuple(scene(item) for item in items),
        features=features,
        values=tuple(tuple(float(looks[item.id].numbers[one]) for one in features) for item in items),
    )


def scene(item: media.Item) -> str:
    """What an item shows a part of: two items of one scene are never strangers to each other.

    Examples
    --------
    >>> from course import media
    >>> scene(media.catalogue()["beak-close"])
    'python3-imageio: cockatoo.mp4'
    """
    return item.scene or f"{item.package}: {item.member}"


def _joined(parts: Iterable[judgement.Table]) -> judgement.Table:
    """All rows; an item that wrongly is in two of them comes once."""
    parts = list(parts)
    rows = {
        row[0]: row for part in parts for row in zip(part.items, part.generated, part.sources, part.values, strict=True)
    }
    names, generated, sources, values = zip(*rows.values(), strict=True)
    return judgement.Table(names, generated, sources, parts[0].features, values)


def _of(scores: judgement.Scores, items: set[str]) -> judgement.Scores:
    kept = [one for one in zip(scores.items, scores.generated, scores.values, strict=True) if one[0] in items]
    return judgement.Scores(*map(tuple, zip(*kept, strict=True)))


def whole_files(catalogue: media.Catalogue) -> dict[str, tuple[str, Look]]:
    """The files of lesson 5 that are pictures: scene and look by title.

    Their scene is that of the items of the same source, if there are any.
    """
    of_source = {(item.package, item.member): scene(item) for item in catalogue.values()}
    return {
        one.title: (
            of_source.get((one.package, one.member), f"{one.package}: {one.member}"),
            look(media.open_file(one.path), {}),
        )
        for one in media.whole_files().values()
        if one.kind != "map"
    }


# --- met before ----------------------------------------------------------------------------------------


def _named_elsewhere(items: Mapping[str, list[media.Item]], places: Mapping[str, frozenset[str]]) -> Iterable[str]:
    names = list(items)
    for at, name in enumerate(names):
        for item in items[name]:
            for other in names[at + 1 :]:
                if item in items[other]:
                    yield f"“{item.id}” is in form {name} and in form {other}."
            for place, named in places.items():
                if item.id in named:
                    yield f"“{item.id}” of form {name} is shown openly, too: {place} names it."


def met(item: media.Item, where: str, looks: Mapping[str, Look]) -> Met:
    """An item as something that is met."""
    return Met(item.id, where, scene(item), looks[item.id])


def one_scene(asked: Sequence[Met], others: Sequence[Met]) -> list[str]:
    """A sentence for each item of a form whose scene is met again, in the same form, in a later one, or elsewhere.

    Parameters
    ----------
    asked : sequence of Met
        The items of the forms, in order.
    others : sequence of Met
        What is met elsewhere.
    """
    groups: dict[str, list[Met]] = defaultdict(list)
    for one in (*asked, *others):
        groups[one.scene].append(one)
    found = []
    for at, one in enumerate(asked):
        before = {other.name for other in asked[: at + 1]}
        again = [other for other in groups[one.scene] if other.name not in before]
        if again:
            found.append(f"“{one.name}” of {one.where} is of one scene with {_listed(again)}: {one.scene}.")
    return found


def _listed(others: Iterable[Met]) -> str:
    return ", ".join(dict.fromkeys(f"“{one.name}” ({one.where})" for one in others))


def one_picture(asked: Sequence[Met], others: Sequence[Met]) -> tuple[list[str], int | None]:
    """A sentence for each two pictures that are one, though no scene says so; and how near strangers come.

    Parameters
    ----------
    asked, others : sequence of Met
        As for `one_scene`.

    Returns
    -------
    list of str
    int or None
        Bits of 64 between the nearest two frames of different things; None if there is nothing to compare.
    """
    import numpy as np

    known = {one.name: one for one in reversed((*asked, *others))}
    asked = list({one.name: one for one in asked}.values())
    names = list(known)
    prints = np.concatenate([known[name].look.prints[0] for name in names])
    owner = np.repeat(np.arange(len(names)), [known[name].look.prints.shape[1] for name in names])
    found: dict[tuple[str, str], str] = {}
    nearest: list[int] = []
    done: set[str] = set()
    for one in asked:
        done.add(one.name)
        for side, mirrored in enumerate(("", ", mirrored")):
            if not one.look.prints.size:
                continue
            bits = np.full(len(names), 64)
            np.minimum.at(bits, owner, np.bitwise_count(one.look.prints[side][:, None] ^ prints).min(axis=0))
            for other, distance in zip(names, bits.tolist(), strict=True):
                if other in done or known[other].scene == one.scene:
                    continue
                if distance <= NEAR:
                    found.setdefault((one.name, other), f"{distance} of 64 bits apart{mirrored}")
                else:
                    nearest.append(distance)
    for (one, other), how in _cuts(asked, known).items():
        if (other, one) not in found:
            found.setdefault((one, other), how)
    sentences = [
        f"“{one}” of {known[one].where} shows the same as {_listed([known[other]])}: {how}."
        for (one, other), how in found.items()
    ]
    return sentences, min(nearest, default=None)


def _cuts(asked: Sequence[Met], known: Mapping[str, Met]) -> dict[tuple[str, str], str]:
    """Pairs of which one is cut out of the other, mirrored or not."""
    import numpy as np

    from course.sources.picture_index import PictureIndex

    index = PictureIndex((name, one.look.small) for name, one in known.items())

    def of(one: Met) -> list[tuple[tuple[str, str], str]]:
        small = one.look.small
        return [
            ((one.name, sighting.name), f"one is cut out of the other{mirrored}")
            for picture, mirrored in ((small, ""), (np.ascontiguousarray(small[:, ::-1]), ", mirrored"))
            for sighting in index.find(picture)
            if sighting.likeness >= ALIKE and known[sighting.name].scene != one.scene
        ]

    found: dict[tuple[str, str], str] = {}
    with ThreadPoolExecutor(2) as two:
        for pair, how in (one for part in two.map(of, asked) for one in part):
            if pair[0] != pair[1] and pair[::-1] not in found:
                found.setdefault(pair, how)
    return found


# --- generators ----------------------------------------------------------------------------------------


def _releases(
    forms: Sequence[judgement.Form], items: Mapping[str, list[media.Item]], shown: Sequence[media.Item]
) -> tuple[dict[str, object], list[str]]:
    """What the forms share and hold back, and what is wrong with it."""
    faults = []
    open_to_all = {release(item.generator) for item in shown if item.generator}
    of = {
        name: _by_release(item for item in chosen if item.origin == "generated" and item.generator)
        for name, chosen in items.items()
    }
    names = list(of)
    shared = tuple(sorted(set(of[names[0]]) & set(of[names[1]]))) if len(names) > 1 else ()
    if len(names) > 1 and len(shared) < LIMITS.shared_releases:
        listed = f" ({', '.join(shared)})" if shared else ""
        faults.append(
            f"Forms {names[0]} and {names[1]} have {len(shared)} releases of generators in common{listed}; it takes "
            f"{LIMITS.shared_releases}."
        )
    for name in names[:-1]:
        for one, made in of[name].items():
            if one not in open_to_all:
                faults.append(f"Form {name} shows {one} ({_quoted(made)}), which no lesson shows.")
    last = names[-1]
    elsewhere_too = open_to_all.union(*(of[name] for name in names[:-1]))
    held = {one: tuple(item.id for item in made) for one, made in of[last].items() if one not in elsewhere_too}
    faults += _declared(forms, held)
    count = sum(map(len, held.values()))
    if count < LIMITS.held_back:
        faults.append(
            f"Form {last} has {count} generated items from releases that nothing else shows; it takes "
            f"{LIMITS.held_back}."
        )
    others = [*shown, *(item for chosen in items.values() for item in chosen)]
    others = [item for item in others if item.generator and release(item.generator) not in held]
    since = {one: month for one, month in first_months(items[last]).items() if one in held}
    first_of_others = first_months(others)
    newest = max(first_of_others.values(), default="")
    for one, date in since.items():
        if len(date) < 7:
            faults.append(f"{one} is held back in form {last}, and of it only the year {date} is known, no month.")
            continue
        # Of a bare year it is only known that it is not a later year.
        newer = {
            other: its
            for other, its in first_of_others.items()
            if its[:4] > date[:4] or (len(its) >= 7 and its[:7] >= date[:7])
        }
        if newer:
            other = max(newer, key=newer.__getitem__)
            faults.append(
                f"{one} ({date}) is held back in form {last} as something new, but {len(newer)} that are met elsewhere "
                f"are not older, such as {other} ({newer[other]})."
            )
    return {"shared": shared, "held_back": held, "since": since, "newest_shown": newest}, faults


def _declared(forms: Sequence[judgement.Form], held: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """Whether the forms themselves name as held back what is, and nothing else."""
    found = {item for items in held.values() for item in items}
    for form in forms:
        named = set(form.held_back)
        if form is not forms[-1] and named:
            yield f"Form {form.name} names items as held back, and only form {forms[-1].name} may."
        elif form is forms[-1]:
            for one in sorted(named - found):
                yield f"Form {form.name} names “{one}” as held back, but what made it is met elsewhere."
            for one in sorted(found - named):
                yield f"Form {form.name} does not name “{one}” as held back, but nothing else shows what made it."


class Earlier(NamedTuple):
    """What forms that nobody new gets measured besides an eye.

    Attributes
    ----------
    names : tuple of str
        Of the forms, in order.
    singles : dict
        AUC of each statistic of their clips by ``(statistic, form)``.
    linear : dict of str to judgement.Auc
        Of the linear detector on all of them, by kind. It learned from what shows nothing of them.
    met, clips : int
        Camera clips of the second form whose film the first one or a pair shows, of so many.
    shared : int
        Releases of generators that the first two have in common.
    """

    names: tuple[str, ...]
    singles: Mapping[tuple[str, str], float]
    linear: Mapping[str, judgement.Auc]
    met: int
    clips: int
    shared: int


def audit_earlier(forms: Sequence[judgement.Form], catalogue: media.Catalogue, looks: Mapping[str, Look]) -> Earlier:
    """Ask of forms that are out of use what the audit asks of those of today.

    Parameters
    ----------
    forms : sequence of judgement.Form
        Two or more, in order.
    catalogue : media.Catalogue
        That of the course.
    looks : mapping of str to Look
        Of every item that can be judged blind.

    Returns
    -------
    Earlier
    """
    items = {form.name: [catalogue[one] for one in form.items] for form in forms}
    held = {scene(item) for chosen in items.values() for item in chosen}
    singles, linear = {}, {}
    for kind in ("clip", "still"):
        parts = {name: table([item for item in chosen if item.kind == kind], looks) for name, chosen in items.items()}
        if kind == "clip":
            singles = {
                (one, name): area.value for name, part in parts.items() for one, area in shortcuts.single(part).items()
            }
        rest = [item for item in catalogue.where(kind=kind, purpose="parity") if scene(item) not in held]
        scores = shortcuts.examine(table(rest, looks), _joined(parts.values()), ("linear",))
        linear[kind] = scores["linear"].auc
    first, second = list(items.values())[:2]
    filmed = [item for item in second if (item.kind, item.origin) == ("clip", "camera")]
    known = {item.member for item in (*first, *(pair.camera for pair in catalogue.pairs.values()))}
    releases = [{release(item.generator) for item in chosen if item.generator} for chosen in (first, second)]
    return Earlier(
        tuple(items),
        singles,
        linear,
        sum(item.member in known for item in filmed),
        len(filmed),
        len(releases[0] & releases[1]),
    )


def _by_release(items: Iterable[media.Item]) -> dict[str, list[media.Item]]:
    found: dict[str, list[media.Item]] = defaultdict(list)
    for item in items:
        found[release(item.generator)].append(item)
    return dict(sorted(found.items()))


def _quoted(items: Sequence[media.Item]) -> str:
    return ", ".join(f"“{item.id}”" for item in items)
