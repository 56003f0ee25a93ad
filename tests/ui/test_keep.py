import re
from datetime import date

import pytest

from course import record, ui
from course.record import RecordError
from course.ui.upload import PIECE


def _saved(view):
    """What the page has once it has asked for piece after piece, and the pieces."""
    pieces, here, size = [], 0, 1
    while here < size:
        reply, (piece,) = view._said(view, {"type": "save", "start": here}, [])
        pieces.append(bytes(piece))
        here, size = here + len(piece), reply["size"]
    return reply["name"], pieces


def _restore(view, data):
    for start in range(0, max(1, len(data)), PIECE):
        view._said(
            view, {"type": "restore", "start": start, "size": len(data)}, [memoryview(data)[start : start + PIECE]]
        )


def test_save_sends_the_record_as_a_file_and_restore_brings_it_back(log, tmp_path):
    log.append({"kind": "preference", "name": "path", "value": "short"})
    view = ui.Keep(log)
    name, (data,) = _saved(view)
    assert data == log.export_bytes()
    assert view.note == f"Saved as {name}. Look in your downloads."

    other = record.open(tmp_path / "other")
    view = ui.Keep(other)
    _restore(view, data)
    assert "came back" in view.note
    assert other.preference("path") == "short"
    _restore(view, data)
    assert view.note == "All that this file holds was here already. Nothing was changed."


def test_the_file_has_the_code_of_the_record_so_that_a_teacher_tells_files_apart(log):
    log.append({"kind": "preference", "name": "path", "value": "short"})
    name, _ = _saved(ui.Keep(log))
    assert name == f"look-twice-{log.learner}-{date.today():%Y-%m-%d}.jsonl"
    assert re.fullmatch(r"look-twice-[a-z]+-\d{4}-[a-z]+-\d{4}-\d\d-\d\d\.jsonl", name)


def test_a_record_of_25_megabytes_goes_out_and_comes_back_in_pieces_that_the_connection_carries(log, tmp_path):
    text = "a long answer " * 1000
    first = log.append({"kind": "writing.text", "text": text, "number": 0})
    line = log.path.read_bytes().splitlines(keepends=True)[-1]
    assert first.data["number"] == 0
    with log.path.open("ab") as file:
        for number in range(1, 25_000_000 // len(line) + 2):
            file.write(line.replace(b'"number":0', b'"number":%d' % number))
    assert log.path.stat().st_size > 25_000_000

    name, pieces = _saved(ui.Keep(log))
    assert max(map(len, pieces)) == PIECE and b"".join(pieces) == log.path.read_bytes()
    other = record.open(tmp_path / "other")
    view = ui.Keep(other)
    assert view.largest > 25_000_000
    _restore(view, b"".join(pieces))
    assert other.learner == log.learner and f"{log.learner}" in name
    assert len(other.events("writing.text")) == len(log.events("writing.text"))


def test_an_empty_record_is_not_saved_without_a_word(log):
    view = ui.Keep(log)
    answer = _answer(view, {"type": "save", "start": 0})
    assert answer["trouble"] == "There is nothing to save yet. Answer a question first."
    assert answer["reply"] == {} and view.note == "Nothing to save yet."


def test_a_record_that_cannot_be_read_is_not_saved_without_a_word(log):
    log.append({"kind": "preference", "name": "path", "value": "short"})
    view = ui.Keep(log)
    log.path.unlink()
    log.path.mkdir()
    with pytest.raises(RecordError):
        log.export_bytes()
    assert _answer(view, {"type": "save", "start": 0})["trouble"].startswith("Your ")


@pytest.mark.parametrize("start", [5, -1, None, "x", 2.5, 10**9])
def test_a_piece_that_is_not_there_is_refused_in_a_sentence(log, start):
    log.append({"kind": "preference", "name": "path", "value": "short"})
    answer = _answer(ui.Keep(log), {"type": "save", "start": start})
    assert answer["trouble"] == "The file was not whole. Press the button once more."


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"<html><script>alert(1)</script></html>", b"[1, 2]"])
def test_a_wrong_file_is_refused_in_one_sentence(log, data):
    view = ui.Keep(log)
    answer = _answer(view, {"type": "restore", "start": 0, "size": len(data)}, [memoryview(data)])
    assert log.events() == ()
    assert answer["trouble"].strip().endswith((".", "again.")) and "Traceback" not in answer["trouble"]


def test_other_messages_do_nothing(log):
    view = ui.Keep(log)
    assert view._said(view, {"type": "restore"}, []) is None
    assert view._said(view, {}, []) is None
    assert view.note == "Nothing to save yet."


def _answer(view, message, buffers=()):
    sent = []
    view.send = lambda content, buffers=None: sent.append(content)
    view._handle_custom_msg({**message, "ask": "a-1"}, list(buffers))
    return sent[-1]
