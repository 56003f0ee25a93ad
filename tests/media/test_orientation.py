"""Each file is shown the way up in which a browser shows it, and no note in it keeps it from being shown.

What a browser does stands in ``shown_files.py`` beside this; ``tests/browser/test_as_a_browser_shows.py`` asks one.
HEIC and TIFF no browser here shows: there the second opinion is libheif's and Pillow's.
"""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from course import media
from course.media import orientation


def first_frame(path):
    shown = media.open_file(path)
    return shown.pixels if isinstance(shown, media.Still) else shown.frames[0]


def test_every_file_is_shown_as_a_browser_shows_it(tmp_path, shown_files):
    wrong = {}
    for file in shown_files.everything():
        (tmp_path / file.name).write_bytes(file.data)
        try:
            pixels = first_frame(tmp_path / file.name)
        except media.MediaError as error:
            wrong[file.name] = str(error)
            continue
        found = (pixels.shape[1::-1], shown_files.corners(pixels))
        if found != (file.shape, file.corners):
            wrong[file.name] = found
    assert wrong == {}


def test_every_step_of_an_animation_is_shown_as_a_browser_shows_it(tmp_path, shown_files):
    wrong = []
    for file in shown_files.animations():
        (tmp_path / file.name).write_bytes(file.data)
        frames = media.open_file(tmp_path / file.name).frames
        if not np.array_equal(frames, np.stack(file.frames)):
            wrong.append(file.name)
    assert wrong == []


def test_what_no_browser_shows_is_shown_as_another_reader_shows_it(shown_files):
    import pi_heif

    for file in [*shown_files.tiffs(), *shown_files.heics()]:
        if file.name.endswith(".tif"):
            other = ImageOps.exif_transpose(Image.open(io.BytesIO(file.data)))
        else:
            other = pi_heif.open_heif(io.BytesIO(file.data)).to_pillow()
        pixels = np.asarray(other.convert("RGB"))
        assert (pixels.shape[1::-1], shown_files.corners(pixels)) == (file.shape, file.corners), file.name


@pytest.mark.parametrize("turn", range(1, 9))
def test_all_ways_of_turning_agree(shown_files, turn):
    pixels = shown_files.picture()
    expected = shown_files.TURNED[turn](pixels)
    assert np.array_equal(orientation.turned(pixels, turn), expected)
    assert orientation.turn_of_matrix(shown_files.MATRICES[turn]) == turn
    assert orientation.turn_of_exif(shown_files.turn_of(turn, "<")) == turn


def test_a_block_that_is_cut_anywhere_is_read_or_passed_over(shown_files):
    whole = shown_files.tiff((0x0128, 2), (0x0112, 6))
    for length in range(len(whole)):
        assert orientation.turn_of_exif(whole[:length]) in (1, 6)
    jpeg, png = shown_files.jpeg(shown_files.exif_segment(whole)), shown_files.png(shown_files.chunk(b"eXIf", whole))
    for length in range(200):
        assert orientation.turn_of_jpeg(jpeg[:length]) in (1, 6)
        assert orientation.turn_of_png(png[:length]) in (1, 6)
        assert orientation.scans_of_jpeg(jpeg[:length], 9) == 0
