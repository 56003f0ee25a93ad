"""A learner's own file: what is read, and what is refused in one plain sentence."""

import struct
import zlib
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from course import media
from course.media import files

H, W = 48, 64


def picture(height=H, width=W):
    """Red at the left, blue at the right, brighter towards the bottom."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = 200
    pixels[:, width // 2 :, 2] = 200
    pixels[height // 2 :] += 50
    return pixels


def write_video(path, frames=20, rate=10, codec="libx264", size=(W, H), pix_fmt="yuv420p"):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        for index in range(frames):
            pixels = picture(size[1], size[0])
            pixels[:, : 1 + index % size[0], 1] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif"])
def test_stills_of_every_kind(tmp_path, suffix):
    path = tmp_path / f"mine.{suffix}"
    Image.fromarray(picture()).save(path)
    still = media.open_file(path)
    assert isinstance(still, media.Still) and still.item is None
    assert still.pixels.shape == (H, W, 3) and still.pixels.dtype == np.uint8
    assert np.abs(still.pixels.astype(int) - picture()).mean() < 12
    assert still.alt


def test_the_kind_is_told_from_the_content_not_the_name(tmp_path):
    path = tmp_path / "mine.mp4"
    Image.fromarray(picture()).save(path, "PNG")
    assert isinstance(media.open_file(str(path)), media.Still)


def test_a_photograph_is_turned_the_right_way_up(tmp_path):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side, as phones do
    Image.fromarray(picture()).save(path, exif=exif, quality=95)
    pixels = media.open_file(path).pixels
    assert pixels.shape == (W, H, 3)
    assert np.abs(pixels.astype(int) - np.rot90(picture(), -1)).mean() < 12


def test_what_is_transparent_becomes_white(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(path)
    assert (media.open_file(path).pixels == 255).all()


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_animations_are_clips(tmp_path, suffix):
    path = tmp_path / f"moving.{suffix}"
    frames = [Image.fromarray(np.roll(picture(), 8 * i, axis=1)) for i in range(5)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50, loop=0)
    clip = media.open_file(path)
    assert isinstance(clip, media.Clip)
    assert clip.frames.shape == (5, H, W, 3)
    assert clip.fps == pytest.approx(20)


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.mov", "libx264"), ("a.webm", "libvpx-vp9")])
def test_clips_of_every_kind(tmp_path, name, codec):
    clip = media.open_file(write_video(tmp_path / name, codec=codec))
    assert isinstance(clip, media.Clip)
    assert clip.frames.shape == (20, H, W, 3)
    assert clip.fps == pytest.approx(10)
    assert clip.frames[5][:, 40:, 2].mean() > clip.frames[5][:, 40:, 0].mean() + 100


def test_long_fast_and_large_clips_are_held_to_the_limits(tmp_path):
    long = media.open_file(write_video(tmp_path / "long.mp4", frames=125, rate=12))
    assert len(long.frames) == 120 and long.fps == 12
    fast = media.open_file(write_video(tmp_path / "fast.mp4", frames=60, rate=60))
    assert len(fast.frames) == 30 and fast.fps == 30
    large = media.open_file(write_video(tmp_path / "large.mp4", frames=2, size=(1440, 400)))
    assert large.frames.shape[1:] == (200, 720, 3)


def test_a_phone_clip_is_turned_the_right_way_up(tmp_path):
    path = write_video(tmp_path / "phone.mp4", frames=3)
    raw = bytearray(path.read_bytes())
    at = raw.index(b"tkhd")
    # The track header of version 0 keeps its 3 x 3 matrix 44 bytes after its name: a quarter turn.
    matrix = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, H * 65536, 0, 1 << 30)
    raw[at + 44 : at + 80] = matrix
    path.write_bytes(raw)
    frames = media.open_file(path).frames
    assert frames.shape == (3, W, H, 3)
    assert frames[2][W - 8 :, :, 2].mean() > 150, "what was at the right is now at the bottom"
    assert frames[2][:8, :, 2].mean() < 100


def refused(path, words):
    with pytest.raises(media.MediaError, match=words) as caught:
        media.open_file(path)
    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said and "Traceback" not in said and ": " in said


def test_what_cannot_be_read_is_refused_with_a_cure(tmp_path):
    refused(tmp_path / "missing.jpg", "no file")
    refused(tmp_path, "folder")
    for name, raw, words in [
        ("empty.jpg", b"", "empty"),
        ("page.jpg", b"<html><body>Not found</body></html>", "not a picture"),
        ("list.m3u8", b"#EXTM3U\nhttp://example.org/a.ts\n", "not a picture"),
        ("phone.heic", b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
        ("torn.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        ("torn.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "damaged"),
        ("torn.mp4", b"\0\0\0\x18ftypisom" + bytes(200), "damaged"),
        ("torn.webm", b"\x1a\x45\xdf\xa3" + bytes(200), "damaged"),
        ("torn.gif", b"GIF89a" + bytes(3), "damaged"),
    ]:
        path = tmp_path / name
        path.write_bytes(raw)
        refused(path, words)


def test_a_cut_off_photograph_is_refused(tmp_path):
    path = tmp_path / "cut.jpg"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 200, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    refused(path, "damaged")


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    refused(path, "only sound")


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    # A header that promises 30,000 x 30,000 pixels, with next to nothing behind it.
    path = tmp_path / "bomb.png"
    raw = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")):
        raw += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    path.write_bytes(raw)
    refused(path, "pixels: scale it down")
    monkeypatch.setattr(files, "MAX_PIXELS", 1000)
    path = tmp_path / "modest.png"
    Image.fromarray(picture()).save(path)
    refused(path, "megapixels: scale it down")
    refused(write_video(tmp_path / "modest.mp4", frames=2), "megapixels: scale it down")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "big.jpg"
    Image.fromarray(picture()).save(path)
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    refused(path, "MB large")
