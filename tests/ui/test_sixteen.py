import random

import numpy as np
import pytest

from course import diffusion, record, ui
from course.diffusion import sixteen
from course.ui.sixteen import outcome_words


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Pictures in two steps instead of 25: what they look like is tested elsewhere."""
    monkeypatch.setattr(sixteen, "sample", lambda seed, label: diffusion.sample(seed, label, 2))


def _view(log, past=None):
    past = [dict(event.data) for event in log.events()] if past is None else past
    return ui.SixteenView(sixteen.Sixteen(log.append, past))


def _say(view, **message):
    view._said(view, message, [])


def _camera(round=1):
    return [place for place, square in enumerate(sixteen.key(round)) if square.origin == "camera"]


def test_before_it_is_judged_nothing_tells_where_a_square_is_from(log):
    view = _view(log)
    assert view.state["phase"] == "ready" and view.pictures == b""
    steps = []
    view.observe(lambda change: steps.append(change.new), "state")
    _say(view, type="go")
    assert [one["made"] for one in steps if one["phase"] == "making"] == list(range(1, 9))
    assert view.state["phase"] == "asking"
    assert len(view.pictures) == 16 * 32 * 32 * 3
    for state in steps:
        assert set(state) <= {"phase", "round", "last", "labels", "told", "trouble", "tick", "made"}
        assert not state["told"] and "100" not in repr(state)
    shown = np.frombuffer(view.pictures, np.uint8).reshape(16, 32, 32, 3)
    for place, square in enumerate(sixteen.key(1)):
        assert (shown[place] == square.picture()).all() and view.state["labels"][place] == square.label


def test_a_round_by_messages_and_the_next_one(log):
    view = _view(log)
    _say(view, type="go")
    first = view.pictures
    _say(view, type="check", round=1, picks=_camera()[:6])
    assert view.state["phase"] == "told"
    assert [one["origin"] for one in view.state["truth"]] == [square.origin for square in sixteen.key(1)]
    assert sum(one["picked"] for one in view.state["truth"]) == 6
    assert view.state["told"][0] == (
        "Of 8 camera squares you believed 6 and wrongly accused 2. Of 8 generated ones you caught 8 and missed 0."
    )
    (event,) = log.events("crops.answer")
    assert event.data["picks"] == _camera()[:6]
    _say(view, type="check", round=1, picks=[1])  # a second click
    assert view.state["trouble"] == "" and len(log.events("crops.answer")) == 1
    steps = []
    view.observe(lambda change: steps.append(change.new), "state")
    _say(view, type="again", round=1)
    assert (view.state["phase"], view.state["round"]) == ("asking", 2)
    assert len(steps) == 9 and all("truth" not in state and not state["told"] for state in steps)
    assert view.pictures != first
    _say(view, type="again", round=1)  # a second click on a slow line does not throw away the new round
    assert view.state["round"] == 2 and view.state["trouble"].endswith(".")


def test_it_is_taken_up_after_a_restart_without_making_anything(log):
    view = _view(log)
    _say(view, type="go")
    _say(view, type="check", round=1, picks=[0, 3])
    again = _view(log)
    assert again.state["phase"] == "ready" and again.pictures == b""
    assert again.state["told"] == view.state["told"]
    _say(again, type="go")
    assert again.state["phase"] == "told" and again.state["truth"] == view.state["truth"]
    other = _view(log)
    _say(other, type="again", round=1)
    assert (other.state["phase"], other.state["round"]) == ("asking", 2)


def test_a_full_disk_is_said_and_the_squares_stay_unjudged():
    def full(event):
        raise record.RecordError("Your answer could not be saved: the disk is full.")

    view = ui.SixteenView(sixteen.Sixteen(full))
    _say(view, type="go")
    _say(view, type="check", round=1, picks=[1])
    assert view.state["phase"] == "asking" and "disk is full" in view.state["trouble"]
    assert "truth" not in view.state


def test_two_hundred_random_acts_and_no_answer_is_lost(log):
    rng = random.Random(4)
    junk = [None, "x", -1, 2.5, [99], {"a": 1}, [1, 1], True]
    view = _view(log)
    judged = {}
    for _ in range(200):
        kind = rng.choice(["go", "check", "check", "again", "nothing", None])
        number = rng.choice([view.state["round"]] * 20 + junk)
        picks = rng.choice([sorted(rng.sample(range(16), rng.randrange(17)))] * 12 + junk)
        before = view.state
        _say(view, type=kind, round=number, picks=picks)
        if kind == "check" and before["phase"] == "asking" and view.state["phase"] == "told":
            assert before["round"] not in judged
            judged[before["round"]] = picks
        if rng.random() < 0.05:
            view = _view(log)
            assert view.state["round"] == max(judged, default=1)
    assert {event.data["round"]: event.data["picks"] for event in log.events("crops.answer")} == judged
    assert len(judged) > 3


@pytest.mark.parametrize("believed", range(9))
@pytest.mark.parametrize("caught", range(9))
def test_every_outcome_has_words(believed, caught):
    counted, coin, few = outcome_words(sixteen.Outcome(believed, 8 - believed, caught, 8 - caught))
    assert f"believed {believed} " in counted and f"missed {8 - caught}." in counted
    assert coin.startswith(f"That is {believed + caught} of 16 right.") and coin.endswith("rounds.")
    assert "fake" not in counted + coin + few
