"""What the course signs holds elsewhere, and what others signed holds here.

The other implementation is c2pa-ts: TypeScript throughout, without a line of the library that the course uses. It reads
JPEG and PNG, and takes no list of trust, so it knows three of the four states.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from course import media, provenance
from course.provenance import Action, Authority, Ingredient, State, Statement, containers

HERE = Path(__file__).parent
PEER, PUBLIC = HERE / "peer", HERE / "public"
FORMATS = ("JPEG", "PNG")


def _check(paths: list[Path]) -> dict[str, dict]:
    """What the other implementation says of each file."""
    node = shutil.which("node")
    if node is None or not (PEER / "node_modules").exists():
        missing = "the other implementation is missing: npm install --prefix tests/provenance/peer"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    run = subprocess.run(
        [node, str(PEER / "check.mjs"), *map(str, paths)], capture_output=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stderr
    said = [json.loads(line) for line in run.stdout.splitlines()]
    return {Path(one["path"]).name: one for one in said}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Harbour School")


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_another_implementation_says_the_same_of_our_files(authority, tmp_path: Path):
    trust = (authority.certificate,)
    ana, bo = authority.issue("Ana", "Harbour Stock"), authority.issue("Bo", "Harbour Stock")
    still = media.catalogue().where(kind="still", purpose="parity")[0]
    filmed = Statement(
        title="Boats at dawn", actions=(Action("created", source="camera"),), notes={"place": "Harbour wall"}
    )
    expected: dict[str, State] = {}

    def put(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        expected[name] = provenance.verify_bytes(data, trust).state
        return path

    for kind in FORMATS:
        out = io.BytesIO()
        Image.fromarray(media.load(still).pixels).save(out, kind, quality=90)
        data = provenance.signed(out.getvalue(), filmed, ana)
        end = kind.lower()
        whole = put(f"whole.{end}", data)
        put(f"never-signed.{end}", out.getvalue())
        put(f"saved-again.{end}", provenance.stripped(data))
        drawn = data.rindex(b"\xff\xda") + 2000 if kind == "JPEG" else data.rindex(b"IDAT") + 2000
        put(f"bit-of-the-picture.{end}", _flipped(data, drawn))
        put(f"words-of-the-statement.{end}", data.replace(b"Harbour wall", b"Fishing port"))
        put(f"title.{end}", data.replace(b"Boats at dawn", b"Boats at noon"))
        cropped = Statement(
            title="Cropped", actions=(Action("opened"), Action("cropped")), ingredients=(Ingredient(whole),)
        )
        put(f"chain.{end}", provenance.signed(out.getvalue(), cropped, bo, trust))
    said = _check([tmp_path / name for name in expected])
    theirs = {State.TRUSTED: "valid", State.BROKEN: "broken", State.NONE: "none"}
    assert {name: one["state"] for name, one in said.items()} == {
        name: theirs[state] for name, state in expected.items()
    }
    assert set(expected.values()) == set(theirs)
    # They agree on the reason, too.
    for kind in FORMATS:
        end = kind.lower()
        assert said[f"bit-of-the-picture.{end}"]["codes"] == ["assertion.dataHash.mismatch"]
        assert said[f"words-of-the-statement.{end}"]["codes"] == ["assertion.hashedURI.mismatch"]
        assert said[f"title.{end}"]["codes"] == ["claimSignature.mismatch"]


def test_public_files_are_untouched():
    listed = dict(
        re.findall(r"^\| `(\S+)` \|.*\| (\w{64}) \|$", (PUBLIC / "README.md").read_text(encoding="utf-8"), re.M)
    )
    files = sorted(PUBLIC.glob("*.jpg"))
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == listed
    assert len(listed) == 3


def test_public_files_get_the_state_that_is_theirs():
    assert provenance.verify(PUBLIC / "A.jpg") == provenance.Credential(state=State.NONE)
    signed = provenance.verify(PUBLIC / "C.jpg")
    assert signed.state is State.UNKNOWN
    assert (signed.signer, signed.organisation) == ("C2PA Signer", "C2PA Test Signing Cert")
    assert [action.name for action in signed.chain[0].actions] == ["created"]
    elsewhere = provenance.verify(PUBLIC / "cloud.jpg")
    assert elsewhere.state is State.NONE
    assert [reason.code for reason in elsewhere.reasons] == ["manifest.inaccessible"]
    data = (PUBLIC / "C.jpg").read_bytes()
    assert containers.kind_of(data[:64]) == "JPEG"
    assert provenance.verify_bytes(_flipped(data, data.rindex(b"\xff\xda") + 2000)).state is State.BROKEN


def test_another_implementation_says_the_same_of_the_public_files():
    said = _check([PUBLIC / "A.jpg", PUBLIC / "C.jpg"])
    assert {name: one["state"] for name, one in said.items()} == {"A.jpg": "none", "C.jpg": "valid"}
