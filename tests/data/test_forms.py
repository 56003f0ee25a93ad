"""Forms, practice sets and pairs: nothing is shown twice, subjects are alike, and each is as hard as the next by eye.

What no shortcut may pass is held by ``tests/test_parity_audit.py``; that choosing again gives the same forms, by
``tests/tools/test_choose_forms.py``.
"""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest

from course import judgement, media
from course.judgement.order import BALANCED, EARLIER, LATER
from course.lessons.lesson import free_items
from course.lessons.trial_forms import current_forms, earlier_forms, load_form
from course.media.catalogue import data_folder
from course.media.releases import first_months, release

SHIPPED = media.catalogue(data_folder())
FORMS = {name: load_form(name) for name in current_forms()}
PRACTICE = {path.stem: judgement.load_form(path) for path in sorted((data_folder() / "practice").glob("*.toml"))}
GROUPS = [(kind, origin) for kind in ("clip", "still") for origin in ("camera", "generated")]
EACH = {"clip": 4, "still": 8}
BROAD = {"person": "person", "sport": "person", "animal": "animal", "street": "things", "object": "things"}
BROAD |= {"food": "things", "water": "nature", "sky": "nature", "landscape": "nature", "plant": "nature"}


def group(form, kind, origin):
    items = [SHIPPED[name] for name in form.items]
    return [item for item in items if (item.kind, item.origin) == (kind, origin)]


def scenes(names):
    return {SHIPPED[name].scene for name in names}


def test_there_are_three_forms_of_today_and_three_earlier_ones():
    assert tuple(FORMS) == (*BALANCED, LATER) and tuple(earlier_forms()) == EARLIER
    assert [load_form(name).name for name in (*FORMS, *EARLIER)] == [*FORMS, *EARLIER]
    assert len({form.title for form in FORMS.values()}) == 3
    assert list(PRACTICE) == ["1", "2", "3", "artifacts"]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_a_form_is_balanced(form):
    assert form.items == tuple(sorted(form.items))
    assert all(SHIPPED[name].purpose == "parity" for name in form.items)
    for kind in ("clip", "still"):
        sides = {origin: group(form, kind, origin) for origin in ("camera", "generated")}
        assert [len(side) for side in sides.values()] == [EACH[kind]] * 2
        subjects = {origin: Counter(BROAD[item.subject] for item in side) for origin, side in sides.items()}
        for subject in set(BROAD.values()):
            assert abs(subjects["camera"][subject] - subjects["generated"][subject]) <= 1, (kind, subject)
        for side in sides.values():
            assert set(Counter((item.package, item.member) for item in side).values()) == {1}, "two shots of one film"
    assert sum(SHIPPED[name].odd for name in form.items) >= 4
    assert sum(SHIPPED[name].plain for name in form.items) >= 3


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_a_form_is_dated_by_its_items(form):
    months = sorted(SHIPPED[name].generated_on for name in form.items if SHIPPED[name].generated_on)
    assert form.generators == (months[0], months[-1]) and form.made == date(2026, 12, 1)


@pytest.mark.parametrize(("kind", "origin"), GROUPS)
def test_forms_are_equally_hard_by_eye(kind, origin):
    hardness = [sum(item.difficulty for item in group(form, kind, origin)) for form in FORMS.values()]
    assert max(hardness) - min(hardness) <= 1


def test_the_last_form_holds_six_items_back_and_all_else_is_older():
    held = [SHIPPED[name] for name in FORMS[LATER].held_back]
    assert len(held) >= 6 and all(item.origin == "generated" for item in held)
    assert not any(FORMS[name].held_back for name in BALANCED)
    since = first_months(SHIPPED.values())
    first = min(since[release(item.generator)] for item in held)
    releases = {release(item.generator) for item in held}
    others = [*free_items(origin="generated"), *(SHIPPED[name] for form in FORMS.values() for name in form.items)]
    others = [item for item in others if item.generator and release(item.generator) not in releases]
    assert len(others) > 60 and all(since[release(item.generator)] < first for item in others)
    assert not releases & {release(item.generator) for item in free_items(origin="generated")}


def test_nothing_is_shown_in_two_places():
    pairs = {item.id for pair in SHIPPED.pairs.values() for item in (pair.camera, pair.generated)}
    sources = {name for pair in media.controlled().values() for name in pair.sources}
    places = {f"form {name}": set(form.items) for name, form in FORMS.items()}
    places |= {f"practice {name}": set(form.items) for name, form in PRACTICE.items()}
    for one, other in combinations(places, 2):
        assert not places[one] & places[other], (one, other)
    for place, items in places.items():
        assert not items & (pairs | sources), place


def test_no_scene_of_a_form_is_shown_anywhere_else():
    pairs = {item.id for pair in SHIPPED.pairs.values() for item in (pair.camera, pair.generated)}
    sources = {name for pair in media.controlled().values() for name in pair.sources}
    practice = {name for form in PRACTICE.values() for name in form.items}
    open_to_all = {item.id for item in free_items()}
    for one, other in combinations(FORMS.values(), 2):
        assert not scenes(one.items) & scenes(other.items), (one.name, other.name)
    for form in FORMS.values():
        assert len(scenes(form.items)) == len(form.items)
        assert not scenes(form.items) & scenes(pairs | sources | practice | open_to_all), form.name


@pytest.mark.parametrize("form", PRACTICE.values(), ids=lambda form: form.name)
def test_practice_is_three_quarters_camera(form):
    items = [SHIPPED[name] for name in form.items]
    assert form.items == tuple(sorted(form.items)) and set(form.items) <= {item.id for item in free_items()}
    assert Counter(item.origin for item in items) == {"camera": 9, "generated": 3}
    assert 4 <= sum(item.odd for item in items) <= 5
    assert sorted(bool(item.cues) for item in items if item.origin == "generated") == [False, True, True]
    assert all(item.purpose == "parity" for item in items)


def test_there_are_enough_pairs_and_each_is_one_of_a_kind():
    pairs = SHIPPED.pairs.values()
    assert len(pairs) >= 10
    names = [item.id for pair in pairs for item in (pair.camera, pair.generated)]
    assert len(set(names)) == len(names) and set(names) <= {item.id for item in free_items()}
    for pair in pairs:
        assert (pair.camera.origin, pair.generated.origin) == ("camera", "generated")
        assert pair.camera.kind == pair.generated.kind
        assert pair.camera.purpose == pair.generated.purpose == "parity"
