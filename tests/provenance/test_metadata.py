"""What is read out of files that were written here, so that each answer is known; and what is refused."""

import datetime
import json
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from course import media, provenance
from course.provenance import ProvenanceError, read_bytes, read_metadata

XMP = b"http://ns.adobe.com/xap/1.0/\0"
PACKET = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmp:CreatorTool="Paint 3" exif:GPSLatitude="48,51.5N"
 exif:GPSLongitude="2,17.7E"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_is_read_alike_from_each_kind(kind, coded, notes):
    found = read_bytes(coded(kind, notes))
    assert found.camera == "Maker Model 1"
    assert (found.software, found.taken, found.saved) == (
        "Program 2.0",
        "2026:01:02 03:04:00",
        "2026:01:02 03:04:05",
    )
    assert (found.size, found.written_size) == ((64, 48), (640, 480))
    place = found.location
    assert (place.latitude, place.longitude, place.accuracy, place.altitude) == (-15.8, -48.0, 8000.0, 1100.0)
    assert found.satellite_time == datetime.datetime(2026, 1, 2, 6, 4)
    assert found.sections["EXIF: how it was taken"]["ExposureTime"] == "1/100 s"
    assert not found.empty and not found.notes


def test_heic_is_read_too():
    found = read_metadata(Path(__file__).parents[1] / "media" / "phone.heic")
    assert found.format == "HEIF" and found.size and min(found.size) > 0


def test_a_picture_without_notes_is_empty_and_says_how_it_is_built(coded):
    found = read_bytes(coded("JPEG", quality=80))
    assert found.empty and found.sections == {}
    assert found.structure["Like a saving at quality"] == "80"
    assert read_bytes(coded("PNG")).empty and read_bytes(coded("WEBP")).empty


def test_the_resolution_of_a_place_is_its_last_digit(coded, notes):
    from PIL.TiffImagePlugin import IFDRational

    fine = (IFDRational(48, 1), IFDRational(51, 1), IFDRational(3023, 100))
    notes[0x8825] = {1: "N", 2: fine, 3: "E", 4: fine}
    place = read_bytes(coded("JPEG", notes)).location
    assert place.accuracy is None
    assert place.latitude == pytest.approx(48 + 51 / 60 + 30.23 / 3600)
    assert place.resolution == pytest.approx(111_320 / 360_000)


def test_places_that_are_not_on_earth_are_left_out_and_named(coded, notes):
    for gps in (
        {1: "S", 2: (95.0, 0.0, 0.0), 3: "W", 4: (48.0, 0.0, 0.0)},
        {1: "X", 2: (5.0, 0.0, 0.0), 3: "W", 4: (48.0, 0.0, 0.0)},
        {1: "S", 2: (15.0,), 3: "W", 4: (200.0, 0.0, 0.0)},
    ):
        notes[0x8825] = gps
        found = read_bytes(coded("JPEG", notes))
        assert found.location is None
        assert any("no place on Earth" in note for note in found.notes)


def test_xmp(segmented):
    found = read_bytes(segmented((b"\xff\xe1", XMP + PACKET.encode())))
    assert found.software == "Paint 3"
    assert found.sections["XMP"]["creator"] == "Ada"
    assert found.declared.startswith("Declared as made by a generator")
    assert found.location.words == "48.85833° north, 2.295° east" and found.location.source == "XMP"


def test_xmp_with_entities_is_refused_and_costs_nothing(segmented):
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    bomb += "]><a>&m;</a>"
    found = read_bytes(segmented((b"\xff\xe1", XMP + bomb.encode())))
    assert found.empty and found.notes == ("The XMP block makes no sense and was left out.",)


def test_iptc_and_comment(segmented):
    fields = b"".join(
        b"\x1c\x02" + bytes([number]) + len(text).to_bytes(2, "big") + text
        for number, text in ((80, b"Ada"), (90, "Brasília".encode()), (65, b"Paint 3"))
    )
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(fields).to_bytes(4, "big") + fields
    found = read_bytes(segmented((b"\xff\xed", block), (b"\xff\xfe", b"made by hand")))
    assert found.sections["IPTC"] == {"By": "Ada", "City": "Brasília", "Program": "Paint 3"}
    assert found.sections["Comment"] == {"Comment": "made by hand"}
    assert found.software == "Paint 3"


def test_png_text_plain_packed_and_international(chunked):
    found = read_bytes(
        chunked(
            (b"tEXt", b"Author\0Ada"),
            (b"zTXt", b"Comment\0\0" + zlib.compress(b"packed")),
            (b"iTXt", b"Title\0\1\0en\0\0" + zlib.compress("Füchse".encode())),
            (b"tIME", bytes([7, 234, 11, 22, 9, 30, 0])),
        )
    )
    assert found.sections["PNG text"] == {
        "Author": "Ada",
        "Comment": "packed",
        "Title": "Füchse",
        "Last change": "2026:11:22 09:30:00",
    }


