"""What the shortcut scores is worked out from what is shown openly, quickly, and never in a learner's way."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PIL import Image

from course import judgement, media
from course.lessons import colour_and_movement as shortcut
from course.lessons.lesson import free_items
from course.media.catalogue import data_folder

CATALOGUE = media.catalogue(data_folder())
FORMS = [judgement.load_form(path) for path in sorted((data_folder() / "forms").glob("*.toml"))]


@pytest.fixture
def numbers(monkeypatch):
    """Made-up numbers for items: colour and movement by id."""
    made: dict[str, dict[str, float]] = {}
    real = shortcut._numbers
    monkeypatch.setattr(shortcut, "_numbers", lambda item, until: made.get(item.id) or real(item, until))
    return made


def four():
    camera = CATALOGUE.where(kind="clip", origin="camera", purpose="parity")[:2]
    generated = CATALOGUE.where(kind="clip", origin="generated", purpose="parity")[:2]
    return [*camera, *generated]


def test_a_planted_shortcut_scores_all_and_one_turned_round_nothing(numbers):
    for item in four():
        made = item.origin == "generated"
        numbers[item.id] = {"saturation": 0.9 if made else 0.05, "motion": 9.0 if made else 0.0}
    names = [item.id for item in four()]
    signal = shortcut.shortcut_score(four())
    assert (signal.hits, signal.misses, signal.false_alarms, signal.correct_rejections) == (2, 0, 0, 2)
    assert shortcut.sentence(names) == (
        "Whoever had judged by colour and movement alone would have got 4 of 4 right here."
    )
    for item in four():
        made = item.origin == "generated"
        numbers[item.id] = {"saturation": 0.05 if made else 0.9, "motion": 0.0 if made else 9.0}
    assert shortcut.shortcut_score(four()).accuracy == 0


@pytest.mark.parametrize("kind", ["clip", "still"])
def test_on_what_it_learned_from_the_rule_is_right_more_often_than_not(kind):
    """Or it would not be the shortcut that those items suggest."""
    items = free_items(kind=kind, purpose="parity")
    signal = shortcut.shortcut_score(items)
    assert (signal.hit_rate + signal.correct_rejections / signal.camera) / 2 > 0.5


def test_the_forms_do_not_reward_it():
    """Right for as many as a coin would be, or nearly: each form, 24 items."""
    for form in FORMS:
        signal = shortcut.shortcut_score([CATALOGUE[name] for name in form.items])
        low, high = signal.rate_interval("accuracy")
        assert low <= 0.5 <= high, (form.name, signal)
        right = signal.hits + signal.correct_rejections
        assert f"got {right} of {len(form.items)} right here." in shortcut.sentence(form.items)


def test_what_is_written_down_is_what_is_measured(monkeypatch):
    written = json.loads((data_folder() / "forms" / "choosing" / "statistics.json").read_text(encoding="utf-8"))
    parity = CATALOGUE.where(purpose="parity")
    assert {item.id for item in parity} <= set(written)
    monkeypatch.setattr(shortcut, "_written", dict)
    for item in parity[::9]:
        measured = shortcut._numbers(item, float("inf"))
        assert set(measured) == set(shortcut.NUMBERS[item.kind])
        assert measured == pytest.approx({name: written[item.id][name] for name in measured}, rel=0.02, abs=1e-3)


def test_without_what_is_written_down_all_is_measured_and_said_the_same(monkeypatch):
    names = FORMS[0].items
    before = shortcut.sentence(names)
    shortcut._learned.cache_clear()
    monkeypatch.setattr(shortcut, "_written", dict)
    assert shortcut.sentence(names) == before != ""
    shortcut._learned.cache_clear()


@pytest.mark.parametrize("content", ["", "[]", '{"daffodil": 3}', '{"daffodil": {"motion": "fast"}}', "\0"])
def test_a_damaged_list_is_passed_over(content, monkeypatch, tmp_path):
    (tmp_path / "forms" / "choosing").mkdir(parents=True)
    (tmp_path / "forms" / "choosing" / "statistics.json").write_text(content, encoding="utf-8")
    monkeypatch.setattr(shortcut, "data_folder", lambda: tmp_path)
    shortcut._written.cache_clear()
    try:
        assert shortcut._written() == {}
    finally:
        monkeypatch.undo()
        shortcut._written.cache_clear()


# where nothing can be said


def test_one_origin_an_unknown_name_and_a_file_that_is_gone_say_nothing(monkeypatch):
    camera = [item.id for item in four() if item.origin == "camera"]
    assert shortcut.sentence(camera) == ""
    assert shortcut.sentence([*(item.id for item in four()), "nowhere"]) == ""

    def gone(item, until):
        raise media.MediaError("The file is gone.")

    monkeypatch.setattr(shortcut, "_numbers", gone)
    shortcut._learned.cache_clear()
    assert shortcut.sentence([item.id for item in four()]) == ""


# a teacher's own


def own(folder, monkeypatch, colours):
    """Stills of one colour each, named by letters; the second half counts as generated."""
    sheet = []
    for number, colour in enumerate(colours):
        name = f"patch-{'abcdef'[number]}"
        Image.new("RGB", (120, 90), colour).save(folder / f"{name}.png")
        made = number >= len(colours) / 2
        sheet.append(
            f'[[item]]\nid = "{name}"\nfile = "{name}.png"\norigin = "{"generated" if made else "camera"}"\n'
            'subject = "patch"\nalt = "A patch of one single colour and nothing else."\nauthor = "A. Teacher"\n'
            'licence = "CC0-1.0"\nknown_from = "I was there."\n'
            + ('generator = "A program"\ngenerated_on = "2026"\n' if made else "")
        )
    (folder / "pictures.toml").write_text("\n".join(sheet), encoding="utf-8")
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(folder))
    return media.own_forms()["own"].items


def test_a_teacher_s_own_stills_are_measured_and_judged_by_colour(tmp_path, monkeypatch):
    names = own(tmp_path, monkeypatch, ["grey", "silver", "red", "lime"])
    assert shortcut.sentence(names) == "Whoever had judged by colour alone would have got 4 of 4 right here."


def test_what_takes_too_long_is_left_out_and_said_the_next_time(tmp_path, monkeypatch):
    names = own(tmp_path, monkeypatch, ["grey", "navy", "red", "teal"])
    assert shortcut.sentence(names, seconds=-1) == ""
    assert "of 4 right here" in shortcut.sentence(names)
    assert "of 4 right here" in shortcut.sentence(names, seconds=-1)


def test_another_crop_of_the_same_file_is_measured_anew():
    item = CATALOGUE.where(kind="still", purpose="parity")[0]
    one = media.OwnItem(**{**vars(item), "registry": "own"}, crop=(0, 0, 50, 50))
    shortcut._measured[item.sha256, "(0, 0, 50, 50) 0.0"] = {"saturation": 0.5}
    shortcut._measured[item.sha256, "None 0.0"] = {"saturation": 0.1}
    assert shortcut._numbers(one, 0.0) == {"saturation": 0.5}
    assert shortcut._numbers(replace(one, crop=None), 0.0) == {"saturation": 0.1}
