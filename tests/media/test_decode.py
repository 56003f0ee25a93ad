"""Decoding: right shapes, quick, and damaged files said plainly."""

import dataclasses
import time

import numpy as np
import pytest

from course import media

CATALOGUE = media.catalogue()


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_every_item_decodes_to_what_the_catalogue_says(item):
    shown = media.load(item)
    if item.kind == "clip":
        assert isinstance(shown, media.Clip)
        assert shown.frames.shape == (item.frames, item.height, item.width, 3)
        assert shown.fps == item.fps
        pixels = shown.frames
        # Something moves, and no two halves of the clip are the same picture.
        assert np.abs(pixels[0].astype(int) - pixels[-1]).mean() > 0.5
    else:
        assert isinstance(shown, media.Still)
        assert shown.pixels.shape == (item.height, item.width, 3)
        pixels = shown.pixels
    assert pixels.dtype == np.uint8
    assert pixels.std() > 5, "an empty picture"
    assert shown.alt == item.alt and shown.item is item
    with pytest.raises(ValueError):
        pixels[0] = 0


def test_an_id_is_as_good_as_an_item():
    assert np.array_equal(media.load("giraffe").frames, media.load(CATALOGUE["giraffe"]).frames)
    with pytest.raises(KeyError):
        media.load("no-such-item")


def test_colours_are_red_green_blue():
    # The ball is red, the evening sky blue: swapped channels would show here.
    ball = media.load("ball-throw").frames[40].astype(int)
    assert (ball[30:90, 60:200, 0] - ball[30:90, 60:200, 2]).max() > 50
    sky = media.load("dusk-sky").frames[0][20:100].reshape(-1, 3).mean(axis=0)
    assert sky[2] > sky[0] + 40


def test_a_parity_clip_decodes_quickly():
    item = CATALOGUE.where(kind="clip", purpose="parity")[0]
    media.load(item)
    best = 1.0
    for _ in range(7):
        start = time.perf_counter()
        media.load(item)
        best = min(best, time.perf_counter() - start)
    assert best < 0.06


def damaged(item, tmp_path, raw):
    path = tmp_path / item.path.name
    if raw is not None:
        path.write_bytes(raw)
    return dataclasses.replace(item, path=path)


@pytest.mark.parametrize("name", ["giraffe", CATALOGUE.where(kind="still")[0].id])
def test_a_damaged_or_missing_file_names_the_item_and_the_cure(name, tmp_path):
    item = CATALOGUE[name]
    whole = item.path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for raw in (None, b"", whole[: len(whole) // 2], bytes(flipped), whole + b"x"):
        with pytest.raises(media.MediaError) as caught:
            media.load(damaged(item, tmp_path, raw))
        assert f"“{name}”" in str(caught.value)
        assert "git restore data/media" in str(caught.value)
        (tmp_path / item.path.name).unlink(missing_ok=True)


def test_a_file_that_is_listed_but_no_picture_is_an_error_too(tmp_path):
    import hashlib

    for name in ("giraffe", CATALOGUE.where(kind="still")[0].id):
        item = CATALOGUE[name]
        raw = b"not a picture" * 100
        listed = dataclasses.replace(
            damaged(item, tmp_path, raw), bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest()
        )
        with pytest.raises(media.MediaError, match="cannot be decoded"):
            media.load(listed)


def test_loading_leaves_no_file_open(tmp_path):
    item = damaged(CATALOGUE["giraffe"], tmp_path, CATALOGUE["giraffe"].path.read_bytes())
    media.load(item)
    item.path.rename(tmp_path / "moved.mp4")  # Windows refuses to move an open file
    (tmp_path / "moved.mp4").unlink()


def test_frames_of_the_thrown_ball_keep_their_true_rate():
    clip = media.load("ball-throw")
    assert clip.fps == pytest.approx(1 / 0.0053376, rel=1e-3)
    assert clip.seconds == pytest.approx(150 * 0.0053376, rel=1e-3)


def test_the_giraffe_has_no_repeated_frames():
    frames = media.load("giraffe").frames[:45, 60:].astype(int)
    steps = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3))
    assert steps.min() > 0.5 * np.median(steps)
