"""A teacher's own folder: beside the course's pictures, in the same form, read anew when it changes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import media
from course.media import own
from course.media.common_form import encode_clip
from course.media.fields import FIELDS

SHIPPED = len(media.catalogue())
SHEET = """[[item]]
id = "harbour-morning"
file = "Häfen/harbour 'x' <b>.jpg"
origin = "camera"
subject = "water"
alt = "Boats lie in a harbour under a grey sky."
author = "Jürgen <b>\\"&"
licence = "CC-BY-4.0"
known_from = "I took it on 3 May 2026."
odd_reason = "The mast is bent by the heat of the air."

[[item]]
id = "boats-evening"
file = "boats.mp4"
origin = "generated"
generator = "Kling 9"
generated_on = 2026-05-03
prompt = "boats"
subject = "water"
alt = "Boats rock in the evening light."
author = "A. Teacher"
licence = "CC0-1.0"
known_from = "I asked for it myself."
start = 0.5
crop = [10, 0, 60, 60]

[[item.cues]]
region = [0, 0.5, 1, 0.5]
family = "physics"
reason = "The water stands still."

[[item]]
id = "boats-wide"
file = "boats.mp4"
origin = "camera"
subject = "water"
alt = "Boats rock in the evening light."
author = "A. Teacher"
licence = "CC0-1.0"
known_from = "I filmed it."
purpose = "exhibit"
start = 1
"""


def clip(frames=36, fps=12, size=(90, 120)):
    shapes = np.random.default_rng(5).integers(0, 256, (5, 7, 3), np.uint8)
    photo = Image.fromarray(shapes).resize((size[1], size[0]))
    return encode_clip([np.asarray(photo.rotate(3 * n)) for n in range(frames)], fps)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "Bilder der 9b"
    (place / "Häfen").mkdir(parents=True)
    noise = np.random.default_rng(5).integers(0, 256, (6, 8, 3), np.uint8)
    name = "harbour 'x' <b>.jpg" if sys.platform != "win32" else "harbour.jpg"
    Image.fromarray(noise).resize((120, 90)).save(place / "Häfen" / name)
    (place / "boats.mp4").write_bytes(clip())
    write(place, SHEET.replace("harbour 'x' <b>.jpg", name))
    return place


@pytest.fixture
def beside(folder, monkeypatch):
    """The folder, named as `course --pictures` names it."""
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(folder))
    return folder


def write(folder, text, **how):
    (folder / "pictures.toml").write_text(text, encoding="utf-8", newline="\n", **how)


def test_what_a_sheet_says_is_what_an_item_says(folder):
    items = media.own_pictures(folder)
    photo, made, wide = items["harbour-morning"], items["boats-evening"], items["boats-wide"]
    assert (photo.registry, photo.package, photo.version) == ("own", "Bilder der 9b", "")
    assert photo.member.startswith("Häfen/harbour") and photo.path == (folder / photo.member).resolve()
    assert photo.path.is_absolute() and photo.bytes == photo.path.stat().st_size
    assert (photo.author, photo.publisher) == ('Jürgen <b>"&',) * 2
    assert (photo.kind, photo.purpose, photo.width, photo.height, photo.fps) == ("still", "parity", 384, 384, None)
    assert photo.odd and photo.dated_by is None
    assert photo.credit == (
        'Recorded by a camera. Author: Jürgen <b>"&, licence CC-BY-4.0. How we know: I took it on 3 May 2026.'
    )
    assert (made.kind, made.frames, made.fps, made.width) == ("clip", 24, 12.0, 256)
    assert (made.generator, made.generated_on, made.dated_by) == ("Kling 9", "2026-05-03", "I asked for it myself.")
    assert made.credit.startswith("Made with Kling 9, 2026-05-03. Author: A. Teacher")
    assert made.cues == (media.Cue((0.0, 0.5, 1.0, 0.5), (0, 23), "physics", "The water stands still."),)
    assert (wide.purpose, wide.width, wide.fps, wide.frames) == ("exhibit", 0, None, None)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_sheet_from_notepad_is_read_too(folder, ending):
    text = (folder / "pictures.toml").read_text(encoding="utf-8")
    (folder / "pictures.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", ending).encode())
    assert list(media.own_pictures(folder)) == ["boats-evening", "boats-wide", "harbour-morning"]


def test_parity_items_come_in_the_form_of_the_pack(beside):
    shipped = {kind: media.load(media.catalogue().where(kind=kind, purpose="parity", registry="npm")[0])
               for kind in ("clip", "still")}  # fmt: skip
    made, photo = media.load("boats-evening"), media.load("harbour-morning")
    assert made.frames.shape == shipped["clip"].frames.shape and made.fps == shipped["clip"].fps
    assert photo.pixels.shape == shipped["still"].pixels.shape
    assert made.item.id == "boats-evening" and made.alt == "Boats rock in the evening light."
    for pixels in (made.frames, photo.pixels):
        assert pixels.dtype == np.uint8 and not pixels.flags.writeable and pixels.std() > 5
    assert media.load("boats-evening") is made  # kept in memory
    assert [wrong for _, wrong in media.verify(media.own_pictures(beside)) if wrong] == []


def test_crop_and_start_are_where_the_sheet_says(beside):
    source = media.open_file(beside / "boats.mp4")
    shown = media.load("boats-evening").frames.astype(int)
    for index in (0, 23):
        frame = source.frames[6 + index][0:60, 10:70]
        wanted = np.asarray(Image.fromarray(frame).resize((256, 256), Image.Resampling.LANCZOS)).astype(int)
        assert np.abs(shown[index] - wanted).mean() < 6
    assert np.abs(shown[0] - shown[23]).mean() > 6


def test_an_exhibit_keeps_its_size_and_rate(beside):
    wide = media.load("boats-wide")
    source = media.open_file(beside / "boats.mp4")
    assert np.array_equal(wide.frames, source.frames[12:])
    assert (wide.item.frames, wide.item.width, wide.item.height, wide.item.fps) == (24, 120, 90, source.fps)


def test_the_catalogue_holds_both_and_explicitly_named_data_only_the_course(beside):
    both = media.catalogue()
    assert len(both) == SHIPPED + 3 and {"giraffe", "boats-wide"} < set(both)
    assert both is media.catalogue()
    assert len(both.where(registry="own", origin="camera")) == 2
    from course.media.catalogue import data_folder

    assert len(media.catalogue(data_folder())) == SHIPPED


def test_without_a_folder_nothing_changes(monkeypatch):
    for value in (None, ""):
        monkeypatch.delenv("LOOK_TWICE_PICTURES", raising=False)
        if value is not None:
            monkeypatch.setenv("LOOK_TWICE_PICTURES", value)
        assert len(media.catalogue()) == SHIPPED and dict(media.own_forms()) == {}


def test_pairs_and_forms(beside):
    assert media.own_forms()["own"] == media.OwnForm(
        "own", "Our own pictures", ("boats-evening", "harbour-morning")
    )  # an exhibit is not judged blind
    text = (beside / "pictures.toml").read_text(encoding="utf-8")
    more = '[[pair]]\nname = "boats"\ncamera = "boats-wide"\ngenerated = "boats-evening"\n'
    more += '[[pair]]\nname = "mixed"\ncamera = "wave-breaking"\ngenerated = "boats-evening"\n'
    more += '[[form]]\nname = "monday"\ntitle = "Monday <b>"\nitems = ["boats-evening", "night-clouds"]\n'
    write(beside, text + more)
    assert dict(media.own_forms()) == {
        "monday": media.OwnForm("monday", "Monday <b>", ("boats-evening", "night-clouds"))
    }
    assert media.own_forms(beside) == media.own_forms()
    assert (media.pair("boats").camera.id, media.pair("boats").generated.id) == ("boats-wide", "boats-evening")
    assert media.pair("mixed").camera.registry != "own" and media.pair("waves").camera.id == "wave-breaking"
    assert set(media.own_pictures(beside).pairs) == {"boats", "mixed"}


def test_the_folder_is_read_again_when_it_changes(beside):
    before = media.catalogue()
    write(beside, (beside / "pictures.toml").read_text(encoding="utf-8").replace("Boats lie", "Some boats lie"))
    assert media.catalogue()["harbour-morning"].alt.startswith("Some boats lie")
    first = media.catalogue()["boats-evening"]
    (beside / "boats.mp4").write_bytes(clip(48))
    assert media.catalogue()["boats-evening"].sha256 != first.sha256
    with pytest.raises(media.MediaError, match=r"line 32: the file “boats\.mp4” has changed .* Run the cell again"):
        media.load(before["boats-wide"])
    (beside / "boats.mp4").replace(beside / "other.mp4")
    with pytest.raises(media.MediaError, match=r"line 14: the file “boats\.mp4” is missing from"):
        media.catalogue()
    with pytest.raises(media.MediaError, match=r"the file “boats\.mp4” is missing\. Put it back"):
        media.load(before["boats-wide"])
    (beside / "other.mp4").replace(beside / "boats.mp4")
    assert len(media.catalogue()) == SHIPPED + 3


def test_a_moved_entry_keeps_its_picture_and_a_new_crop_does_not(beside):
    text = (beside / "pictures.toml").read_text(encoding="utf-8")
    shown = media.load("boats-evening")
    write(beside, f"# a remark\n{text}")
    assert media.load("boats-evening") is shown
    write(beside, text.replace("crop = [10, 0, 60, 60]", "crop = [30, 0, 60, 60]"))
    assert np.abs(media.load("boats-evening").frames.astype(int) - shown.frames).mean() > 5


def problem_of(folder, text):
    write(folder, text)
    ((_, problem),) = media.verify(media.own_pictures(folder))
    return problem


def one(folder, file, more=""):
    entry = SHEET.split("\n\n")[0].splitlines()
    entry[2] = f'file = "{file}"'
    return "\n".join([*entry, more])


def test_a_clip_that_is_too_short_says_what_to_do(folder):
    (folder / "short.mp4").write_bytes(clip(18))
    assert problem_of(folder, one(folder, "short.mp4")) == (
        "pictures.toml, line 1: “harbour-morning” cannot be shown. It lasts 1.5 s from its start at 0 s, and the blind "
        'trial shows 2 s: choose an earlier start or a longer clip, or write purpose = "exhibit".'
    )
    assert "It lasts 1.8 s from its start at 1.2 s" in problem_of(folder, one(folder, "boats.mp4", "start = 1.2"))
    assert "It lasts 0.0 s from its start at 9 s" in problem_of(folder, one(folder, "boats.mp4", "start = 9"))
    assert problem_of(folder, one(folder, "boats.mp4", "start = 1")) is None  # exactly two seconds
    assert problem_of(folder, one(folder, "short.mp4", 'purpose = "exhibit"')) is None
    late = problem_of(folder, one(folder, "short.mp4", 'purpose = "exhibit"\nstart = 4'))
    assert late.endswith("It ends after 1.5 s, before its start at 4 s.")


def test_a_crop_that_leaves_the_picture_names_its_size(folder):
    for file, purpose in (("boats.mp4", "parity"), ("boats.mp4", "exhibit"), ("still.png", "exhibit")):
        Image.new("RGB", (120, 90), "red").save(folder / "still.png")
        problem = problem_of(folder, one(folder, file, f'purpose = "{purpose}"\ncrop = [50, 0, 80, 80]'))
        assert "line 1: “harbour-morning” cannot be shown. The crop [50, 0, 80, 80] leaves the picture of" in problem
        assert "120 x 90 pixels" in problem


def test_a_damaged_file_says_so_when_it_is_opened(folder):
    (folder / "broken.mp4").write_bytes(clip()[:400])
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    for file in ("broken.mp4", "notes.txt"):
        problem = problem_of(folder, one(folder, file))
        assert f"“{file}”" in problem and problem.count("\n") == 0


def test_a_file_of_another_kind_than_its_first_bytes_promise(folder, monkeypatch):
    for kind, file, words in (
        ("clip", "still.png", "reads as a still. Save a copy as MP4 if it moves, as JPEG or PNG if it does not."),
        ("still", "boats.mp4", "reads as a clip. Save a copy as MP4 if it moves, as JPEG or PNG if it does not."),
    ):
        Image.new("RGB", (120, 90), "red").save(folder / "still.png")
        monkeypatch.setattr("course.media.entries._kind", lambda _, kind=kind: kind)
        assert problem_of(folder, one(folder, file)) == f"pictures.toml, line 1: “{file}” {words}"


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path, monkeypatch):
    with pytest.raises(media.MediaError, match=r"There is no folder .*nowhere: check its name in LOOK_TWICE_PICTURES"):
        media.own_pictures(tmp_path / "nowhere")
    with pytest.raises(media.MediaError, match=r"There is no pictures\.toml in"):
        media.own_pictures(tmp_path)
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(tmp_path / "nowhere"))
    with pytest.raises(media.MediaError, match="There is no folder"):
        media.catalogue()


def test_a_relative_name_counts_from_where_the_command_was_started_and_is_resolved_once(folder, tmp_path, monkeypatch):
    own._from_where_it_began.cache_clear()
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("LOOK_TWICE_PICTURES", folder.name)
    assert media.catalogue()["boats-wide"].path == (folder / "boats.mp4").resolve()
    monkeypatch.chdir(away)
    assert media.catalogue()["boats-wide"].path == (folder / "boats.mp4").resolve()


def test_a_kernel_beside_its_notebooks_finds_a_folder_named_where_the_lab_was_started(folder, tmp_path):
    away = tmp_path / "notebooks"
    away.mkdir()
    environment = {**os.environ, "LOOK_TWICE_PICTURES": folder.name, "PWD": str(folder.parent)}
    code = "from course import media; print(media.catalogue()['boats-wide'].path)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=away, env=environment
    )
    assert Path(answer.stdout.strip()) == (folder / "boats.mp4").resolve()


@pytest.mark.parametrize("name", ["not-here", "./neither/here", "~nobody-of-that-name/mine"])
def test_a_name_that_leads_nowhere_is_one_sentence_with_the_whole_path(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PWD", raising=False)
    monkeypatch.setenv("LOOK_TWICE_PICTURES", name)
    with pytest.raises(media.MediaError) as caught:
        media.catalogue()
    said = str(caught.value)
    assert (str((tmp_path / name).resolve()) if name[0] != "~" else name) in said
    assert said.count(". ") == 0 and said.endswith("check its name in LOOK_TWICE_PICTURES, or after --pictures.")


def test_a_folder_may_be_moved_and_named_with_a_tilde(folder, tmp_path, monkeypatch):
    moved = shutil.move(folder, tmp_path / "moved")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(Path("~", "moved")))
    assert media.catalogue()["boats-wide"].path == (Path(moved) / "boats.mp4").resolve()


def test_reading_a_sheet_decodes_nothing(folder):
    code = (
        "import sys; from course import media; media.own_pictures(sys.argv[1]); "
        "print(*[name for name in ('av', 'cv2', 'numpy') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, encoding="utf-8", check=True
    )
    assert answer.stdout.strip() == ""


def test_a_file_is_hashed_once(folder, monkeypatch):
    path = folder / "boats.mp4"
    facts = own.file_facts(path)
    monkeypatch.setattr(own.hashlib, "file_digest", lambda *_: pytest.fail("read again"))
    assert own.file_facts(path) == facts and facts[1] == path.stat().st_size


def test_the_examples_of_the_docs_are_a_valid_sheet(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "your-own-pictures.md").read_text(encoding="utf-8")
    item, groups = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    evening = item.replace("morning", "evening").replace('"camera"', '"generated"')
    (tmp_path / "harbour.mp4").write_bytes(clip())
    write(tmp_path, f'{item}\n{evening}generator = "Kling 2.1"\ngenerated_on = "2026-05"\n\n{groups}')
    items = media.own_pictures(tmp_path)
    assert list(items) == ["harbour-evening", "harbour-morning"] and list(items.pairs) == ["harbour"]
    assert media.own_forms(tmp_path)["monday"].items == ("harbour-morning", "harbour-evening")
    for name in FIELDS["item"]:
        assert f"`{name}" in page or f"{name}`" in page or f"[[item.{name}]]" in page, name
