import cv2
import numpy as np
import pytest

from course import media, ui
from course.ui.player import jpegs, track


def test_frames_arrive_as_they_are():
    clip = media.load("wave-below")
    data, sizes = jpegs(clip.frames)
    assert len(sizes) == len(clip.frames)
    assert sum(sizes) == len(data)
    at = 0
    for frame, size in zip(clip.frames, sizes, strict=True):
        shown = cv2.imdecode(np.frombuffer(data[at : at + size], np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
        at += size
        assert np.abs(shown.astype(int) - frame).mean() < 1.5


def test_a_still_is_one_frame_without_time():
    shown, _ = track(media.load("rotary-telephone"))
    assert len(shown["sizes"]) == 1
    assert shown["fps"] == 0


def test_compare_needs_nothing_but_pictures_and_holds_two_tracks():
    clip = media.load("wave-below")
    view = ui.compare(clip, clip, labels=("one", "two"), layout="wipe")
    assert [one["label"] for one in view.tracks] == ["one", "two"]
    assert len(view.pictures) == 2
    assert view.layout_name == "wipe"
    assert all(one["alt"] == clip.alt for one in view.tracks)


def test_curves_go_over_as_plain_numbers():
    curves = ui.Curves("T", "px", "S.", (ui.Line("a", np.arange(3), at=np.array([2, 4, 6])),), ui.Band(1, 2, "half"))
    assert curves.as_trait() == {
        "title": "T",
        "unit": "px",
        "summary": "S.",
        "lines": [{"label": "a", "role": "plain", "values": [0.0, 1.0, 2.0], "at": [2, 4, 6]}],
        "band": {"low": 1.0, "high": 2.0, "label": "half"},
    }


def test_a_picture_that_is_none_is_named():
    for frames in (np.zeros((1, 0, 0, 3), np.uint8), np.zeros((8, 8, 3), np.uint8), np.zeros((1, 8, 8, 3))):
        with pytest.raises(ValueError, match="frames must be uint8 of shape"):
            jpegs(frames)
