"""Four states, four kinds of file, and what can happen to a signed file: each comes to its true state."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from course import media, provenance
from course.provenance import Action, Authority, Ingredient, ProvenanceError, State, Statement, containers
from course.provenance.credentials import REASONS

FORMATS = ("JPEG", "PNG", "WebP", "MP4")
PICTURES = FORMATS[:3]
FILMED = Statement(
    title="Boats at dawn",
    actions=(Action("created", source="camera"),),
    notes={"place": "Harbour wall"},
)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Harbour School")


@pytest.fixture(scope="module")
def trust(authority: Authority) -> tuple[str, ...]:
    return (authority.certificate,)


@pytest.fixture(scope="module")
def ana(authority: Authority) -> provenance.Signer:
    return authority.issue("Ana", "Harbour Stock")


@pytest.fixture(scope="module")
def stranger() -> provenance.Signer:
    return Authority.create("Somewhere else").issue("Bo", "Elsewhere")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """One picture in three kinds of file, another picture in the same three, and two films."""
    made = {}
    stills = media.catalogue().where(kind="still", purpose="parity")
    for name, still in (("", stills[0]), ("other ", stills[1])):
        picture = Image.fromarray(media.load(still).pixels)
        for kind in PICTURES:
            out = io.BytesIO()
            picture.save(out, kind, quality=90)
            made[name + kind] = out.getvalue()
    clips = media.catalogue().where(kind="clip", purpose="parity")
    made["MP4"], made["other MP4"] = (clip.path.read_bytes() for clip in clips[:2])
    return made


@pytest.fixture(scope="module")
def signed(files, ana) -> dict[str, bytes]:
    return {kind: provenance.signed(files[kind], FILMED, ana) for kind in FORMATS}


# what can happen to a signed file


def bit_of_the_picture(data: bytes) -> bytes:
    """One bit in the middle of what is drawn."""
    kind = containers.kind_of(data[:64])
    if kind == "MP4":
        at = data.index(b"mdat") + 4000
    else:
        drawn = {"JPEG": b"tail", "PNG": b"IDAT", "WebP": b"VP8 "}[kind]
        if kind == "JPEG":
            at = data.rindex(b"\xff\xda") + 2000
        else:
            part = next(part for part in containers.parts(data) if part.name == drawn)
            at = (part.start + part.stop) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def words_of_the_statement(data: bytes) -> bytes:
    """Another place in the note, of the same length."""
    assert data.count(b"Harbour wall") == 1
    return data.replace(b"Harbour wall", b"Fishing port")


def title_of_the_claim(data: bytes) -> bytes:
    assert data.count(b"Boats at dawn") == 1
    return data.replace(b"Boats at dawn", b"Boats at noon")


def name_of_the_signer(data: bytes) -> bytes:
    """A letter of the name in the certificate."""
    assert data.count(b"Harbour Stock") == 1
    return data.replace(b"Harbour Stock", b"Harbour Steal")


def saved_again(data: bytes) -> bytes:
    kind = containers.kind_of(data[:64])
    if kind == "MP4":
        return provenance.stripped(data)
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).save(out, kind, quality=90)
    return out.getvalue()


ALL_STATES = [
    *(pytest.param(kind, None, State.TRUSTED, (), id=f"{kind}-untouched") for kind in FORMATS),
    *(
        pytest.param(kind, harm, State.BROKEN, codes, id=f"{kind}-{harm.__name__}")
        for kind, (harm, codes) in product(
            FORMATS,
            (
                (bit_of_the_picture, ("Hash.mismatch",)),
                (words_of_the_statement, ("assertion.hashedURI.mismatch",)),
                (title_of_the_claim, ("claimSignature.mismatch",)),
                (name_of_the_signer, ("claimSignature.mismatch", "signingCredential")),
            ),
        )
    ),
    *(pytest.param(kind, saved_again, State.NONE, (), id=f"{kind}-saved-again") for kind in FORMATS),
]


@pytest.mark.parametrize(("kind", "harm", "state", "codes"), ALL_STATES)
def test_states(signed, trust, kind: str, harm: Callable[[bytes], bytes] | None, state: State, codes):
    found = provenance.verify_bytes(harm(signed[kind]) if harm else signed[kind], trust)
    assert found.state is state
    if codes:
        assert any(code in reason.code for reason in found.reasons for code in codes), found.reasons
        assert all(reason.words.endswith(".") for reason in found.reasons)
    else:
        assert found.reasons == ()
    assert bool(found.chain) is (state is not State.NONE)


@pytest.mark.parametrize("kind", FORMATS)
def test_never_signed(files, trust, kind):
    assert provenance.verify_bytes(files[kind], trust) == provenance.Credential(state=State.NONE)


@pytest.mark.parametrize("kind", FORMATS)
def test_trust_is_a_list_one_chooses(signed, files, stranger, trust, kind):
    empty = provenance.verify_bytes(signed[kind])
    assert empty.state is State.UNKNOWN
    assert [reason.code for reason in empty.reasons] == ["signingCredential.untrusted"]
    foreign = provenance.signed(files[kind], FILMED, stranger)
    assert provenance.verify_bytes(foreign, trust).state is State.UNKNOWN
    other = Authority.create("Another one").certificate
    assert provenance.verify_bytes(signed[kind], (other,)).state is State.UNKNOWN
    assert provenance.verify_bytes(signed[kind], (other, *trust)).state is State.TRUSTED


def _moved(signed_file: bytes, other: bytes) -> bytes:
    """The manifest of one file put into another."""
    kind = containers.kind_of(other[:64])
    if kind == "MP4":
        # the box with the manifest stands behind the first one
        size = int.from_bytes(signed_file[:4], "big")
        at = signed_file.index(b"uuid") - 4
        box = signed_file[at : at + int.from_bytes(signed_file[at : at + 4], "big")]
        head = int.from_bytes(other[:4], "big")
        assert size == head
        return other[:head] + box + other[head:]
    name = {"JPEG": b"\xff\xeb", "PNG": b"caBX", "WebP": b"C2PA"}[kind]
    pieces = [signed_file[part.start : part.stop] for part in containers.parts(signed_file) if part.name == name]
    assert pieces
    if kind == "WebP":
        grown = other + b"".join(pieces)
        return grown[:4] + (len(grown) - 8).to_bytes(4, "little") + grown[8:]
    first, *rest = [other[part.start : part.stop] for part in containers.parts(other)]
    signature = b"\x89PNG\r\n\x1a\n" if kind == "PNG" else b""
    return signature + first + b"".join(pieces) + b"".join(rest)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_manifest_copied_from_another_file(signed, files, trust, kind):
    found = provenance.verify_bytes(_moved(signed[kind], files[f"other {kind}"]), trust)
    assert found.state is State.BROKEN
    assert any("Hash.mismatch" in reason.code for reason in found.reasons)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_certificate_that_has_run_out(files, authority, trust, kind):
    soon = datetime.now(UTC) + timedelta(seconds=2)
    signer = authority.issue("Cleo", valid_until=soon.replace(microsecond=0))
    data = provenance.signed(files[kind], FILMED, signer)
    assert provenance.verify_bytes(data, trust).state is State.TRUSTED
    time.sleep(max(0, (signer.valid_until - datetime.now(UTC)).total_seconds()) + 1.1)
    found = provenance.verify_bytes(data, trust)
    assert found.state is State.BROKEN
    assert [reason.code for reason in found.reasons] == ["signingCredential.expired"]


@pytest.mark.parametrize("kind", PICTURES)
def test_a_chain_of_three_tools(files, ana, authority, trust, tmp_path: Path, kind):
    camera, crop, paste = (tmp_path / f"{name}.{kind.lower()}" for name in ("camera", "crop", "paste"))
    camera.write_bytes(provenance.signed(files[kind], FILMED, ana))
    bo = authority.issue("Bo", "Harbour Stock")
    out = io.BytesIO()
    Image.open(camera).crop((0, 0, 200, 200)).save(out, kind)
    cropped = Statement(
        title="Boats, cropped", actions=(Action("opened"), Action("cropped")), ingredients=(Ingredient(camera),)
    )
    crop.write_bytes(provenance.signed(out.getvalue(), cropped, bo, trust))
    piece = tmp_path / f"gull.{kind.lower()}"
    piece.write_bytes(files[f"other {kind}"])
    pasted = Statement(
        title="Boats with a gull",
        actions=(Action("opened"), Action("placed", words="a gull from the archive")),
        tool="Paste-o-mat",
        ingredients=(Ingredient(crop), Ingredient(piece, whole=False)),
    )
    cleo = authority.issue("Cleo", "Harbour Stock")
    assert provenance.sign(crop, paste, pasted, cleo, trust) == paste
    found = provenance.verify(paste, trust)
    assert found.state is State.TRUSTED
    assert [step.signer for step in found.chain] == ["Cleo", "Bo", "Ana"]
    last, middle, first = found.chain
    assert last.tool == "Paste-o-mat"
    assert [action.name for action in last.actions] == ["opened", "placed"]
    assert last.actions[1].words == "a gull from the archive"
    assert [(one.title, one.whole, one.state) for one in last.ingredients] == [
        (crop.name, True, State.TRUSTED),
        (piece.name, False, State.NONE),
    ]
    assert last.ingredients[0].step == middle.label
    assert middle.ingredients[0].step == first.label
    assert first.actions == (Action("created", source="camera"),)
    assert first.notes[0].text == "Harbour wall"


@pytest.mark.parametrize("kind", PICTURES)
def test_what_was_broken_when_it_was_taken_up_is_said(signed, files, ana, trust, tmp_path: Path, kind):
    broken = tmp_path / f"broken.{kind.lower()}"
    broken.write_bytes(bit_of_the_picture(signed[kind]))
    statement = Statement(title="Work", actions=(Action("opened"),), ingredients=(Ingredient(broken),))
    found = provenance.verify_bytes(provenance.signed(files[kind], statement, ana, trust), trust)
    # The last signer vouches for what they took up as it was; the chain shows that it did not hold.
    assert found.state is State.TRUSTED
    assert found.chain[0].ingredients[0].state is State.BROKEN
    assert any("Hash.mismatch" in reason.code for reason in found.chain[0].ingredients[0].reasons)


@pytest.mark.parametrize("kind", PICTURES)
def test_a_note_blacked_out_by_a_later_signer(signed, files, ana, trust, tmp_path: Path, kind):
    original = tmp_path / f"original.{kind.lower()}"
    original.write_bytes(signed[kind])
    note = provenance.verify(original, trust).chain[0].notes[0]
    assert (note.name, note.text) == ("place", "Harbour wall")
    statement = Statement(
        title="Boats", actions=(Action("opened"),), ingredients=(Ingredient(original),), redact=(note.address,)
    )
    data = provenance.signed(files[kind], statement, ana, trust)
    assert b"Harbour wall" not in data
    found = provenance.verify_bytes(data, trust)
    assert found.state is State.TRUSTED
    assert found.chain[0].redacted == (note.address,)
    assert found.chain[1].notes == ()
    # blacked out without saying so is a forgery
    hidden = provenance.verify_bytes(words_of_the_statement(signed[kind]), trust)
    assert hidden.state is State.BROKEN


def test_a_signed_lie_is_trusted(files, authority, trust):
    """A signature says who said it, and not that it is true."""
    generated = media.catalogue().where(kind="still", origin="generated")[0].path.read_bytes()
    careless = authority.issue("Dov", "Harbour Stock")
    found = provenance.verify_bytes(provenance.signed(generated, FILMED, careless), trust)
    assert found.state is State.TRUSTED
    assert found.chain[0].actions[0].source == "camera"


@pytest.mark.parametrize("kind", FORMATS)
def test_the_picture_itself_is_not_touched(signed, files, kind):
    if kind == "MP4":
        at, before = signed[kind].index(b"mdat"), files[kind].index(b"mdat")
        size = int.from_bytes(files[kind][before - 4 : before], "big")
        assert signed[kind][at : at + size - 4] == files[kind][before : before + size - 4]
    else:
        pixels = [Image.open(io.BytesIO(data)).convert("RGB").tobytes() for data in (signed[kind], files[kind])]
        assert pixels[0] == pixels[1]


# what cannot be done, in one sentence


def _sentence(problem: pytest.ExceptionInfo) -> str:
    text = str(problem.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 300
    return text


@pytest.mark.parametrize(
    "data", [b"", b"no picture at all", b"\xff\xd8\xff\xe0 but nothing follows", b"GIF89a" + b"\0" * 40]
)
def test_files_that_cannot_be_signed(data, ana):
    with pytest.raises(ProvenanceError) as problem:
        provenance.signed(data, FILMED, ana)
    _sentence(problem)


@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0 but nothing follows"])
def test_files_that_cannot_be_checked(data, trust):
    with pytest.raises(ProvenanceError) as problem:
        provenance.verify_bytes(data, trust)
    _sentence(problem)


def test_a_damaged_manifest_is_broken_and_does_not_crash(signed, trust):
    data, whole = signed["JPEG"], provenance.verify_bytes(signed["JPEG"], trust)
    start = data.index(b"jumb")
    broken = 0
    for at in range(start, start + 3000, 37):
        found = provenance.verify_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :], trust)
        # The room left for a longer signature is filled with bytes that say nothing and that nothing protects.
        assert found.state is State.BROKEN or found == whole
        broken += found.state is State.BROKEN
    assert broken > 40


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Statement(title="x", actions=()), "what was done first"),
        (Statement(title="x", actions=(Action("cropped"),)), "begins with"),
        (Statement(title="x", actions=(Action("opened"),)), "begins with"),
        (Statement(title="x", actions=(Action("created"),)), "where it was created"),
        (Statement(title="x", actions=(Action("created", source="dream"),)), "no source “dream”"),
        (Statement(title="x", actions=(Action("created", source="camera"), Action("placed"))), "name the file"),
        (Statement(title="x", actions=(Action("created", source="camera"),), notes={"a b": "c"}), "plain word"),
    ],
)
def test_statements_that_make_no_sense(files, ana, statement, words):
    with pytest.raises(ProvenanceError, match=words) as problem:
        provenance.signed(files["JPEG"], statement, ana)
    _sentence(problem)


def test_a_clock_set_wrong(files, authority):
    now = datetime.now(UTC)
    for start in (now + timedelta(days=9), now - timedelta(days=9)):
        signer = authority.issue("Eve", valid_from=start, valid_until=start + timedelta(days=1))
        with pytest.raises(ProvenanceError, match="set the clock right") as problem:
            provenance.signed(files["JPEG"], FILMED, signer)
        assert f"{now:%d %B %Y}" in _sentence(problem)


def test_a_certificate_without_the_right_to_sign(files, authority):
    """The authority's own certificate may vouch for others, and not sign pictures."""
    from cryptography.hazmat.primitives import serialization

    key = authority._key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    wrong = provenance.Signer(
        name="Authority",
        organisation="",
        certificates=authority.certificate.encode(),
        key=key,
        valid_from=authority._certificate.not_valid_before_utc,
        valid_until=authority._certificate.not_valid_after_utc,
    )
    with pytest.raises(ProvenanceError) as problem:
        provenance.signed(files["JPEG"], FILMED, wrong)
    assert "certificate" in _sentence(problem)


