"""Every mistake in what a sheet says is named with its line, all of them at once."""

import os
import shutil
import sys

import numpy as np
import pytest
from PIL import Image

from course import media
from course.media.common_form import encode_clip

ITEM = {
    "id": "harbour-morning",
    "file": "harbour.jpg",
    "origin": "camera",
    "subject": "water",
    "alt": "Boats lie in a harbour under a grey sky.",
    "author": "A. Teacher",
    "licence": "CC-BY-4.0",
    "known_from": "I took it on 3 May 2026.",
}
MADE = {
    "id": "boats-evening",
    "origin": "generated",
    "generator": "Kling 9",
    "generated_on": "2026-05",
    "known_from": "I asked for it myself.",
}

FOUR = "line 10: crop must be four whole numbers, [left, top, width, height], 0 or more."


def part(kind="item", /, without=(), **changed):
    """An entry as TOML; a value may be given as TOML text, so that mistakes can be written."""
    values = {key: f'"{value}"' for key, value in (ITEM if kind == "item" else {}).items()} | changed
    return f"[[{kind}]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if key not in without)


def made(**changed):
    return part(**{key: f'"{value}"' for key, value in MADE.items()} | changed)


@pytest.fixture
def folder(tmp_path):
    """A folder with a photo and a clip, and no sheet yet."""
    place = tmp_path / "pictures"
    place.mkdir()
    noise = np.random.default_rng(5).integers(0, 256, (6, 8, 3), np.uint8)
    photo = Image.fromarray(noise).resize((120, 90))
    photo.save(place / "harbour.jpg")
    frames = [np.asarray(photo.rotate(n)) for n in range(30)]
    (place / "boats.mp4").write_bytes(encode_clip(frames, 12))
    return place


def problems(folder, text):
    (folder / "pictures.toml").write_text(text, encoding="utf-8", newline="\n")
    with pytest.raises(media.MediaError) as caught:
        media.own_pictures(folder)
    return str(caught.value).splitlines()


def told(folder, text):
    (problem,) = problems(folder, text)
    return problem.removeprefix("pictures.toml, ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"origin": '"kamera"'}, "line 4: origin is “kamera”; write camera or generated."),
        ({"origin": '"TODO: x"'}, "line 4: origin is still to be written: write camera or generated."),
        ({"purpose": '"laboratory"'}, "line 10: purpose is “laboratory”; write parity or exhibit."),
        (
            {"id": '"Harbour 2"'},
            "line 2: id is “Harbour 2”; write small letters a to z and hyphens, such as harbour-morning.",
        ),
        ({"id": '"giraffe"'}, "line 2: the id “giraffe” belongs to a picture of the course; choose another."),
        ({"id": '"real-harbour"'}, "line 2: id says “real”, which gives the origin away; name what is seen."),
        ({"id": "7"}, 'line 2: id must be text in quotation marks, as in id = "...".'),
        (
            {"alt": '"A harbour."'},
            "line 6: alt has 10 letters; say what is seen in one or two sentences, 20 to 300 letters.",
        ),
        (
            {"alt": '"A harbour, no fake, seen by a camera."'},
            "line 6: alt says “fake” and “camera”, which gives the origin away; say only what is seen.",
        ),
        ({"author": '""'}, "line 7: author is empty; write who made it."),
        ({"generator": '"Kling 9"'}, "line 10: a camera picture has no generator; take the line out."),
        ({"prompt": '"boats"'}, "line 10: a camera picture has no prompt; take the line out."),
        ({"crop": "[1, 2, 3]"}, FOUR),
        ({"crop": "[1, 2, 30.5, 30]"}, FOUR),
        ({"crop": "[-1, 2, 30, 30]"}, FOUR),
        (
            {"crop": "[0, 0, 40, 30]"},
            "line 10: crop is 40 x 30; the blind trial shows squares, so make width and height equal.",
        ),
        ({"crop": "[0, 0, 8, 8]"}, "line 10: crop is 8 x 8 pixels; make it at least 16 on each side."),
        ({"start": '"1"'}, "line 10: start must be a number of seconds, 0 or more, such as 1.5."),
        ({"start": "nan"}, "line 10: start must be a number of seconds, 0 or more, such as 1.5."),
        ({"start": "1"}, "line 10: start is for clips, and this is a still; take the line out."),
        ({"odd": '"true"'}, "line 10: odd must be true or false, without quotation marks."),
        ({"odd": "true"}, "line 10: odd needs odd_reason: say why what looks odd is not."),
        (
            {"odd": "false", "odd_reason": '"It is fog."'},
            "line 10: odd is false, but there is an odd_reason; take one of the two out.",
        ),
        ({"cues": '"the boat"'}, "line 10: each cue begins with [[item.cues]] on a line of its own."),
        ({"colour": '"blue"', "licens": '"x"'}, None),
    ],
)
def test_a_wrong_field_is_named_with_its_line(folder, changed, words):
    if words is None:
        found = problems(folder, part(**changed))
        assert found[0].startswith("pictures.toml, line 10: there is no field “colour”; known are id, file, origin,")
        assert found[1] == "pictures.toml, line 11: there is no field “licens”; did you mean licence?"
    else:
        assert told(folder, part(**changed)) == words


