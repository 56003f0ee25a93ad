from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics


def shifted(picture, right, down=0):
    return np.roll(picture, (down, right), axis=(0, 1))


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, -2), (-4, 3)])
def test_flow_of_a_known_shift(picture, right, down):
    result = forensics.optical_flow(np.stack([picture, shifted(picture, right, down)]))
    assert result.flow.shape == (1, 160, 320, 2)
    assert result.flow.dtype == np.float32
    # The fast preset stops early and falls short by a few parts in a hundred.
    assert np.median(result.flow, axis=(0, 1, 2)) == pytest.approx((right, down), abs=0.15)
    inner = result.flow[0, 16:-16, 16:-16]
    assert np.linalg.norm(inner - (right, down), axis=-1).mean() < 0.25


def test_speed_of_a_pan_by_hand(picture):
    result = forensics.optical_flow(forensics.pan(picture, frames=5, step=3))
    # A window that goes right makes the picture go left, 3 pixels a frame.
    assert np.median(result.flow[..., 0]) == pytest.approx(-3, abs=0.15)
    assert result.speed == pytest.approx([3] * 4, abs=0.2)
    assert result.curve is result.forward_backward
    assert result.value == np.median(result.curve)


def test_a_still_clip_has_no_motion_and_no_error(picture):
    result = forensics.optical_flow(np.stack([picture] * 3))
    for curve in (result.speed, result.forward_backward, result.warp_error):
        assert curve == pytest.approx([0, 0], abs=1e-6)


def test_flow_does_not_mind_a_brighter_picture(picture):
    pair = np.stack([picture, shifted(picture, 3)])
    plain, brighter = forensics.optical_flow(pair), forensics.optical_flow(pair + np.uint8(20))
    assert brighter.flow == pytest.approx(plain.flow, abs=0.05)


def test_flow_turns_with_the_picture(picture):
    pair = np.stack([picture, shifted(picture, 3)])
    upright = forensics.optical_flow(pair)
    sideways = forensics.optical_flow(np.ascontiguousarray(pair.transpose(0, 2, 1, 3)))
    assert np.median(sideways.flow[..., 1]) == pytest.approx(np.median(upright.flow[..., 0]), abs=0.05)


def test_matter_that_is_not_kept_shows_in_both_errors(picture):
    kept = forensics.optical_flow(np.stack([picture, shifted(picture, 2)]))
    lost = forensics.optical_flow(np.stack([picture, picture[::-1, ::-1]]))
    assert lost.value > 10 * kept.value
    assert lost.warp_error[0] > 3 * kept.warp_error[0]


def test_flow_agrees_with_another_method(picture):
    pair = np.stack([picture, shifted(picture, 2, 1)])
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in pair]
    peer = cv2.calcOpticalFlowFarneback(*grey, None, 0.5, 3, 21, 5, 5, 1.1, 0)
    ours = forensics.optical_flow(pair).flow[0]
    inner = np.s_[16:-16, 16:-16]
    assert np.linalg.norm(ours[inner] - peer[inner], axis=-1).mean() < 0.15


