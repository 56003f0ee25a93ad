"""Content Credentials (C2PA): a signed statement inside a file of who made it and what was done to it.

The reference library `c2pa` signs and checks, offline: no list is fetched, no time stamp is asked for, no address in a
file is followed. What it answers is put into four states, because a learner, and most people, need four:

- `State.TRUSTED`: nothing was changed since it was signed, and the signer is on the list of those one trusts.
- `State.UNKNOWN`: nothing was changed since, but nobody on the list vouches for the signer.
- `State.BROKEN`: file, statement or certificate do not hold together; `Credential.reasons` says what.
- `State.NONE`: there is no statement in the file. Most pictures in the world have none.

None of them says that a picture is true, or that it is not.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.provenance import containers, digital_source
from course.provenance.authority import Signer
from course.provenance.errors import ProvenanceError
from course.provenance.write import _content, save, shown

if TYPE_CHECKING:
    import c2pa

SOURCES: Mapping[str, str] = {
    "camera": "digitalCapture",
    "scan": "negativeFilm",
    "drawn": "digitalCreation",
    "generated": "trainedAlgorithmicMedia",
    "edited with a generator": "compositeWithTrainedAlgorithmicMedia",
    "composite": "compositeCapture",
    "screen": "screenCapture",
}
"""What can be signed here of where a picture comes from: our words, and the IPTC's term (`digital_source.TERMS`)."""

_MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp", "MP4": "video/mp4"}
_READ_ONLY = {"GIF": "image/gif", "TIFF": "image/tiff", "HEIF": "image/heic", "AVIF": "image/avif"}
_RARER = (
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"PK\3\4", "zip"),  # books (EPUB) and office documents, too
    (b"\xff\n", "image/jxl"),
)
_OTHER = (
    "Only JPEG, PNG, WebP and MP4 files are signed here. Keep this file as it is: a copy that is saved as one of those "
    "can be signed, but a statement that is in this file already does not come along."
)
_UNREADABLE = (
    "Nothing here can tell whether there is a statement in a file of this kind. Keep it as it is: to save it anew "
    "would take out what it may hold."
)
_ALONE = (
    "This is a statement without its picture (a C2PA manifest store). Keep it beside the file that it belongs to: only "
    "with that one can it be checked."
)
_OTHER_RULES = (
    "There is a statement in this file, made by rules that are not known here, so nothing can be said of it. Keep the "
    "file as it is, and ask the program that made it."
)
_DAMAGED = "This file is damaged or incomplete: copy it again from where you have it."
_NOTES = "org.looktwice."

REASONS: Mapping[str, str] = {
    "assertion.dataHash.mismatch": "The picture is not the one that was signed: at least one bit of it has changed.",
    "assertion.bmffHash.mismatch": "The film is not the one that was signed: at least one bit of it has changed.",
    "assertion.boxesHash.mismatch": "The picture is not the one that was signed: at least one bit of it has changed.",
    "assertion.hashedURI.mismatch": "A part of the statement was changed after it was signed.",
    "assertion.missing": "A part of the statement that was signed is gone.",
    "assertion.action.malformed": "The list of what was done does not follow the rules.",
    "assertion.action.ingredientMismatch": "An action names an ingredient that is not there.",
    "claimSignature.mismatch": "Signature and statement do not fit: one of them was changed, or the key is wrong.",
    "claimSignature.missing": "The signature is gone.",
    "claimSignature.outsideValidity": "It was signed at a time when the certificate was not valid.",
    "claim.missing": "The statement itself is gone.",
    "claim.cbor.invalid": "The statement is damaged and cannot be read.",
    "claim.hardBindings.missing": "Nothing in the statement ties it to this picture.",
    "ingredient.claimSignature.mismatch": "The statement of an ingredient was changed after it was signed.",
    "ingredient.hashedURI.mismatch": "The statement of an ingredient was exchanged.",
    "ingredient.manifest.missing": "The statement of an ingredient is gone.",
    "ingredient.manifest.mismatch": "The statement of an ingredient was exchanged.",
    "assertion.selfRedacted": "The statement blacks out a part of itself, which the rules do not allow.",
    "ingredient.unknownProvenance": "Nothing is known of where an ingredient comes from.",
    "manifest.inaccessible": "The file says that its statement is kept on a website; here nothing is fetched.",
    "signingCredential.untrusted": "Nobody on your list of trust vouches for the signer.",
    "signingCredential.expired": "The certificate has run out, and nothing proves that it was signed before that.",
    "signingCredential.invalid": "The certificate of the signer may not be used for this.",
    "signingCredential.revoked": "The certificate of the signer was called back.",
    "cawg.x509.credential.untrusted": "A part of its own names a person or an organisation; nobody on your list of "
    "trust vouches for who that is.",
    "cawg.ica.did_unavailable": "A part of its own names a person; what it takes to check that is kept on a website, "
    "and here nothing is fetched.",
}
"""The reasons of the C2PA specification (2.4, validation status codes), each in a sentence."""

