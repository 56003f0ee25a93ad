"""Pictures of a learner's own: colours, depth, orientation, animations, and what is refused."""

import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, features

from course import media
from course.media import limits, orientation, pictures

H, W = 48, 64

PHONE = Path(__file__).parent / "phone.heic"
"""Made by hand as phones do it: `picture` lying on its side, to be turned by a quarter, with the profile of a
screen whose red and green are swapped."""


def swapped_profile():
    """The profile of a screen whose red and green are swapped: no reader can be right by chance."""
    raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    raw = raw.replace(b"sRGB", b"test").replace("sRGB".encode("utf-16be"), "test".encode("utf-16be"))
    return raw.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")


def near(pixels, expected, most=12):
    return pixels.shape == expected.shape and np.abs(pixels.astype(int) - expected).mean() < most


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "avif", "tif"])
def test_stills_of_every_kind(tmp_path, picture, suffix):
    path = tmp_path / f"mine.{suffix}"
    Image.fromarray(picture()).save(path)
    still = media.open_file(path)
    assert isinstance(still, media.Still) and still.item is None
    assert still.pixels.shape == (H, W, 3) and still.pixels.dtype == np.uint8 and not still.pixels.flags.writeable
    assert near(still.pixels, picture())
    assert still.alt


def test_a_heic_of_a_phone_is_turned_and_has_its_own_colours(picture):
    expected = np.rot90(picture(), -1)[..., [1, 0, 2]]
    assert near(media.open_file(PHONE).pixels, expected)


def test_damaged_metadata_are_no_reason_to_refuse_the_pixels(tmp_path, picture):
    path = tmp_path / "notes.jpg"
    Image.fromarray(picture()).save(path, exif=b"Exif\0\0MM\0*" + b"\xff" * 40, icc_profile=b"no profile" * 20)
    assert near(media.open_file(path).pixels, picture())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif"])
def test_colours_of_another_screen_are_converted(tmp_path, picture, suffix):
    path = tmp_path / f"wide.{suffix}"
    Image.fromarray(picture()).save(path, icc_profile=swapped_profile(), quality=95)
    assert near(media.open_file(path).pixels, picture()[..., [1, 0, 2]])


def test_with_a_profile_of_srgb_the_numbers_are_those_of_the_file(tmp_path, picture):
    path = tmp_path / "plain.png"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(picture()).save(path, icc_profile=profile)
    assert np.array_equal(media.open_file(path).pixels, picture())


def test_grey_of_sixteen_bits_is_scaled_not_clipped(tmp_path):
    ramp = np.tile(np.linspace(0, 65_535, W).astype(np.uint16), (H, 1))
    cv2.imwrite(str(tmp_path / "grey.png"), ramp)
    cv2.imwrite(str(tmp_path / "colour.png"), np.dstack([ramp, ramp[:, ::-1], ramp]))
    grey = media.open_file(tmp_path / "grey.png").pixels
    assert np.array_equal(grey, np.repeat((ramp >> 8)[..., None], 3, axis=2))
    assert np.array_equal(media.open_file(tmp_path / "colour.png").pixels[..., 1], ramp[:, ::-1] >> 8)


def test_ink_colours_of_a_printer(tmp_path, picture):
    path = tmp_path / "print.jpg"
    Image.fromarray(picture()).convert("CMYK").save(path, quality=95)
    assert b"Adobe" in path.read_bytes(), "stored inverted, as Adobe's programs do"
    assert near(media.open_file(path).pixels, picture())


def test_what_is_transparent_becomes_white(tmp_path):
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (media.open_file(tmp_path / "clear.png").pixels == 255).all()
    Image.new("RGBA", (8, 8), (255, 0, 0, 128)).save(tmp_path / "half.png")
    assert np.abs(media.open_file(tmp_path / "half.png").pixels[0, 0].astype(int) - (255, 127, 127)).max() <= 1
    Image.new("LA", (8, 8), (0, 128)).save(tmp_path / "grey.png")
    assert np.abs(media.open_file(tmp_path / "grey.png").pixels.astype(int) - 127).max() <= 1
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, 200, 0, 0])
    palette.save(tmp_path / "palette.png", transparency=1)
    assert (media.open_file(tmp_path / "palette.png").pixels == 255).all()


