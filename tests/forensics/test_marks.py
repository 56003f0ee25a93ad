from __future__ import annotations

import io
from functools import partial

import av
import numpy as np
import pytest
import scipy.fft
import scipy.stats

from course import forensics, media
from course.forensics import attacks

KEY = "the heron at the weir"
BITS = np.random.default_rng(32).integers(0, 2, 32)
TEN_ATTACKS = {
    "JPEG 75": attacks.jpeg,
    "JPEG 50": partial(attacks.jpeg, quality=50),
    "JPEG 30": partial(attacks.jpeg, quality=30),
    "half size": attacks.resize,
    "crop": attacks.crop,
    "shift": attacks.shift,
    "noise": attacks.noise,
    "blur": attacks.blur,
    "brightness": attacks.brightness,
    "screenshot": attacks.screenshot,
}
RESIZED = ("half size", "screenshot")


@pytest.fixture(scope="module")
def photograph(picture):
    """256 x 384 pixels with coarse and fine detail."""
    return np.tile(picture, (2, 2, 1))[:256, :384].copy()


@pytest.fixture(scope="module")
def marked(photograph):
    return forensics.embed_mark(photograph, BITS, KEY)


def signal_to_noise(before, after):
    return 10 * np.log10(255**2 / np.mean((after.astype(float) - before) ** 2))