EARLIER: Mapping[str, str] = {
    "assertion.hashedURI.mismatch": "In an earlier statement a part was changed after it had been signed.",
    "assertion.missing": "In an earlier statement a part that was signed is gone.",
    "claimSignature.mismatch": "In an earlier statement signature and words do not fit: one of them was changed.",
    "claimSignature.missing": "The signature of an earlier statement is gone.",
    "claim.missing": "An earlier statement is gone.",
    "ingredient.manifest.mismatch": "An earlier statement in this file is not the one that was taken up.",
    "ingredient.claimSignature.mismatch": "An earlier statement in this file is not the one that was taken up.",
    "ingredient.hashedURI.mismatch": "An earlier statement in this file is not the one that was taken up.",
    "ingredient.manifest.missing": "An earlier statement that was taken up is gone.",
}
"""The same, where it happened to the statement of something that the file was made from."""

_NO_CHANGE = frozenset(("signingCredential.untrusted", "signingCredential.expired", "signingCredential.revoked"))
"""What says something of a signer and of today, and not that anything was changed since it was signed."""

_PERSON, _PERSON_ELSEWHERE = "cawg.x509.", "cawg.ica.did_unavailable"
"""How codes begin that speak of the part that names a person (CAWG), and not of the statement that holds it."""


_WELL = (".match", ".validated", ".trusted", ".accessible", ".insideValidity", ".notRevoked", ".skipped")
_ELSEWHERE = frozenset(("manifest.inaccessible",))
_GONE = "ingredient.manifest.missing"


class State(StrEnum):
    """What a check comes to."""

    TRUSTED = "trusted"
    UNKNOWN = "signer unknown"
    BROKEN = "broken"
    NONE = "none"


@dataclass(frozen=True)
class Action:
    """Something that was done to a picture.

    Attributes
    ----------
    name : str
        As in the specification, without ``c2pa.``: ``"created"``, ``"opened"``, ``"cropped"``, ``"placed"`` ...
    source : str
        Where the picture comes from, one of `SOURCES`; for ``"created"``.
    words : str
        What the signer adds.
    """

    name: str
    source: str = ""
    words: str = ""


