import cv2
import numpy as np
import pytest

from course import ui

WORDS = {"alt": "A ramp.", "label": "Stages", "name": "From one to three", "caption": "A ramp", "note": "A note."}


def test_the_stages_go_over_in_their_order():
    stages = np.stack([np.full((24, 32, 3), level, np.uint8) for level in (0, 120, 250)])
    view = ui.StagesView(stages, ["one", "two", "three"], **WORDS)
    assert view.setup["words"] == ["one", "two", "three"]
    assert (view.setup["width"], view.setup["height"]) == (32, 24)
    assert {key: view.setup[key] for key in WORDS} == WORDS
    at = 0
    for stage, size in zip(stages, view.setup["sizes"], strict=True):
        shown = cv2.imdecode(np.frombuffer(view.pictures[at : at + size], np.uint8), cv2.IMREAD_COLOR)
        at += size
        assert np.abs(shown.astype(int) - stage).max() <= 2
    assert at == len(view.pictures)


def test_every_stage_needs_its_words():
    with pytest.raises(ValueError, match="Each of the 2 stages needs its words; there are 1"):
        ui.StagesView(np.zeros((2, 8, 8, 3), np.uint8), ["one"], **WORDS)
