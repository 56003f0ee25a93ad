"""Files that say in many ways how their picture is to be shown, each with how a browser shows it.

All hold the same picture of four colours, one in each quarter. `turn` is the number that EXIF would give to what is
done with it, 1 to 8; it is what a current Chromium does, which ``tests/browser/test_as_a_browser_shows.py`` asks.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from PIL import Image

WIDTH, HEIGHT = 96, 64
COLOURS = {"red": (220, 30, 30), "green": (30, 170, 60), "blue": (30, 50, 220), "yellow": (235, 215, 40)}
QUARTERS = np.array([["red", "green"], ["blue", "yellow"]])

HEIC = Path(__file__).parent / "four-colours.heic"
"""The picture in HEVC, which nothing here can encode alike twice; the container is the plainest there is."""

TURNED = {
    1: lambda p: p,
    2: np.fliplr,
    3: lambda p: np.rot90(p, 2),
    4: np.flipud,
    5: lambda p: np.swapaxes(p, 0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.swapaxes(np.rot90(p, 2), 0, 1),
    8: np.rot90,
}


@dataclass(frozen=True)
class Shown:
    """A file, and how a browser shows its picture."""

    name: str
    data: bytes
    turn: int = 1
    size: tuple[int, int] = (WIDTH, HEIGHT)
    browser: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def corners(self) -> list[list[str]]:
        return TURNED[self.turn](QUARTERS).tolist()

    @property
    def shape(self) -> tuple[int, int]:
        width, height = self.size
        return (width, height) if self.turn < 5 else (height, width)


def picture() -> np.ndarray:
    """Red, green, blue and yellow, one in each quarter."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for (row, column), name in np.ndenumerate(QUARTERS):
        pixels[row * HEIGHT // 2 :, column * WIDTH // 2 :] = COLOURS[name]
    return pixels


def colour(pixel) -> str:
    """The name of the colour that is nearest to a pixel, or its numbers if none is near."""
    far = {name: np.abs(np.subtract(pixel[:3], one, dtype=float)).max() for name, one in COLOURS.items()}
    nearest = min(far, key=far.get)
    return nearest if far[nearest] < 60 else str(tuple(int(one) for one in pixel[:3]))


def corners(pixels: np.ndarray) -> list[list[str]]:
    """The colours in the four corners of a picture."""
    height, width = pixels.shape[:2]
    return [
        [colour(pixels[y, x]) for x in (width // 8, width - 1 - width // 8)] for y in (height // 8, -1 - height // 8)
    ]


def tiff(*entries, order=">", start=8, behind=()) -> bytes:
    """A block of EXIF: entries are tag and value, or tag, type, count and the four bytes of the value."""
    block = {">": b"MM", "<": b"II"}[order] + struct.pack(order + "HI", 42, start) + bytes(start - 8)
    for number, directory in enumerate((entries, behind)):
        block += struct.pack(order + "H", len(directory))
        for entry in directory:
            tag, kind, count, value = (
                entry if len(entry) == 4 else (entry[0], 3, 1, struct.pack(order + "Hxx", entry[1]))
            )
            block += struct.pack(order + "HHI", tag, kind, count) + value
        more = behind and number == 0
        block += struct.pack(order + "I", len(block) + 4 if more else 0)
        if not more:
            break
    return block


def turn_of(number, order=">") -> bytes:
    return tiff((0x0112, number), order=order)


def xmp(number) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="{number}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def coded(kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture()).save(out, kind, **options)
    return out.getvalue()


# JPEG


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def exif_segment(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def jpeg(*segments: bytes, before: int | None = None) -> bytes:
    """A JPEG with more segments behind its start, or in front of the first one of a kind."""
    plain = coded("JPEG", quality=95)
    at = 2 if before is None else plain.index(bytes([0xFF, before]))
    return plain[:at] + b"".join(segments) + plain[at:]


def film_of(megabytes: int) -> bytes:
    """What stands behind a motion photo, for all that a reader of pictures can tell."""
    size = megabytes * 1_000_000
    noise = np.random.default_rng(megabytes).bytes(size)
    return b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + (size + 8).to_bytes(4, "big") + b"mdat" + noise


def jpegs() -> Iterator[Shown]:
    for number in range(1, 9):
        yield Shown(f"exif-{number}.jpg", jpeg(exif_segment(turn_of(number))), number)
        yield Shown(f"exif-{number}-little.jpg", jpeg(exif_segment(turn_of(number, "<"))), number)
    for number in (0, 9, 256 * 6):
        yield Shown(f"exif-{number}.jpg", jpeg(exif_segment(turn_of(number))))
    six, three, none = turn_of(6), turn_of(3), tiff((0x0128, 2))
    yield Shown("behind-tables.jpg", jpeg(exif_segment(six), before=0xDB), 6)
    yield Shown("behind-size.jpg", jpeg(exif_segment(six), before=0xC4), 6)
    yield Shown("behind-others.jpg", jpeg(segment(0xED, b"Photoshop 3.0\0"), segment(0xFE, b"x"), exif_segment(six)), 6)
    yield Shown("in-front-of-scan.jpg", jpeg(exif_segment(six), before=0xDA), 6)
    yield Shown("two-6-3.jpg", jpeg(exif_segment(six), exif_segment(three)), 6)
    yield Shown("two-3-6.jpg", jpeg(exif_segment(three), exif_segment(six)), 3)
    yield Shown("two-1-6.jpg", jpeg(exif_segment(turn_of(1)), exif_segment(six)), 1)
    yield Shown("two-none-6.jpg", jpeg(exif_segment(none), exif_segment(six)))
    yield Shown("two-9-6.jpg", jpeg(exif_segment(turn_of(9)), exif_segment(six)))
    yield Shown("two-broken-6.jpg", jpeg(exif_segment(b"MM\0*" + b"\xff" * 12), exif_segment(six)))
    yield Shown("thumbnail-only.jpg", jpeg(exif_segment(tiff((0x0128, 2), behind=[(0x0112, 6)]))))
    yield Shown("thumbnail-too.jpg", jpeg(exif_segment(tiff((0x0112, 8), behind=[(0x0112, 6)]))), 8)
    inner = tiff((0x8769, 4, 1, struct.pack(">I", 26)), behind=[(0x0112, 6)])
    yield Shown("inner-part-only.jpg", jpeg(exif_segment(inner)), 6)
    yield Shown("as-long.jpg", jpeg(exif_segment(tiff((0x0112, 4, 1, struct.pack(">I", 6))))))
    yield Shown("as-byte.jpg", jpeg(exif_segment(tiff((0x0112, 1, 1, b"\6\0\0\0")))))
    yield Shown("as-signed.jpg", jpeg(exif_segment(tiff((0x0112, 8, 1, struct.pack(">hxx", 6))))))
    yield Shown("as-letter.jpg", jpeg(exif_segment(tiff((0x0112, 2, 2, b"6\0\0\0")))))
    yield Shown("as-two.jpg", jpeg(exif_segment(tiff((0x0112, 3, 2, struct.pack(">HH", 6, 6))))))
    yield Shown("as-none.jpg", jpeg(exif_segment(tiff((0x0112, 3, 0, struct.pack(">Hxx", 6))))))
    yield Shown("zero-then-6.jpg", jpeg(exif_segment(tiff((0x0112, 0), (0x0112, 6)))), 6)
    outer = tiff((0x8769, 4, 1, struct.pack(">I", 38)), (0x0112, 3), behind=[(0x0112, 6)])
    yield Shown("inner-part-first.jpg", jpeg(exif_segment(outer)), 6)
    yield Shown("filling-bytes.jpg", jpeg(b"\xff\xff\xff", exif_segment(six)), 6)
    yield Shown("stray-bytes.jpg", jpeg(b"stray", exif_segment(six), before=0xDB), 6)
    yield Shown("named-twice.jpg", jpeg(exif_segment(tiff((0x0112, 6), (0x0112, 3)))), 6)
    yield Shown("out-of-order.jpg", jpeg(exif_segment(tiff((0x0128, 2), (0x0112, 6), (0x010E, 2, 4, b"abc\0")))), 6)
    yield Shown("far-inside.jpg", jpeg(exif_segment(tiff((0x0112, 6), start=5000))), 6)
    yield Shown("cut-short.jpg", jpeg(exif_segment(six[:-6])))
    yield Shown("no-next.jpg", jpeg(exif_segment(six[:-4])), 6)
    yield Shown("promises-more.jpg", jpeg(exif_segment(six[:8] + b"\0\x40" + six[10:])), 6)
    yield Shown("wrong-42.jpg", jpeg(exif_segment(six.replace(b"\0*", b"\0+"))))
    yield Shown("no-padding.jpg", jpeg(segment(0xE1, b"Exif\0" + six)))
    yield Shown("other-padding.jpg", jpeg(segment(0xE1, b"Exif\0\xff" + six)), 6)
    yield Shown("other-place.jpg", jpeg(segment(0xE2, b"Exif\0\0" + six)))
    yield Shown("xmp.jpg", jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6))))
    both = jpeg(exif_segment(turn_of(8)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6)))
    yield Shown("exif-and-xmp.jpg", both, 8)
    note = exif_segment(tiff((0x0128, 2)))
    yield Shown("exif-without-and-xmp.jpg", jpeg(note, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(6))))
    yield Shown("progressive.jpg", coded("JPEG", quality=95, progressive=True, exif=b"Exif\0\0" + six), 6)
    # Behind the end of the picture: other files, whose own notes are theirs.
    lying, other = jpeg(exif_segment(six)), jpeg(exif_segment(three))
    yield Shown("motion.jpg", lying + film_of(8), 6)
    samsung = lying + b"\0\0\x30\x0aMotionPhoto_Data" + film_of(2) + b"SEFHk\0\0\0\0\0\0\0SEFT"
    yield Shown("samsung.jpg", samsung, 6)
    yield Shown("second.jpg", lying + other, 6)
    yield Shown("second-without-first.jpg", jpeg() + other)
    out = io.BytesIO()
    plain = Image.fromarray(picture())
    plain.save(out, "MPO", save_all=True, append_images=[plain.resize((48, 32))], quality=95, exif=b"Exif\0\0" + six)
    yield Shown("views.jpg", out.getvalue(), 6)
    gain = xmp(1).replace(
        b"tiff:Orientation", b'hdrgm:Version="1.0" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" x'
    )
    grey = io.BytesIO()
    Image.new("L", (48, 32), 100).save(grey, "JPEG")
    gained = jpeg(exif_segment(six), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + gain)) + grey.getvalue()
    yield Shown("gain-map.jpg", gained, 6)