def test_all_problems_come_at_once_in_the_order_of_the_sheet(folder):
    text = part(without=("author", "licence"), origin='"kamera"') + "\n" + part(alt='"TODO"', known_from='" "')
    assert [line.split(":")[0] for line in problems(folder, text)] == [
        "pictures.toml, line 1",
        "pictures.toml, line 4",
        "pictures.toml, line 10",
        "pictures.toml, line 14",
        "pictures.toml, line 17",
    ]
    assert "lacks author and licence; write it below this line." in problems(folder, text)[0]
    assert "the id “harbour-morning” is taken already, in line 2; choose another." in problems(folder, text)[2]


def test_a_generated_item_says_with_what_and_when(folder):
    assert "of “harbour-morning” lacks generator and generated_on" in told(folder, part(origin='"generated"'))
    for date in ('"May 2026"', '"2026-13"', '"1999"', '"2026-05-32"'):
        assert told(folder, made(generated_on=date)) == (
            f"line 11: generated_on is “{date[1:-1]}”; write a year, a month or a day, such as 2026-05 or 2026-05-31."
        )
    assert told(folder, made(odd="true")) == "line 12: odd is for camera pictures that look odd; take the line out."
    assert told(folder, made(id='"kling-boats"')) == (
        "line 2: id says “kling”, which gives the origin away; name what is seen."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/passwd", "is not in this folder; copy it here and write its name alone."),
        ("../other.jpg", "is not in this folder; copy it here and write its name alone."),
        ("a/../../other.jpg", "is not in this folder; copy it here and write its name alone."),
        ("C:/Users/x.jpg", "is not in this folder; copy it here and write its name alone."),
        ("~/x.jpg", "is not in this folder; copy it here and write its name alone."),
        ("sub\\\\x.jpg", "has a backslash in its name; between folder and file write /."),
        ("habour.jpg", "did you mean “harbour.jpg”?"),
        ("zzz.png", "check its name, or copy it there."),
        ("sub", "is a folder; write the name of one file in it."),
        ("empty.jpg", "is empty; copy it again."),
        ("huge.mp4", "is 500 MB large; choose one of at most 500 MB."),
    ],
)
def test_a_file_that_cannot_be_taken(folder, name, words):
    (folder / "sub").mkdir()
    (folder / "empty.jpg").touch()
    with (folder / "huge.mp4").open("wb") as file:
        file.truncate(500_000_001)
    found = told(folder, part(file=f'"{name}"'))
    assert found.startswith("line 3: the file “") and found.endswith(words)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights or do not exist there")
def test_links_that_leave_the_folder_and_things_that_are_no_files(folder, tmp_path):
    shutil.move(folder / "harbour.jpg", tmp_path / "secret.jpg")
    (folder / "harbour.jpg").symlink_to(tmp_path / "secret.jpg")
    assert told(folder, part()) == (
        "line 3: the file “harbour.jpg” is a link that leaves this folder; copy the file itself here."
    )
    (folder / "away").symlink_to(tmp_path, target_is_directory=True)
    assert "leaves this folder" in told(folder, part(file='"away/secret.jpg"'))
    (folder / "loop").symlink_to(folder / "loop")
    assert "cannot be read" in told(folder, part(file='"loop"'))
    assert "cannot be read" in told(folder, part(file=f'"{"x" * 900}"'))
    os.mkfifo(folder / "pipe")
    assert "is not an ordinary file; copy a picture or a clip here." in told(folder, part(file='"pipe"'))
    (folder / "inside.jpg").symlink_to(folder / "boats.mp4")  # a link that stays inside is fine
    (folder / "pictures.toml").write_text(part(file='"inside.jpg"'), encoding="utf-8")
    assert media.own_pictures(folder)["harbour-morning"].member == "boats.mp4"


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("region = [0, 0, 1]", "region must be four shares of the picture from 0 to 1, [left, top, width, height]."),
        ("region = [0, 0, 2, 1]", "region must be four shares of the picture from 0 to 1, [left, top, width, height]."),
        ("region = [0.5, 0, 0.6, 1]", "region leaves the picture, or has no size."),
        ("region = [0, 0, 0, 1]", "region leaves the picture, or has no size."),
        ("region = [0, 0, 1, 1]\nframes = [1]", "frames must be two whole numbers, the first and the last frame."),
        ("region = [0, 0, 1, 1]\nframes = [2, 1]", "frames must rise and lie between 0 and 23."),
        ("region = [0, 0, 1, 1]\nframes = [0, 24]", "frames must rise and lie between 0 and 23."),
        (
            'region = [0, 0, 1, 1]\nfamily = "magic"',
            "family must be one of anatomy, style, function, physics, culture or time.",
        ),
        ('region = [0, 0, 1, 1]\nfamily = "time"', "reason must be a sentence: what is seen there."),
        ("place = 1", "there is no field “place”; known are region, frames, family and reason."),
    ],
)
def test_a_wrong_cue(folder, cue, words):
    assert told(folder, made(file='"boats.mp4"') + f"[[item.cues]]\n{cue}\n") == f"line 12: cue 1: {words}"


