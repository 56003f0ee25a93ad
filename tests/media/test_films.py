"""Clips of a learner's own: times, colours, shapes, and what is refused."""

import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from course import media
from course.media import films

H, W = 48, 64


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.mov", "libx264"), ("a.webm", "libvpx-vp9")])
def test_clips_of_every_kind(tmp_path, write_film, name, codec):
    clip = media.open_file(write_film(tmp_path / name, codec=codec))
    assert isinstance(clip, media.Clip)
    assert clip.frames.shape == (20, H, W, 3) and not clip.frames.flags.writeable
    assert clip.fps == pytest.approx(10)
    assert clip.frames[5][:, 40:, 2].mean() > clip.frames[5][:, 40:, 0].mean() + 100


def test_long_fast_and_large_clips_are_held_to_the_limits(tmp_path, write_film):
    long = media.open_file(write_film(tmp_path / "long.mp4", frames=125, rate=12))
    assert len(long.frames) == 120 and long.fps == 12
    fast = media.open_file(write_film(tmp_path / "fast.mp4", frames=60, rate=60))
    assert len(fast.frames) == 30 and fast.fps == 30
    large = media.open_file(write_film(tmp_path / "large.mp4", frames=2, size=(1440, 400)))
    assert large.frames.shape[1:] == (200, 720, 3)


def test_frames_are_taken_by_their_times(tmp_path, write_film):
    # Ten frames in one second, but the fourth stays for half of it: a phone that stumbled.
    times = [0, 0.1, 0.2, 0.3, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3]
    clip = media.open_file(write_film(tmp_path / "phone.mp4", frames=10, times=times))
    # how far the green has come tells which frame it is
    columns = [(frame[:20, :, 1] > 128).mean(axis=0) > 0.5 for frame in clip.frames]
    shown = [int(column.sum()) for column in columns]
    assert len(clip.frames) == round(clip.fps * 1.4)
    expected = [1 + max(i for i, time in enumerate(times) if time <= k / clip.fps + 0.04) for k in range(len(shown))]
    assert np.abs(np.subtract(shown, expected)).max() <= 1
    assert shown.count(4) >= 3, "the held frame is held"


def test_a_header_of_ten_hours_costs_nothing(tmp_path, write_film):
    path = write_film(tmp_path / "long.mp4", frames=2, times=[0, 36_000])
    clip = media.open_file(path)
    assert clip.frames.shape == (10, H, W, 3) and clip.fps == 1


@pytest.mark.parametrize("size", [(321, 241), (1, 1), (3, 200), (17, 2)])
def test_odd_sizes(tmp_path, write_film, size):
    clip = media.open_file(write_film(tmp_path / "odd.webm", frames=2, codec="libvpx-vp9", size=size))
    assert clip.frames.shape[1:] == (size[1], size[0], 3)


def test_pixels_that_are_not_square_become_square(tmp_path, write_film):
    clip = media.open_file(write_film(tmp_path / "wide.mp4", frames=2, sample_aspect_ratio=Fraction(2)))
    assert clip.frames.shape[1:] == (H, 2 * W, 3)


def test_a_phone_clip_is_turned_the_right_way_up(tmp_path, write_film):
    path = write_film(tmp_path / "phone.mp4", frames=3)
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


# Kr and Kb of Recommendations ITU-R BT.601, BT.709 and BT.2020, by FFmpeg's number of the colour space.
LUMA = {5: (0.299, 0.114), 1: (0.2126, 0.0722), 9: (0.2627, 0.0593)}
COLOURS = [(200, 30, 60), (20, 180, 40), (250, 250, 250), (8, 8, 8)]


def stored(rgb, space, full):
    """Y, Cb and Cr of a colour, from the definition."""
    red, green, blue = np.array(rgb) / 255
    kr, kb = LUMA[space]
    y = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - y) / (2 - 2 * kb), (red - y) / (2 - 2 * kr)
    return (y * 255, cb * 255 + 128, cr * 255 + 128) if full else (y * 219 + 16, cb * 224 + 128, cr * 224 + 128)


def write_colour(path, rgb, space, full, size=(W, H), tagged=True):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(10), options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv444p"
        if tagged:
            stream.codec_context.colorspace, stream.codec_context.color_range = space, 2 if full else 1
        planes = np.ones((3, size[1], size[0])) * np.reshape(stored(rgb, space, full), (3, 1, 1))
        frame = av.VideoFrame.from_ndarray(np.rint(planes).astype(np.uint8), format="yuv444p")
        if tagged:
            frame.colorspace, frame.color_range = space, 2 if full else 1
        for packet in [*stream.encode(frame), *stream.encode()]:
            container.mux(packet)
    return path


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("space", LUMA)
def test_colours_are_right_in_every_way_of_storing(tmp_path, space, full):
    for rgb in COLOURS:
        frames = media.open_file(write_colour(tmp_path / "colour.mp4", rgb, space, full)).frames
        assert np.abs(frames[0].reshape(-1, 3).mean(axis=0) - rgb).max() < 4, (rgb, frames[0, 0, 0])


def test_what_is_not_said_is_taken_as_players_take_it(tmp_path):
    for size, space in (((320, 240), 5), ((1280, 720), 1)):
        path = write_colour(tmp_path / "untold.mp4", COLOURS[0], space, False, size, tagged=False)
        pixel = media.open_file(path).frames[0].reshape(-1, 3).mean(axis=0)
        assert np.abs(pixel - COLOURS[0]).max() < 4


