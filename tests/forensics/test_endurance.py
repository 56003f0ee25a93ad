from __future__ import annotations

from random import Random

import pytest

from course import media
from course.forensics import attacks, endurance
from course.forensics.endurance import AT_REST, READERS, SCREENS, SLIDERS, Endurance

WORD, KEY = "OWL", "behind the third shelf"
JUNK = (None, True, -1, 10**9, float("nan"), "", "no", [], {}, ("own",), b"x", 3.7)


@pytest.fixture(scope="module")
def lane():
    return media.load("brick-lane").pixels


@pytest.fixture
def saved():
    return []


@pytest.fixture
def bench(lane, saved):
    return Endurance("marks", {"the lane": lane, "a wall": lambda: lane[::-1].copy()}, WORD, KEY, saved.append)


# words and bits


@pytest.mark.parametrize("word", ["A", "OWL", "owl!", "4 U", "Zoë", "é"])
def test_a_word_comes_back_as_it_went(word):
    bits = endurance.spelled(word)
    assert bits.shape == (32,) and set(bits.tolist()) <= {0, 1}
    assert endurance.read_back(bits) == word.ljust(4)


def test_the_bits_of_a_letter_by_hand():
    assert endurance.spelled("OWL")[:24].tolist() == [int(bit) for bit in "010011110101011101001100"]
    assert endurance.spelled(" OWL ").tolist() == endurance.spelled("OWL").tolist()


@pytest.mark.parametrize("word", ["", "   ", "OWLS!", None, 7, ["O"], "a\nb", "日", "a\tb"])
def test_what_is_no_word_is_said_in_a_sentence(word):
    with pytest.raises(ValueError, match="one to 4 letters between quotation marks"):
        endurance.spelled(word)


def test_bits_of_chance_are_shown_without_control_signs():
    assert endurance.read_back([0] * 32) == "····"
    assert all(
        letter.isprintable() for byte in range(256) for letter in endurance.read_back([*map(int, f"{byte:08b}")] * 4)
    )


# the way


def test_at_rest_nothing_happens(lane):
    assert endurance.travelled(lane, AT_REST) is lane
    assert endurance.travelled(lane, {}) is lane


@pytest.mark.parametrize(
    ("settings", "direct"),
    [
        ({"turn": 2}, lambda p: attacks.turn(p, 2)),
        ({"keep": 50}, lambda p: attacks.crop(p, 0.5)),
        ({"size": 150}, lambda p: attacks.resize(p, 1.5)),
        ({"light": 30}, lambda p: attacks.brightness(p, 0.3)),
        ({"blur": 1.25}, lambda p: attacks.blur(p, 1.25)),
        ({"noise": 12}, lambda p: attacks.noise(p, 12)),
        ({"quality": 20}, lambda p: attacks.jpeg(p, 20)),
        ({"keep": 50, "quality": 20}, lambda p: attacks.jpeg(attacks.crop(p, 0.5), 20)),
        ({"size": 50, "blur": 1}, lambda p: attacks.blur(attacks.resize(p, 0.5), 1)),
    ],
)
def test_each_slider_is_the_attack_of_its_name_in_the_order_told(lane, settings, direct):
    assert (endurance.travelled(lane, settings) == direct(lane)).all()


def test_a_screen_comes_before_the_last_saving(lane):
    for screen, direct in (("screenshot", attacks.screenshot), ("photo", attacks.photographed)):
        assert (endurance.travelled(lane, {"quality": 40}, screen) == attacks.jpeg(direct(lane), 40)).all()


def test_every_slider_can_stand_where_it_rests():
    for one in SLIDERS:
        assert one.accepts(one.rest) and one.accepts(one.lowest) and one.accepts(one.highest)
        assert not any(one.accepts(value) for value in (one.lowest - one.step, one.highest + one.step, None, "1", True))


# the bench


def test_the_word_is_read_with_the_key_and_with_no_other(bench):
    arrival = bench.look()
    assert (arrival.word, arrival.right, arrival.result.found) == ("OWL ", 32, True)
    for reader in ("stranger", "none"):
        assert bench.choose(reader=reader)
        arrival = bench.look()
        assert not arrival.result.found and arrival.result.strength < 0 and arrival.right < 28


def test_what_breaks_the_mark_and_what_does_not(bench):
    broken = {"quality": 5, "blur": 4, "noise": 40, "turn": 5}
    kept = {"quality": 50, "blur": 0.5, "noise": 4, "turn": 0.25, "keep": 60, "light": 90}
    for settings, found in (*[({k: v}, False) for k, v in broken.items()], *[({k: v}, True) for k, v in kept.items()]):
        assert bench.choose(settings={**AT_REST, **settings})
        assert bench.look().result.found is found, settings


def test_another_size_is_found_by_the_thorough_search_alone(bench):
    assert bench.choose(settings={"size": 60})
    assert not bench.look().result.found
    thorough = bench.look(thorough=True)
    assert thorough.result.found and thorough.right == 32 and thorough.thorough
    assert bench.look() is thorough  # what was found is not forgotten while nothing moves
    assert bench.choose(settings={"size": 60}) and bench.look() is thorough
    assert bench.choose(settings={"size": 65}) and not bench.look().thorough


