import random

import numpy as np
import pytest

from course import judgement, media, ui

SUBJECT = judgement.Subject("jump", "the vest", first=2, last=11, wide=64, high=48)


@pytest.fixture
def clip():
    frames = np.random.default_rng(0).integers(0, 256, (14, 48, 64, 3), dtype=np.uint8)
    return media.Clip(frames=frames, fps=12.0, item=media.catalogue()["skate-ramp"])


@pytest.fixture
def saved():
    return []


@pytest.fixture
def view(clip, saved):
    return ui.MarkingView(judgement.Marking(SUBJECT, saved.append), clip, step=1, ring=10, label="A jump")


def _mark(frame, x=30, y=20, width=10):
    return {"type": "mark", "frame": frame, "x": x, "y": y, "width": width}


def test_the_page_gets_the_clip_and_what_to_mark(view):
    assert view.track["alt"] == media.catalogue()["skate-ramp"].alt
    assert len(view.track["sizes"]) == 14 and sum(view.track["sizes"]) == len(view.picture)
    assert view.setup == {"thing": "the vest", "first": 2, "last": 11, "wanted": 8, "step": 1, "ring": 10}
    assert view.state["marks"] == []


def test_a_mark_is_saved_and_then_shown(view, saved):
    view.said(_mark(5))
    assert saved[-1]["frame"] == 5
    assert view.state["marks"] == [[5, 30, 20, 10]]
    assert view.state["spoken"] == "Marked."
    view.said({"type": "remove", "frame": 5})
    assert view.state["marks"] == [] and view.state["spoken"] == "Taken away."


def test_a_refusal_is_a_sentence_and_loses_nothing(view):
    view.said(_mark(5))
    view.said(_mark(0))
    assert view.state["trouble"] == "Mark the vest while it flies: in frames 3 to 12."
    assert view.state["marks"] == [[5, 30, 20, 10]]
    view.said(_mark(6))
    assert view.state["trouble"] == ""


def test_each_reply_is_a_change_even_where_the_marks_are_the_same(view):
    ticks = []
    for _ in range(3):
        view.said({"type": "clear"})
        ticks.append(view.state["tick"])
    assert len(set(ticks)) == 3


def test_a_disk_that_is_full_is_told(clip):
    from course.record import RecordError

    def full(_event):
        raise RecordError("The disk is full: make room and press the button again.")

    view = ui.MarkingView(judgement.Marking(SUBJECT, full), clip)
    view.said(_mark(5))
    assert "disk is full" in view.state["trouble"] and view.state["marks"] == []


def test_two_hundred_random_messages_never_raise(view, saved, clip):
    rng = random.Random(4)
    junk = (None, "x", -1, 1e99, float("nan"), True, [], {}, 3, 5, 7.5, 11, 12)
    for _ in range(200):
        kind = rng.choice(("mark", "mark", "mark", "remove", "clear", "nonsense", None, 7, [], {}))
        view.said(
            {"type": kind, **{name: rng.choice(junk) for name in ("frame", "x", "y", "width") if rng.random() < 0.9}}
        )
        assert "\n" not in view.state["trouble"]
    assert view.state["marks"] == [list(mark) for mark in judgement.Marking(SUBJECT, saved.append, past=saved).marks]
    view.said(_mark(9))
    assert [9, 30, 20, 10] in view.state["marks"]
