"""The door for a learner's own file: paths, kinds, and refusals in one plain sentence."""

import os
import socket
import sys
import time

import numpy as np
import pytest
from PIL import Image

from course import media
from course.media import files


def refused(path, words):
    start = time.monotonic()
    with pytest.raises(media.MediaError, match=words) as caught:
        media.open_file(path)
    assert time.monotonic() - start < 2
    said = str(caught.value)
    assert said.endswith(".") and ": " in said and said.isprintable() and len(said) < 250
    return said


@pytest.fixture
def photo(tmp_path, picture):
    path = tmp_path / "mine.jpg"
    Image.fromarray(picture()).save(path)
    return path


@pytest.mark.parametrize("name", ["mine.mp4", "mine", "mine.JPG.txt"])
def test_the_kind_is_told_from_the_content_not_the_name(tmp_path, picture, name):
    path = tmp_path / name
    Image.fromarray(picture()).save(path, "PNG")
    still = media.open_file(str(path))
    assert isinstance(still, media.Still) and np.array_equal(still.pixels, picture())


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypavis\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypheix\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0qt  ", "mov"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
    ],
)
def test_the_family_of_mp4_is_told_apart(head, kind):
    assert files._kind(head, "x") == kind


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("empty.jpg", b"", "empty"),
        ("page.jpg", b"\n <html><body>Not found</body></html>", "web page"),
        ("list.m3u8", b"#EXTM3U\nhttp://example.org/a.ts\n", "not a picture"),
        ("notes.jpg", b"x", "not a picture"),
        ("torn.heic", b"\0\0\0\x18ftypheic" + bytes(100), "damaged"),
        ("torn.avif", b"\0\0\0\x18ftypavif" + bytes(100), "damaged"),
        ("torn.webp", b"RIFF\xff\0\0\0WEBPVP8 " + bytes(50), "damaged"),
        ("torn.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        ("torn.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "damaged"),
        ("torn.mp4", b"\0\0\0\x18ftypisom" + bytes(200), "damaged"),
        ("torn.webm", b"\x1a\x45\xdf\xa3" + bytes(200), "damaged"),
        ("torn.gif", b"GIF89a" + bytes(3), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_cure(tmp_path, name, raw, words):
    (tmp_path / name).write_bytes(raw)
    refused(tmp_path / name, words)


def test_a_path_that_leads_to_no_file(tmp_path):
    refused(tmp_path / "missing.jpg", "no file")
    refused(tmp_path, "folder")
    refused(tmp_path / "null\0.jpg", "cannot be opened")
    refused(tmp_path / ("long" * 1000 + ".jpg"), "cannot be opened|no file")
    refused("~nobody-of-that-name/mine.jpg", "cannot be opened|no file")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_sockets_and_devices_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    refused(tmp_path / "pipe.jpg", "device or a program")
    refused("/dev/zero", "device or a program")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(os.path.relpath(tmp_path / "s.jpg"))  # the name of a socket may be 100 letters long at most
        refused(tmp_path / "s.jpg", "device or a program")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_a_link_is_followed_and_a_ring_of_links_refused(tmp_path, photo):
    (tmp_path / "link.jpg").symlink_to(photo)
    assert media.open_file(tmp_path / "link.jpg").pixels.shape == (48, 64, 3)
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    refused(tmp_path / "a.jpg", "cannot be opened")


def test_a_file_that_may_not_be_opened(photo, monkeypatch):
    # `chmod` holds back neither an administrator nor anyone on Windows
    def forbidden(self, mode):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.open", forbidden)
    refused(photo, "may not be opened")


def test_names_are_fit_to_be_shown(tmp_path):
    said = refused(tmp_path / "<b onclick='x'>\"cat\"</b>\x1b[31m\u202egpj.exe\n.jpg", "no file|cannot be opened")
    assert "\x1b" not in said and "\u202e" not in said and "\n" not in said
    said = refused(tmp_path / ("a" * 200 + "-the-end.jpg"), "no file|cannot be opened")
    assert "…aaa-the-end.jpg" in said
    assert files._fit_to_show("\n\t") == "that name"


def test_a_file_too_large_is_refused_before_it_is_read(photo, write_film, tmp_path, monkeypatch):
    film = write_film(tmp_path / "mine.mp4", frames=2)
    monkeypatch.setattr(files, "MAX_STILL_BYTES", 100)
    refused(photo, "MB large")
    assert len(media.open_file(film).frames) == 2
    monkeypatch.setattr(files, "MAX_CLIP_BYTES", 100)
    refused(film, "MB large")


def test_the_file_is_closed_again(photo, tmp_path):
    # On Windows a file that is still open can be neither renamed nor deleted.
    pixels = media.open_file(photo).pixels
    photo.rename(tmp_path / "renamed.jpg")
    assert pixels.sum() > 0
