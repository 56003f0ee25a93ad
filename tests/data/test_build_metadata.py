"""What the builder of lesson 5's files takes out of a photo before it ships, tried on photos made here."""

import importlib.util
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import media

SCRIPT = Path(__file__).parents[2] / "data" / "metadata" / "build.py"


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build_metadata", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("place", "coarse"),
    [
        ("-15.8355-048.0153/", "-15.8-048.0/"),
        ("+60.1699+024.9384/", "+60.2+024.9/"),
        ("+00.0400-000.0600/", "+00.0-000.1/"),
    ],
)
def test_the_place_of_a_film_is_coarsened(build, place, coarse):
    assert build._coarse(place) == coarse


def test_the_place_of_a_photo_is_coarsened_and_what_nobody_can_read_is_left_out(build):
    exif = Image.Exif()
    exif[0x0110] = "Phone"
    exif[0x8769] = {0x9003: "2026:01:02 03:04:05", build.MAKER_OWN: b"noise" * 20}
    exif[0x8825] = {1: "S", 2: (15.0, 57.0, 30.5), 3: "W", 4: (48.0, 1.0, 24.1), 5: b"\0", 6: 1104.9}
    raw = io.BytesIO()
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(raw, "JPEG", exif=exif.tobytes())
    made = build.phone(raw.getvalue())
    found = Image.open(io.BytesIO(made)).getexif()
    gps = found.get_ifd(0x8825)
    assert (gps[2], gps[4], gps[6], gps[0x1F]) == ((16.0, 0.0, 0.0), (48.0, 0.0, 0.0), 1100.0, 8000.0)
    assert build.MAKER_OWN not in found.get_ifd(0x8769) and found[0x0110] == "Phone" and b"noise" not in made


def test_nothing_but_digits_of_three_fields_is_changed_in_the_camera_photo(build):
    note = bytearray((2).to_bytes(2, "little"))
    for tag, length, place in ((0x28, 8, 300), (0x07, 8, 320)):
        note += tag.to_bytes(2, "little") + b"\2\0" + length.to_bytes(4, "little") + place.to_bytes(4, "little")
    exif = Image.Exif()
    exif.endian = "<"
    exif[0x8769] = {0x927C: bytes(note)}
    raw = io.BytesIO()
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(raw, "JPEG", exif=exif.tobytes())
    data = bytearray(raw.getvalue())
    tiff = data.index(b"II*\0")
    data[tiff + 300 : tiff + 308], data[tiff + 320 : tiff + 328] = b"12 34 56", b"Version1"
    made = build.camera(bytes(data))
    assert made[tiff + 300 : tiff + 308] == b"00 00 00"
    assert made[: tiff + 300] == data[: tiff + 300] and made[tiff + 308 :] == data[tiff + 308 :]


def test_the_list_is_the_one_the_plan_asks_for():
    import tomllib

    plan = tomllib.loads((SCRIPT.parent / "files.toml").read_text(encoding="utf-8"))
    listed = json.loads((SCRIPT.parent / "files.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in listed] == [*(one["name"] for one in plan["file"]), "map"]
    for entry, one in zip(plan["file"], listed, strict=False):
        assert all(one[key] == entry[key] for key in ("title", "alt", "author", "licence", "changed", "member"))


def test_the_canon_photo_that_ships_has_zeros_where_numbers_were():
    data = media.whole_files()["camera"].path.read_bytes()
    assert b"Firmware Version 1.00" in data  # the block is still there
    for number in (b"2963738399", b"196 104 28 95"):
        assert number not in data
