from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics

RNG = np.random.default_rng(16)


def grey(levels):
    return np.asarray(levels).round().clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def through_jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


# fringes


def through_lens(pixels, red=0.0, blue=0.0, centre=None):
    """Stretch red and blue about a centre, as a lens would."""
    height, width = pixels.shape[:2]
    x, y = centre or ((width - 1) / 2, (height - 1) / 2)
    planes = [plane.astype(np.float32) for plane in cv2.split(pixels)]
    for channel, scale in ((0, red), (2, blue)):
        about = np.array([[1 + scale, 0, -scale * x], [0, 1 + scale, -scale * y]])
        planes[channel] = cv2.warpAffine(
            planes[channel], about, (width, height), flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT_101
        )
    return np.dstack(planes).round().clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def colourless(photographs):
    return [pixels[..., 1:2].repeat(3, axis=2) for pixels in photographs[:6]]


@pytest.fixture(scope="module")
def texture():
    """Rough at all sizes, without colour, 512 x 640."""
    layers = [cv2.GaussianBlur(RNG.normal(size=(512, 640)), (0, 0), s) * s for s in (1, 2, 6)]
    return grey(128 + 60 * sum(layers))


@pytest.mark.parametrize("scale", [0.0005, 0.002, -0.004])
def test_a_planted_scale_is_found_with_its_centre(texture, scale):
    found = forensics.chromatic_aberration(through_lens(texture, red=scale, blue=-scale / 2, centre=(250, 310)))
    assert found.red.scale == pytest.approx(scale, rel=0.03)
    assert found.blue.scale == pytest.approx(-scale / 2, rel=0.05)
    assert found.red.centre == pytest.approx((250, 310), abs=12)
    # From the middle of 512 x 640 to its corner.
    assert found.value == pytest.approx(abs(scale) * np.hypot(256, 320), rel=0.03)
    assert found.red.residual < 0.03


def test_shifts_are_those_of_the_lens(texture):
    found = forensics.chromatic_aberration(through_lens(texture, red=0.004))
    y, x = (np.indices((8, 10)) + 0.5) * 64 - 0.5
    expected = 0.004 * np.stack([x - 319.5, y - 255.5], axis=-1)
    assert found.red_shift == pytest.approx(expected, abs=0.05)
    assert found.blue_shift == pytest.approx(0, abs=1e-3)
    assert found.map.shape == (8, 10)


def test_shift_agrees_with_the_registration_of_scikit_image(texture):
    registration = pytest.importorskip("skimage.registration")
    # From outside, the centre of the stretch is so far off that all blocks move alike.
    moved = through_lens(texture, red=1e-5, centre=(-120_000, 70_000))
    found = np.median(forensics.chromatic_aberration(moved).red_shift, axis=(0, 1))
    shift, _, _ = registration.phase_cross_correlation(
        moved[..., 1].astype(float), moved[..., 0].astype(float), upsample_factor=100, normalization=None
    )
    assert found == pytest.approx(-shift[::-1], abs=0.05)


def test_photographs_without_colour_give_what_was_planted(colourless):
    found = [forensics.chromatic_aberration(through_lens(p, red=0.003)).red.scale for p in colourless]
    assert np.median(found) == pytest.approx(0.003, rel=0.05)
    assert all(forensics.chromatic_aberration(p).value < 0.001 for p in colourless)