def test_flow_is_fooled_by_stripes():
    # On purpose: stripes that move by a whole period look still, as a wheel in a film does.
    stripes = np.broadcast_to((np.arange(128) // 8 % 2 * 200)[None, :, None], (96, 128, 3)).astype(np.uint8)
    result = forensics.optical_flow(np.stack([stripes, shifted(stripes, 16)]))
    assert result.speed[0] == pytest.approx(0, abs=1e-6)
    assert result.value == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("side", [320, 1000])
def test_a_side_that_the_picture_has_not_changes_nothing(picture, side):
    pair = np.stack([picture, shifted(picture, 3, 1)])
    whole, same = forensics.optical_flow(pair, None), forensics.optical_flow(pair, side)
    assert (same.flow == whole.flow).all()
    # OpenCV adds up in as many parts as it has threads free, so the last digits of a mean may differ.
    assert same.value == pytest.approx(whole.value, rel=1e-9)
    assert same.speed == pytest.approx(whole.speed, rel=1e-9)
    assert same.warp_error == pytest.approx(whole.warp_error, rel=1e-9)


def test_large_pictures_are_reduced_unless_asked_otherwise(picture):
    large = np.tile(picture, (1, 3, 1))
    pair = np.stack([large, shifted(large, 4, 2)])
    usual, same, whole = (forensics.optical_flow(pair, *side) for side in ((), (640,), (None,)))
    assert (usual.flow == same.flow).all()
    assert (usual.flow != whole.flow).any()
    assert np.median(usual.flow, axis=(0, 1, 2)) == pytest.approx((4, 2), abs=0.4)


def test_a_reduced_pair_answers_in_pixels_of_the_frames(picture):
    pair = np.stack([picture, shifted(picture, 6, -4)])
    result = forensics.optical_flow(pair, side=160)
    assert result.flow.shape == (1, 160, 320, 2)
    assert result.flow.dtype == np.float32
    assert np.median(result.flow, axis=(0, 1, 2)) == pytest.approx((6, -4), abs=0.4)
    assert result.speed[0] == pytest.approx(np.hypot(6, 4), abs=0.6)
    # Out and back, on pictures of half the size: twice what was found there.
    half = forensics.optical_flow(
        np.stack([cv2.resize(frame, (160, 80), interpolation=cv2.INTER_AREA) for frame in pair])
    )
    assert result.value == pytest.approx(2 * half.value, rel=0.1)
    assert result.flow[0, ::2, ::2] == pytest.approx(2 * half.flow[0], abs=1.0)


def test_a_long_strip_is_scaled_across_and_down_apart(picture):
    strip = picture[40:80]
    result = forensics.optical_flow(np.stack([strip, shifted(strip, 6)]), side=64)
    # 320 x 40 becomes 64 x 32, and not 64 x 8.
    assert result.flow.shape == (1, 40, 320, 2)
    right, down = np.median(result.flow, axis=(0, 1, 2))
    assert right == pytest.approx(6, abs=1)
    assert down == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("side", [31, 0, -640, 64.0, np.nan, True, "small"])
def test_a_side_that_is_none_is_refused(picture, side):
    with pytest.raises(ValueError, match="side must be a whole number of 32 or more; got"):
        forensics.optical_flow(np.stack([picture, picture]), side)


def test_a_reduced_pair_loses_small_things(picture):
    # On purpose: a thing of 36 pixels goes 6 to the right; a quarter of the pixels takes it for part of the ground.
    pair = np.stack([picture, picture])
    pair[0, 60:96, 140:176] = pair[1, 60:96, 146:182] = 255 - picture[20:56, 20:56]
    thing = np.s_[0, 69:87, 149:167, 0]
    assert np.median(forensics.optical_flow(pair).flow[thing]) > 3
    assert np.median(forensics.optical_flow(pair, side=160).flow[thing]) < 1.5


def test_second_order_by_hand():
    # F1 = 4, 1, 3, 3 and F2 = -3, 2, 0, with mean -1/3 and variance 13/3 - 1/9 = 38/9.
    levels = np.array([10, 14, 15, 12, 9], dtype=np.uint8)
    result = forensics.second_order_motion(levels[:, None, None, None] * np.ones((5, 40, 50, 3), dtype=np.uint8))
    assert result.first_order == pytest.approx([4, 1, 3, 3])
    assert result.curve == pytest.approx([-3, 2, 0])
    assert result.value == pytest.approx(np.sqrt(38 / 9))
    assert result.unit == "grey levels"


def test_second_order_thins_evenly_to_eight_a_second_and_sixteen_frames():
    clip = np.zeros((90, 32, 32, 3), dtype=np.uint8)
    for fps, step, count in [(24, 3, 16), (30, 4, 16), (15, 2, 16), (12, 2, 16), (8, 1, 16), (5, 1, 16), (60, 8, 12)]:
        numbers = forensics.second_order_motion(clip, fps).frame_numbers
        assert numbers.tolist() == list(range(0, step * count, step)), fps
    assert len(forensics.second_order_motion(clip).frame_numbers) == 16


@pytest.mark.parametrize(("fps", "message"), [(60, "at least 4"), (0, "fps"), (np.nan, "fps"), (-8, "fps")])
def test_second_order_refuses_what_leaves_too_little(fps, message):
    with pytest.raises(ValueError, match=message):
        forensics.second_order_motion(np.zeros((12, 32, 32, 3), dtype=np.uint8), fps)


def test_second_order_does_not_mind_mirrors_negatives_or_time_running_back(picture):
    clip = forensics.shake(forensics.pan(picture, frames=12, step=3), seed=1)
    value = forensics.second_order_motion(clip).value
    assert value > 0
    assert forensics.second_order_motion(clip[:, ::-1, ::-1]).value == pytest.approx(value, rel=1e-3)
    assert forensics.second_order_motion(clip[::-1]).value == pytest.approx(value, rel=1e-9)
    assert forensics.second_order_motion(255 - clip).value == pytest.approx(value, rel=0.02)


def test_second_order_takes_a_pan_over_a_photograph_for_a_generator(picture):
    # On purpose, and the trap of lesson 3. The paper calls even clips generated; nothing is more even than a pan over a
    # still picture, and two pixels of shake take the evenness away.
    pans = [forensics.pan(picture, frames=16, step=step) for step in (1, 2, 3, 4)]
    even = [forensics.second_order_motion(clip).value for clip in pans]
    shaken = [forensics.second_order_motion(forensics.shake(clip, 2.0, seed)).value for seed, clip in enumerate(pans)]
    assert max(even) < 0.5
    assert min(shaken) > 5 * max(even)