def test_a_text_that_unpacks_to_gigabytes_is_cut(chunked):
    bomb = zlib.compress(bytes(40_000_000), 1)
    found = read_bytes(chunked((b"zTXt", b"Comment\0\0" + bomb)))
    assert len(found.sections["PNG text"]["Comment"]) < 5_000


GRAPH = {
    "3": {
        "class_type": "KSampler",
        "inputs": {"seed": 42, "model": ["9", 0], "positive": ["5", 0], "negative": ["7", 0]},
    },
    "5": {"class_type": "Mixer", "inputs": {"positive": ["6", 0], "negative": ["7", 0]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red fox"}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "ugly"}},
    "8": {"class_type": "UNETLoader", "inputs": {"unet_name": "toy.safetensors"}},
    "9": {"class_type": "Sampling", "inputs": {"model": ["8", 0], "shift": 8.0}},
}


def test_the_recipe_of_a_generator_in_png_text(chunked):
    found = read_bytes(chunked((b"tEXt", b"prompt\0" + json.dumps(GRAPH).encode())))
    made = found.generation
    assert (made.tool, made.prompt, made.seed, made.model) == ("ComfyUI", "a red fox", 42, "toy.safetensors")


def test_the_recipe_as_parameters(chunked):
    text = "a red fox\nin snow\nNegative prompt: ugly\nSteps: 20, Sampler: Euler, Seed: 7, Size: 8x8, Model: toy v1"
    made = read_bytes(chunked((b"tEXt", b"parameters\0" + text.encode()))).generation
    assert (made.prompt, made.seed, made.model) == ("a red fox\nin snow", 7, "toy v1")


@pytest.mark.parametrize(
    "graph",
    [
        {"1": {"class_type": "K", "inputs": {"seed": True}}},
        {"1": {"class_type": "K", "inputs": {"seed": "7"}}},
        {"1": {"class_type": "K", "inputs": []}},
        [{"class_type": "K"}],
        {"1": {"class_type": "K", "inputs": {"prompt": "no seed"}}},
    ],
)
def test_a_graph_without_a_seed_is_no_recipe(chunked, graph):
    assert read_bytes(chunked((b"tEXt", b"prompt\0" + json.dumps(graph).encode()))).generation is None


def test_a_graph_that_goes_round_in_circles_ends(chunked):
    ring = {
        "1": {"class_type": "K", "inputs": {"seed": 1, "positive": ["2", 0], "model": ["1", 0]}},
        "2": {"class_type": "A", "inputs": {"positive": ["3", 0]}},
        "3": {"class_type": "A", "inputs": {"positive": ["2", 0]}},
    }
    made = read_bytes(chunked((b"tEXt", b"prompt\0" + json.dumps(ring).encode()))).generation
    assert (made.seed, made.prompt, made.model) == (1, None, None)
    deep = '{"1": {"class_type": "K", "inputs": ' + "[" * 100_000 + "]" * 100_000 + "}}"
    assert read_bytes(chunked((b"tEXt", b"prompt\0" + deep.encode()))).generation is None


def test_the_notes_of_films(tmp_path):
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as target:
        stream = target.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        target.metadata.update(
            {"creation_time": "2026-01-02T03:04:05Z", "location": "-15.8355-048.0153/", "com.android.model": "Phone 9"}
        )
        for _ in range(5):
            target.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        target.mux(stream.encode())
    found = read_metadata(path)
    assert found.format == "MP4" and found.size == (64, 48)
    assert found.taken == "2026-01-02 03:04:05 UTC"
    assert found.location.words == "15.8355° south, 48.0153° west"
    assert found.location.resolution == pytest.approx(11.13, abs=0.01)
    assert found.camera == "Phone 9"
    assert found.software.startswith("Lavf")


def test_the_lessons_files_say_what_the_lesson_says():
    files = media.whole_files()
    phone, camera, messenger, fox, film = (
        read_metadata(files[name].path) for name in ("phone", "camera", "messenger", "fox", "film")
    )
    assert (phone.location.words, phone.location.accuracy) == ("15.8° south, 48° west", 8000)
    assert (camera.camera, camera.software) == ("Canon PowerShot SX530 HS", "GIMP 2.10.18")
    assert camera.saved < camera.taken and camera.thumbnail.startswith(b"\xff\xd8")
    assert messenger.empty and messenger.structure["Like a saving at quality"] == "75"
    assert fox.generation.prompt.startswith("a fox moving quickly") and fox.generation.seed == 878361741413693
    assert film.location.words == "15.8° south, 48° west" and film.location.resolution > 10_000


def test_no_file_of_the_lesson_names_a_place_more_finely_than_a_tenth_of_a_degree():
    for file in media.whole_files().values():
        if file.kind == "map":
            continue
        place = read_metadata(file.path).location
        if place is not None:
            assert round(place.latitude, 1) == place.latitude and round(place.longitude, 1) == place.longitude


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "is empty"), (b"hello, this is no picture at all", "is no picture"), (b"\xff\xd8\xff\xe0", "is damaged")],
)
def test_what_is_no_picture_is_a_sentence(tmp_path, data, words):
    path = tmp_path / "mine.jpg"
    path.write_bytes(data)
    with pytest.raises(ProvenanceError, match=words) as error:
        read_metadata(path)
    assert str(error.value).startswith("“mine.jpg”") and str(error.value).endswith(".")


