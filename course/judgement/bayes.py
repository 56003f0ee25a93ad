"""What a flag is worth once you know how rare the thing is."""

from __future__ import annotations

from course.errors import InputError


def posterior(prior: float, sensitivity: float, false_alarm_rate: float) -> float:
    """Chance that a flagged item is generated (Bayes' rule).

    Parameters
    ----------
    prior : float
        Share of generated items among all, 0 to 1: the base rate.
    sensitivity : float
        Share of the generated items that are flagged, 0 to 1.
    false_alarm_rate : float
        Share of the camera items that are flagged, 0 to 1.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        A value lies outside 0 to 1, or together they leave nothing that could ever be flagged.

    Examples
    --------
    Of 1,000 clips 20 are fake. The detector flags 16 of them, and 98 of the 980 others:

    >>> round(posterior(0.02, 0.80, 0.10), 2)
    0.14
    """
    for name, value in {
        "prior": prior,
        "sensitivity": sensitivity,
        "false_alarm_rate": false_alarm_rate,
    }.items():
        if not 0 <= value <= 1:
            raise InputError(f"{name} is a share between 0 and 1, not {value!r}.")
    rightly = prior * sensitivity
    wrongly = (1 - prior) * false_alarm_rate
    if rightly + wrongly == 0:
        raise InputError("With these figures nothing is ever flagged, so a flag says nothing.")
    return rightly / (rightly + wrongly)
