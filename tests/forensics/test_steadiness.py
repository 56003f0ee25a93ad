import numpy as np
import pytest

from course import forensics


def test_sharpness_of_a_clip_that_does_not_change_is_even(picture):
    result = forensics.sharpness_over_time(np.stack([picture] * 5))
    assert result.value == pytest.approx(0, abs=1e-9)
    assert result.curve.tolist() == pytest.approx([100] * 5)


def test_a_blurred_stretch_shows_as_a_dip_where_it_is(picture):
    import cv2

    clip = np.stack([picture] * 8)
    clip[3:5] = cv2.GaussianBlur(picture, (0, 0), 2)
    result = forensics.sharpness_over_time(clip)
    assert set(np.flatnonzero(result.curve < 90)) == {3, 4}
    assert result.value > 20


def test_the_contrast_of_the_whole_clip_does_not_count(picture):
    import cv2

    clip = np.stack([picture, cv2.GaussianBlur(picture, (0, 0), 1), picture])
    dull = forensics.sharpness_over_time(clip // 2)
    assert dull.value == pytest.approx(forensics.sharpness_over_time(clip).value, rel=0.2)


def test_a_clip_without_detail_has_no_swing():
    result = forensics.sharpness_over_time(np.full((3, 8, 8, 3), 90, dtype=np.uint8))
    assert (result.value, result.curve.tolist()) == (0.0, [100.0] * 3)


def test_drift_is_nothing_at_first_and_rises_with_a_pan(picture):
    still = forensics.drift(np.stack([picture] * 4))
    assert still.value == pytest.approx(0, abs=1e-6)
    pan = forensics.drift(forensics.pan(picture, frames=8, step=1))
    assert pan.curve[0] == 0
    assert pan.curve[1] < pan.curve[4]
    assert pan.value > 0.2


def test_drift_sees_where_something_else_is_shown(picture):
    clip = np.stack([picture] * 6)
    clip[4:] = 255 - picture
    curve = forensics.drift(clip).curve
    assert np.flatnonzero(curve > 0.5).tolist() == [4, 5]


def test_drift_fails_on_a_shift_that_no_eye_sees(picture):
    # On purpose: the same scene, moved by two pixels, is as far away as many another scene.
    assert forensics.drift(np.stack([picture, np.roll(picture, 2, axis=1)])).value > 0.2


@pytest.mark.parametrize("measure", [forensics.sharpness_over_time, forensics.drift])
@pytest.mark.parametrize(
    "frames",
    [np.zeros((1, 32, 32, 3), np.uint8), np.zeros((3, 2, 2, 3), np.uint8), np.zeros((3, 32, 32)), "frames", None],
)
def test_what_is_no_clip_is_refused(measure, frames):
    with pytest.raises(ValueError, match="frames must be"):
        measure(frames)