def test_folders_missing_files_and_odd_names(tmp_path):
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.jpg", "There is no file"),
        ("a\0b", "There is no file|cannot be opened"),
        (tmp_path / ("x" * 5000), "“x"),
    ):
        with pytest.raises(ProvenanceError, match=words):
            read_metadata(path)


def test_letters_that_hide_or_turn_text_are_taken_out(segmented):
    found = read_bytes(segmented((b"\xff\xfe", "gpj.\u202eexe\x1b[31m\nred".encode())))
    assert found.sections["Comment"]["Comment"] == "gpj. exe [31m red"


def test_very_many_fields_are_cut(chunked):
    found = read_bytes(chunked(*((b"tEXt", b"k%d\0v" % n) for n in range(800))))
    assert found.count == 500 and "There are more fields than are shown here." in found.notes


def test_remarks_name_what_was_found(notes, coded):
    notes[0x0132] = "2026:01:02 03:00:00"
    found = {one.topic: one for one in provenance.remarks(read_bytes(coded("JPEG", notes)))}
    assert {"place", "time", "camera", "software", "size"} <= found.keys()
    said = " ".join(one.found + one.tells for one in found.values())
    assert "Saved before it was taken?" in said and "fake" not in said


def test_an_edited_date_is_set_against_the_satellites_time_that_stayed(notes, coded):
    def said(taken):
        made = provenance.edited(coded("JPEG", notes), taken=taken)
        return next(one.tells for one in provenance.remarks(read_bytes(made)) if one.topic == "time")

    assert "By the clock of the camera or phone, as somebody had set it" in said("2026-01-02 03:04")
    assert "The two fit" in said("2026-01-02 03:04") and "The two do not fit" in said("2026-01-02 15:04")
    assert "The satellites' time in the same file is 2026-01-02 06:04:00, more than a day away" in said(
        "1999-12-31 10:00"
    )


def test_nothing_found_is_said_to_tell_very_little(coded):
    (one,) = provenance.remarks(read_bytes(coded("JPEG")))
    assert one.tells.startswith("That tells very little, for or against")


def test_many_small_bombs_together_are_held_to_one_limit(chunked):
    import time

    bomb = zlib.compress(bytes(8_000_000), 9)
    data = chunked(*((b"zTXt", b"k%d\0\0" % n + bomb) for n in range(400)))
    start = time.process_time()
    found = read_bytes(data)
    assert time.process_time() - start < 5
    assert found.count <= 5 and "A text in this PNG makes no sense and was left out." in found.notes


def test_a_thousand_blocks_are_not_all_read(segmented, notes):
    block = b"Exif\0\0" + notes.tobytes().removeprefix(b"Exif\0\0")
    found = read_bytes(segmented(*[(b"\xff\xe1", block)] * 1000))
    assert found.camera == "Maker Model 1" and found.count < 300
    assert "There are more blocks of notes than are read here." in found.notes


def test_a_scan_of_stuffed_bytes_takes_no_time():
    import time

    from course.provenance.containers import parts

    data = b"\xff\xd8\xff\xda\x00\x02" + b"\xff\x00" * 10_000_000 + b"\xff\xd9"
    start = time.process_time()
    assert [part.name for part in parts(data)] == [b"\xff\xd8", b"\xff\xda", b"\xff\xd9"]
    assert time.process_time() - start < 2


# every text field of every kind of note, in the letters that programs write


WORDS = {"German": "Zoë Größe", "Russian": "лиса", "Chinese": "雨中的狐狸", "plain": "a paper boat"}


def _pairs(*codings):
    """Languages and the ways to write them that exist: Windows' letters have no лиса."""
    return [(name, one) for name in WORDS for one in codings if one != "cp1252" or name in ("German", "plain")]


