from __future__ import annotations

import numpy as np
import pytest

from course import forensics


def test_pan_shows_the_photograph_itself(picture):
    clip = forensics.pan(picture, frames=6, step=4)
    assert clip.shape == (6, 160, 300, 3)
    assert clip.dtype == np.uint8
    for t, frame in enumerate(clip):
        assert (frame == picture[:, 4 * t : 4 * t + 300]).all()


def test_pan_by_fractions_lies_between_the_pixels(picture):
    clip = forensics.pan(picture, frames=2, step=0.5)
    between = (picture[:, :-1].astype(float) + picture[:, 1:]) / 2
    assert np.abs(clip[1] - between).max() <= 1


def test_pan_takes_nothing_away_from_its_source(picture):
    clip = forensics.pan(picture, frames=2, step=2)
    clip[:] = 0
    assert picture.min() > 0


@pytest.mark.parametrize("arguments", [{"frames": 0}, {"frames": 2.5}, {"step": 0}, {"step": np.nan}, {"step": 400}])
def test_pan_refuses_what_does_not_fit(picture, arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        forensics.pan(picture, **arguments)


def test_shake_moves_each_frame_within_its_bound(picture):
    still = np.stack([picture] * 12)
    shaken = forensics.shake(still, pixels=2, seed=3)
    assert shaken.shape == (12, 156, 316, 3)
    against = np.stack([picture[2:-2, 2:-2], *shaken])
    flow = [np.median(forensics.optical_flow(against[[0, t]]).flow, axis=(0, 1, 2)) for t in range(1, 13)]
    assert np.abs(flow).max() <= 2.1
    assert np.abs(flow).max() > 1
    assert np.std(flow) > 0.5


def test_shake_is_known_by_its_seed(picture):
    still = np.stack([picture] * 3)
    assert (forensics.shake(still, seed=5) == forensics.shake(still, seed=5)).all()
    assert (forensics.shake(still, seed=5) != forensics.shake(still, seed=6)).any()


def test_shake_fails_to_make_a_camera_clip(picture):
    # On purpose: each frame is moved on its own, so the way jumps, where a hand swings. The trap can be told.
    frames = forensics.shake(np.stack([picture] * 40), pixels=2, seed=0)
    right = np.median(forensics.optical_flow(frames).flow[..., 0], axis=(1, 2))
    assert np.corrcoef(right[:-1], right[1:])[0, 1] < 0


@pytest.mark.parametrize("pixels", [0, -1, np.inf, 100])
def test_shake_refuses_what_does_not_fit(picture, pixels):
    with pytest.raises(ValueError, match=r"pixels"):
        forensics.shake(np.stack([picture] * 2), pixels=pixels)
