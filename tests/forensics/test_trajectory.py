from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics, media

RED = (190, 45, 40)


def drawn(places, radius=7, size=(240, 320), colour=RED):
    """A clip of a disc at the given places, drawn to a sixteenth of a pixel and with soft edges."""
    frames = np.full((len(places), *size, 3), (120, 125, 130), dtype=np.uint8)
    for frame, (x, y) in zip(frames, places, strict=True):
        centre = (round(x * 16), round(y * 16))
        cv2.circle(frame, centre, radius * 16, colour, cv2.FILLED, lineType=cv2.LINE_AA, shift=4)
    return frames


def thrown(count=40, fps=30.0, start=(20, 150), speed=(180, -220), fall=400.0):
    t = np.arange(count) / fps
    return np.column_stack([start[0] + speed[0] * t, start[1] + speed[1] * t + fall * t**2 / 2])


def test_fit_by_hand():
    # y = k^2 at 10 frames a second is half of 200 px/s^2 times t^2. The errors (-1, 2, 0, -2, 1) are orthogonal to
    # 1, k and k^2, so they leave the fit alone: s^2 = 10 / (5 - 3); the quadratic term of five even points has the
    # variance s^2 / 14, and the acceleration is 2 * 10^2 times it. Student's t for 95 % and 2 degrees is 4.3027.
    frame = np.arange(5)
    points = np.column_stack([frame, 4 + 3 * frame, frame**2 + np.array([-1, 2, 0, -2, 1])])
    result = forensics.fit_trajectory(points, fps=10, scale=0.05)
    assert result.position == pytest.approx((4, 0))
    assert result.velocity == pytest.approx((30, 0))
    assert result.value == pytest.approx(np.sqrt(10 / 5))
    assert result.curve == pytest.approx([1, 2, 0, 2, 1])
    assert result.drift == pytest.approx(-0.4)
    half = 4.3027 * 200 * np.sqrt(5 / 14)
    assert result.acceleration == pytest.approx((200, 200 - half, 200 + half), rel=1e-4)
    assert result.gravity == pytest.approx((10, 10 - half / 20, 10 + half / 20), rel=1e-4)


def test_errors_that_follow_a_pattern_widen_the_interval():
    # The errors are the cubic orthogonal polynomial of eight even points, so they leave the fit alone. Their squares
    # sum to 264, their neighbours to -35 + 35 + 21 - 9 + 21 + 35 - 35 = 33, and rho = 33 / 264 = 1/8. The squares of
    # the quadratic polynomial (7, 1, -3, -5, ...) sum to 168.
    frame = np.arange(8)
    smooth = np.array([-7, 5, 7, 3, -3, -7, -5, 7])
    result = forensics.fit_trajectory(np.column_stack([frame, 0 * frame, frame**2 + smooth]), fps=1)
    assert result.acceleration.value == pytest.approx(2)
    assert result.drift == pytest.approx(1 / 8)
    error = 2 * np.sqrt(264 / 5 / 168) * np.sqrt((1 + 1 / 8) / (1 - 1 / 8))
    assert result.acceleration.high - 2 == pytest.approx(2.5706 * error, rel=1e-4)


def test_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(0)
    path = thrown(30)
    inside = 0
    for _ in range(400):
        low, high = forensics.fit_trajectory(path + rng.normal(0, 1, path.shape), fps=30, level=0.9).acceleration[1:]
        inside += low <= 400 <= high
    # 0.9 within three standard errors of 400 tries; the widening may only add to it.
    assert 0.855 <= inside / 400 <= 0.97


def test_fit_does_not_mind_where_when_or_in_which_order():
    rng = np.random.default_rng(1)
    points = np.column_stack([np.arange(30), thrown(30) + rng.normal(0, 0.5, (30, 2))])
    plain = forensics.fit_trajectory(points, fps=30)
    moved = forensics.fit_trajectory(rng.permutation(points) + np.array([1000, -50, 300]), fps=30)
    assert moved.acceleration == pytest.approx(plain.acceleration, rel=1e-9)
    assert moved.curve == pytest.approx(plain.curve, abs=1e-9)
    mirrored = forensics.fit_trajectory(points * (1, -1, 1), fps=30)
    assert mirrored.acceleration == pytest.approx(plain.acceleration)
    assert mirrored.velocity == pytest.approx((-plain.velocity[0], plain.velocity[1]))
    doubled = forensics.fit_trajectory(points * (1, 2, 2), fps=30)
    assert doubled.acceleration.value == pytest.approx(2 * plain.acceleration.value)


def test_rows_without_a_frame_number_are_counted_from_0():
    path = thrown(12)
    bare = forensics.fit_trajectory(path, fps=30)
    assert (bare.points == np.column_stack([np.arange(12), path])).all()
    assert bare.gravity is None


