"""Perspective: do edges that are parallel in the world run to one vanishing point?"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from course.forensics.measurement import Measurement
from course.forensics.meeting import Meeting, meet


@dataclass(frozen=True, eq=False, kw_only=True)
class VanishingPointResult(Measurement):
    """What `vanishing_point` answers with.

    `value` is how far the lines are from meeting, in marking errors: about 1 where the edges are parallel in the world
    and the marking error is as stated. `curve` has one point a segment: its residual, in marking errors.

    Attributes
    ----------
    meeting : Meeting
        Where the lines meet, with its region, the residuals in pixels, and the marking error within which all the
        segments agree.
    """

    meeting: Meeting


def vanishing_point(segments: ArrayLike, marking_error: float = 2.0, *, level: float = 0.95) -> VanishingPointResult:
    """Find where edges that are parallel in the world meet in the picture.

    A camera with a straight lens pictures parallel edges, such as the rows of windows of one wall, as lines that meet
    in one point, their vanishing point; it lies at infinity where the edges are parallel to the picture.

    `meeting.meet` finds the point v that asks for the smallest moves r_i of the end points, which are off by
    `marking_error` s each::

        value = sqrt(sum r_i(v)^2 / (N - 2)) / s

    Long segments, far apart, say the most: short ones nearly fit any point, and `Meeting.region` grows with them.

    Parameters
    ----------
    segments : array, shape (N, 2, 2)
        For each segment x and y in pixels of one end, then of the other, as far apart as the edge allows. N >= 3.
    marking_error : float
        Standard error of x and of y of each mark, in pixels, above 0.
    level : float
        Confidence level of the region and of `Meeting.usual`, between 0 and 1.

    Returns
    -------
    VanishingPointResult

    Raises
    ------
    ValueError
        If an argument is anything else, holds NaN, both ends of a segment are the same, or all lie on one line.

    References
    ----------
    Criminisi, A., Reid, I. & Zisserman, A. (2000). Single view metrology. International Journal of Computer Vision,
    40(2).

    Johnson, M. K. & Farid, H. (2006). Metric measurements on a plane from a single image. Technical report
    TR2006-579, Dartmouth College. (Vanishing points as evidence.)

    Examples
    --------
    Three edges of a street that runs to (320, 200), then one that does not:

    >>> edges = [[(0, 40), (160, 120)], [(640, 40), (480, 120)], [(0, 360), (160, 280)]]
    >>> [round(number) for number in vanishing_point(edges).meeting.place]
    [320, 200]
    >>> wrong = vanishing_point([*edges, [(640, 360), (480, 320)]])
    >>> round(wrong.meeting.consistent_within), wrong.meeting.outlying.argmax().item()
    (17, 3)
    """
    meeting = meet("segments", segments, marking_error, level)
    return VanishingPointResult(
        value=meeting.consistent_within / meeting.marking_error,
        unit="marking errors",
        curve=meeting.residuals / meeting.marking_error,
        confounders=(
            "Edges that are not parallel in the world: a road that bends, a roof, an old wall.",
            "A wide lens or a panorama, which bends straight lines, most of all near the rim.",
            "The marking: an edge in a small or blurred picture is easily missed by more than you stated.",
            "Short segments, or segments side by side: they fit almost any point.",
        ),
        meeting=meeting,
    )
