"""Shadows and the light: do the lines from shadows to what casts them meet in one point?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.forensics.measurement import Measurement
from course.forensics.meeting import Meeting, meet


@dataclass(frozen=True, eq=False, kw_only=True)
class LightResult(Measurement):
    """What `light_from_shadows` answers with.

    `value` is how far the lines are from meeting, in marking errors: about 1 where one light made all the shadows and
    the marking error is as stated. `curve` has one point a pair: its residual, in marking errors.

    Attributes
    ----------
    meeting : Meeting
        Where the lines meet, with its region, the residuals in pixels, and the marking error within which all the
        pairs agree.
    toward : ndarray of bool, shape (N,)
        Whether the meeting point lies on the object's side of each pair rather than on the shadow's. All True: the
        light is in front of the camera, and the point is its picture. All False: it stands behind the camera, and the
        point is where the camera's own shadow would fall. Some of each: no single light does that, however well the
        lines meet. Where `Meeting.place` is None, only whether all are equal says something.
    """

    meeting: Meeting
    toward: NDArray[np.bool_]


def light_from_shadows(pairs: ArrayLike, marking_error: float = 2.0, *, level: float = 0.95) -> LightResult:
    """Ask whether shadows that a person marked can come from one light.

    Light travels straight, and a camera pictures straight lines as straight lines. So the line from the shadow of a
    corner through the corner itself leads to the light, whatever the ground is like, and in the picture all such lines
    meet in one point: the picture of the sun or the lamp, or, where it stands behind the camera, the point opposite.

    `meeting.meet` finds the point v that asks for the smallest moves r_i of the marks, which are off by
    `marking_error` s each::

        value = sqrt(sum r_i(v)^2 / (N - 2)) / s

    Near 1 the pairs agree as well as anyone could have marked them. Far above it, a pair disagrees, or was marked worse
    than stated: `Meeting.consistent_within` is the marking error that would explain it all. Agreement proves little
    where the lines run alike, since then many lights suit them: look at the size of `Meeting.region`.

    Parameters
    ----------
    pairs : array, shape (N, 2, 2)
        For each pair x and y in pixels of a point of an object, then x and y of the shadow of that same point. N >= 3.
    marking_error : float
        Standard error of x and of y of each mark, in pixels, above 0. Mark one point ten times to learn your own.
    level : float
        Confidence level of the region and of `Meeting.usual`, between 0 and 1.

    Returns
    -------
    LightResult

    Raises
    ------
    ValueError
        If an argument is anything else, holds NaN, both points of a pair are the same, or all lie on one line.

    References
    ----------
    Kee, E., O'Brien, J. F. & Farid, H. (2013). Exposing photo manipulation with inconsistent shadows. ACM Transactions
    on Graphics, 32(3). (They let a person mark wedges instead of points, and ask whether all wedges share a point.)

    Examples
    --------
    Three posts and the ends of their shadows, with the sun at (200, 0); then the third shadow ends 40 pixels further
    to the right:

    >>> pairs = [[(100, 100), (50, 150)], [(200, 120), (200, 180)], [(300, 100), (350, 150)]]
    >>> sunlit = light_from_shadows(pairs)
    >>> [round(number) for number in sunlit.meeting.place], sunlit.toward.tolist(), round(sunlit.value, 6)
    ([200, 0], [True, True, True], 0.0)
    >>> pairs[2][1] = (390, 150)
    >>> light_from_shadows(pairs).value > sunlit.meeting.usual
    True
    """
    meeting = meet("pairs", pairs, marking_error, level)
    objects, shadows = np.moveaxis(np.array(pairs, dtype=np.float64), 1, 0)
    ahead = meeting.point[:2] - meeting.point[2] * (objects + shadows) / 2
    return LightResult(
        value=meeting.consistent_within / meeting.marking_error,
        unit="marking errors",
        curve=meeting.residuals / meeting.marking_error,
        confounders=(
            "The marking: the edge of a shadow is soft, and its end is easily missed by more than you stated.",
            "The wrong partner: a shadow's corner marked with another corner than the one that casts it.",
            "Two lamps, or a window and a lamp, each with shadows of its own.",
            "Shadows that run alike: something added from a picture with nearly the same light agrees as well.",
            "A wide lens or a panorama, which bends straight lines.",
        ),
        meeting=meeting,
        toward=((objects - shadows) * ahead).sum(axis=1) > 0,
    )
