from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import sources
from course.sources import Web
from course.sources.search_index import SearchIndex

HOSTILE = [
    "",
    " ",
    '"',
    '""',
    "'",
    "\\",
    "*",
    "pier*",
    "NEAR(",
    "pier NEAR/2 sea",
    "title:pier",
    "a AND",
    "OR",
    "NOT pier",
    "(pier",
    "pier)",
    "^pier",
    "-pier",
    "{title body}: pier",
    "🐋",
    "🏴‍☠️ pier",
    "\x00",
    "pier\x00sea",
    "\ud83d",
    "'; DROP TABLE pages; --",
    "site:",
    "site:north",
    "site:../etc",
    'site:"',
    "pier " * 2_000,
    "x" * 10_000,
    '"' * 10_000,
    "é" * 10_000,
    "\u202epier",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_an_error(small: Web, query: str) -> None:
    for result in small.search(query):
        assert result.url in small.pages


@settings(deadline=None)
@given(query=st.text())
def test_anything_may_be_asked(small: Web, query: str) -> None:
    small.search(query)


def test_title_weighs_most_and_words_bend(small: Web) -> None:
    assert small.search("stands")[0].url == "https://north.example/pier"
    assert {result.url for result in small.search("standing cafe")} >= {
        "https://north.example/pier",
        "https://south.example/fallen",
    }


def test_marks_are_the_words_looked_for(small: Web) -> None:
    for query, word in (("engineer", "engineer"), ("deck", "Deck")):
        (result,) = small.search(query)
        assert [result.snippet[a:b] for a, b in result.marks] == [word]


def test_sponsored_on_top_and_marked(small: Web) -> None:
    results = small.search("collapse of a pier")
    assert [result.sponsored for result in results][:2] == [True, False]
    assert results[0].url == "https://south.example/fallen"
    assert not any(result.sponsored for result in small.search("pier"))


def test_a_hidden_date_is_not_told(small: Web) -> None:
    dates = {result.url: result.date for result in small.search("pier fallen stands", limit=20)}
    assert dates["https://south.example/fallen"] is None
    assert dates["https://north.example/pier"].year == 2026


def test_phrase_site_and_limit(small: Web) -> None:
    assert [result.url for result in small.search('"sources say"')] == ["https://south.example/fallen"]
    assert {result.site for result in small.search("site:north pier")} == {"The North & Sons"}
    assert len(small.search("pier", limit=1)) == 1
    assert small.search("pier", limit=0) == small.search("zzzz") == ()


def median(act: object, times: int) -> float:
    seconds = []
    for number in range(times):
        begin = time.perf_counter()
        act(number)
        seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[times // 2]


QUERIES = [
    "port ellery library flooded this morning",
    "ferry",
    "site:plumbline",
    "detector 99.7",
    '"lumen integrity"',
    "the of",
]


def test_search_is_quick_and_stays_so() -> None:
    web = sources.web()
    assert median(lambda n: web.search(QUERIES[n % len(QUERIES)]), 60) <= 0.030
    pages = [replace(page, url=f"{page.url}{n}") for page in web.pages.values() for n in range(10)]
    large = SearchIndex(pages)
    assert median(lambda n: large.search(QUERIES[n % len(QUERIES)]), 60) <= 0.050


def test_opening_is_quick() -> None:
    web = sources.web()
    urls = list(web.pages)
    assert median(lambda n: web.open(urls[n % len(urls)]), 200) <= 0.030
    assert median(lambda n: web.reader(urls[n % len(urls)]), 40) <= 0.030
