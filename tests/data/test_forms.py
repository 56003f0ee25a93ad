"""Forms, practice sets and pairs: nothing is shown twice, and nothing but the picture tells."""

from collections import Counter
from itertools import combinations

import pytest

from course import judgement, media
from course.media.catalogue import data_folder

SHIPPED = media.catalogue(data_folder())
FORMS = {path.stem: judgement.load_form(path) for path in sorted((data_folder() / "forms").glob("*.toml"))}
PRACTICE = {path.stem: judgement.load_form(path) for path in sorted((data_folder() / "practice").glob("*.toml"))}
GROUPS = [(kind, origin) for kind in ("clip", "still") for origin in ("camera", "generated")]
HELD_BACK = "Seedance 2.5"


def group(form, kind, origin):
    items = [SHIPPED[name] for name in form.items]
    return [item for item in items if (item.kind, item.origin) == (kind, origin)]


def test_there_are_three_forms_and_four_practice_sets():
    assert list(FORMS) == ["a", "b", "c"] and list(PRACTICE) == ["1", "2", "3", "artifacts"]
    assert [form.name for form in FORMS.values()] == list(FORMS)
    assert len({form.title for form in FORMS.values()}) == 3


@pytest.mark.parametrize("form", FORMS.values(), ids=str)
def test_a_form_is_balanced(form):
    assert form.items == tuple(sorted(form.items))
    assert all(SHIPPED[name].purpose == "parity" for name in form.items)
    for kind in ("clip", "still"):
        camera, generated = group(form, kind, "camera"), group(form, kind, "generated")
        assert len(camera) == len(generated) == 6
        assert Counter(item.subject for item in camera) == Counter(item.subject for item in generated)
    assert sum(SHIPPED[name].odd for name in form.items) >= 5
    assert sum(SHIPPED[name].plain for name in form.items) >= 1
    for kind, origin in GROUPS:
        sources = Counter((item.package, item.member) for item in group(form, kind, origin))
        assert set(sources.values()) == {1}, "two shots of one film"


@pytest.mark.parametrize(("kind", "origin"), GROUPS)
def test_forms_are_equally_hard_by_eye(kind, origin):
    hardness = [sum(item.difficulty for item in group(form, kind, origin)) for form in FORMS.values()]
    assert max(hardness) == min(hardness)


def test_nothing_is_shown_in_two_places():
    pairs = {item.id for pair in SHIPPED.pairs.values() for item in (pair.camera, pair.generated)}
    sources = {name for pair in media.controlled().values() for name in pair.sources}
    places = {f"form {name}": set(form.items) for name, form in FORMS.items()}
    places |= {f"practice {name}": set(form.items) for name, form in PRACTICE.items()}
    for one, other in combinations(places, 2):
        assert not places[one] & places[other], (one, other)
    for place, items in places.items():
        assert not items & (pairs | sources), place


def test_one_generator_is_new_in_forms_b_and_c():
    held = {item.id for item in SHIPPED.where(generator=HELD_BACK)}
    assert held & set(FORMS["b"].items) and held & set(FORMS["c"].items)
    elsewhere = set(FORMS["a"].items).union(*(form.items for form in PRACTICE.values()))
    elsewhere |= {pair.generated.id for pair in SHIPPED.pairs.values()}
    assert not held & elsewhere


@pytest.mark.parametrize("form", PRACTICE.values(), ids=str)
def test_practice_is_three_quarters_camera(form):
    items = [SHIPPED[name] for name in form.items]
    assert Counter(item.origin for item in items) == {"camera": 9, "generated": 3}
    assert 4 <= sum(item.odd for item in items) <= 5
    assert sorted(bool(item.cues) for item in items if item.origin == "generated") == [False, True, True]
    assert all(item.purpose == "parity" for item in items)


def test_there_are_enough_pairs_and_each_is_one_of_a_kind():
    pairs = SHIPPED.pairs.values()
    assert len(pairs) >= 10
    names = [item.id for pair in pairs for item in (pair.camera, pair.generated)]
    assert len(set(names)) == len(names)
    for pair in pairs:
        assert (pair.camera.origin, pair.generated.origin) == ("camera", "generated")
        assert pair.camera.kind == pair.generated.kind
        assert pair.camera.purpose == pair.generated.purpose == "parity"
