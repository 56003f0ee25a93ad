from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import sources
from course.sources import SourcesError, Web
from course.sources.rendering import ink

TRICKS = [
    "north.example/../south.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "north.example/%2e%2e",
    "https://real.com/",
    "//north.example/pier",
    "north.example/pier@1",
    "",
    "\x00",
    "x" * 10_000,
    "\ud83d",
    "/pier",
]


@pytest.mark.parametrize("typed", TRICKS)
def test_no_such_page(small: Web, typed: str) -> None:
    page = small.open(typed)
    assert not page.found and page.site is None and page.title == "No such page"
    assert len(page.html) < 5_000
    assert small.archive(typed) == small.links_to(typed) == ()
    assert small.page_info(typed) is small.registration(typed) is None
    assert small.reader(typed) == page


@given(typed=st.text(max_size=80))
def test_anything_may_be_typed(small: Web, typed: str) -> None:
    assert not small.open(typed).found or small.open(typed).url in small.pages


def test_a_page(small: Web) -> None:
    page = small.open(" HTTP://www.north.example/pier/?from=feed ")
    assert (page.url, page.title, page.author) == ("https://north.example/pier", "The pier stands", "Ada Reed")
    assert page.date == datetime(2026, 5, 12, 18, 20) and page.updated == datetime(2026, 5, 13, 9)
    assert [link.url for link in page.links] == ["https://south.example/fallen"]
    assert page.pictures == ("pier",)
    assert "Deck | sound" in page.text and "12 May 2026" in page.text


def test_registration_by_any_name(small: Web) -> None:
    one = small.registration("south")
    assert one == small.registration("https://south.example/fallen") == small.registration("SOUTH.example")
    assert "9 days ago" in one.text and "Privacy proxy" in one.text
    assert "88 years ago" in small.registration("north").text
    assert small.registration("nobody") is None


def test_archive_oldest_first_and_last_the_page_itself(small: Web) -> None:
    old, new = small.archive("north.example/pier")
    assert (old.live, new.live) == (False, True)
    assert old.saved == datetime(2026, 5, 12, 19) < new.saved
    assert new.page == small.open("north.example/pier")
    assert len(small.archive("south.example")) == 1


def test_who_links_here(small: Web) -> None:
    assert [page.url for page in small.links_to("south.example/fallen")] == [
        "https://north.example/pier",
        "https://south.example/",
    ]


def test_page_info_has_the_date_that_the_page_hides(small: Web) -> None:
    info = small.page_info("south.example/fallen")
    assert not info.date_shown and info.published == datetime(2026, 5, 13, 10)
    assert "Published: 13 May 2026, 10:00" in info.text and "not shown" in info.text
    assert (info.links_in, info.pictures, info.credential) == (2, ("pier-cut",), "none")
    assert small.page_info("north.example/pier").copies == (datetime(2026, 5, 12, 19),)


def test_reader_mode_makes_sites_alike(small: Web) -> None:
    plain = {url: small.reader(url) for url in ("north.example/pier", "south.example/fallen")}
    styles = {
        page.html.split("<style>")[1].split("</style>")[0].replace(ink(page.site.accent), "") for page in plain.values()
    }
    assert len(styles) == 1
    assert plain["north.example/pier"].text == small.open("north.example/pier").text


def test_reverse_image_search(small: Web) -> None:
    matches = small.find_image("pier-cut")
    assert [match.picture for match in matches] == ["pier-cut", "pier"]
    assert matches[1].pages == ("https://north.example/pier",)
    assert matches[1].first_seen == datetime(2026, 5, 12, 18, 20)
    # the hill is in the web's list, and no page shows it
    assert small.find_image("hill") == ()
    assert small.find_image(np.zeros((40, 40, 3), np.uint8)) == ()
    with pytest.raises(KeyError):
        small.find_image("no-such-picture")
    with pytest.raises(ValueError):
        small.find_image(np.zeros((40, 40)))


def test_pixels_are_cut_and_saved(small: Web) -> None:
    whole, cut = small.pixels("pier"), small.pixels("pier-cut")
    assert whole.shape == (280, 360, 3) and cut.shape == (224, 252, 3) and cut.dtype == np.uint8
    assert np.abs(cut.astype(int) - whole[28:252, 72:324]).mean() > 0
    assert not np.array_equal(small.pixels("hill"), whole)


def test_the_web_of_the_course() -> None:
    web = sources.web()
    assert sources.web() is web
    assert len(web.sites) >= 20 and len(web.pages) >= 60
    assert {site.kind for site in web.sites.values()} == set(sources.KINDS)


def test_copies_of_one_picture_are_connected() -> None:
    """And pictures of different items are not."""
    web = sources.web()
    shown = {name for page in web.pages.values() for name in page.pictures}
    for name in sorted(shown):
        one = web.pictures[name]
        found = {match.picture for match in web.find_image(name)}
        assert name in found
        assert {web.pictures[other].item for other in found} == {one.item}, name


def test_no_web_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="git restore data/web"):
        sources.web(tmp_path)
    (tmp_path / "web.toml").write_text("today = 2026-05-14\n", encoding="utf-8")
    with pytest.raises(SourcesError, match="no pages"):
        sources.web(tmp_path)


def test_a_frame_that_a_clip_has_not_is_a_sentence(folder: Path) -> None:
    from course.sources.web import _frame

    assert _frame("snow-fox", 23).ndim == 3
    with pytest.raises(sources.SourcesError, match="asks for frame 24 of 'snow-fox', and the last one is 23"):
        _frame("snow-fox", 24)
