from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.judgement import Bench, Table

MADE = (False, False, False, True, True, True)
TABLE = Table(
    tuple("abcdef"),
    MADE,
    ("u", "v", "v", "x", "y", "y"),
    ("size", "noise"),
    ((1.0, 3.0), (2.0, 1.0), (2.5, 4.0), (3.0, 2.0), (2.2, 5.0), (5.0, 0.0)),
)


def bench(save, past=()):
    return Bench("toy", TABLE, save, past, features=["size"])


def shown(model):
    return model.features, model.method, model.line, model.trained


def test_a_fresh_bench_has_a_detector_and_says_that_nobody_trained_it():
    model = bench(print)
    assert shown(model) == (("size",), "weights", 50, False)
    assert model.detector.features == ("size",)


def test_what_is_trained_is_saved_whole_and_taken_up():
    saved = []
    model = bench(saved.append)
    told = []
    model.observe(lambda each: told.append((len(saved), each.features)))
    model.train(["noise", "size"], "questions")
    model.draw(31)
    assert [event["kind"] for event in saved] == ["bench.train", "bench.line"]
    assert saved[0]["features"] == ["noise", "size"] and saved[0]["method"] == "questions"
    assert saved[0]["auc_strangers"] == round(model.detector.strangers.auc.value, 3)
    assert told == [(1, ("noise", "size")), (2, ("noise", "size"))]
    again = bench(print, saved)
    assert shown(again) == shown(model)
    assert again.detector == model.detector


@pytest.mark.parametrize("line", [-1, 101, 50.0, True, "50", None])
def test_what_is_no_line_is_refused(line):
    saved = []
    with pytest.raises(ValueError, match="whole number from 0 to 100"):
        bench(saved.append).draw(line)
    assert saved == []


@pytest.mark.parametrize("features", [None, "size", 3, ["size", 3], [None], {"size": 1}])
def test_what_is_no_choice_is_refused(features):
    saved = []
    with pytest.raises(ValueError, match="Choose what the detector may look at"):
        bench(saved.append).train(features, "weights")
    assert saved == []


def test_what_cannot_be_saved_has_not_happened():
    def full(event):
        raise OSError("the disk is full")

    model = bench(full)
    for act in (lambda: model.train(["noise"], "weights"), lambda: model.draw(10)):
        with pytest.raises(OSError, match="full"):
            act()
        assert shown(model) == (("size",), "weights", 50, False)


junk = (
    st.none() | st.booleans() | st.integers(-3, 200) | st.floats() | st.text(max_size=4) | st.lists(st.text(max_size=4))
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sampled_from(["bench.train", "bench.line"]) | junk,
                "bench": st.just("toy") | junk,
                "features": st.just(["size", "gone"]) | junk,
                "method": st.sampled_from(["weights", "forest"]) | junk,
                "line": junk,
            },
        ),
        max_size=20,
    )
)
def test_no_past_whatever_keeps_a_bench_from_standing(past):
    model = bench(print, past)
    assert set(model.features) <= {"size", "noise"} and model.features
    assert 0 <= model.line <= 100


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32))
def test_two_hundred_random_steps_lose_nothing(seed):
    chance, saved, broken = Random(seed), [], [False]

    def save(event):
        if broken[0]:
            raise OSError("the disk is full")
        saved.append(event)

    model = bench(save)
    for _ in range(200):
        before, count = shown(model), len(saved)
        try:
            match chance.choice(["train", "draw", "draw", "draw", "reload", "disk", "look"]):
                case "train":
                    features = chance.choice([["size"], ["noise", "size"], [], ["gone"], None, ["size", "size"]])
                    model.train(features, chance.choice(["weights", "questions", "questions", "forest", None]))
                case "draw":
                    model.draw(chance.choice([0, 100, 37, -1, 101, 2.5, None, True]))
                case "reload":
                    model = bench(save, saved)
                    assert shown(model) == before
                case "disk":
                    broken[0] = not broken[0]
                case "look":
                    signal = model.detector.strangers.at(model.line / 100)
                    assert signal.generated == signal.camera == 3
        except (ValueError, OSError):
            assert shown(model) == before and len(saved) == count
        else:
            assert model.trained == any(event["kind"] == "bench.train" for event in saved)
