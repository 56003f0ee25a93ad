"""Choose the forms of the blind trial, so that no plain number passes them.

    uv run python tools/choose_forms.py             choose, and write data/forms/a2.toml, b2.toml and c2.toml
    uv run python tools/choose_forms.py --check     say whether choosing again gives the same forms
    uv run python tools/choose_forms.py --measure   measure every item and every window anew (needs the packages)
    uv run python tools/choose_forms.py --try clip 8   compare eight searches, of which rules.toml names the best

What a form has to keep to stands in ``data/forms/choosing/rules.toml``. What is known of each picture comes from the
catalogue of the pack; what it measures from ``statistics.json`` there. Besides the clips of the pack, other two-second
windows of their films can be chosen (``windows.toml``): the pack then has to be given them. The search is simulated
annealing (Kirkpatrick, Gelatt & Vecchi 1983) with a fixed seed: the same files give the same forms.

A form that somebody has judged is never chosen again: a new one gets a new name.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import av
import numpy as np

from course import judgement, media, shortcuts
from course.lessons.trial_forms import TITLES
from course.media.catalogue import data_folder
from course.media.common_form import CLIP_FRAMES, CLIP_RATE, encode_clip, parity_clip
from course.media.releases import first_months, release

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "data" / "forms"
RULES = FORMS / "choosing" / "rules.toml"
WINDOWS = FORMS / "choosing" / "windows.toml"
STATISTICS = FORMS / "choosing" / "statistics.json"

STEPS = {"clip": (12000, 1500), "still": (8000, 300)}
"""Of the search: without detectors, and with them."""

SINGLE = round(shortcuts.LIMITS.single.high - 0.52, 6)
POOLED = round(shortcuts.LIMITS.pooled.high - 0.51, 6)
DETECTOR = round(shortcuts.LIMITS.detector.high - 0.52, 6)
"""From 0.5, what the search wants an AUC to keep to: a little less than the audit allows."""

KINDS = ("clip", "still")
ORIGINS = ("camera", "generated")
GROUPS = {
    "person": "person",
    "sport": "person",
    "animal": "animal",
    **dict.fromkeys(("water", "sky", "landscape", "plant"), "nature"),
    **dict.fromkeys(("street", "object", "food"), "things"),
}
"""Broad subjects: in a form each has about as many items of either origin."""


@dataclass(frozen=True)
class Candidate:
    """What the choice knows of a picture: an item of the pack, or a window of a film that could become one."""

    id: str
    kind: str
    origin: str
    scene: str
    film: str
    subject: str
    difficulty: int
    odd: bool
    plain: bool
    release: str
    month: str
    in_pack: bool
    built: bool
    numbers: tuple[float, ...]


@dataclass(frozen=True)
class Rules:
    """``rules.toml``: see there what each says."""

    made: date
    seed: int
    search: Mapping[str, int]
    forms: tuple[str, ...]
    each: Mapping[str, int]
    odd: int
    plain: int
    shared: int
    held_back: tuple[str, ...]
    new: Mapping[str, int]
    shown: frozenset[str]


def read_rules(path: Path = RULES) -> Rules:
    """Read ``rules.toml``."""
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    fields["shown"] = frozenset(one for part in fields["shown"].values() for one in part)
    for name in ("forms", "held_back"):
        fields[name] = tuple(fields[name])
    return Rules(**fields)


def read_windows(path: Path = WINDOWS) -> list[dict[str, Any]]:
    """Other two-second windows of films of the pack: item, start, crop, and the key of what was measured."""
    films = tomllib.loads(path.read_text(encoding="utf-8"))["film"]
    return [
        {"item": film["item"], "start": float(start), "crop": crop, "key": f"{film['item']} {start} {crop}"}
        for film in films
        for start in film["starts"]
        for crop in film["crops"]
    ]


def read_candidates(rules: Rules) -> list[Candidate]:
    """Everything that could stand in a form, in an order that does not hang on what it is called."""
    measured = json.loads(STATISTICS.read_text(encoding="utf-8"))
    pack = media.catalogue(data_folder())
    known = json.loads((data_folder() / "media" / "catalogue.json").read_text(encoding="utf-8"))["items"]
    cuts = {one["id"]: (one["crop"], one["start"] or 0.0) for one in known}
    found: dict[tuple[Any, ...], Candidate] = {}
    for item in pack.values():
        if item.purpose == "parity" and item.id in measured:
            crop, start = cuts[item.id]
            found[item.member, start, *crop] = _candidate(item, item.id, measured[item.id], in_pack=True, built=True)
    for window in read_windows():
        item, key = pack[window["item"]], window["key"]
        place = (item.member, window["start"], *window["crop"])
        if key in measured:
            # The pack may have been given it since, under a name of its own; when it was chosen from it was a window.
            given = found[place].id if place in found else ""
            found[place] = _candidate(item, given or key, measured[key], in_pack=False, built=bool(given))
    since = first_months(pack.values())
    first = min(since[name] for name in rules.held_back if name in since)
    # What is as new as the generators that are held back, and is none of them, can be shown nowhere.
    return [
        found[place]
        for place in sorted(found)
        if not found[place].release or found[place].release in rules.held_back or since[found[place].release] < first
    ]


def _candidate(item: media.Item, name: str, numbers: Mapping[str, float], *, in_pack: bool, built: bool) -> Candidate:
    return Candidate(
        id=name,
        kind=item.kind,
        origin=item.origin,
        scene=item.scene,
        film=f"{item.package}: {item.member}",
        subject=item.subject,
        difficulty=item.difficulty,
        odd=item.odd,
        plain=item.plain,
        release=release(item.generator) if item.generator else "",
        month=item.generated_on or "",
        in_pack=in_pack,
        built=built,
        numbers=tuple(numbers[name] for name in sorted(numbers)),
    )


Slots = dict[tuple[str, str], list[Candidate]]
"""The items of each (form, origin), of one kind."""


def areas(generated: np.ndarray, camera: np.ndarray) -> np.ndarray:
    """AUC of each number: (G, F) and (C, F) float64 to (F,)."""
    above = (generated[:, None] > camera[None]).mean((0, 1))
    return above + (generated[:, None] == camera[None]).mean((0, 1)) / 2


class Choice:
    """The items of all forms of one kind, and how far they are from what `Rules` ask for."""

    def __init__(
        self,
        rules: Rules,
        kind: str,
        candidates: Sequence[Candidate],
        taken: Iterable[str] = (),
        elsewhere: Slots | None = None,
    ):
        self.rules, self.kind = rules, kind
        self.all = [one for one in candidates if one.kind == kind]
        self.others = [one for one in candidates if one.kind != kind]  # which can show a release, too
        self.elsewhere = elsewhere or {}
        shown = {one.scene for one in candidates if one.id in rules.shown} | set(taken)
        self.free = [one for one in self.all if one.scene not in shown]
        self.numbers = {one.id: np.array(one.numbers) for one in self.all}
        self.slots: Slots = {}

    def fits(self, one: Candidate, form: str, place: int) -> bool:
        """Whether a candidate may stand in a form: the first generated places of the last one are for what is new."""
        if one.origin == "camera":
            return True
        new = place < self.rules.new[self.kind] and form == self.rules.forms[-1]
        return (one.release in self.rules.held_back) == new

    def start(self, draw: Random) -> None:
        """Fill all places at random."""
        used: set[str] = set()
        for form in self.rules.forms:
            for origin in ORIGINS:
                row: list[Candidate] = []
                for place in range(self.rules.each[self.kind]):
                    pool = [
                        one
                        for one in self.free
                        if one.origin == origin and one.scene not in used and self.fits(one, form, place)
                    ]
                    if not pool:
                        raise SystemExit(f"There are too few {origin} {self.kind}s for three forms.")
                    row.append(draw.choice(pool))
                    used.add(row[-1].scene)
                self.slots[form, origin] = row

    def propose(self, draw: Random) -> Slots | None:
        """Another candidate for one place, or two places of different forms exchanged; None where that cannot be."""
        form, origin = draw.choice(self.rules.forms), draw.choice(ORIGINS)
        place = draw.randrange(self.rules.each[self.kind])
        old = self.slots[form, origin][place]
        scenes = {one.scene for row in self.slots.values() for one in row}
        if draw.random() < 0.3:
            other = draw.choice([name for name in self.rules.forms if name != form])
            there = draw.randrange(self.rules.each[self.kind])
            new = self.slots[other, origin][there]
            if not (self.fits(new, form, place) and self.fits(old, other, there)):
                return None
            changed = {key: list(row) for key, row in self.slots.items()}
            changed[form, origin][place], changed[other, origin][there] = new, old
            return changed
        pool = [
            one
            for one in self.free
            if one.origin == origin
            and one is not old
            and (one.scene == old.scene or one.scene not in scenes)
            and self.fits(one, form, place)
        ]
        if not pool:
            return None
        changed = {key: list(row) for key, row in self.slots.items()}
        changed[form, origin][place] = draw.choice(pool)
        return changed

    def open(self, slots: Slots) -> list[Candidate]:
        """What lessons may then show of this kind: the pack without the scenes of the forms and what is held back."""
        kept = {one.scene for part in (slots, self.elsewhere) for row in part.values() for one in row}
        return [
            one for one in self.all if one.in_pack and one.scene not in kept and one.release not in self.rules.held_back
        ]

    def plain_cost(self, slots: Slots) -> float:
        """What can be counted without a detector."""
        cost = 0.0
        rows = {key: np.array([self.numbers[one.id] for one in row]) for key, row in slots.items()}
        for form in self.rules.forms:
            found = areas(rows[form, "generated"], rows[form, "camera"])
            cost += 4 * np.maximum(np.abs(found - 0.5) - SINGLE, 0).sum() + 0.3 * ((found - 0.5) ** 2).sum()
        pooled = [np.concatenate([rows[form, origin] for form in self.rules.forms]) for origin in ORIGINS]
        found = areas(pooled[1], pooled[0])
        cost += 8 * np.maximum(np.abs(found - 0.5) - POOLED, 0).sum() + 2 * ((found - 0.5) ** 2).sum()
        return float(cost + self.content_cost(slots))

    def content_cost(self, slots: Slots) -> float:
        """Subjects alike on both sides, forms equally hard, odd but real ones, plain ones, films, releases."""
        cost, each = 0.0, self.rules.each[self.kind]
        hard: dict[str, list[int]] = {origin: [] for origin in ORIGINS}
        for form in self.rules.forms:
            subjects = {o: Counter(GROUPS[one.subject] for one in slots[form, o]) for o in ORIGINS}
            for group in set(GROUPS.values()):
                cost += 0.3 * max(0, abs(subjects["camera"][group] - subjects["generated"][group]) - 1)
            for origin in ORIGINS:
                hard[origin].append(sum(one.difficulty for one in slots[form, origin]))
                films = Counter(one.film for one in slots[form, origin])
                cost += 1.0 * sum(count - 1 for count in films.values())
            share = each / sum(self.rules.each.values())
            cost += 0.5 * max(0, self.rules.odd * share - sum(one.odd for one in slots[form, "camera"]))
            cost += 0.5 * max(0, self.rules.plain * share - sum(one.plain for one in slots[form, "generated"]))
        for group in set(GROUPS.values()):
            counts = [
                sum(GROUPS[one.subject] == group for f in self.rules.forms for one in slots[f, o]) for o in ORIGINS
            ]
            cost += 0.2 * max(0, abs(counts[0] - counts[1]) - 1)
        for counted in hard.values():
            cost += 0.4 * max(0, max(counted) - min(counted) - 1)
        first, second, _ = self.rules.forms
        releases = {form: {one.release for one in self._both(slots, form)} for form in self.rules.forms}
        if self.elsewhere:  # clips alone cannot have so many in common
            cost += 1.0 * max(0, self.rules.shared - len(releases[first] & releases[second]))
        shown = {one.release for one in self.open(slots)} | self._shown_elsewhere(slots)
        needed = {
            one.release
            for form in self.rules.forms
            for one in slots[form, "generated"]
            if one.release not in self.rules.held_back
        }
        return cost + 1.5 * len(needed - shown)

    def _both(self, slots: Slots, form: str) -> list[Candidate]:
        return slots[form, "generated"] + self.elsewhere.get((form, "generated"), [])

    def _shown_elsewhere(self, slots: Slots) -> set[str]:
        kept = {one.scene for part in (slots, self.elsewhere) for row in part.values() for one in row}
        return {one.release for one in self.others if one.in_pack and one.scene not in kept}

    def detector_cost(self, slots: Slots, detectors: tuple[str, ...] | None = None) -> tuple[float, dict[str, float]]:
        """How well detectors tell, that learned from what lessons may then show."""
        names = tuple(str(at) for at in range(len(self.all[0].numbers)))

        def table(items: Sequence[Candidate]) -> judgement.Table:
            made = tuple(one.origin == "generated" for one in items)
            ids = tuple(one.id for one in items)
            return judgement.Table(ids, made, ids, names, tuple(one.numbers for one in items))

        asked = table([one for row in slots.values() for one in row])
        found = shortcuts.examine(table(self.open(slots)), asked, detectors or shortcuts.DETECTORS)
        told = {name: scores.auc.value for name, scores in found.items()}
        cost = sum(20 * max(0.0, abs(area - 0.5) - DETECTOR) + 0.5 * abs(area - 0.5) for area in told.values())
        return cost, told


def anneal(choice: Choice, draw: Random, steps: int, detectors: int) -> float:
    """Search: first without detectors, then with them; leave the best in ``choice.slots``."""
    choice.start(draw)
    now = choice.plain_cost(choice.slots)
    for step in range(steps):
        heat = 0.3 * (1 - step / steps) ** 2 + 1e-3
        slots = choice.propose(draw)
        if slots is None:
            continue
        cost = choice.plain_cost(slots)
        if cost <= now or draw.random() < math.exp((now - cost) / heat):
            choice.slots, now = slots, cost
    now += choice.detector_cost(choice.slots)[0]
    for step in range(detectors):
        heat = 0.1 * (1 - step / detectors) + 1e-3
        slots = choice.propose(draw)
        if slots is None:
            continue
        cost = choice.plain_cost(slots)
        limit = now - heat * math.log(draw.random() + 1e-12)
        if cost > limit:
            continue
        cost += choice.detector_cost(slots, ("linear", "tree"))[0]
        if cost > limit:
            continue
        cost += choice.detector_cost(slots, ("forest",))[0]
        if cost <= limit:
            choice.slots, now = slots, cost
    return now


def search(
    rules: Rules, candidates: Sequence[Candidate], kind: str, number: int, clips: Choice | None
) -> tuple[Choice, float]:
    """One search for the items of a kind, from its own random start; the stills know which clips were chosen."""
    elsewhere = clips.slots if clips else {}
    choice = Choice(rules, kind, candidates, [one.scene for row in elsewhere.values() for one in row], elsewhere)
    return choice, anneal(choice, Random(f"{rules.seed} {kind} {number}"), *STEPS[kind])


def choose(rules: Rules, candidates: Sequence[Candidate]) -> tuple[Choice, Choice]:
    """The clips and the stills, by the searches that ``rules.toml`` names."""
    clips, _ = search(rules, candidates, "clip", rules.search["clip"], None)
    stills, _ = search(rules, candidates, "still", rules.search["still"], clips)
    return clips, stills


def try_searches(rules: Rules, candidates: Sequence[Candidate], kind: str, count: int) -> None:
    """Print what several searches reach, best first: ``rules.toml`` can then name the best."""
    clips = search(rules, candidates, "clip", rules.search["clip"], None)[0] if kind == "still" else None
    with ProcessPoolExecutor() as pool:
        found = [pool.submit(search, rules, candidates, kind, number, clips) for number in range(count)]
        reached = sorted((job.result()[1], number, job.result()[0]) for number, job in enumerate(found))
    for cost, number, choice in reached:
        told = ", ".join(f"{name} {area:.2f}" for name, area in choice.detector_cost(choice.slots)[1].items())
        print(f"{kind}s, search {number}: {cost:.2f} (content {choice.content_cost(choice.slots):.2f}; {told})")


def form_text(rules: Rules, number: int, choices: Sequence[Choice]) -> str:
    """The text of a form's file."""
    name = rules.forms[number]
    chosen = [one for choice in choices for origin in ORIGINS for one in choice.slots[name, origin]]
    made = sorted(one.month for one in chosen if one.month)
    held = sorted(one.id for one in chosen if one.release in rules.held_back)
    lines = [
        "# A form of the blind trial: ids only, in alphabetical order, so that the order tells nothing. Chosen by",
        "# tools/choose_forms.py as data/forms/choosing asks. A form is never edited: a new one gets a new name.",
        f'name = "{name}"',
        f'title = "{TITLES[number]}"',
        f"made = {rules.made}",
        f'generators = ["{made[0]}", "{made[-1]}"]',
        *_listed("items", sorted(one.id for one in chosen)),
        *(_listed("held_back", held) if held else ()),
    ]
    return "\n".join(lines) + "\n"


