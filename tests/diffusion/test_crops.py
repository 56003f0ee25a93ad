"""The squares that a camera took."""

from __future__ import annotations

import numpy as np
import pytest

from course import diffusion


def test_each_label_has_as_many_squares_and_each_names_its_photograph():
    squares = diffusion.held_back()
    counts = {label: squares.labels.count(label) for label in diffusion.LABELS}
    assert set(counts.values()) == {40}
    assert squares.pictures.shape == (200, 32, 32, 3) and squares.pictures.dtype == np.uint8
    assert len(squares.photographs) == 200 and all(": " in one for one in squares.photographs)
    assert len(set(squares.photographs)) > 20


def test_no_square_is_there_twice():
    flat = diffusion.held_back().pictures.reshape(200, -1)
    assert len(np.unique(flat, axis=0)) == 200


def test_squares_cannot_be_painted_over():
    with pytest.raises(ValueError, match="read-only"):
        diffusion.held_back().pictures[0, 0, 0] = 0


def test_squares_are_sharp_and_coloured_as_the_camera_left_them():
    pictures = diffusion.held_back().pictures
    assert pictures.std(axis=(1, 2, 3)).min() > 1
    assert np.ptp(pictures.astype(int), axis=3).max() > 100
