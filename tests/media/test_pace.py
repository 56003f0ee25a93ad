"""Even steps from uneven times."""

import numpy as np
import pytest

from course.media.pace import even_rate, finished, most_steps, room, spread, step


def steps(times, fps):
    return [step(time, fps) for time in times]


@pytest.mark.parametrize("rate", [5, 12, 24, 25, 29.97, 30])
def test_a_steady_clip_keeps_each_frame(rate):
    assert even_rate(rate) == rate
    # times as WebM rounds them, to a thousandth of a second
    assert steps([round(i / rate, 3) for i in range(200)], rate) == list(range(200))


def test_of_twice_the_rate_every_second_frame_is_shown():
    assert steps([i / 60 for i in range(8)], even_rate(60)) == [0, 1, 1, 2, 2, 3, 3, 4]


def test_rates_are_held_to_the_limits():
    assert even_rate(100_000) <= 30 and even_rate(0.001) == 1
    assert even_rate(59.94) == pytest.approx(29.97)
    assert most_steps(30) == 300 and most_steps(29.97) == 299


@pytest.mark.parametrize(
    ("at", "count", "expected"),
    [
        ([0, 1, 2], 3, [10, 11, 12]),
        ([0, 3, 4], 6, [10, 10, 10, 11, 12, 12]),
        ([0, 0, 1], 2, [11, 12]),
        ([0, 1, 1], 4, [10, 12, 12, 12]),
        ([0, 1, 5], 3, [10, 11, 11]),
        ([0, 2, 2, 3, 9], 6, [10, 10, 12, 13, 13, 13]),
    ],
)
def test_frames_are_held_until_the_next(at, count, expected):
    frames = room(1, 1, 30)
    frames[: len(at), 0, 0, 0] = 10 + np.arange(len(at))
    spread(frames, at, count)
    even = finished(frames, count)
    assert even[:, 0, 0, 0].tolist() == expected
    assert not even.flags.writeable
