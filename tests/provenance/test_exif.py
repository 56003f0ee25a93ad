"""An edit of a field changes that field; a walk through the bytes that shares nothing with ours looks at all others."""

import io
import itertools
import struct

import pytest

from course.provenance import ProvenanceError, edited, exif, read_bytes, stripped
from course.provenance.containers import exif_of, parts, rebuilt

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 12: 8, 129: 1}
MAIN, SHOT, GPS, INTEROP, SMALL = "main", 0x8769, 0x8825, 0xA005, "small"
STORY = {
    "taken": {(MAIN, 0x0132), (SHOT, 0x9003), (SHOT, 0x9004)},
    "camera": {(MAIN, 0x010F), (MAIN, 0x0110)},
    "software": {(MAIN, 0x0131)},
    "place": {(GPS, 0), (GPS, 1), (GPS, 2), (GPS, 3), (GPS, 4)},
}
VALUES = {"taken": "1999-12-31 23:59", "camera": "Box", "software": "Nothing 1", "place": (48.85, -2.35)}
POINTERS = {(MAIN, SHOT), (MAIN, GPS), (SHOT, INTEROP), (SMALL, 0x0201)}


def walk(block, order):
    """Every field: kind, count, value and where it lies."""
    found = {}

    def one(name, start):
        (count,) = struct.unpack_from(order + "H", block, start)
        for n in range(count):
            tag, kind, number = struct.unpack_from(order + "HHL", block, start + 2 + 12 * n)
            length, at = SIZES[kind] * number, start + 10 + 12 * n
            if length > 4:
                (at,) = struct.unpack_from(order + "L", block, at)
            assert (name, tag) not in found
            found[name, tag] = (kind, number, bytes(block[at : at + length]), at)
        return struct.unpack_from(order + "L", block, start + 2 + 12 * count)[0]

    def pointed(name, tag):
        return struct.unpack(order + "L", found[name, tag][2])[0] if (name, tag) in found else None

    after = one(MAIN, struct.unpack_from(order + "L", block, 4)[0])
    for above, tag in ((MAIN, SHOT), (MAIN, GPS), (SHOT, INTEROP)):
        if pointed(above, tag):
            one(tag, pointed(above, tag))
    if after:
        one(SMALL, after)
    return found


