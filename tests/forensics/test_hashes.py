from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from course import forensics, media


@pytest.fixture(scope="module")
def stills():
    items = [item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"]
    return [media.load(item).pixels for item in items[:40]]


def test_one_wave_by_hand():
    # Brightness 128 + 100 cos(pi 2 (x + 1/2) / 32): besides the mean, only the wave with two half periods across is
    # above the median, which is 0. The first row of bits is 1010 0000.
    x = np.arange(32) + 0.5
    wave = (128 + 100 * np.cos(np.pi * 2 * x / 32)).round()
    picture = np.tile(wave, (32, 1)).astype(np.uint8)[..., None].repeat(3, axis=2)
    bits = forensics.perceptual_hash(picture).bits
    assert bits[0, 0]
    assert bits[0, 2]
    assert not bits[1:].any()
    assert forensics.perceptual_hash(255 - picture).bits[0, 2] == np.False_


def test_the_sixteen_digits_are_the_bits_row_by_row(picture):
    result = forensics.perceptual_hash(picture)
    assert result.bits.shape == (8, 8)
    assert result.bits.dtype == bool
    assert len(result.hex) == 16
    digits = "".join("01"[int(bit)] for bit in result.bits.ravel())
    assert int(result.hex, 16) == int(digits, 2)


def test_distance_by_hand(picture):
    result = forensics.perceptual_hash(picture)
    bits = result.bits.copy()
    bits[0, 1] = not bits[0, 1]
    bits[5, 5] = not bits[5, 5]
    other = forensics.HashResult(bits=bits, confounders=())
    assert result.distance(other) == other.distance(result) == 2
    assert result.distance(result) == 0


def test_saving_shrinking_and_brightening_change_few_bits(stills):
    for pixels in stills:
        for changed in (
            forensics.save_as_jpeg(pixels, 50),
            cv2.resize(pixels, (200, 200), interpolation=cv2.INTER_AREA),
            cv2.resize(pixels, None, fx=2.3, fy=2.1, interpolation=cv2.INTER_CUBIC),
            (pixels * 0.8 + 20).astype(np.uint8),
        ):
            assert forensics.hash_distance(pixels, changed).value <= 6


def test_strangers_differ_in_about_half_of_the_bits(stills):
    hashes = [forensics.perceptual_hash(pixels) for pixels in stills]
    distances = [a.distance(b) for number, a in enumerate(hashes) for b in hashes[:number]]
    assert np.mean(distances) == pytest.approx(32, abs=3)
    assert min(distances) > 8


def test_a_mirrored_picture_is_a_stranger(stills):
    # On purpose: anyone sees that it is the same.
    distances = [forensics.hash_distance(pixels, np.ascontiguousarray(pixels[:, ::-1])).value for pixels in stills]
    assert np.median(distances) > 20


def test_a_small_change_that_matters_changes_next_to_nothing(stills):
    # On purpose: a face of 24 x 24 pixels would fit in there.
    changed = stills[0].copy()
    changed[180:204, 180:204] = 255 - changed[180:204, 180:204]
    assert forensics.hash_distance(stills[0], changed).value <= 8


def test_the_distance_is_a_measurement(picture):
    result = forensics.hash_distance(picture, picture[:, ::-1].copy())
    assert result.value == result.map.sum()
    assert result.map.shape == (8, 8)
    assert result.map.dtype == np.float32
    assert result.unit == "bits of 64"
    assert len(result.confounders) >= 3


@pytest.mark.parametrize("level", [0, 1, 77, 255])
@pytest.mark.parametrize("shape", [(8, 8), (1, 1), (33, 700), (720, 1280)])
def test_a_picture_of_one_colour_has_no_bits_but_the_first(level, shape):
    pixels = np.full((*shape, 3), level, dtype=np.uint8)
    assert forensics.perceptual_hash(pixels).hex == ("8" if level else "0") + 15 * "0"


@pytest.mark.parametrize("pixels", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 3)), np.zeros((0, 8, 3), np.uint8), []])
def test_wrong_pictures_are_refused(pixels):
    with pytest.raises(ValueError, match="pixels must be uint8 RGB"):
        forensics.perceptual_hash(pixels)


def test_agreement_with_imagehash(stills):
    imagehash = pytest.importorskip("imagehash")
    differing = []
    for pixels in stills:
        ours, theirs = forensics.perceptual_hash(pixels), imagehash.phash(Image.fromarray(pixels))
        differing.append(np.count_nonzero(ours.bits != theirs.hash))
        assert str(imagehash.hex_to_hash(ours.hex)) == ours.hex
    # They shrink by another filter, so that a wave that is nearly the median may fall on the other side.
    assert max(differing) <= 4
    assert np.median(differing) == 0
