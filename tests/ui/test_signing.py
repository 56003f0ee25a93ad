import io
import json

import pytest
from PIL import Image

from course.lessons import signed_at_birth as lesson
from course.provenance import Statement, stripped, verify_bytes

PEN = "Heron of the Reeds"


@pytest.fixture
def view():
    made = lesson.sign()
    made.act({"type": "make", "name": PEN, "password": ""})
    return made


def _open(view, data: bytes) -> None:
    view.piece({"start": 0, "size": len(data)}, [data])


def test_the_states_are_shown_one_after_the_other(view):
    view.act({"type": "sign", "title": "A lake", "claim": "camera"})
    assert view.shown["credential"]["word"] == "Trusted"
    assert view.shown["told"] in view.shown["spoken"] and "whether it is true" in view.shown["told"]
    words = []
    for act in ("flip", "save-again", "strip", "distrust"):
        view.act({"type": act})
        words.append(view.shown["credential"]["word"])
        assert view.shown["told"] == ""
        assert view.shown["spoken"].endswith(view.shown["credential"]["means"])
    assert words == ["Broken", "None", "None", "Signer unknown"]
    assert [word for *_, word in view.shown["tried"]] == ["Trusted", "Broken", "None", "None", "Signer unknown"]


def test_the_pen_name_is_no_state_that_a_notebook_could_save(view):
    view.act({"type": "sign", "title": "A lake", "claim": "camera"})
    assert view.shown["name"] == PEN
    assert PEN not in json.dumps(view.get_state(), default=repr) and "PRIVATE KEY" not in repr(view.shown)
    sent = []
    view.send = lambda content, buffers=None: sent.append((content, buffers))
    view._said(view, {"type": "show"}, [])
    ((content, (picture,)),) = sent
    assert content["state"]["name"] == PEN  # the page asks for it
    assert PEN.encode() not in picture and b"PRIVATE" not in picture


def test_neither_name_nor_key_is_in_the_record_or_in_what_is_exported(view, log):
    view.act({"type": "sign", "title": "A lake", "claim": "camera"})
    view.act({"type": "flip"})
    view.act({"type": "keep"})
    for text in (log.path.read_text(encoding="utf-8"), log.export_bytes().decode("utf-8")):
        assert text.count("signing.act") == 3
        assert not any(secret in text for secret in (PEN, "Heron", "PRIVATE KEY", "BEGIN", "A lake"))


def test_a_picture_of_ones_own_is_signed_without_its_notes(view):
    out, exif = io.BytesIO(), Image.Exif()
    exif[271] = "Secret camera"
    Image.new("RGB", (3000, 1500), "teal").save(out, "PNG", exif=exif)
    _open(view, out.getvalue())
    assert view.shown["label"] == "A picture of your own" and view.shown["trouble"] == ""
    view.act({"type": "sign", "title": "Mine", "claim": "drawn"})
    assert Image.open(io.BytesIO(view._model.data)).size == (1280, 640)
    assert b"Secret camera" not in view._model.data
    view.act({"type": "flip"})
    assert view.shown["credential"]["word"] == "Broken"


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff cut", b"GIF89a" + b"\0" * 30, b"%PDF-1.7 x"])
def test_what_is_no_picture_is_one_sentence_and_nothing_is_lost(view, data):
    view.act({"type": "sign", "title": "A lake", "claim": "camera"})
    _open(view, data)
    assert view.shown["trouble"].endswith(".") and "\n" not in view.shown["trouble"]
    assert view.shown["credential"]["word"] == "Trusted"


def test_a_moving_picture_is_refused(view):
    from course import media

    _open(view, media.catalogue()["pot-plant"].path.read_bytes())
    assert view.shown["trouble"] == "This desk signs pictures that stand still: choose a photograph."


def test_junk_is_passed_over_or_answered(view, log):
    before = len(log.events())
    for message in ({}, {"type": 7}, {"type": ["sign"]}, {"type": "sign"}, {"type": "choose"}, {"type": "unlock"}):
        view.act(message)
    view.piece({"start": "x", "size": None}, [])
    assert len(log.events()) == before


def test_a_password_opens_it_on_another_day():
    view = lesson.sign()
    view.act({"type": "make", "name": PEN, "password": "right"})
    again = lesson.sign()
    assert (again.shown["locked"], again.shown["ready"]) == (True, False)
    again.act({"type": "unlock", "password": "wrong"})
    assert "does not open this key" in again.shown["trouble"]
    again.act({"type": "unlock", "password": "right"})
    assert again.shown["ready"] and "right" not in repr(again.shown)


def test_what_is_shown_is_the_picture_that_is_checked(view):
    view.act({"type": "sign", "title": "A lake", "claim": "camera"})
    view.act({"type": "flip"})
    assert verify_bytes(stripped(view._model.data)).chain == ()
    assert Statement(title="x", actions=()).tool == "Look Twice"


def test_a_certificate_is_never_made_over_another_without_being_asked_to(view, log):
    before = {path: path.read_bytes() for path in (log.folder / lesson.KEYS).rglob("*") if path.is_file()}
    view.act({"type": "make", "name": PEN, "password": ""})
    assert "You have a certificate already" in view.shown["trouble"]
    assert {path: path.read_bytes() for path in (log.folder / lesson.KEYS).rglob("*") if path.is_file()} == before
    view.act({"type": "make", "name": "Gull", "password": "a secret", "another": True})
    assert view.shown["name"] == "Gull" and view.shown["trouble"] == ""
