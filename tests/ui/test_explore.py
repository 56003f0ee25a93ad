from random import Random

import pytest

from course import media, ui

ENTRIES = {
    "cat": ui.Entry("cat-armchair", "generated", frozenset({"anatomy"})),
    "cup": ui.Entry("espresso-spoon", "camera", frozenset()),
    "dogs": ui.Entry("spaniels-window", "camera", frozenset({"anatomy"})),
    "glide": ui.Entry("puck-glide", "camera", frozenset()),
}


def _gallery():
    return ui.Gallery(ENTRIES, {"anatomy": "Anatomy", "culture": "Culture"})


def _tell(name):
    return ui.Told(media.catalogue()[name].origin, f"About {name}")


@pytest.mark.parametrize(
    ("origin", "family", "labels"),
    [
        ("all", "all", ("cat", "cup", "dogs", "glide")),
        ("camera", "all", ("cup", "dogs", "glide")),
        ("all", "anatomy", ("cat", "dogs")),
        ("camera", "nothing", ("cup", "glide")),
        ("generated", "anatomy", ("cat",)),
    ],
)
def test_filters(origin, family, labels):
    gallery = _gallery()
    gallery.choose(origin=origin, family=family)
    assert gallery.pictures == labels and gallery.picture == labels[0]


def test_a_picture_that_still_fits_stays():
    gallery = _gallery()
    gallery.choose(picture="dogs")
    gallery.choose(family="anatomy")
    assert (gallery.picture, gallery.item) == ("dogs", "spaniels-window")


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "mars"}, {"family": "magic"}, {"family": "culture"}, {"picture": "hat"}, {"origin": 3}, {"family": []}],
    ids=repr,
)
def test_what_is_not_there_changes_nothing(wrong):
    gallery = _gallery()
    gallery.choose(picture="cup")
    with pytest.raises(ValueError, match=r"\.$"):
        gallery.choose(**wrong)
    assert (gallery.origin, gallery.family, gallery.picture) == ("all", "all", "cup")


def test_the_view_shows_stills_and_clips():
    view = ui.ExploreView(_gallery(), media.load, _tell)
    assert view.told["title"] == "About cat-armchair" and view.track["fps"] == 0
    view.choose(picture="glide")
    assert view.told["title"] == "About puck-glide" and view.track["fps"] > 0
    assert view.state["picture"] == "glide" and len(view.picture) == sum(view.track["sizes"])


def test_an_empty_choice_is_said_and_the_picture_stays():
    view = ui.ExploreView(_gallery(), media.load, _tell)
    before = view.picture
    view.choose(family="culture")
    assert "no such picture" in view.state["trouble"]
    assert view.state["family"] == "all" and view.picture is before


def test_a_damaged_file_is_said_and_the_next_one_works():
    def picture(name):
        if name == "espresso-spoon":
            raise media.MediaError("The file of “cup” is missing.")
        return media.load(name)

    view = ui.ExploreView(_gallery(), picture, _tell)
    view.choose(picture="cup")
    assert (view.state["trouble"], view.track) == ("The file of “cup” is missing.", {})
    view.choose(picture="dogs")
    assert view.state["trouble"] == "" and view.track["sizes"]


def test_two_hundred_random_messages_never_raise():
    random = Random(8)
    picture = media.load("espresso-spoon")
    view = ui.ExploreView(_gallery(), lambda name: picture, _tell)
    values = [None, "all", "camera", "generated", "anatomy", "nothing", "culture", "cat", "glide", 3, [], {}, True, ""]
    for _ in range(200):
        kind = random.choice(["choose", "choose", "choose", "x", None])
        message = {key: random.choice(values) for key in ("origin", "family", "picture")}
        view._said(view, {"type": kind, **message}, [])
        assert view.state["picture"] in view.state["pictures"]