@dataclass(frozen=True)
class Ingredient:
    """A file that went into another one.

    Attributes
    ----------
    path : Path
    whole : bool
        True for the file that was opened and worked on, False for a piece that was placed into it.
    """

    path: Path
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a signer says of a file.

    Attributes
    ----------
    title : str
    actions : tuple of Action
        In the order in which they were done. The first is ``created`` or ``opened``.
    tool : str
        The program that it was done with.
    ingredients : tuple of Ingredient
        At most one of them whole.
    notes : mapping of str to str
        More that is said: each can be blacked out by a later signer.
    redact : tuple of str
        Addresses of notes of an ingredient that are blacked out, see `Note.address`.

    Examples
    --------
    >>> Statement(title="Boats at dawn", actions=(Action("created", source="camera"),)).tool
    'Look Twice'
    """

    title: str
    actions: tuple[Action, ...]
    tool: str = "Look Twice"
    ingredients: tuple[Ingredient, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    redact: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """More that a statement says; `address` names it for `Statement.redact`."""

    name: str
    text: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One signed statement of a chain: who, with what, what was done, to which files.

    Attributes
    ----------
    label : str
        Its address in the file.
    title, tool, signer, organisation : str
    actions : tuple of Action
    notes : tuple of Note
    ingredients : tuple of Piece
    redacted : tuple of str
        Addresses of notes that this step blacked out in earlier ones.
    """

    label: str
    title: str
    tool: str
    signer: str
    organisation: str
    actions: tuple[Action, ...]
    notes: tuple[Note, ...]
    ingredients: tuple[Piece, ...]
    redacted: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """An ingredient as a statement names it.

    Attributes
    ----------
    title : str
    whole : bool
    step : str
        Label of its own statement, or empty if it had none.
    state : State
        What its check came to when it was taken up; `State.BROKEN` if its statement was changed after that.
    reasons : tuple of Reason
    changed : bool
        Whether its statement was changed after it was taken up.
    """

    title: str
    whole: bool
    step: str
    state: State
    reasons: tuple[Reason, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a check came to what it came to: the code of the specification, and a sentence."""

    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What a file's Content Credentials say, and whether they hold.

    Attributes
    ----------
    state : State
    signer, organisation : str
        Of the last step; empty if there is none.
    chain : tuple of Step
        The last step first, then what it was made from, as far as the file tells.
    reasons : tuple of Reason
        What is wrong, why the signer is not known, or where else the statement is kept; empty if all is well.
    """

    state: State
    signer: str = ""
    organisation: str = ""
    chain: tuple[Step, ...] = ()
    reasons: tuple[Reason, ...] = ()


_NOT_WRITTEN_DOWN = Reason(
    "", "It was taken up in an older form: whether anybody vouched for the signer at that time is not written down."
)


def _reason(code: str) -> Reason:
    return Reason(code, _said(code))


def _said(code: str) -> str:
    if code.startswith(_PERSON) and code not in REASONS:
        return "The part that names a person or an organisation does not hold together: nobody stands behind that name."
    return REASONS.get(code) or f"One more check fails. In the rules it is called “{code[:80]}”."


def sign(path: Path | str, out: Path | str, statement: Statement, signer: Signer, trust: Iterable[str] = ()) -> Path:
    """Write a copy of a file with a signed statement in it.

    Parameters
    ----------
    path : Path or str
        A JPEG, PNG, WebP or MP4 file; it is not changed.
    out : Path or str
        The copy, replaced only once it is complete.
    statement : Statement
    signer : Signer
    trust : iterable of str
        Certificates (PEM) by which the ingredients are checked when they are taken up.

    Raises
    ------
    ProvenanceError
        As for `signed`, or if `out` is the file itself or cannot be written.
    """
    return save(signed(_content(path), statement, signer, trust), out, path)


def signed(data: bytes, statement: Statement, signer: Signer, trust: Iterable[str] = ()) -> bytes:
    """The same file with a signed statement in it. What was in it before stays only if it is named as an ingredient.

    Parameters and errors as for `sign`.

    Raises
    ------
    ProvenanceError
        If the file is of another kind or damaged, the statement does not follow the rules, or the certificate is not
        valid now.

    Examples
    --------
    >>> from course import media
    >>> from course.provenance import Authority
    >>> signer = Authority.create().issue("Ana", "Harbour Stock")
    >>> data = media.catalogue().where(kind="still")[0].path.read_bytes()
    >>> statement = Statement(title="A still", actions=(Action("created", source="camera"),))
    >>> verify_bytes(signed(data, statement, signer), trust=()).state
    <State.UNKNOWN: 'signer unknown'>
    """
    import c2pa

    mime = _mime(data)
    _in_time(signer)
    definition = _definition(statement)
    context = _context(c2pa, trust)
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=signer.certificates, private_key=signer.key, ta_url=None)
    out = io.BytesIO()
    try:
        builder = c2pa.Builder(definition, context=context)
        for number, one in enumerate(statement.ingredients):
            content = _content(one.path)
            builder.add_ingredient(_ingredient(number, one), _mime(content), io.BytesIO(content))
        builder.sign(c2pa.Signer.from_info(info), mime, io.BytesIO(data), out)
    except c2pa.C2paError as error:
        raise ProvenanceError(_refused(error)) from error
    return out.getvalue()


