"""Outlines of the countries, so that a place can be shown without the internet."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from course.provenance.errors import ProvenanceError

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Country:
    """A country of the map.

    Attributes
    ----------
    name : str
        In English.
    rings : tuple of Ring
        Closed lines of longitude and latitude in degrees: islands, mainland, and lakes or enclaves cut out of them.
    """

    name: str
    rings: tuple[Ring, ...]

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies inside: a line from it to the east crosses the outlines an odd number of times."""
        odd = False
        for ring in self.rings:
            for (x0, y0), (x1, y1) in pairwise(ring):
                if (y0 > latitude) == (y1 > latitude):
                    continue
                crossing = x0 + (latitude - y0) * (x1 - x0) / (y1 - y0)
                # a ring across the date line goes on beyond 180 degrees, so the place is sought there as well
                odd ^= (longitude < crossing) ^ (longitude + 360 < crossing) ^ (longitude - 360 < crossing)
        return odd


@lru_cache(maxsize=2)
def outlines(path: Path) -> tuple[Country, ...]:
    """Read the countries of a map.

    Parameters
    ----------
    path : Path
        A file in the form of TopoJSON's arcs: lines as whole numbers, each step from the one before.

    Raises
    ------
    ProvenanceError
        If the file is missing or damaged.

    Examples
    --------
    >>> from course.media.catalogue import data_folder
    >>> [one.name for one in outlines(data_folder() / "metadata" / "countries.json") if one.holds(-15.8, -48.0)]
    ['Brazil']
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        (wide, high), (left, low) = content["transform"]["scale"], content["transform"]["translate"]
        arcs = []
        for steps in content["arcs"]:
            x = y = 0
            line = []
            for dx, dy in steps:
                x, y = x + dx, y + dy
                line.append((left + x * wide, low + y * high))
            arcs.append(line)
        return tuple(
            Country(one["name"], tuple(_ring(ring, arcs) for shape in one["arcs"] for ring in shape))
            for one in content["countries"]
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ProvenanceError("The map is missing or damaged: download the course again.") from error


def _ring(numbers: list[int], arcs: list[list[tuple[float, float]]]) -> Ring:
    points: list[tuple[float, float]] = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += line if not points else line[1:]  # the last point of one is the first of the next
    whole, turns = [], 0
    for (x, y), (before, _) in zip(points, [points[0], *points], strict=False):
        turns += round((before - x) / 360)  # across the date line: go on, and do not jump back
        whole.append((x + 360 * turns, y))
    (start, y), (end, _) = whole[0], whole[-1]
    if abs(end - start) > 180:  # once round the Earth: close it along the pole
        pole = math.copysign(90.0, y)
        whole += [(end, pole), (start, pole), whole[0]]
    return tuple(whole)
