from dataclasses import replace
from math import comb
from random import Random

import cv2
import numpy as np
import pytest

from course import media, record, ui
from course.forensics.endurance import AT_REST, READERS, SCREENS, SLIDERS, Endurance
from course.ui.endurance import verdict

CHANCE = (-4.0, -1.0, -3.0)


@pytest.fixture(scope="module")
def pictures():
    return {"the lane": media.load("brick-lane").pixels, "the slope": media.load("larch-slope").pixels}


def _bench(log, pictures):
    past = [dict(event.data) for event in log.events()]
    model = Endurance("marks", pictures, "OWL", "a secret", log.append, past)
    return model, ui.EnduranceView(model, {"the lane": "An empty lane."}, lambda: CHANCE)


def _ask(view, **message):
    return view.answer({"type": "ask", **message})


def test_the_page_knows_the_sliders_and_the_bits_and_not_the_key(log, pictures):
    model, view = _bench(log, pictures)
    assert [one["name"] for one in view.setup["sliders"]] == [one.name for one in SLIDERS]
    assert view.setup["bits"] == model.bits.tolist() and view.setup["pictures"] == ["the lane", "the slope"]
    assert "a secret" not in repr(view.setup)


def test_the_first_answer_brings_chance_and_later_ones_do_not(log, pictures):
    _, view = _bench(log, pictures)
    first, (picture,) = _ask(view, choice={}, chance=True)
    assert first["chance"] == sorted(CHANCE)
    assert (first["word"], first["right"], first["found"]) == ("OWL ", 32, True)
    assert first["alt"] == "An empty lane." and first["size"] == "384 × 384 pixels"
    assert cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR).shape == (384, 384, 3)
    later, _ = _ask(view, choice={"picture": "the slope"})
    assert "chance" not in later and later["alt"] == "A picture of your own."


def test_a_message_of_the_page_brings_what_arrives_and_its_picture(log, pictures, monkeypatch):
    _, view = _bench(log, pictures)
    sent = []
    monkeypatch.setattr(view, "send", lambda content, buffers=None: sent.append((content, buffers)))
    view._asked(view, {"ask": "1", "type": "ask", "choice": {}, "chance": True, "quiet": True}, [])
    ((answer, buffers),) = sent
    assert answer["trouble"] == "" and answer["reply"]["right"] == 32 and len(buffers) == 1


def test_a_slider_moves_what_the_page_shows(log, pictures):
    model, view = _bench(log, pictures)
    answer, _ = _ask(view, choice={"settings": {"blur": 4, "keep": 50}, "screen": "no"})
    assert answer["state"]["settings"] == {**AT_REST, "blur": 4, "keep": 50} == model.settings
    assert not answer["found"] and answer["size"] == "192 × 192 pixels"
    assert answer["words"].startswith("Not found. Pictures that never had a mark look like this.")
    assert "Only this one size" in answer["words"]
    assert log.events() == ()


def test_other_sizes_are_searched_when_asked_and_a_note_keeps_it(log, pictures):
    _, view = _bench(log, pictures)
    answer, _ = _ask(view, choice={"settings": {"size": 50}})
    assert not answer["found"]
    answer, _ = _ask(view, choice={}, thorough=True)
    assert answer["found"] and "at 50 % of its size" in answer["words"] and "All bits are right." in answer["words"]
    answer, _ = _ask(view, choice={}, note=True)
    assert answer["noted"] and answer["found"]
    strength = f"{answer['strength']:.1f}"
    assert answer["state"]["notes"] == [["the lane", "size 50 %", "32 of 32", strength, "found (other sizes searched)"]]
    (event,) = log.events("endurance.note")
    assert event.data["thorough"] is True


