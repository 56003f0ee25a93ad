"""What happens to signed files on their way, and that each does what it says and no more."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from course import media, provenance
from course.provenance import Action, Authority, ProvenanceError, State, Statement
from course.provenance.tampering import flipped, moved, saved_again, statement_of

STATEMENT = Statement(title="Boats at dawn", actions=(Action("created", source="camera"),))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Harbour School")


@pytest.fixture(scope="module")
def signed(authority) -> bytes:
    data = media.catalogue()["yellow-car"].path.read_bytes()
    return provenance.signed(data, STATEMENT, authority.issue("Ana"))


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("item", ["yellow-car", "fjord-reflection", "hazy-sea", "sale-sign", "white-horse-track"])
def test_one_bit_that_nobody_sees_and_that_breaks_the_signature(item, authority):
    data = provenance.signed(media.catalogue()[item].path.read_bytes(), STATEMENT, authority.issue("Ana"))
    other = flipped(data)
    assert len(other) == len(data)
    assert sum((a ^ b).bit_count() for a, b in zip(data, other, strict=True)) == 1
    change = np.abs(_pixels(data) - _pixels(other)).max(axis=2)
    assert 0 < change.max() <= 60
    assert np.count_nonzero(change) <= 32 * 32  # the last corner
    assert provenance.verify_bytes(other, (authority.certificate,)).state is State.BROKEN


def test_saved_again_is_the_same_to_the_eye_and_says_nothing(signed, authority):
    other = saved_again(signed)
    assert _pixels(other).shape == _pixels(signed).shape
    assert np.abs(_pixels(other) - _pixels(signed)).mean() < 3
    assert provenance.verify_bytes(other, (authority.certificate,)).state is State.NONE


def test_a_statement_moved_to_another_picture_names_its_signer_and_is_broken(signed, authority):
    target = media.catalogue()["hazy-sea"].path.read_bytes()
    data = moved(signed, target)
    assert np.array_equal(_pixels(data), _pixels(target))
    found = provenance.verify_bytes(data, (authority.certificate,))
    assert (found.state, found.signer, found.chain[0].title) == (State.BROKEN, "Ana", "Boats at dawn")
    # into a file that has one already: the old one makes room
    twice = moved(signed, provenance.signed(target, STATEMENT, authority.issue("Bo")))
    assert provenance.verify_bytes(twice, (authority.certificate,)).signer == "Ana"
    # and back into its own file it holds
    assert moved(signed, signed).count(b"c2pa.signature") == signed.count(b"c2pa.signature")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_statement_kept_elsewhere_is_checked_against_a_file(kind, authority):
    out = io.BytesIO()
    Image.fromarray(media.load("yellow-car").pixels).save(out, kind)
    plain = out.getvalue()
    data = provenance.signed(plain, STATEMENT, authority.issue("Ana"))
    kept, trust = statement_of(data), (authority.certificate,)
    assert 1000 < len(kept) < 10_000 and b"Boats at dawn" in kept
    found = provenance.verify_bytes(provenance.stripped(data), trust, kept)
    assert (found.signer, found.chain[0].title) == ("Ana", "Boats at dawn")
    # bit for bit the file that was signed it is not: where the statement was there is nothing
    assert all("Hash.mismatch" in reason.code for reason in found.reasons)
    assert provenance.verify_bytes(data, trust, kept).state is State.TRUSTED
    assert provenance.verify_bytes(data, trust, kept.replace(b"dawn", b"noon")).state is State.BROKEN
    assert provenance.verify_bytes(plain, trust, b"no statement").state is State.BROKEN


def test_a_long_statement_is_put_together_from_its_pieces(authority):
    data = media.catalogue()["yellow-car"].path.read_bytes()
    notes = {f"note{letter}": "x" * 30_000 for letter in "abcdef"}
    long = Statement(title="Boats at dawn", actions=STATEMENT.actions, notes=notes)
    signed = provenance.signed(data, long, authority.issue("Ana"))
    kept = statement_of(signed)
    assert len(kept) > 150_000
    assert provenance.verify_bytes(signed, (authority.certificate,), kept).state is State.TRUSTED


def test_no_statement_is_nothing(signed):
    assert statement_of(provenance.stripped(signed)) == b""


@pytest.mark.parametrize("act", [flipped, saved_again, statement_of, lambda data: moved(data, data)])
@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0 but nothing follows"])
def test_files_that_cannot_be_changed(act, data):
    with pytest.raises(ProvenanceError) as problem:
        act(data)
    assert str(problem.value).endswith(".") and "\n" not in str(problem.value)


def test_what_is_cut_short_is_changed_or_refused_in_a_sentence(signed):
    refused = 0
    for act in (flipped, saved_again):
        for stop in range(200, len(signed), 4999):
            for end in (b"", b"\xff", b"\xff\xd9"):
                try:
                    assert act(signed[:stop] + end)[:3] == b"\xff\xd8\xff"
                except ProvenanceError as problem:
                    assert str(problem).endswith(".") and "\n" not in str(problem)
                    refused += 1
    assert refused > 40


def test_a_forger_needs_a_statement(signed):
    with pytest.raises(ProvenanceError, match="no statement in this file"):
        moved(provenance.stripped(signed), signed)
