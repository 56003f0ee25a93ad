from __future__ import annotations

import numpy as np
import pytest

from course import forensics

FOCAL, MIDDLE = 900.0, np.array([640.0, 360.0])


def pictured(places):
    """A camera at the height of 1.6 m that looks along z: x to the right, y down, in pixels of 1280 x 720."""
    places = np.asarray(places, dtype=float)
    return FOCAL * places[..., :2] / places[..., 2:] + MIDDLE


def posts(sun, count=6, seed=0, lamp=None):
    """Tops of posts on hilly ground and the ends of their shadows, worked out in space and pictured."""
    rng = np.random.default_rng(seed)
    feet = np.column_stack([rng.uniform(-4, 4, count), 1.6 + rng.uniform(-0.3, 0.3, count), rng.uniform(8, 16, count)])
    tops = feet - np.column_stack([np.zeros(count), rng.uniform(0.5, 1.5, count), np.zeros(count)])
    rays = np.tile(-np.asarray(sun, dtype=float), (count, 1)) if lamp is None else tops - np.asarray(lamp, dtype=float)
    # Hilly: each ray meets the ground at a depth of its own. A shadow lies on its ray whatever the ground is like.
    falls = 1.6 + rng.uniform(-0.2, 0.4, count) - tops[:, 1]
    ends = tops + rays * (falls / rays[:, 1])[:, None]
    return np.stack([pictured(tops), pictured(ends)], axis=1)


AHEAD = (-1.0, -2.0, 3.0)
"""The sun before the camera, up and to the left."""

BEHIND = (1.0, -3.0, -2.0)


def test_the_point_is_the_picture_of_the_sun_by_hand():
    result = forensics.light_from_shadows(posts(AHEAD))
    # 640 - 900 / 3 and 360 - 900 * 2 / 3.
    assert result.meeting.place == pytest.approx((340, -240), abs=1e-3)
    assert result.value == pytest.approx(0, abs=1e-6)
    assert result.toward.all()
    assert result.unit == "marking errors"


def test_a_sun_behind_the_camera_stands_opposite():
    result = forensics.light_from_shadows(posts(BEHIND))
    # 640 - 900 / 2 and 360 + 900 * 3 / 2: where the camera's own shadow would fall.
    assert result.meeting.place == pytest.approx((190, 1710), abs=1e-3)
    assert not result.toward.any()


def test_a_sun_beside_the_camera_lies_at_infinity():
    result = forensics.light_from_shadows(posts((1.0, -2.0, 0.0)))
    assert result.meeting.place is None
    right, down, depth = result.meeting.point
    assert (abs(down / right), depth) == pytest.approx((2, 0), abs=1e-6)
    assert len(set(result.toward.tolist())) == 1


def test_a_lamp_near_by_is_a_point_like_any_other():
    result = forensics.light_from_shadows(posts(None, lamp=(1.0, -3.0, 12.0)))
    assert result.meeting.place == pytest.approx(tuple(pictured((1.0, -3.0, 12.0))), abs=1e-3)
    assert result.value == pytest.approx(0, abs=1e-6)


def test_value_and_curve_are_residuals_in_marking_errors():
    pairs = posts(AHEAD) + np.random.default_rng(3).normal(0, 4.0, (6, 2, 2))
    fine, coarse = (forensics.light_from_shadows(pairs, marking_error=error) for error in (2.0, 4.0))
    assert fine.curve == pytest.approx(fine.meeting.residuals / 2)
    assert fine.value == pytest.approx(np.sqrt((fine.curve**2).sum() / (6 - 2)))
    assert fine.value == pytest.approx(2 * coarse.value)
    assert fine.meeting.consistent_within == pytest.approx(coarse.meeting.consistent_within)
    assert 0.4 < coarse.value < 1.8
    assert np.ptp(fine.meeting.region, axis=0).max() < np.ptp(coarse.meeting.region, axis=0).max()


def test_a_thing_put_in_under_another_sun_is_found_and_named():
    pairs = posts(AHEAD)
    pairs[2] = posts((1.0, -2.0, 3.0))[2]
    result = forensics.light_from_shadows(pairs + np.random.default_rng(0).normal(0, 2.0, pairs.shape))
    assert result.value > 3 * result.meeting.usual
    assert result.meeting.outlying.argmax() == 2


def test_a_shadow_on_the_wrong_side_fits_all_lines_and_no_light():
    # The line is right, and the object and its shadow have changed places on it.
    pairs = posts(AHEAD)
    pairs[4] = pairs[4, ::-1]
    result = forensics.light_from_shadows(pairs)
    assert result.value == pytest.approx(0, abs=1e-6)
    assert result.toward.tolist() == [True, True, True, True, False, True]


def test_mirroring_the_picture_mirrors_the_light():
    pairs = posts(AHEAD) + np.random.default_rng(1).normal(0, 2.0, (6, 2, 2))
    plain = forensics.light_from_shadows(pairs)
    mirrored = forensics.light_from_shadows((1280, 0) + pairs * (-1, 1))
    assert mirrored.value == pytest.approx(plain.value)
    assert mirrored.meeting.place == pytest.approx((1280 - plain.meeting.place[0], plain.meeting.place[1]))
    assert mirrored.toward.tolist() == plain.toward.tolist()


def test_two_pictures_with_nearly_the_same_sun_agree():
    # On purpose: a thing taken from a photograph with the sun 5 degrees off passes, and one with 40 degrees does not.
    def joined(angle):
        turn = np.radians(angle)
        x, y, z = AHEAD
        turned = (x * np.cos(turn) + z * np.sin(turn), y, z * np.cos(turn) - x * np.sin(turn))
        pairs = posts(AHEAD, count=4)
        pairs[0] = posts(turned, count=4)[0]
        pairs += np.random.default_rng(5).normal(0, 3.0, pairs.shape)
        return forensics.light_from_shadows(pairs, marking_error=3.0)

    near, far = joined(5), joined(40)
    assert near.value < near.meeting.usual
    assert far.value > far.meeting.usual


def test_a_true_picture_marked_carelessly_disagrees():
    # On purpose: one shadow taken for another's is as bad as anything pasted.
    pairs = posts(AHEAD)
    pairs[[1, 2], 1] = pairs[[2, 1], 1]
    result = forensics.light_from_shadows(pairs)
    assert result.value > 5 * result.meeting.usual


def test_bad_pairs_are_refused_by_name():
    with pytest.raises(ValueError, match=r"pairs must be 3 or more, each of two points"):
        forensics.light_from_shadows(posts(AHEAD)[:2])
    with pytest.raises(ValueError, match="marking_error"):
        forensics.light_from_shadows(posts(AHEAD), marking_error=-1)
    with pytest.raises(ValueError, match="level"):
        forensics.light_from_shadows(posts(AHEAD), level=95)
