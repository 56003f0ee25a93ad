import numpy as np
import pytest

from course import diffusion, ui
from course.ui import maker
from course.ui.maker import HIGHEST, NO_WORD, walk_words, wish


def _ask(view, *wishes, **more):
    wishes = [{"word": word, "number": number} for word, number in wishes]
    view._said(view, {"type": "make", "wishes": wishes, **more}, [])


def _pictures(data):
    return np.frombuffer(data, np.uint8).reshape(-1, 32, 32, 3)


def test_nothing_is_made_before_it_is_asked_for():
    view = ui.MakerView([("leaf", 7)])
    assert view.pictures == [] and view.state["words"] == [] and view.state["trouble"] == ""
    assert view.state["wishes"] == [{"word": "leaf", "number": 7}]
    assert view.setup["words"] == [*diffusion.LABELS, NO_WORD]


def test_the_whole_way_goes_over_as_it_is():
    view = ui.MakerView([("leaf", 7)])
    _ask(view, ("sky", 3))
    now, guess = map(_pictures, view.pictures)
    made = diffusion.sample(3, "sky")
    assert (now == made.frames).all()
    assert (guess[:-1] == made.guesses).all() and (guess[-1] == made.picture).all()
    assert len(now) == len(guess) == len(view.state["words"]) == diffusion.STEPS + 1
    assert view.state["words"][7].startswith("Step 7 of 25, 28 per cent of the way.")
    assert view.state["words"][-1] == "Step 25 of 25, 100 per cent of the way. No noise is left."
    assert len(view.state["alts"]) == 2 and view.state["made"] == "sky, number 3"


def test_no_word_is_a_word_too():
    view = ui.MakerView([(None, 3)], at_once=True)
    assert (_pictures(view.pictures[0])[-1] == diffusion.sample(3).picture).all()


def test_two_begin_alike_with_one_number_and_end_apart():
    view = ui.MakerView([("sky", 3), ("stone", 3)], at_once=True)
    left, _, right, _ = map(_pictures, view.pictures)
    assert (left[0] == right[0]).all() and (left[-1] != right[-1]).any()
    _ask(view, ("leaf", 3), ("leaf", 4))
    left, _, right, _ = map(_pictures, view.pictures)
    assert (left[0] != right[0]).any()
    assert len(view.state["alts"]) == 4


@pytest.mark.parametrize("word", ["", "Sky", "clouds", 3, ["sky"], {"a": 1}, True, "x" * 500])
def test_a_word_it_does_not_know_is_one_sentence(word):
    with pytest.raises(ValueError, match=r"^The maker knows sky, .* and no word; it does not know .*\.$") as problem:
        wish(word, 1)
    assert len(str(problem.value)) < 140


@pytest.mark.parametrize("number", [-1, HIGHEST + 1, 1.5, 7.0, True, None, "7", [7], float("nan")])
def test_a_number_that_is_none_is_one_sentence(number):
    with pytest.raises(ValueError, match=r"^The number of the noise is a whole one from 0 to 9,999\.$"):
        wish("sky", number)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "make"},
        {"type": "make", "wishes": []},
        {"type": "make", "wishes": ["sky"]},
        {"type": "make", "wishes": [{}]},
        {"type": "make", "wishes": [{"word": "sky"}]},
        {"type": "make", "wishes": [{"word": "sky", "number": 1}] * 2},
        {"type": "make", "wishes": [{"word": "moon", "number": 1}]},
    ],
)
def test_junk_is_a_sentence_and_what_was_there_stays(message, monkeypatch):
    monkeypatch.setattr(maker, "STEPS", 2)
    view = ui.MakerView([("leaf", 7)], at_once=True)
    before = list(view.pictures)
    view._said(view, message, [])
    assert view.state["trouble"].endswith(".")
    assert view.pictures == before and view.state["wishes"] == [{"word": "leaf", "number": 7}]
    view._said(view, {"type": "make", "wishes": [{"word": "leaf", "number": 8}]}, [])
    assert view.state["trouble"] == "" and view.pictures != before


def test_other_messages_are_passed_over():
    view = ui.MakerView([("leaf", 7)])
    before = view.state
    view._said(view, {}, [])
    view._said(view, {"type": "unmake"}, [])
    assert view.state is before


def test_the_noise_only_shrinks_on_the_way():
    words = walk_words([step / 10 for step in range(10, -1, -1)])
    shares = [int(line.split("Noise at ")[1].split()[0]) for line in words[:-1]]
    assert shares[0] == 100 and shares == sorted(shares, reverse=True)
