"""The common form: the same frames give the same pictures, whoever made them."""

import io

import av
import numpy as np
import pytest
from PIL import Image

from course import media
from course.media import common_form

RANDOM = np.random.default_rng(7)
FRAMES = [np.full((80, 100, 3), 40 + 4 * i, np.uint8) for i in range(40)]
for _i, _frame in enumerate(FRAMES):
    _frame[20:40, _i : _i + 20] = RANDOM.integers(0, 256, (20, 20, 3))
TIMES = np.arange(40) / 15


def test_the_same_frames_give_the_same_bytes():
    first = common_form.parity_clip(FRAMES, TIMES, (10, 10, 64, 64), 0.1)
    again = common_form.parity_clip(FRAMES, TIMES, (10, 10, 64, 64), 0.1)
    assert np.array_equal(first, again)
    assert first.shape == (24, 256, 256, 3) and first.dtype == np.uint8
    assert common_form.encode_clip(first, 12) == common_form.encode_clip(again, 12)
    still = common_form.parity_still(FRAMES[0], (0, 0, 80, 80))
    assert still.shape == (384, 384, 3)
    assert common_form.encode_still(still) == common_form.encode_still(still.copy())


def test_frames_are_chosen_by_their_time_stamps():
    marked = [np.full((64, 64, 3), i, np.uint8) for i in range(60)]
    uneven = np.cumsum(np.where(np.arange(60) % 2, 0.03, 0.07)) - 0.07
    clip = common_form.parity_clip(marked, uneven, (0, 0, 64, 64), 0.5)
    wanted = 0.5 + np.arange(24) / 12
    shown = clip[:, 128, 128, 0].astype(float)
    nearest = np.abs(uneven[None] - wanted[:, None]).argmin(axis=1)
    assert np.abs(shown - nearest).max() <= 2  # WebP is lossy
    with pytest.raises(media.MediaError, match=r"ends at 2\.93 s, but pictures up to 3\.92 s"):
        common_form.parity_clip(marked, uneven, (0, 0, 64, 64), 2.0)


def test_a_crop_outside_the_picture_is_refused():
    for crop in ((0, 0, 101, 50), (-1, 0, 10, 10), (0, 75, 10, 10), (0, 0, 0, 5)):
        with pytest.raises(media.MediaError, match="leaves the picture of 100 x 80 pixels: choose"):
            common_form.cut(FRAMES[0], crop)
    assert common_form.cut(FRAMES[0], (90, 70, 10, 10)).shape == (10, 10, 3)


@pytest.mark.parametrize(
    ("shape", "square"), [((40, 61), (10, 0, 40, 40)), ((61, 40), (0, 10, 40, 40)), ((9, 9), (0, 0, 9, 9))]
)
def test_the_middle_square(shape, square):
    assert common_form.centred_square(np.zeros((*shape, 3), np.uint8)) == square


def test_what_is_coded_can_be_decoded_and_holds_no_more_than_the_picture():
    coded = common_form.encode_clip(FRAMES[:12], 12)
    with av.open(io.BytesIO(coded)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate, stream.frames) == ("h264", 12, 12)
        assert "encoder" not in container.metadata
    image = Image.open(io.BytesIO(common_form.encode_still(FRAMES[0])))
    assert not image.getexif() and "icc_profile" not in image.info
    assert np.abs(np.asarray(image).astype(int) - FRAMES[0]).mean() < 6


def test_the_pack_is_in_this_form():
    for item in media.catalogue().where(purpose="parity"):
        side = common_form.CLIP_SIDE if item.kind == "clip" else common_form.STILL_SIDE
        assert (item.width, item.height) == (side, side)
        if item.kind == "clip":
            assert (item.fps, item.frames) == (common_form.CLIP_RATE, common_form.CLIP_FRAMES)
