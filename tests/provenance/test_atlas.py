from itertools import pairwise

import pytest

from course.media.catalogue import data_folder
from course.provenance import ProvenanceError
from course.provenance.atlas import outlines

MAP = data_folder() / "metadata" / "countries.json"


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (-15.8, -48.0, "Brazil"),
        (48.86, 2.35, "France"),
        (35.7, 139.7, "Japan"),
        (66.0, 179.0, "Russia"),
        (66.5, -175.0, "Russia"),  # beyond the date line
        (-25.0, 134.0, "Australia"),
        (-85.0, 0.0, "Antarctica"),
        (0.0, -30.0, None),
    ],
)
def test_a_place_lies_in_its_country(latitude, longitude, name):
    assert [one.name for one in outlines(MAP) if one.holds(latitude, longitude)] == ([name] if name else [])


def test_no_outline_jumps_across_the_map():
    for country in outlines(MAP):
        for ring in country.rings:
            assert ring[0] == ring[-1]
            # but for the line along the pole that closes Antarctica
            steps = [abs(a[0] - b[0]) for a, b in pairwise(ring) if (a[1], b[1]) != (-90, -90)]
            assert max(steps) < 180


def test_the_map_is_small_and_a_damaged_one_is_a_sentence(tmp_path):
    assert MAP.stat().st_size < 100_000
    frame = '"transform": {"scale": [1, 1], "translate": [0, 0]}'
    for content in ("{", "[]", f'{{{frame}, "arcs": [[[0]]], "countries": []}}'):
        path = tmp_path / f"{len(content)}.json"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ProvenanceError, match="missing or damaged"):
            outlines(path)
