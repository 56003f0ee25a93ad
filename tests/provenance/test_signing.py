"""The signing desk: four states by one's own hand, keys that stay where they are, and junk that breaks nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from random import Random

import pytest

from course import media
from course.provenance import ProvenanceError, SigningDesk, State
from course.provenance.signing import ACTS, OWN

PICTURES = {name: media.catalogue()[name].path.read_bytes() for name in ("yellow-car", "hazy-sea")}
PEN = "Heron of the Reeds"


@pytest.fixture
def log() -> list[dict]:
    return []


@pytest.fixture
def desk(tmp_path, log) -> SigningDesk:
    return _desk(tmp_path, log)


def _desk(folder: Path, log: list[dict], as_jpeg=lambda data: data) -> SigningDesk:
    return SigningDesk(PICTURES, folder / "keys", as_jpeg, log.append, list(log), folder / "files")


def test_nothing_can_be_signed_before_there_is_a_certificate(desk):
    assert not desk.ready and not desk.locked and desk.name == ""
    for act, words in (
        (lambda: desk.sign("x", "camera"), "choose a pen name"),
        (desk.flip, "Sign the picture first"),
        (desk.strip, "Sign the picture first"),
        (lambda: desk.unlock("x"), "choose a pen name"),
        (desk.keep, "Nothing has been done yet"),
    ):
        assert not act()
        assert words in desk.sentence


def test_five_acts_and_what_they_come_to(desk, log):
    assert desk.make(PEN) and desk.ready and desk.name == PEN
    assert desk.sign("A car", "camera")
    assert (desk.credential.state, desk.credential.signer) == (State.TRUSTED, PEN)
    assert desk.credential.chain[0].title == "A car"
    for act, state in (
        (desk.flip, State.BROKEN),
        (desk.save_again, State.NONE),
        (desk.strip, State.NONE),
        (desk.distrust, State.UNKNOWN),
        (desk.flip, State.BROKEN),  # each begins with the signed file
    ):
        assert act() and desk.credential.state is state
    assert {act: str(state) for act, state in desk.tried.items()} == {
        "sign": "trusted",
        "flip": "broken",
        "save-again": "none",
        "strip": "none",
        "distrust": "signer unknown",
    }
    assert [event["act"] for event in log] == ["make", "sign", "flip", "save-again", "strip", "distrust", "flip"]


def test_one_can_sign_a_lie(desk):
    desk.make(PEN)
    desk.choose("hazy-sea")
    assert desk.sign("My own cat", "generated") and desk.credential.chain[0].actions[0].source == "generated"
    assert desk.sign("My own cat", "camera") and desk.credential.state is State.TRUSTED


def test_neither_name_nor_key_nor_title_enters_the_record(desk, log, tmp_path):
    desk.make(PEN, "open sesame")
    desk.sign("A secret title", "camera")
    desk.flip()
    desk.keep()
    said = repr(log)
    for secret in (PEN, "Heron", "PRIVATE", "open sesame", "secret title", str(tmp_path), "yellow-car"):
        assert secret not in said


@pytest.mark.skipif(os.name == "nt", reason="on Windows the owner's folder keeps others out")
def test_keys_are_for_the_owner_alone(desk, tmp_path):
    desk.make(PEN)
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_taken_up_on_another_day(desk, log, tmp_path):
    desk.make(PEN)
    desk.sign("A car", "camera")
    again = _desk(tmp_path, log)
    assert again.ready and again.name == PEN
    assert again.tried == {"sign": State.TRUSTED}
    assert again.sign("Once more", "camera") and again.credential.signer == PEN


def test_a_key_with_a_password(desk, log, tmp_path):
    desk.make(PEN, "right")
    again = _desk(tmp_path, log)
    assert again.locked and again.name == PEN and not again.ready
    assert not again.sign("x", "camera") and "locked" in again.sentence
    for wrong in ("wrong", "", None, 7):
        assert not again.unlock(wrong)
        assert again.sentence.endswith(".") and "right" not in again.sentence
    assert again.unlock("right") and again.sign("x", "camera")


def test_a_second_certificate_takes_the_place_of_the_first(desk, log, tmp_path):
    desk.make(PEN, "right")
    assert desk.make("Wren") and desk.name == "Wren"
    assert _desk(tmp_path, log).name == "Wren"
    assert sorted(path.name for path in (tmp_path / "keys").glob("signer-*")) == ["signer-wren.key", "signer-wren.pem"]


@pytest.mark.parametrize("name", ["authority", "CON", "../../up", "名前", 'O\'Neil "Jo"'])
def test_names_that_mean_something_to_a_disk_do_no_harm(desk, log, tmp_path, name):
    assert desk.make(name) and desk.sign("x", "camera")
    assert _desk(tmp_path, log).name == name
    assert {path.parent for path in tmp_path.rglob("*.key")} == {tmp_path / "keys"}


@pytest.mark.parametrize("name", ["", "  ", "x" * 37, None, 7, "a\0b"])
def test_a_bad_name_makes_nothing_and_loses_nothing(desk, name):
    desk.make(PEN)
    assert not desk.make(name) and "between 1 and 36 letters" in desk.sentence
    assert desk.name == PEN and desk.sign("x", "camera")


def test_damaged_keys_are_said_and_a_new_one_can_be_made(desk, log, tmp_path):
    desk.make(PEN)
    for path in (tmp_path / "keys").iterdir():
        whole = path.read_bytes()
        path.write_bytes(b"nothing of use")
        again = _desk(tmp_path, log)
        assert not again.ready
        assert again.sentence.endswith(".") and "\n" not in again.sentence, path
        path.write_bytes(whole)
    path.write_bytes(b"")
    assert _desk(tmp_path, log).make("Wren")


def test_a_folder_that_may_not_be_written_to(log, tmp_path):
    (tmp_path / "keys").write_text("in the way", encoding="utf-8")
    desk = _desk(tmp_path, log)
    assert not desk.make(PEN) and "could not be kept" in desk.sentence
    assert not desk.ready and log == []


def test_a_picture_of_ones_own_leaves_no_name(desk, log):
    desk.make(PEN)
    assert desk.open_own(PICTURES["hazy-sea"]) and desk.label == OWN
    assert desk.sign("Mine", "camera") and desk.credential.state is State.TRUSTED
    assert OWN not in repr(log)


def test_what_is_no_picture_is_said(log, tmp_path):
    def refuse(data: bytes) -> bytes:
        raise media.MediaError("This file is empty: choose another one.")

    desk = _desk(tmp_path, log, refuse)
    for junk in (b"", b"no picture", None, "text"):
        assert not desk.open_own(junk) and desk.sentence.endswith(".")
    assert desk.label == "yellow-car"


def test_a_fault_of_our_own_is_no_sentence_for_the_learner(log, tmp_path):
    def faulty(_data: bytes) -> bytes:
        raise ValueError("operands could not be broadcast together")

    desk = _desk(tmp_path, log, faulty)
    with pytest.raises(ValueError, match="operands"):
        desk.open_own(b"a picture")
    assert desk.sentence == "" and desk.label == "yellow-car"


def test_a_copy_is_kept_and_the_pictures_stay(desk, tmp_path):
    desk.make(PEN)
    desk.sign("x", "camera")
    assert desk.keep()
    assert Path(desk.kept).name == "yellow-car-sign.jpg" and Path(desk.kept).read_bytes() == desk.data
    assert media.catalogue()["yellow-car"].path.read_bytes() == PICTURES["yellow-car"]


def test_a_clock_set_wrong_is_said(desk, monkeypatch):
    import datetime as clock

    from course.provenance import credentials

    desk.make(PEN)

    class Wrong(clock.datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.datetime.now(tz) + clock.timedelta(days=400)

    monkeypatch.setattr(credentials, "datetime", Wrong)
    assert not desk.sign("x", "camera")
    assert "set the clock right" in desk.sentence


def test_a_record_that_cannot_be_written_changes_nothing(tmp_path):
    def full(_event):
        raise ProvenanceError("The disk is full: free some space.")

    calls = []
    desk = SigningDesk(PICTURES, tmp_path, lambda data: data, calls.append)
    desk.make(PEN)
    desk.sign("x", "camera")
    desk._log = full
    assert not desk.flip() and desk.credential.state is State.TRUSTED and desk.act == "sign"


def _any_act(desk: SigningDesk, rng: Random) -> bool:
    junk = [None, "", 7, -1, "x" * 400, "\ud800", ["list"], {"a": 1}, b"bytes", True, 1.5]
    acts = {
        "make": lambda: desk.make(rng.choice([PEN, "Wren", *junk]), rng.choice([None, None, "p", *junk])),
        "unlock": lambda: desk.unlock(rng.choice(["p", *junk])),
        "choose": lambda: desk.choose(rng.choice([*PICTURES, OWN, *junk])),
        "own": lambda: desk.open_own(rng.choice([PICTURES["hazy-sea"], *junk])),
        "sign": lambda: desk.sign(rng.choice(["A car", *junk]), rng.choice(["camera", "drawn", "x", None, 7, []])),
        "flip": desk.flip,
        "save": desk.save_again,
        "strip": desk.strip,
        "distrust": desk.distrust,
        "keep": desk.keep,
    }
    return acts[rng.choice([*acts, "sign"])]()


def test_any_two_hundred_acts(log, tmp_path):
    """Whatever is asked for, in whatever order: done, or one sentence; and what was done stays done."""
    rng = Random(11)
    desk = _desk(tmp_path, log)
    done = 0
    for step in range(200):
        before = dict(desk.tried)
        if step % 25 == 24:
            desk = _desk(tmp_path, log)
            assert desk.tried == before
            continue
        if _any_act(desk, rng):
            done += 1
            assert desk.sentence == "" and set(desk.tried) >= set(before)
        else:
            assert desk.sentence.endswith(".") and "\n" not in desk.sentence
            assert desk.tried == before
    assert done > 40
    assert {event["act"] for event in log} <= {"make", *ACTS}
