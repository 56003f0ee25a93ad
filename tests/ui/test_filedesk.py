import numpy as np
import pytest

from course import media, provenance, record, ui

FILE = media.whole_files()["phone"]


def pixels(data: bytes) -> np.ndarray:
    import io

    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB").reduce(8))


@pytest.fixture
def log():
    return []


@pytest.fixture
def view(log, tmp_path):
    desk = provenance.Desk({"phone": FILE.path}, pixels, log.append, tmp_path)
    return ui.FileDeskView(desk, {"phone": FILE.alt}, pixels, changing=True, titles={"phone": FILE.title})


def test_fields_remarks_and_picture_are_on_the_page(view):
    state = view.state
    assert state["files"] == [["phone", FILE.title]] and state["alt"] == FILE.alt
    assert state["name"] == "IMG_20200608_111614.jpg" and state["count"] == 48
    assert dict(map(tuple, dict(map(tuple, state["sections"]))["EXIF: picture"]))["Model"] == "Mi A3"
    assert state["remarks"][0][0].startswith("15.8° south")
    assert view.picture.startswith(b"\xff\xd8")
    assert repr(view) == "<FileDeskView>"


def test_acts_by_message(view, log):
    view.act({"type": "strip"})
    made = view.state["made"]
    assert made["same"].startswith("The picture is the same") and view.state["count"] == 0
    rows = {what: cells for what, *cells in made["rows"]}
    assert rows["Camera"] == ["Xiaomi Mi A3", "–"] and rows["Place"] == ["15.8° south, 48° west", "–"]
    assert rows["Fingerprint of the pixels"][0] == rows["Fingerprint of the pixels"][1]
    view.act({"type": "back"})
    assert view.state["made"] is None and view.state["count"] == 48
    view.act({"type": "edit", "fields": {"taken": "2019-07-14 12:30", "place": ["48.9", "2.3"], "camera": "Box"}})
    assert dict((what, cells) for what, *cells in view.state["made"]["rows"])["Camera"] == ["Xiaomi Mi A3", "Box"]
    view.act({"type": "keep"})
    assert view.state["kept"].endswith("IMG_20200608_111614-other-notes.jpg")
    assert [event["act"] for event in log] == ["strip", "edit"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "edit", "fields": {}}, "Write something"),
        ({"type": "edit", "fields": "all"}, "Write something"),
        ({"type": "edit", "fields": {"taken": "soon"}}, "Write the date like this"),
        ({"type": "edit", "fields": {"place": ["here", ""]}}, "two numbers in degrees"),
        ({"type": "choose", "label": "nosuch"}, "no file of that name"),
        ({"type": "choose", "label": [1]}, "no file of that name"),
        ({"type": "keep"}, "no copy to keep"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(view, message, words):
    view.act(message)
    assert words in view.state["trouble"] and view.state["made"] is None
    view.act({"type": "strip"})
    assert view.state["trouble"] == ""


def test_a_record_that_cannot_be_written_is_said(tmp_path):
    def full(_event):
        raise record.RecordError("Your record cannot be saved: the disk is full.")

    desk = provenance.Desk({"phone": FILE.path}, pixels, full, tmp_path)
    view = ui.FileDeskView(desk, {"phone": FILE.alt}, pixels, changing=True)
    view.act({"type": "strip"})
    assert view.state["trouble"] == "Your record cannot be saved: the disk is full."
    assert view.state["made"] is None and view.state["count"] == 48


def test_junk_messages_change_nothing(view):
    before = dict(view.state)
    for message in ({}, {"type": "fly"}, {"type": None}):
        view.act(message)
    assert view.state == before


def test_a_file_of_ones_own_comes_in_pieces(view, log):
    data = media.whole_files()["messenger"].path.read_bytes()
    size = len(data)
    assert view.piece({"start": 0, "size": size, "name": "IMG-20260101-WA0001.jpg"}, [data[:100_000]])["type"] == "more"
    assert view.piece({"start": 1, "size": size, "name": "IMG-20260101-WA0001.jpg"}, [data[100_000:]]) == {
        "type": "opened"
    }
    assert view.state["label"] == provenance.desk.OWN and view.state["count"] == 0
    assert "2026-01-01" in view.state["remarks"][0][1]
    view.piece({"start": 0, "size": 4, "name": "x"}, [b"text"])
    assert "no picture or film" in view.state["trouble"] and view.state["name"] == "IMG-20260101-WA0001.jpg"
    assert log == []
