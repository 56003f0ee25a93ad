"""Who may sign: a certificate authority of the course, made on the learner's own machine, and who it vouches for.

The keys are real and worth nothing outside the course: every certificate says so by name, and no program in the world
trusts this authority until somebody puts it on their own list.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from course.provenance.errors import ProvenanceError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, Name

ONLY_HERE = "Look Twice, course only"
"""Stands in the name of every certificate that the course makes."""

AUTHORITY_DAYS, SIGNER_DAYS = 90, 30
_LONGEST_NAME = 36  # with ONLY_HERE behind it, it keeps to the 64 that X.509 allows
_OWNER_ONLY = 0o600
_SLACK = timedelta(minutes=1)  # two clocks on one table may differ by so much


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody who can sign: a name, the certificates that vouch for it, and the key.

    Attributes
    ----------
    name, organisation : str
    certificates : bytes
        PEM: the signer's own first, then that of the authority.
    key : bytes
        PEM, PKCS #8, not encrypted. It is never shown, and enters no record.
    valid_from, valid_until : datetime
        UTC. Outside of them nothing can be signed.
    """

    name: str
    organisation: str
    certificates: bytes = field(repr=False)
    key: bytes = field(repr=False)
    valid_from: datetime
    valid_until: datetime


class Authority:
    """A certificate authority: it issues certificates, and whoever trusts it trusts what they sign.

    Parameters
    ----------
    certificate, key : bytes
        PEM; the key is PKCS #8 and not encrypted.

    Raises
    ------
    ProvenanceError
        If they are no certificate and no key, or do not belong together.

    Examples
    --------
    >>> authority = Authority.create("Harbour School")
    >>> authority.name
    'Harbour School (Look Twice, course only)'
    >>> signer = authority.issue("Ana", "Harbour Stock")
    >>> signer.name, signer.organisation
    ('Ana', 'Harbour Stock (Look Twice, course only)')
    """

    def __init__(self, certificate: bytes, key: bytes) -> None:
        self._certificate, self._key = _read_pair(certificate, key, None)

    @classmethod
    def create(cls, name: str = "Course authority", days: float = AUTHORITY_DAYS) -> Authority:
        """Make a new one, with a key of its own (P-256).

        Raises
        ------
        ProvenanceError
            If the name cannot stand in a certificate.
        """
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        subject = _subject(f"{_plain(name)} ({ONLY_HERE})", ONLY_HERE)
        now = datetime.now(UTC)
        builder = _begun(subject, subject, key, now - timedelta(days=1), now + timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        return cls(_pem(_signed(builder, key)), _key_pem(key))

    @classmethod
    def open(cls, folder: Path | str, password: str | None = None) -> Authority:
        """Take up the authority that `save` kept in a folder.

        Raises
        ------
        ProvenanceError
            If there is none yet, the password is wrong or missing, or the files may not be read or are damaged.
        """
        folder = Path(folder)
        certificate = _content(folder / "authority.pem")
        key = _content(folder / "authority.key")
        authority = cls.__new__(cls)
        authority._certificate, authority._key = _read_pair(certificate, key, password)
        return authority

    def save(self, folder: Path | str, password: str | None = None) -> None:
        """Keep it: ``authority.pem`` for everybody, ``authority.key`` for the owner's eyes only.

        Parameters
        ----------
        folder : Path or str
            It is made if need be, open to its owner alone.
        password : str, optional
            Encrypts the key.

        Raises
        ------
        ProvenanceError
            If the folder may not be written to.
        """
        folder = Path(folder)
        keep_secret(folder / "authority.key", _key_pem(self._key, password))
        keep_secret(folder / "authority.pem", self.certificate.encode("ascii"))

    @property
    def name(self) -> str:
        """Common name in the certificate."""
        return _common_name(self._certificate.subject)

    @property
    def certificate(self) -> str:
        """The certificate as PEM, to put on a list of trust. It holds no secret."""
        return _pem(self._certificate).decode("ascii")

    def issue(
        self,
        name: str,
        organisation: str = "Course",
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> Signer:
        """Make a key for somebody, and a certificate that vouches for it.

        Parameters
        ----------
        name, organisation : str
            At most 36 letters each. The organisation gets the words "course only".
        valid_from, valid_until : datetime, optional
            With time zone. From now on for 30 days if not said.

        Raises
        ------
        ProvenanceError
            If a name cannot stand in a certificate, or the times are the wrong way round.
        """
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID

        start = valid_from or datetime.now(UTC) - _SLACK
        end = valid_until or start + timedelta(days=SIGNER_DAYS)
        if not start < end:
            raise ProvenanceError("A certificate must begin before it ends: exchange the two dates.")
        key = ec.generate_private_key(ec.SECP256R1())
        name, organisation = _plain(name), f"{_plain(organisation)} ({ONLY_HERE})"
        builder = _begun(_subject(name, organisation), self._certificate.subject, key, start, end)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        # Content Credentials ask for a purpose; that of signed mail is the one any authority may give.
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purpose, critical=False)
        vouched = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = _signed(builder.add_extension(vouched, critical=False), self._key)
        return _signer(certificate, _pem(certificate) + _pem(self._certificate), key)


def save_signer(signer: Signer, folder: Path | str, password: str | None = None) -> None:
    """Keep a signer's certificates as ``signer-<name>.pem`` and the key, for the owner alone, as ``signer-<name>.key``.

    Raises
    ------
    ProvenanceError
        If the folder may not be written to.
    """
    from cryptography.hazmat.primitives import serialization

    folder = Path(folder)
    key = serialization.load_pem_private_key(signer.key, None)
    keep_secret(folder / f"{_stem(signer.name)}.key", _key_pem(key, password))  # type: ignore[arg-type]
    keep_secret(folder / f"{_stem(signer.name)}.pem", signer.certificates)


def open_signer(name: str, folder: Path | str, password: str | None = None) -> Signer:
    """Take up a signer that `save_signer` kept.

    Raises
    ------
    ProvenanceError
        If there is none of that name, the password is wrong or missing, or the files may not be read or are damaged.
    """
    folder = Path(folder)
    certificates = _content(folder / f"{_stem(name)}.pem")
    certificate, key = _read_pair(certificates, _content(folder / f"{_stem(name)}.key"), password)
    return _signer(certificate, certificates, key)


@dataclass(frozen=True)
class Kept:
    """A signer whose files lie in a folder: the name, and whether the key needs a password."""

    name: str
    locked: bool


def kept_signers(folder: Path | str) -> tuple[Kept, ...]:
    """Whom `open_signer` can take up, the one that was kept last first. No key is opened for it.

    Raises
    ------
    ProvenanceError
        If a file may not be read, or a certificate is damaged.

    Examples
    --------
    >>> kept_signers("no/such/folder")
    ()
    """
    from cryptography import x509

    folder = Path(folder)
    found = []
    for path in folder.glob("signer-*.pem"):
        try:
            name = _common_name(x509.load_pem_x509_certificate(_content(path)).subject)
        except ValueError as error:
            raise ProvenanceError("The certificate is damaged: make a new one.") from error
        key = _content(path.with_suffix(".key"))
        found.append((path.stat().st_mtime, Kept(name, b"ENCRYPTED" in key)))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True))


