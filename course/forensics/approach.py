"""Free flight towards the camera or away from it: the thing that flies is its own ruler."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.errors import InputError
from course.forensics._input import require_frames, require_positive
from course.forensics.measurement import Estimate, Measurement
from course.forensics.trajectory import TrajectoryResult, fit_trajectory, lag_one, require_path

FEWEST_WIDTHS = 4
"""Two widths always lie on a line; the spread of a third alone says next to nothing."""

INSIDE = 0.25
"""The inner quarter of the reach is taken for the thing itself, what lies beyond the reach for what is around it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ApproachResult(Measurement):
    """What `fit_approach` answers with.

    `value` is the root mean square distance between points and fitted path, `curve` that of each point, both in pixels
    at the mean width.

    Attributes
    ----------
    flight : TrajectoryResult
        The fit of the path that is measured in widths of the thing. Its `points` are that path, its `acceleration` is
        in widths a second squared, with the error of its points alone.
    acceleration : Estimate
        The same with the error of the widths as well.
    level : float
        Confidence level of all intervals.
    """

    flight: TrajectoryResult
    acceleration: Estimate
    level: float
    # 1 / width = line[0] + line[1] * seconds, with the covariance of the two, and what each adds to the acceleration.
    _line: NDArray[np.float64]
    _spread: NDArray[np.float64]
    _parts: NDArray[np.float64]
    _scatter: float

    def width_at(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """How wide the thing is in the picture, by the fitted line.

        Parameters
        ----------
        seconds : float or array
            Time since frame 0, ``frame / fps``.

        Returns
        -------
        ndarray of float64, shape of `seconds`
            In pixels.
        """
        return 1 / (self._line[0] + self._line[1] * np.asarray(seconds, dtype=np.float64))

    def gravity(self, seconds: float, scale: float, scale_error: float = 0.0) -> Estimate:
        """Acceleration in metres a second squared, from a scale that is known for one moment of the flight.

        Parameters
        ----------
        seconds : float
            The moment, since frame 0.
        scale : float
            Metres a pixel at the distance at which the thing is at that moment.
        scale_error : float
            Standard error of `scale`.

        Returns
        -------
        Estimate

        Raises
        ------
        ValueError
            If an argument is anything else.
        """
        require_positive("scale", scale)
        if not (np.isfinite(scale_error) and scale_error >= 0):
            raise InputError(f"scale_error must be a number of 0 or more; got {scale_error!r}.")
        if not np.isfinite(seconds):
            raise InputError(f"seconds must be a finite number; got {seconds!r}.")
        width = float(self.width_at(seconds))
        # Widths that are all wrong by one factor change nothing here, so both effects of the line are taken together.
        slope = width * (self._parts - self.acceleration.value * width * np.array([1.0, seconds]))
        error = sqrt((width * self._scatter) ** 2 + float(slope @ self._spread @ slope))
        value = self.acceleration.value * width
        return _interval(
            value * scale, sqrt((error * scale) ** 2 + (value * scale_error) ** 2), len(self.curve) - 3, self.level
        )


def widths_along(frames: NDArray[np.uint8], points: ArrayLike, reach: float = 12.0) -> NDArray[np.float64]:
    """Measure how wide a round thing of one colour is, in each place where it was found.

    In CIE Lab, with C the median colour (a*, b*) within a quarter of the reach and G that in the ring between the
    reach and one and a half times as far, each pixel nearer than the reach counts as much as its colour p lies on the
    way from G to C::

        share = (p - G) . (C - G) / |C - G|^2, kept between 0 and 1      width = 2 sqrt(sum of the shares / pi)

    so that a blurred rim counts half, as it should.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip.
    points : array, shape (N, 3)
        Frame number, x and y, as `track_colour` returns them.
    reach : float
        In pixels, 4 or more: farther from the middle than the thing reaches, nearer than the next thing of its colour.

    Returns
    -------
    ndarray of float64, shape (N,)
        The width that a disc of the same area has, in pixels. NaN where the picture ends within the reach, or where the
        thing has the colour of what is around it.

    Raises
    ------
    ValueError
        If an argument is anything else, or a frame number is not one of the clip.

    References
    ----------
    CIE (1976). The L*a*b* colour space.

    Examples
    --------
    >>> import numpy as np
    >>> down, right = np.mgrid[:60, :60]
    >>> disc = np.hypot(right - 30, down - 28) <= 7.5
    >>> frame = np.where(disc[..., None], (200, 40, 30), (120, 120, 120)).astype(np.uint8)
    >>> widths_along(frame[None], [(0, 30, 28)]).round().tolist()
    [15.0]
    """
    import cv2

    require_frames(frames, least=1)
    if not require_positive("reach", reach) >= 4:
        raise InputError(f"reach must be 4 pixels or more; got {reach}.")
    path = np.array(points, dtype=np.float64)
    if path.ndim != 2 or path.shape[1] != 3 or not np.isfinite(path).all():
        raise InputError(f"points must be rows of (frame, x, y), all finite; got shape {path.shape}.")
    if len(path) and not (path[:, 0].min() >= 0 and path[:, 0].max() <= len(frames) - 1):
        raise InputError(f"points must lie in frames 0 to {len(frames) - 1}.")
    height, width = frames.shape[1:3]
    outer = 1.5 * reach
    found = np.full(len(path), np.nan)
    for k, (number, x, y) in enumerate(path):
        left, right, top, bottom = int(x - outer), int(x + outer) + 2, int(y - outer), int(y + outer) + 2
        if x - reach < 0 or y - reach < 0 or x + reach > width - 1 or y + reach > height - 1:
            continue
        left, top = max(0, left), max(0, top)
        square = frames[round(number)][top:bottom, left:right]
        colour = cv2.cvtColor(square.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:]
        rows, columns = np.mgrid[top : top + square.shape[0], left : left + square.shape[1]]
        away = np.hypot(columns - x, rows - y)
        core = np.median(colour[away <= max(1.0, INSIDE * reach)], axis=0)
        around = np.median(colour[(away > reach) & (away <= outer)], axis=0)
        way = core - around
        if float(way @ way) < 25:  # five units of colour: less than that, one cannot tell where the thing ends
            continue
        share = np.clip((colour - around) @ way / float(way @ way), 0, 1)
        found[k] = 2 * sqrt(float(share[away <= reach].sum()) / np.pi)
    return found


def fit_approach(points: ArrayLike, widths: ArrayLike, fps: float, *, level: float = 0.95) -> ApproachResult:
    """Fit free flight to points of a thing that comes nearer or goes away, by how wide it is.

    What comes nearer looks larger, and its way covers more pixels. Both grow alike, so the way measured in widths of
    the thing itself stays true. In free flight the distance to a level camera changes evenly, and one over the width
    d with it (the pinhole camera, f the focal length in pixels, D the true width)::

        1 / d(t) = Z(t) / (f D) = c0 + c1 t
        x(t) / d(t) = X(t) / D + const,    y(t) / d(t) = Y(t) / D + const + linear

    So c0 and c1 are fitted to the widths, the points are multiplied by the line, and `fit_trajectory` fits the
    parabola. From where x and y are counted does not matter: that adds a term which is linear in t. The errors of the
    widths go into the intervals, widened where neighbouring errors are alike.

    It knows nothing of a camera that is tilted: then gravity also pulls along the line of sight, by its sine.

    Parameters
    ----------
    points : array, shape (N, 3)
        Frame number, x and y in pixels, y downwards. N >= 4.
    widths : array, shape (N,)
        Width of the thing at each point in pixels, above 0; NaN where it is unknown. Four or more must be known.
    fps : float
        Frames a second.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    ApproachResult

    Raises
    ------
    ValueError
        If an argument is anything else, or the widths shrink to nothing within the flight.

    References
    ----------
    Lee, D. N. (1976). A theory of visual control of braking based on information about time-to-collision. Perception
    5(4). (Size in the picture against distance.)

    Examples
    --------
    A ball 1 unit wide falls by 10 units a second squared and comes nearer, from 1 unit away to half of that:

    >>> import numpy as np
    >>> t = np.arange(11) / 10
    >>> d = 1 / (1 - t / 2)
    >>> flight = np.column_stack([np.arange(11), 3 * t * d, (5 * t**2 - 4 * t) * d])
    >>> result = fit_approach(flight, d, fps=10)
    >>> round(result.acceleration.value, 6), round(float(result.width_at(1.0)), 6)
    (10.0, 2.0)
    """
    path = require_path(points)
    require_positive("fps", fps)
    given = np.asarray(points, dtype=np.float64)
    wide = np.asarray(widths, dtype=np.float64)
    if wide.shape != (len(path),):
        raise InputError(f"widths must be one number a point, {len(path)}; got shape {wide.shape}.")
    # The path is sorted by frame; the widths go with it.
    wide = wide[np.argsort(given[:, 0])] if given.shape[1] == 3 else wide
    known = np.isfinite(wide)
    if np.count_nonzero(known) < FEWEST_WIDTHS:
        raise InputError(f"widths must hold {FEWEST_WIDTHS} known ones or more; got {np.count_nonzero(known)}.")
    if not (wide[known] > 0).all():
        raise InputError("widths must be above 0, or NaN where they are unknown.")
    time = path[:, 0] / fps
    design = np.vander(time[known], 2, increasing=True)
    inverse = 1 / wide[known]
    line = np.linalg.lstsq(design, inverse, rcond=None)[0]
    off = inverse - design @ line
    alike = min(max(lag_one(off, inverse), 0.0), 1 - 1 / len(off))
    variance = float(off @ off) / (len(off) - 2) * (1 + alike) / (1 - alike)
    spread = variance * np.linalg.inv(design.T @ design)
    factor = np.vander(time, 2, increasing=True) @ line
    if not (factor > 0).all():
        raise InputError("The widths shrink to nothing within the flight: measure them again.")

    flight = fit_trajectory(np.column_stack([path[:, 0], path[:, 1:] * factor[:, None]]), fps, level=level)
    # Of the quadratic term, once for the bare path and once for the path times t: the acceleration is linear in both.
    middle = time - time.mean()
    term = 2 * np.linalg.pinv(np.vander(middle, 3, increasing=True))[2]
    parts = np.array([term @ path[:, 2], term @ (path[:, 2] * time)])
    freedom = len(path) - 3
    scatter = (flight.acceleration.high - flight.acceleration.value) / _quantile(freedom, level)
    error = sqrt(scatter**2 + float(parts @ spread @ parts))
    size = 1 / float(factor.mean())
    return ApproachResult(
        value=flight.value * size,
        unit="px",
        curve=flight.curve * size,
        confounders=(
            "The widths: a blurred rim, motion blur, or a thing that is not round and turns.",
            "A camera that is tilted, moves or zooms.",
            "The frame rate: slow motion and time lapse change every acceleration.",
            "Air: a light ball, a balloon or a frisbee does not fall freely.",
        ),
        flight=flight,
        acceleration=_interval(flight.acceleration.value, error, freedom, level),
        level=float(level),
        _line=line,
        _spread=spread,
        _parts=parts,
        _scatter=scatter,
    )


def _quantile(freedom: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def _interval(value: float, error: Any, freedom: int, level: float) -> Estimate:
    half = _quantile(freedom, level) * float(error)
    return Estimate(float(value), float(value) - half, float(value) + half)
