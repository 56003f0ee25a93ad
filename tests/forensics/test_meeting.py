from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from course.forensics.meeting import Meeting, _misses, meet

# Four bars of a noughts-and-crosses board: by symmetry they meet best in (0, 0).
BOARD = np.array(
    [[(-10, 1), (10, 1)], [(-10, -1), (10, -1)], [(1, -10), (1, 10)], [(-1, -10), (-1, 10)]],
    dtype=float,
)


def drawn(point, count, rng, error=0.0):
    """Pairs of marks on lines through (X, Y, W), spread over a picture of 1280 x 720."""
    middles = rng.uniform((0, 0), (1280, 720), (count, 2))
    ways = np.asarray(point[:2]) - point[2] * middles
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    half = rng.uniform(40, 120, (count, 1))
    marks = np.stack([middles + half * ways, middles - half * ways], axis=1)
    return marks + rng.normal(0, error, marks.shape)


def away(point, other):
    """The angle between two homogeneous points, whatever their sign."""
    point, other = (np.asarray(v, dtype=float) / np.linalg.norm(v) for v in (point, other))
    return float(np.linalg.norm(np.cross(point, other)))


def test_misses_by_hand():
    # From (0, 0) the scatter of (10, 1) and (10, -1) is diag(200, 2): the smaller eigenvalue is 2.
    ends = np.array([[(10, 1), (10, -1)]], dtype=float)
    assert abs(_misses(np.array([0.0, 0, 1]), ends)[0]) == pytest.approx(np.sqrt(2))
    # At infinity to the right the two must come to one height: each moves by half of 2.
    assert abs(_misses(np.array([1.0, 0, 0]), ends)[0]) == pytest.approx(np.sqrt(2))
    assert _misses(np.array([0.0, 1, 0]), ends)[0] == pytest.approx(0)


@settings(deadline=None)
@given(
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
)
def test_misses_agree_with_a_search_over_all_lines_through_the_point(first, second):
    if np.hypot(*np.subtract(first, second)) < 1:
        return
    ends = np.array([[first, second]])

    def squares(angle):
        return float(((ends[0] @ (np.sin(angle), -np.cos(angle))) ** 2).sum())

    guess = min(np.linspace(0, np.pi, 40), key=squares)
    least = minimize_scalar(squares, bounds=(guess - 0.1, guess + 0.1), method="bounded", options={"xatol": 1e-9}).fun
    assert float(_misses(np.array([0.0, 0, 1]), ends)[0]) ** 2 == pytest.approx(least, abs=1e-6)


def test_the_middle_of_a_board_by_hand():
    found = meet("lines", BOARD, marking_error=0.1, level=0.95)
    assert found.place == pytest.approx((0, 0), abs=1e-6)
    # Scatter diag(200, 2) about (0, 0): each bar must be moved by sqrt(2), one pixel at either end.
    assert found.residuals == pytest.approx([np.sqrt(2)] * 4, rel=1e-6)
    assert found.consistent_within == pytest.approx(np.sqrt(4 * 2 / (4 - 2)), rel=1e-6)
    # Two degrees of freedom: chi squared stays under -2 ln(1 - level).
    assert found.usual == pytest.approx(np.sqrt(-2 * np.log(0.05) / 2))
    assert isinstance(found, Meeting)


@pytest.mark.parametrize(
    "point",
    [(200, -300, 1), (640, 360, 1), (90_000, -40_000, 1), (1, 0, 0), (-3, 5, 0)],
    ids=["above", "inside", "far away", "level", "aslant"],
)
def test_exact_marks_find_the_point_at_infinity_too(point):
    for count in (3, 4, 40):
        found = meet("lines", drawn(point, count, np.random.default_rng(count)), 1.0, 0.95)
        assert found.consistent_within < 1e-6
        assert away(found.point, point) < 1e-6
        assert np.linalg.norm(found.point) == pytest.approx(1)
        assert found.point[2] >= 0 or abs(found.point[2]) < 1e-9
        assert (found.place is None) == (point[2] == 0) or point[0] > 10_000


