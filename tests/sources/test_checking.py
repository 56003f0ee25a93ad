from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from course import media, sources
from course.media.catalogue import data_folder
from course.sources import Web, problems


def pier(item: str, frame: int) -> NDArray[np.uint8]:
    return media.load(media.catalogue().where(kind="still")[0]).pixels


def test_the_web_of_the_course_is_whole() -> None:
    assert problems(sources.web(), media.catalogue()) == ()


def test_no_item_of_the_blind_trial_and_none_for_two_stories() -> None:
    pictures = sources.web().pictures
    forms = "".join(file.read_text(encoding="utf-8") for file in (data_folder() / "forms").glob("*.toml"))
    assert forms
    for name, one in pictures.items():
        assert f'"{one.item}"' not in forms, name
        assert "Seedance 2.5" not in str(media.catalogue()[one.item].generator), name
    told: dict[str, set[str]] = {}
    for file in sources.web().folder.glob("pictures-*.toml"):
        for table in tomllib.loads(file.read_text(encoding="utf-8")).values():
            told.setdefault(table["item"], set()).add(file.stem)
    assert len(told) > 10
    assert {item: stories for item, stories in told.items() if len(stories) > 1} == {}


def test_no_name_that_a_learner_sees_gives_a_story_away() -> None:
    web = sources.web()
    slugs = [url.split("/", 3)[3] for url in web.pages]
    assert len(slugs) > 100
    for name in [*slugs, *web.pictures]:
        assert not re.match(r"[a-f]-", name), name  # the letter of a story
        assert not re.search(r"fake|copy|crop|lookalike|generated|misdated|real", name), name


def test_the_small_web(small: Web) -> None:
    # the hostile page, and nothing else
    assert [problem for problem in problems(small, {"one", "two"}) if "fallen.md" not in problem] == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (
            "sites/north/pier.md",
            "south.example/fallen",
            "south.example/gone",
            "leads to south.example/gone, which is no page",
        ),
        ("sites/north/pier@1.md", "It stands no more.", "[x](/gone)", "(saved 12.05. 19:00)"),
        ("sites/north/pier.md", "https://south.example/fallen", "https://real.com/", "leads out of this web"),
        ("sites/north/pier.md", "{picture:pier}", "{picture:lost}", "no picture 'lost'"),
        ("sites/north/index.md", "(/pier)", "(/)", "north.example/pier: no page leads here."),
        ("sites/south/index.md", "kind =", 'taken_from = ["/x"]\nkind =', "as its source, and does not link to it"),
        ("sites/south/index.md", "https://north.example/", "/", "north.example: no other site leads here."),
        ("stories/a.toml", "− The pier has fallen.", "Nothing.", "“Nothing.” is not seen"),
        ("stories/a.toml", 'url = "https://south.example/fallen"', 'url = "https://south.example/x"', "is no page"),
        ("stories/a.toml", 'truth = "It stands."', "", "cannot be read"),
    ],
)
def test_each_fault_is_told(folder: Path, file: str, before: str, after: str, said: str) -> None:
    target = folder / file
    text = target.read_text(encoding="utf-8")
    assert before in text
    target.write_text(text.replace(before, after), encoding="utf-8")
    web = Web(folder, pier)
    assert any(said in problem for problem in problems(web, {"one", "two"}))


def test_a_picture_that_the_pack_lacks(small: Web) -> None:
    assert any("'two', which is not in the pack" in problem for problem in problems(small, {"one"}))


def test_a_site_without_front_page(folder: Path) -> None:
    (folder / "sites" / "south" / "index.md").unlink()
    assert any("there is no front page" in problem for problem in problems(Web(folder, pier)))