def test_a_still_has_no_frames(folder):
    cue = 'region = [0, 0, 1, 1]\nframes = [0, 3]\nfamily = "time"\nreason = "x"\n'
    assert told(folder, made() + f"[[item.cues]]\n{cue}") == "line 12: cue 1: a still has no frames; take them out."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "waves"', "line 23: the pair “waves” belongs to the course; choose another name."),
        ('generated = "boats-evning"', "line 25: there is no item “boats-evning”; did you mean “boats-evening”?"),
        ('generated = "zzzzzz"', "line 25: there is no item “zzzzzz”; write the id of an item."),
        ('generated = "harbour-morning"', "line 25: “harbour-morning” is a camera item; put it on the other side."),
        (
            'camera = "wave-breaking"',
            "line 22: “wave-breaking” is a clip and “boats-evening” a still; pair like with like.",
        ),
        ('colour = "x"', "line 26: there is no field “colour”; known are name, camera and generated."),
    ],
)
def test_a_wrong_pair(folder, text, words):
    pair = {"name": '"boats"', "camera": '"harbour-morning"', "generated": '"boats-evening"'}
    key, value = text.split(" = ")
    assert told(folder, part() + "\n" + made() + part("pair", **pair | {key: value})) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "a"', "line 12: the form “a” belongs to the course; choose another name."),
        *(
            (f'name = "{name}"', f"line 12: the form “{name}” belongs to the course; choose another name.")
            for name in ("b", "c", "a2", "b2", "c2")  # those that nobody new gets, too: records hold them
        ),
        ('name = "My form"', "line 12: name is “My form”; write small letters, numbers and hyphens, such as monday."),
        ('items = "harbour-morning"', 'line 14: items must be a list of ids, as in ["harbour-morning", "old-bridge"].'),
        ("items = [1]", 'line 14: items must be a list of ids, as in ["harbour-morning", "old-bridge"].'),
        ("items = []", "line 14: items is empty; name at least one item."),
        (
            'items = ["harbour-morning", "harbour-morning"]',
            "line 14: items names “harbour-morning” twice; once is enough.",
        ),
        ('items = ["harbour"]', "line 14: there is no item “harbour”; did you mean “harbour-morning”?"),
        ('items = ["giraffe"]', "line 14: “giraffe” is no parity item, and only those can be judged blind."),
        ('title = "TODO"', "line 13: title is still to be written: what your class reads above the trial."),
    ],
)
def test_a_wrong_form(folder, text, words):
    form = {"name": '"monday"', "title": '"Monday"', "items": '["harbour-morning"]'}
    key, value = text.split(" = ", 1)
    assert told(folder, part() + "\n" + part("form", **form | {key: value})) == words


def test_a_mistake_in_an_item_is_not_told_again_by_its_pair_and_form(folder):
    text = part(origin='"kamera"') + part("form", name='"x"', title='"X"', items='["harbour-morning"]')
    assert told(folder, text) == "line 4: origin is “kamera”; write camera or generated."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: there is no [[item]] yet; the command course media add FILE writes one."),
        ('id = "x"\n', "line 1: id stands before the first [[item]]; put it below one."),
        ("[item]\n", "line 1: write [[item]] with two square brackets on each side, once for each entry."),
        ("[[items]]\n", "line 1: “items” is not known here; did you mean [[item]]?"),
        ("zzz = 1\n", "line 1: “zzz” is not known here; write [[item]], [[pair]] or [[form]]."),
    ],
)
def test_a_wrong_part(folder, text, words):
    assert told(folder, text) == words


def test_kinds_are_told_from_the_first_bytes(folder):
    colours = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    for name, moving in (("a.gif", True), ("b.webp", True), ("c.png", True), ("d.gif", False), ("e.webp", False)):
        colours[0].save(folder / name, save_all=moving, append_images=colours[1:] if moving else [], duration=100)
    shutil.copy(folder / "boats.mp4", folder / "f.jpg")  # what the name says does not count
    (folder / "g.gif").write_bytes(b"GIF89a rubbish")
    text = "".join(
        part(id=f'"item-{name[0]}"', file=f'"{name}"')
        for name in sorted(path.name for path in folder.iterdir())
        if name[1] == "."
    )
    (folder / "pictures.toml").write_text(text, encoding="utf-8")
    kinds = {item.member: item.kind for item in media.own_pictures(folder).values()}
    assert kinds == {
        "a.gif": "clip", "b.webp": "clip", "c.png": "clip", "d.gif": "still", "e.webp": "still", "f.jpg": "clip",
        "g.gif": "still",
    }  # fmt: skip
