import json
import re
from random import Random

import cv2
import numpy as np
import pytest

from course import record, sources, ui
from course.sources import Browser
from course.ui.browser import DID
from course.ui.look import static

STORY = "b"


@pytest.fixture(scope="module")
def web():
    return sources.web()


def _view(web, log, guide=None, **more):
    story = sources.stories(web)[STORY]
    past = [dict(event.data) for event in log.events()]
    model = Browser(web, story, log.append, past, guide=story.experts[0] if guide else None)
    return model, ui.BrowserView(model, **more)


def test_the_page_gets_the_claim_and_not_the_truth(web, log):
    model, view = _view(web, log)
    sent = json.dumps([view.setup, view.state])
    assert view.setup["claim"] == model.story.claim and len(view.setup["verdicts"]) == 7
    assert model.story.truth not in sent and all(trap not in sent for trap in model.story.traps)
    assert view.state["tabs"] == [web.open(model.story.start).title] and view.state["pictured"]
    assert "video generator" not in sent


def test_messages_become_acts_and_the_state_follows(web, log):
    _, view = _view(web, log)
    view.act({"type": "enter", "text": "jellyfish canal"})
    kind, results = view.state["shown"]["blocks"][1]
    assert kind == "results" and {"title", "url", "snippet", "marks", "sponsored"} <= results[0].keys()
    assert view.state["subject"] == "" and view.state["back"] and not view.state["forward"]
    view.act({"type": "go", "act": "open", "what": results[0]["url"], "tab": "behind"})
    assert len(view.state["tabs"]) == 2 and view.state["current"] == 0 and "behind" in view.state["spoken"]
    view.act({"type": "tab", "number": 1})
    view.act({"type": "tool", "act": "registration"})
    assert view.state["act"] == "registration" and view.state["shown"]["blocks"][1][0] == "fields"
    view.act({"type": "bookmark"})
    assert view.state["marked"] and len(view.state["bookmarks"]) == 1
    view.act({"type": "back"})
    view.act({"type": "forward"})
    view.act({"type": "close", "number": 0})
    assert len(view.state["tabs"]) == 1
    view.act({"type": "judge", "verdict": "", "confidence": 50})
    assert view.state["sentence"] == "Choose a verdict first."
    view.act({"type": "judge", "verdict": "false", "confidence": 90})
    assert (view.state["verdict"], view.state["confidence"]) == ("false", 90)
    assert "saved" in view.state["spoken"]
    (event,) = log.events("trail.verdict")
    assert event.data["story"] == STORY
    _, again = _view(web, log)
    assert again.state["verdict"] == "false" and again.state["steps"] == view.state["steps"]


def test_a_picture_is_sent_when_it_is_asked_for(web, log):
    _, view = _view(web, log)
    (name,) = web.open(sources.stories(web)[STORY].start).pictures
    answer, (data,) = view.picture(name)
    assert answer == {"type": "picture", "name": name, "found": True}
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).ndim == 3
    for junk in ("gone", None, 3, ["a"], "../x"):
        assert view.picture(junk)[0]["found"] is False and view.picture(junk)[1] == []


def test_what_cannot_be_saved_is_said(web, log, monkeypatch):
    model, view = _view(web, log)

    def full(event):
        raise record.RecordError("The disk is full.")

    monkeypatch.setattr(model.trail, "_append", full)
    view.act({"type": "enter", "text": "two words"})
    assert view.state["sentence"] == "The disk is full." and view.state["act"] == "open"


def test_a_guide_shows_reasons_and_the_end_at_the_end(web, log):
    model, view = _view(web, log, guide=True)
    assert view.setup["verdicts"] == [] and view.setup["guide"]["steps"] == len(model.guide.steps)
    assert view.state["guide"]["verdict"] == ""
    for number in range(len(model.guide.steps)):
        view.act({"type": "guide", "number": number})
        assert view.state["guide"]["looked_for"] == model.guide.steps[number].looked_for
    assert view.state["guide"]["verdict"] == model.guide.verdict
    assert log.events() == ()


