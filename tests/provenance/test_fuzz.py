"""Files damaged in 600 ways, always the same ones: a defined answer or a sentence, soon, and nothing else."""

import time

import numpy as np
import pytest

from course import media
from course.provenance import ProvenanceError, edited, read_bytes, remarks, stripped

SEED, EACH = 20_261, 60


def mutate(raw: bytes, rng: np.random.Generator) -> bytes:
    data = bytearray(raw)
    size = len(data)
    # most of what a reader believes without a check stands in the first bytes
    at = int(rng.integers(min(size, 4096) if rng.random() < 0.7 else size))
    length = int(rng.integers(1, max(2, min(size, 4096) // 4)))
    match rng.integers(7):
        case 0:
            del data[at:]
        case 1:
            for one in rng.integers(min(size, 2048), size=12):
                data[one] ^= 1 << int(rng.integers(8))
        case 2:
            data[at : at + length] = bytes(len(data[at : at + length]))
        case 3:
            data[at : at + length] = b"\xff" * len(data[at : at + length])
        case 4:
            lie = int(rng.choice([0, 1, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]))
            data[at : at + 4] = lie.to_bytes(4, rng.choice(["big", "little"]))
        case 5:
            other = int(rng.integers(size))
            data[at:] = data[other:] + data[at:other]
        case _:
            data[at:at] = data[at : at + length] * 3
    return bytes(data)


@pytest.fixture(scope="module")
def samples(coded):
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model"
    exif[0x8769] = {0x9003: "2026:01:02 03:04:00", 0x9286: b"ASCII\0\0\0hello"}
    exif[0x8825] = {1: "S", 2: (15.0, 48.0, 0.0), 3: "W", 4: (48.0, 0.0, 0.0), 29: "2026:01:02", 7: (1.0, 2.0, 3.0)}
    made = {f"{kind} made here": coded(kind, exif) for kind in ("JPEG", "PNG", "WEBP", "AVIF")}
    files = {
        name: file.path.read_bytes()[:120_000] if name != "fox" else file.path.read_bytes()
        for name, file in media.whole_files().items()
        if file.kind != "map"
    }
    return {**made, **files, "nothing but zeros": bytes(2000)}


def test_damaged_files_give_a_defined_answer_or_a_sentence(samples):
    read = refused = 0
    for n, (name, raw) in enumerate(samples.items()):
        for number in range(EACH):
            data = mutate(raw, np.random.default_rng([SEED, n, number]))
            start = time.process_time()
            try:
                found = read_bytes(data, name)
                remarks(found, name)
                read += 1
                assert all(
                    isinstance(value, str) and len(value) <= 4_000 and "\n" not in value
                    for fields in found.sections.values()
                    for value in fields.values()
                ), (name, number)
            except ProvenanceError as error:
                refused += 1
                assert str(error).endswith(".") and "\n" not in str(error), (name, number)
            for act in (stripped, lambda one: edited(one, camera="Other", place=(1.5, 2.5))):
                try:
                    assert act(data)
                except ProvenanceError as error:
                    assert str(error).endswith(".") and "\n" not in str(error), (name, number)
            assert time.process_time() - start < 3, (name, number)
    assert read > 150 and refused > 80
