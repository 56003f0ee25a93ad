"""The limits themselves, and the watch."""

import io

import pytest

from course import media
from course.media import limits


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (1080, 1920), (2000, 2000), (20_000, 10), (1, 1)])
def test_a_frame_is_fitted_and_keeps_its_shape(size):
    width, height = limits.fitted(*size)
    assert 1 <= width <= min(limits.MAX_SIDE, size[0]) and 1 <= height <= min(limits.MAX_SIDE, size[1])
    assert width * height <= limits.MAX_AREA * 1.01
    if min(size) > 100:
        assert width / height == pytest.approx(size[0] / size[1], rel=0.01)


def test_the_watch_stops_a_decoder_that_only_reads(monkeypatch):
    watch = limits.Watch("slow.mp4")
    file = limits.WatchedFile(io.BytesIO(b"abcdef"), watch)
    assert file.read(2) == b"ab" and file.tell() == 2 and file.seek(-1, 2) == 5
    monkeypatch.setattr(limits, "FIRST_PICTURE_SECONDS", -1)
    slow = limits.WatchedFile(io.BytesIO(b"abcdef"), limits.Watch("slow.mp4"))
    with pytest.raises(media.MediaError, match="takes too long"):
        slow.read(2)


def test_after_the_first_picture_there_is_more_time(monkeypatch):
    monkeypatch.setattr(limits, "FIRST_PICTURE_SECONDS", -1)
    watch = limits.Watch("slow.mp4")
    watch.first_picture()
    watch.check()