def test_two_hundred_random_messages(web, log):
    _, view = _view(web, log)
    chance = Random(5)
    junk = [None, 3, "", [], {}, True, "a" * 5000, "weatherbox.example", "diff", "here", 0, 1]
    kinds = ["go", "tool", "enter", "back", "forward", "tab", "close", "guide", "bookmark", "judge", None, []]
    for _ in range(200):
        keys = ("act", "what", "number", "tab", "text", "verdict", "confidence")
        view.act({"type": chance.choice(kinds), **{key: chance.choice(junk) for key in keys}})
        json.dumps(view.state)


def test_the_script_writes_no_markup_and_knows_no_network():
    code = static("browser.js")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|fetch\(|XMLHttpRequest|window\.open", code)


def test_acts_have_words():
    assert set(DID) == set(sources.trail.ACTS)


# the map


def _steps(*steps):
    return tuple(sources.Step(act, what, seconds) for act, what, seconds in steps)


def test_a_map_says_in_words_what_it_draws(web):
    story = sources.stories(web)[STORY]
    mine = _steps(("open", story.start, 5), ("search", "whale <b>", 3), ("open", "https://weatherbox.example/", 9))
    guide = story.experts[1]
    points = [sources.citations(web, steps) for steps in (mine, guide.steps)]
    ways = [
        ui.Way("Your trail", mine, "", 3, points[0]),
        ui.Way(guide.name, guide.steps, guide.verdict, 2, points[1]),
    ]
    page = ui.trail_map(story.start, ways)
    assert "Your trail: 3 steps in 17 seconds, first page of another site at step 3, pages of 2 sites." in repr(page)
    markup = page._repr_html_()
    assert "whale &lt;b&gt;" in markup and guide.steps[0].looked_for.split("'")[0] in markup
    assert markup.count("<details") == 2


NOWHERE = sources.Citations((), (), ())


def test_a_map_says_who_points_to_whom_and_what_the_pictures_show(web):
    pages = (
        "dailyfizz.example/canal-giant",
        "openpedia.example/port-ellery-canal",
        "lighthousewiki.example/things-seen",
    )
    steps = _steps(*[("open", f"https://{page}", 20) for page in pages], ("find_image", "looptube-giant", 4))
    way = ui.Way("Your trail", steps, "", 1, sources.citations(web, steps))
    seen = {"looptube-giant": "A pale <bell> in dark water"}
    page = ui.trail_map("https://dailyfizz.example/canal-giant", [way], seen)
    assert "Each has it from the next in a circle: dailyfizz, openpedia, lighthousewiki, dailyfizz." in repr(page)
    markup = page._repr_html_()
    assert "Thick: pages that have it from each other, in a circle." in markup
    assert "Searched for the picture: A pale &lt;bell&gt; in dark water" in markup
    assert markup.count("<img") == 4  # two figures, each for light and for dark
    alone = ui.trail_map("https://dailyfizz.example/canal-giant", [ui.Way("Your trail", steps[:1], "", 1, NOWHERE)])
    assert alone._repr_html_().count("<img") == 2


def test_two_honest_pages_that_link_to_each_other_are_drawn_without_a_warning(web):
    steps = _steps(
        ("open", "https://tarn-university.example/detector-test", 20),
        ("open", "https://oskarpell.example/raw-table", 9),
    )
    page = ui.trail_map(steps[0].what, [ui.Way("Your trail", steps, "", 2, sources.citations(web, steps))])
    assert "tarn-university points to oskarpell; oskarpell points to veriglow and tarn-university." in repr(page)
    assert "circle" not in repr(page) and "Thick" not in page._repr_html_()


def test_an_empty_and_a_very_long_trail_can_be_drawn():
    home = "https://weatherbox.example/"
    assert "no step yet" in repr(ui.trail_map(home, [ui.Way("Your trail", (), "", None, NOWHERE)]))
    many = _steps(*[("open", f"https://site{n % 30}.example/", 600) for n in range(200)])
    assert "200 steps in 2000 minutes" in repr(ui.trail_map(home, [ui.Way("Your trail", many, "", 1, NOWHERE)]))
