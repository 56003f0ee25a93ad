"""Nothing that is not the picture tells the two origins apart."""

import io
from pathlib import Path

import av
import pytest
from PIL import Image

from course import media

CATALOGUE = media.catalogue()
CLIPS = CATALOGUE.where(kind="clip", purpose="parity")
STILLS = CATALOGUE.where(kind="still", purpose="parity")


def boxes(raw):
    """Names and sizes of the outer boxes of an MP4."""
    at, found = 0, []
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "big")
        found.append((raw[at + 4 : at + 8].decode(), size))
        at += size
    return found


def segments(raw):
    """Marker and length of each segment of a JPEG before the picture data."""
    at, found = 2, []
    while raw[at + 1] != 0xDA:
        length = int.from_bytes(raw[at + 2 : at + 4], "big")
        found.append((raw[at + 1], length))
        at += 2 + length
    return found


def clip_facts(item):
    raw = item.path.read_bytes()
    with av.open(io.BytesIO(raw)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.dts is not None]
        return {
            "bytes": len(raw),
            "boxes": [name for name, _ in boxes(raw)],
            "streams": len(container.streams),
            "codec": stream.codec_context.name,
            "profile": stream.profile,
            "pixels": stream.codec_context.pix_fmt,
            "size": (stream.width, stream.height),
            "rate": stream.average_rate,
            "start": stream.start_time,
            "duration": stream.duration * stream.time_base,
            "times": tuple(packet.pts for packet in packets),
            "keys": tuple(packet.is_keyframe for packet in packets),
            "metadata": dict(container.metadata) | dict(stream.metadata),
            "setup": bytes(stream.codec_context.extradata),
        }


def test_all_clips_of_the_trial_are_alike_but_for_the_picture():
    facts = [clip_facts(item) for item in CLIPS]
    for name in facts[0]:
        assert {repr(fact[name]) for fact in facts} == {repr(facts[0][name])}, name
    first = facts[0]
    assert (first["codec"], first["pixels"], len(first["times"])) == ("h264", "yuv420p", 24)
    assert set(first["metadata"]) <= {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "language",
        "handler_name",
        "vendor_id",
    }
    assert not any("encoder" in key or "time" in key for key in first["metadata"])


def test_clips_of_the_trial_say_the_same_of_their_encoder():
    # x264 writes its version and settings into the stream: one text for all, or it would tell.
    said = set()
    for item in CLIPS:
        raw = item.path.read_bytes()
        at = raw.find(b"x264 - core")
        said.add(raw[at : raw.index(b"\0", at)] if at >= 0 else b"")
    assert len(said) == 1


def test_the_catalogue_says_the_same_of_all_of_them():
    assert {(item.bytes, item.width, item.height, item.fps, item.frames) for item in CLIPS} == {
        (CLIPS[0].bytes, 256, 256, 12.0, 24)
    }
    assert {(item.bytes, item.width, item.height) for item in STILLS} == {(STILLS[0].bytes, 384, 384)}


def test_all_stills_of_the_trial_are_alike_but_for_the_picture():
    facts = set()
    for item in STILLS:
        raw = item.path.read_bytes()
        with Image.open(io.BytesIO(raw)) as image:
            tables = tuple((key, tuple(table)) for key, table in sorted(image.quantization.items()))
            sampling = tuple(part[1:3] for part in image.layer)
            assert not image.getexif() and "icc_profile" not in image.info
            assert not set(image.info.get("comment", b"")) - {0}
            facts.add((len(raw), image.size, image.mode, image.format, tables, sampling))
        kinds = [marker for marker, _ in segments(raw) if marker != 0xFE]
        assert kinds == [0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4]
    assert len(facts) == 1


@pytest.mark.parametrize("items", [CLIPS, STILLS], ids=["clips", "stills"])
def test_names_and_places_tell_nothing(items):
    assert len({item.path.parent for item in items}) == 1
    assert len({item.path.suffix for item in items}) == 1
    for item in items:
        assert {"camera", "generated"}.isdisjoint(Path(item.path.name).stem.split("-"))