# PNG and WebP


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png(*chunks: bytes, before: bytes = b"IDAT") -> bytes:
    plain = coded("PNG")
    at = plain.index(before) - 4
    return plain[:at] + b"".join(chunks) + plain[at:]


def pngs() -> Iterator[Shown]:
    for number in range(1, 9):
        yield Shown(f"exif-{number}.png", png(chunk(b"eXIf", turn_of(number))), number)
    six, three = turn_of(6), turn_of(3)
    for number in (0, 9):
        yield Shown(f"exif-{number}.png", png(chunk(b"eXIf", turn_of(number))))
    yield Shown("exif-little.png", png(chunk(b"eXIf", turn_of(6, "<"))), 6)
    yield Shown("behind-picture.png", png(chunk(b"eXIf", six), before=b"IEND"))
    yield Shown("two.png", png(chunk(b"eXIf", six), chunk(b"eXIf", three)), 6)
    yield Shown("with-name.png", png(chunk(b"eXIf", b"Exif\0\0" + six)))
    yield Shown("wrong-sum.png", png(chunk(b"eXIf", six)[:-4] + bytes(4)))
    words = b"XML:com.adobe.xmp\0\0\0\0\0"
    yield Shown("xmp.png", png(chunk(b"iTXt", words + xmp(6))))
    written = b"\nexif\n%8d\n" % (len(six) + 6) + (b"Exif\0\0" + six).hex().encode() + b"\n"
    yield Shown("as-text.png", png(chunk(b"tEXt", b"Raw profile type exif\0" + written)))
    yield Shown("as-packed-text.png", png(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(written))))
    yield Shown("long-note.png", png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))))
    yield Shown("short-note.png", png(chunk(b"pHYs", b"\0"), chunk(b"gAMA", b"\0"), chunk(b"eXIf", b"MM")))
    yield Shown("broken-profile.png", png(chunk(b"iCCP", b"x\0\7nonsense")))
    yield Shown("tail.png", png(chunk(b"eXIf", six)) + film_of(1), 6)
    yield Shown("second.png", png(chunk(b"eXIf", six)) + png(chunk(b"eXIf", three)), 6)