def _listed(name: str, ids: Iterable[str]) -> list[str]:
    return [f"{name} = [", *(f'  "{one}",' for one in ids), "]"]


def report(rules: Rules, choices: Sequence[Choice]) -> str:
    """What was chosen, and how far it keeps to the rules."""
    lines = []
    for choice in choices:
        cost, told = choice.detector_cost(choice.slots)
        areas_told = ", ".join(f"{name} {area:.2f}" for name, area in told.items())
        lines.append(
            f"{choice.kind}s: detectors {areas_told}; content {choice.content_cost(choice.slots):.2f}, "
            f"all in all {choice.plain_cost(choice.slots) + cost:.2f}"
        )
        for (form, origin), row in choice.slots.items():
            lines += [f"  {form} {origin}: " + ", ".join(one.id for one in row)]
        lines += [f"  not in the pack yet: {one.id}" for row in choice.slots.values() for one in row if not one.built]
    return "\n".join(lines)


def measure_all() -> None:
    """Measure the items of the pack and the windows, and write ``statistics.json``."""
    sys.path.insert(0, str(data_folder() / "media"))
    import build

    from course.forensics.picture_numbers import clip_numbers
    from course.parity import statistics

    pack = media.catalogue(data_folder())
    measured = {item.id: statistics(item) for item in pack.values() if item.purpose == "parity"}
    picks, packages = build.read_selection(), build.read_packages()
    places = {(pick.member, pick.start, *pick.crop) for pick in picks.values()}
    films = {}
    for window in read_windows():
        films.setdefault(window["item"], []).append(window)
    for name, windows in films.items():
        raw = build.read_member(build.fetch(packages[picks[name].package]), picks[name].member)
        for window in windows:
            if (pack[name].member, window["start"], *window["crop"]) in places:
                continue
            end = window["start"] + CLIP_FRAMES / CLIP_RATE
            frames, times = build.decode_clip(raw, window["start"], end)
            mp4 = encode_clip(parity_clip(frames, times, tuple(window["crop"]), window["start"]), Fraction(CLIP_RATE))
            shown = np.stack(build.decode_clip(mp4)[0])
            measured[window["key"]] = {"coded size": coded_size(mp4)} | clip_numbers(shown)
    rounded = {
        name: {key: float(f"{value:.6g}") for key, value in one.items()} for name, one in sorted(measured.items())
    }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(one)}" for name, one in rounded.items())
    STATISTICS.write_text("{\n" + lines + "\n}\n", encoding="utf-8", newline="\n")


