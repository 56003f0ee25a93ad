"""A new entry is written below what a teacher wrote, and nothing above it is touched."""

import sys
import tomllib

import numpy as np
import pytest
from PIL import Image

from course import media
from course.media.adding import add_entry, draft, suggest_id
from course.media.common_form import encode_clip

WHOLE = {
    "origin": "camera",
    "subject": "water",
    "alt": 'Boats lie in a harbour, "quite" still \\ asleep.',
    "author": "Jürgen",
    "licence": "CC-BY-4.0",
    "known_from": "I took it\non 3 May 2026.",
}


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "IMG_2041.jpg"
    Image.new("RGB", (120, 90), "teal").save(path)
    return path


def clip(path, frames, fps=12):
    path.write_bytes(encode_clip([np.full((36, 64, 3), 5 * n, np.uint8) for n in range(frames)], fps))
    return path


def test_a_file_is_measured(photo, tmp_path):
    still = draft(photo)
    assert (still.kind, still.measured, still.id, still.long_enough) == ("still", "120 x 90 pixels", "img", True)
    assert (still.folder, still.path) == (tmp_path.resolve(), photo.resolve())
    long, short = draft(clip(tmp_path / "long.mp4", 24)), draft(clip(tmp_path / "short.mp4", 18))
    assert (long.measured, long.long_enough) == ("64 x 36 pixels, 2.0 s, 12 frames a second", True)
    assert (short.kind, short.long_enough) == ("clip", False)


def test_a_whole_entry_is_a_valid_sheet_and_what_was_given_comes_back(photo):
    assert add_entry(draft(photo), WHOLE) == 3
    item = media.own_pictures(photo.parent)["img"]
    assert (item.alt, item.author) == (WHOLE["alt"], "Jürgen")
    assert item.known_from == "I took it on 3 May 2026." and item.line == 3


def test_what_is_missing_is_left_to_do_and_then_named(photo):
    add_entry(draft(photo), {"origin": "generated", "subject": "water"})
    text = (photo.parent / "pictures.toml").read_text(encoding="utf-8")
    assert 'generator = "TODO: the name of the generator"' in text
    assert "# 120 x 90 pixels, as the course reads it" in text
    with pytest.raises(media.MediaError) as caught:
        media.own_pictures(photo.parent)
    found = [line.split(": ")[1].split(" is")[0] for line in str(caught.value).splitlines()]
    assert found == ["alt", "author", "licence", "known_from", "generator", "generated_on"]