def test_no_point_fits_better():
    # Least squares on the whole plane and its infinity: a fine net of points and all crossings do no better.
    rng = np.random.default_rng(4)
    net = rng.normal(size=(20_000, 3))
    net[:, :2] *= 10.0 ** rng.uniform(0, 4, (20_000, 1))
    for point in ((300, -200, 1), (1, 0.4, 0)):
        marks = drawn(point, 6, rng, error=8.0)
        found = meet("lines", marks, 8.0, 0.95)
        least = (found.residuals**2).sum()
        lines = np.cross(*(np.column_stack([marks[:, k], np.ones(6)]) for k in (0, 1)))
        crossings = [np.cross(*two) for two in combinations(lines, 2)]
        others = np.vstack([net, crossings, found.point + rng.normal(0, 1e-4, (2000, 3)) * np.abs(found.point)])
        assert (_misses(others, marks) ** 2).sum(axis=1).min() >= least * (1 - 1e-9)


def test_the_answer_moves_turns_and_grows_with_the_picture():
    marks = drawn((500, -100, 1), 5, np.random.default_rng(1), error=3.0)
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    before = meet("lines", marks, 3.0, 0.95)
    after = meet("lines", 2.5 * marks @ turn.T + (40, -900), 2.5 * 3.0, 0.95)
    assert after.place == pytest.approx(2.5 * turn @ before.place + (40, -900), rel=1e-6)
    assert after.residuals == pytest.approx(2.5 * before.residuals, rel=1e-6)
    assert after.outlying == pytest.approx(before.outlying, rel=1e-6)
    x, y, w = after.region.T
    old_x, old_y, old_w = before.region.T
    grown = 2.5 * np.column_stack([old_x / old_w, old_y / old_w]) @ turn.T + (40, -900)
    # The same edge, though it may start elsewhere: each point has its twin.
    apart = np.linalg.norm(np.column_stack([x / w, y / w])[:, None] - grown[None], axis=2)
    assert apart.min(axis=1).max() < 0.1 * np.ptp(grown)


def test_neither_the_order_of_lines_nor_that_of_their_marks_counts():
    marks = drawn((500, -100, 1), 6, np.random.default_rng(2), error=3.0)
    order = np.array([4, 2, 0, 5, 1, 3])
    before, after = meet("lines", marks, 3.0, 0.95), meet("lines", marks[order][:, ::-1], 3.0, 0.95)
    assert after.place == pytest.approx(before.place)
    assert after.residuals == pytest.approx(before.residuals[order])
    assert after.outlying == pytest.approx(before.outlying[order])


def holds(found: Meeting, point) -> bool:
    """Whether a homogeneous point lies in the cone over the edge of the region."""
    inside = found.region.sum(axis=0)
    if inside @ found.point < 0:
        inside = -inside
    # On the side of the middle of every plane through the origin and two neighbours on the edge.
    walls = np.cross(found.region, np.roll(found.region, -1, axis=0))
    sides = np.sign(walls @ inside)
    return any((np.sign(walls @ (sign * np.asarray(point, dtype=float))) == sides).all() for sign in (1, -1))


@pytest.mark.parametrize("point", [(300, -250, 1), (1, -0.3, 0)], ids=["near", "at infinity"])
@pytest.mark.parametrize("count", [3, 8])
def test_the_marking_error_is_accounted_for(point, count):
    """Monte Carlo: mark one scene again and again; as often as stated the region and the usual value hold."""
    rng = np.random.default_rng(count)
    exact = drawn(point, count, rng)
    found = [meet("lines", exact + rng.normal(0, 2.0, exact.shape), 2.0, 0.9) for _ in range(120)]
    values = np.array([one.consistent_within / 2.0 for one in found])
    # chi squared over its degrees of freedom has the mean 1; 120 draws scatter by sqrt(2 / (120 (N - 2))).
    assert np.mean(values**2) == pytest.approx(1, abs=3.5 * np.sqrt(2 / (120 * (count - 2))))
    assert np.mean(values <= [one.usual for one in found]) == pytest.approx(0.9, abs=0.09)
    assert np.mean([holds(one, point) for one in found]) == pytest.approx(0.9, abs=0.09)
    outlying = np.concatenate([one.outlying for one in found])
    assert np.sqrt(np.mean(outlying**2)) == pytest.approx(1, abs=0.25)


def test_a_line_that_misses_the_point_of_the_others_is_named():
    marks = drawn((400, -200, 1), 7, np.random.default_rng(6), error=1.0)
    across = np.array([-np.diff(marks[3, :, 1])[0], np.diff(marks[3, :, 0])[0]])
    marks[3, 0] += 25 * across / np.linalg.norm(across)
    found = meet("lines", marks, 1.0, 0.95)
    assert found.outlying.argmax() == 3
    assert found.outlying[3] > 6
    # It is about how far this line passes from the point of the others, refound without it.
    without = meet("lines", np.delete(marks, 3, axis=0), 1.0, 0.95)
    assert abs(_misses(without.point, marks[3:4])[0]) > 6
    assert without.consistent_within < 2