def test_high_dynamic_range_gives_a_picture_with_white_paper(tmp_path):
    path = tmp_path / "hdr.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=Fraction(10), options={"x265-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = W, H, "yuv420p10le"
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace, context.color_range = 16, 9, 9, 1
        frame = av.VideoFrame(W, H, "yuv420p10le")
        for plane, level in zip(frame.planes, (64 + 0.5807 * 876, 512, 512), strict=True):
            plane.update(np.full(plane.buffer_size // 2, round(level), "<u2").tobytes())
        frame.colorspace, frame.color_range = 9, 1
        for _ in range(3):
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    pixels = media.open_file(path).frames[0]
    assert 225 <= pixels.min() <= pixels.max() <= 245 and np.ptp(pixels.mean(axis=(0, 1))) < 3


def refused(path, words):
    with pytest.raises(media.MediaError, match=words) as caught:
        media.open_file(path)
    said = str(caught.value)
    assert said.endswith(".") and "\n" not in said and ": " in said


def test_a_title_in_old_letters_is_no_reason_to_refuse_the_pictures(tmp_path):
    path = tmp_path / "titled.mp4"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Cafeteria"
        stream = container.add_stream("libx264", rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = W, H, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(W, H, "yuv420p")))
        container.mux(stream.encode())
    raw = path.read_bytes()
    assert raw.count(b"Cafeteria") == 1
    path.write_bytes(raw.replace(b"Cafeteria", b"Caf\xe9teria"))
    assert len(media.open_file(path).frames) == 1


def test_what_came_before_damage_is_kept(tmp_path, write_film):
    whole = write_film(tmp_path / "whole.webm", frames=60, codec="libvpx-vp9")
    cut = tmp_path / "cut.webm"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    frames = media.open_file(cut).frames
    assert 5 < len(frames) < 60
    assert np.array_equal(frames[:5], media.open_file(whole).frames[:5])


def test_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    refused(path, "only sound")


def test_frames_larger_than_4k_are_refused_whatever_the_header_says(tmp_path, write_film):
    path = write_film(tmp_path / "large.webm", frames=1, codec="libvpx-vp9", size=(4200, 2200))
    refused(path, "make a copy of at most")
    raw = path.read_bytes()
    # PixelWidth and PixelHeight of the track: a header that lies about the frames behind it
    for name, true, lie in ((b"\xb0", 4200, 64), (b"\xba", 2200, 48)):
        field = name + b"\x82" + struct.pack(">H", true)
        assert raw.count(field) == 1
        raw = raw.replace(field, name + b"\x82" + struct.pack(">H", lie))
    path.write_bytes(raw)
    refused(path, "make a copy of at most|damaged")


@pytest.mark.parametrize(("second", "words"), [((32, 24), None), ((24, 96), "changes its shape")])
def test_a_size_that_changes_midway(tmp_path, second, words):
    path = tmp_path / "call.webm"
    with av.open(str(path), "w") as container:
        out = container.add_stream("libvpx-vp9", rate=Fraction(10))
        out.width, out.height, out.pix_fmt = W, H, "yuv420p"
        for part, (width, height) in enumerate([(W, H), second]):
            encoder = av.CodecContext.create("libvpx-vp9", "w")
            encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
            encoder.time_base = Fraction(1, 10)
            packets = []
            for index in range(5):
                frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 90 * (part + 1), np.uint8))
                frame.pts, frame.time_base = 5 * part + index, Fraction(1, 10)
                packets += encoder.encode(frame)
            for packet in [*packets, *encoder.encode()]:
                packet.stream = out
                container.mux(packet)
    if words:
        refused(path, words)
    else:
        frames = media.open_file(path).frames
        assert frames.shape == (10, H, W, 3)
        assert abs(int(frames[9].mean()) - 180) < 5


def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def bait(path, target):
    """Rewrite an MP4 so that its frames are to be fetched from another file, by an alias of QuickTime's."""
    raw = path.read_bytes()
    name = str(target).encode()
    alias = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16) + struct.pack(">HH", 0, 0) + bytes(16)
    alias += struct.pack(">HH", 2, len(name)) + name + b"\0" * (len(name) % 2) + struct.pack(">HH", 0xFFFF, 0)
    dref = box(b"dref", struct.pack(">II", 0, 1) + box(b"alis", bytes(4) + alias))
    start = raw.index(b"dref") - 4
    old = raw[start : start + struct.unpack(">I", raw[start : start + 4])[0]]
    more = len(dref) - len(old)
    new = bytearray(raw.replace(old, dref))
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        at = new.index(kind) - 4
        new[at : at + 4] = struct.pack(">I", struct.unpack(">I", new[at : at + 4])[0] + more)
    return bytes(new)


def test_a_clip_that_names_another_file_does_not_make_the_reader_open_it(tmp_path, write_film):
    whole = write_film(tmp_path / "secret.mp4")
    lure = tmp_path / "lure.mov"
    # The lure holds no frames of its own, only where they would be in the other file.
    raw = bait(whole, whole)
    at = raw.index(b"mdat") - 4
    size = struct.unpack(">I", raw[at : at + 4])[0]
    lure.write_bytes(raw[: at + 8] + bytes(size - 8) + raw[at + size :])
    follow = {"enable_drefs": "1", "use_absolute_path": "1"}
    with av.open(str(lure), options=follow) as container:
        assert next(container.decode(video=0)).width == W, "the lure works on a reader that follows it"
    refused(lure, "damaged|holds no pictures")
    with pytest.raises(media.MediaError, match="second file"), lure.open("rb") as file:
        av.open(file, format="mov", options=follow, io_open=films._refuse)