def webp(*chunks: bytes, flags: int = 0x08, front: bool = False) -> bytes:
    """A WebP in the form with room for notes."""
    plain = coded("WEBP", quality=95)
    image = plain[12:]
    notes = b"".join(chunks)
    head = (
        b"VP8X"
        + struct.pack("<IB3x", 10, flags)
        + (WIDTH - 1).to_bytes(3, "little")
        + (HEIGHT - 1).to_bytes(3, "little")
    )
    body = b"WEBP" + head + (notes + image if front else image + notes)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def piece(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webps() -> Iterator[Shown]:
    """A browser shows all of them as they are stored."""
    six = turn_of(6)
    for number in range(1, 9):
        yield Shown(f"exif-{number}.webp", webp(piece(b"EXIF", turn_of(number))))
    yield Shown("with-name.webp", webp(piece(b"EXIF", b"Exif\0\0" + six)))
    yield Shown("not-announced.webp", webp(piece(b"EXIF", six), flags=0))
    yield Shown("in-front.webp", webp(piece(b"EXIF", six), front=True))
    yield Shown("xmp.webp", webp(piece(b"XMP ", xmp(6)), flags=0x04))
    plain = coded("WEBP", quality=95)
    simple = plain[8:] + piece(b"EXIF", six)
    yield Shown("simple-form.webp", b"RIFF" + struct.pack("<I", len(simple)) + simple)
    yield Shown("tail.webp", webp(piece(b"EXIF", six)) + film_of(1))


# GIF and TIFF


def gifs() -> Iterator[Shown]:
    plain = coded("GIF")
    yield Shown("plain.gif", plain)
    yield Shown("tail.gif", plain + film_of(1))
    packet = xmp(6) + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    noted = plain[:-1] + b"!\xff\x0bXMP DataXMP" + packet + plain[-1:]
    yield Shown("xmp-behind.gif", noted)
    at = plain.index(b",\0\0\0\0")
    yield Shown("xmp.gif", b"GIF89a" + plain[6:at] + b"!\xff\x0bXMP DataXMP" + packet + plain[at:])


def tiffs() -> Iterator[Shown]:
    for number in range(0, 10):
        data = coded("TIFF", tiffinfo={0x0112: number}) if number else coded("TIFF")
        yield Shown(f"tag-{number}.tif", data, number if 1 <= number <= 8 else 1, browser=False)


# The family of MP4: stills


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version]) + flags.to_bytes(3, "big") + body)


