"""Statements as other programs write them: of older rules, with persons, in rarer kinds of file."""

from __future__ import annotations

import io
import json
import re
import zipfile
from types import SimpleNamespace

import c2pa
import pytest
from PIL import Image

from course import provenance
from course.provenance import Action, Authority, Ingredient, State, Statement, lineage, signed, verify_bytes
from course.provenance import credentials as module
from course.ui.chain import ChainView
from course.ui.credential import described


def _picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((96, 64), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def _info(signer) -> c2pa.C2paSignerInfo:
    return c2pa.C2paSignerInfo(alg=b"es256", sign_cert=signer.certificates, private_key=signer.key, ta_url=None)


def _library(data: bytes, trust=(), mime: str = "image/jpeg") -> dict:
    return json.loads(c2pa.Reader(mime, io.BytesIO(data), context=module._context(c2pa, trust)).json())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    authority, persons = Authority.create("Try"), Authority.create("People")
    return SimpleNamespace(
        folder=tmp_path_factory.mktemp("forms"),
        plain=_picture(),
        ana=authority.issue("Ana", "Try House"),
        person=persons.issue("Cleo Hart", "A paper"),
        trust=(authority.certificate,),
        all=(authority.certificate, persons.certificate),
    )


# the rules before 2.0, as cameras and programs of 2022 and 2023 follow them


def _old(made, title: str, *ingredients: bytes, trust=None) -> bytes:
    definition = {
        "claim_version": 1,
        "claim_generator_info": [{"name": "Old tool", "version": "1"}],
        "title": title,
        "assertions": [
            {
                "label": "c2pa.actions",
                "data": {"actions": [{"action": "c2pa.opened" if ingredients else "c2pa.created"}]},
            }
        ],
    }
    builder = c2pa.Builder(definition, context=module._context(c2pa, made.trust if trust is None else trust))
    for number, data in enumerate(ingredients):
        builder.add_ingredient(
            {"title": f"piece {number}", "relationship": "componentOf" if number else "parentOf"},
            "image/jpeg",
            io.BytesIO(data),
        )
    out = io.BytesIO()
    builder.sign(c2pa.Signer.from_info(_info(made.ana)), "image/jpeg", io.BytesIO(made.plain), out)
    return out.getvalue()


def test_a_piece_of_the_older_form_that_was_broken_when_it_was_taken_up_is_shown_as_broken(made):
    whole, other = _old(made, "Oldest"), _old(made, "Oldest")
    bent = whole[:-50] + bytes([whole[-50] ^ 1]) + whole[-49:]
    for forged, word in ((bent, "picture is not the one"), (whole.replace(b"Oldest", b"Oldust"), "do not fit")):
        data = _old(made, "Newer", other, forged)
        entries = _library(data)["manifests"][verify_bytes(data).chain[0].label]["ingredients"]
        assert [bool(one.get("validation_results")) for one in entries] == [False, False]  # it is the older form
        found = verify_bytes(data, made.trust)
        assert found.state is State.TRUSTED
        sound, broken = found.chain[0].ingredients
        assert broken.state is State.BROKEN and not broken.changed
        assert any(word in reason.words for reason in broken.reasons)
        assert sound.state is State.UNKNOWN and "not written down" in sound.reasons[0].words
        row = dict(described(found)["rows"])["Made from"]
        assert "broken when it was taken up" in row and "without a statement" not in row


def test_a_piece_of_the_older_form_whose_signer_was_not_known(made):
    found = verify_bytes(_old(made, "Newer", _old(made, "Oldest"), trust=()), made.trust)
    (piece,) = found.chain[0].ingredients
    assert piece.state is State.UNKNOWN and [one.code for one in piece.reasons] == ["signingCredential.untrusted"]


def test_a_piece_of_the_older_form_without_a_statement_is_none(made):
    (piece,) = verify_bytes(_old(made, "Newer", made.plain), made.trust).chain[0].ingredients
    assert piece.state is State.NONE and piece.reasons == ()


def test_what_is_well_is_no_failure_in_the_list_of_the_older_form():
    noted = [
        {"code": code}
        for code in ("claimSignature.validated", "assertion.dataHash.match", "signingCredential.trusted",
                     "timeStamp.mismatch", "assertion.accessible")
    ]  # fmt: skip
    entry = {"title": "x", "active_manifest": "urn:x", "validation_status": noted}
    assert module._part(entry, ()).state is State.UNKNOWN
    noted.append({"code": "assertion.dataHash.mismatch"})
    assert module._part(entry, ()).state is State.BROKEN


def test_a_chain_of_the_older_form_that_was_changed_is_broken(made):
    data = _old(made, "Newer", _old(made, "Oldest")).replace(b"Oldest", b"Oldust")
    found = verify_bytes(data, made.trust)
    assert found.state is State.BROKEN and _library(data, made.trust)["validation_state"] == "Invalid"
    (piece,) = found.chain[0].ingredients
    assert piece.changed and piece.state is State.BROKEN
    assert not any("not written down" in reason.words for reason in piece.reasons)


# persons come in by a part of their own


def _with_a_person(made, person) -> bytes:
    """A statement by a tool, and in it a part that a person has signed (CAWG, an identity assertion)."""
    settings = {
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    for name, signer in (("signer", made.ana), ("cawg_x509_signer", person)):
        texts = (one.decode() if isinstance(one, bytes) else one for one in (signer.certificates, signer.key))
        settings[name] = {"local": dict(zip(("sign_cert", "private_key"), texts, strict=True), alg="es256")}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    context._has_signer = True  # it has one, from its settings; the binding for Python looks for one passed by hand
    statement = Statement(title="With a person", actions=(Action("created", source="camera"),))
    out = io.BytesIO()
    c2pa.Builder(module._definition(statement), context=context).sign("image/jpeg", io.BytesIO(made.plain), out)
    assert b"cawg.identity" in out.getvalue()
    return out.getvalue()


# The list that one trusts: the library's word, the course's. They part in the second: there the list vouches for the
# signer, and not for the person. The course says the first in its state and the second beside it.
PERSONS = {"nobody": ("Valid", State.UNKNOWN), "signer": ("Valid", State.TRUSTED)}


@pytest.mark.parametrize("listed", PERSONS)
def test_a_person_for_whom_nobody_vouches_breaks_nothing(made, listed):
    data = _with_a_person(made, made.person)
    trust = {"nobody": (), "signer": made.trust}[listed]
    theirs, ours = PERSONS[listed]
    assert _library(data, trust)["validation_state"] == theirs
    found = verify_bytes(data, trust)
    assert found.state is ours
    assert any("person or an organisation" in reason.words for reason in found.reasons)
    assert verify_bytes(data.replace(b"With a person", b"With no person"[:13]), trust).state is State.BROKEN


def test_a_piece_with_a_person_breaks_nothing(made):
    (made.folder / "person.jpg").write_bytes(_with_a_person(made, made.person))
    statement = Statement(
        title="After it", actions=(Action("opened"),), ingredients=(Ingredient(made.folder / "person.jpg"),)
    )
    for taken_up_by in (made.trust, ()):
        found = verify_bytes(signed(made.plain, statement, made.ana, taken_up_by), made.trust)
        (piece,) = found.chain[0].ingredients
        assert found.state is State.TRUSTED and not piece.changed
        assert piece.state is (State.TRUSTED if taken_up_by else State.UNKNOWN)


def _outcome(*codes: str, deltas: tuple[str, ...] = ()):
    uri = "self#jumbf=/c2pa/urn:x/c2pa.assertions/c2pa.ingredient.v3"
    failures = [{"code": code, "explanation": "words of the library"} for code in deltas]
    return module._outcome(
        {
            "activeManifest": {"failure": [{"code": code, "explanation": "words of the library"} for code in codes]},
            "ingredientDeltas": [{"ingredientAssertionURI": uri, "validationDeltas": {"failure": failures}}],
        }
    )


def test_what_would_have_to_be_fetched_to_check_a_person_breaks_nothing():
    state, reasons = _outcome("cawg.ica.did_unavailable")
    assert state is State.TRUSTED and "website" in reasons[0].words
    assert _outcome("cawg.ica.did_unavailable", "signingCredential.untrusted")[0] is State.UNKNOWN
    assert _outcome("cawg.ica.did_unavailable", "assertion.dataHash.mismatch")[0] is State.BROKEN
    assert _outcome(deltas=("cawg.ica.did_unavailable", "cawg.x509.credential.untrusted"))[0] is State.TRUSTED


def test_a_part_that_names_a_person_and_does_not_hold_is_said():
    state, reasons = _outcome("cawg.x509.signature.mismatch")
    assert state is State.TRUSTED and "does not hold together" in reasons[0].words  # the library: valid
    assert _outcome("cawg.identity.cbor.invalid")[0] is State.BROKEN  # and the library: invalid


def test_no_word_of_the_library_is_shown():
    for state, reasons in (_outcome("new.code"), _outcome(deltas=("new.code",)), _outcome("cawg.x509.new")):
        assert reasons and all("library" not in one.words and one.words.endswith(".") for one in reasons)
        assert state in (State.BROKEN, State.TRUSTED)
    expired, reasons = _outcome("signingCredential.expired")
    assert expired is State.BROKEN and len(reasons) == 1


def test_a_file_without_any_title_has_a_word_for_it():
    piece = module._part({"active_manifest": "urn:y", "relationship": "parentOf"}, ())
    step = module.Step(
        label="urn:x", title="", tool="", signer="", organisation="", actions=(), notes=(), ingredients=(piece,),
        redacted=(),
    )  # fmt: skip
    found = module.Credential(state=State.UNKNOWN, chain=(step,))
    assert "“Untitled”" in dict(described(found)["rows"])["Made from"]
    assert all(node["title"] for node in ChainView(lineage(found), {}).graph["nodes"])


# kinds of file

HEADS = {
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/webp": b"RIFF\0\0\0\0WEBP",
    "image/gif": b"GIF89a",
    "image/tiff": b"II*\0",
    "image/avif": b"\0\0\0\x1cftypavif",
    "image/heic": b"\0\0\0\x1cftypheic",
    "image/heif": b"\0\0\0\x1cftypmif1",
    "image/jxl": b"\0\0\0\x0cJXL \r\n\x87\n",
    "image/svg+xml": b"<svg>",
    "application/pdf": b"%PDF-1.7",
    "application/x-zip": b"PK\3\4",
    "audio/mpeg": b"ID3\4",
    "audio/flac": b"fLaC",
    "audio/wav": b"RIFF\0\0\0\0WAVE",
    "video/avi": b"RIFF\0\0\0\0AVI ",
    "audio/mp4": b"\0\0\0\x1cftypM4A ",
    "video/mp4": b"\0\0\0\x1cftypisom",
    "video/quicktime": b"\0\0\0\x14ftypqt  ",
    "application/c2pa": b"\0\0\0\x20jumb",
}
SAME = {
    r"x-webp": "image/webp",
    r"dng|nef|arw": "image/tiff",
    r"application/svg": "image/svg+xml",
    r"epub|oxps|opendocument|officedocument|ms-(word|excel|powerpoint)": "application/x-zip",
    r"mp3|mpeg3": "audio/mpeg",
    r"wave?$": "audio/wav",
    r"msvideo|troff": "video/avi",
    r"m4v|application/mp4": "video/mp4",
    r"manifest-store": "application/c2pa",
}


def test_each_kind_that_the_library_reads_is_passed_on():
    """By its first bytes; names of one kind stand together, and files of letters without a slash are endings."""
    kinds = [one for one in c2pa.Reader.get_supported_mime_types() if "/" in one]
    left = []
    for kind in kinds:
        known = kind if kind in HEADS else next((to for name, to in SAME.items() if re.search(name, kind)), None)
        if known is None:
            left.append(kind)
        elif known == "application/c2pa":
            with pytest.raises(provenance.ProvenanceError, match="without its picture"):
                module._mime(HEADS[known] + b"\0" * 60, reading=True)
        else:
            assert module._mime(HEADS[known] + b"\0" * 60, reading=True) in c2pa.Reader.get_supported_mime_types()
    assert left == []


def test_a_book_is_checked(made):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("page.xhtml", "Once upon a time. " * 30)
    assert verify_bytes(out.getvalue()).state is State.NONE
    statement = Statement(title="A book", actions=(Action("created", source="drawn"),))
    builder, data = c2pa.Builder(module._definition(statement), context=module._context(c2pa, ())), io.BytesIO()
    builder.sign(c2pa.Signer.from_info(_info(made.ana)), "application/epub+zip", out, data)
    assert verify_bytes(data.getvalue(), made.trust).state is State.TRUSTED
    assert verify_bytes(data.getvalue().replace(b"upon", b"opun"), made.trust).state is State.BROKEN


@pytest.mark.parametrize("data", [b"\xff\x0a" + b"\0" * 100, b"\xff\xfb\x90\0" + b"\0" * 413])
def test_what_can_hold_no_statement_has_none(data):
    assert verify_bytes(data).state is State.NONE


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "AVIF"])
def test_a_file_that_is_torn_is_damaged_and_its_statement_is_not(kind):
    """Without a statement nothing can be said of one: however much is torn off."""
    data = _picture(kind)
    for stop in range(8, len(data), max(1, len(data) // 12)):
        try:
            assert verify_bytes(data[:stop]).state is State.NONE
        except provenance.ProvenanceError as problem:
            assert "damaged or incomplete" in str(problem) or "Nothing here can tell" in str(problem)


def test_rules_that_are_not_known_are_no_damage(monkeypatch):
    for said in ("Other: prerelease content detected", "Other: unknown algorithm"):

        def refuse(*_, said=said, **__):
            raise c2pa.C2paError(said)

        monkeypatch.setattr(c2pa, "Reader", refuse)
        with pytest.raises(provenance.ProvenanceError, match="rules that are not known here"):
            verify_bytes(_picture())
