from __future__ import annotations

import json
import random

import pytest

from course import record
from course.sources import Trail
from course.sources.trail import ACTS, LONGEST

START = "https://south.example/fallen"


def test_leaving_late_and_by_a_look_up() -> None:
    trail = Trail("a", START, lambda event: None)
    assert trail.measures.left_at is None and not trail.measures.left_early
    for path in ("fallen", "", "fallen"):
        trail.take("open", f"https://south.example/{path}", 5)
    trail.take("registration", "south.example", 4)
    measures = trail.measures
    assert (measures.left_at, measures.left_early, measures.first_outside, measures.sources) == (4, False, None, ())
    trail.take("open", "https://north.example/pier")
    trail.take("archive", "https://north.example/pier")
    measures = trail.measures
    assert (measures.first_outside, measures.sources, measures.steps, measures.seconds) == (
        5,
        ("north.example",),
        6,
        19,
    )


def test_the_last_verdict_counts() -> None:
    trail = Trail("a", START, lambda event: None)
    trail.judge("true", 60)
    trail.judge("false", 95)
    assert (trail.measures.verdict, trail.measures.confidence) == ("false", 95.0)


@pytest.mark.parametrize(
    "step",
    [
        ("hack", "x", 1),
        ("open", None, 1),
        ("open", "x", -1),
        ("open", "x", float("nan")),
        ("open", "x", "3"),
        ("open", "x", True),
    ],
)
def test_a_step_that_makes_no_sense_is_not_saved(step: tuple) -> None:
    saved: list = []
    trail = Trail("a", START, saved.append)
    with pytest.raises(ValueError):
        trail.take(*step)
    for verdict in (("", 50), ("x" * 999, 50), ("false", 101), ("false", None), (None, 50)):
        with pytest.raises(ValueError):
            trail.judge(*verdict)
    assert saved == [] and trail.steps == ()


def test_nothing_happens_unless_it_is_saved() -> None:
    def full(event: object) -> None:
        raise OSError("no room")

    trail = Trail("a", START, full)
    heard: list = []
    trail.observe(heard.append)
    with pytest.raises(OSError):
        trail.take("open", START, 1)
    with pytest.raises(OSError):
        trail.judge("false", 50)
    assert trail.steps == () and trail.verdict is None and heard == []


def test_observers_hear_of_each_change() -> None:
    trail = Trail("a", START, lambda event: None)
    heard: list = []
    callback = trail.observe(lambda one: heard.append(len(one.steps)))
    trail.take("search", "pier")
    trail.unobserve(callback)
    trail.unobserve(callback)
    trail.take("search", "sea")
    assert heard == [1]


def test_past_events_of_others_and_malformed_ones_are_passed_over() -> None:
    past = [
        {"kind": "trail.step", "story": "b", "act": "open", "what": START, "seconds": 1},
        {"kind": "trail.step", "story": "a", "act": "teleport", "what": START, "seconds": 1},
        {"kind": "trail.step", "story": "a"},
        {"kind": "trail.verdict", "story": "a", "verdict": 3, "confidence": "x"},
        {"kind": "question.answer", "option": 1},
        {"kind": "trail.step", "story": "a", "act": "open", "what": START, "seconds": 2},
    ]
    trail = Trail("a", START, lambda event: None, past)
    assert [step.seconds for step in trail.steps] == [2.0]
    assert trail.verdict is None


def test_a_start_outside_this_web() -> None:
    with pytest.raises(ValueError):
        Trail("a", "https://real.com/", lambda event: None)


def test_two_hundred_random_steps_come_back(tmp_path: object) -> None:
    rng = random.Random(8)
    log = record.open(tmp_path)
    trail = Trail("a", START, log.append)
    whats = [
        START,
        "https://south.example/",
        "https://north.example/pier",
        "north",
        'pier 🐋 "x"',
        "",
        "javascript:x",
        "é" * 999,
    ]
    for number in range(200):
        trail.take(rng.choice(ACTS), rng.choice(whats), rng.choice([0, 0.5, 3, 71.25]))
        if rng.random() < 0.1:
            trail.judge(rng.choice(["false", "true", "cannot tell"]), rng.randint(0, 100))
        measures = trail.measures
        assert measures.steps == number + 1
        assert measures.left_early == (measures.left_at is not None and measures.left_at <= 3)
        assert set(measures.sources) <= {"north.example"}
        assert measures.first_outside is None or measures.left_at <= measures.first_outside <= measures.steps
    assert all(len(step.what) <= LONGEST for step in trail.steps)
    again = Trail("a", START, log.append, [event.data for event in record.open(tmp_path).events()])
    assert (again.steps, again.measures) == (trail.steps, trail.measures)
    json.dumps([event.data["kind"] for event in log.events()])
