import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.record.event import LONGEST_LINE, Damaged, Event, NotAnEvent, checked

GOOD = {"at": "2026-11-22T09:30:00.125Z", "learner": "heron-4821-birch", "kind": "trial.answer", "v": 1}

texts = st.text(max_size=20)
numbers = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
keys = texts.filter(lambda key: key not in ("at", "learner", "v", "kind"))
events = st.dictionaries(keys, plain, max_size=5)


@given(events)
def test_a_line_gives_back_what_went_in(fields):
    given_event = {"kind": "trial.answer", **fields}
    event = Event.now("heron-4821-birch", checked(given_event))
    line = event.line()
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert Event.parse(line.rstrip(b"\n")) == event
    assert dict(event.data) == given_event


def test_a_reader_finds_time_code_and_kind_first_and_plain_letters():
    line = Event.now("heron-4821-birch", checked({"next_check": "Größe? 🐦", "kind": "trial.answer"})).line()
    assert list(json.loads(line)) == ["at", "learner", "kind", "next_check", "v"]
    assert "Größe? 🐦" in line.decode("utf-8")


def test_half_an_emoji_does_not_cost_the_answer():
    copy = checked({"kind": "a", "text": "bird \ud83d!", "pair": "\ud83d\udc26"})
    assert copy["text"] == "bird \ufffd!"
    assert copy["pair"] == "🐦"
    assert Event.parse(Event.now("heron-4821-birch", copy).line()).data == copy


def test_what_is_kept_is_a_copy_and_cannot_be_changed():
    fields = {"kind": "a", "order": ["one"]}
    event = Event.now("heron-4821-birch", checked(fields))
    fields["order"].append("two")
    assert event.data["order"] == ["one"]
    with pytest.raises(TypeError):
        event.data["kind"] = "b"


@pytest.mark.parametrize("value", [{1}, b"bytes", object(), float("nan"), float("inf"), {1: "one"}])
def test_what_json_cannot_hold_is_a_type_error(value):
    with pytest.raises(TypeError):
        checked({"kind": "a", "value": value})


def test_an_event_that_is_no_mapping_is_a_type_error():
    with pytest.raises(TypeError):
        checked([("kind", "a")])


@pytest.mark.parametrize("event", [{}, {"kind": ""}, {"kind": 3}, {"kind": "Trial Answer"}, {"kind": "<b>"}])
def test_an_event_needs_a_kind(event):
    with pytest.raises(ValueError, match="kind"):
        checked(event)


@pytest.mark.parametrize("name", ["at", "learner", "v"])
def test_what_the_record_adds_cannot_be_given(name):
    with pytest.raises(ValueError, match=name):
        checked({"kind": "a", name: "x"})


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"},
        {"at": "2026-99-22T09:30:00Z"},
        {"at": "2026-11-22"},
        {"at": 7},
        {"learner": "<img src=x>"},
        {"learner": "Anna"},
        {"learner": None},
        {"kind": "<script>"},
        {"v": 0},
        {"v": True},
        {"v": 2},
        {"v": "1"},
    ],
)
def test_sound_json_with_a_wrong_field_is_no_event(change):
    assert Event.parse(json.dumps(GOOD).encode()).kind == "trial.answer"
    with pytest.raises(NotAnEvent):
        Event.parse(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\x00" * 50, b'{"at":"\xff"}', b"\x89PNG\r", b"[" * 100_000, b'{"v":NaN}', b"<html>"]
)
def test_a_torn_or_foreign_line_is_damaged(line):
    with pytest.raises(Damaged):
        Event.parse(line)


@pytest.mark.parametrize("line", [b"[]", b"3", b'"text"', b"null", b" " * (LONGEST_LINE + 1)])
def test_other_json_is_no_event(line):
    with pytest.raises(NotAnEvent):
        Event.parse(line)
