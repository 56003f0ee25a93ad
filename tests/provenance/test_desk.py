"""The desk does each act whole or not at all, whatever it is told."""

import random

import numpy as np
import pytest

from course import media
from course.provenance import Desk, read_metadata
from course.provenance.desk import LARGEST_OWN, OWN
from course.record import RecordError

FILES = {name: media.whole_files()[name].path for name in ("phone", "camera", "messenger")}


def pixels(data: bytes) -> np.ndarray:
    import io

    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB").reduce(8))


@pytest.fixture
def log():
    return []


@pytest.fixture
def desk(log, tmp_path):
    return Desk(FILES, pixels, log.append, tmp_path / "own")


def test_strip_edit_put_back_keep(desk, log, tmp_path):
    first = FILES["phone"].read_bytes()
    assert desk.label == "phone" and desk.made is None and not desk.keep()
    assert desk.sentence == "Nothing has been changed yet, so there is no copy to keep."
    assert desk.strip() and desk.metadata.empty and desk.made.same_picture
    assert desk.keep() and read_metadata(desk.kept).empty
    assert desk.kept == str(tmp_path / "own" / "IMG_20200608_111614-without-notes.jpg")
    assert desk.edit(camera="Other") and desk.metadata.camera == "Other" and desk.made.before.camera == "Xiaomi Mi A3"
    assert desk.keep() and desk.kept.endswith("-other-notes.jpg")
    assert desk.put_back() and desk.data == first and desk.made is None
    assert FILES["phone"].read_bytes() == first
    assert [(event["act"], event["file"]) for event in log] == [("strip", "phone"), ("edit", "phone")]


def test_of_a_file_of_ones_own_neither_name_nor_content_is_recorded(desk, log, tmp_path):
    data = FILES["camera"].read_bytes()
    assert desk.open_own(data, "Our house.jpg") and desk.labels[-1] == OWN and desk.name == "Our house.jpg"
    assert desk.strip() and desk.edit(camera="Secret", place=(1, 2)) and desk.keep()
    assert desk.kept == str(tmp_path / "own" / "my-picture-other-notes.jpg")
    assert log == [{"kind": "desk.change", "act": act, "file": "own"} for act in ("strip", "edit")]


def test_nothing_happens_unless_it_is_saved(tmp_path):
    def refuse(_event):
        raise RecordError("The disk is full.")

    desk = Desk(FILES, pixels, refuse, tmp_path)
    assert not desk.strip() and desk.sentence == "The disk is full."
    assert desk.made is None and desk.metadata.location is not None


def test_a_fault_of_our_own_is_no_sentence_for_the_learner(log):
    def faulty(_data):
        raise ValueError("operands could not be broadcast together")

    desk = Desk(FILES, faulty, log.append)
    with pytest.raises(ValueError, match="operands"):
        desk.strip()
    assert desk.sentence == "" and desk.made is None and log == []


def test_a_picture_that_cannot_be_decoded_is_a_sentence(log):
    def broken(_data):
        raise media.MediaError("It has too many pixels.")

    desk = Desk(FILES, broken, log.append)
    assert not desk.strip() and desk.sentence == "It has too many pixels." and log == []


JUNK = [None, "", 0, -1, 10**9, float("nan"), True, [], {}, ("a", "b"), b"bytes", "north", object(), "x" * 500, "é"]


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_acts_at_random_never_raise_and_never_half_happen(seed, tmp_path):
    rng = random.Random(seed)
    log = []
    desk = Desk(FILES, pixels, log.append, tmp_path)
    good = {
        "taken": ["2019-07-14 12:30", "1999-01-01 00:00:00"],
        "camera": ["Box", "Dream Camera"],
        "place": [(48.9, 2.3), ["-33.9", "18.4"]],
        "software": ["Program 1"],
    }
    for _ in range(200):
        before = (desk.label, desk.data, desk.made, len(log))
        act = rng.choice(["choose", "strip", "edit", "back", "keep", "own"])
        if act == "choose":
            done = desk.choose(rng.choice([*FILES, OWN, *JUNK]))
        elif act == "strip":
            done = desk.strip()
        elif act == "edit":
            names = rng.sample(list(good), rng.randint(0, 4))
            done = desk.edit(**{name: rng.choice([*good[name], *good[name], *JUNK]) for name in names})
        elif act == "back":
            done = desk.put_back()
        elif act == "keep":
            done = desk.keep()
        else:
            data = rng.choice([FILES["messenger"].read_bytes(), b"no picture", b"", None, "text", 5])
            done = desk.open_own(data, rng.choice(["a.jpg", "../../etc/passwd", *JUNK]))
        assert done is (not desk.sentence)
        if not done:
            assert desk.sentence.endswith(".") and "\n" not in desk.sentence
            assert (desk.label, desk.data, desk.made, len(log)) == before
        assert desk.made is None or desk.made.same_picture
        assert desk.metadata.format == "JPEG"
    assert {event["kind"] for event in log} == {"desk.change"} and len(log) > 20
    for name, path in FILES.items():
        assert path.read_bytes() == media.whole_files()[name].path.read_bytes()
    assert LARGEST_OWN == 64_000_000