def coded_size(mp4: bytes) -> float:
    """Bytes of the coded picture in an MP4."""
    with av.open(io.BytesIO(mp4)) as container:
        return float(sum(packet.size for packet in container.demux(container.streams.video[0])))


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose, or measure."""
    parser = argparse.ArgumentParser(description="Choose the forms of the blind trial.")
    parser.add_argument("--check", action="store_true", help="say whether choosing again gives the same forms")
    parser.add_argument("--measure", action="store_true", help="measure items and windows anew")
    parser.add_argument(
        "--try", dest="tried", nargs=2, metavar=("KIND", "N"), help="compare N searches for clip or still"
    )
    options = parser.parse_args(arguments)
    if options.measure:
        measure_all()
        return 0
    rules = read_rules()
    if options.tried:
        try_searches(rules, read_candidates(rules), options.tried[0], int(options.tried[1]))
        return 0
    choices = choose(rules, read_candidates(rules))
    print(report(rules, choices))
    same = True
    for number, name in enumerate(rules.forms):
        path, text = FORMS / f"{name}.toml", form_text(rules, number, choices)
        same &= path.exists() and path.read_text(encoding="utf-8") == text
        if not options.check:
            path.write_text(text, encoding="utf-8", newline="\n")
    if options.check:
        print("The same forms again." if same else "Other forms than those in data/forms.")
    return 0 if same or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