def test_lines_of_the_log_are_readable_and_taken_up(log, pictures):
    _, view = _bench(log, pictures)
    settings = {"turn": 2.5, "keep": 60, "size": 80, "light": 50, "blur": 1.25, "noise": 8, "quality": 30}
    _ask(view, choice={"settings": settings, "screen": "photo", "reader": "stranger"}, note=True)
    _ask(view, choice={"settings": AT_REST, "screen": "no", "reader": "own"}, note=True)
    answer, _ = _ask(view, choice={}, note=True)
    assert not answer["noted"] and "Move a slider first" in answer["sentence"] and not answer["refused"]
    _, again = _bench(log, pictures)
    answer, _ = _ask(again, choice={})
    first, second = answer["state"]["notes"]
    assert first[1] == (
        "turned by 2.5 degrees, cropped to 60 % of each side, size 80 %, brightness 50 %, blurred by 1.25 pixels, "
        "grain of 8 grey levels, saved as JPEG, quality 30, photo of a screen (simulated) (with your mark, read with "
        "another key)"
    )
    assert first[4] == "not found" and "−" in first[3]
    assert second[1:3] == ["nothing", "32 of 32"]


def test_a_verdict_counts_wrong_bits(log, pictures):
    model, _ = _bench(log, pictures)
    arrival = model.look()
    for right, words in ((31, "1 of 32 bits is wrong"), (30, "2 of 32 bits are wrong")):
        assert words in verdict(type(arrival)(arrival.pixels, arrival.result, right, "OWL ", False))


def test_what_is_not_found_is_told_in_three_ways(log, pictures):
    model, _ = _bench(log, pictures)
    model.choose(reader="none")
    arrival = model.look()

    def told(strength, right):
        result = replace(arrival.result, value=strength)
        return verdict(replace(arrival, result=result, right=right, thorough=True))

    assert told(-2.0, 17) == "Not found. Pictures that never had a mark look like this."
    assert told(2.9, 17) == "Not found. Stronger than nearly all pictures without a mark, and too weak to count."
    assert "we see that 31 bits are right. The reader does not know it" in told(-0.1, 31)
    assert sum(comb(32, n) for n in range(26, 33)) < 2**32 / 2000


def test_a_full_disk_is_said_on_the_page(log, pictures, monkeypatch):
    model, view = _bench(log, pictures)

    def full(event):
        raise record.RecordError("Your record cannot be saved: the disk is full.")

    monkeypatch.setattr(model, "_log", full)
    answer, _ = _ask(view, choice={}, note=True)
    assert answer["refused"] and answer["sentence"] == "Your record cannot be saved: the disk is full."
    assert answer["state"]["notes"] == []


JUNK = (None, "", "own", 3, -1.5, float("nan"), [], {}, {"blur": 9}, {"blur": "x"}, {"x": 1}, [["a"]], b"x", True)


@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_messages_of_any_kind_are_answered(seed, log, pictures):
    chance = Random(seed)
    small = {label: pixels[:200, :200] for label, pixels in pictures.items()}
    model, view = _bench(log, small)
    for _ in range(200):
        choice = {
            name: chance.choice((None, chance.choice(JUNK), chance.choice(good)))
            for name, good in {
                "picture": tuple(small),
                "reader": tuple(READERS),
                "screen": tuple(SCREENS),
                "settings": ({"blur": 1.5}, {"size": 25, "keep": 20}, AT_REST, {"quality": 5}),
            }.items()
        }
        message = {
            "choice": chance.choice((choice, choice, chance.choice(JUNK))),
            "note": chance.choice((True, False, 1)),
        }
        message["chance"] = chance.choice((True, False, None, "x"))
        answer, pictures_sent = view.answer(message)
        assert isinstance(answer["sentence"], str) and len(pictures_sent) == ("word" in answer)
        assert len(log.events("endurance.note")) == len(answer["state"]["notes"]) == len(model.notes)


def test_what_the_widget_is_called_without_a_screen(log, pictures):
    assert repr(_bench(log, pictures)[1]) == "<EnduranceView>"