def test_without_an_origin_the_fields_of_a_generator_wait_as_a_remark(photo):
    add_entry(draft(photo), {})
    content = tomllib.loads((photo.parent / "pictures.toml").read_text(encoding="utf-8"))["item"][0]
    assert content["origin"].startswith("TODO") and "generator" not in content
    assert '# generator = "TODO, if it is generated' in (photo.parent / "pictures.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [b"", b"\r\n\r\n"])
def test_what_a_teacher_wrote_stays_byte_for_byte(photo, tmp_path, ending, mark, last):
    before = mark + '# meine Bilder\n[[item]]  # Möwe\nid="m"'.replace("\n", ending).encode() + last
    sheet = tmp_path / "pictures.toml"
    sheet.write_bytes(before)
    line = add_entry(draft(photo), WHOLE)
    after = sheet.read_bytes()
    assert after.startswith(before)
    assert after.decode().split("\n")[line - 1].strip() == "[[item]]"
    windows = b"\r\n" in before
    assert (b"\r\n" in after[len(before) :]) == windows
    assert len(tomllib.loads(after.decode("utf-8-sig"))["item"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["IMG_2041.jpg", "pictures.toml"]  # no draft is left


def test_a_short_clip_becomes_an_exhibit(tmp_path):
    add_entry(draft(clip(tmp_path / "short.mp4", 18)), WHOLE)
    assert media.own_pictures(tmp_path)["short"].purpose == "exhibit"


def test_two_files_get_two_ids(photo, tmp_path):
    add_entry(draft(photo), WHOLE)
    other = tmp_path / "IMG_2042.jpg"
    other.write_bytes(photo.read_bytes())
    assert draft(other).id == "img-b"
    add_entry(draft(other), WHOLE)
    assert list(media.own_pictures(tmp_path)) == ["img", "img-b"]


@pytest.mark.parametrize(
    ("stem", "taken", "name"),
    [
        ("Möwe am Hafen 2", (), "mowe-am-hafen"),
        ("giraffe", ("giraffe",), "giraffe-b"),
        ("AI_generated (real)", (), "picture"),
        ("東京", ("picture",), "picture-b"),
        ("x" * 99, (), "x" * 40),
        ("a", ("a", *(f"a-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")), "a-aa"),
    ],
)
def test_ids_are_made_from_names(stem, taken, name):
    assert suggest_id(stem, taken) == name


def test_what_cannot_be_added_says_why(photo, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    with pytest.raises(media.MediaError, match=r"There is no folder .*elsewhere\. Make it first"):
        draft(photo, elsewhere)
    elsewhere.mkdir()
    with pytest.raises(media.MediaError, match=r"“IMG_2041\.jpg” is not in .*elsewhere\. Copy it there first"):
        draft(photo, elsewhere)
    with pytest.raises(media.MediaError, match="There is no file"):
        draft(tmp_path / "nosuch.jpg")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(media.MediaError, match=r"“notes\.txt” is not a picture or clip"):
        draft(tmp_path / "notes.txt")
    add_entry(draft(photo), WHOLE)
    with pytest.raises(media.MediaError, match=r"“IMG_2041\.jpg” is in pictures\.toml already, line 3\. Change that"):
        draft(photo)
    with pytest.raises(media.MediaError, match=r"is in pictures\.toml already"):
        draft(photo, tmp_path)


def test_a_file_in_a_folder_below_is_named_with_its_folder(tmp_path):
    (tmp_path / "sub").mkdir()
    Image.new("RGB", (120, 90), "teal").save(tmp_path / "sub" / "boat.png")
    add_entry(draft(tmp_path / "sub" / "boat.png", tmp_path), WHOLE)
    assert media.own_pictures(tmp_path)["boat"].member == "sub/boat.png"


def test_nothing_is_written_below_a_mistake(photo, tmp_path):
    sheet = tmp_path / "pictures.toml"
    for text, words in (
        ("[[item]]\nid = x\n", "line 2: the value cannot be read"),
        ('item = [{id = "a"}]\n', r"Nothing can be added at the end .* parts that begin with \[\[item\]\]"),
    ):
        sheet.write_text(text, encoding="utf-8", newline="\n")
        with pytest.raises(media.MediaError, match=words):
            add_entry(draft(photo), WHOLE)
        assert sheet.read_text(encoding="utf-8") == text


@pytest.mark.skipif(sys.platform == "win32", reason="needs rights there")
def test_a_link_out_of_the_folder_is_refused_and_a_linked_sheet_stays_a_link(photo, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    (place / "linked.jpg").symlink_to(photo)
    with pytest.raises(media.MediaError, match="Copy it there first"):
        draft(place / "linked.jpg")
    (tmp_path / "shared.toml").write_text("# shared\n", encoding="utf-8")
    (place / "pictures.toml").symlink_to(tmp_path / "shared.toml")
    (place / "own.jpg").write_bytes(photo.read_bytes())
    add_entry(draft(place / "own.jpg"), WHOLE)
    assert (place / "pictures.toml").is_symlink()
    assert "own.jpg" in (tmp_path / "shared.toml").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_says_so(photo, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    new = draft(photo)
    monkeypatch.setattr("course.media.adding.os.fsync", full)
    with pytest.raises(media.MediaError, match=r"pictures\.toml cannot be written \(No space left on device\)"):
        add_entry(new, WHOLE)
    assert [path.name for path in tmp_path.iterdir()] == ["IMG_2041.jpg"]


def test_a_drive_without_permissions_takes_an_entry(photo, tmp_path, monkeypatch):
    def forbidden(path, *_, **__):
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(type(tmp_path), "chmod", forbidden)
    add_entry(draft(photo), WHOLE)
    other = tmp_path / "IMG_2042.jpg"
    other.write_bytes(photo.read_bytes())
    add_entry(draft(other), WHOLE)
    assert list(media.own_pictures(tmp_path)) == ["img", "img-b"]