def forget_signers(folder: Path | str) -> None:
    """Delete the keys and certificates of all signers in a folder; the authority stays.

    Raises
    ------
    ProvenanceError
        If the folder may not be written to.
    """
    try:
        for path in Path(folder).glob("signer-*"):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ProvenanceError(
            "The old key could not be deleted, because the folder may not be written to: set LOOK_TWICE_HOME to "
            "another one."
        ) from error


def slug(name: str) -> str:
    """A name as the name of a file.

    Examples
    --------
    >>> slug("Ana María / ../x")
    'ana-maría-x'
    """
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "signer"


def _stem(name: str) -> str:
    # So nobody of the name “authority”, or “con”, which means something to Windows, takes the place of another file.
    return f"signer-{slug(name)}"


def keep_secret(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, which only its owner may read. On Windows the owner's folder sees to that.

    Raises
    ------
    ProvenanceError
        If the folder may not be written to.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp opens for the owner alone from the first byte on
        descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):  # a drive without permissions has none to set
                Path(draft).chmod(_OWNER_ONLY)
            Path(draft).replace(path)
        except OSError:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = (
            "the disk is full: free some space"
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
            else "the folder may not be written to: set LOOK_TWICE_HOME to another one"
        )
        raise ProvenanceError(f"The key could not be kept, because {reason}.") from error


def only_the_owner_reads(path: Path) -> bool:
    """Whether the rights of a file keep others out; always true on Windows, where folders do that."""
    return os.name == "nt" or stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ProvenanceError(
            "There is no certificate of that name here yet: run the cell that makes it first."
        ) from error
    except OSError as error:
        raise ProvenanceError(
            f"“{path.name}” may not be read: give yourself the right to read it, or make a new certificate."
        ) from error


def _read_pair(certificate: bytes, key: bytes, password: str | None) -> tuple[Certificate, EllipticCurvePrivateKey]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    try:
        read = x509.load_pem_x509_certificate(certificate)
    except ValueError as error:
        raise ProvenanceError("The certificate is damaged: make a new one.") from error
    encrypted = b"ENCRYPTED" in key
    if encrypted and not password:
        raise ProvenanceError("This key is locked: give the password you chose for it.")
    try:
        private = serialization.load_pem_private_key(key, password.encode("utf-8") if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if encrypted:
            raise ProvenanceError(
                "The password does not open this key: try again, or make a new certificate."
            ) from error
        raise ProvenanceError("The key is damaged: make a new certificate.") from error
    if not isinstance(private, EllipticCurvePrivateKey) or private.public_key() != read.public_key():
        raise ProvenanceError("This key does not belong to this certificate: make a new pair of them.")
    return read, private


def _signer(certificate: Certificate, certificates: bytes, key: EllipticCurvePrivateKey) -> Signer:
    from cryptography.x509.oid import NameOID

    organisation = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return Signer(
        name=_common_name(certificate.subject),
        organisation=str(organisation[0].value) if organisation else "",
        certificates=certificates,
        key=_key_pem(key),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _begun(
    subject: Name, issuer: Name, key: EllipticCurvePrivateKey, start: datetime, end: datetime
) -> CertificateBuilder:
    from cryptography import x509

    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _signed(builder: CertificateBuilder, key: EllipticCurvePrivateKey) -> Certificate:
    from cryptography.hazmat.primitives import hashes

    return builder.sign(key, hashes.SHA256())


def _usage(*, signs_certificates: bool):
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _subject(name: str, organisation: str) -> Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


def _common_name(name: Name) -> str:
    from cryptography.x509.oid import NameOID

    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _plain(name: object) -> str:
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not 1 <= len(text) <= _LONGEST_NAME or not text.isprintable():
        raise ProvenanceError(f"A name for a certificate has between 1 and {_LONGEST_NAME} letters.")
    return text


def _pem(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: EllipticCurvePrivateKey, password: str | None = None) -> bytes:
    from cryptography.hazmat.primitives import serialization

    lock = serialization.BestAvailableEncryption(password.encode("utf-8")) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
