import pytest

from course import record, ui


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(ui.Keep, "send", lambda self, content, buffers=None: messages.append((content, buffers)))
    return messages


def test_save_sends_the_record_as_a_file_and_restore_brings_it_back(log, sent, tmp_path, monkeypatch):
    log.append({"kind": "preference", "name": "path", "value": "short"})
    view = ui.Keep(log)
    view._said(view, {"type": "save"}, [])
    ((content, (data,)),) = sent
    assert content["name"].startswith("look-twice-") and content["name"].endswith(".jsonl")
    assert data == log.export_bytes()

    other = record.open(tmp_path / "other")
    view = ui.Keep(other)
    view._said(view, {"type": "restore"}, [memoryview(data)])
    assert "came back" in view.note
    assert other.preference("path") == "short"
    view._said(view, {"type": "restore"}, [memoryview(data)])
    assert view.note == "All that this file holds was here already. Nothing was changed."


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"<html><script>alert(1)</script></html>", b"[1, 2]"])
def test_a_wrong_file_is_refused_in_one_sentence(log, sent, data):
    view = ui.Keep(log)
    view._said(view, {"type": "restore"}, [memoryview(data)])
    assert log.events() == ()
    assert view.note.strip().endswith((".", "again.")) and "Traceback" not in view.note


def test_other_messages_do_nothing(log, sent):
    view = ui.Keep(log)
    view._said(view, {"type": "restore"}, [])
    view._said(view, {}, [])
    assert sent == []
