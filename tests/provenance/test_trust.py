"""Lists of trust as files, and what follows from who is on them."""

from __future__ import annotations

import os
from random import Random

import pytest

from course import media, provenance
from course.provenance import Action, Authority, Known, ProvenanceError, State, Statement, TrustChoice, TrustList
from course.provenance.tampering import flipped
from course.record import RecordError

STATEMENT = Statement(title="x", actions=(Action("created", source="camera"),))


@pytest.fixture(scope="module")
def authorities() -> dict[str, Authority]:
    return {name: Authority.create(name) for name in ("course", "paper", "stranger")}


@pytest.fixture(scope="module")
def files(authorities) -> dict[str, bytes]:
    data = media.catalogue()["yellow-car"].path.read_bytes()
    made = {name: provenance.signed(data, STATEMENT, one.issue(name)) for name, one in authorities.items()}
    return {**made, "broken": flipped(made["course"]), "none": data}


def _choice(authorities, files, folder, log=None) -> TrustChoice:
    known = {name: Known(name.title(), "somebody", one.certificate) for name, one in authorities.items()}
    return TrustChoice(known, files, TrustList(folder), log)


def _states(choice: TrustChoice) -> dict[str, State]:
    return {label: one.state for label, one in choice.found.items()}


def test_files_come_and_go_with_the_list(tmp_path, authorities):
    trust = TrustList(tmp_path / "trust")
    assert trust.names == () and trust.certificates == () and not trust.has("course")
    trust.add("The Course!", authorities["course"].certificate)
    trust.add("con", authorities["paper"].certificate)
    assert trust.names == ("a-con", "the-course")
    assert set(trust.certificates) == {authorities[name].certificate for name in ("course", "paper")}
    (tmp_path / "trust" / "notes.txt").write_text("not a certificate", encoding="utf-8")
    assert len(trust.certificates) == 2
    trust.remove("con")
    trust.remove("nobody")
    assert trust.names == ("the-course",)
    if os.name != "nt":
        assert (tmp_path / "trust").stat().st_mode & 0o077 == 0


def test_the_states_follow_the_list(tmp_path, authorities, files):
    log = []
    choice = _choice(authorities, files, tmp_path, log.append)
    unknown = {name: State.UNKNOWN for name in authorities}
    assert _states(choice) == {**unknown, "broken": State.BROKEN, "none": State.NONE}
    assert choice.choose("paper", True) and choice.on == ("paper",)
    assert _states(choice) == {**unknown, "paper": State.TRUSTED, "broken": State.BROKEN, "none": State.NONE}
    assert choice.choose("course", True) and choice.choose("stranger", True)
    assert _states(choice)["broken"] is State.BROKEN  # no list mends a file
    assert choice.choose("paper", False)
    assert _states(choice)["paper"] is State.UNKNOWN
    assert log[-1] == {"kind": "trust.choose", "on": ["course", "stranger"]}
    # it is there on another day
    assert _choice(authorities, files, tmp_path).on == ("course", "stranger")


def test_an_authority_that_was_made_anew_keeps_its_place(tmp_path, authorities, files):
    TrustList(tmp_path).add("course", Authority.create("course").certificate)
    choice = _choice(authorities, files, tmp_path)
    assert _states(choice)["course"] is State.TRUSTED
    assert TrustList(tmp_path).certificates == (authorities["course"].certificate,)


def test_a_list_of_no_certificate_is_refused_or_named(tmp_path, authorities):
    trust = TrustList(tmp_path)
    with pytest.raises(ProvenanceError, match="damaged"):
        trust.add("x", "no certificate")
    assert trust.names == ()
    (tmp_path / "x.pem").write_bytes(b"\xff\x00")
    with pytest.raises(ProvenanceError, match="take it off"):
        _ = trust.certificates


def test_a_folder_that_may_not_be_written_to(tmp_path, authorities, files):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    log = []
    choice = _choice(authorities, files, tmp_path / "file" / "trust", log.append)
    assert not choice.choose("course", True)
    assert choice.sentence.endswith(".") and "could not" in choice.sentence
    assert choice.on == () and log == []


def test_a_record_that_cannot_be_written_changes_nothing(tmp_path, authorities, files):
    def full(_event):
        raise RecordError("The disk is full: free some space.")

    choice = _choice(authorities, files, tmp_path, full)
    assert not choice.choose("course", True)
    assert choice.on == () and choice.sentence.startswith("The disk is full")
    assert TrustList(tmp_path).names == ()


def test_an_error_of_another_room_is_passed_on_and_changes_nothing(tmp_path, authorities, files):
    class Other(Exception):
        pass

    def full(_event):
        raise Other("The disk is full.")

    choice = _choice(authorities, files, tmp_path, full)
    with pytest.raises(Other):
        choice.choose("course", True)
    assert choice.on == () and TrustList(tmp_path).names == ()


def test_any_two_hundred_choices(tmp_path, authorities, files):
    small = {name: files[name] for name in ("course", "broken")}
    log, rng = [], Random(7)
    choice = _choice(authorities, small, tmp_path, log.append)
    wanted: set[str] = set()
    for _ in range(200):
        name = rng.choice([*authorities, "nobody", None, 7, "", ["course"]])
        on = rng.choice([True, False, 1, 0, "yes", None])
        if choice.choose(name, on):
            wanted = wanted | {name} if on else wanted - {name}
        else:
            assert choice.sentence.endswith(".")
        assert set(choice.on) == wanted
        assert _states(choice)["course"] is (State.TRUSTED if "course" in wanted else State.UNKNOWN)
        assert _states(choice)["broken"] is State.BROKEN
    assert set(log[-1]["on"]) == wanted
