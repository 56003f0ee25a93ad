"""Whatever is written into a file or taken out of it, its picture is shown the same way up."""

import numpy as np

from course import media
from course.provenance import ProvenanceError, edited, read_bytes, stripped
from course.provenance.containers import kind_of


def shown(folder, data):
    path = folder / "file"
    path.write_bytes(data)
    opened = media.open_file(path)
    return opened.pixels[None] if isinstance(opened, media.Still) else opened.frames


def changeable(shown_files):
    for file in shown_files.everything():
        # between whose parts there are stray bytes is not taken apart
        if kind_of(file.data[:64]) in ("JPEG", "PNG", "WebP", "MP4", "Matroska") and file.name != "stray-bytes.jpg":
            yield file


def test_taking_everything_out_leaves_what_is_seen(tmp_path, shown_files):
    wrong = []
    for file in changeable(shown_files):
        bare = stripped(file.data)
        assert set().union(*read_bytes(bare).sections.values()) <= {"Orientation"}, file.name
        if not np.array_equal(shown(tmp_path, bare), shown(tmp_path, file.data)):
            wrong.append(file.name)
    assert wrong == []


def test_writing_other_notes_leaves_what_is_seen(tmp_path, shown_files):
    wrong, refused = [], []
    for file in changeable(shown_files):
        if kind_of(file.data[:64]) in ("JPEG", "PNG", "WebP"):
            try:
                other = edited(file.data, camera="Pinhole box")
            except ProvenanceError as problem:
                assert "too damaged to be changed" in str(problem)
                refused.append(file.name)
                continue
            if not np.array_equal(shown(tmp_path, other), shown(tmp_path, file.data)):
                wrong.append(file.name)
    damaged = {"two-broken-6.jpg", "cut-short.jpg", "promises-more.jpg", "wrong-42.jpg", "short-note.png"}
    assert wrong == [] and set(refused) == damaged


def test_notes_of_a_file_with_more_behind_its_picture_are_read(shown_files):
    for file in shown_files.jpegs():
        if file.name in ("motion.jpg", "samsung.jpg", "second.jpg", "views.jpg", "gain-map.jpg"):
            other = edited(file.data, camera="Pinhole box", taken="2026-05-03 10:00")
            assert (read_bytes(other).camera, read_bytes(other).taken) == ("Pinhole box", "2026:05:03 10:00:00")


def test_nothing_is_left_in_a_film_of_either_kind(shown_files):
    for form, codec in (("mp4", "libx264"), ("webm", "libvpx-vp9")):
        for frames in (1, 40):
            bare = stripped(shown_files.film(form, frames=frames, codec=codec))
            assert read_bytes(bare).empty and b"Lavf" not in bare
