"""Authorities and signers: made here, kept for their owner alone, refused in one sentence if something is wrong."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from course import provenance
from course.provenance import Authority, ProvenanceError
from course.provenance.authority import ONLY_HERE, only_the_owner_reads, slug


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Harbour School")


def _certificates(signer: provenance.Signer) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(signer.certificates)


def test_what_a_certificate_says(authority):
    signer = authority.issue("Ana", "Harbour Stock")
    own, root = _certificates(signer)
    own.verify_directly_issued_by(root)
    assert ONLY_HERE in own.subject.rfc4514_string().replace("\\,", ",")
    assert ONLY_HERE in root.subject.rfc4514_string().replace("\\,", ",")
    assert own.version is x509.Version.v3
    usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and not usage.key_cert_sign
    purposes = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    assert own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is True
    assert own.not_valid_after_utc - own.not_valid_before_utc <= timedelta(days=31)
    assert root.not_valid_after_utc - root.not_valid_before_utc <= timedelta(days=92)


def test_each_has_a_key_of_its_own(authority):
    keys = {authority.issue("Ana").key for _ in range(3)} | {Authority.create().issue("Ana").key}
    assert len(keys) == 4


def test_keys_are_not_shown(authority):
    signer = authority.issue("Ana")
    for thing in (signer, authority):
        assert "PRIVATE" not in repr(thing) and "BEGIN" not in repr(thing)
    assert "PRIVATE" not in authority.certificate


@pytest.mark.parametrize("password", [None, "correct horse", "pässwörd ✓"])
def test_kept_and_taken_up_again(authority, tmp_path, password):
    folder = tmp_path / "keys"
    authority.save(folder, password)
    again = Authority.open(folder, password)
    assert (again.name, again.certificate) == (authority.name, authority.certificate)
    signer = again.issue("Ana María", "Harbour Stock")
    provenance.save_signer(signer, folder, password)
    assert provenance.open_signer("Ana María", folder, password) == signer
    secrets = [path for path in folder.iterdir() if path.suffix == ".key"]
    assert len(secrets) == 2
    for path in secrets:
        assert (b"ENCRYPTED" in path.read_bytes()) is (password is not None)
    assert not [path for path in folder.iterdir() if path.suffix == ".part"]


@pytest.mark.skipif(os.name == "nt", reason="on Windows the owner's folder keeps others out")
def test_only_the_owner_may_read(authority, tmp_path):
    folder = tmp_path / "new" / "keys"
    before = os.umask(0)
    try:
        authority.save(folder)
        provenance.save_signer(authority.issue("Ana"), folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert only_the_owner_reads(path)


def test_a_drive_without_permissions_keeps_keys_too(authority, tmp_path, monkeypatch):
    def forbidden(path, *_, **__):
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(type(tmp_path), "chmod", forbidden)
    authority.save(tmp_path / "keys")
    assert Authority.open(tmp_path / "keys").name == authority.name


def _sentence(problem: pytest.ExceptionInfo) -> str:
    text = str(problem.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 200
    return text


def test_nothing_made_yet(tmp_path):
    for ask in (lambda: Authority.open(tmp_path), lambda: provenance.open_signer("Ana", tmp_path)):
        with pytest.raises(ProvenanceError, match="run the cell that makes it") as problem:
            ask()
        _sentence(problem)


@pytest.mark.parametrize(("given", "words"), [("wrong", "does not open"), ("", "locked"), (None, "locked")])
def test_a_wrong_password(authority, tmp_path, given, words):
    authority.save(tmp_path, "right")
    with pytest.raises(ProvenanceError, match=words) as problem:
        Authority.open(tmp_path, given)
    assert "right" not in _sentence(problem)


def test_files_that_are_damaged_or_exchanged(authority, tmp_path):
    authority.save(tmp_path)
    Authority.create("Other").save(tmp_path / "other")
    whole = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    for name, data, words in (
        ("authority.pem", b"", "damaged"),
        ("authority.pem", b"\xff\x00 no text", "damaged"),
        ("authority.key", b"", "damaged"),
        ("authority.key", whole["authority.key"][:60], "damaged"),
        ("authority.key", (tmp_path / "other" / "authority.key").read_bytes(), "does not belong"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ProvenanceError, match=words) as problem:
            Authority.open(tmp_path)
        _sentence(problem)
        (tmp_path / name).write_bytes(whole[name])
    assert Authority.open(tmp_path).name == authority.name


def test_a_folder_that_may_not_be_written_to(authority, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    with pytest.raises(ProvenanceError, match="could not be kept") as problem:
        authority.save(blocked / "keys")
    _sentence(problem)


def test_a_key_that_may_not_be_read(authority, tmp_path, monkeypatch):
    from pathlib import Path

    authority.save(tmp_path)

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ProvenanceError, match="may not be read") as problem:
        Authority.open(tmp_path)
    assert str(tmp_path) not in _sentence(problem)


@pytest.mark.parametrize("name", ["", "   ", "x" * 37, "a\0b", None, 7])
def test_names_that_cannot_stand_in_a_certificate(authority, name):
    with pytest.raises(ProvenanceError, match="between 1 and 36 letters"):
        authority.issue(name)
    with pytest.raises(ProvenanceError, match="between 1 and 36 letters"):
        Authority.create(name)


def test_the_longest_and_strangest_names_that_can(authority):
    for name in ("x" * 36, "Ana María Ñ", "../../etc", "名前", 'O\'Neil, "Jo"'):
        assert authority.issue(name, name).name == name


def test_dates_the_wrong_way_round(authority):
    now = datetime.now(UTC)
    with pytest.raises(ProvenanceError, match="begin before it ends"):
        authority.issue("Ana", valid_from=now, valid_until=now - timedelta(days=1))


def test_names_of_files_stay_in_the_folder():
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("///") == "signer"


def test_who_is_kept_in_a_folder(authority, tmp_path):
    from course.provenance.authority import forget_signers, kept_signers

    assert kept_signers(tmp_path / "none") == ()
    authority.save(tmp_path)
    for name, password in (("Ana", None), ("authority", "right")):
        provenance.save_signer(authority.issue(name), tmp_path, password)
    assert {(one.name, one.locked) for one in kept_signers(tmp_path)} == {("Ana", False), ("authority", True)}
    # a signer of that name has not taken the place of the authority
    assert Authority.open(tmp_path).certificate == authority.certificate
    forget_signers(tmp_path)
    assert kept_signers(tmp_path) == () and Authority.open(tmp_path).name == authority.name


def test_a_damaged_certificate_of_a_signer_is_said(authority, tmp_path):
    from course.provenance.authority import kept_signers

    provenance.save_signer(authority.issue("Ana"), tmp_path)
    (tmp_path / "signer-ana.pem").write_bytes(b"nothing")
    with pytest.raises(ProvenanceError, match="damaged") as problem:
        kept_signers(tmp_path)
    _sentence(problem)
