"""The catalogue tells the truth about every file, and gives nothing away."""

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from course import media
from course.media.catalogue import FAMILIES, data_folder, problem

CATALOGUE = media.catalogue()
GENERATORS = sorted({item.generator for item in CATALOGUE.values() if item.generator})


def clips(**wanted):
    return CATALOGUE.where(kind="clip", **wanted)


def test_there_is_enough_to_look_at():
    """The pack is as large as the course needs for three forms, practice and pairs."""
    counts = {
        (kind, origin): len(CATALOGUE.where(kind=kind, origin=origin, purpose="parity"))
        for kind in ("clip", "still")
        for origin in ("camera", "generated")
    }
    assert counts["clip", "camera"] >= 24 and counts["clip", "generated"] >= 32
    assert counts["still", "camera"] >= 50 and counts["still", "generated"] >= 50
    assert len({item.generator for item in clips(origin="generated", purpose="parity")}) >= 12
    assert len(CATALOGUE.where(kind="clip", generator="Sora 2")) >= 1
    assert len(CATALOGUE.where(odd=True, origin="camera")) >= 12
    assert len(CATALOGUE.where(plain=True, origin="generated")) >= 12


@pytest.mark.parametrize("item", CATALOGUE.where(origin="generated"), ids=lambda item: item.id)
def test_every_generated_item_says_what_can_be_pointed_at(item):
    assert 1 <= len(item.cues) <= 3 or (not item.cues and item.nothing.startswith("We "))
    assert not (item.cues and item.nothing)


@pytest.mark.parametrize("item", CATALOGUE.where(origin="camera"), ids=lambda item: item.id)
def test_camera_items_have_cues_only_where_they_look_odd(item):
    assert bool(item.cues) == item.odd and item.nothing is None and not item.plain


@pytest.mark.parametrize("item", [item for item in CATALOGUE.values() if item.cues], ids=lambda item: item.id)
def test_a_cue_points_into_its_picture(item):
    for cue in item.cues:
        x, y, width, height = cue.region
        assert x >= 0 and y >= 0 and width >= 0.05 and height >= 0.05
        assert x + width <= 1 + 1e-9 and y + height <= 1 + 1e-9
        first, last = cue.frames
        assert 0 <= first <= last < (item.frames or 1)
        assert cue.family in FAMILIES
        assert cue.reason[0].isupper() and cue.reason.endswith(".") and "fake" not in cue.reason.lower()
    assert item.difficulty in (1, 2, 3)


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=lambda item: item.id)
def test_every_item_is_documented(item):
    assert item.kind in ("clip", "still")
    assert item.origin in ("camera", "generated")
    assert item.purpose in ("parity", "exhibit", "laboratory")
    for field in ("subject", "alt", "licence", "author", "publisher", "package", "version", "member"):
        assert getattr(item, field).strip(), field
    assert item.registry in ("pypi", "debian", "npm")
    assert re.fullmatch(r"[0-9a-f]{64}", item.sha256) and re.fullmatch(r"[0-9a-f]{64}", item.source_sha256)
    if item.origin == "generated":
        assert item.generator and item.dated_by
        assert re.fullmatch(r"20\d\d(-\d\d)?(-\d\d)?", item.generated_on)
    else:
        assert item.generator is item.generated_on is item.dated_by is item.prompt is None
    assert item.odd == bool(item.odd_reason)
    assert (item.fps is None) == (item.frames is None) == (item.kind == "still")
    assert item.licence in item.credit and item.author in item.credit
    assert item.path.is_absolute() and item.path.stem == item.id


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=lambda item: item.id)
def test_id_and_text_alternative_give_nothing_away(item):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", item.id)
    words = set(re.findall(r"[a-z0-9.]+", f"{item.id} {item.alt}".lower()))
    telling = {
        "ai",
        "generated",
        "generator",
        "model",
        "fake",
        "real",
        "rendered",
        "render",
        "glitch",
        "lens",
    }
    telling |= {
        "artificial",
        "synthetic",
        "impossible",
        "artifact",
        "artefact",
        "deepfake",
        "footage",
        "camera",
    }
    names = {word for name in GENERATORS for word in re.findall(r"[a-z]{4,}", name.lower())}
    # Words that names of generators share with plain descriptions.
    names -= {"image", "video", "flash", "draft", "diffusion", "stable", "large", "flow"}
    assert not words & (telling | names), item.alt
    assert 20 <= len(item.alt) <= 300 and item.alt.endswith(".")


