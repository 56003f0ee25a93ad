"""Files are taken apart and put together without touching what draws the picture."""

import pytest

from course.provenance import ProvenanceError, edited, stripped
from course.provenance.containers import draws, exif_of, kind_of, parts, rebuilt


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP")])
def test_the_parts_put_together_are_the_file(kind, name, coded, notes):
    data = coded(kind, notes)
    assert kind_of(data) == name
    every = parts(data)
    start = {"JPEG": 0, "PNG": 8, "WebP": 12}[name]
    assert data[:start] + b"".join(data[one.start : one.stop] for one in every) == data
    assert exif_of(data).startswith((b"MM", b"II"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_rebuilt_with_the_same_exif_shows_the_same(kind, coded, notes):
    data = coded(kind, notes)
    again = rebuilt(data, exif_of(data), only_drawing=False)
    assert exif_of(again) == exif_of(data)
    assert [one.body for one in parts(again) if draws(kind_of(data), one)] == [
        one.body for one in parts(data) if draws(kind_of(data), one)
    ]


def test_the_simple_form_of_webp_gets_room_for_exif(coded, notes, picture):
    import io

    from PIL import Image

    for lossless in (False, True):
        data = coded("WEBP", lossless=lossless)
        assert b"VP8X" not in data[:40]
        made = rebuilt(data, notes.tobytes().removeprefix(b"Exif\0\0"), only_drawing=False)
        one, two = (Image.open(io.BytesIO(content)) for content in (data, made))
        assert two.size == one.size and two.getexif()[0x0110] == "Model 1"
        assert two.convert("RGB").tobytes() == one.convert("RGB").tobytes()


def test_what_follows_the_end_of_a_picture_is_a_part_that_draws_nothing(coded):
    for kind, name in (("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP")):
        tail = parts(coded(kind) + b"a film, say")[-1]
        assert (tail.name, tail.body) == (b"tail", b"a film, say") and not draws(name, tail)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_file_that_is_cut_off_is_a_sentence_or_a_list(kind, coded, notes):
    data = coded(kind, notes)
    refused = 0
    for stop in range(12, len(data), 7):
        try:
            assert parts(data[:stop])
        except ProvenanceError as error:
            refused += 1
            assert str(error).endswith(".")
    assert refused


def test_exif_that_is_too_long_for_a_jpeg_is_refused(coded):
    with pytest.raises(ProvenanceError, match="more text than a JPEG can hold"):
        rebuilt(coded("JPEG"), b"II*\0" + bytes(70_000), only_drawing=True)


def test_other_kinds_are_refused(coded):
    with pytest.raises(ProvenanceError, match="Only JPEG, PNG and WebP"):
        parts(coded("GIF"))


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x08" + b"\0" * 9,
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82",
    ],
)
def test_a_file_without_a_picture_is_damaged_and_no_copy_is_made(data):
    for act in (stripped, lambda data: edited(data, camera="Box")):
        with pytest.raises(ProvenanceError, match="damaged or incomplete"):
            act(data)
