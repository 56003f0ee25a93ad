import html
from collections import Counter
from random import Random

import pytest

from course import judgement, media, ui
from course.lessons import artifacts_in_a_frame as lesson
from course.lessons.lesson import Lesson, LessonError, achievements
from course.media.catalogue import FAMILIES, data_folder
from course.media.releases import release

ITEMS = media.catalogue(data_folder())
SET = judgement.load_form(data_folder() / "practice" / "artifacts.toml")
FORMS = [judgement.load_form(path) for path in (data_folder() / "forms").glob("*.toml")]
UNSEEN = {name for form in FORMS for name in form.items}


def _say(view, **message):
    view._said(view, message, [])


def _take(judge, confidence=90):
    """Answer the whole set through the view's own messages; ``judge`` gives box and family for an item."""
    view = lesson.mark()
    _say(view, type="go", position=None)
    told = {}
    while view.state["phase"] == "asking":
        name = view._model.order[view.state["position"]]
        box, family = judge(ITEMS[name])
        _say(view, type="answer", position=view.state["position"], box=box, family=family, confidence=confidence)
        assert view.state["trouble"] == "" and view.state["phase"] == "told"
        told[name] = view.told
        _say(view, type="go", position=view.state["position"] + 1)
    return told


def _as_we_do(item):
    return (list(item.cues[0].region), item.cues[0].family) if item.cues else (None, None)


def _words(told):
    return " ".join([*told["words"], *told["after"]])


# what is shown


def test_no_page_shows_what_a_form_needs_unseen():
    shown = {one.item for one in lesson.gallery()._entries.values()}
    assert not shown & UNSEEN
    held = {release(ITEMS[name].generator) for form in FORMS for name in form.held_back}
    assert len(held) >= 4
    assert not [name for name in shown if release(ITEMS[name].generator or "") in held]
    used = {"spaniels-window", "small-green-car", *SET.items}
    used |= {one[side] for one in lesson.families().values() for side in ("camera", "generated")}
    assert used <= shown
    examples = used - set(SET.items)
    assert not examples & set(SET.items), "nothing is explained before it is asked"


def test_the_set_is_stills_with_all_four_kinds():
    items = [ITEMS[name] for name in SET.items]
    assert all(item.kind == "still" for item in items)
    kinds = Counter((item.origin, bool(item.cues)) for item in items)
    assert kinds == {
        ("camera", True): 5,
        ("camera", False): 4,
        ("generated", True): 2,
        ("generated", False): 1,
    }
    for item in items:
        assert all(judgement.Box.of(cue.region) and cue.family in lesson.families() for cue in item.cues)


def test_the_families_are_those_of_the_catalogue():
    assert (*lesson.families(), "time") == FAMILIES
    for key, one in lesson.families().items():
        for side in ("generated", "camera"):
            item = ITEMS[one[side]]
            assert item.origin == side and key in {cue.family for cue in item.cues}
        assert all(text.strip() for text in one.values())


@pytest.mark.parametrize("family", lesson.families())
def test_an_example_sets_doubt_beside_trust(family):
    view = lesson.example(family)
    assert [told["role"] for told in view.told] == ["generated", "camera"]
    assert all(told["marks"] and told["credit"] for told in view.told)
    assert view.told[1]["after"][0].startswith("Why it is no mistake: ")
    assert [head for head, _ in view.notes] == [
        "What makes one doubt:",
        "A camera does it too:",
        "What makes one trust:",
    ]
    title = lesson.families()[family]["title"]
    assert all(mark["words"].startswith(f"{title}: ") for told in view.told for mark in told["marks"])


def test_of_a_clip_the_frame_with_its_first_mark_is_shown():
    name = next(name for name in lesson._shown() if ITEMS[name].kind == "clip" and ITEMS[name].cues)
    still, clip = lesson._still(name), media.load(name)
    assert (still.pixels == clip.frames[ITEMS[name].cues[0].frames[0]]).all() and still.alt == clip.alt


def test_the_faded_example_does_not_name_the_family():
    (told,) = lesson.unnamed().told
    assert not any(one["title"].lower() in repr(told).lower() for one in lesson.families().values())


def test_few_pictures_hold_a_mark_of_culture_and_one_is_true():
    """As the table says of this family."""
    shown = [ITEMS[one.item] for one in lesson.gallery()._entries.values()]
    origins = Counter(item.origin for item in shown if "culture" in {cue.family for cue in item.cues})
    assert origins["camera"] >= 1 and 2 <= origins.total() <= 0.05 * len(shown)


def test_the_table_counts_what_the_explorer_shows():
    page = lesson.reliability()
    words, markup = repr(page), page._repr_html_()
    stills = [ITEMS[one.item] for one in lesson.gallery()._entries.values()]
    stills = [item for item in stills if item.kind == "still"]
    bare = sum(item.origin == "generated" and not item.cues for item in stills)
    generated = sum(item.origin == "generated" for item in stills)
    assert f"In {bare} of the {generated} generated ones we can point at nothing." in words
    assert bare > 10
    for key, one in lesson.families().items():
        marked = [item for item in stills if key in {cue.family for cue in item.cues}]
        count = sum(item.origin == "camera" for item in marked)
        assert f"{len(marked) - count} generated and {count} camera stills" in words
        assert html.escape(one["because"]) in markup
    assert words.count("November 2026") == 5


# the central activity