def test_fringes_do_not_mind_brightness_and_mirror_with_the_picture(texture):
    seen = through_lens(texture // 2, red=0.003, centre=(200, 220))
    found = forensics.chromatic_aberration(seen)
    brighter = forensics.chromatic_aberration(seen + np.uint8(80))
    assert brighter.red.scale == pytest.approx(found.red.scale, rel=1e-3)
    mirrored = forensics.chromatic_aberration(np.ascontiguousarray(seen[:, ::-1]))
    assert mirrored.red.scale == pytest.approx(found.red.scale, rel=1e-2)
    assert mirrored.red.centre == pytest.approx((639 - found.red.centre[0], found.red.centre[1]), abs=2)
    swapped = forensics.chromatic_aberration(np.ascontiguousarray(seen[..., ::-1]))
    assert (swapped.blue, swapped.value) == (found.red, found.value)


def test_a_piece_from_elsewhere_does_not_fit(texture):
    seen = through_lens(texture, red=0.006)
    pasted = seen.copy()
    pasted[384:512, 512:640] = seen[:128, :128]
    found = forensics.chromatic_aberration(pasted)
    inside = np.zeros((8, 10), dtype=bool)
    inside[6:, 8:] = True
    assert found.map[inside].min() > 2 > 0.2 > found.map[~inside].max()
    assert found.red.scale == pytest.approx(0.006, rel=0.05)


def test_a_crop_moves_the_centre_and_a_smaller_size_the_value(texture):
    # On purpose: the same lens, and another answer.
    seen = through_lens(texture, red=0.004)
    whole = forensics.chromatic_aberration(seen)
    crop = forensics.chromatic_aberration(seen[:320, :320].copy())
    # In pixels of the crop it stays at (319.5, 255.5), far from the middle of the crop.
    assert np.hypot(*np.subtract(crop.red.centre, (159.5, 159.5))) > 120
    half = forensics.chromatic_aberration(cv2.resize(seen, (320, 256), interpolation=cv2.INTER_AREA))
    assert half.value == pytest.approx(whole.value / 2, rel=0.1)


def test_too_little_texture_is_no_fringe():
    plain = np.full((256, 320, 3), (200, 120, 37), dtype=np.uint8)
    plain[:64, :64] = RNG.integers(0, 256, (64, 64, 3))
    found = forensics.chromatic_aberration(plain)
    assert found.value == found.red.scale == found.red.residual == 0
    assert found.red.blocks < 8
    assert found.blue.centre == (159.5, 127.5)
    assert not found.map.any()


def test_stripes_alone_tell_nothing_along_themselves():
    x = np.indices((256, 256))[1]
    found = forensics.chromatic_aberration(grey(128 + 60 * np.sin(2 * np.pi * x / 9)))
    assert found.red.blocks == 0


def test_bad_input_to_aberration_is_named():
    with pytest.raises(ValueError, match="uint8 RGB of shape"):
        forensics.chromatic_aberration(np.zeros((300, 300, 3)))
    for shape in [(8, 8, 3), (255, 900, 3)]:
        with pytest.raises(ValueError, match="H, W >= 256"):
            forensics.chromatic_aberration(np.zeros(shape, dtype=np.uint8))


# the lattice


def developed(pixels, method=cv2.COLOR_BayerBG2RGB):
    """Keep one colour a pixel, green where x + y is odd, and make up the others, as a camera does."""
    mosaic = pixels[..., 1].copy()
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = pixels[0::2, 0::2, 0], pixels[1::2, 1::2, 2]
    return cv2.cvtColor(mosaic, method)


def test_lattice_by_hand():
    # In every second row, every fourth pixel is 4 levels brighter. It has r = 4: a quarter of the even places. Of the
    # odd ones a quarter lies between two of them, r = -2, and a half beside one, r = -1.
    y, x = np.indices((34, 34))
    found = forensics.colour_filter_array(grey(100 + 4 * ((x % 4 == 1) & (y % 2 == 1))), block=8)
    assert found.map == pytest.approx(10 * np.log10((4 + 0.1) / (1 + 0.5 + 0.1)), abs=1e-4)
    assert found.map.shape == (4, 4)
    assert found.lattice == 0


def test_what_a_camera_makes_up_is_found_and_where_it_was_measured(photographs):
    for pixels in photographs[:6]:
        made = forensics.colour_filter_array(developed(pixels))
        assert made.value > 5 > 0.5 > forensics.colour_filter_array(pixels).value
        assert made.lattice == 1
        # A better method leaves less, yet more than nothing.
        assert 0.5 < forensics.colour_filter_array(developed(pixels, cv2.COLOR_BayerBG2RGB_EA)).value < made.value


def test_lattice_changes_places_with_every_pixel_and_does_not_mind_brightness(photographs):
    made = developed(photographs[0] // 2)
    found = forensics.colour_filter_array(made)
    assert forensics.colour_filter_array(made + np.uint8(90)).map == pytest.approx(found.map, abs=1e-3)
    moved = forensics.colour_filter_array(made[:, 1:].copy())
    assert (found.lattice, moved.lattice) == (1, 0)
    assert moved.value == pytest.approx(found.value, rel=0.05)
    turned = forensics.colour_filter_array(np.ascontiguousarray(made.swapaxes(0, 1)))
    assert turned.map == pytest.approx(found.map.T, abs=1e-3)


def test_a_patch_from_a_resized_picture_has_no_lattice(photographs):
    made = developed(photographs[1])
    made[97:225, 97:225] = photographs[2][97:225, 97:225]
    found = forensics.colour_filter_array(made).map
    assert np.abs(np.median(found[3:7, 3:7])) < 1 < 5 < -np.median(found)


def test_saving_wears_it_down_and_a_change_of_size_ends_it(photographs):
    # On purpose: what every picture on the web and every frame of a video has been through.
    made = [developed(p) for p in photographs[:6]]
    value = [np.median([forensics.colour_filter_array(through_jpeg(p, q)).value for p in made]) for q in (95, 75)]
    assert value[1] < value[0] / 2
    smaller = [cv2.resize(p, (288, 288), interpolation=cv2.INTER_AREA) for p in made]
    assert max(forensics.colour_filter_array(p).value for p in smaller) < 0.5


def test_a_flat_picture_has_no_lattice_and_bad_input_is_named():
    found = forensics.colour_filter_array(np.full((64, 64, 3), 90, dtype=np.uint8))
    assert found.value == 0 and not found.map.any()
    with pytest.raises(ValueError, match="uint8 RGB of shape"):
        forensics.colour_filter_array(np.zeros((64, 64)))
    with pytest.raises(ValueError, match="H, W >= 34 for blocks of 32"):
        forensics.colour_filter_array(np.zeros((8, 8, 3), dtype=np.uint8))
    for block in (0, 7, 9, 2.5, np.nan):
        with pytest.raises(ValueError, match="block must be"):
            forensics.colour_filter_array(np.zeros((64, 64, 3), dtype=np.uint8), block)
