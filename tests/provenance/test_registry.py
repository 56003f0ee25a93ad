"""A registry: what was entered is found again, damage is named, nothing else is kept."""

from __future__ import annotations

import json

import pytest

from course.provenance import Entry, ProvenanceError, Registry

BOATS = Entry(0xC0FFEE12, 0xFF00FF00FF00FF00, "Boats at dawn · ñ", b"signed \x00\xff")
LAKE = Entry(7, 0xFF00FF00FF00FF0F, "Salt lake", b"signed too")


@pytest.fixture
def registry(tmp_path) -> Registry:
    made = Registry(tmp_path / "registry")
    made.enter(BOATS)
    made.enter(LAKE)
    return made


def test_found_by_mark_and_only_by_exactly_this_mark(registry):
    assert registry.by_mark(BOATS.mark) == BOATS
    assert registry.by_mark(LAKE.mark) == LAKE
    assert registry.by_mark(BOATS.mark ^ 1) is None
    assert Registry(registry.folder).by_mark(7) == LAKE  # another day


def test_found_by_fingerprint_the_nearest_first(registry):
    found = registry.by_fingerprint(0xFF00FF00FF00FF01)
    assert [(match.entry.title, match.distance) for match in found] == [(BOATS.title, 1), ("Salt lake", 3)]
    assert registry.by_fingerprint(0xFF00FF00FF00FF01, within=1)[0].entry == BOATS
    assert registry.by_fingerprint(0x00FF00FF00FF00FF) == ()


def test_an_entry_with_the_same_mark_takes_the_place_of_the_old(registry):
    registry.enter(Entry(7, 1, "Another lake", b"new"))
    assert registry.by_mark(7).title == "Another lake" and len(registry.entries) == 2


def test_an_empty_registry_finds_nothing(tmp_path):
    registry = Registry(tmp_path / "none")
    assert (registry.entries, registry.by_mark(1), registry.by_fingerprint(1)) == ((), None, ())


def test_a_person_can_read_it_and_there_is_no_picture(registry):
    files = sorted(path.name for path in registry.folder.iterdir())
    assert files == ["00000007.c2pa", "00000007.json", "c0ffee12.c2pa", "c0ffee12.json"]
    content = json.loads((registry.folder / "00000007.json").read_text(encoding="utf-8"))
    assert content == {"mark": "00000007", "fingerprint": "ff00ff00ff00ff0f", "title": "Salt lake"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"mark": "x"}', '{"mark": "7", "fingerprint": "-1", "title": ""}'])
def test_a_damaged_entry_is_named(registry, text):
    (registry.folder / "00000007.json").write_text(text, encoding="utf-8")
    with pytest.raises(ProvenanceError, match=r"“00000007\.json” of the registry is damaged: delete it") as problem:
        registry.by_mark(7)
    assert str(registry.folder) not in str(problem.value)


def test_a_statement_that_is_gone_is_named(registry):
    (registry.folder / "00000007.c2pa").unlink()
    with pytest.raises(ProvenanceError, match="is damaged"):
        _ = registry.entries


@pytest.mark.parametrize("number", [-1, 1 << 64, 1.5, True, "7", None])
def test_numbers_that_are_none(registry, number):
    for ask in (registry.by_mark, registry.by_fingerprint):
        with pytest.raises(ValueError, match="whole number"):
            ask(number)
    with pytest.raises(ValueError, match="whole number"):
        registry.enter(Entry(number, 1, "x", b""))


def test_a_folder_that_may_not_be_written_to(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ProvenanceError, match="could not be written") as problem:
        Registry(tmp_path / "file" / "registry").enter(LAKE)
    assert str(problem.value).endswith(".")
