"""The files of lesson 7: what each is meant to be, it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from course import judgement, media, provenance
from course.lessons import stock
from course.media.catalogue import data_folder
from course.provenance import State


@pytest.fixture(scope="module")
def made() -> stock.Stock:
    found = stock.stock()
    found.wait()
    return found


@pytest.mark.parametrize(
    ("key", "state", "code"),
    [
        ("swans", State.TRUSTED, None),
        ("clock", State.NONE, None),
        ("lane", State.UNKNOWN, "signingCredential.untrusted"),
        ("bear", State.TRUSTED, None),
        ("rabbit", State.BROKEN, "assertion.dataHash.mismatch"),
        ("brook", State.NONE, None),
        ("car", State.TRUSTED, None),
        ("peaks", State.TRUSTED, None),
        ("umbrellas", State.BROKEN, "signingCredential.expired"),
        ("horse", State.BROKEN, "assertion.dataHash.mismatch"),
    ],
)
def test_each_comes_to_its_state(made, key, state, code):
    found = provenance.verify_bytes(made.files[key], made.trusted())
    assert found.state is state
    assert [reason.code for reason in found.reasons] == ([code] if code else [])


def test_the_lie_says_camera_and_the_honest_one_says_generated(made):
    said = {
        key: provenance.verify_bytes(made.files[key], made.trusted()).chain[0].actions[0].source
        for key in ("bear", "car", "swans", "horse")
    }
    assert said == {"bear": "camera", "car": "generated", "swans": "camera", "horse": "camera"}


def test_three_quarters_are_photographs_and_none_is_in_a_form_or_held_back():
    items = [media.catalogue()[name] for name in {*stock.PICTURES.values(), *stock.POSTER.values()}]
    submitted = [media.catalogue()[name] for name in stock.PICTURES.values()]
    assert sum(item.origin == "camera" for item in submitted) == 7 and len(submitted) == 10
    blind = {name for path in (data_folder() / "forms").glob("*.toml") for name in judgement.load_form(path).items}
    assert not {item.id for item in items} & blind
    assert all(item.generator is None or "Seedance 2.5" not in item.generator for item in items)


def test_what_the_pile_says_of_each_is_so():
    pile = judgement.load_curation(data_folder() / "curation.toml")
    assert [one.key for one in pile.submissions] == list(stock.PICTURES)
    for one in pile.submissions:
        item = media.catalogue()[stock.PICTURES[one.key]]
        assert one.was.startswith("generated") is (item.origin == "generated")
        assert item.generator is None or item.generator.split(" (")[0] in one.was


def test_one_bit_is_turned_over_in_the_rabbit_and_the_horse_has_anas_statement(made):
    assert provenance.statement_of(made.files["horse"]) == provenance.statement_of(made.files["swans"])
    told = provenance.verify_bytes(made.files["rabbit"], made.trusted())
    assert told.signer == "Mia Sol"


def test_no_key_is_on_the_disk_and_the_certificate_runs_out_soon(made, log):
    assert not list(log.folder.rglob("*"))
    assert made.runs_out < datetime.now(UTC)
    assert set(made.known()) == set(stock.AUTHORITIES)


def test_files_carry_no_notes_of_their_own(made):
    for key, data in made.files.items():
        plain = provenance.read_bytes(provenance.stripped(data))
        assert plain.empty, key


def test_a_try_that_failed_begins_anew(monkeypatch):
    monkeypatch.setattr(stock, "_made", lambda: (_ for _ in ()).throw(provenance.ProvenanceError("The clock jumps.")))
    stock._making.cache_clear()
    with pytest.raises(provenance.ProvenanceError, match="clock"):
        stock.stock()
    monkeypatch.undo()
    assert stock.stock().files