def inside(data: bytes, kind: bytes) -> bytes:
    """The content of the first box of a kind, wherever it stands."""
    at = data.index(kind)
    return data[at + 4 : at - 4 + int.from_bytes(data[at - 4 : at], "big")]


def heif(brand: bytes, item: bytes, config: bytes, data: bytes, properties: list[bytes], exif: bytes = b"") -> bytes:
    """A still of this family with the properties named, in the order named."""
    known = [config, full(b"ispe", struct.pack(">II", WIDTH, HEIGHT)), full(b"pixi", bytes([3, 8, 8, 8])), *properties]
    numbers = b"".join(bytes([0x80 * (one >= 3 or one == 0) + one + 1]) for one in range(len(known)))
    ipma = full(b"ipma", struct.pack(">IHB", 1, 1, len(known)) + numbers)
    items = [(item, data)] + ([(b"Exif", struct.pack(">I", 0) + exif)] if exif else [])
    infe = b"".join(full(b"infe", struct.pack(">HH", n, 0) + kind + b"\0", 2) for n, (kind, _) in enumerate(items, 1))
    iinf = full(b"iinf", struct.pack(">H", len(items)) + infe)
    iref = full(b"iref", box(b"cdsc", struct.pack(">HHH", 2, 1, 1))) if exif else b""
    handler = full(b"hdlr", struct.pack(">I4s12xx", 0, b"pict"))
    primary = full(b"pitm", struct.pack(">H", 1))
    rest = iref + box(b"iprp", box(b"ipco", b"".join(known)) + ipma)

    def located(start: int) -> bytes:
        body = struct.pack(">BBH", 0x44, 0, len(items))
        for number, (_, content) in enumerate(items, 1):
            body += struct.pack(">HHHII", number, 0, 1, start, len(content))
            start += len(content)
        return full(b"iloc", body)

    ftyp = box(b"ftyp", brand + bytes(4) + b"mif1" + brand + b"miaf")
    length = len(ftyp + full(b"meta", handler + primary + located(0) + iinf + rest)) + 8
    meta = full(b"meta", handler + primary + located(length) + iinf + rest)
    return ftyp + meta + box(b"mdat", b"".join(content for _, content in items))


