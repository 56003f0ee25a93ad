from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from course import sources
from course.sources import ACTS, PathStep, SourcesError, Web, seen, stories, walk
from course.sources.stories import TRUTHS

REAL = sources.web()


def test_six_stories_one_of_each_kind() -> None:
    assert sorted(story.kind for story in stories(REAL).values()) == sorted(TRUTHS)


@pytest.mark.parametrize("name", sorted(stories(REAL)))
def test_each_path_leads_to_firm_ground(name: str) -> None:
    story = stories(REAL)[name]
    assert walk(REAL, story) == ()
    assert REAL.open(story.start).found
    assert story.traps and story.claim and story.truth


def test_experts_act_on_what_is_there_and_differ() -> None:
    differing = 0
    for story in stories(REAL).values():
        assert story.experts
        ways = set()
        for expert in story.experts:
            ways.add(tuple((step.act, step.what) for step in expert.steps))
            for step in expert.steps:
                assert step.seconds > 0
                if step.act != "search":
                    assert seen(REAL, step.act, step.what), (story.id, step)
        differing += len(ways) >= 2
    assert differing >= 2


def test_the_small_story(small: Web) -> None:
    (story,) = stories(small).values()
    assert walk(small, story) == ()
    wrong = replace(
        story, path=(PathStep("open", "north.example", "no such words"), PathStep("find_image", "none", "x"))
    )
    assert len(walk(small, wrong)) == 2


def test_an_empty_wish_or_an_echo_is_not_found(small: Web) -> None:
    (story,) = stories(small).values()
    for step in (PathStep("open", "north.example", " "), PathStep("open", "gone.example", "gone.example")):
        assert len(walk(small, replace(story, path=(step,)))) == 1


@pytest.mark.parametrize("act", ACTS)
def test_each_act_shows_something_and_bears_nonsense(small: Web, act: str) -> None:
    what = {"search": "pier", "find_image": "pier", "diff": "north.example/pier", "links": "south.example/fallen"}
    assert seen(small, act, what.get(act, "north.example/pier"))
    if act != "find_image":
        for nonsense in ("", "javascript:alert(1)", "../..", "x" * 10_000):
            assert isinstance(seen(small, act, nonsense), str)


def test_an_unknown_act(small: Web) -> None:
    with pytest.raises(ValueError, match="a step is one of"):
        seen(small, "hack", "north.example")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "false"', 'kind = "odd"', "its kind is one of"),
        ('do = "diff"', 'do = "fly"', "a step is one of"),
        ('odds = "none"', 'odds = "3"', "odds are one of"),
        ('truth = "It stands."', "", "'truth' is missing"),
        ("[claim]", "[claim", "a.toml"),
    ],
)
def test_a_malformed_story_is_a_sentence(folder: Path, before: str, after: str, said: str) -> None:
    file = folder / "stories" / "a.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(SourcesError, match=r"a\.toml") as caught:
        stories(Web(folder, lambda item, frame: None))
    assert said in str(caught.value)


def test_a_path_of_six_steps_is_too_long(folder: Path) -> None:
    file = folder / "stories" / "a.toml"
    step = '[[path]]\ndo = "open"\nwhat = "north.example"\nfinds = "The North"\n\n'
    file.write_text(file.read_text(encoding="utf-8") + "\n" + 3 * step, encoding="utf-8")
    with pytest.raises(SourcesError, match="one to 5 steps"):
        stories(Web(folder, lambda item, frame: None))