def test_black_and_white_of_one_bit(tmp_path, picture):
    path = tmp_path / "fax.png"
    Image.fromarray(picture()[..., 0] > 100).save(path)
    assert np.array_equal(media.open_file(path).pixels[..., 2], (picture()[..., 0] > 100) * np.uint8(255))


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif"])
def test_animations_are_clips(tmp_path, picture, suffix):
    path = tmp_path / f"moving.{suffix}"
    frames = [Image.fromarray(np.roll(picture(), 8 * i, axis=1)) for i in range(5)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50, loop=0)
    clip = media.open_file(path)
    assert isinstance(clip, media.Clip) and not clip.frames.flags.writeable
    assert clip.fps == pytest.approx(20)
    assert near(clip.frames, np.stack([np.asarray(frame) for frame in frames]))


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_frame_that_is_held_is_held(tmp_path, suffix):
    path = tmp_path / f"uneven.{suffix}"
    frames = [Image.new("RGB", (W, H), (80 * i, 0, 0)) for i in range(4)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[100, 400, 100, 200], loop=0, lossless=True)
    clip = media.open_file(path)
    assert clip.fps == pytest.approx(10)
    assert np.abs(clip.frames[:, 0, 0, 0] - 80.0 * np.array([0, 1, 1, 1, 1, 2, 3, 3])).max() < 5


def test_the_picture_for_programs_without_animation_is_not_part_of_it(tmp_path):
    path = tmp_path / "both.png"
    frames = [Image.new("RGB", (W, H), (100 + 50 * i, 0, 0)) for i in range(3)]
    hidden = Image.new("RGB", (W, H), "blue")
    hidden.save(path, save_all=True, append_images=frames, default_image=True, duration=100)
    assert media.open_file(path).frames[:, 0, 0].tolist() == [[100, 0, 0], [150, 0, 0], [200, 0, 0]]


def test_a_photograph_with_a_second_view_is_a_still(tmp_path, picture):
    path = tmp_path / "depth.jpg"
    Image.fromarray(picture()).save(path, "MPO", save_all=True, append_images=[Image.new("RGB", (W, H))])
    still = media.open_file(path)
    assert isinstance(still, media.Still) and near(still.pixels, picture())