def rotated(quarters: int) -> bytes:
    """Turned against the clock."""
    return box(b"irot", bytes([quarters]))


def mirrored(axis: int) -> bytes:
    """0: top and bottom exchanged; 1: left and right."""
    return box(b"imir", bytes([axis]))


def of_family(suffix: str, build, browser: bool) -> Iterator[Shown]:
    def shown(name, turn, *properties, **more):
        return Shown(f"{name}.{suffix}", build(list(properties), **more), turn, browser=browser)

    yield shown("plain", 1)
    for quarters, turn in ((0, 1), (1, 8), (2, 3), (3, 6)):
        yield shown(f"irot-{quarters}", turn, rotated(quarters))
        for axis, mirror in ((0, 4), (1, 2)):
            both = QUARTERS
            for number in (turn, mirror):
                both = TURNED[number](both)
            same = next(number for number, how in TURNED.items() if np.array_equal(how(QUARTERS), both))
            yield shown(f"irot-{quarters}-imir-{axis}", same, rotated(quarters), mirrored(axis))
    yield shown("imir-0", 4, mirrored(0))
    yield shown("imir-1", 2, mirrored(1))
    yield shown("exif-only", 1, exif=turn_of(6))
    yield shown("irot-against-exif", 8, rotated(1), exif=turn_of(6))
    yield shown("irot-as-exif", 6, rotated(3), exif=turn_of(6))
    yield shown("imir-against-exif", 2, mirrored(1), exif=turn_of(6))


def avifs() -> Iterator[Shown]:
    plain = coded("AVIF", quality=90)
    config, data = box(b"av1C", inside(plain, b"av1C")), inside(plain, b"mdat")
    yield from of_family(
        "avif", lambda properties, exif=b"": heif(b"avif", b"av01", config, data, properties, exif), True
    )
    for name, exif in (("broken", b"MM\0*" + b"\xff" * 12), ("nonsense", b"nothing of any sense")):
        yield Shown(f"{name}-exif.avif", heif(b"avif", b"av01", config, data, [rotated(1)], exif), 8)
    yield Shown("xmp.avif", coded("AVIF", quality=90, xmp=xmp(6)))
    yield Shown("exif-and-xmp.avif", coded("AVIF", quality=90, xmp=xmp(6), exif=b"Exif\0\0" + turn_of(3)), 3)
    for number in range(1, 9):
        yield Shown(f"written-{number}.avif", coded("AVIF", quality=90, exif=b"Exif\0\0" + turn_of(number)), number)


def heics() -> Iterator[Shown]:
    plain = HEIC.read_bytes()
    config, data = box(b"hvcC", inside(plain, b"hvcC")), inside(plain, b"mdat")
    yield from of_family(
        "heic", lambda properties, exif=b"": heif(b"heic", b"hvc1", config, data, properties, exif), False
    )


# Films


def film(form: str, frames: int = 5, codec: str = "libx264", options=None, **kept) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=Fraction(10), options=options or {})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for name, value in kept.items():
            setattr(stream.codec_context, name, value)
        for _ in range(frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture())))
        container.mux(stream.encode())
    return out.getvalue()


MATRICES = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


def matrix(a: float, b: float, c: float, d: float) -> bytes:
    """As the format stores it; moved so that the picture begins at 0."""
    x = max(0, -a) * WIDTH + max(0, -c) * HEIGHT
    y = max(0, -b) * WIDTH + max(0, -d) * HEIGHT
    return struct.pack(">9i", *(round(one * 65_536) for one in (a, b, 0, c, d, 0, x, y)), 1 << 30)


def with_matrix(data: bytes, kind: bytes, numbers: bytes) -> bytes:
    """The film with another matrix in the header of its track (``tkhd``) or of all of it (``mvhd``)."""
    at = data.index(kind) + (44 if kind == b"tkhd" else 40)
    assert data[at : at + 4] == struct.pack(">i", 65_536)
    return data[:at] + numbers + data[at + 36 :]


