"""What was measured once is of the pack as it is, and a second measurement says the same."""

import importlib.util
import json
from pathlib import Path

import pytest

from course import media
from course.media.catalogue import data_folder

ROOT = Path(__file__).resolve().parents[2]


def _script():
    spec = importlib.util.spec_from_file_location("look_twice_measure", ROOT / "data" / "forensics" / "measure.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


measure = _script()
WRITTEN = json.loads((data_folder() / "forensics" / "null.json").read_text(encoding="utf-8"))
REGIONS = json.loads((data_folder() / "forensics" / "regions.json").read_text(encoding="utf-8"))
SHIPPED = media.catalogue(data_folder())


def test_it_was_measured_on_this_pack():
    assert measure.check(WRITTEN) == [], "run: uv run python data/forensics/measure.py"
    changed = {name: entry | {"of": "another"} for name, entry in WRITTEN.items()}
    assert len(measure.check(changed)) == len(WRITTEN)
    assert "flicker" in measure.check({})


@pytest.mark.parametrize("name", [*measure.STILLS, *measure.CLIPS])
def test_a_second_measurement_says_the_same(name):
    entry = WRITTEN[name]
    function = (measure.STILLS | measure.CLIPS)[name]
    for side, origin in (("values", "camera"), ("generated", "generated")):
        items = SHIPPED.where(kind=entry["kind"], purpose="parity", origin=origin)
        assert list(entry[side]) == [item.id for item in items]
        value, unit = function(media.load(items[len(items) // 2]))
        assert unit == entry["unit"]
        assert value == pytest.approx(entry[side][items[len(items) // 2].id], rel=0.02, abs=1e-3)


def test_the_page_is_the_one_that_the_script_writes():
    assert measure.PAGE.read_text(encoding="utf-8") == measure.page(WRITTEN, REGIONS)


def test_regions_are_of_all_pairs_that_were_changed_in_part_and_come_out_again():
    assert list(REGIONS) == sorted(name for name, pair in media.controlled().items() if not pair.whole)
    again = measure.found(media.controlled()["canal-resaved"])
    assert again == pytest.approx(REGIONS["canal-resaved"], abs=0.02)
    # one map finds what it is made for, and another does not: neither is a rule for all
    assert REGIONS["canal-resaved"]["jpeg_ghosts"] > 0.8 > REGIONS["parked-car"]["jpeg_ghosts"]
    assert REGIONS["second-fir"]["find_copies"] > 0.9 > REGIONS["second-fir"]["error_level_analysis, quality 90"]