def test_files_are_those_of_the_catalogue():
    assert [item.id for item, wrong in media.verify(CATALOGUE) if wrong] == []
    shipped = {path for folder in ("clips", "stills") for path in (data_folder() / "media" / folder).iterdir()}
    assert shipped == {item.path for item in CATALOGUE.values()}


def test_the_pack_stays_small():
    assert max(item.bytes for item in CATALOGUE.values()) <= 2_000_000
    assert sum(item.bytes for item in CATALOGUE.values()) <= 45_000_000


def test_the_listing_is_sorted_and_names_no_place_on_a_machine():
    raw = (data_folder() / "media" / "catalogue.json").read_text(encoding="utf-8")
    ids = [entry["id"] for entry in json.loads(raw)["items"]]
    assert ids == sorted(ids) == list(CATALOGUE)
    assert "http" not in raw and "/home/" not in raw and "\\\\" not in raw
    assert all(not Path(entry["path"]).is_absolute() for entry in json.loads(raw)["items"])


def test_pairs_have_one_of_each_origin_and_like_subjects():
    assert {"waves", "street", "animal"} <= set(CATALOGUE.pairs)
    for pair in CATALOGUE.pairs.values():
        assert (pair.camera.origin, pair.generated.origin) == ("camera", "generated")
        assert pair.camera.kind == pair.generated.kind
        assert (pair.camera.width, pair.camera.fps, pair.camera.frames) == (
            pair.generated.width,
            pair.generated.fps,
            pair.generated.frames,
        )
    assert media.pair("waves").camera.subject == "water"


def test_where_filters_and_refuses_unknown_fields():
    assert all(item.kind == "still" for item in CATALOGUE.where(kind="still"))
    assert CATALOGUE.where(generator="no such thing") == ()
    with pytest.raises(TypeError, match="colour"):
        CATALOGUE.where(colour="blue")


def test_reading_the_catalogue_is_quick():
    from course.media.catalogue import _read

    best = 1.0
    for _ in range(5):
        _read.cache_clear()
        start = time.perf_counter()
        media.catalogue()
        best = min(best, time.perf_counter() - start)
    assert best < 0.05
    assert media.catalogue() is media.catalogue()


def copy_of_data(tmp_path):
    folder = tmp_path / "data"
    (folder / "media").mkdir(parents=True)
    for name in ("catalogue.json", "pairs.toml"):
        shutil.copy(data_folder() / "media" / name, folder / "media" / name)
    return folder


def test_another_folder_can_be_named(tmp_path, monkeypatch):
    folder = copy_of_data(tmp_path)
    monkeypatch.setenv("LOOK_TWICE_DATA", str(folder))
    moved = media.catalogue()
    assert moved["giraffe"].path == folder / "media" / "clips" / "giraffe.mp4"
    assert "missing" in problem(moved["giraffe"])


def test_a_missing_or_damaged_listing_is_said_plainly(tmp_path):
    with pytest.raises(media.MediaError, match=r"missing.*git restore data/media"):
        media.catalogue(tmp_path / "nowhere")
    folder = copy_of_data(tmp_path)
    listing = folder / "media" / "catalogue.json"
    for damage in ("", "{", '{"items": [{"id": "giraffe"}]}', "[]", '{"items": 3}'):
        listing.write_text(damage, encoding="utf-8")
        from course.media.catalogue import _read

        _read.cache_clear()
        with pytest.raises(media.MediaError, match=r"damaged.*git restore data/media"):
            media.catalogue(folder)
    _read.cache_clear()