def verify(path: Path | str, trust: Iterable[str] = ()) -> Credential:
    """Check the Content Credentials of a file.

    Parameters
    ----------
    path : Path or str
    trust : iterable of str
        Certificates (PEM) of the authorities that one trusts.

    Raises
    ------
    ProvenanceError
        If the file cannot be opened, is damaged, or is of a kind in which no statement can be looked for.
    """
    return verify_bytes(_content(path), trust)


def verify_bytes(data: bytes, trust: Iterable[str] = (), statement: bytes | None = None) -> Credential:
    """Check the Content Credentials in the content of a file; see `verify`.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, WebP or MP4 file, or another kind that the library reads: GIF, TIFF, HEIC, AVIF ...
    trust : iterable of str
        Certificates (PEM) of the authorities that one trusts.
    statement : bytes, optional
        A statement that was kept elsewhere (`course.provenance.statement_of`), to be checked against this file in the
        place of what is in it.
    """
    import c2pa

    mime = _mime(data, reading=True)
    try:
        reader = c2pa.Reader(mime, io.BytesIO(data), manifest_data=statement, context=_context(c2pa, trust))
        found = json.loads(reader.json())
    except c2pa.C2paError as error:
        said = str(error)
        if said.startswith("ManifestNotFound"):
            return Credential(state=State.NONE)
        if said.startswith("Remote"):
            return Credential(state=State.NONE, reasons=(_reason("manifest.inaccessible"),))
        if said.startswith("NotSupported"):
            raise ProvenanceError(_UNREADABLE) from error
        if "cannot contain C2PA" in said:
            return Credential(state=State.NONE)
        if said.startswith("Io") or "could not be parsed" in said:
            raise ProvenanceError(_DAMAGED) from error
        if "prerelease" in said or "unknown algorithm" in said:
            raise ProvenanceError(_OTHER_RULES) from error
        if "signature box was not found" in said:
            return Credential(state=State.BROKEN, reasons=(_reason("claimSignature.missing"),))
        return Credential(state=State.BROKEN, reasons=(_reason("claim.cbor.invalid"),))
    active, manifests = found.get("active_manifest"), found.get("manifests") or {}
    results = found.get("validation_results") or {}
    state, reasons = _outcome(results)
    if active not in manifests:
        # so damaged that the library names a statement which it could not read
        return Credential(state=State.BROKEN, reasons=reasons or (_reason("claim.cbor.invalid"),))
    chain = _chain(active, manifests, _changes(results))
    return Credential(
        state=state,
        signer=chain[0].signer,
        organisation=chain[0].organisation,
        chain=chain,
        reasons=reasons,
    )


