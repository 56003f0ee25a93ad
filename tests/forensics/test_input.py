"""Bad input is refused in words, by every measurement alike."""

from __future__ import annotations

import numpy as np
import pytest

from course import forensics

CLIP = np.zeros((6, 48, 64, 3), dtype=np.uint8)
ON_CLIPS = {
    "optical_flow": forensics.optical_flow,
    "second_order_motion": forensics.second_order_motion,
    "flicker": forensics.flicker,
    "track_colour": lambda frames: forensics.track_colour(frames, (200, 40, 30)),
    "shake": forensics.shake,
}
ON_PICTURES = {
    "pan": forensics.pan,
    "colour_at": lambda pixels: forensics.colour_at(pixels, 3, 3),
    "error_level_analysis": forensics.error_level_analysis,
    "jpeg_ghosts": forensics.jpeg_ghosts,
    "blocking_grid": forensics.blocking_grid,
    "zero_grid": forensics.zero_grid,
    "double_quantisation": forensics.double_quantisation,
    "save_as_jpeg": forensics.save_as_jpeg,
}
BAD_CLIPS = {
    "floats": (CLIP / 255, r"uint8 RGB of shape \(T, H, W, 3\).*got float64 of shape \(6, 48, 64, 3\)"),
    "NaN": (np.full(CLIP.shape, np.nan), "uint8.*got float64"),
    "one picture": (CLIP[0], r"got uint8 of shape \(48, 64, 3\)"),
    "grey": (CLIP[..., 0], r"got uint8 of shape \(6, 48, 64\)"),
    "four channels": (np.zeros((6, 48, 64, 4), dtype=np.uint8), r"got uint8 of shape \(6, 48, 64, 4\)"),
    "no frames": (CLIP[:0], r"T >= \d"),
    "a list": (CLIP.tolist(), "got list"),
}


@pytest.mark.parametrize("name", ON_CLIPS)
@pytest.mark.parametrize("bad", BAD_CLIPS)
def test_a_bad_clip_is_named(name, bad):
    frames, message = BAD_CLIPS[bad]
    with pytest.raises(ValueError, match=message):
        ON_CLIPS[name](frames)


@pytest.mark.parametrize("name", ["optical_flow", "flicker", "second_order_motion"])
def test_one_frame_is_not_a_clip(name):
    with pytest.raises(ValueError, match=r"T >= \d.*got uint8 of shape \(1, 48, 64, 3\)"):
        ON_CLIPS[name](CLIP[:1])


@pytest.mark.parametrize("name", ["optical_flow", "flicker"])
def test_a_clip_too_small_to_follow_is_refused(name):
    with pytest.raises(ValueError, match="H, W >= 32"):
        ON_CLIPS[name](CLIP[:, :31])


@pytest.mark.parametrize("name", ON_PICTURES)
@pytest.mark.parametrize("bad", [CLIP, CLIP[0] / 255, CLIP[0, ..., 0], CLIP[0, :0]])
def test_a_bad_picture_is_named(name, bad):
    with pytest.raises(ValueError, match=r"pixels must be uint8 RGB of shape \(H, W, 3\); got"):
        ON_PICTURES[name](bad)


def test_a_good_clip_passes_all_and_is_left_unchanged():
    frames = CLIP.copy()
    for measure in ON_CLIPS.values():
        measure(frames)
    assert (frames == CLIP).all()