def test_a_damaged_list_of_trust(signed):
    with pytest.raises(ProvenanceError, match="list of trust") as problem:
        provenance.verify_bytes(signed["JPEG"], ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",))
    _sentence(problem)


def test_the_copy_never_replaces_the_file(signed, ana, tmp_path: Path):
    path = tmp_path / "boats.jpg"
    path.write_bytes(signed["JPEG"])
    with pytest.raises(ProvenanceError, match="choose another name"):
        provenance.sign(path, path, FILMED, ana)
    assert path.read_bytes() == signed["JPEG"]


def test_nothing_goes_out(monkeypatch, signed, files, ana, trust):
    """No list is fetched and no time stamp asked for. (The whole lab is watched in tests/browser/test_network.py.)"""
    import socket

    def refuse(*_args, **_kwargs):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    provenance.verify_bytes(provenance.signed(files["PNG"], FILMED, ana), trust)


def test_reasons_are_sentences():
    assert all(words[0].isupper() and words.endswith(".") for words in REASONS.values())
    assert json.dumps(REASONS)


def test_signing_and_checking_are_quick(ana, trust):
    """2 megapixels: 300 ms to sign and 100 ms to check; three times that on a busy machine."""
    stills = [media.load(item).pixels for item in media.catalogue().where(kind="still", purpose="parity")[:20]]
    picture = Image.new("RGB", (1920, 1152))
    for number, pixels in enumerate(stills[:15]):
        picture.paste(Image.fromarray(pixels), (number % 5 * 384, number // 5 * 384))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        data = provenance.signed(out.getvalue(), FILMED, ana)
        middle = time.perf_counter()
        assert provenance.verify_bytes(data, trust).state is State.TRUSTED
        times.append((middle - begun, time.perf_counter() - middle))
    sign, check = (sorted(column)[2] * 1000 for column in zip(*times, strict=True))
    print(f"sign {sign:.0f} ms, check {check:.0f} ms")
    assert sign < 900 and check < 300
