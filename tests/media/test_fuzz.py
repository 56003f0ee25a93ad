"""Files damaged in 1,300 ways, always the same ones: each is refused with a sentence, or read right.

They are opened in two child processes, so that a decoder that crashes or hangs is caught and named. To see one
again, run ``python tests/media/test_fuzz.py FOLDER NUMBER NUMBER+1`` with the folder of samples that pytest names.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SEED = 20_260
MUTATIONS = 1_300
SECONDS = 2.0
MEGABYTES = 500


def write_samples(folder, picture, write_film):
    """One small clean file of each kind and each way of storing."""
    import cv2
    from PIL import Image

    still = Image.fromarray(picture())
    moving = [Image.fromarray(np.roll(picture(), 8 * i, axis=1)) for i in range(6)]
    exif = Image.Exif()
    exif[0x0112] = 6
    still.save(folder / "plain.jpg", exif=exif)
    still.save(folder / "progressive.jpg", progressive=True)
    still.convert("CMYK").save(folder / "cmyk.jpg")
    still.save(folder / "plain.png")
    still.convert("P").save(folder / "palette.png")
    cv2.imwrite(str(folder / "deep.png"), picture().astype(np.uint16) * 257)
    still.save(folder / "plain.webp")
    still.save(folder / "plain.avif")
    still.save(folder / "plain.tif", compression="tiff_lzw", exif=exif)
    for name in ("moving.png", "moving.gif", "moving.webp", "moving.avif"):
        moving[0].save(folder / name, save_all=True, append_images=moving[1:], duration=50)
    (folder / "phone.heic").write_bytes((Path(__file__).parent / "phone.heic").read_bytes())
    write_film(folder / "h264.mp4", frames=6)
    write_film(folder / "h264.mov", frames=6)
    write_film(folder / "hevc.mp4", frames=6, codec="libx265", pix_fmt="yuv420p10le", color_trc=16, color_primaries=9)
    write_film(folder / "vp9.webm", frames=6, codec="libvpx-vp9")


def mutate(raw, other, rng):
    """Damage a file: cut, flipped, wiped, swapped, a lying length, another file's middle, or a long tail."""
    raw = bytearray(raw)
    size = len(raw)
    start = int(rng.integers(size))
    length = int(rng.integers(1, max(2, size // 4)))
    # most of what a reader believes without a check stands in the first bytes
    early = int(rng.integers(min(size, 256)))
    match rng.integers(9):
        case 0:
            del raw[start:]
        case 1:
            for at in rng.integers(size, size=int(rng.integers(1, 20))):
                raw[at] ^= 1 << int(rng.integers(8))
        case 2:
            raw[early] = int(rng.integers(256))
        case 3:
            raw[start : start + length] = bytes(len(raw[start : start + length]))
        case 4:
            raw[start : start + length] = b"\xff" * len(raw[start : start + length])
        case 5:
            second = int(rng.integers(size))
            raw[start:] = raw[second:] + raw[start:second]
        case 6:
            lie = int(rng.choice([0, 1, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]))
            at = early if rng.random() < 0.5 else start
            raw[at : at + 4] = lie.to_bytes(4, rng.choice(["big", "little"]))
        case 7:
            raw[start : start + length] = other[int(rng.integers(len(other))) :][:length]
        case _:
            raw += rng.bytes(int(rng.integers(100_000)))
    return bytes(raw)


def wrong(opened):
    """What is wrong with something that was read; empty if nothing is."""
    from course import media

    if isinstance(opened, media.Still):
        pixels, good = opened.pixels, opened.pixels.ndim == 3
    else:
        pixels = opened.frames
        good = pixels.ndim == 4 and 1 <= opened.fps <= 30 and len(pixels) <= 300 and max(pixels.shape[1:3]) <= 720
    good = good and pixels.dtype == np.uint8 and pixels.shape[-1] == 3 and pixels.size and not pixels.flags.writeable
    return "" if good else f"shape {pixels.shape}, {pixels.dtype}"


def memory():
    """The most memory that this process ever held, in MB; None where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` tells on Linux may be of the parent
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def child(folder, first, last):
    """Open the mutations from `first` to before `last`; print one line of JSON for each, before and after."""
    from course import media

    samples = sorted(Path(folder).iterdir())
    for sample in samples:  # what is imported and cached on first use is done with here
        media.open_file(sample)
    before = memory()
    path = Path(folder).parent / f"damaged-{first}.bin"
    watching, touched = False, []

    def audit(event, arguments):
        if watching and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
            touched.append(f"{event} {arguments[0]!r}")

    sys.addaudithook(audit)
    for number in range(first, last):
        rng = np.random.default_rng([SEED, number])
        sample, other = samples[number % len(samples)], samples[int(rng.integers(len(samples)))]
        path.write_bytes(mutate(sample.read_bytes(), other.read_bytes(), rng))
        print(json.dumps({"number": number, "sample": sample.name}), flush=True)
        start, fault, refused = time.monotonic(), "", None
        watching = True
        try:
            fault = wrong(media.open_file(path))
        except media.MediaError as error:
            refused = str(error)
        watching = False
        elsewhere = [one for one in touched if repr(path.name)[1:-1] not in one]
        line = {"number": number, "sample": sample.name, "refused": refused, "fault": fault, "touched": elsewhere}
        line |= {"seconds": time.monotonic() - start, "grown": memory() - before if before else 0}
        print(json.dumps(line), flush=True)
        touched.clear()


def test_damaged_files_are_refused_or_read_right(tmp_path, picture, write_film):
    samples = tmp_path / "samples"
    samples.mkdir()
    write_samples(samples, picture, write_film)
    half = MUTATIONS // 2
    children = []
    for first, last in ((0, half), (half, MUTATIONS)):
        out, errors = (tmp_path / f"{first}.{kind}" for kind in ("out", "errors"))
        command = [sys.executable, __file__, str(samples), str(first), str(last)]
        with out.open("wb") as out_file, errors.open("wb") as errors_file:
            process = subprocess.Popen(command, stdout=out_file, stderr=errors_file, cwd=Path(__file__).parents[2])
        children.append((process, out, errors, last))
    told = []
    for process, out, errors, last in children:
        try:
            code = process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            code = "too slow"
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        said = errors.read_text(encoding="utf-8", errors="replace")[-2000:]
        assert code == 0 and lines[-1]["number"] == last - 1, f"seed {SEED}: ended with {code} at {lines[-1:]}\n{said}"
        told += [line for line in lines if "seconds" in line]
    assert len(told) == MUTATIONS
    for line in told:
        assert not line["fault"] and not line["touched"], line
        assert line["seconds"] < SECONDS and line["grown"] < MEGABYTES, line
        said = line["refused"]
        assert said is None or (said.endswith(".") and ": " in said and "\n" not in said), line
    refused = sum(line["refused"] is not None for line in told)
    assert MUTATIONS / 4 < refused < MUTATIONS * 3 / 4, "neither always refused nor always read"


if __name__ == "__main__":
    child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
