"""Where a file says it was made."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from course.errors import InputError

METRES_A_DEGREE = 111_320.0
"""Of latitude; of longitude it is this times the cosine of the latitude."""


@dataclass(frozen=True)
class Location:
    """A place that a file names.

    Attributes
    ----------
    latitude, longitude : float
        Degrees; north and east are positive.
    accuracy : float or None
        Metres, as the file itself states it.
    resolution : float
        Metres that one step of its last digit means: the place is told no more finely than this.
    altitude : float or None
        Metres above the sea.
    source : str
        The field it stands in.
    """

    latitude: float
    longitude: float
    accuracy: float | None = None
    resolution: float = 0.0
    altitude: float | None = None
    source: str = "EXIF"

    @property
    def radius(self) -> float:
        """Metres around the point in which the place must be sought: what the file states, or its last digit."""
        return self.accuracy if self.accuracy is not None else self.resolution

    @property
    def words(self) -> str:
        """The place as one writes it.

        Examples
        --------
        >>> Location(-15.8, -48.0).words
        '15.8° south, 48° west'
        """
        return (
            f"{_short(self.latitude)}° {'south' if self.latitude < 0 else 'north'}, "
            f"{_short(self.longitude)}° {'west' if self.longitude < 0 else 'east'}"
        )


def _short(value: float) -> str:
    return f"{abs(value):.5f}".rstrip("0").rstrip(".")


def from_exif(gps: Mapping[int, object]) -> Location | None:
    """The place that the GPS fields of EXIF name, or None if they name none on Earth.

    Parameters
    ----------
    gps : mapping
        Of the fields' numbers, as Pillow reads them.

    Examples
    --------
    >>> from_exif({1: "S", 2: (15.0, 48.0, 0.0), 3: "W", 4: (48.0, 0.0, 0.0), 31: 8000.0}).words
    '15.8° south, 48° west'
    >>> from_exif({1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}) is None
    True
    """
    try:
        sides = [str(gps[key]).strip("\0 ").upper() for key in (1, 3)]
        if sides[0] not in ("N", "S") or sides[1] not in ("E", "W"):
            return None
        numbers, steps = zip(*(_degrees(gps[key]) for key in (2, 4)), strict=True)
        latitude = -numbers[0] if sides[0] == "S" else numbers[0]
        longitude = -numbers[1] if sides[1] == "W" else numbers[1]
        accuracy, altitude = _number(gps.get(31)), _number(gps.get(6))
        if altitude is not None and gps.get(5) in (b"\x01", 1):
            altitude = -altitude
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not _on_earth(latitude, longitude):
        return None
    if accuracy is not None and not 0 < accuracy < 4e7:
        accuracy = None
    return Location(latitude, longitude, accuracy, max(steps) * METRES_A_DEGREE, altitude, "EXIF")


def from_iso6709(text: str, source: str) -> Location | None:
    """The place in the form that films use.

    Examples
    --------
    >>> from_iso6709("-15.8-048.0/", "©xyz").words
    '15.8° south, 48° west'
    """
    found = re.match(r"\s*([+-]\d{1,2}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,6})?)?", text)
    if not found or not _on_earth(float(found[1]), float(found[2])):
        return None
    # zeros at the end may be filling, so they do not count as told
    digits = max(len(part.partition(".")[2].rstrip("0")) for part in found.groups()[:2])
    altitude = float(found[3]) if found[3] else None
    return Location(float(found[1]), float(found[2]), None, METRES_A_DEGREE * 10.0**-digits, altitude, source)


def from_xmp(latitude: str, longitude: str) -> Location | None:
    """The place in the form that XMP uses, degrees and minutes with a letter.

    Examples
    --------
    >>> from_xmp("15,48.0S", "48,0.0W").words
    '15.8° south, 48° west'
    """
    values, steps = [], []
    for text, letters in ((latitude, "NS"), (longitude, "EW")):
        found = re.fullmatch(rf"\s*(\d{{1,3}}),(\d{{1,2}})(?:\.(\d{{1,12}})|,(\d{{1,2}}))?([{letters}])\s*", text)
        if not found:
            return None
        minutes = float(f"{found[2]}.{found[3] or 0}") + int(found[4] or 0) / 60
        value = int(found[1]) + minutes / 60
        values.append(-value if found[5] in "SW" else value)
        steps.append(1 / 3600 if found[4] else 10.0 ** -len(found[3] or "") / 60)
    if not _on_earth(*values):
        return None
    return Location(*values, None, max(steps) * METRES_A_DEGREE, None, "XMP")


def hours_behind(local: str | None, utc: datetime | None) -> float | None:
    """Hours by which a clock on the spot differs from the satellites', to the nearest quarter.

    Parameters
    ----------
    local : str or None
        As EXIF writes it.
    utc : datetime or None

    Examples
    --------
    >>> hours_behind("2020:06:08 11:16:13", datetime(2020, 6, 8, 14, 16, 14))
    -3.0
    """
    if not local or utc is None:
        return None
    try:
        hours = (datetime.strptime(local.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S") - utc).total_seconds() / 3600
    except ValueError:
        return None
    return round(hours * 4) / 4 if abs(hours) <= 26 else None


def _on_earth(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _degrees(parts: object) -> tuple[float, float]:
    """Degrees out of degrees, minutes and seconds, and how many degrees one step of the last digit is."""
    total, step = 0.0, math.inf
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        raise InputError("degrees, minutes and seconds were expected")
    for part, size in zip(parts, (1, 1 / 60, 1 / 3600), strict=False):
        number = _number(part)
        if number is None or number < 0:
            raise InputError("a number was expected")
        total += number * size
        step = min(step, size / max(1, abs(int(getattr(part, "denominator", 1)))))
    return total, step
