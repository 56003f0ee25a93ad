from random import Random

import pytest

from course import judgement, media, record, ui
from course.ui import annotate

ITEMS = {"tower-block": "generated", "espresso-spoon": "camera", "party-dish": "camera"}
FORM = judgement.Form("t", tuple(ITEMS), "A set")
REGION = judgement.Region(judgement.Box(0.1, 0.1, 0.3, 0.3), "style")
FAMILIES = [
    {"key": "style", "title": "Style", "short": "the look", "generated": "tower-block"},
    {"key": "physics", "title": "Physics", "short": "light", "generated": "tower-block"},
]


def _model(save, past=()):
    return judgement.AnnotationSet(FORM, ITEMS, {"tower-block": [REGION]}, ("style", "physics"), save, past, seed=2)


def _view(save, past=(), told=None, picture=media.load):
    model = _model(save, past)

    def tell(name):
        return ui.Told(model.origin(name), f"It is {model.origin(name)}", marks=(ui.Mark(REGION.box, "Look"),))

    return ui.AnnotateView(model, picture, told or tell, FAMILIES)


def _say(view, **message):
    view._said(view, message, [])


def _answer(view, **more):
    message = {"position": view.state["position"], "box": None, "family": None, "confidence": 70}
    _say(view, type="answer", **{**message, **more})


def test_nothing_that_tells_is_in_the_browser_before_the_answer(log):
    view = _view(log.append)
    assert (view.state["phase"], view.track, view.picture, view.told) == ("ready", {}, b"", {})
    _say(view, type="go", position=None)
    for _ in ITEMS:
        item = media.catalogue()[view._model.order[view.state["position"]]]
        sent = repr((view.state, view.track, view.families, view.steps, view.told))
        for secret in (item.id, item.path.name, item.sha256, item.package, item.generator or "camera_recorded"):
            assert secret not in sent
        assert b"Exif" not in view.picture and b"http" not in view.picture
        assert (view.state["phase"], view.told) == ("asking", {})
        _answer(view)
        assert view.state["phase"] == "told"
        assert view.told["title"] == f"It is {item.origin}"
        _say(view, type="go", position=view.state["position"] + 1)
    assert (view.state["phase"], view.state["position"], view.picture) == ("done", None, b"")


def test_the_picture_stays_while_one_answers(log):
    view = _view(log.append)
    _say(view, type="go")
    before, sent = view.picture, []
    view.observe(lambda change: sent.append(change.name), ["picture", "track"])
    _answer(view, box=[0.2, 0.2, 0.2, 0.2], family="style")
    assert view.picture is before and sent == []
    assert view.told["own"] == [0.2, 0.2, 0.2, 0.2]


