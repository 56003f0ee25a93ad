import numpy as np
import pytest

from course import forensics
from course.lessons import flights

FPS = 60.0


def _thrown(towards: float, noise: float = 0.0, blur: float = 0.0, seed: int = 0, count: int = 50, start: float = 4.0):
    """Points and widths of a ball of 0.07 m in a pinhole camera of f = 300 px that falls at 9.8 m/s^2."""
    rng = np.random.default_rng(seed)
    t = np.arange(count) / FPS
    away = start - towards * t
    x, y = 0.3 + 0.8 * t, -0.2 - 3.0 * t + 9.8 * t**2 / 2
    points = np.column_stack([np.arange(count), 160 + 300 * x / away, 140 + 300 * y / away])
    points[:, 1:] += noise * rng.normal(size=(count, 2))
    return points, 300 * 0.07 / away + blur * rng.normal(size=count)


@pytest.mark.parametrize("towards", [0.0, 1.0, 2.5, -1.5])
def test_the_fall_is_right_whichever_way_it_flies(towards):
    points, widths = _thrown(towards)
    near = forensics.fit_approach(points, widths, FPS)
    # 4 m away at first: there a pixel is 4 / 300 m.
    assert near.gravity(0.0, 4 / 300).value == pytest.approx(9.8, rel=1e-6)
    assert near.acceleration.value * 0.07 == pytest.approx(9.8, rel=1e-6)
    last = points[-1, 0] / FPS
    assert near.gravity(last, (4 - towards * last) / 300).value == pytest.approx(9.8, rel=1e-6)
    assert near.value < 1e-6


def test_without_the_widths_it_is_wrong():
    points, _ = _thrown(2.5)
    naive = forensics.fit_trajectory(points, FPS, 4 / 300).gravity
    assert naive.value > 14
    assert naive.low > 9.8  # and its interval does not know


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = []
    for seed in range(200):
        points, widths = _thrown(1.5, noise=0.5, blur=0.4, seed=seed)
        found = forensics.fit_approach(points, widths, FPS).gravity(0.4, (4 - 0.6) / 300)
        held.append(found.low <= 9.8 <= found.high)
    assert 0.9 <= np.mean(held) <= 0.99


def test_widths_that_are_all_off_by_one_factor_change_nothing_in_metres():
    points, widths = _thrown(1.5, noise=0.3, blur=0.3)
    one, other = (forensics.fit_approach(points, widths * k, FPS) for k in (1, 1.2))
    assert other.gravity(0.2, 0.01) == pytest.approx(one.gravity(0.2, 0.01))
    assert other.acceleration.value == pytest.approx(one.acceleration.value / 1.2)


def test_unknown_widths_and_points_out_of_order_are_taken():
    points, widths = _thrown(1.5)
    wanted = forensics.fit_approach(points, widths, FPS).acceleration.value
    holes = np.where(np.arange(len(widths)) % 3 == 0, np.nan, widths)
    assert forensics.fit_approach(points, holes, FPS).acceleration.value == pytest.approx(wanted)
    order = np.random.default_rng(1).permutation(len(points))
    assert forensics.fit_approach(points[order], widths[order], FPS).acceleration.value == pytest.approx(wanted)


def test_a_scale_that_is_not_sure_widens_the_interval():
    near = forensics.fit_approach(*_thrown(1.0, noise=0.2, blur=0.1), FPS)
    sure, unsure = near.gravity(0, 0.01), near.gravity(0, 0.01, 0.001)
    assert unsure.value == sure.value
    assert unsure.high - unsure.low > 2 * (sure.high - sure.low)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"widths": [5.0] * 3}, "widths must be one number a point"),
        ({"widths": [np.nan] * 47 + [5.0] * 3}, "4 known ones or more; got 3"),
        ({"widths": [0.0] + [5.0] * 49}, "widths must be above 0"),
        ({"fps": 0}, "fps"),
        ({"points": [(0, 0), (1, 1)]}, "points must be"),
    ],
)
def test_bad_input_is_named(change, words):
    points, widths = _thrown(1.0)
    with pytest.raises(ValueError, match=words):
        forensics.fit_approach(**{"points": points, "widths": widths, "fps": FPS, **change})


def test_widths_that_shrink_to_nothing_are_refused():
    points, _ = _thrown(1.0)
    # Seen at first only, and growing so fast that by the last frame the line would have passed through the lens.
    early = np.where(np.arange(50) < 10, 1 / (0.2 - 0.015 * np.arange(50).clip(max=12)), np.nan)
    with pytest.raises(ValueError, match="shrink to nothing"):
        forensics.fit_approach(points, early, FPS)


@pytest.mark.parametrize(("arguments", "words"), [((0, 0), "scale"), ((0, 1, -1), "scale_error"), ((np.nan, 1), "sec")])
def test_bad_scales_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        forensics.fit_approach(*_thrown(1.0), FPS).gravity(*arguments)


@pytest.mark.parametrize("width", [7.0, 11.5, 16.0])
def test_a_disc_is_as_wide_as_it_is_on_any_ground(width):
    import cv2

    rng = np.random.default_rng(0)
    down, right = np.mgrid[:80, :80]
    share = np.clip(width / 2 - np.hypot(right - 41.3, down - 39.6) + 0.5, 0, 1)[..., None]
    ground = rng.normal((90, 120, 130), 6, (80, 80, 3))
    frame = np.clip(share * (190, 40, 35) + (1 - share) * ground, 0, 255).astype(np.uint8)
    for shown in (frame, cv2.GaussianBlur(frame, (0, 0), 1.0)):
        assert forensics.widths_along(shown[None], [(0, 41.3, 39.6)])[0] == pytest.approx(width, abs=0.8)


def test_a_width_that_cannot_be_known_is_not_made_up():
    frame = np.full((1, 60, 60, 3), 120, dtype=np.uint8)
    frame[0, 25:35, 25:35] = (190, 40, 35)
    found = forensics.widths_along(frame, [(0, 30, 30), (0, 5, 30), (0, 50, 55)], reach=10)
    assert np.isfinite(found).tolist() == [True, False, False]
    assert np.isnan(forensics.widths_along(np.full((1, 60, 60, 3), 120, np.uint8), [(0, 30, 30)]))[0]
    assert forensics.widths_along(frame, np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize(
    ("points", "reach", "words"),
    [
        ([(0, 1)], 10, "rows of .frame, x, y."),
        ([(0, np.nan, 1)], 10, "all finite"),
        ([(3, 30, 30)], 10, "frames 0 to 0"),
        ([(0, 30, 30)], 2, "4 pixels or more"),
    ],
)
def test_bad_places_are_named(points, reach, words):
    with pytest.raises(ValueError, match=words):
        forensics.widths_along(np.zeros((1, 60, 60, 3), np.uint8), points, reach)


def test_the_ball_of_the_classroom_comes_towards_the_camera():
    one = flights.flight("ball")
    widths = forensics.widths_along(one.clip.frames, one.fit.points, one.sheet["depth"]["width_reach"])
    assert np.isfinite(widths).all()
    near = forensics.fit_approach(one.fit.points, widths, one.clip.fps)
    start, end = near.width_at(one.fit.points[[0, -1], 0] / one.clip.fps)
    assert 11 < start < 12.5 < 13 < end < 14.5
    assert near.value < one.fit.value + 0.1
