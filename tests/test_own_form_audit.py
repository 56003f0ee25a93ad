"""A teacher's own form is asked what it measures, and can be used whatever the answer."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from course import cli, form_audit, media, own_form_audit
from course.media.catalogue import data_folder

CATALOGUE = media.catalogue(data_folder())


def photograph(path: Path, seed: int, strength: float = 0.5) -> None:
    """A picture of soft patches that resembles no other; with 0 it is grey, with 1 in full colour."""
    chance = np.random.default_rng(seed)
    patches = cv2.resize(chance.integers(0, 256, (9, 9, 3), dtype=np.uint8), (420, 420), interpolation=cv2.INTER_CUBIC)
    grey = patches.mean(axis=2, keepdims=True)
    mixed = grey + strength * (patches - grey) + chance.normal(0, 4, patches.shape)
    Image.fromarray(mixed.clip(0, 255).astype(np.uint8)).save(path, quality=95)


def entered(folder: Path, name: str, origin: str, **more: str) -> None:
    """An entry of the sheet for a file that is there."""
    fields = {
        "id": name,
        "file": f"{name}.jpg",
        "origin": origin,
        "subject": "patches",
        "alt": "Soft patches of light and dark lie beside each other.",
        "author": "A. Teacher",
        "licence": "CC-BY-4.0",
        "known_from": "I drew it.",
        **more,
    }
    if origin == "generated":
        fields |= {"generator": "A program", "generated_on": "2026-05"}
    with (folder / "pictures.toml").open("a", encoding="utf-8") as sheet:
        sheet.write("[[item]]\n" + "".join(f'{key} = "{value}"\n' for key, value in fields.items()) + "\n")


def form(folder: Path, name: str, items: list[str]) -> None:
    with (folder / "pictures.toml").open("a", encoding="utf-8") as sheet:
        sheet.write(f'[[form]]\nname = "{name}"\ntitle = "A form"\nitems = {items!r}\n\n'.replace("'", '"'))


def drawn(folder: Path, camera: int, generated: int, colour: tuple[float, float] = (0.5, 0.5)) -> list[str]:
    """Pictures of both origins; `colour` is how strong it is in those of each."""
    names = []
    for origin, count, strength in (("camera", camera, colour[0]), ("generated", generated, colour[1])):
        for number in range(count):
            name = f"patch-{origin[0]}-{chr(97 + number)}"
            # Of each origin the same strengths around the one that is asked for.
            photograph(folder / f"{name}.jpg", len(names) + 1, strength * (0.6 + 0.8 * number / max(count - 1, 1)))
            entered(folder, name, origin)
            names.append(name)
    return names


@pytest.fixture(scope="session")
def seen() -> dict[str, form_audit.Look]:
    """What is taken down of the pictures of the course, once for all tests."""
    items = [*own_form_audit._shipped().values(), *own_form_audit._openly()]
    return own_form_audit._looks({item.id: item for item in items})


@pytest.fixture
def quick(seen, monkeypatch):
    """Look at the pictures of the course once only, and leave out the search for cuts, which has tests of its own."""
    monkeypatch.setattr(form_audit, "_cuts", lambda asked, known: {})
    look = own_form_audit._looks
    monkeypatch.setattr(
        own_form_audit,
        "_looks",
        lambda items: seen | look({name: item for name, item in items.items() if name not in seen}),
    )


@pytest.mark.usefixtures("quick")
def test_a_sound_form_is_passed(tmp_path):
    drawn(tmp_path, 12, 12)
    assert own_form_audit.remarks(tmp_path) == []


@pytest.mark.usefixtures("quick")
def test_a_form_that_colour_alone_passes_is_named_with_the_number_and_the_detector(tmp_path):
    drawn(tmp_path, 12, 12, colour=(0.15, 0.9))
    found = own_form_audit.remarks(tmp_path)
    assert (
        "Form own: saturation is higher in the generated stills than in those from a camera (AUC 1.00), so whoever "
        "goes by that alone does well; exchange some." in found
    )
    assert all(one.startswith("Form own: ") for one in found)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("camera", "generated", "begins"),
    [
        (5, 4, "Form own is small: 5 camera and 4 generated items."),
        (12, 11, "Form own is small: 12 camera and 11 generated items."),
        (3, 0, "Form own has no generated item,"),
        (0, 3, "Form own has no camera item,"),
    ],
)
def test_a_small_form_and_one_of_a_single_origin_are_told_so(tmp_path, camera, generated, begins):
    drawn(tmp_path, camera, generated)
    (only,) = own_form_audit.remarks(tmp_path)
    assert only.startswith(begins)


@pytest.mark.usefixtures("quick")
def test_items_of_the_course_and_copies_of_them_are_named(tmp_path):
    forms = form_audit.load_forms()
    (taken, copied), name = [one for one in forms[0].items if CATALOGUE[one].kind == "still"][:2], forms[0].name
    openly = "daffodil-pair" if "daffodil-pair" in {item.id for item in own_form_audit._openly()} else None
    openly = openly or own_form_audit._openly()[0].id
    Image.open(CATALOGUE[copied].path).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "found.jpg")
    entered(tmp_path, "found", CATALOGUE[copied].origin)
    form(tmp_path, "monday", ["found", taken, openly])
    found = own_form_audit.remarks(tmp_path)
    assert f"“{taken}” of form monday is also in form {name}: whoever met it there knows it." in found
    assert f"“{openly}” of form monday is also in the lessons: whoever met it there knows it." in found
    (copy,) = [one for one in found if one.startswith("“found”")]
    assert copy.startswith(f"“found” of form monday shows the same as “{copied}” (form {name}): ")
    assert copy.endswith(" of 64 bits apart, mirrored.")


@pytest.mark.usefixtures("quick")
def test_two_forms_of_one_folder_that_share_an_item_are_told_so(tmp_path):
    names = drawn(tmp_path, 2, 2)
    form(tmp_path, "before", names)
    form(tmp_path, "after", names[:1] + names[2:3])
    found = own_form_audit.remarks(tmp_path)
    assert "“patch-c-a” of form before is also in form after: whoever met it there knows it." in found
    assert len([one for one in found if "patch-" in one]) == 2


@pytest.mark.usefixtures("quick")
def test_two_pieces_of_one_file_are_one_scene(tmp_path):
    drawn(tmp_path, 2, 2)
    entered(tmp_path, "patch-again", "camera", file="patch-c-a.jpg")
    found = [one for one in own_form_audit.remarks(tmp_path) if "scene" in one]
    assert found == [
        f"“patch-again” of form own is of one scene with “patch-c-a” (form own): {tmp_path.name}: patch-c-a.jpg."
    ]


def test_the_smallest_side_is_the_first_of_equal_sides_at_which_three_in_four_is_no_coin():
    from course.judgement import SignalDetection

    def low(side: int) -> float:
        right = side * 3 // 4
        return SignalDetection(right, side - right, side - right, right).interval().low

    assert next(side for side in (4, 8, 12, 16) if low(side) > 0) == own_form_audit.SMALLEST_SIDE


# the command


@pytest.mark.usefixtures("quick")
def test_the_command_says_it_and_does_not_fail(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LOOK_TWICE_PICTURES", "")
    drawn(tmp_path, 2, 2)
    assert cli.main(["media", "check", "--folder", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Looking at 4 pictures in")
    assert any(one.startswith("Form own is small: 2 camera and 2 generated items.") for one in said)
    assert said[-1] == "You can use them as they are."
    assert media.own_forms(tmp_path)["own"].items  # and so one can


def test_the_command_asks_for_a_folder_and_stops_at_a_sheet_that_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LOOK_TWICE_PICTURES", "")
    assert cli.main(["media", "check"]) == 1
    assert "course media check --folder FOLDER" in capsys.readouterr().err
    (tmp_path / "pictures.toml").write_text("[[item]]\nid = x\n", encoding="utf-8")
    assert cli.main(["media", "check", "--folder", str(tmp_path)]) == 1
    assert "pictures.toml, line 2" in capsys.readouterr().out