def waves_by_the_book(grey):
    """The two slowest waves of each 4 x 4 of the Haar LL, from the definition and scipy's transform."""
    haar = (grey[::2, ::2] + grey[::2, 1::2] + grey[1::2, ::2] + grey[1::2, 1::2]) / 2
    rows, columns = (n // 4 for n in haar.shape)
    blocks = haar[: rows * 4, : columns * 4].reshape(rows, 4, columns, 4).transpose(0, 2, 1, 3)
    transformed = scipy.fft.dctn(blocks, axes=(2, 3), norm="ortho")
    return transformed[..., 0, 1], transformed[..., 1, 0]


# What is written


def test_one_bit_on_a_grey_wall_by_hand():
    # A wall has c = 0 and no texture, so c' = .75 t. For one bit the tile is 12 x 12 blocks, and their dithers lie
    # 1/144 of the step of 50 apart.
    wall = np.full((96, 96, 3), 128, np.uint8)
    zero, one = (forensics.embed_mark(wall, [bit], KEY, depth=1)[..., 0].astype(float) for bit in (0, 1))
    ladder = 0.75 * 50 / 144 * (np.arange(144) - 143 / 2)
    for of_zero, of_one in zip(waves_by_the_book(zero), waves_by_the_book(one), strict=True):
        # Rounding to whole grey levels moves a wave a little.
        assert np.sort(of_zero.ravel()) == pytest.approx(ladder, abs=2.5)
        apart = np.abs(of_zero - of_one)
        assert np.median(apart) == pytest.approx(0.75 * 25, abs=0.6)
        assert apart == pytest.approx(np.full((12, 12), 0.75 * 25), abs=3)


def test_the_map_agrees_with_the_transform_of_scipy(photograph, marked):
    result = forensics.read_mark(marked, 32, KEY, search="none")
    opposite = forensics.embed_mark(photograph, 1 - BITS, KEY)
    before, after, other = (
        np.stack(waves_by_the_book(pixels.astype(float) @ (0.299, 0.587, 0.114)))
        for pixels in (photograph, marked, opposite)
    )
    # The two marks lie 25 apart; how far they pulled the wave apart tells which share of the way each went.
    share = np.abs(after - other) / 25
    left = np.abs(after - before) * (1 / share - 1)
    expected = np.cos(2 * np.pi * left / 50).mean(axis=0)
    assert result.map.shape == expected.shape
    assert np.corrcoef(result.map.ravel(), expected.ravel())[0, 1] > 0.8
    assert result.map.mean() == pytest.approx(expected.mean(), abs=0.03)


@pytest.mark.parametrize("depth", [0.4, 0.75, 1.0])
def test_the_change_is_as_large_as_the_formula_says(photograph, depth):
    most = 50**2 * depth**2 / 384 + 1 / 12
    change = forensics.embed_mark(photograph, BITS, KEY, depth=depth).astype(float) - photograph
    assert 0.8 * most < np.mean(change**2) < 1.02 * most
    calm = np.full((256, 256, 3), 90, np.uint8)
    change = forensics.embed_mark(calm, BITS, KEY, depth=depth).astype(float) - calm
    assert np.mean(change**2) == pytest.approx(50**2 * (0.75 * depth) ** 2 / 384 + 1 / 12, rel=0.1)


def test_the_mark_lies_above_42_decibels(photograph, marked):
    assert signal_to_noise(photograph, marked) > 42


def test_colours_are_kept_to_the_last_digit_and_nothing_overflows():
    rng = np.random.default_rng(3)
    harsh = rng.choice(np.array([0, 1, 128, 254, 255], np.uint8), (32, 40, 3)).repeat(8, axis=0).repeat(8, axis=1)
    after = forensics.embed_mark(harsh, BITS, KEY)
    assert (np.diff(after.astype(int), axis=2) == np.diff(harsh.astype(int), axis=2)).all()
    assert np.abs(after.astype(int) - harsh).max() < 20


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_carry_a_mark_too(level):
    after = forensics.embed_mark(np.full((256, 256, 3), level, np.uint8), BITS, KEY)
    result = forensics.read_mark(after, 32, KEY)
    assert result.found
    assert result.bits.tolist() == BITS.tolist()


def test_a_pure_red_wall_has_no_room_for_a_mark():
    # On purpose: red at 255 and green at 0 leave no way up nor down for all three.
    red = np.full((256, 256, 3), (255, 0, 0), np.uint8)
    after = forensics.embed_mark(red, BITS, KEY)
    assert (after == red).all()
    assert not forensics.read_mark(after, 32, KEY, search="shift").found


def test_odd_sizes_keep_their_odd_rim(photograph):
    odd = photograph[:253, :379]
    after = forensics.embed_mark(odd, BITS, KEY)
    assert after.shape == odd.shape
    assert (after[248:] == odd[248:]).all()
    assert (after[:, 376:] == odd[:, 376:]).all()
    assert forensics.read_mark(after, 32, KEY, search="none").bits.tolist() == BITS.tolist()


def test_the_source_is_left_as_it_was_and_any_view_will_do(photograph):
    before = photograph.copy()
    view = photograph[::-1, ::-1, ::-1]
    after = forensics.embed_mark(view, BITS, KEY)
    assert (photograph == before).all()
    assert (after == forensics.embed_mark(view.copy(), BITS, KEY)).all()
    mirrored = after[:, ::-1].copy()[:, ::-1]
    assert forensics.read_mark(mirrored, 32, KEY).value == forensics.read_mark(after, 32, KEY).value


@pytest.mark.parametrize("length", [1, 2, 7, 8, 33, 64])
def test_marks_of_any_length_are_read(photograph, length):
    message = np.random.default_rng(length).integers(0, 2, length)
    large = np.tile(photograph, (2, 1, 1))
    result = forensics.read_mark(forensics.embed_mark(large, message, KEY), length, KEY)
    assert result.bits.tolist() == message.tolist()
    assert result.found
    assert result.confidences.shape == (length,)


# What is read


def test_an_untouched_mark_is_read_whole(marked):
    result = forensics.read_mark(marked, 32, KEY)
    assert result.bits.tolist() == BITS.tolist()
    assert result.bits.dtype == np.uint8
    assert result.strength == result.value > 25
    assert result.found
    assert (result.offset, result.size, result.places) == ((0, 0), 1.0, 192**2)
    assert result.confidences.min() > 0.999
    assert result.map.shape == (32, 48)
    assert result.map.dtype == np.float32
    assert 0.4 < result.map.mean() < np.abs(result.map).max() <= 1
    assert 3 <= len(result.confounders) <= 5


@pytest.mark.parametrize(("top", "left"), [(0, 1), (1, 0), (5, 3), (8, 8), (31, 100)])
def test_a_crop_moves_the_offset_and_nothing_else(marked, top, left):
    result = forensics.read_mark(marked[top:, left:], 32, KEY)
    assert result.bits.tolist() == BITS.tolist()
    assert result.offset == (-top % 192, -left % 192)
    assert result.size == 1


@pytest.mark.parametrize("search", ["none", "shift", "size"])
def test_the_search_changes_only_what_chance_could_do(marked, search):
    direct = forensics.read_mark(marked, 32, KEY, search="none")
    result = forensics.read_mark(marked, 32, KEY, search=search)
    assert (result.map == direct.map).all()
    luck = scipy.stats.norm.ppf(0.999 ** (1 / result.places)) - scipy.stats.norm.ppf(0.999)
    assert direct.value - result.value == pytest.approx(luck)


@pytest.mark.parametrize("factor", [0.5, 0.63, 0.9, 1.21, 1.9])
def test_a_change_of_size_is_found_and_told(marked, factor):
    result = forensics.read_mark(attacks.resize(marked, factor), 32, KEY)
    assert result.bits.tolist() == BITS.tolist()
    assert result.size == pytest.approx(factor, rel=0.005)
    assert result.value > 15


def test_without_a_search_a_shift_of_three_pixels_hides_the_mark(marked):
    # On purpose: this is what happens to readers that know one place only.
    moved = attacks.shift(marked, right=3)
    assert not forensics.read_mark(moved, 32, KEY, search="none").found
    assert forensics.read_mark(moved, 32, KEY, search="shift").found


def test_a_turn_or_a_mirror_hides_the_mark(marked):
    # On purpose: the reader searches places and sizes, and no turns.
    import cv2

    turn = cv2.getRotationMatrix2D((192, 128), 2, 1)
    turned = cv2.warpAffine(marked, turn, (384, 256), borderMode=cv2.BORDER_REFLECT)
    assert not forensics.read_mark(turned, 32, KEY).found
    assert not forensics.read_mark(marked[:, ::-1], 32, KEY, search="shift").found


def test_a_mark_can_be_pasted_on_any_picture(photograph, marked):
    # On purpose: a mark that is there says nothing about how the picture came to be.
    other = 255 - photograph[::-1]
    pasted = np.clip(other.astype(int) + marked.astype(int) - photograph, 0, 255).astype(np.uint8)
    copied = np.concatenate([other, marked])
    assert forensics.read_mark(copied, 32, KEY).found
    assert forensics.read_mark(forensics.embed_mark(other, BITS, KEY), 32, KEY).found
    # The mark depends on the picture under it, so that the bare difference does not carry it.
    assert not forensics.read_mark(pasted, 32, KEY, search="shift").found


def test_the_map_shows_where_the_mark_is(photograph, marked):
    half = photograph.copy()
    half[:, :192] = marked[:, :192]
    agreement = forensics.read_mark(half, 32, KEY).map
    assert agreement[:, :24].mean() > 0.5
    assert agreement[:, 24:].mean() == pytest.approx(0, abs=0.15)


# That there is no mark is an answer


def test_no_mark_and_a_wrong_key_stay_below(photograph, marked):
    for result in (
        forensics.read_mark(photograph, 32, KEY),
        forensics.read_mark(marked, 32, "the heron at the wier", search="shift"),
        forensics.read_mark(forensics.embed_mark(photograph, BITS, "another"), 32, KEY, search="shift"),
    ):
        assert result.value < 1.3
        assert not result.found
        assert result.confidences.max() < 0.8


def test_strength_by_chance_is_normal_and_passes_0_once_in_a_thousand(photograph):
    values = [forensics.read_mark(photograph, 32, f"key {n}", search="none").value for n in range(200)]
    assert np.mean(values) == pytest.approx(scipy.stats.norm.ppf(0.001), abs=0.25)
    assert np.std(values) == pytest.approx(1, abs=0.2)
    assert max(values) < 1


@pytest.mark.parametrize("search", ["none", "shift"])
def test_no_mark_is_read_in_any_still_of_the_pack(search):
    stills = [item for item in media.catalogue().values() if item.kind == "still"]
    assert len(stills) > 100
    values = [
        forensics.read_mark(media.load(item).pixels, 32, key, search=search).value
        for item in stills[:: 1 if search == "none" else 4]
        for key in (KEY, "another")
    ]
    # By chance alone one in a thousand would pass 0.
    assert max(values) < 0.5


def test_strength_is_the_score_of_a_chi_square(marked):
    # The cube root of Wilson and Hilferty against the distribution itself, undone from the answer.
    result = forensics.read_mark(attacks.noise(marked, 28, seed=1), 32, KEY, search="none")
    variance = 2 / (9 * 32)
    z = result.value + scipy.stats.norm.isf(0.001)
    total = 32 * (z * variance**0.5 + 1 - variance) ** 3
    assert 1 < z < 8
    assert z == pytest.approx(scipy.stats.norm.isf(scipy.stats.chi2.sf(total, 32)), abs=0.05)


def test_a_key_is_one_text_however_its_accents_are_written(photograph):
    after = forensics.embed_mark(photograph, BITS, "caf\u00e9")
    assert forensics.read_mark(after, 32, "cafe\u0301", search="none").found


@pytest.mark.parametrize("level", [0, 77, 255])
@pytest.mark.parametrize("search", ["none", "shift"])
def test_a_plain_picture_and_the_smallest_one_have_no_mark(level, search):
    for shape in ((256, 256, 3), (16, 16, 3), (16, 300, 3)):
        result = forensics.read_mark(np.full(shape, level, np.uint8), 32, KEY, search=search)
        assert np.isfinite(result.value)
        assert not result.found
        assert result.map.shape[0] >= 1


def test_a_size_search_in_vain_in_the_smallest_picture_has_an_answer():
    result = forensics.read_mark(np.full((16, 40, 3), 90, np.uint8), 8, KEY)
    assert not result.found
    assert result.size == 1


@pytest.mark.parametrize("side", [16, 40, 100])
def test_chance_does_no_better_in_small_pictures(side):
    rng = np.random.default_rng(side)
    for _ in range(5):
        noise = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
        assert not forensics.read_mark(noise, 32, KEY, search="shift").found


# Ten attacks


def survey(pixels):
    """Bits read wrongly after each attack, the strength after JPEG 75, and the strength without a mark."""
    after = forensics.embed_mark(pixels, BITS, KEY)
    assert signal_to_noise(pixels, after) >= 42
    wrong, strength = {}, {}
    for name, attack in TEN_ATTACKS.items():
        result = forensics.read_mark(attack(after), 32, KEY, search="size" if name in RESIZED else "shift")
        wrong[name], strength[name] = int((result.bits != BITS).sum()), result.value
    return wrong, strength, forensics.read_mark(pixels, 32, KEY).value


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "rocket", "hubble_deep_field", "china", "flower"])
def test_all_bits_survive_ten_attacks_on_seven_photographs(name):
    data = pytest.importorskip("skimage.data")
    datasets = pytest.importorskip("sklearn.datasets")
    pixels = datasets.load_sample_image(f"{name}.jpg") if name in ("china", "flower") else getattr(data, name)()
    wrong, strength, unmarked = survey(np.asarray(pixels))
    assert wrong == dict.fromkeys(TEN_ATTACKS, 0)
    assert strength["JPEG 75"] > 15
    assert min(strength.values()) > forensics.marks.FOUND
    assert unmarked < 1.3