def build(order, places=(MAIN, SHOT, GPS, INTEROP, SMALL)):
    """A block as a phone of today might write it, with text in UTF-8, a maker's block and a small copy."""
    utf8 = "Zoë Müller".encode() + b"\0"
    number = lambda value: struct.pack(order + "L", value)  # noqa: E731
    fractions = lambda *values: struct.pack(order + f"{2 * len(values)}L", *itertools.chain(*((v, 1) for v in values)))  # noqa: E731
    lists = {
        MAIN: [
            (0x010E, 2, "Möwe über dem Hafen".encode() + b"\0"), (0x010F, 2, "Größe\0".encode()), (0x0110, 2, b"G 3\0"),
            (0x0112, 3, struct.pack(order + "H", 6)), (0x0131, 2, "für alle 2\0".encode("latin-1")),
            (0x0132, 2, b"2026:01:02 03:04:05\0"), (0x013B, 129, utf8), (0x8298, 2, "© Zoë\0".encode()),
            (SHOT, 4, None), (GPS, 4, None), (0x9C9B, 1, "Titel ë\0".encode("utf-16-le")),
            (0xC6D2, 7, bytes(range(200))),
        ],
        SHOT: [
            (0x829A, 5, fractions(3)), (0x9000, 7, b"0300"), (0x9003, 2, b"2026:01:02 03:04:00\0"),
            (0x9010, 2, b"+01:00\0"), (0x927C, 7, b"MAKER\0" + bytes(range(256))),
            (0x9286, 7, b"UNICODE\0" + "a fox".encode("utf-16-be")), (0x9290, 2, b"123\0"), (INTEROP, 4, None),
            (0xA430, 129, utf8),
        ],
        GPS: [
            (0, 1, b"\2\3\0\0"), (1, 2, b"S\0"), (2, 5, fractions(15, 48, 0)), (3, 2, b"W\0"),
            (4, 5, fractions(48, 0, 0)),
            (6, 5, fractions(1100)), (7, 5, fractions(6, 4, 0)), (27, 7, b"ASCII\0\0\0GPS"), (29, 2, b"2026:01:02\0"),
        ],
        INTEROP: [(1, 2, b"R98\0"), (2, 7, b"0100")],
        SMALL: [(0x0103, 3, struct.pack(order + "H", 6)), (0x0201, 4, None), (0x0202, 4, number(64))],
    }  # fmt: skip
    lists = {name: [one for one in lists[name] if one[0] not in lists or one[0] in places] for name in places}
    starts, at = {}, 8
    for name in places:
        starts[name] = at
        at += (
            6 + 12 * len(lists[name]) + sum(len(raw) + len(raw) % 2 for *_, raw in lists[name] if raw and len(raw) > 4)
        )
    body = b""
    for name in places:
        table, values = struct.pack(order + "H", len(lists[name])), b""
        far = starts[name] + 6 + 12 * len(lists[name])
        for tag, kind, raw in lists[name]:
            raw = number(starts.get(tag, at)) if raw is None else raw
            table += struct.pack(order + "HHL", tag, kind, len(raw) // SIZES[kind])
            table += raw.ljust(4, b"\0") if len(raw) <= 4 else number(far + len(values))
            values += raw + b"\0" * (len(raw) % 2) if len(raw) > 4 else b""
        body += table + (number(starts[SMALL]) if name == MAIN and SMALL in places else bytes(4)) + values
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + number(8) + body + b"\xff\xd8\xff" + bytes(61)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("named", [(name,) for name in STORY] + [tuple(STORY), ("taken", "place")], ids="+".join)
@pytest.mark.parametrize("places", [(MAIN, SHOT, GPS, INTEROP, SMALL), (MAIN, SHOT), (MAIN,)], ids=len)
def test_what_is_not_named_has_the_bytes_that_it_had_where_it_had_them(order, named, places, coded):
    block = build(order, places)
    before = walk(block, order)
    data = rebuilt(coded("JPEG"), block, only_drawing=False)
    made = exif_of(edited(data, **{name: VALUES[name] for name in named}))
    after = walk(made, order)
    changed = set().union(*(STORY[name] for name in named))
    for key in (before.keys() | after.keys()) - changed - POINTERS:
        assert before.get(key, "nothing")[:3] == after.get(key, "nothing")[:3], key
        if len(before[key][2]) > 4:
            assert before[key][3] == after[key][3], key
    if SMALL in places:
        assert before[SMALL, 0x0201][2] == after[SMALL, 0x0201][2]
        assert made[-64:] == block[-64:] or made[len(block) - 64 : len(block)] == block[-64:]
    # and what was named is written, in order, without a trace of what was there
    found = read_bytes(edited(data, **{name: VALUES[name] for name in named}))
    if "taken" in named:
        assert after[MAIN, 0x0132][2] == after[SHOT, 0x9003][2] == after[SHOT, 0x9004][2] == b"1999:12:31 23:59:00\0"
        assert b"2026:01:02 03" not in made
    if "camera" in named:
        assert found.camera == "Box" and (MAIN, 0x010F) not in after and "Größe".encode() not in made
    if "place" in named:
        assert found.location.latitude == pytest.approx(48.85, abs=1e-5)
        assert found.location.longitude == pytest.approx(-2.35, abs=1e-5)
    for name in {one for one, _ in after}:
        tags = [tag for one, tag in after if one == name]
        assert tags == sorted(tags)


@pytest.mark.parametrize("order", "<>")
def test_an_edit_upon_an_edit_takes_no_more_room(order, coded):
    data = edited(rebuilt(coded("JPEG"), build(order), only_drawing=False), **VALUES)
    for n in range(10):
        again = edited(data, taken=f"2001-01-0{n % 9 + 1} 10:00", camera="Ox", software="None", place=(n, -n))
        assert len(again) == len(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_other_part_of_the_file_stays_as_it_was_and_where_it_was(kind, picture):
    from PIL import Image, ImageCms, PngImagePlugin

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zoë")
    info.add_itxt("Title", "Füchse")
    options = {"pnginfo": info} if kind == "PNG" else {"xmp": "<a>Zoë</a>".encode()}
    if kind == "JPEG":
        options["comment"] = "Zoë".encode()
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, exif=b"Exif\0\0" + build(">"), icc_profile=profile, **options)
    data = out.getvalue() + b"what hangs on behind"
    names = [(part.name, part.body) for part in parts(data)]
    for fields in ({name: value} for name, value in VALUES.items()):
        now = [(part.name, part.body) for part in parts(edited(data, **fields))]
        assert len(now) == len(names)
        different = [one for one, other in zip(names, now, strict=True) if one != other]
        assert [name for name, _ in different] == [{"JPEG": b"\xff\xe1", "PNG": b"eXIf", "WEBP": b"EXIF"}[kind]]
    bare = [(part.name, part.body) for part in parts(stripped(data))]
    flags = b"VP8X"
    assert [one for one in bare if one[0] not in (b"\xff\xe1", b"eXIf", b"EXIF", flags)] == [
        one for one in names if one in bare and one[0] != flags
    ]
    assert any(profile[:300] in body for _, body in bare) or kind == "PNG"


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_stripping_leaves_the_field_that_says_how_the_picture_stands_alone_and_as_it_was(kind, order, coded):
    from PIL import Image

    for turn in range(10):
        block = build(order).replace(
            struct.pack(order + "HHLH", 0x0112, 3, 1, 6), struct.pack(order + "HHLH", 0x0112, 3, 1, turn)
        )
        bare = stripped(rebuilt(coded(kind), block, only_drawing=False))
        left = exif_of(bare)
        if 2 <= turn <= 8:
            assert list(walk(left, order)) == [(MAIN, 0x0112)] and len(left) == 26
            assert Image.open(io.BytesIO(bare)).getexif()[0x0112] == turn
        else:
            assert left == b""
        assert stripped(bare) == bare


def test_a_block_that_makes_no_sense_is_not_written_over(coded):
    for block in (b"MM\0*\0\0\xff\xff", b"no block", b"II*\0\x08\0\0\0\xff\xff" + bytes(50)):
        with pytest.raises(ProvenanceError, match="too damaged to be changed"):
            edited(rebuilt(coded("JPEG"), block, only_drawing=False), camera="Box")
        assert read_bytes(stripped(rebuilt(coded("JPEG"), block, only_drawing=False))).empty


def test_values_that_share_their_place_are_not_wiped_for_one_of_them(coded):
    words = b"2026:01:02 03:04:05\0"
    head = struct.pack("<4sLH", b"II*\0", 8, 2)
    table = struct.pack("<HHLL", 0x0132, 2, 20, 38) + struct.pack("<HHLL", 0x013B, 2, 20, 38) + bytes(4)
    made = exif.written(head + table + words, {exif.MAIN: {0x0132: exif.text("1999:12:31 23:59:00")}})
    found = walk(made, "<")
    assert found[MAIN, 0x013B][2] == words and found[MAIN, 0x0132][2] == b"1999:12:31 23:59:00\0"


def test_a_block_that_browsers_pass_over_is_left_alone_and_one_that_they_read_keeps_its_head(coded, chunked):
    block = build(">")
    plain = coded("JPEG")
    odd = plain[:2] + b"\xff\xe1" + (len(block) + 8).to_bytes(2, "big") + b"Exif\0\xff" + block + plain[2:]
    made = edited(odd, camera="Box")
    assert read_bytes(odd).sections["EXIF: picture"]["Artist"] == "Zoë Müller" and read_bytes(made).camera == "Box"
    assert made.count(b"Exif\0") == made.count(b"Exif\0\xff") == 1
    right = chunked((b"eXIf", block))
    at = right.index(block) + len(block)
    wrong = right[:at] + bytes(4) + right[at + 4 :]
    made = edited(wrong, camera="Box")
    assert block + bytes(4) in made and exif_of(made) != block and read_bytes(made).camera == "Box"
