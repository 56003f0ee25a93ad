from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.judgement import Writing, WritingState, load_writings
from course.judgement.writing import LONGEST
from course.media.catalogue import data_folder

ASKED = Writing("limit", "Write one limit.", ("what it looks at", "on which data"), "It looks at colour alone.")


def test_a_text_is_saved_whole_and_taken_up():
    saved, told = [], []
    state = WritingState(ASKED, saved.append)
    state.observe(lambda each: told.append(each.text))
    state.keep("Größe, 東京 and <b>this</b>.")
    state.keep("Größe, 東京 and <b>this</b>.", [1, 0])
    assert saved[1] == {
        "kind": "writing.text",
        "writing": "limit",
        "text": "Größe, 東京 and <b>this</b>.",
        "ticks": [0, 1],
    }
    assert len(told) == 2
    again = WritingState(ASKED, print, past=saved)
    assert (again.text, again.ticks, again.written) == (state.text, (0, 1), True)


@pytest.mark.parametrize(
    ("text", "ticks", "says"),
    [
        ("", [], "Write a sentence first"),
        (" \n ", [], "Write a sentence first"),
        (None, [], "Write a sentence first"),
        (7, [], "Write a sentence first"),
        ("x" * (LONGEST + 1), [], "That is 2,001 characters. Say it in 2,000"),
        ("fine", [2], "Tick what is on the list"),
        ("fine", [0, 0], "Tick what is on the list"),
        ("fine", [True], "Tick what is on the list"),
        ("fine", "01", "Tick what is on the list"),
        ("fine", None, "Tick what is on the list"),
    ],
)
def test_what_cannot_be_kept_is_refused(text, ticks, says):
    saved = []
    state = WritingState(ASKED, saved.append)
    with pytest.raises(ValueError, match=says):
        state.keep(text, ticks)
    assert saved == [] and not state.written


junk = st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=4) | st.lists(st.integers(-2, 3) | st.text())


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "kind": st.just("writing.text") | junk,
                "writing": st.just("limit") | junk,
                "text": junk,
                "ticks": junk,
            },
        ),
        max_size=20,
    )
)
def test_no_past_whatever_keeps_it_from_being_written(past):
    state = WritingState(ASKED, print, past=past)
    assert isinstance(state.text, str) and set(state.ticks) <= {0, 1}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_two_hundred_random_steps_lose_nothing(seed):
    chance, saved, broken = Random(seed), [], [False]

    def save(event):
        if broken[0]:
            raise OSError("the disk is full")
        saved.append(event)

    state = WritingState(ASKED, save)
    for _ in range(200):
        before = state.text, state.ticks
        try:
            match chance.choice(["keep", "keep", "reload", "disk"]):
                case "keep":
                    text = chance.choice(["one", "two\nlines", "", None, "x" * 3000, 5])
                    state.keep(text, chance.choice([[], [0], [1, 0], [5], None, "0"]))
                case "reload":
                    state = WritingState(ASKED, save, past=saved)
                    assert (state.text, state.ticks) == before
                case "disk":
                    broken[0] = not broken[0]
        except (ValueError, OSError):
            assert (state.text, state.ticks) == before
        assert state.written == bool(saved)


# Files


def test_what_the_course_asks_for_is_read():
    known = load_writings(data_folder() / "writing.toml")
    assert len(known["detector/limit"].checklist) == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "writing = 3",
        "][",
        '[[writing]]\nid = "a"\nprompt = "p"\nexample = "e"',
        '[[writing]]\nid = "a"\nprompt = "p"\nexample = "e"\nchecklist = ["one"]',
        '[[writing]]\nid = "a"\nprompt = " "\nexample = "e"\nchecklist = ["one", "two"]',
        '[[writing]]\nid = "a"\nprompt = "p"\nexample = "e"\nchecklist = ["one", 2]',
        '[[writing]]\nid = "a"\nprompt = "p"\nexample = "e"\nmagic = 1\nchecklist = ["one", "two"]',
    ],
)
def test_a_malformed_file_is_named(tmp_path, text):
    path = tmp_path / "writing.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"writing\.toml must hold"):
        load_writings(path)
