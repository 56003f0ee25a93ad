"""Nothing in the web knows the future; and if something did, it would be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import sources
from course.sources import Web, problems
from course.sources.chronology import anachronisms, passages


def test_the_web_of_the_course_knows_no_future() -> None:
    web = sources.web()
    assert anachronisms(web) == []
    posts = [part for url in web.pages for part in passages(web.written(url)[-1]) if part.began != web.pages[url].date]
    assert len(posts) > 60  # the comments are looked at, each at its own time


def test_the_small_web_knows_none(small: Web) -> None:
    assert anachronisms(small) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("north/pier.md", "### A reader, Y-05-13 10:55", "### A reader, Y-05-12 19:55", "2026-05-12 19:55:00 links to"),
        ("north/pier.md", "It stands.\n", "It stands, [they say](https://south.example/fallen).\n", "which began on"),
        ("north/pier.md", "It stands.\n", "It fell on {date:Y-05-14}.\n", "speaks of 14 May 2026"),
        ("north/about.md", "Founded in {Y-88}.", "Since {Y-88}; prize of {Y-4}.", "speaks of 2022"),
        ("north/about.md", "We write since", "See South. We write since", "names South"),
        ("north/about.md", "Y-88-03-01", "Y-120-03-01", "older than its domain"),
        ("north/pier.md", "Y-05-13 09:00", "Y-05-12 09:00", "updated before it was written"),
        ("north/pier@1.md", "Y-05-12 19:00", "Y-05-12 17:00", "saved it before it was written"),
        ("north/pier@1.md", "Y-05-12 19:00", "Y-05-13 19:00", "the two should be the same"),
        ("north/pier@1.md", "Y-05-12 18:20", "Y-05-12 18:10", "has another date than the page"),
        ("north/pier@1.md", "no more.", "no more.\n\n### Ada, Y-05-12 20:00\nYes.", "before its post of"),
        ("north/pier.md", "I saw the", "I saw\n\n### Another, Y-05-13 09:30\nthe", "stands below one of"),
    ],
)
def test_each_fault_in_time_is_told(folder: Path, file: str, before: str, after: str, said: str) -> None:
    target = folder / "sites" / file
    text = target.read_text(encoding="utf-8")
    assert before in text
    target.write_text(text.replace(before, after), encoding="utf-8")
    web = Web(folder, lambda item, frame: None)
    assert any(said in problem for problem in anachronisms(web)), anachronisms(web)
    assert {*anachronisms(web)} <= {*problems(web, {})}


@pytest.mark.parametrize("plan", ["Closed until {date:Y-05-14}.", "From noon to {date:Y-05-14}.", "On {date:Y-05-20}."])
def test_a_plan_is_no_knowledge_of_the_future(folder: Path, plan: str) -> None:
    target = folder / "sites" / "north" / "pier.md"
    target.write_text(target.read_text(encoding="utf-8").replace("It stands.\n", f"{plan}\n"), encoding="utf-8")
    assert anachronisms(Web(folder, lambda item, frame: None)) == []
