"""The builder: files as they were written down, and a wrong selection is refused."""

import dataclasses
import importlib.util
import inspect
import io
import sys
import tarfile
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from course import media

SCRIPT = Path(__file__).resolve().parents[2] / "data" / "media" / "build.py"


def load_script():
    spec = importlib.util.spec_from_file_location("look_twice_media_build", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


build = load_script()
RANDOM = np.random.default_rng(7)
FRAMES = [np.full((80, 100, 3), 40 + 4 * i, np.uint8) for i in range(40)]
for _i, _frame in enumerate(FRAMES):
    _frame[20:40, _i : _i + 20] = RANDOM.integers(0, 256, (20, 20, 3))
TIMES = np.arange(40) / 15


def shipped_pick(name="giraffe"):
    return build.read_selection()[name]


def test_padding_is_exact_and_harmless():
    mp4 = build.encode_clip(FRAMES[:6], 12)
    for size in (len(mp4) + 8, len(mp4) + 9, len(mp4) + 100_000):
        padded = build.pad_clip(mp4, size)
        assert len(padded) == size
        with av.open(io.BytesIO(padded)) as container:
            assert sum(1 for _ in container.decode(video=0)) == 6
    jpeg = build.encode_still(FRAMES[0])
    plain = np.asarray(Image.open(io.BytesIO(jpeg)))
    for extra in (4, 5, 65_537, 65_538, 65_540, 65_541, 131_074, 131_075, 200_000):
        padded = build.pad_still(jpeg, len(jpeg) + extra)
        assert len(padded) == len(jpeg) + extra
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(padded))), plain)
    with pytest.raises(build.BuildError, match="do not fit"):
        build.pad_clip(mp4, len(mp4) + 7)
    with pytest.raises(build.BuildError, match="do not fit"):
        build.pad_still(jpeg, len(jpeg) + 3)


def test_a_webp_clip_keeps_its_own_durations():
    raw = io.BytesIO()
    images = [Image.fromarray(frame) for frame in FRAMES[:4]]
    images[0].save(raw, "WEBP", save_all=True, append_images=images[1:], duration=[33, 34, 33, 100])
    frames, times = build.decode_clip(raw.getvalue())
    assert len(frames) == 4
    assert times == pytest.approx([0, 0.033, 0.067, 0.1])


def test_a_still_can_be_one_frame_of_a_clip():
    raw = io.BytesIO()
    images = [Image.fromarray(np.full((64, 64, 3), 60 * i, np.uint8)) for i in range(4)]
    images[0].save(raw, "WEBP", save_all=True, append_images=images[1:], duration=[100, 300, 100, 100])
    shown = [round(build.decode_still(raw.getvalue(), start).mean() / 60) for start in (0.0, 0.06, 0.3, 0.4, 9.0)]
    assert shown == [0, 1, 2, 2, 3]
    assert build.decode_still(raw.getvalue()).mean() < 5
    still = build.encode_still(FRAMES[3])
    assert np.array_equal(build.decode_still(still, 2.0), build.decode_still(still))


def test_a_video_keeps_its_own_time_stamps():
    frames, times = build.decode_clip(build.encode_clip(FRAMES, Fraction(30000, 1001)))
    assert len(frames) == 40
    assert times == pytest.approx(np.arange(40) * 1001 / 30000, abs=1e-3)
    some, later = build.decode_clip(build.encode_clip(FRAMES, 10), start=2.0, end=2.5)
    assert later[0] == pytest.approx(1.5) and later[-1] == pytest.approx(3.0)
    assert len(some) == len(later)


def test_repeated_frames_are_taken_out_only_where_they_are():
    pick = dataclasses.replace(shipped_pick(), crop=(0, 0, 100, 80), start=0.0, frames=None)
    doubled = [FRAMES[i] for i in (0, 0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10, 11)]
    times = np.arange(len(doubled)) / 30
    kept, rate = build.exhibit_frames(doubled, times, pick)
    assert len(kept) == 12 and rate == 24
    with pytest.raises(build.BuildError, match="not a repeat"):
        build.exhibit_frames(FRAMES[:15], times, pick)


def test_a_wrong_rate_is_refused():
    pick = dataclasses.replace(shipped_pick(), crop=(0, 0, 100, 80), start=0.0, repeat_every=None, rate=30.0)
    with pytest.raises(build.BuildError, match="time stamps"):
        build.exhibit_frames(FRAMES, TIMES, pick)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"origin": "camera"}, "no generator"),
        ({"generator": None}, "needs generator"),
        ({"kind": "song"}, "neither clip nor still"),
        ({"subject": "unicorn"}, "subject"),
        ({"purpose": "parity", "crop": (0, 0, 10, 12)}, "square"),
        ({"alt": " "}, "alt is empty"),
    ],
)
def test_an_incomplete_selection_is_refused(change, words):
    assert list(shipped_pick().problems()) == []
    assert words in " ".join(dataclasses.replace(shipped_pick(), **change).problems())


def test_an_unknown_field_or_a_second_id_is_refused(tmp_path):
    (tmp_path / "selection").mkdir()
    entry = """[[item]]
id = "x"
kind = "still"
origin = "camera"
subject = "sky"
package = "p"
member = "m"
crop = [0, 0, 9, 9]
alt = "A sky."
author = "A"
licence = "MIT"
purpose = "parity"
"""
    path = tmp_path / "selection" / "some.toml"
    path.write_text(entry + 'colour = "blue"\n', encoding="utf-8")
    with pytest.raises(build.BuildError, match="colour"):
        build.read_selection(tmp_path)
    path.write_text(entry + entry, encoding="utf-8")
    with pytest.raises(build.BuildError, match="twice"):
        build.read_selection(tmp_path)
    path.write_text(entry, encoding="utf-8")
    assert list(build.read_selection(tmp_path)) == ["x"]