def _mime(data: bytes, *, reading: bool = False) -> str:
    if not data:
        raise ProvenanceError("This file is empty: choose another one.")
    kind = containers.kind_of(data[:64])
    if kind in _MIME:
        return _MIME[kind]
    if not reading:
        raise ProvenanceError(_OTHER)
    if kind in _READ_ONLY:
        return _READ_ONLY[kind]
    if data[4:8] == b"jumb":
        raise ProvenanceError(_ALONE)
    if data[0] == 0xFF and data[1:2] >= b"\xe0" and data[1] & 0b110:
        return "audio/mpeg"  # a song that begins without its notes
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image/tiff"
    if data[:4] == b"RIFF":
        return {b"AVI ": "video/avi", b"WAVE": "audio/wav"}.get(data[8:12], "") or _unreadable()
    if (mime := next((mime for head, mime in _RARER if data.startswith(head)), "")) or _is_svg(data):
        return mime or "image/svg+xml"
    return _unreadable()


def _is_svg(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<?xml", b"<svg", b"<!--")) and b"<svg" in data[:4096]


def _unreadable() -> str:
    raise ProvenanceError(_UNREADABLE)


def _in_time(signer: Signer) -> None:
    now = datetime.now(UTC)
    if not signer.valid_from <= now <= signer.valid_until:
        raise ProvenanceError(
            f"The certificate of {signer.name} is valid from {signer.valid_from:%d %B %Y} to "
            f"{signer.valid_until:%d %B %Y}, and the clock of this computer says {now:%d %B %Y}: set the clock right, "
            "or make a new certificate."
        )


def _context(c2pa: Any, trust: Iterable[str]) -> c2pa.Context:
    settings: dict[str, Any] = {
        "verify": {
            "verify_trust": True,
            "verify_after_sign": False,
            "ocsp_fetch": False,
            "remote_manifest_fetch": False,
        },
        # A small copy of the picture would make each step larger, and shows what a later one may have cut away.
        "builder": {"thumbnail": {"enabled": False}},
    }
    anchors = list(trust)
    if anchors:
        settings["trust"] = {"user_anchors": "\n".join(_whole(one) for one in anchors)}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _whole(certificate: str) -> str:
    """The certificate, if it is one: the library would leave a damaged one out without a word."""
    from cryptography import x509

    try:
        x509.load_pem_x509_certificate(certificate.encode("ascii"))
    except (ValueError, AttributeError) as error:
        raise ProvenanceError("A certificate on your list of trust is damaged: take it off, or add it anew.") from error
    return certificate


def _definition(statement: Statement) -> dict[str, Any]:
    if sum(one.whole for one in statement.ingredients) > 1:
        raise ProvenanceError("Only one file can be the one that was worked on: the others were placed into it.")
    if not statement.actions:
        raise ProvenanceError("Say at least what was done first: created, or opened.")
    opened = statement.actions[0].name == "opened"
    if statement.actions[0].name not in ("created", "opened") or opened != any(
        one.whole for one in statement.ingredients
    ):
        raise ProvenanceError(
            "A statement begins with “created”, or with “opened” and the file that was opened: name one of them first."
        )
    actions: list[dict[str, Any]] = []
    for number, action in enumerate(statement.actions):
        entry: dict[str, Any] = {"action": f"c2pa.{action.name}"}
        if action.source:
            if action.source not in SOURCES:
                raise ProvenanceError(f"There is no source “{action.source}”. Choose one of: {', '.join(SOURCES)}.")
            entry["digitalSourceType"] = digital_source.BASE + SOURCES[action.source]
        elif action.name == "created":
            raise ProvenanceError(f"Say where it was created: {', '.join(SOURCES)}.")
        if action.words:
            entry["description"] = action.words
        if number == 0 and opened:
            entry["parameters"] = {
                "ingredientIds": [_id(n) for n, one in enumerate(statement.ingredients) if one.whole]
            }
        elif action.name == "placed":
            placed = [_id(n) for n, one in enumerate(statement.ingredients) if not one.whole]
            if not placed:
                raise ProvenanceError("Something was placed into the picture: name the file it came from.")
            entry["parameters"] = {"ingredientIds": placed}
        actions.append(entry)
    for address in statement.redact:
        actions.append({"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": address}})
    assertions = [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]
    assertions += [
        {"label": _NOTES + _key(name), "data": {"text": str(text)}} for name, text in statement.notes.items()
    ]
    definition: dict[str, Any] = {
        "claim_generator_info": [{"name": statement.tool, "version": "1"}],
        "title": statement.title,
        "assertions": assertions,
    }
    if statement.redact:
        definition["redactions"] = list(statement.redact)
    return definition