def saying(data: bytes, what: str) -> bytes:
    """The film with frames that say themselves how to show them."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(out, "w", format="mp4") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        write = BitStreamFilterContext(f"h264_metadata=display_orientation=insert:{what}", stream, copy)
        for packet in source.demux(stream):
            for one in write.filter(packet if packet.dts is not None else None):
                one.stream = copy
                target.mux(one)
    return out.getvalue()


def films() -> Iterator[Shown]:
    plain = film("mp4")
    for number, numbers in MATRICES.items():
        yield Shown(f"track-{number}.mp4", with_matrix(plain, b"tkhd", matrix(*numbers)), number)
        yield Shown(f"film-{number}.mp4", with_matrix(plain, b"mvhd", matrix(*numbers)), number)
    both = with_matrix(with_matrix(plain, b"tkhd", matrix(*MATRICES[6])), b"mvhd", matrix(*MATRICES[2]))
    yield Shown("track-6-film-2.mp4", both, 5)
    both = with_matrix(with_matrix(plain, b"tkhd", matrix(*MATRICES[6])), b"mvhd", matrix(*MATRICES[6]))
    yield Shown("track-6-film-6.mp4", both, 3)
    yield Shown("track-6.mov", with_matrix(film("mov"), b"tkhd", matrix(*MATRICES[6])), 6)
    yield Shown("track-2.mov", with_matrix(film("mov"), b"tkhd", matrix(*MATRICES[2])), 2)
    yield Shown("empty-matrix.mp4", with_matrix(plain, b"tkhd", bytes(36)))
    yield Shown("doubled.mp4", with_matrix(plain, b"tkhd", matrix(2, 0, 0, 2)))
    yield Shown("slanting.mp4", with_matrix(plain, b"tkhd", matrix(0.7071, 0.7071, -0.7071, 0.7071)))
    yield Shown("almost.mp4", with_matrix(plain, b"tkhd", matrix(0.9998, 0.0175, -0.0175, 0.9998)))
    wide = film("mp4", sample_aspect_ratio=Fraction(2))
    yield Shown("wide.mp4", wide, size=(2 * WIDTH, HEIGHT))
    yield Shown("wide-6.mp4", with_matrix(wide, b"tkhd", matrix(*MATRICES[6])), 6, size=(2 * WIDTH, HEIGHT))
    yield Shown("narrow.mp4", film("mp4", sample_aspect_ratio=Fraction(1, 2)), size=(WIDTH, 2 * HEIGHT))
    yield Shown("frames-say-turn.mp4", saying(plain, "rotate=90"))
    yield Shown("frames-say-mirror.mp4", saying(plain, "flip=horizontal"))
    both = with_matrix(saying(plain, "rotate=90"), b"tkhd", matrix(*MATRICES[2]))
    yield Shown("frames-say-other.mp4", both, 2)
    yield Shown("plain.webm", film("webm", codec="libvpx-vp9"))


def everything() -> list[Shown]:
    """All of them."""
    found = [*jpegs(), *pngs(), *webps(), *gifs(), *tiffs(), *avifs(), *heics(), *films()]
    assert len({one.name for one in found}) == len(found)
    return found


# Animations


@dataclass(frozen=True)
class Moving:
    """An animation of a few frames, each laid onto a part of the last; and what is seen after each step."""

    name: str
    data: bytes
    frames: tuple[np.ndarray, ...]

    def __str__(self) -> str:
        return self.name


CANVAS = (32, 24)
KEEP, CLEAR, BACK = 0, 1, 2
"""What becomes of a frame before the next one comes, as PNG counts."""


def patches(dispose: tuple[int, ...], *, over: bool) -> list[tuple[int, int, np.ndarray, int]]:
    """Frames as left, top, pixels with a hole in them, and what becomes of them."""
    made = []
    for number, (name, after) in enumerate(zip(COLOURS, dispose, strict=True)):
        size = CANVAS if number == 0 and over else (16, 12)
        pixels = np.empty((size[1], size[0], 4), np.uint8)
        pixels[:] = (*COLOURS[name], 255)
        pixels[4:8, 4:10] = 0
        left, top = (0, 0) if size == CANVAS else (2 + 4 * number, 2 * number)
        made.append((left, top, pixels, after))
    return made


def seen(laid, *, over: bool) -> tuple[np.ndarray, ...]:
    """The frames on white, by the rules of the formats."""
    canvas = np.zeros((CANVAS[1], CANVAS[0], 4), np.uint8)
    found = []
    for number, (left, top, pixels, after) in enumerate(laid):
        place = canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]]
        before = place.copy()
        place[:] = np.where(pixels[..., 3:] > 0, pixels, before) if over else pixels
        found.append(np.where(canvas[..., 3:] > 0, canvas[..., :3], 255).astype(np.uint8))
        if after == CLEAR or (after == BACK and number == 0):
            place[:] = 0
        elif after == BACK:
            place[:] = before
    return tuple(found)


def moving_png(laid, *, over: bool) -> bytes:
    def control(sequence: int, left: int, top: int, pixels: np.ndarray, after: int) -> bytes:
        size = struct.pack(">IIIII", sequence, pixels.shape[1], pixels.shape[0], left, top)
        return chunk(b"fcTL", size + struct.pack(">HHBB", 1, 10, after, over))

    def packed(pixels: np.ndarray) -> bytes:
        return zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *CANVAS, 8, 6, 0, 0, 0))
    data += chunk(b"acTL", struct.pack(">II", len(laid), 0))
    sequence = 0
    if laid[0][2].shape[1::-1] != CANVAS:  # what programs show that know no animations
        data += chunk(b"IDAT", packed(np.zeros((CANVAS[1], CANVAS[0], 4), np.uint8)))
    for number, (left, top, pixels, after) in enumerate(laid):
        data += control(sequence, left, top, pixels, after)
        sequence += 1
        if number == 0 and pixels.shape[1::-1] == CANVAS:
            data += chunk(b"IDAT", packed(pixels))
        else:
            data += chunk(b"fdAT", struct.pack(">I", sequence) + packed(pixels))
            sequence += 1
    return data + chunk(b"IEND", b"")


def moving_webp(laid, *, over: bool) -> bytes:
    body = b"WEBP" + piece(
        b"VP8X", struct.pack("<B3x", 0x12) + b"".join((one - 1).to_bytes(3, "little") for one in CANVAS)
    )
    body += piece(b"ANIM", struct.pack("<IH", 0xFF00FFFF, 0))
    for left, top, pixels, after in laid:
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "WEBP", lossless=True, exact=True)
        image = out.getvalue()[12:]
        image = image[image.index(b"VP8L") :]
        numbers = (left // 2, top // 2, pixels.shape[1] - 1, pixels.shape[0] - 1, 100)
        head = b"".join(one.to_bytes(3, "little") for one in numbers)
        body += piece(b"ANMF", head + bytes([(after == CLEAR) | (not over) << 1]) + image)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def moving_gif(laid) -> bytes:
    table = [(255, 255, 255), *COLOURS.values()]
    colours = b"".join(bytes(one) for one in table + [(0, 0, 0)] * 3)
    data = b"GIF89a" + struct.pack("<HHBBB", *CANVAS, 0x82, 4, 0) + colours
    for left, top, pixels, after in laid:
        numbers = np.zeros(pixels.shape[:2], np.uint8)
        for number, one in enumerate(table):
            numbers[(pixels[..., 3] > 0) & (pixels[..., :3] == one).all(axis=-1)] = number
        image = Image.fromarray(numbers)
        image = image.convert("P")
        image.putpalette([value for one in table for value in one] + [0, 0, 0] * 3)
        out = io.BytesIO()
        image.save(out, "GIF", optimize=False)
        whole = out.getvalue()
        at = whole.index(b"," + struct.pack("<HHHH", 0, 0, pixels.shape[1], pixels.shape[0]))
        # the picture data follows, with a table of its own if there is one
        kept = whole[at + 9 : -1]
        data += b"!\xf9\x04" + struct.pack("<BHB", (after + 1) << 2 | 1, 10, 0) + b"\0"
        data += b"," + struct.pack("<HHHH", left, top, pixels.shape[1], pixels.shape[0]) + kept
    return data + b";"


def animations() -> Iterator[Moving]:
    """Every way in which a frame can give way to the next."""
    for after, words in (
        ((KEEP,) * 4, "keep"),
        ((CLEAR,) * 4, "clear"),
        ((BACK,) * 4, "back"),
        ((0, 1, 2, 0), "mixed"),
    ):
        for over in (True, False):
            laid = patches(after, over=over)
            how = f"{words}-{'over' if over else 'instead'}"
            yield Moving(f"{how}.png", moving_png(laid, over=over), seen(laid, over=over))
            if BACK not in after:
                yield Moving(f"{how}.webp", moving_webp(laid, over=over), seen(laid, over=over))
        for first in (True, False):
            laid = patches(after, over=first)
            name = f"{words}-{'whole' if first else 'part'}.gif"
            yield Moving(name, moving_gif(laid), seen(laid, over=True))
            yield Moving(f"tail-{name}", moving_gif(laid) + film_of(1), seen(laid, over=True))
