"""Three forms that measure nothing but an eye pass; whatever is planted in them is found, and said in a sentence."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from course import form_audit, judgement, media, shortcuts
from course.form_audit import Look, audit_forms
from course.judgement import Auc, Form
from course.media.catalogue import data_folder

TEMPLATE = media.catalogue(data_folder())["daffodil"]
SHOWN_GENERATORS = ("Wan 2.2 (14B)", "Kling 2.6", "Vidu Q2", "LTX-2 (Pro)", "Krea 2")


class Pack:
    """Three forms of 4 + 4 clips and 4 + 4 stills, and what lessons show: all drawn, with nothing in it to be found."""

    def __init__(self):
        self.chance = np.random.default_rng(15)
        self.items, self.looks, self.forms, self.shown = {}, {}, {}, []
        for place, count in (("a2", 4), ("b2", 4), ("c2", 4), ("open", 10)):
            names = []
            for kind in ("clip", "still"):
                for number in range(count):
                    # One of each origin with the same numbers: whatever learns from them tosses a coin.
                    values = self.chance.normal(size=3)
                    for origin in ("camera", "generated"):
                        names.append(self.add(f"{place}-{kind}-{origin}-{number}", kind, origin, number, place, values))
            if place == "open":
                self.shown = names
            else:
                self.forms[place] = names
        self.held_back = {"c2": [one for one in self.forms["c2"] if "generated" in one and not one.endswith("-0")]}

    def add(self, name, kind, origin, number, place, values):
        held_back = place == "c2" and number > 0
        generator = f"New {kind} 2.0" if held_back else SHOWN_GENERATORS[number % 5]
        self.items[name] = replace(
            TEMPLATE,
            id=name,
            kind=kind,
            origin=origin,
            scene=f"scene of {name}",
            generator=generator if origin == "generated" else None,
            generated_on=("2026-10" if held_back else "2026-03") if origin == "generated" else None,
            package="drawn",
            member=name,
            purpose="parity",
        )
        prints = self.chance.integers(0, 2**64, (2, 4 if kind == "clip" else 1), dtype=np.uint64)
        small = self.picture()
        self.looks[name] = Look(dict(zip(("colour", "speed", "grain"), values, strict=True)), prints, small)
        return name

    def picture(self):
        """A picture that resembles no other."""
        rough = self.chance.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        return cv2.resize(rough, (128, 128), interpolation=cv2.INTER_CUBIC)

    def changed(self, name, **fields):
        self.items[name] = replace(self.items[name], **fields)

    def measured(self, name, **numbers):
        old = self.looks[name]
        self.looks[name] = old._replace(numbers={**old.numbers, **numbers})

    def of(self, place, kind, origin):
        names = self.shown if place == "open" else self.forms[place]
        return [one for one in names if (self.items[one].kind, self.items[one].origin) == (kind, origin)]

    def audit(self, places=None, files=None):
        return audit_forms(
            [
                Form(name, tuple(items), name, held_back=tuple(self.held_back.get(name, ())))
                for name, items in self.forms.items()
            ],
            media.Catalogue(self.items),
            [self.items[name] for name in self.shown],
            self.looks,
            places,
            files,
        )


@pytest.fixture
def pack():
    return Pack()


@pytest.fixture
def no_cuts(monkeypatch):
    """Leave out the search for cut-out parts, which takes most of the time, where a test is about something else."""
    monkeypatch.setattr(form_audit, "_cuts", lambda asked, known: {})


def test_three_sound_forms_pass(pack):
    found = pack.audit(
        {"data/practice/1.toml": frozenset(pack.shown)},
        {"A file": ("its own scene", pack.looks["open-still-camera-0"])},
    )
    assert found.problems == ()
    assert found.names == ("a2", "b2", "c2")
    assert found.shared == ("Kling 2.6", "LTX-2", "Vidu Q2", "Wan 2.2")
    assert {one: len(items) for one, items in found.held_back.items()} == {"New clip 2.0": 3, "New still 2.0": 3}
    assert (found.newest_shown, set(found.since.values())) == ("2026-03", {"2026-10"})
    assert found.learned == {(kind, origin): 10 for kind in ("clip", "still") for origin in ("camera", "generated")}
    assert all(area.value == 0.5 for areas in found.detectors.values() for area in areas.values())
    assert found.strangers > form_audit.NEAR


# shortcuts


@pytest.mark.usefixtures("no_cuts")
def test_a_number_that_tells_in_one_form_is_found(pack):
    for name in pack.of("b2", "still", "generated"):
        pack.measured(name, grain=9.0)
    found = pack.audit().problems
    assert (
        "In form b2 the grain of the stills tells the origin: AUC 1.000, and it may lie between 0.35 and 0.65." in found
    )
    assert not [one for one in found if "clip" in one or "form a2" in one]


@pytest.mark.usefixtures("no_cuts")
def test_a_number_that_tells_a_little_in_each_form_is_found_over_all_together(pack):
    for form in ("a2", "b2", "c2"):
        for name, value in zip(pack.of(form, "clip", "camera"), (0, 1, 2, 3), strict=True):
            pack.measured(name, speed=float(value))
        for name, value in zip(pack.of(form, "clip", "generated"), (0.5, 1.5, 2.5, 3.5), strict=True):
            pack.measured(name, speed=float(value))
    found = [one for one in pack.audit().problems if "speed" in one]
    assert len(found) == 1
    assert found[0].startswith("In all forms together the speed of the clips tells the origin: AUC 0.625, ")


def lead(pack, places, sign):
    """Of each two items of like size the generated one has more of one number and less of another, or the reverse."""
    for place in places:
        for kind in ("clip", "still"):
            for origin, step in (("camera", -sign), ("generated", sign)):
                for at, name in enumerate(pack.of(place, kind, origin)):
                    pack.measured(name, colour=3.0 * at + 0.2 * step, speed=3.0 * at - 0.2 * step)


@pytest.mark.usefixtures("no_cuts")
def test_a_shortcut_that_no_number_shows_alone_is_found_by_a_detector(pack):
    lead(pack, ("a2", "b2", "c2", "open"), 1)
    passed = [one for one in pack.audit().problems if one.startswith("A detector (linear)")]
    assert [one.split(":")[0] for one in passed] == [
        f"A detector (linear) that learned from what lessons show tells the origin of the {kind}s of the forms"
        for kind in ("clip", "still")
    ]


@pytest.mark.usefixtures("no_cuts")
def test_a_shortcut_that_is_reliably_wrong_is_found_as_well(pack):
    lead(pack, ("a2", "b2", "c2"), -1)
    lead(pack, ("open",), 1)
    assert any("(linear)" in one and "is reliably wrong about the clips" in one for one in pack.audit().problems)


# met before


@pytest.mark.usefixtures("no_cuts")
def test_an_item_in_two_places_is_found(pack):
    twice, named = pack.of("a2", "still", "camera")[0], pack.of("b2", "clip", "camera")[0]
    pack.forms["c2"].append(twice)
    assert f"“{twice}” is in form a2 and in form c2." in pack.audit().problems
    pack.forms["c2"].remove(twice)
    assert pack.audit({"data/media/pairs.toml": frozenset((named, pack.shown[0]))}).problems == (
        f"“{named}” of form b2 is shown openly, too: data/media/pairs.toml names it.",
    )
    pack.shown.append(named)
    assert pack.audit().problems == (f"“{named}” of form b2 is shown openly, too.",)


@pytest.mark.usefixtures("no_cuts")
@pytest.mark.parametrize("other", ["b2-clip-camera-2", "a2-clip-camera-1", "open-still-camera-3"])
def test_a_sibling_of_a_film_is_found_in_another_form_in_the_same_and_in_a_lesson(pack, other):
    pack.changed("a2-clip-camera-0", scene="cockatoo")
    pack.changed(other, scene="cockatoo")
    where = "shown openly" if other.startswith("open") else f"form {other[:2]}"
    assert pack.audit().problems == (
        f"“a2-clip-camera-0” of form a2 is of one scene with “{other}” ({where}): cockatoo.",
    )


@pytest.mark.usefixtures("no_cuts")
def test_a_file_of_lesson_5_is_a_place_as_well(pack):
    pack.changed("c2-still-camera-0", scene="white dogs")
    files = {"A photo from a phone": ("white dogs", pack.looks["open-still-camera-0"])}
    assert pack.audit(files=files).problems == (
        "“c2-still-camera-0” of form c2 is of one scene with “A photo from a phone” (shown openly): white dogs.",
    )


@pytest.mark.usefixtures("no_cuts")
def test_items_without_a_scene_are_told_apart_by_their_source(pack):
    for name in ("a2-clip-camera-0", "b2-clip-camera-0"):
        pack.changed(name, scene="", package="films", member="one.mp4")
    assert pack.audit().problems == (
        "“a2-clip-camera-0” of form a2 is of one scene with “b2-clip-camera-0” (form b2): films: one.mp4.",
    )


@pytest.mark.usefixtures("no_cuts")
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("other", ["b2-still-camera-0", "open-clip-camera-0"])
def test_a_picture_saved_again_under_another_name_is_found_by_one_frame(pack, other, mirrored):
    one = "a2-clip-camera-3"
    prints = pack.looks[other].prints.copy()
    prints[0, -1] = pack.looks[one].prints[int(mirrored), 2] ^ np.uint64(0b10110)
    pack.looks[other] = pack.looks[other]._replace(prints=prints)
    where = "shown openly" if other.startswith("open") else "form b2"
    how = "3 of 64 bits apart" + ", mirrored" * mirrored
    assert pack.audit().problems == (f"“{one}” of form a2 shows the same as “{other}” ({where}): {how}.",)


@pytest.mark.usefixtures("no_cuts")
@pytest.mark.parametrize(("bits", "found"), [(form_audit.NEAR, 1), (form_audit.NEAR + 1, 0)])
def test_pictures_count_as_one_up_to_the_limit(pack, bits, found):
    prints = pack.looks["open-still-camera-0"].prints.copy()
    prints[0, 0] = pack.looks["a2-still-camera-0"].prints[0, 0] ^ np.uint64(2**bits - 1)
    pack.looks["open-still-camera-0"] = pack.looks["open-still-camera-0"]._replace(prints=prints)
    result = pack.audit()
    assert len(result.problems) == found
    assert found or result.strangers == form_audit.NEAR + 1


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("inwards", [False, True])
def test_a_part_cut_out_of_a_picture_is_found_whichever_of_the_two_is_in_the_form(pack, mirrored, inwards):
    whole, part = "a2-still-camera-0", "open-still-generated-1"
    if inwards:
        whole, part = part, whole
    cut = pack.looks[whole].small[20:110, 12:102]
    cut = cv2.resize(cut[:, ::-1] if mirrored else cut, (128, 128), interpolation=cv2.INTER_LANCZOS4)
    cut = cv2.imdecode(cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, 75])[1], cv2.IMREAD_COLOR)
    pack.looks[part] = pack.looks[part]._replace(small=cut)
    how = "one is cut out of the other" + ", mirrored" * mirrored
    assert pack.audit().problems == (
        f"“a2-still-camera-0” of form a2 shows the same as “open-still-generated-1” (shown openly): {how}.",
    )


def test_frames_of_one_colour_are_not_compared():
    frames = np.zeros((3, 64, 64, 3), np.uint8)
    frames[1] = np.random.default_rng(1).integers(0, 256, (64, 64, 3))
    frames[2] = 0, 90, 200  # blue, and the same everywhere
    seen = form_audit.look(media.Clip(frames, 12.0), {})
    assert seen.prints.shape == (2, 1)
    assert form_audit.look(media.Still(frames[0]), {}).prints.shape == (2, 0)


@pytest.mark.usefixtures("no_cuts")
def test_an_item_of_one_colour_takes_part_without_a_fingerprint(pack):
    for name in ("a2-still-camera-0", "open-still-camera-0"):
        pack.looks[name] = pack.looks[name]._replace(prints=np.zeros((2, 0), np.uint64))
    assert pack.audit().problems == ()


# generators


@pytest.mark.usefixtures("no_cuts")
def test_too_few_generators_in_common_are_counted_by_release(pack):
    for kind in ("clip", "still"):
        pack.changed(f"b2-{kind}-generated-0", generator="Wan 2.2 (5B)")
        pack.changed(f"b2-{kind}-generated-1", generator="Krea 2 Turbo")
    assert pack.audit().problems == (
        "Forms a2 and b2 have 3 releases of generators in common (LTX-2, Vidu Q2, Wan 2.2); it takes 4.",
    )


@pytest.mark.usefixtures("no_cuts")
def test_a_generator_that_no_lesson_shows_belongs_into_the_last_form_alone(pack):
    pack.changed("a2-clip-generated-1", generator="Surprise 1.0")
    assert "Form a2 shows Surprise 1.0 (“a2-clip-generated-1”), which no lesson shows." in pack.audit().problems
    pack.changed("a2-clip-generated-1", generator="New clip 2.0")
    assert "Form a2 shows New clip 2.0 (“a2-clip-generated-1”), which no lesson shows." in pack.audit().problems
    assert any(one.startswith("Form c2 has 3 generated items from releases") for one in pack.audit().problems)


@pytest.mark.usefixtures("no_cuts")
def test_a_generator_that_is_held_back_and_shown_all_the_same_is_found(pack):
    pack.changed("open-clip-generated-9", generator="New clip 2.0 (fast)", generated_on="2026-10")
    found = pack.audit().problems
    assert "Form c2 has 3 generated items from releases that nothing else shows; it takes 6." in found
    assert "Form c2 names “c2-clip-generated-2” as held back, but what made it is met elsewhere." in found


@pytest.mark.usefixtures("no_cuts")
def test_what_a_form_names_as_held_back_is_what_is_held_back(pack):
    left_out = pack.held_back["c2"].pop()
    assert pack.audit().problems == (
        f"Form c2 does not name “{left_out}” as held back, but nothing else shows what made it.",
    )
    pack.held_back["c2"] += [left_out, "c2-clip-camera-0"]
    assert pack.audit().problems == (
        "Form c2 names “c2-clip-camera-0” as held back, but what made it is met elsewhere.",
    )
    pack.held_back["c2"].pop()
    pack.held_back["b2"] = ["b2-clip-generated-0"]
    assert pack.audit().problems == ("Form b2 names items as held back, and only form c2 may.",)


@pytest.mark.usefixtures("no_cuts")
@pytest.mark.parametrize(
    ("shown", "held", "faults"),
    [
        ("2026-09", "2026-10", 0),
        ("2026-10", "2026-10", 1),
        ("2027", "2026-10", 1),
        ("2026", "2026-10", 0),
        ("2026-03", "2026", 1),
    ],
)
def test_what_is_held_back_is_newer_than_all_else(pack, shown, held, faults):
    pack.changed("open-clip-generated-4", generated_on=shown)
    pack.changed("open-still-generated-4", generated_on=shown)
    pack.changed("open-clip-generated-9", generated_on=shown)
    pack.changed("open-still-generated-9", generated_on=shown)
    for name in pack.of("c2", "still", "generated")[1:]:
        pack.changed(name, generated_on=held)
    for name in pack.of("c2", "clip", "generated")[1:]:
        pack.changed(name, generator="New still 2.0", generated_on=held)
    found = pack.audit().problems
    assert len(found) == faults, found
    if shown == "2026-10":
        assert found == (
            "New still 2.0 (2026-10) is held back in form c2 as something new, but 1 that are met elsewhere are not "
            "older, such as Krea 2 (2026-10).",
        )
    if held == "2026":
        assert found == ("New still 2.0 is held back in form c2, and of it only the year 2026 is known, no month.",)


# what cannot be asked


@pytest.mark.usefixtures("no_cuts")
def test_a_name_that_the_catalogue_does_not_hold_and_a_form_of_one_origin_are_named(pack):
    pack.forms["a2"].append("nowhere")
    pack.forms["b2"] = [one for one in pack.forms["b2"] if "clip-camera" not in one]
    found = pack.audit()
    assert "Form a2 names “nowhere”, which the catalogue does not hold." in found.problems
    assert "All clips of form b2 are of one origin, so they measure nothing." in found.problems
    assert ("clip", "b2") not in found.singles
    assert found.counts["b2", "clip", "generated"] == 4


def test_the_places_that_name_items_are_found():
    places = form_audit.elsewhere()
    assert {"data/media/pairs.toml", "data/practice/1.toml", "data/flights.toml", "data/media/controlled.toml"} <= set(
        places
    )
    assert any(place.startswith("data/web/pictures-") for place in places)
    assert not [place for place in places if "forms" in place or "selection" in place]


def named_in(path):
    """Everything in a file that stands between quotation marks or backticks, as the id of an item would."""
    return set(re.findall(r"[\"'`“\\]([a-z]+(?:-[a-z0-9]+)*)[\"'`”\\]", path.read_text(encoding="utf-8")))


def test_no_lesson_page_or_drawing_names_an_item_of_a_form():
    """Tables that name items are read by the audit itself; here are the places where code and prose do."""
    root = data_folder().parent
    places = [*root.glob("notebooks/*.ipynb"), *root.glob("course/lessons/*.py"), root / "data/forensics/examples.py"]
    places += [*root.glob("docs/**/*.md")]
    aside = {root / "docs" / "credits.md", root / "docs" / "parity.md"}  # authors of all; and the audit's own page
    in_forms = {item: form.name for form in form_audit.load_forms() for item in form.items}
    assert len(places) > 40
    found = {
        str(path.relative_to(root)): names
        for path in places
        if path not in aside and (names := sorted(named_in(path) & set(in_forms)))
    }
    assert found == {}


def test_every_detector_and_every_statistic_has_a_limit_of_its_own():
    beyond = Auc(0.64, 0.51, 0.75)
    audit = form_audit.FormsAudit(("a2",), {}, {}, {}, {}, (), {}, {}, "", None)
    assert audit.keeps("a2", "speed", beyond)
    assert not audit.keeps(form_audit.TOGETHER, "speed", beyond)
    for name in shortcuts.DETECTORS:
        assert audit.keeps("a2", name, beyond)
        assert not audit.keeps(form_audit.TOGETHER, name, beyond)


def test_the_earlier_forms_are_measured_anew_and_found_wanting():
    """What the page says was wrong before is worked out, not remembered."""
    forms = judgement.load_forms(data_folder() / "forms" / "earlier")
    pack = media.catalogue(data_folder())
    numbers = json.loads((data_folder() / "forms" / "choosing" / "statistics.json").read_text(encoding="utf-8"))
    looks = {name: form_audit.Look(row, None, None) for name, row in numbers.items() if name in pack}
    found = form_audit.audit_earlier(forms, pack, looks)
    assert found.names == ("a", "b", "c") and (found.met, found.clips, found.shared) == (4, 6, 0)
    for one in ("motion", "saturation", "flicker"):
        assert all(found.singles[one, name] > 0.75 for name in found.names)
    assert found.linear["clip"].low > 0.65 and found.linear["still"].value > 0.65