def test_a_second_click_answers_nothing(log):
    view = _view(log.append)
    _say(view, type="go")
    position = view.state["position"]
    _answer(view)
    _answer(view, position=position)
    _say(view, type="go", position=position + 1)
    _answer(view, position=position, box=[0.2, 0.2, 0.2, 0.2], family="style")
    assert len(log.events("annotation.answer")) == 1
    assert view.state["phase"] == "asking"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"box": [0.1, 0.1, 0.2, 0.2]}, "Choose a family"),
        ({"box": "here", "family": "style"}, "four numbers"),
        ({"box": [0, 0, 1, 1], "family": "style"}, "more than half"),
        ({"box": [0.1, 0.1, 0.001, 0.1], "family": "style"}, "too small"),
        ({"confidence": "much"}, "50 %"),
        ({"family": "style"}, "Without a box"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(log, wrong, words):
    view = _view(log.append)
    _say(view, type="go")
    _answer(view, **wrong)
    assert words in view.state["trouble"]
    assert (view.state["phase"], view.state["done"]) == ("asking", 0)
    assert log.events("annotation.answer") == ()


def test_an_answer_that_cannot_be_saved_tells_nothing():
    def save(event):
        if event["kind"] == "annotation.answer":
            raise record.RecordError("Your answer could not be saved: the disk is full.")

    view = _view(save)
    _say(view, type="go")
    _answer(view)
    assert view.state["trouble"] == "Your answer could not be saved: the disk is full."
    assert (view.state["phase"], view.told) == ("asking", {})


def test_it_goes_on_where_it_was_left_and_looks_back(log):
    view = _view(log.append)
    _say(view, type="go")
    _answer(view)
    order = view._model.order
    again = _view(log.append, [dict(event.data) for event in log.events()])
    assert (again.state["phase"], again.state["done"], again.told) == ("ready", 1, {})
    _say(again, type="go", position=None)
    assert (again._model.order, again.state["position"], again.state["phase"]) == (order, 1, "asking")
    _say(again, type="go", position=0)
    assert again.state["phase"] == "told"
    _say(again, type="go", position=2)  # not before the one in between has its answer
    assert (again.state["position"], again.state["phase"]) == (1, "asking")


def test_a_damaged_picture_stops_with_its_cure(log):
    def picture(name):
        raise media.MediaError("The item is damaged. Download the course again.")

    view = _view(log.append, picture=picture)
    _say(view, type="go")
    assert view.state["phase"] == "ready"
    assert "Download the course again" in view.state["trouble"]
    view._picture = media.load
    _say(view, type="go")
    assert (view.state["phase"], view.state["trouble"]) == ("asking", "") and view.picture


def test_unknown_messages_are_passed_over(log):
    view = _view(log.append)
    for message in ({}, {"type": "truth"}, {"type": "answer"}, {"type": "answer", "position": 0, "box": None}):
        _say(view, **message)
    assert view.state["phase"] == "ready" and log.events() == ()


JUNK = [None, True, "", "style", -1, 1, 99, 0.5, float("nan"), [], [0.1, 0.1, 0.3, 0.3], {}, b"x", 10**30]


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_random_messages_never_raise_and_lose_no_answer(log, seed):
    random = Random(seed)
    picture = media.load("espresso-spoon")
    view = _view(log.append, picture=lambda name: picture)
    for _ in range(200):
        before = view._model.answers
        kind = random.choice(["go", "go", "answer", "answer", "sound", "junk", None])
        if kind == "sound" and view.state["phase"] == "asking":
            _answer(view, box=random.choice([None, [0.1, 0.1, 0.3, 0.3]]), family=random.choice([None, "style"]))
        else:
            keys = ("position", "box", "family", "confidence")
            _say(view, type=kind, **{key: random.choice(JUNK) for key in keys if random.random() < 0.8})
        assert set(before) <= set(view._model.answers)
        assert view.state["done"] == len(log.events("annotation.answer")) == len(view._model.answers)
        assert view.state["phase"] in ("ready", "asking", "told", "done")
        assert (view.told != {}) is (view.state["phase"] == "told")


# pictures with marks


def test_marked_pictures_go_out_as_pixels_and_words():
    told = ui.Told("camera", "Recorded", ("One.",), (ui.Mark((0.1, 0.2, 0.3, 0.4), "Here"),), ("Two.",), "By me.")
    view = ui.MarkedView([(media.load("espresso-spoon"), told)], "A cup", [("Head:", "text")])
    assert view.told == [
        {
            "role": "camera",
            "title": "Recorded",
            "words": ("One.",),
            "marks": ({"box": (0.1, 0.2, 0.3, 0.4), "words": "Here", "frames": None},),
            "after": ("Two.",),
            "credit": "By me.",
        }
    ]
    assert view.tracks[0]["alt"] == media.catalogue()["espresso-spoon"].alt
    assert len(view.pictures[0]) == sum(view.tracks[0]["sizes"])
    assert view.notes == [["Head:", "text"]]


def test_the_scripts_build_elements_and_never_markup():
    code = annotate.static("plate.js", "annotate.js", "marked.js", "explore.js")
    assert "innerHTML" not in code and "insertAdjacentHTML" not in code
