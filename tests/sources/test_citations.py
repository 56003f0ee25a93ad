"""Who points to whom on the pages of a trail."""

from __future__ import annotations

import pytest

from course import sources

CIRCLE = ("dailyfizz.example/canal-giant", "openpedia.example/port-ellery-canal", "lighthousewiki.example/things-seen")


@pytest.fixture(scope="module")
def web():
    return sources.web()


def _opened(*pages):
    return [sources.Step("open", f"https://{page}", 10) for page in pages]


def test_the_planted_circle_is_found_in_the_order_one_would_click(web):
    found = sources.citations(web, _opened(*CIRCLE))
    assert found.circles == (("dailyfizz.example", "openpedia.example", "lighthousewiki.example"),)
    assert sources.citations(web, _opened(*CIRCLE[1:], CIRCLE[0])).circles[0][0] == "openpedia.example"


def test_honest_pages_that_link_to_each_other_are_no_circle(web):
    pages = ("tarn-university.example/detector-test", "oskarpell.example/raw-table")
    found = sources.citations(web, _opened(*pages))
    there, back = (tuple(page.split("/")[0] for page in way) for way in (pages, pages[::-1]))
    assert {there, back} <= set(found.arrows) and found.circles == ()
    assert found.taken == (there,)  # the test has its counts from the table, and not the other way round


def test_the_circles_of_the_whole_web_are_those_that_the_stories_plant(web):
    found = sources.citations(web, [sources.Step("open", url, 1) for url in web.pages])
    planted = {tuple(page.split("/")[0] for page in CIRCLE), ("veriglow.example", "institute-for-visual-truth.example")}
    assert {frozenset(circle) for circle in found.circles} == {frozenset(circle) for circle in planted}
    assert set(found.taken) <= set(found.arrows) and len(found.taken) > 12


@pytest.mark.parametrize("missing", range(3))
def test_a_circle_that_was_not_walked_whole_is_none(web, missing):
    pages = [page for number, page in enumerate(CIRCLE) if number != missing]
    found = sources.citations(web, _opened(*pages))
    assert found.circles == ()
    assert CIRCLE[missing].split("/")[0] in found.unread


def test_what_is_no_page_and_what_is_no_reading_points_nowhere(web):
    steps = [
        sources.Step("search", "https://dailyfizz.example/canal-giant", 1),
        sources.Step("registration", "dailyfizz.example", 1),
        sources.Step("find_image", "looptube-giant", 1),
        *_opened("dailyfizz.example/no-such-page"),
    ]
    assert sources.citations(web, steps) == sources.Citations((), (), ())
    assert sources.citations(web, []).sites == ()


def test_a_look_into_the_archive_counts_as_reading_the_page(web):
    page = f"https://{CIRCLE[0]}"
    assert sources.citations(web, [sources.Step("archive", page, 1)]) == sources.citations(web, _opened(CIRCLE[0]))


def test_every_arrow_of_the_whole_web_is_a_link_of_a_page(web):
    found = sources.citations(web, [sources.Step("open", url, 1) for url in web.pages])
    links = {
        (sources.domain_of(url), sources.domain_of(link.url)) for url, page in web.pages.items() for link in page.links
    }
    assert set(found.arrows) == {link for link in links if None not in link and link[0] != link[1]}
    assert set(found.read) == set(web.sites)
