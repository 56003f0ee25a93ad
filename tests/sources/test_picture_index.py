from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from course import media
from course.sources import PictureIndex

STILLS = media.catalogue().where(kind="still")
ENTERED, STRANGERS = STILLS[:12], STILLS[-50:]


@pytest.fixture(scope="module")
def pictures() -> dict[str, NDArray[np.uint8]]:
    return {item.id: media.load(item).pixels for item in ENTERED}


@pytest.fixture(scope="module")
def index(pictures: dict[str, NDArray[np.uint8]]) -> PictureIndex:
    return PictureIndex(pictures.items())


def saved_again(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def half(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.resize(pixels, (pixels.shape[1] // 2, pixels.shape[0] // 2), interpolation=cv2.INTER_AREA)


def copies(pixels: NDArray[np.uint8], rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    height, width = pixels.shape[:2]
    yield saved_again(pixels, 30)
    yield half(pixels)
    for shares in ((0.6, 0.6), tuple(rng.uniform(0.6, 1, 2))):
        high, wide = round(height * shares[0]), round(width * shares[1])
        y, x = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
        cut = np.ascontiguousarray(pixels[y : y + high, x : x + wide])
        yield cut
        yield saved_again(cut, 30)
        yield half(cut)


def test_copies_are_found_and_strangers_not(index: PictureIndex, pictures: dict[str, NDArray[np.uint8]]) -> None:
    rng = np.random.default_rng(7)
    found = wrong = asked = 0
    for name, pixels in pictures.items():
        for copy in copies(pixels, rng):
            names = {one.name for one in index.find(copy)}
            asked, found, wrong = asked + 1, found + (name in names), wrong + bool(names - {name})
    assert found >= 0.95 * asked
    assert wrong == 0
    assert not {item.id for item in STRANGERS} & set(pictures)
    assert [item.id for item in STRANGERS if index.find(media.load(item).pixels)] == []


def test_the_part_is_told(index: PictureIndex, pictures: dict[str, NDArray[np.uint8]]) -> None:
    name, pixels = next(iter(pictures.items()))
    height, width = pixels.shape[:2]
    cut = pixels[round(0.3 * height) : round(0.95 * height), round(0.1 * width) : round(0.8 * width)]
    (sighting,) = index.find(np.ascontiguousarray(cut))
    assert sighting.name == name
    assert sighting.part == pytest.approx((0.1, 0.3, 0.7, 0.65), abs=0.03)
    (whole,) = index.find(pixels)
    assert whole.distance == 0 and whole.likeness > 0.99


def test_a_larger_picture_is_found_by_what_is_in_it(pictures: dict[str, NDArray[np.uint8]]) -> None:
    pixels = next(iter(pictures.values()))
    height, width = pixels.shape[:2]
    cut = np.ascontiguousarray(pixels[: round(0.7 * height), round(0.3 * width) :])
    (sighting,) = PictureIndex([("cut", cut)]).find(pixels)
    assert sighting.part == (0.0, 0.0, 1.0, 1.0)


def test_flat_pictures_and_an_empty_index(index: PictureIndex) -> None:
    flat = np.full((80, 90, 3), 128, np.uint8)
    assert index.find(flat) == ()
    assert len(PictureIndex([("flat", flat)])) == 0
    assert PictureIndex([]).find(media.load(ENTERED[0]).pixels) == ()
    assert index.find(np.zeros((1, 1, 3), np.uint8)) == ()


@pytest.mark.parametrize(
    "pixels",
    [
        None,
        "x",
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 3), float),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
    ],
)
def test_what_is_no_picture(index: PictureIndex, pixels: object) -> None:
    with pytest.raises(ValueError):
        index.find(pixels)


def test_any_noise_and_any_shape(index: PictureIndex) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        height, width = rng.integers(1, 200, 2)
        assert index.find(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)) == ()
