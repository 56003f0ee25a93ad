from __future__ import annotations

import numpy as np
import pytest

from course import forensics


def lamp(picture, levels):
    return np.stack([picture + np.uint8(level) for level in levels])


def test_flicker_of_a_still_picture_by_hand(picture):
    result = forensics.flicker(lamp(picture, [0, 6, 6, 10, 0]))
    assert result.curve == pytest.approx([6, 0, 4, 10], abs=0.05)
    assert result.value == pytest.approx(5, abs=0.05)
    assert result.unit == "grey levels"


def test_flicker_is_measured_on_a_quarter_of_the_reduced_picture(picture):
    big = lamp(picture, [0, 3, 9]).repeat(4, axis=1).repeat(4, axis=2)
    result = forensics.flicker(big)
    assert result.still.shape == (2, 160, 320)
    assert result.still.dtype == bool
    assert forensics.flicker(forensics.shake(big)).still.mean() == pytest.approx(0.25, abs=0.01)


def test_flicker_does_not_mind_size_mirrors_or_brightness(picture):
    clip = lamp(picture, [0, 6, 2, 9])
    curve = forensics.flicker(clip).curve
    assert forensics.flicker(clip.repeat(2, axis=1).repeat(2, axis=2)).curve == pytest.approx(curve, abs=0.1)
    assert forensics.flicker(np.ascontiguousarray(clip[:, :, ::-1])).curve == pytest.approx(curve, abs=0.1)
    assert forensics.flicker(clip + np.uint8(15)).curve == pytest.approx(curve, abs=0.1)


def test_grain_is_not_flicker(picture):
    rng = np.random.default_rng(0)
    grainy = np.stack([(picture + rng.normal(0, 5, picture.shape)).clip(0, 255).astype(np.uint8) for _ in range(5)])
    # Two frames with grain of 5 levels in each channel differ by 3.8 on average, and much less once smoothed.
    assert np.abs(np.diff(grainy.astype(int), axis=0)).mean() > 5
    assert forensics.flicker(grainy).value < 1


def test_a_plain_thing_that_moves_is_not_flicker(picture):
    quiet = np.stack([picture // 8 + 120] * 8).astype(np.uint8)
    for t, frame in enumerate(quiet):
        frame[40:110, 20 + 6 * t : 90 + 6 * t] = 20
    assert np.abs(np.diff(quiet.astype(int), axis=0)).mean() > 1.5
    assert forensics.flicker(quiet).value < 0.5


def test_a_flicker_in_one_corner_counts_by_its_share(picture):
    clip = np.stack([picture] * 6)
    clip[1::2, :, :160] += 8
    everywhere = lamp(picture, [0, 8] * 3)
    part, whole = forensics.flicker(clip).value, forensics.flicker(everywhere).value
    assert 0.2 * whole < part < 0.8 * whole


def test_flicker_takes_a_neon_sign_for_a_fault_and_a_cut_for_a_jump(picture):
    # On purpose: the light of the scene, or a cut, moves the curve as much as any generator could.
    neon = forensics.flicker(lamp(picture, [0, 12] * 4))
    assert neon.value == pytest.approx(12, abs=0.1)
    cut = forensics.flicker(np.stack([picture] * 3 + [255 - picture] * 3))
    assert cut.curve.argmax() == 2
    assert cut.curve[2] > 20
    assert np.delete(cut.curve, 2).max() < 0.1


def test_flicker_follows_a_camera_that_travels(picture):
    # On purpose: in a fast pan nothing is still, and the number is about the motion.
    assert forensics.flicker(forensics.pan(picture, frames=8, step=12)).value > 3


def test_a_flow_that_is_known_gives_the_same_answer_and_a_wrong_one_is_refused():
    picture = np.random.default_rng(2).integers(40, 200, (16, 20, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    frames = np.stack([np.roll(picture, t, axis=1) + np.uint8(3 * (t % 2)) for t in range(4)])
    flow = forensics.optical_flow(frames).flow
    assert forensics.flicker(frames, flow).curve.tolist() == forensics.flicker(frames).curve.tolist()
    with pytest.raises(ValueError, match="flow must be of shape"):
        forensics.flicker(frames, flow[1:])
