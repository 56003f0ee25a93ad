"""Free flight: follow a coloured thing through a clip, and ask how near its path is to a parabola."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.errors import InputError
from course.forensics._input import require_frames, require_pixels, require_positive
from course.forensics.measurement import Estimate, Measurement

WINDOW = 24
"""Pixels around the reach that are searched first."""

FEWEST_POINTS = 4
"""Three points lie on a parabola whatever they are; the fourth can disagree."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TrajectoryResult(Measurement):
    """What `fit_trajectory` answers with.

    `value` is the root mean square distance between points and fitted path in pixels, `curve` the distance of each
    point. Times are in seconds and count from frame 0.

    Attributes
    ----------
    points : ndarray of float64, shape (N, 3)
        Frame number, x and y of each point.
    fps : float
        Frames a second.
    position : tuple of float
        x and y of the fitted path at the first point, in pixels.
    velocity : tuple of float
        Rightward and downward speed there, in pixels a second.
    acceleration : Estimate
        Downward, in pixels a second squared.
    gravity : Estimate or None
        The same in metres a second squared; None where no scale was given.
    level : float
        Confidence level of the two intervals.
    drift : float
        How much each point's vertical error is like its neighbour's, -1 to 1 (lag-one autocorrelation). Near 0 the
        errors are scatter; near 1 they follow a pattern, and the path is something other than a parabola.
    """

    points: NDArray[np.float64]
    fps: float
    position: tuple[float, float]
    velocity: tuple[float, float]
    acceleration: Estimate
    gravity: Estimate | None
    level: float
    drift: float

    def at(self, seconds: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the fitted path is at a time, for drawing it.

        Parameters
        ----------
        seconds : float or array
            Time since frame 0, ``frame / fps``.

        Returns
        -------
        x, y : ndarray of float64, shape of `seconds`
            In pixels.
        """
        since = np.asarray(seconds, dtype=np.float64) - self.points[0, 0] / self.fps
        x, y = (start + speed * since for start, speed in zip(self.position, self.velocity, strict=True))
        return x, y + self.acceleration.value * since**2 / 2


def colour_at(pixels: NDArray[np.uint8], x: float, y: float, radius: int = 2) -> tuple[int, int, int]:
    """Read the colour at a place, as the median of a small square, so that grain does not count.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture.
    x, y : float
        The place in pixels, from the upper left.
    radius : int
        The square is ``2 * radius + 1`` pixels a side, 0 or more.

    Returns
    -------
    tuple of int
        Red, green and blue, 0 to 255.

    Raises
    ------
    ValueError
        If the place lies outside the picture, or an argument is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> colour_at(np.full((9, 9, 3), (200, 40, 30), dtype=np.uint8), x=4, y=4)
    (200, 40, 30)
    """
    require_pixels(pixels)
    height, width = pixels.shape[:2]
    if not (0 <= x <= width - 1 and 0 <= y <= height - 1):
        raise InputError(f"x and y must lie inside the picture of {width} x {height} pixels; got ({x}, {y}).")
    if radius < 0:
        raise InputError(f"radius must be 0 or more; got {radius}.")
    column, row = round(x), round(y)
    square = pixels[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
    red, green, blue = (int(n) for n in np.median(square, axis=(0, 1)))
    return red, green, blue


def track_colour(
    frames: NDArray[np.uint8],
    colour: tuple[int, int, int],
    tolerance: float = 20.0,
    *,
    start: tuple[float, float] | None = None,
    reach: float | None = None,
    smallest: int = 20,
) -> NDArray[np.float64]:
    """Follow a patch of one colour through a clip.

    In CIE Lab, where equal distances look about equally different, each pixel weighs
    ``max(0, 1 - d / tolerance)`` with d its distance from `colour` in a* and b*; lightness does not count, since a ball
    has a bright and a dark side. Pixels that touch make up a patch, and its place is its weighted centre, finer than a
    pixel. In each frame the patch nearest to the last place is taken.

    Parameters
    ----------
    frames : ndarray of uint8, shape (T, H, W, 3)
        An RGB clip.
    colour : tuple of int
        Red, green and blue of the thing, best read from the clip by `colour_at`.
    tolerance : float
        In units of a* and b*. Large takes in the surroundings, small loses the thing in shadow.
    start : tuple of float, optional
        x and y near which it is in the first frame. Without it, the largest patch is taken.
    reach : float, optional
        How many pixels it may be from the place where it was seen last. Without it, a quarter of the diagonal.
    smallest : int
        Patches of fewer pixels are passed over.

    Returns
    -------
    ndarray of float64, shape (N, 3)
        Frame number, x and y. Frames in which nothing was found are left out, so N may be 0.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    CIE (1976). The L*a*b* colour space.

    Examples
    --------
    >>> import numpy as np
    >>> frames = np.full((3, 40, 60, 3), 120, dtype=np.uint8)
    >>> for t in range(3):
    ...     frames[t, 10:17, 5 + 9 * t : 12 + 9 * t] = (200, 40, 30)
    >>> track_colour(frames, colour=(200, 40, 30)).round(3).tolist()
    [[0.0, 8.0, 13.0], [1.0, 17.0, 13.0], [2.0, 26.0, 13.0]]
    """
    require_frames(frames, least=1)
    wanted = np.asarray(colour)
    if wanted.shape != (3,) or wanted.dtype.kind not in "iu" or wanted.min() < 0 or wanted.max() > 255:
        raise InputError(f"colour must be three whole numbers from 0 to 255, red, green, blue; got {colour!r}.")
    require_positive("tolerance", tolerance)
    reach = sqrt(frames.shape[1] ** 2 + frames.shape[2] ** 2) / 4 if reach is None else require_positive("reach", reach)
    green_red, blue_yellow = _lab(wanted.astype(np.uint8).reshape(1, 1, 3))[0, 0, 1:]
    last = None if start is None else np.asarray(start, dtype=np.float64)
    if last is not None and (last.shape != (2,) or not np.isfinite(last).all()):
        raise InputError(f"start must be two finite numbers, x and y; got {start!r}.")
    found = []
    for number, frame in enumerate(frames):
        patches = None
        if last is not None:
            # The colours of a small window are quicker to convert. If a patch is cut by its edge, the whole frame is.
            patches = _patches(frame, green_red, blue_yellow, tolerance, smallest, around=(*last, reach + WINDOW))
        if patches is None:
            patches = _patches(frame, green_red, blue_yellow, tolerance, smallest)
        if last is None:
            place = max(patches, key=lambda patch: patch[1], default=(None, 0))[0]
        else:
            near = [(float(np.linalg.norm(centre - last)), k) for k, (centre, _) in enumerate(patches)]
            step, nearest = min(near, default=(np.inf, -1))
            place = patches[nearest][0] if step <= reach else None
        if place is not None:
            last = place
            found.append((number, *place))
    return np.array(found, dtype=np.float64).reshape(-1, 3)


def fit_trajectory(
    points: ArrayLike,
    fps: float,
    scale: float | None = None,
    *,
    scale_error: float = 0.0,
    level: float = 0.95,
) -> TrajectoryResult:
    """Fit free flight to points: even speed across, even acceleration down.

    By least squares on t = frame / fps::

        x(t) = x0 + vx t        y(t) = y0 + vy t + a t^2 / 2

    What is thrown near the ground follows this within the drag of the air (Galilei 1638). The standard error of `a`
    comes from the scatter of the points, s^2 = sum(r^2) / (N - 3), and is widened by sqrt((1 + rho) / (1 - rho)) where
    neighbouring errors are alike with a correlation rho above 0: then N points say less than N points should. The
    interval uses Student's t with N - 3 degrees of freedom. It knows scatter, and not that a ruler may stand at another
    distance from the camera than the ball flies.

    Parameters
    ----------
    points : array, shape (N, 3) or (N, 2)
        Frame number, x and y in pixels, y downwards; or x and y alone for frames 0 to N - 1. N >= 4, and the
        frame numbers must differ. As `track_colour` returns them.
    fps : float
        Frames a second.
    scale : float, optional
        Metres a pixel, at the distance at which the thing flies.
    scale_error : float
        Standard error of `scale`, in metres a pixel.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    TrajectoryResult

    Raises
    ------
    ValueError
        If an argument is anything else, or holds NaN.

    References
    ----------
    Galilei, G. (1638). Discorsi e dimostrazioni matematiche, fourth day.

    Bayley, G. V. & Hammersley, J. M. (1946). The "effective" number of independent observations in an autocorrelated
    time series. Supplement to the Journal of the Royal Statistical Society, 8(2).

    Examples
    --------
    A thing that drops 5 pixels in the first second, 20 in two, 45 in three: it gains 10 pixels a second each second.

    >>> result = fit_trajectory([(0, 0), (3, 5), (6, 20), (9, 45)], fps=1, scale=0.98)
    >>> round(result.acceleration.value, 6), round(result.gravity.value, 6), round(result.value, 6)
    (10.0, 9.8, 0.0)
    """
    path = require_path(points)
    require_positive("fps", fps)
    if scale is not None:
        require_positive("scale", scale)
    if not (np.isfinite(scale_error) and scale_error >= 0):
        raise InputError(f"scale_error must be a number of 0 or more; got {scale_error!r}.")
    if not 0 < level < 1:
        raise InputError(f"level must lie between 0 and 1; got {level!r}.")
    # Counted from the middle of the flight, the columns of the fit are nearly independent and no digit is lost.
    time = (path[:, 0] - path[:, 0].mean()) / fps
    across_design, down_design = np.vander(time, 2, increasing=True), np.vander(time, 3, increasing=True)
    across = np.linalg.lstsq(across_design, path[:, 1], rcond=None)[0]
    down = np.linalg.lstsq(down_design, path[:, 2], rcond=None)[0]
    off_x, off_y = path[:, 1] - across_design @ across, path[:, 2] - down_design @ down
    distance = np.hypot(off_x, off_y)

    drift = lag_one(off_y, path[:, 2])
    alike = min(max(drift, 0.0), 1 - 1 / len(path))
    # The last row of the pseudo-inverse turns errors of the points into the error of the quadratic term.
    spread = float(np.linalg.norm(np.linalg.pinv(down_design)[2]))
    freedom = len(path) - 3
    error = 2 * spread * sqrt(float(off_y @ off_y) / freedom) * sqrt((1 + alike) / (1 - alike))
    acceleration = 2 * float(down[2])
    first = float(time[0])
    return TrajectoryResult(
        value=sqrt(float(np.mean(distance**2))),
        unit="px",
        curve=distance,
        confounders=(
            "Where the thing flies: nearer to the camera than the ruler, it seems to fall faster.",
            "Flight towards the camera or away from it, which bends the parabola itself.",
            "The frame rate: slow motion and time lapse change every acceleration.",
            "A camera that moves, and a wide lens that bends the edges of the picture.",
            "Air: a light ball, a balloon or a frisbee does not fall freely.",
            "The tracking: shadow, blur, or a patch of the same colour beside it.",
        ),
        points=path,
        fps=float(fps),
        position=(float(across[0] + across[1] * first), float(down[0] + down[1] * first + down[2] * first**2)),
        velocity=(float(across[1]), float(down[1] + 2 * down[2] * first)),
        acceleration=_interval(acceleration, error, freedom, level),
        gravity=None
        if scale is None
        else _interval(
            acceleration * scale, sqrt((error * scale) ** 2 + (acceleration * scale_error) ** 2), freedom, level
        ),
        level=float(level),
        drift=drift,
    )


def require_path(points: ArrayLike) -> NDArray[np.float64]:
    """Points as rows of (frame, x, y), sorted by frame; a ValueError if they are anything else."""
    wanted = f"points must be {FEWEST_POINTS} or more rows of (frame, x, y) or (x, y)"
    try:
        path = np.array(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{wanted}, all numbers; {error}.") from error
    if path.ndim != 2 or path.shape[1] not in (2, 3) or len(path) < FEWEST_POINTS:
        raise InputError(f"{wanted}; got shape {path.shape}.")
    if not np.isfinite(path).all():
        raise InputError(f"{wanted}, all finite; got NaN or infinity among them.")
    if path.shape[1] == 2:
        path = np.column_stack([np.arange(len(path)), path])
    if len(np.unique(path[:, 0])) < len(path):
        raise InputError("points must have one row a frame; got the same frame twice.")
    return path[np.argsort(path[:, 0])]


def lag_one(errors: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Correlation of neighbouring errors; 0 where the fit is exact, since rounding has no pattern worth telling."""
    power = float(errors @ errors)
    if power <= len(errors) * (1e-9 * max(1.0, float(np.abs(values).max()))) ** 2:
        return 0.0
    return float(errors[:-1] @ errors[1:]) / power


def _interval(value: float, error: float, freedom: int, level: float) -> Estimate:
    from scipy.special import stdtrit

    value, half = float(value), float(stdtrit(freedom, (1 + level) / 2) * error)
    return Estimate(value, value - half, value + half)


def _patches(
    frame: NDArray[np.uint8],
    green_red: float,
    blue_yellow: float,
    tolerance: float,
    smallest: int,
    around: tuple[float, float, float] | None = None,
) -> list[tuple[NDArray[np.float64], int]] | None:
    """Centre and area of each patch of the colour, in the frame or in a square (x, y, half its side).

    None if the square lies outside the frame, or its edge, where it is not the frame's own, cuts a patch.
    """
    import cv2

    height, width = frame.shape[:2]
    left, top, right, bottom = 0, 0, width, height
    if around is not None:
        x, y, half = around
        left, right = max(0, int(x - half)), min(width, int(x + half) + 1)
        top, bottom = max(0, int(y - half)), min(height, int(y + half) + 1)
        if left >= right or top >= bottom:
            return None  # the square lies outside the frame
    lab = _lab(np.ascontiguousarray(frame[top:bottom, left:right]))
    distance = np.hypot(lab[..., 1] - green_red, lab[..., 2] - blue_yellow)
    weight = np.maximum(0, 1 - distance / np.float32(tolerance))
    inside = weight > 0
    edges = (
        (left > 0, inside[:, 0]),
        (top > 0, inside[0]),
        (right < width, inside[:, -1]),
        (bottom < height, inside[-1]),
    )
    if any(inner and edge.any() for inner, edge in edges):
        return None
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8))
    areas = boxes[:, cv2.CC_STAT_AREA]
    return [
        (_centre(weight, labels, patch, boxes[patch]) + np.array([left, top]), int(areas[patch]))
        for patch in range(1, len(boxes))
        if areas[patch] >= smallest
    ]


def _lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    return cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _centre(weight: NDArray[Any], labels: NDArray[np.int32], patch: int, box: NDArray[np.int32]) -> NDArray[np.float64]:
    """Weighted centre (x, y) of one patch, looked for in its own box only."""
    left, top, width, height = (int(n) for n in box[:4])
    window = np.s_[top : top + height, left : left + width]
    mass = np.where(labels[window] == patch, weight[window], 0).astype(np.float64)
    columns, rows = mass.sum(axis=0), mass.sum(axis=1)
    return np.array([columns @ np.arange(left, left + width), rows @ np.arange(top, top + height)]) / mass.sum()