def test_an_animation_of_thousands_of_frames_is_cut(tmp_path):
    path = tmp_path / "long.webp"
    frames = [Image.new("RGB", (16, 16), (i % 256, i // 256 * 20, 0)) for i in range(3000)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=40, lossless=True, method=0, quality=0)
    start = time.monotonic()
    clip = media.open_file(path)
    assert time.monotonic() - start < 2
    assert clip.fps == 25 and clip.seconds == 10


def refused(path, words):
    with pytest.raises(media.MediaError, match=words) as caught:
        media.open_file(path)
    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said and ": " in said


def png(width, height, depth=8, colour=2):
    """A header that promises so many pixels, with next to nothing behind it."""
    raw = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")):
        raw += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return raw


@pytest.mark.parametrize("size", [(10_000, 10_000), (30_000, 30_000), (2_000_000_000, 2_000_000_000)])
def test_a_header_that_promises_too_many_pixels_is_refused_before_decoding(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(png(*size))
    assert path.stat().st_size < 1000
    refused(path, "make a copy|damaged")


def test_each_kind_is_held_to_its_limit(tmp_path, picture, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_STILL_PIXELS", dict.fromkeys(limits.MAX_STILL_PIXELS, 1000))
    for suffix in ("jpg", "png", "webp", "gif", "avif", "tif"):
        Image.fromarray(picture()).save(tmp_path / f"modest.{suffix}")
        refused(tmp_path / f"modest.{suffix}", "make a copy of at most")
    refused(PHONE, "make a copy of at most")


def test_an_animation_on_a_huge_canvas_is_refused(tmp_path):
    path = tmp_path / "huge.gif"
    frames = [Image.new("P", (3000, 2000), i) for i in range(2)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    refused(path, "make a copy of at most")


def layered(path, picture, scans):
    """A progressive JPEG whose last pass over the pixels is told again and again."""
    Image.fromarray(picture()).save(path, progressive=True)
    raw = path.read_bytes()
    last = raw.rindex(b"\xff\xda")
    more = scans - raw.count(b"\xff\xda")
    path.write_bytes(raw[:last] + raw[last:-2] * (more + 1) + raw[-2:])
    return path


def test_a_jpeg_of_a_thousand_layers_is_refused(tmp_path, picture):
    refused(layered(tmp_path / "layers.jpg", picture, 1000), "too many layers")
    raw = (tmp_path / "layers.jpg").read_bytes()
    # nor do stray bytes, numbers that mean nothing, or a length that leads astray hide them
    first = raw.index(b"\xff\xda")
    for hidden in (b"stray", b"\xff\x02\xff\xfa", b"\xff\x00\xff\xfa", b"\xff\xff\xff"):
        behind = raw.index(b"\xff", first + 14)
        (tmp_path / "hidden.jpg").write_bytes(raw[:behind] + hidden + raw[behind:])
        refused(tmp_path / "hidden.jpg", "too many layers|damaged")


def test_layers_are_counted_exactly_and_within_the_picture_alone(tmp_path, picture):
    for scans in (10, 100, 101, 500):
        raw = layered(tmp_path / "layers.jpg", picture, scans).read_bytes()
        assert orientation.scans_of_jpeg(raw, 1000) == scans
        assert orientation.scans_of_jpeg(raw, 100) == min(scans, 101)
        assert orientation.scans_of_jpeg(raw + b"\xff\xda" * 500, 1000) == scans
        note = b"\xff\xfe\x03\xea" + b"\xff\xda" * 500  # a comment
        assert orientation.scans_of_jpeg(raw[:2] + note + raw[2:], 1000) == scans
    assert near(media.open_file(layered(tmp_path / "many.jpg", picture, 100)).pixels, picture())
    refused(layered(tmp_path / "more.jpg", picture, 101), "too many layers")


def test_what_hangs_on_behind_a_photograph_costs_next_to_nothing(tmp_path, picture, shown_files):
    path = tmp_path / "motion.jpg"
    for megabytes in (2, 4, 6, 8, 10, 60):
        Image.fromarray(picture()).save(path)
        with path.open("ab") as file:
            file.write(shown_files.film_of(megabytes))
        start = time.monotonic()
        assert near(media.open_file(path).pixels, picture())
        assert time.monotonic() - start < 2


def test_the_raw_data_of_a_camera_and_pixels_that_are_no_colours_are_refused(tmp_path, picture):
    Image.fromarray(picture()).save(tmp_path / "camera.dng", "TIFF", tiffinfo={0x00FE: 1})
    refused(tmp_path / "camera.dng", "raw data of a camera: make a copy")
    Image.new("F", (8, 8), 0.5).save(tmp_path / "heights.tif")
    refused(tmp_path / "heights.tif", "not the colours of a screen: make a copy")


def test_a_tile_of_a_tiff_larger_than_any_picture_is_refused_before_it_is_read(tmp_path, shown_files):
    path = tmp_path / "tiles.tif"
    small = ((0x0100, 64), (0x0101, 48), (0x0102, 8), (0x0103, 8), (0x0106, 1))
    for side in (60_000, 64):
        packed = zlib.compress(bytes(64 * 64))
        tiles = ((0x0142, side), (0x0143, side), (0x0144, 200), (0x0145, len(packed)))
        path.write_bytes(shown_files.tiff(*small, *tiles).ljust(200) + packed)
        before = time.monotonic()
        if side == 64:
            assert media.open_file(path).pixels.shape == (48, 64, 3)
        else:
            refused(path, "damaged")
        assert time.monotonic() - before < 2


def test_nothing_that_a_library_writes_comes_through(tmp_path, picture, capfd):
    path = tmp_path / "cut.tif"
    Image.fromarray(picture()).save(path, compression="tiff_lzw")
    raw = path.read_bytes()
    path.write_bytes(raw[:300] + bytes(200) + raw[500:])
    refused(path, "damaged")
    assert capfd.readouterr() == ("", "")


def test_a_cut_off_photograph_is_refused(tmp_path):
    path = tmp_path / "cut.jpg"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    refused(path, "damaged")


def test_a_reader_that_is_not_installed_is_named(tmp_path, picture, monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    refused(PHONE, "pi-heif is missing")
    Image.fromarray(picture()).save(tmp_path / "new.avif")
    check = features.check
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif" and check(feature))
    refused(tmp_path / "new.avif", "Pillow is too old")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the memory of a process")
def test_the_largest_photographs_fit_into_memory(tmp_path):
    # Flat pictures make small files; their decoders need as much room as for any other.
    flat = Image.new("RGB", (8160, 6112), (90, 60, 30))
    flat.save(tmp_path / "a.jpg", progressive=True, subsampling=0)
    flat.convert("RGBA").save(tmp_path / "b.png", compress_level=1)
    del flat
    script = """
import sys
from pathlib import Path
from course import media
import av, pi_heif, PIL.ImageCms, PIL.JpegImagePlugin, PIL.PngImagePlugin
peak = lambda: int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1e3
before = peak()
for path in sys.argv[1:]:
    print(*media.open_file(path).pixels.shape, round(peak() - before))
"""
    command = [sys.executable, "-c", script, str(tmp_path / "a.jpg"), str(tmp_path / "b.png")]
    root = Path(__file__).parents[2]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, cwd=root).stdout
    for line in told.splitlines():
        height, width, _, grown = map(int, line.split())
        assert (height, width) == (3056, 4080), "read at half its size"
        assert grown < 500