def test_a_note_holds_what_was_seen_and_is_taken_up(bench, saved, lane):
    assert bench.note()
    assert bench.choose(settings={"blur": 4}, picture="a wall") and bench.note()
    assert [event["found"] for event in saved] == [True, False]
    assert saved[1] == {
        "kind": "endurance.note", "endurance": "marks", "picture": "a wall", "reader": "own", "settings": {"blur": 4},
        "screen": "no", "right": bench.look().right, "strength": round(bench.look().result.strength, 1),
        "found": False, "thorough": False,
    }  # fmt: skip
    assert KEY not in repr(saved) and WORD not in repr(saved)
    again = Endurance("marks", {"the lane": lane}, WORD, KEY, saved.append, past=saved)
    assert again.notes == bench.notes
    assert Endurance("other", {"the lane": lane}, WORD, KEY, past=saved).notes == []


def test_the_same_line_twice_and_a_full_log_are_refused(bench, saved, monkeypatch):
    assert bench.note() and not bench.note()
    assert bench.sentence == "This is the last line of your log already. Move a slider first."
    monkeypatch.setattr(endurance, "MOST_NOTES", 2)
    for blur, done in ((1, True), (2, False)):
        bench.choose(settings={"blur": blur})
        assert bench.note() is done
    assert "The log is full" in bench.sentence and len(saved) == len(bench.notes) == 2


def test_a_record_that_cannot_be_written_leaves_the_log_as_it_was(lane):
    def refuse(event):
        raise OSError("read-only")

    bench = Endurance("marks", {"the lane": lane}, WORD, KEY, refuse)
    with pytest.raises(OSError, match="read-only"):
        bench.note()
    assert bench.notes == []


def test_a_damaged_past_is_passed_over(bench, saved, lane):
    bench.note()
    (good,) = saved
    past = [good]
    for name in good:
        past += [{**good, name: value} for value in (*JUNK, {"blur": 99}, {"blur": []}, {7: 1}) if value != good[name]]
        past.append({key: value for key, value in good.items() if key != name})
    again = Endurance("marks", {"the lane": lane}, WORD, KEY, past=past)
    # Other whole numbers of bits, strengths and truth values make sense as well; all else does not.
    assert len(again.notes) < 12 and bench.notes[0] in again.notes
    for note in again.notes:
        assert note.reader in READERS and note.screen in SCREENS and 0 <= note.right <= 32


def test_too_little_left_of_a_picture_is_a_sentence_and_no_note(lane, saved):
    bench = Endurance("marks", {"small": lane[:192, :192]}, WORD, KEY, saved.append)
    assert bench.choose(settings={"keep": 20, "size": 25})
    assert bench.look() is None and "10 × 10 pixels are left" in bench.sentence
    assert not bench.note() and saved == []
    assert bench.choose(settings=AT_REST) and bench.look().result.found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"picture": "the moon"}, "There is no such picture"),
        ({"picture": ["the lane"]}, "There is no such picture"),
        ({"reader": "you"}, "There is no such way to read"),
        ({"screen": 3}, "There is no such screen"),
        ({"settings": {"speed": 1}}, "There is no such slider"),
        ({"settings": "blur"}, "There is no such slider"),
        ({"settings": {"blur": 9}}, "“Blurred” goes from 0 to 4 in steps of 0.25."),
        ({"settings": {"blur": "1"}}, "“Blurred” goes from 0 to 4 in steps of 0.25."),
        ({"settings": {"blur": 1, "noise": 1}}, "“Grain added” goes from 0 to 40 in steps of 2."),
    ],
)
def test_what_cannot_be_chosen_is_said_and_changes_nothing(bench, wanted, said):
    before = bench.label, bench.reader, bench.screen, bench.settings
    assert not bench.choose(**wanted)
    assert said in bench.sentence
    assert (bench.label, bench.reader, bench.screen, bench.settings) == before


def test_a_bench_needs_a_picture_a_word_and_a_key(lane):
    with pytest.raises(ValueError, match="must be a picture"):
        Endurance("marks", {}, WORD, KEY)
    with pytest.raises(ValueError, match="one to 4 letters"):
        Endurance("marks", {"the lane": lane}, "", KEY)
    for key in ("", "  ", None, 5):
        with pytest.raises(ValueError, match="A key is any words"):
            Endurance("marks", {"the lane": lane}, WORD, key)


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_acts_in_any_order_never_fail_and_lose_no_note(seed, lane):
    chance, saved = Random(seed), []
    pictures = {"the lane": lane[:256, :256], "part": lane[100:300, 100:300]}
    bench = Endurance("marks", pictures, WORD, KEY, saved.append)

    def any_of(*good):
        return chance.choice((*good, chance.choice(JUNK)))

    for _ in range(200):
        act = chance.randrange(6)
        if act == 0:
            done = bench.choose(picture=any_of(*pictures), reader=any_of(*READERS), screen=any_of(*SCREENS))
            assert done is (bench.sentence == "")
        elif act in (1, 2):
            one = chance.choice(SLIDERS)
            at = one.lowest + one.step * chance.randint(0, round((one.highest - one.lowest) / one.step))
            name = any_of(one.name)
            bench.choose(settings=any_of({one.name: any_of(at)}, {name: at} if isinstance(name, str) else {}))
        elif act == 3:
            bench.note()
        elif act == 4:
            bench = Endurance("marks", pictures, WORD, KEY, saved.append, past=saved)
        else:
            arrival = bench.look()
            assert (arrival is None) is bool(bench.sentence)
        assert [note.right for note in bench.notes] == [event["right"] for event in saved]
        assert len(bench.notes) <= endurance.MOST_NOTES