CUE = {"region": [0.1, 0.1, 0.2, 0.2], "frames": [0, 3], "family": "time", "reason": "It melts."}


@pytest.mark.parametrize(
    ("origin", "fields", "words"),
    [
        ("generated", {"difficulty": 4, "nothing": "We looked."}, "1, 2 or 3"),
        ("generated", {"difficulty": 2}, "either cues or a sentence"),
        ("generated", {"difficulty": 2, "nothing": "We looked.", "cue": (CUE,)}, "either cues or a sentence"),
        ("generated", {"difficulty": 2, "cue": (CUE,) * 4}, "three cues"),
        ("generated", {"difficulty": 2, "cue": (CUE | {"family": "magic"},)}, "'magic'"),
        ("generated", {"difficulty": 2, "cue": ({"reason": "It melts."},)}, "region, frames"),
        ("camera", {"difficulty": 2, "nothing": "We looked."}, "odd ones have cues"),
        ("camera", {"difficulty": 2, "cue": (CUE,)}, "odd ones have cues"),
    ],
)
def test_an_incomplete_annotation_is_refused(origin, fields, words):
    pick = dataclasses.replace(shipped_pick(), origin=origin, odd=False)
    assert words in " ".join(build.Annotation(**fields).problems(pick))
    assert list(build.Annotation(1, cue=(CUE,)).problems(shipped_pick())) == []


def test_an_annotation_of_nothing_or_a_second_one_is_refused(tmp_path):
    (tmp_path / "annotations").mkdir()
    picks = {"giraffe": shipped_pick()}
    for text, words in [
        ('[ghost]\ndifficulty = 1\nnothing = "We looked."\n', "nothing in the selection"),
        ('[giraffe]\ndifficulty = 1\ncolour = "red"\n', "unknown field colour"),
    ]:
        (tmp_path / "annotations" / "a.toml").write_text(text, encoding="utf-8")
        with pytest.raises(build.BuildError, match=words):
            build.read_annotations(picks, tmp_path)
    text = '[giraffe]\ndifficulty = 1\nnothing = "We looked."\n'
    for name in "ab":
        (tmp_path / "annotations" / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(build.BuildError, match="twice"):
        build.read_annotations(picks, tmp_path)


def tar_bytes(compression=""):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode=f"w:{compression}") as tar:
        info = tarfile.TarInfo("./usr/share/a.txt")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    return raw.getvalue()


def test_members_are_read_out_of_every_kind_of_package(tmp_path):
    wheel, npm, deb = tmp_path / "a.whl", tmp_path / "a.tgz", tmp_path / "a.deb"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a/b.txt", "hello")
    npm.write_bytes(tar_bytes("gz"))
    data = tar_bytes("xz")

    def part(name, body):
        header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n".encode()
        return header + body + b"\n" * (len(body) % 2)

    deb.write_bytes(b"!<arch>\n" + part("debian-binary", b"2.0\n") + part("data.tar.xz/", data))
    assert build.read_member(wheel, "a/b.txt") == b"hello"
    assert build.read_member(npm, "usr/share/a.txt") == b"hello"
    assert build.read_member(deb, "usr/share/a.txt") == b"hello"
    with pytest.raises(build.BuildError, match="holds no"):
        build.read_member(deb, "usr/share/b.txt")


def test_an_archive_that_is_not_the_pinned_one_is_refused(tmp_path):
    package = next(iter(build.read_packages().values()))
    (tmp_path / package.file).write_bytes(b"something else")
    with pytest.raises(build.BuildError, match="SHA-256"):
        build.fetch(package, tmp_path)


def test_the_licence_of_each_package_ships_beside_the_pictures():
    packages = build.read_packages()
    used = {packages[pick.package] for pick in build.read_selection().values()}
    folder = SCRIPT.parent / "licences"
    assert {path.stem for path in folder.iterdir()} == {package.key for package in used if package.notice}
    assert all(len(path.read_text(encoding="utf-8")) > 500 for path in folder.iterdir())
    # where the archive holds none, its metadata names a licence that asks for a line, and the credits give it
    assert {package.licence for package in used if not package.notice} <= {"MIT", "BSD-3-Clause"}


def test_packages_are_fetched_by_name_and_version_only():
    packages = build.read_packages()
    for package in packages.values():
        command = " ".join(build.download_command(package))
        assert package.name in command and package.version in command
        assert "://" not in command and "index" not in command
    assert {pick.package for pick in build.read_selection().values()} <= packages.keys()


def test_selection_catalogue_and_files_agree(capsys):
    assert build.main(["--check"]) == 0
    assert "agree" in capsys.readouterr().out
    picks = build.read_selection()
    entries = [{"id": "ghost", "path": "media/clips/ghost.mp4", "sha256": ""}]
    assert len(build.check(entries, {"giraffe": picks["giraffe"]})) == 3
    catalogue = media.catalogue()
    for name, pick in picks.items():
        item = catalogue[name]
        for field in ("alt", "origin", "subject", "purpose", "generator", "prompt", "licence", "author"):
            assert getattr(item, field) == getattr(pick, field), (name, field)


def test_what_makes_the_pictures_is_not_told_where_they_come_from():
    for function in (
        build.parity_clip,
        build.parity_still,
        build.encode_clip,
        build.encode_still,
        build.make,
    ):
        assert "origin" not in inspect.getsource(function)