def _key(name: str) -> str:
    if not (name.isascii() and name.isalpha()):
        raise ProvenanceError(f"A note has a plain word for a name, without blanks: “{shown(name, 40)}” is none.")
    return name.lower()


def _id(number: int) -> str:
    return f"part-{number}"


def _ingredient(number: int, one: Ingredient) -> dict[str, str]:
    return {
        "title": one.path.name,
        "relationship": "parentOf" if one.whole else "componentOf",
        "label": _id(number),
    }


def _refused(error: Exception) -> str:
    text = str(error)
    if "valid at time of signing" in text:
        return "The certificate is not valid now: set the clock of this computer right, or make a new certificate."
    if "key" in text.lower() and "usage" in text.lower():
        return "This certificate has no right to sign pictures: use one that the authority issued for that."
    if type(error).__name__.endswith("Signature"):
        return "This key and certificate cannot sign: make a new pair of them."
    return (
        "The file could not be signed: it is damaged, or of a kind we do not know. Keep it as it is. A copy that "
        "another program has saved anew may be signed, without what this file says of itself."
    )


def _outcome(results: Mapping[str, Any]) -> tuple[State, tuple[Reason, ...]]:
    """What a check came to: of the statement itself, and of those inside it that were taken up before."""
    failures = _codes((results.get("activeManifest") or {}).get("failure"))
    if "signingCredential.expired" in failures:
        # "Untrusted" comes with it and is only its consequence.
        failures = [code for code in failures if code != "signingCredential.untrusted"]
    # What was found when an earlier statement was taken up is not said again: only what is worse now.
    changes = [reason for each in _changes(results).values() for reason in each]
    told = {reason.code for reason in changes}
    reasons = tuple(
        dict.fromkeys([*(_reason(code) for code in failures if code != _GONE or code not in told), *changes])
    )
    wrong = [code for code in failures if not _of_a_person(code)]
    if wrong and set(wrong) <= _ELSEWHERE and not changes:
        return State.NONE, reasons
    if changes or set(wrong) - {"signingCredential.untrusted"}:
        return State.BROKEN, reasons
    return (State.UNKNOWN if wrong else State.TRUSTED), reasons


def _is_failure(code: str) -> bool:
    """Whether a code of the older form says that something is wrong: it lists what is well among the rest."""
    return not code.endswith(_WELL) and not code.startswith("time")


def _of_a_person(code: str) -> bool:
    return code.startswith(_PERSON) or code == _PERSON_ELSEWHERE


def _codes(entries: Iterable[Mapping[str, Any]] | None) -> list[str]:
    return list(dict.fromkeys(str(one.get("code")) for one in entries or ()))


def _changes(results: Mapping[str, Any]) -> dict[tuple[str, str], tuple[Reason, ...]]:
    """What was changed in earlier statements since they were taken up.

    Returns
    -------
    dict
        By the statement that took one up and the name of the ingredient in it, as far as the library tells.
    """
    changes: dict[tuple[str, str], tuple[Reason, ...]] = {}
    for delta in results.get("ingredientDeltas") or ():
        reasons = tuple(
            Reason(code, EARLIER.get(code) or f"In an earlier statement: {_said(code)}")
            for code in _codes((delta.get("validationDeltas") or {}).get("failure"))
            if code not in _NO_CHANGE and not _of_a_person(code)
        )
        if reasons:
            address = str(delta.get("ingredientAssertionURI") or "").removeprefix("self#jumbf=").split("/")
            # /c2pa/<the statement>/c2pa.assertions/<the ingredient>
            place = (address[2], address[-1]) if len(address) > 3 else ("", "")
            changes[place] = tuple(dict.fromkeys([*changes.get(place, ()), *reasons]))
    return changes


