from __future__ import annotations

import numpy as np
import pytest

from course import forensics

FOCAL, MIDDLE = 900.0, np.array([640.0, 360.0])


def edges(way, count=5, seed=0):
    """Edges in space that all run along `way`, pictured by a camera that looks along z."""
    rng = np.random.default_rng(seed)
    starts = np.column_stack([rng.uniform(-5, 5, count), rng.uniform(-3, 3, count), rng.uniform(9, 14, count)])
    ends = starts + rng.uniform(2, 4, (count, 1)) * np.asarray(way, dtype=float)
    places = np.stack([starts, ends], axis=1)
    return FOCAL * places[..., :2] / places[..., 2:] + MIDDLE


def bent(points, strength):
    """As a wide lens bends: each point drawn towards the middle by strength * (r / 640)^2."""
    off = points - MIDDLE
    return MIDDLE + off * (1 - strength * (np.linalg.norm(off, axis=-1, keepdims=True) / 640) ** 2)


@pytest.mark.parametrize("way", [(0, 0, 1), (1, 0, 1), (0.2, -0.3, -1)])
def test_the_point_is_the_picture_of_the_direction_by_hand(way):
    result = forensics.vanishing_point(edges(way))
    x, y, z = way
    assert result.meeting.place == pytest.approx((640 + 900 * x / z, 360 + 900 * y / z), abs=1e-3)
    assert result.value == pytest.approx(0, abs=1e-6)
    assert result.unit == "marking errors"


def test_edges_parallel_to_the_picture_meet_at_infinity():
    result = forensics.vanishing_point(edges((0, 1, 0)))
    assert result.meeting.place is None
    assert np.abs(result.meeting.point) == pytest.approx((0, 1, 0), abs=1e-6)


def test_value_and_curve_are_residuals_in_marking_errors():
    segments = edges((1, 0, 1)) + np.random.default_rng(1).normal(0, 3.0, (5, 2, 2))
    result = forensics.vanishing_point(segments, marking_error=1.5)
    assert result.curve == pytest.approx(result.meeting.residuals / 1.5)
    assert result.value == pytest.approx(result.meeting.consistent_within / 1.5)
    assert result.value == pytest.approx(np.sqrt((result.curve**2).sum() / (5 - 2)))


def test_the_ends_of_a_segment_may_be_swapped():
    segments = edges((1, 0, 1)) + np.random.default_rng(1).normal(0, 3.0, (5, 2, 2))
    swapped = segments.copy()
    swapped[::2] = swapped[::2, ::-1]
    assert forensics.vanishing_point(swapped).value == pytest.approx(forensics.vanishing_point(segments).value)


def test_longer_segments_leave_a_smaller_region():
    segments = edges((1, 0, 1), count=6)
    middles = segments.mean(axis=1, keepdims=True)

    def width(result):
        x, y, w = result.meeting.region.T
        return np.ptp(x / w) + np.ptp(y / w)

    long, short = (forensics.vanishing_point(middles + share * (segments - middles), 1.0) for share in (1, 0.3))
    assert width(short) > 2 * width(long)


def test_an_edge_of_another_direction_is_named():
    segments = edges((1, 0, 1), count=6)
    segments[4] = edges((1, 0.4, 1), count=6)[4]
    result = forensics.vanishing_point(segments)
    assert result.meeting.outlying.argmax() == 4
    assert result.value > result.meeting.usual


def test_a_wide_lens_bends_true_edges_apart():
    # On purpose: the scene is what it is, the lens is wide, and the lines do not meet.
    segments = edges((1, 0, 1), count=8)
    straight, wide = (forensics.vanishing_point(bent(segments, strength), 1.0) for strength in (0, 0.2))
    assert straight.value < 1e-6
    assert wide.value > 2 * wide.meeting.usual


def test_bad_segments_are_refused_by_name():
    with pytest.raises(ValueError, match=r"segments must be 3 or more, each of two points"):
        forensics.vanishing_point(edges((0, 0, 1))[:2])
    with pytest.raises(ValueError, match="marking_error"):
        forensics.vanishing_point(edges((0, 0, 1)), marking_error=np.nan)
    with pytest.raises(ValueError, match="level"):
        forensics.vanishing_point(edges((0, 0, 1)), level=0)