def _wrap(kind, name, raw):
    """Parts of a file with this text in this field."""
    if kind == "IPTC":
        marker, number = name
        fields = (b"\x1c\x01\x5a\0\3\x1b%G" if marker else b"") + b"\x1c\x02" + bytes([number])
        fields += len(raw).to_bytes(2, "big") + raw
        return b"\xff\xed", b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(fields).to_bytes(4, "big") + fields
    return {
        "tEXt": (b"tEXt", b"Title\0" + raw),
        "zTXt": (b"zTXt", b"Title\0\0" + zlib.compress(raw)),
        "iTXt": (b"iTXt", b"Title\0\0\0\0\0" + raw),
        "packed iTXt": (b"iTXt", b"Title\0\1\0de\0Titel\0" + zlib.compress(raw)),
        "comment": (b"\xff\xfe", raw),
    }[kind]


@pytest.mark.parametrize(("language", "coding"), _pairs("utf-8", "utf-8-sig", "cp1252", "utf-16"))
def test_texts_of_png_iptc_and_comments(language, coding, chunked, segmented):
    words = WORDS[language]
    raw = words.encode(coding)
    for kind in ("tEXt", "zTXt", "iTXt", "packed iTXt"):
        assert read_bytes(chunked(_wrap(kind, "", raw))).sections["PNG text"]["Title"] == words, kind
    assert read_bytes(segmented(_wrap("comment", "", raw))).sections["Comment"]["Comment"] == words
    for number in provenance.metadata._IPTC_NAMES:
        for marker in (False, True) if coding == "utf-8" else (False,):
            found = read_bytes(segmented(_wrap("IPTC", (marker, number), raw))).sections["IPTC"]
            assert list(found.values()) == [words], (number, marker)


@pytest.mark.parametrize("language", WORDS)
def test_texts_of_exif(language, coded):
    from PIL import ExifTags, Image

    words = WORDS[language]
    texts = [0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x013C, 0x8298, 0xA420, 0xA430, 0xA433, 0xA434, 0xA435]
    for kind, order in (("JPEG", "<"), ("PNG", ">"), ("WEBP", ">")):
        for tag in texts:
            inner = tag > 0x8800
            exif = Image.Exif()
            exif.endian = order
            if inner:
                exif[0x8769] = {tag: words.encode()}
            else:
                exif[tag] = words.encode()
            found = read_bytes(coded(kind, exif)).sections
            title = "EXIF: how it was taken" if inner else "EXIF: picture"
            assert found[title][ExifTags.TAGS[tag]] == words, (kind, hex(tag))
        for tag in (0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F):
            exif = Image.Exif()
            exif[tag] = words.encode("utf-16-le") + b"\0\0"
            assert read_bytes(coded(kind, exif)).sections["EXIF: picture"][ExifTags.TAGS[tag]] == words
        for tag in (27, 28):
            exif = Image.Exif()
            exif[0x8825] = {tag: b"UNICODE\0" + words.encode("utf-16-be")}
            assert read_bytes(coded(kind, exif)).sections["EXIF: place"][ExifTags.GPSTAGS[tag]] == words


@pytest.mark.parametrize(
    ("language", "coding"),
    _pairs("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-be", "cp1252"),
)
def test_texts_of_xmp(language, coding, segmented, chunked):
    packet = PACKET.replace("Ada", WORDS[language]).replace("Paint 3", WORDS[language])
    raw = packet.encode(coding)
    for data in (
        segmented((b"\xff\xe1", XMP + raw)),
        *([chunked((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + raw))] if coding == "utf-8" else []),
    ):
        found = read_bytes(data)
        assert found.sections["XMP"]["creator"] == found.software == WORDS[language]


def test_a_long_xmp_packet_is_put_together_in_its_order(segmented):
    raw = PACKET.replace("Ada", "A" * 3000).encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + len(raw).to_bytes(4, "big")
    halves = [head + at.to_bytes(4, "big") + raw[at : at + 2000] for at in range(0, len(raw), 2000)]
    found = read_bytes(segmented(*((b"\xff\xe1", half) for half in reversed(halves))))
    assert found.sections["XMP"]["creator"] == "A" * 3000


def test_blocks_that_imagemagick_writes_into_texts_of_a_png_are_read(chunked, notes):
    fields = b"\x1c\x02\x50\0\4Zo\xc3\xab"
    blocks = {
        b"exif": b"Exif\0\0" + notes.tobytes().removeprefix(b"Exif\0\0"),
        b"APP1": XMP + PACKET.encode(),
        b"iptc": b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(fields).to_bytes(4, "big") + fields,
    }
    found = read_bytes(
        chunked(
            *(
                (
                    b"zTXt",
                    b"Raw profile type "
                    + name
                    + b"\0\0"
                    + zlib.compress(b"\n%s\n%8d\n%s\n" % (name, len(block), block.hex().encode())),
                )
                for name, block in blocks.items()
            )
        )
    )
    assert found.camera == "Maker Model 1" and found.location.accuracy == 8000
    assert found.sections["XMP"]["creator"] == "Ada" and found.sections["IPTC"]["By"] == "Zoë"
