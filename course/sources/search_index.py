"""Search: the full-text index of SQLite (FTS5), ranked by BM25."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable

from course.sources.address import domain_of
from course.sources.errors import SourcesError
from course.sources.model import Page, SearchResult

LONGEST_QUERY = 400
"""Characters of a query that are looked at; what follows is left out, as search engines do."""

MOST_WORDS = 24

_TERM = re.compile(r'"([^"]*)"|site:([^\s"]+)|([^\s"]+)', re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ON, _OFF = "\x02", "\x03"
# A word in the title says more of what a page is about than one in the text.
_WEIGHTS = "8.0, 3.0, 1.0, 2.0"


class SearchIndex:
    """An index of pages, in memory.

    Parameters
    ----------
    pages : iterable of Page

    Raises
    ------
    SourcesError
        If this Python's SQLite was built without full-text search.

    References
    ----------
    Robertson, S. and Zaragoza, H. (2009). The probabilistic relevance framework: BM25 and beyond. Foundations and
    Trends in Information Retrieval 3, 333-389.

    Examples
    --------
    >>> page = Page("https://a.example/", "Tide table", None, "table", None, None, "", "High water at noon.", "", "")
    >>> index = SearchIndex([page])
    >>> [(result.title, result.snippet, result.marks) for result in index.search("high tides")]
    [('Tide table', 'High water at noon.', ((0, 4),))]
    >>> index.search("🐋 AND (")
    ()
    """

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = tuple(pages)
        self._gate = threading.Lock()
        # A lab may ask from another thread than the one that began; the lock keeps them apart.
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            self._base.execute(
                "CREATE VIRTUAL TABLE pages USING fts5 "
                "(title, summary, body, site, tokenize = 'porter unicode61 remove_diacritics 2')"
            )
        except sqlite3.OperationalError as error:
            raise SourcesError(
                "This Python has no full-text search (SQLite with FTS5). Install Python from python.org or conda-forge."
            ) from error
        self._base.executemany(
            "INSERT INTO pages (rowid, title, summary, body, site) VALUES (?, ?, ?, ?, ?)",
            (
                (row, page.title, page.summary, page.text, f"{page.site.name} {page.site.domain}" if page.site else "")
                for row, page in enumerate(self._pages, 1)
            ),
        )

    def search(self, query: str, limit: int = 10) -> tuple[SearchResult, ...]:
        """Find pages: those with all words first, then those with some.

        Parameters
        ----------
        query : str
            Words; “"two words"” in quotation marks stand beside each other; ``site:plumbline`` keeps to one site.
            Anything else, such as operators or emoji, has no meaning, and nothing is an error.
        limit : int
            How many results at most, sponsored ones not counted.

        Returns
        -------
        tuple of SearchResult
            Sponsored ones on top, at most two, and marked.
        """
        words, phrases, domain = _read(query)
        if not words and not phrases:
            return ()
        wanted = [f'"{term}"' for term in (*phrases, *words)]
        found: dict[int, tuple[str, str]] = {}
        for join in (" AND ", " OR ") if len(wanted) > 1 else (" AND ",):
            if len(found) >= limit:
                break
            for row, summary, body in self._ask(join.join(wanted), limit if domain is None else len(self._pages)):
                if domain is None or _domain(self._pages[row]) == domain:
                    found.setdefault(row, (summary, body))
        asked = set(words).union(*(phrase.split() for phrase in phrases))
        paid = [
            row
            for row, page in enumerate(self._pages)
            if domain in (None, _domain(page)) and any(_bought(words, asked) for words in page.sponsored)
        ][:2]
        results = [self._result(row, *found.get(row, (self._pages[row].summary, "")), True) for row in paid]
        results += [self._result(row, *texts, False) for row, texts in list(found.items())[: max(0, limit)]]
        return tuple(results)

    def _ask(self, match: str, limit: int) -> list[tuple[int, str, str]]:
        with self._gate:
            rows = self._base.execute(
                f"SELECT rowid - 1, highlight(pages, 1, '{_ON}', '{_OFF}'), "
                f"snippet(pages, 2, '{_ON}', '{_OFF}', '…', 28) "
                f"FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, {_WEIGHTS}), rowid LIMIT ?",
                (match, max(0, limit)),
            )
            return rows.fetchall()

    def _result(self, row: int, summary: str, body: str, sponsored: bool) -> SearchResult:
        page = self._pages[row]
        # The page's own sentence, unless the words looked for stand in its text alone.
        marked = body if _ON in body and (_ON not in summary or not summary) else summary or body
        snippet, marks = _unmarked(" ".join(marked.split()))
        site = page.site.name if page.site else ""
        date = None if page.hidden_date else page.updated or page.date
        return SearchResult(page.title, page.url, snippet, marks, site, sponsored, date)


def _read(query: str) -> tuple[list[str], list[str], str | None]:
    words: list[str] = []
    phrases: list[str] = []
    domain = None
    for quoted, site, plain in _TERM.findall(str(query)[:LONGEST_QUERY]):
        if site:
            domain = domain_of(site) or domain
        elif quoted:
            phrases += [phrase] if (phrase := " ".join(_WORD.findall(quoted.lower()))) else []
        else:
            words += _WORD.findall(plain.lower())
    return list(dict.fromkeys(words))[:MOST_WORDS], phrases[:4], domain


def _bought(words: str, asked: set[str]) -> bool:
    wanted = set(_WORD.findall(words.lower()))
    return bool(wanted) and wanted <= asked


def _domain(page: Page) -> str | None:
    return page.site.domain if page.site else None


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Take the marks out of a snippet, and say where they were."""
    text, marks, start = "", [], 0
    for character in marked:
        if character == _ON:
            start = len(text)
        elif character == _OFF:
            marks.append((start, len(text)))
        else:
            text += character
    return text, tuple(marks)