def test_all_bits_survive_ten_attacks_on_photographs_of_the_pack():
    stills = sorted(i.id for i in media.catalogue().values() if (i.kind, i.origin) == ("still", "camera"))
    for name in stills[:: len(stills) // 2][:2]:
        wrong, strength, unmarked = survey(media.load(media.catalogue()[name]).pixels)
        assert wrong == dict.fromkeys(TEN_ATTACKS, 0), name
        assert strength["JPEG 75"] > 15, name
        assert unmarked < 1.3, name


def filmed(frames, quality):
    """A clip after H.264 with libx264, in memory."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": str(quality)})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    file.seek(0)
    with av.open(file) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


@pytest.fixture(scope="module")
def clip():
    names = sorted(i.id for i in media.catalogue().values() if (i.kind, i.origin) == ("clip", "camera"))
    frames = media.load(media.catalogue()[names[0]]).frames[:8]
    assert min(frames.shape[1:3]) >= 192
    return frames


def test_a_marked_clip_survives_h264(clip):
    after = filmed(np.stack([forensics.embed_mark(frame, BITS, KEY) for frame in clip]), 23)
    results = [forensics.read_mark(frame, 32, KEY, search="shift") for frame in after]
    assert np.mean([result.bits != BITS for result in results]) <= 0.01
    assert all(result.found for result in results)
    assert not forensics.read_mark(filmed(clip, 23)[0], 32, KEY, search="shift").found


def test_a_mark_fades_in_a_clip_that_is_saved_small(clip):
    # On purpose: at CRF 45 the codec throws away what carries the mark.
    after = filmed(np.stack([forensics.embed_mark(frame, BITS, KEY) for frame in clip]), 45)
    assert not any(forensics.read_mark(frame, 32, KEY, search="shift").found for frame in after)


# Bad input


@pytest.mark.parametrize("bad", [np.zeros((300, 300, 3)), np.zeros((300, 300), np.uint8), np.full((9, 9, 3), np.nan)])
def test_a_bad_picture_is_named(bad):
    with pytest.raises(ValueError, match=r"pixels must be uint8 RGB of shape \(H, W, 3\); got"):
        forensics.embed_mark(bad, BITS, KEY)
    with pytest.raises(ValueError, match=r"pixels must be uint8 RGB of shape \(H, W, 3\); got"):
        forensics.read_mark(bad, 32, KEY)


@pytest.mark.parametrize(("length", "needed"), [(1, 96), (9, 96), (10, 112), (32, 192), (64, 256)])
def test_a_picture_too_small_is_told_how_large_it_must_be(length, needed):
    message = [0] * length
    forensics.embed_mark(np.zeros((needed, needed, 3), np.uint8), message, KEY)
    with pytest.raises(ValueError, match=rf"at least {needed} x {needed} to hold {length} bits; got shape"):
        forensics.embed_mark(np.zeros((needed - 1, 900, 3), np.uint8), message, KEY)


def test_a_picture_too_small_to_be_read_is_named():
    with pytest.raises(ValueError, match=r"H, W >= 16; got shape \(8, 8, 3\)"):
        forensics.read_mark(np.zeros((8, 8, 3), np.uint8), 32, KEY)


@pytest.mark.parametrize("bits", [[0, 2], [0.5], [np.nan], "0101", [-1], 1, 0.5, [None]])
def test_bits_that_are_none_are_named(photograph, bits):
    with pytest.raises(ValueError, match=r"bits must be 0 or 1 each.*; got"):
        forensics.embed_mark(photograph, bits, KEY)


@pytest.mark.parametrize("count", [0, 65])
def test_too_few_or_too_many_bits_are_named(photograph, count):
    with pytest.raises(ValueError, match=rf"bits must be 1 to 64 of them; got {count}"):
        forensics.embed_mark(photograph, [0] * count, KEY)
    with pytest.raises(ValueError, match=rf"length must be a whole number from 1 to 64; got {count}"):
        forensics.read_mark(photograph, count, KEY)


@pytest.mark.parametrize("key", ["", 7, None, b"bytes"])
def test_a_bad_key_is_named(photograph, key):
    with pytest.raises(ValueError, match="key must be text"):
        forensics.embed_mark(photograph, BITS, key)
    with pytest.raises(ValueError, match="key must be text"):
        forensics.read_mark(photograph, 32, key)


@pytest.mark.parametrize("depth", [0, -1, 1.5, np.nan, np.inf, "deep"])
def test_a_bad_depth_is_named(photograph, depth):
    with pytest.raises(ValueError, match="depth must be a number above 0 and at most 1"):
        forensics.embed_mark(photograph, BITS, KEY, depth=depth)


def test_a_bad_search_is_named(photograph):
    with pytest.raises(ValueError, match='search must be "none", "shift" or "size"'):
        forensics.read_mark(photograph, 32, KEY, search="everywhere")
