"""Notes go out and in; the pixels stay as they are, to the last bit."""

import io
import os
import stat
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from course import media
from course.provenance import (
    ProvenanceError,
    edit_metadata,
    edited,
    read_bytes,
    read_metadata,
    strip_metadata,
    stripped,
)

FILES = {name: file for name, file in media.whole_files().items() if file.kind != "map"}
PICTURES = [name for name, file in FILES.items() if file.path.suffix.lower() != ".mp4"]


def pixels(data: bytes) -> list[bytes]:
    image = Image.open(io.BytesIO(data))
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append(image.convert("RGBA").tobytes())
    return found


@pytest.mark.parametrize("name", PICTURES)
def test_stripped_files_of_the_lesson_hold_nothing_and_show_the_same(name):
    data = FILES[name].path.read_bytes()
    bare = stripped(data)
    found = read_bytes(bare)
    assert found.empty and found.location is None and not found.thumbnail
    assert pixels(bare) == pixels(data)
    for secret in (b"GIMP", b"Xiaomi", b"Canon", b"seed", b"Exif", b"2020:0"):
        assert secret not in bare


def test_a_stripped_film_has_the_same_frames_and_no_time_or_place():
    data = FILES["film"].path.read_bytes()
    bare = stripped(data)
    assert read_bytes(data).location is not None and read_bytes(bare).empty
    frames = []
    for content in (data, bare):
        with av.open(io.BytesIO(content)) as container:
            frames.append([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    assert len(frames[0]) == len(frames[1]) > 10 and np.array_equal(*frames)


def _film() -> bytes:
    """A film of eight frames with sound, with a place and a time."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as target:
        picture, sound = target.add_stream("libx264", rate=10), target.add_stream("aac", rate=48000)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        picture.codec_context.sample_aspect_ratio = Fraction(4, 3)
        sound.layout = "mono"
        target.metadata.update({"creation_time": "2026-01-02T03:04:05Z", "location": "-15.8355-048.0153/"})
        for n in range(8):
            target.mux(picture.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * n, np.uint8))))
        heard = av.AudioFrame.from_ndarray(np.zeros((1, 38400), np.int16), format="s16", layout="mono")
        heard.sample_rate = 48000
        for packet in [*sound.encode(heard), *picture.encode(), *sound.encode()]:
            target.mux(packet)
    return out.getvalue()


# nine numbers of a track, as phones write them: a, b, u, c, d, v, x, y, w (ISO 14496-12, 8.3.2)
_ONE, _LAST = 1 << 16, 1 << 30
TURNS = {
    "upright": (_ONE, 0, 0, 0, _ONE, 0, 0, 0, _LAST),
    "to the right": (0, _ONE, 0, -_ONE, 0, 0, 48 * _ONE, 0, _LAST),
    "upside down": (-_ONE, 0, 0, 0, -_ONE, 0, 64 * _ONE, 48 * _ONE, _LAST),
    "to the left": (0, -_ONE, 0, _ONE, 0, 0, 0, 64 * _ONE, _LAST),
    "mirrored": (-_ONE, 0, 0, 0, _ONE, 0, 64 * _ONE, 0, _LAST),
    "mirrored and turned": (0, _ONE, 0, _ONE, 0, 0, 0, 0, _LAST),
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("box", [b"tkhd", b"mvhd"])
def test_a_stripped_film_stands_as_it_stood_and_has_the_same_packets(turn, box):
    def matrices(data):
        """By the first place where the name stands: the packets of this film are far too few to hold it too."""
        at = [place for place in range(len(data)) if data.startswith(box, place)]
        return [place + {b"tkhd": 44, b"mvhd": 40}[box] for place in at]

    def told(data):
        with av.open(io.BytesIO(data)) as container:
            packets = [(one.stream.type, one.pts, one.dts, bytes(one)) for one in container.demux() if one.size]
            picture = container.streams.video[0].codec_context
            return packets, picture.sample_aspect_ratio, picture.width, container.streams.audio[0].rate

    data = bytearray(_film())
    place = matrices(data)[0]
    data[place : place + 36] = struct.pack(">9i", *TURNS[turn])
    assert b"-15.8355" in data
    bare = stripped(bytes(data))
    assert read_bytes(bare).empty and b"-15.8355" not in bare
    assert struct.unpack_from(">9i", bare, matrices(bare)[0]) == TURNS[turn]
    assert told(bare) == told(bytes(data))


def test_colour_profile_and_orientation_stay_and_all_else_goes(picture):
    from PIL import ImageCms

    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Secret camera"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        Image.fromarray(picture).save(out, kind, exif=exif.tobytes(), icc_profile=profile)
        bare = Image.open(io.BytesIO(stripped(out.getvalue())))
        assert bare.getexif().get(0x0112) == 6 and 0x0110 not in bare.getexif()
        assert bare.info["icc_profile"] == profile


def test_comments_small_copies_manifests_and_tails_go(segmented, chunked, coded):
    jpeg = segmented((b"\xff\xfe", b"a comment"), (b"\xff\xeb", b"JP\0\0jumb secret"), (b"\xff\xe2", b"MPF\0 secret"))
    png = chunked((b"tEXt", b"k\0secret"), (b"caBX", b"secret"), (b"zzZz", b"secret"))
    for data in (jpeg + b"secret", png + b"secret", coded("WEBP") + b"secret"):
        bare = stripped(data)
        assert b"secret" not in bare and b"comment" not in bare
        assert pixels(bare) == pixels(data)


@pytest.mark.parametrize("name", PICTURES)
def test_edited_files_tell_another_story_and_show_the_same(name):
    data = FILES[name].path.read_bytes()
    made = edited(data, taken="1999-12-31 23:59", camera="Dream Camera", place=(48.85, -2.35), software="Nothing 1")
    found = read_bytes(made)
    assert (found.camera, found.taken, found.software) == ("Dream Camera", "1999:12:31 23:59:00", "Nothing 1")
    assert found.location.latitude == pytest.approx(48.85, abs=1e-5)
    assert found.location.longitude == pytest.approx(-2.35, abs=1e-5)
    assert pixels(made) == pixels(data)
    assert read_bytes(edited(made, place=(-33.9, 18.4))).camera == "Dream Camera"  # what is not named stays


def test_a_note_of_one_field_leaves_the_others(coded, notes):
    found = read_bytes(edited(coded("JPEG", notes), camera="Other"))
    assert (found.camera, found.software, found.taken) == ("Other", "Program 2.0", "2026:01:02 03:04:00")
    assert found.location.accuracy == 8000


def test_the_first_part_of_a_jpeg_says_how_its_colours_are_coded_and_stays_without_its_small_copy(coded):
    data = coded("JPEG")
    assert data[2:4] == b"\xff\xe0" and data[6:11] == b"JFIF\0"
    small = data[:4] + (16 + 12).to_bytes(2, "big") + data[6:18] + b"\2\2" + b"\xff\0\0secret123" + data[20:]
    bare = stripped(small)
    assert b"secret" not in bare and bare[:20] == data[:20] and pixels(bare) == pixels(data)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"taken": "yesterday"}, "Write the date like this"),
        ({"taken": "2026-02-30 10:00"}, "Write the date like this"),
        ({"taken": 7}, "Write the date like this"),
        ({"camera": ""}, "letters"),
        ({"camera": "x" * 201}, "letters"),
        ({"camera": "Kamera für mich"}, "without accents"),
        ({"camera": 5}, "letters"),
        ({"place": (91, 0)}, "no place on Earth"),
        ({"place": (0, 181)}, "no place on Earth"),
        ({"place": (float("nan"), 0)}, "no place on Earth"),
        ({"place": ("north", "south")}, "two numbers"),
        ({"place": 7}, "two numbers"),
        ({"place": (1, 2, 3)}, "two numbers"),
    ],
)
def test_what_cannot_stand_in_a_field_is_a_sentence(coded, fields, words):
    with pytest.raises(ProvenanceError, match=words):
        edited(coded("JPEG"), **fields)


def test_other_kinds_are_refused(coded):
    for data in (coded("GIF"), b"text", b""):
        with pytest.raises(ProvenanceError, match="Only JPEG, PNG and WebP"):
            stripped(data)
        with pytest.raises(ProvenanceError, match="Only JPEG, PNG and WebP"):
            edited(data, camera="x")


def test_copies_are_written_whole_and_never_over_the_file(tmp_path, coded, notes):
    source = tmp_path / "mine.jpg"
    source.write_bytes(coded("JPEG", notes))
    before = source.read_bytes()
    copy = strip_metadata(source, tmp_path / "new" / "bare.jpg")
    assert read_metadata(copy).empty
    assert read_metadata(edit_metadata(source, tmp_path / "other.jpg", camera="Other")).camera == "Other"
    for call in (strip_metadata, lambda *both: edit_metadata(*both, camera="x")):
        with pytest.raises(ProvenanceError, match="is the file itself"):
            call(source, source)
    assert source.read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_may_not_be_written_to_is_a_sentence(tmp_path, coded):
    source = tmp_path / "mine.jpg"
    source.write_bytes(coded("JPEG"))
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(ProvenanceError, match="may not be written to"):
        strip_metadata(source, locked / "copy.jpg")


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path, coded):
    source = tmp_path / "mine.jpg"
    source.write_bytes(coded("JPEG"))
    with pytest.raises(ProvenanceError, match="may not be written to"):
        strip_metadata(source, source / "copy.jpg")


def test_a_full_disk_leaves_the_old_copy(tmp_path, coded, monkeypatch):
    source, copy = tmp_path / "mine.jpg", tmp_path / "copy.jpg"
    source.write_bytes(coded("JPEG"))
    copy.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProvenanceError, match="the disk is full"):
        strip_metadata(source, copy)
    assert copy.read_bytes() == b"old" and not list(tmp_path.glob("*.part"))