def _chain(
    active: str, manifests: Mapping[str, Any], changes: Mapping[tuple[str, str], tuple[Reason, ...]]
) -> tuple[Step, ...]:
    """From the last step back through all that went into it, each once."""
    steps: list[Step] = []
    waiting, seen = [active], {active}
    while waiting:
        step = _step(waiting.pop(0), manifests, changes)
        steps.append(step)
        for part in step.ingredients:
            if part.step in manifests and part.step not in seen:
                seen.add(part.step)
                waiting.append(part.step)
    return tuple(steps)


def _step(label: str, manifests: Mapping[str, Any], changes: Mapping[tuple[str, str], tuple[Reason, ...]]) -> Step:
    manifest = manifests[label]
    signature = manifest.get("signature_info") or {}
    generators = manifest.get("claim_generator_info") or [{}]
    assertions = manifest.get("assertions") or []
    actions = [
        one
        for assertion in assertions
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for one in assertion.get("data", {}).get("actions", ())
    ]
    return Step(
        label=label,
        title=shown(str(manifest.get("title") or ""), 120),
        tool=shown(str(generators[0].get("name") or manifest.get("claim_generator") or ""), 60),
        signer=shown(str(signature.get("common_name") or ""), 80),
        organisation=shown(str(signature.get("issuer") or ""), 80),
        actions=tuple(_action(one) for one in actions),
        notes=tuple(
            Note(
                one["label"].removeprefix(_NOTES),
                shown(str((one.get("data") or {}).get("text", "")), 400),
                f"self#jumbf=/c2pa/{label}/c2pa.assertions/{one['label']}",
            )
            for one in assertions
            if str(one.get("label", "")).startswith(_NOTES)
        ),
        ingredients=tuple(
            _part(one, changes.get((label, str(one.get("label") or "")), ()))
            for one in manifest.get("ingredients") or ()
        ),
        redacted=tuple(str(one) for one in manifest.get("redactions") or ()),
    )


def _action(entry: Mapping[str, Any]) -> Action:
    code = digital_source.term(str(entry.get("digitalSourceType") or ""))
    source = next((words for words, known in SOURCES.items() if known == code), code)
    name = str(entry.get("action") or "").removeprefix("c2pa.")
    return Action(shown(name, 60), shown(source, 60), shown(str(entry.get("description") or ""), 200))


def _part(entry: Mapping[str, Any], changes: tuple[Reason, ...]) -> Piece:
    results = entry.get("validation_results") or {}
    if results.get("activeManifest"):
        state, reasons = _outcome(results)
    else:
        state, reasons = _in_older_form(entry)
    if changes:
        reasons = tuple(reason for reason in reasons if reason is not _NOT_WRITTEN_DOWN)
    return Piece(
        title=shown(str(entry.get("title") or ""), 120),
        whole=entry.get("relationship") == "parentOf",
        step=str(entry.get("active_manifest") or ""),
        state=State.BROKEN if changes else state,
        reasons=tuple(dict.fromkeys([*changes, *reasons])),
        changed=bool(changes),
    )


def _in_older_form(entry: Mapping[str, Any]) -> tuple[State, tuple[Reason, ...]]:
    """What the check of an ingredient came to, as the rules before 2.0 note it: what was wrong, and else nothing."""
    noted = (one for one in entry.get("validation_status") or () if _is_failure(str(one.get("code"))))
    state, reasons = _outcome({"activeManifest": {"failure": noted}})
    if state is State.TRUSTED:
        return (State.UNKNOWN, (_NOT_WRITTEN_DOWN,)) if entry.get("active_manifest") else (State.NONE, ())
    return state, reasons
