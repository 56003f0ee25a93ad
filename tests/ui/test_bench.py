from random import Random

import pytest

from course import judgement, record, ui

MADE = (False, False, False, True, True, True)
TABLE = judgement.Table(
    tuple("abcdef"),
    MADE,
    ("u", "v", "v", "x", "y", "y"),
    ("size", "noise"),
    ((1.0, 3.0), (2.0, 1.0), (2.5, 4.0), (3.0, 2.0), (2.2, 5.0), (5.0, 0.0)),
)
FEATURES = {"size": ("size", "how large"), "noise": ("grain", "the speckle")}
METHODS = {"weights": ("weigh", "each pushes"), "questions": ("ask", "three in a row")}


def bench(log):
    model = judgement.Bench("toy", TABLE, log.append, [dict(event.data) for event in log.events()], features=["size"])
    return model, ui.BenchView(model, FEATURES, METHODS)


def said(view, **message):
    view._said(view, message, [])


def test_before_training_there_are_no_scores_on_the_page(log):
    _, view = bench(log)
    assert view.state["features"] == ["size"] and not view.state["trained"]
    assert "strangers" not in view.state
    assert [one["label"] for one in view.setup["features"]] == ["size", "grain"]
    assert log.events() == ()


def test_training_sends_the_scores_that_the_model_has(log):
    model, view = bench(log)
    said(view, type="train", features=["noise", "size"], method="questions")
    scores = model.detector.strangers
    assert view.state["what"] == "trained" and view.state["trained"]
    assert sorted(view.state["strangers"]["generated"]) == sorted(round(100 * one, 1) for one in scores.of(True))
    assert view.state["strangers"]["auc"]["value"] == round(scores.auc.value, 3)
    assert view.state["strangers"]["roc"][0] == [0.0, 0.0] and view.state["strangers"]["roc"][-1] == [1.0, 1.0]
    assert [name for name, _ in view.state["leanings"]] == ["noise", "size"]
    (event,) = log.events("bench.train")
    assert event.data["features"] == ["noise", "size"]
    assert "a" not in view.state["strangers"]  # no name of an item


def test_what_the_page_says_of_a_hundred_is_the_interval_of_the_share(log):
    _, view = bench(log)
    assert len(view.setup["ranges"]["camera"]) == 4
    low, high = judgement.SignalDetection(3, 0, 1, 2).rate_interval("false_alarms")
    assert view.setup["ranges"]["camera"][1] == [round(100 * low), round(100 * high)]


def test_a_line_is_kept_and_taken_up(log):
    _, view = bench(log)
    said(view, type="line", line=31)
    assert view.state["line"] == 31
    _, again = bench(log)
    assert again.state["line"] == 31


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"type": "train", "features": [], "method": "weights"}, "Choose one thing or more"),
        ({"type": "train", "features": ["gone"], "method": "weights"}, "There is no feature 'gone'"),
        ({"type": "train", "features": ["size"]}, "There is no way to decide called None"),
        ({"type": "train"}, "Choose what the detector may look at"),
        ({"type": "line", "line": "low"}, "whole number from 0 to 100"),
        ({"type": "line"}, "whole number from 0 to 100"),
    ],
)
def test_wrong_messages_are_one_sentence_on_the_page(log, message, says):
    _, view = bench(log)
    said(view, **message)
    assert says in view.state["trouble"] and view.state["what"] == "refused"
    assert log.events() == ()


def test_a_full_disk_is_said_and_nothing_is_lost(log):
    def full(event):
        raise record.RecordError("The disk is full.")

    view = ui.BenchView(judgement.Bench("toy", TABLE, full, features=["size"]), FEATURES, METHODS)
    said(view, type="train", features=["noise"], method="weights")
    assert view.state["trouble"] == "The disk is full." and view.state["features"] == ["size"]


def test_two_hundred_random_messages_never_raise(log):
    chance = Random(7)
    model, view = bench(log)
    for _ in range(200):
        said(
            view,
            type=chance.choice(["train", "line", "line", "line", "nothing", None, 7]),
            features=chance.choice([["size"], ["noise"], [], None, "size", [3], ["gone"]]),
            method=chance.choice(["weights", "questions", "questions", None, 5, "forest"]),
            line=chance.choice([0, 50, 100, -3, 101, None, "x", 2.5, True]),
        )
        assert view.state["features"] == list(model.features) and view.state["line"] == model.line
    trained, drawn = log.events("bench.train"), log.events("bench.line")
    assert list(model.features) == trained[-1].data["features"] and model.line == drawn[-1].data["line"]
