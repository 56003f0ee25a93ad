import hashlib
import json
import shutil

import pytest

from course import media
from course.media.catalogue import data_folder


def test_they_are_small_and_what_their_list_says():
    files = media.whole_files()
    assert {"phone", "camera", "messenger", "fox", "film", "map"} == set(files)
    for file in files.values():
        content = file.path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256 and len(content) == file.bytes < 2_000_000
        assert file.author and file.licence and file.changed.endswith(".") and file.alt.endswith(".")
    assert sum(file.bytes for file in files.values()) < 2_500_000


def test_untouched_files_are_those_of_their_package():
    for name in ("messenger", "fox"):
        file = media.whole_files()[name]
        assert file.sha256 == file.source_sha256 and file.changed == "Not changed."


def test_a_missing_or_damaged_file_is_named(tmp_path):
    shutil.copytree(data_folder() / "metadata", tmp_path / "metadata")
    (tmp_path / "metadata" / "IMG_1054.JPG").write_bytes(b"other")
    (tmp_path / "metadata" / "countries.json").unlink()
    found = dict(media.verify_whole_files(media.whole_files(tmp_path)))
    assert "“IMG_1054.JPG” is damaged" in found["camera"] and "“countries.json” is missing" in found["map"]
    assert found["phone"] is None


def test_a_damaged_list_is_a_sentence(tmp_path):
    folder = tmp_path / "metadata"
    folder.mkdir()
    for content in (None, "{", json.dumps([{"name": "x"}])):
        if content is not None:
            (folder / "files.json").write_text(content, encoding="utf-8")
        media.whole_files.__globals__["_read"].cache_clear()
        with pytest.raises(media.MediaError, match="missing or damaged"):
            media.whole_files(tmp_path)
