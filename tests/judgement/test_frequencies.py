from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement import posterior
from course.judgement.frequencies import RANGES, WHOLE, Frequencies, FrequencyState

START = Frequencies(20, 80, 10)
JUNK = (None, "20", 2.5, True, -1, 1001, float("nan"), [20], {}, 10**30)


def test_the_worked_sum_of_lesson_nine():
    assert (START.rightly, START.missed, START.wrongly, START.passed) == (16, 4, 98, 882)
    assert (START.flagged, START.camera) == (114, 980)


@given(st.integers(0, 1000), st.integers(0, 100), st.integers(0, 100))
def test_counts_add_up_and_lie_within_half_a_clip_of_the_shares(generated, hits, false_alarms):
    now = Frequencies(generated, hits, false_alarms)
    assert now.rightly + now.missed == generated and now.wrongly + now.passed == WHOLE - generated
    assert min(now.rightly, now.missed, now.wrongly, now.passed) >= 0
    assert (
        abs(now.rightly - generated * hits / 100) <= 0.5 and abs(now.wrongly - now.camera * false_alarms / 100) <= 0.5
    )
    if now.flagged > 200:
        exact = posterior(generated / WHOLE, hits / 100, false_alarms / 100)
        assert now.rightly / now.flagged == pytest.approx(exact, abs=0.005)


@pytest.mark.parametrize("value", JUNK)
@pytest.mark.parametrize("place", range(3))
def test_what_cannot_be_counted_is_one_sentence(value, place):
    values = [20, 80, 10]
    values[place] = value
    with pytest.raises(ValueError, match=f"{tuple(RANGES)[place]} is a whole number from 0 to"):
        Frequencies(*values)


def test_half_a_clip_is_rounded_up():
    assert [Frequencies(count, 50, 0).rightly for count in (1, 3, 5)] == [1, 2, 3]


def test_nothing_is_held_unless_it_is_saved_and_the_same_again_is_not_saved():
    saved = []
    state = FrequencyState("clips", START, saved.append)
    state.keep(20, 80, 10)
    assert saved == []
    state.keep(300, 80, 10)
    state.keep(300, 80, 10)
    assert saved == [{"kind": "dots.set", "dots": "clips", "generated": 300, "hits": 80, "false_alarms": 10}]

    def full(_event):
        raise OSError("no room")

    state = FrequencyState("clips", START, full)
    with pytest.raises(OSError, match="no room"):
        state.keep(1, 1, 1)
    assert state.now == START


def test_two_hundred_steps_with_junk_lose_nothing():
    rng, saved = Random(9), []
    state = FrequencyState("clips", START, saved.append)
    for _ in range(200):
        wanted = [rng.choice([rng.randint(0, 100), rng.choice(JUNK)]) if rng.random() < 0.4 else 7 for _ in range(3)]
        before = state.now
        try:
            state.keep(*wanted)
        except ValueError as problem:
            assert str(problem).count("\n") == 0 and state.now == before
        again = FrequencyState("clips", START, saved.append, past=[*saved, {"kind": "dots.set"}, {"kind": "x"}])
        assert again.now == state.now
    assert len(saved) > 10


@pytest.mark.parametrize(
    "event", [{"generated": "x"}, {"generated": 20}, {"generated": 20, "hits": 101, "false_alarms": 1}, {"dots": "b"}]
)
def test_events_that_make_no_sense_are_passed_over(event):
    past = [{"kind": "dots.set", "dots": "clips", **event}]
    assert FrequencyState("clips", START, print, past=past).now == START