def test_path_can_be_drawn_where_no_point_was():
    result = forensics.fit_trajectory(np.column_stack([np.arange(5, 35), thrown(35)[5:]]), fps=30)
    seconds = np.array([0.0, 0.5, 2.0])
    x, y = result.at(seconds)
    assert x == pytest.approx(20 + 180 * seconds)
    assert y == pytest.approx(150 - 220 * seconds + 200 * seconds**2)
    assert np.shape(result.at(0.5)[0]) == ()


def test_uncertain_ruler_widens_gravity():
    result = forensics.fit_trajectory(thrown(), fps=30, scale=0.02, scale_error=0.001)
    # The points are exact; 5 % of 8 m/s^2 remains, times Student's t for 37 degrees, 2.0262.
    assert result.gravity.value == pytest.approx(8)
    assert result.gravity.high - 8 == pytest.approx(2.0262 * 0.4, rel=1e-4)
    assert result.acceleration.high - result.acceleration.low == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0, 0), (1, 1), (2, 4)], r"4 or more rows.*got shape \(3, 2\)"),
        (np.zeros((0, 3)), r"got shape \(0, 3\)"),
        (np.zeros((5, 4)), r"got shape \(5, 4\)"),
        ([(0, 0, 0), (1, 1, np.nan), (2, 2, 4), (3, 3, 9)], "NaN"),
        ([(0, 0, 0), (1, 1, 1), (1, 2, 4), (3, 3, 9)], "same frame twice"),
        ([(0, 0), (1,), (2, 4), (3, 9)], "all numbers"),
        ([("a", "b")] * 4, "all numbers"),
    ],
)
def test_fit_refuses_bad_points(points, message):
    with pytest.raises(ValueError, match=message):
        forensics.fit_trajectory(points, fps=30)


@pytest.mark.parametrize("bad", [{"fps": 0}, {"scale": -1}, {"scale": np.nan}, {"scale_error": -1}, {"level": 1}])
def test_fit_refuses_bad_settings(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        forensics.fit_trajectory(thrown(), **{"fps": 30, **bad})


def test_fit_is_fooled_by_slow_motion_and_by_a_ruler_at_another_distance():
    # On purpose: the same throw, played at half speed, falls at a quarter; beside a ruler twice as far, at double.
    points = thrown()
    true = forensics.fit_trajectory(points, fps=30, scale=0.0245).gravity.value
    assert true == pytest.approx(9.8)
    assert forensics.fit_trajectory(points, fps=15, scale=0.0245).gravity.value == pytest.approx(9.8 / 4)
    assert forensics.fit_trajectory(points, fps=30, scale=0.049).gravity.value == pytest.approx(9.8 * 2)
    # And both fit as well as before: no residual tells.
    assert forensics.fit_trajectory(points, fps=15).value == pytest.approx(0, abs=1e-9)


def test_a_path_that_is_no_parabola_is_told_by_its_residual():
    t = np.arange(40)
    hover = np.column_stack([100 + 2 * t, 120 + 20 * np.sin(t / 4)])
    result = forensics.fit_trajectory(hover, fps=30)
    assert result.value > 5
    assert result.drift > 0.7


def test_track_is_finer_than_a_pixel():
    places = thrown(30, start=(20, 150))
    track = forensics.track_colour(drawn(places), RED)
    assert track[:, 0].tolist() == list(range(30))
    assert np.abs(track[:, 1:] - places).max() < 0.2


def test_track_leaves_out_what_it_does_not_see():
    frames = drawn(thrown(12))
    frames[[3, 7, 8]] = (120, 125, 130)
    track = forensics.track_colour(frames, RED)
    assert track[:, 0].tolist() == [0, 1, 2, 4, 5, 6, 9, 10, 11]
    assert np.isfinite(track).all()
    nothing = forensics.track_colour(frames[3:4], RED)
    assert nothing.shape == (0, 3)
    assert nothing.dtype == np.float64


def test_track_does_not_mind_light_and_shade():
    places = thrown(10)
    bright, dim = forensics.track_colour(drawn(places), RED), forensics.track_colour(drawn(places) // 5 * 4, RED)
    assert dim == pytest.approx(bright, abs=0.2)


def test_start_and_reach_tell_two_things_of_one_colour_apart():
    frames = drawn([(60 + 4 * t, 60) for t in range(8)])
    others = [(260 - 4 * t, 180) for t in range(8)]
    for frame, (x, y) in zip(frames, others, strict=True):
        cv2.circle(frame, (x, y), 12, RED, cv2.FILLED)
    larger = forensics.track_colour(frames, RED)
    smaller = forensics.track_colour(frames, RED, start=(62, 62))
    assert larger[:, 1:] == pytest.approx(np.array(others), abs=0.2)
    assert smaller[:, 1:] == pytest.approx(np.array([(60 + 4 * t, 60) for t in range(8)]), abs=0.2)
    frames[4:, :120] = (120, 125, 130)
    assert len(forensics.track_colour(frames, RED, start=(62, 62), reach=20)) == 4


def test_small_patches_are_passed_over():
    frames = drawn([(50, 50)] * 2, radius=1)
    assert len(forensics.track_colour(frames, RED)) == 0
    assert len(forensics.track_colour(frames, RED, smallest=1)) == 2


def test_track_is_fooled_by_a_neighbour_of_its_colour():
    # On purpose: two red things that touch are one patch, and its middle is neither's.
    apart, touching = drawn([(100, 100)]), drawn([(100, 100)])
    for frames, x in ((apart, 130), (touching, 112)):
        cv2.circle(frames[0], (x, 100), 7, RED, cv2.FILLED)
    assert forensics.track_colour(apart, RED, start=(100, 100))[0, 1] == pytest.approx(100, abs=0.2)
    assert forensics.track_colour(touching, RED, start=(100, 100))[0, 1] == pytest.approx(106, abs=0.5)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"colour": (300, 0, 0)}, "colour"),
        ({"colour": (0.5, 0, 0)}, "colour"),
        ({"colour": (1, 2)}, "colour"),
        ({"tolerance": 0}, "tolerance"),
        ({"reach": -1}, "reach"),
        ({"tolerance": "wide"}, "tolerance"),
        ({"start": (1, np.nan)}, "start"),
        ({"start": (1, 2, 3)}, "start"),
    ],
)
def test_track_refuses_bad_settings(bad, message):
    with pytest.raises(ValueError, match=message):
        forensics.track_colour(drawn([(50, 50)]), **{"colour": RED, **bad})