def test_of_three_lines_each_may_be_blamed():
    # On purpose: three lines can disagree, but no number tells which of them is the odd one.
    found = meet("lines", drawn((400, -200, 1), 3, np.random.default_rng(8), error=2.0), 2.0, 0.95)
    assert found.outlying == pytest.approx([found.outlying[0]] * 3, rel=0.02)


def test_lines_that_hardly_differ_say_that_they_may_be_parallel():
    found = meet("lines", [[(0, 0), (100, 10)], [(0, 20), (100, 29)], [(0, 40), (100, 48)]], 3.0, 0.95)
    assert found.place is None
    assert np.ptp(np.sign(found.region[:, 2])) == 2
    sharper = meet("lines", [[(0, 0), (100, 10)], [(0, 20), (100, 29)], [(0, 40), (100, 48)]], 0.01, 0.95)
    assert sharper.place is not None


def test_a_line_marked_twice_still_counts_and_one_that_none_can_check_has_no_residual():
    twice = [[(0, 0), (100, 0)], [(20, 0), (120, 0)], [(0, 50), (50, 100)]]
    found = meet("lines", twice, 1.0, 0.95)
    assert found.place == pytest.approx((-50, 0), abs=1e-6)
    assert found.outlying[2] == 0
    assert np.isfinite(found.region).all()


FINE = [[(0, 0), (1, 0)], [(0, 1), (1, 2)], [(5, 5), (9, 2)]]


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (FINE[:2], r"things must be 3 or more, each of two points \(x, y\) in pixels; got shape \(2, 2, 2\)"),
        ([], r"got shape \(0,\)"),
        (np.zeros((4, 2)), r"got shape \(4, 2\)"),
        (np.zeros((4, 2, 3)), r"got shape \(4, 2, 3\)"),
        ([*FINE, [(0, 0)]], "all numbers"),
        ("lines", "all numbers"),
        ([*FINE, [(0, np.nan), (1, 1)]], "between -1,000,000 and 1,000,000; got others"),
        ([*FINE, [(0, np.inf), (1, 1)]], "between -1,000,000 and 1,000,000; got others"),
        ([*FINE, [(0, 1e9), (1, 1)]], "between -1,000,000 and 1,000,000; got others"),
        ([*FINE, [(7, 7), (7, 7)]], r"both points of things\[3\] are the same"),
        ([*FINE, [(7, 7), (7, 7 + 1e-9)]], r"both points of things\[3\] are the same"),
        ([[(0, 0), (1, 1)], [(5, 5), (9, 9)], [(2, 2), (3, 3)]], "all lie on one line"),
    ],
)
def test_bad_marks_are_refused_in_words(marks, message):
    with pytest.raises(ValueError, match=message):
        meet("things", marks, 1.0, 0.95)


@pytest.mark.parametrize(
    "bad",
    [
        {"marking_error": 0},
        {"marking_error": np.nan},
        {"marking_error": 1e300},
        {"marking_error": 1e-300},
        {"level": 1},
        {"level": np.nan},
    ],
)
def test_bad_settings_are_named(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        meet("lines", FINE, **{"marking_error": 1.0, "level": 0.95, **bad})


PLACES = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).map(lambda place: (place[0] * 100.0, place[1] * 100.0))


@settings(deadline=None)
@given(st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=6), st.sampled_from([0.01, 2.0, 1000.0]))
def test_awkward_marks_have_a_finite_answer_or_are_refused(marks, error):
    # A coarse net makes lines that coincide, run parallel, or meet on a mark.
    try:
        found = meet("lines", marks, error, 0.95)
    except ValueError as refusal:
        assert "the same" in str(refusal) or "one line" in str(refusal)
        return
    for numbers in (found.point, found.region, found.residuals, found.outlying, found.consistent_within):
        assert np.isfinite(numbers).all()
    assert found.place is None or np.isfinite(found.place).all()
    assert (found.region[:, 2].min() <= 0) == (found.place is None)


def test_marks_are_left_as_they_were():
    marks = BOARD.copy()
    meet("lines", marks, 1.0, 0.95)
    assert (marks == BOARD).all()
