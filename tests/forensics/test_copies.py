from __future__ import annotations

import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from course import forensics, media

SIDE = 72

# Seven photographs of the pack with something to see in every corner; two patches are copied in each.
DETAILED = (
    "black-dog-leaves",
    "brick-lane",
    "croissant-board",
    "curls-arms-raised",
    "larch-slope",
    "mountain-path",
    "rocky-brook",
)

# Photographs that ship inside scikit-image and scikit-learn.
SHIPPED = {
    "skimage": ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png"),
    "sklearn": ("china.jpg", "flower.jpg"),
}
FOLDERS = {"skimage": "data", "sklearn": "datasets/images"}

# How the picture is treated after the copy was made; and by how many degrees the copy is turned.
TREATMENTS = {"png": 0, "q90": 0, "noise 2": 0, "turned 10": 10}


def copied(pixels, name, side=SIDE, degrees=0.0, scale=1.0):
    """Show a disc of the picture again elsewhere; also tell where the two are.

    The name alone decides where: from among the quarter of places with the most detail, to any place 1.5 sides away.
    """
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    height, width = pixels.shape[:2]
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1)
    detail = cv2.blur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (side // 2, side // 2))
    room = int(np.ceil(side * scale / 2)) + 2
    while True:
        x, to_x = rng.integers(room, width - room, 2)
        y, to_y = rng.integers(room, height - room, 2)
        if np.hypot(x - to_x, y - to_y) >= 1.5 * side * scale and detail[y, x] >= np.percentile(detail, 75):
            break
    turn = cv2.getRotationMatrix2D((float(x), float(y)), degrees, scale)
    turn[:, 2] += to_x - x, to_y - y
    source = cv2.circle(np.zeros((height, width), np.uint8), (int(x), int(y)), side // 2, 1, -1)
    # Cubic interpolation leaves the pixels of a plain shift as they are.
    moved = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    target = cv2.warpAffine(source, turn, (width, height), flags=cv2.INTER_NEAREST) > 0
    return np.where(target[..., None], moved, pixels), target | (source > 0), turn


def treated(pixels, treatment):
    if treatment == "q90":
        return forensics.save_as_jpeg(pixels, 90)
    if treatment == "noise 2":
        noise = np.random.default_rng(2).normal(0, 2, pixels.shape)
        return (pixels + noise).round().clip(0, 255).astype(np.uint8)
    return pixels


def f1(mask, truth):
    return 2 * np.count_nonzero(mask & truth) / (np.count_nonzero(mask) + np.count_nonzero(truth))


def scores(pictures, treatment):
    """F1 of two patches in each picture."""
    answers = {}
    for name, pixels in pictures.items():
        for number in (1, 2):
            changed, truth, _ = copied(pixels, f"{name} {number}", degrees=TREATMENTS[treatment])
            answers[name, number] = f1(forensics.find_copies(treated(changed, treatment)).mask, truth)
    return answers


@pytest.fixture(scope="module")
def pack():
    catalogue = media.catalogue()
    return {name: media.load(catalogue[name]).pixels for name in DETAILED}


@pytest.fixture(scope="module")
def shipped():
    pictures = {}
    for package, names in SHIPPED.items():
        folder = Path(pytest.importorskip(package).__file__).parent / FOLDERS[package]
        for name in names:
            pictures[name] = np.array(Image.open(folder / name).convert("RGB"))
    return pictures


@pytest.fixture(scope="module")
def copy():
    """A picture of the pack, a place of which shows again 170 pixels right and 30 up."""
    pixels = media.load(media.catalogue()["rocky-brook"]).pixels.copy()
    pixels[190:270, 230:310] = pixels[220:300, 60:140]
    return pixels


def test_a_plain_copy_by_hand(copy):
    result = forensics.find_copies(copy)
    truth = np.zeros((384, 384), dtype=bool)
    truth[190:270, 230:310] = truth[220:300, 60:140] = True
    assert result.count == 1
    assert result.value == pytest.approx(2 * 80 * 80 / 384**2, rel=0.15)
    assert f1(result.mask, truth) > 0.93
    # Which of the two came first cannot be told.
    shift = result.transforms[0] @ (100, 250, 1) - (100, 250)
    assert np.abs(shift) == pytest.approx((170, 30), abs=0.11)
    assert shift[0] * shift[1] < 0


def test_the_answer_fits_together(copy):
    result = forensics.find_copies(copy)
    assert result.mask.shape == result.map.shape == copy.shape[:2]
    assert result.mask.dtype == bool
    assert result.map.dtype == np.float32
    assert result.value == result.mask.mean()
    assert (result.map > 0).tolist() == result.mask.tolist()
    assert result.map.max() <= 1
    assert result.matches.shape == (len(result.pair), 4)
    assert set(result.pair) == set(range(result.count))
    here, there = result.matches[:, :2], result.matches[:, 2:]
    transforms = result.transforms[result.pair]
    landed = np.einsum("nij,nj->ni", transforms[:, :, :2], here) + transforms[:, :, 2]
    assert np.abs(landed - there).max() < 3
    for x, y in np.concatenate([here, there]).round().astype(int):
        assert result.mask[y - 4 : y + 5, x - 4 : x + 5].any()


@pytest.mark.parametrize(("degrees", "scale"), [(10, 1.0), (-25, 1.0), (90, 1.0), (0, 0.8), (15, 1.15)])
def test_the_turn_and_the_change_of_size_are_read(pack, degrees, scale):
    changed, truth, turn = copied(pack["croissant-board"], "turned", 96, degrees, scale)
    result = forensics.find_copies(changed)
    assert result.count == 1
    # Either place may come first.
    both = result.transforms[0], cv2.invertAffineTransform(result.transforms[0])
    found = min(both, key=lambda transform: np.abs(transform - turn).max())
    assert found[:, :2] == pytest.approx(turn[:, :2], abs=0.02)
    assert f1(result.mask, truth) > 0.8


def test_a_mirror_and_a_negative_of_the_whole_picture_change_little(copy):
    mask = forensics.find_copies(copy).mask
    mirrored = forensics.find_copies(np.ascontiguousarray(copy[:, ::-1])).mask[:, ::-1]
    negative = forensics.find_copies(255 - copy).mask
    assert f1(mirrored, mask) > 0.95
    assert f1(negative, mask) > 0.95


def test_a_larger_picture_is_answered_at_its_own_size(copy):
    large = cv2.resize(copy, (1152, 1000), interpolation=cv2.INTER_CUBIC)
    result = forensics.find_copies(large)
    assert result.mask.shape == (1000, 1152)
    assert result.count == 1
    shift = result.transforms[0] @ (300, 650, 1) - (300, 650)
    assert np.abs(shift) == pytest.approx((170 * 3, 30 * 1000 / 384), abs=1.5)
    truth = np.zeros((384, 384), dtype=np.uint8)
    truth[190:270, 230:310] = truth[220:300, 60:140] = 1
    assert f1(result.mask, cv2.resize(truth, (1152, 1000), interpolation=cv2.INTER_NEAREST) > 0) > 0.9


def test_three_places_are_three_pairs(pack):
    pixels = pack["mountain-path"].copy()
    piece = pixels[280:350, 20:90].copy()
    pixels[60:130, 120:190] = pixels[200:270, 290:360] = piece
    assert forensics.find_copies(pixels).count == 3


@pytest.mark.parametrize("treatment", ["q90", "turned 10"])
def test_copies_in_the_pack_are_found(pack, treatment):
    answers = scores(pack, treatment)
    found = [score for score in answers.values() if score > 0.5]
    assert len(found) >= 13, answers
    assert np.mean(found) >= 0.8


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_copies_in_photographs_of_other_packages_are_found(shipped, treatment):
    answers = scores(shipped, treatment)
    found = [score for score in answers.values() if score > 0.5]
    assert len(answers) == 14
    assert len(found) >= 13, answers
    assert np.mean(list(answers.values())) >= 0.8


def test_no_alarm_on_photographs_of_other_packages(shipped):
    assert [name for name, pixels in shipped.items() if forensics.find_copies(pixels).count] == []


def test_no_alarm_on_the_photographs_of_the_pack():
    stills = {item.id: item for item in media.catalogue().values() if item.kind == "still" and item.origin == "camera"}
    assert len(stills) >= 50
    assert [name for name, item in stills.items() if forensics.find_copies(media.load(item).pixels).count] == []


def test_the_second_fir_of_the_controlled_pair_is_found():
    # A copy as people make them: smaller, turned, with a soft rim, and saved again.
    pair = media.controlled()["second-fir"]
    changed = media.load_controlled(pair)
    assert forensics.find_copies(changed.before).count == 0
    result = forensics.find_copies(changed.after)
    assert result.count == 1
    # The mask of the pair knows where the copy was set down; the tree it was taken from is as large again and a third.
    (transform,) = result.transforms
    size = float(np.hypot(*transform[:, 0]))
    assert size == pytest.approx(pair.parameters["scale"], abs=0.01)
    assert np.degrees(np.arctan2(transform[0, 1], transform[0, 0])) == pytest.approx(pair.parameters["turn"], abs=1)
    taken = cv2.warpAffine(
        changed.mask.astype(np.uint8),
        transform,
        changed.mask.shape[::-1],
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    assert np.count_nonzero(result.mask & changed.mask) > 0.9 * np.count_nonzero(changed.mask)
    assert f1(result.mask, changed.mask | (taken > 0)) > 0.85


@pytest.mark.parametrize("name, pairs", [("grass.png", 2), ("gravel.png", 1)])
def test_textures_that_were_patched_to_repeat_without_a_seam_are_told(name, pairs):
    # Nobody copied for this test: a texture that is to repeat without a seam is often patched with pieces of itself.
    folder = Path(pytest.importorskip("skimage").__file__).parent / "data"
    pixels = np.array(Image.open(folder / name).convert("RGB"))
    result = forensics.find_copies(pixels)
    assert result.count == pairs
    for transform in result.transforms:
        moved = cv2.warpAffine(pixels, transform, pixels.shape[1::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        alike = cv2.blur(cv2.absdiff(pixels, moved)[..., 0], (5, 5)) < 8
        assert np.count_nonzero(alike & result.mask) > 3000


def test_no_alarm_on_bricks_and_windows():
    # A wall of bricks that are laid alike but burnt unlike, under light from one side.
    rng = np.random.default_rng(1)
    wall = np.full((384, 384), 190.0)
    for row in range(16):
        for column in range(-1, 8):
            x = column * 50 + row % 2 * 25
            left, right = max(x + 2, 0), max(x + 48, 0)
            wall[row * 24 + 2 : row * 24 + 22, left:right] = rng.normal(120, 12)
    wall += cv2.GaussianBlur(rng.normal(0, 1, wall.shape), (0, 0), 1.5) * 20 + np.linspace(-25, 25, 384)
    pixels = np.repeat(wall.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    assert forensics.find_copies(pixels).count == 0


def test_a_copied_sky_is_not_found(pack):
    # On purpose: no keypoints, no copy. An answer of 0 is no proof.
    pixels = pack["mountain-path"].copy()
    smooth = cv2.GaussianBlur(pixels, (0, 0), 12)
    smooth[200:280, 200:280] = smooth[40:120, 40:120]
    smooth = cv2.GaussianBlur(smooth, (0, 0), 6)
    assert forensics.find_copies(smooth).value == 0


def test_letters_set_twice_are_found_though_nobody_copied_them():
    # On purpose: things that were made alike are alike.
    page = np.full((300, 400, 3), 235, dtype=np.uint8)
    for y in (90, 230):
        cv2.putText(page, "look twice", (20, y), cv2.FONT_HERSHEY_TRIPLEX, 2, (30, 30, 60), 3)
    assert forensics.find_copies(page).count >= 1


@pytest.mark.parametrize("shape", [(8, 8, 3), (1, 1, 3), (31, 500, 3), (64, 64, 3), (33, 33, 3), (1, 4000, 3)])
@pytest.mark.parametrize("content", ["constant", "noise"])
def test_small_and_empty_pictures_hold_no_copies(shape, content):
    pixels = np.full(shape, 90, dtype=np.uint8)
    if content == "noise":
        pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    result = forensics.find_copies(pixels)
    assert result.value == 0
    assert result.count == 0
    assert not result.mask.any()
    assert result.mask.shape == shape[:2]
    assert result.matches.shape == (0, 4)
    assert result.transforms.shape == (0, 2, 3)


@pytest.mark.parametrize("pixels", [np.zeros((64, 64), np.uint8), np.zeros((64, 64, 3)), None])
def test_wrong_pictures_are_refused(pixels):
    with pytest.raises(ValueError, match=r"pixels must be uint8 RGB"):
        forensics.find_copies(pixels)


@pytest.mark.parametrize("likeness", [np.nan, 0.2, 1, "0.9", None])
def test_wrong_likeness_is_refused(likeness):
    with pytest.raises(ValueError, match=r"likeness must be a number from 0\.5 to below 1; got"):
        forensics.find_copies(np.zeros((64, 64, 3), np.uint8), likeness)