def test_who_marks_as_we_do_is_told_so():
    told = _take(_as_we_do)
    for name, reply in told.items():
        item, words = ITEMS[name], _words(reply)
        assert reply["role"] == item.origin and item.credit == reply["credit"]
        assert ("You point at the same place as we do." in words) is bool(item.cues)
        assert ("We call it" in words and "100 %" in words) is bool(item.cues)
        assert ("You pointed at nothing, and neither did we." in words) is not bool(item.cues)
        assert ("It is no proof" in words) is (item.origin == "camera" and item.odd)
        assert ("not the same as real" in words) is (item.origin == "generated" and not item.cues)
        assert ("our judgement, November 2026" in words) is (item.origin == "generated" and bool(item.cues))
        assert [mark["words"].split(": ", 1)[1] for mark in reply["marks"]] == [cue.reason for cue in item.cues]


def test_who_never_points_is_told_what_there_was():
    told = _take(lambda item: (None, None))
    for name, reply in told.items():
        assert ("We found something" in _words(reply)) is bool(ITEMS[name].cues)
    words = repr(lesson.summary())
    assert "You drew no box at all." in words
    assert "5 camera pictures that look odd somewhere: you marked our place in 0, another place in 0, " in words


def test_who_points_elsewhere_or_calls_it_otherwise_is_told_so():
    told = _take(lambda item: ([0.9, 0.45, 0.08, 0.08], "culture"))
    for name, reply in told.items():
        item, words = ITEMS[name], _words(reply)
        if not item.cues:
            whose = "Perhaps you saw more than we did" if item.origin == "generated" else "What else could cause it"
            assert whose in words
        elif "another place" not in words:
            assert "You call it culture, we call it" in words


def test_the_summary_counts_in_natural_numbers(log):
    assert "You have answered 0 of 12" in repr(lesson.summary())
    _take(_as_we_do)
    words = repr(lesson.summary())
    assert "5 camera pictures that look odd somewhere: you marked our place in 5, another place in 0, and" in words
    assert "4 plain camera pictures: you pointed at nothing in 4, and at something in 0." in words
    assert "2 generated pictures in which we can point at something: you marked our place in 2" in words
    assert "1 generated picture in which we cannot: you pointed at nothing in 1, and at something in 0." in words
    assert "You drew 7 boxes, 5 of them on camera pictures." in words
    assert "would have accused 5 pictures wrongly" in words
    assert "Of 7 in our place you gave 7 our family." in words
    assert "You were at least 80 % sure 12 times; in 12 we agree." in words
    assert not {"score", "points", "%."} & set(words.split())


def test_who_was_never_sure_is_not_counted_as_sure(log):
    _take(_as_we_do, confidence=60)
    assert "at least 80 % sure" not in repr(lesson.summary())


def test_a_finished_set_keeps_the_promise_and_half_of_it_does_not(log):
    view = lesson.mark()
    _say(view, type="go", position=None)
    pointed = {"box": [0.1, 0.1, 0.2, 0.2], "family": "anatomy"}
    for position in range(12):
        assert "annotation:artifacts" not in set(achievements(lesson._lesson.past()))
        _say(view, type="answer", position=position, **pointed, confidence=50)
        pointed = {"box": None, "family": None}
        _say(view, type="go", position=position + 1)
    assert "annotation:artifacts" in set(achievements(lesson._lesson.past()))
    page = Lesson("artifacts-in-a-frame", "artifacts")
    assert page.kept() == [False, False, False]
    page.question("daisy").answer(3, sure=True)
    assert page.kept() == [True, False, False]


def test_it_is_taken_up_after_a_restart(log):
    view = lesson.mark()
    _say(view, type="go", position=None)
    for position in range(5):
        _say(view, type="answer", position=position, box=[0.1, 0.1, 0.2, 0.2], family="style", confidence=70)
        _say(view, type="go", position=position + 1)
    again = lesson.mark()
    assert (again.state["phase"], again.state["done"]) == ("ready", 5)
    _say(again, type="go", position=None)
    assert again.state["position"] == 5 and again._model.order == view._model.order


def test_the_language_of_confidence_is_the_learners_own(log):
    log.append({"kind": "preference", "name": "confidence", "value": "words"})
    assert lesson.mark().steps[0][1] == "a pure guess"


# mistakes in a cell


@pytest.mark.parametrize("wrong", ["time", "Anatomy", "", 3, None, ["anatomy"]], ids=repr)
def test_a_family_that_is_none_is_one_sentence(wrong):
    with pytest.raises(LessonError, match=r"There is no family .*\. Choose one of: 'anatomy', 'style'.*\.") as raised:
        lesson.example(wrong)
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_cells_run_out_of_order_say_what_to_do(log):
    for show in (lesson.summary, lesson.done, lesson.explorer, lesson.unnamed, lesson.reliability):
        assert show() is not None
    with pytest.raises(LessonError, match="This lesson has no question 'head'"):
        lesson.question("head")


def test_a_missing_picture_is_one_sentence(monkeypatch):
    def missing(name):
        raise media.MediaError("The file of “cat-armchair” is missing. Download the course again.")

    monkeypatch.setattr(media, "load", missing)
    for show in (lesson.hook, lesson.unnamed, lambda: lesson.example("anatomy")):
        with pytest.raises(LessonError, match="is missing"):
            show()


def test_the_explorer_filters_all_of_it(log):
    view = lesson.explorer()
    assert isinstance(view, ui.ExploreView) and view.told["marks"]
    random = Random(1)
    for _ in range(12):
        view.choose(family=random.choice([*lesson.families(), "time", "nothing", "all"]))
        view.choose(origin=random.choice(["all", "camera", "generated"]))
        view.choose(picture=random.choice(view.state["pictures"]))
        item = ITEMS[view._model.item]
        assert view.told["role"] == item.origin and len(view.told["marks"]) == len(item.cues)
        for mark in view.told["marks"]:
            assert (mark["frames"] is None) is (item.kind == "still")
