"""Where lines meet that a person marked by two points each, and how far the marks are from meeting in one point."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.errors import InputError
from course.forensics._input import require_positive

FEWEST_LINES = 3
"""Two lines always meet somewhere; the third can disagree."""

FURTHEST = 1e6
"""No picture is so many pixels wide, and far beyond it the sums lose their digits."""

NEAREST = 1e-3
"""Two marks nearer than this, in pixels, give no direction."""

# Intersections of so many lines, two by two, are tried as a first guess; more would only repeat one another.
TRIED_LINES = 24
REGION_POINTS = 64


@dataclass(frozen=True, eq=False, kw_only=True)
class Meeting:
    """Where marked lines meet.

    A point of the picture is written as three numbers (X, Y, W) for ``x = X / W, y = Y / W``: lines that are parallel
    in the picture meet at infinity, in the direction (X, Y) with W = 0, and that is a point like any other.

    Attributes
    ----------
    point : ndarray of float64, shape (3,)
        The point that fits best, of length 1 and with W >= 0.
    place : tuple of float or None
        The same as x and y in pixels, inside the picture or outside. None where the region reaches infinity: then the
        lines may as well be parallel, and only their direction is known.
    region : ndarray of float64, shape (64, 3)
        Round the edge of the region that holds the point, by the marking error, with the confidence `level`. Where
        its W has both signs, the region reaches through infinity.
    level : float
        Between 0 and 1.
    residuals : ndarray of float64, shape (N,)
        By how much the two marks of each line must be moved together, root of the sum of squares in pixels, for the
        line to pass through the point.
    outlying : ndarray of float64, shape (N,)
        How far each line misses the point of all the others, in standard errors of that miss: about 2 or less where it
        belongs to them. With three lines all are equal, since each may be blamed; a line that no other can check has 0.
    marking_error : float
        As it was stated: standard error of x and of y of each mark, in pixels.
    consistent_within : float
        The marking error, in pixels, that would be expected to leave such residuals: ``sqrt(sum(r^2) / (N - 2))``.
    usual : float
        Where all lines do meet in one point and the marking error is as stated, ``consistent_within / marking_error``
        is at most this in the share `level` of all markings.
    """

    point: NDArray[np.float64]
    place: tuple[float, float] | None
    region: NDArray[np.float64]
    level: float
    residuals: NDArray[np.float64]
    outlying: NDArray[np.float64]
    marking_error: float
    consistent_within: float
    usual: float


def meet(name: str, marks: ArrayLike, marking_error: float, level: float) -> Meeting:
    """Find the point that marked lines fit best.

    Each line is given by two marks p and q, each off by a normal error of standard deviation s in x and in y. The
    likeliest point v makes the sum of squares of r_i(v) smallest, where r_i^2 is the least sum of squares by which p
    and q must move until some line through v passes through both: the smaller eigenvalue of the scatter of p - v and
    q - v. With v = (X, Y, W), l = (p, 1) x (q, 1), a = W p - (X, Y), b = W q - (X, Y) it is::

        r^2 = 2 (l . v)^2 / (t + sqrt(t^2 - 4 W^2 (l . v)^2)),    t = |a|^2 + |b|^2

    which holds at infinity as well. The sum is made smallest over the unit sphere of v (Levenberg-Marquardt), after the
    marks have been moved and scaled to centre 0 and mean square distance 1. To first order r_i / s are standard normal,
    the covariance of v is s^2 (J'J)^-1 with J the slopes of r, and sum r_i^2 / s^2 follows chi squared with N - 2
    degrees of freedom.

    Parameters
    ----------
    name : str
        What the marks are called in messages.
    marks : array, shape (N, 2, 2)
        x and y in pixels of the two marks of each line, N >= 3.
    marking_error : float
        s, in pixels.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Meeting

    Raises
    ------
    ValueError
        If an argument is anything else, a line has both marks in one place, or all marks lie on one line.

    References
    ----------
    Hartley, R. & Zisserman, A. (2004). Multiple view geometry in computer vision, second edition, section 8.6.
    Cambridge University Press. (The likeliest vanishing point.)

    Cook, R. D. & Weisberg, S. (1982). Residuals and influence in regression. Chapman and Hall. (A line against the
    point of all the others, without fitting anew.)

    Examples
    --------
    Three lines through (3, 4):

    >>> found = meet("lines", [[(0, 4), (1, 4)], [(3, 0), (3, 1)], [(0, 1), (1, 2)]], marking_error=0.01, level=0.95)
    >>> [round(number, 6) for number in found.place]
    [3.0, 4.0]
    """
    ends = _require_marks(name, marks)
    error = require_positive("marking_error", marking_error)
    if not NEAREST <= error <= FURTHEST:
        raise InputError(f"marking_error must lie between {NEAREST} and {FURTHEST:,.0f} pixels; got {marking_error!r}.")
    if not 0 < level < 1:
        raise InputError(f"level must lie between 0 and 1; got {level!r}.")
    centre = ends.mean(axis=(0, 1))
    size = sqrt(float(((ends - centre) ** 2).sum(axis=2).mean()))
    scaled = (ends - centre) / size
    starts = _starts(name, scaled)
    point = min((_settled(start, scaled) for start in starts), key=lambda v: float((_misses(v, scaled) ** 2).sum()))
    if point[2] < 0:
        point = -point

    misses = _misses(point, scaled) * size
    basis = _tangents(point)
    slopes = _slopes(point, basis, scaled) * size
    spread = np.linalg.pinv(slopes.T @ slopes)
    unchecked = 1 - np.einsum("ni,ij,nj->n", slopes, spread, slopes)
    checked = unchecked > 1e-9
    outlying = np.zeros(len(ends))
    outlying[checked] = np.abs(misses[checked]) / (error * np.sqrt(unchecked[checked]))

    angles = np.linspace(0, 2 * pi, REGION_POINTS, endpoint=False)
    lengths, axes = np.linalg.eigh(spread)
    radius = error * sqrt(-2 * log(1 - level))
    ellipse = radius * np.column_stack([np.cos(angles), np.sin(angles)]) * np.sqrt(np.maximum(lengths, 0)) @ axes.T
    region = _in_pixels(point + ellipse @ basis, centre, size)
    reaches = bool(region[:, 2].min() <= 0)
    point = _in_pixels(point, centre, size)
    freedom = len(ends) - 2
    return Meeting(
        point=point,
        place=None if reaches else (float(point[0] / point[2]), float(point[1] / point[2])),
        region=region,
        level=float(level),
        residuals=np.abs(misses),
        outlying=outlying,
        marking_error=error,
        consistent_within=sqrt(float(misses @ misses) / freedom),
        usual=_usual(level, freedom),
    )


def _require_marks(name: str, marks: Any) -> NDArray[np.float64]:
    wanted = f"{name} must be {FEWEST_LINES} or more, each of two points (x, y) in pixels"
    try:
        ends = np.array(marks, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{wanted}, all numbers; {error}.") from error
    if ends.ndim != 3 or ends.shape[1:] != (2, 2) or len(ends) < FEWEST_LINES:
        raise InputError(f"{wanted}; got shape {ends.shape}.")
    if not (np.abs(ends) <= FURTHEST).all():  # not NaN either
        raise InputError(f"{wanted}, all between {-FURTHEST:,.0f} and {FURTHEST:,.0f}; got others among them.")
    points = np.flatnonzero(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) < NEAREST)
    if len(points):
        raise InputError(f"{wanted} that differ; both points of {name}[{points[0]}] are the same.")
    return ends


def _lines(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line through each two ends as (a, b, c) with a x + b y + c = 0, not scaled."""
    return np.cross(*np.moveaxis(np.dstack([ends, np.ones(ends.shape[:2])]), 1, 0))


def _misses(points: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """r of each line and each point: points (..., 3) and ends (N, 2, 2) give (..., N), with the sign of the side."""
    off = points @ _lines(ends).T
    depth = points[..., None, 2]
    to_ends = depth[..., None, None] * ends - points[..., None, None, :2]
    total = (to_ends**2).sum(axis=(-2, -1))
    # Not below 0 but for rounding; where the two ends stand at right angles and equally far.
    gap = np.sqrt(np.maximum(total**2 - 4 * (depth * off) ** 2, 0))
    return off * np.sqrt(2 / (total + gap))


def _starts(name: str, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """The three crossings of two lines that suit the other lines best."""
    lines = _lines(ends)
    lines = lines / np.linalg.norm(lines, axis=1, keepdims=True)
    if np.linalg.svd(lines, compute_uv=False)[1] < 1e-9:
        raise InputError(f"{name} must give lines that differ; got marks that all lie on one line.")
    few = np.unique(np.linspace(0, len(lines) - 1, TRIED_LINES).round().astype(int))
    first, second = np.triu_indices(len(few), k=1)
    crossings = np.cross(lines[few[first]], lines[few[second]])
    # The crossing in the sense of least squares is added: the few lines may be all alike.
    crossings = np.vstack([crossings, np.linalg.svd(lines)[2][2]])
    lengths = np.linalg.norm(crossings, axis=1)
    crossings = crossings[lengths > 1e-9] / lengths[lengths > 1e-9, None]
    return crossings[np.argsort((_misses(crossings, ends) ** 2).sum(axis=1))[:3]]


def _tangents(point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two directions across a unit vector, shape (2, 3)."""
    return np.linalg.svd(point[None])[2][1:]


def _slopes(point: NDArray[np.float64], basis: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """J: how each r changes as the point moves along each tangent, shape (N, 2), by central differences."""
    reach = 1e-6
    return (_misses(point + reach * basis, ends) - _misses(point - reach * basis, ends)).T / (2 * reach)


def _settled(point: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Walk to the nearest point with the smallest sum of squares (Marquardt 1963)."""
    damping, misses = 1e-3, _misses(point, ends)
    for _ in range(100):
        basis = _tangents(point)
        slopes = _slopes(point, basis, ends)
        square = slopes.T @ slopes
        bend = square + damping * np.diag(np.maximum(np.diag(square), 1e-12))
        step = -np.linalg.solve(bend, slopes.T @ misses)
        there = point + step @ basis
        there /= np.linalg.norm(there)
        misses_there = _misses(there, ends)
        if misses_there @ misses_there <= misses @ misses:
            point, misses, damping = there, misses_there, damping / 10
        else:
            damping *= 10
        if np.abs(step).max() < 1e-9 or damping > 1e9:
            break
    return point


def _in_pixels(points: NDArray[np.float64], centre: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Undo the moving and scaling of the marks, and give each (X, Y, W) length 1."""
    moved = np.concatenate([size * points[..., :2] + points[..., 2:] * centre, points[..., 2:]], axis=-1)
    return moved / np.linalg.norm(moved, axis=-1, keepdims=True)


def _usual(level: float, freedom: int) -> float:
    from scipy.special import chdtri

    return sqrt(float(chdtri(freedom, 1 - level)) / freedom)