def test_colour_at_is_a_median_and_knows_its_edges():
    pixels = np.full((20, 30, 3), (10, 20, 30), dtype=np.uint8)
    pixels[9:12, 9:12] = (200, 100, 50)
    assert forensics.colour_at(pixels, 10, 10) == (10, 20, 30)
    assert forensics.colour_at(pixels, 10, 10, radius=1) == (200, 100, 50)
    assert forensics.colour_at(pixels, 29, 0) == (10, 20, 30)
    with pytest.raises(ValueError, match="inside the picture of 30 x 20"):
        forensics.colour_at(pixels, 30, 0)
    with pytest.raises(ValueError, match="radius"):
        forensics.colour_at(pixels, 3, 3, radius=-1)


def test_the_thrown_ball_of_the_classroom():
    """A real throw: nearly a parabola, and too fast by the ruler, since it flies towards the camera in front of it."""
    clip = media.load(media.catalogue()["ball-throw"])
    first, last = 12, 130
    flight = clip.frames[first:last]
    red = forensics.colour_at(clip.frames[60], 147, 47.6)
    track = forensics.track_colour(flight, red, start=(101, 94), reach=15) + np.array([first, 0, 0])
    assert len(track) == last - first
    ruler = np.hypot(179.5 - 177.5, 220 - 53)
    whole = forensics.fit_trajectory(track, clip.fps, scale=1 / ruler)
    assert whole.value < 1.6
    assert whole.value < 0.01 * np.ptp(track[:, 2])
    assert 11.8 < whole.gravity.value < 12.8
    # The errors are no scatter: the fall quickens as the ball comes nearer.
    assert whole.drift > 0.8
    early, late = (forensics.fit_trajectory(part, clip.fps, 1 / ruler).gravity for part in np.array_split(track, 2))
    assert early.high < late.low


def test_tracking_in_a_small_window_finds_what_the_whole_frame_holds():
    rng = np.random.default_rng(3)
    frames = rng.integers(90, 130, (12, 120, 200, 1), dtype=np.uint8).repeat(3, axis=3)
    for t in range(12):
        frames[t, 20 + 3 * t : 29 + 3 * t, 10 + 14 * t : 21 + 14 * t] = (200, 40, 30)
        frames[t, 100:110, 150:160] = (190, 50, 40)  # a second red thing, far away until the end
    small = forensics.track_colour(frames, (200, 40, 30), start=(15, 24), reach=20)
    whole = forensics.track_colour(frames, (200, 40, 30), start=(15, 24), reach=400)
    assert small.tolist() == whole.tolist()
    assert len(small) == 12
    assert forensics.track_colour(frames, (200, 40, 30), start=(-900, 900), reach=20).shape == (0, 3)
